//! Scoring of answers. Each question type has a file with its rule, score and chance level.

mod matching;
mod multiple;
pub mod numeric;
mod ordering;
mod single;

use super::number;
use super::question::{Interaction, Question, Row};
use super::response::Answer;
use super::text::Text;

/// The score of an answer, with its calculation.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// In [0, 1].
    pub value: f64,
    /// The calculation shown in the review, such as `1 of 2 right options, 1 of 3 wrong options: 1/2 - 1/3 = 0.17`.
    pub arithmetic: String,
    /// The misconception behind this answer, if the author described it.
    pub misconception: Option<Text>,
}

impl Scored {
    fn new(value: f64, arithmetic: String) -> Self {
        Self {
            value: value.clamp(0.0, 1.0),
            arithmetic,
            misconception: None,
        }
    }

    /// Returns whether everything was earned.
    pub fn is_right(&self) -> bool {
        self.value >= 1.0 - 1e-9
    }

    /// Returns the score of an answer that doesn't fit the question: another type, unknown ids or too many picks.
    fn misfit() -> Self {
        Self::new(
            0.0,
            "The answer doesn't fit the question: 0 points".to_owned(),
        )
    }
}

/// Scores `answer`; a blank answer earns 0. `row` is the drawn row of parameters of a numeric question.
///
/// Returns `None` for an open question and a card, because people rate them.
pub fn score(question: &Question, row: Row, answer: &Answer) -> Option<Scored> {
    if !question.kind().is_scored() {
        return None;
    }
    if answer.is_blank() {
        return Some(Scored::new(0.0, "No answer: 0 points".to_owned()));
    }
    let scored = match (&question.interaction, answer) {
        (Interaction::Single(options), Answer::Picked(picks)) => single::score(options, picks),
        (Interaction::Multiple { select, options }, Answer::Picked(picks)) => {
            multiple::score(*select, options, picks)
        }
        (Interaction::Ordering { steps, free }, Answer::Ordered(order)) => {
            ordering::score(steps.len(), free, order)
        }
        (Interaction::Matching { left, right }, Answer::Matched(pairs)) => {
            matching::score(left, right.len(), pairs)
        }
        (Interaction::Numeric(numeric), answer) => answer
            .number(numeric.unit.as_str())
            .map(|given| numeric::score(numeric, row, given)),
        _ => None,
    };
    Some(scored.unwrap_or_else(Scored::misfit))
}

/// `false` for text in a numeric question's field that is not a number.
pub fn is_readable(question: &Question, answer: &Answer) -> bool {
    match &question.interaction {
        Interaction::Numeric(numeric) => answer
            .number(numeric.unit.as_str())
            .is_none_or(|given| given.is_ok()),
        _ => true,
    }
}

/// Returns the answer to record: the given one, or a blank one if it is text that is not a number.
pub fn recordable(question: &Question, answer: Answer) -> Answer {
    if is_readable(question, &answer) {
        answer
    } else {
        question.blank()
    }
}

/// Returns the chance level, the expected score of random answering, in [0, 1]; `None` for an open question and a card.
pub fn chance(question: &Question) -> Option<f64> {
    match &question.interaction {
        Interaction::Single(options) => Some(single::chance(options)),
        Interaction::Multiple { select, options } => Some(multiple::chance(*select, options)),
        Interaction::Ordering { steps, free } => Some(ordering::chance(steps.len(), free)),
        Interaction::Matching { right, .. } => Some(matching::chance(right.len())),
        Interaction::Numeric(_) => Some(numeric::CHANCE),
        Interaction::Open { .. } | Interaction::Recall(_) => None,
    }
}

/// Returns the scoring rule that is shown under a question before it is answered.
pub fn rule(interaction: &Interaction) -> String {
    match interaction {
        Interaction::Single(options) => single::rule(options),
        Interaction::Multiple { select, options } => multiple::rule(*select, options.len()),
        Interaction::Ordering { steps, free } => ordering::rule(steps.len(), free),
        Interaction::Matching { left, .. } => matching::rule(left.len()),
        Interaction::Numeric(numeric) => numeric::rule(numeric),
        // In homework, the mentor rates it.
        Interaction::Open { rubric, .. } if rubric.is_empty() => "Answer in your own words.".into(),
        Interaction::Open { .. } => {
            "Write your answer, then rate it by the criteria. It doesn't count for the score."
                .into()
        }
        Interaction::Recall(_) => {
            "Answer in your head, then look and grade yourself. It doesn't count for the score."
                .into()
        }
    }
}

/// Formats the points of an answer, such as `1 point` or `0.5 points`.
fn points(value: f64) -> String {
    let points = hundredths(value);
    let s = if points == "1" { "" } else { "s" };
    format!("{points} point{s}")
}

/// Formats a score with at most two decimals.
pub fn hundredths(value: f64) -> String {
    number::show((value * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests;
