//! The people whose sessions are kept here.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row};

use super::{Store, StoreError};
use crate::core::id::PersonId;
use crate::core::text::Text;

/// Longest name, in characters.
pub(super) const NAME: usize = 64;

/// A person by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: Text,
}

impl Store {
    /// Everybody, the one called "you" first, the others as they were added.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id, name FROM person ORDER BY id")?;
            let people = statement.query_map([], person)?.collect::<Result<_, _>>()?;
            Ok(people)
        })
    }

    /// The person of that name, in whatever case it is written.
    pub fn person(&self, name: &str) -> Result<Option<Person>, StoreError> {
        let folded = clean(name).to_lowercase();
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id, name FROM person WHERE folded = ?1")?;
            Ok(statement.query_row([folded], person).optional()?)
        })
    }

    /// Adds a person. The name is trimmed, put in one line and cleaned.
    ///
    /// # Errors
    /// [`StoreError::BadName`] when nothing or too much is left of it, [`StoreError::NameTaken`] when it differs from
    /// another name in case only.
    pub fn add_person(&mut self, name: &str) -> Result<Person, StoreError> {
        let name = clean(name);
        if name.is_empty() || name.chars().count() > NAME {
            return Err(StoreError::BadName { name });
        }
        self.write(|transaction| {
            let sql = "INSERT INTO person (name, folded) VALUES (?1, ?2) ON CONFLICT (folded) DO NOTHING";
            if transaction.execute(sql, (&name, name.to_lowercase()))? == 0 {
                return Err(StoreError::NameTaken { name }.into());
            }
            Ok(Person { id: PersonId(transaction.last_insert_rowid()), name: Text::new(&name) })
        })
    }

    /// Deletes everything that is kept of a person, and overwrites it on the disk.
    ///
    /// What they were asked stays, since it says nothing about them; [`PersonId::YOU`] stays with an empty history.
    pub fn erase(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute("UPDATE person SET erasing = 1 WHERE id = ?1", [person])?;
            for table in ["exposure", "review", "memory", "remark", "interview"] {
                transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [person])?;
            }
            for table in ["event", "draft", "result"] {
                let of_person = "session IN (SELECT key FROM session WHERE person = ?1)";
                transaction.execute(&format!("DELETE FROM {table} WHERE {of_person}"), [person])?;
            }
            transaction.execute("DELETE FROM session WHERE person = ?1", [person])?;
            transaction.execute("DELETE FROM person WHERE id = ?1 AND id <> ?2", [person, PersonId::YOU])?;
            transaction.execute("UPDATE person SET erasing = 0 WHERE id = ?1", [person])?;
            Ok(())
        })?;
        // The journal still holds the pages as they were before.
        self.read(|connection| Ok(connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?))
    }
}

fn clean(name: &str) -> String {
    Text::new(name).line()
}

fn person(row: &Row) -> rusqlite::Result<Person> {
    Ok(Person { id: row.get(0)?, name: Text::new(&row.get::<_, String>(1)?) })
}

impl ToSql for PersonId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for PersonId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(PersonId)
    }
}
