//! Clean text. Decks, files and people are untrusted, so their text is converted to [`Text`], which can't contain
//! anything that moves the cursor, changes the reading direction or is invisible.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The maximum number of combining marks on a character; real writing needs at most four.
const MARKS: usize = 4;
/// The replacement for a tab.
const TAB: &str = "    ";
/// The line that begins and ends a block of code.
const FENCE: &str = "```";

/// Text that is safe to display: NFC, with newlines as the only control character, at most four combining marks per
/// character, and no format characters except the joiners that emoji and some scripts need.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(Box<str>);

impl Text {
    pub fn new(raw: &str) -> Self {
        Self::counting(raw).0
    }

    /// Returns the clean text and the number of removed characters.
    pub fn counting(raw: &str) -> (Self, usize) {
        if raw
            .bytes()
            .all(|b| (b' '..=b'~').contains(&b) || b == b'\n')
        {
            return (Self(raw.into()), 0);
        }
        let mut clean = String::with_capacity(raw.len());
        let mut dropped = 0;
        let mut marks = 0;
        let mut before = None;
        let mut rest = raw.nfc().peekable();
        while let Some(c) = rest.next() {
            marks = if is_combining_mark(c) { marks + 1 } else { 0 };
            match c {
                '\n' => clean.push('\n'),
                '\t' => clean.push_str(TAB),
                '\r' if rest.peek() == Some(&'\n') => {}
                '\u{200c}' | '\u{200d}' if joins(c, before, rest.peek().copied()) => clean.push(c),
                _ if marks > MARKS || is_hostile(c) => dropped += 1,
                _ => clean.push(c),
            }
            before = Some(c);
        }
        (Self(clean.into()), dropped)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text as blocks for a column of any width.
    ///
    /// A blank line ends a paragraph, and single newlines inside one are spaces. Lines that begin with `- `, `* ` or a
    /// number and a dot are list entries. Lines between two fences of three backquotes, and those that begin a block
    /// with four spaces, are code.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut open = false;
        let mut lines = self.0.lines().peekable();
        while let Some(line) = lines.next() {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                open = false;
            } else if trimmed.starts_with(FENCE) {
                let code: Vec<&str> = lines
                    .by_ref()
                    .take_while(|line| line.trim() != FENCE)
                    .collect();
                blocks.push(Block::Code(code.join("\n")));
                open = false;
            } else if let (false, Some(first)) = (open, line.strip_prefix(TAB)) {
                let mut code = vec![first];
                while let Some(line) =
                    lines.next_if(|line| line.starts_with(TAB) || line.trim().is_empty())
                {
                    code.push(line.get(TAB.len()..).unwrap_or_default());
                }
                blocks.push(Block::Code(code.join("\n").trim_end().to_owned()));
            } else if let Some((mark, text)) = list_entry(trimmed) {
                blocks.push(Block::Entry {
                    mark,
                    text: text.to_owned(),
                });
                open = true;
            } else if open
                && let Some(Block::Paragraph(text) | Block::Entry { text, .. }) = blocks.last_mut()
            {
                text.push(' ');
                text.push_str(trimmed);
            } else {
                blocks.push(Block::Paragraph(trimmed.to_owned()));
                open = true;
            }
        }
        blocks
    }

    /// Returns the text on one line.
    pub fn line(&self) -> String {
        self.0.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A piece of running text that is wrapped as a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    Paragraph(String),
    Entry {
        mark: &'a str,
        text: String,
    },
    /// Code, with its lines and spaces unchanged.
    Code(String),
}

fn list_entry(line: &str) -> Option<(&str, &str)> {
    let (mark, text) = line.split_once(' ')?;
    let bullet = matches!(mark, "-" | "*");
    let number = mark
        .strip_suffix('.')
        .is_some_and(|n| n.len() <= 2 && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    (bullet || number).then_some((mark, text.trim_start()))
}

/// Returns true if the joiner is valid here: between pictographs, or between letters of a script that joins.
fn joins(joiner: char, before: Option<char>, after: Option<char>) -> bool {
    let pictograph =
        |c: char| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    (joiner == '\u{200d}' && pictograph(before) && pictograph(after))
        || (is_joining(before) && is_joining(after))
}

/// Returns true if the character belongs to a script in which joiners change letters: Arabic and related scripts, the
/// scripts of India and its neighbours, Khmer, Mongolian.
fn is_joining(c: char) -> bool {
    let in_script = matches!(c,
        '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
            | '\u{a8e0}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{114df}');
    in_script && (c.is_alphabetic() || is_combining_mark(c)) && !is_hostile(c)
}

/// Returns true for control and format characters (Cc, Cf), line and paragraph separators, variation selectors other
/// than the two used by emoji, private use characters and non-characters.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::new(&String::deserialize(from)?))
    }
}

