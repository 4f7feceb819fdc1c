//! The lines and brackets of a text, outside of its strings.

use crate::deck::fast_scan::{MultilineString, opens_new_value};

/// The lines of a text that begin outside of multiline strings.
pub(super) struct Lines {
    pub(super) starts: Vec<usize>,
    /// The brackets outside of strings and comments, with their positions.
    pub(super) brackets: Vec<(usize, u8)>,
    /// The beginning of a multiline string that is never closed.
    pub(super) unclosed: Option<usize>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut lines = Lines {
            starts: vec![0],
            brackets: Vec::new(),
            unclosed: None,
        };
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            match b {
                // Quotes elsewhere close a text that was never opened; the parser reports its beginning.
                b'"' | b'\'' if bytes[at..].starts_with(&[b; 3]) && !begins_value(bytes, at) => {
                    return lines;
                }
                b'"' | b'\'' if bytes[at..].starts_with(&[b; 3]) => {
                    match MultilineString(b).close(bytes, at + 3) {
                        Some(close) if !opens_new_value(bytes, close) => at = close + 3,
                        _ => {
                            lines.unclosed = Some(at);
                            return lines;
                        }
                    }
                }
                b'"' | b'\'' => at = line_string_end(bytes, at),
                b'#' => at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n),
                b'\n' => {
                    at += 1;
                    lines.starts.push(at);
                }
                b'[' | b']' | b'{' | b'}' => {
                    lines.brackets.push((at, b));
                    at += 1;
                }
                _ => at += 1,
            }
        }
        lines
    }
}

/// Returns true if a value can begin at `at`: after `=`, `[`, `,` or `{`, or at the beginning of a line.
fn begins_value(bytes: &[u8], at: usize) -> bool {
    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
    let before = bytes[line..at].trim_ascii_end().last();
    before.is_none_or(|b| matches!(b, b'=' | b'[' | b',' | b'{'))
}

/// Returns the position after a string on one line; a quote without a partner on its line is skipped.
fn line_string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'\n' => break,
            b'\\' if bytes[open] == b'"' => at += 2,
            _ if b == bytes[open] => return at + 1,
            _ => at += 1,
        }
    }
    open + 1
}

/// Returns the line at `at`, without its line break.
pub(super) fn line_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.lines().next().unwrap_or_default()
}

/// Returns the key of a line that begins with `key =`.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim();
    let is_bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (!key.is_empty() && key.bytes().all(is_bare)).then_some(key)
}
