//! The history: sessions, their events, people and their exposures, in one `SQLite` file.
//!
//! When a method returns successfully, its change is on disk: neither a killed process nor a power cut loses saved
//! data. A method that fails has changed nothing and may be called again.

mod archive;
mod claim;
mod counted;
mod create;
mod error;
mod exposure;
mod forget;
mod identity;
mod journal;
mod log;
mod manage;
mod meeting;
mod memory;
mod migrate;
mod open;
mod pairing;
mod person;
mod practised;
mod remark;
mod rescue;
mod review;
mod rollback;
mod row_digest;
mod seen;
mod session;
mod verify;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use error::Inside;
use identity::Identity;
use pairing::Mark;

pub use archive::{Archive, ArchiveError, ArchivedFile};
pub use claim::Claim;
pub use create::{new_private, private_folder};
pub use error::{StoreError, check_file_limit};
pub use exposure::Exposure;
pub use forget::Trace;
pub use identity::Loss;
pub use log::{Entry, Follows, StoredEvent};
pub use manage::LONGEST_NAME;
pub use memory::{Due, Last, Remembered};
pub use open::rescued_names;
pub use person::Person;
pub use practised::Practised;
pub use remark::Remark;
pub use review::{Derived, History, Reviewed};
pub use seen::SeenRow;
pub use session::{NewSession, RESTORABLE_MS, Scored, SessionRow, Source, State, StoredSession};

/// The time to wait for another process to finish its write, unless [`Store::set_patience`] changes it.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// The size of the write-ahead log, in bytes, from which it is moved into the database: about 1000 pages.
const LONG_JOURNAL: u64 = 4 << 20;

/// An open history.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// `None` for an in-memory history.
    file: Option<PathBuf>,
    /// `None` if the history is read-only, so there is no write to protect.
    identity: Option<Identity>,
    /// The reason why the history is read-only.
    read_only: Option<ReadOnly>,
    /// The damage found so far, including damage that a caller works around.
    damage: RefCell<BTreeSet<String>>,
}

/// A reason why a history is read-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadOnly {
    Denied,
    Full,
}

impl Store {
    /// Returns true if the history can be read but not written, as in a read-only folder.
    pub fn is_read_only(&self) -> bool {
        self.read_only.is_some()
    }

    /// Returns false if the history is in memory, because there is no file.
    pub fn is_in_file(&self) -> bool {
        self.file.is_some()
    }

    /// Sets how long a call waits for another program that has locked the history.
    pub fn set_patience(&self, patience: Duration) {
        // Setting a timeout on an open connection does not fail.
        let _ = self.connection.busy_timeout(patience);
    }

    /// Checks that the history's file is still the one that was opened.
    ///
    /// # Errors
    /// [`StoreError::Lost`] if it was replaced, moved, deleted or overwritten. The store writes nothing to it from
    /// then on.
    pub fn check_file(&self) -> Result<(), StoreError> {
        self.identity
            .as_ref()
            .map_or(Ok(()), |identity| identity.check(&self.connection))
    }

    /// Returns an error unless this history may be written.
    fn check_writable(&self) -> Result<(), StoreError> {
        let file = || self.name().to_owned();
        match self.read_only {
            None => Ok(()),
            Some(ReadOnly::Full) => Err(StoreError::Full { file: file() }),
            Some(ReadOnly::Denied) => Err(StoreError::Unwritable {
                file: file(),
                why: "the file or its folder is read-only".to_owned(),
            }),
        }
    }

    fn read<T>(&self, job: impl FnOnce(&Connection) -> Result<T, Inside>) -> Result<T, StoreError> {
        self.check_file()?;
        job(&self.connection).map_err(|error| self.explain(error))
    }

    /// Runs `job` in a transaction: on return, either all of its changes are on disk or none.
    fn write<T>(
        &mut self,
        job: impl FnOnce(&Transaction) -> Result<T, Inside>,
    ) -> Result<T, StoreError> {
        self.check_writable()?;
        self.check_file()?;
        match committed(&mut self.connection, job) {
            Ok((done, mark)) => {
                if let Some(identity) = &self.identity {
                    identity.renewed(mark);
                    self.shorten_journal(identity);
                }
                Ok(done)
            }
            Err(error) => Err(self.explain(error)),
        }
    }

