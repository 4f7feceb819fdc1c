//! Finds the mistake behind the errors of a part of a deck, so that one mistake gives one error.
//!
//! A TOML parser reports an unclosed string or array where it loses track, often many lines later and
//! many times. The functions here look for the usual mistakes of authors instead. They are called only
//! for parts that have errors, so they never refuse what the parser accepts.

mod header;
mod lines;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::diagnostic::quoted;
use super::format::ANSWER;
use header::bad_header;
use lines::{Lines, key_of, line_at};

pub use header::meant_header;

/// The mistake behind the errors of a part of a deck.
#[derive(Debug, PartialEq)]
pub struct Cause {
    pub span: Range<usize>,
    pub message: String,
    pub help: String,
}

impl Cause {
    fn new(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: help.into(),
        }
    }
}

/// A syntax error of the TOML parser.
pub struct SyntaxError<'a> {
    pub span: Range<usize>,
    pub message: &'a str,
}

/// Returns the mistake behind the errors in `text`; `first` is the first syntax error, if there is one.
pub fn of_errors(text: &str, first: Option<&SyntaxError>) -> Option<Cause> {
    let lines = Lines::of(text);
    if first.is_some() {
        let unclosed = lines.unclosed.map(|open| {
            let message = "the text that begins here is never closed";
            let help = "end it with the same three quotes as it begins with";
            Cause::new(open..open + 3, message, help)
        });
        if let Some(cause) = unclosed.or_else(|| unclosed_bracket(text, &lines)) {
            return Some(cause);
        }
    }
    let header = lines.starts.iter().find_map(|at| bad_header(text, *at));
    header
        .or_else(|| answer_in_params(text, &lines))
        .or_else(|| first.and_then(|error| of_line(text, error)))
}

/// Returns the first key of the answer among the parameters, which means that the header of the answer is missing.
fn answer_in_params(text: &str, lines: &Lines) -> Option<Cause> {
    let mut header = "";
    for start in &lines.starts {
        let line = line_at(text, *start).trim_start();
        if line.starts_with('[') {
            header = line;
        }
        let name = key_of(line).filter(|name| ANSWER.key(name).is_some());
        if let Some(name) = name.filter(|_| header.starts_with("[question.params]")) {
            let at = start + text[*start..].find(name)?;
            let help = "write [question.answer] on a line of its own above it";
            let message = format!("`{name}` is not a parameter");
            return Some(Cause::new(at..at + name.len(), message, help));
        }
    }
    None
}

/// Returns the first `[` or `{` of a value that is still open where the next key or table begins.
fn unclosed_bracket(text: &str, lines: &Lines) -> Option<Cause> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut brackets = lines.brackets.iter().peekable();
    for start in &lines.starts {
        while let Some((at, bracket)) = brackets.next_if(|(at, _)| at < start) {
            match bracket {
                b'[' | b'{' => open.push((*at, *bracket)),
                _ => drop(open.pop()),
            }
        }
        let line = line_at(text, *start).trim_start();
        let begins_table = line.starts_with("[[question") || line.starts_with("[question");
        let Some((at, bracket)) = open.first().copied() else {
            continue;
        };
        if begins_table || (bracket == b'[' && open.len() == 1 && key_of(line).is_some()) {
            let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            if text[line_start..at].trim().is_empty() {
                // The bracket belongs to the header of a table.
                open.clear();
                continue;
            }
            let (open, close) = if bracket == b'[' {
                ('[', ']')
            } else {
                ('{', '}')
            };
            let message = format!("the `{open}` has no `{close}`");
            return Some(Cause::new(
                at..at + 1,
                message,
                format!("end the value with `{close}`"),
            ));
        }
    }
    None
}

/// Returns the mistake on the line of a syntax error.
fn of_line(text: &str, error: &SyntaxError) -> Option<Cause> {
    let at = error.span.start;
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = line_at(text, start).trim();
    let next = text[at..].chars().next().unwrap_or('\n');
    let cause = |message: String, help: String| Some(Cause::new(error.span.clone(), message, help));
    let is_return = error.message.starts_with("carriage return");
    if let Some(found) = odd_character(if is_return { '\r' } else { next }) {
        return cause(found.0, found.1);
    }
    if ["<<<<<<<", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        let help = "keep one of the two versions, and delete the lines of <, = and >";
        return cause("a merge conflict is not resolved here".into(), help.into());
    }
    if ["//", "--", "/*", ";"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        let help = "a comment begins with #";
        return cause(
            format!("{} is neither a key nor a comment", quoted(line)),
            help.into(),
        );
    }
    if line.starts_with(['{', '-']) || line == "---" {
        let help = "`aethos new` writes a deck to start from";
        return cause("this is not TOML".into(), help.into());
    }
    let key = key_of(line).map(|key| format!("`{key}`"));
    let key = key.as_deref().unwrap_or("the value");
    match error.message {
        message if message.starts_with("duplicate key") => {
            let name = quoted(text.get(error.span.clone()).unwrap_or_default());
            cause(
                format!("{name} appears twice in this table"),
                "delete one of the two".into(),
            )
        }
        message if message.starts_with("string values must be quoted") => {
            of_bare_value(text, error, key)
        }
        message if message.starts_with("invalid basic string") && next == '\n' => {
            let open = text[start..at].rfind('"').map_or(at, |open| start + open);
            let message = format!("the text of {key} is not closed on its line");
            let help = "end it with the quote that it begins with; only a text between \"\"\" and \"\"\" has several lines";
            Some(Cause::new(open..at, message, help))
        }
        message => {
            let help = line_help(message, next, line)?;
            cause(line_message(message, key, line, next), help)
        }
    }
}

