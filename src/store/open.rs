//! Opens a history. The files at the path are checked before `SQLite` opens them, because `SQLite` may write to what it
//! opens.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::{Inside, StoreError};
use super::identity::Identity;
use super::{MEMORY, PATIENCE, ReadOnly, Store, beside, create, migrate, pairing, verify};

/// The settings of a connection; none of them writes to the file. The cache size is in KiB, the log size in bytes.
/// `fullfsync` makes commits survive a power cut on macOS; `secure_delete` overwrites deleted data. Automatic
/// checkpoints are off because [`Store`] moves the log itself.
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
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA secure_delete = ON;
";

impl Store {
    /// Opens the history in `file`, or creates one if the file is missing or empty. If the file can't be written, the
    /// history is opened read-only: see [`Store::is_read_only`].
    ///
    /// # Errors
    /// A file that isn't a complete history of this or an earlier version is rejected and left unchanged.
    pub fn open(file: &Path) -> Result<Store, StoreError> {
        // Absolute, so that SQLite does not take `:memory:` for something else; and the file itself rather than a link
        // to it, so that journal and locks are the same whatever path leads to it.
        let link = std::path::absolute(file).map_err(|error| StoreError::reading(file, &error))?;
        let file = &fs::canonicalize(&link).unwrap_or_else(|_| link.clone());
        refuse_dangling_link(&link)?;
        refuse_journal_of_link(&link, file)?;
        inspect(file)?;
        if !is_writable(file) {
            return open_to_read(file, ReadOnly::Denied);
        }
        // SQLite must not create the file: if it has disappeared since the check, opening it must fail.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(file, flags)
            .map_err(Inside::from)
            .and_then(|connection| prepare(connection, Some(file)))
            .map_err(|error| error.about(file));
        match opened {
            // Past results can be read without the files that SQLite creates next to the history.
            Err(StoreError::Full { .. }) => open_to_read(file, ReadOnly::Full),
            Ok(store) => {
                store.remove_stale_locks();
                create::remove_leftovers(file);
                Ok(store)
            }
            Err(error) => Err(error),
        }
    }

    /// Opens the history in `file`, or an empty one in memory if the file is missing or empty.
    ///
    /// # Errors
    /// The same as for [`Store::open`].
    pub fn open_existing(file: &Path) -> Result<Store, StoreError> {
        refuse_dangling_link(file)?;
        // Any other error, such as a folder that can't be read, doesn't mean that there is no history.
        let is_empty = |ending| match fs::metadata(beside(file, ending)) {
            Ok(found) => found.is_file() && found.len() == 0,
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if ["", "-wal", "-journal"].into_iter().all(is_empty) {
            return Self::in_memory();
        }
        Self::open(file)
    }

    /// Returns an in-memory history, which ends with the process.
    pub fn in_memory() -> Result<Store, StoreError> {
        Connection::open_in_memory()
            .map_err(Inside::from)
            .and_then(|connection| prepare(connection, None))
            .map_err(|error| error.about(Path::new(MEMORY)))
    }
}

/// Rejects a link to a file that is missing, because the history is probably on a drive that isn't mounted.
fn refuse_dangling_link(link: &Path) -> Result<(), StoreError> {
    let is_missing =
        || fs::metadata(link).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    match fs::read_link(link) {
        Ok(target) if is_missing() => Err(StoreError::Dangling {
            link: link.to_owned(),
            target,
        }),
        _ => Ok(()),
    }
}

/// Rejects a link with its own journal: the database was moved, but its journal was not.
fn refuse_journal_of_link(link: &Path, file: &Path) -> Result<(), StoreError> {
    let journal = beside(link, "-wal");
    let is_link = fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink());
    let is_other =
        || fs::canonicalize(&journal).ok() != fs::canonicalize(beside(file, "-wal")).ok();
    if is_link && fs::metadata(&journal).is_ok_and(|found| found.len() > 0) && is_other() {
        return Err(StoreError::Unpaired {
            file: file.to_owned(),
            journal,
        });
    }
    Ok(())
}

fn prepare(mut connection: Connection, file: Option<&Path>) -> Result<Store, Inside> {
    let name = file.unwrap_or(Path::new(MEMORY));
    // Closing must not write to a file that is not known to be ours: see the `Drop` of `Store`.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(SETTINGS)?;
    let migrated = migrate::migrate(&mut connection, name)?;
    // This comes late so that our application id is in the database file itself and not only in its log.
    use_write_ahead_log(&connection)?;
    connection.set_prepared_statement_cache_capacity(40);
    let Some(file) = file else {
        return Ok(Store {
            connection,
            file: None,
            identity: None,
            read_only: None,
            damage: RefCell::default(),
        });
    };
    if migrated {
        // This moves the mark into the database itself. If another process prevents it, a later transaction does it.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    } else {
        // This is the next successful start after the migration.
        let _ = fs::remove_file(beside(file, migrate::COPY));
    }
    let identity = Some(Identity::of(file, &connection)?);
    Ok(Store {
        connection,
        file: Some(file.to_owned()),
        identity,
        read_only: None,
        damage: RefCell::default(),
    })
}

