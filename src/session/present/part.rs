//! The parts of a presented question.

use super::revealed::Rating;
use crate::core::figure::Figure;
use crate::core::question::Code;
use crate::core::text::Text;

/// A part of a presented question. Writers draw the parts in order and need no other knowledge of the question type.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Running text.
    Prose(Text),
    Listing(Code),
    Figure(Figure),
    /// The lead-in: the sentence that asks the question.
    LeadIn(Text),
    /// A remark, such as the rule for answering.
    Aside(String),
    Heading(&'static str),
    Entry(Entry),
    Labelled(&'static str, Text),
    Source(Text),
    /// A criterion of an open question, with its index in the rubric.
    Criterion(usize, Rating),
}

/// An option, step, pair or value: its text, how it was answered, and why it is right or wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The letter or number before it; may be empty.
    pub lead: String,
    pub text: Text,
    pub mark: Mark,
    /// The meaning of the mark, such as `your answer, right`; may be empty.
    pub word: String,
    /// Notes under it, each with a label that may be empty.
    pub notes: Vec<(&'static str, Text)>,
}

impl Entry {
    /// Creates an entry without a mark.
    pub(super) fn plain(lead: impl ToString, text: &Text) -> Part {
        Part::Entry(Self {
            lead: lead.to_string(),
            text: text.clone(),
            ..Self::default()
        })
    }
}

/// A sign beside an entry or a verdict. A word with the same meaning always accompanies it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    Right,
    Partly,
    Wrong,
    /// Answered, but not scored by the program.
    Given,
    Blank,
    Unseen,
}

impl Mark {
    /// Returns the sign in Unicode and in ASCII.
    pub fn signs(self) -> (&'static str, &'static str) {
        match self {
            Mark::None => (" ", " "),
            Mark::Right => ("✓", "+"),
            Mark::Partly => ("◐", "~"),
            Mark::Wrong => ("✗", "x"),
            Mark::Given => ("●", "*"),
            Mark::Blank => ("○", "o"),
            Mark::Unseen => ("·", "."),
        }
    }

    /// Returns the mark of an answer, or none if it has no verdict.
    pub(super) fn of(is_right: Option<bool>) -> Self {
        match is_right {
            Some(true) => Mark::Right,
            Some(false) => Mark::Wrong,
            None => Mark::None,
        }
    }
}
