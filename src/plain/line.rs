//! Reading of lines with a maximum length.

use std::io::{self, BufRead};

use crate::core::text::Text;

/// The maximum length of a line in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The result of reading a line; `None` at the end of the input.
pub enum Line {
    Whole(String),
    TooLong,
    None,
}

/// Returns a line without a byte order mark at its start, or an empty line if all of its characters are invisible.
fn visible(line: &str) -> String {
    let line = line.trim_start_matches('\u{feff}');
    match Text::new(line).as_str().trim().is_empty() {
        true => String::new(),
        false => line.to_owned(),
    }
}

/// Reads one line and never holds more than [`MAX_LINE_BYTES`] bytes of it.
pub fn read(input: &mut dyn BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut length = 0usize;
    loop {
        let chunk = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        if chunk.is_empty() && length == 0 {
            return Ok(Line::None);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(chunk.len());
        length = length.saturating_add(taken).saturating_add(1);
        if length <= MAX_LINE_BYTES {
            line.extend_from_slice(&chunk[..taken]);
        }
        let over = end.is_some() || chunk.is_empty();
        let used = taken + usize::from(end.is_some());
        input.consume(used);
        if over {
            let whole = visible(String::from_utf8_lossy(&line).trim_end_matches('\r'));
            return Ok(if length <= MAX_LINE_BYTES {
                Line::Whole(whole)
            } else {
                Line::TooLong
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_nobody_sees_is_empty() {
        let mut input = "\u{feff}a\n\u{200b}\u{feff}\r\nb\u{200b}c\n".as_bytes();
        let mut next = || match read(&mut input).unwrap() {
            Line::Whole(line) => line,
            _ => panic!("no line"),
        };
        assert_eq!([next(), next(), next()], ["a", "", "b\u{200b}c"]);
    }
}
