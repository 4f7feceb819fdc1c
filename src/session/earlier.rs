//! What a deepening continues: the answers that counted in the assessments before it.

use std::collections::BTreeMap;

use super::assessment::{Assessment, counted};
use super::machine::Session;
use crate::core::id::{CompetencyId, FacetId, SessionId};
use crate::core::measure::Parameters;
use crate::core::question::Level;
use crate::core::time::Millis;

/// The assessments that one continues, the first one first; empty for one that stands alone.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// Each with the number of its questions.
    pub sessions: Vec<(SessionId, usize)>,
    pub answers: Vec<Counted>,
    /// What the person said of themselves before the first of them.
    pub ratings: BTreeMap<CompetencyId, Level>,
}

/// An answer, or a blank, that counts for the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub parameters: Parameters,
    /// In [0, 1].
    pub score: f64,
    pub omitted: bool,
    pub spent: Millis,
}

impl Earlier {
    /// What an assessment leaves to the one that continues it: its own answers after those that it continued itself.
    pub fn after(id: SessionId, session: &Session, assessment: &Assessment) -> Self {
        let mut earlier = assessment.earlier.clone();
        earlier.sessions.push((id, session.len()));
        earlier.answers.extend(counted(session, &assessment.outcomes));
        let rated = assessment.scores.competencies.iter().filter_map(|line| Some((line.id.clone(), line.rating?)));
        earlier.ratings.extend(rated);
        earlier
    }

    pub fn of<'a>(&'a self, competency: &'a CompetencyId) -> impl Iterator<Item = &'a Counted> {
        self.answers.iter().filter(move |answer| answer.competency == *competency)
    }

    /// `40 + 14` for the numbers of questions of all parts, `own` being those of the last one.
    pub fn count(&self, own: usize) -> String {
        let parts = self.sessions.iter().map(|(_, n)| *n).chain([own]);
        parts.map(|n| n.to_string()).collect::<Vec<_>>().join(" + ")
    }
}
