//! The session under way: its clock, and how its events are kept.

use super::app::Turn;
use crate::app::effect::{Beside, Effect, Started};
use crate::core::id::SessionId;
use crate::core::response::Answer;
use crate::core::time::Millis;
use crate::session::{Clock, Event, Phase, Rejected, Session, Stamped};

/// Time that may go by before the clock is made durable again.
const TICK_KEPT: Millis = Millis::seconds(10);

/// The session under way, with its clock.
pub struct Running {
    pub id: SessionId,
    pub session: Session,
    clock: Clock,
    kept: Millis,
    /// The slot whose typed text is kept as a draft and not yet as an answer.
    pub draft: Option<usize>,
    /// What belongs beside the feedback on one of its questions.
    pub beside: Beside,
}

impl Running {
    pub fn new(started: Started, now: Millis) -> Self {
        let session = started.session;
        let spent = session.at();
        let clock = Clock::new(spent, now, false);
        let mut running = Self { id: started.id, session, clock, kept: spent, draft: None, beside: Beside::default() };
        running.keep_pace();
        running
    }

    /// The clock goes by the second as long as there is something to count down, and stands still in a pause.
    fn keep_pace(&mut self) {
        let is_counting = self.remaining().is_some_and(|left| left > Millis::ZERO);
        self.clock.set_ticking(is_counting);
        self.clock.set_halted(self.session.phase() == Phase::Paused);
    }

    /// Time charged so far.
    pub fn spent(&self) -> Millis {
        self.clock.spent()
    }

    pub fn remaining(&self) -> Option<Millis> {
        self.session.remaining(self.spent())
    }

    /// The event that makes an answer of the text being typed, or takes the answer back where none is left.
    fn take_draft(&mut self) -> Option<(usize, Event)> {
        let slot = self.draft.take()?;
        let answer = self.session.sheet(slot).answer.clone();
        let answer = answer.unwrap_or_else(|| Answer::typed(self.session.question(slot), String::new()));
        Some((slot, Event::Answered { slot, answer }))
    }
}

impl Turn<'_> {
    /// Applies an event to the running session and has it stored.
    ///
    /// # Errors
    /// The session's own refusal; nothing is stored then.
    pub fn record(&mut self, event: Event) -> Result<(), Rejected> {
        self.tick(false);
        let Some(running) = &mut self.model.running else { return Err(Rejected::Over) };
        let stamped = Stamped { at: running.spent(), event };
        running.session.apply(&stamped)?;
        running.kept = stamped.at;
        running.keep_pace();
        self.effects.push(Effect::Save(stamped));
        Ok(())
    }

    /// Takes over what is being typed without making an event of each key.
    pub fn draft(&mut self, slot: usize, answer: Answer, text: String) {
        self.tick(false);
        let blank = answer.is_blank();
        let Some(running) = &mut self.model.running else { return };
        let stamped = Stamped { at: running.spent(), event: Event::Answered { slot, answer } };
        if running.session.apply(&stamped).is_ok() {
            running.draft = Some(slot);
            self.effects.push(Effect::Draft { slot, text });
            if blank {
                // No draft is kept of an empty field, but an answer may be that was there before.
                self.settle_draft();
            }
        }
    }

    /// Makes an event of the text that was being typed.
    pub fn settle_draft(&mut self) {
        let Some((slot, event)) = self.model.running.as_mut().and_then(Running::take_draft) else { return };
        // The same answer was accepted when it was typed.
        let _ = self.record(event);
        self.effects.push(Effect::Draft { slot, text: String::new() });
    }

    /// Charges the time that went by: gaps are noted, the clock is kept, the end is noticed.
    pub fn tick(&mut self, stopped: bool) {
        let Some(running) = &mut self.model.running else { return };
        let mut happened = Vec::new();
        if let Some(length) = running.clock.advance(self.now, stopped) {
            happened.push(Event::Gap { length });
        }
        if running.spent().less(running.kept) >= TICK_KEPT {
            happened.push(Event::Ticked);
        }
        let spent = running.spent();
        if running.session.is_due_to_expire(spent) {
            if let Some((slot, event)) = running.take_draft() {
                happened.push(event);
                self.effects.push(Effect::Draft { slot, text: String::new() });
            }
            happened.push(Event::Expired);
        }
        for event in happened {
            let stamped = Stamped { at: spent, event };
            if running.session.apply(&stamped).is_ok() {
                running.kept = spent;
                self.effects.push(Effect::Save(stamped));
            }
        }
        running.keep_pace();
    }
}
