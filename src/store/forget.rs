//! Forgetting people: removes their name, or erases all of their data.

use rusqlite::{Connection, Transaction};

use super::error::{Inside, StoreError};
use super::log::digest;
use super::pairing;
use super::row_digest::PERSON;
use super::{Claim, Person, Store};
use crate::core::id::{PersonId, SessionId};
use crate::core::time::Millis;
use crate::session::{Stamped, meeting};

/// Counts of the data stored about a person, or of the data that was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The person's own sessions.
    pub own: usize,
    /// Mentor sessions in which they took part.
    pub meetings: usize,
    /// Answers, levels, notes and other events about them, in both kinds of session.
    pub events: usize,
    /// Lines in events about other people that contain the name. Forgetting does not change them.
    pub mentions: usize,
}

impl Trace {
    /// Formats the counts, such as `1 session with you and 2 of their own`.
    pub fn sessions(&self) -> String {
        let sessions = if self.meetings == 1 {
            "session"
        } else {
            "sessions"
        };
        format!(
            "{} {sessions} with you and {} of their own",
            self.meetings, self.own
        )
    }
}

impl Store {
    /// Counts a person's data without searching for mentions of the name.
    pub fn counts(&self, person: PersonId) -> Result<Trace, StoreError> {
        self.read(|connection| counted(connection, person))
    }

    /// Counts a person's data.
    pub fn trace(&self, person: &Person) -> Result<Trace, StoreError> {
        self.read(|connection| {
            let mut trace = counted(connection, person.id)?;
            trace.mentions = mentions(connection, person)?;
            Ok(trace)
        })
    }

    /// Removes a person's name from the file. Their sessions and seats stay under a number without a name.
    ///
    /// Returns the data that remains.
    pub fn forget(&mut self, person: &Person) -> Result<Trace, StoreError> {
        self.check_writable()?;
        let emptied = self.empty_journal()?;
        let trace = self.write(|transaction| {
            pairing::remember(transaction, &emptied)?;
            let trace = counted(transaction, person.id)?;
            unname(transaction, person.id)?;
            blank_names(transaction, person.id)?;
            Ok(trace)
        })?;
        self.scrub()?;
        self.read(|connection| {
            Ok(Trace {
                mentions: mentions(connection, person)?,
                ..trace
            })
        })
    }

    /// Erases all data of a person and overwrites it on disk: their own sessions, and their events in mentor sessions,
    /// each of which is replaced with an empty event.
    ///
    /// The questions they were asked stay, because they say nothing about the person. [`PersonId::YOU`] stays with an
    /// empty history. Returns what was deleted.
    ///
    /// # Errors
    /// [`StoreError::SessionRuns`] while another process has a session with them open, because it would store more
    /// events.
    pub fn erase(&mut self, person: &Person) -> Result<Trace, StoreError> {
        self.check_writable()?;
        // Held until the end so that no session is resumed in the meantime.
        let _claims = self.claim_all_of(person)?;
        let emptied = self.empty_journal()?;
        let trace = self.write(|transaction| {
            pairing::remember(transaction, &emptied)?;
            let id = person.id;
            let trace = counted(transaction, id)?;
            transaction.execute("UPDATE person SET erasing = 1 WHERE id = ?1", [id])?;
            blank_seats(transaction, id)?;
            for table in [
                "exposure",
                "review",
                "memory",
                "remark",
                "interview",
                "suspension",
            ] {
                transaction.execute(&format!("DELETE FROM {table} WHERE person = ?1"), [id])?;
            }
            let of_person = "session IN (SELECT key FROM session WHERE person = ?1)";
            transaction.execute(&format!("DELETE FROM exposure WHERE {of_person}"), [id])?;
            for table in [
                "event",
                "draft",
                "field_draft",
                "result",
                "attendance",
                "session_name",
                "deleted_session",
            ] {
                transaction.execute(&format!("DELETE FROM {table} WHERE {of_person}"), [id])?;
            }
            transaction.execute("DELETE FROM session WHERE person = ?1", [id])?;
            transaction.execute("UPDATE person SET erasing = 0 WHERE id = ?1", [id])?;
            if id != PersonId::YOU {
                unname(transaction, id)?;
                // A number that a seat refers to must not be reused for another person.
                let unseated =
                    "NOT EXISTS (SELECT 1 FROM attendance WHERE attendance.person = person.id)";
                transaction.execute(
                    &format!("DELETE FROM person WHERE id = ?1 AND {unseated}"),
                    [id],
                )?;
            }
            Ok(trace)
        })?;
        self.scrub()?;
        self.read(|connection| {
            Ok(Trace {
                mentions: mentions(connection, person)?,
                ..trace
            })
        })
    }

