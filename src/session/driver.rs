//! The driver of a session: applies events at the time that has been charged, and returns what to store.

use super::Stamped;
use super::clock::Clock;
use crate::core::time::Millis;

/// A session as a state machine of events with times.
pub trait Machine {
    type Event;
    type Rejected;

    /// The interval at which the elapsed time is stored.
    const TICK_STORED: Millis;

    /// Returns the time of the last event.
    fn at(&self) -> Millis;

    /// Applies an event, or rejects it and changes nothing.
    fn apply(&mut self, stamped: &Stamped<Self::Event>) -> Result<(), Self::Rejected>;

    /// Returns whether the session is paused, so that no time is charged.
    fn is_paused(&self) -> bool;

    /// Returns whether seconds are counted down, so that a silent period is a gap.
    fn is_counting_down(&self, spent: Millis) -> bool;

    /// Returns the time of an event that happens now, when `spent` has been charged.
    fn time_of_event(&self, spent: Millis) -> Millis {
        spent.max(self.at())
    }

    /// Returns the event for time that was not charged.
    fn gap(length: Millis) -> Self::Event;

    /// Returns the event that stores the elapsed time.
    fn tick() -> Self::Event;
}

impl<M: Machine> Machine for &mut M {
    type Event = M::Event;
    type Rejected = M::Rejected;

    const TICK_STORED: Millis = M::TICK_STORED;

    fn at(&self) -> Millis {
        (**self).at()
    }

    fn apply(&mut self, stamped: &Stamped<M::Event>) -> Result<(), M::Rejected> {
        (**self).apply(stamped)
    }

    fn is_paused(&self) -> bool {
        (**self).is_paused()
    }

    fn is_counting_down(&self, spent: Millis) -> bool {
        (**self).is_counting_down(spent)
    }

    fn time_of_event(&self, spent: Millis) -> Millis {
        (**self).time_of_event(spent)
    }

    fn gap(length: Millis) -> M::Event {
        M::gap(length)
    }

    fn tick() -> M::Event {
        M::tick()
    }
}

/// A session with its clock.
pub struct Driver<M> {
    pub session: M,
    clock: Clock,
    stored: Millis,
    /// True if the caller wakes at every tick; false if it waits for input as long as it takes.
    wakes: bool,
}

impl<M: Machine> Driver<M> {
    /// Continues `session` at the monotonic time `now`, for a caller that wakes at every tick.
    pub fn new(session: M, now: Millis) -> Self {
        Self::with(session, now, true)
    }

    /// Continues `session` for a caller that only wakes when there is input.
    pub fn waiting(session: M, now: Millis) -> Self {
        Self::with(session, now, false)
    }

    fn with(session: M, now: Millis, wakes: bool) -> Self {
        let spent = session.at();
        let clock = Clock::new(spent, now, false);
        let mut driver = Self {
            session,
            clock,
            stored: spent,
            wakes,
        };
        driver.set_pace();
        driver
    }

    /// Returns the time charged, without pauses and gaps.
    pub fn spent(&self) -> Millis {
        self.clock.spent()
    }

    /// Applies an event now. Returns it for storage.
    ///
    /// # Errors
    /// The session rejects the event and is unchanged.
    pub fn record(&mut self, event: M::Event) -> Result<Stamped<M::Event>, M::Rejected> {
        let at = self.session.time_of_event(self.spent());
        let stamped = Stamped { at, event };
        self.session.apply(&stamped)?;
        self.stored = at;
        self.set_pace();
        Ok(stamped)
    }

    /// Charges the time up to `now`. Returns the events to store: a gap, or the elapsed time.
    ///
    /// `stopped` means that the process is known to have been stopped since the last call.
    pub fn advance(&mut self, now: Millis, stopped: bool) -> Vec<Stamped<M::Event>> {
        let gap = self.clock.advance(now, stopped).map(M::gap);
        let is_due = self.wakes && self.spent().saturating_sub(self.stored) >= M::TICK_STORED;
        let events = gap.into_iter().chain(is_due.then(M::tick));
        // A session that is over rejects both.
        events.filter_map(|event| self.record(event).ok()).collect()
    }

    /// Continues at the time of the last event; the time since then is not charged.
    pub fn restart(&mut self, now: Millis) {
        self.clock = Clock::new(self.session.at(), now, false);
        self.set_pace();
    }

    fn set_pace(&mut self) {
        let ticking = self.wakes && self.session.is_counting_down(self.spent());
        self.clock.set_ticking(ticking);
        self.clock.set_halted(self.session.is_paused());
    }
}
