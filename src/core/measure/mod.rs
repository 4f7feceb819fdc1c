//! The measurement of ability from scores: an estimate for each competency, with its uncertainty.
//!
//! Ability `theta` is measured in logits. At 0, a senior question is answered correctly with even odds, apart from
//! guessing. All computations use a grid of 61 abilities from -6 to 6, without iteration or matrices.

mod change;
mod confidence;
mod evidence;
mod model;
mod posterior;
mod profile;
mod select;

pub use change::Difference;
pub use confidence::{Calibration, Statement, Tendency, Verdict, wilson};
pub use evidence::{Need, needed};
pub use model::Parameters;
pub use posterior::{Estimator, Posterior};
pub use profile::{Curve, Density, Measure, Overall, Standing};
pub use select::{Offer, Pool, Shortlist, settled};

/// The number of points in the grid of abilities.
const POINTS: usize = 61;
/// The 95% quantile of the normal distribution: 90% of it is within this many standard deviations.
pub const Z90: f64 = 1.644_853_626_951_472_2;

/// The smallest number of scored questions for the score of a competency; with fewer, only a count such as "2 of 3" is
/// shown.
pub const MIN_SCORED: usize = 3;

/// Returns the number of further questions that the score of a competency needs after `scored` ones that count.
pub const fn missing_for_score(scored: usize) -> usize {
    MIN_SCORED.saturating_sub(scored)
}

/// A value for each ability of the grid.
type Grid = [f64; POINTS];

/// Evaluates `of` at each ability of the grid: -6, -5.8, up to 6.
fn grid(of: impl Fn(f64) -> f64) -> Grid {
    std::array::from_fn(|q| of(-6.0 + 0.2 * q as f64))
}

fn dot(a: &Grid, b: &Grid) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Returns the share of a standard normal distribution below `z`, accurate to 1e-7 (Abramowitz and Stegun, Handbook of
/// Mathematical Functions, 1964, 26.2.17).
fn below_normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let terms = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let sum = terms.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    let above = sum * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z > 0.0 { 1.0 - above } else { above }
}
