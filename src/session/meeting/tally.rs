//! What came of a session: per competency, of one person or of all.

use super::machine::Meeting;
use crate::core::id::CompetencyId;

/// What is counted of one competency.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    pub competency: CompetencyId,
    pub right: usize,
    /// Answers of which it is known whether they were right; those given aloud are not among them.
    pub answers: usize,
    /// Mean level of reasoning, 0 to 3, and of how many questions it is.
    pub reasoning: Option<(f64, usize)>,
}

impl Meeting {
    /// Per competency, in the order of asking; of everybody where no seat is named.
    pub fn tallies(&self, seat: Option<usize>) -> Vec<Tally> {
        let mut tallies: Vec<(Tally, Vec<f64>)> = Vec::new();
        for slot in (0..self.len()).filter(|slot| self.is_revealed(*slot)) {
            let competency = &self.form.items[slot].competency;
            let at = tallies.iter().position(|(tally, _)| tally.competency == *competency).unwrap_or_else(|| {
                let empty = Tally { competency: competency.clone(), right: 0, answers: 0, reasoning: None };
                tallies.push((empty, Vec::new()));
                tallies.len() - 1
            });
            let (tally, levels) = &mut tallies[at];
            let seats = (0..self.seats.len()).filter(|of| seat.is_none_or(|seat| seat == *of));
            for sheet in seats.map(|seat| self.sheet(slot, seat)) {
                if let Some(right) = self.is_right(slot, sheet.last_vote()) {
                    tally.answers += 1;
                    tally.right += usize::from(right);
                }
                levels.extend(sheet.reasoning());
            }
        }
        let mean = |levels: &[f64]| (levels.iter().sum::<f64>() / levels.len() as f64, levels.len());
        let told = |(tally, levels): (Tally, Vec<f64>)| Tally {
            reasoning: (!levels.is_empty()).then(|| mean(&levels)),
            ..tally
        };
        tallies.into_iter().map(told).collect()
    }
}
