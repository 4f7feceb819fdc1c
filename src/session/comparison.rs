//! Comparison of an assessment with an earlier one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::assessment::Scores;
use crate::core::id::{CompetencyId, SessionId};
use crate::core::measure::Difference;

/// The differences between an assessment and an earlier one with other questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier assessment.
    pub session: SessionId,
    /// Its day, such as `21 Nov 2026`.
    pub day: String,
    /// `None` if the two asked about different competencies, or one of them has no score.
    pub overall: Option<Difference>,
    /// The competencies for which both have a score.
    pub competencies: BTreeMap<CompetencyId, Difference>,
    /// True if the two were scored on different editions of the built-in decks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub different_editions: bool,
}

impl Comparison {
    /// Compares two assessments; `None` if they have nothing in common. Both scores must refer to the same bank.
    pub fn between(
        session: SessionId,
        day: String,
        earlier: &Scores,
        later: &Scores,
    ) -> Option<Self> {
        let measured = |line: &super::assessment::CompetencyResult| {
            let before = earlier
                .competencies
                .iter()
                .find(|before| before.id == line.id)?
                .measure
                .as_ref()?;
            Some((
                line.id.clone(),
                Difference::of_measures(before, line.measure.as_ref()?),
            ))
        };
        let competencies: BTreeMap<_, _> = later.competencies.iter().filter_map(measured).collect();
        let asked = |scores: &Scores| -> Vec<CompetencyId> {
            scores
                .competencies
                .iter()
                .filter(|line| line.scored > 0)
                .map(|line| line.id.clone())
                .collect()
        };
        let overall = match (&earlier.overall, &later.overall) {
            (Some(before), Some(now)) if asked(earlier) == asked(later) => {
                Some(Difference::of_overalls(before, now))
            }
            _ => None,
        };
        (overall.is_some() || !competencies.is_empty()).then_some(Self {
            session,
            day,
            overall,
            competencies,
            different_editions: false,
        })
    }

    /// Returns the day of the earlier assessment, and whether the editions differ.
    pub fn earlier(&self) -> String {
        let note = if self.different_editions {
            ", scored on different editions"
        } else {
            ""
        };
        format!("{}{note}", self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_across_editions_says_so() {
        let mut comparison = Comparison {
            session: SessionId::new("2026-1"),
            day: "21 Nov 2026".to_owned(),
            overall: None,
            competencies: BTreeMap::new(),
            different_editions: false,
        };
        assert_eq!(comparison.earlier(), "21 Nov 2026");
        comparison.different_editions = true;
        assert_eq!(
            comparison.summary(&Scores::default()),
            "Since 21 Nov 2026, scored on different editions: no clear change."
        );
    }
}
