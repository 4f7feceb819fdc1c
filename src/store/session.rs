//! Sessions: their fixed start, their state and their results.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use serde::{Deserialize, Serialize};

use super::error::{Inside, StoreError};
use super::log::digest;
use super::review::{self, Reviewed};
use super::row_digest::SESSION;
use super::{Store, manage, meeting};
use crate::core::form::Form;
use crate::core::id::{DeckId, Fingerprint, PersonId, QuestionId, SessionId};
use crate::core::text::Text;
use crate::core::time::{Day, Limit, Multiplier};
use crate::session::Mode;

/// The properties of a session that are known at its start and never change.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSession {
    /// The session's id. Ids sort by start time; letters, digits and hyphens, at most 64.
    pub id: SessionId,
    pub person: PersonId,
    pub mode: Mode,
    /// Unix milliseconds.
    pub started_at: i64,
    pub form: Form,
    pub limit: Limit,
    pub multiplier: Multiplier,
    /// Additional data for resuming the session, in a format defined by the shell.
    pub setup: String,
}

/// The part of a session's start that is stored as one JSON text.
#[derive(Serialize, Deserialize)]
struct Start<F, S> {
    form: F,
    limit: Limit,
    multiplier: Multiplier,
    setup: S,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredSession {
    pub start: NewSession,
    pub state: State,
    /// Unix milliseconds; also set for a discarded session.
    pub finished_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Finished,
    Discarded,
}

/// An entry of the list of sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    pub id: SessionId,
    pub mode: Mode,
    pub state: State,
    /// Unix milliseconds.
    pub started_at: i64,
    pub finished_at: Option<i64>,
    /// The newest of its results.
    pub result: Option<String>,
    /// The stored result is damaged and has to be computed again from the events.
    pub is_damaged: bool,
    /// The name that the person gave to it.
    pub name: Option<Text>,
    /// True if it was deleted after it was finished; its state is then [`State::Discarded`].
    pub is_deleted: bool,
}

/// The scores of a session, derived from its events by one version of the scoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Unix milliseconds.
    pub scored_at: i64,
    pub version: u32,
    /// JSON.
    pub body: String,
}

/// A question as it was in its deck when it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub deck: DeckId,
    pub question: QuestionId,
    pub text: String,
}

/// The time for which a discarded session can be restored, in milliseconds: 30 days.
pub const RESTORABLE_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The SQL condition for sessions with any activity, such as an answer or a draft. Others are not offered for resuming.
const TOUCHED: &str = "(mode = 'mentor' OR EXISTS (SELECT 1 FROM draft WHERE draft.session = session.key)
    OR EXISTS (SELECT 1 FROM event WHERE event.session = session.key AND event.body ->> '$.what' IN
        ('rated', 'answered', 'flagged', 'rubric-rated', 'noted', 'revealed', 'disputed', 'suspended', 'paused')))";

/// Returns the condition of [`Store::past`], in which `?2` is the first moment whose discarded sessions can be restored.
fn is_past() -> String {
    format!(
        "(state = 'finished' AND mode IN ('assess', 'mentor')
          OR {TOUCHED} AND (state = 'open' OR state = 'discarded' AND finished_at >= ?2))"
    )
}

const LISTED: &str = "SELECT id, mode, state, started_at, finished_at,
    result.body, result.digest, result.scored_at, result.version, session_name.name,
    EXISTS (SELECT 1 FROM deleted_session WHERE deleted_session.session = session.key)
    FROM session LEFT JOIN session_name ON session_name.session = session.key LEFT JOIN result ON result.key =
        (SELECT key FROM result WHERE result.session = session.key ORDER BY scored_at DESC, version DESC LIMIT 1)
    WHERE person = ?1";

/// The sessions whose newest result is of an earlier version. It reads the index of the results, because the rows of
/// sessions are long, and each start asks.
pub(super) const SCORED_BEFORE: &str = "SELECT id FROM session WHERE key IN (SELECT session FROM result GROUP BY session HAVING max(version) < ?1) ORDER BY id";

