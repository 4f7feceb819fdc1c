//! The bank: all questions that a score refers to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::core::id::CompetencyId;
use crate::core::measure::{Curve, Parameters};
use crate::core::question::{Level, Question};
use crate::core::scoring;

/// The bank of each competency, as counts of questions by level and chance level.
///
/// Stored with a result, so that a score keeps its meaning when decks change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bank(BTreeMap<CompetencyId, Vec<Group>>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    level: Level,
    chance: f64,
    count: u32,
}

impl Bank {
    /// Adds a question, unless it is open: open questions have no part in a score.
    pub fn add(&mut self, competency: &CompetencyId, question: &Question) {
        let Some(chance) = scoring::chance(question) else {
            return;
        };
        let groups = self.0.entry(competency.clone()).or_default();
        match groups
            .iter_mut()
            .find(|g| g.level == question.level && g.chance == chance)
        {
            Some(group) => group.count += 1,
            None => groups.push(Group {
                level: question.level,
                chance,
                count: 1,
            }),
        }
    }

    /// Returns the competencies that have questions.
    pub fn competencies(&self) -> impl Iterator<Item = &CompetencyId> {
        self.0.keys()
    }

    /// Returns true if the competency has questions.
    pub fn knows(&self, competency: &CompetencyId) -> bool {
        self.0.contains_key(competency)
    }

    /// Returns the competency's questions as groups with equal parameters and their counts.
    pub fn questions(&self, competency: &CompetencyId) -> Vec<(Parameters, usize)> {
        let groups = self
            .0
            .get(competency)
            .map(Vec::as_slice)
            .unwrap_or_default();
        groups
            .iter()
            .map(|g| (Parameters::of(g.level, g.chance), g.count as usize))
            .collect()
    }

    /// Returns the expected share of correct answers at each ability.
    pub fn curve(&self, competency: &CompetencyId) -> Curve {
        Curve::of(&self.questions(competency))
    }

    /// Adds the competencies of `other` that are missing here.
    pub fn adopt(&mut self, other: Self) {
        for (competency, groups) in other.0 {
            self.0.entry(competency).or_insert(groups);
        }
    }

    /// Returns true if a score in this competency means the same in both banks, within half a point.
    pub fn is_like(&self, other: &Self, competency: &CompetencyId) -> bool {
        let (own, others) = (self.curve(competency), other.curve(competency));
        own.points()
            .iter()
            .zip(others.points())
            .all(|(a, b)| (a - b).abs() <= 0.005)
    }
}
