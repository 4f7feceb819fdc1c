//! What only a session that reveals can do: show what is right at once, be graded, and pause.

use super::event::Event;
use super::machine::{Phase, Rejected, Session};
use super::policy::Mode;

impl Session {
    pub(super) fn admit_reveal(&self, slot: usize) -> Result<(), Rejected> {
        let sheet = self.sheets.get(slot).ok_or(Rejected::NoSuchQuestion)?;
        match self.phase {
            _ if !self.mode.reveals() => Err(Rejected::NotRevealing),
            Phase::Paused => Err(Rejected::Paused),
            Phase::Expired => Err(Rejected::TimeIsUp),
            _ if !sheet.shown => Err(Rejected::NotShown),
            _ if sheet.revealed => Err(Rejected::Revealed),
            _ => Ok(()),
        }
    }

    pub(super) fn admit_grade(&self, slot: usize) -> Result<(), Rejected> {
        let sheet = self.sheets.get(slot).ok_or(Rejected::NoSuchQuestion)?;
        match self.mode {
            Mode::Practise if sheet.revealed => Ok(()),
            Mode::Practise => Err(Rejected::NotShown),
            _ => Err(Rejected::NotRevealing),
        }
    }

    pub(super) fn admit_pause(&self, event: &Event) -> Result<(), Rejected> {
        match (event, self.phase) {
            _ if !self.mode.pauses() => Err(Rejected::NotPausing),
            (Event::Paused, Phase::Running) | (Event::Resumed, Phase::Paused) => Ok(()),
            (Event::Paused, Phase::Paused) => Err(Rejected::Paused),
            (Event::Paused, Phase::Expired) => Err(Rejected::TimeIsUp),
            _ => Err(Rejected::NotPausing),
        }
    }
}
