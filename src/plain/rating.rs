//! After the end: own points for open answers, which the program cannot score.

use super::{Dialogue, Stop, show};
use crate::core::question::Interaction;
use crate::session::{Event, Phase};

impl Dialogue<'_> {
    pub(super) fn rate_open_answers(&mut self) -> Result<(), Stop> {
        // Practice has each answer rated when its key is shown.
        if self.session.phase() != Phase::Finished || self.session.mode.reveals() {
            return Ok(());
        }
        for slot in 0..self.session.len() {
            if !self.rate_open_answer(slot)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// False if no more is to be rated.
    pub(super) fn rate_open_answer(&mut self, slot: usize) -> Result<bool, Stop> {
        let Interaction::Open { rubric, .. } = &self.session.question(slot).interaction else { return Ok(true) };
        if self.session.sheet(slot).answer.is_none() {
            return Ok(true);
        }
        let criteria: Vec<(u32, String)> = rubric.iter().map(|c| (c.points, show::criterion(c))).collect();
        self.say(&show::model_answer(self.session, slot))?;
        for (criterion, (most, shown)) in criteria.iter().enumerate() {
            self.say(shown)?;
            if !self.rate(slot, criterion, *most)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// False if no more is to be rated.
    fn rate(&mut self, slot: usize, criterion: usize, most: u32) -> Result<bool, Stop> {
        loop {
            let line = self.prompt("your points, Enter for none, q to stop rating> ")?;
            match (line.trim(), line.trim().parse::<u32>()) {
                ("", _) => return Ok(true),
                ("q" | "Q", _) => return Ok(false),
                (_, Ok(points)) if points <= most => {
                    return self.tell(Event::RubricRated { slot, criterion, points });
                }
                _ => self.say(&format!("Type a number from 0 to {most}."))?,
            }
        }
    }
}