    fn claim_all_of(&self, person: &Person) -> Result<Vec<Claim>, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM session WHERE id = ?1) AND NOT EXISTS (
                       SELECT 1 FROM session LEFT JOIN attendance ON attendance.session = session.key
                       WHERE id = ?1 AND (session.person = ?2 OR attendance.person = ?2))";
        // A session that isn't stored yet may be theirs.
        let is_of_others = |id: &SessionId| {
            let found = self.read(|db| {
                Ok(db.query_row(sql, (id.as_str(), person.id), |row| row.get::<_, bool>(0))?)
            });
            found.unwrap_or(false)
        };
        self.claim_all(|id| !is_of_others(id))
            .map_err(|error| match error {
                StoreError::Claimed { pid, .. } => StoreError::SessionRuns {
                    name: person.name.to_string(),
                    pid,
                },
                error => error,
            })
    }

    /// Rewrites the file without the deleted data and empties the write-ahead log.
    ///
    /// Deleted data is overwritten when it is deleted, but copies of it may remain in unused space of pages that were
    /// split earlier. A rewritten file has no such pages. If there is no room to rewrite it, the deletion still
    /// succeeds, and the next deletion cleans up the unused space.
    fn scrub(&mut self) -> Result<(), StoreError> {
        let known = self.numbers();
        self.read(|connection| Ok(connection.execute_batch("VACUUM")?))?;
        // All pages have moved, so the pairing mark of an earlier copy of the database must no longer match.
        self.write(|transaction| pairing::remember(transaction, &known))?;
        self.empty_journal()?;
        Ok(())
    }

    /// Returns the numbers of the transactions in the files; none of an in-memory history.
    fn numbers(&self) -> Vec<[u8; 8]> {
        let identity = self.identity.as_ref();
        identity.map_or_else(Vec::new, |identity| pairing::numbers(&identity.file))
    }

    /// Moves the content of the write-ahead log into the database, and returns the numbers of the transactions in it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another process reads from it; forgetting is then impossible and has not begun.
    fn empty_journal(&self) -> Result<Vec<[u8; 8]>, StoreError> {
        let numbers = self.numbers();
        self.read(|connection| {
            let busy: bool =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if busy {
                Err(StoreError::Busy {
                    file: self.name().to_owned(),
                }
                .into())
            } else {
                Ok(numbers)
            }
        })
    }
}

pub(super) fn unname(transaction: &Transaction, person: PersonId) -> Result<(), Inside> {
    // A person's name can't begin with a control character.
    let sql = "UPDATE person SET name = 'forgotten ' || id, folded = char(1) || id, forgotten = 1 WHERE id = ?1";
    transaction.execute(sql, [person])?;
    PERSON.seal(transaction, "id = ?1", [person])?;
    Ok(())
}

fn counted(connection: &Connection, person: PersonId) -> Result<Trace, Inside> {
    let count = |sql: &str| {
        connection
            .query_row(sql, [person], |row| row.get::<_, u32>(0))
            .map(|n| n as usize)
    };
    Ok(Trace {
        own: count("SELECT count(*) FROM session WHERE person = ?1")?,
        meetings: count("SELECT count(*) FROM attendance WHERE person = ?1")?,
        events: count(
            "SELECT count(*) FROM event WHERE session IN (SELECT key FROM session WHERE person = ?1)",
        )? + about_seat(connection, person)?.len(),
        mentions: 0,
    })
}

/// The events about a person's seat in mentor sessions: session, its id, sequence, body.
fn about_seat(
    connection: &Connection,
    person: PersonId,
) -> Result<Vec<(i64, String, u32, i64)>, Inside> {
    let sql = "SELECT event.session, session.id, event.sequence, event.body ->> '$.at'
               FROM attendance JOIN session ON session.key = attendance.session
               JOIN event ON event.session = attendance.session
               WHERE attendance.person = ?1 AND session.person <> ?1 AND event.body ->> '$.seat' = attendance.seat";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([person], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Replaces each event that has a login or another name of the person with an empty one.
fn blank_names(transaction: &Transaction, person: PersonId) -> Result<(), Inside> {
    let is_name =
        "SELECT body ->> '$.what' = 'named' FROM event WHERE session = ?1 AND sequence = ?2";
    let mut named = Vec::new();
    for event in about_seat(transaction, person)? {
        if transaction.query_row(is_name, (event.0, event.2), |row| row.get(0))? {
            named.push(event);
        }
    }
    if named.is_empty() {
        return Ok(());
    }
    // Events of a finished session can be changed only while a person is erased.
    transaction.execute("UPDATE person SET erasing = 1 WHERE id = ?1", [person])?;
    blank(transaction, named)?;
    transaction.execute("UPDATE person SET erasing = 0 WHERE id = ?1", [person])?;
    Ok(())
}

/// Replaces each event about the person's seat with an empty one, so the log keeps its length and its digests.
fn blank_seats(transaction: &Transaction, person: PersonId) -> Result<(), Inside> {
    blank(transaction, about_seat(transaction, person)?)?;
    // Unsaved drafts and the names of sessions may be about them.
    for table in ["draft", "field_draft", "session_name"] {
        let seated = "session IN (SELECT session FROM attendance WHERE person = ?1)";
        transaction.execute(&format!("DELETE FROM {table} WHERE {seated}"), [person])?;
    }
    Ok(())
}

fn blank(transaction: &Transaction, events: Vec<(i64, String, u32, i64)>) -> Result<(), Inside> {
    let sql = "UPDATE event SET body = ?3, digest = ?4 WHERE session = ?1 AND sequence = ?2";
    for (key, id, sequence, at) in events {
        let body = serde_json::to_string(&Stamped {
            at: Millis(at.unsigned_abs()),
            event: meeting::Event::Erased,
        })?;
        let digest = digest(&[&id, &sequence.to_string(), &body]);
        transaction
            .prepare_cached(sql)?
            .execute((key, sequence, body, digest))?;
    }
    Ok(())
}

/// Returns the events about other people that contain the person's name as a word.
fn mentions(connection: &Connection, person: &Person) -> Result<usize, Inside> {
    let quoted = serde_json::to_string(person.name.as_str())?;
    let name = quoted.trim_matches('"').to_lowercase();
    let sql =
        "SELECT body FROM event WHERE session IN (SELECT key FROM session WHERE mode IN ('mentor', 'assigned'))
               AND (body ->> '$.text' IS NOT NULL)";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        let body = row
            .get_ref(0)?
            .as_str()
            .map_err(rusqlite::Error::from)?
            .to_lowercase();
        found += usize::from(has_word(&body, &name));
    }
    Ok(found)
}

fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + word.len()..].chars().next())
    })
}
