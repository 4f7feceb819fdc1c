//! Running text and code, wrapped to a column.

use ratatui::text::{Line, Span};
use textwrap::WordSplitter;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::figure;
use crate::core::question::Code;
use crate::core::text::{Block, Text, without_lone_word};
use crate::tui::page::Look;
use crate::tui::theme::Role;

/// The longest call or code, such as `w(x = 1)`, that is kept on one line, in characters.
const CALL: usize = 24;
/// Units that are kept on the line of their number.
const UNITS: [&str; 16] = [
    "ns", "µs", "us", "ms", "s", "min", "h", "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB",
];
/// A space at which no line is broken.
const FIXED_SPACE: &str = "\u{a0}";

/// Wraps text in lines of at most `width` columns; `indent` applies to all lines but the first. Where the line before can
/// spare a word, the last line has more than one.
pub fn wrap(text: &str, width: usize, indent: usize) -> Vec<String> {
    let width = width.max(1);
    let indent = " ".repeat(indent.min(width / 2));
    let options = textwrap::Options::new(width)
        .subsequent_indent(&indent)
        .word_splitter(WordSplitter::Custom(hyphens));
    let fixed = with_whole_quantities(&with_whole_code(&with_whole_calls(text)));
    let mut lines: Vec<String> = textwrap::wrap(&fixed, options)
        .into_iter()
        .map(Into::into)
        .collect();
    accompany_last_word(&mut lines, &fixed, width);
    lines
        .into_iter()
        .map(|line| line.replace(FIXED_SPACE, " "))
        .collect()
}

/// Returns where a word may be broken: after its hyphens, but not within a code such as `7K3-QX9`. A path may be broken
/// there, because it is too long for many lines.
fn hyphens(word: &str) -> Vec<usize> {
    match word.contains(|c: char| c.is_ascii_digit()) && !word.contains('/') {
        true => Vec::new(),
        false => WordSplitter::HyphenSplitter.split_points(word),
    }
}

/// Moves the last word of the line before to a last line that has only one word. A line of two words keeps them.
fn accompany_last_word(lines: &mut [String], text: &str, width: usize) {
    let [.., before, last] = lines else { return };
    let word = last.trim_start();
    let is_lone = !word.is_empty() && !word.contains(' ');
    let can_spare = before.split_whitespace().count() > 2;
    let Some((rest, moved)) = before.rsplit_once(' ').filter(|_| is_lone && can_spare) else {
        return;
    };
    let joined = format!("{moved} {word}");
    // Lines end at hyphens and at line breaks, too.
    let is_of_text = text.trim_end().ends_with(&joined);
    let indent = &last[..last.len() - word.len()];
    let joined = format!("{indent}{joined}");
    if is_of_text && joined.width() <= width {
        (*before, *last) = (rest.trim_end().to_owned(), joined);
    }
}

/// Fixes the spaces between the parentheses of short calls, such as `w(x = 1)`.
fn with_whole_calls(text: &str) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let (before, from) = rest.split_at(open);
        let inside = from.find(')').map_or("", |close| &from[..close]);
        let is_call = before.ends_with(in_word);
        let is_short = inside.chars().count() <= CALL && !inside.contains('\n');
        fixed.push_str(before);
        if is_call && is_short && !inside.is_empty() {
            fixed.push_str(&inside.replace(' ', FIXED_SPACE));
            rest = &from[inside.len()..];
        } else {
            fixed.push('(');
            rest = &from[1..];
        }
    }
    fixed + rest
}

/// Fixes the spaces between a number and its unit, such as `16 s`.
fn with_whole_quantities(text: &str) -> String {
    let mut fixed = String::with_capacity(text.len());
    for (n, word) in text.split(' ').enumerate() {
        let unit = word.trim_end_matches(|c: char| !c.is_alphabetic());
        let is_unit = UNITS.contains(&unit) && fixed.ends_with(|c: char| c.is_ascii_digit());
        match (n, is_unit) {
            (0, _) => {}
            (_, true) => fixed.push_str(FIXED_SPACE),
            (_, false) => fixed.push(' '),
        }
        fixed.push_str(word);
    }
    fixed
}

/// Fixes the spaces between the backquotes of short code, such as `counts = true`.
fn with_whole_code(text: &str) -> String {
    let mut fixed = String::with_capacity(text.len());
    for (n, piece) in text.split('`').enumerate() {
        if n > 0 {
            fixed.push('`');
        }
        let is_code = n % 2 == 1 && piece.chars().count() <= CALL && !piece.contains('\n');
        match is_code {
            true => fixed.push_str(&piece.replace(' ', FIXED_SPACE)),
            false => fixed.push_str(piece),
        }
    }
    fixed
}

