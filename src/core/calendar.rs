//! Days in written form and months in the Gregorian calendar (Hinnant, chrono-Compatible Low-Level Date Algorithms,
//! 2013).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::time::Day;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The number of days from 1 March of the year 0 to 1 January 1970, and in 400 years.
const EPOCH: i64 = 719_468;
const ERA: i64 = 146_097;
/// The maximum distance of a typed day from today, in days.
const FAR: u32 = 3660;

/// A month of a year; `month` counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i32,
    pub month: u32,
}

impl Month {
    pub fn next(self) -> Month {
        match self.month {
            12 => Month {
                year: self.year.saturating_add(1),
                month: 1,
            },
            month => Month {
                month: month + 1,
                ..self
            },
        }
    }

    /// Returns the first day of the month.
    pub fn first(self) -> Day {
        // A month outside the calendar of [`Day::of_civil`] begins on the default day.
        Day::of_civil(self.year, self.month, 1).unwrap_or_default()
    }

    /// Returns the short name, such as `Nov`.
    pub fn word(self) -> &'static str {
        MONTHS[(self.month.clamp(1, 12) - 1) as usize]
    }
}

impl Day {
    /// Returns the month, and the day of the month from 1.
    pub fn civil(self) -> (Month, u32) {
        let days = i64::from(self.0) + EPOCH;
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        // Months are counted from March, so that a leap day is the last day of the year.
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = (year + era * 400 + i64::from(month <= 2)) as i32;
        (
            Month {
                year,
                month: month as u32,
            },
            day as u32,
        )
    }

    /// Returns the day with this date.
    ///
    /// # Errors
    /// The date doesn't exist.
    pub fn of_civil(year: i32, month: u32, day: u32) -> Result<Day, BadDate> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
            return Err(BadDate);
        }
        let from_march = i64::from(year) - i64::from(month <= 2);
        let (era, of_era) = (from_march.div_euclid(400), from_march.rem_euclid(400));
        let month_from_march = i64::from(if month > 2 { month - 3 } else { month + 9 });
        let of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        let days = era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
        let found = Day(days as i32);
        // Rejects a day that the month doesn't have, because it converts back to a different date.
        if found.civil() == (Month { year, month }, day) {
            Ok(found)
        } else {
            Err(BadDate)
        }
    }

    pub fn month(self) -> Month {
        self.civil().0
    }

    /// Returns the day of the week; 0 is Monday.
    pub fn weekday(self) -> u32 {
        (i64::from(self.0) + 3).rem_euclid(7) as u32
    }

    pub fn monday(self) -> Day {
        self.plus(-(self.weekday() as i32))
    }

    /// Formats the day as `Tue 15 Dec`.
    pub fn words(self) -> String {
        format!("{} {}", WEEKDAYS[self.weekday() as usize], self.short())
    }

    /// Formats the day as `21 Nov`, for places where the year is known.
    pub fn short(self) -> String {
        let (month, day) = self.civil();
        format!("{day} {}", month.word())
    }

    /// Formats the day as `21 Nov`, or the month as `Nov'25` if it is more than ten months from `today`; the
    /// apostrophe keeps the year from being read as a day.
    pub fn near(self, today: Day) -> String {
        let (month, _) = self.civil();
        match today.since(self).unsigned_abs() {
            0..300 => self.short(),
            _ => format!("{}'{:02}", month.word(), month.year.rem_euclid(100)),
        }
    }

    /// Formats the day as `2026-11-21`, for programs and files.
    pub fn iso(self) -> String {
        let (Month { year, month }, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// Formats the day as `21 Nov 2026`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.short(), self.month().year))
    }
}

/// Serialises a day as `YYYY-MM-DD` in files that people edit; [`Day`] itself is stored as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub Day);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date is written as year, month and day, such as 2026-12-15")]
pub struct BadDate;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iso())
    }
}

