//! The fast scan of a question: reads its scalar fields up to its first table, and finds its end.
//!
//! It understands the usual ways to write a deck. Anything else is left to the full parser ([`parse`](super::parse)).
//! `build.rs` uses this file, too, and indexes the built-in decks with it.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr2};

/// The largest length of a question or of a head, in bytes.
pub const MAX_QUESTION_BYTES: usize = 1 << 20;
const HEADER: &[u8] = b"[[question]]";

/// The scalar fields of a question, as far as the fast scan understands them.
#[derive(Debug, Default, PartialEq)]
pub struct FastScan<'a> {
    pub id: Option<&'a str>,
    pub facet: Option<&'a str>,
    pub level: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub family: Option<&'a str>,
    pub seconds: Option<u32>,
    /// True if the question has a `[question.simulation]`.
    pub simulated: bool,
    /// True if the question is no longer asked.
    pub retired: bool,
    /// True if only the full parser understands the question.
    pub needs_full_parse: bool,
    /// True if a multiline string is not closed before the end of the text.
    pub unclosed: bool,
}

/// The line that begins the table of a simulation.
const SIMULATION: &[u8] = b"[question.simulation]";

/// Returns true for an id of characters that are always allowed.
pub fn is_id(id: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    // Without an early exit, the compiler can vectorize this loop.
    (1..=100).contains(&id.len()) && id.bytes().fold(true, |all, b| all & allowed(b))
}

/// Returns the start of the first `[[question]]` line at or after `from`; `last` if no input follows.
pub fn next_header(rest: &[u8], from: usize, last: bool) -> Option<usize> {
    static FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(HEADER));
    let mut from = from;
    loop {
        let at = from + FINDER.find(rest.get(from..)?)?;
        from = at + HEADER.len();
        let line = memchr::memrchr(b'\n', &rest[..at]).map_or(0, |newline| newline + 1);
        let blank = |b: &&u8| matches!(**b, b' ' | b'\t');
        let alone = rest[line..at].iter().all(|b| blank(&b));
        match rest[from..].iter().find(|b| !blank(b)) {
            Some(b'\n' | b'\r' | b'#') if alone => return Some(line),
            None if alone => return last.then_some(line),
            _ => {}
        }
    }
}

/// Scans the question at the beginning of `rest`, and returns its fields and its length.
///
/// Returns `None` if more input is needed.
pub fn scan_question(rest: &[u8], last: bool) -> Option<(FastScan<'_>, usize)> {
    let first_line = line_end(rest, 0);
    let mut lines = LineScanner {
        rest,
        at: first_line,
        scalars: true,
        found: FastScan::default(),
    };
    let mut search = first_line;
    loop {
        let (end, really) = match next_header(rest, search, last) {
            Some(end) => (end, true),
            None if last => (rest.len(), false),
            None => return None,
        };
        let Some(string) = lines.scan_to(end) else {
            return Some((lines.found, end));
        };
        if !really {
            (lines.found.needs_full_parse, lines.found.unclosed) = (true, true);
            return Some((lines.found, end));
        }
        match string.close(rest, end) {
            Some(close) if !opens_new_value(rest, close) => {
                lines.at = close + 3;
                lines.skip_line();
                search = lines.at;
            }
            None if !last && rest.len() <= MAX_QUESTION_BYTES => return None,
            close => {
                (lines.found.needs_full_parse, lines.found.unclosed) =
                    (true, last && close.is_none());
                return Some((lines.found, end));
            }
        }
    }
}

/// Returns true if the quotes at `close` follow `key =`: they open a new value, and the previous one was never closed.
pub(super) fn opens_new_value(rest: &[u8], close: usize) -> bool {
    let line = memchr::memrchr(b'\n', &rest[..close]).map_or(0, |newline| newline + 1);
    let before = rest[line..close].trim_ascii();
    before.strip_suffix(b"=").is_some_and(|key| {
        let key = key.trim_ascii();
        !key.is_empty() && key.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
    })
}

/// A multiline string, by its quote character. Backslashes escape only in strings with `"`.
#[derive(Clone, Copy)]
pub(super) struct MultilineString(pub(super) u8);

impl MultilineString {
    /// Returns the position of the closing quotes at or after `from`.
    pub(super) fn close(self, rest: &[u8], mut from: usize) -> Option<usize> {
        let MultilineString(quote) = self;
        loop {
            let at = from
                + if quote == b'"' {
                    memchr2(b'"', b'\\', &rest[from..])?
                } else {
                    memchr(quote, &rest[from..])?
                };
            if rest[at] == b'\\' {
                from = (at + 2).min(rest.len());
            } else if rest[at..].starts_with(&[quote; 3]) {
                return Some(at);
            } else {
                from = at + 1;
            }
        }
    }
}

fn line_end(rest: &[u8], at: usize) -> usize {
    memchr(b'\n', &rest[at..]).map_or(rest.len(), |newline| at + newline + 1)
}

/// A scan of one question, line by line.
struct LineScanner<'a> {
    rest: &'a [u8],
    at: usize,
    /// True before the first table of the question.
    scalars: bool,
    found: FastScan<'a>,
}

