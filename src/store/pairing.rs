//! Checks that a database and the journal next to it belong together.
//!
//! `SQLite` trusts a journal because of its name. After a restore or a sync, the two can come from different moments or
//! different histories, and `SQLite` then merges them without an error. To detect this, each transaction replaces a mark
//! in the database: a random number and the previous random number. A journal begins with the number that its database
//! had at that moment. If a database has neither that number nor one of the later numbers in the journal, the journal
//! was written for a different database.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction};

use super::error::{Inside, StoreError};
use super::journal::Journal;
use super::rollback::rolled_back;
use super::{beside, row_digest, verify};

/// The bytes before the mark in its row of the table `pairing`: the lengths that `SQLite` writes, then the title.
const CELL: &[u8] = b"\x23\x01\x03\x00\x4caethos pair mark";
/// The part of the prefix that belongs to the value.
const TITLE: &[u8] = b"aethos pair mark";

/// The random numbers of the last two transactions.
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

    /// Returns true if a journal with these marks was started for the database with this mark, or has been moved into
    /// it.
    fn is_of(self, journal: &[Self]) -> bool {
        journal
            .first()
            .is_some_and(|first| first.before == self.now)
            || is_among(self, journal)
    }

    /// Finds the mark on a page of the file.
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
    let value: Vec<u8> = transaction
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    Mark::from_value(&value).ok_or_else(|| Inside::Damage("the mark of its journal".to_owned()))
}

/// Returns the numbers of the transactions that the database and its journal hold.
pub(super) fn numbers(file: &Path) -> Vec<[u8; 8]> {
    let journal = marks_of(&beside(file, "-wal")).ok().flatten();
    let marks = mark_of(file).into_iter().chain(journal.unwrap_or_default());
    marks.map(|mark| mark.now).collect()
}

/// Stores the numbers of transactions that were in the journal before it was emptied. Other processes know them from
/// there, and must not take the history for lost.
pub(super) fn remember(transaction: &Transaction, numbers: &[[u8; 8]]) -> Result<(), Inside> {
    let mut insert =
        transaction.prepare_cached("INSERT INTO emptied_journal (number) VALUES (?1)")?;
    for number in numbers {
        insert.execute([number])?;
    }
    // A process that slept through ten thousand transactions will report a loss.
    let old = "DELETE FROM emptied_journal WHERE rowid <= (SELECT max(rowid) FROM emptied_journal) - 10000";
    transaction.execute(old, [])?;
    Ok(())
}

/// Returns true if the transaction with this mark was in a journal that was emptied.
pub(super) fn is_remembered(connection: &Connection, mark: Mark) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM emptied_journal WHERE number = ?1)";
    let found = connection.query_row(sql, [mark.now], |row| row.get(0));
    found.unwrap_or(false)
}

/// Returns the mark in the database file itself, ignoring its journal. Returns `None` if there is no readable mark.
pub(super) fn mark_of(file: &Path) -> Option<Mark> {
    current(&open_as_it_is(file).ok()?).ok()
}

/// Opens the database file read-only, without a lock and without its journal.
pub(super) fn open_as_it_is(file: &Path) -> rusqlite::Result<Connection> {
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(uri + "?immutable=1", flags)?;
    row_digest::define(&connection)?;
    Ok(connection)
}

/// Returns the marks of a journal's committed transactions, or `None` if it has none.
fn marks_of(journal: &Path) -> io::Result<Option<Vec<Mark>>> {
    let Some(mut journal) = Journal::open(journal)? else {
        return Ok(None);
    };
    let (mut committed, mut open) = (None, Vec::new());
    while let Some(frame) = journal.next()? {
        open.extend(Mark::in_bytes(&frame.content));
        if frame.commit > 0 {
            committed.get_or_insert_with(Vec::new).append(&mut open);
        }
    }
    Ok(committed)
}

