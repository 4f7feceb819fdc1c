//! Reads TOML tables by their description in [`format`](super::format), and collects every problem on the way.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::code::{Code, Severity};
use super::diagnostic::{Diagnostic, Origin, nearest, quoted};
use super::fields::Fields;
use super::format::Table;
use crate::core::question::Kind;

/// Problems reported of one piece of a deck; what is as broken as that is not read to its end.
const MOST: usize = 100;

/// What is read, and what was wrong with it so far.
pub struct Reader<'a> {
    pub origin: Origin<'a>,
    pub diagnostics: Vec<Diagnostic>,
    /// The TOML itself is sound, so what is missing is really missing.
    sound: bool,
    /// An error was reported.
    failed: bool,
}

impl<'a> Reader<'a> {
    pub fn new(origin: Origin<'a>) -> Self {
        Self { origin, diagnostics: Vec::new(), sound: true, failed: false }
    }

    /// The TOML of the text, as far as it can be read.
    pub fn parse(&mut self) -> Spanned<DeTable<'a>> {
        let (table, mut errors) = DeTable::parse_recoverable(self.origin.text);
        // An array that is nested too deeply ends in as many errors as it has brackets.
        errors.dedup_by(|a, b| a.span() == b.span() && a.message() == b.message());
        for error in errors {
            self.sound = false;
            let end = self.origin.text.trim_end().len();
            let span = error.span().unwrap_or(end..end);
            let at = span.start.min(end);
            match control_character(self.origin.text, at) {
                Some(c) => {
                    let message =
                        format!("U+{:04X} is a control character, which TOML has only as an escape", u32::from(c));
                    let help = format!("delete it, or write \\u{:04X} in a string in double quotes", u32::from(c));
                    self.report_with(Code::Syntax, at..span.end, message, help);
                }
                None => self.report(Code::Syntax, at..span.end, error.message()),
            }
        }
        table
    }

    /// Notes a problem, unless there are so many already that one more would help nobody.
    pub fn report(&mut self, code: Code, span: Range<usize>, message: impl AsRef<str>) {
        self.push(code, span, message, None);
    }

    pub fn report_with(&mut self, code: Code, span: Range<usize>, message: impl AsRef<str>, help: impl AsRef<str>) {
        self.push(code, span, message, Some(help.as_ref()));
    }

    /// Returns whether nothing more would be reported, so that the rest need not be read.
    fn is_full(&self) -> bool {
        self.failed && self.diagnostics.len() >= MOST
    }

    fn push(&mut self, code: Code, span: Range<usize>, message: impl AsRef<str>, help: Option<&str>) {
        // The first error is never dropped, however many warnings came before it.
        let fails = code.severity() == Severity::Error && !self.failed;
        if self.diagnostics.len() < MOST || fails {
            self.failed |= fails;
            let diagnostic = self.origin.diagnose(code, span, message);
            self.diagnostics.push(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            });
        }
    }

    /// Says that a name is unknown, and which one was probably meant.
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
            Some(meant) => self.report_with(Code::UnknownName, span, message, format!("did you mean `{meant}`?")),
            None => self.report(Code::UnknownName, span, message),
        }
    }

    /// Reads `table` as `format` describes it; `kind` is the type of the question it belongs to.
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
                Some(key) if kind.is_some_and(|kind| !key.is_of(kind)) => {
                    let types: Vec<_> = key.kinds.iter().map(|kind| kind.word()).collect();
                    let message = format!("`{}` belongs to questions of type {}", key.name, types.join(" and "));
                    self.report(Code::NotOfType, name.span(), message);
                }
                Some(key) => match self.datum(key, name.span(), value, &fields.what, kind) {
                    Some(datum) => fields.insert(key.name, value.span(), datum),
                    None => fields.refuse(key.name),
                },
            }
        }
        for key in format.keys.iter().filter(|key| key.required && !table.contains_key(key.name)) {
            // Without a type only the keys of all types are known to be missing, and a misspelt key has been named.
            let belongs = kind.map_or(key.kinds.is_empty(), |kind| key.is_of(kind));
            if self.sound && belongs && !meant.contains(&key.name) {
                let message = format!("{} has no `{}`", fields.what, key.name);
                self.report_with(
                    Code::MissingKey,
                    fields.span.clone(),
                    message,
                    format!("`{}`: {}", key.name, key.doc),
                );
            }
        }
        fields
    }

    /// Says that a key is unknown, and returns the one that was probably meant.
    fn unknown_key(
        &mut self,
        name: &Spanned<Cow<str>>,
        table: &DeTable,
        format: &Table,
        what: &str,
        kind: Option<Kind>,
    ) -> Option<&'static str> {
        let message = format!("{what} cannot have the key {}", quoted(name.get_ref()));
        let fitting = format.keys.iter().filter(|key| kind.is_none_or(|kind| key.is_of(kind)));
        let free: Vec<&'static str> = fitting.map(|key| key.name).filter(|key| !table.contains_key(*key)).collect();
        let meant = nearest(name.get_ref(), free.iter().copied());
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if free.is_empty() => "it has all its keys already: leave this one out".into(),
            None => format!("it can still have {}", free.join(", ")),
        };
        self.report_with(Code::UnknownKey, name.span(), message, help);
        meant
    }
}

/// Returns the control character at a place, which no editor shows.
fn control_character(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next().filter(|c| is_control(*c))
}

/// Returns whether TOML has a character as an escape only.
pub(super) fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')
}
