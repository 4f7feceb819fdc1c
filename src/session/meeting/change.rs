//! A change between two moments of the same thing, never named without its interval.

use super::record::ENOUGH;
use crate::core::measure::Z90;

/// Pairs of an early and a late answer to the same question or to twins.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    pub pairs: usize,
    /// Right early, and right late.
    pub early: usize,
    pub late: usize,
    /// Wrong early and right late, and the other way round.
    pub gained: usize,
    pub lost: usize,
}

/// What the pairs allow to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    TooFew,
    /// Zero lies within the interval.
    Unclear,
    Better,
    Worse,
}

impl Change {
    /// From whether each was right early and late.
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

    /// The change of the share of right answers and the ends of its 90 % interval, each in [-1, 1]; `None` without pairs.
    ///
    /// Agresti and Min, Simple improved confidence intervals for comparing matched proportions, 2005: half a pair is
    /// added to each of the four cells, which keeps the interval honest for few pairs.
    pub fn interval(&self) -> Option<(f64, f64, f64)> {
        if self.pairs == 0 {
            return None;
        }
        let (n, gained, lost) = (self.pairs as f64 + 2.0, self.gained as f64 + 0.5, self.lost as f64 + 0.5);
        let middle = (gained - lost) / n;
        let half = Z90 * (gained + lost - (gained - lost).powi(2) / n).max(0.0).sqrt() / n;
        let change = (self.late as f64 - self.early as f64) / self.pairs as f64;
        Some((change, (middle - half).max(-1.0), (middle + half).min(1.0)))
    }

    pub fn direction(&self) -> Direction {
        match self.interval() {
            Some((_, low, _)) if self.pairs >= ENOUGH && low > 0.0 => Direction::Better,
            Some((_, _, high)) if self.pairs >= ENOUGH && high < 0.0 => Direction::Worse,
            Some(_) if self.pairs >= ENOUGH => Direction::Unclear,
            _ => Direction::TooFew,
        }
    }

    /// `4 of 9 right early, 8 of 9 late: better, by 9 to 65 points`
    pub fn words(&self) -> String {
        if self.pairs == 0 {
            return "none asked twice yet".to_owned();
        }
        let n = self.pairs;
        let counts = format!("{} of {n} right early, {} of {n} late", self.early, self.late);
        let percent = |share: f64| (share * 100.0).round();
        match (self.direction(), self.interval()) {
            (Direction::Better, Some((_, low, high))) => {
                format!("{counts}: better, plausibly by {} to {} points", percent(low), percent(high))
            }
            (Direction::Worse, Some((_, low, high))) => {
                format!("{counts}: worse, plausibly by {} to {} points", percent(-high), percent(-low))
            }
            (Direction::Unclear, Some((_, low, high))) => {
                format!("{counts}: no clear change, plausibly {:+} to {:+} points", percent(low), percent(high))
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
            let all = [vec![(false, true); gained], vec![(true, false); lost], vec![(true, true); same]].concat();
            Change::of(&all).direction()
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
        let change = Change { pairs: 20, early: 7, late: 13, gained: 8, lost: 2 };
        let (middle, low, high) = change.interval().unwrap();
        assert!((middle - 0.30).abs() < 1e-9);
        let error = (11.0f64 - 36.0 / 22.0).sqrt() / 22.0;
        assert!((low - (6.0 / 22.0 - Z90 * error)).abs() < 1e-9, "{low}");
        assert!((high - (6.0 / 22.0 + Z90 * error)).abs() < 1e-9, "{high}");
    }

    #[test]
    fn nothing_asked_twice_is_no_change() {
        assert_eq!(Change::of(&[]).words(), "none asked twice yet");
        assert_eq!(Change::of(&[(false, true)]).words(), "0 of 1 right early, 1 of 1 late: too few to compare");
    }
}
