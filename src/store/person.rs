//! The people whose sessions are stored.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row};

use super::forget::unname;
use super::row_digest::PERSON;
use super::{Store, StoreError};
use crate::core::id::PersonId;
use crate::core::text::Text;

/// The maximum length of a name, in characters.
pub(super) const NAME: usize = 64;

/// A person with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: Text,
}

impl Store {
    /// Returns all people: "you" first, then the others in the order in which they were added.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id, name FROM person WHERE forgotten = 0 ORDER BY id")?;
            let people = statement.query_map([], person)?.collect::<Result<_, _>>()?;
            Ok(people)
        })
    }

    /// Returns the person with that name, ignoring case.
    pub fn person(&self, name: &str) -> Result<Option<Person>, StoreError> {
        let folded = clean(name).to_lowercase();
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, name FROM person WHERE folded = ?1")?;
            Ok(statement.query_row([folded], person).optional()?)
        })
    }

    /// Adds a person. The name is trimmed, put on one line and cleaned.
    ///
    /// # Errors
    /// [`StoreError::BadName`] if the cleaned name is empty or too long, [`StoreError::NameTaken`] if it differs from
    /// another name only in case.
    pub fn add_person(&mut self, name: &str) -> Result<Person, StoreError> {
        let name = checked(name)?;
        self.write(|transaction| {
            let sql =
                "INSERT INTO person (name, folded) VALUES (?1, ?2) ON CONFLICT (folded) DO NOTHING";
            if transaction.execute(sql, (&name, name.to_lowercase()))? == 0 {
                return Err(StoreError::NameTaken { name }.into());
            }
            let id = PersonId(transaction.last_insert_rowid());
            PERSON.seal(transaction, "id = ?1", [id])?;
            Ok(Person {
                id,
                name: Text::new(&name),
            })
        })
    }

    /// Adds people whose numbers are missing, keeping the numbers; a name that somebody else has gets a number.
    pub fn adopt_people(&mut self, people: &[Person]) -> Result<(), StoreError> {
        self.write(|transaction| {
            let sql =
                "INSERT INTO person (id, name, folded) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
            for Person { id, name } in people {
                let add = |name: String| {
                    let row = (id, &name, name.to_lowercase());
                    transaction.prepare_cached(sql)?.execute(row)
                };
                if add(name.to_string())? == 0 {
                    add(format!("{name} ({})", id.0))?;
                }
                PERSON.seal(transaction, "id = ?1", [id])?;
            }
            Ok(())
        })
    }

    /// Adds people who were forgotten and whose numbers are missing, because sessions still refer to them.
    pub fn adopt_forgotten(&mut self, forgotten: &[PersonId]) -> Result<(), StoreError> {
        self.write(|transaction| {
            for id in forgotten {
                let sql = "INSERT INTO person (id, name, folded) VALUES (?1, '', char(1) || ?1) ON CONFLICT DO NOTHING";
                if transaction.prepare_cached(sql)?.execute([id])? > 0 {
                    unname(transaction, *id)?;
                }
            }
            Ok(())
        })
    }

    /// Returns the numbers of people who were forgotten.
    pub fn forgotten_people(&self) -> Result<Vec<PersonId>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id FROM person WHERE forgotten = 1")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Renames a person, with the rules of [`Store::add_person`]; changing only the case of their own name is allowed.
    pub fn rename_person(&mut self, person: PersonId, name: &str) -> Result<Person, StoreError> {
        let name = checked(name)?;
        self.write(|transaction| {
            let sql = "UPDATE OR IGNORE person SET name = ?2, folded = ?3 WHERE id = ?1 AND forgotten = 0";
            if transaction.execute(sql, (person, &name, name.to_lowercase()))? == 0 {
                return Err(StoreError::NameTaken { name }.into());
            }
            PERSON.seal(transaction, "id = ?1", [person])?;
            Ok(Person { id: person, name: Text::new(&name) })
        })
    }
}

/// Returns the name as it is stored.
fn checked(name: &str) -> Result<String, StoreError> {
    let name = clean(name);
    if name.is_empty() || name.chars().count() > NAME {
        Err(StoreError::BadName { name })
    } else {
        Ok(name)
    }
}

fn clean(name: &str) -> String {
    Text::new(name).line()
}

fn person(row: &Row) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        name: Text::new(&row.get::<_, String>(1)?),
    })
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
