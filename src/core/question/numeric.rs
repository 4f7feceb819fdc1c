//! Numeric questions: parameters, the formula of the answer, and placeholders in texts.

use super::Row;
use crate::core::formula::Formula;
use crate::core::number;
use crate::core::text::Text;

#[derive(Clone, Debug)]
pub struct Numeric {
    /// Sorted by name; a row has one value for each.
    pub params: Vec<Param>,
    pub formula: Formula,
    /// The unit of the answer; empty if it has none.
    pub unit: Text,
    /// The accepted relative error.
    pub tolerance_rel: f64,
    /// The accepted absolute error, in the unit of the answer; the larger of the two applies.
    pub tolerance_abs: f64,
    /// Wrong formulas whose results reveal a misconception.
    pub wrong: Vec<WrongFormula>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub values: Vec<f64>,
    pub unit: Text,
    pub label: Text,
}

#[derive(Clone, Debug)]
pub struct WrongFormula {
    pub formula: Formula,
    pub why: Text,
}

impl Numeric {
    /// Creates a question for a fixed value, with wrong values that reveal a misconception.
    pub fn exactly(value: f64, unit: Text, tolerance_abs: f64, wrong: Vec<(f64, Text)>) -> Self {
        let wrong = wrong.into_iter().map(|(value, why)| WrongFormula {
            formula: Formula::constant(value),
            why,
        });
        Self {
            params: Vec::new(),
            formula: Formula::constant(value),
            unit,
            tolerance_rel: 0.0,
            tolerance_abs,
            wrong: wrong.collect(),
        }
    }

    /// Returns the number of rows; 1 for a question without parameters.
    pub fn rows(&self) -> u32 {
        self.params
            .iter()
            .fold(1u32, |n, p| n.saturating_mul(p.values.len() as u32))
    }

    /// Returns the value of each parameter in `row`, in the order of `params`.
    pub fn values(&self, row: Row) -> Vec<f64> {
        let mut rest = row.0;
        let mut values: Vec<f64> = self
            .params
            .iter()
            .rev()
            .map(|p| {
                let n = p.values.len().max(1) as u32;
                let value = p
                    .values
                    .get((rest % n) as usize)
                    .copied()
                    .unwrap_or(f64::NAN);
                rest /= n;
                value
            })
            .collect();
        values.reverse();
        values
    }

    /// Returns the correct value; not finite only in a deck that `check` rejects.
    pub fn right(&self, row: Row) -> f64 {
        self.formula.evaluate(&self.values(row))
    }

    pub fn tolerance(&self, row: Row) -> f64 {
        self.tolerance_of(self.right(row))
    }

    /// Returns how far from `value` an answer may be to count as that value.
    pub fn tolerance_of(&self, value: f64) -> f64 {
        (value.abs() * self.tolerance_rel).max(self.tolerance_abs)
    }

    /// Returns `text` with the values of `row` in the places of `{name}` (a parameter), `{value}` (the correct value)
    /// and `{=formula}` (any calculation with the parameters). Other text in braces stays as it is.
    pub fn fill(&self, text: &Text, row: Row) -> Text {
        fill_braces(text, |inner| self.placeholder(inner, row))
    }

    /// Parses the formula of a `{=formula}`; `None` if it is no formula over the parameters.
    pub fn calculation(&self, source: &str) -> Option<Formula> {
        let names: Vec<&str> = self
            .params
            .iter()
            .map(|param| param.name.as_str())
            .collect();
        Formula::parse(source, &names).ok()
    }

    /// Returns the exact value of `{inner}`, or `None` if it is no placeholder of this question.
    pub fn value_of(&self, inner: &str, row: Row) -> Option<f64> {
        let values = self.values(row);
        if let Some(place) = self.params.iter().position(|param| param.name == inner) {
            return values.get(place).copied();
        }
        match inner.strip_prefix('=') {
            Some(source) => Some(self.calculation(source)?.evaluate(&values)),
            None if inner == "value" => Some(self.right(row)),
            None => None,
        }
    }

    /// Returns what is shown in the place of `{inner}`, or `None` if it is no placeholder of this question.
    pub fn placeholder(&self, inner: &str, row: Row) -> Option<String> {
        let value = self.value_of(inner, row)?;
        if self.params.iter().any(|param| param.name == inner) {
            return Some(number::show(value));
        }
        let tolerance = (value.abs() * self.tolerance_rel).max(self.tolerance_abs);
        Some(number::show_within(value, tolerance))
    }
}

/// Returns `text` with what `value` returns in the places of `{...}`. Other text in braces stays as it is.
pub fn fill_braces(text: &Text, value: impl Fn(&str) -> Option<String>) -> Text {
    let mut filled = String::with_capacity(text.as_str().len());
    let mut rest = text.as_str();
    while let Some((before, (inner, after))) = split_at_braces(rest) {
        filled.push_str(before);
        if let Some(value) = value(inner) {
            filled.push_str(&value);
            rest = after;
        } else {
            filled.push('{');
            rest = &rest[before.len() + 1..];
        }
    }
    filled.push_str(rest);
    Text::new(&filled)
}

/// Splits at the first `{...}` into the text before it, its inner part, and the text after it.
pub fn split_at_braces(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = text.split_once('{')?;
    Some((before, rest.split_once('}')?))
}
