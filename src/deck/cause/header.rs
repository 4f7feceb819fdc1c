//! Finds mistakes in the headers of tables.

use super::Cause;
use super::lines::line_at;
use crate::deck::diagnostic::{nearest, quoted};
use crate::deck::figure_format;
use crate::deck::format::{ANSWER, HEAD, QUESTION, Table, Value};

/// Returns the mistake in a line that looks like the header of a table.
pub(super) fn bad_header(text: &str, start: usize) -> Option<Cause> {
    let whole = line_at(text, start);
    let line = whole.split('#').next().unwrap_or_default().trim();
    let inner = line.trim_start_matches('[').trim_end_matches(']');
    let (opened, closed) = (
        line.len() - line.trim_start_matches('[').len(),
        line.len() - line.trim_end_matches(']').len(),
    );
    let path: Vec<&str> = inner.trim().split('.').map(str::trim).collect();
    let is_bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if opened == 0
        || !path
            .iter()
            .all(|name| !name.is_empty() && name.bytes().all(is_bare))
    {
        return None;
    }
    let meant = meant_header(&path)?;
    let at = start + (whole.len() - whole.trim_start().len());
    let span = at..at + line.len();
    let written: String = line.split_whitespace().collect();
    if written == meant || (opened == closed && path.len() == 1 && path[0] == "deck" && opened == 1)
    {
        return None;
    }
    let message = match (opened, closed) {
        (o, c) if o != c => format!("{} is not closed as it was opened", quoted(line)),
        _ if inner.trim() == meant.trim_matches(['[', ']']) => {
            format!("{} has the wrong number of brackets", quoted(line))
        }
        _ => format!("{} is not a table of a deck", quoted(line)),
    };
    let help = match meant.starts_with("[[") {
        true => format!("write it as {meant}, every time"),
        false => format!("write it as {meant}"),
    };
    Some(Cause::new(span, message, help))
}

/// Returns the header that an author means by the table `path`, such as `[[question.option]]`.
pub fn meant_header(path: &[&str]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    if HEAD.key(first).is_some() {
        return rest.is_empty().then(|| format!("[{first}]"));
    }
    let is_question = *first == "question" || nearest(first, ["question"]).is_some();
    let names = if is_question { rest } else { path };
    let found = match names {
        [] => return Some("[[question]]".into()),
        names => resolve(&QUESTION, names),
    };
    let found = found.or_else(|| {
        let (names, is_array) = resolve(&ANSWER, names)?;
        Some((format!("answer.{names}"), is_array))
    });
    let in_figure = || {
        let (names, is_array) = resolve_in_figures(names)?;
        Some((format!("figure.{names}"), is_array))
    };
    let (names, is_array) = found.or_else(in_figure)?;
    Some(match is_array {
        true => format!("[[question.{names}]]"),
        false => format!("[question.{names}]"),
    })
}

/// Follows `names` through the tables of the figures of any kind.
fn resolve_in_figures(names: &[&str]) -> Option<(String, bool)> {
    let mut kinds = figure_format::KINDS.iter();
    kinds.find_map(|(_, format)| resolve(format, names))
}

/// Follows `names` through the tables of a format, allows for misspellings, and returns the right path.
///
/// The second value is true for an array of tables.
fn resolve(format: &Table, names: &[&str]) -> Option<(String, bool)> {
    let (first, rest) = names.split_first()?;
    let tables = format.keys.iter().filter(|key| {
        matches!(
            key.value,
            Value::Table(_)
                | Value::Tables(..)
                | Value::Named(_)
                | Value::NamedNumbers
                | Value::Figures
        )
    });
    let meant = nearest(first, tables.map(|key| key.name))?;
    let (inner, is_array) = match format.key(meant)?.value {
        Value::Table(inner) => (Some(inner), false),
        Value::Tables(inner, ..) => (Some(inner), true),
        Value::Figures if rest.is_empty() => return Some((meant.to_owned(), true)),
        Value::Figures => {
            let (names, is_array) = resolve_in_figures(rest)?;
            return Some((format!("{meant}.{names}"), is_array));
        }
        // The author chooses the names of the tables inside.
        _ => return Some((names_after(meant, rest), false)),
    };
    match (rest, inner) {
        ([], _) => Some((meant.to_owned(), is_array)),
        (rest, Some(inner)) => {
            let (below, is_array) = resolve(inner, rest)?;
            Some((format!("{meant}.{below}"), is_array))
        }
        _ => None,
    }
}

fn names_after(first: &str, rest: &[&str]) -> String {
    let mut names = vec![first];
    names.extend(rest);
    names.join(".")
}
