//! From moments of a monotonic clock to time charged to a session.

use crate::core::time::Millis;

/// The longest that one tick can cost. What is beyond it is a gap: the machine
/// slept or the process was stopped, and nobody was reading.
const LONGEST_TICK: Millis = Millis::seconds(5);

/// Counts what a session is charged. The wall clock has no part in it.
#[derive(Clone, Debug)]
pub struct Clock {
    spent: Millis,
    last: Millis,
    /// The session is woken every second, so that a longer silence means a gap.
    ticking: bool,
    /// The session is paused: nothing is charged.
    halted: bool,
}

impl Clock {
    /// A clock that has charged `spent` so far and goes on at the monotonic moment `now`.
    pub fn new(spent: Millis, now: Millis, ticking: bool) -> Self {
        Self { spent, last: now, ticking, halted: false }
    }

    pub fn spent(&self) -> Millis {
        self.spent
    }

    /// Charges the time up to `now` and returns the gap that was left out, if any.
    ///
    /// `stopped` says that the process is known to have stood still since the last call.
    pub fn advance(&mut self, now: Millis, stopped: bool) -> Option<Millis> {
        let tick = now.less(self.last);
        self.last = self.last.max(now);
        if self.halted {
            return None;
        }
        let charged = if self.ticking || stopped { tick.min(LONGEST_TICK) } else { tick };
        self.spent += charged;
        let gap = tick.less(charged);
        (gap > Millis::ZERO).then_some(gap)
    }

    /// An untimed session sleeps until a key is pressed; silence is reading there.
    pub fn set_ticking(&mut self, ticking: bool) {
        self.ticking = ticking;
    }

    /// While a session is paused its time stands still, and nothing of that is a gap.
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
        assert_eq!(clock.advance(Millis::seconds(1901), false), Some(Millis::seconds(1795)));
        assert_eq!(clock.spent(), Millis::seconds(6));
    }

    #[test]
    fn reading_for_minutes_without_a_clock_is_no_gap() {
        let mut clock = Clock::new(Millis::ZERO, Millis::ZERO, false);
        assert_eq!(clock.advance(Millis::seconds(180), false), None);
        assert_eq!(clock.spent(), Millis::seconds(180));
        assert_eq!(clock.advance(Millis::seconds(280), true), Some(Millis::seconds(95)));
    }

    #[test]
    fn a_pause_is_neither_charged_nor_a_gap() {
        let mut clock = Clock::new(Millis::ZERO, Millis::ZERO, true);
        clock.set_halted(true);
        assert_eq!(clock.advance(Millis::minutes(90), true), None);
        clock.set_halted(false);
        assert_eq!(clock.advance(Millis::minutes(90) + Millis::seconds(2), false), None);
        assert_eq!(clock.spent(), Millis::seconds(2));
    }

    #[test]
    fn a_clock_that_goes_back_charges_nothing() {
        let mut clock = Clock::new(Millis::ZERO, Millis::seconds(50), true);
        assert_eq!(clock.advance(Millis::seconds(10), false), None);
        assert_eq!(clock.spent(), Millis::ZERO);
    }
}
