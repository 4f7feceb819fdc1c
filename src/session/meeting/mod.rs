//! A mentor's session with one junior or several, as a pure state machine: ask, commit, say why, reveal, talk, close.
//!
//! The protocol is what works: nobody sees what is right before everybody has
//! committed to an answer. So the machine has no way from a question to its key
//! but through the answers, and [`Meeting`] tells at any moment which [`Step`]
//! it stands at, and which one comes next.

mod event;
mod machine;
mod verdict;

pub use event::{Event, Rater, Round};
pub use machine::{Closing, Meeting, Refused, Seat, SeatSheet, Step};
pub use verdict::{Cue, Verdict, movement, pairs, split};
