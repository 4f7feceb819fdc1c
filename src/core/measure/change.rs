//! The change between two results, and whether it is larger than chance.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Measure, Overall};

/// The change from an earlier to a later score of the same bank, in percentage points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub by: f64,
    /// The 90% interval.
    pub low: f64,
    pub high: f64,
}

impl Difference {
    /// Returns the change between two scores, each with the low and the high end of its interval.
    ///
    /// The squares of the distances to the ends add up, because the answers are different (Zou and Donner, Construction
    /// of Confidence Limits About Effect Measures, 2008). Results that share answers must not be compared.
    pub fn between(
        (earlier, its_low, its_high): (f64, f64, f64),
        (later, low, high): (f64, f64, f64),
    ) -> Self {
        let by = later - earlier;
        Self {
            by,
            low: by - (later - low).hypot(its_high - earlier),
            high: by + (high - later).hypot(earlier - its_low),
        }
    }

    pub fn of_measures(earlier: &Measure, later: &Measure) -> Self {
        Self::between(
            (earlier.score, earlier.low, earlier.high),
            (later.score, later.low, later.high),
        )
    }

    pub fn of_overalls(earlier: &Overall, later: &Overall) -> Self {
        Self::between(
            (earlier.score, earlier.low, earlier.high),
            (later.score, later.low, later.high),
        )
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
        let about = |score: f64, half: f64| (score, score - half, score + half);
        let grown = Difference::between(about(50.0, 6.0), about(60.0, 8.0));
        assert!(
            (grown.by - 10.0).abs() < 1e-9 && grown.low.abs() < 1e-9,
            "{grown:?}"
        );
        assert!(Difference::between(about(50.0, 5.0), about(60.0, 7.0)).is_change());
        assert!(Difference::between(about(60.0, 7.0), about(50.0, 5.0)).is_change());
        assert!(!Difference::between(about(50.0, 8.0), about(60.0, 8.0)).is_change());
        assert!(!Difference::between(about(50.0, 0.0), about(50.0, 0.0)).is_change());
    }

    #[test]
    fn an_uncertain_end_makes_a_change_uncertain_towards_it() {
        let grown = Difference::between((21.0, 19.0, 50.0), (95.0, 53.0, 98.0));
        assert!(grown.low < 25.0 && grown.high < 80.0, "{grown:?}");
    }
}
