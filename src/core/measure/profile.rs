//! The reported results for an ability: a score, its interval, and levels.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Grid, POINTS, Parameters, dot, grid};
use crate::core::question::Level;

/// The boundaries between junior, mid, senior and staff, in logits.
pub(super) const CUTS: [f64; 3] = [-0.8, 0.4, 1.6];
/// The probability from which a single level is named.
pub(super) const SURE: f64 = 0.7;
/// The probability outside the interval on either side, given only the competency's own answers. It is below 0.10
/// because with few answers the interval of a flat prior is slightly too short.
const TAIL: f64 = 0.09;
/// The probability of knowing nothing, or everything, from which the interval extends to that end.
const END: f64 = 0.05;

/// The bank curve of a competency: the expected share of all its questions at each ability.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve(Grid);

impl Curve {
    /// Returns the mean curve of a bank, given as groups of questions with equal parameters, each with its size.
    ///
    /// An empty bank has a curve that is 0 everywhere and measures nothing.
    pub fn of(bank: &[(Parameters, usize)]) -> Self {
        let questions: usize = bank.iter().map(|(_, count)| count).sum();
        let mut sums = [0.0; POINTS];
        for (parameters, count) in bank {
            for (sum, probability) in sums.iter_mut().zip(parameters.probabilities()) {
                *sum += *count as f64 * probability;
            }
        }
        Self(sums.map(|sum| sum / questions.max(1) as f64))
    }

    /// Returns the values at abilities -6, -5.8, up to 6.
    pub fn points(&self) -> &[f64; POINTS] {
        &self.0
    }

    /// Returns the expected share at ability `theta`, in logits.
    pub(super) fn at(&self, theta: f64) -> f64 {
        interpolate(theta, &grid(|theta| theta), &self.0)
    }
}

/// The posterior distribution of the ability in one competency.
#[derive(Clone, Debug)]
pub struct Density {
    /// The likelihood of the competency's own answers, at most 1.
    own: Grid,
    /// The probability of each ability, given the answers in all other competencies.
    others: Grid,
    /// The probability of each ability, given all answers.
    weights: Grid,
    /// The cumulative probability up to the middle of each point's weight.
    cumulative: Grid,
}

/// The result in one competency, in percent of its whole bank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The expected share of the bank answered correctly.
    pub score: f64,
    /// The standard deviation of the posterior distribution of the score.
    pub sd: f64,
    /// The 90% interval, whose coverage does not depend on the prior.
    pub low: f64,
    pub high: f64,
    /// The score of a person who guesses every answer.
    pub chance: f64,
    /// The probabilities of junior, mid, senior and staff.
    pub levels: [f64; 4],
}

/// The result over all competencies, in percent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overall {
    pub score: f64,
    pub sd: f64,
    /// The 90% interval.
    pub low: f64,
    pub high: f64,
    /// The score of a person who guesses every answer.
    pub chance: f64,
    /// The probabilities of a score like that of a person who is junior, mid, senior or staff in every competency.
    pub levels: [f64; 4],
}

/// The levels that the evidence supports: one, or two adjacent ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub from: Level,
    pub to: Level,
}

impl Density {
    /// Combines the likelihood of the competency's own answers with the prediction of the others, which sums to 1.
    pub(super) fn new(own: Grid, others: Grid) -> Self {
        let joint: Grid = std::array::from_fn(|q| own[q] * others[q]);
        let total: f64 = joint.iter().sum();
        // If the product underflows because the answers contradict the others, only the competency's own answers
        // count.
        let weights = if total > 0.0 { joint } else { own };
        let total: f64 = weights.iter().sum();
        let weights = weights.map(|weight| weight / total);
        let mut below = 0.0;
        let cumulative = weights.map(|weight| {
            below += weight;
            below - weight / 2.0
        });
        Self {
            own,
            others,
            weights,
            cumulative,
        }
    }

    /// Returns the mean of a quantity with these values at the abilities of the grid.
    pub(super) fn expected(&self, values: &Grid) -> f64 {
        dot(&self.weights, values)
    }

    /// Returns the expected ability, in logits.
    pub fn mean(&self) -> f64 {
        self.expected(&grid(|theta| theta))
    }

