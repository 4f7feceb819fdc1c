//! Durations, days and time limits. The core never reads a clock: the shell measures time and passes it in.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// Milliseconds: a duration, or a point in time counted from the start of a measurement.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    pub const ZERO: Millis = Millis(0);

    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// Returns the time left after subtracting `other`, at least zero.
    pub fn saturating_sub(self, other: Millis) -> Millis {
        Millis(self.0.saturating_sub(other.0))
    }

    /// Formats the time as `37:20`, or `1:02:05` from an hour on.
    pub fn clock(self) -> String {
        let seconds = self.0 / 1000;
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, m, s) => format!("{m}:{s:02}"),
            (h, m, s) => format!("{h}:{m:02}:{s:02}"),
        }
    }
}

impl Add for Millis {
    type Output = Millis;
    fn add(self, other: Millis) -> Millis {
        Millis(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Millis {
    fn add_assign(&mut self, other: Millis) {
        *self = *self + other;
    }
}

impl Sub for Millis {
    type Output = Millis;
    fn sub(self, other: Millis) -> Millis {
        self.saturating_sub(other)
    }
}

/// A day in the person's calendar, counted from 1 January 1970.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// Returns the number of days from `earlier` to this day; negative if `earlier` is later.
    pub fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

/// An hour of the day, 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Hour(u8);

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("an hour is a number from 0 to 23, such as 4")]
pub struct BadHour;

impl Hour {
    pub const MIDNIGHT: Hour = Hour(0);
    /// The default hour at which a new day of practice begins.
    pub const FOUR: Hour = Hour(4);

    /// Returns the hour with this number.
    ///
    /// # Errors
    /// The number is greater than 23.
    pub fn new(hour: u8) -> Result<Self, BadHour> {
        (hour < 24).then_some(Self(hour)).ok_or(BadHour)
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Hour {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(u8::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Formats the hour as `4:00`.
impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:00", self.0)
    }
}

/// A person's time multiplier, 1.0 to 10.0, which scales every limit and warning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Multiplier(f64);

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("the time multiplier is a number from 1.0 to 10.0, such as 1.5")]
pub struct BadMultiplier;

impl Multiplier {
    pub const ONE: Multiplier = Multiplier(1.0);

    pub fn new(factor: f64) -> Result<Self, BadMultiplier> {
        (1.0..=10.0)
            .contains(&factor)
            .then_some(Self(factor))
            .ok_or(BadMultiplier)
    }

    pub fn get(self) -> f64 {
        self.0
    }

    pub fn scale(self, span: Millis) -> Millis {
        Millis((span.0 as f64 * self.0).round() as u64)
    }
}

impl<'de> Deserialize<'de> for Multiplier {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Multiplier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The time limit of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    Untimed,
    /// The elapsed time at which the session expires, with the multiplier already applied.
    Within(Millis),
}

#[derive(Debug, thiserror::Error, PartialEq)]
pub enum BadSpan {
    #[error("a time is a number with s, m or h, such as 45m, 90s, 1h or 1h30m")]
    Unreadable,
    #[error("a time is from 1s to 24h")]
    OutOfRange,
}

/// Parses `45m`, `90s`, `1h`, `1h30m`, or a number of minutes; at least a second and at most a day.
pub fn parse_span(text: &str) -> Result<Millis, BadSpan> {
    let text = text.trim();
    let mut total = 0u64;
    let mut rest = text;
    let mut last_unit = u64::MAX;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().map_err(|_| match digits {
            0 => BadSpan::Unreadable,
            _ => BadSpan::OutOfRange,
        })?;
        let (unit, after) = match rest[digits..].chars().next() {
            Some('h') => (3600, 1),
            Some('m') => (60, 1),
            Some('s') => (1, 1),
            None if digits == text.len() => (60, 0),
            _ => return Err(BadSpan::Unreadable),
        };
        if unit >= last_unit {
            return Err(BadSpan::Unreadable);
        }
        last_unit = unit;
        total = number
            .checked_mul(unit)
            .and_then(|n| total.checked_add(n))
            .ok_or(BadSpan::OutOfRange)?;
        rest = &rest[digits + after..];
    }
    if text.is_empty() {
        return Err(BadSpan::Unreadable);
    }
    (1..=86_400)
        .contains(&total)
        .then_some(Millis::seconds(total))
        .ok_or(BadSpan::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_as_people_write_them() {
        assert_eq!(parse_span("45m"), Ok(Millis::minutes(45)));
        assert_eq!(parse_span("1h30m"), Ok(Millis::minutes(90)));
        assert_eq!(parse_span("90s"), Ok(Millis::seconds(90)));
        assert_eq!(parse_span("20"), Ok(Millis::minutes(20)));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "1.5x", "m", "-3m", "1m1m", "1m1h", "4\u{661}m", "10m5"] {
            assert_eq!(parse_span(text), Err(BadSpan::Unreadable), "{text:?}");
        }
        for text in ["0m", "25h", "1000h", "99999999999999999999h"] {
            assert_eq!(parse_span(text), Err(BadSpan::OutOfRange), "{text:?}");
        }
    }

    #[test]
    fn clocks_show_hours_only_when_there_are_any() {
        assert_eq!(Millis::seconds(1872).clock(), "31:12");
        assert_eq!(Millis::seconds(3_725).clock(), "1:02:05");
    }
}
