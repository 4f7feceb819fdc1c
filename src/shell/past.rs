//! Past sessions: the history, and the sessions that can be resumed or restored.

use super::compare::Finished;
use super::home::{day_of, iso, time_of};
use super::scored::{StoredResult, Summary};
use super::{Refused, Workspace};
use crate::app::effect::{HistoryRow, HistoryState, OpenSession, PreviousComparison};
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::{Mode, Session};
use crate::store::{NewSession, RESTORABLE_MS, SessionRow, State, StoreError};

/// The number of sessions that the history lists.
const LISTED: u32 = 200;
/// The number of unfinished sessions that the home screen offers.
const OFFERED: usize = 5;

/// The progress of a session.
#[derive(Clone, Copy, Default)]
struct ReachedLevels {
    answered: usize,
    questions: usize,
    /// The maximum number of questions, if the session is extended as it goes.
    most: usize,
    spent: Millis,
    left: Option<Millis>,
}

impl Workspace {
    /// Returns the newest sessions that can be resumed, and the number of further ones. The newest of each mode is
    /// included, so that practice does not hide an assessment.
    pub(super) fn open_sessions(&self) -> (Vec<OpenSession>, usize) {
        let open = self.store.waiting_sessions(self.person).unwrap_or_default();
        let is_newest = |i: usize| open[..i].iter().all(|newer| newer.mode != open[i].mode);
        let (newest, others): (Vec<usize>, Vec<usize>) =
            (0..open.len()).partition(|i| is_newest(*i));
        let mut offered: Vec<usize> = newest.into_iter().chain(others).take(OFFERED).collect();
        offered.sort_unstable();
        let more = open.len() - offered.len();
        let readable = |i: usize| Some(self.open_session(&open[i], self.reached(&open[i]).ok()?));
        (offered.into_iter().filter_map(readable).collect(), more)
    }

    /// Returns the newest unfinished mentor session with exactly these people: its id and its day.
    pub fn unfinished_with(&self, people: &[PersonId]) -> Option<(SessionId, String)> {
        let sorted = |people: &[PersonId]| {
            let mut people = people.to_vec();
            people.sort_unstable();
            people
        };
        let is_same = |listed: &SessionRow| {
            let seats = self.store.seats(&listed.id).unwrap_or_default();
            listed.mode == Mode::Mentor && sorted(&seats) == sorted(people)
        };
        let waiting = self.store.waiting_sessions(self.person).unwrap_or_default();
        let found = waiting.into_iter().find(is_same)?;
        Some((found.id, day_of(found.started_at).short()))
    }

    /// Describes a session that can be resumed.
    fn open_session(&self, listed: &SessionRow, reached: ReachedLevels) -> OpenSession {
        OpenSession {
            id: listed.id.clone(),
            mode: listed.mode,
            people: self.participants(listed),
            name: listed.name.clone(),
            day: day_of(listed.started_at).short(),
            time: time_of(listed.started_at),
            answered: reached.answered,
            questions: reached.most,
            left: reached.left,
        }
    }

    /// Returns the names of the participants of a mentor session; empty for other sessions.
    fn participants(&self, listed: &SessionRow) -> Vec<Text> {
        if listed.mode != Mode::Mentor {
            return Vec::new();
        }
        let people = self.store.people().unwrap_or_default();
        let seats = self.store.seats(&listed.id).unwrap_or_default();
        let name = |seat| people.iter().find(|person| person.id == seat);
        seats
            .into_iter()
            .filter_map(name)
            .map(|person| person.name.clone())
            .collect()
    }

    /// Determines the progress of a session from its events.
    fn reached(&self, listed: &SessionRow) -> Result<ReachedLevels, Refused> {
        self.reached_of(self.stored(&listed.id)?.start)
    }

    fn reached_of(&self, start: NewSession) -> Result<ReachedLevels, Refused> {
        if start.mode == Mode::Mentor {
            let (meeting, _) = self.meeting_back(start)?;
            let answered = (0..meeting.len())
                .filter(|slot| meeting.is_revealed(*slot))
                .count();
            let questions = meeting.len();
            return Ok(ReachedLevels {
                answered,
                questions,
                most: questions,
                spent: meeting.at(),
                left: None,
            });
        }
        let session: Session = self.session_back(&start)?.0;
        Ok(ReachedLevels {
            answered: if session.mode.reveals() {
                session.done()
            } else {
                session.answered()
            },
            questions: session.len(),
            most: session.most(),
            spent: session.at(),
            left: session.remaining(session.at()),
        })
    }

