//! The lines of a listing, with the meaning of each piece of a log or a diff.

use super::{Ink, Run};
use crate::core::question::Code;

impl Code {
    /// Returns the lines of the listing, with their numbers if it has them.
    pub fn lines(&self) -> Vec<String> {
        let lines: Vec<&str> = self.text.as_str().trim_matches('\n').lines().collect();
        let digits = lines.len().to_string().len();
        let number = |n: usize| format!("{n:>digits$}  ");
        (1..)
            .zip(lines)
            .map(|(n, line)| {
                let number = if self.numbers {
                    number(n)
                } else {
                    String::new()
                };
                format!("{number}{line}")
            })
            .collect()
    }

    /// Returns the pieces of each line of a log or a diff; `None` for a program.
    pub fn runs(&self) -> Option<Vec<Vec<Run>>> {
        let runs = match self.language.as_str() {
            "log" => log,
            "diff" => diff,
            _ => return None,
        };
        let lines = self.lines().into_iter();
        let text = self.text.as_str().trim_matches('\n').lines();
        Some(
            lines
                .zip(text)
                .map(|(line, text)| {
                    let number = &line[..line.len() - text.len()];
                    let mut pieces = vec![run(number, Ink::Dim)];
                    pieces.extend(runs(text));
                    pieces.retain(|piece| !piece.text.is_empty());
                    pieces
                })
                .collect(),
        )
    }
}

fn run(text: &str, ink: Ink) -> Run {
    Run {
        text: text.to_owned(),
        ink,
    }
}

/// Marks added and removed lines, and the heads of files and hunks.
fn diff(line: &str) -> Vec<Run> {
    let ink = match line.as_bytes() {
        [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'@', b'@', ..] => Ink::Head,
        [b'+', ..] => Ink::Added,
        [b'-', ..] => Ink::Removed,
        _ => Ink::Plain,
    };
    vec![run(line, ink)]
}

/// Marks the time at the start of a log line, and words for its level.
fn log(line: &str) -> Vec<Run> {
    let mut pieces = Vec::new();
    let is_time = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit())
            && word.contains([':', '-'])
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || b":-.,TZ+".contains(&b))
    };
    let mut is_start = true;
    for word in line.split_inclusive(' ') {
        let ink = match word
            .trim_end_matches([' ', ':', ']'])
            .trim_start_matches('[')
        {
            time if is_start && is_time(time) => Ink::Dim,
            "ERROR" | "FATAL" | "PANIC" | "CRITICAL" => Ink::Error,
            "WARN" | "WARNING" => Ink::Warning,
            _ => Ink::Plain,
        };
        is_start = is_start && (ink == Ink::Dim || word == " ");
        match pieces.last_mut() {
            Some(Run { text, ink: last }) if *last == ink => text.push_str(word),
            _ => pieces.push(run(word, ink)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(language: &str, text: &str, numbers: bool) -> Code {
        Code {
            language: language.into(),
            text: text.into(),
            numbers,
        }
    }

    fn inks(code: &Code) -> Vec<Vec<(String, Ink)>> {
        let lines = code.runs().unwrap().into_iter();
        lines
            .map(|line| line.into_iter().map(|run| (run.text, run.ink)).collect())
            .collect()
    }

    #[test]
    fn a_diff_marks_its_lines_and_counts_removed_ones() {
        let diff = code("diff", " a\n-b\n+c\n", true);
        assert_eq!(diff.lines(), ["1   a", "2  -b", "3  +c"]);
        let number = |n: &str| (format!("{n}  "), Ink::Dim);
        assert_eq!(
            inks(&diff),
            [
                [number("1"), (" a".to_owned(), Ink::Plain)],
                [number("2"), ("-b".to_owned(), Ink::Removed)],
                [number("3"), ("+c".to_owned(), Ink::Added)],
            ]
        );
        assert!(code("python", "a", false).runs().is_none());
    }

    #[test]
    fn a_log_marks_times_and_levels() {
        let log = code(
            "log",
            "10:41:58  WARN  queue 80% full\n  at 10:41 ERROR",
            false,
        );
        assert_eq!(
            inks(&log),
            [
                vec![
                    ("10:41:58 ".to_owned(), Ink::Dim),
                    (" ".to_owned(), Ink::Plain),
                    ("WARN ".to_owned(), Ink::Warning),
                    (" queue 80% full".to_owned(), Ink::Plain),
                ],
                vec![
                    ("  at 10:41 ".to_owned(), Ink::Plain),
                    ("ERROR".to_owned(), Ink::Error),
                ],
            ]
        );
    }
}
