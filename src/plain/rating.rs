//! Rating of open answers by the person, because the program can't score them.

use super::{Dialogue, Stop, show};
use crate::session::present::{Key, Part, Revealed};
use crate::session::{Event, Phase};

impl Dialogue<'_> {
    /// Asks for the points of all open answers after the end of an assessment.
    pub(super) fn rate_open_answers(&mut self) -> Result<(), Stop> {
        // In practice, each answer is rated when its key is shown.
        if self.session().phase() != Phase::Finished || !self.session().mode.counts() {
            return Ok(());
        }
        for slot in 0..self.session().len() {
            if !self.rate_open_answer(slot)? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Asks for the points of an open answer. Returns false if the person stops rating.
    pub(super) fn rate_open_answer(&mut self, slot: usize) -> Result<bool, Stop> {
        let (question, item) = (self.session().question(slot), self.session().item(slot));
        let Key::Words {
            model_answer,
            rubric,
        } = Revealed::of(question, item, None, |_| None).key
        else {
            return Ok(true);
        };
        if self.session().sheet(slot).answer.is_none() {
            return Ok(true);
        }
        self.say(&format!(
            "\nRate your answer to question {}. A model answer:",
            slot + 1
        ))?;
        self.say(&show::parts(&[Part::Prose(model_answer)]).join("\n"))?;
        for (criterion, rating) in rubric.into_iter().enumerate() {
            let most = rating.points;
            self.say(&show::parts(&[Part::Criterion(criterion, rating)]).join("\n"))?;
            if !self.rate(slot, criterion, most)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Asks for the points of a criterion. Returns false if the person stops rating.
    fn rate(&mut self, slot: usize, criterion: usize, most: u32) -> Result<bool, Stop> {
        loop {
            let line = self.prompt("your points, Enter for none, q to stop rating> ")?;
            match (line.trim(), line.trim().parse::<u32>()) {
                ("", _) => return Ok(true),
                ("q" | "Q", _) => return Ok(false),
                (_, Ok(points)) if points <= most => {
                    return self.apply(Event::RubricRated {
                        slot,
                        criterion,
                        points,
                    });
                }
                _ => self.say(&format!("Type a number from 0 to {most}."))?,
            }
        }
    }
}
