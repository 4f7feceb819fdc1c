//! The problems of one file: a bounded number of them is kept, and all are counted.

use std::collections::BTreeMap;

use super::code::{Code, Severity};
use super::diagnostic::Diagnostic;
use crate::core::number::show;
use crate::core::text::Text;

/// Problems that are kept of one file.
const MOST: usize = 100;
/// Problems with the same code that are kept of one file.
const MOST_OF_A_CODE: usize = 20;

/// The first problems of a file, and the number of all of them by code.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    kept: Vec<Diagnostic>,
    counts: BTreeMap<&'static str, Count>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    code: Code,
    all: usize,
    kept: usize,
}

impl Findings {
    /// Counts a problem, and keeps it unless there are too many already.
    pub fn push(&mut self, problem: Diagnostic) {
        let count = self.counts.entry(problem.code.name()).or_insert(Count { code: problem.code, all: 0, kept: 0 });
        count.all += 1;
        // The first problem of a code is always kept: nothing goes unmentioned because something else is frequent.
        if count.kept == 0 || (count.kept < MOST_OF_A_CODE && self.kept.len() < MOST) {
            count.kept += 1;
            self.kept.push(problem);
        }
    }

    /// Adds the problems of another part of the same file, which begins after `lines` more lines.
    pub fn append(&mut self, other: Findings, lines: usize) {
        for (name, theirs) in other.counts {
            let count = self.counts.entry(name).or_insert(Count { all: 0, kept: 0, ..theirs });
            count.all += theirs.all - theirs.kept;
        }
        for mut problem in other.kept {
            problem.line += lines;
            self.push(problem);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The number of errors, including those that were not kept.
    pub fn errors(&self) -> usize {
        self.of(Severity::Error)
    }

    /// The number of warnings, including those that were not kept.
    pub fn warnings(&self) -> usize {
        self.of(Severity::Warning)
    }

    fn of(&self, severity: Severity) -> usize {
        self.counts.values().filter(|count| count.code.severity() == severity).map(|count| count.all).sum()
    }

    /// The problems that were kept, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// The problems that were kept by line, followed by one for each code of which there are more, placed at `rest`.
    pub fn list(mut self, rest: &Text) -> Vec<Diagnostic> {
        self.kept.sort_by_key(|problem| (problem.line, problem.column));
        for count in self.counts.values().filter(|count| count.all > count.kept) {
            let more = count.all - count.kept;
            let message = format!("and {} more", show(more as f64));
            let help = format!("{}: {}", count.code.name(), count.code.doc());
            self.kept.push(Diagnostic::of_file(count.code, rest, 0, message).help(help));
        }
        self.kept
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, problems: T) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: Code, line: usize) -> Diagnostic {
        Diagnostic::of_file(code, &Text::new("mine.toml"), line, "wrong")
    }

    #[test]
    fn every_problem_is_counted_and_a_bounded_number_is_listed() {
        let mut found = Findings::default();
        found.extend((0..1_254).rev().map(|line| problem(Code::Empty, line + 1)));
        found.push(problem(Code::Emoji, 7));
        assert_eq!((found.errors(), found.warnings()), (1_254, 1));
        let list = found.list(&Text::new("mine.toml"));
        assert_eq!(list.len(), MOST_OF_A_CODE + 2);
        assert!(list[..=MOST_OF_A_CODE].is_sorted_by_key(|problem| problem.line));
        assert_eq!(list.last().map(|last| last.message.as_str()), Some("and 1234 more"));
    }

    #[test]
    fn the_first_problem_of_each_code_is_listed() {
        let mut found = Findings::default();
        for code in Code::ALL {
            found.extend((0..50).map(|line| problem(*code, line + 1)));
        }
        let list = found.list(&Text::new("mine.toml"));
        assert!(list.len() < MOST + 2 * Code::ALL.len());
        assert!(Code::ALL.iter().all(|code| list.iter().any(|problem| problem.code == *code && problem.line > 0)));
    }

    #[test]
    fn two_parts_of_a_file_count_as_one() {
        let part = |n: usize| {
            let mut found = Findings::default();
            found.extend((0..n).map(|line| problem(Code::NotText, line + 1)));
            found
        };
        let mut whole = part(15);
        whole.append(part(30), 100);
        assert_eq!(whole.errors(), 45);
        assert_eq!(whole.iter().map(|problem| problem.line).nth(15), Some(101));
    }
}
