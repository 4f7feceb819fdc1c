//! The change between early and late answers, always shown with its interval.

use super::record::MIN_ANSWERS;
use crate::core::measure::Z90;

/// Counts of pairs of an early and a late answer to the same question or to twin questions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairedChange {
    pub pairs: usize,
    /// The number of pairs whose early answer is correct.
    pub early: usize,
    /// The number of pairs whose late answer is correct.
    pub late: usize,
    /// The number of pairs that changed from wrong to correct.
    pub gained: usize,
    /// The number of pairs that changed from correct to wrong.
    pub lost: usize,
}

/// The direction of a change, as far as the pairs show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    TooFew,
    /// The interval includes zero.
    Unclear,
    Better,
    Worse,
}

impl PairedChange {
    /// Counts pairs of (early answer correct, late answer correct).
    pub fn of(pairs: &[(bool, bool)]) -> Self {
        let count = |is: fn(&(bool, bool)) -> bool| pairs.iter().filter(|pair| is(pair)).count();
        Self {
            pairs: pairs.len(),
            early: count(|pair| pair.0),
            late: count(|pair| pair.1),
            gained: count(|pair| !pair.0 && pair.1),
            lost: count(|pair| pair.0 && !pair.1),
        }
    }

    /// Returns the change of the share of correct answers and the ends of its 90% interval, each in [-1, 1]; `None`
    /// without pairs.
    ///
    /// Adds half a pair to each of the four cells, which keeps the coverage for few pairs (Agresti and Min, Simple
    /// improved confidence intervals for comparing matched proportions, 2005).
    pub fn interval(&self) -> Option<(f64, f64, f64)> {
        if self.pairs == 0 {
            return None;
        }
        let (n, gained, lost) = (
            self.pairs as f64 + 2.0,
            self.gained as f64 + 0.5,
            self.lost as f64 + 0.5,
        );
        let middle = (gained - lost) / n;
        let half = Z90
            * (gained + lost - (gained - lost).powi(2) / n)
                .max(0.0)
                .sqrt()
            / n;
        let change = (self.late as f64 - self.early as f64) / self.pairs as f64;
        Some((change, (middle - half).max(-1.0), (middle + half).min(1.0)))
    }

    /// Returns the direction of the change.
    pub fn direction(&self) -> Direction {
        match self.interval() {
            Some((_, low, _)) if self.pairs >= MIN_ANSWERS && low > 0.0 => Direction::Better,
            Some((_, _, high)) if self.pairs >= MIN_ANSWERS && high < 0.0 => Direction::Worse,
            Some(_) if self.pairs >= MIN_ANSWERS => Direction::Unclear,
            _ => Direction::TooFew,
        }
    }

    /// Describes the change: `4 of 9 right early, 8 of 9 late: better, by 9 to 65 points`
    pub fn words(&self) -> String {
        if self.pairs == 0 {
            return "nothing was asked again on a later day yet".to_owned();
        }
        let n = self.pairs;
        let counts = format!(
            "{} of {n} right early, {} of {n} late",
            self.early, self.late
        );
        let percent = |share: f64| (share * 100.0).round();
        match (self.direction(), self.interval()) {
            (Direction::Better, Some((_, low, high))) => {
                format!(
                    "{counts}: better, plausibly by {} to {} points",
                    percent(low),
                    percent(high)
                )
            }
            (Direction::Worse, Some((_, low, high))) => {
                format!(
                    "{counts}: worse, plausibly by {} to {} points",
                    percent(-high),
                    percent(-low)
                )
            }
            (Direction::Unclear, Some((_, low, high))) => {
                format!(
                    "{counts}: no clear change, plausibly {:+} to {:+} points",
                    percent(low),
                    percent(high)
                )
            }
            _ => format!("{counts}: too few to compare"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_named_only_where_its_interval_leaves_no_doubt() {
        let pairs = |gained, lost, same| {
            let all = [
                vec![(false, true); gained],
                vec![(true, false); lost],
                vec![(true, true); same],
            ]
            .concat();
            PairedChange::of(&all).direction()
        };
        assert_eq!(pairs(2, 0, 0), Direction::TooFew);
        assert_eq!(pairs(2, 1, 6), Direction::Unclear);
        assert_eq!(pairs(6, 0, 4), Direction::Better);
        assert_eq!(pairs(0, 6, 4), Direction::Worse);
        assert_eq!(pairs(0, 0, 20), Direction::Unclear);
    }

    #[test]
    fn the_interval_is_that_of_the_paper() {
        // Agresti and Min 2005 with n12 = 8, n21 = 2, n = 20: (8.5 - 2.5) / 22, and its standard error.
        let change = PairedChange {
            pairs: 20,
            early: 7,
            late: 13,
            gained: 8,
            lost: 2,
        };
        let (middle, low, high) = change.interval().unwrap();
        assert!((middle - 0.30).abs() < 1e-9);
        let error = (11.0f64 - 36.0 / 22.0).sqrt() / 22.0;
        assert!((low - (6.0 / 22.0 - Z90 * error)).abs() < 1e-9, "{low}");
        assert!((high - (6.0 / 22.0 + Z90 * error)).abs() < 1e-9, "{high}");
    }

    #[test]
    fn nothing_asked_twice_is_no_change() {
        assert_eq!(
            PairedChange::of(&[]).words(),
            "nothing was asked again on a later day yet"
        );
        assert_eq!(
            PairedChange::of(&[(false, true)]).words(),
            "0 of 1 right early, 1 of 1 late: too few to compare"
        );
    }
}
