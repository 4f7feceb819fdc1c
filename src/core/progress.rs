//! Where one stands in practice: how much is recalled, and how steadily one comes back.

use super::measure::wilson;
use super::time::Day;

/// Fewer recalls than this say too little to be shown as a share.
pub const ENOUGH_RECALLS: u32 = 10;
/// Days without practice that a streak bears. A missed day only pauses it.
pub const PAUSE: i32 = 14;

/// How often one recalled what one had seen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recalls {
    /// Answers to questions that had been answered before.
    pub tried: u32,
    /// Those that were not `Again`.
    pub recalled: u32,
}

impl Recalls {
    /// The share recalled and its 90 % interval after Wilson, each in [0, 100]; `None` where nothing was tried.
    pub fn share(self) -> Option<(f64, f64, f64)> {
        if self.tried == 0 {
            return None;
        }
        let share = f64::from(self.recalled) / f64::from(self.tried);
        let (low, high) = wilson(share, f64::from(self.tried));
        Some((100.0 * share, 100.0 * low, 100.0 * high))
    }

    pub fn is_thin(self) -> bool {
        self.tried < ENOUGH_RECALLS
    }
}

/// Days of practice with no longer pause among them than [`PAUSE`] days. A missed day is not counted and takes nothing
/// away; after a longer pause the next day of practice begins a new streak, and until then the old one stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// Days on which something was practised.
    pub days: u32,
    /// The last of them.
    pub last: Option<Day>,
}

impl Streak {
    /// `days` on which something was practised, the newest first.
    pub fn of(days: impl Iterator<Item = Day>) -> Self {
        let mut streak = Self::default();
        let mut after: Option<Day> = None;
        for day in days {
            if after.is_some_and(|after| after.since(day) > PAUSE + 1) {
                break;
            }
            streak.last = streak.last.or(Some(day));
            streak.days += 1;
            after = Some(day);
        }
        streak
    }

    /// It would go on with practice on this day.
    pub fn goes_on(&self, today: Day) -> bool {
        self.last.is_some_and(|last| today.since(last) <= PAUSE + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streak(days: &[i32]) -> u32 {
        Streak::of(days.iter().map(|day| Day(*day))).days
    }

    #[test]
    fn a_missed_day_pauses_a_streak_and_does_not_end_it() {
        assert_eq!(streak(&[10, 9, 8]), 3);
        assert_eq!(streak(&[10, 8, 3]), 3);
        assert_eq!(streak(&[40, 25, 24]), 3, "fourteen days missed");
        assert_eq!(streak(&[40, 24, 23]), 1, "fifteen days missed");
        assert_eq!(streak(&[]), 0);
    }

    #[test]
    fn a_streak_stands_until_a_new_one_begins() {
        let old = Streak::of([Day(10), Day(9)].into_iter());
        assert!(old.goes_on(Day(25)) && !old.goes_on(Day(26)));
        assert_eq!(old.days, 2);
    }

    #[test]
    fn a_share_of_few_has_a_wide_interval() {
        let (share, low, high) = Recalls { tried: 4, recalled: 4 }.share().unwrap();
        assert!(share == 100.0 && low < 65.0 && high == 100.0, "{low} to {high}");
        let (_, low, high) = Recalls { tried: 400, recalled: 360 }.share().unwrap();
        assert!(low > 87.0 && high < 93.0);
        assert_eq!(Recalls::default().share(), None);
    }
}