/// Draws the blocks of a text, with blank lines between paragraphs.
pub fn prose(text: &Text, width: usize, look: &Look, role: Role) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut after_entry = false;
    for (i, block) in text.blocks().into_iter().enumerate() {
        let (wrapped, entry) = match block {
            Block::Code(text) => (
                text.lines().flat_map(|line| cut(line, width)).collect(),
                false,
            ),
            Block::Paragraph(text) => (
                without_lone_word(width, |width| wrap(&text, width, 0)),
                false,
            ),
            Block::Entry { mark, text } => {
                (wrap(&format!("{mark} {text}"), width, mark.len() + 1), true)
            }
        };
        if i > 0 && !(entry && after_entry) {
            lines.push(Line::default());
        }
        lines.extend(wrapped.into_iter().map(|line| look.line(line, role)));
        after_entry = entry;
    }
    lines
}

/// Cuts a line of code at the edge of the column, indented by two spaces.
fn cut(line: &str, width: usize) -> Vec<String> {
    let columns = width.saturating_sub(2).max(1);
    let letters: Vec<&str> = line.graphemes(true).collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < letters.len() || pieces.is_empty() {
        let mut used = 0;
        let fitting = letters[start..].iter().take_while(|letter| {
            used += letter.width();
            used <= columns
        });
        let most = (start + fitting.count().max(1)).min(letters.len());
        let joins =
            |at: usize| letters[at - 1].ends_with(in_word) && letters[at].starts_with(in_word);
        let is_blank = |at: usize| letters[at].trim().is_empty();
        let end = break_at(start, most, letters.len(), joins, is_blank);
        pieces.push(format!("  {}", letters[start..end].concat()));
        start = end;
    }
    pieces
}

/// Returns true for a character of a name or of a number.
fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// Returns where a line of code is broken that has room for the letters from `start` to `most`: after the last blank,
/// or before the name or number at the edge, unless that leaves more than half of the line empty.
///
/// `joins` returns true if the letters before and after a position belong to the same word.
fn break_at(
    start: usize,
    most: usize,
    all: usize,
    joins: impl Fn(usize) -> bool,
    is_blank: impl Fn(usize) -> bool,
) -> usize {
    if most >= all {
        return all;
    }
    if is_blank(most) {
        return most;
    }
    let least = start + (most - start).div_ceil(2);
    let begins = (start..most).find(|at| !is_blank(*at)).unwrap_or(most);
    let after_blank = (least.max(begins + 1)..=most)
        .rev()
        .find(|at| is_blank(at - 1) && !is_blank(*at));
    if let Some(at) = after_blank {
        return at;
    }
    let whole = (least..=most).rev().find(|at| *at > 0 && !joins(*at));
    whole.unwrap_or(most)
}

/// Draws a label and a wrapped text after it, with all lines of the text indented equally.
pub fn labelled(
    label: &str,
    text: &str,
    width: usize,
    look: &Look,
    role: Role,
) -> Vec<Line<'static>> {
    let indent = label.width() + 1;
    let lines = wrap(text, width.saturating_sub(indent).max(8), 0);
    let margin = " ".repeat(indent);
    lines
        .into_iter()
        .enumerate()
        .map(|(i, line)| {
            let lead = if i == 0 {
                look.span(format!("{label} "), Role::Dim)
            } else {
                Span::raw(margin.clone())
            };
            Line::from(vec![lead, look.span(line, role)])
        })
        .collect()
}

