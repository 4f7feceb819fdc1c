//! The schema's versions. A file of any earlier version is brought to the last one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Inside, StoreError};

/// Marks a file as a history of aethos: "aeth".
pub(super) const APPLICATION: u32 = 0x6165_7468;

/// Step `n` leads from version `n` to `n + 1`. A step that was released is never changed.
///
/// A new kind of event is a new step too, if an empty one: an older aethos could not read a log that has it.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    "", // `Drawn` and `Concluded`: a session may grow.
    "", // `Revealed`, `Graded`, `Disputed`, `Paused` and `Resumed`: practice.
    "", // Sessions of a mentor, with events of their own.
    "", // A session may continue another, whose answers its result counts as well.
    include_str!("practice.sql"),
    // `Kept` and `Erased`; attendance, and people who were forgotten.
    include_str!("mentor.sql"),
];

/// Brings the schema to the last version in one transaction; does nothing when it is there already.
pub(super) fn migrate(connection: &mut Connection, file: &Path) -> Result<(), Inside> {
    let found = version(connection)?;
    known(found, file)?;
    if found == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let found = version(&transaction)?;
    known(found, file)?;
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as u32)?;
    Ok(transaction.commit()?)
}

/// Refuses a version that a newer aethos wrote.
pub(super) fn known(found: usize, file: &Path) -> Result<(), StoreError> {
    let known = STEPS.len();
    if found > known { Err(StoreError::Newer { file: file.to_owned(), found, known }) } else { Ok(()) }
}

fn version(connection: &Connection) -> Result<usize, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).map(|version| version as usize)
}
