//! Multiple choice: the share of keys picked minus the share of distractors picked, at least 0.

use super::{Scored, hundredths};
use crate::core::id::ChoiceId;
use crate::core::question::Choice;

/// Returns the rule of a question with this number of options, of which `select` are right.
pub fn rule(select: usize, options: usize) -> String {
    let wrong = options.saturating_sub(select);
    if wrong == select {
        return format!("Choose {select}. A wrong pick cancels a right one.");
    }
    format!(
        "Choose {select}. A right pick earns {}, a wrong one costs {}.",
        one_of(select),
        one_of(wrong)
    )
}

/// Returns the share of one of `parts`: `1/3`, and `1` for the only one.
fn one_of(parts: usize) -> String {
    match parts {
        1 => "1".to_owned(),
        parts => format!("1/{parts}"),
    }
}

pub fn score(select: usize, options: &[Choice], picks: &[ChoiceId]) -> Option<Scored> {
    let repeats = |(i, pick): (usize, &ChoiceId)| picks[..i].contains(pick);
    if picks.len() > select.min(options.len()) || picks.iter().enumerate().any(repeats) {
        return None;
    }
    let picked: Vec<&Choice> = picks
        .iter()
        .map(|pick| options.get(pick.index()))
        .collect::<Option<_>>()?;
    let keys = options.iter().filter(|option| option.is_key()).count();
    let distractors = options.len() - keys;
    let right = picked.iter().filter(|option| option.is_key()).count();
    let wrong = picked.len() - right;
    let difference = share(right, keys) - share(wrong, distractors);

    let s = |n: usize| if n == 1 { "" } else { "s" };
    let picks_of_keys = format!("{right} of {keys} right option{}", s(keys));
    let arithmetic = match (wrong, difference) {
        (0, _) => format!(
            "{picks_of_keys}: {right}/{keys} = {}",
            hundredths(difference)
        ),
        (_, d) => {
            let result = if d < 0.0 {
                "is below 0, so 0".to_owned()
            } else {
                format!("= {}", hundredths(d))
            };
            format!(
                "{picks_of_keys}, {wrong} of {distractors} wrong option{}: \
                 {right}/{keys} - {wrong}/{distractors} {result}",
                s(distractors),
            )
        }
    };
    Some(Scored::new(difference, arithmetic))
}

/// Returns the mean score over all sets of `select` options, grouped by their number of keys.
pub fn chance(select: usize, options: &[Choice]) -> f64 {
    let keys = options.iter().filter(|option| option.is_key()).count();
    let distractors = options.len() - keys;
    let sum: f64 = (0..=select.min(keys))
        .map(|right| {
            let score = (share(right, keys) - share(select - right, distractors)).max(0.0);
            subsets(keys, right) * subsets(distractors, select - right) * score
        })
        .sum();
    if sum > 0.0 {
        sum / subsets(options.len(), select)
    } else {
        0.0
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Returns the number of subsets of size `k` of a set of size `n`.
fn subsets(n: usize, k: usize) -> f64 {
    if k > n {
        0.0
    } else {
        (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
    }
}
