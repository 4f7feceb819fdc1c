//! A table that was read, and what its keys hold.

use std::collections::HashMap;
use std::ops::Range;

use crate::core::text::Text;

/// A table that was read: a datum for every key that was there and right.
#[derive(Debug, Default)]
pub struct Fields {
    /// What it is in a message, such as `option 2`.
    pub what: String,
    pub span: Range<usize>,
    data: HashMap<&'static str, (Range<usize>, Datum)>,
    /// Keys that are there, with a value that was refused.
    refused: Vec<&'static str>,
}

/// What a key can hold.
#[derive(Debug)]
pub enum Datum {
    Text(Text),
    Word(String),
    Words(Vec<(String, Range<usize>)>),
    Integer(i64),
    Number(f64),
    Numbers(Vec<f64>),
    Flag(bool),
    Pairs(Vec<([i64; 2], Range<usize>)>),
    Tables(Vec<Fields>),
    Figures(Vec<(String, f64)>),
}

/// What a key holds, or nothing (an empty text, no tables) where it is missing or was refused.
impl Fields {
    pub fn new(what: String, span: Range<usize>) -> Self {
        Self { what, span, data: HashMap::new(), refused: Vec::new() }
    }

    pub fn insert(&mut self, key: &'static str, span: Range<usize>, datum: Datum) {
        self.data.insert(key, (span, datum));
    }

    pub fn refuse(&mut self, key: &'static str) {
        self.refused.push(key);
    }

    /// Returns whether the value of `key` was refused, so that nothing follows from its absence.
    pub fn is_refused(&self, key: &str) -> bool {
        self.refused.contains(&key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.data.contains_key(key)
    }

    /// Where the value of `key` stands, or the table itself if it has no such key.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.data.get(key).map_or_else(|| self.span.clone(), |(span, _)| span.clone())
    }

    pub fn text(&self, key: &str) -> Text {
        self.optional_text(key).unwrap_or_default()
    }

    pub fn optional_text(&self, key: &str) -> Option<Text> {
        match self.data.get(key)? {
            (_, Datum::Text(text)) => Some(text.clone()),
            (_, Datum::Word(word)) => Some(Text::new(word)),
            _ => None,
        }
    }

    pub fn word(&self, key: &str) -> Option<&str> {
        match self.data.get(key)? {
            (_, Datum::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub fn words(&self, key: &str) -> &[(String, Range<usize>)] {
        match self.data.get(key) {
            Some((_, Datum::Words(words))) => words,
            _ => &[],
        }
    }

    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.data.get(key)? {
            (_, Datum::Integer(n)) => Some(*n),
            _ => None,
        }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        match self.data.get(key)? {
            (_, Datum::Number(n)) => Some(*n),
            _ => None,
        }
    }

    pub fn numbers(&self, key: &str) -> &[f64] {
        match self.data.get(key) {
            Some((_, Datum::Numbers(numbers))) => numbers,
            _ => &[],
        }
    }

    pub fn flag(&self, key: &str) -> bool {
        matches!(self.data.get(key), Some((_, Datum::Flag(true))))
    }

    pub fn pairs(&self, key: &str) -> &[([i64; 2], Range<usize>)] {
        match self.data.get(key) {
            Some((_, Datum::Pairs(pairs))) => pairs,
            _ => &[],
        }
    }

    pub fn tables(&self, key: &str) -> &[Fields] {
        match self.data.get(key) {
            Some((_, Datum::Tables(tables))) => tables,
            _ => &[],
        }
    }

    pub fn table(&self, key: &str) -> Option<&Fields> {
        self.tables(key).first()
    }

    pub fn figures(&self, key: &str) -> Option<&[(String, f64)]> {
        match self.data.get(key)? {
            (_, Datum::Figures(figures)) => Some(figures),
            _ => None,
        }
    }
}
