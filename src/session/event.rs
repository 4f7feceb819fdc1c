//! What happened in a session, in the past tense. The log of events is the
//! session: replaying it gives the same state.

use serde::{Deserialize, Serialize};

use super::adaptive::Conclusion;
use crate::core::form::Item;
use crate::core::id::{ChoiceId, CompetencyId};
use crate::core::practice::Grade;
use crate::core::question::Level;
use crate::core::response::{Answer, Confidence};
use crate::core::time::Millis;

/// An event, and the time spent in the session when it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped<E = Event> {
    /// Time charged to the session so far; gaps and pauses are not in it.
    pub at: Millis,
    #[serde(flatten)]
    pub event: E,
}

/// `slot` is the place of a question in the form, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// The person rated themselves before the first question.
    Rated {
        competency: CompetencyId,
        level: Level,
    },
    /// The next question was chosen, of an adaptive session or of practice.
    Drawn {
        item: Item,
    },
    /// A session that grows asks no more.
    Concluded {
        because: Conclusion,
    },
    Shown {
        slot: usize,
    },
    /// The answer as it stands now; a blank one takes the answer back.
    Answered {
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
    /// An option was struck out, or no longer is.
    Struck {
        slot: usize,
        choice: ChoiceId,
        on: bool,
    },
    /// The person's own points for a criterion of an open question.
    RubricRated {
        slot: usize,
        criterion: usize,
        points: u32,
    },
    Noted {
        slot: usize,
        text: String,
    },
    /// Practice: the answer is final, and what is right is shown.
    Revealed {
        slot: usize,
    },
    /// Practice: how well it was remembered; a later grade of the same question takes the place of an earlier one.
    Graded {
        slot: usize,
        grade: Grade,
    },
    /// The person holds the question, or its key, to be wrong; no reason takes that back.
    Disputed {
        slot: usize,
        reason: String,
    },
    /// Practice: the question is hidden and time stands still.
    Paused,
    Resumed,
    /// Wall time that went by without the session being charged: a suspended machine, a stopped or ended process.
    Gap {
        length: Millis,
    },
    /// Nothing but time went by; keeps the clock durable between answers.
    Ticked,
    /// The limit was reached.
    Expired,
    /// After expiry, or when the minutes of practice were over, the person chose to go on without a clock.
    WentOn,
    Finished,
    /// Given up: kept, but never scored.
    Discarded,
}
