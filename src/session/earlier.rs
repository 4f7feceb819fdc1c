//! The answers of earlier assessments that a deepening continues.

use std::collections::BTreeMap;

use super::assessment::{Assessment, counted};
use super::machine::Session;
use crate::core::id::{CompetencyId, FacetId, SessionId};
use crate::core::measure::Parameters;
use crate::core::question::Level;
use crate::core::time::Millis;

/// The assessments that this one continues, oldest first; empty for an independent assessment.
#[derive(Clone, Debug, Default)]
pub struct EarlierAnswers {
    /// The sessions, with their numbers of questions.
    pub sessions: Vec<(SessionId, usize)>,
    pub answers: Vec<CountedAnswer>,
    /// The person's self-ratings before the first session.
    pub ratings: BTreeMap<CompetencyId, Level>,
}

/// An answered or omitted question that counts for the score.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedAnswer {
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub parameters: Parameters,
    /// In [0, 1].
    pub score: f64,
    pub omitted: bool,
    pub spent: Millis,
}

impl EarlierAnswers {
    /// Returns the answers that the next deepening of this assessment continues, including inherited ones.
    pub fn after(id: SessionId, session: &Session, assessment: &Assessment) -> Self {
        let mut earlier = assessment.earlier.clone();
        earlier.sessions.push((id, session.len()));
        earlier
            .answers
            .extend(counted(session, &assessment.outcomes));
        let rated = assessment
            .scores
            .competencies
            .iter()
            .filter_map(|line| Some((line.id.clone(), line.rating?)));
        earlier.ratings.extend(rated);
        earlier
    }

    pub fn of<'a>(
        &'a self,
        competency: &'a CompetencyId,
    ) -> impl Iterator<Item = &'a CountedAnswer> {
        self.answers
            .iter()
            .filter(move |answer| answer.competency == *competency)
    }

    /// Formats the question counts of all parts, such as `40 + 14`; `own` is the count of the last part.
    pub fn count(&self, own: usize) -> String {
        let parts = self.sessions.iter().map(|(_, n)| *n).chain([own]);
        parts.map(|n| n.to_string()).collect::<Vec<_>>().join(" + ")
    }
}