/// Wraps a paragraph with `wrap`, in lines that are a little narrower than `width` if the last line would be a single
/// word otherwise. The paragraph never gets longer.
pub fn without_lone_word(width: usize, wrap: impl Fn(usize) -> Vec<String>) -> Vec<String> {
    let lines = wrap(width);
    let ends_alone = |lines: &[String]| {
        lines.len() > 1 && lines.last().is_some_and(|last| !last.trim().contains(' '))
    };
    if !ends_alone(&lines) {
        return lines;
    }
    (width * 3 / 4..width)
        .rev()
        .map(wrap)
        .find(|narrower| narrower.len() == lines.len() && !ends_alone(narrower))
        .unwrap_or(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_overrides_and_tags_never_survive() {
        let (text, dropped) =
            Text::counting("a\u{1b}[31mred\u{202e}x\u{200b}\u{e0041}\u{2028}b\u{9b}2J");
        assert_eq!(text.as_str(), "a[31mredxb2J");
        assert_eq!(dropped, 6);
    }

    #[test]
    fn newlines_stay_tabs_widen_and_marks_are_cut_at_four() {
        assert_eq!(Text::new("a\r\n\tb").as_str(), "a\n    b");
        let piled = format!("e{}", "\u{316}".repeat(2000));
        assert_eq!(Text::new(&piled).as_str().chars().count(), 5);
    }

    #[test]
    fn a_joiner_stays_inside_emoji_only() {
        assert_eq!(
            Text::new("\u{1f469}\u{200d}\u{1f4bb}").as_str(),
            "\u{1f469}\u{200d}\u{1f4bb}"
        );
        assert_eq!(Text::new("a\u{200d}b").as_str(), "ab");
    }

    #[test]
    fn joiners_stay_between_letters_that_join() {
        for text in [
            "\u{645}\u{6cc}\u{200c}\u{631}\u{648}\u{62f}",
            "\u{915}\u{94d}\u{200d}\u{937}",
        ] {
            assert_eq!(Text::new(text).as_str(), text);
        }
        for text in [
            "a\u{200c}\u{645}",
            "\u{645}\u{200c}",
            "\u{645}\u{200c}\u{200c}\u{645}",
            "\u{645}\u{200c}\u{601}",
        ] {
            assert!(!Text::new(text).as_str().contains('\u{200c}'), "{text:?}");
        }
    }

    #[test]
    fn code_keeps_its_lines() {
        let text =
            Text::new("Look:\n```go\nif x {\n    y()\n}\n```\nand at\n\n    a b\n\n      c\n\nend");
        let code = |text: &str| Block::Code(text.into());
        let expected = [
            Block::Paragraph("Look:".into()),
            code("if x {\n    y()\n}"),
            Block::Paragraph("and at".into()),
            code("a b\n\n  c"),
            Block::Paragraph("end".into()),
        ];
        assert_eq!(text.blocks(), expected);
        assert_eq!(
            Text::new("```\nnever closed").blocks(),
            [code("never closed")]
        );
    }

    #[test]
    fn paragraphs_join_their_lines_and_lists_keep_theirs() {
        let text = Text::new("one\ntwo\n\n- a\n  more\n- b\n1. c\n\nend");
        let entry = |mark, text: &str| Block::Entry {
            mark,
            text: text.into(),
        };
        let expected = [
            Block::Paragraph("one two".into()),
            entry("-", "a more"),
            entry("-", "b"),
            entry("1.", "c"),
            Block::Paragraph("end".into()),
        ];
        assert_eq!(text.blocks(), expected);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(raw in any::<String>()) {
            let once = Text::new(&raw);
            prop_assert_eq!(Text::new(once.as_str()), once);
        }

        #[test]
        fn nothing_that_controls_a_terminal_is_left(raw in any::<String>()) {
            prop_assert!(Text::new(&raw).as_str().chars().all(|c| c == '\n' || !c.is_control()));
        }
    }

    #[test]
    fn a_paragraph_does_not_end_in_a_lone_word() {
        let greedy = |text: &'static str| {
            move |width: usize| {
                let mut lines = vec![String::new()];
                for word in text.split(' ') {
                    match lines.last_mut() {
                        Some(line) if line.is_empty() => line.push_str(word),
                        Some(line) if line.len() + 1 + word.len() <= width => {
                            line.push(' ');
                            line.push_str(word);
                        }
                        _ => lines.push(word.to_owned()),
                    }
                }
                lines
            }
        };
        let text = "A consumer takes a message and nothing fails.";
        assert_eq!(greedy(text)(38).last().unwrap(), "fails.");
        let lines = without_lone_word(38, greedy(text));
        assert_eq!(lines, ["A consumer takes a message and", "nothing fails."]);
        // Where only another line would help, the word stays alone.
        assert_eq!(without_lone_word(9, greedy("one two three")).len(), 2);
    }
}
