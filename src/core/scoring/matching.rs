//! Matching: the score is the share of correct pairs.

use super::{Scored, hundredths};
use crate::core::id::ChoiceId;
use crate::core::question::Left;

pub fn rule(left: usize) -> String {
    format!(
        "Choose one entry for each of the {left}; some are left over. Each right pair earns 1/{left}."
    )
}

/// Scores `pairs`; `right` is the number of entries on the right-hand side.
pub fn score(left: &[Left], right: usize, pairs: &[Option<ChoiceId>]) -> Option<Scored> {
    if pairs.len() > left.len() || pairs.iter().flatten().any(|id| id.index() >= right) {
        return None;
    }
    let matched = left
        .iter()
        .zip(pairs)
        .filter(|(left, chosen)| **chosen == Some(left.key))
        .count();
    let all = left.len();
    let value = matched as f64 / all as f64;
    Some(Scored::new(
        value,
        format!(
            "{matched} of {all} pairs right: {matched}/{all} = {}",
            hundredths(value)
        ),
    ))
}

/// Returns the probability of pairing an entry correctly by chance.
pub fn chance(right: usize) -> f64 {
    1.0 / right.max(1) as f64
}
