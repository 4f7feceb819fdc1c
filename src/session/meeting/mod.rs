//! A mentor's session with one junior or several, as a pure state machine: ask, commit, say why, reveal, talk, close.
//!
//! The protocol is what works: nobody sees what is right before everybody has
//! committed to an answer. So the machine has no way from a question to its key
//! but through the answers, and [`Meeting`] tells at any moment which [`Step`]
//! it stands at, and which one comes next.

use crate::core::id::{DeckId, PersonId, QuestionId};

mod event;
mod machine;
mod verdict;

pub use event::{Event, Rater, Round};
pub use machine::{Closing, Meeting, Refused, Seat, SeatSheet, Step};
pub use verdict::{Cue, Verdict, movement, pairs, split};

/// What a mentor prepared: who comes, and what will be asked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub people: Vec<PersonId>,
    pub questions: Vec<(DeckId, QuestionId)>,
}
