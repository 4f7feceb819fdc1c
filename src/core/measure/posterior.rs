//! Combines the scores of all competencies into a posterior distribution of each ability and of the overall score.
//!
//! Abilities vary about a common level `m` with a spread `e`, so an answer in one competency carries some information
//! about the others. Both are unknown, so the prior is a mixture over a grid of both. Two more parts of the mixture
//! represent a person who knows nothing and a person who knows everything.

use std::sync::LazyLock;

use super::profile::{CUTS, Curve, Density, Overall, between};
use super::{Grid, POINTS, Parameters, below_normal, dot, grid};

/// The number of points in the grid of common levels, from -6 to 6.
const LEVELS: usize = 41;
/// The scale of the prior of the common level, `1 / cosh(m / scale)`, in logits.
const LEVEL_SCALE: f64 = 1.5;
/// The standard deviations of abilities about the common level, equally likely before the first answer.
const SPREADS: [f64; 4] = [0.45, 0.75, 1.0, 1.2];
/// The prior probability of each end of the grid: of knowing nothing, and of knowing everything.
const ENDS: f64 = 0.03;
const NODES: usize = SPREADS.len() * LEVELS + 2;
/// The smallest marginal likelihood, so that its logarithm is finite.
const FLOOR: f64 = 1e-300;
/// The smallest variance of a part of the overall mixture.
const LEAST_VARIANCE: f64 = 1e-6;
/// The number of bisections of [0, 1] that locate a quantile to 1e-8.
const BISECTIONS: usize = 27;

/// A part of the prior: its weight and its distribution of abilities.
struct Node {
    /// Weights sum to 1 over all nodes.
    weight: f64,
    /// The probability of each ability; sums to 1.
    abilities: Grid,
}

/// The nodes of each spread in turn, then both ends.
static PRIOR: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let end = |at: usize| Node {
        weight: ENDS,
        abilities: std::array::from_fn(|q| f64::from(q == at)),
    };
    SPREADS
        .iter()
        .flat_map(|spread| nodes(*spread))
        .chain([end(0), end(POINTS - 1)])
        .collect()
});

/// Returns the nodes of one spread, one for each common level.
fn nodes(spread: f64) -> [Node; LEVELS] {
    let levels: [f64; LEVELS] = std::array::from_fn(|j| -6.0 + 0.3 * j as f64);
    let likely = |level: f64| 1.0 / (level / LEVEL_SCALE).cosh();
    let total: f64 = levels.iter().map(|level| likely(*level)).sum();
    let share = (1.0 - 2.0 * ENDS) / SPREADS.len() as f64 / total;
    levels.map(|level| Node {
        weight: share * likely(level),
        abilities: normalised(grid(|theta| {
            (-(theta - level).powi(2) / (2.0 * spread * spread)).exp()
        })),
    })
}

fn normalised(mut weights: Grid) -> Grid {
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= total);
    weights
}

/// The scores so far, as the log-likelihood of each ability in each competency.
#[derive(Clone, Debug)]
pub struct Estimator {
    log_likelihoods: Vec<Grid>,
}

impl Estimator {
    /// Returns an estimator without any answers.
    pub fn new(competencies: usize) -> Self {
        Self {
            log_likelihoods: vec![[0.0; POINTS]; competencies],
        }
    }

    /// Adds a score in [0, 1] for a question of the competency with this index.
    ///
    /// Only the first exposure of a question in an assessment may be added, and never an open question.
    ///
    /// # Panics
    ///
    /// If there is no competency with this index.
    pub fn add(&mut self, competency: usize, parameters: &Parameters, score: f64) {
        let added = parameters.log_likelihoods(score.clamp(0.0, 1.0));
        for (sum, term) in self.log_likelihoods[competency].iter_mut().zip(added) {
            *sum += term;
        }
    }

    /// Returns the posterior distribution after the scores added so far.
    pub fn posterior(&self) -> Posterior {
        let prior = &*PRIOR;
        let likelihoods: Vec<Grid> = self
            .log_likelihoods
            .iter()
            .map(relative_likelihood)
            .collect();
        let marginal = |l: &Grid| {
            prior
                .iter()
                .map(|node| dot(&node.abilities, l).max(FLOOR))
                .collect()
        };
        let marginals: Vec<Vec<f64>> = likelihoods.iter().map(marginal).collect();
        let logs: Vec<Vec<f64>> = marginals
            .iter()
            .map(|m| m.iter().map(|m| m.ln()).collect())
            .collect();
        let joint: Vec<f64> = prior
            .iter()
            .enumerate()
            .map(|(j, node)| node.weight.ln() + logs.iter().map(|l| l[j]).sum::<f64>())
            .collect();
        let densities = likelihoods.iter().zip(&logs).map(|(l, own)| {
            let without = joint.iter().zip(own).map(|(all, own)| all - own).collect();
            density(l, &shares(without))
        });
        Posterior {
            densities: densities.collect(),
            weights: shares(joint),
            likelihoods,
            marginals,
        }
    }
}

/// Returns the likelihood divided by its largest value, which all nodes share.
fn relative_likelihood(logs: &Grid) -> Grid {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.map(|log| (log - largest).exp())
}

