//! A deck as a form is chosen from it: of every question only what the choice needs.

use super::id::{CompetencyId, DeckId, FacetId, QuestionId};
use super::question::{Kind, Level};
use super::text::Text;

/// A deck: its provenance, and an [`Entry`] per question in the file's order.
#[derive(Clone, Debug)]
pub struct Deck {
    pub id: DeckId,
    pub title: Text,
    pub version: Text,
    pub competency: CompetencyId,
    /// Comes with the program rather than from a file of the user's.
    pub builtin: bool,
    pub entries: Vec<Entry>,
}

/// What form selection needs to know of a question.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: QuestionId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    pub family: Option<Box<str>>,
    pub seconds: u32,
}
