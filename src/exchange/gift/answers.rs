//! The answers of a GIFT question: what stands between its braces.

use super::Markup;
use super::lexer::{find, split_before};
use crate::exchange::draft::{Body, Choice, Number, Pair};

/// An answer with its weight in percent and its feedback.
struct Answer<'a> {
    /// True after `=`, which marks a right answer.
    is_right: bool,
    weight: Option<f64>,
    text: &'a str,
    feedback: &'a str,
}

impl<'a> Answer<'a> {
    /// Parses an answer after its `=` or `~`.
    fn parse(part: &'a str) -> Result<Self, String> {
        let is_right = part.starts_with('=');
        let mut text = part.trim_start_matches(['=', '~']).trim_start();
        let mut weight = None;
        if let Some((number, rest)) = text.strip_prefix('%').and_then(|rest| rest.split_once('%')) {
            let parsed: Result<f64, _> = number.trim().parse();
            weight = Some(parsed.map_err(|_| format!("the weight `%{number}%` is not a number"))?);
            text = rest;
        }
        let (text, feedback) = match find(text, 0, "#") {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, ""),
        };
        Ok(Self {
            is_right,
            weight,
            text,
            feedback,
        })
    }

    fn percent(&self) -> f64 {
        self.weight
            .unwrap_or(if self.is_right { 100.0 } else { 0.0 })
    }
}

/// Parses the answers, whose kind follows from their marks.
pub fn body(inner: &str, markup: Markup, losses: &mut Vec<String>) -> Result<Body, String> {
    let inner = inner.trim();
    if inner.is_empty() {
        return Ok(Body::Open(String::new()));
    }
    if let Some(numbers) = inner.strip_prefix('#') {
        return numeric(numbers, markup, losses);
    }
    if let Some(body) = true_false(inner, markup, losses) {
        return Ok(body);
    }
    let mut parts = split_before(inner, b"=~");
    if !parts.remove(0).trim().is_empty() {
        return Err("the answers begin with none of =, ~, #, T and F".to_owned());
    }
    let has_wrong = parts.iter().any(|part| part.starts_with('~'));
    if !has_wrong && parts.iter().any(|part| find(part, 0, "->").is_some()) {
        return matching(&parts, markup, losses);
    }
    let answers = parts
        .into_iter()
        .map(Answer::parse)
        .collect::<Result<Vec<_>, _>>()?;
    let has_right = answers.iter().any(|answer| answer.is_right);
    match (has_right, has_wrong) {
        (true, true) => single(&answers, markup, losses),
        (false, true) => multiple(&answers, markup, losses),
        _ if answers.iter().any(|answer| answer.percent() <= 0.0) => {
            single(&answers, markup, losses)
        }
        _ => Err(
            "a short answer has no wrong alternatives to choose from: add some with ~".to_owned(),
        ),
    }
}

/// Parses `T`, `F`, `TRUE` or `FALSE`, with the feedback for a wrong and a right answer.
fn true_false(inner: &str, markup: Markup, losses: &mut Vec<String>) -> Option<Body> {
    let mut parts = inner.splitn(3, '#');
    let right = match parts.next()?.trim().to_uppercase().as_str() {
        "T" | "TRUE" => true,
        "F" | "FALSE" => false,
        _ => return None,
    };
    let wrong_feedback = markup.text(parts.next().unwrap_or_default(), losses);
    let right_feedback = markup.text(parts.next().unwrap_or_default(), losses);
    let option = |text: &str, is_key: bool| Choice {
        text: text.to_owned(),
        credit: if is_key { 1.0 } else { 0.0 },
        why: if is_key {
            right_feedback.clone()
        } else {
            wrong_feedback.clone()
        },
    };
    Some(Body::Single(vec![
        option("True", right),
        option("False", !right),
    ]))
}

/// Builds a question with one key: the first answer that is fully right.
fn single(answers: &[Answer], markup: Markup, losses: &mut Vec<String>) -> Result<Body, String> {
    let mut options = Vec::new();
    let mut has_key = false;
    for answer in answers {
        let text = markup.text(answer.text, losses);
        let percent = answer.percent();
        let credit = match percent {
            p if p >= 100.0 && has_key => {
                losses.push(format!(
                    "another right answer, `{text}`, was left out: a single question has one key"
                ));
                continue;
            }
            p if p >= 100.0 => 1.0,
            p if (p - 50.0).abs() < 0.01 => 0.5,
            p => {
                if p != 0.0 {
                    losses.push(format!(
                        "the weight of {p}% for `{text}` was not kept: it earns nothing"
                    ));
                }
                0.0
            }
        };
        has_key |= credit >= 1.0;
        options.push(choice(text, credit, answer, markup, losses));
    }
    Ok(Body::Single(options))
}

