//! Corrections of finished sessions: corrected keys and withdrawn questions. The events stay as they are.

use std::sync::Arc;

use super::machine::{Session, Sheet};
use crate::core::correction::Correction;
use crate::core::id::ChoiceId;
use crate::core::response::Answer;
use crate::core::text::Text;

impl Session {
    /// Scores a question by its corrected key from now on.
    pub fn correct(&mut self, slot: usize, correction: Correction) {
        let mut questions = self.questions.to_vec();
        let (Some(question), Some(item)) = (questions.get_mut(slot), self.form.items.get_mut(slot))
        else {
            return;
        };
        *question = correction.question;
        self.questions = Arc::from(questions);
        let moved = |id: &mut ChoiceId| {
            if let Some(place) = correction.places.get(id.index()) {
                *id = ChoiceId(*place as u8);
            }
        };
        item.order.iter_mut().for_each(moved);
        let mut sheet = self.sheets.get_mut(slot);
        while let Some(one) = sheet {
            if let Some(Answer::Ordered(steps)) = &mut one.answer {
                steps.iter_mut().for_each(moved);
            }
            sheet = one.at_expiry.as_deref_mut();
        }
    }

    /// Excludes a question from the score, for this reason.
    pub fn withdraw(&mut self, slot: usize, reason: Text) {
        self.withdrawn.insert(slot, reason);
    }

    /// Returns the reason why a question was withdrawn, if it was.
    pub fn withdrawal(&self, slot: usize) -> Option<&Text> {
        self.withdrawn.get(&slot)
    }

    /// Returns true if the question was answered, so that a correction can change its score.
    pub fn has_answer(&self, slot: usize) -> bool {
        let answered = |sheet: &Sheet| sheet.answer.is_some();
        self.sheets.get(slot).is_some_and(answered)
    }
}
