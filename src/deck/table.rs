//! Parses TOML tables according to their description in [`format`](super::format), and collects every problem.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::cause::{self, SyntaxError};
use super::diagnostic::{Diagnostic, Origin, nearest, quoted};
use super::diagnostic_code::{DiagnosticCode, Severity};
use super::fields::Fields;
use super::format::{Key, QUESTION, Standard, Table, is_computed};
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
    /// How complete the deck has to be.
    pub standard: Standard,
    /// True if an error was reported.
    failed: bool,
    /// Keys of the question that were found in one of its tables.
    misplaced: Vec<&'static str>,
}

impl<'a> TableReader<'a> {
    pub fn new(origin: Origin<'a>) -> Self {
        Self {
            origin,
            diagnostics: Vec::new(),
            sound: true,
            standard: Standard::Own,
            failed: false,
            misplaced: Vec::new(),
        }
    }

    /// Parses the text as TOML, and reports the mistake behind its first syntax error.
    ///
    /// Later errors are usually consequences of the first. The table holds the keys that the parser could read.
    pub fn parse(&mut self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.origin.text);
        let end = self.origin.text.trim_end().len();
        let place = |error: &&toml::de::Error| error.span().map_or(end, |span| span.start);
        if let Some(error) = errors.iter().min_by_key(place) {
            self.sound = false;
            let span = error.span().unwrap_or(end..end);
            let at = span.start.min(end);
            self.report_syntax(&SyntaxError {
                span: at..span.end.max(at),
                message: error.message(),
            });
        }
        table
    }

    fn report_syntax(&mut self, error: &SyntaxError) {
        if let Some(c) = control_character(self.origin.text, error.span.start) {
            let number = u32::from(c);
            let message =
                format!("U+{number:04X} is a control character, which TOML has only as an escape");
            let help = format!("delete it, or write \\u{number:04X} in a string in double quotes");
            self.report_with(DiagnosticCode::Syntax, error.span.clone(), message, help);
        } else if let Some(cause) = cause::of_errors(self.origin.text, Some(error)) {
            self.report_with(
                DiagnosticCode::Syntax,
                cause.span,
                cause.message,
                cause.help,
            );
        } else {
            self.report(DiagnosticCode::Syntax, error.span.clone(), error.message);
        }
    }

    /// Returns true if the text has no TOML syntax error.
    pub fn is_sound(&self) -> bool {
        self.sound
    }

    /// Replaces all problems by the wrong header of a table, if there were errors and such a header caused them.
    pub fn blame_header(&mut self) {
        if !self.failed || !self.sound {
            return;
        }
        if let Some(cause) = cause::of_errors(self.origin.text, None) {
            self.diagnostics.clear();
            self.report_with(
                DiagnosticCode::UnknownKey,
                cause.span,
                cause.message,
                cause.help,
            );
        }
    }

    /// Reports a problem, unless there are too many already.
    pub fn report(&mut self, code: DiagnosticCode, span: Range<usize>, message: impl AsRef<str>) {
        self.push(code, code.severity(), span, message, None);
    }

    /// Reports that something is not complete, with a hint on how to complete it: a warning in a draft.
    pub fn report_incomplete(
        &mut self,
        code: DiagnosticCode,
        span: Range<usize>,
        message: impl AsRef<str>,
        help: Option<&str>,
    ) {
        let severity = match self.standard {
            Standard::Draft => Severity::Warning,
            _ => code.severity(),
        };
        self.push(code, severity, span, message, help);
    }

    /// Reports a problem like [`Self::report`], with a hint on how to fix it.
    pub fn report_with(
        &mut self,
        code: DiagnosticCode,
        span: Range<usize>,
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        self.push(code, code.severity(), span, message, Some(help.as_ref()));
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
        severity: Severity,
        span: Range<usize>,
        message: impl AsRef<str>,
        help: Option<&str>,
    ) {
        // The first error is always kept, even after many warnings.
        let fails = severity == Severity::Error && !self.failed;
        if self.diagnostics.len() < MAX_PROBLEMS || fails {
            self.failed |= fails;
            let mut diagnostic = self.origin.diagnose(code, span, message);
            diagnostic.severity = severity;
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
        let mut unknown: Vec<&Spanned<Cow<str>>> = Vec::new();
        let mut foreign: Vec<(&'static Key, Range<usize>)> = Vec::new();
        for (name, value) in table {
            if self.is_full() {
                break;
            }
            match format.key(name.get_ref()) {
                None => unknown.push(name),
                Some(key) if kind.is_some_and(|kind| !key.applies_to(kind)) => {
                    foreign.push((key, name.span()));
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
        let has_url = table.contains_key("url");
        // If the type is unknown, only keys of all types are expected.
        let missing = format.keys.iter().filter(|key| {
            let belongs = kind.map_or(key.kinds.is_empty(), |kind| key.applies_to(kind));
            let is_computed = table.contains_key("simulation") && is_computed(key);
            let is_required = key.is_required(self.standard, has_url, kind);
            is_required && belongs && !is_computed && !table.contains_key(key.name)
        });
        let mut missing: Vec<&'static Key> = missing.collect();
        if self.report_foreign(&mut foreign, &missing) {
            missing.retain(|key| {
                if !key.kinds.is_empty() {
                    fields.refuse(key.name);
                }
                key.kinds.is_empty()
            });
        }
        let (later, missing): (Vec<_>, Vec<_>) = missing
            .into_iter()
            .partition(|key| self.standard == Standard::Draft && key.can_follow());
        self.report_later(&fields, &later);
        missing.iter().for_each(|key| fields.refuse(key.name));
        let keys = FreeKeys::of(format, table, kind, missing);
        unknown.sort_by_key(|name| name.span().start);
        self.report_keys(&mut fields, &unknown, keys);
        fields
    }

    /// Reports the keys of other types of question, once for all keys of the same types. Returns true if keys of the
    /// question's own type are missing as well, so that its type is probably wrong.
    fn report_foreign(
        &mut self,
        foreign: &mut [(&'static Key, Range<usize>)],
        missing: &[&'static Key],
    ) -> bool {
        foreign
            .sort_by_key(|(key, span)| (key.kinds.first().copied(), key.kinds.len(), span.start));
        let is_other = missing.iter().any(|key| !key.kinds.is_empty());
        for same in foreign.chunk_by(|(a, _), (b, _)| a.kinds == b.kinds) {
            let [(first, span), ..] = same else { continue };
            let types: Vec<_> = first.kinds.iter().map(|kind| kind.word()).collect();
            let names: Vec<&str> = same.iter().map(|(key, _)| key.name).collect();
            let belong = if names.len() == 1 {
                "belongs"
            } else {
                "belong"
            };
            let message = format!(
                "{} {belong} to questions of type {}",
                listed(&names, "and"),
                types.join(" and ")
            );
            match types.as_slice() {
                [meant] if is_other => {
                    let help = format!("write type = \"{meant}\"");
                    self.report_with(DiagnosticCode::NotOfType, span.clone(), message, help);
                }
                _ => self.report(DiagnosticCode::NotOfType, span.clone(), message),
            }
        }
        is_other && !foreign.is_empty()
    }

    /// Reports the keys that a draft does not have yet.
    fn report_later(&mut self, fields: &Fields, missing: &[&'static Key]) {
        if missing.is_empty() || !self.sound {
            return;
        }
        let names: Vec<&str> = missing.iter().map(|key| key.name).collect();
        let message = format!("{} has no {} yet", fields.what, listed(&names, "and"));
        let span = fields.span.clone();
        self.report_incomplete(
            DiagnosticCode::MissingKey,
            span,
            message,
            Some(&docs(missing)),
        );
    }

    /// Reports unknown and missing keys. An unknown key may be a missing one under another name, so one error names both.
    fn report_keys(
        &mut self,
        fields: &mut Fields,
        unknown: &[&Spanned<Cow<str>>],
        mut keys: FreeKeys,
    ) {
        let mut rest = Vec::new();
        for name in unknown {
            let meant = keys.meant(name.get_ref());
            if meant.is_empty() {
                rest.push(*name);
                continue;
            }
            let message = format!(
                "{} cannot have the key {}",
                fields.what,
                quoted(name.get_ref())
            );
            let help = format!("did you mean {}?", listed(&meant, "or"));
            self.report_with(DiagnosticCode::UnknownKey, name.span(), message, help);
            keys.missing.retain(|key| !meant.contains(&key.name));
        }
        keys.missing
            .retain(|key| !self.misplaced.contains(&key.name));
        fields.has_unknown |= !unknown.is_empty();
        if let Some(first) = rest.first() {
            self.report_unknown(&fields.what, first.span(), &rest, &keys);
        } else if self.sound && !keys.missing.is_empty() {
            let names: Vec<&str> = keys.missing.iter().map(|key| key.name).collect();
            let message = match names.as_slice() {
                ["deck"] => "the file has no [deck] table".to_owned(),
                names => format!("{} has no {}", fields.what, listed(names, "and")),
            };
            self.report_with(
                DiagnosticCode::MissingKey,
                fields.span.clone(),
                message,
                docs(&keys.missing),
            );
        }
    }

    /// Reports the unknown keys that resemble no other key.
    fn report_unknown(
        &mut self,
        what: &str,
        span: Range<usize>,
        unknown: &[&Spanned<Cow<str>>],
        keys: &FreeKeys,
    ) {
        let names: Vec<&str> = unknown
            .iter()
            .take(5)
            .map(|name| name.get_ref().as_ref())
            .collect();
        let message = match names.as_slice() {
            [name] => format!("{what} cannot have the key {}", quoted(name)),
            names => format!("{what} cannot have the keys {}", listed(names, "and")),
        };
        let of_question = unknown
            .iter()
            .find_map(|name| QUESTION.key(name.get_ref()))
            .filter(|key| !key.is_of_tables())
            .filter(|key| keys.part_of.is_some_and(|kind| key.applies_to(kind)));
        let help = match of_question {
            Some(key) => {
                self.misplaced.push(key.name);
                let name = key.name;
                format!(
                    "`{name}` belongs to the question: move it above the first [[question.…]] or [question.…]"
                )
            }
            _ if !keys.missing.is_empty() => format!("it still needs {}", docs(&keys.missing)),
            _ if keys.free.is_empty() => "it has all its keys already: leave this one out".into(),
            _ => format!("it can still have {}", keys.free.join(", ")),
        };
        self.report_with(DiagnosticCode::UnknownKey, span, message, help);
    }
}

/// The keys that a table can have and doesn't.
struct FreeKeys {
    free: Vec<&'static str>,
    missing: Vec<&'static Key>,
    /// The type of the question whose option or other table this is.
    part_of: Option<Kind>,
}

impl FreeKeys {
    fn of(format: &Table, table: &DeTable, kind: Option<Kind>, missing: Vec<&'static Key>) -> Self {
        let fitting = format
            .keys
            .iter()
            .filter(|key| kind.is_none_or(|kind| key.applies_to(kind)));
        let free = fitting
            .map(|key| key.name)
            .filter(|key| !table.contains_key(*key))
            .collect();
        let part_of = kind.filter(|_| !std::ptr::eq(format, &raw const QUESTION));
        Self {
            free,
            missing,
            part_of,
        }
    }

    /// Returns the free keys that an author probably means by `name`.
    fn meant(&self, name: &str) -> Vec<&'static str> {
        if let Some(key) = nearest(name, self.free.iter().copied()) {
            return vec![key];
        }
        let extends = |key: &&'static str| {
            key.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('_'))
                || name
                    .strip_suffix(*key)
                    .is_some_and(|rest| rest.ends_with('_'))
                || abbreviates(name, key)
        };
        self.free.iter().copied().filter(extends).collect()
    }
}

/// Returns keys with their meaning.
fn docs(keys: &[&'static Key]) -> String {
    let docs = keys
        .iter()
        .map(|key| format!("`{}`: {}", key.name, key.doc));
    docs.collect::<Vec<_>>().join(" ")
}

/// Returns true if `short` is `key` with letters left out, such as `vals` for `values`.
fn abbreviates(short: &str, key: &str) -> bool {
    let mut letters = key.chars();
    short.len() >= 3
        && short.chars().next() == key.chars().next()
        && short.chars().all(|c| letters.any(|letter| letter == c))
}

/// Returns names in backquotes, as in "`a`, `b` and `c`".
fn listed(names: &[&str], last: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    match names.split_last() {
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => names.join(""),
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
