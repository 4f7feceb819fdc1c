//! Modes of a session and the rules that follow from them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The purpose of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Assessment: no feedback before the end, and answers count for the score.
    #[default]
    Assess,
    /// Practice: each answer is explained at once, and none counts for the score.
    Practise,
    /// Mentor session: the mentor reveals the key, and nothing counts for the score.
    Mentor,
    /// Homework: a person answers a form without keys and sends the answers to a mentor.
    Homework,
    /// A homework as the mentor keeps it: the form with its keys, and the answers that came back.
    Assigned,
}

impl Mode {
    pub const ALL: [Mode; 5] = [
        Mode::Assess,
        Mode::Practise,
        Mode::Mentor,
        Mode::Homework,
        Mode::Assigned,
    ];

    pub fn word(self) -> &'static str {
        ["assess", "practise", "mentor", "homework", "assigned"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }

    /// Returns true if first answers count for the score.
    pub fn counts(self) -> bool {
        self == Mode::Assess
    }

    /// Returns true if the key and explanation are shown before the session ends.
    pub fn reveals(self) -> bool {
        matches!(self, Mode::Practise | Mode::Mentor)
    }

    /// Returns true if the time limit ends the session; otherwise it is only announced.
    pub fn expires(self) -> bool {
        matches!(self, Mode::Assess | Mode::Homework)
    }

    /// Returns true if the clock can be paused.
    pub fn pauses(self) -> bool {
        self != Mode::Assess
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
