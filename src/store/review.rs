//! Reviews: graded answers from practice and from finished assessments. They are derived from the events.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::error::{Inside, StoreError};
use super::exposure::{Asked, asked};
use super::row_digest::REVIEW;
use super::session::{key, next_turn};
use super::{Entry, Follows, Store, StoredEvent, memory, remark};
use crate::core::id::{PersonId, SessionId};
use crate::core::practice::Grade;
use crate::core::response::Confidence;
use crate::core::schedule;
use crate::core::time::Day;
use crate::session::Event;

/// The version of the derivation; incremented when the same events no longer give the same reviews.
const VERSION: u32 = 2;

/// A graded answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reviewed {
    /// The slot of the question in its session.
    pub slot: usize,
    /// Unix milliseconds.
    pub wall_ms: i64,
    pub day: Day,
    pub grade: Grade,
    /// The score, 0 to 1.
    pub score: f64,
    pub confidence: Option<Confidence>,
    /// True for a question of an assessment that was left without an answer.
    pub is_blank: bool,
}

/// The tables that have to be derived again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Nothing.
    Whole,
    /// Memories from reviews, because the scheduler has changed.
    Reviews,
    /// Reviews and remarks from events, and memories from reviews.
    Nothing,
}

/// The practice data of a session, read from its events.
#[derive(Clone, Debug)]
pub struct History {
    pub session: SessionId,
    pub reviews: Vec<Reviewed>,
    /// Its events, or only its remarks on questions.
    pub log: Vec<StoredEvent>,
}

/// Marks an empty history as derived by this version, so that its first start writes nothing.
pub(super) fn mark_derived(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "UPDATE derived SET reviews = ?1, scheduler = ?2";
    connection
        .execute(sql, (VERSION, schedule::VERSION))
        .map(drop)
}

impl Store {
    /// How much of the practice data was derived by this version.
    pub fn derived(&self) -> Result<Derived, StoreError> {
        self.read(|connection| {
            let sql = "SELECT reviews, scheduler FROM derived";
            let found = connection
                .prepare_cached(sql)?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            Ok(match found {
                Some((VERSION, schedule::VERSION)) => Derived::Whole,
                Some((VERSION, _)) => Derived::Reviews,
                _ => Derived::Nothing,
            })
        })
    }

    /// Derives all memories again as of `today`, in one transaction. With `sessions`, it also replaces the reviews and
    /// remarks with those derived from each session's events.
    pub fn derive(&mut self, sessions: Option<&[History]>, today: Day) -> Result<(), StoreError> {
        self.write(|transaction| {
            if let Some(sessions) = sessions {
                transaction.execute_batch("DELETE FROM review; DELETE FROM remark; DELETE FROM suspension;")?;
                let mut said = Vec::new();
                for History { session, reviews, log } in sessions {
                    let key = key(transaction, session)?;
                    for reviewed in reviews {
                        put(transaction, &asked(transaction, session, key, reviewed.slot)?, key, reviewed)?;
                    }
                    said.extend(log.iter().map(|logged| (session, key, logged)));
                }
                // The latest remark on a question may come from an early session.
                said.sort_by_key(|(.., logged)| logged.wall_ms);
                for (session, key, logged) in said {
                    match logged.stamped.event.follows() {
                        Some(Follows::Remark { slot, kind, text }) => {
                            remark::record(transaction, session, key, slot, kind, text, logged.wall_ms)?;
                        }
                        Some(Follows::Suspension { slot, on }) => {
                            remark::suspend(transaction, session, key, slot, on)?;
                        }
                        _ => {}
                    }
                }
            }
            memory::remember_all(transaction, today)?;
            let sql = "INSERT OR REPLACE INTO derived (one, reviews, scheduler, day, ahead) VALUES (1, ?1, ?2, ?3, ?4)";
            transaction.execute(sql, (VERSION, schedule::VERSION, today, ahead(transaction, today)?))?;
            Ok(())
        })
    }

    /// Derives memories again if the clock turns out to have been wrong when they were derived: the set of reviews
    /// dated after `today` has changed. Returns true if it did.
    pub fn heed_clock(&mut self, today: Day) -> Result<bool, StoreError> {
        let is_known = self.read(|connection| {
            let sql = "SELECT day, ahead FROM derived";
            let (day, known): (Day, i64) = connection
                .prepare_cached(sql)?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            // Reviews without a reliable day were put on the current day of the clock.
            Ok(ahead(connection, today)? == known && (known == 0 || day <= today))
        })?;
        if !is_known {
            self.derive(None, today)?;
        }
        Ok(!is_known)
    }

    /// Returns how many questions a person met for the first time on a day, in practice.
    pub fn count_new(&self, person: PersonId, day: Day) -> Result<usize, StoreError> {
        self.read(|connection| {
            let sql =
                "SELECT count(*) FROM review WHERE person = ?1 AND day = ?2 AND mode = 'practise' AND NOT EXISTS (
                           SELECT 1 FROM review AS earlier WHERE earlier.person = review.person
                               AND earlier.deck = review.deck AND earlier.question = review.question
                               AND earlier.nth < review.nth)";
            Ok(connection.prepare_cached(sql)?.query_row((person, day), |row| row.get::<_, u32>(0))? as usize)
        })
    }

    /// Returns how many questions a person answered for the first time from this day on.
    pub fn count_new_since(&self, person: PersonId, from: Day) -> Result<usize, StoreError> {
        self.read(|connection| {
            let sql =
                "SELECT count(*) FROM (SELECT DISTINCT deck, question FROM review WHERE person = ?1 AND day >= ?2) AS new
                 WHERE NOT EXISTS (
                     SELECT 1 FROM review AS earlier WHERE earlier.person = ?1 AND earlier.day < ?2
                         AND earlier.deck = new.deck AND earlier.question = new.question)";
            Ok(connection.prepare_cached(sql)?.query_row((person, from), |row| row.get::<_, u32>(0))? as usize)
        })
    }

    /// Returns how many sessions are dated after `wall_ms`, and the latest of these timestamps in Unix milliseconds.
    pub fn sessions_after(&self, wall_ms: i64) -> Result<Option<(usize, i64)>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT count(*), max(latest) FROM
                           (SELECT max(started_at, coalesce(finished_at, started_at)) AS latest FROM session)
                       WHERE latest > ?1";
            let found = connection
                .prepare_cached(sql)?
                .query_row([wall_ms], |row| Ok((row.get::<_, u32>(0)? as usize, row.get::<_, Option<i64>>(1)?)))?;
            Ok(found.1.map(|latest| (found.0, latest)))
        })
    }
}

