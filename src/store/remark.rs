//! Remarks: what a person said of a question, the latest of each kind.

use rusqlite::Transaction;

use super::error::{Inside, StoreError};
use super::exposure::asked;
use super::{Logged, Store};
use crate::core::id::{DeckId, PersonId, QuestionId, SessionId};
use crate::core::text::Text;
use crate::session::Event;

/// A remark on a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub deck: DeckId,
    pub question: QuestionId,
    pub text: Text,
    /// When it was last changed, in Unix milliseconds.
    pub wall_ms: i64,
}

/// All that a person said of one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remarks {
    /// A private note.
    pub note: Option<Text>,
    /// Why the question is held to be wrong.
    pub dispute: Option<Text>,
    pub flagged: bool,
}

impl Store {
    /// What a person said of a question, in whatever session.
    pub fn remarks(&self, person: PersonId, deck: &DeckId, question: &QuestionId) -> Result<Remarks, StoreError> {
        self.read(|connection| {
            let sql = "SELECT kind, text FROM remark WHERE person = ?1 AND deck = ?2 AND question = ?3
                       AND kind IN ('note', 'dispute', 'flag')";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query((person, deck.as_str(), question.as_str()))?;
            let mut remarks = Remarks::default();
            while let Some(row) = rows.next()? {
                let text = Text::new(&row.get::<_, String>(1)?);
                match row.get::<_, String>(0)?.as_str() {
                    "note" => remarks.note = Some(text),
                    "dispute" => remarks.dispute = Some(text),
                    _ => remarks.flagged = true,
                }
            }
            Ok(remarks)
        })
    }

    /// The questions that a person holds to be wrong, and why.
    pub fn disputes(&self, person: PersonId) -> Result<Vec<Remark>, StoreError> {
        self.remarks_of_kind(person, "dispute")
    }

    /// The questions that a person has flagged.
    pub fn flagged(&self, person: PersonId) -> Result<Vec<Remark>, StoreError> {
        self.remarks_of_kind(person, "flag")
    }

    fn remarks_of_kind(&self, person: PersonId, kind: &str) -> Result<Vec<Remark>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT deck, question, text, wall FROM remark WHERE person = ?1 AND kind = ?2
                       ORDER BY deck, question";
            let mut statement = connection.prepare_cached(sql)?;
            let remarks = statement
                .query_map((person, kind), |row| {
                    let (deck, question) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                    let text = Text::new(&row.get::<_, String>(2)?);
                    let (deck, question) = (DeckId::new(deck), QuestionId::new(question));
                    Ok(Remark { deck, question, text, wall_ms: row.get(3)? })
                })?
                .collect::<Result<_, _>>()?;
            Ok(remarks)
        })
    }
}

/// The place of the question that an event remarks on.
pub(super) fn slot(event: &Event) -> Option<usize> {
    match event {
        Event::Noted { slot, .. } | Event::Disputed { slot, .. } | Event::Flagged { slot, .. } => Some(*slot),
        _ => None,
    }
}

/// Keeps a remark in the place of the one before; an empty one takes it away.
pub(super) fn record(
    transaction: &Transaction,
    session: &SessionId,
    key: i64,
    slot: usize,
    logged: &Logged,
) -> Result<(), Inside> {
    let (kind, text) = match &logged.stamped.event {
        Event::Noted { text, .. } => ("note", text.trim()),
        Event::Disputed { reason, .. } => ("dispute", reason.trim()),
        Event::Flagged { on, .. } => ("flag", if *on { "flagged" } else { "" }),
        _ => return Ok(()),
    };
    let asked = asked(transaction, session, key, slot)?;
    let question = (asked.person, kind, asked.item.deck.as_str(), asked.item.question.as_str());
    if text.is_empty() {
        let sql = "DELETE FROM remark WHERE person = ?1 AND kind = ?2 AND deck = ?3 AND question = ?4";
        transaction.prepare_cached(sql)?.execute(question)?;
        return Ok(());
    }
    let (person, kind, deck, question) = question;
    let sql =
        "INSERT INTO remark (person, kind, deck, question, text, wall, session) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (person, kind, deck, question) DO UPDATE SET
                   text = excluded.text, wall = excluded.wall, session = excluded.session";
    transaction.prepare_cached(sql)?.execute((person, kind, deck, question, text, logged.wall_ms, key))?;
    Ok(())
}
