//! The summary of a conversion between formats: how many questions arrived, and what was lost.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::exchange::{Problem, ProblemKind};

/// The largest number of problems listed; the JSON summary has all of them.
const LISTED: usize = 50;

/// What became of the questions.
#[derive(Debug)]
pub struct Summary {
    /// What the names of the problems name: a `file` or a `question`.
    names: &'static str,
    pub converted: usize,
    pub with_loss: usize,
    /// The problems, each with the name of its file or question.
    pub problems: Vec<(String, Problem)>,
}

impl Summary {
    pub fn new(names: &'static str) -> Self {
        Self {
            names,
            converted: 0,
            with_loss: 0,
            problems: Vec::new(),
        }
    }

    pub fn refuse(&mut self, name: String, why: String) {
        let problem = Problem::new(ProblemKind::Refused, 0, why);
        self.problems.push((name, problem));
    }

    pub fn count(&self, kind: ProblemKind) -> usize {
        let of_kind = self
            .problems
            .iter()
            .filter(|(_, problem)| problem.kind == kind);
        of_kind.count()
    }

    fn counts(&self) -> [(&'static str, usize); 5] {
        let (skipped, refused) = (
            self.count(ProblemKind::Skipped),
            self.count(ProblemKind::Refused),
        );
        [
            ("read", self.converted + skipped + refused),
            ("converted", self.converted),
            ("with_loss", self.with_loss),
            ("skipped", skipped),
            ("refused", refused),
        ]
    }

    /// Returns the counts and all problems.
    pub fn json(&self) -> Json {
        let problems = self.problems.iter().map(|(name, problem)| {
            let mut json = json!({
                "kind": problem.kind.word(),
                "line": problem.line,
                "message": problem.message,
            });
            json[self.names] = json!(name);
            json
        });
        let mut json = json!({ "problems": problems.collect::<Vec<_>>() });
        for (name, count) in self.counts() {
            json[name] = json!(count);
        }
        json
    }

    /// Prints the first problems and the counts.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for (name, problem) in self.problems.iter().take(LISTED) {
            let place = match (name.as_str(), problem.line) {
                ("", _) => String::new(),
                (name, 0) => format!("{name}: "),
                (name, line) => format!("{name}:{line}: "),
            };
            writeln!(out, "{place}{}: {}", problem.kind.word(), problem.message)?;
        }
        if self.problems.len() > LISTED {
            let more = self.problems.len() - LISTED;
            writeln!(out, "and {more} more: --json lists all of them")?;
        }
        let counts = self.counts().map(|(_, count)| count);
        let [read, converted, with_loss, skipped, refused] = counts;
        writeln!(
            out,
            "read {read}, converted {converted} ({with_loss} with loss), skipped {skipped}, refused {refused}"
        )
    }
}
