//! Progress in practice: the share of questions recalled, and streaks.

use super::measure::wilson;
use super::time::Day;

/// The minimum number of recalls for showing a share.
pub const ENOUGH_RECALLS: u32 = 10;
/// The longest break within a streak, in days without practice.
pub const PAUSE: i32 = 14;

/// Counts of recalled questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recalls {
    /// The number of answers to questions that had been answered before.
    pub tried: u32,
    /// The number of those answers that were not graded `Again`.
    pub recalled: u32,
}

impl Recalls {
    /// Returns the share recalled and its 90% Wilson interval, each in [0, 100]; `None` without any answers.
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

/// A streak: the number of practice days without a break longer than [`PAUSE`] days. A missed day neither counts nor
/// ends the streak. After a longer break, the next day of practice starts a new streak; until then the old one
/// remains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// The number of days with practice.
    pub days: u32,
    /// The last of these days.
    pub last: Option<Day>,
}

impl Streak {
    /// Returns the latest streak; `days` are the days with practice, newest first.
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

    /// Returns true if practice on this day would continue the streak.
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
        let (share, low, high) = Recalls {
            tried: 4,
            recalled: 4,
        }
        .share()
        .unwrap();
        assert!(
            share == 100.0 && low < 65.0 && high == 100.0,
            "{low} to {high}"
        );
        let (_, low, high) = Recalls {
            tried: 400,
            recalled: 360,
        }
        .share()
        .unwrap();
        assert!(low > 87.0 && high < 93.0);
        assert_eq!(Recalls::default().share(), None);
    }
}
