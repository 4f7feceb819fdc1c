//! What can go wrong with the history, in sentences for the person at the keyboard.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::core::id::SessionId;

/// Why the history could not be opened, read or written. Nothing was changed where one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{} is a folder, but the history is a single file: name a file inside it.", .file.display())]
    Folder { file: PathBuf },
    #[error("{} is a pipe, a device or a socket, but the history is a regular file: name another one.", .file.display())]
    Special { file: PathBuf },
    #[error("{} is not a database, so it is no history of aethos; it was left as it is: move it away or name another file.", .file.display())]
    NotDatabase { file: PathBuf },
    #[error("{} is the database of another program; it was left as it is: name another file for the history.", .file.display())]
    Foreign { file: PathBuf },
    #[error("The history {} is damaged ({why}); it was left as it is: put a backup in its place, or move it away to begin a new one.", .file.display())]
    Damaged { file: PathBuf, why: String },
    #[error("The history {} is missing or empty, but its journal {} still holds answers: put the history back, or move the journal away to begin a new one.", .file.display(), .journal.display())]
    Orphaned { file: PathBuf, journal: PathBuf },
    #[error("The history {} was written by a newer aethos (schema {found}, this one knows up to {known}); it was left as it is: update aethos, or name another file.", .file.display())]
    Newer { file: PathBuf, found: usize, known: usize },
    #[error("The history {} cannot be read ({why}): give yourself access to the file and its folder, or name another file.", .file.display())]
    Unreadable { file: PathBuf, why: String },
    #[error("The history {} cannot be written ({why}): make the file and its folder writable, or name another file.", .file.display())]
    Unwritable { file: PathBuf, why: String },
    #[error("The disk is full, so {} could not be written: free some space and try again.", .file.display())]
    Full { file: PathBuf },
    #[error("The disk failed while {} was in use ({why}): look after the disk and try again.", .file.display())]
    Disk { file: PathBuf, why: String },
    #[error("Another program has kept {} locked for {} seconds: wait for it or end it, and try again.", .file.display(), super::PATIENCE.as_secs())]
    Busy { file: PathBuf },
    #[error("The history {} refused a request ({why}): this is a fault of aethos; please report it.", .file.display())]
    Refused { file: PathBuf, why: String },

    #[error("Session {session} is open in {}: go on there, or end that one first.", holder(.pid))]
    Claimed { session: SessionId, pid: Option<u32> },
    #[error("There is no session {session} in this history: `aethos history` lists those there are.")]
    NoSession { session: SessionId },
    #[error("{session:?} cannot name a session: use letters, digits and hyphens, 64 at most.")]
    BadSession { session: String },
    #[error("There is another session {session} already: give this one another name.")]
    SessionTaken { session: SessionId },
    #[error("Session {session} is {state} already: start a new one.")]
    Closed { session: SessionId, state: &'static str },
    #[error("Session {session} was continued elsewhere (event {sequence} is not the one saved before): load it again.")]
    Diverged { session: SessionId, sequence: u32 },
    #[error("Event {sequence} of session {session} came before event {expected} was saved: save from {expected} on.")]
    Hole { session: SessionId, sequence: u32, expected: u32 },
    #[error("Session {session} has no question {}: load it again.", .slot.saturating_add(1))]
    NoSlot { session: SessionId, slot: usize },
    #[error("{name:?} cannot be a name: use 1 to {} characters.", super::person::NAME)]
    BadName { name: String },
    #[error("There is somebody called {name} already: choose another name.")]
    NameTaken { name: String },
}

fn holder(pid: &Option<u32>) -> String {
    pid.map_or("another process".to_owned(), |pid| format!("process {pid}"))
}

impl StoreError {
    pub(super) fn reading(file: &Path, error: &io::Error) -> Self {
        Self::Unreadable { file: file.to_owned(), why: error.to_string() }
    }

    pub(super) fn writing(file: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { file: file.to_owned() },
            _ => Self::Unwritable { file: file.to_owned(), why: error.to_string() },
        }
    }
}

/// An error before it is known which file it is about.
#[derive(Debug)]
pub(super) enum Inside {
    Sql(rusqlite::Error),
    /// What is stored is not what was once written.
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
        let why = error.to_string();
        if matches!(
            error,
            rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::QueryReturnedNoRows
        ) {
            return StoreError::Damaged { file, why };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { file, why },
            Some(ErrorCode::NotADatabase) => StoreError::NotDatabase { file },
            Some(ErrorCode::DiskFull) => StoreError::Full { file },
            Some(ErrorCode::SystemIoFailure) => StoreError::Disk { file, why },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { file },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                StoreError::Unwritable { file, why }
            }
            // A damaged schema shows itself as a table or a column that is not there.
            Some(ErrorCode::Unknown) => StoreError::Damaged { file, why },
            _ => StoreError::Refused { file, why },
        }
    }
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