impl FromStr for Date {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let number = |text: &str, digits: usize| match text.len() == digits
            && text.bytes().all(|b| b.is_ascii_digit())
        {
            true => text.parse::<u32>().map_err(|_| BadDate),
            false => Err(BadDate),
        };
        let mut parts = text.trim().splitn(3, '-');
        let mut next = |digits| {
            parts
                .next()
                .ok_or(BadDate)
                .and_then(|part| number(part, digits))
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        Day::of_civil(year as i32, month, day).map(Date)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("type a date like 2026-12-15 or +10d")]
pub struct BadDay;

/// Parses `2026-12-15`, or `+10d`, `+2w` and `+1m` (30 days) counted from `today`; at most ten years away.
///
/// # Errors
/// Anything else, and days that don't exist.
pub fn read_day(text: &str, today: Day) -> Result<Day, BadDay> {
    let text = text.trim();
    let day = match text.strip_prefix('+') {
        Some(span) => from_today(span, today),
        None => text.parse().ok().map(|Date(day)| day),
    };
    day.filter(|day| day.since(today).unsigned_abs() <= FAR)
        .ok_or(BadDay)
}

fn from_today(span: &str, today: Day) -> Option<Day> {
    let (number, unit) = span.split_at_checked(span.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        _ => return None,
    };
    let number: i32 = if number.bytes().all(|b| b.is_ascii_digit()) {
        number.parse().ok()?
    } else {
        return None;
    };
    Some(today.plus(number.checked_mul(days)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 22 November 2026.
    const TODAY: Day = Day(20_779);

    fn day(text: &str) -> Day {
        text.parse::<Date>().unwrap().0
    }

    #[test]
    fn days_as_the_calendar_has_them() {
        let shown = |day| Day(day).to_string();
        assert_eq!(shown(0), "1 Jan 1970");
        assert_eq!(shown(11_016), "29 Feb 2000");
        assert_eq!(shown(20_779), "22 Nov 2026");
        assert_eq!(shown(-1), "31 Dec 1969");
        assert_eq!(
            (TODAY.iso(), TODAY.short()),
            ("2026-11-22".to_owned(), "22 Nov".to_owned())
        );
        assert_eq!(day("2026-12-15").words(), "Tue 15 Dec");
        assert_eq!(TODAY.monday().words(), "Mon 16 Nov");
        assert_eq!(Day(TODAY.0 - 400).near(TODAY), "Oct'25");
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut before = Day(-1).civil();
        for day in 0..146_097 {
            let (month, of_month) = Day(day).civil();
            let follows = (month == before.0 && of_month == before.1 + 1)
                || (month == before.0.next() && of_month == 1);
            assert!(follows, "{day}: {before:?} {month:?} {of_month}");
            assert_eq!(
                Day::of_civil(month.year, month.month, of_month),
                Ok(Day(day))
            );
            before = (month, of_month);
        }
    }

    #[test]
    fn no_day_is_too_far_away() {
        for day in [i32::MIN, i32::MAX] {
            assert!(!Day(day).to_string().is_empty() && !Day(day).words().is_empty());
        }
    }

    #[test]
    fn days_as_people_write_them() {
        assert_eq!(read_day("2026-12-15", TODAY), Ok(TODAY.plus(23)));
        assert_eq!(read_day(" +2w ", TODAY), Ok(TODAY.plus(14)));
        assert_eq!(read_day("+10d", TODAY), Ok(TODAY.plus(10)));
        assert_eq!(
            read_day("2028-02-29", TODAY).map(Day::iso),
            Ok("2028-02-29".to_owned())
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "+",
            "2w",
            "+2x",
            "+w",
            "+-2w",
            "2026-02-30",
            "2027-02-29",
            "2026-13-01",
            "15.12.2026",
            "9999-01-01",
        ] {
            assert_eq!(read_day(text, TODAY), Err(BadDay), "{text:?}");
        }
        for text in ["26-12-15", "2026-12-15-1", "+026-12-15", "2026-1-5"] {
            assert_eq!(text.parse::<Date>(), Err(BadDate), "{text:?}");
        }
        assert_eq!(read_day("+99999999999w", TODAY), Err(BadDay));
        assert_eq!(read_day("+é", TODAY), Err(BadDay));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(day in -3000..3000i32) {
            let day = TODAY.plus(day);
            prop_assert_eq!(read_day(&day.iso(), TODAY), Ok(day));
        }

        #[test]
        fn nothing_breaks_it(text in any::<String>()) {
            let _ = read_day(&text, TODAY);
        }
    }
}
