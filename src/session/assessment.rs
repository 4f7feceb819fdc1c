//! What a finished session says: the one model behind the result screens and every format of the report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::machine::{Session, Sheet};
use crate::core::blueprint::Blueprint;
use crate::core::id::CompetencyId;
use crate::core::measure::{Calibration, Curve, Estimator, Measure, Overall, Parameters, Posterior};
use crate::core::question::{Kind, Level, Question};
use crate::core::response::Confidence;
use crate::core::scoring::{self, Scored};
use crate::core::text::Text;
use crate::core::time::Millis;

/// Fewer scored questions than this say too little for a bar: only "2 of 3".
pub const ENOUGH: usize = 3;

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

    /// There are questions of this competency.
    pub fn knows(&self, competency: &CompetencyId) -> bool {
        self.0.contains_key(competency)
    }

    /// The share of the competency's questions that is expected at each ability.
    pub fn curve(&self, competency: &CompetencyId) -> Curve {
        let groups = self.0.get(competency).map(Vec::as_slice).unwrap_or_default();
        let groups: Vec<_> = groups.iter().map(|g| (Parameters::of(g.level, g.chance), g.count as usize)).collect();
        Curve::of(&groups)
    }
}

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
    /// It counts for the competency's score: first exposure, not open, not cut off by time.
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
    /// Questions of the form, open ones apart.
    pub planned: usize,
    /// How many of them count.
    pub scored: usize,
    /// Sum of the scores of those that count.
    pub points: f64,
    /// Mean chance level of those that count, in percent.
    pub chance: f64,
    pub omitted: usize,
    pub not_reached: usize,
    pub facets_touched: usize,
    pub facets: usize,
    pub spent: Millis,
    /// `None` below [`ENOUGH`] scored questions.
    pub measure: Option<Measure>,
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
    pub competencies: Vec<CompetencyResult>,
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
}

