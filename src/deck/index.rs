//! The index of a deck: the position of each question and the fields that the fast scan found, in a compact form.
//!
//! `build.rs` writes the indexes of the built-in decks. This file and [`fast_scan`](super::fast_scan) are also part of
//! it, so they use nothing else of the crate.

use std::collections::HashMap;

use super::fast_scan::FastScan;

/// The position of a question in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The offset in bytes.
    pub start: u32,
    pub len: u32,
    /// The number of its first line, from 1.
    pub line: u32,
}

const SIMULATED: u8 = 1;
const RETIRED: u8 = 2;
const NEEDS_FULL_PARSE: u8 = 4;
const HAS_SECONDS: u8 = 8;

/// The number of a word that is missing, and of one that follows in full; others refer to earlier words.
const MISSING: u32 = 0;
const NEW: u32 = 1;

/// A writer of indexes.
#[derive(Debug, Default)]
pub struct IndexWriter {
    rows: Vec<u8>,
    /// The numbers of the words so far: facets, levels, types and families repeat.
    words: HashMap<String, u32>,
    /// The end of the previous question, and its first line.
    before: (u32, u32),
}

impl IndexWriter {
    /// Adds a question, which must come after the previous one in its file.
    pub fn push(&mut self, chunk: Chunk, found: &FastScan) {
        let (end, line) = self.before;
        self.number(chunk.start.wrapping_sub(end));
        self.number(chunk.len);
        self.number(chunk.line.wrapping_sub(line));
        self.before = (chunk.start.wrapping_add(chunk.len), chunk.line);
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        self.rows.push(
            flag(found.simulated, SIMULATED)
                | flag(found.retired, RETIRED)
                | flag(found.needs_full_parse, NEEDS_FULL_PARSE)
                | flag(found.seconds.is_some(), HAS_SECONDS),
        );
        if found.needs_full_parse {
            return;
        }
        self.text(found.id.unwrap_or_default());
        for word in [found.facet, found.level, found.kind, found.family] {
            self.word(word);
        }
        found.seconds.into_iter().for_each(|n| self.number(n));
    }

    /// Returns the index of all questions so far.
    pub fn finish(self) -> Vec<u8> {
        self.rows
    }

    /// Writes a number in groups of 7 bits, the lowest first.
    fn number(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.rows.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.rows.push(n as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.rows.extend(text.as_bytes());
    }

    fn word(&mut self, word: Option<&str>) {
        match word.map(|word| (word, self.words.get(word).copied())) {
            None => self.number(MISSING),
            Some((_, Some(known))) => self.number(known),
            Some((word, None)) => {
                let next = NEW + 1 + self.words.len() as u32;
                self.words.insert(word.to_owned(), next);
                self.number(NEW);
                self.text(word);
            }
        }
    }
}

/// A reader of indexes. It accepts any bytes, and never panics.
pub struct IndexReader<'a> {
    rows: &'a [u8],
    words: Vec<&'a str>,
    before: (u32, u32),
}

impl<'a> IndexReader<'a> {
    pub fn new(index: &'a [u8]) -> Self {
        Self {
            rows: index,
            words: Vec::new(),
            before: (0, 0),
        }
    }

    /// Returns true after the last question.
    pub fn is_at_end(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the next question; `None` if the bytes are not an index.
    pub fn next_row(&mut self) -> Option<(Chunk, FastScan<'a>)> {
        let (end, line) = self.before;
        let start = end.checked_add(self.number()?)?;
        let len = self.number()?;
        let line = line.checked_add(self.number()?)?;
        self.before = (start.checked_add(len)?, line);
        let flags = self.bytes(1)?[0];
        let mut found = FastScan {
            simulated: flags & SIMULATED != 0,
            retired: flags & RETIRED != 0,
            needs_full_parse: flags & NEEDS_FULL_PARSE != 0,
            ..FastScan::default()
        };
        if !found.needs_full_parse {
            found.id = Some(self.text()?);
            let fields = [
                &mut found.facet,
                &mut found.level,
                &mut found.kind,
                &mut found.family,
            ];
            for field in fields {
                // The fast scan finds no empty words.
                *field = Some(self.word()?).filter(|word| !word.is_empty());
            }
            if flags & HAS_SECONDS != 0 {
                found.seconds = Some(self.number()?);
            }
        }
        let chunk = Chunk { start, len, line };
        Some((chunk, found))
    }

    fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rows.split_at_checked(len)?;
        self.rows = rest;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u32> {
        let mut n = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.bytes(1)?[0];
            n |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = self.number()?;
        std::str::from_utf8(self.bytes(len as usize)?).ok()
    }

    /// Returns the next word, which is empty if it is missing.
    fn word(&mut self) -> Option<&'a str> {
        match self.number()? {
            MISSING => Some(""),
            NEW => {
                let word = self.text()?;
                self.words.push(word);
                Some(word)
            }
            known => self.words.get((known - NEW - 1) as usize).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = IndexReader::new(&bytes);
            while !reader.is_at_end() && reader.next_row().is_some() {}
        }

        #[test]
        fn what_was_written_is_read(
            rows in proptest::collection::vec(("[a-z]{1,9}", proptest::option::of("[a-c]"), any::<u16>(), any::<bool>()), 0..20)
        ) {
            let (mut writer, mut start) = (IndexWriter::default(), 0);
            let mut written = Vec::new();
            for (line, (id, word, n, is_set)) in (1..).zip(&rows) {
                let found = FastScan {
                    id: Some(id.as_str()),
                    facet: word.as_deref(),
                    family: word.as_deref(),
                    seconds: is_set.then_some(u32::from(*n)),
                    simulated: *is_set,
                    retired: !is_set,
                    ..FastScan::default()
                };
                let chunk = Chunk { start, len: u32::from(*n), line };
                start += chunk.len;
                writer.push(chunk, &found);
                written.push((chunk, found));
            }
            let index = writer.finish();
            let mut reader = IndexReader::new(&index);
            for row in written {
                prop_assert_eq!(reader.next_row(), Some(row));
            }
            prop_assert!(reader.is_at_end());
        }
    }
}
