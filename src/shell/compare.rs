//! Comparison with the previous assessment, and the confidence statistics of all assessments.

use std::collections::BTreeMap;

use super::adaptive::Scope;
use super::home::day_of;
use super::scored::StoredResult;
use super::{Refused, Workspace};
use crate::app::effect::{CalibrationView, PreviousComparison};
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::measure::Difference;
use crate::session::assessment::{Assessment, Bank};
use crate::session::{Comparison, ConfidenceStats, Mode};
use crate::store::{SessionRow, State};

/// A limit above the number of sessions that anyone has.
const ALL: u32 = 100_000;
/// The number of sessions that are searched for the previous assessment.
const LOOKED_BACK: u32 = 200;

/// The number of previous assessments that are searched for one with a score in common.
const COMPARED: usize = 20;

/// A finished assessment of the list, with its stored result.
pub(super) struct Finished<'a> {
    pub listed: &'a SessionRow,
    pub kept: Option<StoredResult>,
}

impl Finished<'_> {
    /// Returns true if its score is about the same questions: those of the role, or those of the same own decks.
    fn is_apart_like(&self, own_decks: &[DeckId]) -> bool {
        let own = self
            .kept
            .as_ref()
            .map(|kept| kept.summary.own_decks.as_slice());
        own.unwrap_or_default() == own_decks
    }

    /// Returns true if its result shares answers with that of `id`: one of them continues the other.
    fn shares_answers(&self, id: &SessionId, continued: &[SessionId]) -> bool {
        let own = self
            .kept
            .as_ref()
            .map(|kept| kept.summary.continues.as_slice())
            .unwrap_or_default();
        let theirs = || continued.iter().chain([id]);
        own.iter()
            .chain([&self.listed.id])
            .any(|one| theirs().any(|other| other == one))
    }
}