/// Returns the keywords of the languages in listings.
#[rustfmt::skip] // The words of a language read as one list.
fn keywords(language: &str) -> &'static [&'static str] {
    match language {
        "python" => &[
            "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif",
            "else", "except", "False", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
            "match", "None", "nonlocal", "not", "or", "pass", "raise", "return", "True", "try", "while", "with",
            "yield",
        ],
        "go" => &[
            "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "false", "for",
            "func", "go", "goto", "if", "import", "interface", "map", "nil", "package", "range", "return", "select",
            "struct", "switch", "true", "type", "var",
        ],
        "rust" => &[
            "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "false", "fn", "for", "if",
            "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self",
            "static", "struct", "trait", "true", "type", "unsafe", "use", "where", "while",
        ],
        "java" | "kotlin" | "csharp" | "c" | "cpp" | "c++" => &[
            "abstract", "boolean", "break", "case", "catch", "char", "class", "const", "continue", "default", "do",
            "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "fun", "if",
            "implements", "import", "instanceof", "int", "interface", "long", "new", "null", "package", "private",
            "protected", "public", "record", "return", "static", "struct", "super", "switch", "synchronized", "this",
            "throw", "throws", "true", "try", "val", "var", "void", "volatile", "when", "while",
        ],
        "javascript" | "typescript" | "js" | "ts" => &[
            "async", "await", "break", "case", "catch", "class", "const", "continue", "default", "delete", "do",
            "else", "export", "extends", "false", "finally", "for", "function", "if", "import", "in", "instanceof",
            "interface", "let", "new", "null", "return", "switch", "this", "throw", "true", "try", "type", "typeof",
            "undefined", "var", "void", "while", "yield",
        ],
        "sql" => &[
            "ALTER", "AND", "AS", "ASC", "BEGIN", "BETWEEN", "BY", "CASE", "COMMIT", "CREATE", "DELETE", "DESC",
            "DISTINCT", "DO", "ELSE", "END", "EXISTS", "FOR", "FROM", "GROUP", "HAVING", "IN", "INDEX", "INNER",
            "INSERT", "INTO", "IS", "JOIN", "KEY", "LEFT", "LIMIT", "NOT", "NULL", "ON", "OR", "ORDER", "PRIMARY",
            "REFERENCES", "RETURNING", "ROLLBACK", "SELECT", "SET", "TABLE", "THEN", "UNION", "UNIQUE", "UPDATE",
            "USING", "VALUES", "WHEN", "WHERE", "WITH",
        ],
        "bash" | "sh" | "shell" => &[
            "case", "do", "done", "elif", "else", "esac", "export", "fi", "for", "function", "if", "in", "local",
            "return", "then", "until", "while",
        ],
        "yaml" | "json" | "hcl" | "toml" => &["false", "null", "true"],
        "text" | "http" => &[],
        // Words that mean the same in most languages, and are rarely names.
        _ => &[
            "async", "await", "break", "case", "catch", "class", "const", "continue", "def", "else", "finally", "fn",
            "for", "func", "function", "if", "import", "let", "match", "null", "return", "struct", "switch", "throw",
            "try", "var", "void", "while", "yield",
        ],
    }
}

/// Draws a code listing; lines that are too long continue after a mark, with the indent of their first piece.
pub fn code(code: &Code, width: usize, look: &Look) -> Vec<Line<'static>> {
    let bar = look.theme.mark("│ ", "| ");
    let on = look.theme.mark("↪ ", "> ");
    let room = width.saturating_sub(2).max(8);
    let runs = code.runs();
    let mut lines = Vec::new();
    for (n, line) in code.lines().into_iter().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let styled = match &runs {
            Some(runs) => figure::spans(&runs[n], look),
            None => highlight(&line, code.language.as_str(), look),
        };
        let indent = indent(code, &chars).min(room / 2);
        let on = format!(
            "{on}{}",
            " ".repeat(indent.saturating_sub(on.chars().count()))
        );
        let mut start = 0;
        loop {
            let lead = if start == 0 { "" } else { &on };
            let most = (start + room - lead.chars().count()).min(chars.len());
            let joins = |at: usize| in_word(chars[at - 1]) && in_word(chars[at]);
            let is_blank = |at: usize| chars[at].is_whitespace();
            let end = break_at(start, most, chars.len(), joins, is_blank);
            let mut spans = vec![
                look.span(bar, Role::Dim),
                look.span(lead.to_owned(), Role::Dim),
            ];
            spans.extend(slice(&styled, start, end));
            lines.push(Line::from(spans));
            start = end;
            if start >= chars.len() {
                break;
            }
        }
    }
    lines
}

/// Returns the columns before the text of a line: those of its number and its indent.
fn indent(code: &Code, line: &[char]) -> usize {
    let is_number = |c: &&char| code.numbers && c.is_ascii_digit();
    let blanks = |from: usize| line[from..].iter().take_while(|c| **c == ' ').count();
    let before = blanks(0);
    let number = line[before..].iter().take_while(is_number).count();
    before + number + blanks(before + number)
}

