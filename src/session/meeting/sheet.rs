//! The data recorded about one person: per question, and at the end of the session.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Rater, Round};
use crate::core::response::{Answer, Confidence};
use crate::core::time::Day;

/// The maximum number of agreements per person.
pub const MAX_AGREEMENTS: usize = 3;

/// The data recorded about one person for one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeatSheet {
    /// The answers of the first and second rounds.
    pub votes: [Option<Answer>; 2],
    /// The mentor's verdicts on answers given aloud in the first and second rounds: whether they were right.
    pub judged: [Option<bool>; 2],
    pub confidence: Option<Confidence>,
    /// The reason for the answer in the person's own words, if it was written.
    pub reason: String,
    /// Indices of the listening points that were heard.
    pub heard: BTreeSet<usize>,
    /// The level of reasoning by criterion, 0 to 3.
    pub levels: BTreeMap<usize, u8>,
    pub evidence: String,
    /// Points for an open answer, by rater and criterion.
    pub points: BTreeMap<(Rater, usize), u32>,
    /// The mentor's decision about bringing it back; `None` leaves it to the verdict.
    pub bring_back: Option<bool>,
}

impl SeatSheet {
    /// Returns the answer of a round.
    pub fn vote(&self, round: Round) -> Option<&Answer> {
        self.votes[round as usize].as_ref()
    }

    /// Returns the final answer: that of the second round, or of the first if there is no second one.
    pub fn last_vote(&self) -> Option<&Answer> {
        self.vote(Round::Second).or(self.vote(Round::First))
    }

    /// Returns true if the person voted in this round, or the mentor judged what they said aloud.
    pub fn has_answered(&self, round: Round) -> bool {
        self.vote(round).is_some() || self.judged[round as usize].is_some()
    }

    /// Returns the round of the final answer.
    pub(super) fn last_round(&self) -> Round {
        match self.has_answered(Round::Second) {
            true => Round::Second,
            false => Round::First,
        }
    }

    /// Returns the mean level of reasoning, 0 to 3; `None` if no level was given.
    pub fn reasoning(&self) -> Option<f64> {
        let sum: u32 = self.levels.values().map(|level| u32::from(*level)).sum();
        (!self.levels.is_empty()).then(|| f64::from(sum) / self.levels.len() as f64)
    }
}

/// What a person takes away from the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// The person's own summary.
    pub said: String,
    /// Each with an optional due date.
    pub agreements: [Option<(String, Option<Day>)>; MAX_AGREEMENTS],
    /// Whether each agreement was kept, if known.
    pub kept: [Option<bool>; MAX_AGREEMENTS],
    /// The agreements that were made after the session.
    pub later: Vec<LaterAgreement>,
    /// The mentor's private note.
    pub note: String,
}

/// An agreement that was made between this session and the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterAgreement {
    pub made: Day,
    pub text: String,
    pub due: Option<Day>,
    pub kept: Option<bool>,
}
