//! Feedback in lines: the verdict, what is right, and why.

use super::answer::letters;
use super::show::{self, blocks, sentence};
use crate::core::number;
use crate::core::practice::Grade;
use crate::core::question::{Choice, Interaction};
use crate::core::response::Answer;
use crate::core::text::Text;
use crate::session::Session;

/// Everything that is said of a question once its answer is final.
pub fn question(session: &Session, slot: usize) -> String {
    let (item, question) = (session.item(slot), session.question(slot));
    let mut lines = vec![String::new(), verdict(session, slot)];
    lines.extend(key(session, slot));
    lines.push("Explanation:".to_owned());
    lines.extend(blocks(&question.fill(&question.explanation, item.row)));
    if !question.references.is_empty() {
        lines.push("Sources:".to_owned());
    }
    let source = |r: &crate::core::question::Reference| format!("- {}, {}, {}, {}", r.author, r.title, r.place, r.year);
    lines.extend(question.references.iter().map(|reference| Text::new(&source(reference)).line()));
    let sheet = session.sheet(slot);
    for (title, text) in [("Your note", &sheet.note), ("You dispute it", &sheet.dispute)] {
        if !text.is_empty() {
            lines.push(format!("{title}: {}", Text::new(text).line()));
        }
    }
    lines.join("\n")
}

/// `Grade: again. It comes back in a few questions.`
pub fn grade(session: &Session, slot: usize) -> String {
    let word = session.sheet(slot).grade.map_or("none yet", Grade::word);
    let back = if session.owed().any(|owed| owed == slot) { " It comes back in a few questions." } else { "" };
    format!("Grade: {word}.{back}")
}

fn verdict(session: &Session, slot: usize) -> String {
    let outcome = session.outcome(slot);
    let words = match (&session.sheet(slot).answer, &outcome.scored) {
        (None, _) => "Not known.".to_owned(),
        (Some(_), None) => "Written.".to_owned(),
        (Some(_), Some(_)) if outcome.is_right() => "Right.".to_owned(),
        (Some(_), Some(scored)) if scored.value > 0.0 => {
            let sum = sentence(scored.arithmetic.trim_end_matches('.'));
            if sum.starts_with("Partly right") { sum } else { format!("Partly right. {sum}") }
        }
        (Some(_), Some(_)) => "Wrong.".to_owned(),
    };
    match outcome.scored.and_then(|scored| scored.misconception) {
        Some(belief) => format!("{words} The belief behind it: {}", belief.line()),
        None => words,
    }
}

/// The key, with the rationale of every option, step or pair.
fn key(session: &Session, slot: usize) -> Vec<String> {
    let item = session.item(slot);
    match &session.question(slot).interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            let picks: &[_] = match &session.sheet(slot).answer {
                Some(Answer::Picked(picks)) => picks,
                _ => &[],
            };
            let line = |(letter, id): (char, crate::core::id::ChoiceId)| {
                options.get(id.index()).map(|option| choice(letter, option, picks.contains(&id)))
            };
            letters(&item.order).filter_map(line).collect()
        }
        Interaction::Ordering { steps, .. } => {
            let line = |(n, step): (usize, &crate::core::question::Step)| {
                format!("{n}. {} ({})", step.text.line(), step.why.line())
            };
            ["The right order:".to_owned()].into_iter().chain((1..).zip(steps).map(line)).collect()
        }
        Interaction::Matching { left, right } => {
            let belongs = |id: crate::core::id::ChoiceId| right.get(id.index()).map(Text::line).unwrap_or_default();
            let line = |(n, left): (usize, &crate::core::question::Left)| {
                format!("{n}) {}: {} ({})", left.text.line(), belongs(left.key), left.why.line())
            };
            (1..).zip(left).map(line).collect()
        }
        Interaction::Numeric(numeric) => {
            let unit = if numeric.unit.is_empty() { String::new() } else { format!(" {}", numeric.unit.line()) };
            let (right, within) = (numeric.right(item.row), numeric.tolerance(item.row));
            vec![format!("Right: {}{unit}, within {}.", number::show(right), number::show(within))]
        }
        // Who rates an answer is shown the model answer with the criteria.
        Interaction::Open { .. } if is_to_be_rated(session, slot) => Vec::new(),
        Interaction::Open { model_answer, rubric } => {
            let criteria = rubric.iter().map(|criterion| format!("- {}", show::criterion(criterion)));
            ["A model answer:".to_owned()].into_iter().chain(blocks(model_answer)).chain(criteria).collect()
        }
    }
}

fn is_to_be_rated(session: &Session, slot: usize) -> bool {
    let sheet = session.sheet(slot);
    sheet.answer.is_some() && sheet.grade.is_none()
}

/// `b) Three of five. Your answer, right: any two sets of three meet.`
fn choice(letter: char, option: &Choice, is_picked: bool) -> String {
    let word = match (is_picked, option.is_key(), option.credit > 0.0) {
        (true, true, _) => "Your answer, right: ",
        (true, false, true) => "Your answer, partly right: ",
        (true, false, false) => "Your answer: ",
        (false, true, _) => "Right: ",
        (false, false, true) => "Would be partly right: ",
        (false, false, false) => "",
    };
    let text = option.text.line();
    format!("{letter}) {}. {word}{}", text.trim_end_matches('.'), option.why.line())
}
