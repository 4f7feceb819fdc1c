//! What a finished session says: the one model behind the result screens and every format of the report.

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::bank::Bank;
use super::earlier::{Counted, Earlier};
use super::machine::{Session, Sheet};
use super::since::Since;
use crate::core::blueprint::{Blueprint, Competency};
use crate::core::id::CompetencyId;
use crate::core::measure::{Calibration, Curve, Estimator, Measure, Need, Overall, Parameters, Posterior, needed};
use crate::core::question::{Kind, Level};
use crate::core::response::Confidence;
use crate::core::scoring::{self, Scored};
use crate::core::text::Text;
use crate::core::time::Millis;

/// The fewest scored questions of a competency that give a score: below only "2 of 3" is shown.
pub const MIN_SCORED: usize = 3;
/// The fewest answered questions that give an overall score; omitted ones are not among them.
pub const MIN_ANSWERED_OVERALL: usize = 12;

/// A question's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Answered,
    /// Shown and left blank. Scores 0, but is never called wrong.
    Omitted,
    /// On the screen, still blank, when the time ran out.
    TimedOut,
    NotReached,
}

/// What became of one question of the form.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub status: Status,
    /// `None` without an answer, and for open questions.
    pub scored: Option<Scored>,
    /// It counts for the competency's score: asked by an assessment, first exposure, not open, not cut off by time.
    pub counts: bool,
}

impl Outcome {
    pub fn value(&self) -> f64 {
        self.scored.as_ref().map_or(0.0, |s| s.value)
    }

    pub fn is_right(&self) -> bool {
        self.value() >= 1.0 - 1e-9
    }

    /// Answered, and not fully right.
    pub fn is_wrong(&self) -> bool {
        self.scored.is_some() && !self.is_right()
    }
}

/// One competency's line of the result.
#[derive(Clone, Debug, Serialize)]
pub struct CompetencyResult {
    pub id: CompetencyId,
    pub title: Text,
    /// Questions of the form, open ones apart, and the earlier ones.
    pub planned: usize,
    /// How many of them count.
    pub scored: usize,
    /// How many of those were answered and not left blank.
    pub answered: usize,
    /// How many of those stood in the assessments that this one continues.
    pub earlier: usize,
    /// Sum of the scores of those that count.
    pub points: f64,
    /// The score of somebody who guesses all questions of the bank, in percent.
    pub chance: f64,
    pub omitted: usize,
    pub not_reached: usize,
    pub facets_touched: usize,
    pub facets: usize,
    pub spent: Millis,
    /// `None` below [`MIN_SCORED`] scored questions, or without any answer.
    pub measure: Option<Measure>,
    /// How many more questions one level would need; `None` where there are only open ones.
    pub need: Option<Need>,
    /// What the person said before the first question.
    pub rating: Option<Level>,
    /// Places of its questions in the form.
    #[serde(skip)]
    pub slots: Vec<usize>,
}

/// Tips and role: lines of their own, without weight in the score.
#[derive(Clone, Debug, Serialize)]
pub struct Apart {
    pub id: CompetencyId,
    pub title: Text,
    pub asked: usize,
    pub points: f64,
    #[serde(skip)]
    pub slots: Vec<usize>,
}

/// The scores as they stood at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scores {
    pub overall: Option<Overall>,
    /// What the overall score still lacks; `None` where there is one.
    pub shortfall: Option<Shortfall>,
    pub competencies: Vec<CompetencyResult>,
}

/// What an overall score still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// Answers, wherever they are given.
    pub answers: usize,
    /// Further competencies with an answer, so that those with answers hold half of the weight.
    pub competencies: usize,
}

/// The figures that an earlier version of the scoring gave to the same answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormerScores {
    pub version: u32,
    /// Score, low and high end of its 90% interval.
    pub overall: Option<(f64, f64, f64)>,
    pub competencies: BTreeMap<CompetencyId, (f64, f64, f64)>,
}

#[derive(Clone, Debug)]
pub struct Assessment {
    pub scores: Scores,
    /// Where the session went on after the limit: the scores of what was answered within it.
    pub within_limit: Option<Scores>,
    pub apart: Vec<Apart>,
    /// Of the answers that can be right or wrong and had a statement of confidence.
    pub calibration: Option<Calibration>,
    /// Places in the form of answers that were called sure and were not right.
    pub sure_and_wrong: Vec<usize>,
    pub outcomes: Vec<Outcome>,
    /// What it continues; the scores count those answers as well, everything else is about its own.
    pub earlier: Earlier,
    /// The assessment to compare with, where there is one.
    pub since: Option<Since>,
    /// The level that the person aims for.
    pub target: Level,
    /// Results of earlier versions of the scoring, the oldest first.
    pub former: Vec<FormerScores>,
}

impl Assessment {
    pub fn of(session: &Session, blueprint: &Blueprint, bank: &Bank) -> Self {
        Self::continuing(Earlier::default(), session, blueprint, bank)
    }

