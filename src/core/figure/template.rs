//! Figures whose numbers and texts may depend on the parameters of a numeric question.

use serde_json::Value;

use super::Figure;
use crate::core::question::{Numeric, Row};

/// The figure of a question, before its parameters are filled in.
///
/// The source is the JSON form of a [`Figure`]. Each text in it may have placeholders, and in the place of a number
/// it may have a text with a single placeholder, such as `{n}` or `{=2*n}`.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureTemplate {
    source: Value,
    /// The figure, if it is the same for every row of parameters.
    fixed: Option<Figure>,
}

impl FigureTemplate {
    pub fn new(source: Value) -> Self {
        let mut template = Self {
            source,
            fixed: None,
        };
        if !template.texts().iter().any(|text| text.contains('{')) {
            template.fixed = serde_json::from_value(template.source.clone()).ok();
        }
        template
    }

    /// Returns the figure for a row of parameters; `None` if one of its numbers has no finite value.
    pub fn fill(&self, numeric: Option<&Numeric>, row: Row) -> Option<Figure> {
        match (&self.fixed, numeric) {
            (Some(figure), _) => Some(figure.clone()),
            (None, None) => serde_json::from_value(self.source.clone()).ok(),
            (None, Some(numeric)) => {
                serde_json::from_value(filled(&self.source, numeric, row)).ok()
            }
        }
    }

    /// Returns all texts of the source, including placeholders of numbers, ids and words of the format.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        collect(&self.source, &mut texts);
        texts
    }
}

impl From<Figure> for FigureTemplate {
    fn from(figure: Figure) -> Self {
        Self {
            source: serde_json::to_value(&figure).unwrap_or_default(),
            fixed: Some(figure),
        }
    }
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

/// The key of the object in the place of a calculated number; its value is the placeholder.
const CALCULATED: &str = "calculated";

/// Returns the source of a number that is calculated from the placeholder in `text`.
pub fn calculated(text: &str) -> Value {
    serde_json::json!({ CALCULATED: text })
}

/// Returns the placeholders of all calculated numbers in a source.
pub fn calculations(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().flat_map(calculations).collect(),
        Value::Object(fields) => match fields.get(CALCULATED).and_then(Value::as_str) {
            Some(text) => vec![text],
            None => fields.values().flat_map(calculations).collect(),
        },
        _ => Vec::new(),
    }
}

fn filled(value: &Value, numeric: &Numeric, row: Row) -> Value {
    match value {
        Value::String(text) => numeric.fill(&text.as_str().into(), row).as_str().into(),
        Value::Array(values) => values
            .iter()
            .map(|value| filled(value, numeric, row))
            .collect(),
        Value::Object(fields) => match fields.get(CALCULATED).and_then(Value::as_str) {
            Some(text) => number(text, numeric, row).into(),
            None => fields
                .iter()
                .map(|(key, value)| (key.clone(), filled(value, numeric, row)))
                .collect(),
        },
        other => other.clone(),
    }
}

/// Returns the exact value of a single placeholder. A value that is not finite is no number in JSON.
fn number(text: &str, numeric: &Numeric, row: Row) -> Option<f64> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    numeric.value_of(inner, row)
}
