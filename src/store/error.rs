//! Errors of the history, worded for the user.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::identity::Loss;
use crate::core::id::SessionId;

/// The reason why the history could not be opened, read or written. An operation that returns one of these has changed
/// nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{} is a folder, but the history is a single file: name a file inside it.", .file.display())]
    Folder { file: PathBuf },
    #[error("{} is a pipe, a device or a socket, but the history is a regular file: name another one.", .file.display())]
    Special { file: PathBuf },
    #[error("{} is a link, a folder, a pipe or a device, but it must be a regular file, which belongs to the history beside it: move it away.", .file.display())]
    SpecialJournal { file: PathBuf },
    #[error("The history {} is a link to {}, which does not exist: mount the drive that has it, or remove the link to begin a new history.", .link.display(), .target.display())]
    Dangling { link: PathBuf, target: PathBuf },
    #[error("{} is not a database, so it is no history of aethos; it was left as it is: move it away or name another file.", .file.display())]
    NotDatabase { file: PathBuf },
    #[error("{} is the database of another program; it was left as it is: name another file for the history.", .file.display())]
    Foreign { file: PathBuf },
    #[error("The history {} is damaged ({why}); it was left as it is: put a backup in its place, or move it away to begin a new one.", .file.display())]
    Damaged { file: PathBuf, why: String },
    #[error("The history {} is missing or empty, but its journal {} still holds answers: put the history back, or move the journal away to begin a new one.", .file.display(), .journal.display())]
    Orphaned { file: PathBuf, journal: PathBuf },
    #[error("The history {} and its journal {} do not belong together: one of them was restored or replaced; both were left as they are: put the right history back, or move the journal away to open this history without the answers in it.", .file.display(), .journal.display())]
    Unpaired { file: PathBuf, journal: PathBuf },
    #[error("The journal {} is damaged, and answers of the history {} after the damage cannot be read; both were left as they are: put a backup of both back, or move the journal away to open the history without the answers in it.", .journal.display(), .file.display())]
    BadJournal { file: PathBuf, journal: PathBuf },
    #[error("The history {} has a second name (a hard link), under which it would have another journal: put a copy in the place of one of them.", .file.display())]
    TwoNames { file: PathBuf },
    #[error("The history {} was {} while it was open; nothing more is written to it.", .file.display(), .loss.word())]
    Lost { file: PathBuf, loss: Loss },
    #[error("The history {} was written by a newer aethos (schema {found}, this one knows up to {known}); it was left as it is: update aethos, or name another file.", .file.display())]
    Newer {
        file: PathBuf,
        found: usize,
        known: usize,
    },
    #[error("The history {} cannot be read ({why}): give yourself access to the file and its folder, or name another file.", .file.display())]
    Unreadable { file: PathBuf, why: String },
    #[error("The history {} cannot be written ({why}): make the file and its folder writable, or name another file.", .file.display())]
    Unwritable { file: PathBuf, why: String },
    #[error("The disk is full, so {} could not be written: free some space and try again.", .file.display())]
    Full { file: PathBuf },
    #[error("The disk failed while {} was in use ({why}): check the disk, then try again.", .file.display())]
    Disk { file: PathBuf, why: String },
    #[error("Another program keeps {} locked, and nothing was changed: wait for it or end it, and try again.", .file.display())]
    Busy { file: PathBuf },
    #[error("There are too many open files to use {}: close other programs, or raise the limit (`ulimit -n`).", .file.display())]
    TooManyFiles { file: PathBuf },
    #[error("The history {} refused a request ({why}): this is a fault of aethos; please report it.", .file.display())]
    Refused { file: PathBuf, why: String },

    #[error("The history {} is open in another aethos: quit that one first.", .file.display())]
    InUse { file: PathBuf },
    #[error("Session {session} is open in {}: go on there, or end that one first.", holder(*.pid))]
    Claimed {
        session: SessionId,
        pid: Option<u32>,
    },
    #[error(
        "There is no session {session} in this history: `aethos history` lists those there are."
    )]
    NoSession { session: SessionId },
    #[error("{session:?} cannot name a session: use letters, digits and hyphens, 64 at most.")]
    BadSession { session: String },
    #[error("There is another session {session} already: give this one another name.")]
    SessionTaken { session: SessionId },
    #[error("Session {session} was not finished: discard it instead.")]
    NotDeletable { session: SessionId },
    #[error("The name of a session has at most {longest} characters.")]
    LongSessionName { longest: usize },
    #[error("Session {session} cannot be restored: {why}.")]
    NotRestorable {
        session: SessionId,
        why: &'static str,
    },
    #[error("Session {session} is {state} already: start a new one.")]
    Closed {
        session: SessionId,
        state: &'static str,
    },
    #[error(
        "Session {session} was continued elsewhere (event {sequence} is not the one saved before): load it again."
    )]
    Diverged { session: SessionId, sequence: u32 },
    #[error(
        "Event {sequence} of session {session} came before event {expected} was saved: save from {expected} on."
    )]
    Hole {
        session: SessionId,
        sequence: u32,
        expected: u32,
    },
    #[error("Session {session} has no question {}: load it again.", .slot.saturating_add(1))]
    NoSlot { session: SessionId, slot: usize },
    #[error("{name} cannot be forgotten while a session with them is open in {}: end that one first.", holder(*.pid))]
    SessionRuns { name: String, pid: Option<u32> },
    #[error(
        "{name:?} cannot be a name: use 1 to {} characters.",
        super::person::NAME
    )]
    BadName { name: String },
    #[error("There is somebody called {name} already: choose another name.")]
    NameTaken { name: String },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or("another process".to_owned(), |pid| format!("process {pid}"))
}

