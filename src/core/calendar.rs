//! Days as people write them, by the rules of the Gregorian calendar (Hinnant, chrono-Compatible Low-Level Date
//! Algorithms, 2013).

use serde::{Deserialize, Serialize};

use super::time::Day;

/// A day as `YYYY-MM-DD`, for files that people write; [`Day`] itself is kept as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub Day);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date is written as year, month and day, such as 2026-12-15")]
pub struct BadDate;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Day {
    /// Year, month from 1, day of the month from 1.
    pub fn civil(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        // Months are counted from March, so that the day that may be missing is the last one.
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        ((year + era * 400 + i64::from(month <= 2)) as i32, month as u32, day as u32)
    }

    /// # Errors
    /// There is no such day.
    pub fn of_civil(year: i32, month: u32, day: u32) -> Result<Day, BadDate> {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
            return Err(BadDate);
        }
        let from_march = year - i32::from(month <= 2);
        let era = from_march.div_euclid(400);
        let of_era = from_march.rem_euclid(400);
        let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) as i32 + 2) / 5 + day as i32 - 1;
        let found = Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468);
        if found.civil() == (year, month, day) { Ok(found) } else { Err(BadDate) }
    }

    /// 0 is Monday.
    pub fn weekday(self) -> u32 {
        (i64::from(self.0) + 3).rem_euclid(7) as u32
    }

    pub fn monday(self) -> Day {
        self.plus(-(self.weekday() as i32))
    }

    /// `Tue 15 Dec`
    pub fn words(self) -> String {
        let (_, month, day) = self.civil();
        format!("{} {day} {}", WEEKDAYS[self.weekday() as usize], MONTHS[month as usize - 1])
    }

    /// `15 Dec 2026`
    pub fn date(self) -> String {
        let (year, month, day) = self.civil();
        format!("{day} {} {year}", MONTHS[month as usize - 1])
    }

    /// `Dec`
    pub fn month(self) -> &'static str {
        MONTHS[self.civil().1 as usize - 1]
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.0.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl std::str::FromStr for Date {
    type Err = BadDate;

    fn from_str(text: &str) -> Result<Self, BadDate> {
        let number = |text: &str, digits: usize| match text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
        {
            true => text.parse::<u32>().map_err(|_| BadDate),
            false => Err(BadDate),
        };
        let mut parts = text.trim().splitn(3, '-');
        let mut next = |digits| parts.next().ok_or(BadDate).and_then(|part| number(part, digits));
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
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_everybody_knows() {
        let day = |text: &str| text.parse::<Date>().unwrap().0;
        assert_eq!(day("1970-01-01"), Day(0));
        assert_eq!(day("2026-11-22"), Day(20_779));
        assert_eq!(day("2026-12-15").words(), "Tue 15 Dec");
        assert_eq!(day("2024-02-29").date(), "29 Feb 2024");
        assert_eq!(day("2026-11-22").monday().words(), "Mon 16 Nov");
    }

    #[test]
    fn each_day_is_read_as_it_is_written() {
        for n in (-200_000..200_000).step_by(37) {
            let day = Day(n);
            let (year, month, of_month) = day.civil();
            if (0..=9999).contains(&year) {
                assert_eq!(Day::of_civil(year, month, of_month), Ok(day));
                assert_eq!(Date(day).to_string().parse(), Ok(Date(day)));
            }
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "2026", "2026-13-01", "2025-02-29", "2026-1-5", "15.12.2026", "2026-12-15x", "-026-12-15"] {
            assert_eq!(text.parse::<Date>(), Err(BadDate), "{text:?}");
        }
    }
}
