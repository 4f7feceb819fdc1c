//! What the answers say about the questions of the decks.

use crate::core::id::{DeckId, QuestionId};
use crate::core::items::{AnalysedItem, ItemStatistics};
use crate::core::text::Text;

/// A question with what the answers say about it.
#[derive(Clone, Debug)]
pub struct ItemLine {
    pub deck: DeckId,
    pub question: QuestionId,
    pub lead_in: Text,
    pub item: AnalysedItem,
    /// The options in the order of the deck.
    pub options: Vec<Text>,
    pub statistics: ItemStatistics,
    /// True if the user has seen the question: answered it, or asked it as a mentor. The text of other questions is not
    /// shown on screens, so that they stay new.
    pub is_seen: bool,
}

/// The questions of a deck that have answers.
#[derive(Clone, Debug)]
pub struct ItemsPage {
    pub title: Text,
    /// Those with the most flags first, then those with the most answers.
    pub lines: Vec<ItemLine>,
}
