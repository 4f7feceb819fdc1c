//! Migrations of the schema: update a file of any earlier version to the current one.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::beside;
use super::create::create;
use super::error::{Inside, StoreError};
use super::row_digest;

/// `SQLite`'s application id, which identifies a history of aethos: "aeth".
pub(super) const APPLICATION: u32 = 0x6165_7468;

/// Step `n` migrates from version `n` to `n + 1`. A released step never changes.
///
/// A new kind of event also needs a step, possibly an empty one, because an older aethos can't read a log that
/// contains it.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    "", // Adds the events `Drawn` and `Concluded`, with which a session can grow.
    "", // Adds the events of practice: `Revealed`, `Graded`, `Disputed`, `Paused` and `Resumed`.
    "", // Adds mentor sessions, with their own events.
    "", // Allows a session to continue another; its result then includes the answers of both.
    include_str!("practice.sql"),
    // Adds the events `Kept` and `Erased`, participants, and forgotten people.
    include_str!("mentor.sql"),
    // Adds the events `Suspended` and `GradeTakenBack`, and the order of all changes.
    include_str!("order.sql"),
    include_str!("safety.sql"),
    "", // Adds the events `AnswerChanged` and `VoteChanged`, which clear the confidence, and `AtKeyboard`.
    include_str!("fields.sql"),
    // Adds answers of the kind `number-2`, drafts of votes, and which reviews are blank.
    include_str!("blank.sql"),
    "", // Adds homework: sessions of the modes `homework` and `assigned`, with the events of assignments.
    include_str!("counted.sql"),
    include_str!("browse.sql"),
    include_str!("manage.sql"),
    include_str!("emptied.sql"),
    include_str!("rows.sql"),
    "", // Adds the reason `suspended` for which practice asks a question.
    include_str!("beside.sql"),
    "", // Adds answers of the kind `number-3`.
];

/// The suffix of the copy made before a migration and kept until the next successful start.
pub(super) const COPY: &str = ".before-update";

/// Migrates the schema to the current version in one transaction, after copying the file. Returns true if a migration
/// was needed.
pub(super) fn migrate(connection: &mut Connection, file: &Path) -> Result<bool, Inside> {
    row_digest::define(connection)?;
    let found = version(connection)?;
    known(found, file)?;
    if found == STEPS.len() {
        return Ok(false);
    }
    let is_new = is_empty(connection)?;
    let is_copied = !is_new && connection.path().is_some_and(|path| !path.is_empty());
    if is_copied {
        copy(connection, file)?;
    }
    let migrated = take_steps(connection, file);
    if is_copied && matches!(migrated, Err(Inside::Damage(_))) {
        // The file can't be migrated and is as it was, so the copy says nothing more.
        let _ = fs::remove_file(beside(file, COPY));
    }
    migrated?;
    Ok(!is_new)
}

/// Takes the steps that the history lacks, in one transaction.
fn take_steps(connection: &mut Connection, file: &Path) -> Result<(), Inside> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have migrated the file while this one waited for the lock.
    let found = version(&transaction)?;
    known(found, file)?;
    if found == 0 && !is_empty(&transaction)? {
        return Err(mismatch(found));
    }
    for step in STEPS.iter().skip(found) {
        transaction
            .execute_batch(step)
            .map_err(|error| match error {
                // The step does not fit the existing tables.
                rusqlite::Error::SqlInputError { .. } => mismatch(found),
                error => match error.sqlite_error_code() {
                    Some(ErrorCode::Unknown | ErrorCode::ConstraintViolation) => mismatch(found),
                    _ => error.into(),
                },
            })?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as u32)?;
    transaction.commit()?;
    Ok(())
}

