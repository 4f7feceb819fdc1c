//! Data folders for benchmarks: decks of any size, and histories of any length.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use portable_pty::CommandBuilder;
use rusqlite::Connection;

use crate::program::Program;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_aethos");
const OUTLINE: &str = include_str!("../../seeds/data-consistency.toml");
const LEVELS: [&str; 5] = ["junior", "mid", "senior", "staff", "principal"];
/// The beginning of each stem in the user's decks.
pub const STEM: &str = "Question number";
/// The number of questions per session; each is answered.
const QUESTIONS: usize = 24;

/// The length of explanations, in words.
#[derive(Clone, Copy)]
pub enum Explanation {
    /// A length with which a question has about 800 bytes.
    Short = 5,
    /// The length that `aethos check` requires.
    Full = 80,
}

/// A data folder under the target folder.
pub struct Home(PathBuf);

impl Home {
    /// Creates an empty folder, replacing that of an earlier run.
    pub fn new(name: &str) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("bench")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("decks"))?;
        Ok(Self(folder))
    }

    /// Writes a deck with this many questions, and returns its path.
    pub fn add_deck(&self, questions: usize, explanation: Explanation) -> io::Result<PathBuf> {
        let path = self
            .0
            .join("decks")
            .join(format!("{}.toml", deck_name(questions)));
        write_deck(&path, questions, explanation)?;
        Ok(path)
    }

    pub fn history(&self) -> PathBuf {
        self.0.join("history.db")
    }

    /// Runs the program until it has written the index of a deck.
    pub fn wait_for_index(&self, arguments: &[&str]) -> io::Result<()> {
        let mut program = Program::start(self.on_terminal(arguments))?;
        let is_index = |entry: fs::DirEntry| entry.path().extension().is_some_and(|e| e == "index");
        for _ in 0..100 {
            program.settle(Duration::from_millis(100))?;
            let entries = fs::read_dir(self.0.join("cache"));
            if entries.is_ok_and(|entries| entries.flatten().any(is_index)) {
                return Ok(());
            }
        }
        Err(io::Error::other("no index was written"))
    }

    /// Replaces the history by that of another folder.
    pub fn take_history(&self, other: &Home) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        fs::copy(other.history(), self.history()).map(drop)
    }

    /// Returns a command that runs aethos with this data folder in a terminal.
    pub fn on_terminal(&self, arguments: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(arguments);
        command.env("AETHOS_HOME", &self.0);
        command.env("TERM", "xterm-256color");
        command
    }

    fn in_lines(&self, arguments: &[&str], typed: &str) -> io::Result<()> {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).env("AETHOS_HOME", &self.0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(typed.as_bytes())?;
        }
        child.wait().map(drop)
    }

    /// Finishes this many sessions of 24 answers, and leaves one more open.
    pub fn sit(&self, finished: usize) -> io::Result<()> {
        let deck = self.add_deck(QUESTIONS, Explanation::Short)?;
        let deck_name = deck_name(QUESTIONS);
        let arguments = ["assess", deck_name.as_str(), "--quick", "--plain"];
        let answers = "a\n3\n".repeat(QUESTIONS);
        for _ in 0..finished {
            self.in_lines(&arguments, &format!("{answers}finish\ny\n"))?;
        }
        self.in_lines(&arguments, &answers)?;
        fs::remove_file(deck)
    }

    /// Returns the number of answers in the history, read directly from the database.
    pub fn answers(&self) -> io::Result<u32> {
        let count = "SELECT count(*) FROM event WHERE body LIKE '%answered%'";
        let connection = Connection::open(self.history()).map_err(io::Error::other)?;
        connection
            .query_row(count, [], |row| row.get(0))
            .map_err(io::Error::other)
    }

    /// Copies the finished sessions of the history until it has this many answers, about as many different questions
    /// as if
    /// each came back 25 times.
    pub fn grow_history(&self, answers: usize) -> io::Result<()> {
        let sessions = answers / QUESTIONS;
        let questions = answers / 25;
        let grow = format!(
            "PRAGMA synchronous = OFF;
             BEGIN;
             CREATE TEMP TABLE model AS SELECT * FROM session WHERE state = 'finished' LIMIT 1;
             CREATE TEMP TABLE n AS
                WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {sessions}) SELECT n FROM n;
             INSERT INTO session (key, id, person, mode, state, started_at, finished_at, digest, start)
                SELECT 1000 + n, printf('20200101-%09d', n), person, mode, state, started_at, finished_at, digest, start
                FROM model, n;
             INSERT INTO event (session, sequence, wall, digest, body)
                SELECT 1000 + n, event.sequence, event.wall, event.digest, event.body
                FROM n, event, model WHERE event.session = model.key;
             INSERT INTO result (session, scored_at, version, body) SELECT 1000 + n, scored_at, version, result.body
                FROM n, result, model WHERE result.session = model.key;
             INSERT INTO exposure (person, deck, question, fingerprint, row, times, wall, mode, session)
                SELECT 1, 'data-consistency', printf('question.%06d', n), randomblob(32), 0, 25, 0,
                'assess', 1000 + n FROM n WHERE n <= {questions};
             COMMIT;"
        );
        let connection = Connection::open(self.history()).map_err(io::Error::other)?;
        connection.execute_batch(&grow).map_err(io::Error::other)
    }
}

