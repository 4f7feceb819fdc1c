//! Days as people write them: `2026-12-15`, or so many days or weeks from today.

use crate::core::time::Day;

/// Days from 1 March of the year 0 to 1 January 1970, and in 400 years.
const EPOCH: i64 = 719_468;
const ERA: i64 = 146_097;

/// `2026-12-15`. The calendar is counted from March, so that a leap day is the last of its year
/// (Hinnant, chrono-Compatible Low-Level Date Algorithms, 2013).
pub fn written(day: Day) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

fn civil(day: Day) -> (i64, i64, i64) {
    let z = i64::from(day.0) + EPOCH;
    let (era, of_era) = (z.div_euclid(ERA), z.rem_euclid(ERA));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written 2026-12-15, or as +10d, +2w or +1m from today")]
pub struct BadDay;

/// Reads `2026-12-15`, or `+10d`, `+2w` and `+1m` (30 days) counted from `today`; at most ten years away.
///
/// # Errors
/// Anything else, and days that no calendar has.
pub fn read(text: &str, today: Day) -> Result<Day, BadDay> {
    let text = text.trim();
    let day = match text.strip_prefix('+') {
        Some(span) => from_today(span, today),
        None => in_calendar(text),
    };
    day.filter(|day| day.since(today).unsigned_abs() <= 3660).ok_or(BadDay)
}

fn from_today(span: &str, today: Day) -> Option<Day> {
    let (number, unit) = span.split_at_checked(span.len().checked_sub(1)?)?;
    let days = match unit {
        "d" => 1,
        "w" => 7,
        "m" => 30,
        _ => return None,
    };
    let number: i32 = if number.bytes().all(|b| b.is_ascii_digit()) { number.parse().ok()? } else { return None };
    Some(today.plus(number.checked_mul(days)?))
}

fn in_calendar(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let mut part = |most: usize| {
        let digits = parts.next().filter(|p| !p.is_empty() && p.len() <= most)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) {
        return None;
    }
    let from_march = year - i64::from(month <= 2);
    let (era, of_era) = (from_march.div_euclid(400), from_march.rem_euclid(400));
    let of_year = (153 * if month > 2 { month - 3 } else { month + 9 } + 2) / 5 + day - 1;
    let days = era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
    let found = Day(i32::try_from(days).ok()?);
    // The 31st of a short month is another day when it is written again.
    (civil(found) == (year, month, day)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 22 November 2026
    const TODAY: Day = Day(20_779);

    #[test]
    fn days_as_people_write_them() {
        assert_eq!(written(TODAY), "2026-11-22");
        assert_eq!(written(Day(0)), "1970-01-01");
        assert_eq!(read("2026-12-15", TODAY), Ok(TODAY.plus(23)));
        assert_eq!(read(" +2w ", TODAY), Ok(TODAY.plus(14)));
        assert_eq!(read("+10d", TODAY), Ok(TODAY.plus(10)));
        assert_eq!(read("2028-02-29", TODAY).map(written), Ok("2028-02-29".to_owned()));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "+", "2w", "+2x", "+w", "+-2w", "2026-02-30", "2027-02-29", "2026-13-01", "15.12.2026", "9999-01-01"]
        {
            assert_eq!(read(text, TODAY), Err(BadDay), "{text:?}");
        }
        assert_eq!(read("+99999999999w", TODAY), Err(BadDay));
        assert_eq!(read("+é", TODAY), Err(BadDay));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(day in -3000..3000i32) {
            let day = TODAY.plus(day);
            prop_assert_eq!(read(&written(day), TODAY), Ok(day));
        }

        #[test]
        fn nothing_breaks_it(text in any::<String>()) {
            let _ = read(&text, TODAY);
        }
    }
}
