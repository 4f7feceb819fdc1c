//! The reasons why a request is refused, as sentences for the user.

use std::io;
use std::path::PathBuf;

use super::homework::{FormError, TakeError};
use crate::core::form::BadCode;
use crate::core::id::{DeckId, QuestionId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::store::StoreError;

/// The reason why there is no session, or nothing to show of one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Code(#[from] BadCode),
    #[error("there are no questions to ask: `aethos decks` lists the decks")]
    Nothing,
    #[error("there are no questions of this level: `--level any` draws from all levels")]
    NoneOfLevel,
    #[error(
        "the deck {0} is a draft, and an assessment asks only from complete decks: complete what `aethos check` lists, then \
         remove `draft = true` from its [deck]"
    )]
    Draft(DeckId),
    #[error(
        "you have seen all of these questions, and an adaptive assessment asks only new ones: \
         take a fixed form"
    )]
    NothingNew,
    #[error("session {0} can't be deepened: it is not a finished assessment")]
    NotFinished(SessionId),
    #[error("there is nothing to deepen: every competency has a score and a single level")]
    NothingOpen,
    #[error("you have seen every question on {0}: only new questions could tell more")]
    AllSeen(String),
    #[error(
        "there is nothing to practise here: answer some questions first, or choose another set"
    )]
    NothingToPractise,
    #[error(
        "{0} of the chosen questions have errors: fix their deck first; `aethos check` shows how"
    )]
    Broken(usize),
    #[error(
        "the deck {0} has errors, and none of its other questions can be asked: `aethos check {0}` shows what to fix"
    )]
    BrokenDeck(Text),
    /// Nothing to practise; the sentence contains a suggestion.
    #[error("{0}")]
    Idle(String),
    #[error("name at least one participant")]
    NobodyThere,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("session {0} can't be read: {1}")]
    Unreadable(SessionId, String),
    #[error("there is no session with this person{}", .0.map_or(String::new(), |day| format!(" since {day}")))]
    NoMeeting(Option<Day>),
    #[error("unknown person {0}: `aethos mentor people` lists the people")]
    NoPerson(String),
    #[error("question {0} has errors, is retired or is no longer in a deck: choose another one")]
    Gone(QuestionId),
    #[error("this question can't be read any more: its deck has changed")]
    Changed,
    #[error("unknown person {name:?}; {}", known_people(.known))]
    UnknownPerson { name: String, known: Vec<String> },
    #[error("the history lists no session {0}: `aethos history` shows their ids")]
    NotListed(String),
    #[error(
        "session {session} has not ended yet: {answered} of {questions} questions are answered; {}",
        after_end(.session, *.is_discarded)
    )]
    NotEnded {
        session: SessionId,
        answered: usize,
        questions: usize,
        is_discarded: bool,
    },
    #[error("there is no finished session yet: `aethos assess` starts one")]
    NothingFinished,
    #[error("unknown session {0:?}; `aethos history` lists the sessions")]
    NoSession(String),
    #[error("no unfinished session has the id {0:?}; `aethos history` lists the sessions")]
    NoOpenSession(String),
    #[error("no session is unfinished; `aethos` starts one")]
    NothingUnfinished,
    #[error("more than one session starts with {0:?}; `aethos history` lists the sessions")]
    Ambiguous(String),
    #[error("the homework can't be written: {0}")]
    Form(FormError),
    #[error("the results can't be collected: {0}")]
    Result(io::Error),
    #[error(transparent)]
    Take(TakeError),
    #[error("the settings can't be saved: {0}")]
    Settings(io::Error),
    #[error("the report can't be written: {0}")]
    Report(io::Error),
    #[error("{lost} The session was saved to {} instead.", .path.display())]
    Rescued { lost: StoreError, path: PathBuf },
    #[error("the last answers can't be saved: {lost} Saving to a new file failed as well: {why}")]
    NotRescued { lost: StoreError, why: StoreError },
}

/// Says how a session can be ended, so that it may be reported.
fn after_end(session: &SessionId, is_discarded: bool) -> String {
    match is_discarded {
        true => format!("`aethos history restore {session}` restores it"),
        false => {
            format!("resume it with `aethos history resume {session}`, and finish it to see this")
        }
    }
}

/// Returns the names that can be used instead of an unknown one.
fn known_people(names: &[String]) -> String {
    match names {
        [] => "nobody was added yet: `aethos mentor add NAME` adds a person".to_owned(),
        names => format!("known people: {}", names.join(", ")),
    }
}