impl Home {
    /// Marks every question of a deck as seen, remembered, and due within a month or overdue.
    pub fn schedule(&self, questions: usize) -> io::Result<()> {
        let mut connection = Connection::open(self.history()).map_err(io::Error::other)?;
        let mut schedule = || {
            let transaction = connection.transaction()?;
            {
                let mut remember = transaction.prepare(
                    "INSERT INTO memory (person, deck, question, due, stability, difficulty, last, reviews, lapses, recalled,
                         score, confidence, mode, competency, seconds, answered)
                         SELECT 1, ?1, ?2, unixepoch() / 86400 + ?3 % 31 - 2, 20.0, 5.0,
                         unixepoch() / 86400 - 9, 4, 1, 2, iif(?3 % 7, 1.0, 0.0), ?3 % 4, 'practise', 'data-consistency', 60, 4",
                )?;
                let mut expose = transaction.prepare(
                    "INSERT INTO exposure (person, deck, question, fingerprint, row, times, wall, mode, session)
                         SELECT 1, ?1, ?2, randomblob(16), 0, 4, 0, 'practise', min(key) FROM session",
                )?;
                let deck = deck_name(questions);
                for (n, (facet, number)) in names(questions).enumerate() {
                    let question = format!("{facet}.{number:03}");
                    remember.execute((&deck, &question, n as i64))?;
                    expose.execute((&deck, &question))?;
                }
            }
            transaction.commit()
        };
        schedule().map_err(io::Error::other)
    }
}

pub fn deck_name(questions: usize) -> String {
    format!("bench-{questions}")
}

/// Writes a deck of single questions, facet by facet, from meaningless words that differ between questions.
fn write_deck(path: &Path, questions: usize, explanation: Explanation) -> io::Result<()> {
    let mut deck = BufWriter::new(File::create(path)?);
    let name = deck_name(questions);
    write!(
        deck,
        "[deck]\nid = \"{name}\"\ntitle = \"{questions} questions\"\nversion = \"1.0.0\"\nlanguage = \"en\"\n\
         competency = \"data-consistency\"\n"
    )?;
    let mut words = Words(1);
    for (n, (facet, number)) in names(questions).enumerate() {
        let level = LEVELS[n % LEVELS.len()];
        let stem = words.sentence(14);
        let lead_in = words.sentence(5);
        let [a, b, c] = std::array::from_fn(|_| words.sentence(5));
        let [why_a, why_b, why_c] = std::array::from_fn(|_| words.sentence(7));
        let why = words.sentence(explanation as usize);
        write!(
            deck,
            r#"
[[question]]
id = "{facet}.{number:03}"
facet = "{facet}"
points = ["{facet}/kp1"]
level = "{level}"
demand = "apply"
type = "single"
seconds = 60
stem = "{STEM} {n}: {stem}."
lead_in = "{lead_in}?"
explanation = "{why}."
[[question.option]]
text = "{a}."
correct = true
why = "{why_a}."
[[question.option]]
text = "{b}."
misconception = "Two agree."
why = "{why_b}."
[[question.option]]
text = "{c}."
misconception = "Time tells."
why = "{why_c}."
[[question.reference]]
author = "Ongaro"
title = "Dissertation"
where = "6.4"
year = 2014
"#
        )?;
    }
    deck.flush()
}

/// Returns the facet of each question, and its number within the facet.
fn names(questions: usize) -> impl Iterator<Item = (&'static str, usize)> {
    let facets: Vec<&str> = OUTLINE
        .split("[[facet]]")
        .skip(1)
        .filter_map(|facet| facet.split('"').nth(1))
        .collect();
    let per_facet = questions.div_ceil(facets.len());
    (0..questions).map(move |n| (facets[n / per_facet], n % per_facet))
}

/// A generator of pseudo-random words (Knuth's MMIX generator).
struct Words(u64);

impl Words {
    fn sentence(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| self.word())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ba", "co", "de", "fi", "gu", "ha", "jo", "ke", "li", "mu", "na", "po", "re", "si",
            "tu", "va",
        ];
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (0..2)
            .map(|i| SYLLABLES[(self.0 >> (48 + 4 * i)) as usize % SYLLABLES.len()])
            .collect()
    }
}
