//! The session clock: converts monotonic time to time charged to a session.

use crate::core::time::Millis;

/// The maximum time charged per tick. The rest is a gap: the machine slept or the
/// process was stopped.
const LONGEST_TICK: Millis = Millis::seconds(5);

/// The time charged to a session, independent of the wall clock.
#[derive(Clone, Debug)]
pub struct Clock {
    spent: Millis,
    last: Millis,
    /// True if the session wakes every second, so a longer silence is a gap.
    ticking: bool,
    /// True while the session is paused and nothing is charged.
    halted: bool,
}

impl Clock {
    /// Returns a clock that has charged `spent` and continues at the monotonic time `now`.
    pub fn new(spent: Millis, now: Millis, ticking: bool) -> Self {
        Self {
            spent,
            last: now,
            ticking,
            halted: false,
        }
    }

    pub fn spent(&self) -> Millis {
        self.spent
    }

    /// Charges the time up to `now` and returns the gap that was not charged, if any.
    ///
    /// `stopped` means that the process is known to have been stopped since the last call.
    pub fn advance(&mut self, now: Millis, stopped: bool) -> Option<Millis> {
        let tick = now.saturating_sub(self.last);
        self.last = self.last.max(now);
        if self.halted {
            return None;
        }
        let charged = if self.ticking || stopped {
            tick.min(LONGEST_TICK)
        } else {
            tick
        };
        self.spent += charged;
        let gap = tick.saturating_sub(charged);
        (gap > Millis::ZERO).then_some(gap)
    }

    /// Sets whether the session wakes every second. An untimed one sleeps, and silence there is reading time.
    pub fn set_ticking(&mut self, ticking: bool) {
        self.ticking = ticking;
    }

    /// Stops or restarts the clock. Paused time is neither charged nor a gap.
    pub fn set_halted(&mut self, halted: bool) {
        self.halted = halted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_tick_costs_five_seconds_and_the_rest_is_a_gap() {
        let mut clock = Clock::new(Millis::ZERO, Millis::seconds(100), true);
        assert_eq!(clock.advance(Millis::seconds(101), false), None);
        assert_eq!(
            clock.advance(Millis::seconds(1901), false),
            Some(Millis::seconds(1795))
        );
        assert_eq!(clock.spent(), Millis::seconds(6));
    }

    #[test]
    fn reading_for_minutes_without_a_clock_is_no_gap() {
        let mut clock = Clock::new(Millis::ZERO, Millis::ZERO, false);
        assert_eq!(clock.advance(Millis::seconds(180), false), None);
        assert_eq!(clock.spent(), Millis::seconds(180));
        assert_eq!(
            clock.advance(Millis::seconds(280), true),
            Some(Millis::seconds(95))
        );
    }

    #[test]
    fn a_pause_is_neither_charged_nor_a_gap() {
        let mut clock = Clock::new(Millis::ZERO, Millis::ZERO, true);
        clock.set_halted(true);
        assert_eq!(clock.advance(Millis::minutes(90), true), None);
        clock.set_halted(false);
        assert_eq!(
            clock.advance(Millis::minutes(90) + Millis::seconds(2), false),
            None
        );
        assert_eq!(clock.spent(), Millis::seconds(2));
    }

    #[test]
    fn a_clock_that_goes_back_charges_nothing() {
        let mut clock = Clock::new(Millis::ZERO, Millis::seconds(50), true);
        assert_eq!(clock.advance(Millis::seconds(10), false), None);
        assert_eq!(clock.spent(), Millis::ZERO);
    }
}
