//! Parses TOML tables according to their description in [`format`](super::format), and collects every problem.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::diagnostic::{Diagnostic, Origin, nearest, quoted};
use super::diagnostic_code::{DiagnosticCode, Severity};
use super::fields::Fields;
use super::format::Table;
use super::value::KeyContext;
use crate::core::question::Kind;

/// The largest number of problems reported for one question or head; the rest of it is not parsed.
const MAX_PROBLEMS: usize = 100;

/// A parser for one part of a deck, with the problems found so far.
pub struct TableReader<'a> {
    pub origin: Origin<'a>,
    pub diagnostics: Vec<Diagnostic>,
    /// True if there was no TOML syntax error, so that a key that was not found is really missing.
    sound: bool,
    /// True if an error was reported.
    failed: bool,
}

impl<'a> TableReader<'a> {
    pub fn new(origin: Origin<'a>) -> Self {
        Self {
            origin,
            diagnostics: Vec::new(),
            sound: true,
            failed: false,
        }
    }

    /// Parses the text as TOML, recovers from syntax errors and reports them.
    pub fn parse(&mut self) -> Spanned<DeTable<'a>> {
        let (table, mut errors) = DeTable::parse_recoverable(self.origin.text);
        // An array that is nested too deeply causes one error per bracket.
        errors.dedup_by(|a, b| a.span() == b.span() && a.message() == b.message());
        for error in errors {
            self.sound = false;
            let end = self.origin.text.trim_end().len();
            let span = error.span().unwrap_or(end..end);
            let at = span.start.min(end);
            match control_character(self.origin.text, at) {
                Some(c) => {
                    let message = format!(
                        "U+{:04X} is a control character, which TOML has only as an escape",
                        u32::from(c)
                    );
                    let help = format!(
                        "delete it, or write \\u{:04X} in a string in double quotes",
                        u32::from(c)
                    );
                    self.report_with(DiagnosticCode::Syntax, at..span.end, message, help);
                }
                None => self.report(DiagnosticCode::Syntax, at..span.end, error.message()),
            }
        }
        table
    }

    /// Reports a problem, unless there are too many already.
    pub fn report(&mut self, code: DiagnosticCode, span: Range<usize>, message: impl AsRef<str>) {
        self.push(code, span, message, None);
    }

    /// Reports a problem like [`Self::report`], with a hint on how to fix it.
    pub fn report_with(
        &mut self,
        code: DiagnosticCode,
        span: Range<usize>,
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        self.push(code, span, message, Some(help.as_ref()));
    }

    pub fn has_errors(&self) -> bool {
        self.failed
    }

    /// Returns true if no further problem would be reported, so that parsing can stop.
    fn is_full(&self) -> bool {
        self.failed && self.diagnostics.len() >= MAX_PROBLEMS
    }

    fn push(
        &mut self,
        code: DiagnosticCode,
        span: Range<usize>,
        message: impl AsRef<str>,
        help: Option<&str>,
    ) {
        // The first error is always kept, even after many warnings.
        let fails = code.severity() == Severity::Error && !self.failed;
        if self.diagnostics.len() < MAX_PROBLEMS || fails {
            self.failed |= fails;
            let diagnostic = self.origin.diagnose(code, span, message);
            self.diagnostics.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    /// Reports an unknown name, and suggests the most similar known one.
    pub fn unknown<'n>(
        &mut self,
        span: Range<usize>,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        if self.is_full() {
            return;
        }
        let message = format!("there is no {what} {}", quoted(name));
        match nearest(name, known) {
            Some(meant) => self.report_with(
                DiagnosticCode::UnknownName,
                span,
                message,
                format!("did you mean `{meant}`?"),
            ),
            None => self.report(DiagnosticCode::UnknownName, span, message),
        }
    }

    /// Parses a table according to its format; `kind` is the type of the question to which it belongs.
    pub fn table(
        &mut self,
        table: &DeTable,
        span: Range<usize>,
        format: &Table,
        what: String,
        kind: Option<Kind>,
    ) -> Fields {
        let mut fields = Fields::new(what, span);
        let mut meant = Vec::new();
        for (name, value) in table {
            if self.is_full() {
                break;
            }
            match format.key(name.get_ref()) {
                None => meant.extend(self.unknown_key(name, table, format, &fields.what, kind)),
                Some(key) if kind.is_some_and(|kind| !key.applies_to(kind)) => {
                    let types: Vec<_> = key.kinds.iter().map(|kind| kind.word()).collect();
                    let message = format!(
                        "`{}` belongs to questions of type {}",
                        key.name,
                        types.join(" and ")
                    );
                    self.report(DiagnosticCode::NotOfType, name.span(), message);
                }
                Some(key) => {
                    let context = KeyContext {
                        key,
                        name: name.span(),
                        table: &fields.what,
                        kind,
                    };
                    match self.field_value(&context, value) {
                        Some(field_value) => fields.insert(key.name, value.span(), field_value),
                        None => fields.refuse(key.name),
                    }
                }
            }
        }
        for key in format
            .keys
            .iter()
            .filter(|key| key.required && !table.contains_key(key.name))
        {
            // If the type is unknown, only keys of all types are reported. A misspelt key has been reported already.
            let belongs = kind.map_or(key.kinds.is_empty(), |kind| key.applies_to(kind));
            if self.sound && belongs && !meant.contains(&key.name) {
                let message = format!("{} has no `{}`", fields.what, key.name);
                self.report_with(
                    DiagnosticCode::MissingKey,
                    fields.span.clone(),
                    message,
                    format!("`{}`: {}", key.name, key.doc),
                );
            }
        }
        fields
    }

    /// Reports an unknown key, and returns the known key that it probably means.
    fn unknown_key(
        &mut self,
        name: &Spanned<Cow<str>>,
        table: &DeTable,
        format: &Table,
        what: &str,
        kind: Option<Kind>,
    ) -> Option<&'static str> {
        let message = format!("{what} cannot have the key {}", quoted(name.get_ref()));
        let fitting = format
            .keys
            .iter()
            .filter(|key| kind.is_none_or(|kind| key.applies_to(kind)));
        let free: Vec<&'static str> = fitting
            .map(|key| key.name)
            .filter(|key| !table.contains_key(*key))
            .collect();
        let meant = nearest(name.get_ref(), free.iter().copied());
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if free.is_empty() => "it has all its keys already: leave this one out".into(),
            None => format!("it can still have {}", free.join(", ")),
        };
        self.report_with(DiagnosticCode::UnknownKey, name.span(), message, help);
        meant
    }
}

/// Returns the control character at a position, if there is one.
fn control_character(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next().filter(|c| is_control(*c))
}

/// Returns true for a control character that TOML allows only as an escape.
pub(super) fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')
}
