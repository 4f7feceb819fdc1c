//! The response model: the expected score of a question as a function of ability.

use std::f64::consts::PI;

use super::{Grid, POINTS, grid};
use crate::core::question::Level;

/// The probability that a person who knows the answer still gets it wrong by a slip.
const SLIP: f64 = 0.02;
/// The standard deviation of the error in an author's level, in logits.
const AUTHORS_TAU: f64 = 1.0;

/// The parameters of a question, known before it is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// The discrimination, per logit.
    pub a: f64,
    /// The difficulty, in logits.
    pub b: f64,
    /// The standard deviation of `b`, in logits.
    pub tau: f64,
    /// The chance level, in [0, 1].
    pub c: f64,
    pub slip: f64,
}

impl Parameters {
    /// Returns the parameters of a question from its author's level and its chance level.
    pub fn of(level: Level, chance: f64) -> Self {
        let b = match level {
            Level::Junior => -2.0,
            Level::Mid => -1.0,
            Level::Senior => 0.0,
            Level::Staff => 1.0,
            Level::Principal => 2.0,
        };
        Self {
            a: 1.0,
            b,
            tau: AUTHORS_TAU,
            c: chance,
            slip: SLIP,
        }
    }

    /// Returns the expected score at ability `theta`: a logistic curve from the chance level up to 1 minus the slips.
    ///
    /// The uncertainty of `b` is integrated out with the flatter slope `a / sqrt(1 + pi a^2 tau^2 / 8)` (the probit
    /// approximation of `MacKay`, The Evidence Framework Applied to Classification Networks, 1992).
    pub fn probability(&self, theta: f64) -> f64 {
        self.c + (1.0 - self.slip - self.c) / (1.0 + (-self.slope() * (theta - self.b)).exp())
    }

    fn slope(&self) -> f64 {
        self.a / (1.0 + PI * self.a.powi(2) * self.tau.powi(2) / 8.0).sqrt()
    }

    /// Returns the Fisher information of an answer at ability `theta`, per squared logit: `P'^2 / (P (1 - P))`.
    pub fn information(&self, theta: f64) -> f64 {
        let p = self.probability(theta).clamp(1e-9, 1.0 - 1e-9);
        let range = 1.0 - self.slip - self.c;
        let logistic = (p - self.c) / range;
        let rise = range * self.slope() * logistic * (1.0 - logistic);
        if range > 0.0 {
            rise.powi(2) / (p * (1.0 - p))
        } else {
            0.0
        }
    }

    /// Returns the log-likelihood of a score in [0, 1] at ability `theta`; a quasi-likelihood for a score between 0
    /// and 1.
    pub fn log_likelihood(&self, theta: f64, score: f64) -> f64 {
        log_likelihood(self.probability(theta), score)
    }

    /// Returns the expected score at each ability of the grid. The ends of the grid represent people who only guess
    /// and people who know everything and only slip.
    pub(super) fn probabilities(&self) -> Grid {
        let mut probabilities = grid(|theta| self.probability(theta));
        probabilities[0] = self.c;
        probabilities[POINTS - 1] = 1.0 - self.slip;
        probabilities
    }

    pub(super) fn log_likelihoods(&self, score: f64) -> Grid {
        self.probabilities().map(|p| log_likelihood(p, score))
    }
}

/// Returns the log-likelihood of a score for an expected score of `p`.
fn log_likelihood(p: f64, score: f64) -> f64 {
    // With a chance level of 0 or 1, a single answer would outweigh all others.
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    score * p.ln() + (1.0 - score) * (1.0 - p).ln()
}
