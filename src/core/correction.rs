//! Corrections: a question as it was asked, with the key, the credits and the tolerances of its current version.

use std::collections::BTreeSet;

use super::id::ChoiceId;
use super::question::{Choice, Interaction, Left, Numeric, Question, Step};
use super::text::Text;

/// A corrected question.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The question as it was asked, with the corrected key and its explanation.
    pub question: Question,
    /// For each step as it was asked, its place among the corrected steps; empty if the steps kept their places.
    pub places: Vec<usize>,
    /// The corrected part: `the key`, `the credits` or `the tolerance`.
    pub what: &'static str,
    /// All that decides how an answer is scored. Two corrections with the same value give the same scores.
    pub rule: String,
}

/// The options, steps, entries or parameters are not those that were asked, so a key can't be carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its options or parameters were changed, which needs a new question")]
pub struct Incomparable;

/// Returns the question as it was asked with today's rule for scoring; `None` if the rule is the same.
///
/// # Errors
/// [`Incomparable`]. A simulated question, whose key is computed, is never corrected.
pub fn correction(
    asked: &Question,
    current: &Question,
) -> Result<Option<Correction>, Incomparable> {
    if asked.simulation.is_some() || current.simulation.is_some() {
        return Ok(None);
    }
    let mut places = Vec::new();
    let interaction = match (&asked.interaction, &current.interaction) {
        (Interaction::Single(old), Interaction::Single(new)) => {
            Interaction::Single(choices(old, new)?)
        }
        (
            Interaction::Multiple { select, options },
            Interaction::Multiple {
                select: other,
                options: new,
            },
        ) if select == other => Interaction::Multiple {
            select: *select,
            options: choices(options, new)?,
        },
        (Interaction::Ordering { steps, .. }, Interaction::Ordering { steps: new, free }) => {
            places = steps_as_asked(steps, new)?;
            Interaction::Ordering {
                steps: new.clone(),
                free: free.clone(),
            }
        }
        (
            Interaction::Matching { left, right },
            Interaction::Matching {
                left: new_left,
                right: new_right,
            },
        ) => Interaction::Matching {
            left: matches(left, right, new_left, new_right)?,
            right: right.clone(),
        },
        (Interaction::Numeric(old), Interaction::Numeric(new)) => {
            Interaction::Numeric(number(old, new)?)
        }
        (Interaction::Open { .. }, Interaction::Open { .. })
        | (Interaction::Recall(_), Interaction::Recall(_)) => return Ok(None),
        _ => return Err(Incomparable),
    };
    let rule = format!("{}{places:?}", rule(&interaction));
    let same: Vec<usize> = (0..places.len()).collect();
    if rule == format!("{}{same:?}", self::rule(&asked.interaction)) {
        return Ok(None);
    }
    Ok(Some(Correction {
        what: what(&asked.interaction, &interaction),
        question: Question {
            interaction,
            explanation: current.explanation.clone(),
            references: current.references.clone(),
            ..asked.clone()
        },
        places: if places == same { Vec::new() } else { places },
        rule,
    }))
}

/// Returns what differs between two rules of one question type.
fn what(asked: &Interaction, corrected: &Interaction) -> &'static str {
    match (asked, corrected) {
        (Interaction::Single(old), Interaction::Single(new)) => {
            let keys = |choices: &[Choice]| choices.iter().map(Choice::is_key).collect::<Vec<_>>();
            if keys(old) == keys(new) {
                "the credits"
            } else {
                "the key"
            }
        }
        (Interaction::Numeric(old), Interaction::Numeric(new))
            if old.formula.source() == new.formula.source() =>
        {
            "the tolerance"
        }
        _ => "the key",
    }
}

/// Describes all that decides how an answer is scored.
fn rule(interaction: &Interaction) -> String {
    match interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            let credits: Vec<f64> = options.iter().map(|option| option.credit).collect();
            format!("{credits:?}")
        }
        Interaction::Ordering { free, .. } => {
            let mut free: Vec<(u8, u8)> = free
                .iter()
                .map(|(a, b)| (a.0.min(b.0), a.0.max(b.0)))
                .collect();
            free.sort_unstable();
            format!("{free:?}")
        }
        Interaction::Matching { left, .. } => {
            let keys: Vec<u8> = left.iter().map(|entry| entry.key.0).collect();
            format!("{keys:?}")
        }
        Interaction::Numeric(numeric) => format!(
            "{} within {} or {}",
            numeric.formula.source(),
            numeric.tolerance_abs,
            numeric.tolerance_rel
        ),
        Interaction::Open { .. } | Interaction::Recall(_) => String::new(),
    }
}

