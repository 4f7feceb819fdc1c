//! An attempt at a homework, derived from the lines that were collected.

use crate::core::id::SessionId;
use crate::core::response::{Answer, Confidence};

/// One run of a person through the questions.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    pub id: SessionId,
    pub seat: usize,
    /// By slot.
    pub answers: Vec<GivenAnswer>,
    /// When it was finished, in Unix milliseconds on the person's clock.
    pub finished: Option<i64>,
    /// False if lines are missing.
    pub is_whole: bool,
    /// True if two files disagree about one of its events.
    pub is_contradictory: bool,
}

/// What a person gave for one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenAnswer {
    /// With the ids of the deck; `None` if nothing was answered, or if the question was changed.
    pub answer: Option<Answer>,
    pub confidence: Option<Confidence>,
    /// The reason, in the person's own words.
    pub reason: String,
    /// True if the person saw another question than the one that was sent. The answer is kept but not counted.
    pub is_changed: bool,
}

impl Attempt {
    /// Returns true if it was finished and no line is missing.
    pub fn is_complete(&self) -> bool {
        self.is_whole && self.finished.is_some()
    }

    /// Returns true if an answer was given to a question that was changed.
    pub fn has_changed(&self) -> bool {
        self.answers.iter().any(|given| given.is_changed)
    }
}