impl Assessment {
    pub fn of(session: &Session, blueprint: &Blueprint, bank: &Bank) -> Self {
        let expiry = session.expiry();
        let (went_on, cut_off) = (expiry.is_some_and(|e| e.went_on), expiry.and_then(|e| e.slot));
        let outcomes = outcomes_of(session);
        let in_time = outcomes_as_of(session, Sheet::in_time, cut_off);
        let changed = |(slot, sheet): (usize, &Sheet)| {
            sheet.answer != sheet.in_time().answer || in_time[slot].status != outcomes[slot].status
        };
        // Where nothing was changed after the limit one result is enough.
        let within_limit = (went_on && session.sheets().iter().enumerate().any(changed))
            .then(|| Scores::of(session, &in_time, blueprint, bank));
        let sure = |slot: &usize| session.sheet(*slot).confidence == Some(Confidence::Sure);
        let sure_and_wrong = (0..session.len()).filter(sure).filter(|slot| outcomes[*slot].is_wrong()).collect();
        Self {
            scores: Scores::of(session, &outcomes, blueprint, bank),
            within_limit,
            apart: apart(session, &outcomes, blueprint),
            calibration: calibration(session, &outcomes),
            sure_and_wrong,
            outcomes,
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
    (0..session.len())
        .map(|slot| {
            let (item, sheet, question) = (session.item(slot), as_of(session.sheet(slot)), session.question(slot));
            // What cannot be read as a number says nothing about knowing: it is left blank, not wrong.
            let answer = sheet.answer.as_ref().filter(|answer| scoring::is_readable(question, answer));
            let status = match answer {
                Some(_) => Status::Answered,
                None if !sheet.shown => Status::NotReached,
                None if cut_off == Some(slot) => Status::TimedOut,
                None => Status::Omitted,
            };
            let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
            let in_time = matches!(status, Status::Answered | Status::Omitted);
            Outcome { status, scored, counts: item.fresh && item.kind != Kind::Open && in_time }
        })
        .collect()
}

fn slots_of<'a>(session: &'a Session, id: &'a CompetencyId) -> impl Iterator<Item = usize> + 'a {
    (0..session.len()).filter(move |slot| session.item(*slot).competency == *id)
}

/// What the outcomes say of these competencies, in their order.
fn estimator<'a>(
    session: &Session,
    outcomes: &[Outcome],
    competencies: impl ExactSizeIterator<Item = &'a CompetencyId>,
) -> Estimator {
    let mut estimator = Estimator::new(competencies.len());
    for (k, competency) in competencies.enumerate() {
        for slot in slots_of(session, competency).filter(|slot| outcomes[*slot].counts) {
            let chance = scoring::chance(session.question(slot)).unwrap_or_default();
            estimator.add(k, &Parameters::of(session.item(slot).level, chance), outcomes[slot].value());
        }
    }
    estimator
}

/// What is believed of these competencies in the middle of a session, a question left blank counting as such.
pub(super) fn so_far(session: &Session, competencies: &[CompetencyId]) -> Posterior {
    estimator(session, &outcomes_as_of(session, |sheet| sheet, None), competencies.iter()).posterior()
}

impl Scores {
    fn of(session: &Session, outcomes: &[Outcome], blueprint: &Blueprint, bank: &Bank) -> Self {
        let scored: Vec<_> = blueprint.scored().collect();
        let posterior = estimator(session, outcomes, scored.iter().map(|c| &c.id)).posterior();
        let curves: Vec<Curve> = scored.iter().map(|c| bank.curve(&c.id)).collect();
        let mut competencies = Vec::new();
        for (k, competency) in scored.iter().enumerate() {
            let slots: Vec<usize> = slots_of(session, &competency.id).collect();
            if !slots.is_empty() {
                competencies.push(line(session, outcomes, competency, slots, &posterior, k, &curves[k]));
            }
        }
        let asked = |id: &CompetencyId| competencies.iter().any(|c| c.id == *id && c.scored > 0);
        let weights: Vec<f64> = scored.iter().map(|c| if asked(&c.id) { f64::from(c.weight) } else { 0.0 }).collect();
        let answered: usize = competencies.iter().map(|c| c.scored).sum();
        let overall = (answered >= ENOUGH).then(|| posterior.overall(&weights, &curves));
        Self { overall, competencies }
    }
}

fn line(
    session: &Session,
    outcomes: &[Outcome],
    competency: &crate::core::blueprint::Competency,
    slots: Vec<usize>,
    posterior: &Posterior,
    k: usize,
    curve: &Curve,
) -> CompetencyResult {
    let closed: Vec<usize> = slots.iter().copied().filter(|slot| session.item(*slot).kind != Kind::Open).collect();
    let counted: Vec<usize> = closed.iter().copied().filter(|slot| outcomes[*slot].counts).collect();
    let chances = counted.iter().filter_map(|slot| scoring::chance(session.question(*slot)));
    let touched: std::collections::BTreeSet<_> = counted.iter().map(|slot| &session.item(*slot).facet).collect();
    let having = |status: &[Status]| closed.iter().filter(|slot| status.contains(&outcomes[**slot].status)).count();
    CompetencyResult {
        id: competency.id.clone(),
        title: competency.title.clone(),
        planned: closed.len(),
        scored: counted.len(),
        points: counted.iter().map(|slot| outcomes[*slot].value()).sum(),
        chance: 100.0 * chances.sum::<f64>() / counted.len().max(1) as f64,
        omitted: having(&[Status::Omitted]),
        not_reached: having(&[Status::NotReached, Status::TimedOut]),
        facets_touched: touched.len(),
        facets: competency.facets.len(),
        spent: slots.iter().fold(Millis::ZERO, |sum, slot| sum + session.sheet(*slot).spent),
        measure: (counted.len() >= ENOUGH).then(|| posterior.competency(k).measure(curve)),
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
