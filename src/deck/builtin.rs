//! The decks and outlines that are compiled into the program.

use std::collections::HashMap;

use super::scan::{Scan, scan_index, scan_text};
use crate::core::id::FacetId;
use crate::core::text::Text;

/// A built-in deck.
pub struct BuiltinDeck {
    pub name: &'static str,
    pub text: &'static str,
    /// The index of the text, which `build.rs` wrote.
    index: &'static [u8],
}

impl BuiltinDeck {
    /// Returns the scan of the text, restored from its index.
    pub fn scan(&self, file: &Text, facets: &HashMap<&str, FacetId>) -> Scan {
        scan_index(self.text, self.index, file, facets)
            .unwrap_or_else(|| scan_text(self.text, file, facets))
    }
}

macro_rules! embedded {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name, ".toml")))),*]
    };
}

macro_rules! decks {
    ($($name:literal)*) => {
        &[$(BuiltinDeck {
            name: $name,
            text: include_str!(concat!("../../quizzes/", $name, ".toml")),
            index: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".index")),
        }),*]
    };
}

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
    use super::*;

    #[test]
    fn an_index_restores_what_a_scan_of_the_text_finds() {
        let outline = Outline::builtin();
        let facets = outline.facets();
        for deck in DECKS {
            let file = Text::new(deck.name);
            let indexed = scan_index(deck.text, deck.index, &file, &facets);
            let scanned = scan_text(deck.text, &file, &facets);
            assert!(!scanned.entries.is_empty());
            assert_eq!(format!("{indexed:?}"), format!("{:?}", Some(scanned)));
        }
    }
}
