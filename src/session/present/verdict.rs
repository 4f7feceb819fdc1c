//! The verdict on an answer.

use serde::Serialize;

use super::part::Mark;
use crate::core::practice::Grade;
use crate::session::Session;
use crate::session::assessment::{Outcome, Status};

/// The verdict on a question of an assessment or practice session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Right,
    /// Earned part of the score.
    Partly,
    Wrong,
    /// An answered open question, which people rate.
    Written,
    /// A card that the person knew, by their own grade.
    Recalled,
    /// A card that the person has not graded yet.
    Ungraded,
    /// Marked as not known in practice.
    Unknown,
    Omitted,
    TimedOut,
    NotReached,
}

impl Verdict {
    /// Returns the verdict of an outcome.
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

    /// Returns the verdict on a question of a session. A revealed question without an answer is not known, unless it is a
    /// card.
    pub fn in_session(session: &Session, slot: usize, outcome: &Outcome) -> Self {
        let sheet = session.sheet(slot);
        if session.question(slot).interaction.is_card() && sheet.revealed {
            return match sheet.grade {
                None => Verdict::Ungraded,
                Some(Grade::Again) => Verdict::Unknown,
                Some(_) => Verdict::Recalled,
            };
        }
        match Self::of(outcome) {
            Verdict::Omitted if session.sheet(slot).revealed => Verdict::Unknown,
            verdict => verdict,
        }
    }

    /// Returns the verdict in words.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Partly => "partly right",
            Verdict::Wrong => "wrong",
            Verdict::Written => "written",
            Verdict::Recalled => "known",
            Verdict::Ungraded => "not graded yet",
            Verdict::Unknown => "didn't know",
            Verdict::Omitted => "omitted",
            Verdict::TimedOut => "time ran out",
            Verdict::NotReached => "not reached",
        }
    }

    /// Returns the mark of the verdict.
    pub fn mark(self) -> Mark {
        match self {
            Verdict::Right | Verdict::Recalled => Mark::Right,
            Verdict::Partly => Mark::Partly,
            Verdict::Wrong => Mark::Wrong,
            Verdict::Written | Verdict::Ungraded => Mark::Given,
            Verdict::Unknown | Verdict::Omitted | Verdict::TimedOut => Mark::Blank,
            Verdict::NotReached => Mark::Unseen,
        }
    }
}
