//! What the scores say of all competencies together.
//!
//! Abilities share one common factor g: `theta_k = sigma (sqrt(rho) g + sqrt(1 - rho) e_k)`, so that an answer in one
//! competency says a little about the others. How much, `rho`, is not known and averaged over.

use std::sync::LazyLock;

use super::profile::{CUTS, Curve, Density, Overall, between};
use super::{Grid, POINTS, Parameters, Z90, below_normal, dot, grid};

/// Points of the grid of the common factor, from -5 to 5.
const NODES: usize = 41;
/// Standard deviation of abilities, in logits.
const SIGMA: f64 = 1.2;
/// Correlations between competencies, equally likely before the first answer.
const RHOS: [f64; 4] = [0.0, 0.3, 0.6, 0.85];

/// Before any answer, for one `rho` and one common factor: how likely they are, and how likely each ability is then.
struct Node {
    /// Sums to 1 over the nodes of a `rho`.
    weight: f64,
    /// Sums to 1.
    abilities: Grid,
}

/// The nodes of all correlations, those of one `rho` next to one another.
static NODES_OF_RHOS: LazyLock<Vec<Node>> = LazyLock::new(|| RHOS.iter().flat_map(|rho| nodes(*rho)).collect());

fn nodes(rho: f64) -> Vec<Node> {
    let factors: [f64; NODES] = std::array::from_fn(|j| -5.0 + 0.25 * j as f64);
    let total: f64 = factors.iter().map(|g| (-g * g / 2.0).exp()).sum();
    let node = |g: f64| {
        let mean = SIGMA * rho.sqrt() * g;
        let variance = SIGMA * SIGMA * (1.0 - rho);
        let abilities = normalised(grid(|theta| (-(theta - mean).powi(2) / (2.0 * variance)).exp()));
        Node { weight: (-g * g / 2.0).exp() / total, abilities }
    };
    factors.map(node).into()
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
    pub fn new(competencies: usize) -> Self {
        Self { log_likelihoods: vec![[0.0; POINTS]; competencies] }
    }

    /// Takes in a score in [0, 1] for a question of the competency with this number.
    ///
    /// Only the first exposure of a question, in an assessment, may be added; an open question never.
    ///
    /// # Panics
    ///
    /// If there is no competency with this number.
    pub fn add(&mut self, competency: usize, parameters: &Parameters, score: f64) {
        let added = parameters.log_likelihoods(score.clamp(0.0, 1.0));
        for (sum, term) in self.log_likelihoods[competency].iter_mut().zip(added) {
            *sum += term;
        }
    }

    pub fn posterior(&self) -> Posterior {
        let likelihoods: Vec<Grid> = self.log_likelihoods.iter().map(relative_likelihood).collect();
        let marginals: Vec<Vec<f64>> =
            likelihoods.iter().map(|l| NODES_OF_RHOS.iter().map(|node| dot(&node.abilities, l)).collect()).collect();
        let weights = node_weights(&marginals);
        let densities =
            likelihoods.iter().zip(&marginals).map(|(l, marginal)| density(l, marginal, &weights)).collect();
        Posterior { likelihoods, marginals, weights, densities }
    }
}

/// The likelihood over its largest value, which all correlations share.
fn relative_likelihood(logs: &Grid) -> Grid {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.map(|log| (log - largest).exp())
}

/// How likely each node is after the answers: prior times the marginal likelihood of all competencies.
fn node_weights(marginals: &[Vec<f64>]) -> Vec<f64> {
    let logs: Vec<f64> = NODES_OF_RHOS
        .iter()
        .enumerate()
        .map(|(j, node)| node.weight.ln() + marginals.iter().map(|marginal| marginal[j].ln()).sum::<f64>())
        .collect();
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
    logs.iter().map(|log| (log - largest).exp() / total).collect()
}

/// How likely each ability is, averaged over the nodes.
fn density(likelihood: &Grid, marginal: &[f64], weights: &[f64]) -> Density {
    let mut mixed = [0.0; POINTS];
    for ((node, marginal), weight) in NODES_OF_RHOS.iter().zip(marginal).zip(weights) {
        let share = weight / marginal;
        for (sum, ability) in mixed.iter_mut().zip(&node.abilities) {
            *sum += share * ability;
        }
    }
    for (sum, l) in mixed.iter_mut().zip(likelihood) {
        *sum *= l;
    }
    Density::new(normalised(mixed))
}

/// What is believed after the scores of an [`Estimator`].
#[derive(Clone, Debug)]
pub struct Posterior {
    likelihoods: Vec<Grid>,
    /// Per competency and node: the expected relative likelihood.
    marginals: Vec<Vec<f64>>,
    /// Per node; sums to 1.
    weights: Vec<f64>,
    densities: Vec<Density>,
}

impl Posterior {
    /// The ability in the competency with this number.
    ///
    /// # Panics
    ///
    /// If there is no competency with this number.
    pub fn competency(&self, competency: usize) -> &Density {
        &self.densities[competency]
    }

    /// The weighted mean of the scores of all competencies; their dependence widens its interval.
    ///
    /// One weight and one curve per competency, in their order; the weights may have any positive sum.
    pub fn overall(&self, weights: &[f64], curves: &[Curve]) -> Overall {
        let total: f64 = weights.iter().sum();
        let (mut mean, mut square) = (0.0, 0.0);
        for (j, node) in NODES_OF_RHOS.iter().enumerate() {
            let (mut mu, mut variance) = (0.0, 0.0);
            for (k, (weight, curve)) in weights.iter().zip(curves).enumerate() {
                let share = weight / total;
                let (first, second) = self.moments(k, j, node, curve);
                mu += share * first;
                variance += share * share * (second - first * first);
            }
            mean += self.weights[j] * mu;
            square += self.weights[j] * (variance + mu * mu);
        }
        let sd = (square - mean * mean).max(0.0).sqrt();
        let within = |share: f64| 100.0 * share.clamp(0.0, 1.0);
        // Where somebody would stand who is exactly between two levels in every competency.
        let line = |cut| weights.iter().zip(curves).map(|(weight, curve)| weight / total * curve.at(cut)).sum::<f64>();
        Overall {
            score: within(mean),
            sd: 100.0 * sd,
            low: within(mean - Z90 * sd),
            high: within(mean + Z90 * sd),
            levels: between(CUTS.map(|cut| below_normal((line(cut) - mean) / sd.max(1e-9)))),
        }
    }

    /// Mean and mean square of the curve of competency `k` if node `j` were true.
    fn moments(&self, k: usize, j: usize, node: &Node, curve: &Curve) -> (f64, f64) {
        let (mut first, mut second) = (0.0, 0.0);
        for ((ability, likelihood), s) in node.abilities.iter().zip(&self.likelihoods[k]).zip(curve.points()) {
            let weight = ability * likelihood;
            first += weight * s;
            second += weight * s * s;
        }
        (first / self.marginals[k][j], second / self.marginals[k][j])
    }

    /// How likely each correlation between competencies is.
    pub fn correlations(&self) -> [(f64, f64); RHOS.len()] {
        std::array::from_fn(|i| (RHOS[i], self.weights[i * NODES..][..NODES].iter().sum()))
    }
}
