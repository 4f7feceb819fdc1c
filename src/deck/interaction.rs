//! Builds the interaction of a question (its options, steps, entries or formula) and checks it.

use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::numeric;
use super::parse::no_duplicates;
use super::table::TableReader;
use crate::core::id::ChoiceId;
use crate::core::question::{Card, Choice, Criterion, Interaction, Kind, Left, Step};
use crate::core::text::Text;

/// The keys of a question that describe its interaction.
const KEYS: &[&str] = &[
    "select",
    "free",
    "model_answer",
    "option",
    "step",
    "left",
    "right",
    "params",
    "answer",
    "rubric",
    "front",
    "back",
];

/// How to give a question a key.
const KEY: &str = "write `correct = true` in the option that is the key";

/// Builds the interaction of a question of type `kind`, and reports every contradiction in it.
///
/// Returns `None` without a report if a key or table of the interaction has an error of its own.
pub fn build(reader: &mut TableReader, question: &Fields, kind: Kind) -> Option<Interaction> {
    let is_broken =
        |key: &str| question.is_refused(key) || question.tables(key).iter().any(Fields::is_broken);
    // Without the header of its table, a parameter is an unknown key of the question.
    let may_lack_params = kind == Kind::Numeric && question.has_unknown;
    if may_lack_params || KEYS.iter().any(|key| is_broken(key)) {
        return None;
    }
    match kind {
        Kind::Single => Some(Interaction::Single(options(reader, question, kind))),
        Kind::Multiple => {
            let options = options(reader, question, kind);
            let select = usize::try_from(question.integer("select")?).ok()?;
            let keyed = options.iter().filter(|option| option.is_key()).count();
            if select != keyed {
                let message =
                    format!("`select` is {select}, and the number of correct options is {keyed}");
                reader.report(DiagnosticCode::Keying, question.span_of("select"), message);
            } else if select >= options.len() {
                reader.report(
                    DiagnosticCode::Keying,
                    question.span_of("select"),
                    "all options are correct: there is nothing to choose",
                );
            }
            Some(Interaction::Multiple { select, options })
        }
        Kind::Ordering => Some(ordering(reader, question)),
        Kind::Matching => Some(matching(reader, question)),
        Kind::Numeric => numeric::build(reader, question).map(Interaction::Numeric),
        Kind::Open => Some(open(question)),
        Kind::Recall => card(reader, question),
    }
}

fn options(reader: &mut TableReader, question: &Fields, kind: Kind) -> Vec<Choice> {
    let tables = question.tables("option");
    let allowed = if kind == Kind::Single { 3..=5 } else { 4..=6 };
    // The table reader has already reported counts that neither type allows.
    if (3..=6).contains(&tables.len()) && !allowed.contains(&tables.len()) {
        let message = format!(
            "a {} question has {} to {} options, and this one {}",
            kind.word(),
            allowed.start(),
            allowed.end(),
            tables.len()
        );
        reader.report_incomplete(
            DiagnosticCode::Count,
            question.span_of("option"),
            message,
            None,
        );
    }
    check_keys(reader, question, kind);
    let has_key = tables.iter().any(|option| option.flag("correct"));
    for option in tables
        .iter()
        .filter(|option| has_key && lacks_misconception(option))
    {
        let message = format!("{} has no `misconception`", option.what);
        let help = "say in a sentence which wrong belief makes somebody choose it";
        reader.report_incomplete(
            DiagnosticCode::MissingKey,
            option.span.clone(),
            message,
            Some(help),
        );
    }
    tables
        .iter()
        .map(|option| Choice {
            text: option.text("text"),
            credit: if option.flag("correct") {
                1.0
            } else {
                option.number("credit").unwrap_or(0.0)
            },
            why: option.text("why"),
            misconception: option.optional_text("misconception"),
        })
        .collect()
}

/// Returns true for a distractor without a misconception.
fn lacks_misconception(option: &Fields) -> bool {
    !option.flag("correct") && !option.has("misconception")
}

