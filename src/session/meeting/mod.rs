//! A mentor's session with one junior or several, as a pure state machine: ask, commit, say why, reveal, talk, close.
//!
//! The protocol is what works: nobody sees what is right before everybody has
//! committed to an answer. So the machine has no way from a question to its key
//! but through the answers, and [`Meeting`] tells at any moment which [`Step`]
//! it stands at, and which one comes next.

use serde::{Deserialize, Serialize};

use crate::core::id::{DeckId, PersonId, QuestionId};

mod admit;
pub mod day;
mod event;
mod machine;
pub mod reveal;
pub mod stage;
mod tally;
#[cfg(test)]
mod tests;
mod verdict;

pub use admit::Refused;
pub use event::{Event, Rater, Round};
pub use machine::{AGREEMENTS, Closing, Meeting, Seat, SeatSheet, Step};
pub use stage::Stage;
pub use tally::Tally;
pub use verdict::{Cue, Verdict, movement, pairs, split};

/// Who sits at the table, as it is kept with the session: numbers only, so that a person who is forgotten leaves no
/// name behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub people: Vec<PersonId>,
}

/// What a mentor prepared: who comes, and what will be asked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub people: Vec<PersonId>,
    pub questions: Vec<(DeckId, QuestionId)>,
}
