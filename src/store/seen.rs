//! The questions that a person has seen, newest first, with the last answer to each.

use std::collections::HashSet;

use rusqlite::{CachedStatement, Connection, Row};

use super::Store;
use super::error::{Inside, StoreError};
use super::exposure::asked;
use super::row_digest::REMARK;
use super::session::key;
use crate::core::form::Item;
use crate::core::id::{DeckId, Fingerprint, PersonId, QuestionId, SessionId};
use crate::core::question;
use crate::core::response::Confidence;
use crate::core::seen::{LastAnswer, SeenFilter};

/// A question that a person has seen, and may see with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenRow {
    pub deck: DeckId,
    pub question: QuestionId,
    /// The row of a numeric question that was shown last.
    pub row: question::Row,
    pub fingerprint: Fingerprint,
    /// The timestamp of its latest showing, in Unix milliseconds.
    pub wall_ms: i64,
    /// The session that asked it last, as far as its key may be shown.
    pub session: SessionId,
    /// Its slot there, if it was graded.
    pub slot: Option<usize>,
    /// The latest answer; `None` if the question was left blank then, or the answer has no score.
    pub last: Option<LastAnswer>,
}

/// The note, dispute and flag of a person on a question: kind, text, and Unix milliseconds.
pub type RemarkOnQuestion = (String, String, i64);

/// The columns of a [`SeenRow`]. A question whose answer is still open in an assessment is left out, because its key
/// would be shown.
const SEEN: &str = "seen.deck, seen.question, seen.row, seen.fingerprint, seen.wall,
        coalesce(asked.id, shown.id), review.slot, review.score, review.confidence, coalesce(review.blank, 1)";
const JOINED: &str = "JOIN session AS shown ON shown.key = seen.session
    LEFT JOIN review ON review.person = seen.person AND review.deck = seen.deck AND review.question = seen.question
        AND review.nth = (SELECT max(nth) FROM review AS last WHERE last.person = seen.person
            AND last.deck = seen.deck AND last.question = seen.question)
    LEFT JOIN session AS asked ON asked.key = review.session
    WHERE seen.person = ?1
        AND (asked.key IS NOT NULL OR shown.state = 'finished' AND shown.mode IN ('assess', 'practise'))
    ORDER BY seen.nth DESC";

/// Returns the query for the questions of a person. Where few questions can match, an index leads to them.
fn query(filter: SeenFilter) -> String {
    let (first, holds) = match filter {
        SeenFilter::Noted | SeenFilter::Flagged | SeenFilter::Disputed => {
            let kind = filter.remark().unwrap_or_default();
            ("remark", format!("kind = '{kind}'"))
        }
        SeenFilter::Wrong => ("memory", "score < 1.0".to_owned()),
        SeenFilter::SureAndWrong => ("memory", "score < 1.0 AND confidence = 3".to_owned()),
        _ => {
            let from = "exposure AS seen INDEXED BY exposure_in_order";
            return format!("SELECT {SEEN} FROM {from} {JOINED}");
        }
    };
    format!(
        "SELECT {SEEN} FROM (SELECT deck AS first_deck, question AS first_question FROM {first} WHERE person = ?1 AND {holds})
         CROSS JOIN exposure AS seen ON seen.person = ?1 AND seen.deck = first_deck AND seen.question = first_question
         {JOINED}"
    )
}

/// Decides by the text of a question whether it is listed.
pub type Matches<'a> = &'a mut dyn FnMut(&SeenRow, &str) -> bool;

