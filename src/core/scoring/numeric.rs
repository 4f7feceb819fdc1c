//! Numeric answers: correct within the tolerance; results of known wrong formulas name their misconception.

use super::{Scored, hundredths};
use crate::core::number::{self, NotANumber, show, show_within};
use crate::core::question::{Numeric, Row};

/// The probability of guessing a number.
pub const CHANCE: f64 = 0.02;

/// The number of parameter rows whose answers are checked for being whole.
const CHECKED_ROWS: u32 = 32;

pub fn rule(numeric: &Numeric) -> String {
    let unit = numeric.unit.as_str();
    let number = match unit {
        "" => String::new(),
        _ if is_plural(unit) => format!(" of {unit}"),
        _ => format!(" in {unit}"),
    };
    if asks_for_whole_number(numeric) {
        let right = match numeric.tolerance(Row(0)) {
            0.0 => "Only the exact one is right.".to_owned(),
            _ => format!(
                "Anything within {} of the exact one is right.",
                bounds(numeric)
            ),
        };
        return format!("Type a whole number{number}. {right}");
    }
    let asked = format!("Type a number{number}.");
    match bounds(numeric) {
        none if none.is_empty() => format!("{asked} Only the exact value is right."),
        bounds => format!("{asked} Any answer within {bounds} of the exact value is right."),
    }
}

/// Returns the tolerances of a question in words; empty if there is none.
fn bounds(numeric: &Numeric) -> String {
    let mut bounds = Vec::new();
    if numeric.tolerance_rel > 0.0 {
        bounds.push(format!("{}%", hundredths(numeric.tolerance_rel * 100.0)));
    }
    if numeric.tolerance_abs > 0.0 {
        bounds.push(distance_with_unit(numeric, show(numeric.tolerance_abs)));
    }
    bounds.join(" or ")
}

/// Returns true if a unit is a word for things that are counted, such as `requests`, and not an abbreviation.
fn is_plural(unit: &str) -> bool {
    unit.len() > 3 && unit.ends_with('s') && unit.chars().all(|c| c.is_alphabetic() || c == ' ')
}

/// Returns true if things are counted, and the tolerance accepts no other whole number than the right one.
fn asks_for_whole_number(numeric: &Numeric) -> bool {
    let is_counted = numeric.unit.is_empty() || is_plural(numeric.unit.as_str());
    let is_exact = |row: u32| {
        let right = numeric.right(Row(row));
        right.fract() == 0.0 && numeric.tolerance_of(right) <= 0.5
    };
    is_counted && (0..numeric.rows().min(CHECKED_ROWS)).all(is_exact)
}

pub fn score(numeric: &Numeric, row: Row, given: Result<f64, NotANumber>) -> Scored {
    let given = match given {
        Ok(given) => given,
        Err(not_a_number) => return Scored::new(0.0, format!("{not_a_number} 0 points")),
    };
    let right = numeric.right(row);
    let accepted = numeric.tolerance(row);
    let shown = match accepted == 0.0 {
        true => format!("{} given, {} is right", show(given), show(right)),
        false => format!(
            "{} given, {} is right",
            with_unit(numeric, show(given)),
            with_unit(numeric, show_within(right, accepted))
        ),
    };
    let [distance, tolerance] =
        apart((given - right).abs(), accepted).map(|text| distance_with_unit(numeric, text));
    if is_within(given, right, accepted) {
        if accepted == 0.0 {
            return Scored::new(1.0, format!("{shown}: 1 point"));
        }
        return Scored::new(
            1.0,
            format!("{shown}: {distance} apart, within {tolerance}: 1 point"),
        );
    }
    let values = numeric.values(row);
    let misconception = numeric.wrong.iter().find(|wrong| {
        let value = wrong.formula.evaluate(&values);
        is_within(given, value, numeric.tolerance_of(value))
    });
    let scored = match accepted == 0.0 {
        true => Scored::new(0.0, format!("{shown}: 0 points")),
        false => Scored::new(
            0.0,
            format!("{shown}: {distance} apart, not within {tolerance}: 0 points"),
        ),
    };
    Scored {
        misconception: misconception.map(|wrong| numeric.fill(&wrong.why, row)),
        ..scored
    }
}

/// Returns true if `given` is within the tolerance of `value`.
///
/// A value that is not finite accepts nothing, because an infinite tolerance would accept everything.
/// A relative margin of 1e-9 forgives rounding: 0.3 equals 0.1 + 0.2.
fn is_within(given: f64, value: f64, tolerance: f64) -> bool {
    value.is_finite() && (given - value).abs() <= tolerance + value.abs() * 1e-9
}

/// Formats a distance and a tolerance to three digits of the tolerance, or in full where rounding would hide which of
/// them is larger.
fn apart(distance: f64, tolerance: f64) -> [String; 2] {
    let rounded = [distance, tolerance].map(|value| show_within(value, tolerance / 10.0));
    match rounded[0] == rounded[1] && distance != tolerance {
        true => [distance, tolerance].map(show),
        false => rounded,
    }
}

/// Formats a distance with its unit. A distance between percentages is in percentage points.
pub fn distance_with_unit(numeric: &Numeric, distance: String) -> String {
    match numeric.unit.as_str() {
        "%" => number::with_unit(&distance, "percentage points"),
        _ => with_unit(numeric, distance),
    }
}

fn with_unit(numeric: &Numeric, value: String) -> String {
    number::with_unit(&value, numeric.unit.as_str())
}
