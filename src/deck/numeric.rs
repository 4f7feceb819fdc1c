//! Numeric questions: parses the formulas and evaluates them for the rows of parameters.

use super::diagnostic_code::DiagnosticCode;
use super::fields::Fields;
use super::table::TableReader;
use crate::core::formula::Formula;
use crate::core::number::show;
use crate::core::question::{Numeric, Param, Row, WrongFormula};

/// The largest number of rows that are evaluated; more rows are sampled evenly.
const MAX_ROWS: u32 = 10_000;

/// Builds the numeric part of a question; returns `None` if a formula can't be parsed.
pub fn build(reader: &mut TableReader, question: &Fields) -> Option<Numeric> {
    let params: Vec<Param> = question.tables("params").iter().map(param).collect();
    check_params(reader, question);
    let answer = question.table("answer")?;
    check_tolerance(reader, answer);
    let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
    let mut reported = Vec::new();
    let mut formula = |fields: &Fields| formula(reader, fields, &names, &mut reported);
    let right = formula(answer);
    let wrong: Vec<Option<Formula>> = answer.tables("wrong").iter().map(formula).collect();
    let right = right?;
    check_use_of_params(reader, question, &right);
    let wrong_formulas = answer.tables("wrong").iter().zip(&wrong);
    let numeric = Numeric {
        params,
        formula: right,
        unit: answer.text("unit"),
        tolerance_rel: answer.number("tolerance_rel").unwrap_or(0.0),
        tolerance_abs: answer.number("tolerance_abs").unwrap_or(0.0),
        wrong: wrong_formulas
            .filter_map(|(fields, formula)| {
                Some(WrongFormula {
                    formula: formula.clone()?,
                    why: fields.text("why"),
                })
            })
            .collect(),
    };
    if numeric.params.iter().all(|param| !param.values.is_empty()) {
        try_rows(reader, answer, &numeric, &wrong);
    }
    try_example(reader, answer, &numeric);
    Some(numeric)
}

fn param(fields: &Fields) -> Param {
    Param {
        name: fields.what.clone(),
        values: fields.numbers("values").to_vec(),
        unit: fields.text("unit"),
        label: fields.text("label"),
    }
}

/// Reports parameters with a bad name or with too few or too many values.
fn check_params(reader: &mut TableReader, question: &Fields) {
    for param in question.tables("params") {
        let is_name = param.what.starts_with(|c: char| c.is_ascii_lowercase())
            && param
                .what
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !is_name || param.what.len() > 30 {
            let message = format!(
                "{} is no name of a parameter",
                super::diagnostic::quoted(&param.what)
            );
            let help = "a small letter, then letters, digits or `_`";
            reader.report_with(DiagnosticCode::BadValue, param.span.clone(), message, help);
        }
        if param.has("values") && !(1..=1000).contains(&param.numbers("values").len()) {
            reader.report(
                DiagnosticCode::Count,
                param.span_of("values"),
                "a parameter has 1 to 1000 values",
            );
        }
    }
}

/// Reports an answer without a tolerance.
fn check_tolerance(reader: &mut TableReader, answer: &Fields) {
    let tolerances = ["tolerance_rel", "tolerance_abs"];
    if !tolerances
        .iter()
        .any(|key| answer.has(key) || answer.is_refused(key))
    {
        let message = "the answer has no `tolerance_rel` and no `tolerance_abs`";
        let help = "say how far off an answer may be, such as tolerance_rel = 0.02";
        reader.report_with(
            DiagnosticCode::MissingKey,
            answer.span.clone(),
            message,
            help,
        );
    }
}

/// Reports parameters that the formula doesn't use.
fn check_use_of_params(reader: &mut TableReader, question: &Fields, formula: &Formula) {
    for (index, param) in question.tables("params").iter().enumerate() {
        if !formula.uses(index) {
            let message = format!("the formula does not use the parameter `{}`", param.what);
            reader.report(DiagnosticCode::UnusedParam, param.span.clone(), message);
        }
    }
}

/// Parses the formula of an answer or of a wrong result, or reports an error that is not in `reported` yet.
fn formula(
    reader: &mut TableReader,
    fields: &Fields,
    names: &[&str],
    reported: &mut Vec<String>,
) -> Option<Formula> {
    let source = fields.has("formula").then(|| fields.text("formula"))?;
    match Formula::parse(source.as_str(), names) {
        Ok(formula) => Some(formula),
        Err(error) if reported.contains(&error.to_string()) => None,
        Err(error) => {
            reported.push(error.to_string());
            // The span of the value includes its opening quote. Escapes, rare in formulas, would shift the mark.
            let span = fields.span_of("formula");
            let at = (span.start + 1 + error.at)
                .min(span.end.saturating_sub(1))
                .max(span.start);
            let marked = at..span.end.saturating_sub(1).max(at);
            let message = error.to_string();
            if names.is_empty() && message.contains("not a parameter") {
                let help = "declare it: [question.params] on a line of its own, and below it a line such as n = { values = [5, 7, 9] }";
                reader.report_with(DiagnosticCode::Formula, marked, message, help);
            } else {
                reader.report(DiagnosticCode::Formula, marked, message);
            }
            None
        }
    }
}

