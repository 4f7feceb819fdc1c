//! Detects when another program replaces, moves, deletes or overwrites the files of an open history.

use std::cell::Cell;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use super::error::{Inside, StoreError};
use super::pairing::{self, Mark};
use super::{LONG_JOURNAL, beside};

/// The files of a history as they were when it was opened.
#[derive(Debug)]
pub(super) struct Identity {
    pub file: PathBuf,
    database: Place,
    /// `None` if the file system doesn't support a write-ahead log.
    journal: Option<Place>,
    /// The index of the journal, which all processes share.
    index: Option<Place>,
    /// The sizes and times of database and journal when their marks were last verified.
    stamps: Cell<Stamps>,
    /// The mark of the last transaction, and `SQLite`'s number of what other processes have changed.
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
        let [journal, index] = ["-wal", "-shm"].map(|ending| place_of(file, ending));
        let stamps = Cell::new(stamps(file).map_err(reading)?);
        let (file, database) = (file.to_owned(), place(&found));
        Ok(Self {
            file,
            database,
            journal,
            index,
            stamps,
            known,
            loss: Cell::new(None),
        })
    }

    /// Checks that the file is still the one that was opened and still contains what was written to it.
    ///
    /// Reads the metadata of the files, and their content only after another program wrote to one.
    ///
    /// # Errors
    /// [`StoreError::Lost`]; every later call returns it as well.
    pub fn check(&self, connection: &Connection) -> Result<(), StoreError> {
        let loss = self.loss.get().or_else(|| self.find_loss(connection));
        self.loss.set(loss);
        match loss {
            None => Ok(()),
            Some(loss) => Err(StoreError::Lost {
                file: self.file.clone(),
                loss,
            }),
        }
    }

    /// The same as [`Identity::check`], and reads the marks even where sizes and times are as they were.
    ///
    /// Required before a checkpoint, which copies the journal into the database.
    pub fn verify(&self, connection: &Connection) -> bool {
        self.check(connection).is_ok() && self.has_known_marks(connection)
    }

    /// Takes over the mark of a transaction that this process has just committed, which made the journal longer.
    ///
    /// The database has changed only if another program wrote to it, so its size and times stay as they were.
    pub fn renewed(&self, mark: Mark) {
        self.known.set((mark, self.known.get().1));
        let (database, before) = self.stamps.get();
        if let Ok((_, journal)) = stamps(&self.file)
            && journal.0 >= before.0
        {
            self.stamps.set((database, journal));
        }
    }

    fn find_loss(&self, connection: &Connection) -> Option<Loss> {
        match fs::symlink_metadata(&self.file) {
            Ok(found) if place(&found) != self.database => return Some(Loss::Replaced),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Loss::Gone),
            // A folder that can't be read for a moment doesn't mean that the history is lost.
            Err(_) => return None,
        }
        for (ending, opened) in [("-wal", self.journal), ("-shm", self.index)] {
            if opened.is_some() && place_of(&self.file, ending) != opened {
                return Some(Loss::Journal);
            }
        }
        // Another process may be running a checkpoint.
        for _ in 0..10 {
            let found = stamps(&self.file).ok()?;
            if found == self.stamps.get() {
                return None;
            }
            if self.has_known_marks(connection) {
                self.stamps.set(found);
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
        let found = stamps(&self.file).ok()?;
        if self.has_marks(connection, pairing::journal_completes) {
            self.stamps.set(found);
            return None;
        }
        Some(Loss::Overwritten)
    }

    /// Returns true if database and journal hold the last transaction of this process, and whatever others committed
    /// after it.
    fn has_known_marks(&self, connection: &Connection) -> bool {
        self.has_marks(connection, pairing::holds)
    }

    /// Returns true if the files hold the known transactions according to `holds`.
    fn has_marks(&self, connection: &Connection, holds: fn(&Path, &[Mark]) -> bool) -> bool {
        let (last, changes) = self.known.get();
        // SQLite counts the commits of other processes, but no other changes to the files.
        let (newest, changes) = match current(connection) {
            Ok((newest, now)) if now != changes => (newest, now),
            _ => (last, changes),
        };
        // A long journal may have been moved into the database and begun again, and `last` is then in neither. The same
        // happens when a person is forgotten.
        let (_, journal) = self.stamps.get();
        let may_be_gone = newest != last
            && (journal.0 > LONG_JOURNAL || pairing::is_remembered(connection, last));
        let marks: &[Mark] = if may_be_gone {
            &[newest]
        } else {
            &[last, newest]
        };
        let known = holds(&self.file, marks);
        if known {
            self.known.set((newest, changes));
        }
        known
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
    (
        found.len(),
        [
            found.mtime(),
            found.mtime_nsec(),
            found.ctime(),
            found.ctime_nsec(),
        ],
    )
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

/// The sizes and times of a database and its journal; those of a missing journal are all zero.
type Stamps = (Stamp, Stamp);

fn stamps(file: &Path) -> io::Result<Stamps> {
    let database = fs::symlink_metadata(file)?;
    let journal = fs::symlink_metadata(beside(file, "-wal")).ok();
    Ok((
        stamp(&database),
        journal.map(|found| stamp(&found)).unwrap_or_default(),
    ))
}

fn place_of(file: &Path, ending: &str) -> Option<Place> {
    fs::symlink_metadata(beside(file, ending))
        .ok()
        .map(|found| place(&found))
}
