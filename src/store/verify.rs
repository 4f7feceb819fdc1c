//! Checks all stored data for damage; reads the whole file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::path::Path;

use rusqlite::{Connection, Row};

use super::error::{Inside, StoreError};
use super::journal::Journal;
use super::log::digest;
use super::row_digest::{self, ATTENDANCE, MEMORY, PERSON, REMARK, REVIEW, SESSION, SUSPENSION};
use super::session::{digest_of_question, digest_of_result, start_in_id};
use super::{Store, beside};
use crate::core::time::Day;

/// The maximum number of findings listed.
const MOST: usize = 100;
/// The largest history, in bytes, whose structure is checked whenever a command shows it; that takes a tenth of a second.
const SMALL: u64 = 16 << 20;

impl Store {
    /// Checks the whole file for damage: its structure, the log of each session, and the data stored next to the logs.
    /// Returns a line for each finding. Takes about two seconds for 500 MB, so it is not part of [`Store::open`].
    ///
    /// # Errors
    /// The file can't be read at all.
    pub fn verify(&self) -> Result<Vec<String>, StoreError> {
        let mut found = self.verify_answers()?;
        // In a history with a damaged structure, the rows would only repeat it.
        if found.is_empty() {
            found = self.read(|connection| Ok(damaged_remarks(connection)?))?;
            found.extend(self.read(|connection| Ok(MEMORY.find_damage(connection, MOST)?))?);
            found.extend(self.read(|connection| Ok(missing_questions(connection)?))?);
            found.truncate(MOST);
        }
        Ok(found)
    }

    /// Does the same as [`Store::verify`], except for the rows that practice is made from.
    ///
    /// # Errors
    /// The file can't be read at all.
    pub fn verify_answers(&self) -> Result<Vec<String>, StoreError> {
        self.read(findings)
    }

    /// Checks a small history for damage that a query doesn't notice, such as rows that an index doesn't find or
    /// changed values, and adds the findings to [`Store::damage`]. A damaged practice schedule is derived again as of
    /// `today`.
    ///
    /// # Errors
    /// The file can't be read at all.
    pub fn check_small(&mut self, today: Day) -> Result<(), StoreError> {
        let length = fs::metadata(self.name()).map_or(0, |found| found.len());
        if length > SMALL {
            return Ok(());
        }
        let mut found = self.read(|connection| Ok(structure(connection)?))?;
        if found.is_empty() {
            found = self.read(|connection| Ok(damaged_remarks(connection)?))?;
            let schedules = self.read(|connection| Ok(MEMORY.find_damage(connection, MOST)?))?;
            let is_derivable = found.is_empty() && !self.is_read_only();
            if is_derivable && !schedules.is_empty() {
                self.derive(None, today)?;
            }
            found.extend(schedules.into_iter().map(|schedule| match is_derivable {
                true => format!("{schedule}, which was computed again from the stored grades"),
                false => schedule,
            }));
        }
        self.damage.borrow_mut().extend(found);
        Ok(())
    }
}

/// Returns the damaged rows from which nothing else in the history can be computed quickly.
fn damaged_remarks(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    for table in [REVIEW, REMARK, SUSPENSION, PERSON, ATTENDANCE, SESSION] {
        found.extend(table.find_damage(connection, MOST)?);
    }
    Ok(found)
}

/// Returns the questions that sessions asked and whose text is not stored, a line each.
fn missing_questions(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = format!(
        "WITH asked (session, item) AS (
             SELECT session.id, item.value FROM session, json_each(session.start, '$.form.items') AS item
             UNION ALL SELECT session.id, event.body -> '$.item' FROM event JOIN session ON session.key = event.session
             WHERE event.body ->> '$.what' = 'drawn')
         SELECT 'the stored text of question ' || (item ->> '$.question') || ' of deck ' || (item ->> '$.deck')
             || ' is missing, which session ' || min(session) || ' asked'
         FROM asked WHERE NOT EXISTS
             (SELECT 1 FROM question WHERE fingerprint = unhex(item ->> '$.fingerprint'))
         GROUP BY item ->> '$.fingerprint' ORDER BY min(session) LIMIT {MOST}"
    );
    let mut statement = connection.prepare(&sql)?;
    let lines = statement.query_map([], |row| row.get(0))?;
    lines.collect()
}

