//! The texts of a built-in deck, compressed question by question: the program is smaller, and a start reads only the
//! questions that it needs.
//!
//! `build.rs` writes them, and this file is also part of it, so it uses nothing else of the crate.

/// The number of bytes of an entry in the table: where a question starts in its deck, and where its compressed text ends.
const ENTRY: usize = 8;
/// The largest useful length of a dictionary: the compression looks no further back.
pub const MAX_DICTIONARY: usize = 64 * 1024;

/// A writer of packed texts.
#[derive(Debug, Default)]
pub struct PackWriter {
    table: Vec<u8>,
    data: Vec<u8>,
}

impl PackWriter {
    /// Adds the text of a question that starts at this offset, which must be larger than the previous one.
    pub fn push(&mut self, start: u32, text: &[u8], dictionary: &[u8]) {
        let packed = lz4_flex::block::compress_prepend_size_with_dict(text, dictionary);
        self.data.extend(packed);
        self.table.extend(start.to_le_bytes());
        self.table.extend((self.data.len() as u32).to_le_bytes());
    }

    /// Returns the number of questions, the table and the compressed texts.
    pub fn finish(self) -> Vec<u8> {
        let count = (self.table.len() / ENTRY) as u32;
        [&count.to_le_bytes()[..], &self.table, &self.data].concat()
    }
}

/// The packed texts of a deck.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    pub bytes: &'static [u8],
    /// The text to which all questions refer for what they have in common.
    pub dictionary: &'static [u8],
}

impl Packed {
    /// Returns the text of the question that starts at this offset of the deck; `None` if there is none, or if the bytes
    /// are damaged.
    pub fn text(&self, start: u32) -> Option<String> {
        let (count, rest) = self.bytes.split_first_chunk::<4>()?;
        let length = (u32::from_le_bytes(*count) as usize).checked_mul(ENTRY)?;
        let (table, data) = rest.split_at_checked(length)?;
        let (table, _) = table.as_chunks::<ENTRY>();
        let place = table
            .binary_search_by_key(&start, |entry| number(*entry, 0))
            .ok()?;
        let begin = match place.checked_sub(1) {
            Some(before) => number(table[before], 4) as usize,
            None => 0,
        };
        let packed = data.get(begin..number(table[place], 4) as usize)?;
        let text = lz4_flex::block::decompress_size_prepended_with_dict(packed, self.dictionary);
        String::from_utf8(text.ok()?).ok()
    }
}

/// Returns the number at this position of an entry.
fn number(entry: [u8; ENTRY], at: usize) -> u32 {
    let bytes = [entry[at], entry[at + 1], entry[at + 2], entry[at + 3]];
    u32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_comes_back_by_its_start() {
        let mut pack = PackWriter::default();
        let dictionary = "id = \"a question\"".as_bytes();
        let texts = [(7, "id = \"a question\" and more"), (40, ""), (41, "ü")];
        for (start, text) in texts {
            pack.push(start, text.as_bytes(), dictionary);
        }
        let packed = Packed {
            bytes: pack.finish().leak(),
            dictionary,
        };
        for (start, text) in texts {
            assert_eq!(packed.text(start).as_deref(), Some(text));
        }
        assert_eq!(packed.text(8), None);
    }

    #[test]
    fn damaged_bytes_give_no_text() {
        let mut pack = PackWriter::default();
        pack.push(0, b"a text, a text, a text", b"");
        let whole = pack.finish();
        for length in 0..whole.len() {
            let packed = Packed {
                bytes: whole[..length].to_vec().leak(),
                dictionary: b"",
            };
            assert_eq!(packed.text(0), None, "{length} bytes");
        }
    }
}
