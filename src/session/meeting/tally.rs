//! Counts of answers per competency, for one person or for all.

use super::machine::Meeting;
use super::record::AnswerRecord;
use crate::core::id::CompetencyId;

/// The number of correct answers and the mean level of reasoning.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub right: usize,
    pub answered: usize,
    /// The number of questions with a level of reasoning.
    pub reasoned: usize,
    levels: f64,
}

impl Tally {
    /// Counts a final answer.
    pub fn add(&mut self, mark: &AnswerRecord) {
        self.count(mark.is_right(), mark.reasoning);
    }

    /// Counts a first vote, which other people have not influenced.
    pub fn add_first(&mut self, mark: &AnswerRecord) {
        self.count(mark.right_at_first(), mark.reasoning);
    }

    fn count(&mut self, right: Option<bool>, reasoning: Option<f64>) {
        if let Some(right) = right {
            self.right += usize::from(right);
            self.answered += 1;
        }
        if let Some(level) = reasoning {
            self.levels += level;
            self.reasoned += 1;
        }
    }

    /// Adds the counts of another tally.
    pub fn merge(&mut self, other: &Tally) {
        self.right += other.right;
        self.answered += other.answered;
        self.reasoned += other.reasoned;
        self.levels += other.levels;
    }

    /// Returns the mean level of reasoning, 0 to 3; `None` if no level was given.
    pub fn reasoning(&self) -> Option<f64> {
        (self.reasoned > 0).then(|| self.levels / self.reasoned as f64)
    }

    /// Returns the number of missed answers.
    pub fn missed(&self) -> usize {
        self.answered - self.right
    }

    /// Returns the share of missed answers, in [0, 1].
    pub fn missed_share(&self) -> f64 {
        self.missed() as f64 / self.answered.max(1) as f64
    }

    /// Formats the tally: `3 of 4, reasoning 1.7 (n 4)`
    pub fn words(&self) -> String {
        let reasoning = self
            .reasoning()
            .map(|level| format!("reasoning {level:.1} (n {})", self.reasoned));
        match (self.answered, reasoning) {
            (0, None) => "no answer".to_owned(),
            (0, Some(reasoning)) => reasoning,
            (n, None) => format!("{} of {n}", self.right),
            (n, Some(reasoning)) => format!("{} of {n}, {reasoning}", self.right),
        }
    }
}

/// A tally per competency, in the order of asking.
#[derive(Default)]
pub(super) struct Tallies(pub Vec<(CompetencyId, Tally)>);

impl Tallies {
    /// Returns the tally of a competency, adding it if it is missing.
    pub fn of(&mut self, competency: &CompetencyId) -> &mut Tally {
        let at = self
            .0
            .iter()
            .position(|(id, _)| id == competency)
            .unwrap_or_else(|| {
                self.0.push((competency.clone(), Tally::default()));
                self.0.len() - 1
            });
        &mut self.0[at].1
    }
}

impl Meeting {
    /// Returns the tally of the revealed questions per competency, in the order of asking; of all people if `seat` is
    /// `None`. Answers given aloud count if the mentor judged them.
    pub fn tallies(&self, seat: Option<usize>) -> Vec<(CompetencyId, Tally)> {
        let mut tallies = Tallies::default();
        for slot in (0..self.len()).filter(|slot| self.is_revealed(*slot)) {
            let tally = tallies.of(&self.form.items[slot].competency);
            let seats = (0..self.seats.len()).filter(|of| seat.is_none_or(|seat| seat == *of));
            for seat in seats {
                let reasoning = self.sheet(slot, seat).reasoning();
                tally.count(self.is_finally_right(slot, seat), reasoning);
            }
        }
        tallies.0
    }
}
