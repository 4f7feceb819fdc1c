//! Digests of the rows that practice is made from, and of those that say who took part in which session. They follow from
//! the events, or stand beside them, but most reads use the rows alone. A row without a digest is taken as it is.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Transaction};

/// A table whose rows have digests.
pub(super) struct Digested {
    name: &'static str,
    /// All columns except the digest. Digests are stored, so a released list never changes.
    columns: &'static [&'static str],
    /// The SQL expression for the name of a row in messages.
    title: &'static str,
    /// The SQL expression for the question that the row is about, shown after its title.
    question: Option<&'static str>,
    /// The column of the digest.
    sealed: &'static str,
}

/// The column of most digests.
const DIGEST: &str = "digest";

pub(super) const REVIEW: Digested = Digested {
    name: "review",
    columns: &[
        "person",
        "deck",
        "question",
        "session",
        "slot",
        "wall",
        "day",
        "grade",
        "score",
        "confidence",
        "mode",
        "competency",
        "seconds",
        "nth",
        "blank",
    ],
    title: "'the stored grade'",
    question: Some("' of question ' || review.question || ' of deck ' || review.deck"),
    sealed: DIGEST,
};

pub(super) const MEMORY: Digested = Digested {
    name: "memory",
    columns: &[
        "person",
        "deck",
        "question",
        "due",
        "stability",
        "difficulty",
        "last",
        "reviews",
        "lapses",
        "recalled",
        "score",
        "confidence",
        "mode",
        "competency",
        "seconds",
        "answered",
    ],
    title: "'the practice schedule'",
    question: Some("' of question ' || memory.question || ' of deck ' || memory.deck"),
    sealed: DIGEST,
};

pub(super) const REMARK: Digested = Digested {
    name: "remark",
    columns: &[
        "person", "deck", "question", "kind", "text", "wall", "session",
    ],
    title: "'the ' || remark.kind",
    question: Some("' of question ' || remark.question || ' of deck ' || remark.deck"),
    sealed: DIGEST,
};

pub(super) const SUSPENSION: Digested = Digested {
    name: "suspension",
    columns: &["person", "deck", "question", "state", "session"],
    title: "'the suspension'",
    question: Some("' of question ' || suspension.question || ' of deck ' || suspension.deck"),
    sealed: DIGEST,
};

pub(super) const PERSON: Digested = Digested {
    name: "person",
    columns: &["id", "name", "folded", "forgotten"],
    title: "'the name of person ' || person.id",
    question: None,
    sealed: DIGEST,
};

pub(super) const ATTENDANCE: Digested = Digested {
    name: "attendance",
    columns: &["session", "seat", "person"],
    title: "'the participant at seat ' || (attendance.seat + 1) || ' of session '
        || (SELECT id FROM session WHERE key = attendance.session)",
    question: None,
    sealed: DIGEST,
};

/// The columns of a session that no other digest covers: its start and its events have digests of their own. The times
/// of its start and its end are in its id and its last event.
pub(super) const SESSION: Digested = Digested {
    name: "session",
    columns: &["id", "person", "mode", "state", "closed"],
    title: "'the person, mode or state of session ' || session.id",
    question: None,
    sealed: "row_digest",
};

impl Digested {
    /// Returns the SQL expression of a row's digest.
    pub fn digest(&self) -> String {
        let name = self.name;
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| format!("{name}.{column}"))
            .collect();
        format!("row_digest('{name}', {})", columns.join(", "))
    }

    /// Returns an SQL expression that names the row if it is damaged, and is null otherwise.
    pub fn damage(&self) -> String {
        let (name, title, digest, sealed) = (self.name, self.title, self.digest(), self.sealed);
        let question = self.question.unwrap_or("''");
        format!("iif({name}.{sealed} <> {digest}, {title} || {question}, NULL)")
    }

    /// Updates the digests of the rows that `condition` selects. Must follow each change of a row.
    pub fn seal(
        &self,
        transaction: &Transaction,
        condition: &str,
        values: impl Params,
    ) -> rusqlite::Result<()> {
        let (name, digest, sealed) = (self.name, self.digest(), self.sealed);
        let sql = format!("UPDATE {name} SET {sealed} = {digest} WHERE {condition}");
        transaction.prepare_cached(&sql)?.execute(values).map(drop)
    }

    /// Returns the names of at most `most` damaged rows.
    pub fn find_damage(
        &self,
        connection: &Connection,
        most: usize,
    ) -> rusqlite::Result<Vec<String>> {
        let (name, damage, digest, sealed) = (self.name, self.damage(), self.digest(), self.sealed);
        let sql =
            format!("SELECT {damage} FROM {name} WHERE {name}.{sealed} <> {digest} LIMIT {most}");
        let mut statement = connection.prepare(&sql)?;
        let found = statement.query_map([], |row| row.get(0))?;
        found.collect()
    }
}

/// Defines `row_digest` for a connection: a BLAKE3 hash of its arguments, cut to 8 bytes. Digests are stored, so the
/// function never changes.
pub(super) fn define(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("row_digest", -1, flags, |arguments| {
        let mut hasher = blake3::Hasher::new();
        for n in 0..arguments.len() {
            let mut add = |kind: u8, bytes: &[u8]| {
                hasher.update(&[kind]);
                hasher.update(&(bytes.len() as u64).to_le_bytes());
                hasher.update(bytes);
            };
            match arguments.get_raw(n) {
                ValueRef::Null => add(0, &[]),
                ValueRef::Integer(value) => add(1, &value.to_le_bytes()),
                ValueRef::Real(value) => add(2, &value.to_bits().to_le_bytes()),
                ValueRef::Text(text) => add(3, text),
                ValueRef::Blob(bytes) => add(4, bytes),
            }
        }
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Ok(i64::from_le_bytes(first))
    })
}
