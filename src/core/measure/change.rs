//! The change between two results, and whether it is larger than chance.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Measure, Overall, Z90};

/// The change from an earlier to a later score of the same bank, in percentage points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub by: f64,
    /// The 90% interval.
    pub low: f64,
    pub high: f64,
}

impl Difference {
    /// Returns the change between two scores, each with its standard deviation.
    ///
    /// The variances add up because the answers are different. Results that share answers must not be compared.
    pub fn between((earlier, its_sd): (f64, f64), (later, sd): (f64, f64)) -> Self {
        let (by, half) = (later - earlier, Z90 * sd.hypot(its_sd));
        Self {
            by,
            low: by - half,
            high: by + half,
        }
    }

    pub fn of_measures(earlier: &Measure, later: &Measure) -> Self {
        Self::between((earlier.score, earlier.sd), (later.score, later.sd))
    }

    pub fn of_overalls(earlier: &Overall, later: &Overall) -> Self {
        Self::between((earlier.score, earlier.sd), (later.score, later.sd))
    }

    /// Returns true if the interval excludes 0; only then may the difference be called a change.
    pub fn is_change(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_change() {
            return f.write_str("no clear change");
        }
        let signed = |points: f64| match points.round() {
            0.0 => "0".to_owned(),
            rounded => format!("{rounded:+}"),
        };
        write!(
            f,
            "{}, plausibly {} to {}",
            signed(self.by),
            signed(self.low),
            signed(self.high)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_chance_hardly_does_is_a_change() {
        let grown = Difference::between((50.0, 3.0), (60.0, 4.0));
        assert!(
            (grown.by - 10.0).abs() < 1e-9 && (grown.low - (10.0 - 5.0 * Z90)).abs() < 1e-9,
            "{grown:?}"
        );
        assert!(grown.is_change());
        assert!(Difference::between((60.0, 4.0), (50.0, 3.0)).is_change());
        assert!(!Difference::between((50.0, 6.0), (60.0, 8.0)).is_change());
        assert!(!Difference::between((50.0, 0.0), (50.0, 0.0)).is_change());
    }
}
