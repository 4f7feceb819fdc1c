//! A temporary home with a data folder, a working folder and decks.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub struct Home {
    folder: TempDir,
    data: PathBuf,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        for inside in ["data", "work"] {
            fs::create_dir(folder.path().join(inside)).unwrap();
        }
        Self { folder, data }
    }

    /// Creates a home whose data folder is elsewhere.
    pub fn with_data(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            ..Self::new()
        }
    }

    /// Returns the data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Returns the folder in which programs run and reports are written.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn history(&self) -> PathBuf {
        self.data.join("history.db")
    }

    /// Writes a deck to the data folder.
    pub fn deck(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let decks = self.data.join("decks");
        fs::create_dir_all(&decks).unwrap();
        let path = decks.join(format!("{name}.toml"));
        fs::write(&path, text).unwrap();
        path
    }

    pub fn config(&self, text: &str) {
        fs::write(self.data.join("config.toml"), text).unwrap();
    }

    /// Runs `aethos ARGS` with `input` through pipes.
    pub fn run_with(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        // A program that needs no input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, "")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aethos"));
        command
            .args(args)
            .current_dir(self.work())
            .env("AETHOS_HOME", &self.data)
            .env_remove("NO_COLOR");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Returns the standard output of a command, which must succeed.
    pub fn output(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.output(args)).unwrap()
    }
}

const START: &str = include_str!("../../src/cli/new.toml");

/// Returns the beginning of a deck file.
pub fn head(id: &str) -> String {
    format!(
        "[deck]\nid = \"{id}\"\ntitle = \"Deck {id}\"\nversion = \"1\"\nlanguage = \"en\"\ncompetency = \"data-consistency\"\n\n"
    )
}

/// Returns a question with one key among three options; its stem begins with its number.
pub fn single(number: usize) -> String {
    let start = START.find("[[question]]").unwrap();
    let end = start + START[start..].find("# ----").unwrap();
    START[start..end]
        .replace("raft.001", &format!("raft.{number:03}"))
        .replace(
            "A cluster of five",
            &format!("Number {number}. A cluster of five"),
        )
}

/// Returns a question that is answered with a number.
pub fn numeric(number: usize) -> String {
    let start = START.rfind("[[question]]").unwrap();
    START[start..].replace("raft.002", &format!("raft.{number:03}"))
}

/// Returns a question whose four steps are put in order.
pub fn ordering(number: usize) -> String {
    let types = include_str!("../../src/cli/new_types.toml");
    let kind = types.find("type = \"ordering\"").unwrap();
    let start = types[..kind].rfind("[[question]]").unwrap();
    let end = kind + types[kind..].find("# ----").unwrap();
    types[start..end]
        .replace("raft.005", &format!("raft.{number:03}"))
        .replace(
            "A client writes",
            &format!("Number {number}. A client writes"),
        )
}

/// Returns a deck of `n` questions with three options each.
pub fn singles(id: &str, n: usize) -> String {
    head(id) + &(1..=n).map(single).collect::<String>()
}
