//! Short constructors for the parts of a situation.

use std::collections::BTreeMap;

use super::{Ask, Bound, Shape};
use crate::core::instance::{Alternative, Outcome, WrongNumber};
use crate::core::question::Kind;
use crate::core::text::Text;

/// The number of wrong numbers that an outcome needs.
const WRONG_NUMBERS: usize = 3;
/// The largest number of options of a choice.
const MOST_OPTIONS: usize = 5;

/// Returns an ask.
pub const fn ask(
    name: &'static str,
    kinds: &'static [Kind],
    texts: &'static [&'static str],
    summary: &'static str,
) -> Ask {
    Ask {
        name,
        summary,
        kinds,
        texts,
    }
}

/// Returns a bound for whole numbers from `min` to `max`.
pub const fn whole(
    name: &'static str,
    (min, max): (i64, i64),
    default: (i64, i64),
    summary: &'static str,
) -> Bound {
    let shape = Shape::Whole { min, max, default };
    Bound {
        name,
        summary,
        shape,
    }
}

/// Returns a bound with a fixed set of words, of which the first is the default.
pub const fn word(
    name: &'static str,
    words: &'static [&'static str],
    summary: &'static str,
) -> Bound {
    let shape = Shape::Word(words);
    Bound {
        name,
        summary,
        shape,
    }
}

/// Returns a choice among `options`, without those that repeat an earlier text and without the
/// sixth and later ones. Returns `None` if fewer than `least` are left.
pub fn choice(options: Vec<Alternative>, least: usize) -> Option<Outcome> {
    let mut kept: Vec<Alternative> = Vec::new();
    for option in options {
        if kept.len() < MOST_OPTIONS && kept.iter().all(|other| other.text != option.text) {
            kept.push(option);
        }
    }
    (kept.len() >= least).then_some(Outcome::One { options: kept })
}

/// A number that a wrong rule gives, its misconception, and why it is wrong.
pub type Candidate<'a> = (i64, &'a str, String);

/// Returns a number with those `candidates` that are positive and differ from it and from each
/// other. Returns `None` if they are fewer than three.
pub fn number(value: i64, unit: &str, candidates: Vec<Candidate>) -> Option<Outcome> {
    let mut wrong: Vec<WrongNumber> = Vec::new();
    for (number, misconception, why) in candidates {
        let is_known = wrong.iter().any(|other| other.value == number as f64);
        if number > 0 && number != value && !is_known {
            wrong.push(WrongNumber::new(number, &why, misconception));
        }
    }
    (wrong.len() >= WRONG_NUMBERS).then(|| Outcome::Number {
        value: value as f64,
        unit: unit.into(),
        tolerance: 0.0,
        wrong,
    })
}

/// Returns the texts for placeholders.
pub fn texts<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, Text> {
    pairs
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_str().into()))
        .collect()
}

/// Returns `lines` as worked steps.
pub fn steps(lines: Vec<String>) -> Vec<Text> {
    lines.iter().map(|line| line.as_str().into()).collect()
}
