//! The ways out of a session: to finish it, to run out of time, to leave it for later.

use super::{Dialogue, Stop, show};
use crate::session::{Clock, Event};

impl Dialogue<'_> {
    pub(super) fn finish(&mut self) -> Result<(), Stop> {
        self.say(&show::counts(self.session))?;
        let line = self.prompt("finish? y or n> ")?;
        if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") {
            self.tell(Event::Finished)?;
            let words = if self.session.mode.counts() { "Finished.".to_owned() } else { show::summary(self.session) };
            self.say(&words)?;
        }
        Ok(())
    }

    /// What was typed when the time ran out has been taken by now; the limit is the moment that counts.
    pub(super) fn expire_if_due(&mut self) -> Result<(), Stop> {
        if !self.session.is_due_to_expire(self.clock.spent()) {
            return Ok(());
        }
        self.tell(Event::Expired)?;
        // How long the line was waited for beyond the limit is charged to nobody.
        self.clock = Clock::new(self.session.at(), (self.now)().at, false);
        self.time_is_up()
    }

    pub(super) fn time_is_up(&mut self) -> Result<(), Stop> {
        loop {
            let line = self.prompt("Time is up. Finish (e), or go on untimed (u)? q leaves> ")?;
            match line.trim().to_lowercase().as_str() {
                "e" | "finish" => {
                    self.tell(Event::Finished)?;
                    return self.say("Finished.");
                }
                "u" | "untimed" => {
                    self.tell(Event::WentOn)?;
                    return self.say("Going on without a limit. The report shows both results.");
                }
                "q" | "leave" => return Err(self.leave()?),
                _ => {}
            }
        }
    }

    pub(super) fn leave(&mut self) -> Result<Stop, Stop> {
        if !self.session.is_over() {
            self.tell(Event::Ticked)?;
        }
        self.say(match self.session.has_no_answers() {
            true => "Left. Nothing was answered, so nothing waits to be resumed.",
            false => "Left. Nothing is lost: the session can be resumed.",
        })?;
        Ok(Stop::Left)
    }
}
