//! A question of a session with its answer.

use super::{Asked, Marks, Part, Places, Revealed, Verdict};
use crate::session::Session;
use crate::session::assessment::Outcome;

/// A question that was answered in an assessment or in practice, as it may be shown once its answer is final.
#[derive(Clone, Debug)]
pub struct Presented {
    pub asked: Asked,
    pub given: Option<Places>,
    /// Places of the options that were struck out.
    pub struck: Vec<usize>,
    pub revealed: Revealed,
    pub verdict: Verdict,
}

impl Presented {
    pub fn of(session: &Session, slot: usize, outcome: &Outcome) -> Self {
        let (question, sheet, item) = (session.question(slot), session.sheet(slot), session.item(slot));
        let own = |criterion: usize| sheet.rubric.get(&criterion).copied();
        Self {
            asked: Asked::of(question, item),
            given: sheet.answer.as_ref().map(|answer| Places::of(answer, item)),
            struck: sheet.struck.iter().filter_map(|id| super::places::place(item, *id)).collect(),
            revealed: Revealed::of(question, item, outcome.scored.as_ref(), own),
            verdict: Verdict::in_session(session, slot, outcome),
        }
    }

    /// Returns what is right and why, with what was answered.
    pub fn parts(&self) -> Vec<Part> {
        let marks = Marks { answer: self.given.as_ref(), struck: &self.struck, votes: &[] };
        self.revealed.parts(&self.asked, &marks)
    }
}
