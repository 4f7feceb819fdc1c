//! The verdicts by facet and the times of a report.

use super::review::Review;
use crate::core::blueprint::Blueprint;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::Session;
use crate::session::present::Verdict;

/// A competency with its facets, in the order of the blueprint.
#[derive(Clone, Debug)]
pub struct CompetencyFacets {
    pub title: Text,
    pub facets: Vec<FacetVerdicts>,
}

/// The verdicts on the questions of a facet; empty if none was reached.
#[derive(Clone, Debug)]
pub struct FacetVerdicts {
    pub title: Text,
    /// The number of each question in the form, from 1, with its verdict.
    pub verdicts: Vec<(usize, Verdict)>,
}

/// The time that a question took, and its fair time.
#[derive(Clone, Debug)]
pub struct QuestionTime {
    /// Its number in the form, from 1.
    pub number: usize,
    pub facet: Text,
    pub spent: Millis,
    /// The expected time to read, think and answer.
    pub fair: Millis,
}

/// Returns the verdicts by facet, for each competency of which a question was reached.
pub(super) fn facets(
    questions: &[Review],
    session: &Session,
    blueprint: &Blueprint,
) -> Vec<CompetencyFacets> {
    let verdicts = |id| -> Vec<(usize, Verdict)> {
        let of_facet = questions
            .iter()
            .filter(|review| session.item(review.number - 1).facet == id);
        of_facet
            .map(|review| (review.number, review.verdict))
            .collect()
    };
    let all = blueprint.competencies.iter().map(|competency| {
        let facets = competency.facets.iter().map(|facet| FacetVerdicts {
            title: facet.title.clone(),
            verdicts: verdicts(facet.id.clone()),
        });
        CompetencyFacets {
            title: competency.title.clone(),
            facets: facets.collect(),
        }
    });
    let is_asked = |competency: &CompetencyFacets| {
        let mut facets = competency.facets.iter();
        facets.any(|facet| !facet.verdicts.is_empty())
    };
    all.filter(is_asked).collect()
}

/// Returns the times of the questions that were reached.
pub(super) fn times(questions: &[Review], session: &Session) -> Vec<QuestionTime> {
    let time = |review: &Review| QuestionTime {
        number: review.number,
        facet: review.facet.clone(),
        spent: review.spent_ms,
        fair: Millis::seconds(session.question(review.number - 1).seconds.into()),
    };
    questions.iter().map(time).collect()
}
