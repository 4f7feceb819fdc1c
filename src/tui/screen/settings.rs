//! The settings screen: everything in `config.toml` except the keys.
//!
//! ```text
//! ▸ Theme       ◂ auto ▸              Time
//!   Time        ◂ ×1 ▸                Scales every time limit, if you need more time to read.
//!   Confidence  ◂ asked ▸
//!                                     Values  ×1, ×1.25, ×1.5, ...
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::settings::{Minutes, Settings, Target, ThemeChoice};
use crate::core::question::Level;
use crate::core::time::{Hour, Multiplier};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

#[derive(Default)]
pub struct SettingsScreen {
    cursor: Cursor,
}

/// The selectable time multipliers; `config.toml` accepts any from 1.0 to 10.0.
const MULTIPLIERS: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0];
/// The selectable numbers of new questions per day; `config.toml` accepts any.
const NEW_PER_DAY: [u32; 9] = [0, 5, 10, 15, 20, 30, 50, 100, 200];
const ENTRIES: usize = 9;
/// The columns of the list beside the explanation of the marked setting.
const LIST: usize = 44;
/// Where the settings are kept.
const SAVED: &str = "Saved in config.toml in the data folder. You can change keys there too; \
                     `aethos config` explains it.";

/// Returns true for every line but the last: the practice screen changes the interview date.
fn can_change(at: usize) -> bool {
    at + 1 < ENTRIES
}

/// Returns the next larger or smaller value of `choices`, which are in ascending order, or `now` if there is none.
fn step<T: Copy + PartialOrd>(choices: &[T], now: T, more: bool) -> T {
    let mut choices = choices.iter().copied();
    let next = if more {
        choices.find(|choice| *choice > now)
    } else {
        choices.rfind(|choice| *choice < now)
    };
    next.unwrap_or(now)
}

impl SettingsScreen {
    fn change(&self, more: bool, settings: &mut Settings) {
        match self.cursor.at {
            0 => {
                let at =
                    settings.theme as usize + if more { 1 } else { ThemeChoice::ALL.len() - 1 };
                settings.theme = ThemeChoice::ALL[at % ThemeChoice::ALL.len()];
            }
            1 => {
                let next = step(&MULTIPLIERS, settings.time_multiplier.get(), more);
                settings.time_multiplier =
                    Multiplier::new(next).unwrap_or(settings.time_multiplier);
            }
            2 => settings.confidence = !settings.confidence,
            3 => {
                let at = settings.target as usize + if more { 1 } else { Target::ALL.len() - 1 };
                settings.target = Target::ALL[at % Target::ALL.len()];
            }
            4 => {
                let minutes = step(&Minutes::CHOICES, settings.minutes_per_day.get(), more);
                settings.minutes_per_day =
                    Minutes::try_from(minutes).unwrap_or(settings.minutes_per_day);
            }
            5 => settings.new_per_day = step(&NEW_PER_DAY, settings.new_per_day, more),
            6 => {
                let hour = (settings.day_starts_at.get() + if more { 1 } else { 23 }) % 24;
                settings.day_starts_at = Hour::new(hour).unwrap_or(settings.day_starts_at);
            }
            7 => settings.mouse = !settings.mouse,
            // The practice screen changes the interview date, because it knows the current day.
            _ => {}
        }
    }
}

impl Screen for SettingsScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, ENTRIES, turn) {
            return;
        }
        match action {
            Action::Left | Action::Right | Action::Enter | Action::Choose(_) => {
                if let Action::Choose(i) = action {
                    self.cursor.at = i.min(ENTRIES - 1);
                }
                self.change(action != Action::Left, &mut turn.model.settings);
                let settings = turn.model.settings.clone();
                turn.effect(Effect::SaveSettings(settings));
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        let changes = can_change(self.cursor.at) && matches!(action, Action::Left | Action::Right);
        changes || Cursor::works(action, ENTRIES, scrolls)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Settings", Role::Title),
            ..Page::default()
        };
        let lines = lines(&model.settings);
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            writer.two_columns(
                LIST,
                |left| self.list(&lines, false, left),
                |right| {
                    if let Some(line) = lines.get(self.cursor.at) {
                        explain(line, right);
                    }
                    right.gap();
                    right.words(SAVED, Role::Dim);
                },
            );
        } else {
            self.list(&lines, true, &mut writer);
            writer.indented(SAVED, Role::Dim);
        }
        page.footer = vec![Action::Right, Action::Left, Action::Back];
        page
    }
}

impl SettingsScreen {
    /// Draws the settings with their values; if `explains` is true, each with what it means.
    fn list(&self, lines: &[Setting], explains: bool, writer: &mut Writer) {
        let look = writer.look;
        for (i, setting) in lines.iter().enumerate() {
            let marked = i == self.cursor.at;
            let (less, more) = match can_change(i) {
                true => (look.theme.mark("◂ ", "< "), look.theme.mark(" ▸", " >")),
                false => ("  ", ""),
            };
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{:<12}", setting.name), Role::Strong),
                look.span(less, Role::Key),
                look.span(setting.value.clone(), Role::Text),
                look.span(more, Role::Key),
            ]);
            writer.page.choice(line, Action::Choose(i), marked, look);
            if explains {
                writer.indented(setting.words, Role::Dim);
            }
            writer.page.blank();
        }
    }
}

