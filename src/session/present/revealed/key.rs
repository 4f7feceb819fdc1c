//! The key of a question, in the order in which the question was shown.

use serde::{Deserialize, Serialize};

use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::number;
use crate::core::question::{Choice, Criterion, Interaction, Numeric, Question, Step};
use crate::core::scoring::numeric::distance_with_unit;
use crate::core::text::Text;
use crate::session::present::places::place;

/// The key by question type, with displayed positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    Options(Vec<Rationale>),
    /// The steps in their right order: the displayed position of each, and why it belongs there.
    Steps(Vec<(usize, Text)>),
    /// For each left entry, the position of the right entry that belongs to it, and why.
    Entries(Vec<(usize, Text)>),
    Number {
        /// Rounded to the tolerance.
        right: Text,
        /// The same value in full, for programs.
        #[serde(default)]
        exact: Text,
        within: Text,
        formula: Text,
    },
    Words {
        model_answer: Text,
        rubric: Vec<Rating>,
    },
    /// The answer of a card.
    Card(Text),
}

/// Why an option is right or wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rationale {
    pub credit: f64,
    pub why: Text,
    pub misconception: Option<Text>,
}

impl Rationale {
    /// Returns true if the option earns full credit.
    pub fn is_key(&self) -> bool {
        self.credit >= 1.0
    }
}

/// A wrong result that the author described, with its cause.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownMistake {
    pub value: Text,
    /// The same value in full, for programs.
    pub exact: Text,
    pub why: Text,
}

/// A criterion of an open question, with the points that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    pub criterion: Text,
    pub evidence: Text,
    pub points: u32,
    /// The person's own points.
    pub own: Option<u32>,
    /// The mentor's points, given without seeing the person's; shown after the person has rated all criteria.
    pub mentor: Option<u32>,
}

impl Rating {
    fn new(criterion: &Criterion, own: Option<u32>) -> Self {
        Self {
            criterion: criterion.criterion.clone(),
            evidence: criterion.evidence.clone(),
            points: criterion.points,
            own,
            mentor: None,
        }
    }

    /// Returns the points given, such as `1 of 3 points`.
    pub fn given(&self) -> String {
        match (self.own, self.mentor) {
            (None, None) => format!("0 to {} points", self.points),
            (Some(own), None) => format!("{own} of {} points", self.points),
            (own, Some(mentor)) => {
                format!(
                    "yours {}, mentor's {mentor} of {} points",
                    own.unwrap_or_default(),
                    self.points
                )
            }
        }
    }
}

impl Key {
    pub(super) fn of(question: &Question, item: &Item, own: impl Fn(usize) -> Option<u32>) -> Self {
        match &question.interaction {
            Interaction::Single(options) | Interaction::Multiple { options, .. } => {
                let rationale = |o: &Choice| Rationale {
                    credit: o.credit,
                    why: o.why.clone(),
                    misconception: o.misconception.clone(),
                };
                Key::Options(
                    item.order
                        .iter()
                        .filter_map(|id| options.get(id.index()).map(rationale))
                        .collect(),
                )
            }
            Interaction::Ordering { steps, .. } => {
                let step = |(id, step): (ChoiceId, &Step)| {
                    (place(item, id).unwrap_or(0), step.why.clone())
                };
                Key::Steps(ChoiceId::first(steps.len()).zip(steps).map(step).collect())
            }
            Interaction::Matching { left, .. } => Key::Entries(
                left.iter()
                    .map(|l| (place(item, l.key).unwrap_or(0), l.why.clone()))
                    .collect(),
            ),
            Interaction::Numeric(numeric) => Key::number(numeric, item),
            Interaction::Recall(card) => Key::Card(card.answer()),
            Interaction::Open {
                model_answer,
                rubric,
            } => Key::Words {
                model_answer: model_answer.clone(),
                rubric: rubric
                    .iter()
                    .enumerate()
                    .map(|(i, criterion)| Rating::new(criterion, own(i)))
                    .collect(),
            },
        }
    }

    fn number(numeric: &Numeric, item: &Item) -> Self {
        let values = numeric.params.iter().zip(numeric.values(item.row));
        let values: Vec<String> = values
            .map(|(param, value)| format!("{} = {}", param.name, number::show(value)))
            .collect();
        let source = numeric.formula.source();
        let formula = if numeric.formula.is_constant() {
            String::new()
        } else if values.is_empty() {
            source.to_owned()
        } else {
            format!("{source} with {}", values.join(", "))
        };
        let (right, tolerance) = (numeric.right(item.row), numeric.tolerance(item.row));
        let quantity = |value, tolerance| {
            Text::new(&with_unit(
                &number::show_within(value, tolerance),
                &numeric.unit,
            ))
        };
        Key::Number {
            right: quantity(right, tolerance),
            exact: quantity(right, 0.0),
            within: match tolerance > 0.0 {
                true => Text::new(&distance_with_unit(
                    numeric,
                    number::show_within(tolerance, tolerance / 10.0),
                )),
                false => Text::default(),
            },
            formula: Text::new(&formula),
        }
    }
}

pub(super) fn numeric(question: &Question) -> Option<&Numeric> {
    match &question.interaction {
        Interaction::Numeric(numeric) => Some(numeric),
        _ => None,
    }
}

pub(super) fn values(numeric: &Numeric, item: &Item) -> Vec<Text> {
    let values = numeric.params.iter().zip(numeric.values(item.row));
    let texts = values.map(|(param, value)| {
        format!(
            "{} = {}",
            param.name,
            with_unit(&number::show(value), &param.unit)
        )
    });
    texts.map(|value| Text::new(&value)).collect()
}

pub(super) fn known_mistakes(numeric: &Numeric, item: &Item) -> Vec<KnownMistake> {
    let values = numeric.values(item.row);
    let results = numeric
        .wrong
        .iter()
        .map(|wrong| (wrong.formula.evaluate(&values), &wrong.why));
    let finite = results.filter(|(value, _)| value.is_finite());
    finite
        .map(|(value, why)| KnownMistake {
            value: Text::new(&with_unit(
                &number::show_within(value, numeric.tolerance_of(value)),
                &numeric.unit,
            )),
            exact: Text::new(&with_unit(&number::show(value), &numeric.unit)),
            why: numeric.fill(why, item.row),
        })
        .collect()
}

pub(super) fn with_unit(shown: &str, unit: &Text) -> String {
    number::with_unit(shown, unit.as_str())
}
