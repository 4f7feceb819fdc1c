//! The ends of a session: finishing, expiry, and leaving it for later.

use super::{Dialogue, Stop, show};
use crate::session::Event;

impl Dialogue<'_> {
    /// Asks for confirmation and finishes the session.
    pub(super) fn finish(&mut self) -> Result<(), Stop> {
        self.say(&show::counts(self.session()))?;
        let line = self.prompt("finish? y or n> ")?;
        if self.session().is_due_to_expire(self.driver.spent()) {
            return Ok(());
        }
        if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") {
            self.apply(Event::Finished)?;
            let words = if self.session().mode.reveals() {
                show::summary(self.session())
            } else {
                "Finished.".to_owned()
            };
            self.say(&words)?;
        }
        Ok(())
    }

    /// Expires the session at its limit if the time is over.
    pub(super) fn expire_if_due(&mut self) -> Result<(), Stop> {
        if !self.session().is_due_to_expire(self.driver.spent()) {
            return Ok(());
        }
        self.apply(Event::Expired)?;
        // The waiting time after the limit is not charged.
        let now = (self.now)().at;
        self.driver.restart(now);
        self.time_is_up()
    }

    /// Asks whether to finish or to continue without a limit.
    pub(super) fn time_is_up(&mut self) -> Result<(), Stop> {
        loop {
            let line =
                self.prompt("Time is up. Finish (e), continue untimed (u) or leave (q)? ")?;
            match line.trim().to_lowercase().as_str() {
                "e" | "finish" => {
                    self.apply(Event::Finished)?;
                    return self.say("Finished.");
                }
                "u" | "untimed" => {
                    self.apply(Event::WentOn)?;
                    return self.say(
                        "Continuing without a limit. The report will show both \
                                     results.",
                    );
                }
                "q" | "leave" => return Err(self.leave()?),
                _ => {}
            }
        }
    }

    /// Leaves the session so that it can be resumed.
    pub(super) fn leave(&mut self) -> Result<Stop, Stop> {
        if !self.session().is_over() {
            self.apply(Event::Ticked)?;
        }
        self.say(match self.session().has_no_answers() {
            true => "Left. Nothing was answered, so there is nothing to resume.",
            false => "Left. Everything is saved: you can resume the session.",
        })?;
        Ok(Stop::Left)
    }
}