    /// Returns the standard deviation of the ability, in logits.
    pub fn sd(&self) -> f64 {
        let mean = self.mean();
        self.expected(&grid(|theta| (theta - mean).powi(2))).sqrt()
    }

    /// Returns the ability below which a share `p` of the probability lies.
    pub fn quantile(&self, p: f64) -> f64 {
        interpolate(p, &self.cumulative, &grid(|theta| theta))
    }

    /// Returns the probability of an ability below `theta`, in logits.
    pub fn below(&self, theta: f64) -> f64 {
        interpolate(theta, &grid(|theta| theta), &self.cumulative)
    }

    /// Returns the score, interval and levels in a competency with this bank.
    pub fn measure(&self, curve: &Curve) -> Measure {
        let mean = self.expected(&curve.0);
        let variance = self.expected(&curve.0.map(|s| (s - mean).powi(2)));
        let (low, high) = self.interval(mean, curve);
        Measure {
            score: 100.0 * mean,
            sd: 100.0 * variance.sqrt(),
            low: 100.0 * low,
            high: 100.0 * high,
            chance: 100.0 * curve.0[0],
            levels: self.levels(),
        }
    }

    /// Returns the probabilities of junior, mid, senior and staff.
    pub fn levels(&self) -> [f64; 4] {
        between(CUTS.map(|cut| self.below(cut)))
    }

    /// Returns the levels that the evidence supports.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.levels())
    }

    /// Returns the 90% interval of a score: the range left by the competency's own answers, extended to the prediction
    /// of the others (Pratt, Length of Confidence Intervals, 1961). Its coverage does not depend on whether the others
    /// predict well.
    fn interval(&self, score: f64, curve: &Curve) -> (f64, f64) {
        let (predicted, [low, high]) = (self.predicted(curve), self.own_bounds(curve));
        let end = |q: usize, inner: f64| {
            if self.weights[q] >= END {
                curve.0[q]
            } else {
                inner
            }
        };
        (
            end(0, low.min(predicted).min(score)),
            end(POINTS - 1, high.max(predicted).max(score)),
        )
    }

    /// Returns the score in [0, 1] that the answers in all other competencies predict.
    pub fn predicted(&self, curve: &Curve) -> f64 {
        dot(&self.others, &curve.0)
    }

    /// Returns the bounds of the score, in [0, 1], from the competency's own answers with a flat prior on the score.
    pub fn own_bounds(&self, curve: &Curve) -> [f64; 2] {
        let Curve(scores) = curve;
        let mut integral = [0.0; POINTS];
        for q in 1..POINTS {
            let step = (scores[q] - scores[q - 1]).max(0.0);
            integral[q] = integral[q - 1] + step * (self.own[q] + self.own[q - 1]) / 2.0;
        }
        [TAIL, 1.0 - TAIL].map(|p| interpolate(p * integral[POINTS - 1], &integral, scores))
    }

    /// Returns the probabilities of knowing nothing and of knowing everything.
    pub fn ends(&self) -> [f64; 2] {
        [self.weights[0], self.weights[POINTS - 1]]
    }
}

/// Returns the probabilities of the four levels, given the probabilities of being below each of the three boundaries.
pub(super) fn between([mid, senior, staff]: [f64; 3]) -> [f64; 4] {
    [mid, senior - mid, staff - senior, 1.0 - staff].map(|p| p.max(0.0))
}

/// Interpolates `ys` linearly at `x`; outside of the ascending `xs`, returns the first or last value.
fn interpolate(x: f64, xs: &Grid, ys: &Grid) -> f64 {
    match xs.partition_point(|point| *point < x) {
        0 => ys[0],
        POINTS => ys[POINTS - 1],
        i => ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1]),
    }
}

impl Measure {
    /// Returns the levels that the evidence supports.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.levels)
    }

    /// Returns the probability of this level or a higher one.
    pub fn at_least(&self, level: Level) -> f64 {
        at_least(&self.levels, level)
    }

    /// Returns true if the interval reaches down to the score of guessing.
    pub fn is_like_guessing(&self) -> bool {
        is_at_chance(self.low, self.chance)
    }
}

impl Overall {
    /// Returns the levels that the evidence supports.
    pub fn standing(&self) -> Standing {
        Standing::of(&self.levels)
    }

