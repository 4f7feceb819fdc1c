//! The scores of competencies and the overall score.

use std::collections::BTreeSet;

use serde::Serialize;

use super::outcome::{Outcome, Status, outcomes_as_of};
use crate::core::blueprint::{Blueprint, Competency};
use crate::core::id::CompetencyId;
use crate::core::measure::{
    Curve, Estimator, Measure, Need, Overall, Parameters, Posterior, missing_for_score, needed,
};
use crate::core::question::{Kind, Level};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::bank::Bank;
use crate::session::earlier::{CountedAnswer, EarlierAnswers};
use crate::session::machine::Session;

/// The minimum number of answered questions for an overall score; omitted questions don't count.
pub const MIN_ANSWERED_OVERALL: usize = 12;

/// The scores at one moment of the session.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scores {
    pub overall: Option<Overall>,
    /// What the overall score still lacks; `None` if there is a score.
    pub shortfall: Option<Shortfall>,
    pub competencies: Vec<CompetencyResult>,
}

/// The answers that an overall score still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// The number of further answers, in any competency.
    pub answers: usize,
    /// The number of further competencies that need an answer, so that competencies with answers have half of the weight.
    pub competencies: usize,
}

/// The result of a competency.
#[derive(Clone, Debug, Serialize)]
pub struct CompetencyResult {
    pub id: CompetencyId,
    pub title: Text,
    /// The number of questions of the form, except open ones, plus the earlier ones.
    pub planned: usize,
    /// The number of them that count for the score.
    pub scored: usize,
    /// The number of counting questions that were not left blank.
    pub answered: usize,
    /// The number of counting questions from the assessments that this one continues.
    pub earlier: usize,
    /// The sum of the scores of the counting questions.
    pub points: f64,
    /// The score expected from guessing all questions of the bank, in percent.
    pub chance: f64,
    pub omitted: usize,
    pub not_reached: usize,
    pub facets_touched: usize,
    pub facets: usize,
    pub spent: Millis,
    /// `None` below [`MIN_SCORED`](crate::core::measure::MIN_SCORED) scored questions, or without any answer.
    pub measure: Option<Measure>,
    /// The number of further questions that a single level needs; `None` if there are only open questions.
    pub need: Option<Need>,
    /// The person's self-rating before the first question.
    pub rating: Option<Level>,
    /// Indices of its questions in the form.
    #[serde(skip)]
    pub slots: Vec<usize>,
}

impl Scores {
    pub(super) fn of(
        session: &Session,
        outcomes: &[Outcome],
        earlier: &EarlierAnswers,
        blueprint: &Blueprint,
        bank: &Bank,
    ) -> Self {
        let scored: Vec<_> = blueprint.scored().collect();
        let own: Vec<CountedAnswer> = counted(session, outcomes).collect();
        let all = || earlier.answers.iter().chain(&own);
        let posterior = posterior(all(), scored.iter().map(|c| &c.id));
        let curves: Vec<Curve> = scored.iter().map(|c| bank.curve(&c.id)).collect();
        let mut competencies = Vec::new();
        for (k, competency) in scored.iter().enumerate() {
            let slots: Vec<usize> = slots_of(session, &competency.id).collect();
            let answers: Vec<&CountedAnswer> = all()
                .filter(|answer| answer.competency == competency.id)
                .collect();
            if slots.is_empty() && answers.is_empty() {
                continue;
            }
            let mut line = line(session, outcomes, competency, slots, &answers);
            line.earlier = earlier.of(&competency.id).count();
            line.planned += line.earlier;
            line.rating = line
                .rating
                .or_else(|| earlier.ratings.get(&competency.id).copied());
            let density = posterior.competency(k);
            line.chance = 100.0 * curves[k].points()[0];
            let missing = line.missing_for_score();
            line.measure = (missing == 0).then(|| density.measure(&curves[k]));
            line.need = (line.planned > 0).then(|| {
                match needed(density, &bank.questions(&competency.id)) {
                    Need::Nothing if missing > 0 => Need::About(missing),
                    Need::About(n) => Need::About(n.max(missing)),
                    need => need,
                }
            });
            competencies.push(line);
        }
        let asked = |id: &CompetencyId| competencies.iter().any(|c| c.id == *id && c.scored > 0);
        let weights: Vec<f64> = scored
            .iter()
            .map(|c| {
                if asked(&c.id) {
                    f64::from(c.weight)
                } else {
                    0.0
                }
            })
            .collect();
        let shortfall = shortfall(&scored, &competencies);
        let overall = shortfall
            .is_none()
            .then(|| posterior.overall(&weights, &curves));
        Self {
            overall,
            shortfall,
            competencies,
        }
    }
}