    /// What `session` says together with the answers that it continues.
    pub fn continuing(earlier: Earlier, session: &Session, blueprint: &Blueprint, bank: &Bank) -> Self {
        let expiry = session.expiry();
        let (went_on, cut_off) = (expiry.is_some_and(|e| e.went_on), expiry.and_then(|e| e.slot));
        let outcomes = outcomes_of(session);
        let in_time = outcomes_as_of(session, Sheet::in_time, cut_off);
        let changed = |(slot, sheet): (usize, &Sheet)| {
            sheet.answer != sheet.in_time().answer || in_time[slot].status != outcomes[slot].status
        };
        // Where nothing was changed after the limit one result is enough.
        let within_limit = (went_on && session.sheets().iter().enumerate().any(changed))
            .then(|| Scores::of(session, &in_time, &earlier, blueprint, bank));
        let sure = |slot: &usize| session.sheet(*slot).confidence == Some(Confidence::Sure);
        let sure_and_wrong = (0..session.len()).filter(sure).filter(|slot| outcomes[*slot].is_wrong()).collect();
        Self {
            scores: Scores::of(session, &outcomes, &earlier, blueprint, bank),
            within_limit,
            apart: apart(session, &outcomes, blueprint),
            calibration: calibration(session, &outcomes),
            sure_and_wrong,
            outcomes,
            earlier,
            since: None,
            target: Level::Senior,
            former: Vec::new(),
        }
    }

    pub fn count(&self, status: Status) -> usize {
        self.outcomes.iter().filter(|o| o.status == status).count()
    }

    /// Places of the questions that were answered and not fully right.
    pub fn wrong(&self) -> Vec<usize> {
        (0..self.outcomes.len()).filter(|slot| self.outcomes[*slot].is_wrong()).collect()
    }
}

/// What became of each question in the end.
pub fn outcomes_of(session: &Session) -> Vec<Outcome> {
    let cut_off = session.expiry().filter(|expiry| !expiry.went_on).and_then(|expiry| expiry.slot);
    outcomes_as_of(session, |sheet| sheet, cut_off)
}

/// `as_of` finds a question's sheet at the moment that is asked for, `cut_off` is what was on the screen when the
/// time ran out.
fn outcomes_as_of(session: &Session, as_of: fn(&Sheet) -> &Sheet, cut_off: Option<usize>) -> Vec<Outcome> {
    (0..session.len()).map(|slot| outcome(session, slot, as_of(session.sheet(slot)), cut_off == Some(slot))).collect()
}

fn outcome(session: &Session, slot: usize, sheet: &Sheet, is_cut_off: bool) -> Outcome {
    let (item, question) = (session.item(slot), session.question(slot));
    // What cannot be read as a number says nothing about knowing: it is left blank, not wrong.
    let answer = sheet.answer.as_ref().filter(|answer| scoring::is_readable(question, answer));
    let status = match answer {
        Some(_) => Status::Answered,
        None if !sheet.shown => Status::NotReached,
        None if is_cut_off => Status::TimedOut,
        None => Status::Omitted,
    };
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let in_time = matches!(status, Status::Answered | Status::Omitted);
    Outcome { status, scored, counts: session.mode.counts() && item.fresh && item.kind != Kind::Open && in_time }
}

impl Session {
    /// What became of a question, as far as it has come.
    pub fn outcome(&self, slot: usize) -> Outcome {
        outcome(self, slot, self.sheet(slot), false)
    }
}

fn slots_of<'a>(session: &'a Session, id: &'a CompetencyId) -> impl Iterator<Item = usize> + 'a {
    (0..session.len()).filter(move |slot| session.item(*slot).competency == *id)
}

/// What the counted answers of the session say.
pub(super) fn counted<'a>(session: &'a Session, outcomes: &'a [Outcome]) -> impl Iterator<Item = Counted> + 'a {
    (0..session.len()).filter(|slot| outcomes[*slot].counts).map(|slot| {
        let item = session.item(slot);
        Counted {
            competency: item.competency.clone(),
            facet: item.facet.clone(),
            parameters: Parameters::of(item.level, scoring::chance(session.question(slot)).unwrap_or_default()),
            score: outcomes[slot].value(),
            omitted: outcomes[slot].status == Status::Omitted,
            spent: session.sheet(slot).spent,
        }
    })
}

/// What is believed of these competencies, in their order.
pub(super) fn posterior<'a>(
    answers: impl Iterator<Item = &'a Counted>,
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

/// What is believed of these competencies in the middle of a session, a question left blank counting as such.
pub(super) fn so_far(session: &Session, earlier: &Earlier, competencies: &[CompetencyId]) -> Posterior {
    let own: Vec<Counted> = counted(session, &outcomes_as_of(session, |sheet| sheet, None)).collect();
    posterior(earlier.answers.iter().chain(&own), competencies.iter())
}