/// Returns the probabilities with these logarithms, which lack a common constant.
fn shares(logs: Vec<f64>) -> Vec<f64> {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let relative: Vec<f64> = logs.into_iter().map(|log| (log - largest).exp()).collect();
    let total: f64 = relative.iter().sum();
    relative.into_iter().map(|share| share / total).collect()
}

/// Combines a competency's own likelihood with the weights of the nodes according to the other competencies.
fn density(likelihood: &Grid, others: &[f64]) -> Density {
    let mut predicted = [0.0; POINTS];
    for (node, share) in PRIOR.iter().zip(others) {
        for (sum, ability) in predicted.iter_mut().zip(&node.abilities) {
            *sum += share * ability;
        }
    }
    Density::new(*likelihood, normalised(predicted))
}

/// The posterior distribution after the scores of an [`Estimator`].
#[derive(Clone, Debug)]
pub struct Posterior {
    likelihoods: Vec<Grid>,
    /// The expected relative likelihood, per competency and node.
    marginals: Vec<Vec<f64>>,
    /// The posterior weight of each node; sums to 1.
    weights: Vec<f64>,
    densities: Vec<Density>,
}

/// A normal part of the distribution of the overall score, which is in [0, 1].
struct Part {
    weight: f64,
    mean: f64,
    sd: f64,
}

impl Posterior {
    /// Returns the posterior distribution of the ability in the competency with this index.
    ///
    /// # Panics
    ///
    /// If there is no competency with this index.
    pub fn competency(&self, competency: usize) -> &Density {
        &self.densities[competency]
    }

    /// Returns the weighted mean of the scores of all competencies, with an interval that takes their dependence into
    /// account.
    ///
    /// Expects one weight and one curve per competency, in their order; the weights may have any positive sum.
    pub fn overall(&self, weights: &[f64], curves: &[Curve]) -> Overall {
        let total: f64 = weights.iter().sum();
        let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
        let mut parts = Vec::with_capacity(NODES);
        let (mut mean, mut square) = (0.0, 0.0);
        for (j, node) in PRIOR.iter().enumerate() {
            let (weight, (mu, variance)) =
                (self.weights[j], self.moments(j, node, &shares, curves));
            mean += weight * mu;
            square += weight * (variance + mu * mu);
            parts.push(Part {
                weight,
                mean: mu,
                sd: variance.max(LEAST_VARIANCE).sqrt(),
            });
        }
        let at = |of: &dyn Fn(&Curve) -> f64| {
            shares
                .iter()
                .zip(curves)
                .map(|(share, c)| share * of(c))
                .sum::<f64>()
        };
        let (least, most) = (
            at(&|curve| curve.points()[0]),
            at(&|curve| curve.points()[POINTS - 1]),
        );
        let (low, high) = (
            quantile(&parts, 0.05).max(least),
            quantile(&parts, 0.95).min(most),
        );
        Overall {
            score: 100.0 * mean,
            sd: 100.0 * (square - mean * mean).max(0.0).sqrt(),
            low: 100.0 * low,
            high: 100.0 * high,
            chance: 100.0 * least,
            // The score of a person who is exactly at the boundary between two levels in every competency.
            levels: between(CUTS.map(|cut| below(&parts, at(&|curve| curve.at(cut))))),
        }
    }

    /// Returns the mean and variance of the overall score if node `j` were true.
    fn moments(&self, j: usize, node: &Node, shares: &[f64], curves: &[Curve]) -> (f64, f64) {
        let (mut mean, mut variance) = (0.0, 0.0);
        for (k, (share, curve)) in shares.iter().zip(curves).enumerate() {
            if *share == 0.0 {
                continue;
            }
            let (mut first, mut second) = (0.0, 0.0);
            for ((ability, likelihood), s) in node
                .abilities
                .iter()
                .zip(&self.likelihoods[k])
                .zip(curve.points())
            {
                let weighted = ability * likelihood * s;
                first += weighted;
                second += weighted * s;
            }
            let (first, second) = (first / self.marginals[k][j], second / self.marginals[k][j]);
            mean += share * first;
            variance += share * share * (second - first * first);
        }
        (mean, variance)
    }

    /// Returns the probability of each spread of abilities, then those of knowing nothing and of knowing everything.
    pub fn spreads(&self) -> [f64; SPREADS.len() + 2] {
        std::array::from_fn(
            |i| match self.weights.chunks(LEVELS).nth(i.min(SPREADS.len())) {
                Some(of_spread) if i < SPREADS.len() => of_spread.iter().sum(),
                Some(ends) => ends[i - SPREADS.len()],
                None => 0.0,
            },
        )
    }
}

/// Returns the probability of a score below `x`.
fn below(parts: &[Part], x: f64) -> f64 {
    parts
        .iter()
        .map(|part| part.weight * below_normal((x - part.mean) / part.sd))
        .sum()
}

/// Returns the score below which a share `p` of the probability lies, by bisection.
fn quantile(parts: &[Part], p: f64) -> f64 {
    // The parts have means in [0, 1], and anything beyond is cut off later.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(low, high);
        if below(parts, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}
