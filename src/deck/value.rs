//! Parsing of single values, each validated against its description in [`format`](super::format).

mod list;
mod scalar;
mod tables;

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::cause;
use super::diagnostic_code::DiagnosticCode;
use super::fields::FieldValue;
use super::format::{Key, Value};
use super::table::TableReader;
use crate::core::number::{is_zero, show};
use crate::core::question::Kind;
use crate::core::text::Text;
use crate::core::time::parse_span;

/// A key of a table that is being read.
pub struct KeyContext<'f> {
    pub key: &'f Key,
    /// The position of the key's name.
    pub name: Range<usize>,
    /// The table as messages call it, such as `option 2`.
    pub table: &'f str,
    /// The type of the question that the table belongs to.
    pub kind: Option<Kind>,
}

impl TableReader<'_> {
    /// Reads the value of a key, or reports why it doesn't match the format and returns `None`.
    pub fn field_value(
        &mut self,
        context: &KeyContext,
        value: &Spanned<DeValue>,
    ) -> Option<FieldValue> {
        let (key, span) = (context.key, value.span());
        self.check_inline_table(context, span.clone());
        match (&key.value, value.get_ref()) {
            (Value::Text, DeValue::String(raw)) => {
                self.text(key, span, raw.trim()).map(FieldValue::Text)
            }
            (Value::Listing, DeValue::String(raw)) => {
                self.text(key, span, raw.trim_end()).map(FieldValue::Text)
            }
            (Value::Id, DeValue::String(raw)) => self.id(key, span, raw).map(FieldValue::Word),
            (Value::Word(words), DeValue::String(raw)) => {
                self.word(key, span, raw, &words()).map(FieldValue::Word)
            }
            (Value::Date, DeValue::String(raw)) => self.date(key, span, raw).map(FieldValue::Text),
            (Value::Url, DeValue::String(raw)) => {
                self.url(key, span, raw.trim()).map(FieldValue::Text)
            }
            // Editors accept an unquoted date where the schema asks for a string.
            (Value::Date, DeValue::Datetime(datetime))
                if datetime.date.is_some() && datetime.time.is_none() =>
            {
                Some(FieldValue::Text(Text::new(&datetime.to_string())))
            }
            (Value::Flag, DeValue::Boolean(flag)) => Some(FieldValue::Flag(*flag)),
            (Value::Integer(least, most), DeValue::Integer(_)) => self
                .integer(key, value, *least..=*most)
                .map(FieldValue::Integer),
            (Value::Number(least, most), DeValue::Integer(_) | DeValue::Float(_)) => self
                .number(key, value, *least..=*most)
                .map(FieldValue::Number),
            (Value::Ids, DeValue::Array(array)) => Some(self.ids(context, array)),
            (Value::Texts, DeValue::Array(array)) => Some(self.texts(context, array)),
            (Value::Numbers, DeValue::Array(array)) => self.numbers(context, array),
            (Value::Pairs, DeValue::Array(array)) => Some(self.pairs(context, array)),
            (Value::Table(format), DeValue::Table(table)) => {
                let what = format!("`{}`", key.name);
                let table = self.table(table, span, format, what, context.kind);
                Some(FieldValue::Tables(vec![table]))
            }
            (Value::Tables(format, least, most), DeValue::Array(array)) => {
                self.tables(context, array, format, *least..=*most)
            }
            (Value::Named(format), DeValue::Table(table)) => {
                self.named_tables(context, table, format)
            }
            (Value::NamedNumbers, DeValue::Table(table)) => {
                Some(self.named_numbers(context, table))
            }
            (Value::Figures, DeValue::Array(array)) => Some(self.figures(context, array)),
            (Value::Amount, _) => self.amount(context, value).map(FieldValue::Json),
            (Value::Amounts, DeValue::Array(array)) => self
                .array(array, |reader, element| reader.amount(context, element))
                .map(FieldValue::Json),
            (Value::Points, DeValue::Array(array)) => self
                .array(array, |reader, element| reader.point(context, element))
                .map(FieldValue::Json),
            (Value::TextRows, DeValue::Array(array)) => self
                .array(array, |reader, element| reader.text_row(context, element))
                .map(FieldValue::Json),
            (Value::Words(words), DeValue::Array(array)) => {
                Some(self.words(context, array, &words()))
            }
            (Value::Simulation, DeValue::Table(table)) => Some(FieldValue::Simulation(
                self.simulation(context, table, span),
            )),
            (_, other) => {
                self.refuse_type(context, span, other);
                None
            }
        }
    }

    /// Reports a value whose type isn't the one that its key requires.
    fn refuse_type(&mut self, context: &KeyContext, at: Range<usize>, value: &DeValue) {
        let key = context.key;
        let Some(help) = type_help(key, value, &self.origin.text[at.clone()]) else {
            return self.wrong_type(context, at, &expected_type(key));
        };
        let expected = expected_type(key);
        let message = format!("`{}` of {} has to be {expected}", key.name, context.table);
        self.report_with(DiagnosticCode::WrongType, at, message, help);
    }

    /// Reports that a value, or a part of it, has another type than expected.
    pub(super) fn wrong_type(&mut self, context: &KeyContext, at: Range<usize>, expected: &str) {
        let message = format!(
            "`{}` of {} has to be {expected}",
            context.key.name, context.table
        );
        self.report(DiagnosticCode::WrongType, at, message);
    }

    /// Reports an inline table with line breaks, which other TOML parsers refuse.
    fn check_inline_table(&mut self, context: &KeyContext, span: Range<usize>) {
        let written = &self.origin.text[span.clone()];
        if written.starts_with('{') && written.contains('\n') {
            let message = format!(
                "`{}` of {} has to stand on one line",
                context.key.name, context.table
            );
            self.report_with(
                DiagnosticCode::Syntax,
                span,
                message,
                "TOML 1.0 has no line breaks between { and }",
            );
        }
    }
}

