//! Rules against cues in the wording: reasons in options, steps that refer back, lead-ins that ask
//! for a truth, numbers whose rounding is refused, and references without an edition.

use super::super::diagnostic_code::DiagnosticCode;
use super::guesser::has_reason;
use super::tokens::words;
use super::{Finding, Place, choices, finding, lead_ins, texts};
use crate::core::question::{Choice, Interaction, Numeric, Question, Row};

/// The largest number of parameter rows that are evaluated.
const MAX_ROWS: u32 = 10_000;
/// Books that exist in more than one edition, by a part of their titles in lower case.
const EDITIONS: &[&str] = &[
    "designing data-intensive applications",
    "release it",
    "building microservices",
    "infrastructure as code",
    "fundamentals of software architecture",
    "building evolutionary architectures",
    "team topologies",
    "refactoring",
    "computer networks",
    "operating system concepts",
    "the mythical man-month",
];

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    reasons(choices(question), out);
    lead_in(question, out);
    if let Interaction::Ordering { steps, .. } = &question.interaction {
        for step in steps {
            back_reference(step.text.as_str(), out);
        }
    }
    if let Interaction::Numeric(numeric) = &question.interaction {
        rounding(question, numeric, out);
        endless(numeric, out);
    }
    half_credit(question, out);
    editions(question, out);
}

/// L53: options without reasons, which belong in `why`.
fn reasons(options: &[Choice], out: &mut Vec<Finding>) {
    if let Some(i) = options.iter().position(|o| has_reason(o.text.as_str())) {
        let help = "say what, not why: move the reason to `why`";
        let message = "the option gives a reason, and people judge the reason without the stem";
        out.push(finding(
            DiagnosticCode::ReasonClause,
            Place::Option(i),
            message,
            help,
        ));
    }
}

/// L54: a lead-in that asks for a result, and not for a truth, a yes or a no.
fn lead_in(question: &Question, out: &mut Vec<Finding>) {
    let options = texts(choices(question));
    let picks_one = matches!(question.interaction, Interaction::Single(_));
    let fault = lead_ins::fault(&question.lead_in.line(), &options, picks_one);
    let Some(message) = fault.filter(|_| !options.is_empty()) else {
        return;
    };
    let help = "ask for one result: which line, which node, how many, in which order";
    out.push(finding(
        DiagnosticCode::LeadInKind,
        Place::Key("lead_in"),
        message,
        help,
    ));
}

/// L55: a step that does not refer back to another, because that tells its place.
fn back_reference(text: &str, out: &mut Vec<Finding>) {
    const BACK: [&str; 9] = [
        "that",
        "again",
        "either",
        "those",
        "these",
        "then",
        "afterwards",
        "finally",
        "remaining",
    ];
    let w = words(text);
    if let Some(word) = w.iter().find(|w| BACK.contains(&w.as_str())) {
        let message = format!("\"{word}\" in a step refers to another step and tells its place");
        let help = "name the thing again, so that each step can be read alone";
        out.push(
            finding(
                DiagnosticCode::BackReference,
                Place::Key("step"),
                message,
                help,
            )
            .quoting(text),
        );
    }
}

/// L56: the result rounded to a whole number or one decimal is accepted, unless the text says how to
/// round.
fn rounding(question: &Question, numeric: &Numeric, out: &mut Vec<Finding>) {
    let text = format!("{} {}", question.stem, question.lead_in).to_lowercase();
    if ["round", "decimal", "nearest", "whole", "digits"]
        .iter()
        .any(|w| text.contains(w))
    {
        return;
    }
    let refused = (0..numeric.rows().min(MAX_ROWS)).map(Row).find_map(|row| {
        let (value, tolerance) = (numeric.right(row), numeric.tolerance(row) + 1e-9);
        let rounded = if value.abs() >= 10.0 {
            value.round()
        } else {
            (10.0 * value).round() / 10.0
        };
        (value.is_finite() && (rounded - value).abs() > tolerance).then_some((value, rounded))
    });
    if let Some((value, rounded)) = refused {
        let message = format!("{rounded} is refused although it is {value:.4} rounded");
        let help = "say how to round, or raise the tolerance";
        out.push(finding(
            DiagnosticCode::Rounding,
            Place::Key("lead_in"),
            message,
            help,
        ));
    }
}

/// L61: each exact result can be typed, unless a tolerance makes room for a rounded one.
fn endless(numeric: &Numeric, out: &mut Vec<Finding>) {
    let refused = (0..numeric.rows().min(MAX_ROWS)).map(Row).find_map(|row| {
        let value = numeric.right(row);
        let rounded = (1e6 * value).round() / 1e6;
        let is_typed = numeric.tolerance(row) > 0.0 || (rounded - value).abs() < 1e-9;
        (value.is_finite() && !is_typed).then_some(value)
    });
    if let Some(value) = refused {
        let message =
            format!("only {value:.6}\u{2026} is right, and nobody can type all of its digits");
        let help = "set a tolerance, or round the result in the formula and say so";
        let place = Place::Key("answer");
        out.push(finding(DiagnosticCode::Endless, place, message, help));
    }
}

/// L57: no half credit for an option that breaks what the stem says must hold.
fn half_credit(question: &Question, out: &mut Vec<Finding>) {
    let text = format!("{} {}", question.stem, question.lead_in);
    let half = choices(question)
        .iter()
        .position(|o| o.credit > 0.0 && o.credit < 1.0);
    if let Some(i) = half
        && matches!(question.interaction, Interaction::Single(_))
        && words(&text).iter().any(|w| w == "must")
    {
        let message = "half credit in a question that says what must hold";
        let help = "an option that breaks a must scores 0; drop the credit or the must";
        out.push(finding(
            DiagnosticCode::HalfCredit,
            Place::Option(i),
            message,
            help,
        ));
    }
}

/// L58: the edition of a book that has several.
fn editions(question: &Question, out: &mut Vec<Finding>) {
    for (i, reference) in question.references.iter().enumerate() {
        let title = reference.title.line().to_lowercase();
        let said = format!("{title} {}", reference.place.line().to_lowercase());
        let has_edition = [" ed", "edition", "ed."]
            .iter()
            .any(|mark| said.contains(mark));
        if EDITIONS.iter().any(|book| is_edition_of(&title, book)) && !has_edition {
            let message = "this book has several editions, whose sections differ";
            let help = "name the edition in `where`, such as `1st ed., chapter 5`";
            out.push(finding(
                DiagnosticCode::Edition,
                Place::Reference(i),
                message,
                help,
            ));
        }
    }
}

/// Returns whether a title is that of a book, with or without a subtitle.
fn is_edition_of(title: &str, book: &str) -> bool {
    title
        .strip_prefix(book)
        .is_some_and(|rest| !rest.starts_with(|c: char| c == ' ' || c.is_alphanumeric()))
}
