//! The result of a finished session: the model behind the result screens and all report formats.

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::bank::Bank;
use super::comparison::Comparison;
use super::earlier::{CountedAnswer, EarlierAnswers};
use super::machine::{Session, Sheet};
use crate::core::blueprint::{Blueprint, Competency};
use crate::core::id::{CompetencyId, DeckId};
use crate::core::measure::{
    Calibration, Curve, Estimator, Measure, Need, Overall, Parameters, Posterior, needed,
};
use crate::core::question::{Kind, Level};
use crate::core::response::Confidence;
use crate::core::scoring::{self, Scored};
use crate::core::text::Text;
use crate::core::time::Millis;

/// The minimum number of scored questions for a competency score; with fewer, only a count such as "2 of 3" is shown.
pub const MIN_SCORED: usize = 3;
/// The minimum number of answered questions for an overall score; omitted questions don't count.
pub const MIN_ANSWERED_OVERALL: usize = 12;

/// The status of a question at the end of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Answered,
    /// Shown and left blank. It scores 0 but is not reported as wrong.
    Omitted,
    /// On the screen and blank when the time ran out.
    TimedOut,
    NotReached,
}

/// The outcome of a question of the form.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub status: Status,
    /// `None` without an answer, and for open questions.
    pub scored: Option<Scored>,
    /// True if it counts for the score: asked in an assessment for the first time, not open, and not cut off by time.
    pub counts: bool,
}

impl Outcome {
    /// Returns the score, or 0 without one.
    pub fn value(&self) -> f64 {
        self.scored.as_ref().map_or(0.0, |s| s.value)
    }

    /// Returns true if the answer earned the full score.
    pub fn is_right(&self) -> bool {
        self.value() >= 1.0 - 1e-9
    }

    /// Returns true if it was scored and did not earn the full score.
    pub fn is_wrong(&self) -> bool {
        self.scored.is_some() && !self.is_right()
    }
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
    /// `None` below [`MIN_SCORED`] scored questions, or without any answer.
    pub measure: Option<Measure>,
    /// The number of further questions that a single level needs; `None` if there are only open questions.
    pub need: Option<Need>,
    /// The person's self-rating before the first question.
    pub rating: Option<Level>,
    /// Indices of its questions in the form.
    #[serde(skip)]
    pub slots: Vec<usize>,
}

/// The result of a competency outside the score, such as tips and role.
#[derive(Clone, Debug, Serialize)]
pub struct UnscoredResult {
    pub id: CompetencyId,
    pub title: Text,
    pub asked: usize,
    pub points: f64,
    #[serde(skip)]
    pub slots: Vec<usize>,
}

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

/// The scores that an earlier scoring version gave to the same answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormerScores {
    pub version: u32,
    /// Score, low and high end of its 90% interval.
    pub overall: Option<(f64, f64, f64)>,
    pub competencies: BTreeMap<CompetencyId, (f64, f64, f64)>,
    /// Why and when the scores were replaced, unless it was by another version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Corrected>,
}

/// A correction of keys, credits or tolerances, or a withdrawal of questions, after a session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corrected {
    /// The day of the correction, such as `29 Nov 2026`.
    pub day: String,
    /// The corrections, such as `the key of raft.001 was corrected`.
    pub reason: Text,
}

/// The result of a session.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub scores: Scores,
    /// The scores at the time limit, if the session continued after it and answers changed.
    pub within_limit: Option<Scores>,
    pub apart: Vec<UnscoredResult>,
    /// The calibration over all scored answers with a stated confidence.
    pub calibration: Option<Calibration>,
    /// Indices of the questions whose answer was stated as sure and was wrong.
    pub sure_and_wrong: Vec<usize>,
    /// The number of scored answers that were stated as sure.
    pub sure: usize,
    /// The number of scored answers that were stated as guesses.
    pub guessed: usize,
    pub outcomes: Vec<Outcome>,
    /// The answers that it continues. The scores count them; everything else is about this session only.
    pub earlier: EarlierAnswers,
    /// The comparison with an earlier assessment, if there is one.
    pub comparison: Option<Comparison>,
    /// The person's target level.
    pub target: Level,
    /// The results of earlier scoring versions, oldest first.
    pub former: Vec<FormerScores>,
    /// The decks of the session that don't count for the score of the role: with any, its scores are apart from it.
    pub own_decks: Vec<DeckId>,
}

impl Assessment {
    /// Assesses a session that continues no other one.
    pub fn of(session: &Session, blueprint: &Blueprint, bank: &Bank) -> Self {
        Self::continuing(EarlierAnswers::default(), session, blueprint, bank)
    }

