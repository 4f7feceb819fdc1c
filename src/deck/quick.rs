//! The quick reading of a question: its scalar lines up to its first table, and where it ends.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr2};

use super::scan::LONGEST;

/// What the scalar lines say, as far as they are plain.
#[derive(Debug, Default, PartialEq)]
pub struct Quick<'a> {
    pub id: Option<&'a str>,
    pub facet: Option<&'a str>,
    pub level: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub family: Option<&'a str>,
    pub seconds: Option<u32>,
    /// Something is written in a way that only the full reading understands.
    pub odd: bool,
    /// A string of several lines is not closed anywhere in the text.
    pub open: bool,
}

/// The characters of an id that needs no second look.
pub fn is_id(id: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    // Without a way out early this is one instruction for many bytes.
    (1..=100).contains(&id.len()) && id.bytes().fold(true, |all, b| all & allowed(b))
}

/// Reads the question that `rest` begins with, and says where it ends.
///
/// `header` finds the next line at or after a place that says `[[question]]`. `None`: more has to be read first.
pub fn read<'a>(rest: &'a [u8], header: impl Fn(usize) -> Option<usize>, last: bool) -> Option<(Quick<'a>, usize)> {
    let first_line = line_end(rest, 0);
    let mut lines = Lines { rest, at: first_line, scalars: true, quick: Quick::default() };
    let mut search = first_line;
    loop {
        let (end, really) = match header(search) {
            Some(end) => (end, true),
            None if last => (rest.len(), false),
            None => return None,
        };
        let Some(string) = lines.run(end) else { return Some((lines.quick, end)) };
        if !really {
            (lines.quick.odd, lines.quick.open) = (true, true);
            return Some((lines.quick, end));
        }
        match string.close(rest, end) {
            Some(close) if !opens_a_text(rest, close) => {
                lines.at = close + 3;
                lines.skip_line();
                search = lines.at;
            }
            None if !last && rest.len() <= LONGEST => return None,
            close => {
                (lines.quick.odd, lines.quick.open) = (true, last && close.is_none());
                return Some((lines.quick, end));
            }
        }
    }
}

/// The quotes at `close` stand right after `key =`.
fn opens_a_text(rest: &[u8], close: usize) -> bool {
    let line = memchr::memrchr(b'\n', &rest[..close]).map_or(0, |newline| newline + 1);
    let before = rest[line..close].trim_ascii();
    before.strip_suffix(b"=").is_some_and(|key| {
        let key = key.trim_ascii();
        !key.is_empty() && key.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
    })
}

/// A string of several lines: the quote it is made of, and whether `\` escapes in it.
#[derive(Clone, Copy)]
struct Long(u8);

impl Long {
    /// Where the closing quotes begin, searched from `from`.
    fn close(self, rest: &[u8], mut from: usize) -> Option<usize> {
        let Long(quote) = self;
        loop {
            let at =
                from + if quote == b'"' { memchr2(b'"', b'\\', &rest[from..])? } else { memchr(quote, &rest[from..])? };
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

struct Lines<'a> {
    rest: &'a [u8],
    at: usize,
    /// Before the first table of the question.
    scalars: bool,
    quick: Quick<'a>,
}

impl<'a> Lines<'a> {
    /// Reads on to `end`; gives the string that is still open there.
    fn run(&mut self, end: usize) -> Option<Long> {
        while self.at < end {
            if !self.scalars && !has_long_string(&self.rest[self.at..end]) {
                self.at = end;
                return None;
            }
            let blanks = self.rest[self.at..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            self.at += blanks;
            match self.rest[self.at..end].first() {
                Some(b'#') => self.skip_line(),
                Some(b'[') => {
                    self.scalars = false;
                    self.skip_line();
                }
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'-') => {
                    if let Some(string) = self.pair(end) {
                        return Some(string);
                    }
                }
                Some(b'\n' | b'\r') => self.skip_line(),
                Some(_) => {
                    self.quick.odd |= self.scalars;
                    if let Some(string) = self.value(end) {
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

    /// `key = value` on a line.
    fn pair(&mut self, end: usize) -> Option<Long> {
        let line = &self.rest[self.at..end];
        let key = &line[..line.iter().position(|b| matches!(b, b' ' | b'=' | b'\t' | b'\n')).unwrap_or(line.len())];
        let blank = |from: usize| from + line[from..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let equals = blank(key.len());
        if line.get(equals) != Some(&b'=') {
            self.quick.odd |= self.scalars;
            self.skip_line();
            return None;
        }
        let value = blank(equals + 1);
        self.at += value;
        if self.scalars {
            self.note(key, &line[value..]);
        }
        self.value(end)
    }

    /// Keeps the value of a key that the choice of a form needs.
    fn note(&mut self, key: &[u8], value: &'a [u8]) {
        let field = match key {
            b"id" => &mut self.quick.id,
            b"facet" => &mut self.quick.facet,
            b"level" => &mut self.quick.level,
            b"type" => &mut self.quick.kind,
            b"family" => &mut self.quick.family,
            b"seconds" => {
                let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
                self.quick.seconds = plain(&value[..digits]).and_then(|digits| digits.parse().ok());
                self.quick.odd |= !ends(&value[digits..]);
                return;
            }
            _ => return,
        };
        let inner = value.strip_prefix(b"\"").unwrap_or_default();
        let closed = memchr2(b'"', b'\n', inner).unwrap_or(0);
        *field = plain(&inner[..closed]).filter(|text| !text.is_empty() && !text.contains('\\'));
        self.quick.odd |= field.is_none() || inner.get(closed) != Some(&b'"') || !ends(&inner[closed + 1..]);
    }

    /// Steps over the value here and the rest of its line; gives the string that is open at `end`.
    fn value(&mut self, end: usize) -> Option<Long> {
        let rest = &self.rest[..end];
        if rest[self.at..].first() == Some(&b'"') && !rest[self.at..].starts_with(b"\"\"\"") {
            self.skip_line();
            return None;
        }
        let mut depth = 0usize;
        while let Some(&b) = rest.get(self.at) {
            match b {
                b'"' | b'\'' if rest[self.at..].starts_with(&[b; 3]) => match Long(b).close(rest, self.at + 3) {
                    Some(close) => self.at = close + 3,
                    None => {
                        self.at = end;
                        return Some(Long(b));
                    }
                },
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

    /// Steps over a string on one line; a string that is not closed ends with its line.
    fn short_string(&mut self, quote: u8, end: usize) {
        let rest = &self.rest[..end];
        self.at += 1;
        while let Some(&b) = rest.get(self.at) {
            match b {
                b'\n' => return,
                b'\\' if quote == b'"' && rest.get(self.at + 1).is_some_and(|b| *b != b'\n') => self.at += 2,
                _ if b == quote => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }
}

fn has_long_string(bytes: &[u8]) -> bool {
    static QUOTES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [Finder::new("\"\"\""), Finder::new("'''")]);
    QUOTES.iter().any(|quotes| quotes.find(bytes).is_some())
}

/// Nothing but a comment follows on the line.
fn ends(line: &[u8]) -> bool {
    let after = line.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    matches!(after, None | Some(b'\n' | b'#'))
}

fn plain(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
