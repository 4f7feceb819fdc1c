//! The problems of one file: all are counted, and a bounded number is kept.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::diagnostic_code::DiagnosticCode;
use crate::core::number::show;
use crate::core::text::Text;

/// The largest number of problems kept per file, apart from the first of each code.
const MAX_KEPT: usize = 100;
/// The largest number of problems kept per file and code.
const MAX_PER_CODE: usize = 20;

/// The first problems of a file, and the total number of problems per code.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    kept: Vec<Diagnostic>,
    /// By the name of the code, and whether its problems are warnings.
    counts: BTreeMap<(&'static str, bool), Count>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    code: DiagnosticCode,
    all: usize,
    kept: usize,
}

impl Findings {
    /// Counts a problem, and keeps it unless there are too many already.
    pub fn push(&mut self, problem: Diagnostic) {
        let key = (problem.code.name(), !problem.is_error());
        let count = self.counts.entry(key).or_insert(Count {
            code: problem.code,
            all: 0,
            kept: 0,
        });
        count.all += 1;
        // The first problem of each code is always kept, so that frequent codes can't hide rare ones.
        if count.kept == 0 || (count.kept < MAX_PER_CODE && self.kept.len() < MAX_KEPT) {
            count.kept += 1;
            self.kept.push(problem);
        }
    }

    /// Adds the problems of another part of the same file, which begins `lines` lines later.
    pub fn append(&mut self, other: Findings, lines: usize) {
        for (name, theirs) in other.counts {
            let count = self.counts.entry(name).or_insert(Count {
                all: 0,
                kept: 0,
                ..theirs
            });
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

    /// Returns the number of errors, including those that were not kept.
    pub fn errors(&self) -> usize {
        self.count(false)
    }

    /// Returns the number of warnings, including those that were not kept.
    pub fn warnings(&self) -> usize {
        self.count(true)
    }

    fn count(&self, warnings: bool) -> usize {
        self.counts
            .iter()
            .filter(|((_, is_warning), _)| *is_warning == warnings)
            .map(|(_, count)| count.all)
            .sum()
    }

    /// Returns the kept problems in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// Returns the kept problems by line, and then one line per code with the number of problems that were dropped.
    ///
    /// These lines name the file `rest`.
    pub fn list(mut self, rest: &Text) -> Vec<Diagnostic> {
        self.kept
            .sort_by_key(|problem| (problem.line, problem.column));
        for ((_, is_warning), count) in &self.counts {
            if count.all == count.kept {
                continue;
            }
            let more = count.all - count.kept;
            let message = format!("and {} more", show(more as f64));
            let help = format!("{}: {}", count.code.name(), count.code.doc());
            let problem = Diagnostic::of_file(count.code, rest, 0, message).help(help);
            self.kept.push(match is_warning {
                true => problem.as_warning(),
                false => problem,
            });
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

    fn problem(code: DiagnosticCode, line: usize) -> Diagnostic {
        Diagnostic::of_file(code, &Text::new("mine.toml"), line, "wrong")
    }

    #[test]
    fn every_problem_is_counted_and_a_bounded_number_is_listed() {
        let mut found = Findings::default();
        found.extend(
            (0..1_254)
                .rev()
                .map(|line| problem(DiagnosticCode::Empty, line + 1)),
        );
        found.push(problem(DiagnosticCode::Emoji, 7));
        assert_eq!((found.errors(), found.warnings()), (1_254, 1));
        let list = found.list(&Text::new("mine.toml"));
        assert_eq!(list.len(), MAX_PER_CODE + 2);
        assert!(list[..=MAX_PER_CODE].is_sorted_by_key(|problem| problem.line));
        assert_eq!(
            list.last().map(|last| last.message.as_str()),
            Some("and 1234 more")
        );
    }

    #[test]
    fn the_first_problem_of_each_code_is_listed() {
        let mut found = Findings::default();
        for code in DiagnosticCode::ALL {
            found.extend((0..50).map(|line| problem(*code, line + 1)));
        }
        let list = found.list(&Text::new("mine.toml"));
        assert!(list.len() < MAX_KEPT + 2 * DiagnosticCode::ALL.len());
        assert!(DiagnosticCode::ALL.iter().all(|code| {
            list.iter()
                .any(|problem| problem.code == *code && problem.line > 0)
        }));
    }

    #[test]
    fn two_parts_of_a_file_count_as_one() {
        let part = |n: usize| {
            let mut found = Findings::default();
            found.extend((0..n).map(|line| problem(DiagnosticCode::NotText, line + 1)));
            found
        };
        let mut whole = part(15);
        whole.append(part(30), 100);
        assert_eq!(whole.errors(), 45);
        assert_eq!(whole.iter().map(|problem| problem.line).nth(15), Some(101));
    }
}
