//! The settings that a person keeps in the data folder.

use serde::{Deserialize, Serialize};

use super::keymap::Patch;
use crate::core::calendar::Date;
use crate::core::question::Level;
use crate::core::time::{Hour, Multiplier};

/// The default number of new questions per day.
const NEW_PER_DAY: u32 = 20;

/// The contents of `config.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// Scales every time limit and warning, 1.0 to 10.0.
    pub time_multiplier: Multiplier,
    /// Whether to ask for a confidence after each answer.
    pub confidence: bool,
    /// Whether clicks and the wheel go to aethos. Otherwise the terminal uses them, to select text.
    pub mouse: bool,
    /// The interview date that practice works towards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interview: Option<Date>,
    /// The level that the person aims for; results show its probability.
    pub target: Target,
    /// The hour at which a new day of practice begins: practice after midnight belongs to the previous day.
    pub day_starts_at: Hour,
    /// The number of new questions that practice asks per day; drills have no such limit.
    pub new_per_day: u32,
    /// The default length of daily practice. The plan spreads the due questions over days of this length.
    pub minutes_per_day: Minutes,
    /// Changed keys: action names with their keys.
    pub keys: Patch,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            time_multiplier: Multiplier::ONE,
            confidence: true,
            mouse: true,
            interview: None,
            target: Target::default(),
            day_starts_at: Hour::FOUR,
            new_per_day: NEW_PER_DAY,
            minutes_per_day: Minutes::default(),
            keys: Default::default(),
        }
    }
}

/// Minutes of practice, 1 to 600.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32")]
pub struct Minutes(u32);

impl Minutes {
    /// The lengths offered on the screens; `config.toml` accepts any from 1 to 600.
    pub const CHOICES: [u32; 9] = [5, 10, 15, 20, 30, 45, 60, 90, 120];

    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for Minutes {
    fn default() -> Self {
        Self(15)
    }
}

impl TryFrom<u32> for Minutes {
    type Error = &'static str;

    fn try_from(minutes: u32) -> Result<Self, Self::Error> {
        if (1..=600).contains(&minutes) {
            Ok(Self(minutes))
        } else {
            Err("minutes_per_day must be between 1 and 600")
        }
    }
}

/// A level that a person can aim for. Junior is missing because everyone reaches it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    Mid,
    #[default]
    Senior,
    Staff,
}

impl Target {
    pub const ALL: [Target; 3] = [Target::Mid, Target::Senior, Target::Staff];
}

impl From<Target> for Level {
    fn from(target: Target) -> Self {
        match target {
            Target::Mid => Level::Mid,
            Target::Senior => Level::Senior,
            Target::Staff => Level::Staff,
        }
    }
}

/// The theme in the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// Light or dark, depending on the terminal's background; dark if it is unknown.
    #[default]
    Auto,
    Light,
    Dark,
    /// No colours; also used when `NO_COLOR` is set.
    Mono,
}

impl ThemeChoice {
    pub const ALL: [ThemeChoice; 4] = [
        ThemeChoice::Auto,
        ThemeChoice::Light,
        ThemeChoice::Dark,
        ThemeChoice::Mono,
    ];

    pub fn word(self) -> &'static str {
        ["auto", "light", "dark", "mono"][self as usize]
    }
}
