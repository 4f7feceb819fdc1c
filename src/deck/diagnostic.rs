//! Problems in decks with their positions, rendered like compiler errors or as JSON.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin as Path, Renderer, Snippet};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::diagnostic_code::{DiagnosticCode, Severity};
use crate::core::text::Text;

/// The largest number of bytes before a problem on its line for which an excerpt is shown.
const MAX_BEFORE: usize = 2000;
/// The largest number of bytes shown from the start of the problem.
const MAX_AFTER: usize = 200;

/// A problem in a deck. Its texts contain no terminal control characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: DiagnosticCode,
    /// That of the code, or a warning in a draft.
    pub severity: Severity,
    pub file: Text,
    /// The line, from 1; 0 if the problem concerns the whole file.
    pub line: usize,
    /// The column in characters, from 1; 0 if the problem concerns the whole line or file.
    pub column: usize,
    pub message: Text,
    /// How to fix the problem.
    pub help: Option<Text>,
    excerpt: Option<Excerpt>,
}

#[derive(Clone, Debug, PartialEq)]
struct Excerpt {
    /// The line, cleaned but with its tabs, which the renderer expands; columns stay those of the file.
    line: String,
    mark: Range<usize>,
}

/// A part of a deck file, with its position in the file.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    pub file: &'a Text,
    pub text: &'a str,
    /// The number of the first line of `text` in the file.
    pub first_line: usize,
}

impl Diagnostic {
    /// Creates a problem of a whole file, or of one line if `line` is above 0.
    pub fn of_file(
        code: DiagnosticCode,
        file: &Text,
        line: usize,
        message: impl AsRef<str>,
    ) -> Self {
        let message = Text::new(message.as_ref());
        Self {
            code,
            severity: code.severity(),
            file: file.clone(),
            line,
            column: 0,
            message,
            help: None,
            excerpt: None,
        }
    }

    pub fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(Text::new(help.as_ref()));
        self
    }

    /// Returns a different problem at the same place.
    pub fn about(self, code: DiagnosticCode, message: impl AsRef<str>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: Text::new(message.as_ref()),
            help: None,
            ..self
        }
    }

    /// Returns the same problem as a warning, as in a draft.
    pub fn as_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Renders the problem like a compiler error, without a final newline.
    pub fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level
            .primary_title(self.message.line())
            .id(self.code.name())
            .elements(None::<Path>);
        group = match &self.excerpt {
            Some(excerpt) => {
                let mark = AnnotationKind::Primary.span(excerpt.mark.clone());
                let snippet = Snippet::source(&excerpt.line)
                    .line_start(self.line)
                    .path(self.file.line());
                group.element(snippet.annotation(mark))
            }
            None => group.element(Path::path(self.place())),
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.line()));
        }
        renderer.render(&[group])
    }

    /// Returns the place as `file`, `file:line` or `file:line:column`.
    pub fn place(&self) -> String {
        match (self.line, self.column) {
            (0, _) => self.file.line(),
            (line, 0) => format!("{}:{line}", self.file.line()),
            (line, column) => format!("{}:{line}:{column}", self.file.line()),
        }
    }
}

impl Origin<'_> {
    /// Creates a problem at a position in this text, with an excerpt of the line.
    pub fn diagnose(
        &self,
        code: DiagnosticCode,
        span: Range<usize>,
        message: impl AsRef<str>,
    ) -> Diagnostic {
        let at = boundary(self.text, span.start);
        let line_start = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line =
            self.first_line + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at]).count();
        let column = self.text[line_start..at].chars().count() + 1;
        Diagnostic {
            line,
            column,
            excerpt: self.excerpt(line_start, at, span.end),
            ..Diagnostic::of_file(code, self.file, line, message)
        }
    }

    /// Returns the first marked line, shortened if it is very long.
    fn excerpt(&self, line_start: usize, at: usize, mark_end: usize) -> Option<Excerpt> {
        if at - line_start > MAX_BEFORE {
            return None;
        }
        let line_end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |length| at + length);
        let to = boundary(self.text, line_end.min(at + MAX_AFTER)).max(at);
        let mark_end = boundary(self.text, mark_end.clamp(at, to)).max(at);
        let before = clean(&self.text[line_start..at]);
        let marked = clean(&self.text[at..mark_end]);
        let line = format!(
            "{before}{marked}{}",
            clean(self.text[mark_end..to].trim_end())
        );
        Some(Excerpt {
            line,
            mark: before.len()..before.len() + marked.len(),
        })
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_struct("Diagnostic", 7)?;
        object.serialize_field("code", self.code.name())?;
        object.serialize_field("severity", self.severity.word())?;
        object.serialize_field("file", &self.file.line())?;
        object.serialize_field("line", &self.line)?;
        object.serialize_field("column", &self.column)?;
        object.serialize_field("message", &self.message.line())?;
        object.serialize_field("help", &self.help.as_ref().map(Text::line))?;
        object.end()
    }
}

/// Returns the last character boundary up to `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0)
}

/// Removes control characters from a part of a line, but keeps its tabs.
fn clean(piece: &str) -> String {
    piece
        .split('\t')
        .map(|part| Text::new(part).to_string())
        .collect::<Vec<_>>()
        .join("\t")
}

/// Returns words such as `3 errors, 1 warning`, or `no problems`.
pub fn count_words(errors: usize, warnings: usize) -> String {
    let some = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let words: Vec<String> = [some(errors, "error"), some(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if words.is_empty() {
        "no problems".into()
    } else {
        words.join(", ")
    }
}

/// Returns the candidate most similar to `word`, if one is similar enough to be suggested.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 100 {
        return None;
    }
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(word.len().min(candidate.len()) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `raw` in backquotes, cleaned and shortened to 60 characters.
pub fn quoted(raw: &str) -> String {
    let line = Text::new(&raw.chars().take(400).collect::<String>()).line();
    if line.chars().count() <= 60 {
        format!("`{line}`")
    } else {
        format!("`{}...`", line.chars().take(57).collect::<String>())
    }
}
