//! The events of a mentor's session.

use serde::{Deserialize, Serialize};

use super::room::RoomPlace;
use crate::core::id::PersonId;
use crate::core::response::{Answer, Confidence};
use crate::core::time::{Day, Millis};

/// The first vote, or the second one after a discussion.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Round {
    #[default]
    First,
    Second,
}

/// The person who gave points for an open answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rater {
    /// The person who answered.
    Own,
    Mentor,
}

/// An event of a mentor's session. `slot` is the index of a question in the form, `seat` the index of a participant.
///
/// A blank text clears the earlier one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// A question was shown and the first vote started.
    Asked {
        slot: usize,
    },
    /// The second vote on the same question started, after a hint or a discussion.
    AskedAgain,
    /// The answers of this round became final.
    Committed,
    /// The number of votes for each answer was shown, without the key. Only with several people.
    SplitShown,
    /// The key, explanation and rationales were shown.
    Revealed,
    /// The question was left without a reveal; it is not asked again and counts for nothing.
    Skipped,
    /// The closing started: no more questions, and agreements are written down.
    Closing,
    /// One step, or one turn at the keyboard, was undone. Answers and notes stay.
    Undone,
    /// The hot seat was switched on or off: people answer at the keyboard in turn instead of by showing fingers.
    HotSeat {
        on: bool,
    },
    /// The keyboard was passed to the next person.
    HandedOn,
    /// The person in the seat `turn` answers at the keyboard; `None` after the last one. Ends with the question, unlike
    /// [`Event::HotSeat`], which is recorded only to end it before. It is not about a person, so it outlives them.
    AtKeyboard {
        turn: Option<usize>,
    },
    /// Someone who was not planned takes part from here on, in the next free seat. `slot` is the question that is on the
    /// stage then. It is recorded by person and not by seat, so it outlives them: later seats keep their numbers.
    SeatAdded {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slot: Option<usize>,
    },
    /// A participant is absent, or is back. The session doesn't wait for the answer of an absent one.
    Away {
        seat: usize,
        away: bool,
    },
    /// A vote was recorded; a blank answer clears it.
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
    /// The mentor noted whether the answer that a person gave aloud was right; `None` withdraws that.
    Judged {
        slot: usize,
        round: Round,
        seat: usize,
        right: Option<bool>,
    },
    Confident {
        slot: usize,
        seat: usize,
        confidence: Option<Confidence>,
    },
    /// The person gave a reason for the answer, in one line.
    Explained {
        slot: usize,
        seat: usize,
        text: String,
    },
    /// A listening point was marked as heard, or unmarked.
    Heard {
        slot: usize,
        seat: usize,
        point: usize,
        on: bool,
    },
    /// The level of reasoning for a criterion, 0 to 3, was recorded.
    Reasoned {
        slot: usize,
        seat: usize,
        criterion: usize,
        level: Option<u8>,
    },
    /// The evidence for the levels was noted, in one line.
    Evidence {
        slot: usize,
        seat: usize,
        text: String,
    },
    /// Points were given for a criterion of an open question.
    Rated {
        slot: usize,
        seat: usize,
        by: Rater,
        criterion: usize,
        points: Option<u32>,
    },
    /// The mentor decided whether to bring the question back in a later session.
    BringBack {
        slot: usize,
        seat: usize,
        on: bool,
    },
    /// The mentor's private note about a person was changed.
    PersonNoted {
        seat: usize,
        text: String,
    },
    /// The mentor's note about a question was changed.
    QuestionNoted {
        slot: usize,
        text: String,
    },
    /// The person's own summary of the session was recorded.
    Said {
        seat: usize,
        text: String,
    },
    /// One of up to three agreements was made, with an optional due date.
    Agreed {
        seat: usize,
        place: usize,
        text: String,
        due: Option<Day>,
    },
    /// An agreement was marked as kept or not kept; possible long after the session.
    Kept {
        seat: usize,
        place: usize,
        kept: Option<bool>,
    },
    /// An agreement was made on a day after the session.
    AgreedLater {
        seat: usize,
        text: String,
        due: Option<Day>,
        day: Day,
    },
    /// A question that was to be brought back is not asked again; possible long after the session.
    Dropped {
        slot: usize,
        seat: usize,
    },
    /// The day of the next session was set.
    NextMeeting {
        day: Option<Day>,
    },
    /// The session was opened for people who join from elsewhere, or closed for them.
    Room {
        place: Option<RoomPlace>,
    },
    /// The mentor said to whom a name belongs: one in a chat, or one under which someone joined, with their login.
    Named {
        seat: usize,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
    },
    Paused,
    Resumed,
    /// A period that was not charged.
    Gap {
        length: Millis,
    },
    /// Time passed without another event.
    Ticked,
    Finished,
    Discarded,
    /// A placeholder for an event about a person who was erased.
    Erased,
}