impl Store {
    /// Returns the first `limit` questions that the person has seen and that match, the latest one first, and whether
    /// there are more. If there is a `matches`, it also decides, by the text of the question.
    pub fn seen_questions(
        &self,
        person: PersonId,
        filter: SeenFilter,
        limit: usize,
        mut matches: Option<Matches<'_>>,
    ) -> Result<(Vec<SeenRow>, bool), StoreError> {
        self.read(|connection| {
            let mut sources =
                connection.prepare_cached("SELECT source FROM question WHERE fingerprint = ?1")?;
            let mut statement = connection.prepare_cached(&query(filter))?;
            let mut rows = statement.query([person])?;
            let (mut found, mut names) = (Vec::new(), HashSet::new());
            while let Some(row) = rows.next()? {
                let last = last_answer(row)?;
                if !filter.lists(last) {
                    continue;
                }
                let seen = seen_row(row, last)?;
                let is_match = match &mut matches {
                    Some(matches) => has_source(&mut sources, &seen, matches)?,
                    None => true,
                };
                // A question is listed once, whatever its versions and rows.
                if !is_match || !names.insert((seen.deck.clone(), seen.question.clone())) {
                    continue;
                }
                if found.len() == limit {
                    return Ok((found, true));
                }
                found.push(seen);
            }
            Ok((found, false))
        })
    }

    /// Returns the question at a slot of a session.
    ///
    /// # Errors
    /// There is no such session or question.
    pub fn item(&self, session: &SessionId, slot: usize) -> Result<Item, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            Ok(asked(connection, session, key, slot)?.item)
        })
    }

    /// Returns a person's remarks on one question.
    pub fn remarks_on(
        &self,
        person: PersonId,
        deck: &DeckId,
        question: &QuestionId,
    ) -> Result<Vec<RemarkOnQuestion>, StoreError> {
        self.read(|connection| {
            let damage = REMARK.damage();
            let sql = format!(
                "SELECT kind, text, wall, {damage} FROM remark WHERE person = ?1 AND kind IN ('note', 'dispute', 'flag')
                     AND deck = ?2 AND question = ?3"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let remarks = statement.query_map((person, deck.as_str(), question.as_str()), |row| {
                self.note_damage(row.get(3)?);
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
            Ok(remarks.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the questions on which a person wrote a note or a reason for a dispute, with the text.
    pub fn written_remarks(
        &self,
        person: PersonId,
    ) -> Result<Vec<(DeckId, QuestionId, String)>, StoreError> {
        self.read(|connection| written(connection, person))
    }
}

fn written(
    connection: &Connection,
    person: PersonId,
) -> Result<Vec<(DeckId, QuestionId, String)>, Inside> {
    let sql =
        "SELECT deck, question, text FROM remark WHERE person = ?1 AND kind IN ('note', 'dispute')";
    let mut statement = connection.prepare_cached(sql)?;
    let remarks = statement.query_map([person], |row| {
        let (deck, question) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        Ok((DeckId::new(deck), QuestionId::new(question), row.get(2)?))
    })?;
    Ok(remarks.collect::<Result<_, _>>()?)
}

/// Returns true if the text of a question matches; a question whose text is missing doesn't.
fn has_source(
    sources: &mut CachedStatement,
    seen: &SeenRow,
    matches: Matches<'_>,
) -> Result<bool, Inside> {
    let mut rows = sources.query([seen.fingerprint.bytes()])?;
    let Some(row) = rows.next()? else {
        return Ok(false);
    };
    let source = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(matches(seen, source))
}

fn last_answer(row: &Row) -> rusqlite::Result<Option<LastAnswer>> {
    if row.get(9)? {
        return Ok(None);
    }
    let confidence: Option<usize> = row.get::<_, Option<u8>>(8)?.map(usize::from);
    Ok(Some(LastAnswer {
        score: row.get(7)?,
        confidence: confidence.and_then(|said| Confidence::ALL.get(said).copied()),
    }))
}

fn seen_row(row: &Row, last: Option<LastAnswer>) -> rusqlite::Result<SeenRow> {
    Ok(SeenRow {
        deck: DeckId::new(row.get::<_, String>(0)?),
        question: QuestionId::new(row.get::<_, String>(1)?),
        row: question::Row(row.get(2)?),
        fingerprint: Fingerprint::from(row.get::<_, [u8; 16]>(3)?),
        wall_ms: row.get(4)?,
        session: SessionId::new(row.get::<_, String>(5)?),
        slot: row.get::<_, Option<u32>>(6)?.map(|slot| slot as usize),
        last,
    })
}
