//! Remarks: a person's latest note, dispute and flag on each question.

use rusqlite::{OptionalExtension, Row, Transaction};

use super::Store;
use super::error::{Inside, StoreError};
use super::exposure::asked;
use super::row_digest::{REMARK, SUSPENSION};
use crate::core::id::{DeckId, PersonId, QuestionId, SessionId};
use crate::core::text::Text;

/// A remark on a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub deck: DeckId,
    pub question: QuestionId,
    pub text: Text,
    /// The timestamp of the last change, in Unix milliseconds.
    pub wall_ms: i64,
}

impl Store {
    /// Returns a person's latest note on a question if it was written in another session than this one.
    pub fn earlier_note(
        &self,
        person: PersonId,
        deck: &DeckId,
        question: &QuestionId,
        session: &SessionId,
    ) -> Result<Option<Remark>, StoreError> {
        self.read(|connection| {
            let damage = REMARK.damage();
            let sql = format!(
                "SELECT remark.text, remark.wall, {damage} FROM remark JOIN session ON session.key = remark.session
                 WHERE remark.person = ?1 AND kind = 'note' AND deck = ?2 AND question = ?3 AND session.id <> ?4"
            );
            let remark = |row: &Row| {
                self.note_damage(row.get(2)?);
                let text = Text::new(&row.get::<_, String>(0)?);
                Ok(Remark { deck: deck.clone(), question: question.clone(), text, wall_ms: row.get(1)? })
            };
            let named = (person, deck.as_str(), question.as_str(), session.as_str());
            Ok(connection.prepare_cached(&sql)?.query_row(named, remark).optional()?)
        })
    }

    /// Returns the questions that a person disputes, with their reasons.
    pub fn disputes(&self, person: PersonId) -> Result<Vec<Remark>, StoreError> {
        self.remarks_of_kind(person, "dispute")
    }

    /// Returns the questions that a person has flagged.
    pub fn flagged(&self, person: PersonId) -> Result<Vec<Remark>, StoreError> {
        self.remarks_of_kind(person, "flag")
    }

    fn remarks_of_kind(&self, person: PersonId, kind: &str) -> Result<Vec<Remark>, StoreError> {
        self.read(|connection| {
            let damage = REMARK.damage();
            let sql = format!(
                "SELECT deck, question, text, wall, {damage} FROM remark WHERE person = ?1 AND kind = ?2
                 ORDER BY deck, question"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let remarks = statement
                .query_map((person, kind), |row| {
                    self.note_damage(row.get(4)?);
                    let (deck, question) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                    let text = Text::new(&row.get::<_, String>(2)?);
                    let (deck, question) = (DeckId::new(deck), QuestionId::new(question));
                    Ok(Remark {
                        deck,
                        question,
                        text,
                        wall_ms: row.get(3)?,
                    })
                })?
                .collect::<Result<_, _>>()?;
            Ok(remarks)
        })
    }
}

impl Store {
    /// Returns the questions that practice does not ask a person: the suspended and the disputed ones.
    pub fn suspended(&self, person: PersonId) -> Result<Vec<(DeckId, QuestionId)>, StoreError> {
        self.read(|connection| {
            let (suspended, disputed) = (SUSPENSION.damage(), REMARK.damage());
            let sql = format!(
                "SELECT deck, question, {suspended} FROM suspension WHERE person = ?1 AND state = 1
                 UNION SELECT deck, question, {disputed} FROM remark WHERE person = ?1 AND kind = 'dispute' AND NOT EXISTS (
                     SELECT 1 FROM suspension WHERE suspension.person = remark.person AND state = 0
                         AND suspension.deck = remark.deck AND suspension.question = remark.question)"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let names = statement.query_map([person], |row| {
                self.note_damage(row.get(2)?);
                Ok((DeckId::new(row.get::<_, String>(0)?), QuestionId::new(row.get::<_, String>(1)?)))
            })?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }
}

/// Stores that practice suspends a question or resumes asking it.
pub(super) fn suspend(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
    on: bool,
) -> Result<(), Inside> {
    let asked = asked(transaction, session, key, slot)?;
    let sql = "INSERT INTO suspension (person, deck, question, state, session) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (person, deck, question) DO UPDATE SET state = excluded.state, session = excluded.session";
    let (deck, question) = (asked.item.deck.as_str(), asked.item.question.as_str());
    transaction
        .prepare_cached(sql)?
        .execute((asked.person, deck, question, on, key))?;
    SUSPENSION.seal(
        transaction,
        "person = ?1 AND deck = ?2 AND question = ?3",
        (asked.person, deck, question),
    )?;
    Ok(())
}

/// Stores a remark, replacing the previous one; an empty remark deletes it.
pub(super) fn record(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
    kind: &str,
    text: &str,
    wall_ms: i64,
) -> Result<(), Inside> {
    let asked = asked(transaction, session, key, slot)?;
    let question = (
        asked.person,
        kind,
        asked.item.deck.as_str(),
        asked.item.question.as_str(),
    );
    if text.is_empty() {
        let sql =
            "DELETE FROM remark WHERE person = ?1 AND kind = ?2 AND deck = ?3 AND question = ?4";
        transaction.prepare_cached(sql)?.execute(question)?;
        return Ok(());
    }
    let (person, kind, deck, question) = question;
    if kind == "dispute" {
        // A new dispute suspends the question, even if it was resumed after an earlier dispute.
        let sql = "DELETE FROM suspension WHERE person = ?1 AND deck = ?2 AND question = ?3 AND state = 0";
        transaction
            .prepare_cached(sql)?
            .execute((person, deck, question))?;
    }
    let sql =
        "INSERT INTO remark (person, kind, deck, question, text, wall, session) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (person, kind, deck, question) DO UPDATE SET
                   text = excluded.text, wall = excluded.wall, session = excluded.session";
    transaction
        .prepare_cached(sql)?
        .execute((person, kind, deck, question, text, wall_ms, key))?;
    REMARK.seal(
        transaction,
        "person = ?1 AND kind = ?2 AND deck = ?3 AND question = ?4",
        (person, kind, deck, question),
    )?;
    Ok(())
}
