//! Moodle's GIFT format.

mod answers;
mod lexer;

use self::answers::body;
use self::lexer::{Piece, find, pieces, unescaped};
use super::draft::{Body, Draft, Imported, MAX_BYTES};
use super::html;

/// How Moodle displays a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Markup {
    Html,
    /// Text as it is written, or Markdown.
    Plain,
    /// Moodle's own format: text that may contain HTML.
    Auto,
}

impl Markup {
    /// Splits a marker such as `[html]` off a text.
    fn of(text: &str) -> (Option<Self>, &str) {
        let text = text.trim_start();
        let markers = [
            ("[html]", Markup::Html),
            ("[plain]", Markup::Plain),
            ("[markdown]", Markup::Plain),
            ("[moodle]", Markup::Auto),
        ];
        markers
            .into_iter()
            .find_map(|(marker, markup)| Some((Some(markup), text.strip_prefix(marker)?)))
            .unwrap_or((None, text))
    }

    /// Returns a text that may begin with its own marker, without escapes and HTML.
    fn text(self, raw: &str, losses: &mut Vec<String>) -> String {
        let (own, raw) = Markup::of(raw);
        own.unwrap_or(self).unmarked(raw, losses)
    }

    /// Returns a text without escapes and HTML.
    fn unmarked(self, raw: &str, losses: &mut Vec<String>) -> String {
        let text = unescaped(raw.trim());
        match self {
            Markup::Plain => text,
            Markup::Html => html::plain(&text, false, losses),
            Markup::Auto if html::has_markup(&text) => html::plain(&text, true, losses),
            Markup::Auto => text,
        }
    }
}

/// Reads the questions of a GIFT file.
pub fn read(text: &str) -> Imported {
    let mut imported = Imported::default();
    let mut category = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Category(name) => category = name.trim().to_owned(),
            Piece::Question { line, text, tags } => {
                let tagged = [&[category.clone()], &tags[..]].concat().join(" ");
                question(line, &text, tagged.trim(), &mut imported);
            }
        }
    }
    imported
}

fn question(line: usize, text: &str, category: &str, imported: &mut Imported) {
    if text.len() > MAX_BYTES {
        return imported.refuse(line, format!("it is over {} KB long", MAX_BYTES / 1000));
    }
    let mut losses = Vec::new();
    match draft(line, text, category, &mut losses) {
        Ok(Some(draft)) => imported.add(draft, losses),
        Ok(None) => imported.skip(line, "a description without an answer is not a question"),
        Err(why) => imported.refuse(line, why),
    }
}

/// Parses a question; returns `None` for a description, which asks nothing.
fn draft(
    line: usize,
    text: &str,
    category: &str,
    losses: &mut Vec<String>,
) -> Result<Option<Draft>, String> {
    let (title, rest) = title(text)?;
    let (markup, rest) = Markup::of(rest);
    let markup = markup.unwrap_or(Markup::Auto);
    let Some(open) = find(rest, 0, "{") else {
        return match find(rest, 0, "}") {
            Some(_) => Err("a `}` without a `{` before it: write `\\}` in a text".to_owned()),
            None => Ok(None),
        };
    };
    let Some(close) = find(rest, open + 1, "}") else {
        return Err("the answers are not closed: there is a `{` without a `}`".to_owned());
    };
    let (before, inner, after) = (&rest[..open], &rest[open + 1..close], &rest[close + 1..]);
    if find(inner, 0, "{").or(find(after, 0, "{")).is_some() {
        return Err(
            "there is a second `{`: write `\\{` in a text, and an empty line between questions"
                .to_owned(),
        );
    }
    let asked = match after.trim() {
        "" => markup.unmarked(before, losses),
        after => {
            let before = markup.unmarked(before, losses);
            let after = markup.unmarked(after, losses);
            format!("{before} _____ {after}").trim().to_owned()
        }
    };
    let (answers, feedback) = match find(inner, 0, "####") {
        Some(at) => (&inner[..at], &inner[at + 4..]),
        None => (inner, ""),
    };
    let mut draft = Draft {
        line,
        title,
        category: category.to_owned(),
        ..Draft::default()
    };
    draft.set_lesson(&markup.text(feedback, losses));
    draft.set_question(&asked);
    draft.body = body(answers, markup, losses)?;
    if matches!(draft.body, Body::Open(_)) {
        losses.push("an essay becomes an open question, which practice does not ask".to_owned());
    }
    Ok(Some(draft))
}

/// Splits `::title::` off a question.
fn title(text: &str) -> Result<(String, &str), String> {
    let text = text.trim_start();
    let Some(rest) = text.strip_prefix("::") else {
        return Ok((String::new(), text));
    };
    match find(rest, 0, "::") {
        Some(end) => Ok((unescaped(rest[..end].trim()), &rest[end + 2..])),
        None => Err("the title is not closed: it ends with `::`".to_owned()),
    }
}
