//! Ordering: each constrained pair counts for the score when it is in order, and against it when not.

use std::collections::BTreeSet;

use super::{Scored, hundredths};
use crate::core::id::ChoiceId;

/// Pairs of steps whose order is free.
type Free = [(ChoiceId, ChoiceId)];

/// The largest number of steps for which the chance level is computed. The format allows 7; the work doubles with each step.
const MOST_STEPS: usize = 10;

pub fn rule(steps: usize, free: &Free) -> String {
    let either_way = if free.is_empty() {
        ""
    } else {
        " Some may stand either way."
    };
    format!(
        "Put all {steps} in order. A pair the wrong way round cancels one the right way round.{either_way}"
    )
}

pub fn score(steps: usize, free: &Free, order: &[ChoiceId]) -> Option<Scored> {
    let mut place = vec![None; steps];
    for (position, id) in order.iter().enumerate() {
        if place.get_mut(id.index())?.replace(position).is_some() {
            return None;
        }
    }
    let place: Vec<usize> = place.into_iter().collect::<Option<_>>()?;
    let constrained = constrained(steps, free);
    let right = constrained
        .iter()
        .filter(|(first, then)| place[*first] < place[*then])
        .count();
    let pairs = constrained.len();
    let value = balance(right, pairs);
    let result = if value < 0.0 {
        "is below 0, so 0".to_owned()
    } else {
        format!("= {}", hundredths(value))
    };
    Some(Scored::new(
        value,
        format!("{right} of {pairs} pairs in order: 2 x {right}/{pairs} - 1 {result}"),
    ))
}

/// Returns the mean score over all orders.
///
/// Orders are built one step at a time: `reached[s][n]` is the probability that the set `s` of
/// placed steps has `n` constrained pairs in order.
pub fn chance(steps: usize, free: &Free) -> f64 {
    if steps > MOST_STEPS {
        return 0.0;
    }
    let constrained = constrained(steps, free);
    let pairs = constrained.len();
    let mut before = vec![0usize; steps];
    for (first, then) in constrained {
        before[then] |= 1 << first;
    }
    let mut reached = vec![vec![0.0; pairs + 1]; 1 << steps];
    reached[0][0] = 1.0;
    for standing in 0..reached.len() - 1 {
        let left = steps - standing.count_ones() as usize;
        for step in (0..steps).filter(|step| standing & (1 << step) == 0) {
            let gained = (before[step] & standing).count_ones() as usize;
            for right in gained..=pairs {
                reached[standing | 1 << step][right] +=
                    reached[standing][right - gained] / left as f64;
            }
        }
    }
    let all = reached.last().map_or(&[][..], Vec::as_slice);
    all.iter()
        .enumerate()
        .map(|(right, probability)| probability * balance(right, pairs).max(0.0))
        .sum()
}

/// Returns the pairs (earlier, later) whose order is fixed.
fn constrained(steps: usize, free: &Free) -> Vec<(usize, usize)> {
    let free: BTreeSet<(usize, usize)> = free
        .iter()
        .map(|(a, b)| (a.index(), b.index()))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect();
    (0..steps)
        .flat_map(|then| (0..then).map(move |first| (first, then)))
        .filter(|pair| !free.contains(pair))
        .collect()
}

/// Returns correct minus incorrect pairs as a share of all pairs; 1 if no pair is constrained.
fn balance(right: usize, pairs: usize) -> f64 {
    if pairs == 0 {
        1.0
    } else {
        2.0 * right as f64 / pairs as f64 - 1.0
    }
}
