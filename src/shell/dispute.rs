//! Questions that people have marked as wrong.

use super::Workspace;
use super::home::day_of;
use crate::core::id::{DeckId, QuestionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::store::StoreError;

/// A question that was marked as wrong.
#[derive(Clone, Debug)]
pub struct Dispute {
    pub question: QuestionId,
    pub deck: DeckId,
    /// The file of its deck; `None` if the deck is not among the loaded ones.
    pub file: Option<String>,
    pub reason: Text,
    pub day: Day,
}

impl Workspace {
    /// Returns the questions that any person has marked as wrong, without naming the people.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn disputes(&self) -> Result<Vec<Dispute>, StoreError> {
        let mut disputes = Vec::new();
        for person in self.store.people()? {
            disputes.extend(self.store.disputes(person.id)?.into_iter().map(|remark| {
                Dispute {
                    question: remark.question,
                    file: self
                        .library
                        .deck(&remark.deck)
                        .map(|loaded| loaded.file.line()),
                    deck: remark.deck,
                    reason: remark.text,
                    day: day_of(remark.wall_ms),
                }
            }));
        }
        disputes.sort_by(|a, b| (&a.file, &a.question).cmp(&(&b.file, &b.question)));
        Ok(disputes)
    }
}