/// Draws what a setting means, its possible values, and its line in `config.toml`.
fn explain(setting: &Setting, writer: &mut Writer) {
    writer.title(setting.name);
    let mut words: String = setting.words.to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    writer.words(&format!("{words}."), Role::Text);
    writer.gap();
    writer.labelled("Values", &setting.values, Role::Text);
    writer.labelled("File  ", &setting.stored, Role::Text);
}

/// A line of the screen.
struct Setting {
    name: &'static str,
    value: String,
    /// What it means, as a sentence without a capital and a full stop.
    words: &'static str,
    /// The values to choose from.
    values: String,
    /// The line in `config.toml`.
    stored: String,
}

/// Returns all settings in the order of the screen.
fn lines(settings: &Settings) -> [Setting; ENTRIES] {
    let [theme, time, confidence, target] = of_assessments(settings);
    let [minutes, new, day] = of_practice(settings);
    let mouse = Setting {
        name: "Mouse",
        value: mouse_word(settings.mouse).to_owned(),
        words: "the terminal needs it to select text; M switches on every screen",
        values: format!("{} or {}", mouse_word(true), mouse_word(false)),
        stored: format!("mouse = {}", settings.mouse),
    };
    let interview = Setting {
        name: "Interview",
        value: settings
            .interview
            .map_or("no date set".to_owned(), |date| date.0.to_string()),
        words: "the date you prepare for; change it on the practice screen",
        values: "a date, or none".to_owned(),
        stored: settings.interview.map_or("no line".to_owned(), |date| {
            format!("interview = \"{date}\"")
        }),
    };
    [
        theme, time, confidence, target, minutes, new, day, mouse, interview,
    ]
}

fn of_assessments(settings: &Settings) -> [Setting; 4] {
    let theme = Setting {
        name: "Theme",
        value: settings.theme.word().to_owned(),
        words: "auto follows the background of the terminal; mono uses no colour",
        values: listed(ThemeChoice::ALL.map(ThemeChoice::word)),
        stored: format!("theme = \"{}\"", settings.theme.word()),
    };
    let time = Setting {
        name: "Time",
        value: format!("×{}", settings.time_multiplier),
        words: "scales every time limit, if you need more time to read",
        values: format!(
            "{}; config.toml accepts any from 1.0 to 10.0",
            listed(MULTIPLIERS.map(|n| format!("×{n}")))
        ),
        stored: format!("time_multiplier = {:?}", settings.time_multiplier.get()),
    };
    let confidence = Setting {
        name: "Confidence",
        value: asked(settings.confidence).to_owned(),
        words: "asks how sure you are after each answer; never part of the score",
        values: format!("{} or {}", asked(true), asked(false)),
        stored: format!("confidence = {}", settings.confidence),
    };
    let target = Setting {
        name: "Target",
        value: Level::from(settings.target).to_string(),
        words: "the level you aim for; results show how likely you have reached it",
        values: listed(Target::ALL.map(Level::from)),
        stored: format!("target = \"{}\"", Level::from(settings.target)),
    };
    [theme, time, confidence, target]
}

fn of_practice(settings: &Settings) -> [Setting; 3] {
    let minutes = settings.minutes_per_day.get();
    let minutes = Setting {
        name: "Practice",
        value: format!("{minutes} min a day"),
        words: "minutes of practice per day; due questions are spread over such days",
        values: format!(
            "{} minutes; config.toml accepts any from 1 to 600",
            listed(Minutes::CHOICES)
        ),
        stored: format!("minutes_per_day = {minutes}"),
    };
    let new = Setting {
        name: "New",
        value: format!("{} a day", count(settings.new_per_day as usize, "question")),
        words: "new questions per day of practice; sets that you choose ignore this",
        values: format!("{}; config.toml accepts any number", listed(NEW_PER_DAY)),
        stored: format!("new_per_day = {}", settings.new_per_day),
    };
    let day = Setting {
        name: "Day begins",
        value: format!("at {}", settings.day_starts_at),
        words: "practice before this hour counts for the previous day",
        values: "every hour from 0 to 23".to_owned(),
        stored: format!("day_starts_at = {}", settings.day_starts_at.get()),
    };
    [minutes, new, day]
}

fn asked(is_asked: bool) -> &'static str {
    match is_asked {
        true => "asked",
        false => "not asked",
    }
}

fn mouse_word(is_used: bool) -> &'static str {
    match is_used {
        true => "used here",
        false => "left to the terminal",
    }
}

/// Returns values with commas between them.
fn listed<T: ToString, const N: usize>(values: [T; N]) -> String {
    values.map(|value| value.to_string()).join(", ")
}
