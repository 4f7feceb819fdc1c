//! How much more would have to be asked before one level alone can be named.

use serde::Serialize;

use super::profile::{CUTS, Density, SURE, between};
use super::{Parameters, below_normal, grid};

/// More questions than this are not promised to anybody: by then the estimate means little.
const MOST: usize = 20;
/// Points at which the mean after further questions is looked at, over four standard deviations to either side.
const MEANS: usize = 81;
/// The probability of being settled after exactly `n` questions that goes with an even chance of having been settled
/// by then: the level may have been named on the way, and a person stops there. From simulation: see `need` in
/// `tests/bench/need.rs`.
const AT_THAT_MOMENT: f64 = 0.4;

/// What a competency's level still needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// One level has a probability of 0.7 or more.
    Nothing,
    /// After about so many more questions it is as likely as not that one has.
    About(usize),
    /// It would take more than 20: the ability lies close to the line between two levels, or the bank tells little.
    Many,
}

/// How many more questions of `bank`, given as groups of so many with equal parameters, would settle the level of an
/// ability of which `density` is believed.
///
/// Each further question adds its Fisher information, expected over `density`; the most informative ones come first,
/// as an adaptive choice would have it. After `n` of them the ability has the variance `s_n^2 = 1 / (1 / s^2 + I_n)`,
/// where `s^2` is the present one and `I_n` what was added. Where its mean will be is not known yet: as far as one
/// can tell it is normal about the present mean with the variance `s^2 - s_n^2`, which is what the questions take away
/// (Lindley, On a Measure of the Information Provided by an Experiment, 1956, for this way of looking ahead). The
/// answer is the smallest `n` at which a level has a probability of 0.7 for so many of those means that half of all
/// people would have had their level by then.
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

/// The expected information of each question, the largest first.
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

/// The probability that a level has 0.7 or more once the variance has come down to `variance`.
fn chance_to_be_settled(mean: f64, sd: f64, variance: f64) -> f64 {
    let moves = (sd.powi(2) - variance).max(0.0).sqrt();
    let (mut all, mut settled) = (0.0, 0.0);
    for i in 0..MEANS {
        let z = 8.0 * i as f64 / (MEANS - 1) as f64 - 4.0;
        let weight = (-z * z / 2.0).exp();
        let then = mean + z * moves;
        let levels = between(CUTS.map(|cut| below_normal((cut - then) / variance.sqrt())));
        all += weight;
        settled += if levels.iter().any(|p| *p >= SURE) { weight } else { 0.0 };
    }
    settled / all
}
