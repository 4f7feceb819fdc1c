//! The lines of a result file: one event each, with an id and a checksum.

use serde::{Deserialize, Serialize};

use crate::core::id::{Fingerprint, SessionId};
use crate::core::response::Answer;
use crate::session::{Event, Session, Stamped};

/// The longest line, in bytes.
pub const MAX_LINE: usize = 100_000;
/// The longest note or typed answer, in bytes.
const MAX_TEXT: usize = 64 * 1024;
/// The largest number of events of an attempt.
const MAX_EVENTS: u32 = 100_000;
/// The number of hexadecimal digits of a checksum.
const SUM: usize = 8;

/// An event of an attempt at a homework. Its id is the attempt and its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultLine {
    pub form: SessionId,
    pub seat: usize,
    pub attempt: SessionId,
    /// Its number in the attempt, from 0 without holes.
    pub n: u32,
    /// Unix milliseconds on the clock of the person.
    pub wall: i64,
    /// The hash of the question that it is about, as the person saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Fingerprint>,
    #[serde(flatten)]
    pub stamped: Stamped,
}

/// The reason why a line is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum BadLine {
    #[error("it is damaged or was changed: the checksum does not match")]
    Damaged,
    #[error("it is no event of a result")]
    NoEvent,
    #[error("it belongs to another homework")]
    Foreign,
    #[error("it is from someone the homework is not for")]
    NoSuchPerson,
    #[error("the person was forgotten")]
    Forgotten,
    #[error("it refers to a question that the homework does not have")]
    NoSuchQuestion,
    #[error("its answer does not fit the question")]
    AnswerMismatch,
    #[error("it is too long")]
    TooLong,
}

/// Returns true for an event that a result has.
fn is_of_result(event: &Event) -> bool {
    let is_of_session = matches!(event, Event::Expired | Event::WentOn | Event::Finished);
    is_of_session || slot_of(event).is_some()
}

/// Returns the slot of the question that an event of a result is about.
fn slot_of(event: &Event) -> Option<usize> {
    match event {
        Event::Shown { slot }
        | Event::Answered { slot, .. }
        | Event::AnswerChanged { slot, .. }
        | Event::Confident { slot, .. }
        | Event::Noted { slot, .. } => Some(*slot),
        _ => None,
    }
}

impl ResultLine {
    /// Returns the slot of the question that it is about.
    pub fn slot(&self) -> Option<usize> {
        slot_of(&self.stamped.event)
    }

    /// Formats the line: its checksum and its content as JSON.
    pub fn to_text(&self) -> String {
        // All fields have a JSON form.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{} {json}", sum(&json))
    }

    /// Checks the parts that need no knowledge of the homework.
    fn check(&self) -> Result<(), BadLine> {
        if !is_of_result(&self.stamped.event) || self.n >= MAX_EVENTS {
            return Err(BadLine::NoEvent);
        }
        let length = match &self.stamped.event {
            Event::Noted { text, .. } => text.len(),
            Event::Answered { answer, .. } | Event::AnswerChanged { answer, .. } => match answer {
                Answer::Number(text)
                | Answer::Number2(text)
                | Answer::Number3(text)
                | Answer::Written(text) => text.len(),
                _ => 0,
            },
            _ => 0,
        };
        let ids = self.form.as_str().len().max(self.attempt.as_str().len());
        if length > MAX_TEXT || ids > MAX_TEXT / 100 {
            return Err(BadLine::TooLong);
        }
        Ok(())
    }
}

fn sum(json: &str) -> String {
    Fingerprint::of(json).to_string()[..SUM].to_owned()
}

/// Parses a line of a result; `None` for a blank line or a comment.
///
/// # Errors
/// The line is damaged, or is no event of a result.
pub fn read_line(line: &str) -> Option<Result<ResultLine, BadLine>> {
    let line = line.trim_start_matches('\u{feff}').trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    Some(read_event(line))
}

fn read_event(line: &str) -> Result<ResultLine, BadLine> {
    if line.len() > MAX_LINE {
        return Err(BadLine::TooLong);
    }
    let (given, json) = line.split_once(' ').ok_or(BadLine::Damaged)?;
    if given != sum(json) {
        return Err(BadLine::Damaged);
    }
    let line: ResultLine = serde_json::from_str(json).map_err(|_| BadLine::NoEvent)?;
    line.check()?;
    Ok(line)
}

/// Returns the lines of an attempt, from the log of its session with the times of its events.
pub fn result_lines(
    form: &SessionId,
    seat: usize,
    attempt: &SessionId,
    session: &Session,
    log: &[(i64, Stamped)],
) -> Vec<ResultLine> {
    let events = log
        .iter()
        .filter(|(_, stamped)| is_of_result(&stamped.event));
    (0..)
        .zip(events)
        .map(|(n, (wall, stamped))| ResultLine {
            form: form.clone(),
            seat,
            attempt: attempt.clone(),
            n,
            wall: *wall,
            hash: slot_of(&stamped.event)
                .and_then(|slot| session.form.items.get(slot))
                .map(|item| item.fingerprint),
            stamped: stamped.clone(),
        })
        .collect()
}
