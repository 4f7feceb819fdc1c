//! The rows of a table in text, each with its line.

use csv::{ReaderBuilder, StringRecord, Trim};

/// The reason why a table was read only in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line of the first row that was not read, from 1.
    pub line: usize,
    pub message: String,
}

/// Calls `row` for each row that is not blank, with the line on which it begins, until it returns false.
///
/// # Errors
/// A quotation mark that is not closed, which would take in the rest of the text.
pub fn each(
    text: &str,
    separator: u8,
    mut row: impl FnMut(usize, &StringRecord) -> bool,
) -> Result<(), Broken> {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(Trim::All)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let (mut line, mut counted) = (1, 0);
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                let message = format!("the table can't be read: {error}");
                return Err(Broken { line, message });
            }
        }
        // The reader's own line numbers lag behind after CRLF.
        let from = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let blank = text.as_bytes()[from..]
            .iter()
            .take_while(|b| matches!(b, b'\r' | b'\n'));
        let start = from + blank.count();
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..start]).count();
        counted = start;
        let end = reader.position().byte() as usize;
        if end >= text.len() && is_open(&text[start..], separator) {
            let rest = text[start..].lines().count();
            let message = format!(
                "a quotation mark is not closed: {rest} lines from here on were not read; write it twice inside of quotes"
            );
            return Err(Broken { line, message });
        }
        if !record.iter().all(str::is_empty) && !row(line, &record) {
            return Ok(());
        }
    }
}

/// Returns true if a quoted cell in the last row of a text has no end.
fn is_open(row: &str, separator: u8) -> bool {
    let bytes = row.as_bytes();
    let (mut at, mut starts_cell) = (0, true);
    while at < bytes.len() {
        if starts_cell && bytes[at] == b'"' {
            // Skips to the end of the quoted cell.
            at += 1;
            loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (None, _) => return true,
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), _) => break,
                    _ => at += 1,
                }
            }
        }
        starts_cell = bytes[at] == separator || matches!(bytes[at], b'\r' | b'\n');
        at += 1;
    }
    false
}
