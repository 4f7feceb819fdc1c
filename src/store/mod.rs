//! The history: sessions, their events, people and what they were shown, in one SQLite file.
//!
//! A method that returns has its change on the disk: a killed process loses
//! nothing it was told is saved, nor does a power cut. A method that fails has
//! changed nothing and may be called again.

mod claim;
mod error;
mod exposure;
mod forget;
mod log;
mod meeting;
mod memory;
mod migrate;
mod person;
mod practised;
mod remark;
mod review;
mod session;

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use error::Inside;

pub use claim::Claim;
pub use error::StoreError;
pub use exposure::Exposure;
pub use forget::Trace;
pub use log::{Entry, Follows, Logged};
pub use memory::{Due, Last, Remembered};
pub use person::Person;
pub use practised::Practised;
pub use remark::Remark;
pub use review::{Derived, History, Reviewed};
pub use session::{Listed, NewSession, Scored, Source, State, StoredSession};

/// How long to wait for another process to finish its write.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nothing here touches the file. The cache is in KiB, the journal in bytes; `fullfsync` is what makes a commit survive
/// a power cut on macOS; `secure_delete` overwrites what is deleted.
const SETTINGS: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA cache_size = -1024;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = 1048576;
    PRAGMA secure_delete = ON;
";

/// An open history.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// `None` in memory.
    file: Option<PathBuf>,
}

impl Store {
    /// Opens the history in `file`, or begins one where there is no file or an empty one.
    ///
    /// # Errors
    /// Whatever is not a whole history of this or an earlier version is refused and left as it is.
    pub fn open(file: &Path) -> Result<Store, StoreError> {
        // Absolute, lest SQLite take `:memory:` for something else, or a claim be laid elsewhere after a change of folder.
        let file = &std::path::absolute(file).map_err(|error| StoreError::reading(file, &error))?;
        look_before(file)?;
        // SQLite must not create the file: a path that went away since is better refused than guessed at.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(file, flags)
            .map_err(Inside::from)
            .and_then(|connection| Store::prepare(connection, Some(file)))
            .map_err(|error| error.about(file))
    }

    /// A history that ends with the process.
    pub fn in_memory() -> Result<Store, StoreError> {
        Connection::open_in_memory()
            .map_err(Inside::from)
            .and_then(|connection| Store::prepare(connection, None))
            .map_err(|error| error.about(Path::new(MEMORY)))
    }

    fn prepare(mut connection: Connection, file: Option<&Path>) -> Result<Store, Inside> {
        let name = file.unwrap_or(Path::new(MEMORY));
        // Until the file is known to be ours and whole, closing it must not write to it either.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(SETTINGS)?;
        if connection.is_readonly("main")? {
            return Err(StoreError::Unwritable { file: name.to_owned(), why: "permission denied".into() }.into());
        }
        migrate::migrate(&mut connection, name)?;
        // Only now: the mark of our application is then in the file itself, never in its journal alone.
        // A file system that cannot do it keeps the slower journal, which is as safe.
        patiently(|| connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())))?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Store { connection, file: file.map(Path::to_owned) })
    }

    /// Looks for damage in the whole file. Takes about a second for 500 MB, so it is not part of [`Store::open`].
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first damage found.
    pub fn check(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if found == "ok" { Ok(()) } else { Err(Inside::Damage(found)) }
        })
    }

    fn read<T>(&self, job: impl FnOnce(&Connection) -> Result<T, Inside>) -> Result<T, StoreError> {
        job(&self.connection).map_err(|error| error.about(self.name()))
    }

    /// All of `job` is on the disk when this returns, or nothing of it.
    fn write<T>(&mut self, job: impl FnOnce(&Transaction) -> Result<T, Inside>) -> Result<T, StoreError> {
        committed(&mut self.connection, job).map_err(|error| error.about(self.name()))
    }

    fn name(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(MEMORY))
    }
}

fn committed<T>(connection: &mut Connection, job: impl FnOnce(&Transaction) -> Result<T, Inside>) -> Result<T, Inside> {
    // Immediate: a transaction that began as a reader could not wait for another writer.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// Tries again for as long as another process is in the way: SQLite does not wait by itself for a change of the journal.
fn patiently<T>(mut job: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let begun = Instant::now();
    loop {
        match job() {
            Err(error) if is_busy(&error) && begun.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(2)),
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

const MEMORY: &str = "in memory";

/// The file's first bytes decide before SQLite sees it, since SQLite may write to what it opens.
fn look_before(file: &Path) -> Result<(), StoreError> {
    let size = match fs::metadata(file) {
        Ok(found) if found.is_dir() => return Err(StoreError::Folder { file: file.to_owned() }),
        Ok(found) if !found.is_file() => return Err(StoreError::Special { file: file.to_owned() }),
        Ok(found) => Some(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(StoreError::reading(file, &error)),
    };
    if size.unwrap_or(0) == 0 {
        // SQLite would delete the journal of a database that has no pages.
        let journal = beside(file, "-wal");
        if fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
            return Err(StoreError::Orphaned { file: file.to_owned(), journal });
        }
        return if size.is_none() { create(file) } else { Ok(()) };
    }
    let mut header = Vec::with_capacity(100);
    let opened = File::open(file).map_err(|error| StoreError::reading(file, &error))?;
    opened.take(100).read_to_end(&mut header).map_err(|error| StoreError::reading(file, &error))?;
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::NotDatabase { file: file.to_owned() });
    }
    if header[68..72] != migrate::APPLICATION.to_be_bytes() {
        return Err(StoreError::Foreign { file: file.to_owned() });
    }
    let version = u32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    migrate::known(version as usize, file)
}

/// An empty file that only its owner can read; SQLite gives its journal the same permissions.
fn create(file: &Path) -> Result<(), StoreError> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| StoreError::writing(file, &error))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::writing(file, &error)),
        _ => Ok(()),
    }
}

/// The path of a file that stands beside `file` and begins with its name.
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
        let pages: u32 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.connection.pragma_update(None, "max_page_count", pages + 1).unwrap();
        let name = |n: usize| format!("{n:0>60}");
        let full = (0..1000).find_map(|n| store.add_person(&name(n)).err().map(|error| (n, error)));
        let (n, error) = full.expect("a thousand names do not fit");
        assert!(matches!(error, StoreError::Full { .. }), "{error}");
        assert_eq!(store.people().unwrap().len(), n + 1);
        store.connection.pragma_update(None, "max_page_count", 1000).unwrap();
        store.add_person(&name(n)).unwrap();
    }

    #[test]
    fn lists_are_read_along_an_index() {
        let store = Store::in_memory().unwrap();
        let sql = "EXPLAIN QUERY PLAN SELECT id FROM session WHERE person = 1 AND state = 'open' ORDER BY id DESC";
        let plan: String = store.connection.query_row(sql, [], |row| row.get(3)).unwrap();
        assert!(plan.contains("session_open"), "{plan}");
    }
}