/// Returns for each text as it was asked the place of the current one. Equal texts belong together. Of the others, those
/// with the most words in common belong together, so that a reworded key is not taken for another key.
fn pairing<'a>(
    asked: impl Iterator<Item = &'a Text>,
    current: impl Iterator<Item = &'a Text>,
) -> Result<Vec<usize>, Incomparable> {
    let asked: Vec<String> = asked.map(Text::line).collect();
    let current: Vec<String> = current.map(Text::line).collect();
    if asked.len() != current.len() {
        return Err(Incomparable);
    }
    let mut places: Vec<Option<usize>> = vec![None; asked.len()];
    let mut free: Vec<usize> = (0..current.len()).collect();
    for (place, text) in places.iter_mut().zip(&asked) {
        if let Some(n) = free.iter().position(|other| current[*other] == *text) {
            *place = Some(free.remove(n));
        }
    }
    while let Some((one, n)) = most_alike(&asked, &current, &places, &free) {
        places[one] = Some(free.remove(n));
    }
    // Each text has a place, because there are as many of both.
    Ok(places.into_iter().flatten().collect())
}

/// Returns the text without a place and the index in `free` that have the most words in common; the first ones of
/// several.
fn most_alike(
    asked: &[String],
    current: &[String],
    places: &[Option<usize>],
    free: &[usize],
) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for one in (0..asked.len()).filter(|one| places[*one].is_none()) {
        for (n, place) in free.iter().enumerate() {
            let likeness = common_words(&asked[one], &current[*place]);
            if best.is_none_or(|(most, ..)| likeness > most) {
                best = Some((likeness, one, n));
            }
        }
    }
    best.map(|(_, one, n)| (one, n))
}

/// Returns the share of the words that two texts have in common.
fn common_words(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let common = a.intersection(&b).count() as f64;
    common / (a.len() + b.len()) as f64
}

fn choices(asked: &[Choice], current: &[Choice]) -> Result<Vec<Choice>, Incomparable> {
    let places = pairing(texts(asked), texts(current))?;
    let choice = |(choice, place): (&Choice, usize)| Choice {
        text: choice.text.clone(),
        ..current[place].clone()
    };
    Ok(asked.iter().zip(places).map(choice).collect())
}

fn texts(choices: &[Choice]) -> impl Iterator<Item = &Text> {
    choices.iter().map(|choice| &choice.text)
}

fn steps_as_asked(asked: &[Step], current: &[Step]) -> Result<Vec<usize>, Incomparable> {
    pairing(
        asked.iter().map(|step| &step.text),
        current.iter().map(|step| &step.text),
    )
}

fn matches(
    left: &[Left],
    right: &[Text],
    new_left: &[Left],
    new_right: &[Text],
) -> Result<Vec<Left>, Incomparable> {
    let lefts = pairing(
        left.iter().map(|entry| &entry.text),
        new_left.iter().map(|entry| &entry.text),
    )?;
    let rights = pairing(right.iter(), new_right.iter())?;
    let entry = |(entry, place): (&Left, usize)| {
        let current = &new_left[place];
        let key = rights
            .iter()
            .position(|new| *new == usize::from(current.key.0));
        Ok(Left {
            text: entry.text.clone(),
            key: ChoiceId(key.ok_or(Incomparable)? as u8),
            why: current.why.clone(),
        })
    };
    left.iter().zip(lefts).map(entry).collect()
}

fn number(asked: &Numeric, current: &Numeric) -> Result<Numeric, Incomparable> {
    let is_same = asked.params.len() == current.params.len()
        && asked
            .params
            .iter()
            .zip(&current.params)
            .all(|(a, b)| a.name == b.name && a.values == b.values);
    if !is_same || asked.unit.line() != current.unit.line() {
        return Err(Incomparable);
    }
    Ok(Numeric {
        params: asked.params.clone(),
        ..current.clone()
    })
}
