//! A presented question in lines of text, before any of them is wrapped.

use super::part::{Entry, Mark, Part};
use crate::core::figure::Figure;
use crate::core::question::Code;
use crate::core::text::{Block, Text};

/// A line of text of any length.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A separator before a new block.
    Blank,
    /// Text after a lead such as `a) `; continuation lines are indented by its width.
    Text {
        lead: String,
        text: String,
    },
    /// Text that belongs to the entry above it, with the entry's mark.
    Beneath {
        mark: Mark,
        text: String,
    },
    Listing(Code),
    Figure(Box<Figure>),
}

impl Line {
    fn text(text: impl Into<String>) -> Self {
        Line::Text {
            lead: String::new(),
            text: text.into(),
        }
    }
}

/// Returns the lines of these parts.
pub fn lines(parts: &[Part]) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in parts {
        match part {
            Part::Prose(text) => prose(text, &mut lines),
            Part::Listing(code) => lines.extend([Line::Blank, Line::Listing(code.clone())]),
            Part::Figure(figure) => {
                lines.extend([Line::Blank, Line::Figure(Box::new(figure.clone()))]);
            }
            Part::LeadIn(text) => {
                lines.push(Line::Blank);
                prose(text, &mut lines);
            }
            Part::Aside(text) => lines.push(Line::text(text.clone())),
            Part::Heading(words) => lines.extend([Line::Blank, Line::text(format!("{words}:"))]),
            Part::Entry(line) => entry(line, &mut lines),
            Part::Labelled(label, text) => {
                lines.extend([Line::Blank, Line::text(format!("{label}: {}", text.line()))]);
            }
            Part::Source(text) => lines.push(Line::Text {
                lead: "- ".to_owned(),
                text: text.line(),
            }),
            Part::Criterion(_, rating) => {
                let (criterion, evidence) = (rating.criterion.line(), rating.evidence.line());
                let text = format!("{criterion} ({}). Look for: {evidence}", rating.given());
                lines.push(Line::Text {
                    lead: "- ".to_owned(),
                    text,
                });
            }
        }
    }
    lines
}

fn prose(text: &Text, lines: &mut Vec<Line>) {
    for (n, block) in text.blocks().into_iter().enumerate() {
        match block {
            Block::Paragraph(text) => {
                lines.extend((n > 0).then_some(Line::Blank));
                lines.push(Line::text(text));
            }
            Block::Entry { mark, text } => lines.push(Line::Text {
                lead: format!("{mark} "),
                text,
            }),
            Block::Code(text) => {
                let code = Code {
                    language: Text::default(),
                    text: Text::new(&text),
                    numbers: false,
                };
                lines.extend([Line::Blank, Line::Listing(code)]);
            }
        }
    }
}

fn entry(entry: &Entry, lines: &mut Vec<Line>) {
    let lead = if entry.lead.is_empty() {
        String::new()
    } else {
        format!("{}) ", entry.lead)
    };
    lines.push(Line::Text {
        lead,
        text: entry.text.line(),
    });
    lines.extend(
        entry
            .beneath()
            .into_iter()
            .map(|(mark, text)| Line::Beneath { mark, text }),
    );
}

impl Entry {
    /// Returns the lines under the entry: its word with the reason, then the other notes. Only the first line has the
    /// mark.
    pub fn beneath(&self) -> Vec<(Mark, String)> {
        let mut notes = self.notes.iter();
        let mut lines = Vec::new();
        let word = capitalized(&self.word);
        if !word.is_empty() {
            let reason = match self.notes.first() {
                Some(("", why)) => notes
                    .next()
                    .map(|_| format!(" {}", why.line()))
                    .unwrap_or_default(),
                _ => String::new(),
            };
            lines.push((self.mark, format!("{word}.{reason}")));
        }
        lines.extend(notes.map(|(label, text)| {
            let text = text.line();
            (
                Mark::None,
                if label.is_empty() {
                    text
                } else {
                    format!("{label}: {text}")
                },
            )
        }));
        if word.is_empty()
            && self.mark != Mark::None
            && let Some((mark, _)) = lines.first_mut()
        {
            *mark = self.mark;
        }
        lines
    }
}

pub(super) fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
