//! Single choice: the score is the credit of the picked option.

use super::{Scored, points};
use crate::core::id::ChoiceId;
use crate::core::question::Choice;

pub fn rule(options: &[Choice]) -> String {
    if options
        .iter()
        .any(|option| !option.is_key() && option.credit > 0.0)
    {
        "Choose the best one. One that is partly right earns part of the score.".to_owned()
    } else {
        "Choose 1.".to_owned()
    }
}

pub fn score(options: &[Choice], picks: &[ChoiceId]) -> Option<Scored> {
    let [pick] = picks else { return None };
    let option = options.get(pick.index())?;
    let scored = Scored::new(option.credit, points(option.credit));
    let misconception = if option.is_key() {
        None
    } else {
        option.misconception.clone()
    };
    Some(Scored {
        misconception,
        ..scored
    })
}

/// Returns the mean credit of the options.
pub fn chance(options: &[Choice]) -> f64 {
    options
        .iter()
        .map(|option| option.credit.clamp(0.0, 1.0))
        .sum::<f64>()
        / options.len().max(1) as f64
}