/// Returns the message and the help for a character that looks right in an editor, but isn't.
fn odd_character(c: char) -> Option<(String, String)> {
    match c {
        '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»' | '″' | '＂' => {
            Some((
                format!("`{c}` is not the quote that TOML needs"),
                "write straight quotes, \"like this\"; a word processor replaces them".into(),
            ))
        }
        '\r' => Some((
            "a carriage return is in the middle of a line".into(),
            "delete it, or replace it by a line break; lines end in LF or CRLF".into(),
        )),
        c if c.is_whitespace() && !c.is_ascii() => Some((
            format!("U+{:04X} looks like a space but isn't one", u32::from(c)),
            "replace it by a space".into(),
        )),
        _ => None,
    }
}

/// Returns the mistake behind a value without quotes that is neither a number nor a boolean.
fn of_bare_value(text: &str, error: &SyntaxError, key: &str) -> Option<Cause> {
    let value = text.get(error.span.clone()).unwrap_or_default().trim();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_like_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    let (message, help) = match value {
        "" => (
            format!("{key} has no value"),
            "write one on the same line; a text of several lines begins and ends with \"\"\"".to_owned(),
        ),
        "yes" | "no" | "on" | "off" | "Yes" | "No" => (
            format!("{} is not a value", quoted(value)),
            "write true or false".to_owned(),
        ),
        _ if is_like_number && value.split_whitespace().nth(1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit())) => (
            format!("a comma is missing in {}", quoted(value)),
            "write a comma between two values".to_owned(),
        ),
        _ if value.split(['/', '-', '.']).count() == 3 && digits >= 4 && is_like_number => (
            format!("{} is not a date", quoted(value)),
            "write a day as \"2026-11-22\"".to_owned(),
        ),
        _ if is_like_number && digits > 0 => (
            format!("{} is not a number", quoted(value)),
            "write digits and at most one point, such as 75 or 0.02, without a unit; a text needs quotes".to_owned(),
        ),
        _ => (
            format!("{} needs quotes", quoted(value)),
            "write \" before and after the text".to_owned(),
        ),
    };
    Some(Cause::new(error.span.clone(), message, help))
}

/// Returns how to fix a syntax error within a line, by what the parser says about it.
fn line_help(message: &str, next: char, line: &str) -> Option<String> {
    let help = if message.starts_with("unexpected key or value") {
        match next {
            ',' if line.contains(|c: char| c.is_ascii_digit()) && !line.contains('"') => {
                "write decimals with a point, such as 0.1"
            }
            ',' | ';' => "delete everything after the value; no comma or semicolon ends a line",
            _ => {
                "write \\\" for a quote inside a text in double quotes; a text in single quotes can't contain one"
            }
        }
    } else if message.starts_with("key with no value")
        || message.starts_with("invalid unquoted key")
    {
        match next {
            ':' => "write = between a key and its value",
            _ => {
                "each line is `key = value`; a text of several lines begins and ends with \"\"\", and a comment begins with #"
            }
        }
    } else if message.contains("escape") {
        "write \\\\ for a backslash, or put the text in single quotes"
    } else if message.starts_with("invalid boolean") {
        "write true or false in small letters, without quotes"
    } else if message.starts_with("invalid mantissa") {
        "write a digit before and after the point, such as 0.1"
    } else if message.starts_with("invalid float") || message.starts_with("invalid date") {
        "write numbers as 75 or 0.02, and a day as \"2026-11-22\""
    } else if message.starts_with("missing comma") {
        "write a comma between two values"
    } else if message.starts_with("missing opening quote") {
        "write \" before the text too"
    } else {
        return None;
    };
    Some(help.to_owned())
}

/// Returns the message for a syntax error within a line, in the words of an author where the parser's are not.
fn line_message(message: &str, key: &str, line: &str, next: char) -> String {
    match message {
        m if m.starts_with("unexpected key or value") => {
            format!("the value of {key} ends here, and something follows it")
        }
        m if m.starts_with("key with no value")
            || (m.starts_with("invalid unquoted") && next == ':') =>
        {
            format!("{} is not `key = value`", quoted(line))
        }
        m if m.contains("escape") => format!("the backslash in the text of {key} begins no escape"),
        m => m.to_owned(),
    }
}
