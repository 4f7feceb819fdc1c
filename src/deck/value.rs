//! Parsing of single values, each validated against its description in [`format`](super::format).

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::cause;
use super::diagnostic::{nearest, quoted};
use super::diagnostic_code::DiagnosticCode;
use super::fields::FieldValue;
use super::figure_format;
use super::format::{Key, Standard, Table, Value};
use super::table::{TableReader, is_control};
use crate::core::figure::calculated;
use crate::core::question::Kind;
use crate::core::text::Text;

/// The largest length of an id, in bytes.
const MAX_ID_BYTES: usize = 100;
/// The largest length of an address, in bytes.
const MAX_URL_BYTES: usize = 1000;
/// The largest number of tables under names chosen by the author.
const MAX_NAMED: usize = 100;
/// The largest number of options, steps or entries in a draft.
const MAX_DRAFT: usize = 12;
/// The largest number of figures of a question.
const MAX_FIGURES: usize = 4;

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
                Some(FieldValue::Tables(vec![self.table(
                    table,
                    span,
                    format,
                    what,
                    context.kind,
                )]))
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
            _ => {
                let help = type_help(key, value.get_ref(), &self.origin.text[span.clone()]);
                let expected = expected_type(key);
                let message = format!("`{}` of {} has to be {expected}", key.name, context.table);
                match help {
                    Some(help) => self.report_with(DiagnosticCode::WrongType, span, message, help),
                    None => self.report(DiagnosticCode::WrongType, span, message),
                }
                None
            }
        }
    }

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

    fn date(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        if raw.len() == 10 && raw.parse::<jiff::civil::Date>().is_ok() {
            return Some(Text::new(raw));
        }
        let message = format!("`{}` has to be a day such as \"2026-11-22\"", key.name);
        self.report(DiagnosticCode::BadValue, span, message);
        None
    }

    fn url(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| raw.strip_prefix(scheme));
        let is_part = |c: char| !c.is_whitespace() && !c.is_control();
        if rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_part))
            && raw.len() <= MAX_URL_BYTES
        {
            return Some(Text::new(raw));
        }
        let message = format!(
            "`{}` has to be an address such as \"https://example.org/runbook\"",
            key.name
        );
        self.report(DiagnosticCode::BadValue, span, message);
        None
    }

    fn integer(
        &mut self,
        key: &Key,
        value: &Spanned<DeValue>,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let integer = integer(value.get_ref()).filter(|n| range.contains(n));
        if integer.is_none() {
            let message = format!(
                "`{}` has to be from {} to {}",
                key.name,
                range.start(),
                range.end()
            );
            self.report(DiagnosticCode::BadValue, value.span(), message);
        }
        integer
    }

    fn number(
        &mut self,
        key: &Key,
        value: &Spanned<DeValue>,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        let number = number(value.get_ref()).filter(|n| range.contains(n));
        if number.is_none() {
            let allowed = match *range.end() {
                f64::MAX => format!("{} or more", range.start()),
                most => format!("from {} to {most}", range.start()),
            };
            self.report(
                DiagnosticCode::BadValue,
                value.span(),
                format!("`{}` has to be {allowed}", key.name),
            );
        }
        number
    }

    fn ids(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        let mut ids = Vec::with_capacity(array.len());
        for element in array {
            match element.get_ref() {
                DeValue::String(raw) => {
                    let id = self.id(context.key, element.span(), raw);
                    ids.extend(id.map(|id| (id, element.span())));
                }
                _ => self.wrong_type(context, element.span(), "an array of strings"),
            }
        }
        FieldValue::Words(ids)
    }

    fn texts(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        let mut texts = Vec::with_capacity(array.len());
        for element in array {
            match element.get_ref() {
                DeValue::String(raw) => texts.push((Text::new(raw).line(), element.span())),
                _ => self.wrong_type(context, element.span(), "an array of strings"),
            }
        }
        FieldValue::Words(texts)
    }

    fn numbers(&mut self, context: &KeyContext, array: &DeArray) -> Option<FieldValue> {
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

    fn words(&mut self, context: &KeyContext, array: &DeArray, words: &[&str]) -> FieldValue {
        let mut read = Vec::with_capacity(array.len());
        for element in array {
            match element.get_ref() {
                DeValue::String(raw) => {
                    let word = self.word(context.key, element.span(), raw, words);
                    read.extend(word.map(|word| (word, element.span())));
                }
                _ => self.wrong_type(context, element.span(), "an array of strings"),
            }
        }
        FieldValue::Words(read)
    }

    /// Reads the elements of an array with `read`, or returns `None` after the first refused one.
    fn array(
        &mut self,
        array: &DeArray,
        mut read: impl FnMut(&mut Self, &Spanned<DeValue>) -> Option<Json>,
    ) -> Option<Json> {
        array.iter().map(|element| read(self, element)).collect()
    }

    /// Reads a number, or the placeholder of a calculated number in a numeric question.
    fn amount(&mut self, context: &KeyContext, value: &Spanned<DeValue>) -> Option<Json> {
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

    fn point(&mut self, context: &KeyContext, value: &Spanned<DeValue>) -> Option<Json> {
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

    fn text_row(&mut self, context: &KeyContext, value: &Spanned<DeValue>) -> Option<Json> {
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

    /// Reads figures, each with the format of its kind. A figure of an unknown kind is skipped.
    fn figures(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        if array.len() > MAX_FIGURES {
            let n = array.len();
            let message = format!(
                "{} has {n} figures, and at most {MAX_FIGURES} are allowed",
                context.table
            );
            self.report(DiagnosticCode::Count, context.name.clone(), message);
        }
        let mut figures = Vec::new();
        for (n, element) in array.iter().take(MAX_FIGURES).enumerate() {
            let what = format!("figure {}", n + 1);
            match element.get_ref() {
                DeValue::Table(table) => {
                    let Some(format) = self.figure_format(table, element.span(), &what) else {
                        continue;
                    };
                    figures.push(self.table(table, element.span(), format, what, context.kind));
                }
                _ => self.wrong_type(context, element.span(), "an array of tables"),
            }
        }
        FieldValue::Tables(figures)
    }

    /// Returns the format for the `kind` of a figure, or reports that there is none.
    fn figure_format(
        &mut self,
        table: &DeTable,
        span: Range<usize>,
        what: &str,
    ) -> Option<&'static Table> {
        let kinds = figure_format::kinds();
        let Some(kind) = table.get("kind") else {
            let help = format!("`kind` is one of {}", kinds.join(", "));
            let message = format!("{what} has no `kind`");
            self.report_with(DiagnosticCode::MissingKey, span, message, help);
            return None;
        };
        let key = figure_format::KINDS[0].1.key("kind")?;
        let Some(word) = kind.get_ref().as_str() else {
            let message = format!("`kind` of {what} has to be a string");
            self.report(DiagnosticCode::WrongType, kind.span(), message);
            return None;
        };
        let word = self.word(key, kind.span(), word, &kinds)?;
        let mut formats = figure_format::KINDS.iter();
        formats
            .find(|(kind, _)| *kind == word)
            .map(|(_, format)| *format)
    }

    fn pairs(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
        let expected = "an array of pairs of numbers such as [[2, 3]]";
        let mut pairs = Vec::with_capacity(array.len());
        for element in array {
            match pair(element.get_ref()) {
                Some(pair) => pairs.push((pair, element.span())),
                None => self.wrong_type(context, element.span(), expected),
            }
        }
        FieldValue::Pairs(pairs)
    }

    fn tables(
        &mut self,
        context: &KeyContext,
        array: &DeArray,
        format: &'static Table,
        count: RangeInclusive<usize>,
    ) -> Option<FieldValue> {
        let (name, most) = (context.key.name, *count.end());
        if !count.contains(&array.len()) {
            let least = count.start();
            let range = if most > 1000 {
                format!("at least {least}")
            } else {
                format!("{least} to {most}")
            };
            let things = match (name, array.len()) {
                ("rubric", 1) => "criterion".to_owned(),
                ("rubric", _) => "criteria".to_owned(),
                (name, 1) => name.to_owned(),
                (name, _) => format!("{name}s"),
            };
            let message = format!(
                "{} has {} {things}, but {range} are allowed",
                context.table,
                array.len()
            );
            match (1..=MAX_DRAFT).contains(&array.len()) {
                true => self.report_incomplete(
                    DiagnosticCode::Count,
                    context.name.clone(),
                    message,
                    None,
                ),
                false => self.report(DiagnosticCode::Count, context.name.clone(), message),
            }
        }
        let most = match self.standard == Standard::Draft {
            true => most.max(MAX_DRAFT),
            false => most,
        };
        let mut tables = Vec::new();
        // Tables beyond the allowed number are skipped, because the time for comparing them grows with their square.
        for (n, element) in array.iter().take(most).enumerate() {
            match element.get_ref() {
                DeValue::Table(table) => {
                    let what = format!("{name} {}", n + 1);
                    tables.push(self.table(table, element.span(), format, what, context.kind));
                }
                _ => {
                    self.wrong_type(context, element.span(), &expected_type(context.key));
                    return None;
                }
            }
        }
        Some(FieldValue::Tables(tables))
    }

    fn named_tables(
        &mut self,
        context: &KeyContext,
        table: &DeTable,
        format: &'static Table,
    ) -> Option<FieldValue> {
        if table.len() > MAX_NAMED {
            let (key, n) = (context.key.name, table.len());
            let message = format!("`{key}` has {n} entries, and at most {MAX_NAMED} are allowed");
            self.report(DiagnosticCode::Count, context.name.clone(), message);
        }
        let mut tables = Vec::new();
        for (name, element) in table.iter().take(MAX_NAMED) {
            match element.get_ref() {
                DeValue::Table(inner) => {
                    tables.push(self.table(
                        inner,
                        name.span(),
                        format,
                        name.get_ref().to_string(),
                        context.kind,
                    ));
                }
                _ => {
                    self.refuse_named(context, name, element);
                    return None;
                }
            }
        }
        tables.sort_by(|a, b| a.what.cmp(&b.what));
        Some(FieldValue::Tables(tables))
    }

    /// Reports an entry that has to be a table and isn't.
    fn refuse_named(
        &mut self,
        context: &KeyContext,
        name: &Spanned<Cow<str>>,
        element: &Spanned<DeValue>,
    ) {
        let (key, name_text) = (context.key.name, name.get_ref().as_ref());
        let expected = "a table such as n = { values = [1, 2, 3] } for each name";
        let written = &self.origin.text[element.span()];
        let message = format!("`{key}` of {} has to be {expected}", context.table);
        let values = match element.get_ref() {
            DeValue::Array(_) => written.to_owned(),
            _ => format!("[{written}]"),
        };
        let help = format!("write {name_text} = {{ values = {values} }}");
        self.report_with(DiagnosticCode::WrongType, element.span(), message, help);
    }

    fn named_numbers(&mut self, context: &KeyContext, table: &DeTable) -> FieldValue {
        let mut numbers = Vec::with_capacity(table.len());
        for (name, element) in table {
            match number(element.get_ref()) {
                Some(number) => numbers.push((name.get_ref().to_string(), number)),
                None => self.wrong_type(context, element.span(), "a table of numbers"),
            }
        }
        FieldValue::NamedNumbers(numbers)
    }

    fn text(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<Text> {
        let (text, dropped) = Text::counting(raw);
        // A raw control character is a TOML syntax error and has been reported already.
        let is_reported = self.origin.text[span.clone()].contains(is_control);
        if dropped > 0 && !is_reported {
            let message = format!(
                "`{}` has characters that control a terminal or hide: {dropped} removed",
                key.name
            );
            self.report(DiagnosticCode::Unclean, span.clone(), message);
        }
        if text.as_str().contains('\u{fe0f}') {
            let message = format!(
                "`{}` has an emoji with a variation selector; terminals disagree about its width",
                key.name
            );
            self.report(DiagnosticCode::Emoji, span.clone(), message);
        }
        if text.as_str().trim().is_empty() {
            self.report_with(
                DiagnosticCode::Empty,
                span,
                format!("`{}` is empty", key.name),
                key.doc,
            );
            return None;
        }
        Some(text)
    }

    fn id(&mut self, key: &Key, span: Range<usize>, raw: &str) -> Option<String> {
        let allowed = |b: u8| {
            b.is_ascii_lowercase()
                || b.is_ascii_digit()
                || matches!(b, b'.' | b'-' | b'/' | b'_' | b'+')
        };
        if raw.is_empty() {
            self.report_with(
                DiagnosticCode::Empty,
                span,
                format!("`{}` is empty", key.name),
                key.doc,
            );
            return None;
        }
        if raw.len() > MAX_ID_BYTES || !raw.bytes().all(allowed) {
            let message = format!("{} in `{}` is no id", quoted(raw), key.name);
            self.report_with(
                DiagnosticCode::BadValue,
                span,
                message,
                format!("an id is at most {MAX_ID_BYTES} of a-z, 0-9, `.`, `-` and `/`"),
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
        self.report_with(DiagnosticCode::BadValue, span, message, help);
        None
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
        (Value::Flag | Value::Integer(..) | Value::Number(..), DeValue::String(_)) => {
            Some("write it without quotes".into())
        }
        (Value::Ids | Value::Texts | Value::Numbers, DeValue::String(_) | DeValue::Integer(_))
            if is_short =>
        {
            Some(format!("write {} = [{written}]", key.name))
        }
        (
            Value::Text | Value::Listing | Value::Id | Value::Word(_),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_),
        ) if is_short => Some(format!("write {} = \"{written}\"", key.name)),
        _ => None,
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

pub(super) fn integer(value: &DeValue) -> Option<i64> {
    let DeValue::Integer(digits) = value else {
        return None;
    };
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Float(digits) => digits.as_str().parse().ok(),
        _ => integer(value).map(|n| n as f64),
    }
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
