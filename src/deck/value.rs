//! The values of keys, each held against what [`format`](super::format) says of it.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::code::Code;
use super::diagnostic::{nearest, quoted};
use super::fields::Datum;
use super::format::{Key, Value};
use super::table::{Reader, is_control};
use crate::core::question::Kind;
use crate::core::text::Text;

/// Keys, ids and the like are at most so long.
const ID: usize = 100;
/// Tables under names that the author chooses.
const NAMED: usize = 100;

impl Reader<'_> {
    /// The value of `key`, or `None` where it is not what the format asks for.
    pub fn datum(
        &mut self,
        key: &Key,
        name: Range<usize>,
        value: &Spanned<DeValue>,
        what: &str,
        kind: Option<Kind>,
    ) -> Option<Datum> {
        let span = value.span();
        let written = &self.origin.text[span.clone()];
        if written.starts_with('{') && written.contains('\n') {
            let message = format!("`{}` of {what} has to stand on one line", key.name);
            self.report_with(Code::Syntax, span.clone(), message, "TOML 1.0 has no line breaks between { and }");
        }
        let wrong_type = |reader: &mut Self, at: Range<usize>, expected: &str| {
            let message = format!("`{}` of {what} has to be {expected}", key.name);
            reader.report(Code::WrongType, at, message);
        };
        match (&key.value, value.get_ref()) {
            (Value::Text, DeValue::String(raw)) => self.text(key, span, raw.trim()).map(Datum::Text),
            (Value::Listing, DeValue::String(raw)) => self.text(key, span, raw.trim_end()).map(Datum::Text),
            (Value::Id, DeValue::String(raw)) => self.id(key, span, raw).map(Datum::Word),
            (Value::Word(words), DeValue::String(raw)) => self.word(key, span, raw, &words()).map(Datum::Word),
            (Value::Date, DeValue::String(raw)) => {
                if raw.len() == 10 && raw.parse::<jiff::civil::Date>().is_ok() {
                    return Some(Datum::Text(Text::new(raw)));
                }
                self.report(Code::BadValue, span, format!("`{}` has to be a day such as \"2026-11-22\"", key.name));
                None
            }
            // Editors take an unquoted date for the string that the schema asks for.
            (Value::Date, DeValue::Datetime(datetime)) if datetime.date.is_some() && datetime.time.is_none() => {
                Some(Datum::Text(Text::new(&datetime.to_string())))
            }
            (Value::Text | Value::Listing | Value::Id | Value::Word(_) | Value::Date, _) => {
                wrong_type(self, span, "a string");
                None
            }
            (Value::Flag, DeValue::Boolean(flag)) => Some(Datum::Flag(*flag)),
            (Value::Flag, _) => {
                wrong_type(self, span, "true or false");
                None
            }
            (Value::Integer(least, most), DeValue::Integer(_)) => {
                let integer = integer(value.get_ref()).filter(|n| (least..=most).contains(&n));
                if integer.is_none() {
                    self.report(Code::BadValue, span, format!("`{}` has to be from {least} to {most}", key.name));
                }
                integer.map(Datum::Integer)
            }
            (Value::Integer(..), _) => {
                wrong_type(self, span, "an integer");
                None
            }
            (Value::Number(least, most), DeValue::Integer(_) | DeValue::Float(_)) => {
                let number = number(value.get_ref()).filter(|n| (least..=most).contains(&n));
                if number.is_none() {
                    let range =
                        if *most == f64::MAX { format!("{least} or more") } else { format!("from {least} to {most}") };
                    self.report(Code::BadValue, span, format!("`{}` has to be {range}", key.name));
                }
                number.map(Datum::Number)
            }
            (Value::Number(..), _) => {
                wrong_type(self, span, "a number");
                None
            }
            (Value::Ids, DeValue::Array(array)) => {
                let mut words = Vec::with_capacity(array.len());
                for element in array.iter() {
                    match element.get_ref() {
                        DeValue::String(raw) => {
                            words.extend(self.id(key, element.span(), raw).map(|id| (id, element.span())))
                        }
                        _ => wrong_type(self, element.span(), "an array of strings"),
                    }
                }
                Some(Datum::Words(words))
            }
            (Value::Texts, DeValue::Array(array)) => {
                let mut texts = Vec::with_capacity(array.len());
                for element in array.iter() {
                    match element.get_ref() {
                        DeValue::String(raw) => texts.push((Text::new(raw).line(), element.span())),
                        _ => wrong_type(self, element.span(), "an array of strings"),
                    }
                }
                Some(Datum::Words(texts))
            }
            (Value::Numbers, DeValue::Array(array)) => {
                let mut numbers = Vec::with_capacity(array.len());
                for element in array.iter() {
                    match number(element.get_ref()).filter(|number| number.is_finite()) {
                        Some(number) => numbers.push(number),
                        None => {
                            wrong_type(self, element.span(), "an array of numbers, without quotes");
                            return None;
                        }
                    }
                }
                Some(Datum::Numbers(numbers))
            }
            (Value::Pairs, DeValue::Array(array)) => {
                let mut pairs = Vec::with_capacity(array.len());
                for element in array.iter() {
                    match pair(element.get_ref()) {
                        Some(pair) => pairs.push((pair, element.span())),
                        None => wrong_type(self, element.span(), "an array of pairs of step numbers such as [[2, 3]]"),
                    }
                }
                Some(Datum::Pairs(pairs))
            }
            (Value::Ids | Value::Texts | Value::Numbers | Value::Pairs, _) => {
                wrong_type(self, span, "an array");
                None
            }
            (Value::Table(format), DeValue::Table(table)) => {
                let whole = format!("`{}`", key.name);
                Some(Datum::Tables(vec![self.table(table, span, format, whole, kind)]))
            }
            (Value::Tables(format, least, most), DeValue::Array(array)) => {
                if !(*least..=*most).contains(&array.len()) {
                    let range = if *most > 1000 { format!("at least {least}") } else { format!("{least} to {most}") };
                    let message = format!("{what} has {} `{}`, and {range} are allowed", array.len(), key.name);
                    self.report(Code::Count, name, message);
                }
                let mut tables = Vec::new();
                // Those beyond the allowed number would only cost time: comparisons grow with the square of it.
                for (n, element) in array.iter().take(*most).enumerate() {
                    match element.get_ref() {
                        DeValue::Table(table) => {
                            tables.push(self.table(
                                table,
                                element.span(),
                                format,
                                format!("{} {}", key.name, n + 1),
                                kind,
                            ));
                        }
                        _ => wrong_type(self, element.span(), "an array of tables"),
                    }
                }
                Some(Datum::Tables(tables))
            }
            (Value::Tables(..), _) => {
                let header = format!("written as [[question.{}]] for each of them", key.name);
                wrong_type(self, span, &header);
                None
            }
            (Value::Named(format), DeValue::Table(table)) => {
                if table.len() > NAMED {
                    let message =
                        format!("`{}` has {} entries, and at most {NAMED} are allowed", key.name, table.len());
                    self.report(Code::Count, name, message);
                }
                let mut tables = Vec::new();
                for (name, element) in table.iter().take(NAMED) {
                    match element.get_ref() {
                        DeValue::Table(inner) => {
                            tables.push(self.table(inner, name.span(), format, name.get_ref().to_string(), kind));
                        }
                        _ => {
                            wrong_type(self, element.span(), "a table such as n = { values = [1, 2, 3] } for each name")
                        }
                    }
                }
                tables.sort_by(|a, b| a.what.cmp(&b.what));
                Some(Datum::Tables(tables))
            }
            (Value::Figures, DeValue::Table(table)) => {
                let mut figures = Vec::with_capacity(table.len());
                for (name, element) in table {
                    match number(element.get_ref()) {
                        Some(number) => figures.push((name.get_ref().to_string(), number)),
                        None => wrong_type(self, element.span(), "a table of numbers"),
                    }
                }
                Some(Datum::Figures(figures))
            }
            (Value::Table(_) | Value::Named(_) | Value::Figures, _) => {
                wrong_type(self, span, "a table");
                None
            }
        }
    }

    fn text(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        let (text, dropped) = Text::counting(raw);
        // A control character that is there as such is an error of the TOML, which has been reported.
        let is_reported = self.origin.text[span.clone()].contains(is_control);
        if dropped > 0 && !is_reported {
            let message = format!("`{}` has characters that control a terminal or hide: {dropped} removed", key.name);
            self.report(Code::Unclean, span.clone(), message);
        }
        if text.as_str().contains('\u{fe0f}') {
            let message =
                format!("`{}` has an emoji with a variation selector; terminals disagree about its width", key.name);
            self.report(Code::Emoji, span.clone(), message);
        }
        if text.as_str().trim().is_empty() {
            self.report_with(Code::Empty, span, format!("`{}` is empty", key.name), key.doc);
            return None;
        }
        Some(text)
    }

    fn id(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<String> {
        let allowed =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'/' | b'_' | b'+');
        if raw.is_empty() {
            self.report_with(Code::Empty, span, format!("`{}` is empty", key.name), key.doc);
            return None;
        }
        if raw.len() > ID || !raw.bytes().all(allowed) {
            let message = format!("{} in `{}` is no id", quoted(raw), key.name);
            self.report_with(
                Code::BadValue,
                span,
                message,
                format!("an id is at most {ID} of a-z, 0-9, `.`, `-` and `/`"),
            );
            return None;
        }
        Some(raw.to_owned())
    }

    fn word(&mut self, key: &Key, span: Range<usize>, raw: &str, words: &[&str]) -> Option<String> {
        if words.contains(&raw) {
            return Some(raw.to_owned());
        }
        let message = format!("`{}` cannot be {}", key.name, quoted(raw));
        let help = match nearest(raw, words.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it is one of {}", words.join(", ")),
        };
        self.report_with(Code::BadValue, span, message, help);
        None
    }
}

fn integer(value: &DeValue) -> Option<i64> {
    let DeValue::Integer(digits) = value else { return None };
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Float(digits) => digits.as_str().parse().ok(),
        _ => integer(value).map(|n| n as f64),
    }
}

fn pair(value: &DeValue) -> Option<[i64; 2]> {
    let DeValue::Array(array) = value else { return None };
    let mut numbers = array.iter().map(|element| integer(element.get_ref()));
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(a), Some(b), None) => Some([a?, b?]),
        _ => None,
    }
}