impl Workspace {
    /// Returns a finished assessment of the list with its result, which is computed again if it is damaged. Returns
    /// `None` for anything else.
    pub(super) fn finished<'a>(&self, listed: &'a SessionRow) -> Option<Finished<'a>> {
        if listed.state != State::Finished || listed.mode != Mode::Assess {
            return None;
        }
        let parse = |body: &str| serde_json::from_str(body).ok();
        let kept = if listed.is_damaged {
            let scored = self.scored_again(&listed.id).ok();
            scored.and_then(|scored| parse(&scored.body))
        } else {
            listed.result.as_deref().and_then(parse)
        };
        Some(Finished { listed, kept })
    }

    /// Returns true for a finished assessment whose score is one of the role.
    pub(super) fn is_of_role(&self, listed: &SessionRow) -> bool {
        let finished = self.finished(listed);
        finished.is_some_and(|one| one.is_apart_like(&[]))
    }

    /// Compares an assessment with the previous one that has a score in common; both are scored on `bank`.
    pub(super) fn since(
        &self,
        id: &SessionId,
        assessment: &Assessment,
        bank: &Bank,
    ) -> Option<Comparison> {
        let stored = self.store.load(id).ok()?;
        // A session that is not stored yet belongs to the current person.
        let person = stored.map_or(self.person, |stored| stored.start.person);
        let listed = self
            .store
            .list(person, Mode::Assess, Some(id), LOOKED_BACK)
            .ok()?;
        let continued: Vec<SessionId> = assessment
            .earlier
            .sessions
            .iter()
            .map(|(id, _)| id.clone())
            .collect();
        let finished = listed.iter().filter_map(|one| self.finished(one));
        let alike = finished.filter(|other| {
            !other.shares_answers(id, &continued) && other.is_apart_like(&assessment.own_decks)
        });
        // A session without a score can't be compared; an older one may be.
        alike
            .take(COMPARED)
            .find_map(|other| self.compared(other.listed, id, assessment, bank))
    }

    /// Compares an assessment with an earlier one; `None` if they have no score in common.
    fn compared(
        &self,
        before: &SessionRow,
        id: &SessionId,
        assessment: &Assessment,
        bank: &Bank,
    ) -> Option<Comparison> {
        let stored = self.stored(&before.id).ok()?;
        let earlier = self.earlier(&Scope::of(&stored.start).ok()?).ok()?;
        let session = self.session_as_scored(&stored.start).ok()?;
        let scores =
            Assessment::continuing(earlier, &session, &self.library.outline.blueprint, bank).scores;
        let comparison = Comparison::between(
            before.id.clone(),
            day_of(before.started_at).to_string(),
            &scores,
            &assessment.scores,
        )?;
        Some(Comparison {
            different_editions: self.edition_of(&before.id, bank) != self.edition_of(id, bank),
            ..comparison
        })
    }

    /// Compares the stored results, newest first, if they refer to the same bank.
    pub(super) fn before(&self, finished: &[Finished], id: &SessionId) -> PreviousComparison {
        let Some(at) = finished.iter().position(|one| one.listed.id == *id) else {
            return PreviousComparison::Nothing;
        };
        let Some(kept) = &finished[at].kept else {
            return PreviousComparison::Nothing;
        };
        let mut older = finished[at + 1..].iter();
        let is_comparable = |other: &&Finished| {
            !other.shares_answers(id, &kept.summary.continues)
                && other.is_apart_like(&kept.summary.own_decks)
        };
        let Some(before) = older.find(is_comparable) else {
            return PreviousComparison::Nothing;
        };
        let Some(earlier) = &before.kept else {
            return PreviousComparison::Nothing;
        };
        let is_like = |competency: &CompetencyId| kept.bank.is_like(&earlier.bank, competency);
        let different_editions = kept.edition != earlier.edition;
        let (now, then) = (&kept.summary, &earlier.summary);
        if !kept
            .bank
            .competencies()
            .filter(|id| earlier.bank.knows(id))
            .all(is_like)
        {
            return PreviousComparison::OtherBank { different_editions };
        }
        let differences = now.competencies.iter().filter_map(|(id, score)| {
            let before = then.competencies.get(id)?;
            Some((id.clone(), Difference::between(*before, *score)))
        });
        let overall = match (then.overall, now.overall) {
            (Some(then), Some(now)) if kept.bank.competencies().eq(earlier.bank.competencies()) => {
                Some(Difference::between(then, now))
            }
            _ => None,
        };
        let competencies: BTreeMap<CompetencyId, Difference> = differences.collect();
        if overall.is_none() && competencies.is_empty() {
            return PreviousComparison::Nothing;
        }
        let (session, day) = (
            before.listed.id.clone(),
            day_of(before.listed.started_at).to_string(),
        );
        PreviousComparison::Compared(Comparison {
            session,
            day,
            overall,
            competencies,
            different_editions,
        })
    }

    /// Returns the stated confidence and the correctness of the answers of all finished assessments.
    ///
    /// # Errors
    /// A failure of the store; an old session that cannot be read back is skipped.
    pub fn calibration(&self) -> Result<CalibrationView, Refused> {
        let listed = self.store.list(self.person, Mode::Assess, None, ALL)?;
        let (mut all, mut sessions) = (ConfidenceStats::default(), 0);
        for finished in listed.iter().filter_map(|one| self.finished(one)) {
            // Results without these numbers were stored by an older version, so their sessions are read back.
            let said = match finished.kept.and_then(|kept| kept.summary.said) {
                Some(said) => said,
                None => self.said_back(&finished.listed.id).unwrap_or_default(),
            };
            sessions += usize::from(said != ConfidenceStats::default());
            all.add(&said);
        }
        Ok(CalibrationView {
            sessions,
            calibration: all.calibration(),
        })
    }

    fn said_back(&self, id: &SessionId) -> Option<ConfidenceStats> {
        let session = self.session_as_scored(&self.stored(id).ok()?.start).ok()?;
        let assessment =
            Assessment::of(&session, &self.library.outline.blueprint, &Bank::default());
        Some(ConfidenceStats::of(&session, &assessment))
    }
}
