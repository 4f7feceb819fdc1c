//! Rules about the texts of numeric questions: which parameters they show, and whether they reveal the answer.

use super::super::diagnostic_code::DiagnosticCode;
use super::super::fields::Fields;
use super::super::numeric::{given, rows_to_try};
use super::{Finding, Place, finding};
use crate::core::figure::FigureTemplate;
use crate::core::number::show;
use crate::core::question::{Interaction, Numeric, Question, Row, split_at_braces};
use crate::core::text::Text;

pub fn rules(question: &Question, fields: &Fields, out: &mut Vec<Finding>) {
    let Interaction::Numeric(numeric) = &question.interaction else {
        return;
    };
    let asked = [("stem", &question.stem), ("lead_in", &question.lead_in)];
    let explanation = ("explanation", &question.explanation);
    for (key, text) in asked.into_iter().chain([explanation]) {
        placeholders(numeric, Place::Key(key), text, out);
    }
    for (i, wrong) in numeric.wrong.iter().enumerate() {
        placeholders(numeric, Place::Wrong(i), &wrong.why, out);
    }
    for (key, text) in asked
        .into_iter()
        .filter(|(_, text)| text.as_str().contains("{value}"))
    {
        let is_param = numeric.params.iter().any(|param| param.name == "value");
        if !is_param && !text.is_empty() {
            out.push(finding(
                DiagnosticCode::Revealed,
                Place::Key(key),
                "{value} is the answer",
                "leave it to the explanation",
            ));
        }
    }
    in_figures(question, numeric, out);
    hidden(question, numeric, out);
    example(numeric, fields, &question.explanation, out);
}

/// L41: every pair of braces that looks like a placeholder must be one.
fn placeholders(numeric: &Numeric, place: Place, text: &Text, out: &mut Vec<Finding>) {
    let mut rest = text.as_str();
    while let Some((_, (inner, after))) = split_at_braces(rest) {
        let name = inner.trim();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_meant = is_name || name.starts_with('=');
        if is_meant && numeric.placeholder(inner, Row(0)).is_none() {
            let message = format!(
                "nothing is filled in for {{{}}}",
                inner.chars().take(60).collect::<String>()
            );
            let help = match numeric.params.is_empty() {
                true => "the question has no parameters: write the number",
                false => {
                    "write {name} of a parameter, {value} or {=formula}, without spaces around the name"
                }
            };
            out.push(finding(DiagnosticCode::Placeholder, place, message, help));
        }
        if let Some(row) = first_row_without_result(numeric, inner) {
            let source = inner.chars().take(60).collect::<String>();
            let message = format!(
                "the value of {{{source}}} is not finite{}",
                given(numeric, row)
            );
            let help = "change the formula or the parameters, so that every row has a finite value";
            out.push(finding(DiagnosticCode::NotFinite, place, message, help));
        }
        rest = after;
    }
}

/// D18: returns the first row for which a `{=formula}` has no finite value.
fn first_row_without_result(numeric: &Numeric, inner: &str) -> Option<Row> {
    let formula = numeric.calculation(inner.strip_prefix('=')?)?;
    rows_to_try(numeric).find(|row| !formula.evaluate(&numeric.values(*row)).is_finite())
}

/// L41, L43: placeholders in the texts of figures.
fn in_figures(question: &Question, numeric: &Numeric, out: &mut Vec<Finding>) {
    for (index, figure) in question.figures.iter().enumerate() {
        let place = Place::Figure(index, "kind");
        for text in figure.texts() {
            placeholders(numeric, place, &Text::new(text), out);
        }
        let is_param = numeric.params.iter().any(|param| param.name == "value");
        if !is_param && figure.texts().iter().any(|text| text.contains("{value}")) {
            out.push(finding(
                DiagnosticCode::Revealed,
                place,
                "{value} is the answer",
                "leave it to the explanation",
            ));
        }
    }
}

/// L42: every parameter with several values must appear in the question.
fn hidden(question: &Question, numeric: &Numeric, out: &mut Vec<Finding>) {
    let code = question.code.iter().map(|code| code.text.as_str());
    let figures = question.figures.iter().flat_map(FigureTemplate::texts);
    let shown: Vec<&str> = [question.stem.as_str(), question.lead_in.as_str()]
        .into_iter()
        .chain(code)
        .chain(figures)
        .collect();
    for param in numeric.params.iter().filter(|param| param.values.len() > 1) {
        let is_shown = shown.iter().any(|text| {
            let mut rest = *text;
            while let Some((_, (inner, after))) = split_at_braces(rest) {
                let calculation = inner.strip_prefix('=').unwrap_or("");
                let mut words = calculation.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                if inner == param.name || words.any(|word| word == param.name) {
                    return true;
                }
                rest = after;
            }
            false
        });
        if !is_shown {
            let message = format!("no text shows the parameter `{}`", param.name);
            let help = "write its name in braces into the stem, the lead-in or a figure";
            out.push(finding(
                DiagnosticCode::HiddenParam,
                Place::Key("params"),
                message,
                help,
            ));
        }
    }
}

/// L44: the result of the example must be marked as an example.
fn example(numeric: &Numeric, fields: &Fields, explanation: &Text, out: &mut Vec<Finding>) {
    let numbers = fields
        .table("answer")
        .and_then(|answer| answer.named_numbers("example"))
        .unwrap_or_default();
    let Some((_, value)) = numbers.iter().find(|(name, _)| name == "value") else {
        return;
    };
    // Small integers usually mean something else.
    if numeric.rows() < 2 || (value.fract() == 0.0 && value.abs() < 20.0) {
        return;
    }
    let shown = show(*value);
    let text = explanation.line();
    let lower = text.to_lowercase();
    let is_marked = ["for example", "for instance", "e.g.", "such as", "say,"]
        .iter()
        .any(|words| lower.contains(words));
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let stands_alone = |(at, found): (usize, &str)| {
        let (before, after) = (text[..at].chars().next_back(), &text[at + found.len()..]);
        let goes_on = after
            .strip_prefix(['.', ','])
            .is_some_and(|rest| part(rest.chars().next()));
        !part(before)
            && !matches!(before, Some('.' | ','))
            && !part(after.chars().next())
            && !goes_on
    };
    if !is_marked && text.match_indices(shown.as_str()).any(stands_alone) {
        let message = format!("{shown} is right for the example only");
        let help = "write \"for example\" before it, or {value}";
        out.push(finding(
            DiagnosticCode::ExampleUnmarked,
            Place::Key("explanation"),
            message,
            help,
        ));
    }
}