/// Builds a question whose answers with a positive weight are right.
fn multiple(answers: &[Answer], markup: Markup, losses: &mut Vec<String>) -> Result<Body, String> {
    let keys: Vec<f64> = answers
        .iter()
        .map(Answer::percent)
        .filter(|p| *p > 0.0)
        .collect();
    if keys.windows(2).any(|pair| (pair[0] - pair[1]).abs() > 0.01) {
        losses.push(
            "the different weights of the right answers were not kept: all count the same"
                .to_owned(),
        );
    }
    let mut options = Vec::new();
    for answer in answers {
        let text = markup.text(answer.text, losses);
        let credit = if answer.percent() > 0.0 { 1.0 } else { 0.0 };
        options.push(choice(text, credit, answer, markup, losses));
    }
    Ok(match keys.len() {
        1 => Body::Single(options),
        _ => Body::Multiple(options),
    })
}

fn choice(
    text: String,
    credit: f64,
    answer: &Answer,
    markup: Markup,
    losses: &mut Vec<String>,
) -> Choice {
    Choice {
        text,
        credit,
        why: markup.text(answer.feedback, losses),
    }
}

fn matching(parts: &[&str], markup: Markup, losses: &mut Vec<String>) -> Result<Body, String> {
    let (mut pairs, mut spare) = (Vec::new(), Vec::new());
    for part in parts {
        // The entries have no weights, so they may begin with a percent sign.
        let part = part.trim_start_matches('=');
        let (text, feedback) = match find(part, 0, "#") {
            Some(at) => (&part[..at], &part[at + 1..]),
            None => (part, ""),
        };
        let Some(at) = find(text, 0, "->") else {
            return Err(format!("the pair `{}` has no `->`", text.trim()));
        };
        let left = markup.text(&text[..at], losses);
        let right = markup.text(&text[at + 2..], losses);
        match left.is_empty() {
            true => spare.push(right),
            false => pairs.push(Pair {
                left,
                right,
                why: markup.text(feedback, losses),
            }),
        }
    }
    Ok(Body::Matching(pairs, spare))
}

/// Parses a number with a tolerance (`3:2`) or a range (`1..5`), or several with weights, of which the best is kept.
fn numeric(numbers: &str, markup: Markup, losses: &mut Vec<String>) -> Result<Body, String> {
    let mut parts = split_before(numbers, b"=~");
    let first = parts.remove(0);
    let answers = match first.trim() {
        "" => parts
            .into_iter()
            .map(Answer::parse)
            .collect::<Result<Vec<_>, _>>()?,
        _ => {
            let mut answer = Answer::parse(first)?;
            answer.is_right = true;
            vec![answer]
        }
    };
    let best = answers.iter().position(|answer| answer.percent() >= 100.0);
    let best = best.ok_or("no number of it is fully right")?;
    let (value, tolerance) = span(answers[best].text)?;
    let mut number = Number {
        value,
        tolerance,
        ..Number::default()
    };
    if !answers[best].feedback.trim().is_empty() {
        losses.push("the feedback for the right number was not kept".to_owned());
    }
    for (n, answer) in answers.iter().enumerate() {
        let text = answer.text.trim();
        if n == best || text.is_empty() && answer.feedback.trim().is_empty() {
            continue;
        }
        let why = markup.text(answer.feedback, losses);
        match span(text) {
            Ok((wrong, _))
                if answer.percent() <= 0.0
                    && !why.is_empty()
                    && (wrong - value).abs() > 2.0 * tolerance =>
            {
                number.wrong.push((wrong, why));
            }
            _ if text.is_empty() => {
                losses.push("the feedback for any wrong number was not kept".to_owned());
            }
            _ => losses.push(format!(
                "the number `{text}` with {}% was not kept",
                answer.percent()
            )),
        }
    }
    Ok(Body::Numeric(number))
}

/// Parses `value`, `value:tolerance` or `least..most`, and returns the value and its tolerance.
fn span(text: &str) -> Result<(f64, f64), String> {
    let number = |text: &str| {
        let parsed = text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
        parsed.ok_or_else(|| format!("`{}` is not a number", text.trim()))
    };
    if let Some((least, most)) = text.split_once("..") {
        let (least, most) = (number(least)?, number(most)?);
        return match least <= most {
            true => Ok((f64::midpoint(least, most), (most - least) / 2.0)),
            false => Err(format!("the range `{}` ends before it begins", text.trim())),
        };
    }
    match text.split_once(':') {
        Some((value, tolerance)) => Ok((number(value)?, number(tolerance)?.abs())),
        None => Ok((number(text)?, 0.0)),
    }
}