impl Store {
    /// Starts a session and stores the sources of its questions, in one transaction.
    ///
    /// Starting the same session again changes nothing, so the call may be repeated after an error.
    ///
    /// # Errors
    /// [`StoreError::SessionTaken`] if another session has its id.
    pub fn start(
        &mut self,
        session: &NewSession,
        sources: &[(Fingerprint, DeckId, QuestionId, &str)],
    ) -> Result<(), StoreError> {
        let id = checked(&session.id)?;
        self.write(|transaction| {
            let NewSession { form, limit, multiplier, setup, .. } = session;
            let start = serde_json::to_string(&Start { form, limit: *limit, multiplier: *multiplier, setup })?;
            let digest = digest(&[id, &start]);
            let sql =
                "INSERT INTO session (id, person, mode, started_at, digest, start) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                       ON CONFLICT (id) DO NOTHING";
            let row = (id, session.person, session.mode, session.started_at, digest, &start);
            if transaction.prepare_cached(sql)?.execute(row)? == 0 {
                let sql = "SELECT digest FROM session WHERE id = ?1";
                if digest != transaction.prepare_cached(sql)?.query_row([id], |row| row.get::<_, i64>(0))? {
                    return Err(StoreError::SessionTaken { session: session.id.clone() }.into());
                }
            }
            SESSION.seal(transaction, "id = ?1 AND row_digest IS NULL", [id])?;
            meeting::seat(transaction, session)?;
            keep(transaction, sources)
        })
    }

    /// Stores the sources of questions that are added to a session. Must be called before the events that refer to
    /// them are saved.
    pub fn keep_sources(
        &mut self,
        sources: &[(Fingerprint, DeckId, QuestionId, &str)],
    ) -> Result<(), StoreError> {
        self.write(|transaction| keep(transaction, sources))
    }

