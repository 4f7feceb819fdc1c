//! What stands in a scenario's file.

use std::collections::BTreeMap;

use aethos::core::time::{Millis, parse_span};
use aethos::session::Event;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// What the scenario is there to show.
    pub shows: String,
    /// Time limit before the multiplier; none is untimed.
    pub limit: Option<Span>,
    #[serde(default = "one")]
    pub multiplier: f64,
    /// Competencies in their order, with their weights.
    #[serde(default = "consistency")]
    pub blueprint: Vec<(String, u32)>,
    pub question: Vec<Asked>,
    /// The session begins with the first question and grows by the others, up to so many.
    pub adaptive: Option<usize>,
    /// The questions are the queue of practice, and the limit its minutes.
    #[serde(default)]
    pub practice: bool,
    pub script: Vec<(Span, Deed)>,
    /// How things stand after the script.
    #[serde(default)]
    pub end: Standing,
    pub result: Option<Outcome>,
}

fn one() -> f64 {
    1.0
}

fn consistency() -> Vec<(String, u32)> {
    vec![("consistency".to_owned(), 100)]
}

fn yes() -> bool {
    true
}

/// `1m30s`, or `0s`; a moment is counted from the start of the story.
#[derive(Clone, Copy, Debug)]
pub struct Span(pub Millis);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match String::deserialize(from)?.as_str() {
            "0s" => Ok(Self(Millis::ZERO)),
            text => parse_span(text).map(Self).map_err(serde::de::Error::custom),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The first one where none is named.
    pub competency: Option<String>,
    #[serde(default = "yes")]
    pub fresh: bool,
    pub asks: Asks,
}

/// A question without its words.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Asks {
    /// The credit of each option.
    Single(Vec<f64>),
    /// 1 for a key, 0 for a distractor.
    Multiple(Vec<f64>),
    /// So many steps, in their right order.
    Ordering(usize),
    /// For each left entry the place of its right one, and how many right ones there are.
    Matching { left: Vec<u8>, right: usize },
    /// The right number.
    Numeric(f64),
    /// The points of each criterion.
    Open(Vec<u32>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deed {
    /// Keys by name, one after the other.
    Keys(String),
    /// A key for each character.
    Types(String),
    /// How things must stand now.
    Is(Box<Standing>),
    /// An event that did not come from a key; it has to be accepted.
    Event(Event),
    /// An event that has to be refused, and the words.
    Refuses(Event, String),
    /// The machine slept since the step before.
    Slept,
    /// The process was stopped since the step before, and is told that it goes on.
    Stopped,
    /// The process is gone without a word.
    Killed,
    /// The next process goes on with what the first one saved.
    Resumed,
    /// Somebody set the wall clock, by so many seconds.
    WallSet(i64),
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Standing {
    pub phase: Option<String>,
    /// Number of the question on the screen, from 1.
    pub question: Option<usize>,
    pub answered: Option<usize>,
    pub spent: Option<Span>,
    pub remaining: Option<Span>,
    /// There is no clock that runs down.
    pub unlimited: bool,
    /// The warning in the status line; empty for none.
    pub warning: Option<String>,
    pub gaps: Option<Vec<Span>>,
    /// What the status line says of the last key.
    pub told: Option<String>,
    /// How an adaptive session came to its end.
    pub ending: Option<String>,
    /// What practice asked so far, by the numbers of the questions.
    pub asked: Option<Vec<usize>>,
    /// How each of them was graded; empty for none.
    pub grades: Option<Vec<String>>,
    /// Why questions are disputed, by their places in the session from 1.
    pub disputed: Option<BTreeMap<String, String>>,
    /// Questions that practice comes to.
    pub most: Option<usize>,
    /// Words that stand on the screen.
    pub screen: Option<String>,
    /// Words that do not.
    pub hidden: Option<String>,
    /// Time for which each question was on the screen.
    pub shown: Option<Vec<Span>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Outcome {
    pub statuses: Vec<String>,
    /// Scores to two decimals, 0 where there is none.
    pub scores: Vec<f64>,
    /// Whether each question counts; all do where nothing is said.
    pub counts: Option<Vec<bool>>,
    #[serde(default)]
    pub competency: BTreeMap<String, Line>,
    /// The other result, where the session went on after its limit.
    pub within_limit: Option<BTreeMap<String, Line>>,
    /// Asked and points of what has no part in the score.
    #[serde(default)]
    pub apart: BTreeMap<String, (usize, f64)>,
    /// Own points for each question, where it was rated.
    #[serde(default)]
    pub rated: BTreeMap<String, (u32, u32)>,
    /// Numbers of the questions, from 1.
    #[serde(default)]
    pub sure_and_wrong: Vec<usize>,
    /// Answers with a statement of confidence that can be right or wrong.
    #[serde(default)]
    pub stated: usize,
}

/// What must be said of one competency.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    pub planned: usize,
    pub scored: usize,
    pub points: f64,
    #[serde(default)]
    pub omitted: usize,
    #[serde(default)]
    pub not_reached: usize,
    /// There is a score with an interval.
    pub measured: bool,
}
