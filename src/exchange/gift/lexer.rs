//! Escapes, comments and the borders of questions in a GIFT file.

/// A part of a GIFT file.
pub enum Piece {
    Category(String),
    /// A question without comments, and the line on which it begins.
    Question {
        line: usize,
        text: String,
        /// The tags in the comments before it.
        tags: Vec<String>,
    },
}

/// Splits a file into questions, which are separated by empty lines.
///
/// An empty line inside of braces belongs to the question, unless the next line begins another one. A line that begins with
/// `::` begins a question, too, after the braces of the one before.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut start, mut question, mut tags) = (0, String::new(), Vec::new());
    let mut is_open = false;
    let mut after_blank = false;
    for (n, line) in (1..).zip(text.lines()) {
        let begins = line.trim_start().starts_with("::");
        let category = line.trim_start().strip_prefix("$CATEGORY:");
        let is_blank = line.trim().is_empty();
        let is_end = match () {
            () if category.is_some() => true,
            () if is_blank => !is_open,
            () if begins && !is_open => find(&question, 0, "{").is_some(),
            () if begins => after_blank,
            () => false,
        };
        if is_end {
            finish(start, &mut question, &mut tags, &mut pieces);
            is_open = false;
        }
        after_blank = is_blank;
        match category {
            Some(name) => pieces.push(Piece::Category(name.to_owned())),
            None if line.trim_start().starts_with("//") => tags.extend(tags_of(line)),
            None if is_blank && question.is_empty() => {}
            None => {
                if question.is_empty() {
                    start = n;
                }
                question.push_str(line);
                question.push('\n');
                is_open = open_after(line, is_open);
            }
        }
    }
    finish(start, &mut question, &mut tags, &mut pieces);
    pieces
}

fn finish(line: usize, question: &mut String, tags: &mut Vec<String>, pieces: &mut Vec<Piece>) {
    let text = std::mem::take(question);
    if !text.trim().is_empty() {
        let tags = std::mem::take(tags);
        pieces.push(Piece::Question { line, text, tags });
    }
}

/// Returns the tags in a comment such as `// [id:7] [tag:raft]`.
fn tags_of(comment: &str) -> impl Iterator<Item = String> {
    let tags = comment.split("[tag:").skip(1);
    tags.filter_map(|rest| Some(rest.split_once(']')?.0.trim().to_owned()))
}

/// Returns true if the braces are open after a line.
fn open_after(line: &str, is_open: bool) -> bool {
    let (open, close) = (last(line, b'{'), last(line, b'}'));
    match (open, close) {
        (None, None) => is_open,
        (open, close) => open > close,
    }
}

/// Returns the position of the last unescaped `token` of one byte.
fn last(text: &str, token: u8) -> Option<usize> {
    let (mut found, mut escaped) = (None, false);
    for (at, b) in text.bytes().enumerate() {
        if !escaped && b == token {
            found = Some(at);
        }
        escaped = b == b'\\' && !escaped;
    }
    found
}

/// Returns the position of the first `token` at or after `from` that is not escaped with a backslash.
pub fn find(text: &str, from: usize, token: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, b) in text.bytes().enumerate() {
        if !escaped && at >= from && text.as_bytes()[at..].starts_with(token.as_bytes()) {
            return Some(at);
        }
        escaped = b == b'\\' && !escaped;
    }
    None
}

/// Splits a text before each unescaped character of `marks`.
pub fn split_before<'a>(text: &'a str, marks: &[u8]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, b) in text.bytes().enumerate() {
        if !escaped && marks.contains(&b) {
            parts.push(&text[start..at]);
            start = at;
        }
        escaped = b == b'\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

/// Replaces escapes by the characters that they mean.
pub fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.as_str().chars().next()) {
            ('\\', Some('n')) => {
                plain.push('\n');
                chars.next();
            }
            ('\\', Some(next @ ('~' | '=' | '#' | '{' | '}' | ':' | '\\'))) => {
                plain.push(next);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
}
