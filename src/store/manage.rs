//! Deleting past sessions, and naming them.

use rusqlite::{OptionalExtension, Transaction};

use super::Store;
use super::error::{Inside, StoreError};
use super::row_digest::SESSION;
use super::session::{State, key};
use crate::core::id::SessionId;

/// The longest name of a session, in characters.
pub const LONGEST_NAME: usize = 64;

impl Store {
    /// Deletes a finished session: it is discarded, and [`Store::restore`] brings it back as it was. Deleting it twice
    /// changes nothing. What the person has seen and answered in it stays known.
    ///
    /// # Errors
    /// [`StoreError::NotDeletable`] if it was not finished.
    pub fn delete(&mut self, session: &SessionId, wall_ms: i64) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let sql = "SELECT state, finished_at FROM session WHERE key = ?1";
            let (state, finished_at): (State, Option<i64>) = transaction
                .prepare_cached(sql)?
                .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
            match state {
                State::Discarded => return Ok(()),
                State::Open => {
                    let session = session.clone();
                    return Err(StoreError::NotDeletable { session }.into());
                }
                State::Finished => {}
            }
            let sql = "INSERT INTO deleted_session (session, finished_at) VALUES (?1, ?2)";
            transaction
                .prepare_cached(sql)?
                .execute((key, finished_at))?;
            let sql = "UPDATE session SET state = 'discarded', finished_at = ?2 WHERE key = ?1";
            transaction.prepare_cached(sql)?.execute((key, wall_ms))?;
            SESSION.seal(transaction, "key = ?1", [key])?;
            Ok(())
        })
    }

    /// Names a session; an empty name removes the earlier one.
    ///
    /// # Errors
    /// [`StoreError::LongSessionName`] for a name longer than [`LONGEST_NAME`].
    pub fn name_session(&mut self, session: &SessionId, name: &str) -> Result<(), StoreError> {
        let name = crate::core::text::Text::new(name).line();
        if name.chars().count() > LONGEST_NAME {
            return Err(StoreError::LongSessionName {
                longest: LONGEST_NAME,
            });
        }
        self.write(|transaction| {
            let key = key(transaction, session)?;
            if name.is_empty() {
                let sql = "DELETE FROM session_name WHERE session = ?1";
                transaction.prepare_cached(sql)?.execute([key])?;
            } else {
                let sql = "INSERT INTO session_name (session, name) VALUES (?1, ?2)
                           ON CONFLICT (session) DO UPDATE SET name = excluded.name";
                transaction.prepare_cached(sql)?.execute((key, &name))?;
            }
            Ok(())
        })
    }
}

/// Brings back a session that was deleted after it was finished; returns `false` if it was not.
pub(super) fn undelete(transaction: &Transaction, key: i64) -> Result<bool, Inside> {
    let sql = "DELETE FROM deleted_session WHERE session = ?1 RETURNING finished_at";
    let deleted: Option<Option<i64>> = transaction
        .prepare_cached(sql)?
        .query_row([key], |row| row.get(0))
        .optional()?;
    let Some(finished_at) = deleted else {
        return Ok(false);
    };
    let sql = "UPDATE session SET state = 'finished', finished_at = ?2 WHERE key = ?1";
    transaction
        .prepare_cached(sql)?
        .execute((key, finished_at))?;
    SESSION.seal(transaction, "key = ?1", [key])?;
    Ok(true)
}