impl Scores {
    fn of(session: &Session, outcomes: &[Outcome], earlier: &Earlier, blueprint: &Blueprint, bank: &Bank) -> Self {
        let scored: Vec<_> = blueprint.scored().collect();
        let own: Vec<Counted> = counted(session, outcomes).collect();
        let all = || earlier.answers.iter().chain(&own);
        let posterior = posterior(all(), scored.iter().map(|c| &c.id));
        let curves: Vec<Curve> = scored.iter().map(|c| bank.curve(&c.id)).collect();
        let mut competencies = Vec::new();
        for (k, competency) in scored.iter().enumerate() {
            let slots: Vec<usize> = slots_of(session, &competency.id).collect();
            let answers: Vec<&Counted> = all().filter(|answer| answer.competency == competency.id).collect();
            if slots.is_empty() && answers.is_empty() {
                continue;
            }
            let mut line = line(session, outcomes, competency, slots, &answers);
            line.earlier = earlier.of(&competency.id).count();
            line.planned += line.earlier;
            line.rating = line.rating.or_else(|| earlier.ratings.get(&competency.id).copied());
            let density = posterior.competency(k);
            line.chance = 100.0 * curves[k].points()[0];
            let missing = MIN_SCORED.saturating_sub(line.scored).max(usize::from(line.answered == 0));
            line.measure = (missing == 0).then(|| density.measure(&curves[k]));
            line.need = (line.planned > 0).then(|| match needed(density, &bank.questions(&competency.id)) {
                Need::Nothing if missing > 0 => Need::About(missing),
                Need::About(n) => Need::About(n.max(missing)),
                need => need,
            });
            competencies.push(line);
        }
        let asked = |id: &CompetencyId| competencies.iter().any(|c| c.id == *id && c.scored > 0);
        let weights: Vec<f64> = scored.iter().map(|c| if asked(&c.id) { f64::from(c.weight) } else { 0.0 }).collect();
        let shortfall = shortfall(&scored, &competencies);
        let overall = shortfall.is_none().then(|| posterior.overall(&weights, &curves));
        Self { overall, shortfall, competencies }
    }
}

/// Returns what the overall score lacks: too few answers, or answers in too few competencies.
fn shortfall(scored: &[&Competency], lines: &[CompetencyResult]) -> Option<Shortfall> {
    let answered: usize = lines.iter().map(|line| line.answered).sum();
    let has_answers = |c: &Competency| lines.iter().any(|line| line.id == c.id && line.answered > 0);
    let weight = |of: &mut dyn Iterator<Item = &&Competency>| of.map(|c| c.weight).sum::<u32>();
    let all = weight(&mut scored.iter());
    let mut held = weight(&mut scored.iter().filter(|c| has_answers(c)));
    // The heaviest ones get there soonest.
    let mut others: Vec<u32> = scored.iter().filter(|c| !has_answers(c)).map(|c| c.weight).collect();
    others.sort_unstable();
    let mut competencies = 0;
    while 2 * held < all {
        held += others.pop()?;
        competencies += 1;
    }
    let answers = MIN_ANSWERED_OVERALL.saturating_sub(answered).max(competencies);
    (answers > 0).then_some(Shortfall { answers, competencies })
}

/// A competency's line before anything is measured; `answers` are all that count, the earlier ones included.
fn line(
    session: &Session,
    outcomes: &[Outcome],
    competency: &Competency,
    slots: Vec<usize>,
    answers: &[&Counted],
) -> CompetencyResult {
    let closed: Vec<usize> = slots.iter().copied().filter(|slot| session.item(*slot).kind != Kind::Open).collect();
    let touched: std::collections::BTreeSet<_> = answers.iter().map(|answer| &answer.facet).collect();
    let having = |status: &[Status]| closed.iter().filter(|slot| status.contains(&outcomes[**slot].status)).count();
    let uncounted = slots.iter().filter(|slot| !outcomes[**slot].counts).map(|slot| session.sheet(*slot).spent);
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
                .filter(|slot| outcomes[**slot].status == Status::Omitted && !outcomes[**slot].counts)
                .count(),
        not_reached: having(&[Status::NotReached, Status::TimedOut]),
        facets_touched: touched.len(),
        facets: competency.facets.len(),
        spent: answers.iter().map(|answer| answer.spent).chain(uncounted).fold(Millis::ZERO, |sum, spent| sum + spent),
        measure: None,
        need: None,
        rating: session.rating(&competency.id),
        slots,
    }
}

fn apart(session: &Session, outcomes: &[Outcome], blueprint: &Blueprint) -> Vec<Apart> {
    let unscored = blueprint.competencies.iter().filter(|c| !c.is_scored());
    unscored
        .filter_map(|c| {
            let slots: Vec<usize> = slots_of(session, &c.id).collect();
            let points = slots.iter().map(|slot| outcomes[*slot].value()).sum();
            let (id, title, asked) = (c.id.clone(), c.title.clone(), slots.len());
            (asked > 0).then_some(Apart { id, title, asked, points, slots })
        })
        .collect()
}

fn calibration(session: &Session, outcomes: &[Outcome]) -> Option<Calibration> {
    let closed = outcomes.iter().enumerate().filter(|(_, outcome)| outcome.scored.is_some());
    let stated: Vec<(f64, f64)> = closed
        .filter_map(|(slot, outcome)| {
            let confidence = session.sheet(slot).confidence?;
            Some((confidence.probability(), if outcome.is_right() { 1.0 } else { 0.0 }))
        })
        .collect();
    Calibration::of(&stated)
}
