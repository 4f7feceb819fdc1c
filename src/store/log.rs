//! The log of a session: its events, and the drafts of its answers.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Inside, StoreError};
use super::meeting::seat_next;
use super::session::{State, close, key};
use super::{Store, exposure, remark, review};
use crate::core::form::Item;
use crate::core::id::{PersonId, SessionId};
use crate::core::practice::Grade;
use crate::core::response::Answer;
use crate::core::time::Day;
use crate::session::TextField;
use crate::session::{Event, Stamped, homework, meeting};

/// An event with its timestamp.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEvent<E = Event> {
    /// Unix milliseconds.
    pub wall_ms: i64,
    /// The day of the event in the person's calendar.
    pub day: Day,
    pub stamped: Stamped<E>,
    /// For a grade: the score of the answer, 0 to 1, if known.
    pub score: Option<f64>,
}

/// An event of a session's log.
pub trait Entry: Serialize + DeserializeOwned {
    /// The changes that the event makes to other tables.
    fn follows(&self) -> Option<Follows<'_>>;

    /// The question that the event adds to the session.
    fn drawn(&self) -> Option<&Item> {
        None
    }
}

/// A change that follows from an event and is made in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows<'a> {
    /// Each participant has seen the question.
    Exposure {
        slot: usize,
    },
    /// Someone takes part in a mentor's session from here on, and has seen the question at `slot`.
    Seat {
        person: PersonId,
        slot: Option<usize>,
    },
    /// An answer was graded.
    Review {
        slot: usize,
        grade: Grade,
    },
    /// A grade was taken back.
    ReviewTakenBack {
        slot: usize,
    },
    /// Practice suspends the question or resumes asking it.
    Suspension {
        slot: usize,
        on: bool,
    },
    /// The person wrote a remark on the question; an empty text deletes it.
    Remark {
        slot: usize,
        kind: &'static str,
        text: &'a str,
    },
    Closed(State),
}

impl Entry for Event {
    fn follows(&self) -> Option<Follows<'_>> {
        let remark = |slot: &usize, kind, text| {
            Some(Follows::Remark {
                slot: *slot,
                kind,
                text,
            })
        };
        match self {
            Event::Shown { slot } => Some(Follows::Exposure { slot: *slot }),
            Event::Graded { slot, grade } => Some(Follows::Review {
                slot: *slot,
                grade: *grade,
            }),
            Event::GradeTakenBack { slot } => Some(Follows::ReviewTakenBack { slot: *slot }),
            Event::Suspended { slot, on } => Some(Follows::Suspension {
                slot: *slot,
                on: *on,
            }),
            Event::Noted { slot, text } => remark(slot, "note", text.trim()),
            Event::Disputed { slot, reason } => remark(slot, "dispute", reason.trim()),
            Event::Flagged { slot, on } => remark(slot, "flag", if *on { "flagged" } else { "" }),
            Event::Finished => Some(Follows::Closed(State::Finished)),
            Event::Discarded => Some(Follows::Closed(State::Discarded)),
            _ => None,
        }
    }

    fn drawn(&self) -> Option<&Item> {
        match self {
            Event::Drawn { item } => Some(item),
            _ => None,
        }
    }
}

impl Entry for meeting::Event {
    fn follows(&self) -> Option<Follows<'_>> {
        match self {
            // A question on the stage counts as seen, even if its answer is never revealed.
            meeting::Event::Asked { slot } => Some(Follows::Exposure { slot: *slot }),
            meeting::Event::SeatAdded { person, slot } => Some(Follows::Seat {
                person: *person,
                slot: *slot,
            }),
            meeting::Event::Finished => Some(Follows::Closed(State::Finished)),
            meeting::Event::Discarded => Some(Follows::Closed(State::Discarded)),
            _ => None,
        }
    }
}

impl Entry for homework::Event {
    fn follows(&self) -> Option<Follows<'_>> {
        match self {
            // Whoever has the form can read its questions, whether or not they answer.
            homework::Event::Sent { slot } => Some(Follows::Exposure { slot: *slot }),
            _ => None,
        }
    }
}

