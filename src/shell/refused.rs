//! The reasons why a request is refused, as sentences for the user.

use std::io;
use std::path::PathBuf;

use crate::core::form::BadCode;
use crate::core::id::{QuestionId, SessionId};
use crate::store::StoreError;

/// The reason why there is no session, or nothing to show of one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Code(#[from] BadCode),
    #[error("there is no question to ask: `aethos decks` lists what there is")]
    Nothing,
    #[error(
        "an adaptive assessment asks only what you have never seen, and here that is nothing: take a fixed form"
    )]
    NothingNew,
    #[error("the session {0} is no finished assessment: only such a one can be deepened")]
    NotFinished(SessionId),
    #[error("there is nothing to deepen: every competency has a score and a single level")]
    NothingOpen,
    #[error("you have seen every question there is on {0}: new ones would be needed to know more")]
    AllSeen(String),
    #[error(
        "there is nothing to practise here: answer some questions first, or choose something else"
    )]
    NothingToPractise,
    #[error(
        "{0} questions were drawn that turned out to be broken: mend their deck first, `aethos check` shows how"
    )]
    Broken(usize),
    /// Nothing to practise; the sentence contains a suggestion.
    #[error("{0}")]
    Idle(String),
    #[error("nobody comes: name at least one person")]
    NobodyThere,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the session {0} cannot be read back: {1}")]
    Unreadable(SessionId, String),
    #[error("there is no person {0}: `aethos mentor people` lists those there are")]
    NoPerson(String),
    #[error("the question {0} is broken, retired or no longer in a deck: choose another one")]
    Gone(QuestionId),
    #[error("this question cannot be read any more: its deck has changed")]
    Changed,
    #[error("there is no person {name:?}: there are {}", .known.join(", "))]
    UnknownPerson { name: String, known: Vec<String> },
    #[error("there is no finished session yet")]
    NothingFinished,
    #[error("there is no session {0:?}; `aethos history` lists them")]
    NoSession(String),
    #[error("more than one session begins with {0:?}; `aethos history` lists them")]
    Ambiguous(String),
    #[error("the settings could not be kept: {0}")]
    Settings(io::Error),
    #[error("the report could not be written: {0}")]
    Report(io::Error),
    #[error("{lost} The session was saved to {} instead.", .path.display())]
    Rescued { lost: StoreError, path: PathBuf },
    #[error(
        "the last answers could not be saved: {lost} A new file beside it failed as well: {why}"
    )]
    NotRescued { lost: StoreError, why: StoreError },
}
