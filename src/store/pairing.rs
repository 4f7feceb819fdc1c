//! Whether a database and the journal beside it belong together.
//!
//! SQLite trusts a journal because of its name. After a restore or a sync the two can come from different moments or
//! different histories, and SQLite then merges them without an error. So each transaction replaces a mark in the
//! database: a random number, and the number that it replaced. A journal begins with the number that its database had
//! at that moment. A database that has neither that number nor one of those that follow it in the journal is not the
//! database that the journal was written for.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction};

use super::error::{Inside, StoreError};
use super::journal::Journal;
use super::{beside, verify};

/// What the mark's row in the table `pairing` begins with on its page: the lengths that SQLite writes before the value.
const CELL: &[u8] = b"\x23\x01\x03\x00\x4caethos pair mark";
/// The part of it that is in the value.
const TITLE: &[u8] = b"aethos pair mark";

/// Random numbers of the last transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    before: [u8; 8],
    now: [u8; 8],
}

impl Mark {
    fn from_value(value: &[u8]) -> Option<Self> {
        let numbers = value.strip_prefix(TITLE)?;
        let before = numbers.get(..8)?.try_into().ok()?;
        let now = numbers.get(8..16)?.try_into().ok()?;
        Some(Self { before, now })
    }

    /// Whether a database with this mark is the one that a journal with these was begun for, or has been moved into.
    fn is_of(self, journal: &[Self]) -> bool {
        journal.first().is_some_and(|first| first.before == self.now) || journal.iter().any(|mark| mark.now == self.now)
    }

    /// Finds the mark on a page, in bytes of the file.
    fn in_bytes(bytes: &[u8]) -> Option<Self> {
        let at = memchr::memmem::find(bytes, CELL)?;
        Self::from_value(&bytes[at + CELL.len() - TITLE.len()..])
    }
}

/// Replaces the mark; part of every transaction.
pub(super) fn renew(transaction: &Transaction) -> Result<Mark, Inside> {
    let sql =
        "UPDATE pairing SET mark = unhex(hex(substr(mark, 1, 16)) || hex(substr(mark, 25, 8)) || hex(randomblob(8)))
               RETURNING mark";
    let value: Vec<u8> = transaction.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Mark::from_value(&value).ok_or_else(|| Inside::Damage("the mark of its journal".to_owned()))
}

/// The mark in the file itself, whatever its journal says; `None` where there is none that can be read.
pub(super) fn mark_of(file: &Path) -> Option<Mark> {
    current(&open_as_it_is(file).ok()?).ok()
}

/// Opens the file alone: without a lock, without its journal, and so that nothing can be written.
pub(super) fn open_as_it_is(file: &Path) -> rusqlite::Result<Connection> {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => uri.push(char::from(*byte)),
            b'\\' if cfg!(windows) => uri.push('/'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri + "?immutable=1", flags)
}

/// The marks of a journal's committed transactions; `None` where it holds none.
fn marks_of(journal: &Path) -> io::Result<Option<Vec<Mark>>> {
    let Some(mut journal) = Journal::open(journal)? else { return Ok(None) };
    let (mut committed, mut open) = (None, Vec::new());
    while let Some(frame) = journal.next()? {
        open.extend(Mark::in_bytes(&frame.content));
        if frame.commit > 0 {
            committed.get_or_insert_with(Vec::new).append(&mut open);
        }
    }
    Ok(committed)
}

/// Makes sure that the journals beside `file` are its own, before SQLite may read them into it.
///
/// Takes time for the journal, which is short, and not for the history. Only the journal of a version without marks
/// costs a look at everything, once.
///
/// # Errors
/// [`StoreError::Unpaired`] or [`StoreError::BadJournal`] with the two files. Both are left as they are.
pub(super) fn verify_journals(file: &Path) -> Result<(), StoreError> {
    // Another process may be writing at this moment: only what stays wrong is wrong.
    let mut last = Ok(());
    for _ in 0..5 {
        last = verify_write_ahead(file).and_then(|()| verify_rollback(file));
        if last.is_ok() {
            return last;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    last
}

/// Makes sure that the write-ahead journal belongs to the file as it is at this moment.
fn verify_write_ahead(file: &Path) -> Result<(), StoreError> {
    let journal = beside(file, "-wal");
    let marks = marks_of(&journal).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => StoreError::BadJournal { file: file.to_owned(), journal: journal.clone() },
        _ => StoreError::reading(&journal, &error),
    })?;
    let Some(marks) = marks else { return Ok(()) };
    let is_pair = match mark_of(file) {
        Some(mark) => mark.is_of(&marks),
        // Written before there were marks, or in the middle of getting one, or cut.
        None => verify::image(file).is_ok(),
    };
    if is_pair { Ok(()) } else { Err(StoreError::Unpaired { file: file.to_owned(), journal }) }
}

/// Returns true if the file and its journal belong together and hold all of these transactions.
pub(super) fn holds(file: &Path, marks: &[Mark]) -> bool {
    let (Some(database), Ok(journal)) = (mark_of(file), marks_of(&beside(file, "-wal"))) else { return false };
    let journal = journal.unwrap_or_default();
    let holds = |mark: &Mark| database.now == mark.now || journal.iter().any(|other| other.now == mark.now);
    (journal.is_empty() || database.is_of(&journal)) && marks.iter().all(holds)
}

/// A rollback journal holds pages as they were before: it would be played back whatever file it lies beside.
fn verify_rollback(file: &Path) -> Result<(), StoreError> {
    let journal = beside(file, "-journal");
    let bytes = match fs::read(&journal) {
        Ok(bytes) if bytes.iter().take(8).any(|byte| *byte != 0) => bytes,
        // SQLite takes one without a header for one that is over.
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::reading(&journal, &error)),
    };
    let is_pair = match (mark_of(file), Mark::in_bytes(&bytes)) {
        (Some(mark), Some(saved)) => saved.now == mark.now || saved.now == mark.before,
        _ => false,
    };
    if is_pair { Ok(()) } else { Err(StoreError::Unpaired { file: file.to_owned(), journal }) }
}

/// The mark of the last transaction, as the connection sees it.
pub(super) fn current(connection: &Connection) -> Result<Mark, Inside> {
    let value: Vec<u8> = connection.prepare_cached("SELECT mark FROM pairing")?.query_row([], |row| row.get(0))?;
    Mark::from_value(&value).ok_or_else(|| Inside::Damage("the mark of its journal".to_owned()))
}
