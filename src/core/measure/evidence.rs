//! Estimates how many more questions are needed before a single level can be named.

use serde::Serialize;

use super::profile::{CUTS, Density, SURE, between};
use super::{Parameters, below_normal, grid};

/// The largest number of further questions to report; beyond it the estimate is unreliable.
const MOST: usize = 20;
/// The number of points at which the mean after further questions is evaluated, over four standard deviations to
/// either side.
const MEANS: usize = 81;
/// The probability of a named level after exactly `n` questions at which half of all people have had their level named
/// by then. It is below 0.5 because the level may be named earlier, and a person stops there. From simulation: see
/// `need` in `tests/bench/need.rs`.
const AT_THAT_MOMENT: f64 = 0.4;

/// The number of further questions that a competency's level needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// One level already has a probability of 0.7 or more.
    Nothing,
    /// After about this many more questions, there is an even chance that one level has.
    About(usize),
    /// It would take more than 20 questions: the ability is close to the boundary between two levels, or the bank
    /// carries little information.
    Many,
}

/// Estimates how many more questions of `bank` would settle the level of an ability with this `density`. The bank is
/// given as groups of questions with equal parameters, each with its size.
///
/// Each further question adds its Fisher information, averaged over `density`; the most informative ones come first,
/// as in an adaptive assessment. After `n` of them, the ability has the variance `s_n^2 = 1 / (1 / s^2 + I_n)`, where
/// `s^2` is the present variance and `I_n` the added information. Its future mean is not known yet: it is normally
/// distributed about the present mean with the variance `s^2 - s_n^2`, the reduction by the questions (Lindley, On a
/// Measure of the Information Provided by an Experiment, 1956, uses this look-ahead). The result is the smallest `n`
/// for which enough of these means give a level a probability of 0.7 that half of all people would have had their
/// level named by then.
pub fn needed(density: &Density, bank: &[(Parameters, usize)]) -> Need {
    if density.standing().is_single() {
        return Need::Nothing;
    }
    let (mean, sd) = (density.mean(), density.sd());
    let mut precision = 1.0 / sd.powi(2);
    for (n, information) in (1..=MOST).zip(best(density, bank)) {
        precision += information;
        if chance_to_be_settled(mean, sd, 1.0 / precision) >= AT_THAT_MOMENT {
            return Need::About(n);
        }
    }
    Need::Many
}

/// Returns the expected information of each question, the largest first.
fn best(density: &Density, bank: &[(Parameters, usize)]) -> Vec<f64> {
    let mut of_questions: Vec<f64> = bank
        .iter()
        .flat_map(|(parameters, count)| {
            let expected = density.expected(&grid(|theta| parameters.information(theta)));
            std::iter::repeat_n(expected, (*count).min(MOST))
        })
        .collect();
    of_questions.sort_by(|a, b| b.total_cmp(a));
    of_questions
}

/// Returns the probability that a level has 0.7 or more once the variance has fallen to `variance`.
fn chance_to_be_settled(mean: f64, sd: f64, variance: f64) -> f64 {
    let moves = (sd.powi(2) - variance).max(0.0).sqrt();
    let (mut all, mut settled) = (0.0, 0.0);
    for i in 0..MEANS {
        let z = 8.0 * i as f64 / (MEANS - 1) as f64 - 4.0;
        let weight = (-z * z / 2.0).exp();
        let then = mean + z * moves;
        let levels = between(CUTS.map(|cut| below_normal((cut - then) / variance.sqrt())));
        all += weight;
        settled += if levels.iter().any(|p| *p >= SURE) {
            weight
        } else {
            0.0
        };
    }
    settled / all
}