/// Returns all rows of the parameters, or an evenly spaced sample if there are more than [`MAX_ROWS`].
pub(super) fn rows_to_try(numeric: &Numeric) -> impl Iterator<Item = Row> + use<> {
    sample_rows(numeric, MAX_ROWS)
}

/// Returns all rows of the parameters, or an evenly spaced sample of `most` rows.
pub(super) fn sample_rows(numeric: &Numeric, most: u32) -> impl Iterator<Item = Row> + use<> {
    let rows = numeric.rows();
    let tried = rows.min(most);
    (0..tried).map(move |n| Row((u64::from(n) * u64::from(rows) / u64::from(tried)) as u32))
}

/// Evaluates the formulas for the rows, and reports the first bad row of each formula.
fn try_rows(
    reader: &mut TableReader,
    answer: &Fields,
    numeric: &Numeric,
    wrong: &[Option<Formula>],
) {
    let mut near: Vec<Option<Row>> = vec![None; wrong.len()];
    for row in rows_to_try(numeric) {
        let values = numeric.values(row);
        let right = numeric.formula.evaluate(&values);
        if !right.is_finite() {
            let message = format!("the right value is not finite{}", given(numeric, row));
            return reader.report(
                DiagnosticCode::NotFinite,
                answer.span_of("formula"),
                message,
            );
        }
        let distance = 2.0 * numeric.tolerance(row);
        for (near, formula) in near.iter_mut().zip(wrong) {
            let is_near = |formula: &Formula| (formula.evaluate(&values) - right).abs() <= distance;
            if near.is_none() && formula.as_ref().is_some_and(is_near) {
                *near = Some(row);
            }
        }
    }
    for ((near, formula), fields) in near.iter().zip(wrong).zip(answer.tables("wrong")) {
        if let (Some(row), Some(formula)) = (near, formula) {
            let value = show(formula.evaluate(&numeric.values(*row)));
            let message = format!(
                "this wrong formula gives {value} and the right one {}{}: less than two tolerances apart",
                show(numeric.right(*row)),
                given(numeric, *row)
            );
            let help = "choose values that keep them apart, or a smaller tolerance";
            reader.report_with(
                DiagnosticCode::WrongTooNear,
                fields.span_of("formula"),
                message,
                help,
            );
        }
    }
}

/// Returns ` for n = 20, m = 4`, or an empty string for a question without parameters.
pub(super) fn given(numeric: &Numeric, row: Row) -> String {
    let values: Vec<String> = numeric
        .params
        .iter()
        .zip(numeric.values(row))
        .map(|(param, value)| format!("{} = {}", param.name, show(value)))
        .collect();
    if values.is_empty() {
        String::new()
    } else {
        format!(" for {}", values.join(", "))
    }
}

/// Reports an example that lacks a value, or whose result differs from the formula.
fn try_example(reader: &mut TableReader, answer: &Fields, numeric: &Numeric) {
    let Some(numbers) = answer.named_numbers("example") else {
        return;
    };
    let span = answer.span_of("example");
    let number = |name: &str| {
        numbers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    };
    for (name, _) in numbers {
        if name != "value" && !numeric.params.iter().any(|param| param.name == *name) {
            let message = format!(
                "the example gives {}, which is no parameter",
                super::diagnostic::quoted(name)
            );
            reader.report(DiagnosticCode::Example, span.clone(), message);
        }
    }
    let values: Option<Vec<f64>> = numeric
        .params
        .iter()
        .map(|param| number(&param.name))
        .collect();
    match (values, number("value")) {
        (Some(values), Some(stated)) => {
            let value = numeric.formula.evaluate(&values);
            let accepted =
                (value.abs() * numeric.tolerance_rel.max(1e-9)).max(numeric.tolerance_abs);
            if !value.is_finite() || (value - stated).abs() > accepted {
                let message = format!(
                    "the example states {}, but the formula gives {}",
                    show(stated),
                    show(value)
                );
                reader.report(DiagnosticCode::Example, span, message);
            }
        }
        _ => reader.report(
            DiagnosticCode::Example,
            span,
            "the example needs a value for each parameter and the right `value`",
        ),
    }
}
