//! The presentation of questions, shared by all outputs.
//!
//! [`Asked`] is the part visible before answering and [`Revealed`] the part visible after it. [`respond`] turns the
//! actions of a person into an answer. All three refer to options, steps and entries by their displayed positions.
//! [`Asked::parts`] and [`Revealed::parts`] are lists of [`Part`]s: a writer that can draw each kind of part
//! can draw every type of question.

mod asked;
mod keyless;
mod lines;
mod part;
mod places;
mod presented;
mod respond;
mod revealed;
#[cfg(test)]
mod tests;
mod verdict;

pub use asked::{Asked, Body};
pub use lines::{Line, lines};
pub use part::{Entry, Mark, Part};
pub use places::{Places, letter};
pub use presented::Presented;
pub use respond::{Intent, Response, respond};
pub use revealed::{Key, KnownMistake, Marks, Rating, Rationale, Revealed};
pub use verdict::Verdict;
