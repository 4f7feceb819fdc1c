//! Instances of simulated questions: a drawn situation with its computed answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::figure::Figure;
use super::number::{one_of, show_within};
use super::question::{Choice, Interaction, Kind, Numeric, Question, Step, fill_braces};
use super::text::Text;

/// How a deck has a model draw the instances of a question.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub model: String,
    pub ask: String,
    /// The type of the question.
    pub kind: Kind,
    /// The bounds that the deck sets.
    pub bounds: BTreeMap<String, Setting>,
    /// Draws the instance of a seed; `None` if the model finds none.
    pub draw: fn(&Simulation, u64) -> Option<Instance>,
    /// The instance that the question shows; an example before one is drawn.
    pub instance: Option<Box<Instance>>,
}

impl Simulation {
    /// Draws the instance of `seed`.
    pub fn instance_of(&self, seed: u64) -> Option<Instance> {
        (self.draw)(self, seed)
    }
}

/// The value of a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// From the first to the second number, both included.
    Whole(i64, i64),
    Word(String),
    Flag(bool),
}

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

impl Question {
    /// Returns the concrete question for an instance, which everything downstream presents, scores and reviews: with its
    /// texts filled in, its options, and its worked steps after the explanation.
    pub fn instantiated(self, instance: &Instance) -> Question {
        let kind = self.kind();
        let simulation = self.simulation.map(|simulation| Simulation {
            instance: Some(Box::new(instance.clone())),
            ..simulation
        });
        Question {
            stem: instance.fill(&self.stem),
            lead_in: instance.fill(&self.lead_in),
            discussion: self.discussion.as_ref().map(|text| instance.fill(text)),
            interaction: instance.outcome.interaction(kind),
            explanation: instance.explained(&self.explanation),
            figures: self
                .figures
                .into_iter()
                .chain(instance.figures.iter().cloned().map(Into::into))
                .collect(),
            simulation,
            ..self
        }
    }
}

impl Instance {
    /// Returns `text` with this instance's texts in the places of their `{name}`. Other text in braces stays.
    pub fn fill(&self, text: &Text) -> Text {
        let text_of = |name: &str| self.texts.get(name).map(|text| text.as_str().to_owned());
        fill_braces(text, text_of)
    }

    /// Returns the explanation with the worked steps after it.
    fn explained(&self, explanation: &Text) -> Text {
        let explanation = self.fill(explanation);
        let steps: String = (1..)
            .zip(&self.steps)
            .map(|(n, step)| format!("\n{n}. {}", step.line()))
            .collect();
        match steps.is_empty() {
            true => explanation,
            false => Text::new(&format!("{explanation}\n\nStep by step:\n{steps}")),
        }
    }
}

impl Outcome {
    /// Returns the interaction of a question of type `kind` that asks for this.
    pub fn interaction(&self, kind: Kind) -> Interaction {
        match self {
            Outcome::One { options } => Interaction::Single(choices(options)),
            Outcome::Several { options } => Interaction::Multiple {
                select: options.iter().filter(|option| option.right).count(),
                options: choices(options),
            },
            Outcome::Order { steps } => Interaction::Ordering {
                steps: steps
                    .iter()
                    .map(|step| Step {
                        text: step.text.clone(),
                        why: step.why.clone(),
                    })
                    .collect(),
                free: Vec::new(),
            },
            Outcome::Number {
                value,
                unit,
                tolerance,
                wrong,
            } if kind == Kind::Single => {
                Interaction::Single(ascending(*value, unit, *tolerance, wrong))
            }
            Outcome::Number {
                value,
                unit,
                tolerance,
                wrong,
            } => {
                let wrong = wrong.iter().map(|wrong| (wrong.value, wrong.reason()));
                Interaction::Numeric(Numeric::exactly(
                    *value,
                    unit.clone(),
                    *tolerance,
                    wrong.collect(),
                ))
            }
        }
    }

    /// Returns true if the answer is a number, whose options are shown in ascending order.
    pub fn is_number(&self) -> bool {
        matches!(self, Outcome::Number { .. })
    }
}

fn choices(options: &[Alternative]) -> Vec<Choice> {
    let choice = |option: &Alternative| Choice {
        text: option.text.clone(),
        credit: if option.right { 1.0 } else { 0.0 },
        why: option.why.clone(),
        misconception: option.misconception.clone(),
    };
    options.iter().map(choice).collect()
}

/// Returns the key and the wrong numbers as options, in ascending order.
fn ascending(value: f64, unit: &Text, tolerance: f64, wrong: &[WrongNumber]) -> Vec<Choice> {
    let text = |value| Text::new(&quantity(value, tolerance, unit));
    let key = Choice {
        text: text(value),
        credit: 1.0,
        why: "The steps below lead to this number.".into(),
        misconception: None,
    };
    let wrong = wrong.iter().map(|wrong| {
        let choice = Choice {
            text: text(wrong.value),
            credit: 0.0,
            why: wrong.why.clone(),
            misconception: Some(wrong.misconception.clone()),
        };
        (wrong.value, choice)
    });
    let mut all: Vec<(f64, Choice)> = wrong.chain([(value, key)]).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, choice)| choice).collect()
}

/// Formats a number with its unit: `10 ms`, `5%`.
fn quantity(value: f64, tolerance: f64, unit: &Text) -> String {
    let space = if unit.is_empty() || unit.as_str() == "%" {
        ""
    } else {
        " "
    };
    let shown = show_within(value, tolerance);
    let unit = match shown.as_str() {
        "1" => one_of(unit.as_str()),
        _ => unit.as_str().to_owned(),
    };
    format!("{shown}{space}{unit}")
}

impl WrongNumber {
    /// Returns the misconception and why it is wrong.
    fn reason(&self) -> Text {
        Text::new(format!("{} {}", self.misconception, self.why).trim())
    }
}
