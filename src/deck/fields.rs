//! The parsed form of a TOML table: its keys with their typed values.

use std::ops::Range;

use serde_json::Value as Json;

use crate::core::instance::Setting;
use crate::core::text::Text;

/// A parsed table, with a value for every key that was present and valid.
#[derive(Debug, Default)]
pub struct Fields {
    /// The name of the table in messages, such as `option 2`.
    pub what: String,
    pub span: Range<usize>,
    /// A table has few keys, so that a search is faster than hashing.
    data: Vec<(&'static str, Range<usize>, FieldValue)>,
    /// The keys that are missing or whose values were refused.
    refused: Vec<&'static str>,
    /// True if the table has keys that the format doesn't know.
    pub has_unknown: bool,
}

/// The typed value of a key.
#[derive(Debug)]
pub enum FieldValue {
    Text(Text),
    Word(String),
    Words(Vec<(String, Range<usize>)>),
    Integer(i64),
    Number(f64),
    Numbers(Vec<f64>),
    Flag(bool),
    Pairs(Vec<([i64; 2], Range<usize>)>),
    Tables(Vec<Fields>),
    NamedNumbers(Vec<(String, f64)>),
    /// A part of a figure, as in its JSON form.
    Json(Json),
    Simulation(SimulationFields),
}

/// A simulation as written, with the position of each name and value.
#[derive(Clone, Debug, Default)]
pub struct SimulationFields {
    pub model: Option<(String, Range<usize>)>,
    pub ask: Option<(String, Range<usize>)>,
    /// The name of each bound, and its value.
    pub bounds: Vec<(String, Range<usize>, Setting, Range<usize>)>,
}

/// The getters return an empty value or `None` for a key that is missing or whose value was refused.
impl Fields {
    pub fn new(what: String, span: Range<usize>) -> Self {
        Self {
            what,
            span,
            data: Vec::new(),
            refused: Vec::new(),
            has_unknown: false,
        }
    }

    pub fn insert(&mut self, key: &'static str, span: Range<usize>, field_value: FieldValue) {
        self.data.push((key, span, field_value));
    }

    pub fn refuse(&mut self, key: &'static str) {
        self.refused.push(key);
    }

    /// Returns true if this table or a table in it has an error of its own, so that other errors may follow from it.
    pub fn is_broken(&self) -> bool {
        let is_broken = |value: &FieldValue| matches!(value, FieldValue::Tables(tables) if tables.iter().any(Fields::is_broken));
        self.has_unknown
            || !self.refused.is_empty()
            || self.data.iter().any(|(.., value)| is_broken(value))
    }

    /// Returns true if `key` is missing or its value was refused, which has been reported.
    pub fn is_refused(&self, key: &str) -> bool {
        self.refused.contains(&key)
    }

    /// Returns this table and all tables inside it.
    pub fn nested(&self) -> Vec<&Fields> {
        let inner = self.data.iter().filter_map(|(.., value)| match value {
            FieldValue::Tables(tables) => Some(tables),
            _ => None,
        });
        let mut nested: Vec<&Fields> = inner.flatten().flat_map(Fields::nested).collect();
        nested.push(self);
        nested.sort_by_key(|table| table.span.start);
        nested
    }

    /// Returns the parts of figures in this table with their positions, in the order of the file.
    pub fn jsons(&self) -> Vec<(Range<usize>, &Json)> {
        let values = self.data.iter().filter_map(|(_, span, value)| match value {
            FieldValue::Json(json) => Some((span.clone(), json)),
            _ => None,
        });
        let mut jsons: Vec<_> = values.collect();
        jsons.sort_by_key(|(span, _)| span.start);
        jsons
    }

    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &str) -> Option<&(&'static str, Range<usize>, FieldValue)> {
        self.data.iter().find(|(name, ..)| *name == key)
    }

    fn get(&self, key: &str) -> Option<&FieldValue> {
        self.find(key).map(|(.., value)| value)
    }

    /// Returns the position of the value of `key`, or of the whole table if the key is missing.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.find(key)
            .map_or_else(|| self.span.clone(), |(_, span, _)| span.clone())
    }

    pub fn text(&self, key: &str) -> Text {
        self.optional_text(key).unwrap_or_default()
    }

    pub fn optional_text(&self, key: &str) -> Option<Text> {
        match self.get(key)? {
            FieldValue::Text(text) => Some(text.clone()),
            FieldValue::Word(word) => Some(Text::new(word)),
            _ => None,
        }
    }

    /// Returns every text in this table and the tables in it: the table's name, the key, the position and the text.
    pub fn texts(&self) -> Vec<(&str, &'static str, Range<usize>, &str)> {
        let mut texts = Vec::new();
        for (key, span, value) in &self.data {
            match value {
                FieldValue::Text(text) => {
                    texts.push((self.what.as_str(), *key, span.clone(), text.as_str()));
                }
                FieldValue::Words(words) => {
                    texts.extend(words.iter().map(|(word, span)| {
                        (self.what.as_str(), *key, span.clone(), word.as_str())
                    }));
                }
                FieldValue::Tables(tables) => {
                    texts.extend(tables.iter().flat_map(Fields::texts));
                }
                _ => {}
            }
        }
        texts
    }

    pub fn word(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            FieldValue::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn words(&self, key: &str) -> &[(String, Range<usize>)] {
        match self.get(key) {
            Some(FieldValue::Words(words)) => words,
            _ => &[],
        }
    }

    pub fn integer(&self, key: &str) -> Option<i64> {
        match self.get(key)? {
            FieldValue::Integer(n) => Some(*n),
            _ => None,
        }
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            FieldValue::Number(n) => Some(*n),
            _ => None,
        }
    }

    pub fn numbers(&self, key: &str) -> &[f64] {
        match self.get(key) {
            Some(FieldValue::Numbers(numbers)) => numbers,
            _ => &[],
        }
    }

    pub fn flag(&self, key: &str) -> bool {
        matches!(self.get(key), Some(FieldValue::Flag(true)))
    }

    pub fn pairs(&self, key: &str) -> &[([i64; 2], Range<usize>)] {
        match self.get(key) {
            Some(FieldValue::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }

    pub fn tables(&self, key: &str) -> &[Fields] {
        match self.get(key) {
            Some(FieldValue::Tables(tables)) => tables,
            _ => &[],
        }
    }

    pub fn table(&self, key: &str) -> Option<&Fields> {
        self.tables(key).first()
    }

    /// Returns a part of a figure in its JSON form.
    pub fn json(&self, key: &str) -> Option<&Json> {
        match self.get(key)? {
            FieldValue::Json(json) => Some(json),
            _ => None,
        }
    }

    pub fn simulation(&self) -> Option<&SimulationFields> {
        match self.get("simulation")? {
            FieldValue::Simulation(simulation) => Some(simulation),
            _ => None,
        }
    }

    pub fn named_numbers(&self, key: &str) -> Option<&[(String, f64)]> {
        match self.get(key)? {
            FieldValue::NamedNumbers(numbers) => Some(numbers),
            _ => None,
        }
    }
}
