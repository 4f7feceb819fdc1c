//! What stands of one person: at each question, and at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Rater, Round};
use crate::core::response::{Answer, Confidence};
use crate::core::time::Day;

/// Agreements that a person can leave with.
pub const AGREEMENTS: usize = 3;

/// What stands of one person at one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeatSheet {
    /// The answer of the first round and of the second.
    pub votes: [Option<Answer>; 2],
    pub confidence: Option<Confidence>,
    /// Points that were heard, by their place.
    pub heard: BTreeSet<usize>,
    /// Level of reasoning by criterion, 0 to 3.
    pub levels: BTreeMap<usize, u8>,
    pub evidence: String,
    /// Points for an open answer, by who gave them and criterion.
    pub points: BTreeMap<(Rater, usize), u32>,
    /// What the mentor decided; `None` leaves it to the verdict.
    pub bring_back: Option<bool>,
}

impl SeatSheet {
    pub fn vote(&self, round: Round) -> Option<&Answer> {
        self.votes[round as usize].as_ref()
    }

    /// The answer that stands: that of the second round, if there was one.
    pub fn last_vote(&self) -> Option<&Answer> {
        self.vote(Round::Second).or(self.vote(Round::First))
    }

    /// Mean level of reasoning, 0 to 3; `None` where none was given.
    pub fn reasoning(&self) -> Option<f64> {
        let sum: u32 = self.levels.values().map(|level| u32::from(*level)).sum();
        (!self.levels.is_empty()).then(|| f64::from(sum) / self.levels.len() as f64)
    }
}

/// What a person leaves with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// What was taken along, in their own words.
    pub said: String,
    /// Up to three, each with the day it is due.
    pub agreements: [Option<(String, Option<Day>)>; AGREEMENTS],
    /// Whether each of them was kept, once that is known.
    pub kept: [Option<bool>; AGREEMENTS],
    /// The mentor's private note.
    pub note: String,
}