impl Store {
    /// Appends events to the log of a session and makes all changes that follow from them, in one transaction: a shown
    /// question becomes an exposure, a grade becomes a review, and `Finished` and `Discarded` close the session.
    ///
    /// `first` is the index of `events[0]` in the log, from 0. Events that are already stored are skipped, so after an
    /// error the caller may repeat the call, also with more events at the end.
    ///
    /// # Errors
    /// [`StoreError::Diverged`] if a different event is stored at the index of one of these, [`StoreError::Hole`] if
    /// `first` is beyond the end of the log.
    pub fn append<E: Entry>(
        &mut self,
        session: &SessionId,
        first: u32,
        events: &[StoredEvent<E>],
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let expected: u32 = transaction
                .prepare_cached("SELECT coalesce(max(sequence) + 1, 0) FROM event WHERE session = ?1")?
                .query_row([key], |row| row.get(0))?;
            if first > expected {
                return Err(StoreError::Hole { session: session.clone(), sequence: first, expected }.into());
            }
            for (sequence, logged) in (first..).zip(events) {
                let StoredEvent { wall_ms, stamped, .. } = logged;
                let body = serde_json::to_string(stamped)?;
                if sequence < expected {
                    let saved: String = transaction
                        .prepare_cached("SELECT body FROM event WHERE session = ?1 AND sequence = ?2")?
                        .query_row((key, sequence), |row| row.get(0))?;
                    if saved != body {
                        return Err(StoreError::Diverged { session: session.clone(), sequence }.into());
                    }
                    continue;
                }
                let digest = digest(&[session.as_str(), &sequence.to_string(), &body]);
                transaction
                    .prepare_cached(
                        "INSERT INTO event (session, sequence, wall, digest, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute((key, sequence, wall_ms, digest, body))?;
                match stamped.event.follows() {
                    Some(Follows::Exposure { slot }) => exposure::record(transaction, session, key, slot, *wall_ms)?,
                    Some(Follows::Seat { person, slot }) => {
                        seat_next(transaction, key, person)?;
                        if let Some(slot) = slot {
                            exposure::record(transaction, session, key, slot, *wall_ms)?;
                        }
                    }
                    Some(Follows::Review { slot, grade }) => {
                        review::graded(transaction, session, key, slot, grade, logged)?;
                    }
                    Some(Follows::ReviewTakenBack { slot }) => review::take_back(transaction, session, key, slot)?,
                    Some(Follows::Suspension { slot, on }) => remark::suspend(transaction, session, key, slot, on)?,
                    Some(Follows::Remark { slot, kind, text }) => {
                        remark::record(transaction, session, key, slot, kind, text, *wall_ms)?;
                    }
                    Some(Follows::Closed(state)) => close(transaction, session, state, *wall_ms)?,
                    None => {}
                }
            }
            Ok(())
        })
    }

    /// Returns the events of a session from its beginning.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if an event differs from what was stored, or one is missing, except the last ones of an
    /// open session.
    pub fn events<E: Entry>(&self, session: &SessionId) -> Result<Vec<Stamped<E>>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let sql =
                "SELECT sequence, digest, body FROM event WHERE session = ?1 ORDER BY sequence";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([key])?;
            let (mut events, mut ends) = (Vec::new(), false);
            while let Some(row) = rows.next()? {
                let sequence: usize = row.get::<_, u32>(0)? as usize;
                let body = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
                let whole = digest(&[session.as_str(), &sequence.to_string(), body])
                    == row.get::<_, i64>(1)?;
                if sequence != events.len() || !whole {
                    return Err(Inside::Damage(format!(
                        "event {} of session {session}",
                        events.len()
                    )));
                }
                events.push(serde_json::from_str(body)?);
                ends |= body.contains("\"what\":\"finished\"");
            }
            let sql = "SELECT state = 'finished' FROM session WHERE key = ?1";
            let is_finished = connection
                .prepare_cached(sql)?
                .query_row([key], |row| row.get(0))?;
            if is_finished && !ends {
                return Err(Inside::Damage(format!("the end of session {session}")));
            }
            Ok(events)
        })
    }

    /// Returns the events of a session with their timestamps in Unix milliseconds.
    ///
    /// # Errors
    /// The errors of [`Store::events`].
    pub fn log<E: Entry>(&self, session: &SessionId) -> Result<Vec<(i64, Stamped<E>)>, StoreError> {
        let events = self.events(session)?;
        let walls: Vec<i64> = self.read(|connection| {
            let key = key(connection, session)?;
            let mut statement = connection
                .prepare_cached("SELECT wall FROM event WHERE session = ?1 ORDER BY sequence")?;
            let walls = statement
                .query_map([key], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok(walls)
        })?;
        Ok(walls.into_iter().zip(events).collect())
    }

    /// Returns a question of a session and its current answer.
    ///
    /// # Errors
    /// [`StoreError::NoSlot`] if the session has no such question.
    pub fn answer(
        &self,
        session: &SessionId,
        slot: usize,
    ) -> Result<(Item, Option<Answer>), StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let asked = exposure::asked(connection, session, key, slot)?;
            let sql = "SELECT body -> '$.answer' FROM event WHERE session = ?1 AND body ->> '$.what' IN ('answered', 'answer-changed')
                       AND body ->> '$.slot' = ?2 ORDER BY sequence DESC LIMIT 1";
            let body: Option<String> =
                connection.prepare_cached(sql)?.query_row((key, slot as i64), |row| row.get(0)).optional()?;
            let answer: Option<Answer> = body.map(|body| serde_json::from_str(&body)).transpose()?;
            Ok((asked.item, answer.filter(|answer| !answer.is_blank())))
        })
    }

    /// Returns the timestamp of a session's last event, in Unix milliseconds.
    ///
    /// # Errors
    /// The session does not exist, or the file is damaged.
    pub fn last_wall_ms(&self, session: &SessionId) -> Result<Option<i64>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let sql = "SELECT wall FROM event WHERE session = ?1 ORDER BY sequence DESC LIMIT 1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })
    }

    /// Saves the draft of an answer, replacing the previous one; empty text deletes it.
    pub fn save_draft(
        &mut self,
        session: &SessionId,
        slot: usize,
        text: &str,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let slot = u32::try_from(slot).map_err(|_| StoreError::NoSlot {
                session: session.clone(),
                slot,
            })?;
            if text.is_empty() {
                let sql = "DELETE FROM draft WHERE session = ?1 AND slot = ?2";
                transaction.prepare_cached(sql)?.execute((key, slot))?;
            } else {
                let sql = "INSERT INTO draft (session, slot, text) VALUES (?1, ?2, ?3)
                           ON CONFLICT (session, slot) DO UPDATE SET text = excluded.text";
                transaction
                    .prepare_cached(sql)?
                    .execute((key, slot, text))?;
            }
            Ok(())
        })
    }

    /// Saves the draft of a text field that is not an answer; empty text deletes it.
    pub fn save_field_draft(
        &mut self,
        session: &SessionId,
        field: &TextField,
        text: &str,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let (key, field) = (key(transaction, session)?, serde_json::to_string(field)?);
            if text.is_empty() {
                let sql = "DELETE FROM field_draft WHERE session = ?1 AND field = ?2";
                transaction.prepare_cached(sql)?.execute((key, field))?;
            } else {
                let sql = "INSERT INTO field_draft (session, field, text) VALUES (?1, ?2, ?3)
                           ON CONFLICT (session, field) DO UPDATE SET text = excluded.text";
                transaction
                    .prepare_cached(sql)?
                    .execute((key, field, text))?;
            }
            Ok(())
        })
    }

    /// Returns the drafts of text fields that are not answers. They are kept after the end of the session.
    pub fn field_drafts(
        &self,
        session: &SessionId,
    ) -> Result<BTreeMap<TextField, String>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let mut statement = connection
                .prepare_cached("SELECT field, text FROM field_draft WHERE session = ?1")?;
            let mut drafts = BTreeMap::new();
            let mut rows = statement.query([key])?;
            while let Some(row) = rows.next()? {
                drafts.insert(
                    serde_json::from_str(&row.get::<_, String>(0)?)?,
                    row.get(1)?,
                );
            }
            Ok(drafts)
        })
    }

    /// Returns the drafts of a session by slot; a finished session has none.
    pub fn drafts(&self, session: &SessionId) -> Result<BTreeMap<usize, String>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let mut statement =
                connection.prepare_cached("SELECT slot, text FROM draft WHERE session = ?1")?;
            let drafts = statement
                .query_map([key], |row| {
                    Ok((row.get::<_, u32>(0)? as usize, row.get(1)?))
                })?
                .collect::<Result<_, _>>()?;
            Ok(drafts)
        })
    }
}

/// Returns a BLAKE3 hash cut to 8 bytes. It detects a changed byte in a text; `SQLite` detects only torn pages.
pub(super) fn digest(parts: &[&str]) -> i64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    i64::from_le_bytes(first)
}
