//! All steps in order; every pair that must stand one way counts, for or against.

use std::collections::BTreeSet;

use super::{Scored, hundredths};
use crate::core::id::ChoiceId;

/// Pairs of steps that may stand either way.
type Free = [(ChoiceId, ChoiceId)];

/// Steps up to which the chance level is worked out. The format allows 7; the work doubles with each.
const MOST_STEPS: usize = 10;

pub fn rule(steps: usize, free: &Free) -> String {
    let either_way = if free.is_empty() { "" } else { " Some may stand either way." };
    format!("Put all {steps} in order. A pair the wrong way round cancels one the right way round.{either_way}")
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
    let right = constrained.iter().filter(|(first, then)| place[*first] < place[*then]).count();
    let pairs = constrained.len();
    let value = balance(right, pairs);
    let result = if value < 0.0 { "is below 0, so 0".to_owned() } else { format!("= {}", hundredths(value)) };
    Some(Scored::new(value, format!("{right} of {pairs} pairs in order: 2 x {right}/{pairs} - 1 {result}")))
}

/// The mean score over all orders.
///
/// An order is built from its first step on: `reached[s]` is, for the set `s` of steps that stand
/// already, the probability of each number of pairs in order among them.
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
                reached[standing | 1 << step][right] += reached[standing][right - gained] / left as f64;
            }
        }
    }
    let all = reached.last().map_or(&[][..], Vec::as_slice);
    all.iter().enumerate().map(|(right, probability)| probability * balance(right, pairs).max(0.0)).sum()
}

/// The pairs (earlier, later) that must stand this way round.
fn constrained(steps: usize, free: &Free) -> Vec<(usize, usize)> {
    let free: BTreeSet<(usize, usize)> =
        free.iter().map(|(a, b)| (a.index(), b.index())).map(|(a, b)| (a.min(b), a.max(b))).collect();
    (0..steps).flat_map(|then| (0..then).map(move |first| (first, then))).filter(|pair| !free.contains(pair)).collect()
}

/// Right pairs less wrong ones, as a share of all; 1 where every order is right.
fn balance(right: usize, pairs: usize) -> f64 {
    if pairs == 0 { 1.0 } else { 2.0 * right as f64 / pairs as f64 - 1.0 }
}
