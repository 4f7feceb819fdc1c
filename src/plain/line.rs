//! Reading of lines with a maximum length.

use std::io::{self, BufRead};

/// The maximum length of a line in bytes.
pub const MAX_LINE_BYTES: usize = 64 * 1024;

/// The result of reading a line; `None` at the end of the input.
pub enum Line {
    Whole(String),
    TooLong,
    None,
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
            let whole = String::from_utf8_lossy(&line)
                .trim_end_matches('\r')
                .to_owned();
            return Ok(if length <= MAX_LINE_BYTES {
                Line::Whole(whole)
            } else {
                Line::TooLong
            });
        }
    }
}
