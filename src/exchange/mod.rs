//! Questions in the formats of other programs: text in, draft questions and losses out.
//!
//! [`decode`] turns the bytes of a file into text and [`Format::detect`] recognizes its format. Each format has a file
//! that reads it into [`Draft`]s. [`deck::write`] writes drafts as a deck with a TODO at the place of everything that the
//! source lacks. In the other direction, [`export`] turns questions into drafts and writes them. Nothing is dropped silently: what could not be kept is a [`Problem`].

mod aiken;
mod anki;
pub mod deck;
mod draft;
mod encoding;
pub mod export;
mod format;
mod gift;
mod html;
mod rows;
mod table;

pub use draft::{Body, Choice, Draft, Imported, Number, Pair, Problem, ProblemKind};
pub use encoding::{Decoded, NotText, decode};
pub use format::{Format, Unknown};

impl Format {
    /// Reads the questions in a text.
    pub fn read(self, text: &str) -> Imported {
        match self {
            Format::Gift => gift::read(text),
            Format::Aiken => aiken::read(text),
            Format::Csv => table::read(text),
            Format::Anki => anki::read(text),
        }
    }
}