    /// Assesses a session together with the answers that it continues.
    pub fn continuing(
        earlier: EarlierAnswers,
        session: &Session,
        blueprint: &Blueprint,
        bank: &Bank,
    ) -> Self {
        let expiry = session.expiry();
        let (went_on, cut_off) = (
            expiry.is_some_and(|e| e.went_on),
            expiry.and_then(|e| e.slot),
        );
        let outcomes = outcomes_of(session);
        let in_time = outcomes_as_of(session, Sheet::in_time, cut_off);
        let changed = |(slot, sheet): (usize, &Sheet)| {
            sheet.answer != sheet.in_time().answer || in_time[slot].status != outcomes[slot].status
        };
        // If nothing changed after the limit, one result is enough.
        let within_limit = (went_on && session.sheets().iter().enumerate().any(changed))
            .then(|| Scores::of(session, &in_time, &earlier, blueprint, bank));
        let stated = |confidence| {
            let is_stated = move |slot: &usize| session.sheet(*slot).confidence == Some(confidence);
            (0..session.len())
                .filter(is_stated)
                .filter(|slot| outcomes[*slot].scored.is_some())
        };
        let sure_and_wrong = stated(Confidence::Sure)
            .filter(|slot| outcomes[*slot].is_wrong())
            .collect();
        let (sure, guessed) = (
            stated(Confidence::Sure).count(),
            stated(Confidence::Guess).count(),
        );
        Self {
            scores: Scores::of(session, &outcomes, &earlier, blueprint, bank),
            within_limit,
            apart: apart(session, &outcomes, blueprint),
            calibration: calibration(session, &outcomes),
            sure_and_wrong,
            sure,
            guessed,
            outcomes,
            earlier,
            comparison: None,
            target: Level::Senior,
            former: Vec::new(),
            own_decks: Vec::new(),
        }
    }

    /// Returns the number of questions with this status.
    pub fn count(&self, status: Status) -> usize {
        self.outcomes.iter().filter(|o| o.status == status).count()
    }

    /// Returns the indices of the questions that were answered and not fully right.
    pub fn wrong(&self) -> Vec<usize> {
        (0..self.outcomes.len())
            .filter(|slot| self.outcomes[*slot].is_wrong())
            .collect()
    }
}

/// Returns the final outcome of each question.
pub fn outcomes_of(session: &Session) -> Vec<Outcome> {
    let cut_off = session
        .expiry()
        .filter(|expiry| !expiry.went_on)
        .and_then(|expiry| expiry.slot);
    outcomes_as_of(session, |sheet| sheet, cut_off)
}

/// Returns the outcome of each question at one moment. `as_of` returns the sheet at that moment; `cut_off` is the
/// question that was on the screen when the time ran out.
fn outcomes_as_of(
    session: &Session,
    as_of: fn(&Sheet) -> &Sheet,
    cut_off: Option<usize>,
) -> Vec<Outcome> {
    (0..session.len())
        .map(|slot| {
            outcome(
                session,
                slot,
                as_of(session.sheet(slot)),
                cut_off == Some(slot),
            )
        })
        .collect()
}

fn outcome(session: &Session, slot: usize, sheet: &Sheet, is_cut_off: bool) -> Outcome {
    let (item, question) = (session.item(slot), session.question(slot));
    // Text that is not a number counts as blank, not as wrong.
    let answer = sheet
        .answer
        .as_ref()
        .filter(|answer| scoring::is_readable(question, answer));
    let status = match answer {
        Some(_) => Status::Answered,
        None if !sheet.shown => Status::NotReached,
        None if is_cut_off => Status::TimedOut,
        None => Status::Omitted,
    };
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let in_time = matches!(status, Status::Answered | Status::Omitted);
    Outcome {
        status,
        scored,
        counts: session.mode.counts()
            && item.fresh
            && item.kind != Kind::Open
            && in_time
            && session.withdrawal(slot).is_none(),
    }
}

impl Session {
    /// Returns the current outcome of a question.
    pub fn outcome(&self, slot: usize) -> Outcome {
        outcome(self, slot, self.sheet(slot), false)
    }
}

fn slots_of<'a>(session: &'a Session, id: &'a CompetencyId) -> impl Iterator<Item = usize> + 'a {
    (0..session.len()).filter(move |slot| session.item(*slot).competency == *id)
}

/// Returns the answers of the session that count for the score.
pub(super) fn counted<'a>(
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
pub(super) fn posterior<'a>(
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
pub(super) fn so_far(
    session: &Session,
    earlier: &EarlierAnswers,
    competencies: &[CompetencyId],
) -> Posterior {
    let own: Vec<CountedAnswer> =
        counted(session, &outcomes_as_of(session, |sheet| sheet, None)).collect();
    posterior(earlier.answers.iter().chain(&own), competencies.iter())
}

impl Scores {
    fn of(
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
            let missing = MIN_SCORED
                .saturating_sub(line.scored)
                .max(usize::from(line.answered == 0));
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
    let touched: std::collections::BTreeSet<_> =
        answers.iter().map(|answer| &answer.facet).collect();
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
        points: answers.iter().map(|answer| answer.score).sum(),
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

fn apart(session: &Session, outcomes: &[Outcome], blueprint: &Blueprint) -> Vec<UnscoredResult> {
    let unscored = blueprint.competencies.iter().filter(|c| !c.is_scored());
    unscored
        .filter_map(|c| {
            let slots: Vec<usize> = slots_of(session, &c.id).collect();
            let points = slots.iter().map(|slot| outcomes[*slot].value()).sum();
            let (id, title, asked) = (c.id.clone(), c.title.clone(), slots.len());
            (asked > 0).then_some(UnscoredResult {
                id,
                title,
                asked,
                points,
                slots,
            })
        })
        .collect()
}

fn calibration(session: &Session, outcomes: &[Outcome]) -> Option<Calibration> {
    let closed = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| outcome.scored.is_some());
    let stated: Vec<(f64, f64)> = closed
        .filter_map(|(slot, outcome)| {
            let confidence = session.sheet(slot).confidence?;
            Some((
                confidence.probability(),
                if outcome.is_right() { 1.0 } else { 0.0 },
            ))
        })
        .collect();
    Calibration::of(&stated)
}
