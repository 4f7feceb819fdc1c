//! What has changed since the assessment before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::assessment::Scores;
use crate::core::id::{CompetencyId, SessionId};
use crate::core::measure::Difference;

/// An assessment compared with an earlier one of other questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// The earlier one.
    pub session: SessionId,
    /// Its day, such as `21 Nov 2026`.
    pub day: String,
    /// `None` where the two asked about different competencies, or one of them has no score.
    pub overall: Option<Difference>,
    /// Those that both have a score of.
    pub competencies: BTreeMap<CompetencyId, Difference>,
}

impl Since {
    /// Both scores must refer to the same bank; `None` where nothing can be compared.
    pub fn between(session: SessionId, day: String, earlier: &Scores, later: &Scores) -> Option<Self> {
        let measured = |line: &super::assessment::CompetencyResult| {
            let before = earlier.competencies.iter().find(|before| before.id == line.id)?.measure.as_ref()?;
            Some((line.id.clone(), Difference::of_measures(before, line.measure.as_ref()?)))
        };
        let competencies: BTreeMap<_, _> = later.competencies.iter().filter_map(measured).collect();
        let asked = |scores: &Scores| -> Vec<CompetencyId> {
            scores.competencies.iter().filter(|line| line.scored > 0).map(|line| line.id.clone()).collect()
        };
        let overall = match (&earlier.overall, &later.overall) {
            (Some(before), Some(now)) if asked(earlier) == asked(later) => Some(Difference::of_overalls(before, now)),
            _ => None,
        };
        (overall.is_some() || !competencies.is_empty()).then_some(Self { session, day, overall, competencies })
    }
}
