//! A mentor's session with one junior or several, as a pure state machine: ask, commit, say why, reveal, talk, close.
//!
//! The protocol is what works: nobody sees what is right before everybody has
//! committed to an answer. So the machine has no way from a question to its key
//! but through the answers, and [`Meeting`] tells at any moment which [`Step`]
//! it stands at, and which one comes next.

use serde::{Deserialize, Serialize};

use crate::core::form::SEEDS;
use crate::core::id::{DeckId, PersonId, QuestionId};

mod admit;
mod change;
mod cohort;
mod event;
mod growth;
mod machine;
mod prepare;
mod record;
mod sheet;
pub mod stage;
mod tally;
#[cfg(test)]
mod tests;
mod verdict;

pub use admit::Refused;
pub use change::{Change, Direction};
pub use cohort::{Cohort, Column};
pub use event::{Event, Rater, Round};
pub use growth::{Agreement, BringBack, Growth, Slips};
pub use machine::{Meeting, Seat, Step};
pub use prepare::{Back, Offer, Table, USUAL};
pub use record::{Asked, ENOUGH, Mark, Reason, Record, SeatRecord};
pub use sheet::{AGREEMENTS, Closing, SeatSheet};
pub use stage::Stage;
pub use tally::Tally;
pub use verdict::{Cue, Verdict, movement, pairs, split};

/// Who sits at the table, as it is kept with the session: numbers only, so that a person who is forgotten leaves no
/// name behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    pub people: Vec<PersonId>,
}

/// What a mentor prepared: who comes, and what will be asked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub people: Vec<PersonId>,
    pub questions: Vec<(DeckId, QuestionId)>,
}

impl Plan {
    /// The seed of its form, in [0, [`SEEDS`]): a handout then has the options in the order of the session.
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
