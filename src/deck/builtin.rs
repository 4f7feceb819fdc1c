//! The decks and outlines that are compiled into the program.

use std::collections::HashMap;

use super::packed::Packed;
use super::scan::{Scan, scan_rows};
use crate::core::id::FacetId;
use crate::core::text::Text;

/// A built-in deck.
pub struct BuiltinDeck {
    pub name: &'static str,
    /// The texts of its questions.
    pub questions: Packed,
    /// The text before the first question, and the index; `build.rs` wrote both.
    head: &'static str,
    index: &'static [u8],
}

impl BuiltinDeck {
    /// Returns the scan of the text, restored from its index, which a test compares with the file.
    pub fn scan(&self, file: &Text, facets: &HashMap<&str, FacetId>) -> Scan {
        let whole = u64::from(u32::MAX);
        scan_rows(
            self.head.to_owned(),
            self.index,
            whole,
            file,
            facets,
            &mut Vec::new(),
        )
        .unwrap_or_default()
    }
}

macro_rules! embedded {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name, ".toml")))),*]
    };
}

macro_rules! built {
    ($name:expr, $extension:literal) => {
        concat!(env!("OUT_DIR"), "/", $name, $extension)
    };
}

macro_rules! decks {
    ($($name:literal)*) => {
        &[$(BuiltinDeck {
            name: $name,
            questions: Packed {
                bytes: include_bytes!(built!($name, ".packed")),
                dictionary: DICTIONARY,
            },
            head: include_str!(built!($name, ".head")),
            index: include_bytes!(built!($name, ".index")),
        }),*]
    };
}

const DICTIONARY: &[u8] = include_bytes!(built!("dictionary", ""));

/// The decks, in the order of the competencies in the source document.
pub const DECKS: &[BuiltinDeck] = decks!(
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// The edition of the built-in decks. It is incremented in every release that adds, retires or replaces questions.
pub const EDITION: u16 = 2;

/// Returns true if a built-in deck has this name.
pub fn is_name(name: &str) -> bool {
    DECKS.iter().any(|deck| deck.name == name)
}

/// The name and text of each outline, in the same order.
pub const SEEDS: &[(&str, &str)] = embedded!("seeds":
    "architecture-design" "scalability-expertise" "fault-tolerance" "concurrency-management" "data-consistency"
    "system-monitoring" "mentorship-skills" "cloud-technologies" "tips" "role");

/// The sources that the outlines cite by key.
pub const REFERENCES: &str = include_str!("../../seeds/references.toml");

#[cfg(test)]
mod tests {
    use super::super::outline::Outline;
    use super::super::scan::scan_text;
    use super::*;

    #[test]
    fn an_index_and_packed_texts_restore_the_deck() {
        let outline = Outline::builtin();
        let facets = outline.facets();
        for deck in DECKS {
            let text = std::fs::read_to_string(format!("quizzes/{}.toml", deck.name)).unwrap();
            let file = Text::new(deck.name);
            let scanned = scan_text(&text, &file, &facets);
            assert!(!scanned.entries.is_empty());
            assert_eq!(
                format!("{:?}", deck.scan(&file, &facets)),
                format!("{scanned:?}")
            );
            for chunk in scanned.chunks {
                let question = &text[chunk.start as usize..][..chunk.len as usize];
                assert_eq!(deck.questions.text(chunk.start).as_deref(), Some(question));
            }
        }
    }
}