    /// Returns the start of a session, or `None` if there is no session with that id.
    pub fn load(&self, session: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT state, finished_at, person, mode, started_at, digest, start FROM session WHERE id = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([session.as_str()])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let json: String = row.get(6)?;
            if digest(&[session.as_str(), &json]) != row.get::<_, i64>(5)? {
                return Err(Inside::Damage(format!("the form of session {session}")));
            }
            let Start { form, limit, multiplier, setup } = serde_json::from_str(&json)?;
            let (id, person, mode, started_at) = (session.clone(), row.get(2)?, row.get(3)?, row.get(4)?);
            let started_at = start_in_id(session.as_str()).unwrap_or(started_at);
            let start = NewSession { id, person, mode, started_at, form, limit, multiplier, setup };
            Ok(Some(StoredSession { start, state: row.get(0)?, finished_at: row.get(1)? }))
        })
    }

    /// Returns the question with that digest, if it was ever asked.
    pub fn source(&self, fingerprint: Fingerprint) -> Result<Option<Source>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT deck, id, source, digest FROM question WHERE fingerprint = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([fingerprint.bytes()])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let (deck, question): (String, String) = (row.get(0)?, row.get(1)?);
            let text: String = row.get(2)?;
            let saved: Option<i64> = row.get(3)?;
            if saved.is_some_and(|saved| {
                saved != digest_of_question(&fingerprint, &deck, &question, &text)
            }) {
                return Err(Inside::Damage(format!(
                    "the stored text of question {question} of deck {deck}"
                )));
            }
            Ok(Some(Source {
                deck: DeckId::new(deck),
                question: QuestionId::new(question),
                text,
            }))
        })
    }

    /// Adds a question whose stored text is missing to [`Store::damage`].
    pub fn note_missing(&self, deck: &DeckId, question: &QuestionId) {
        self.note_damage(Some(format!(
            "the stored text of question {question} of deck {deck} is missing"
        )));
    }

    /// Returns the open sessions, newest first.
    pub fn open_sessions(&self, person: PersonId) -> Result<Vec<SessionRow>, StoreError> {
        self.open_sessions_where("true", person)
    }

    /// Returns the open sessions with any activity, newest first.
    pub fn waiting_sessions(&self, person: PersonId) -> Result<Vec<SessionRow>, StoreError> {
        self.open_sessions_where(TOUCHED, person)
    }

    fn open_sessions_where(
        &self,
        holds: &str,
        person: PersonId,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.read(|connection| {
            let sql = format!("{LISTED} AND state = 'open' AND {holds} ORDER BY session.key DESC");
            let mut statement = connection.prepare_cached(&sql)?;
            let sessions = statement
                .query_map([person], listed)?
                .collect::<Result<_, _>>()?;
            Ok(sessions)
        })
    }

    /// Returns at most `limit` sessions of a person in any state, newest first; pass the last one of the previous page
    /// as `before`. Open sessions come first, then closed ones by their closing time.
    pub fn list(
        &self,
        person: PersonId,
        mode: Mode,
        before: Option<&SessionId>,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!(
            "{LISTED} AND mode = ?3 AND (closed, session.key) <
                 (coalesce((SELECT closed FROM session WHERE id = ?4), ?5), coalesce((SELECT key FROM session WHERE id = ?4), ?5))
             ORDER BY closed DESC, session.key DESC LIMIT ?2"
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let before = before.map(SessionId::as_str);
            let sessions = statement.query_map((person, limit, mode, before, i64::MAX), listed)?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
    }

    /// Returns at most `limit` sessions that the history shows, in the order of [`Store::list`]: finished assessments
    /// and mentor sessions, and whatever can be resumed, or restored at the moment `wall_ms`.
    pub fn past(
        &self,
        person: PersonId,
        wall_ms: i64,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let is_past = is_past();
        let sql = format!("{LISTED} AND {is_past} ORDER BY closed DESC, session.key DESC LIMIT ?3");
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let sessions = statement.query_map(
                (person, wall_ms.saturating_sub(RESTORABLE_MS), limit),
                listed,
            )?;
            Ok(sessions.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the number of sessions that [`Store::past`] returns without a limit.
    pub fn count_past(&self, person: PersonId, wall_ms: i64) -> Result<u32, StoreError> {
        let is_past = is_past();
        let sql = format!("SELECT count(*) FROM session WHERE person = ?1 AND {is_past}");
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let since = wall_ms.saturating_sub(RESTORABLE_MS);
            Ok(statement.query_row((person, since), |row| row.get(0))?)
        })
    }

    /// Returns the ids of all sessions in the order in which they started.
    pub fn session_ids(&self) -> Result<Vec<SessionId>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM session ORDER BY key")?;
            let ids =
                statement.query_map([], |row| Ok(SessionId::new(row.get::<_, String>(0)?)))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Discards a session without an event, even if its log can't be read; discarding it twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Closed`] if it was finished.
    pub fn discard(&mut self, session: &SessionId, wall_ms: i64) -> Result<(), StoreError> {
        self.write(|transaction| close(transaction, session, State::Discarded, wall_ms))
    }

    /// Reopens a discarded session with its drafts, or restores a deleted one as it was. Does nothing if the session is
    /// open.
    ///
    /// # Errors
    /// [`StoreError::NotRestorable`] when it was finished, discarded more than [`RESTORABLE_MS`] ago, or erased.
    pub fn restore(&mut self, session: &SessionId, wall_ms: i64) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let sql = "SELECT state, coalesce(finished_at, 0), EXISTS (SELECT 1 FROM event
                           WHERE event.session = session.key AND event.body ->> '$.what' IN ('erased', 'discarded'))
                       FROM session WHERE key = ?1";
            let found = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let (state, discarded_at, is_erased): (State, i64, bool) =
                transaction.prepare_cached(sql)?.query_row([key], found)?;
            let why = match state {
                State::Open => return Ok(()),
                State::Finished => "it was finished",
                State::Discarded if is_erased => "what was answered in it was erased",
                State::Discarded if wall_ms.saturating_sub(discarded_at) > RESTORABLE_MS => {
                    "it was discarded more than 30 days ago"
                }
                State::Discarded if manage::undelete(transaction, key)? => return Ok(()),
                State::Discarded => {
                    let sql = "UPDATE session SET state = 'open', finished_at = NULL, closed = ?2 WHERE key = ?1";
                    transaction.prepare_cached(sql)?.execute((key, i64::MAX))?;
                    SESSION.seal(transaction, "key = ?1", [key])?;
                    return Ok(());
                }
            };
            Err(StoreError::NotRestorable { session: session.clone(), why }.into())
        })
    }

    /// Adds a result to a session and derives reviews from its answers, in one transaction. Repeating it changes
    /// nothing.
    pub fn put_result(
        &mut self,
        session: &SessionId,
        result: &Scored,
        reviews: &[Reviewed],
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let key = key(transaction, session)?;
            let sql = "INSERT INTO result (session, scored_at, version, body, digest) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (session, scored_at, version) DO NOTHING";
            let digest = digest_of_result(session.as_str(), result.scored_at, result.version, &result.body);
            transaction.prepare_cached(sql)?.execute((key, result.scored_at, result.version, &result.body, digest))?;
            reviews.iter().try_for_each(|reviewed| review::record(transaction, session, key, reviewed))
        })
    }

    /// Returns the sessions whose newest result is from an earlier version of the scoring than this one, oldest first.
    pub fn scored_before(&self, version: u32) -> Result<Vec<SessionId>, StoreError> {
        self.read(|connection| {
            let id = |row: &Row| Ok(SessionId::new(row.get::<_, String>(0)?));
            let sessions = connection
                .prepare_cached(SCORED_BEFORE)?
                .query_map([version], id)?
                .collect::<Result<_, _>>()?;
            Ok(sessions)
        })
    }

    /// Returns all undamaged results of a session, oldest first.
    pub fn results(&self, session: &SessionId) -> Result<Vec<Scored>, StoreError> {
        self.read(|connection| {
            let key = key(connection, session)?;
            let sql =
                "SELECT scored_at, version, body, digest FROM result WHERE session = ?1 ORDER BY scored_at, version";
            let scored = |row: &Row| {
                let scored = Scored { scored_at: row.get(0)?, version: row.get(1)?, body: row.get(2)? };
                let digest = digest_of_result(session.as_str(), scored.scored_at, scored.version, &scored.body);
                let saved: Option<i64> = row.get(3)?;
                Ok(saved.is_none_or(|saved| saved == digest).then_some(scored))
            };
            let mut statement = connection.prepare_cached(sql)?;
            let results: Vec<Option<Scored>> = statement.query_map([key], scored)?.collect::<Result<_, _>>()?;
            Ok(results.into_iter().flatten().collect())
        })
    }
}

