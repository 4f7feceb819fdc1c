//! Parsing of tables inside a value, such as options, parameters and figures.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::{KeyContext, expected_type, number};
use crate::deck::diagnostic_code::DiagnosticCode;
use crate::deck::fields::FieldValue;
use crate::deck::figure_format;
use crate::deck::format::{Standard, Table};
use crate::deck::table::TableReader;

/// The largest number of tables under names chosen by the author.
const MAX_NAMED: usize = 100;
/// The largest number of options, steps or entries in a draft.
const MAX_DRAFT: usize = 12;
/// The largest number of figures of a question.
const MAX_FIGURES: usize = 4;

impl TableReader<'_> {
    pub(super) fn tables(
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
        // Further tables are skipped, because the time for comparing them grows with their square. The first of them is
        // kept, so that the count is still too large.
        for (n, element) in array.iter().take(most.saturating_add(1)).enumerate() {
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

    pub(super) fn named_tables(
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

    pub(super) fn named_numbers(&mut self, context: &KeyContext, table: &DeTable) -> FieldValue {
        let mut numbers = Vec::with_capacity(table.len());
        for (name, element) in table {
            match number(element.get_ref()) {
                Some(number) => numbers.push((name.get_ref().to_string(), number)),
                None => self.wrong_type(context, element.span(), "a table of numbers"),
            }
        }
        FieldValue::NamedNumbers(numbers)
    }

    /// Reads figures, each with the format of its kind. A figure of an unknown kind is skipped.
    pub(super) fn figures(&mut self, context: &KeyContext, array: &DeArray) -> FieldValue {
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
}