/// Returns what the overall score lacks: too few answers, or answers in too few competencies.
fn shortfall(scored: &[&Competency], lines: &[CompetencyResult]) -> Option<Shortfall> {
    let answered: usize = lines.iter().map(|line| line.answered).sum();
    let has_answers = |c: &Competency| {
        lines
            .iter()
            .any(|line| line.id == c.id && line.answered > 0)
    };
    let weight = |of: &mut dyn Iterator<Item = &&Competency>| of.map(|c| c.weight).sum::<u32>();
    let all = weight(&mut scored.iter());
    let mut held = weight(&mut scored.iter().filter(|c| has_answers(c)));
    // The competencies with the largest weights need the fewest further answers.
    let mut others: Vec<u32> = scored
        .iter()
        .filter(|c| !has_answers(c))
        .map(|c| c.weight)
        .collect();
    others.sort_unstable();
    let mut competencies = 0;
    while 2 * held < all {
        held += others.pop()?;
        competencies += 1;
    }
    let answers = MIN_ANSWERED_OVERALL
        .saturating_sub(answered)
        .max(competencies);
    (answers > 0).then_some(Shortfall {
        answers,
        competencies,
    })
}

impl CompetencyResult {
    /// Returns the number of further questions that a score needs; 0 if there is one.
    pub fn missing_for_score(&self) -> usize {
        missing_for_score(self.scored).max(usize::from(self.answered == 0))
    }
}

/// Returns the result of a competency without its measure. `answers` are all that count, including earlier ones.
fn line(
    session: &Session,
    outcomes: &[Outcome],
    competency: &Competency,
    slots: Vec<usize>,
    answers: &[&CountedAnswer],
) -> CompetencyResult {
    let closed: Vec<usize> = slots
        .iter()
        .copied()
        .filter(|slot| session.item(*slot).kind != Kind::Open)
        .collect();
    let touched: BTreeSet<_> = answers.iter().map(|answer| &answer.facet).collect();
    let having = |status: &[Status]| {
        closed
            .iter()
            .filter(|slot| status.contains(&outcomes[**slot].status))
            .count()
    };
    let uncounted = slots
        .iter()
        .filter(|slot| !outcomes[**slot].counts)
        .map(|slot| session.sheet(*slot).spent);
    CompetencyResult {
        id: competency.id.clone(),
        title: competency.title.clone(),
        planned: closed.len(),
        scored: answers.len(),
        answered: answers.iter().filter(|answer| !answer.omitted).count(),
        earlier: 0,
        // The sum of no numbers is -0.0.
        points: answers.iter().map(|answer| answer.score).sum::<f64>() + 0.0,
        chance: 0.0,
        omitted: answers.iter().filter(|answer| answer.omitted).count()
            + closed
                .iter()
                .filter(|slot| {
                    outcomes[**slot].status == Status::Omitted && !outcomes[**slot].counts
                })
                .count(),
        not_reached: having(&[Status::NotReached, Status::TimedOut]),
        facets_touched: touched.len(),
        facets: competency.facets.len(),
        spent: answers
            .iter()
            .map(|answer| answer.spent)
            .chain(uncounted)
            .fold(Millis::ZERO, |sum, spent| sum + spent),
        measure: None,
        need: None,
        rating: session.rating(&competency.id),
        slots,
    }
}

pub(super) fn slots_of<'a>(
    session: &'a Session,
    id: &'a CompetencyId,
) -> impl Iterator<Item = usize> + 'a {
    (0..session.len()).filter(move |slot| session.item(*slot).competency == *id)
}

/// Returns the answers of the session that count for the score.
pub(in crate::session) fn counted<'a>(
    session: &'a Session,
    outcomes: &'a [Outcome],
) -> impl Iterator<Item = CountedAnswer> + 'a {
    (0..session.len())
        .filter(|slot| outcomes[*slot].counts)
        .map(|slot| {
            let item = session.item(slot);
            CountedAnswer {
                competency: item.competency.clone(),
                facet: item.facet.clone(),
                parameters: Parameters::of(
                    item.level,
                    scoring::chance(session.question(slot)).unwrap_or_default(),
                ),
                score: outcomes[slot].value(),
                omitted: outcomes[slot].status == Status::Omitted,
                spent: session.sheet(slot).spent,
            }
        })
}

/// Returns the posterior of these competencies, in their order.
pub(in crate::session) fn posterior<'a>(
    answers: impl Iterator<Item = &'a CountedAnswer>,
    competencies: impl ExactSizeIterator<Item = &'a CompetencyId> + Clone,
) -> Posterior {
    let mut estimator = Estimator::new(competencies.len());
    for answer in answers {
        if let Some(k) = competencies.clone().position(|id| *id == answer.competency) {
            estimator.add(k, &answer.parameters, answer.score);
        }
    }
    estimator.posterior()
}

/// Returns the posterior during a session; blank questions that were shown count as omitted.
pub(in crate::session) fn so_far(
    session: &Session,
    earlier: &EarlierAnswers,
    competencies: &[CompetencyId],
) -> Posterior {
    let own: Vec<CountedAnswer> =
        counted(session, &outcomes_as_of(session, |sheet| sheet, None)).collect();
    posterior(earlier.answers.iter().chain(&own), competencies.iter())
}
