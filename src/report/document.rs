//! Pages for people, written as Markdown or as HTML.

use super::markdown::Page;
use crate::session::present::Part;

/// A format of pages about people and homework.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum PageFormat {
    #[default]
    Markdown,
    /// One file for a browser, with the figures drawn
    Html,
}

impl PageFormat {
    /// Returns the ending of the names of files in this format.
    pub fn ending(self) -> &'static str {
        match self {
            PageFormat::Markdown => "md",
            PageFormat::Html => "html",
        }
    }
}

/// A piece of a document.
pub(super) enum Piece {
    Heading(usize, String),
    Paragraph(String),
    Entry(String),
    /// A paragraph that belongs to the entry above it.
    Under(String),
    Parts(Vec<Part>),
}

/// A page in the order in which it is read.
#[derive(Default)]
pub(super) struct Document(pub(super) Vec<Piece>);

impl Document {
    pub fn heading(&mut self, level: usize, words: &str) {
        self.0.push(Piece::Heading(level, words.to_owned()));
    }

    pub fn paragraph(&mut self, words: &str) {
        self.0.push(Piece::Paragraph(words.to_owned()));
    }

    pub fn entry(&mut self, words: &str) {
        self.0.push(Piece::Entry(words.to_owned()));
    }

    /// Writes a paragraph that belongs to the entry above it.
    pub fn under(&mut self, words: &str) {
        self.0.push(Piece::Under(words.to_owned()));
    }

    /// Writes the parts of a question.
    pub fn parts(&mut self, parts: Vec<Part>) {
        self.0.push(Piece::Parts(parts));
    }

    pub fn write(&self, format: PageFormat) -> String {
        match format {
            PageFormat::Markdown => self.markdown(),
            PageFormat::Html => super::html::document(self),
        }
    }

    fn markdown(&self) -> String {
        let mut page = Page::default();
        for piece in &self.0 {
            match piece {
                Piece::Heading(level, words) => page.heading(*level, words),
                Piece::Paragraph(words) => page.paragraph(words),
                Piece::Entry(words) => page.entry(words),
                Piece::Under(words) => page.under(words),
                Piece::Parts(parts) => page.parts(parts),
            }
        }
        page.text
    }
}
