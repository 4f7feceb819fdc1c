//! Rules about the texts of numeric questions: which parameters they show, and whether they reveal the answer.

use super::super::diagnostic_code::DiagnosticCode;
use super::super::fields::Fields;
use super::super::numeric::{given, rows_to_try};
use super::{Finding, Place, choices, finding};
use crate::core::figure::FigureTemplate;
use crate::core::number::show;
use crate::core::question::{Interaction, Numeric, Question, Row, split_at_braces};
use crate::core::text::Text;

pub fn rules(question: &Question, fields: &Fields, out: &mut Vec<Finding>) {
    let Interaction::Numeric(numeric) = &question.interaction else {
        return left_over(question, out);
    };
    let asked = [("stem", &question.stem), ("lead_in", &question.lead_in)];
    let explanation = ("explanation", &question.explanation);
    for (key, text) in asked {
        placeholders(numeric, Place::Key(key), text, out);
    }
    in_figures(question, numeric, out);
    // A parameter under a wrong name is shown nowhere, which would be reported twice.
    if out
        .iter()
        .all(|found| found.code != DiagnosticCode::Placeholder)
    {
        hidden(question, numeric, out);
    }
    let discussion = question.discussion.iter().map(|text| ("discussion", text));
    for (key, text) in [explanation].into_iter().chain(discussion) {
        placeholders(numeric, Place::Key(key), text, out);
    }
    for (i, wrong) in numeric.wrong.iter().enumerate() {
        placeholders(numeric, Place::Wrong(i, "why"), &wrong.why, out);
    }
    for (key, text) in asked {
        out.extend(revealed(numeric, Place::Key(key), text.as_str()));
    }
    examples(question, numeric, fields, out);
}

/// L43: the answer, as `{value}` or as a calculation with the same result in every row.
fn revealed(numeric: &Numeric, place: Place, text: &str) -> Option<Finding> {
    let mut rest = text;
    while let Some((_, (inner, after))) = split_at_braces(rest) {
        let is_param = numeric.params.iter().any(|param| param.name == inner);
        if !is_param && (inner == "value" || is_answer(numeric, inner)) {
            let shown = format!("{{{inner}}}");
            let message = format!("{shown} is the answer");
            let help = "leave it to the explanation";
            let found = finding(DiagnosticCode::Revealed, place, message, help);
            return Some(found.quoting(shown));
        }
        rest = after;
    }
    None
}

/// Returns true if the calculation of `{=formula}` gives the right value in every row.
fn is_answer(numeric: &Numeric, inner: &str) -> bool {
    let formula = inner.strip_prefix('=');
    let Some(formula) = formula.and_then(|source| numeric.calculation(source)) else {
        return false;
    };
    rows_to_try(numeric).all(|row| {
        let (shown, right) = (formula.evaluate(&numeric.values(row)), numeric.right(row));
        (shown - right).abs() <= 1e-9 * right.abs()
    })
}

/// L41: placeholders of a numeric question in one of another type, in which nothing is filled in. Only those that mean
/// nothing else: braces around a longer name may belong to the path of a request.
fn left_over(question: &Question, out: &mut Vec<Finding>) {
    let asked = [
        (Place::Key("stem"), &question.stem),
        (Place::Key("lead_in"), &question.lead_in),
        (Place::Key("explanation"), &question.explanation),
    ];
    let discussion = question.discussion.iter();
    let discussion = discussion.map(|text| (Place::Key("discussion"), text));
    let options = choices(question)
        .iter()
        .enumerate()
        .flat_map(|(i, option)| {
            [
                (Place::Option(i), &option.text),
                (Place::Why(i), &option.why),
            ]
        });
    for (place, text) in asked.into_iter().chain(discussion).chain(options) {
        let mut rest = text.as_str();
        while let Some((before, (inner, after))) = split_at_braces(rest) {
            let is_letter = inner.len() == 1 && inner.starts_with(|c: char| c.is_ascii_lowercase());
            let is_path = before.ends_with(['/', '$']);
            if !is_path && (inner == "value" || inner.starts_with('=') || is_letter) {
                let shown = format!("{{{inner}}}");
                let message = format!("nothing is filled in for {shown}");
                let help = "only numeric questions have parameters: write the number or the word";
                out.push(finding(DiagnosticCode::Placeholder, place, message, help).quoting(shown));
            }
            rest = after;
        }
    }
}

