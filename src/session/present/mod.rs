//! A question as it is presented, the same in every output.
//!
//! [`Asked`] is everything a person may see before answering, [`Revealed`] everything they may see after it, and
//! [`respond`] turns what a person does into an answer. All three name options, steps and entries by their places as
//! shown. [`Asked::parts`] and [`Revealed::parts`] are lists of [`Part`]s: a writer that can draw each kind of part
//! can draw every type of question.

mod asked;
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
pub use revealed::{Key, Marks, Rating, Rationale, Revealed, Slip};
pub use verdict::Verdict;