/// Returns the type that a key requires, as messages call it.
fn expected_type(key: &Key) -> String {
    match key.value {
        Value::Text | Value::Listing | Value::Id | Value::Word(_) => "a string".into(),
        Value::Url => "an address such as \"https://example.org/runbook\"".into(),
        Value::Date => "a day such as \"2026-11-22\"".into(),
        Value::Flag => "true or false".into(),
        Value::Integer(..) => "an integer".into(),
        Value::Number(..) | Value::Amount => "a number".into(),
        Value::Ids
        | Value::Texts
        | Value::Numbers
        | Value::Pairs
        | Value::Amounts
        | Value::Points
        | Value::TextRows
        | Value::Words(_) => "an array".into(),
        Value::Tables(..) | Value::Figures => match cause::meant_header(&[key.name]) {
            Some(header) => format!("written as {header} for each of them"),
            None => "an array of tables".into(),
        },
        Value::Table(_) | Value::Named(_) | Value::NamedNumbers | Value::Simulation => {
            "a table".into()
        }
    }
}

/// Returns how to write a value of another type as the key needs it.
fn type_help(key: &Key, value: &DeValue, written: &str) -> Option<String> {
    let is_short = written.len() <= 60 && !written.contains('\n');
    match (&key.value, value) {
        (Value::Flag | Value::Integer(..) | Value::Number(..), DeValue::String(raw)) => {
            Some(match unquoted(key, raw) {
                Some(meant) => format!("write {} = {meant}", key.name),
                None => format!("write {} = {}", key.name, example(key)),
            })
        }
        (Value::Pairs, DeValue::String(_)) if is_short => Some(format!(
            "write {} = [[{}]]",
            key.name,
            written.trim_matches(['"', '\''])
        )),
        (Value::Word(words), _) => {
            let words = words();
            // Only the words of these keys have an order that a number can mean.
            let has_order = matches!(key.name, "level" | "demand");
            let place = integer(value).filter(|_| has_order);
            let place = place.and_then(|n| usize::try_from(n).ok()?.checked_sub(1));
            let meant = place.and_then(|place| words.get(place)).or(words.first())?;
            let one_of = words.join(", ");
            Some(format!(
                "write {} = \"{meant}\"; it is one of {one_of}",
                key.name
            ))
        }
        (Value::Text, DeValue::Boolean(_)) if key.name == "retired" => Some(
            "write retired = \"the reason\", or leave it out if the question is still asked".into(),
        ),
        (Value::Ids | Value::Texts | Value::Numbers, DeValue::String(_) | DeValue::Integer(_))
            if is_short =>
        {
            Some(format!("write {} = [{written}]", key.name))
        }
        (
            Value::Text | Value::Listing | Value::Id,
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_),
        ) if is_short => Some(format!("write {} = \"{written}\"", key.name)),
        _ => None,
    }
}

/// Returns the value that is meant by a string where a flag or a number is required: `0.02` for "2%", and `75` for
/// "1m15s".
fn unquoted(key: &Key, raw: &str) -> Option<String> {
    let raw = raw.trim();
    let share = raw
        .strip_suffix('%')
        .map(|percent| (percent.trim_end(), 100.0));
    let (digits, divisor) = share.unwrap_or((raw, 1.0));
    let number = digits.replace(',', ".").parse::<f64>().ok();
    let number = number.filter(|n| n.is_finite()).map(|n| n / divisor);
    match key.value {
        Value::Flag => match raw.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some("true".into()),
            "false" | "no" | "off" | "0" => Some("false".into()),
            _ => None,
        },
        Value::Integer(least, most) => {
            let span = || parse_span(raw).ok().map(|span| span.0 as f64 / 1000.0);
            let n = number.or_else(|| span().filter(|_| key.name == "seconds"))?;
            let is_allowed = n.fract() == 0.0 && (least as f64..=most as f64).contains(&n);
            is_allowed.then(|| format!("{n:.0}"))
        }
        Value::Number(least, most) => {
            let n = number.filter(|n| (least..=most).contains(n))?;
            Some(show(n).replace(',', ""))
        }
        _ => None,
    }
}

/// Returns a value that a key can have.
fn example(key: &Key) -> String {
    match key.value {
        Value::Flag => "true".into(),
        Value::Integer(least, most) => 60.clamp(least, most).to_string(),
        Value::Number(least, most) => show(0.02f64.clamp(least, most)),
        _ => String::new(),
    }
}

pub(super) fn integer(value: &DeValue) -> Option<i64> {
    let DeValue::Integer(digits) = value else {
        return None;
    };
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Float(digits) => {
            let value: f64 = digits.as_str().parse().ok()?;
            // A number that is too small is refused like one that is too large, and -0.0 is 0.
            (value != 0.0 || is_zero(digits.as_str())).then_some(value + 0.0)
        }
        _ => integer(value).map(|n| n as f64),
    }
}