/// Returns how many reviews are dated after `today`.
fn ahead(connection: &Connection, today: Day) -> Result<i64, Inside> {
    // One index lookup per person.
    let sql = "SELECT count(*) FROM person CROSS JOIN review ON review.person = person.id AND review.day > ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([today], |row| row.get(0))?)
}

/// Builds the review of an answer that was just graded.
pub(super) fn graded<E>(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
    grade: Grade,
    logged: &StoredEvent<E>,
) -> Result<(), Inside> {
    let sql = "SELECT body FROM event WHERE session = ?1 AND body ->> '$.what' = 'confident' AND body ->> '$.slot' = ?2
               ORDER BY sequence DESC LIMIT 1";
    let said: Option<String> = transaction
        .prepare_cached(sql)?
        .query_row((key, slot as i64), |row| row.get(0))
        .optional()?;
    let confidence = match said
        .map(|body| serde_json::from_str::<crate::session::Stamped>(&body))
        .transpose()?
    {
        Some(crate::session::Stamped {
            event: Event::Confident { confidence, .. },
            ..
        }) => confidence,
        _ => None,
    };
    let score = logged.score.unwrap_or(match grade {
        Grade::Again => 0.0,
        Grade::Hard => 0.5,
        Grade::Good | Grade::Easy => 1.0,
    });
    let reviewed = Reviewed {
        slot,
        wall_ms: logged.wall_ms,
        day: logged.day,
        grade,
        score,
        confidence,
        is_blank: false,
    };
    record(transaction, session, key, &reviewed)
}

/// Stores a review and updates the memory of its question.
pub(super) fn record(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    reviewed: &Reviewed,
) -> Result<(), Inside> {
    let asked = asked(transaction, session, key, reviewed.slot)?;
    put(transaction, &asked, key, reviewed)?;
    memory::remember(
        transaction,
        asked.person,
        &asked.item.deck,
        &asked.item.question,
    )
}

/// Deletes the review of an answer and updates the memory of its question.
pub(super) fn take_back(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
) -> Result<(), Inside> {
    let Asked { person, item, .. } = asked(transaction, session, key, slot)?;
    let sql = "DELETE FROM review WHERE person = ?1 AND deck = ?2 AND question = ?3 AND session = ?4 AND slot = ?5";
    let row = (
        person,
        item.deck.as_str(),
        item.question.as_str(),
        key,
        slot as i64,
    );
    transaction.prepare_cached(sql)?.execute(row)?;
    memory::remember(transaction, person, &item.deck, &item.question)
}

fn put(
    transaction: &Transaction,
    asked: &Asked,
    key: i64,
    reviewed: &Reviewed,
) -> Result<(), Inside> {
    let Asked { person, mode, item } = asked;
    let sql =
        "INSERT INTO review (person, deck, question, session, slot, wall, day, grade, score, confidence,
                   mode, competency, seconds, nth, blank)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (person, deck, question, session, slot) DO UPDATE SET wall = excluded.wall,
                   day = excluded.day, grade = excluded.grade, score = excluded.score, confidence = excluded.confidence,
                   blank = excluded.blank";
    transaction.prepare_cached(sql)?.execute(rusqlite::params![
        person,
        item.deck.as_str(),
        item.question.as_str(),
        key,
        reviewed.slot as i64,
        reviewed.wall_ms,
        reviewed.day,
        reviewed.grade,
        reviewed.score,
        reviewed.confidence.map(|said| said as u8),
        mode,
        item.competency.as_str(),
        item.seconds,
        next_turn(transaction)?,
        reviewed.is_blank,
    ])?;
    REVIEW.seal(
        transaction,
        "person = ?1 AND deck = ?2 AND question = ?3 AND session = ?4 AND slot = ?5",
        (
            person,
            item.deck.as_str(),
            item.question.as_str(),
            key,
            reviewed.slot as i64,
        ),
    )?;
    Ok(())
}

impl Store {
    /// Returns the interview day on which a person's due days are based.
    pub fn interview(&self, person: PersonId) -> Result<Option<Day>, StoreError> {
        self.read(|connection| memory::interview(connection, person))
    }

    /// Bases a person's due days on an interview day, or on none; does nothing if they already are.
    pub fn aim(&mut self, person: PersonId, interview: Option<Day>) -> Result<(), StoreError> {
        if self.interview(person)? == interview {
            return Ok(());
        }
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM interview WHERE person = ?1")?
                .execute([person])?;
            if let Some(day) = interview {
                let sql = "INSERT INTO interview (person, day) VALUES (?1, ?2)";
                transaction.prepare_cached(sql)?.execute((person, day))?;
            }
            memory::aim(transaction, person, interview)
        })
    }
}

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i32::column_result(value).map(Day)
    }
}

impl ToSql for Grade {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

impl FromSql for Grade {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Grade::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
