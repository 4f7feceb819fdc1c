//! The participants of a mentor's sessions.

use rusqlite::{Row, Transaction};
use serde::Deserialize;

use super::error::{Inside, StoreError};
use super::row_digest::ATTENDANCE;
use super::{NewSession, State, Store};
use crate::core::id::{PersonId, SessionId};
use crate::session::Mode;

/// The part of a mentor session's setup that lists the participants.
#[derive(Deserialize)]
struct Setup {
    people: Vec<PersonId>,
}

impl Store {
    /// Returns the finished sessions of a mentor, oldest first; only those with `person`, if given.
    pub fn meetings(&self, person: Option<PersonId>) -> Result<Vec<SessionId>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id FROM session WHERE mode = ?1 AND state = ?2
                       AND (?3 IS NULL OR key IN (SELECT session FROM attendance WHERE person = ?3)) ORDER BY closed, key";
            let mut statement = connection.prepare_cached(sql)?;
            let id = |row: &Row| Ok(SessionId::new(row.get::<_, String>(0)?));
            let meetings = statement.query_map((Mode::Mentor, State::Finished, person), id)?;
            Ok(meetings.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the homework that was assigned, oldest first; only that for `person`, if given.
    pub fn assignments(&self, person: Option<PersonId>) -> Result<Vec<SessionId>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id FROM session WHERE mode = ?1
                       AND (?2 IS NULL OR key IN (SELECT session FROM attendance WHERE person = ?2)) ORDER BY key";
            let mut statement = connection.prepare_cached(sql)?;
            let id = |row: &Row| Ok(SessionId::new(row.get::<_, String>(0)?));
            let assignments = statement.query_map((Mode::Assigned, person), id)?;
            Ok(assignments.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the participants of a session, in the order of the seats.
    pub fn seats(&self, session: &SessionId) -> Result<Vec<PersonId>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT attendance.person FROM attendance JOIN session ON session.key = attendance.session
                       WHERE session.id = ?1 ORDER BY seat";
            let mut statement = connection.prepare_cached(sql)?;
            Ok(statement.query_map([session.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    /// Counts the finished sessions of a mode that a person took on their own.
    pub fn count_sessions(&self, person: PersonId, mode: Mode) -> Result<usize, StoreError> {
        self.read(|connection| {
            let sql = "SELECT count(*) FROM session WHERE person = ?1 AND mode = ?2 AND state = ?3";
            let row = (person, mode, State::Finished);
            Ok(connection
                .prepare_cached(sql)?
                .query_row(row, |row| row.get::<_, u32>(0))? as usize)
        })
    }
}

/// Stores the participants if `session` is a mentor's, or the people whom a homework is for. Repeating it changes nothing.
pub(super) fn seat(transaction: &Transaction, session: &NewSession) -> Result<(), Inside> {
    if !matches!(session.mode, Mode::Mentor | Mode::Assigned) {
        return Ok(());
    }
    let Setup { people } = serde_json::from_str(&session.setup)?;
    let sql = "INSERT INTO attendance (session, seat, person) SELECT key, ?2, ?3 FROM session WHERE id = ?1
               ON CONFLICT (session, seat) DO NOTHING";
    let mut statement = transaction.prepare_cached(sql)?;
    for (seat, person) in (0u32..).zip(people) {
        statement.execute((session.id.as_str(), seat, person))?;
    }
    ATTENDANCE.seal(
        transaction,
        "digest IS NULL AND session = (SELECT key FROM session WHERE id = ?1)",
        [session.id.as_str()],
    )?;
    Ok(())
}

/// Stores who has the next free seat of a running session. The event that says so is already stored.
pub(super) fn seat_next(
    transaction: &Transaction,
    session: i64,
    person: PersonId,
) -> Result<(), Inside> {
    let sql = "INSERT INTO attendance (session, seat, person)
               SELECT key, json_array_length(start ->> '$.setup', '$.people') - 1 + (
                   SELECT count(*) FROM event WHERE session = ?1 AND body ->> '$.what' = 'seat-added'
               ), ?2 FROM session WHERE key = ?1";
    transaction
        .prepare_cached(sql)?
        .execute((session, person))?;
    let added = "session = ?1 AND person = ?2";
    ATTENDANCE.seal(transaction, added, (session, person))?;
    Ok(())
}
