//! A person's answers and stated confidence.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::id::ChoiceId;
use super::number::{self, NotANumber};
use super::question::{Interaction, Question};

/// An answer as it was given: with option ids rather than screen positions, and text as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// The options picked in a single or multiple choice question, in ascending order.
    Picked(Vec<ChoiceId>),
    /// The steps in the order chosen by the person.
    Ordered(Vec<ChoiceId>),
    /// The entry on the right chosen for each entry on the left.
    Matched(Vec<Option<ChoiceId>>),
    /// A number as typed; [`number::parse_as_0_1`] parses it, and [`number::parse`] gives the same.
    Number(String),
    /// A number as typed, such as `4800/560`, that version 0.1 read differently; [`number::parse_as_second`] parses it.
    #[serde(rename = "number-2")]
    Number2(String),
    /// A number as typed, such as `800 minutes` for `min`, that both earlier rules read differently;
    /// [`number::parse`] parses it.
    #[serde(rename = "number-3")]
    Number3(String),
    /// The text of an open question.
    Written(String),
}

impl Answer {
    /// Returns the text in the field of a numeric or open question as an answer.
    pub fn typed(question: &Question, text: String) -> Self {
        match &question.interaction {
            Interaction::Open { .. } => Answer::Written(text),
            Interaction::Numeric(numeric) => Self::of_number(text, numeric.unit.as_str()),
            _ => Answer::Number(text),
        }
    }

    /// Returns the text of a number in `unit` as an answer.
    pub fn of_number(text: String, unit: &str) -> Self {
        let value = number::parse(&text, unit).ok();
        if value == number::parse_as_0_1(&text, unit).ok() {
            Answer::Number(text)
        } else if value == number::parse_as_second(&text, unit).ok() {
            Answer::Number2(text)
        } else {
            Answer::Number3(text)
        }
    }

    /// Returns true if nothing was chosen or typed, which is the same as no answer.
    pub fn is_blank(&self) -> bool {
        match self {
            Answer::Picked(picks) => picks.is_empty(),
            Answer::Ordered(steps) => steps.is_empty(),
            Answer::Matched(pairs) => pairs.iter().all(Option::is_none),
            Answer::Number(text)
            | Answer::Number2(text)
            | Answer::Number3(text)
            | Answer::Written(text) => text.trim().is_empty(),
        }
    }

    /// Parses the number in a numeric answer by the rule under which it was typed; `None` for other answers.
    ///
    /// Old answers keep their value: `0,125` was 125 in version 0.1, and is refused now.
    pub fn number(&self, unit: &str) -> Option<Result<f64, NotANumber>> {
        match self {
            Answer::Number(text) => Some(number::parse_as_0_1(text, unit)),
            Answer::Number2(text) => Some(number::parse_as_second(text, unit)),
            Answer::Number3(text) => Some(number::parse(text, unit)),
            _ => None,
        }
    }
}

/// The reason why an answer doesn't fit its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerMismatch {
    #[error("this answer does not fit its question")]
    Shape,
    #[error("only {0} can be chosen: deselect one first")]
    TooMany(usize),
}

impl Answer {
    /// Checks that the answer has the shape that its question requires.
    ///
    /// # Errors
    /// The first mismatch.
    pub fn fits(&self, interaction: &Interaction) -> Result<(), AnswerMismatch> {
        let known = |picks: &[ChoiceId], n: usize| {
            let distinct: BTreeSet<_> = picks.iter().collect();
            distinct.len() == picks.len() && picks.iter().all(|p| p.index() < n)
        };
        let fits = match (self, interaction) {
            (Answer::Picked(picks), Interaction::Single(_)) if picks.len() > 1 => {
                return Err(AnswerMismatch::TooMany(1));
            }
            (Answer::Picked(picks), Interaction::Single(options)) => known(picks, options.len()),
            (Answer::Picked(picks), Interaction::Multiple { select, .. })
                if picks.len() > *select =>
            {
                return Err(AnswerMismatch::TooMany(*select));
            }
            (Answer::Picked(picks), Interaction::Multiple { options, .. }) => {
                known(picks, options.len())
            }
            (Answer::Ordered(order), Interaction::Ordering { steps, .. }) => {
                order.is_empty() || order.len() == steps.len() && known(order, steps.len())
            }
            (Answer::Matched(pairs), Interaction::Matching { left, right }) => {
                pairs.len() == left.len() && pairs.iter().flatten().all(|r| r.index() < right.len())
            }
            (
                Answer::Number(_) | Answer::Number2(_) | Answer::Number3(_),
                Interaction::Numeric(_),
            )
            | (Answer::Written(_), Interaction::Open { .. }) => true,
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(AnswerMismatch::Shape)
        }
    }
}

/// The confidence that a person states before knowing whether an answer is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Guess,
    Unsure,
    Fairly,
    Sure,
}

impl Confidence {
    pub const ALL: [Confidence; 4] = [
        Confidence::Guess,
        Confidence::Unsure,
        Confidence::Fairly,
        Confidence::Sure,
    ];

    /// Returns the probability of being right that the statement expresses.
    pub fn probability(self) -> f64 {
        [0.25, 0.50, 0.75, 0.95][self as usize]
    }

    pub fn words(self) -> &'static str {
        ["guess", "unsure", "fairly sure", "sure"][self as usize]
    }
}
