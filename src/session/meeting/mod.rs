//! A mentor's session with one or several people, as a pure state machine: ask, commit, explain, reveal, discuss, close.
//!
//! The key is never shown before all participants have committed to an answer, so
//! the only path from a question to its key goes through the answers. [`Meeting`]
//! knows its current [`Step`] and the next one.

use serde::{Deserialize, Serialize};

use crate::core::form::SEEDS;
use crate::core::id::{DeckId, PersonId, QuestionId};

mod admit;
mod change;
pub mod chat;
mod cohort;
mod event;
mod keyboard;
mod levels;
mod machine;
mod prepare;
mod progress;
mod record;
mod room;
mod sheet;
pub mod stage;
mod tally;
#[cfg(test)]
mod tests;
mod verdict;

pub use admit::Rejected;
pub use change::{Direction, PairedChange};
pub use cohort::{Cohort, Column};
pub use event::{Event, Rater, Round};
pub use levels::{LevelChoice, LevelDraw, LevelRange, level_counts, level_of_group};
pub use machine::{Meeting, Seat, SeatName, Step};
pub use prepare::{BringBackCandidate, DEFAULT_QUESTIONS, DraftMeeting, MeetingCandidate};
pub use progress::{Agreement, BringBack, MentoringProgress, VerdictCounts};
pub use record::{
    AnswerRecord, BringBackReason, MIN_ANSWERS, MeetingRecord, RecordedQuestion, SeatRecord,
};
pub use room::{
    OwnSeat, ROOM_VERSION, RoomFrame, RoomMessage, RoomPlace, RoomVote, keyless, seated_line,
};
pub use sheet::{Closing, LaterAgreement, MAX_AGREEMENTS, SeatSheet};
pub use stage::Stage;
pub use tally::Tally;
pub use verdict::{Cue, MeetingVerdict, discussion_pairs, option_counts, vote_changes};

/// The participants as stored with the session. Only ids are stored, so erasing a person leaves no name behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    pub people: Vec<PersonId>,
}

/// The participants and questions of a prepared session, in the order of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingPlan {
    pub people: Vec<PersonId>,
    pub questions: Vec<(DeckId, QuestionId)>,
}

impl MeetingPlan {
    /// Returns the seed of its form, in [0, [`SEEDS`]). It depends only on the questions, so that a handout shows the
    /// options in the same order as the session.
    pub fn seed(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for (deck, question) in &self.questions {
            hasher.update(deck.as_str().as_bytes());
            hasher.update(b"/");
            hasher.update(question.as_str().as_bytes());
            hasher.update(b"\n");
        }
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(first) % SEEDS
    }
}