    /// Converts an error, reporting a replaced file as [`StoreError::Lost`] whatever `SQLite` says.
    fn explain(&self, error: Inside) -> StoreError {
        let error = self
            .check_file()
            .err()
            .unwrap_or_else(|| error.about(self.name()));
        if let StoreError::Damaged { why, .. } = &error {
            self.damage.borrow_mut().insert(why.clone());
        }
        error
    }

    /// Adds what a caller found to be damaged, and could still use.
    fn note_damage(&self, found: Option<String>) {
        self.damage.borrow_mut().extend(found);
    }

    /// Returns a line for each damaged part that was read so far, even if the caller could do without it.
    pub fn damage(&self) -> Vec<String> {
        self.damage.borrow().iter().cloned().collect()
    }

    /// Moves a long write-ahead log into the database as far as readers allow. `SQLite`'s automatic checkpoint would not
    /// check whether the database still belongs to the log.
    fn shorten_journal(&self, identity: &Identity) {
        let length = fs::metadata(beside(&identity.file, "-wal")).map_or(0, |found| found.len());
        if length > LONG_JOURNAL && identity.verify(&self.connection) {
            // A later transaction moves the rest.
            let _ = self
                .connection
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }

    /// Returns the path of the history, or the name used in messages for an in-memory history.
    pub fn name(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(MEMORY))
    }
}

impl Drop for Store {
    /// Lets `SQLite` move the log into the database and delete it when the last connection closes, if the two belong
    /// together.
    fn drop(&mut self) {
        if self
            .identity
            .as_ref()
            .is_some_and(|identity| identity.verify(&self.connection))
        {
            // Where this fails the journal stays, and is read at the next start.
            let _ = self
                .connection
                .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
        }
    }
}

/// Runs `job` in a transaction and commits it under a new pairing mark.
fn committed<T>(
    connection: &mut Connection,
    job: impl FnOnce(&Transaction) -> Result<T, Inside>,
) -> Result<(T, Mark), Inside> {
    // Immediate, because a transaction that began as a reader could not wait for another writer.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    let mark = pairing::renew(&transaction)?;
    transaction.commit()?;
    Ok((done, mark))
}

const MEMORY: &str = "in memory";

/// Returns the path next to `file` that has this suffix added to its name.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_append_only() {
        let store = Store::in_memory().unwrap();
        store
            .connection
            .execute_batch(
                "INSERT INTO session (id, person, mode, started_at, digest, start) VALUES ('s', 1, 'assess', 0, 0, '{}');
                 INSERT INTO event VALUES (1, 0, 0, 0, '{}');",
            )
            .unwrap();
        for sql in ["UPDATE event SET wall = 1", "DELETE FROM event"] {
            let error = store.connection.execute_batch(sql).unwrap_err();
            assert!(error.to_string().contains("an event is"), "{error}");
        }
    }

    #[test]
    fn a_full_database_keeps_what_it_had_and_takes_more_once_there_is_room() {
        let mut store = Store::in_memory().unwrap();
        let pages: u32 = store
            .connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        store
            .connection
            .pragma_update(None, "max_page_count", pages + 1)
            .unwrap();
        let name = |n: usize| format!("{n:0>60}");
        let full = (0..1000).find_map(|n| store.add_person(&name(n)).err().map(|error| (n, error)));
        let (n, error) = full.expect("a thousand names do not fit");
        assert!(matches!(error, StoreError::Full { .. }), "{error}");
        assert_eq!(store.people().unwrap().len(), n + 1);
        store
            .connection
            .pragma_update(None, "max_page_count", 1000)
            .unwrap();
        store.add_person(&name(n)).unwrap();
    }

    #[test]
    fn lists_are_read_along_an_index() {
        let store = Store::in_memory().unwrap();
        let sql = "EXPLAIN QUERY PLAN SELECT id FROM session WHERE person = 1 AND state = 'open' ORDER BY id DESC";
        let plan: String = store
            .connection
            .query_row(sql, [], |row| row.get(3))
            .unwrap();
        assert!(plan.contains("session_open"), "{plan}");
    }

    #[test]
    fn a_start_reads_no_long_row_to_find_old_results() {
        let store = Store::in_memory().unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", session::SCORED_BEFORE);
        let mut statement = store.connection.prepare(&sql).unwrap();
        let steps = statement.query_map([1], |row| row.get(3)).unwrap();
        let plan: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(
            plan.iter()
                .any(|step| step.starts_with("SCAN result USING COVERING INDEX")),
            "{plan:?}"
        );
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN session")),
            "{plan:?}"
        );
    }
}
