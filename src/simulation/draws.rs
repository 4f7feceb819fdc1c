//! Draws of models, for their tests.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Bounds, Model, Setting};
use crate::core::instance::{Instance, Outcome};
use crate::core::question::Kind;

/// The number of draws with which the tests of a model compare another program.
pub const COUNT: u64 = 2000;

/// Returns the first `COUNT` draws of an ask, with the given bounds and the defaults for all others.
pub fn instances(
    model: &'static Model,
    ask: &str,
    kind: Kind,
    given: &[(&str, Setting)],
) -> Vec<Instance> {
    let given: BTreeMap<String, Setting> = given
        .iter()
        .map(|(name, setting)| ((*name).to_owned(), setting.clone()))
        .collect();
    let bounds = Bounds::new(model.bounds, &given);
    (0..COUNT)
        .filter_map(|seed| model.instance_for(kind, ask, &bounds, seed))
        .collect()
}

/// Returns a range for a bound with one value.
pub fn exactly(n: i64) -> Setting {
    Setting::Whole(n, n)
}

pub fn word(word: &str) -> Setting {
    Setting::Word(word.to_owned())
}

/// Returns the number that is the answer.
pub fn number(instance: &Instance) -> i64 {
    match &instance.outcome {
        Outcome::Number { value, .. } => *value as i64,
        other => panic!("{other:?} is no number"),
    }
}

/// Returns each option and whether it is right.
pub fn options(instance: &Instance) -> Vec<(String, bool)> {
    match &instance.outcome {
        Outcome::One { options } | Outcome::Several { options } => options
            .iter()
            .map(|option| (option.text.line(), option.right))
            .collect(),
        other => panic!("{other:?} has no options"),
    }
}

/// Returns each wrong option or number with its misconception.
pub fn misconceptions(instance: &Instance) -> Vec<(String, String)> {
    match &instance.outcome {
        Outcome::One { options } | Outcome::Several { options } => options
            .iter()
            .filter_map(|option| {
                let misconception = option.misconception.as_ref()?;
                Some((option.text.line(), misconception.line()))
            })
            .collect(),
        Outcome::Number { wrong, .. } => wrong
            .iter()
            .map(|wrong| (wrong.value.to_string(), wrong.misconception.line()))
            .collect(),
        Outcome::Order { .. } => Vec::new(),
    }
}

/// Returns the whole numbers of a list.
pub fn numbers(list: &Value) -> Vec<i64> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_i64).collect()
}

/// Returns a whole number of a scenario.
pub fn int(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}
