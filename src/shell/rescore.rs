//! Rescoring after a key, a credit or a tolerance was corrected, or a question was withdrawn.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::home::day_of;
use super::scored::{StoredResult, Summary};
use super::{Refused, Workspace};
use crate::core::correction::correction;
use crate::core::id::SessionId;
use crate::core::text::Text;
use crate::deck::load::question_from;
use crate::session::assessment::Assessment;
use crate::session::{Mode, Session};
use crate::store::{SessionRow, State};

/// The maximum number of sessions of a person that are computed again.
const MOST: u32 = 10_000;
/// The number of reasons that are stored in words; the corrections themselves are all stored.
const REASONS: usize = 3;

/// A correction of one question of a session, stored with the result that it led to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotCorrection {
    pub slot: usize,
    /// The question, such as `raft.001`.
    pub question: String,
    #[serde(flatten)]
    pub kind: CorrectionKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "correction", rename_all = "kebab-case")]
pub enum CorrectionKind {
    /// Scored by another key, credit or tolerance.
    Rule {
        what: String,
        /// What decides how an answer is scored: see `Correction::rule`.
        rule: String,
        /// The source of the corrected question.
        source: String,
    },
    /// Excluded from the score.
    Withdrawn { reason: Text },
}

impl SlotCorrection {
    /// Returns true if both give the same scores.
    fn is_same(&self, other: &Self) -> bool {
        let is_same = match (&self.kind, &other.kind) {
            (CorrectionKind::Rule { rule: a, .. }, CorrectionKind::Rule { rule: b, .. }) => a == b,
            (CorrectionKind::Withdrawn { .. }, CorrectionKind::Withdrawn { .. }) => true,
            _ => false,
        };
        is_same && self.slot == other.slot
    }

    /// Describes the correction: `the key of raft.001 was corrected`
    pub fn words(&self) -> String {
        let question = Text::new(&self.question).line();
        match &self.kind {
            CorrectionKind::Rule { what, .. } => {
                let was = if what.ends_with('s') { "were" } else { "was" };
                format!("{} of {question} {was} corrected", Text::new(what).line())
            }
            CorrectionKind::Withdrawn { reason } => {
                format!("{question} was withdrawn: {}", reason.line())
            }
        }
    }
}

/// A session that was computed again, or would be.
#[derive(Clone, Debug)]
pub struct Rescored {
    pub session: SessionId,
    /// Such as `29 Nov 2026`.
    pub day: String,
    /// The overall score with its 90% interval, before and after.
    pub before: Option<Range>,
    pub after: Option<Range>,
    /// The title of each competency whose score changed, and its score before and after.
    pub competencies: Vec<(String, Option<Range>, Option<Range>)>,
    /// The reasons, a phrase each.
    pub reasons: Vec<String>,
}

/// A score with the low and high end of its 90% interval.
type Range = (f64, f64, f64);

/// Joins the first reasons, and counts the others.
fn in_short(reasons: &[String]) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    let first = reasons[..reasons.len() - more].join("; ");
    match more {
        0 => first,
        1 => format!("{first}; 1 more question was corrected or withdrawn"),
        n => format!("{first}; {n} more questions were corrected or withdrawn"),
    }
}

impl Workspace {
    /// Applies the corrections that the newest result of a session stored.
    pub(super) fn apply(&self, corrections: &[SlotCorrection], session: &mut Session) {
        let slots = session.len();
        for one in corrections.iter().filter(|one| one.slot < slots) {
            match &one.kind {
                CorrectionKind::Rule { source, .. } => {
                    let current = question_from(source, &Text::new(&one.question)).ok();
                    let asked = session.question(one.slot);
                    let found = current.and_then(|current| correction(asked, &current).ok()?);
                    if let Some(found) = found {
                        session.correct(one.slot, found);
                    }
                }
                CorrectionKind::Withdrawn { reason } => session.withdraw(one.slot, reason.clone()),
            }
        }
    }

    /// Computes finished assessments of the current person again with today's keys, credits, tolerances and
    /// withdrawals, oldest first; all of them if no session is named. Sessions that are scored like that already are
    /// left out. Nothing is stored if `is_dry` is true. Returns them together with sentences about corrections that
    /// can't be applied.
    ///
    /// # Errors
    /// There is no finished assessment, a session is unknown, or a failure of the store. Nothing that was stored before the failure is lost.
    pub fn rescore_corrected(
        &mut self,
        named: &[String],
        is_dry: bool,
    ) -> Result<(Vec<Rescored>, Vec<String>), Refused> {
        let mut wanted = BTreeSet::new();
        for name in named {
            wanted.insert(self.find_session(Some(name))?);
        }
        let listed = self.store.list(self.person, Mode::Assess, None, MOST)?;
        let finished = listed
            .into_iter()
            .rev()
            .filter(|row| row.state == State::Finished);
        let (mut rescored, mut problems) = (Vec::new(), Vec::new());
        let mut is_any = false;
        for row in finished {
            is_any = true;
            let is_named = wanted.is_empty() || wanted.contains(&row.id);
            if is_named && let Some(one) = self.rescored(&row, &rescored, is_dry, &mut problems)? {
                rescored.push(one);
            }
        }
        match is_any {
            true => Ok((rescored, problems)),
            false => Err(Refused::NothingFinished),
        }
    }

