//! The rules that good questions keep: what a linter can find, not what makes a key right.
//!
//! A rule looks at a [`Question`] and says where it is broken, as a `Finding`;
//! where that stands in the file comes from the [`Fields`] the question was read
//! from. Rules of one kind share a file; a new rule is a function there, a line
//! in [`super::code`] and a fixture. Rules about all questions together are in
//! [`bank`], the guesser that learns in `guesser`.

pub mod bank;
mod duplicates;
mod explanation;
mod guesser;
mod options;
mod parameters;
mod structure;
mod time;
mod tokens;
mod wording;

use super::code::Code;
use super::diagnostic::{Diagnostic, Origin};
use super::fields::Fields;
use crate::core::question::{Choice, Interaction, Question};

/// Words of the longest text that is looked at.
const LONGEST: usize = 1500;

/// Where in a question something was found.
#[derive(Clone, Copy, Debug)]
enum Place {
    Key(&'static str),
    /// The text of an option, by its number from 0.
    Option(usize),
    /// The rationale of an option.
    Why(usize),
    Wrong(usize),
    Reference(usize),
}

/// A broken rule.
struct Finding {
    code: Code,
    place: Place,
    message: String,
    help: &'static str,
}

fn finding(code: Code, place: Place, message: impl Into<String>, help: &'static str) -> Finding {
    Finding { code, place, message: message.into(), help }
}

/// All rules about one question; what it waives with a reason is left out and counted.
pub fn question(question: &Question, fields: &Fields, origin: Origin) -> (Vec<Diagnostic>, usize) {
    let mut findings = Vec::new();
    if let Some(long) = too_long(question) {
        let found = origin.diagnose(long.code, span(fields, long.place), long.message).help(long.help);
        return (vec![found], 0);
    }
    parameters::rules(question, fields, &mut findings);
    options::rules(question, &mut findings);
    wording::rules(question, &mut findings);
    explanation::rules(question, &mut findings);
    structure::rules(question, &mut findings);
    time::rules(question, &mut findings);
    let (waived, mut diagnostics) = waivers(fields, origin);
    let found = findings.len();
    findings.retain(|f| !waived.contains(&f.code) || f.code.severity() == super::code::Severity::Error);
    let left_out = found - findings.len();
    diagnostics
        .extend(findings.into_iter().map(|f| origin.diagnose(f.code, span(fields, f.place), f.message).help(f.help)));
    (diagnostics, left_out)
}

/// Returns the first text that is so long that other findings about it would be noise.
fn too_long(question: &Question) -> Option<Finding> {
    let texts = [("stem", &question.stem), ("lead_in", &question.lead_in), ("explanation", &question.explanation)];
    let (key, words) = texts
        .into_iter()
        .map(|(key, text)| (key, text.as_str().split_whitespace().count()))
        .find(|(_, words)| *words > LONGEST)?;
    let message = format!("`{key}` has {} words", crate::core::number::show(words as f64));
    Some(finding(Code::LongText, Place::Key(key), message, "say it in far fewer, or make several questions of it"))
}

/// The codes that a question waives, and what is wrong with how it does so.
fn waivers(fields: &Fields, origin: Origin) -> (Vec<Code>, Vec<Diagnostic>) {
    let mut codes = Vec::new();
    let mut problems = Vec::new();
    for (waiver, span) in fields.words("waive") {
        let (code, reason) = waiver.split_once(':').unwrap_or((waiver, ""));
        let code = Code::ALL.iter().find(|c| c.name() == code.trim());
        match code {
            Some(code) if !code.name().starts_with('L') => problems.push(
                origin
                    .diagnose(Code::Waiver, span.clone(), format!("{} cannot be waived", code.name()))
                    .help("only rules about single questions can: their codes begin with L"),
            ),
            Some(code) if reason.trim().len() >= 8 => codes.push(*code),
            Some(_) => problems.push(
                origin
                    .diagnose(Code::Waiver, span.clone(), format!("{waiver:?} waives a rule without a reason"))
                    .help("write it as \"L07: proper noun of the protocol\""),
            ),
            None => problems.push(
                origin
                    .diagnose(Code::Waiver, span.clone(), format!("{waiver:?} names no rule"))
                    .help("a waiver begins with a code such as L07; `aethos check --explain L07` says what it means"),
            ),
        }
    }
    (codes, problems)
}

fn span(fields: &Fields, place: Place) -> std::ops::Range<usize> {
    let of = |table: &str, i: usize, key: &str| {
        fields.tables(table).get(i).map_or_else(|| fields.span.clone(), |table| table.span_of(key))
    };
    match place {
        Place::Key(key) => fields.span_of(key),
        Place::Option(i) => of("option", i, "text"),
        Place::Why(i) => of("option", i, "why"),
        Place::Wrong(i) => fields.tables("answer").first().map_or_else(
            || fields.span.clone(),
            |answer| {
                answer.tables("wrong").get(i).map_or_else(|| answer.span.clone(), |wrong| wrong.span_of("formula"))
            },
        ),
        Place::Reference(i) => of("reference", i, "title"),
    }
}

/// The options of a single or multiple question; none of any other.
fn choices(question: &Question) -> &[Choice] {
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => options,
        _ => &[],
    }
}

/// The options of a single question with the number of its key.
fn single(question: &Question) -> Option<(&[Choice], usize)> {
    let Interaction::Single(options) = &question.interaction else { return None };
    let key = options.iter().position(Choice::is_key)?;
    Some((options, key))
}

/// Characters of an option, as all rules about length count them.
fn length(option: &Choice) -> usize {
    option.text.as_str().trim().chars().count()
}