/// Opens a history that can't be written. A history of an earlier version, or with a log, is assembled in memory.
fn open_to_read(file: &Path, why: ReadOnly) -> Result<Store, StoreError> {
    let journal_is_empty =
        fs::metadata(beside(file, "-wal")).map_or(true, |found| found.len() == 0);
    let as_it_is = || -> Result<Connection, Inside> {
        let connection = pairing::open_as_it_is(file)?;
        if journal_is_empty && migrate::is_current(&connection)? {
            return Ok(connection);
        }
        let mut connection = verify::image(file)?;
        migrate::migrate(&mut connection, Path::new(MEMORY))?;
        Ok(connection)
    };
    let connection = as_it_is().map_err(|error| error.about(file))?;
    Ok(Store {
        connection,
        file: Some(file.to_owned()),
        identity: None,
        read_only: Some(why),
        damage: RefCell::default(),
    })
}

/// The journal mode of a history.
const WRITE_AHEAD_LOG: &str = "wal";

/// Switches the database to a write-ahead log, if it has none. A file system without support for it keeps the rollback
/// journal, which is slower but as safe.
///
/// The mode is two bytes of the database's header, which are written without a journal on the disk: a process that is
/// killed would leave a journal without a mark.
fn use_write_ahead_log(connection: &Connection) -> rusqlite::Result<()> {
    let found: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if found == WRITE_AHEAD_LOG {
        return Ok(());
    }
    let switched = patiently(|| {
        set_journal_mode(connection, "memory")?;
        set_journal_mode(connection, WRITE_AHEAD_LOG)
    });
    if !matches!(&switched, Ok(mode) if mode == WRITE_AHEAD_LOG) {
        set_journal_mode(connection, "delete")?;
    }
    switched.map(drop)
}

/// Sets the journal mode and returns the one that applies afterwards.
pub(super) fn set_journal_mode(connection: &Connection, mode: &str) -> rusqlite::Result<String> {
    connection.pragma_update_and_check(None, "journal_mode", mode, |row| row.get(0))
}

/// Retries `job` while another process is in the way, because `SQLite` does not wait when the journal mode changes.
fn patiently<T>(mut job: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let begun = Instant::now();
    loop {
        match job() {
            Err(error) if is_busy(&error) && begun.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(2));
            }
            done => return done,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Returns true if `SQLite` can write the file and create others next to it.
fn is_writable(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{Access, access};
        let folder = file.parent().unwrap_or(Path::new("/"));
        access(file, Access::WRITE_OK).is_ok()
            && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }
    #[cfg(not(unix))]
    fs::OpenOptions::new().write(true).open(file).is_ok()
}

/// Checks the file and the journals next to it, and creates a history if there is none.
fn inspect(file: &Path) -> Result<(), StoreError> {
    for beside in ["-wal", "-shm", "-journal"].map(|ending| beside(file, ending)) {
        // SQLite would wait for a pipe for ever.
        if fs::symlink_metadata(&beside).is_ok_and(|found| !found.is_file()) {
            return Err(StoreError::SpecialJournal { file: beside });
        }
    }
    let size = match fs::metadata(file) {
        Ok(found) if found.is_dir() => {
            return Err(StoreError::Folder {
                file: file.to_owned(),
            });
        }
        Ok(found) if !found.is_file() => {
            return Err(StoreError::Special {
                file: file.to_owned(),
            });
        }
        Ok(found) => Some(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(StoreError::reading(file, &error)),
    };
    if size.unwrap_or(0) == 0 {
        // SQLite would delete the journal of a database without pages.
        for journal in ["-wal", "-journal"].map(|ending| beside(file, ending)) {
            if fs::metadata(&journal).is_ok_and(|found| found.len() > 0) {
                return Err(StoreError::Orphaned {
                    file: file.to_owned(),
                    journal,
                });
            }
        }
        return create::begin(file, size.is_some());
    }
    let mut header = Vec::with_capacity(100);
    let opened = File::open(file).map_err(|error| StoreError::reading(file, &error))?;
    opened
        .take(100)
        .read_to_end(&mut header)
        .map_err(|error| StoreError::reading(file, &error))?;
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::NotDatabase {
            file: file.to_owned(),
        });
    }
    if header[68..72] != migrate::APPLICATION.to_be_bytes() {
        return Err(StoreError::Foreign {
            file: file.to_owned(),
        });
    }
    let version = u32::from_be_bytes([header[60], header[61], header[62], header[63]]);
    migrate::known(version as usize, file)?;
    has_one_name(file)?;
    pairing::verify_journals(file)
}

