//! What a session is for, and the switches that follow from it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The same engine with other switches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A candidate before applying: nothing is told before the end, and the score counts.
    #[default]
    Assess,
    /// An engineer between interviews: each answer is explained at once, and none counts for the score.
    Practise,
    /// A mentor with others beside them: the mentor reveals, and nothing counts for the score.
    Mentor,
}

impl Mode {
    pub const ALL: [Mode; 3] = [Mode::Assess, Mode::Practise, Mode::Mentor];

    pub fn word(self) -> &'static str {
        ["assess", "practise", "mentor"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }

    /// First answers count for the score.
    pub fn counts(self) -> bool {
        self == Mode::Assess
    }

    /// Key, rationales and explanation are shown before the session is over.
    pub fn reveals(self) -> bool {
        self != Mode::Assess
    }

    /// The limit ends the session; elsewhere it is only said that it was reached.
    pub fn expires(self) -> bool {
        self == Mode::Assess
    }

    /// Time can be stopped.
    pub fn pauses(self) -> bool {
        self != Mode::Assess
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