impl StoreError {
    pub(super) fn reading(file: &Path, error: &io::Error) -> Self {
        if is_out_of_files(error.raw_os_error()) {
            return Self::TooManyFiles {
                file: file.to_owned(),
            };
        }
        Self::Unreadable {
            file: file.to_owned(),
            why: error.to_string(),
        }
    }

    pub(super) fn writing(file: &Path, error: &io::Error) -> Self {
        match error.kind() {
            _ if is_out_of_files(error.raw_os_error()) => Self::TooManyFiles {
                file: file.to_owned(),
            },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full {
                file: file.to_owned(),
            },
            _ => Self::Unwritable {
                file: file.to_owned(),
                why: error.to_string(),
            },
        }
    }
}

/// An error inside the store, before the path of the history is added to it.
#[derive(Debug)]
pub(super) enum Inside {
    Sql(rusqlite::Error),
    /// The stored content differs from what was written.
    Damage(String),
    Told(StoreError),
}

impl Inside {
    pub(super) fn about(self, file: &Path) -> StoreError {
        let file = file.to_owned();
        let error = match self {
            Inside::Told(error) => return error,
            Inside::Damage(why) => return StoreError::Damaged { file, why },
            Inside::Sql(error) => error,
        };
        let why = reason(&error);
        let damage = damage_of(&error);
        if matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..)
                // With a damaged schema, tables or columns appear to be missing.
                | rusqlite::Error::SqlInputError { .. }
                | rusqlite::Error::QueryReturnedNoRows
        ) {
            return StoreError::Damaged { file, why: damage };
        }
        // SQLite reports only that a file could not be opened, or that the shared-memory file could not be extended.
        let code = error.sqlite_error().map(|error| error.extended_code);
        match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen) if is_out_of_files(probe(&file)) => {
                StoreError::TooManyFiles { file }
            }
            _ if code == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => StoreError::Full { file },
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { file, why: damage },
            Some(ErrorCode::NotADatabase) => StoreError::NotDatabase { file },
            Some(ErrorCode::DiskFull) => StoreError::Full { file },
            Some(ErrorCode::SystemIoFailure) => StoreError::Disk { file, why },
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => StoreError::Busy { file },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                StoreError::Unwritable { file, why }
            }
            // With a damaged schema, tables or columns appear to be missing.
            Some(ErrorCode::Unknown) => StoreError::Damaged { file, why: damage },
            _ => StoreError::Refused { file, why },
        }
    }
}

/// Says what is damaged, in words that say more to a person than `SQLite`'s message.
fn damage_of(error: &rusqlite::Error) -> String {
    let words = reason(error);
    let named = |before: &str| {
        let (_, rest) = words.split_once(before)?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let name = &rest[..end.unwrap_or(rest.len())];
        (!name.is_empty()).then(|| name.to_owned())
    };
    if let Some(name) = named("malformed database schema (") {
        format!("the definition of its table or index {name} cannot be read")
    } else if let Some(name) = named("no such table: ") {
        format!("its table {name} is missing")
    } else if let Some(name) = named("no such column: ").or_else(|| named("has no column named ")) {
        format!("the column {name} of its tables is missing")
    } else {
        match error {
            rusqlite::Error::SqlInputError { .. } => {
                "its tables are not those of aethos".to_owned()
            }
            rusqlite::Error::QueryReturnedNoRows => "a row is missing".to_owned(),
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => {
                "a stored value is none that aethos writes".to_owned()
            }
            _ if words.contains("disk image is malformed") => {
                "its pages do not fit together".to_owned()
            }
            _ => words,
        }
    }
}

/// Returns `SQLite`'s message without the SQL statement.
pub(super) fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. }
        | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        error => error.to_string(),
    }
}

/// The number of files that a session has open at once, besides the standard streams: the history, its journals and
/// locks, a deck, signals, and the watch on the folder.
const OPEN_AT_ONCE: usize = 7;

/// Checks that the process can open as many files as a session with this history needs. A deck that can't be opened
/// would only be missing.
///
/// # Errors
/// [`StoreError::TooManyFiles`].
pub fn check_file_limit(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        let opened: Result<Vec<_>, io::Error> = (0..OPEN_AT_ONCE)
            .map(|_| std::fs::File::open("/dev/null"))
            .collect();
        if opened.is_err_and(|error| is_out_of_files(error.raw_os_error())) {
            return Err(StoreError::TooManyFiles {
                file: file.to_owned(),
            });
        }
    }
    Ok(())
}

/// Returns the operating system's error when the process can't open as many files as `SQLite` needs for a history.
fn probe(file: &Path) -> Option<i32> {
    let folder = file.parent()?;
    let opened: Result<Vec<_>, io::Error> = (0..5).map(|_| std::fs::read_dir(folder)).collect();
    opened.err()?.raw_os_error()
}

/// Returns true if the process or the system has run out of file descriptors.
fn is_out_of_files(code: Option<i32>) -> bool {
    #[cfg(unix)]
    return code.is_some_and(|code| {
        [rustix::io::Errno::MFILE, rustix::io::Errno::NFILE]
            .iter()
            .any(|errno| errno.raw_os_error() == code)
    });
    #[cfg(not(unix))]
    code.is_some_and(|_| false)
}

impl From<rusqlite::Error> for Inside {
    fn from(error: rusqlite::Error) -> Self {
        Inside::Sql(error)
    }
}

impl From<serde_json::Error> for Inside {
    fn from(error: serde_json::Error) -> Self {
        Inside::Damage(error.to_string())
    }
}

impl From<StoreError> for Inside {
    fn from(error: StoreError) -> Self {
        Inside::Told(error)
    }
}
