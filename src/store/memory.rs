//! Memories: the scheduling state of each question, derived from its reviews, and the due questions.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::error::{Inside, StoreError};
use super::row_digest::MEMORY;
use super::{Store, review::Reviewed};
use crate::core::id::{CompetencyId, DeckId, PersonId, QuestionId};
use crate::core::practice::Grade;
use crate::core::progress::Recalls;
use crate::core::reserve::stable;
use crate::core::response::Confidence;
use crate::core::schedule::{Memory, Review, Scheduler};
use crate::core::time::Day;
use crate::core::timeline::settle;
use crate::session::Mode;

/// A question that was answered before.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    pub deck: DeckId,
    pub question: QuestionId,
    pub due: Day,
    pub last: Last,
}

/// The last answer to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last {
    pub day: Day,
    /// The score, 0 to 1.
    pub score: f64,
    pub confidence: Option<Confidence>,
    pub mode: Mode,
}

/// A question and the day on which it is due.
#[derive(Clone, Copy, Debug)]
pub struct Due<'a> {
    pub deck: &'a str,
    pub question: &'a str,
    pub day: Day,
    /// The fair time of the question.
    pub seconds: u32,
}

/// The condition exactly as it is written in the indexes, so that `SQLite` uses them.
const WRONG: &str = "score < 1.0";
const SURE_AND_WRONG: &str = "score < 1.0 AND confidence = 3";
const LATEST: &str = "ORDER BY last DESC, deck DESC, question DESC";