    /// Returns the refusal to report a session before its end.
    ///
    /// # Errors
    /// The session does not exist, or cannot be read back.
    pub(super) fn not_ended(&self, id: &SessionId) -> Result<Refused, Refused> {
        let stored = self.stored(id)?;
        let reached = self.reached_of(stored.start)?;
        Ok(Refused::NotEnded {
            session: id.clone(),
            answered: reached.answered,
            questions: reached.most,
            is_discarded: stored.state == State::Discarded,
        })
    }

    /// Refuses a session that has not ended, if it is the only one whose id begins with `name`.
    ///
    /// # Errors
    /// [`Refused::NotEnded`]; the session cannot be read back.
    pub fn refuse_open(&self, name: &str) -> Result<(), Refused> {
        match self.session_named(name)? {
            Some((id, _, State::Open)) => Err(self.not_ended(&id)?),
            _ => Ok(()),
        }
    }

    /// Finds the session whose id begins with `name`, whoever took it and in whatever mode and state; returns `None`
    /// if there is none, or more than one.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn session_named(
        &self,
        name: &str,
    ) -> Result<Option<(SessionId, Mode, State)>, StoreError> {
        let ids = self.store.session_ids()?;
        let mut matching = ids.into_iter().filter(|id| id.as_str().starts_with(name));
        let (Some(id), None) = (matching.next(), matching.next()) else {
            return Ok(None);
        };
        let stored = self.stored(&id)?;
        Ok(Some((id, stored.start.mode, stored.state)))
    }

    /// Returns the past sessions, newest first: finished assessments, mentor sessions, and sessions that can be resumed
    /// or restored.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn past(&self) -> Result<Vec<HistoryRow>, Refused> {
        self.past_of_person(self.person)
    }

    /// Returns the number of sessions that [`Workspace::past`] lists.
    pub(super) fn count_past(&self) -> Result<usize, StoreError> {
        let all = self.store.count_past(self.person, self.wall_ms())?;
        Ok(all.min(LISTED) as usize)
    }

    pub(super) fn past_of_person(&self, person: PersonId) -> Result<Vec<HistoryRow>, Refused> {
        let listed = self.store.past(person, self.wall_ms(), LISTED)?;
        let finished: Vec<Finished> = listed.iter().filter_map(|one| self.finished(one)).collect();
        let with_change = |l: &SessionRow| {
            let past = self.past_of(l)?;
            if l.mode != Mode::Assess {
                return Ok(past);
            }
            let (before, former) = (self.before(&finished, &l.id), self.former(&l.id));
            Ok(HistoryRow {
                before,
                former,
                ..past
            })
        };
        listed.iter().map(with_change).collect()
    }

    /// Returns the summary from the stored result, or from the events if the result is damaged; `None` without a
    /// result.
    ///
    /// # Errors
    /// The events are damaged too.
    fn summary_of(&self, listed: &SessionRow) -> Result<Option<Summary>, Refused> {
        match listed
            .result
            .as_deref()
            .map(serde_json::from_str::<StoredResult>)
        {
            Some(Ok(kept)) => Ok(Some(kept.summary)),
            None if !listed.is_damaged => Ok(None),
            _ => self
                .open_result(&listed.id)
                .map(|opened| Some(Summary::of(&opened.session, &opened.assessment))),
        }
    }

    pub(super) fn past_of(&self, listed: &SessionRow) -> Result<HistoryRow, Refused> {
        let summary = if listed.mode == Mode::Assess {
            self.summary_of(listed)?
        } else {
            None
        };
        let scored = self.library.outline.blueprint.scored();
        let reached = match &summary {
            Some(s) => ReachedLevels {
                answered: s.answered,
                questions: s.questions,
                most: s.questions,
                spent: s.spent,
                left: None,
            },
            None => self.reached(listed).unwrap_or_default(),
        };
        Ok(HistoryRow {
            id: listed.id.clone(),
            mode: listed.mode,
            name: listed.name.clone(),
            day: day_of(listed.started_at).to_string(),
            date: day_of(listed.started_at),
            started_at: iso(listed.started_at),
            finished_at: listed.finished_at.map(iso),
            questions: reached.questions,
            answered: reached.answered,
            spent: reached.spent,
            state: match listed.state {
                State::Open => HistoryState::Waiting(self.open_session(listed, reached)),
                State::Finished => HistoryState::Finished,
                State::Discarded => {
                    let last = listed
                        .finished_at
                        .unwrap_or(listed.started_at)
                        .saturating_add(RESTORABLE_MS);
                    HistoryState::Discarded {
                        until: day_of(last).to_string(),
                        is_deleted: listed.is_deleted,
                    }
                }
            },
            overall: summary.as_ref().and_then(|s| s.overall),
            competencies: scored
                .map(|c| summary.as_ref()?.competencies.get(&c.id).copied())
                .collect(),
            own_decks: summary
                .as_ref()
                .map(|s| s.own_decks.clone())
                .unwrap_or_default(),
            continues: summary.map(|s| s.continues).unwrap_or_default(),
            before: PreviousComparison::Nothing,
            former: Vec::new(),
        })
    }

    /// Restores a discarded session, so that it can be resumed.
    ///
    /// # Errors
    /// It is open in another process, or it cannot be restored.
    pub fn restore(&mut self, id: &SessionId) -> Result<(), Refused> {
        let _claim = self.store.claim(id)?;
        let wall_ms = self.wall_ms();
        Ok(self.store.restore(id, wall_ms)?)
    }

    /// Restores the discarded session whose id begins with `name`.
    ///
    /// # Errors
    /// The errors of [`Workspace::restore`]; there is no such session, or more than one.
    pub fn restore_named(&mut self, name: &str) -> Result<SessionId, Refused> {
        let found = self.named(name, State::Discarded)?;
        // The store reports why another session cannot be restored.
        let id = found.map_or_else(|| SessionId::new(name), |listed| listed.id);
        self.restore(&id)?;
        Ok(id)
    }

    /// Discards the unfinished session whose id begins with `name`; it can be restored for 30 days.
    ///
    /// # Errors
    /// There is no such session, more than one, or it is open in another process.
    pub fn discard_named(&mut self, name: &str) -> Result<SessionId, Refused> {
        let (id, _) = self.open_session_named(name)?;
        let _claim = self.store.claim(&id)?;
        let wall_ms = self.wall_ms();
        self.store.discard(&id, wall_ms)?;
        Ok(id)
    }

    /// Returns the unfinished session whose id begins with `name`, and its mode.
    ///
    /// # Errors
    /// There is no such session, or more than one.
    pub fn open_session_named(&self, name: &str) -> Result<(SessionId, Mode), Refused> {
        let found = self.named(name, State::Open)?;
        let listed = found.ok_or_else(|| Refused::NoOpenSession(name.to_owned()))?;
        Ok((listed.id, listed.mode))
    }

    /// Returns the unfinished session that was begun last, and its mode.
    ///
    /// # Errors
    /// There is none, or a failure of the store.
    pub fn newest_open_session(&self) -> Result<(SessionId, Mode), Refused> {
        let waiting = self.store.waiting_sessions(self.person)?;
        let newest = waiting
            .into_iter()
            .next()
            .ok_or(Refused::NothingUnfinished)?;
        Ok((newest.id, newest.mode))
    }

    /// Finds the session in this state whose id begins with `name`.
    fn named(&self, name: &str, state: State) -> Result<Option<SessionRow>, Refused> {
        let listed = self.store.past(self.person, self.wall_ms(), u32::MAX)?;
        let mut matching = listed
            .into_iter()
            .filter(|listed| listed.state == state && listed.id.as_str().starts_with(name));
        match (matching.next(), matching.next()) {
            (Some(_), Some(_)) => Err(Refused::Ambiguous(name.to_owned())),
            (found, _) => Ok(found),
        }
    }
}
