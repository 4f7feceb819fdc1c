//! The outcomes of single questions.

use serde::Serialize;

use crate::core::question::Kind;
use crate::core::scoring::{self, Scored};
use crate::session::machine::{Session, Sheet};

/// The status of a question at the end of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Answered,
    /// Shown and left blank. It scores 0 but is not reported as wrong.
    Omitted,
    /// On the screen and blank when the time ran out.
    TimedOut,
    NotReached,
}

/// The outcome of a question of the form.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub status: Status,
    /// `None` without an answer, and for open questions.
    pub scored: Option<Scored>,
    /// True if it counts for the score: asked in an assessment for the first time, not open, and not cut off by time.
    pub counts: bool,
}

impl Outcome {
    /// Returns the score, or 0 without one.
    pub fn value(&self) -> f64 {
        self.scored.as_ref().map_or(0.0, |s| s.value)
    }

    /// Returns true if the answer earned the full score.
    pub fn is_right(&self) -> bool {
        self.value() >= 1.0 - 1e-9
    }

    /// Returns true if it was scored and did not earn the full score.
    pub fn is_wrong(&self) -> bool {
        self.scored.is_some() && !self.is_right()
    }
}

impl Session {
    /// Returns the current outcome of a question.
    pub fn outcome(&self, slot: usize) -> Outcome {
        outcome(self, slot, self.sheet(slot), false)
    }
}

/// Returns the final outcome of each question.
pub fn outcomes_of(session: &Session) -> Vec<Outcome> {
    let cut_off = session
        .expiry()
        .filter(|expiry| !expiry.went_on)
        .and_then(|expiry| expiry.slot);
    outcomes_as_of(session, |sheet| sheet, cut_off)
}

/// Returns the outcome of each question at one moment. `as_of` returns the sheet at that moment; `cut_off` is the
/// question that was on the screen when the time ran out.
pub(super) fn outcomes_as_of(
    session: &Session,
    as_of: fn(&Sheet) -> &Sheet,
    cut_off: Option<usize>,
) -> Vec<Outcome> {
    (0..session.len())
        .map(|slot| {
            outcome(
                session,
                slot,
                as_of(session.sheet(slot)),
                cut_off == Some(slot),
            )
        })
        .collect()
}

fn outcome(session: &Session, slot: usize, sheet: &Sheet, is_cut_off: bool) -> Outcome {
    let (item, question) = (session.item(slot), session.question(slot));
    // Text that is not a number counts as blank, not as wrong.
    let answer = sheet
        .answer
        .as_ref()
        .filter(|answer| scoring::is_readable(question, answer));
    let status = match answer {
        Some(_) => Status::Answered,
        None if !sheet.shown => Status::NotReached,
        None if is_cut_off => Status::TimedOut,
        None => Status::Omitted,
    };
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let in_time = matches!(status, Status::Answered | Status::Omitted);
    Outcome {
        status,
        scored,
        counts: session.mode.counts()
            && item.fresh
            && item.kind != Kind::Open
            && in_time
            && session.withdrawal(slot).is_none(),
    }
}