/// Copies the history to a file next to it before a migration.
///
/// `VACUUM INTO` reads the database and its journal in one transaction, and fails if a page is damaged. A copy of the
/// bytes would need a lock that keeps other processes from writing, and closing the file after reading it would release
/// exactly this lock (the rule of POSIX for locks of a process).
fn copy(connection: &Connection, file: &Path) -> Result<(), Inside> {
    let path = beside(file, COPY);
    let writing = |error: io::Error| Inside::Told(StoreError::writing(&path, &error));
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(writing(error)),
        _ => create(&path).map_err(writing)?,
    }
    let name = path
        .to_str()
        .ok_or_else(|| writing(io::ErrorKind::InvalidFilename.into()))?;
    let copied = connection.execute("VACUUM INTO ?1", [name]);
    if copied.is_err() {
        // An incomplete copy is useless.
        let _ = fs::remove_file(&path);
    }
    copied?;
    Ok(())
}

fn mismatch(found: usize) -> Inside {
    Inside::Damage(format!(
        "it is marked as schema {found}, but its tables are not those of that schema"
    ))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
        [],
        |row| row.get(0),
    )
}

pub(super) fn is_current(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(version(connection)? == STEPS.len())
}

/// Rejects a file written by a newer version of aethos.
pub(super) fn known(found: usize, file: &Path) -> Result<(), StoreError> {
    let known = STEPS.len();
    if found > known {
        Err(StoreError::Newer {
            file: file.to_owned(),
            found,
            known,
        })
    } else {
        Ok(())
    }
}

fn version(connection: &Connection) -> Result<usize, rusqlite::Error> {
    connection
        .pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))
        .map(|version| version as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_with_the_wrong_version_leaves_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.db");
        for version in [0, 3] {
            drop(super::super::Store::open(&file).unwrap());
            let connection = Connection::open(&file).unwrap();
            connection
                .pragma_update(None, "user_version", version)
                .unwrap();
            drop(connection);
            let refused = super::super::Store::open(&file).unwrap_err();
            assert!(matches!(refused, StoreError::Damaged { .. }), "{refused}");
            assert!(!beside(&file, COPY).exists(), "version {version}");
            fs::remove_file(&file).unwrap();
        }
    }

    #[test]
    fn the_order_of_an_old_history_is_worked_out_although_its_clock_was_wrong_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        let at = STEPS
            .iter()
            .position(|step| step.contains("CREATE TABLE turn"))
            .unwrap();
        STEPS[..at]
            .iter()
            .for_each(|step| connection.execute_batch(step).unwrap());
        // The second session was dated years ahead; the first was finished after the third.
        connection
            .execute_batch(
                "INSERT INTO session (key, id, person, mode, state, started_at, finished_at, digest, start) VALUES
                     (1, '10', 1, 'assess', 'finished', 10, 45, 0, '{}'), (2, '900', 1, 'practise', 'finished', 900, 905, 0, '{}'),
                     (3, '30', 1, 'assess', 'finished', 30, 40, 0, '{}'), (4, '50', 1, 'assess', 'open', 50, NULL, 0, '{}');
                 INSERT INTO result (session, scored_at, version, body) VALUES (3, 40, 1, '{}'), (1, 45, 1, '{}');
                 INSERT INTO review VALUES
                     (1, 'd', 'q', 1, 0, 45, 0, 'good', 1, 3, 'assess', 'c', 60), (1, 'd', 'q', 2, 0, 901, 0, 'good', 1, 3, 'practise', 'c', 60),
                     (1, 'd', 'q', 2, 1, 905, 0, 'good', 1, 3, 'practise', 'c', 60), (1, 'd', 'q', 3, 0, 40, 0, 'good', 1, 3, 'assess', 'c', 60);",
            )
            .unwrap();
        connection
            .pragma_update(None, "user_version", at as u32)
            .unwrap();
        migrate(&mut connection, Path::new("in memory")).unwrap();
        let numbers = |sql: &str| -> Vec<i64> {
            let mut statement = connection.prepare(sql).unwrap();
            statement
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        assert_eq!(
            numbers("SELECT key FROM session WHERE mode = 'assess' ORDER BY closed"),
            [3, 1, 4]
        );
        assert_eq!(
            numbers("SELECT 10 * session + slot FROM review ORDER BY nth"),
            [20, 21, 30, 10]
        );
        assert_eq!(numbers("SELECT n FROM turn"), [4]);
    }
}