    /// Computes a session again if it or a session that it continues was corrected.
    fn rescored(
        &mut self,
        row: &SessionRow,
        done: &[Rescored],
        is_dry: bool,
        problems: &mut Vec<String>,
    ) -> Result<Option<Rescored>, Refused> {
        let (stored, kept) = (self.stored(&row.id)?, self.kept(&row.id));
        let Some(kept) = kept else {
            return Ok(None);
        };
        let (mut session, _) = self.session_back(&stored.start)?;
        let corrections = self.corrections(&session, problems);
        let is_known = corrections.len() == kept.corrections.len()
            && corrections
                .iter()
                .zip(&kept.corrections)
                .all(|(a, b)| a.is_same(b));
        let mut reasons: Vec<String> = corrections.iter().map(SlotCorrection::words).collect();
        for continued in &kept.summary.continues {
            if done.iter().any(|one| one.session == *continued) {
                reasons.push(format!(
                    "session {continued}, which it continues, was corrected"
                ));
            }
        }
        let depends = reasons.len() > corrections.len();
        if is_known && !depends {
            return Ok(None);
        }
        if reasons.is_empty() {
            reasons.push("an earlier correction was taken back".to_owned());
        }
        self.apply(&corrections, &mut session);
        let earlier = self.earlier(&super::adaptive::Scope::of(&stored.start)?)?;
        let blueprint = &self.library.outline.blueprint;
        let mut assessment = Assessment::continuing(earlier, &session, blueprint, &kept.bank);
        assessment.own_decks.clone_from(&kept.summary.own_decks);
        let summary = Summary::of(&session, &assessment);
        let found = Rescored {
            session: row.id.clone(),
            day: day_of(row.started_at).to_string(),
            before: kept.summary.overall,
            after: summary.overall,
            competencies: self.changed(&kept.summary, &summary),
            reasons: reasons.clone(),
        };
        if !is_dry {
            let result = StoredResult {
                summary,
                corrections,
                reason: Some(in_short(&reasons)),
                ..kept
            };
            self.put_rescored(&row.id, &result)?;
        }
        Ok(Some(found))
    }

    /// Returns the competencies whose scores differ, with both.
    fn changed(
        &self,
        before: &Summary,
        after: &Summary,
    ) -> Vec<(String, Option<Range>, Option<Range>)> {
        let score = |summary: &Summary, id| summary.competencies.get(id).copied();
        let scored = self.library.outline.blueprint.scored();
        let both = scored.map(|competency| {
            let (old, new) = (score(before, &competency.id), score(after, &competency.id));
            (competency.title.line(), old, new)
        });
        let differ = |a: Option<Range>, b: Option<Range>| match (a, b) {
            (Some(a), Some(b)) => (a.0 - b.0).abs() > 1e-6,
            (a, b) => a.is_some() != b.is_some(),
        };
        both.filter(|(_, old, new)| differ(*old, *new)).collect()
    }

    /// Returns the corrections of the answered questions of a session by today's decks.
    fn corrections(&self, session: &Session, problems: &mut Vec<String>) -> Vec<SlotCorrection> {
        let mut found = Vec::new();
        for slot in 0..session.len() {
            let item = session.item(slot);
            let Some(loaded) = self.library.deck(&item.deck) else {
                continue;
            };
            let slot_correction = |kind| SlotCorrection {
                slot,
                question: item.question.to_string(),
                kind,
            };
            let Some(source) = loaded.source_of_id(&item.question) else {
                continue;
            };
            let Ok(current) = question_from(&source, &loaded.file) else {
                continue;
            };
            if let Some(reason) = current.withdrawal() {
                let reason = reason.clone();
                found.push(slot_correction(CorrectionKind::Withdrawn { reason }));
                continue;
            }
            match correction(session.question(slot), &current) {
                Ok(Some(corrected)) if session.has_answer(slot) => {
                    found.push(slot_correction(CorrectionKind::Rule {
                        what: corrected.what.to_owned(),
                        rule: corrected.rule,
                        source,
                    }));
                }
                Ok(_) => {}
                Err(why) => {
                    let line =
                        format!("{}/{} is scored as before: {why}", item.deck, item.question);
                    if !problems.contains(&line) {
                        problems.push(line);
                    }
                }
            }
        }
        found
    }
}
