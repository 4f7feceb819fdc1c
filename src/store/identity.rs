//! Detects when another program replaces, moves, deletes or overwrites the files of an open history.

use std::cell::Cell;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::beside;
use super::error::{Inside, StoreError};
use super::pairing::{self, Mark};

/// The files of a history as they were when it was opened.
#[derive(Debug)]
pub(super) struct Identity {
    pub file: PathBuf,
    database: Place,
    /// `None` if the file system doesn't support a write-ahead log.
    journal: Option<Place>,
    /// The size and timestamps of the database when its pairing mark was last checked.
    stamp: Cell<Stamp>,
    /// The mark of the last transaction, and SQLite's counter of changes by other processes.
    known: Cell<(Mark, i64)>,
    loss: Cell<Option<Loss>>,
}

/// A way in which the history's files were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The file is no longer at its path.
    Gone,
    /// A different file is at its path.
    Replaced,
    /// Another program has written to it.
    Overwritten,
    /// The write-ahead log next to it is missing or is a different file.
    Journal,
}

impl Loss {
    pub(super) fn word(self) -> &'static str {
        match self {
            Loss::Gone => "moved or deleted",
            Loss::Replaced => "replaced by another file",
            Loss::Overwritten => "overwritten by another program",
            Loss::Journal => "separated from its journal",
        }
    }
}

impl Identity {
    pub fn of(file: &Path, connection: &Connection) -> Result<Self, Inside> {
        let reading = |error: io::Error| StoreError::reading(file, &error);
        let found = fs::symlink_metadata(file).map_err(reading)?;
        let known = Cell::new(current(connection)?);
        let journal = fs::symlink_metadata(beside(file, "-wal")).ok().map(|found| place(&found));
        let (database, stamp) = (place(&found), Cell::new(stamp(&found)));
        Ok(Self { file: file.to_owned(), database, journal, stamp, known, loss: Cell::new(None) })
    }

    /// Checks that the file is still the one that was opened and still contains what was written to it.
    ///
    /// It reads the metadata of two files, and more only after the file was written to, for example by a checkpoint.
    ///
    /// # Errors
    /// [`StoreError::Lost`]; every later call returns it as well.
    pub fn check(&self, connection: &Connection) -> Result<(), StoreError> {
        let loss = self.loss.get().or_else(|| self.find_loss(connection));
        self.loss.set(loss);
        match loss {
            None => Ok(()),
            Some(loss) => Err(StoreError::Lost { file: self.file.clone(), loss }),
        }
    }

    pub fn renewed(&self, mark: Mark) {
        self.known.set((mark, self.known.get().1));
    }

    fn find_loss(&self, connection: &Connection) -> Option<Loss> {
        match fs::symlink_metadata(&self.file) {
            Ok(found) if place(&found) != self.database => return Some(Loss::Replaced),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Loss::Gone),
            // A folder that can't be read for a moment doesn't mean that the history is lost.
            Err(_) => return None,
        }
        if self.journal.is_some() {
            let found = fs::symlink_metadata(beside(&self.file, "-wal"));
            if found.ok().map(|found| place(&found)) != self.journal {
                return Some(Loss::Journal);
            }
        }
        // Another process may be running a checkpoint.
        for _ in 0..10 {
            let found = fs::symlink_metadata(&self.file).ok()?;
            if stamp(&found) == self.stamp.get() {
                return None;
            }
            if self.has_known_mark(connection) {
                self.stamp.set(stamp(&found));
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
        Some(Loss::Overwritten)
    }

    fn has_known_mark(&self, connection: &Connection) -> bool {
        let (mut mark, changes) = self.known.get();
        // SQLite counts the commits of other processes, but no other changes to the file.
        if let Ok((newer, now)) = current(connection)
            && now != changes
        {
            mark = newer;
            self.known.set((newer, now));
        }
        pairing::is_known(&self.file, mark)
    }
}

fn current(connection: &Connection) -> Result<(Mark, i64), Inside> {
    let changes = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
    let mark = pairing::current(connection)?;
    Ok((mark, changes))
}

#[cfg(unix)]
type Place = (u64, u64);
#[cfg(unix)]
type Stamp = (u64, [i64; 4]);

/// The identity of the file, independent of its name.
#[cfg(unix)]
pub(super) fn place(found: &Metadata) -> Place {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

#[cfg(unix)]
fn stamp(found: &Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    (found.len(), [found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec()])
}

#[cfg(not(unix))]
type Place = Option<std::time::SystemTime>;
#[cfg(not(unix))]
type Stamp = (u64, Option<std::time::SystemTime>);

/// On other platforms a file in use can't be replaced, so only its creation time is compared.
#[cfg(not(unix))]
pub(super) fn place(found: &Metadata) -> Place {
    found.created().ok()
}

#[cfg(not(unix))]
fn stamp(found: &Metadata) -> Stamp {
    (found.len(), found.modified().ok())
}
