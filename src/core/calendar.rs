//! Days as people write them, and the months they lie in (proleptic Gregorian calendar).

use std::fmt;

use super::time::Day;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A month of a year; `month` counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i32,
    pub month: u32,
}

impl Month {
    pub fn next(self) -> Month {
        match self.month {
            12 => Month { year: self.year.saturating_add(1), month: 1 },
            month => Month { month: month + 1, ..self },
        }
    }

    /// `Nov`
    pub fn word(self) -> &'static str {
        MONTHS[(self.month.clamp(1, 12) - 1) as usize]
    }
}

impl Day {
    /// The month, and the day in it from 1 (H. Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`).
    pub fn civil(self) -> (Month, u32) {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
        let year = (year_of_era + era * 400 + i64::from(month <= 2)) as i32;
        (Month { year, month }, day)
    }

    pub fn month(self) -> Month {
        self.civil().0
    }

    /// `21 Nov`, for where the year is known.
    pub fn short(self) -> String {
        let (month, day) = self.civil();
        format!("{day} {}", month.word())
    }

    /// `21 Nov`, or `Nov 25` where that is more than ten months from `today`.
    pub fn near(self, today: Day) -> String {
        let (month, _) = self.civil();
        match today.since(self).unsigned_abs() {
            0..300 => self.short(),
            _ => format!("{} {:02}", month.word(), month.year.rem_euclid(100)),
        }
    }

    /// `2026-11-21`, for programs.
    pub fn iso(self) -> String {
        let (Month { year, month }, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// `21 Nov 2026`
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (month, day) = self.civil();
        f.pad(&format!("{day} {} {}", month.word(), month.year))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_the_calendar_has_them() {
        let shown = |day| Day(day).to_string();
        assert_eq!(shown(0), "1 Jan 1970");
        assert_eq!(shown(11_016), "29 Feb 2000");
        assert_eq!(shown(20_779), "22 Nov 2026");
        assert_eq!(shown(-1), "31 Dec 1969");
        assert_eq!((Day(20_779).iso(), Day(20_779).short()), ("2026-11-22".to_owned(), "22 Nov".to_owned()));
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut before = Day(-1).civil();
        for day in 0..146_097 {
            let (month, of_month) = Day(day).civil();
            let follows =
                (month == before.0 && of_month == before.1 + 1) || (month == before.0.next() && of_month == 1);
            assert!(follows, "{day}: {before:?} {month:?} {of_month}");
            before = (month, of_month);
        }
    }

    #[test]
    fn no_day_is_too_far_away() {
        for day in [i32::MIN, i32::MAX] {
            assert!(!Day(day).to_string().is_empty());
        }
    }
}