    /// Returns the probability of this level or a higher one.
    pub fn at_least(&self, level: Level) -> f64 {
        at_least(&self.levels, level)
    }

    /// Returns true if the interval reaches down to the score of guessing.
    pub fn is_like_guessing(&self) -> bool {
        is_at_chance(self.low, self.chance)
    }
}

fn at_least(levels: &[f64; 4], level: Level) -> f64 {
    levels.iter().skip(level as usize).sum::<f64>().min(1.0)
}

/// Returns true if both are equal when shown in whole percent.
fn is_at_chance(low: f64, chance: f64) -> bool {
    low < chance + 0.5
}

impl Standing {
    /// Returns one level if it has a probability of 0.7 or more, otherwise the two adjacent ones with the largest sum.
    fn of(probabilities: &[f64; 4]) -> Self {
        let levels = &Level::ALL[..probabilities.len()];
        if let Some(sure) = probabilities.iter().position(|p| *p >= SURE) {
            return Standing {
                from: levels[sure],
                to: levels[sure],
            };
        }
        let together = |lower: &usize| probabilities[*lower] + probabilities[lower + 1];
        // `max_by` takes the last of equal elements: here the lower pair, which is the more cautious claim.
        let lower = (0..3)
            .rev()
            .max_by(|x, y| together(x).total_cmp(&together(y)))
            .unwrap_or(0);
        Standing {
            from: levels[lower],
            to: levels[lower + 1],
        }
    }

    /// Returns true if the evidence supports a single level.
    pub fn is_single(&self) -> bool {
        self.from == self.to
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_single() {
            return self.from.fmt(f);
        }
        f.pad(&format!("{} to {}", self.from, self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::measure::Estimator;
    use proptest::prelude::*;

    fn standing(levels: [f64; 4]) -> String {
        Standing::of(&levels).to_string()
    }

    #[test]
    fn a_level_is_named_alone_only_when_the_evidence_allows() {
        assert_eq!(standing([0.0, 0.2, 0.7, 0.1]), "senior");
        assert_eq!(standing([0.0, 0.25, 0.65, 0.1]), "mid to senior");
        assert_eq!(standing([0.25, 0.25, 0.25, 0.25]), "junior to mid");
        assert_eq!(standing([0.6, 0.3, 0.1, 0.0]), "junior to mid");
    }

    fn bank() -> Curve {
        Curve::of(&Level::ALL.map(|level| (Parameters::of(level, 0.25), 8)))
    }

    #[test]
    fn better_answers_give_higher_scores_in_the_neighbours_too() {
        let measured = |score: f64| {
            let mut estimator = Estimator::new(2);
            (0..8).for_each(|_| estimator.add(0, &Parameters::of(Level::Senior, 0.25), score));
            let posterior = estimator.posterior();
            [0, 1].map(|k| posterior.competency(k).measure(&bank()).score)
        };
        let ([bad, beside_bad], [good, beside_good]) = (measured(0.0), measured(1.0));
        assert!(bad < beside_bad && beside_bad < beside_good && beside_good < good);
    }

    proptest! {
        #[test]
        fn whatever_is_answered_the_result_is_in_range(
            answers in proptest::collection::vec((0usize..3, 0usize..5, 0.0..=1.0f64, 0.0..=1.0f64), 0..200),
        ) {
            let mut estimator = Estimator::new(3);
            for (k, level, chance, score) in answers {
                estimator.add(k, &Parameters::of(Level::ALL[level], chance), score);
            }
            let posterior = estimator.posterior();
            for k in 0..3 {
                let measure = posterior.competency(k).measure(&bank());
                prop_assert!(0.0 <= measure.low && measure.low <= measure.score, "{measure:?}");
                prop_assert!(measure.score <= measure.high && measure.high <= 100.0, "{measure:?}");
                prop_assert!((measure.levels.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(measure.levels.iter().all(|p| (0.0..=1.0).contains(p)));
                prop_assert!(measure.chance <= measure.low + 1e-9, "{measure:?}");
            }
            let overall = posterior.overall(&[20.0, 10.0, 5.0], &[bank(), bank(), bank()]);
            prop_assert!(0.0 <= overall.low && overall.low <= overall.score);
            prop_assert!(overall.score <= overall.high && overall.high <= 100.0);
        }
    }
}
