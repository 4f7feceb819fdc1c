//! Reviews: the answers that the practice schedule counts, and how they are derived for old sessions.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Refused, Workspace};
use crate::core::id::{Fingerprint, SessionId};
use crate::core::practice::Grade;
use crate::core::question::{Kind, Question};
use crate::core::response::Answer;
use crate::core::scoring;
use crate::core::time::Day;
use crate::session::assessment::{Outcome, Status, outcomes_of};
use crate::session::{Event, Mode, Session, Stamped};
use crate::store::{Derived, History, Reviewed, StoreError, StoredEvent};

/// Returns the reviews of a finished assessment: one for each question that was answered or left blank. Questions that
/// were not reached or have no score give none.
pub(super) fn reviews_of(
    session: &Session,
    outcomes: &[Outcome],
    wall_ms: i64,
    day: Day,
) -> Vec<Reviewed> {
    if session.mode != Mode::Assess {
        return Vec::new();
    }
    let slots = outcomes
        .iter()
        .enumerate()
        .filter(|(slot, outcome)| match outcome.status {
            Status::Answered => outcome.scored.is_some(),
            // An open question is never counted as forgotten.
            Status::Omitted => scoring::chance(session.question(*slot)).is_some(),
            Status::TimedOut | Status::NotReached => false,
        });
    slots
        .map(|(slot, outcome)| {
            let (score, confidence) = (outcome.value(), session.sheet(slot).confidence);
            let grade = Grade::of(score, confidence);
            Reviewed {
                slot,
                wall_ms,
                day,
                grade,
                score,
                confidence,
                is_blank: outcome.status == Status::Omitted,
            }
        })
        .collect()
}

/// Returns the reviews of a practice session, which are its grades.
fn reviews_of_practice(
    session: &Session,
    log: &[(i64, Stamped)],
    day_of: impl Fn(i64) -> Day,
) -> Vec<Reviewed> {
    let mut reviews: Vec<Reviewed> = Vec::new();
    for (wall_ms, stamped) in log {
        let Event::Graded { slot, grade } = stamped.event else {
            continue;
        };
        if slot >= session.len() || session.sheet(slot).grade.is_none() {
            continue;
        }
        let sheet = session.sheet(slot);
        let scored = sheet
            .answer
            .as_ref()
            .and_then(|a| scoring::score(session.question(slot), session.item(slot).row, a));
        let score = match session.question(slot).interaction.is_card() {
            true => grade.score_of_card(),
            false => scored.map_or(0.0, |scored| scored.value),
        };
        let wall_ms = *wall_ms;
        let confidence = sheet.confidence;
        reviews.retain(|review| review.slot != slot);
        reviews.push(Reviewed {
            slot,
            wall_ms,
            day: day_of(wall_ms),
            grade,
            score,
            confidence,
            is_blank: false,
        });
    }
    reviews
}

impl Workspace {
    /// Derives the data that practice needs and that older versions did not store, or stored in another form. This
    /// happens once; the store records that it is done.
    pub(super) fn derive(&mut self) -> Result<(), StoreError> {
        let today = self.today();
        match self.store.derived()? {
            Derived::Whole => self.store.heed_clock(today).map(drop),
            Derived::Reviews => self.store.derive(None, today),
            Derived::Nothing => {
                let mut questions = HashMap::new();
                let mut histories = Vec::new();
                for id in self.store.sessions_with_reviews()? {
                    match self.history_of(&id, &mut questions) {
                        Ok(history) => histories.push(history),
                        Err(Refused::Store(error)) => match error {
                            // An unreadable session must not prevent the use of the others.
                            StoreError::Damaged { .. } => {}
                            error => return Err(error),
                        },
                        Err(_) => {}
                    }
                }
                self.store.derive(Some(&histories), today)
            }
        }
    }

    /// Derives the reviews of a session. `questions` caches the parsed questions, because many sessions share them.
    fn history_of(
        &self,
        id: &SessionId,
        questions: &mut HashMap<Fingerprint, Question>,
    ) -> Result<History, Refused> {
        let stored = self.stored(id)?;
        let log = self.store.log::<Event>(id)?;
        let drawn = log.iter().filter_map(|(_, stamped)| match &stamped.event {
            Event::Drawn { item } => Some(item),
            _ => None,
        });
        let mut asked = Vec::new();
        for item in stored.start.form.items.iter().chain(drawn) {
            let question = match questions.entry(item.fingerprint) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(self.written_question(id, item)?),
            };
            asked.push(item.concrete(question.clone()));
        }
        let start = stored.start;
        let session = Session::new(start.form, asked.into(), start.limit, start.multiplier)
            .in_mode(start.mode);
        let events: Vec<Stamped> = log.iter().map(|(_, stamped)| stamped.clone()).collect();
        let session = session.replay(&events);
        let reviews = if start.mode == Mode::Practise {
            reviews_of_practice(&session, &log, |wall_ms| self.practice_day(wall_ms))
        } else {
            let wall_ms = stored.finished_at.unwrap_or(start.started_at);
            reviews_of(
                &session,
                &outcomes_of(&session),
                wall_ms,
                self.practice_day(wall_ms),
            )
        };
        let is_remark = |e: &Event| {
            matches!(
                e,
                Event::Noted { .. }
                    | Event::Disputed { .. }
                    | Event::Flagged { .. }
                    | Event::Suspended { .. }
            )
        };
        let log = log
            .into_iter()
            .filter(|(_, stamped)| is_remark(&stamped.event));
        let log = log.map(|(wall_ms, stamped)| StoredEvent {
            wall_ms,
            day: self.practice_day(wall_ms),
            stamped,
            score: None,
        });
        Ok(History {
            session: id.clone(),
            reviews,
            log: log.collect(),
        })
    }

    /// Scores the answer to a question of a session: the `unsaved` one if there is one, or the stored one. Returns `None`
    /// if it cannot be read.
    pub(super) fn score_at(
        &self,
        id: &SessionId,
        slot: usize,
        grade: Grade,
        unsaved: Option<&Answer>,
    ) -> Option<f64> {
        let (item, stored) = self.store.answer(id, slot).ok()?;
        let answer = match unsaved {
            Some(unsaved) => Some(unsaved.clone()).filter(|answer| !answer.is_blank()),
            None => stored,
        };
        if item.kind == Kind::Recall {
            return Some(grade.score_of_card());
        }
        let question = self.question_back(id, &item).ok()?;
        let scored = answer.and_then(|answer| scoring::score(&question, item.row, &answer));
        Some(scored.map_or(0.0, |scored| scored.value))
    }
}
