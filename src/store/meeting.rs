//! Sessions of a mentor: who sat there.

use rusqlite::Transaction;
use serde::Deserialize;

use super::error::{Inside, StoreError};
use super::{NewSession, State, Store};
use crate::core::id::{PersonId, SessionId};
use crate::session::Mode;

/// A session of a mentor in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    pub id: SessionId,
    /// Unix milliseconds.
    pub started_at: i64,
    /// In the order of their seats.
    pub people: Vec<PersonId>,
}

/// The part of a mentor session's setup that says who comes.
#[derive(Deserialize)]
struct Setup {
    people: Vec<PersonId>,
}

impl Store {
    /// The finished sessions of a mentor, oldest first; those of `person` only, where one is named.
    pub fn meetings(&self, person: Option<PersonId>) -> Result<Vec<Met>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id, started_at, (SELECT json_group_array(person ORDER BY seat)
                           FROM attendance WHERE attendance.session = session.key)
                       FROM session WHERE mode = ?1 AND state = ?2
                       AND (?3 IS NULL OR key IN (SELECT session FROM attendance WHERE person = ?3)) ORDER BY id";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((Mode::Mentor, State::Finished, person))?;
            let mut meetings = Vec::new();
            while let Some(row) = rows.next()? {
                let people = serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
                let id = SessionId::new(row.get::<_, String>(0)?);
                meetings.push(Met { id, started_at: row.get(1)?, people });
            }
            Ok(meetings)
        })
    }

    /// How many finished sessions of a mode a person has of their own.
    pub fn count_sessions(&self, person: PersonId, mode: Mode) -> Result<usize, StoreError> {
        self.read(|connection| {
            let sql = "SELECT count(*) FROM session WHERE person = ?1 AND mode = ?2 AND state = ?3";
            let row = (person, mode, State::Finished);
            Ok(connection.prepare_cached(sql)?.query_row(row, |row| row.get::<_, u32>(0))? as usize)
        })
    }
}

/// Notes who sits where, if `session` is one of a mentor. Noting it again changes nothing.
pub(super) fn seat(transaction: &Transaction, session: &NewSession) -> Result<(), Inside> {
    if session.mode != Mode::Mentor {
        return Ok(());
    }
    let Setup { people } = serde_json::from_str(&session.setup)?;
    let sql = "INSERT INTO attendance (session, seat, person) SELECT key, ?2, ?3 FROM session WHERE id = ?1
               ON CONFLICT (session, seat) DO NOTHING";
    let mut statement = transaction.prepare_cached(sql)?;
    for (seat, person) in (0u32..).zip(people) {
        statement.execute((session.id.as_str(), seat, person))?;
    }
    Ok(())
}
