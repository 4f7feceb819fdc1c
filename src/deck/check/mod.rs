//! Lint rules for the writing of questions. They can't tell whether a key is correct.
//!
//! A rule examines a [`Question`] and returns a `Finding` for each violation. Its
//! position in the file comes from the [`Fields`] of the question. Related rules
//! share a file; a new rule is a function there, a line in
//! [`super::diagnostic_code`] and a case in `tests/rules.rs`. Rules about the whole question bank
//! are in [`bank`].

mod absolutes;
pub mod bank;
mod cues;
mod duplicates;
mod explanation;
mod figures;
mod guesser;
mod lead_ins;
mod options;
mod parameters;
mod ranges;
mod relations;
mod simulated;
mod structure;
mod time;
mod tokens;
mod wording;

use super::diagnostic::{Diagnostic, Origin};
use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use crate::core::number::show;
use crate::core::question::{Choice, Interaction, Question};

/// The largest number of words in a text. The other rules don't examine longer ones.
const MAX_WORDS: usize = 1500;
/// The largest number of words in a text of one line beside others.
const MAX_LABEL_WORDS: usize = 60;
/// The keys of texts of one line.
const LABELS: &[&str] = &[
    "title",
    "version",
    "language",
    "unit",
    "label",
    "author",
    "where",
    "against",
    "code_lang",
];
/// The number of characters allowed per allowed word, which bounds texts without spaces.
const MAX_PER_WORD: usize = 10;

/// The part of a question to which a finding belongs.
#[derive(Clone, Copy, Debug)]
enum Place {
    Key(&'static str),
    /// The text of an option, by index.
    Option(usize),
    /// The text of an entry of a table such as `step`, by index.
    Entry(&'static str, usize),
    /// The rationale of an option, by index.
    Why(usize),
    /// A key of a wrong formula of a numeric question, by index.
    Wrong(usize, &'static str),
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
    /// The part of the text that is wrong, so that its line is shown.
    quote: Option<String>,
}

impl Finding {
    fn quoting(self, quote: impl Into<String>) -> Self {
        Self {
            quote: Some(quote.into()),
            ..self
        }
    }
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
        quote: None,
    }
}

/// Applies all rules to one question; returns the problems and the number of waived warnings.
pub fn question(question: &Question, fields: &Fields, origin: Origin) -> (Vec<Diagnostic>, usize) {
    let mut findings = Vec::new();
    if let Some(long) = long_text(fields, origin) {
        return (vec![long], 0);
    }
    // The other rules are about what only questions with a score need.
    if question.interaction.is_card() {
        return (Vec::new(), 0);
    }
    // The options and the time of a simulated question depend on its model.
    if question.simulation.is_some() {
        simulated::rules(question, &mut findings);
    } else {
        parameters::rules(question, fields, &mut findings);
        options::rules(question, &mut findings);
        time::rules(question, &mut findings);
        cues::rules(question, &mut findings);
    }
    wording::rules(question, &mut findings);
    explanation::rules(question, &mut findings);
    structure::rules(question, &mut findings);
    figures::rules(question, &mut findings);
    let (waived, mut diagnostics) = waivers(fields, origin);
    let found = findings.len();
    findings.retain(|f| {
        !waived.contains(&f.code) || f.code.severity() == super::diagnostic_code::Severity::Error
    });
    let left_out = found - findings.len();
    diagnostics.extend(findings.into_iter().map(|f| {
        let whole = span(fields, f.place);
        let quoted = f.quote.and_then(|quote| {
            let at = whole.start + origin.text.get(whole.clone())?.find(&quote)?;
            Some(at..at + quote.len())
        });
        origin
            .diagnose(f.code, quoted.unwrap_or(whole), f.message)
            .help(f.help)
    }));
    (diagnostics, left_out)
}

/// Returns the problem of the first text that is too long, in a question or in the head of a deck.
pub fn long_text(fields: &Fields, origin: Origin) -> Option<Diagnostic> {
    let mut texts = fields.texts();
    texts.sort_by_key(|(_, _, span, _)| span.start);
    texts.into_iter().find_map(|(what, key, span, text)| {
        let most = if LABELS.contains(&key) {
            MAX_LABEL_WORDS
        } else {
            MAX_WORDS
        };
        let (words, characters) = (text.split_whitespace().count(), text.chars().count());
        let length = match words {
            words if words > most => format!("{} words", show(words as f64)),
            _ if characters > most * MAX_PER_WORD => {
                format!("{} characters", show(characters as f64))
            }
            _ => return None,
        };
        let message = format!("`{key}` of {what} has {length}");
        let help = format!("write at most {} words", show(most as f64));
        Some(
            origin
                .diagnose(DiagnosticCode::LongText, span, message)
                .help(help),
        )
    })
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
        Place::Entry(table, i) => of(table, i, "text"),
        Place::Option(i) => of("option", i, "text"),
        Place::Why(i) => of("option", i, "why"),
        Place::Wrong(i, key) => fields.tables("answer").first().map_or_else(
            || fields.span.clone(),
            |answer| {
                answer
                    .tables("wrong")
                    .get(i)
                    .map_or_else(|| answer.span.clone(), |wrong| wrong.span_of(key))
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

/// Returns the texts of options, for the rules that only read them.
fn texts(options: &[Choice]) -> Vec<&str> {
    options.iter().map(|option| option.text.as_str()).collect()
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
