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
    /// Returns the change between two scores, each with the low and high end of its 90% interval.
    ///
    /// Each end of the interval of the change combines the distances of the scores from the ends that lie towards each
    /// other (Zou and Donner, Construction of confidence limits about effect measures, 2008), so a change is never
    /// surer than the scores beside it. The answers must be different: results that share some can't be compared.
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
        let ends = |measure: &Measure| (measure.score, measure.low, measure.high);
        Self::between(ends(earlier), ends(later))
    }

    pub fn of_overalls(earlier: &Overall, later: &Overall) -> Self {
        let ends = |overall: &Overall| (overall.score, overall.low, overall.high);
        Self::between(ends(earlier), ends(later))
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
        let grown = Difference::between((50.0, 44.0, 53.0), (60.0, 56.0, 70.0));
        assert_eq!(
            grown,
            Difference {
                by: 10.0,
                low: 5.0,
                high: 10.0 + 136_f64.sqrt()
            }
        );
        assert!(grown.is_change());
        assert!(Difference::between((60.0, 56.0, 63.0), (50.0, 40.0, 54.0)).is_change());
        assert!(!Difference::between((50.0, 40.0, 58.0), (60.0, 54.0, 66.0)).is_change());
        assert!(!Difference::between((50.0, 50.0, 50.0), (50.0, 50.0, 50.0)).is_change());
    }

    #[test]
    fn a_change_is_no_surer_than_the_scores() {
        let (earlier, later) = ((40.0, 10.0, 62.0), (66.0, 35.0, 90.0));
        let change = Difference::between(earlier, later);
        assert!(change.high - change.low > later.2 - later.1, "{change:?}");
        assert!(
            !change.is_change(),
            "the intervals overlap by far: {change:?}"
        );
    }
}