fn keep(
    transaction: &Transaction,
    sources: &[(Fingerprint, DeckId, QuestionId, &str)],
) -> Result<(), Inside> {
    let sql =
        "INSERT INTO question (fingerprint, deck, id, source, digest) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (fingerprint) DO NOTHING";
    let mut keep = transaction.prepare_cached(sql)?;
    for (fingerprint, deck, question, text) in sources {
        let digest = digest_of_question(fingerprint, deck.as_str(), question.as_str(), text);
        keep.execute((
            fingerprint.bytes(),
            deck.as_str(),
            question.as_str(),
            text,
            digest,
        ))?;
    }
    Ok(())
}

pub(super) fn digest_of_question(
    fingerprint: &Fingerprint,
    deck: &str,
    question: &str,
    text: &str,
) -> i64 {
    digest(&[&fingerprint.to_string(), deck, question, text])
}

pub(super) fn digest_of_result(session: &str, scored_at: i64, version: u32, body: &str) -> i64 {
    digest(&[session, &scored_at.to_string(), &version.to_string(), body])
}

pub(super) fn close(
    transaction: &Transaction,
    session: &SessionId,
    state: State,
    wall_ms: i64,
) -> Result<(), Inside> {
    let key = key(transaction, session)?;
    let found: State = transaction
        .prepare_cached("SELECT state FROM session WHERE key = ?1")?
        .query_row([key], |row| row.get(0))?;
    match found {
        State::Open => {
            let sql = "UPDATE session SET state = ?2, finished_at = ?3, closed = ?4 WHERE key = ?1";
            transaction.prepare_cached(sql)?.execute((
                key,
                state,
                wall_ms,
                next_turn(transaction)?,
            ))?;
            SESSION.seal(transaction, "key = ?1", [key])?;
            // The drafts of a discarded session are kept while it can be restored.
            let sql = "DELETE FROM draft WHERE session IN (SELECT key FROM session WHERE state <> 'open'
                           AND (key = ?1 AND state = 'finished' OR state = 'discarded' AND finished_at < ?2))";
            transaction
                .prepare_cached(sql)?
                .execute((key, wall_ms.saturating_sub(RESTORABLE_MS)))?;
            Ok(())
        }
        found if found == state => Ok(()),
        found => Err(StoreError::Closed {
            session: session.clone(),
            state: found.word(),
        }
        .into()),
    }
}