/// Checks that the journals next to `file` belong to it, before `SQLite` may apply them.
///
/// The time depends on the journal, which is short, and not on the history. Only a journal written by a version
/// without marks requires one check of the whole database.
///
/// # Errors
/// [`StoreError::Unpaired`] or [`StoreError::BadJournal`] with the two paths. Both files are left unchanged.
pub(super) fn verify_journals(file: &Path) -> Result<(), StoreError> {
    // Another process may be writing at this moment, so only an error that persists is reported.
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

/// Checks that the write-ahead log belongs to the current file.
fn verify_write_ahead(file: &Path) -> Result<(), StoreError> {
    let journal = beside(file, "-wal");
    let marks = marks_of(&journal).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => StoreError::BadJournal {
            file: file.to_owned(),
            journal: journal.clone(),
        },
        _ => StoreError::reading(&journal, &error),
    })?;
    let Some(marks) = marks else { return Ok(()) };
    let is_pair = match mark_of(file) {
        Some(mark) => mark.is_of(&marks),
        // The file was written by a version without marks, while it got its first mark, or was truncated.
        None => verify::image(file).is_ok(),
    };
    if is_pair {
        Ok(())
    } else {
        Err(StoreError::Unpaired {
            file: file.to_owned(),
            journal,
        })
    }
}

/// Returns true if the file and its journal belong together and hold all of these transactions.
pub(super) fn holds(file: &Path, marks: &[Mark]) -> bool {
    let (Some(database), Ok(journal)) = (mark_of(file), marks_of(&beside(file, "-wal"))) else {
        return false;
    };
    let journal = journal.unwrap_or_default();
    (journal.is_empty() || database.is_of(&journal))
        && marks
            .iter()
            .all(|mark| database.now == mark.now || is_among(*mark, &journal))
}

/// Returns true if the journal holds all of these transactions and completes a database that has no readable mark.
///
/// A checkpoint on a full disk leaves such a database, because it moves only a part of the journal.
pub(super) fn journal_completes(file: &Path, marks: &[Mark]) -> bool {
    let journal = match marks_of(&beside(file, "-wal")) {
        Ok(Some(journal)) if mark_of(file).is_none() => journal,
        _ => return false,
    };
    marks.iter().all(|mark| is_among(*mark, &journal)) && verify::image(file).is_ok()
}

fn is_among(mark: Mark, journal: &[Mark]) -> bool {
    journal.iter().any(|other| other.now == mark.now)
}

/// Rejects a rollback journal of another database. It holds earlier pages, which `SQLite` would restore into any file
/// with the matching name.
fn verify_rollback(file: &Path) -> Result<(), StoreError> {
    let journal = beside(file, "-journal");
    let bytes = match fs::read(&journal) {
        Ok(bytes) if bytes.iter().take(8).any(|byte| *byte != 0) => bytes,
        // SQLite ignores a journal without a header.
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(StoreError::reading(&journal, &error)),
    };
    let is_pair = match (mark_of(file), Mark::in_bytes(&bytes)) {
        (Some(mark), Some(saved)) => saved.now == mark.now || saved.now == mark.before,
        _ => completes(file, &bytes),
    };
    if is_pair {
        Ok(())
    } else {
        Err(StoreError::Unpaired {
            file: file.to_owned(),
            journal,
        })
    }
}

/// Returns true if the database is a complete history once the pages of the rollback journal are restored.
///
/// A change of the journal mode or of the schema renews no mark, and a transaction that was interrupted may leave a
/// database without a readable one.
fn completes(file: &Path, journal: &[u8]) -> bool {
    let has_log = fs::metadata(beside(file, "-wal")).is_ok_and(|found| found.len() > 0);
    let restored = || rolled_back(verify::bytes_of(file).ok()?, journal);
    !has_log && restored().is_some_and(|restored| verify::open_bytes(restored).is_ok())
}

/// Returns the mark of the last transaction, as seen by the connection.
pub(super) fn current(connection: &Connection) -> Result<Mark, Inside> {
    let value: Vec<u8> = connection
        .prepare_cached("SELECT mark FROM pairing")?
        .query_row([], |row| row.get(0))?;
    Mark::from_value(&value).ok_or_else(|| Inside::Damage("the mark of its journal".to_owned()))
}
