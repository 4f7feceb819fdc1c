//! What happened in a mentor's session, in the past tense.

use serde::{Deserialize, Serialize};

use crate::core::response::{Answer, Confidence};
use crate::core::time::{Day, Millis};

/// The first vote, or the one after talking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Round {
    #[default]
    First,
    Second,
}

/// Who gave points for an open answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rater {
    /// The one who answered.
    Own,
    Mentor,
}

/// `slot` is the place of a question in the form, `seat` that of a person at the table, both from 0.
///
/// A blank text takes back what was said before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// A question was put on the stage: the first vote begins.
    Asked {
        slot: usize,
    },
    /// The same question once more, after a hint or a talk: the second vote begins.
    AskedAgain,
    /// The answers of this round are in.
    Committed,
    /// With several: how many chose what, without saying what is right.
    SplitShown,
    /// Key, explanation and rationales are on the stage.
    Revealed,
    /// No more questions: what was agreed is written down together.
    Closing,
    /// One step was taken back, or the keyboard was handed back; what was answered and written stays.
    Undone,
    /// Each person answers at the keyboard in turn, instead of all at once by showing fingers.
    HotSeat {
        on: bool,
    },
    /// The one at the keyboard is done, and the next one comes.
    HandedOn,
    /// The person in the seat `turn` answers at the keyboard; `None` after the last one. Ends with the question, unlike
    /// [`Event::HotSeat`], which is recorded only to end it before. It is not about a person, so it outlives them.
    AtKeyboard {
        turn: Option<usize>,
    },
    /// A blank answer takes the vote back.
    Voted {
        slot: usize,
        round: Round,
        seat: usize,
        answer: Answer,
    },
    /// The vote replaces or withdraws an answer for which a confidence was stated; that confidence no longer holds.
    VoteChanged {
        slot: usize,
        round: Round,
        seat: usize,
        answer: Answer,
    },
    Confident {
        slot: usize,
        seat: usize,
        confidence: Option<Confidence>,
    },
    /// A point that the mentor listened for was heard.
    Heard {
        slot: usize,
        seat: usize,
        point: usize,
        on: bool,
    },
    /// How well a criterion was reasoned, 0 to 3.
    Reasoned {
        slot: usize,
        seat: usize,
        criterion: usize,
        level: Option<u8>,
    },
    /// What was said, in a line: the evidence for the levels.
    Evidence {
        slot: usize,
        seat: usize,
        text: String,
    },
    /// Points for a criterion of an open question.
    Rated {
        slot: usize,
        seat: usize,
        by: Rater,
        criterion: usize,
        points: Option<u32>,
    },
    /// To be asked again in a later session, or not.
    BringBack {
        slot: usize,
        seat: usize,
        on: bool,
    },
    /// The mentor's private note to a person.
    PersonNoted {
        seat: usize,
        text: String,
    },
    /// The mentor's note to a question.
    QuestionNoted {
        slot: usize,
        text: String,
    },
    /// What the person takes along, in their own words.
    Said {
        seat: usize,
        text: String,
    },
    /// One of up to three agreements, and until when.
    Agreed {
        seat: usize,
        place: usize,
        text: String,
        due: Option<Day>,
    },
    /// Whether what was agreed was kept; may be said long after the session.
    Kept {
        seat: usize,
        place: usize,
        kept: Option<bool>,
    },
    /// When the next session is.
    NextMeeting {
        day: Option<Day>,
    },
    Paused,
    Resumed,
    /// Wall time that was not charged.
    Gap {
        length: Millis,
    },
    /// Nothing but time went by.
    Ticked,
    Finished,
    Discarded,
    /// What stood here was about a person who has been erased.
    Erased,
}