impl Store {
    /// Calls `answered` for each question of a deck that a person has answered, ordered by name.
    pub fn each_answered(
        &self,
        person: PersonId,
        deck: &DeckId,
        mut answered: impl FnMut(&str),
    ) -> Result<(), StoreError> {
        self.read(|connection| {
            let sql =
                "SELECT question FROM memory WHERE person = ?1 AND deck = ?2 ORDER BY question";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((person, deck.as_str()))?;
            while let Some(row) = rows.next()? {
                answered(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
            }
            Ok(())
        })
    }

    /// Calls `due` for each question due on these days, the longest due first, until it returns `false`.
    ///
    /// Questions of removed decks are included, because the store doesn't know the decks.
    pub fn each_due(
        &self,
        person: PersonId,
        days: RangeInclusive<Day>,
        mut due: impl FnMut(Due) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|connection| {
            let sql = "SELECT deck, question, due, seconds FROM memory WHERE person = ?1 AND due BETWEEN ?2 AND ?3
                       ORDER BY due, deck, question";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((person, days.start(), days.end()))?;
            while let Some(row) = rows.next()? {
                let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
                let (deck, question) = (text(0)?, text(1)?);
                if !due(Due { deck, question, day: row.get(2)?, seconds: row.get(3)? }) {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Returns up to `most` questions whose last answer was not fully right, the latest first.
    pub fn wrong(&self, person: PersonId, most: u32) -> Result<Vec<Remembered>, StoreError> {
        self.remembered(&format!("AND {WRONG} {LATEST} LIMIT ?2"), (person, most))
    }

    /// Returns up to `most` questions whose last answer was not fully right, and whose last stated confidence in such an
    /// answer was sure, the latest first.
    pub fn sure_and_wrong(
        &self,
        person: PersonId,
        most: u32,
    ) -> Result<Vec<Remembered>, StoreError> {
        self.remembered(
            &format!("AND {SURE_AND_WRONG} {LATEST} LIMIT ?2"),
            (person, most),
        )
    }

    /// Returns all answered questions of a competency.
    pub fn remembered_of(
        &self,
        person: PersonId,
        competency: &CompetencyId,
    ) -> Result<Vec<Remembered>, StoreError> {
        self.remembered("AND competency = ?2", (person, competency.as_str()))
    }

    fn remembered(
        &self,
        rest: &str,
        values: impl rusqlite::Params,
    ) -> Result<Vec<Remembered>, StoreError> {
        self.read(|connection| {
            let damage = MEMORY.damage();
            let sql = format!(
                "SELECT deck, question, due, last, score, confidence, mode, {damage} FROM memory
                 WHERE person = ?1 {rest}"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement
                .query_map(values, |row| {
                    self.note_damage(row.get(7)?);
                    remembered(row)
                })?
                .collect::<Result<_, _>>()?;
            Ok(found)
        })
    }

    /// Returns the memory of one question.
    pub fn memory(
        &self,
        person: PersonId,
        deck: &DeckId,
        question: &QuestionId,
    ) -> Result<Option<(Memory, Day)>, StoreError> {
        self.read(|connection| {
            let damage = MEMORY.damage();
            let sql = format!(
                "SELECT stability, difficulty, last, reviews, lapses, due, {damage} FROM memory
                 WHERE person = ?1 AND deck = ?2 AND question = ?3"
            );
            let memory = |row: &Row| {
                self.note_damage(row.get(6)?);
                Ok((state(row)?, row.get(5)?))
            };
            let key = (person, deck.as_str(), question.as_str());
            Ok(connection
                .prepare_cached(&sql)?
                .query_row(key, memory)
                .optional()?)
        })
    }

    /// Returns how often questions were recalled, by competency.
    pub fn recalls(&self, person: PersonId) -> Result<Vec<(CompetencyId, Recalls)>, StoreError> {
        self.read(|connection| {
            let damage = MEMORY.damage();
            let sql = format!(
                "SELECT competency, sum(max(answered - 1, 0)), sum(recalled), max({damage}) FROM memory
                 WHERE person = ?1 GROUP BY competency"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let lines = statement.query_map([person], |row| {
                self.note_damage(row.get(3)?);
                let recalls = Recalls { tried: row.get(1)?, recalled: row.get(2)? };
                Ok((CompetencyId::new(row.get::<_, String>(0)?), recalls))
            })?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
    }

    /// Counts a competency's questions whose last answer was fully right, those whose last answer was fully wrong, and
    /// all its answered questions.
    pub fn right_and_wrong(
        &self,
        person: PersonId,
        competency: &CompetencyId,
    ) -> Result<(u32, u32, u32), StoreError> {
        self.read(|connection| {
            // Separate counts along the index are much faster than reading each row.
            let count = |which: &str| {
                let sql = format!(
                    "SELECT count(*) FROM memory WHERE person = ?1 AND competency = ?2 {which}"
                );
                connection
                    .prepare_cached(&sql)?
                    .query_row((person, competency.as_str()), |row| row.get(0))
            };
            Ok((
                count("AND score >= 1.0")?,
                count("AND score <= 0.0 AND answered > 0")?,
                count("AND answered > 0")?,
            ))
        })
    }
}

fn remembered(row: &Row) -> rusqlite::Result<Remembered> {
    let said: Option<u8> = row.get(5)?;
    Ok(Remembered {
        deck: DeckId::new(row.get::<_, String>(0)?),
        question: QuestionId::new(row.get::<_, String>(1)?),
        due: row.get(2)?,
        last: Last {
            day: row.get(3)?,
            score: row.get(4)?,
            confidence: said.and_then(|said| Confidence::ALL.get(usize::from(said)).copied()),
            mode: row.get(6)?,
        },
    })
}

fn state(row: &Row) -> rusqlite::Result<Memory> {
    let single = |column| row.get::<_, f64>(column).map(|value| value as f32);
    let (stability, difficulty) = (single(0)?, single(1)?);
    Ok(Memory {
        stability,
        difficulty,
        last: row.get(2)?,
        reviews: row.get(3)?,
        lapses: row.get(4)?,
    })
}

pub(super) fn interview(connection: &Connection, person: PersonId) -> Result<Option<Day>, Inside> {
    let sql = "SELECT day FROM interview WHERE person = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([person], |row| row.get(0))
        .optional()?)
}

/// A review with the values that only the last review of a question passes on to its memory.
struct Kept {
    review: Review,
    reviewed: Reviewed,
    mode: String,
    competency: String,
    seconds: u32,
}

const KEPT: &str =
    "SELECT day, grade, score, confidence, mode, competency, seconds, slot, wall, session, deck, question,
    blank FROM review";

fn kept(row: &Row) -> rusqlite::Result<Kept> {
    let (day, grade) = (row.get(0)?, row.get(1)?);
    let said: Option<u8> = row.get(3)?;
    let confidence = said.and_then(|said| Confidence::ALL.get(usize::from(said)).copied());
    let (slot, wall_ms) = (row.get::<_, u32>(7)? as usize, row.get(8)?);
    let reviewed = Reviewed {
        slot,
        wall_ms,
        day,
        grade,
        score: row.get(2)?,
        confidence,
        is_blank: row.get(12)?,
    };
    let review = Review { day, grade };
    Ok(Kept {
        review,
        reviewed,
        mode: row.get(4)?,
        competency: row.get(5)?,
        seconds: row.get(6)?,
    })
}

/// Derives the memory of one question from its reviews.
pub(super) fn remember(
    transaction: &Transaction,
    person: PersonId,
    deck: &DeckId,
    question: &QuestionId,
) -> Result<(), Inside> {
    let sql = format!(
        "{KEPT} WHERE person = ?1 AND deck = ?2 AND question = ?3 ORDER BY nth, session, slot"
    );
    let mut reviews: Vec<Kept> = transaction
        .prepare_cached(&sql)?
        .query_map((person, deck.as_str(), question.as_str()), kept)?
        .collect::<Result<_, _>>()?;
    // The newest review was dated by the current clock.
    let today = reviews.last().map_or(Day(0), |kept| kept.review.day);
    let days: Vec<Day> = reviews.iter().map(|kept| kept.review.day).collect();
    for (kept, day) in reviews.iter_mut().zip(settle(&days, today)) {
        kept.review.day = day;
    }
    let interview = interview(transaction, person)?;
    put(
        transaction,
        &Scheduler::default(),
        interview,
        (person, deck.as_str(), question.as_str()),
        &reviews,
    )
}

/// Returns the corrected days of a person's reviews, by session and slot, where the order of the reviews and `today`
/// show that the clock was wrong.
fn settled(
    transaction: &Transaction,
    person: PersonId,
    today: Day,
) -> Result<HashMap<(i64, u32), Day>, Inside> {
    let sql = "SELECT session, slot, day FROM review WHERE person = ?1 ORDER BY nth, session, slot";
    let reviews: Vec<((i64, u32), Day)> = transaction
        .prepare(sql)?
        .query_map([person], |row| {
            Ok(((row.get(0)?, row.get(1)?), row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let told: Vec<Day> = reviews.iter().map(|(_, day)| *day).collect();
    let days = settle(&told, today).into_iter().zip(reviews);
    Ok(days
        .filter(|(day, (_, told))| day != told)
        .map(|(day, (place, _))| (place, day))
        .collect())
}

/// Derives all memories again as of `today`.
pub(super) fn remember_all(transaction: &Transaction, today: Day) -> Result<(), Inside> {
    transaction.execute_batch("DELETE FROM memory")?;
    let scheduler = Scheduler::default();
    let people: Vec<PersonId> = transaction
        .prepare("SELECT DISTINCT person FROM review")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for person in people {
        let interview = interview(transaction, person)?;
        let settled = settled(transaction, person, today)?;
        let sql = format!("{KEPT} WHERE person = ?1 ORDER BY deck, question, nth, session, slot");
        let mut statement = transaction.prepare(&sql)?;
        let mut rows = statement.query([person])?;
        let mut of: Option<(String, String)> = None;
        let mut reviews = Vec::new();
        loop {
            let row = rows.next()?;
            let next = row
                .map(|row| Ok::<_, rusqlite::Error>((row.get(10)?, row.get(11)?)))
                .transpose()?;
            if next != of {
                if let Some((deck, question)) = &of {
                    put(
                        transaction,
                        &scheduler,
                        interview,
                        (person, deck, question),
                        &reviews,
                    )?;
                }
                reviews.clear();
                of = next;
            }
            let Some(row) = row else { break };
            let mut kept = kept(row)?;
            if let Some(day) = settled.get(&(row.get(9)?, row.get(7)?)) {
                kept.review.day = *day;
            }
            reviews.push(kept);
        }
    }
    Ok(())
}

fn put(
    transaction: &Transaction,
    scheduler: &Scheduler,
    interview: Option<Day>,
    (person, deck, question): (PersonId, &str, &str),
    reviews: &[Kept],
) -> Result<(), Inside> {
    let folded: Vec<Review> = reviews.iter().map(|kept| kept.review).collect();
    let (Some(memory), Some(last)) = (scheduler.fold(&folded), reviews.last()) else {
        // The only review was taken back.
        let sql = "DELETE FROM memory WHERE person = ?1 AND deck = ?2 AND question = ?3";
        transaction
            .prepare_cached(sql)?
            .execute((person, deck, question))?;
        return Ok(());
    };
    let answered = || reviews.iter().filter(|kept| !kept.reviewed.is_blank);
    let recalled = answered()
        .skip(1)
        .filter(|kept| kept.review.grade != Grade::Again)
        .count();
    let due = scheduler.due(&memory, interview, stable(deck, question));
    // Repeating a mistake without a stated confidence doesn't show that the person has become less sure of it.
    let said = last.reviewed.confidence.or_else(|| {
        let mistakes = reviews.iter().rev().map(|kept| &kept.reviewed);
        mistakes
            .take_while(|mistake| mistake.score < 1.0 && !mistake.is_blank)
            .find_map(|mistake| mistake.confidence)
    });
    let sql =
        "INSERT OR REPLACE INTO memory (person, deck, question, due, stability, difficulty, last, reviews, lapses,
                   recalled, score, confidence, mode, competency, seconds, answered)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
    transaction.prepare_cached(sql)?.execute(rusqlite::params![
        person,
        deck,
        question,
        due,
        f64::from(memory.stability),
        f64::from(memory.difficulty),
        memory.last,
        memory.reviews,
        memory.lapses,
        recalled as i64,
        last.reviewed.score,
        said.map(|said| said as u8),
        last.mode,
        last.competency,
        last.seconds,
        answered().count() as i64,
    ])?;
    MEMORY.seal(
        transaction,
        "person = ?1 AND deck = ?2 AND question = ?3",
        (person, deck, question),
    )?;
    Ok(())
}

/// Sets the due days of a person's questions for an interview on this day.
pub(super) fn aim(
    transaction: &Transaction,
    person: PersonId,
    interview: Option<Day>,
) -> Result<(), Inside> {
    // A damaged row keeps its digest, which shows the damage.
    let sql = format!(
        "SELECT stability, difficulty, last, reviews, lapses, due, deck, question FROM memory
         WHERE person = ?1 AND (digest IS NULL OR digest = {})",
        MEMORY.digest()
    );
    let mut changed: Vec<(Day, String, String)> = Vec::new();
    {
        let scheduler = Scheduler::default();
        let mut statement = transaction.prepare(&sql)?;
        let mut rows = statement.query([person])?;
        while let Some(row) = rows.next()? {
            let (deck, question): (String, String) = (row.get(6)?, row.get(7)?);
            let due = scheduler.due(&state(row)?, interview, stable(&deck, &question));
            if due != row.get(5)? {
                changed.push((due, deck, question));
            }
        }
    }
    let sql = "UPDATE memory SET due = ?2 WHERE person = ?1 AND deck = ?3 AND question = ?4";
    let mut update = transaction.prepare_cached(sql)?;
    for (due, deck, question) in changed {
        update.execute((person, due, &deck, &question))?;
        MEMORY.seal(
            transaction,
            "person = ?1 AND deck = ?2 AND question = ?3",
            (person, deck, question),
        )?;
    }
    Ok(())
}
