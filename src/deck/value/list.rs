//! Parsing of arrays, and of the numbers of figures, which may be placeholders.

use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeArray, DeValue};

use super::{KeyContext, integer, number};
use crate::core::figure::calculated;
use crate::core::question::Kind;
use crate::core::text::Text;
use crate::deck::diagnostic_code::DiagnosticCode;
use crate::deck::fields::FieldValue;
use crate::deck::table::TableReader;

impl TableReader<'_> {
    pub(super) fn ids(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        self.strings(context, array, |reader, at, raw| {
            reader.id(context.key, at, raw)
        })
    }

    pub(super) fn texts(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        self.strings(context, array, |_, _, raw| Some(Text::new(raw).line()))
    }

    pub(super) fn words(
        &mut self,
        context: &KeyContext,
        array: &DeArray,
        words: &[&str],
    ) -> FieldValue {
        self.strings(context, array, |reader, at, raw| {
            reader.word(context.key, at, raw, words)
        })
    }

    /// Reads an array of strings with `read`, and skips the elements that are refused.
    fn strings(
        &mut self,
        context: &KeyContext,
        array: &DeArray,
        read: impl Fn(&mut Self, Range<usize>, &str) -> Option<String>,
    ) -> FieldValue {
        let mut strings = Vec::with_capacity(array.len());
        for element in array {
            match element.get_ref() {
                DeValue::String(raw) => {
                    let string = read(self, element.span(), raw);
                    strings.extend(string.map(|string| (string, element.span())));
                }
                _ => self.wrong_type(context, element.span(), "an array of strings"),
            }
        }
        FieldValue::Words(strings)
    }

    pub(super) fn numbers(&mut self, context: &KeyContext, array: &DeArray) -> Option<FieldValue> {
        let mut numbers = Vec::with_capacity(array.len());
        for element in array {
            if let Some(number) = number(element.get_ref()).filter(|number| number.is_finite()) {
                numbers.push(number);
            } else {
                self.wrong_type(
                    context,
                    element.span(),
                    "an array of numbers, without quotes",
                );
                return None;
            }
        }
        Some(FieldValue::Numbers(numbers))
    }

    pub(super) fn pairs(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        let expected = "an array of pairs of numbers such as [[2, 3]]";
        let mut pairs = Vec::with_capacity(array.len());
        // One error is enough: `[1, 2]` lacks the brackets of a pair.
        let mut is_reported = false;
        for element in array {
            match pair(element.get_ref()) {
                Some(pair) => pairs.push((pair, element.span())),
                None if is_reported => {}
                None => {
                    is_reported = true;
                    let numbers: Option<Vec<i64>> =
                        array.iter().map(|n| integer(n.get_ref())).collect();
                    match numbers.as_deref() {
                        Some([a, b]) => {
                            let name = context.key.name;
                            let message =
                                format!("`{name}` of {} has to be {expected}", context.table);
                            let help = format!("write {name} = [[{a}, {b}]]");
                            self.report_with(
                                DiagnosticCode::WrongType,
                                element.span(),
                                message,
                                help,
                            );
                        }
                        _ => self.wrong_type(context, element.span(), expected),
                    }
                }
            }
        }
        FieldValue::Pairs(pairs)
    }

    /// Reads the elements of an array with `read`, or returns `None` after the first refused one.
    pub(super) fn array(
        &mut self,
        array: &DeArray,
        mut read: impl FnMut(&mut Self, &Spanned<DeValue>) -> Option<Json>,
    ) -> Option<Json> {
        array.iter().map(|element| read(self, element)).collect()
    }

    /// Reads a number, or the placeholder of a calculated number in a numeric question.
    pub(super) fn amount(
        &mut self,
        context: &KeyContext,
        value: &Spanned<DeValue>,
    ) -> Option<Json> {
        if let Some(number) = number(value.get_ref()).filter(|number| number.is_finite()) {
            return Some(number.into());
        }
        let is_numeric = context.kind == Some(Kind::Numeric);
        if let (true, DeValue::String(raw)) = (is_numeric, value.get_ref())
            && is_placeholder(raw)
        {
            return Some(calculated(raw.trim()));
        }
        let expected = if is_numeric {
            "a number, or a string with one placeholder such as \"{n}\" or \"{=2*n}\""
        } else {
            "a number, without quotes"
        };
        self.wrong_type(context, value.span(), expected);
        None
    }

    pub(super) fn point(&mut self, context: &KeyContext, value: &Spanned<DeValue>) -> Option<Json> {
        match value.get_ref() {
            DeValue::Array(pair) if pair.len() == 2 => {
                self.array(pair, |reader, element| reader.amount(context, element))
            }
            _ => {
                let expected = "an array of pairs such as [[0, 1.5], [10, 2]]";
                self.wrong_type(context, value.span(), expected);
                None
            }
        }
    }

    pub(super) fn text_row(
        &mut self,
        context: &KeyContext,
        value: &Spanned<DeValue>,
    ) -> Option<Json> {
        let expected = "an array of rows such as [[\"zone 1\", \"24\"]], each an array of strings";
        let DeValue::Array(row) = value.get_ref() else {
            self.wrong_type(context, value.span(), expected);
            return None;
        };
        self.array(row, |reader, cell| match cell.get_ref() {
            DeValue::String(raw) => Some(Text::new(raw).line().into()),
            _ => {
                reader.wrong_type(context, cell.span(), expected);
                None
            }
        })
    }
}

/// Returns true for a text that is a single placeholder.
fn is_placeholder(raw: &str) -> bool {
    let inner = raw
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['{', '}']))
}

fn pair(value: &DeValue) -> Option<[i64; 2]> {
    let DeValue::Array(array) = value else {
        return None;
    };
    let mut numbers = array.iter().map(|element| integer(element.get_ref()));
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(a), Some(b), None) => Some([a?, b?]),
        _ => None,
    }
}
