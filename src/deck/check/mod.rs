//! Lint rules for the writing of questions. They can't tell whether a key is correct.
//!
//! A rule examines a [`Question`] and returns a `Finding` for each violation. Its
//! position in the file comes from the [`Fields`] of the question. Related rules
//! share a file; a new rule is a function there, a line in
//! [`super::diagnostic_code`] and a fixture. Rules about the whole question bank
//! are in [`bank`].

pub mod bank;
mod duplicates;
mod explanation;
mod figures;
mod guesser;
mod options;
mod parameters;
mod structure;
mod time;
mod tokens;
mod wording;

use super::diagnostic::{Diagnostic, Origin};
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use crate::core::question::{Choice, Interaction, Question};

/// The largest number of words in a text that the rules examine.
const MAX_WORDS: usize = 1500;

/// The part of a question to which a finding belongs.
#[derive(Clone, Copy, Debug)]
enum Place {
    Key(&'static str),
    /// The text of an option, by index.
    Option(usize),
    /// The rationale of an option, by index.
    Why(usize),
    /// A wrong formula of a numeric question, by index.
    Wrong(usize),
    Reference(usize),
    /// A key of a figure, by its index.
    Figure(usize, &'static str),
}

/// A violation of a rule.
struct Finding {
    code: DiagnosticCode,
    place: Place,
    message: String,
    help: &'static str,
}

fn finding(
    code: DiagnosticCode,
    place: Place,
    message: impl Into<String>,
    help: &'static str,
) -> Finding {
    Finding {
        code,
        place,
        message: message.into(),
        help,
    }
}

/// Applies all rules to one question; returns the problems and the number of waived warnings.
pub fn question(question: &Question, fields: &Fields, origin: Origin) -> (Vec<Diagnostic>, usize) {
    let mut findings = Vec::new();
    if let Some(long) = too_long(question) {
        let found = origin
            .diagnose(long.code, span(fields, long.place), long.message)
            .help(long.help);
        return (vec![found], 0);
    }
    parameters::rules(question, fields, &mut findings);
    options::rules(question, &mut findings);
    wording::rules(question, &mut findings);
    explanation::rules(question, &mut findings);
    structure::rules(question, &mut findings);
    figures::rules(question, &mut findings);
    time::rules(question, &mut findings);
    let (waived, mut diagnostics) = waivers(fields, origin);
    let found = findings.len();
    findings.retain(|f| {
        !waived.contains(&f.code) || f.code.severity() == super::diagnostic_code::Severity::Error
    });
    let left_out = found - findings.len();
    diagnostics.extend(findings.into_iter().map(|f| {
        origin
            .diagnose(f.code, span(fields, f.place), f.message)
            .help(f.help)
    }));
    (diagnostics, left_out)
}

/// Returns a finding about the first text that is too long for the other rules.
fn too_long(question: &Question) -> Option<Finding> {
    let texts = [
        ("stem", &question.stem),
        ("lead_in", &question.lead_in),
        ("explanation", &question.explanation),
    ];
    let (key, words) = texts
        .into_iter()
        .map(|(key, text)| (key, text.as_str().split_whitespace().count()))
        .find(|(_, words)| *words > MAX_WORDS)?;
    let message = format!(
        "`{key}` has {} words",
        crate::core::number::show(words as f64)
    );
    Some(finding(
        DiagnosticCode::LongText,
        Place::Key(key),
        message,
        "say it in far fewer, or make several questions of it",
    ))
}

/// Returns the codes that a question waives, and the problems of invalid waivers.
fn waivers(fields: &Fields, origin: Origin) -> (Vec<DiagnosticCode>, Vec<Diagnostic>) {
    let mut codes = Vec::new();
    let mut problems = Vec::new();
    for (waiver, span) in fields.words("waive") {
        let (code, reason) = waiver.split_once(':').unwrap_or((waiver, ""));
        let code = DiagnosticCode::ALL.iter().find(|c| c.name() == code.trim());
        match code {
            Some(code) if !code.name().starts_with('L') => problems.push(
                origin
                    .diagnose(DiagnosticCode::Waiver, span.clone(), format!("{} cannot be waived", code.name()))
                    .help("only rules about single questions can: their codes begin with L"),
            ),
            Some(code) if reason.trim().len() >= 8 => codes.push(*code),
            Some(_) => problems.push(
                origin
                    .diagnose(
                        DiagnosticCode::Waiver,
                        span.clone(),
                        format!("{waiver:?} waives a rule without a reason"),
                    )
                    .help("write it as \"L07: proper noun of the protocol\""),
            ),
            None => problems.push(
                origin
                    .diagnose(DiagnosticCode::Waiver, span.clone(), format!("{waiver:?} names no rule"))
                    .help("a waiver begins with a code such as L07; `aethos check --explain L07` says what it means"),
            ),
        }
    }
    (codes, problems)
}

fn span(fields: &Fields, place: Place) -> std::ops::Range<usize> {
    let of = |table: &str, i: usize, key: &str| {
        fields
            .tables(table)
            .get(i)
            .map_or_else(|| fields.span.clone(), |table| table.span_of(key))
    };
    match place {
        Place::Key(key) => fields.span_of(key),
        Place::Option(i) => of("option", i, "text"),
        Place::Why(i) => of("option", i, "why"),
        Place::Wrong(i) => fields.tables("answer").first().map_or_else(
            || fields.span.clone(),
            |answer| {
                answer
                    .tables("wrong")
                    .get(i)
                    .map_or_else(|| answer.span.clone(), |wrong| wrong.span_of("formula"))
            },
        ),
        Place::Reference(i) => of("reference", i, "title"),
        Place::Figure(i, key) => of("figure", i, key),
    }
}

/// Returns the options of a single or multiple question; other types have none.
fn choices(question: &Question) -> &[Choice] {
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => options,
        _ => &[],
    }
}

/// Returns the options of a single question and the index of its key.
fn single(question: &Question) -> Option<(&[Choice], usize)> {
    let Interaction::Single(options) = &question.interaction else {
        return None;
    };
    let key = options.iter().position(Choice::is_key)?;
    Some((options, key))
}

/// Returns the number of characters of an option, as used by all rules about length.
fn length(option: &Choice) -> usize {
    option.text.as_str().trim().chars().count()
}
