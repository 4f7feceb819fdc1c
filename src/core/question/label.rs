//! The labels of questions: level, demand and type.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The seniority from which an engineer is expected to know the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Junior,
    Mid,
    Senior,
    Staff,
    Principal,
}

impl Level {
    pub const ALL: [Level; 5] = [
        Level::Junior,
        Level::Mid,
        Level::Senior,
        Level::Staff,
        Level::Principal,
    ];

    pub fn word(self) -> &'static str {
        ["junior", "mid", "senior", "staff", "principal"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The kind of thinking that a question requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Demand {
    Recall,
    Apply,
    Diagnose,
    Judge,
    Design,
}

impl Demand {
    pub const ALL: [Demand; 5] = [
        Demand::Recall,
        Demand::Apply,
        Demand::Diagnose,
        Demand::Judge,
        Demand::Design,
    ];

    pub fn word(self) -> &'static str {
        ["recall", "apply", "diagnose", "judge", "design"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|demand| demand.word() == word)
    }
}

/// The seven types of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Single,
    Multiple,
    Ordering,
    Matching,
    Numeric,
    Open,
    Recall,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::Single,
        Kind::Multiple,
        Kind::Ordering,
        Kind::Matching,
        Kind::Numeric,
        Kind::Open,
        Kind::Recall,
    ];

    pub fn word(self) -> &'static str {
        [
            "single", "multiple", "ordering", "matching", "numeric", "open", "recall",
        ][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Returns true if answers have a score, which rating by people is not.
    pub fn is_scored(self) -> bool {
        !matches!(self, Kind::Open | Kind::Recall)
    }
}
