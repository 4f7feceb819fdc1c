//! The format of a scenario file.

use std::collections::BTreeMap;

use aethos::core::time::{Millis, parse_span};
use aethos::session::Event;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// The purpose of the scenario.
    pub shows: String,
    /// The time limit before the multiplier; untimed if missing.
    pub limit: Option<Span>,
    #[serde(default = "one")]
    pub multiplier: f64,
    /// The competencies in order, with their weights.
    #[serde(default = "consistency")]
    pub blueprint: Vec<(String, u32)>,
    pub question: Vec<Asked>,
    /// Set for an adaptive session, which starts with the first question and adds the others up to this number.
    pub adaptive: Option<usize>,
    /// True for practice, whose queue is the questions and whose minutes are the limit.
    #[serde(default)]
    pub practice: bool,
    pub script: Vec<(Span, Deed)>,
    /// The expected state after the script.
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

/// A duration such as `1m30s` or `0s`; a moment is measured from the start of the scenario.
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
    /// The competency; the first one if missing.
    pub competency: Option<String>,
    #[serde(default = "yes")]
    pub fresh: bool,
    pub asks: Asks,
}

/// A question without texts.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Asks {
    /// The credit of each option.
    Single(Vec<f64>),
    /// 1 for a key, 0 for a distractor.
    Multiple(Vec<f64>),
    /// The number of steps, in their correct order.
    Ordering(usize),
    /// The index of the right entry for each left entry, and the number of right entries.
    Matching { left: Vec<u8>, right: usize },
    /// The correct number.
    Numeric(f64),
    /// The points of each criterion.
    Open(Vec<u32>),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Deed {
    /// Presses named keys, one after the other.
    Keys(String),
    /// Presses a key for each character.
    Types(String),
    /// Compares the state with this expectation.
    Is(Box<Standing>),
    /// Applies an event that doesn't come from a key; it must be accepted.
    Event(Event),
    /// Applies an event that must be rejected, with this message.
    Refuses(Event, String),
    /// The machine has slept since the previous step.
    Slept,
    /// The process has been stopped since the previous step, and receives SIGCONT.
    Stopped,
    /// The process is killed.
    Killed,
    /// A new process resumes from the saved events.
    Resumed,
    /// The wall clock is changed by this many seconds.
    WallSet(i64),
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Standing {
    pub phase: Option<String>,
    /// The number of the question on the screen, from 1.
    pub question: Option<usize>,
    pub answered: Option<usize>,
    pub spent: Option<Span>,
    pub remaining: Option<Span>,
    /// True if there is no countdown.
    pub unlimited: bool,
    /// The warning in the status line; empty for none.
    pub warning: Option<String>,
    pub gaps: Option<Vec<Span>>,
    /// The message about the last key in the status line.
    pub told: Option<String>,
    /// The reason for the end of an adaptive session.
    pub ending: Option<String>,
    /// The numbers of the questions that practice has asked so far.
    pub asked: Option<Vec<usize>>,
    /// The grade of each of them; empty for none.
    pub grades: Option<Vec<String>>,
    /// The reasons of disputes, by question number from 1.
    pub disputed: Option<BTreeMap<String, String>>,
    /// The number of questions that practice will ask.
    pub most: Option<usize>,
    /// Texts that the screen must contain.
    pub screen: Option<String>,
    /// Texts that the screen must not contain.
    pub hidden: Option<String>,
    /// The time for which each question was on the screen.
    pub shown: Option<Vec<Span>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Outcome {
    pub statuses: Vec<String>,
    /// The scores with two decimals; 0 if there is none.
    pub scores: Vec<f64>,
    /// Whether each question counts; all count if missing.
    pub counts: Option<Vec<bool>>,
    #[serde(default)]
    pub competency: BTreeMap<String, Line>,
    /// The other result of a session that continued after its limit.
    pub within_limit: Option<BTreeMap<String, Line>>,
    /// The number of questions and points outside the score.
    #[serde(default)]
    pub apart: BTreeMap<String, (usize, f64)>,
    /// The self-rated points of each open question.
    #[serde(default)]
    pub rated: BTreeMap<String, (u32, u32)>,
    /// The numbers of the questions, from 1.
    #[serde(default)]
    pub sure_and_wrong: Vec<usize>,
    /// The number of answers with a confidence that can be right or wrong.
    #[serde(default)]
    pub stated: usize,
}

/// The expected result of one competency.
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
    /// True if there is a score with an interval.
    pub measured: bool,
}
