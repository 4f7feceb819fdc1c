//! An answered question of a session.

use super::{Asked, Marks, Part, Places, Revealed, Verdict};
use crate::session::Session;
use crate::session::assessment::Outcome;

/// A question of an assessment or practice session with its final answer and its key.
#[derive(Clone, Debug)]
pub struct Presented {
    pub asked: Asked,
    pub given: Option<Places>,
    /// The displayed positions of the options that were struck out.
    pub struck: Vec<usize>,
    pub revealed: Revealed,
    pub verdict: Verdict,
}

impl Presented {
    /// Creates the presentation of a question whose answer is final.
    pub fn of(session: &Session, slot: usize, outcome: &Outcome) -> Self {
        let (question, sheet, item) = (
            session.question(slot),
            session.sheet(slot),
            session.item(slot),
        );
        let own = |criterion: usize| sheet.rubric.get(&criterion).copied();
        Self {
            asked: Asked::of(question, item),
            given: sheet.answer.as_ref().map(|answer| Places::of(answer, item)),
            struck: sheet
                .struck
                .iter()
                .filter_map(|id| super::places::place(item, *id))
                .collect(),
            revealed: Revealed::of(question, item, outcome.scored.as_ref(), own),
            verdict: Verdict::in_session(session, slot, outcome),
        }
    }

    /// Returns the key and its explanation, with the answer marked.
    pub fn parts(&self) -> Vec<Part> {
        self.revealed.parts(&self.asked, &self.marks())
    }

    /// Returns the key with the answer marked.
    pub fn answer(&self) -> Vec<Part> {
        self.revealed.answer(&self.asked, &self.marks())
    }

    /// Returns the same with the chosen options and the key first; the other options come apart.
    pub fn own_first(&self) -> (Vec<Part>, Vec<Part>) {
        self.revealed.own_first(&self.asked, &self.marks())
    }

    fn marks(&self) -> Marks<'_> {
        Marks {
            answer: self.given.as_ref(),
            struck: &self.struck,
            votes: &[],
        }
    }
}
