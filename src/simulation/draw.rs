//! Drawing situations: the result of a model, and bounded tries.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::core::rng::Stream;
use crate::core::text::Text;

/// A drawn situation with its answer: an instance without its identity.
pub struct Situation {
    pub scenario: Value,
    pub figures: Vec<Figure>,
    pub texts: BTreeMap<String, Text>,
    pub outcome: Outcome,
    pub steps: Vec<Text>,
    pub solved: Vec<Figure>,
}

/// Calls `draw` until it returns something, at most `limit` times.
pub fn attempts<T>(
    limit: usize,
    random: &mut Stream,
    mut draw: impl FnMut(&mut Stream) -> Option<T>,
) -> Option<T> {
    (0..limit).find_map(|_| draw(random))
}

/// Returns one of `things`, each with the same probability; there must be at least one.
pub fn pick<T: Copy>(things: &[T], random: &mut Stream) -> T {
    things[random.below(things.len() as u64) as usize]
}

/// Returns a number in `from..=to`, each with the same probability.
pub fn between(from: i64, to: i64, random: &mut Stream) -> i64 {
    from + random.below((to - from + 1).max(1) as u64) as i64
}

/// Returns true with the probability `percent` / 100.
pub fn chance(percent: u64, random: &mut Stream) -> bool {
    random.below(100) < percent
}
