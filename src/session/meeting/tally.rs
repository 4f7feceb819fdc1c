//! What came of a session so far: per competency, of one person or of all.

use super::machine::Meeting;
use super::record::Tally;
use crate::core::id::CompetencyId;

impl Meeting {
    /// Per competency, in the order of asking; of everybody where no seat is named. Answers that were given aloud are
    /// not counted as right or wrong.
    pub fn tallies(&self, seat: Option<usize>) -> Vec<(CompetencyId, Tally)> {
        let mut tallies: Vec<(CompetencyId, Tally)> = Vec::new();
        for slot in (0..self.len()).filter(|slot| self.is_revealed(*slot)) {
            let competency = &self.form.items[slot].competency;
            let at = tallies.iter().position(|(id, _)| id == competency).unwrap_or_else(|| {
                tallies.push((competency.clone(), Tally::default()));
                tallies.len() - 1
            });
            let seats = (0..self.seats.len()).filter(|of| seat.is_none_or(|seat| seat == *of));
            for sheet in seats.map(|seat| self.sheet(slot, seat)) {
                tallies[at].1.count(self.is_right(slot, sheet.last_vote()), sheet.reasoning());
            }
        }
        tallies
    }
}
