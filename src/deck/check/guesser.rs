//! A trained guesser, which tests whether keys can be found from the options alone.
//!
//! It is a multinomial logit model over the options of a question, evaluated by
//! five-fold cross-validation. It never sees a stem, so it beats chance only if
//! the options of the bank give keys away.

use super::options::{has_absolute, has_hedge, likenesses};
use super::tokens::words;
use super::{length, single};
use crate::core::question::{Choice, Question};
use crate::core::rng::Stream;

const FOLDS: usize = 5;
const ROUNDS: usize = 60;
const RATE: f64 = 0.5;
/// The ridge penalty, which keeps weights small because a bank has few questions per feature.
const RIDGE: f64 = 0.02;
const FEATURES: usize = 12;

type Features = [f64; FEATURES];

/// The accuracy of the guesser on questions outside its training set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GuesserResult {
    pub n: usize,
    /// The share of keys that it found.
    pub right: f64,
    /// The share of keys that random picking finds.
    pub chance: f64,
}

impl GuesserResult {
    /// Returns the distance from chance in standard deviations.
    pub fn z(&self) -> f64 {
        let sd = (self.chance * (1.0 - self.chance) / self.n.max(1) as f64).sqrt();
        if sd > 0.0 {
            (self.right - self.chance) / sd
        } else {
            0.0
        }
    }
}

/// A question as training data: the features of its options, and the index of its key.
struct Sample {
    options: Vec<Features>,
    key: usize,
}

/// Evaluates the guesser on all single questions. The same seed gives the same result.
pub fn guess(questions: &[&Question], seed: u64) -> GuesserResult {
    let mut samples: Vec<Sample> = questions
        .iter()
        .filter_map(|q| single(q))
        .map(|(options, key)| Sample {
            options: features(options),
            key,
        })
        .collect();
    Stream::new(seed, "folds").shuffle(&mut samples);
    let n = samples.len();
    let chance = samples
        .iter()
        .map(|s| 1.0 / s.options.len() as f64)
        .sum::<f64>()
        / n.max(1) as f64;
    let mut right = 0.0;
    for fold in 0..FOLDS {
        let learned = learn(
            samples
                .iter()
                .enumerate()
                .filter(|(i, _)| i % FOLDS != fold)
                .map(|(_, s)| s),
        );
        right += samples
            .iter()
            .skip(fold)
            .step_by(FOLDS)
            .map(|s| hit(s, &learned))
            .sum::<f64>();
    }
    GuesserResult {
        n,
        right: right / n.max(1) as f64,
        chance,
    }
}

/// Returns the surface features of each option, relative to the mean of all options of the question.
fn features(options: &[Choice]) -> Vec<Features> {
    let likeness = likenesses(options);
    let raw: Vec<Features> = options
        .iter()
        .zip(&likeness)
        .map(|(option, likeness)| {
            let text = option.text.as_str();
            let w = words(text);
            let has = |list: &[&str]| f64::from(w.iter().any(|x| list.contains(&x.as_str())));
            let letters: usize = w.iter().map(|x| x.chars().count()).sum();
            [
                length(option) as f64 / 20.0,
                w.len() as f64 / 4.0,
                letters as f64 / w.len().max(1) as f64,
                text.chars().filter(|c| ",;:(-".contains(*c)).count() as f64,
                f64::from(text.contains(|c: char| c.is_ascii_digit())),
                f64::from(has_absolute(option)),
                f64::from(has_hedge(option)),
                10.0 * likeness,
                has(&["not", "no", "nothing", "none", "without"]),
                has(&["because", "so", "as", "since", "therefore"]),
                has(&["and", "then", "both"]),
                has(&["only", "more", "each", "every", "all"]),
            ]
        })
        .collect();
    let mean = |f: usize| raw.iter().map(|x| x[f]).sum::<f64>() / raw.len().max(1) as f64;
    let means: Features = std::array::from_fn(mean);
    raw.iter()
        .map(|x| std::array::from_fn(|f| x[f] - means[f]))
        .collect()
}

fn score(option: &Features, weights: &Features) -> f64 {
    option.iter().zip(weights).map(|(x, w)| x * w).sum()
}

/// Returns the probability that the model gives to each option.
fn shares(sample: &Sample, weights: &Features) -> Vec<f64> {
    let scores: Vec<f64> = sample.options.iter().map(|o| score(o, weights)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let raised: Vec<f64> = scores.iter().map(|s| (s - most).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.into_iter().map(|r| r / sum).collect()
}

/// Trains the model by gradient ascent, and returns its weights.
fn learn<'a>(samples: impl Iterator<Item = &'a Sample>) -> Features {
    let samples: Vec<&Sample> = samples.collect();
    let mut weights = [0.0; FEATURES];
    for _ in 0..ROUNDS {
        let mut slope = [0.0; FEATURES];
        for sample in &samples {
            for (i, (option, share)) in sample
                .options
                .iter()
                .zip(shares(sample, &weights))
                .enumerate()
            {
                let pull = f64::from(i == sample.key) - share;
                slope
                    .iter_mut()
                    .zip(option)
                    .for_each(|(s, x)| *s += pull * x);
            }
        }
        for (weight, slope) in weights.iter_mut().zip(slope) {
            *weight += RATE * (slope / samples.len().max(1) as f64 - RIDGE * *weight);
        }
    }
    weights
}

/// Returns 1 if the key scores highest, a fraction if it ties, and 0 otherwise.
fn hit(sample: &Sample, weights: &Features) -> f64 {
    let scores: Vec<f64> = sample.options.iter().map(|o| score(o, weights)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let tied = scores.iter().filter(|s| **s >= most - 1e-12).count();
    if scores[sample.key] >= most - 1e-12 {
        1.0 / tied as f64
    } else {
        0.0
    }
}
