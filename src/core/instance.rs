//! Instances of simulated questions: a drawn situation with its computed answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::figure::Figure;
use super::text::Text;

/// A situation drawn by a model, its answer and the steps that lead to it.
///
/// A form stores the whole instance, so a session never depends on the model that drew it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// The name and version of the model.
    pub model: String,
    pub version: u32,
    pub ask: String,
    pub seed: u64,
    /// All data, switches and rule variants that the answer depends on, without prose.
    pub scenario: Value,
    /// The figures to read before answering.
    pub figures: Vec<Figure>,
    /// The texts for `{name}` placeholders in stem, lead-in and explanation.
    pub texts: BTreeMap<String, Text>,
    pub outcome: Outcome,
    /// The worked steps for this instance, shown after the answer.
    pub steps: Vec<Text>,
    /// Figures that show the solution.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub solved: Vec<Figure>,
}

/// The computed answer and the wrong answers that named misconceptions give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// One of several statements or names.
    One { options: Vec<Alternative> },
    /// Several of the options; at least one is right and at least one is wrong.
    Several { options: Vec<Alternative> },
    /// The steps in their right order.
    Order { steps: Vec<Alternative> },
    /// A number, asked for as a number or as one of four options that bracket it.
    Number {
        value: f64,
        unit: Text,
        /// The accepted absolute error; 0 for whole numbers.
        tolerance: f64,
        wrong: Vec<WrongNumber>,
    },
}

/// An option, and why it is right or wrong in this instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    pub text: Text,
    pub right: bool,
    pub why: Text,
    /// The misconception that leads to it; `None` for a right option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<Text>,
}

/// A number that a named wrong rule gives for the same instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongNumber {
    pub value: f64,
    pub misconception: Text,
    pub why: Text,
}

impl Alternative {
    /// Creates a right option.
    pub fn right(text: &str, why: &str) -> Self {
        Self {
            text: text.into(),
            right: true,
            why: why.into(),
            misconception: None,
        }
    }

    /// Creates a wrong option.
    pub fn wrong(text: &str, why: &str, misconception: &str) -> Self {
        Self {
            text: text.into(),
            right: false,
            why: why.into(),
            misconception: Some(misconception.into()),
        }
    }
}

impl WrongNumber {
    pub fn new(value: i64, why: &str, misconception: &str) -> Self {
        Self {
            value: value as f64,
            misconception: misconception.into(),
            why: why.into(),
        }
    }
}
