//! Homework: a form file without keys, the results that people send back, and the mentor's collection of them.
//!
//! A [`HomeworkForm`] is built only from [`Asked`](crate::session::present::Asked), which holds what may be seen before
//! an answer, so it can't contain a key. Each line of a result is an event with an id. [`Assignment`] unites lines by
//! id: their order, repetitions and lost lines don't matter.

mod assignment;
mod attempt;
mod event;
mod form;
mod line;
mod question;
mod record;
#[cfg(test)]
mod tests;

pub use assignment::{Assignment, AssignmentSetup, Judgement};
pub use attempt::{Attempt, GivenAnswer};
pub use event::Event;
pub use form::{BadForm, FORMAT, HomeworkForm, MAX_QUESTIONS, TakenHomework};
pub use line::{BadLine, ResultLine, read_line, result_lines};
pub use question::{FormQuestion, choice_fields, secret_order};