/// Returns the part of styled text between two positions, in characters.
fn slice(spans: &[Span<'static>], start: usize, end: usize) -> Vec<Span<'static>> {
    let mut at = 0;
    let mut sliced = Vec::new();
    for span in spans {
        let count = span.content.chars().count();
        let (from, to) = (start.max(at), end.min(at + count));
        if from < to {
            let piece: String = span
                .content
                .chars()
                .skip(from - at)
                .take(to - from)
                .collect();
            sliced.push(Span::styled(piece, span.style));
        }
        at += count;
    }
    sliced
}

/// Highlights the keywords of a language, and strings and comments with rules that work for most languages.
fn highlight(line: &str, language: &str, look: &Look) -> Vec<Span<'static>> {
    let (body, comment) = match line
        .find("//")
        .or_else(|| line.find(" #"))
        .or_else(|| line.find("-- "))
    {
        Some(at) => line.split_at(at),
        None => (line, ""),
    };
    let keywords = keywords(language);
    let is_keyword = |word: &str| match language {
        "sql" => keywords.contains(&word.to_ascii_uppercase().as_str()),
        _ => keywords.contains(&word),
    };
    let mut spans = Vec::new();
    let mut word = String::new();
    let mut quoted = None;
    let mut flush = |word: &mut String, quoted: bool| {
        if !word.is_empty() {
            let role = if quoted {
                Role::Good
            } else if is_keyword(word) {
                Role::Keyword
            } else {
                Role::Code
            };
            spans.push(look.span(std::mem::take(word), role));
        }
    };
    for c in body.chars() {
        match quoted {
            Some(quote) => {
                word.push(c);
                if c == quote {
                    flush(&mut word, true);
                    quoted = None;
                }
            }
            None if c == '"' || c == '`' => {
                flush(&mut word, false);
                word.push(c);
                quoted = Some(c);
            }
            None if c.is_alphanumeric() || c == '_' => word.push(c),
            None => {
                flush(&mut word, false);
                word.push(c);
                flush(&mut word, false);
            }
        }
    }
    flush(&mut word, quoted.is_some());
    if !comment.is_empty() {
        spans.push(look.span(comment, Role::Dim));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{cut, keywords, wrap};

    #[test]
    fn each_language_has_keywords_of_its_own() {
        let is_keyword = |language, word| keywords(language).contains(&word);
        assert!(is_keyword("python", "from") && is_keyword("python", "raise"));
        assert!(!is_keyword("go", "from") && is_keyword("go", "range"));
    }

    #[test]
    fn lines_break_before_a_call_and_not_inside_it() {
        assert_eq!(
            wrap("T1 runs w(x = 1) then", 12, 0),
            ["T1 runs", "w(x = 1)", "then"]
        );
        assert_eq!(
            wrap("two (or more) nodes", 8, 0),
            ["two (or", "more)", "nodes"]
        );
        assert_eq!(wrap("f(", 8, 0), ["f("]);
        assert_eq!(
            wrap("form code QCZ-E9J.2", 14, 0),
            ["form code", "QCZ-E9J.2"]
        );
        assert_eq!(
            wrap("it waits for 16 s, or 8 s.", 15, 0),
            ["it waits for", "16 s, or 8 s."]
        );
        assert_eq!(
            wrap("one two three", 8, 2),
            ["one two", "  three"],
            "it can spare none"
        );
        assert_eq!(wrap("one two of ten", 11, 2), ["one two", "  of ten"]);
        assert_eq!(wrap("one two of\nten", 11, 0), ["one two of", "ten"]);
        assert_eq!(wrap("one two of-ten", 11, 0), ["one two of-", "ten"]);
        assert_eq!(
            wrap("a deck with `counts = true` counts", 20, 0),
            ["a deck with", "`counts = true`", "counts"]
        );
    }

    #[test]
    fn code_breaks_before_a_name_or_number() {
        assert_eq!(
            cut("total = balance + 12345", 22),
            ["  total = balance + ", "  12345"]
        );
        assert_eq!(
            cut("log.warning(\"order %s: %s\", id)", 28),
            ["  log.warning(\"order %s: ", "  %s\", id)"]
        );
        assert_eq!(
            cut("if a.is_empty() {", 17),
            ["  if a.is_empty()", "   {"],
            "the words fit"
        );
        assert_eq!(
            cut("aaaaaaaaaa", 6),
            ["  aaaa", "  aaaa", "  aa"],
            "no better place"
        );
        assert_eq!(cut("", 6), ["  "]);
    }
}
