//! The settings screen: everything in `config.toml` except the keys.

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
use crate::tui::widget::{count, prose};

#[derive(Default)]
pub struct SettingsScreen {
    cursor: Cursor,
}

/// The selectable time multipliers; `config.toml` accepts any from 1.0 to 10.0.
const MULTIPLIERS: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0];
/// The selectable numbers of new questions per day; `config.toml` accepts any.
const NEW_PER_DAY: [u32; 9] = [0, 5, 10, 15, 20, 30, 50, 100, 200];
const ENTRIES: usize = 9;

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

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        let changes = can_change(self.cursor.at) && matches!(action, Action::Left | Action::Right);
        changes || Cursor::works(action, ENTRIES, scrolls)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Settings", Role::Title),
            ..Page::default()
        };
        let settings = &model.settings;
        for (i, (name, value, words)) in lines(settings).into_iter().enumerate() {
            let marked = i == self.cursor.at;
            let (less, more) = match can_change(i) {
                true => (look.theme.mark("◂ ", "< "), look.theme.mark(" ▸", " >")),
                false => ("  ", ""),
            };
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{name:<12}"), Role::Strong),
                look.span(less, Role::Key),
                look.span(value, Role::Text),
                look.span(more, Role::Key),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
            for line in prose::wrap(words, width.saturating_sub(2), 0) {
                page.push(look.line(format!("  {line}"), Role::Dim));
            }
            page.blank();
        }
        let words = "Saved in config.toml in the data folder. You can change keys there too; \
                     `aethos config` explains it.";
        for line in prose::wrap(words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Dim));
        }
        page.footer = vec![Action::Right, Action::Left, Action::Back];
        page
    }
}

/// Returns the name, the value and a sentence for each setting.
fn lines(settings: &Settings) -> [(&'static str, String, &'static str); ENTRIES] {
    [
        (
            "Theme",
            settings.theme.word().to_owned(),
            "auto follows the background of the terminal; mono uses no colour",
        ),
        (
            "Time",
            format!("×{}", settings.time_multiplier),
            "scales every time limit, if you need more time to read",
        ),
        (
            "Confidence",
            if settings.confidence {
                "asked"
            } else {
                "not asked"
            }
            .to_owned(),
            "asks how sure you are after each answer; never part of the score",
        ),
        (
            "Target",
            Level::from(settings.target).to_string(),
            "the level you aim for; results show how likely you have reached it",
        ),
        (
            "Practice",
            format!("{} min a day", settings.minutes_per_day.get()),
            "minutes of practice per day; due questions are spread over such days",
        ),
        (
            "New",
            format!("{} a day", count(settings.new_per_day as usize, "question")),
            "new questions per day of practice; sets that you choose ignore this",
        ),
        (
            "Day begins",
            format!("at {}", settings.day_starts_at),
            "practice before this hour counts for the previous day",
        ),
        (
            "Mouse",
            match settings.mouse {
                true => "used here",
                false => "left to the terminal",
            }
            .to_owned(),
            "the terminal needs it to select text; M switches on every screen",
        ),
        (
            "Interview",
            settings
                .interview
                .map_or("no date set".to_owned(), |date| date.0.to_string()),
            "the date you prepare for; change it on the practice screen",
        ),
    ]
}
