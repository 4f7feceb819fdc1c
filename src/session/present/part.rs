//! The pieces that a presented question consists of.

use super::revealed::Rating;
use crate::core::question::Code;
use crate::core::text::Text;

/// A piece of a presented question. Writers draw them in order and need to know nothing else about its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Running text.
    Prose(Text),
    Listing(Code),
    /// The closed question itself.
    LeadIn(Text),
    /// Something said beside the rest, such as how a question is answered.
    Aside(String),
    Heading(&'static str),
    Entry(Entry),
    Labelled(&'static str, Text),
    Source(Text),
    /// A criterion of an open question, by its place in the rubric.
    Criterion(usize, Rating),
}

/// An option, step, pair or value: what it says, how it was answered, and why it is right or wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The letter or number before it; empty where it has none.
    pub lead: String,
    pub text: Text,
    pub mark: Mark,
    /// What the mark means, such as `your answer, right`; empty where nothing is to be said.
    pub word: String,
    /// What is said beneath it, each with a label that may be empty.
    pub notes: Vec<(&'static str, Text)>,
}

impl Entry {
    /// Creates an entry that says nothing about right or wrong.
    pub(super) fn plain(lead: impl ToString, text: &Text) -> Part {
        Part::Entry(Self { lead: lead.to_string(), text: text.clone(), ..Self::default() })
    }
}

/// A sign beside an entry or a verdict. It never stands alone: a word always says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    Right,
    Partly,
    Wrong,
    /// Answered, and not for the program to judge.
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

    pub(super) fn of(is_right: Option<bool>) -> Self {
        match is_right {
            Some(true) => Mark::Right,
            Some(false) => Mark::Wrong,
            None => Mark::None,
        }
    }
}