/// L41: every pair of braces that looks like a placeholder must be one.
fn placeholders(numeric: &Numeric, place: Place, text: &Text, out: &mut Vec<Finding>) {
    let mut rest = text.as_str();
    while let Some((_, (inner, after))) = split_at_braces(rest) {
        let name = inner.trim_matches(['{', ' ']);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_meant = is_name || name.starts_with('=') || is_formula(numeric, name);
        if is_meant && numeric.placeholder(inner, Row(0)).is_none() {
            let message = format!(
                "nothing is filled in for {{{}}}",
                inner.chars().take(60).collect::<String>()
            );
            let help = match numeric.params.is_empty() {
                true => "the question has no parameters: write the number",
                false => {
                    "write {name} of a parameter, {value} or {=formula}, such as {=2 * n}, without spaces around a name"
                }
            };
            let found = finding(DiagnosticCode::Placeholder, place, message, help);
            out.push(found.quoting(format!("{{{inner}}}")));
        }
        if let Some(row) = first_row_without_result(numeric, inner) {
            let source = inner.chars().take(60).collect::<String>();
            let message = format!(
                "the value of {{{source}}} is not finite{}",
                given(numeric, row)
            );
            let help = "change the formula or the parameters, so that every row has a finite value";
            let found = finding(DiagnosticCode::NotFinite, place, message, help);
            out.push(found.quoting(format!("{{{inner}}}")));
        }
        rest = after;
    }
    if let Some((_, inner)) = rest.split_once("{=") {
        let message = "nothing is filled in for a brace that is not closed";
        let help = "close it: {=formula}";
        let quoted: String = inner.chars().take(20).collect();
        let found = finding(DiagnosticCode::Placeholder, place, message, help);
        out.push(found.quoting(format!("{{={quoted}")));
    }
}

/// Returns true for a calculation with a parameter or `value`, as in `{n * 2}`: the `=` was probably forgotten.
fn is_formula(numeric: &Numeric, inner: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_ +-*/^().".contains(c);
    let mut words = inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    inner.chars().all(is_part)
        && words.any(|word| word == "value" || numeric.params.iter().any(|p| p.name == word))
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
        let mut texts = figure.texts().into_iter();
        out.extend(texts.find_map(|text| revealed(numeric, place, text)));
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

/// L44: the numbers of the example must be marked as an example in every text that is read after answering.
fn examples(question: &Question, numeric: &Numeric, fields: &Fields, out: &mut Vec<Finding>) {
    let numbers = fields
        .table("answer")
        .and_then(|answer| answer.named_numbers("example"))
        .unwrap_or_default();
    let formulas = fields.table("answer").map(|answer| answer.text("formula"));
    let fixed = [question.stem.line(), question.lead_in.line()]
        .into_iter()
        .chain(formulas.map(|text| text.line()))
        .collect::<Vec<_>>()
        .join(" ");
    let is_drawn = |name: &str| {
        let param = numeric.params.iter().find(|param| param.name == name);
        param.map_or(name == "value", |param| param.values.len() > 1)
    };
    // A number in the question is the same for every row. Small integers usually mean something else, except with the
    // unit of the answer or as the result of a calculation.
    let unit = numeric.unit.line();
    let small = |name: &str, shown: String| match (name, unit.as_str()) {
        ("value", "") => vec![format!("= {shown}")],
        ("value", unit) => vec![format!("= {shown}"), format!("{shown} {unit}")],
        _ => Vec::new(),
    };
    let shown: Vec<String> = numbers
        .iter()
        .filter(|(name, _)| is_drawn(name))
        .flat_map(|(name, value)| match show(*value) {
            shown if contains_number(&fixed, &shown) => Vec::new(),
            shown if value.fract() == 0.0 && value.abs() < 20.0 => small(name, shown),
            shown => vec![shown],
        })
        .collect();
    if numeric.rows() < 2 {
        return;
    }
    let explained = [
        (Place::Key("explanation"), Some(&question.explanation)),
        (Place::Key("discussion"), question.discussion.as_ref()),
    ];
    let wrong = numeric.wrong.iter().enumerate();
    let wrong = wrong.map(|(i, wrong)| (Place::Wrong(i, "why"), Some(&wrong.why)));
    for (place, text) in explained.into_iter().chain(wrong) {
        let text = text.map(Text::line).unwrap_or_default();
        if let Some(shown) = shown.iter().find(|shown| contains_number(&text, shown))
            && !is_marked(&text)
        {
            let message = format!("{shown} is right for the example only");
            let help = "write \"for example\" before it, or {value} or the name of the parameter in braces";
            let found = finding(DiagnosticCode::ExampleUnmarked, place, message, help);
            out.push(found.quoting(shown.as_str()));
        }
    }
}

/// Returns true if a text says that its numbers are an example, or names the values that it assumes: `For 200 nodes`.
fn is_marked(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_value = |after: &str| {
        let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        after.starts_with(|c: char| c.is_ascii_digit()) || name.starts_with(" = ")
    };
    let assumes = ["For ", "Take ", "With "]
        .iter()
        .any(|word| text.split(word).skip(1).any(is_value));
    assumes
        || ["for example", "for instance", "e.g.", "such as", "say,"]
            .iter()
            .any(|words| lower.contains(words))
}

/// Returns true if `number` is in `text`, not as a part of a longer number.
fn contains_number(text: &str, number: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    text.match_indices(number).any(|(at, found)| {
        let (before, after) = (text[..at].chars().next_back(), &text[at + found.len()..]);
        let goes_on = after
            .strip_prefix(['.', ','])
            .is_some_and(|rest| is_digit(rest.chars().next()));
        !is_digit(before)
            && !matches!(before, Some('.' | ','))
            && !is_digit(after.chars().next())
            && !goes_on
    })
}