/// Rejects a file with two hard links: `SQLite` would keep a journal for each name, and neither would be complete.
fn has_one_name(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    for _ in 0..20 {
        use std::os::unix::fs::MetadataExt;
        if fs::metadata(file).is_ok_and(|found| found.nlink() < 2) {
            return Ok(());
        }
        // A process that has just created this history is about to remove the temporary name.
        thread::sleep(Duration::from_millis(10));
    }
    #[cfg(unix)]
    return Err(StoreError::TwoNames {
        file: file.to_owned(),
    });
    #[cfg(not(unix))]
    Ok(())
}

/// Returns the names of the rescued histories next to `file`, the newest last.
pub fn rescued_names(file: &Path) -> Vec<String> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let prefix = format!("{stem}-rescued");
    let Some(Ok(entries)) = file.parent().map(fs::read_dir) else {
        return Vec::new();
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut rescued: Vec<String> = names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.starts_with(&prefix) && name.ends_with(".db"))
        .collect();
    rescued.sort_by_key(|name| (name.len(), name.clone()));
    rescued
}

/// Returns the first unused name next to `file`: `history-rescued.db`, `history-rescued-2.db` and so on.
pub(super) fn free_name(file: &Path) -> PathBuf {
    let name = |n: usize| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        file.with_file_name(if n == 1 {
            format!("{stem}-rescued.db")
        } else {
            format!("{stem}-rescued-{n}.db")
        })
    };
    (1..)
        .map(name)
        .find(|path| !path.exists())
        .unwrap_or_else(|| name(1))
}

#[cfg(test)]
mod tests {
    use super::super::Derived;
    use super::super::create::JOURNAL_MODE;
    use super::super::rollback::tests::journal_of_first_page;
    use super::*;

    /// Returns the names of the files that `job` creates in `folder`, even for a moment.
    #[cfg(target_os = "linux")]
    fn created_in(folder: &Path, job: impl FnOnce()) -> Vec<String> {
        use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
        let watcher = init(CreateFlags::NONBLOCK).unwrap();
        add_watch(&watcher, folder, WatchFlags::CREATE).unwrap();
        job();
        let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
        let mut events = Reader::new(watcher, &mut buffer);
        let mut names = Vec::new();
        while let Ok(event) = events.next() {
            names.extend(
                event
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned()),
            );
        }
        names
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn no_change_of_the_journal_mode_can_leave_a_journal() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        drop(Store::open(&file).unwrap());
        let names = created_in(folder.path(), || {
            Store::open(&file).unwrap().close_to_move().unwrap();
            assert_eq!(fs::read(&file).unwrap()[JOURNAL_MODE], [1, 1]);
            drop(Store::open(&file).unwrap());
            assert_eq!(fs::read(&file).unwrap()[JOURNAL_MODE], [2, 2]);
        });
        assert!(names.contains(&"history.db-wal".to_owned()), "{names:?}");
        assert!(
            !names.contains(&"history.db-journal".to_owned()),
            "{names:?}"
        );
    }

    #[test]
    fn a_journal_of_an_interrupted_change_of_the_journal_mode_is_recovered() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        Store::open(&file).unwrap().add_person("Ada").unwrap();
        let before = fs::read(&file).unwrap();
        fs::write(beside(&file, "-journal"), journal_of_first_page(&before)).unwrap();
        let mut after = before.clone();
        // The mode, and the counter of changes twice.
        after[JOURNAL_MODE].fill(1);
        after[27] += 1;
        after[95] += 1;
        fs::write(&file, after).unwrap();
        let store = Store::open(&file).unwrap();
        assert_eq!(store.people().unwrap().len(), 2);
        assert!(store.verify().unwrap().is_empty());
        assert!(!beside(&file, "-journal").exists());
    }

    #[test]
    fn a_journal_that_would_damage_the_history_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        drop(Store::open(&file).unwrap());
        let before = fs::read(&file).unwrap();
        let journal = journal_of_first_page(&before[..before.len() - 4096]);
        fs::write(beside(&file, "-journal"), &journal).unwrap();
        let refused = Store::open(&file).unwrap_err();
        assert!(matches!(refused, StoreError::Unpaired { .. }), "{refused}");
        assert!(fs::read(&file).unwrap() == before);
        assert!(fs::read(beside(&file, "-journal")).unwrap() == journal);
    }

    #[test]
    fn a_new_history_is_whole_and_its_first_start_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        let store = Store::open(&file).unwrap();
        assert_eq!(store.derived().unwrap(), Derived::Whole);
        assert!(store.verify().unwrap().is_empty());
        let mode: String = store
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
        assert_eq!(fs::metadata(beside(&file, "-wal")).unwrap().len(), 0);
        drop(store);
        let names = fs::read_dir(folder.path()).unwrap().flatten();
        let names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["history.db"]);
    }
}
