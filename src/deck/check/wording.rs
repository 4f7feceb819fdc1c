//! Rules about stems and lead-ins: closed, positive, readable, without empty phrases.

use super::super::diagnostic_code::DiagnosticCode;
use super::tokens::{grade, sentences, words};
use super::{Finding, Place, choices, finding, lead_ins};
use crate::core::question::{Interaction, Level, Question};

const EMPTY_PHRASES: &[&str] = &[
    "best practice",
    "best practices",
    "in today's",
    "obviously",
    "simply",
    "trick question",
];
const NUMBER_WORDS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    lead_in(question, out);
    negation(question, out);
    reading(question, out);
    phrases(question, out);
    number_asked(question, out);
    for (i, option) in choices(question).iter().enumerate() {
        let n = option.text.as_str().chars().count();
        if n > 110 {
            let message = format!(
                "the option has {n} characters and would wrap to three lines in 80 columns"
            );
            out.push(finding(
                DiagnosticCode::LongOption,
                Place::Option(i),
                message,
                "say it in at most 110 characters",
            ));
        }
    }
}

/// L19, L10 (its first half): one closed question of at most 25 words.
fn lead_in(question: &Question, out: &mut Vec<Finding>) {
    let text = question.lead_in.line();
    let n = words(&text).len();
    let place = Place::Key("lead_in");
    if !text.ends_with(['?', '.']) {
        out.push(finding(
            DiagnosticCode::LeadIn,
            place,
            "the lead-in does not end in ? or .",
            "ask one closed question",
        ));
    } else if text.matches('?').count() > 1 {
        out.push(finding(
            DiagnosticCode::LeadIn,
            place,
            "the lead-in asks more than one question",
            "ask one closed question",
        ));
    } else if n > 25 && !matches!(question.interaction, Interaction::Open { .. }) {
        let message = format!("the lead-in has {n} words");
        out.push(finding(
            DiagnosticCode::LeadIn,
            place,
            message,
            "move conditions to the stem: at most 25 words",
        ));
    }
    let last = words(&text).pop().unwrap_or_default();
    if (last == "a" || last == "an") && !choices(question).is_empty() {
        let help = "write \"a(n)\", or end the lead-in otherwise";
        out.push(finding(
            DiagnosticCode::FirstWord,
            place,
            "the lead-in ends in an article that only some options fit",
            help,
        ));
    }
}

/// L06: no negation that is easily overlooked.
fn negation(question: &Question, out: &mut Vec<Finding>) {
    if let Some(word) = lead_ins::negation(&question.lead_in.line()) {
        let message = format!("\"{word}\" in a lead-in is easily read over");
        out.push(finding(
            DiagnosticCode::Negative,
            Place::Key("lead_in"),
            message,
            "ask positively, or write NOT or EXCEPT in capitals",
        ));
    }
}

/// L18, L20: a stem that is easy to read and describes a situation.
fn reading(question: &Question, out: &mut Vec<Finding>) {
    let stem = question.stem.line();
    let grade = grade(&stem);
    if grade > 16.0 {
        let message = format!("the stem reads at school grade {grade:.0}");
        out.push(finding(
            DiagnosticCode::Reading,
            Place::Key("stem"),
            message,
            "shorter sentences, plainer words: at most 16",
        ));
    }
    if let Some(n) = sentences(&stem)
        .into_iter()
        .map(|s| words(s).len())
        .max()
        .filter(|n| *n > 40)
    {
        let message = format!("a sentence of the stem has {n} words");
        out.push(finding(
            DiagnosticCode::Reading,
            Place::Key("stem"),
            message,
            "cut it: at most 40 words, better 30",
        ));
    }
    let n = words(&stem).len() + words(&question.lead_in.line()).len();
    if n < 8 && question.level >= Level::Senior {
        let message = format!("stem and lead-in have {n} words");
        let help =
            "a senior question needs a situation: what is there, what was tried, what is promised";
        out.push(finding(
            DiagnosticCode::Short,
            Place::Key("stem"),
            message,
            help,
        ));
    }
}

/// L36: no empty phrases.
fn phrases(question: &Question, out: &mut Vec<Finding>) {
    let texts = [
        ("stem", &question.stem),
        ("lead_in", &question.lead_in),
        ("explanation", &question.explanation),
    ];
    for (key, text) in texts {
        let lower = text.line().to_lowercase();
        if let Some(phrase) = EMPTY_PHRASES
            .iter()
            .find(|phrase| contains_words(&lower, phrase))
        {
            let message = format!("\"{phrase}\" says nothing");
            out.push(finding(
                DiagnosticCode::Phrase,
                Place::Key(key),
                message,
                "give the mechanism instead",
            ));
        }
    }
    for (i, option) in choices(question).iter().enumerate() {
        let lower = format!("{} {}", option.text.line(), option.why.line()).to_lowercase();
        if let Some(phrase) = EMPTY_PHRASES
            .iter()
            .find(|phrase| contains_words(&lower, phrase))
        {
            out.push(finding(
                DiagnosticCode::Phrase,
                Place::Why(i),
                format!("\"{phrase}\" says nothing"),
                "give the mechanism instead",
            ));
        }
    }
}

/// Returns true if `text` contains `phrase` as whole words.
fn contains_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// L27: the lead-in must say how many options to choose, unless each instance has another number of them.
fn number_asked(question: &Question, out: &mut Vec<Finding>) {
    let Interaction::Multiple { select, options } = &question.interaction else {
        return;
    };
    if question.simulation.is_some() {
        return;
    }
    let said = words(&question.lead_in.line());
    let word = NUMBER_WORDS
        .get(select.wrapping_sub(1))
        .copied()
        .unwrap_or("");
    if !said.iter().any(|w| w == word || *w == select.to_string()) {
        let message = format!("the lead-in does not say that {select} are to be chosen");
        out.push(finding(
            DiagnosticCode::NumberAsked,
            Place::Key("lead_in"),
            message,
            "say the number: \"Which TWO ...\"",
        ));
    }
    if *select == options.len() {
        out.push(finding(
            DiagnosticCode::NumberAsked,
            Place::Key("select"),
            "all options are right",
            "add distractors",
        ));
    }
}