/// Returns the next number in the order of all changes.
pub(super) fn next_turn(transaction: &Transaction) -> Result<i64, Inside> {
    let sql = "UPDATE turn SET n = n + 1 RETURNING n";
    Ok(transaction
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?)
}

/// Returns the row number by which the other tables refer to a session.
pub(super) fn key(connection: &Connection, session: &SessionId) -> Result<i64, Inside> {
    connection
        .prepare_cached("SELECT key FROM session WHERE id = ?1")?
        .query_row([session.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| {
            StoreError::NoSession {
                session: session.clone(),
            }
            .into()
        })
}

/// Returns the text of an id if it is also safe in a file name.
pub(super) fn checked(session: &SessionId) -> Result<&str, StoreError> {
    let id = session.as_str();
    let good =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if good {
        Ok(id)
    } else {
        Err(StoreError::BadSession {
            session: id.to_owned(),
        })
    }
}

/// Returns the start in an id such as `20261122-170512-3f90a`, in Unix milliseconds. Unlike the column `started_at`,
/// the id is part of the digests.
pub(super) fn start_in_id(id: &str) -> Option<i64> {
    let (day, rest) = id.split_once('-')?;
    let (time, last) = rest.split_once('-')?;
    let is_number =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(day, 8) || !is_number(time, 6) || last.len() != 5 {
        return None;
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let year = day[..4].parse().ok()?;
    let day = Day::of_civil(year, number(&day[4..6])?, number(&day[6..])?).ok()?;
    let seconds = number(&time[..2])? * 3600 + number(&time[2..4])? * 60 + number(&time[4..])?;
    let milliseconds = i64::from_str_radix(last.get(..3)?, 16).ok()?;
    Some(i64::from(day.0) * 86_400_000 + i64::from(seconds) * 1000 + milliseconds)
}

fn listed(row: &Row) -> rusqlite::Result<SessionRow> {
    let id: String = row.get(0)?;
    let result: Option<String> = row.get(5)?;
    let saved: Option<i64> = row.get(6)?;
    let is_damaged = match (&result, saved) {
        (Some(body), Some(saved)) => digest_of_result(&id, row.get(7)?, row.get(8)?, body) != saved,
        _ => false,
    };
    let started_at = start_in_id(&id);
    Ok(SessionRow {
        id: SessionId::new(id),
        mode: row.get(1)?,
        state: row.get(2)?,
        started_at: started_at.map_or_else(|| row.get(3), Ok)?,
        finished_at: row.get(4)?,
        result: result.filter(|_| !is_damaged),
        is_damaged,
        name: row
            .get::<_, Option<String>>(9)?
            .map(|name| Text::new(&name)),
        is_deleted: row.get(10)?,
    })
}

impl State {
    pub(crate) fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Finished => "finished",
            State::Discarded => "discarded",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        [State::Open, State::Finished, State::Discarded]
            .into_iter()
            .find(|state| state.word() == word)
            .ok_or(FromSqlError::InvalidType)
    }
}

impl Store {
    /// Returns the sessions from which practice data is derived, oldest first: finished assessments, deleted or not, and
    /// all practice sessions.
    pub fn sessions_with_reviews(&self) -> Result<Vec<SessionId>, StoreError> {
        self.read(|connection| {
            let sql = "SELECT id FROM session WHERE mode = 'practise' OR mode <> 'mentor'
                           AND (state = 'finished' OR key IN (SELECT session FROM deleted_session)) ORDER BY closed, key";
            let mut statement = connection.prepare_cached(sql)?;
            let ids = statement.query_map([], |row| Ok(SessionId::new(row.get::<_, String>(0)?)))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }
}

impl ToSql for Mode {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

impl FromSql for Mode {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Mode::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