/// Reports contradictions between `correct`, `credit` and the type of the question.
fn check_keys(reader: &mut TableReader, question: &Fields, kind: Kind) {
    let options = question.tables("option");
    let has_key = kind != Kind::Single || check_one_key(reader, question, options);
    if has_key && options.iter().any(|option| option.has("credit")) {
        check_credits(reader, options, kind);
    }
}

/// Reports the first bad credit, or else the options without one.
fn check_credits(reader: &mut TableReader, options: &[Fields], kind: Kind) {
    let is_refused = |option: &Fields| check_credit(reader, option, kind);
    if options.iter().any(is_refused) || kind != Kind::Single {
        return;
    }
    let mut lacking = options.iter().filter(|option| !option.has("credit"));
    if let Some(first) = lacking.next() {
        let others: String = lacking.map(|option| format!(", {}", option.what)).collect();
        let message = format!("no `credit` in {}{others}, and others have one", first.what);
        let help = "write credit = 0.0 in them, and credit = 1.0 in the key, or delete all credits";
        let code = DiagnosticCode::MissingKey;
        reader.report_with(code, first.span.clone(), message, help);
    }
}

/// Reports a single question without a key or with several keys.
///
/// Returns false if there is no key, from which bad credits follow.
fn check_one_key(reader: &mut TableReader, question: &Fields, options: &[Fields]) -> bool {
    let keys: Vec<_> = options
        .iter()
        .filter(|option| option.flag("correct"))
        .collect();
    match keys.as_slice() {
        [_] => {}
        [] if options.is_empty() => {}
        [] => {
            // Only the key needs no misconception.
            let is_full = |option: &&Fields| option.number("credit") == Some(1.0);
            let full = options.iter().find(is_full);
            let mut keys = options.iter().filter(|option| lacks_misconception(option));
            let (span, help) = match (full, keys.next(), keys.next()) {
                (Some(key), ..) => (
                    key.span_of("credit"),
                    "write `correct = true` in the place of `credit = 1.0`",
                ),
                (None, Some(key), None) => (key.span.clone(), KEY),
                _ => (question.span.clone(), KEY),
            };
            let message = "no option of the question is correct";
            reader.report_with(DiagnosticCode::Keying, span, message, help);
            return false;
        }
        [_, second, ..] => {
            let message = format!(
                "{} is correct as well, and a single question has one key",
                second.what
            );
            let help = "a question with several keys is of type \"multiple\"";
            reader.report_with(
                DiagnosticCode::Keying,
                second.span_of("correct"),
                message,
                help,
            );
        }
    }
    true
}

/// Reports a bad credit of an option and returns true: single questions give 1.0 for the key, and 0.5 or 0.0 for other
/// options.
fn check_credit(reader: &mut TableReader, option: &Fields, kind: Kind) -> bool {
    let Some(credit) = option.number("credit") else {
        return false;
    };
    let (code, message) = if kind == Kind::Multiple {
        let message = "`credit` belongs to questions of type single".to_owned();
        (DiagnosticCode::NotOfType, message)
    } else if option.flag("correct") != (credit == 1.0) {
        let only = "`credit` is 1.0 for the correct option and no other";
        (DiagnosticCode::Keying, format!("{}: {only}", option.what))
    } else if ![0.0, 0.5, 1.0].contains(&credit) {
        let message = format!("{}: `credit` is 1.0, 0.5 or 0.0", option.what);
        (DiagnosticCode::Keying, message)
    } else {
        return false;
    };
    let help = match option.flag("correct") {
        _ if kind == Kind::Multiple => "delete it: each right option earns the same",
        true => "write credit = 1.0, or delete all credits",
        false => "write credit = 0.5 or 0.0, or delete it if no other option has one",
    };
    reader.report_with(code, option.span_of("credit"), message, help);
    true
}

