//! Drawing of the next question in adaptive sessions and practice.

use super::{Dialogue, Step, Stop, show};
use crate::session::{Draw, Event};

impl Dialogue<'_> {
    /// Draws the next question, or finishes the session if there is none.
    pub(super) fn draw_next(&mut self) -> Result<Step, Stop> {
        let is_due = self.session().is_due_to_expire(self.driver.spent());
        let draw = if is_due || self.session().conclusion().is_some() {
            None
        } else {
            (self.draw)(self.driver.session)
        };
        match draw {
            Some(Draw::Next(item, question)) => {
                if self.session().is_planned_time_over(self.driver.spent())
                    && !self.asks_to_continue()?
                {
                    return Ok(Step::Stay);
                }
                let slot = self.session().len();
                self.driver.session.learn(*question);
                return Ok(if self.apply(Event::Drawn { item: *item })? {
                    Step::To(slot)
                } else {
                    Step::Stay
                });
            }
            Some(Draw::Conclude(because)) => {
                self.apply(Event::Concluded { because })?;
            }
            None if is_due => return Ok(Step::Stay),
            None => {}
        }
        self.apply(Event::Finished)?;
        let ending = self
            .session()
            .ending()
            .unwrap_or_else(|| show::summary(self.session()));
        self.say(&ending)?;
        Ok(Step::Stay)
    }
}
