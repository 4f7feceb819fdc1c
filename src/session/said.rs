//! What was said of the answers of many sessions, as little as has to be kept of it.

use serde::{Deserialize, Serialize};

use super::assessment::Assessment;
use super::machine::Session;
use crate::core::measure::Calibration;
use crate::core::response::Confidence;

/// For each statement, from guess to sure: of how many answers it was made, and how many of those were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said([(u32, u32); Confidence::ALL.len()]);

impl Said {
    /// The statements of one assessment.
    ///
    /// Only first exposures: who has read the key before is sure of remembering it, and that says nothing of whether
    /// one knows what one knows.
    pub fn of(session: &Session, assessment: &Assessment) -> Self {
        let mut said = Self::default();
        for (slot, outcome) in assessment.outcomes.iter().enumerate() {
            if let Some(confidence) = session.sheet(slot).confidence
                && outcome.scored.is_some()
                && session.item(slot).fresh
            {
                let (n, right) = &mut said.0[confidence as usize];
                *n += 1;
                *right += u32::from(outcome.is_right());
            }
        }
        said
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, term) in self.0.iter_mut().zip(other.0) {
            *sum = (sum.0.saturating_add(term.0), sum.1.saturating_add(term.1));
        }
    }

    /// `None` where nothing was said.
    pub fn calibration(&self) -> Option<Calibration> {
        let answers = Confidence::ALL.iter().zip(self.0).flat_map(|(confidence, (n, right))| {
            let score = move |i| if i < right { 1.0 } else { 0.0 };
            (0..n).map(move |i| (confidence.probability(), score(i)))
        });
        Calibration::of(&answers.collect::<Vec<_>>())
    }
}
