//! Decks as seen by selection, with only the needed fields of each question.

use super::id::{CompetencyId, DeckId, FacetId, QuestionId};
use super::question::{Kind, Level};
use super::text::Text;

/// A deck: its provenance, and one [`Entry`] per question in file order.
#[derive(Clone, Debug)]
pub struct Deck {
    pub id: DeckId,
    pub title: Text,
    pub version: Text,
    pub competency: CompetencyId,
    /// True for a deck that is part of the program, false for the user's own file.
    pub builtin: bool,
    /// True while its author completes it: it can be practised, and no assessment asks from it.
    pub draft: bool,
    /// True if assessments that name no decks ask its questions, and the score of the role speaks about them.
    pub counts: bool,
    pub entries: Vec<Entry>,
}

impl Deck {
    /// Returns true if its questions are part of the bank that the score of the role speaks about.
    pub fn is_scored(&self) -> bool {
        self.counts && !self.draft
    }
}

/// The fields of a question that selection needs.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: QuestionId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    pub family: Option<Box<str>>,
    pub seconds: u32,
    /// True if a model draws its instances.
    pub simulated: bool,
}
