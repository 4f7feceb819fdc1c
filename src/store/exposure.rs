//! Exposures: which questions a person has seen. Unseen questions are asked first, and only first answers are scored.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::Store;
use super::error::{Inside, StoreError};
use super::session::next_turn;
use crate::core::form::Item;
use crate::core::id::{DeckId, PersonId, QuestionId, SessionId};
use crate::core::question::Row;

/// How often and when a person saw a question, across all versions of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// The number of sessions that showed it.
    pub times: u32,
    /// The position of its latest showing in the order of all changes.
    pub last: i64,
    /// The rows of a numeric question that were shown; other questions have only row 0.
    pub rows: BTreeSet<Row>,
}

impl Store {
    /// Calls `seen` for each question of a deck that the person has seen, ordered by name. A question that changed is
    /// reported once per version.
    pub fn each_seen(
        &self,
        person: PersonId,
        deck: &DeckId,
        mut seen: impl FnMut(&str),
    ) -> Result<(), StoreError> {
        self.read(|connection| {
            let sql =
                "SELECT question FROM exposure WHERE person = ?1 AND deck = ?2 ORDER BY question";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((person, deck.as_str()))?;
            while let Some(row) = rows.next()? {
                seen(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
            }
            Ok(())
        })
    }

    /// Returns the questions that a person has answered in assessments that can be resumed.
    pub fn answered_in_open_assessments(
        &self,
        person: PersonId,
    ) -> Result<Vec<(DeckId, QuestionId)>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT DISTINCT session.id, session.key, event.body ->> '$.slot'
                       FROM session JOIN event ON event.session = session.key
                       WHERE person = ?1 AND state = 'open' AND mode = 'assess' AND event.body ->> '$.what' = 'answered'";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([person])?;
            let mut answered = Vec::new();
            while let Some(row) = rows.next()? {
                let (session, slot) = (SessionId::new(row.get::<_, String>(0)?), row.get::<_, u32>(2)?);
                let item = asked(connection, &session, row.get(1)?, slot as usize)?.item;
                answered.push((item.deck, item.question));
            }
            Ok(answered)
        })
    }

    /// Returns a person's exposures, by question.
    pub fn exposures(
        &self,
        person: PersonId,
    ) -> Result<HashMap<(DeckId, QuestionId), Exposure>, StoreError> {
        self.read(|connection| {
            // The primary key's order keeps the rows of a question together.
            let sql = "SELECT deck, question, row, times, nth FROM exposure WHERE person = ?1 ORDER BY deck, question";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([person])?;
            let mut exposures: Vec<((DeckId, QuestionId), Exposure)> = Vec::new();
            while let Some(row) = rows.next()? {
                let deck = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                let question = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                let (id, mut exposure) = match exposures.pop() {
                    Some(last) if last.0.0.as_str() == deck && last.0.1.as_str() == question => last,
                    before => {
                        let id = before.as_ref().map(|((id, _), _)| id).filter(|id| id.as_str() == deck).cloned();
                        exposures.extend(before);
                        ((id.unwrap_or_else(|| DeckId::new(deck)), QuestionId::new(question)), Exposure::default())
                    }
                };
                exposure.rows.insert(Row(row.get(2)?));
                exposure.times = exposure.times.saturating_add(row.get(3)?);
                exposure.last = exposure.last.max(row.get(4)?);
                exposures.push((id, exposure));
            }
            Ok(exposures.into_iter().collect())
        })
    }
}

/// Counts a question once per session for its person, or for each participant of a mentor's session, even if they
/// return to it.
pub(super) fn record(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
    wall_ms: i64,
) -> Result<(), Inside> {
    let Asked { mode, item, .. } = asked(transaction, session, key, slot)?;
    transaction
        .prepare_cached(
            "INSERT INTO exposure (person, deck, question, fingerprint, row, times, wall, mode, session, nth)
             SELECT present.person, ?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8 FROM (
                SELECT person FROM attendance WHERE session = ?7
                UNION SELECT person FROM session WHERE key = ?7 AND mode NOT IN ('mentor', 'assigned')
             ) AS present WHERE true
             ON CONFLICT (person, deck, question, fingerprint, row) DO UPDATE SET
                times = times + (session <> excluded.session), wall = max(wall, excluded.wall),
                mode = excluded.mode, session = excluded.session, nth = excluded.nth",
        )?
        .execute((
            item.deck.as_str(),
            item.question.as_str(),
            item.fingerprint.bytes(),
            item.row.0,
            wall_ms,
            mode,
            key,
            next_turn(transaction)?,
        ))?;
    Ok(())
}

/// Returns the question at a slot of a session, with the people who were asked it and its purpose.
pub(super) struct Asked {
    pub person: PersonId,
    pub mode: String,
    pub item: Item,
}

pub(super) fn asked(
    connection: &Connection,
    session: &SessionId,
    key: i64,
    slot: usize,
) -> Result<Asked, Inside> {
    let sql = "SELECT person, mode, start -> ?2, json_array_length(start, '$.form.items') FROM session WHERE key = ?1";
    let (person, mode, item, began_with): (PersonId, String, Option<String>, usize) = connection
        .prepare_cached(sql)?
        .query_row((key, format!("$.form.items[{slot}]")), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, u32>(3)? as usize,
            ))
        })
        .optional()?
        .ok_or_else(|| StoreError::NoSession {
            session: session.clone(),
        })?;
    let item = match item {
        Some(json) => Some(json),
        None => drawn(connection, key, slot.saturating_sub(began_with))?,
    };
    let item: Item = match item {
        Some(json) => serde_json::from_str(&json)?,
        None => {
            return Err(StoreError::NoSlot {
                session: session.clone(),
                slot,
            }
            .into());
        }
    };
    Ok(Asked { person, mode, item })
}

/// Returns the question with this index among those added to the form after its start.
fn drawn(connection: &Connection, key: i64, after: usize) -> Result<Option<String>, Inside> {
    let sql =
        "SELECT body -> '$.item' FROM event WHERE session = ?1 AND body ->> '$.what' = 'drawn'
               ORDER BY sequence LIMIT 1 OFFSET ?2";
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    Ok(connection
        .prepare_cached(sql)?
        .query_row((key, after), |row| row.get(0))
        .optional()?)
}
