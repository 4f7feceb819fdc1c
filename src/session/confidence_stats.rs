//! Counts of stated confidence, small enough to store with each session.

use serde::{Deserialize, Serialize};

use super::assessment::Assessment;
use super::machine::Session;
use crate::core::measure::Calibration;
use crate::core::response::Confidence;

/// For each confidence, from guess to sure: the number of answers and the number of correct ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfidenceStats([(u32, u32); Confidence::ALL.len()]);

impl ConfidenceStats {
    /// Counts the statements of one assessment.
    ///
    /// Counts only first exposures, because a person who has seen the key is sure of remembering it.
    pub fn of(session: &Session, assessment: &Assessment) -> Self {
        let mut stats = Self::default();
        for (slot, outcome) in assessment.outcomes.iter().enumerate() {
            if let Some(confidence) = session.sheet(slot).confidence
                && outcome.scored.is_some()
                && session.item(slot).fresh
            {
                let (n, right) = &mut stats.0[confidence as usize];
                *n += 1;
                *right += u32::from(outcome.is_right());
            }
        }
        stats
    }

    /// Adds the counts of another session.
    pub fn add(&mut self, other: &Self) {
        for (sum, term) in self.0.iter_mut().zip(other.0) {
            *sum = (sum.0.saturating_add(term.0), sum.1.saturating_add(term.1));
        }
    }

    /// Returns the calibration; `None` without statements.
    pub fn calibration(&self) -> Option<Calibration> {
        let answers = Confidence::ALL
            .iter()
            .zip(self.0)
            .flat_map(|(confidence, (n, right))| {
                let score = move |i| if i < right { 1.0 } else { 0.0 };
                (0..n).map(move |i| (confidence.probability(), score(i)))
            });
        Calibration::of(&answers.collect::<Vec<_>>())
    }
}