/// Returns what is wrong with the pages, rows and indexes of the file.
fn structure(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = format!("PRAGMA integrity_check({MOST})");
    let mut statement = connection.prepare(&sql)?;
    let lines = statement.query_map([], |row| row.get(0))?;
    let lines: Vec<String> = lines.collect::<Result<_, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

fn findings(connection: &Connection) -> Result<Vec<String>, Inside> {
    let mut found = structure(connection)?;
    if !found.is_empty() {
        // The remaining checks would only repeat this finding.
        return Ok(found);
    }
    let mut dangling = connection.prepare("PRAGMA foreign_key_check")?;
    found.extend(
        dangling
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<String>, _>>()?,
    );
    found.iter_mut().for_each(|table| {
        *table = format!("a row of table {table} refers to something that is missing");
    });
    logs(connection, &mut found)?;
    let has_digests = connection
        .prepare("SELECT digest FROM result UNION SELECT digest FROM question")
        .is_ok();
    if has_digests {
        derived(connection, &mut found)?;
    }
    found.truncate(MOST);
    Ok(found)
}

/// Checks the start of each session and the digests of its events.
fn logs(connection: &Connection, found: &mut Vec<String>) -> Result<(), Inside> {
    let mut statement = connection.prepare(
        "SELECT key, id, digest, start, started_at, state, finished_at FROM session ORDER BY id",
    )?;
    let mut sessions = statement.query([])?;
    let mut events = connection.prepare(
        "SELECT sequence, digest, body, wall FROM event WHERE session = ?1 ORDER BY sequence",
    )?;
    while let Some(row) = sessions.next()? {
        let (key, id): (i64, String) = (row.get(0)?, row.get(1)?);
        if digest(&[&id, text(row, 3)?]) != row.get::<_, i64>(2)? {
            found.push(format!("the form of session {id}"));
        }
        let started_at: i64 = row.get(4)?;
        if start_in_id(&id).is_some_and(|start| start != started_at) {
            found.push(format!(
                "the start of session {id}, which is read from its id when it is shown"
            ));
        }
        let (state, finished_at): (String, Option<i64>) = (row.get(5)?, row.get(6)?);
        let closes = format!("\"what\":\"{state}\"");
        let mut closed_at = None;
        let mut rows = events.query([key])?;
        let mut expected: u32 = 0;
        while let Some(row) = rows.next()? {
            let sequence: u32 = row.get(0)?;
            if sequence != expected
                || digest(&[&id, &sequence.to_string(), text(row, 2)?]) != row.get::<_, i64>(1)?
            {
                found.push(format!("event {expected} of session {id}"));
                break;
            }
            expected += 1;
            if text(row, 2)?.contains(&closes) {
                closed_at = Some(row.get(3)?);
            }
        }
        let has_no_end = state == "finished" && closed_at.is_none();
        if has_no_end || closed_at.is_some() && closed_at != finished_at {
            found.push(format!("the end of session {id}"));
        }
    }
    Ok(())
}

/// Checks results and stored questions, except those of older versions, which have no digests.
fn derived(connection: &Connection, found: &mut Vec<String>) -> Result<(), Inside> {
    let sql = "SELECT id, scored_at, version, body, result.digest FROM result JOIN session ON session.key = session
               WHERE result.digest IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id = text(row, 0)?;
        if digest_of_result(id, row.get(1)?, row.get(2)?, text(row, 3)?) != row.get::<_, i64>(4)? {
            found
                .push(format!("the result of session {id}, which is computed again from its answers when it is shown"));
        }
    }
    let sql = "SELECT deck, id, source, digest, fingerprint FROM question WHERE digest IS NOT NULL";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (deck, question) = (text(row, 0)?, text(row, 1)?);
        let fingerprint: [u8; 16] = row.get(4)?;
        if digest_of_question(&fingerprint.into(), deck, question, text(row, 2)?)
            != row.get::<_, i64>(3)?
        {
            found.push(format!(
                "the stored text of question {question} of deck {deck}"
            ));
        }
    }
    Ok(())
}

/// Reads the whole database. Only the rare histories whose journal can't be recognized by a mark are read this way.
pub(super) fn bytes_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Never closed, because closing the file would release the locks of every connection that this process has to it.
    let mut database = ManuallyDrop::new(File::open(file)?);
    database.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text<'a>(row: &'a Row, column: usize) -> Result<&'a str, Inside> {
    Ok(row
        .get_ref(column)?
        .as_str()
        .map_err(rusqlite::Error::from)?)
}

/// Opens an in-memory copy of the database with the content of its write-ahead log; neither file is changed.
///
/// # Errors
/// The two don't form a complete history.
pub(super) fn image(file: &Path) -> Result<Connection, Inside> {
    let read = |error: io::Error| Inside::Told(StoreError::reading(file, &error));
    let mut bytes = bytes_of(file).map_err(read)?;
    if let Some(mut journal) = Journal::open(&beside(file, "-wal")).map_err(read)? {
        let mut open = Vec::new();
        while let Some(frame) = journal.next().map_err(read)? {
            let (commit, size) = (frame.commit, frame.content.len());
            open.push(frame);
            if commit == 0 {
                continue;
            }
            let pages = open
                .iter()
                .map(|frame| frame.page)
                .max()
                .unwrap_or(0)
                .max(commit) as usize;
            bytes.resize(pages * size, 0);
            for frame in open.drain(..) {
                let at = (frame.page as usize - 1) * size;
                bytes[at..at + size].copy_from_slice(&frame.content);
            }
            bytes.truncate(commit as usize * size);
        }
    }
    open_bytes(bytes)
}

/// Opens a database in memory and checks all that is stored in it.
///
/// # Errors
/// It is no complete history.
pub(super) fn open_bytes(mut bytes: Vec<u8>) -> Result<Connection, Inside> {
    // An in-memory database has no write-ahead log.
    if let Some(versions) = bytes.get_mut(18..20) {
        versions.fill(1);
    }
    let mut connection = Connection::open_in_memory()?;
    row_digest::define(&connection)?;
    connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), false)?;
    match findings(&connection)?.into_iter().next() {
        None => Ok(connection),
        Some(found) => Err(Inside::Damage(found)),
    }
}
