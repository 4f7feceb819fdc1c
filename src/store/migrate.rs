//! The schema's versions. A file of any earlier version is brought to the last one.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Inside, StoreError};

/// Marks a file as a history of aethos: "aeth".
pub(super) const APPLICATION: u32 = 0x6165_7468;

/// Step `n` leads from version `n` to `n + 1`. A step that was released is never changed.
const STEPS: &[&str] = &[include_str!("schema.sql")];

/// Brings the schema to the last version in one transaction; does nothing when it is there already.
pub(super) fn migrate(connection: &mut Connection, file: &std::path::Path) -> Result<(), Inside> {
    let known = STEPS.len();
    let found = version(connection)?;
    if found == known {
        return Ok(());
    }
    if found > known {
        return Err(StoreError::Newer { file: file.to_owned(), found, known }.into());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let found = version(&transaction)?;
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", known.max(found) as u32)?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<usize, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)).map(|version| version as usize)
}
