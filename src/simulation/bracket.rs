//! Options for a number: the key and three wrong numbers, so that the rank of the key says nothing.

use crate::core::instance::{Outcome, WrongNumber};
use crate::core::number::show_within;
use crate::core::rng::Stream;

/// The number of options that a number is offered among.
pub const OPTIONS: usize = 4;

/// Keeps three of the wrong numbers of `outcome`, of which `rank` are smaller than the key.
///
/// Returns `None` if there are not enough different wrong numbers on a side. Other outcomes stay as they are.
pub fn bracket(outcome: Outcome, rank: usize, random: &mut Stream) -> Option<Outcome> {
    let Outcome::Number {
        value,
        unit,
        tolerance,
        wrong,
    } = outcome
    else {
        return Some(outcome);
    };
    let mut usable = distinct(value, tolerance, wrong);
    random.shuffle(&mut usable);
    let (smaller, larger): (Vec<_>, Vec<_>) =
        usable.into_iter().partition(|wrong| wrong.value < value);
    if smaller.len() < rank || larger.len() < OPTIONS - 1 - rank {
        return None;
    }
    let larger = larger.into_iter().take(OPTIONS - 1 - rank);
    let wrong = smaller.into_iter().take(rank).chain(larger).collect();
    Some(Outcome::Number {
        value,
        unit,
        tolerance,
        wrong,
    })
}

/// Returns the wrong numbers that differ from the key and from one another, as they are shown.
pub fn distinct(value: f64, tolerance: f64, wrong: Vec<WrongNumber>) -> Vec<WrongNumber> {
    let mut shown = vec![show_within(value, tolerance)];
    wrong
        .into_iter()
        .filter(|wrong| {
            let text = show_within(wrong.value, tolerance);
            let is_new = wrong.value.is_finite()
                && (wrong.value - value).abs() > 2.0 * tolerance
                && !shown.contains(&text);
            shown.push(text);
            is_new
        })
        .collect()
}
