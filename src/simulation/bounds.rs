//! The bounds that a deck sets for the draws of a model.

use std::collections::BTreeMap;

use crate::core::instance::Setting;
use crate::core::rng::Stream;

/// A bound that a model knows.
pub struct Bound {
    pub name: &'static str,
    /// What it limits, in one sentence.
    pub summary: &'static str,
    pub shape: Shape,
}

/// The values that a bound accepts, and its default.
pub enum Shape {
    /// A whole number or a range `[from, to]` within `min..=max`.
    Whole {
        min: i64,
        max: i64,
        default: (i64, i64),
    },
    /// One of these words; the first is the default.
    Word(&'static [&'static str]),
    Flag(bool),
}

/// A value for every bound of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds(BTreeMap<&'static str, Setting>);

/// Returns a bound that is true or false.
pub const fn flag(name: &'static str, default: bool, summary: &'static str) -> Bound {
    let shape = Shape::Flag(default);
    Bound {
        name,
        summary,
        shape,
    }
}

impl Bounds {
    /// Creates bounds from the defaults of `known` and the values in `given`, which must fit.
    pub fn new(known: &'static [Bound], given: &BTreeMap<String, Setting>) -> Self {
        let value = |bound: &Bound| {
            given
                .get(bound.name)
                .cloned()
                .unwrap_or_else(|| bound.shape.default())
        };
        Self(known.iter().map(|b| (b.name, value(b))).collect())
    }

    /// Draws a number within the bound `name`, uniformly; 0 if there is no such bound.
    pub fn number(&self, name: &str, random: &mut Stream) -> i64 {
        let (from, to) = self.range(name);
        from + random.below((to - from + 1).max(1) as u64) as i64
    }

    /// Returns the smallest and the largest number of the bound `name`.
    pub fn range(&self, name: &str) -> (i64, i64) {
        match self.0.get(name) {
            Some(Setting::Whole(from, to)) => (*from, *to),
            _ => (0, 0),
        }
    }

    /// Returns the word of the bound `name`; empty if there is no such bound.
    pub fn word(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Setting::Word(word)) => word,
            _ => "",
        }
    }

    /// Returns the flag of the bound `name`; false if there is no such bound.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Setting::Flag(true)))
    }
}

impl Shape {
    fn default(&self) -> Setting {
        match self {
            Shape::Whole { default, .. } => Setting::Whole(default.0, default.1),
            Shape::Word(words) => Setting::Word(words.first().copied().unwrap_or("").to_owned()),
            Shape::Flag(flag) => Setting::Flag(*flag),
        }
    }
}
