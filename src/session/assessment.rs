//! The result of a finished session: the model behind the result screens and all report formats.

mod outcome;
mod scores;

use std::collections::BTreeMap;

use serde::Serialize;

use super::comparison::Comparison;
use super::earlier::EarlierAnswers;
use super::machine::{Session, Sheet};
use crate::core::blueprint::Blueprint;
use crate::core::id::{CompetencyId, DeckId};
use crate::core::measure::Calibration;
use crate::core::question::Level;
use crate::core::response::Confidence;
use crate::core::text::Text;
use outcome::outcomes_as_of;
use scores::slots_of;

pub use super::bank::Bank;
pub use outcome::{Outcome, Status, outcomes_of};
pub use scores::{CompetencyResult, MIN_ANSWERED_OVERALL, Scores, Shortfall};
pub(super) use scores::{counted, posterior, so_far};

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
