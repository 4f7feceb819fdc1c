//! Writes Moodle's GIFT format.

use super::{Exported, Outgoing};
use crate::exchange::draft::{Body, Choice, Draft, Number, Pair};

/// Writes the questions, each below its category.
pub fn write(questions: &[Outgoing]) -> Exported {
    let mut exported = Exported::default();
    exported.note(
        "GIFT has no place for level, demand, fair time, knowledge points and misconceptions, which were not kept",
    );
    let mut category = "";
    for question in questions {
        let draft = &question.draft;
        let mut losses = Vec::new();
        let answers = answers(&draft.body, &mut losses);
        let written = answers.map(|answers| {
            if category != draft.category {
                category = &draft.category;
                exported
                    .text
                    .push_str(&format!("$CATEGORY: {category}\n\n"));
            }
            exported.text.push_str(&piece(draft, &answers));
            losses
        });
        exported.add(question, written);
    }
    exported
}

fn piece(draft: &Draft, answers: &str) -> String {
    // Moodle shows Markdown with its listings; other texts are shown as they are.
    let markup = if draft.code.is_some() {
        "[markdown]"
    } else {
        "[plain]"
    };
    let mut asked = draft.asked();
    let mut lesson = draft.lesson();
    match &draft.body {
        Body::Numeric(number) if !number.unit.is_empty() && !asked.contains(&number.unit) => {
            asked.push_str(&format!(" (in {})", number.unit));
        }
        Body::Open(answer) if !answer.is_empty() => {
            lesson = format!("{answer}\n\n{lesson}").trim().to_owned();
        }
        _ => {}
    }
    let feedback = match lesson.as_str() {
        "" => String::new(),
        lesson => format!("\t####{}\n", field(lesson)),
    };
    let title = escaped(&draft.title);
    let asked = escaped(&asked);
    format!("::{title}::{markup}{asked}{{{answers}{feedback}}}\n\n")
}

/// Returns what is between the braces, without the general feedback.
fn answers(body: &Body, losses: &mut Vec<String>) -> Result<String, String> {
    Ok(match body {
        Body::Single(options) => {
            let marked = |option: &Choice| match option.credit {
                credit if credit >= 1.0 => answer("=", None, option),
                credit if credit > 0.0 => answer("~", Some(percent(credit)), option),
                _ => answer("~", None, option),
            };
            lines(options.iter().map(marked))
        }
        Body::Multiple(options) => {
            let keys = options.iter().filter(|option| option.credit >= 1.0);
            let share = percent(1.0 / keys.count().max(1) as f64);
            let marked = |option: &Choice| match option.credit >= 1.0 {
                true => answer("~", Some(share.clone()), option),
                false => answer("~", Some(format!("-{share}")), option),
            };
            lines(options.iter().map(marked))
        }
        Body::Matching(pairs, spare) => matching(pairs, spare, losses),
        Body::Numeric(number) => numeric(number, losses),
        Body::Open(_) => String::new(),
        Body::Recall(_) => {
            return Err("GIFT has no cards: use --format anki".to_owned());
        }
        Body::Ordering(_) => return Err("GIFT has no ordering questions".to_owned()),
    })
}

fn lines(answers: impl Iterator<Item = String>) -> String {
    let mut lines = String::from("\n");
    answers.for_each(|answer| lines.push_str(&format!("\t{answer}\n")));
    lines
}

/// Writes an option with its weight in percent and its rationale.
fn answer(mark: &str, weight: Option<String>, option: &Choice) -> String {
    let text = field(&option.text);
    // A text that begins with a percent sign would be read as a weight.
    let weight = match (weight, text.starts_with('%')) {
        (Some(weight), _) => format!("%{weight}%"),
        (None, true) if mark == "=" => "%100%".to_owned(),
        (None, true) => "%0%".to_owned(),
        (None, false) => String::new(),
    };
    let why = match option.why.as_str() {
        "" => String::new(),
        why => format!("#{}", field(why)),
    };
    format!("{mark}{weight}{text}{why}")
}

/// Returns a share in percent with the digits of Moodle's list of weights, such as `33.33333`.
fn percent(share: f64) -> String {
    let rounded = format!("{:.5}", share * 100.0);
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

fn matching(pairs: &[Pair], spare: &[String], losses: &mut Vec<String>) -> String {
    let mut has_arrow = false;
    let mut entry = |text: &str| {
        has_arrow |= text.contains("->");
        field(&text.replace("->", "→"))
    };
    let mut written: Vec<String> = Vec::new();
    for pair in pairs {
        written.push(format!("={} -> {}", entry(&pair.left), entry(&pair.right)));
    }
    for text in spare {
        written.push(format!("= -> {}", entry(text)));
    }
    if has_arrow {
        losses.push("`->` in an entry was replaced by an arrow".to_owned());
    }
    if pairs.iter().any(|pair| !pair.why.is_empty()) {
        losses.push("the rationales of the pairs were not kept".to_owned());
    }
    lines(written.into_iter())
}

fn numeric(number: &Number, losses: &mut Vec<String>) -> String {
    let (value, tolerance) = (number.value, number.tolerance);
    let is_apart = |wrong: &f64| (wrong - value).abs() > 2.0 * tolerance;
    let kept: Vec<&(f64, String)> = number
        .wrong
        .iter()
        .filter(|(wrong, why)| is_apart(wrong) && !why.is_empty())
        .collect();
    if kept.len() < number.wrong.len() {
        losses.push("a wrong number close to the right one was not kept".to_owned());
    }
    if kept.is_empty() {
        return format!("#{value}:{tolerance}\n");
    }
    let mut answers = format!("#\n\t={value}:{tolerance}\n");
    for (wrong, why) in kept {
        answers.push_str(&format!("\t=%0%{wrong}:{tolerance}#{}\n", field(why)));
    }
    answers
}

/// Escapes a text that may begin with a bracket, which would be read as the name of its markup.
fn field(text: &str) -> String {
    match text.starts_with('[') {
        true => format!("[plain]{}", escaped(text)),
        false => escaped(text),
    }
}

/// Escapes the characters that have a meaning in GIFT.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '~' | '=' | '#' | '{' | '}' | ':' | '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}
