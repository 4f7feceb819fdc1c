//! The log of a session: its events, and the text that is being typed.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Inside, StoreError};
use super::session::{State, close, key};
use super::{Store, exposure};
use crate::core::id::SessionId;
use crate::session::{Event, Stamped, meeting};

/// An event, and the wall clock when it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged<E = Event> {
    /// Unix milliseconds.
    pub wall_ms: i64,
    pub stamped: Stamped<E>,
}

/// An event that a session's log is made of.
pub trait Entry: Serialize + DeserializeOwned {
    /// What the event brings about in other tables.
    fn follows(&self) -> Option<Follows>;
}

/// What follows from an event, in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Whoever sits there has seen the question.
    Exposure {
        slot: usize,
    },
    Closed(State),
}

impl Entry for Event {
    fn follows(&self) -> Option<Follows> {
        match self {
            Event::Shown { slot } => Some(Follows::Exposure { slot: *slot }),
            Event::Finished => Some(Follows::Closed(State::Finished)),
            Event::Discarded => Some(Follows::Closed(State::Discarded)),
            _ => None,
        }
    }
}

impl Entry for meeting::Event {
    fn follows(&self) -> Option<Follows> {
        match self {
            // On the stage it is seen, whether or not it comes to the reveal.
            meeting::Event::Asked { slot } => Some(Follows::Exposure { slot: *slot }),
            meeting::Event::Finished => Some(Follows::Closed(State::Finished)),
            meeting::Event::Discarded => Some(Follows::Closed(State::Discarded)),
            _ => None,
        }
    }
}

impl Store {
    /// Adds events to the log of a session, and all that follows from them, in one transaction: a question shown
    /// becomes an exposure, and `Finished` and `Discarded` close the session.
    ///
    /// `first` is the place of `events[0]` in the log, from 0. Events that were saved before are passed over, so that
    /// after an error the same call, or one with more events at its end, may be made again.
    ///
    /// # Errors
    /// [`StoreError::Diverged`] when another event was saved in the place of one of these, [`StoreError::Hole`] when
    /// `first` is beyond the log's end.
    pub fn append<E: Entry>(
        &mut self,
        session: &SessionId,
        first: u32,
        events: &[Logged<E>],
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let expected: u32 = transaction
                .prepare_cached("SELECT coalesce(max(sequence) + 1, 0) FROM event WHERE session = ?1")?
                .query_row([key], |row| row.get(0))?;
            if first > expected {
                return Err(StoreError::Hole { session: session.clone(), sequence: first, expected }.into());
            }
            for (sequence, Logged { wall_ms, stamped }) in (first..).zip(events) {
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
                    Some(Follows::Closed(state)) => close(transaction, session, state, *wall_ms)?,
                    None => {}
                }
            }
            Ok(())
        })
    }

    /// The log of a session, from its beginning.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when an event is not what was saved, or one is missing before its end.
    pub fn events<E: Entry>(&self, session: &SessionId) -> Result<Vec<Stamped<E>>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let sql = "SELECT sequence, digest, body FROM event WHERE session = ?1 ORDER BY sequence";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([key])?;
            let mut events = Vec::new();
            while let Some(row) = rows.next()? {
                let sequence: usize = row.get::<_, u32>(0)? as usize;
                let body = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
                let whole = digest(&[session.as_str(), &sequence.to_string(), body]) == row.get::<_, i64>(1)?;
                if sequence != events.len() || !whole {
                    return Err(Inside::Damage(format!("event {} of session {session}", events.len())));
                }
                events.push(serde_json::from_str(body)?);
            }
            Ok(events)
        })
    }

    /// The wall clock at the last event of a session, in Unix milliseconds.
    ///
    /// # Errors
    /// The session does not exist, or the file is damaged.
    pub fn last_wall_ms(&self, session: &SessionId) -> Result<Option<i64>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let sql = "SELECT wall FROM event WHERE session = ?1 ORDER BY sequence DESC LIMIT 1";
            Ok(connection.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?)
        })
    }

    /// Keeps the text being typed for a question in the place of what was kept before; empty text keeps nothing.
    pub fn save_draft(&mut self, session: &SessionId, slot: usize, text: &str) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let slot = u32::try_from(slot).map_err(|_| StoreError::NoSlot { session: session.clone(), slot })?;
            if text.is_empty() {
                let sql = "DELETE FROM draft WHERE session = ?1 AND slot = ?2";
                transaction.prepare_cached(sql)?.execute((key, slot))?;
            } else {
                let sql = "INSERT INTO draft (session, slot, text) VALUES (?1, ?2, ?3)
                           ON CONFLICT (session, slot) DO UPDATE SET text = excluded.text";
                transaction.prepare_cached(sql)?.execute((key, slot, text))?;
            }
            Ok(())
        })
    }

    /// The texts that were being typed, by slot. None is left once the session is closed.
    pub fn drafts(&self, session: &SessionId) -> Result<BTreeMap<usize, String>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let mut statement = connection.prepare_cached("SELECT slot, text FROM draft WHERE session = ?1")?;
            let drafts = statement
                .query_map([key], |row| Ok((row.get::<_, u32>(0)? as usize, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            Ok(drafts)
        })
    }
}

/// SQLite finds torn pages but not a changed byte in a text; this does. BLAKE3, cut to 8 bytes.
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
