//! All questions that a score speaks about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::core::id::CompetencyId;
use crate::core::measure::{Curve, Parameters};
use crate::core::question::{Level, Question};
use crate::core::scoring;

/// The whole bank of each competency as the score needs it: how many questions of which level and chance level.
///
/// Kept with a result, so that a score means the same after the decks have changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bank(BTreeMap<CompetencyId, Vec<Group>>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Group {
    level: Level,
    chance: f64,
    count: u32,
}

impl Bank {
    /// Counts a question in; open ones are no part of a score.
    pub fn add(&mut self, competency: &CompetencyId, question: &Question) {
        let Some(chance) = scoring::chance(question) else { return };
        let groups = self.0.entry(competency.clone()).or_default();
        match groups.iter_mut().find(|g| g.level == question.level && g.chance == chance) {
            Some(group) => group.count += 1,
            None => groups.push(Group { level: question.level, chance, count: 1 }),
        }
    }

    /// Those that there are questions of.
    pub fn competencies(&self) -> impl Iterator<Item = &CompetencyId> {
        self.0.keys()
    }

    /// There are questions of this competency.
    pub fn knows(&self, competency: &CompetencyId) -> bool {
        self.0.contains_key(competency)
    }

    /// The competency's questions in groups of so many with equal parameters.
    pub fn questions(&self, competency: &CompetencyId) -> Vec<(Parameters, usize)> {
        let groups = self.0.get(competency).map(Vec::as_slice).unwrap_or_default();
        groups.iter().map(|g| (Parameters::of(g.level, g.chance), g.count as usize)).collect()
    }

    /// The share of the competency's questions that is expected at each ability.
    pub fn curve(&self, competency: &CompetencyId) -> Curve {
        Curve::of(&self.questions(competency))
    }

    /// Takes over the competencies that it does not know.
    pub fn adopt(&mut self, other: Self) {
        for (competency, groups) in other.0 {
            self.0.entry(competency).or_insert(groups);
        }
    }

    /// A score in this competency means the same in both, to half a point.
    pub fn is_like(&self, other: &Self, competency: &CompetencyId) -> bool {
        let (own, others) = (self.curve(competency), other.curve(competency));
        own.points().iter().zip(others.points()).all(|(a, b)| (a - b).abs() <= 0.005)
    }
}
