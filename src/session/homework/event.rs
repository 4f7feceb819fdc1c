//! The events of an assignment, the mentor's side of a homework.

use serde::{Deserialize, Serialize};

use super::line::ResultLine;

/// An event of an assignment. `slot` is the index of a question in the form, `seat` the index of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// The form with this question was written. Everyone it is for may have read it.
    Sent { slot: usize },
    /// A line of a result was collected.
    Received { seat: usize, line: Box<ResultLine> },
    /// The mentor's remark for the person; a blank text deletes it.
    Remarked {
        slot: usize,
        seat: usize,
        text: String,
    },
    /// The mentor's level for the reason, 0 to 3.
    Reasoned {
        slot: usize,
        seat: usize,
        level: Option<u8>,
    },
    /// The mentor's points for a criterion of an open question.
    Scored {
        slot: usize,
        seat: usize,
        criterion: usize,
        points: Option<u32>,
    },
    /// The mentor decided whether to bring the question back in a later session.
    BroughtBack { slot: usize, seat: usize, on: bool },
    /// A placeholder for an event about a person who was erased.
    Erased,
}