impl<'a> LineScanner<'a> {
    /// Scans up to `end`, and returns the multiline string that is still open there.
    fn scan_to(&mut self, end: usize) -> Option<MultilineString> {
        while self.at < end {
            if !self.scalars && !has_long_string(&self.rest[self.at..end]) {
                self.found.simulated |= has_simulation(&self.rest[self.at..end]);
                self.at = end;
                return None;
            }
            let blanks = self.rest[self.at..end]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
            self.at += blanks;
            match self.rest[self.at..end].first() {
                Some(b'#') => self.skip_line(),
                Some(b'[') => {
                    self.scalars = false;
                    self.found.simulated |= self.rest[self.at..end].starts_with(SIMULATION);
                    self.skip_line();
                }
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'-') => {
                    if let Some(string) = self.key_value(end) {
                        return Some(string);
                    }
                }
                Some(b'\n' | b'\r') => self.skip_line(),
                Some(_) => {
                    self.found.needs_full_parse |= self.scalars;
                    if let Some(string) = self.skip_value(end) {
                        return Some(string);
                    }
                }
                None => {}
            }
        }
        None
    }

    fn skip_line(&mut self) {
        self.at = line_end(self.rest, self.at);
    }

    /// Scans a line of the form `key = value`.
    fn key_value(&mut self, end: usize) -> Option<MultilineString> {
        let line = &self.rest[self.at..end];
        let key = &line[..line
            .iter()
            .position(|b| matches!(b, b' ' | b'=' | b'\t' | b'\n'))
            .unwrap_or(line.len())];
        let blank = |from: usize| {
            from + line[from..]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count()
        };
        let equals = blank(key.len());
        if line.get(equals) != Some(&b'=') {
            self.found.needs_full_parse |= self.scalars;
            self.skip_line();
            return None;
        }
        let value = blank(equals + 1);
        self.at += value;
        if self.scalars {
            self.store(key, &line[value..]);
        }
        self.skip_value(end)
    }

    /// Stores the value of a key that form selection needs.
    fn store(&mut self, key: &[u8], value: &'a [u8]) {
        let field = match key {
            b"id" => &mut self.found.id,
            b"facet" => &mut self.found.facet,
            b"level" => &mut self.found.level,
            b"type" => &mut self.found.kind,
            b"family" => &mut self.found.family,
            b"retired" => {
                // A flag is refused later, and the question is asked until then.
                self.found.retired = !value.starts_with(b"true") && !value.starts_with(b"false");
                return;
            }
            b"simulation" => {
                self.found.simulated = true;
                return;
            }
            b"seconds" => {
                let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
                self.found.seconds = plain(&value[..digits]).and_then(|digits| digits.parse().ok());
                self.found.needs_full_parse |= !ends(&value[digits..]);
                return;
            }
            _ => return,
        };
        let inner = value.strip_prefix(b"\"").unwrap_or_default();
        let closed = memchr2(b'"', b'\n', inner).unwrap_or(0);
        *field = plain(&inner[..closed]).filter(|text| !text.is_empty() && !text.contains('\\'));
        self.found.needs_full_parse |=
            field.is_none() || inner.get(closed) != Some(&b'"') || !ends(&inner[closed + 1..]);
    }

    /// Skips a value and the rest of its line, and returns the multiline string that is still open at `end`.
    fn skip_value(&mut self, end: usize) -> Option<MultilineString> {
        let rest = &self.rest[..end];
        if rest[self.at..].first() == Some(&b'"') && !rest[self.at..].starts_with(b"\"\"\"") {
            self.skip_line();
            return None;
        }
        let mut depth = 0usize;
        while let Some(&b) = rest.get(self.at) {
            match b {
                b'"' | b'\'' if rest[self.at..].starts_with(&[b; 3]) => {
                    if let Some(close) = MultilineString(b).close(rest, self.at + 3) {
                        self.at = close + 3;
                    } else {
                        self.at = end;
                        return Some(MultilineString(b));
                    }
                }
                b'"' | b'\'' => self.short_string(b, end),
                b'#' => self.at += memchr(b'\n', &rest[self.at..]).unwrap_or(rest.len() - self.at),
                b'\n' if depth == 0 => {
                    self.at += 1;
                    return None;
                }
                b'[' | b'{' => {
                    depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        None
    }

    /// Skips a one-line string; an unclosed string ends with its line.
    fn short_string(&mut self, quote: u8, end: usize) {
        let rest = &self.rest[..end];
        self.at += 1;
        while let Some(&b) = rest.get(self.at) {
            match b {
                b'\n' => return,
                b'\\' if quote == b'"' && rest.get(self.at + 1).is_some_and(|b| *b != b'\n') => {
                    self.at += 2;
                }
                _ if b == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }
}

/// Returns true if a line of `bytes` begins the table of a simulation.
fn has_simulation(bytes: &[u8]) -> bool {
    static HEADER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SIMULATION));
    HEADER.find_iter(bytes).any(|at| {
        let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        bytes[line..at].iter().all(|b| matches!(b, b' ' | b'\t'))
    })
}

fn has_long_string(bytes: &[u8]) -> bool {
    static QUOTES: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| [Finder::new("\"\"\""), Finder::new("'''")]);
    QUOTES.iter().any(|quotes| quotes.find(bytes).is_some())
}

/// Returns true if only a comment follows on the line.
fn ends(line: &[u8]) -> bool {
    let after = line.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    matches!(after, None | Some(b'\n' | b'#'))
}

fn plain(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
