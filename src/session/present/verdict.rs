//! What became of an answer, in one word.

use serde::Serialize;

use super::part::Mark;
use crate::session::Session;
use crate::session::assessment::{Outcome, Status};

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Right,
    /// Earned something, not everything.
    Partly,
    Wrong,
    /// An open question: rated by people, never by the program.
    Written,
    /// The person said in practice that they do not know it.
    Unknown,
    Omitted,
    TimedOut,
    NotReached,
}

impl Verdict {
    pub fn of(outcome: &Outcome) -> Self {
        match (outcome.status, &outcome.scored) {
            (Status::Omitted, _) => Verdict::Omitted,
            (Status::TimedOut, _) => Verdict::TimedOut,
            (Status::NotReached, _) => Verdict::NotReached,
            (Status::Answered, None) => Verdict::Written,
            (Status::Answered, Some(_)) if outcome.is_right() => Verdict::Right,
            (Status::Answered, Some(scored)) if scored.value > 0.0 => Verdict::Partly,
            (Status::Answered, Some(_)) => Verdict::Wrong,
        }
    }

    /// Returns the verdict on a question of a session; a blank answer that was revealed is one that was not known.
    pub fn in_session(session: &Session, slot: usize, outcome: &Outcome) -> Self {
        match Self::of(outcome) {
            Verdict::Omitted if session.sheet(slot).revealed => Verdict::Unknown,
            verdict => verdict,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Partly => "partly right",
            Verdict::Wrong => "wrong",
            Verdict::Written => "written",
            Verdict::Unknown => "not known",
            Verdict::Omitted => "omitted",
            Verdict::TimedOut => "time ran out",
            Verdict::NotReached => "not reached",
        }
    }

    pub fn mark(self) -> Mark {
        match self {
            Verdict::Right => Mark::Right,
            Verdict::Partly => Mark::Partly,
            Verdict::Wrong => Mark::Wrong,
            Verdict::Written => Mark::Given,
            Verdict::Unknown | Verdict::Omitted | Verdict::TimedOut => Mark::Blank,
            Verdict::NotReached => Mark::Unseen,
        }
    }
}