/// Builds an ordering question, and reports bad pairs in `free`.
fn ordering(reader: &mut TableReader, question: &Fields) -> Interaction {
    let steps = question.tables("step");
    let number = |n: i64| {
        usize::try_from(n)
            .ok()
            .filter(|n| (1..=steps.len()).contains(n))
    };
    let mut free = Vec::new();
    for ([a, b], span) in question.pairs("free") {
        match (number(*a), number(*b)) {
            (Some(a), Some(b)) if a != b => {
                let id = |n: usize| ChoiceId((n - 1) as u8);
                let pair = (id(a.min(b)), id(a.max(b)));
                if free.contains(&pair) {
                    reader.report(
                        DiagnosticCode::FreePair,
                        span.clone(),
                        format!("the pair [{a}, {b}] is there twice"),
                    );
                } else {
                    free.push(pair);
                }
            }
            _ => {
                let message = format!(
                    "[{a}, {b}] does not name two of the {} steps, counted from 1",
                    steps.len()
                );
                reader.report(DiagnosticCode::FreePair, span.clone(), message);
            }
        }
    }
    let steps = steps
        .iter()
        .map(|step| Step {
            text: step.text("text"),
            why: step.text("why"),
        })
        .collect();
    Interaction::Ordering { steps, free }
}

/// Builds a matching question, and reports unknown ids and too few right entries.
fn matching(reader: &mut TableReader, question: &Fields) -> Interaction {
    let (left, right) = (question.tables("left"), question.tables("right"));
    let ids: Vec<&str> = right
        .iter()
        .map(|entry| entry.word("id").unwrap_or_default())
        .collect();
    let named = right
        .iter()
        .filter_map(|entry| Some((entry.word("id")?, entry.span_of("id"))));
    no_duplicates(reader, "right entry", named);
    if question.has("left") && question.has("right") && right.len() < left.len() + 2 {
        let message = format!(
            "{} right entries for {} left ones: at least two have to be to spare",
            right.len(),
            left.len()
        );
        reader.report_incomplete(
            DiagnosticCode::Matching,
            question.span_of("right"),
            message,
            None,
        );
    }
    let mut key = |entry: &Fields| {
        let name = entry.word("match")?;
        let place = ids.iter().position(|id| *id == name);
        if place.is_none() {
            let span = entry.span_of("match");
            let message = format!(
                "no right entry has the id {}",
                super::diagnostic::quoted(name)
            );
            match super::diagnostic::nearest(name, ids.iter().copied()) {
                Some(meant) => reader.report_with(
                    DiagnosticCode::Matching,
                    span,
                    message,
                    format!("did you mean `{meant}`?"),
                ),
                None => reader.report(DiagnosticCode::Matching, span, message),
            }
        }
        Some(ChoiceId(u8::try_from(place?).ok()?))
    };
    let left = left
        .iter()
        .map(|entry| Left {
            key: key(entry).unwrap_or(ChoiceId(0)),
            text: entry.text("text"),
            why: entry.text("why"),
        })
        .collect();
    let right: Vec<Text> = right.iter().map(|entry| entry.text("text")).collect();
    Interaction::Matching { left, right }
}

/// Builds a card; one without a back needs a blank in its front.
fn card(reader: &mut TableReader, question: &Fields) -> Option<Interaction> {
    let card = Card {
        front: question.optional_text("front")?,
        back: question.text("back"),
    };
    if question.has("lead_in") {
        let message = "a card has no `lead_in`: its `front` is what is asked";
        reader.report(
            DiagnosticCode::NotOfType,
            question.span_of("lead_in"),
            message,
        );
    }
    if card.back.is_empty() && !card.has_blanks() {
        reader.report_with(
            DiagnosticCode::MissingKey,
            question.span_of("front"),
            "the card has no `back`, and its `front` has no blank",
            "write back = \"the answer\", or put the answer between {{ and }} in the front",
        );
        return None;
    }
    Some(Interaction::Recall(card))
}

fn open(question: &Fields) -> Interaction {
    let rubric = question
        .tables("rubric")
        .iter()
        .map(|criterion| Criterion {
            criterion: criterion.text("criterion"),
            points: criterion
                .integer("points")
                .and_then(|points| u32::try_from(points).ok())
                .unwrap_or(0),
            evidence: criterion.text("evidence"),
        })
        .collect();
    Interaction::Open {
        model_answer: question.text("model_answer"),
        rubric,
    }
}
