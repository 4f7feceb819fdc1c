//! Homework: writing forms, taking them, and collecting the results.

mod assign;
mod collect;
mod file;
mod quarantine;
mod take;

pub use assign::{AssignRequest, Assigned};
pub use collect::{Collected, HomeworkStatus};
pub use file::{FormError, read_form};
pub use take::{PreparedHomework, TakeError};
