//! When and for how long a person practised.

use super::log::digest;
use super::session::start_in_id;
use super::{Store, StoreError};
use crate::core::id::PersonId;
use crate::core::time::{Day, Millis};

/// A practice session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Practised {
    /// Unix milliseconds.
    pub started_at: i64,
    /// The day of its first answer.
    pub day: Option<Day>,
    pub spent: Millis,
}

impl Store {
    /// Returns the number of graded answers per day from `from` on; days without any are left out.
    pub fn answers_by_day(
        &self,
        person: PersonId,
        from: Day,
    ) -> Result<Vec<(Day, u32)>, StoreError> {
        self.read(|connection| {
            let sql =
                "SELECT day, count(*) FROM review WHERE person = ?1 AND day >= ?2 AND NOT blank GROUP BY day";
            let mut statement = connection.prepare_cached(sql)?;
            let days = statement.query_map((person, from), |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(days.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the last day before the given one with a graded answer. The index makes this fast for any number of
    /// answers.
    pub fn day_before(&self, person: PersonId, day: Day) -> Result<Option<Day>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT max(day) FROM review WHERE person = ?1 AND day < ?2 AND NOT blank";
            Ok(connection
                .prepare_cached(sql)?
                .query_row((person, day), |row| row.get(0))?)
        })
    }

    /// Returns the practice sessions started at `from` (Unix milliseconds) or later, with the time charged to each.
    pub fn practised(&self, person: PersonId, from: i64) -> Result<Vec<Practised>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id, started_at, body ->> '$.at', (SELECT min(day) FROM review WHERE review.session = session.key),
                           sequence, body, event.digest
                       FROM session LEFT JOIN event ON event.session = session.key
                           AND sequence = (SELECT max(sequence) FROM event AS last WHERE last.session = session.key)
                       WHERE person = ?1 AND mode = 'practise' AND started_at >= ?2 ORDER BY key";
            let mut statement = connection.prepare_cached(sql)?;
            let sessions = statement.query_map((person, from), |row| {
                let id: String = row.get(0)?;
                if let (Some(sequence), Some(body)) = (row.get::<_, Option<u32>>(4)?, row.get::<_, Option<String>>(5)?) {
                    let is_whole = digest(&[&id, &sequence.to_string(), &body]) == row.get::<_, i64>(6)?;
                    self.note_damage((!is_whole).then(|| format!("event {sequence} of session {id}")));
                }
                let spent = Millis(row.get::<_, Option<i64>>(2)?.unwrap_or(0).unsigned_abs());
                let started_at = start_in_id(&id).map_or_else(|| row.get(1), Ok)?;
                Ok(Practised { started_at, day: row.get(3)?, spent })
            })?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
    }
}
