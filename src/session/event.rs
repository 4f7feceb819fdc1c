//! Events: what happened in a session, in the past tense. Replaying the log of events
//! restores the session.

use serde::{Deserialize, Serialize};

use super::adaptive::Conclusion;
use crate::core::form::Item;
use crate::core::id::{ChoiceId, CompetencyId};
use crate::core::practice::Grade;
use crate::core::question::Level;
use crate::core::response::{Answer, Confidence};
use crate::core::time::Millis;

/// An event with the session time at which it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped<E = Event> {
    /// The time charged to the session so far, without gaps and pauses.
    pub at: Millis,
    #[serde(flatten)]
    pub event: E,
}

/// An event of a session; `slot` is the index of a question in the form, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// The person rated themselves before the first question.
    Rated {
        competency: CompetencyId,
        level: Level,
    },
    /// The next question of an adaptive or practice session was chosen.
    Drawn {
        item: Item,
    },
    /// An adaptive or practice session has no more questions.
    Concluded {
        because: Conclusion,
    },
    Shown {
        slot: usize,
    },
    /// The current answer; a blank one withdraws the answer.
    Answered {
        slot: usize,
        answer: Answer,
    },
    /// The answer replaces or withdraws one for which a confidence was stated; that confidence no longer holds.
    /// Logs of version 0.1 have `Answered` instead, which keeps the confidence.
    AnswerChanged {
        slot: usize,
        answer: Answer,
    },
    Confident {
        slot: usize,
        confidence: Option<Confidence>,
    },
    Flagged {
        slot: usize,
        on: bool,
    },
    /// An option was struck out or restored.
    Struck {
        slot: usize,
        choice: ChoiceId,
        on: bool,
    },
    /// The person rated a criterion of their own open answer.
    RubricRated {
        slot: usize,
        criterion: usize,
        points: u32,
    },
    Noted {
        slot: usize,
        text: String,
    },
    /// Practice: the answer is final and the key is shown.
    Revealed {
        slot: usize,
    },
    /// Practice: how well the answer was remembered; a later grade replaces an earlier one.
    Graded {
        slot: usize,
        grade: Grade,
    },
    /// The person disputes the question or its key; an empty reason withdraws the dispute.
    Disputed {
        slot: usize,
        reason: String,
    },
    /// Practice: the grade does not count, as if the question had not been answered.
    GradeTakenBack {
        slot: usize,
    },
    /// Practice: the question was suspended, or is asked again.
    Suspended {
        slot: usize,
        on: bool,
    },
    /// Practice: the question is hidden and the clock is stopped.
    Paused,
    Resumed,
    /// Wall time that was not charged: the machine was suspended, or the process was stopped or ended.
    Gap {
        length: Millis,
    },
    /// Only time passed; saves the clock between answers.
    Ticked,
    /// The time limit was reached.
    Expired,
    /// The person chose to continue without a clock after the time was up.
    WentOn,
    Finished,
    /// The session was discarded; it is stored but never scored.
    Discarded,
}
