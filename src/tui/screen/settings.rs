//! Settings: theme, time multiplier, confidence.

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::settings::{Settings, Target, ThemeChoice};
use crate::core::question::Level;
use crate::core::time::Multiplier;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

#[derive(Default)]
pub struct SettingsScreen {
    cursor: Cursor,
}

/// Multipliers to choose from; config.toml takes any from 1.0 to 10.0.
const MULTIPLIERS: [f64; 7] = [1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0];
const ENTRIES: usize = 5;

impl SettingsScreen {
    fn change(&self, more: bool, settings: &mut Settings) {
        match self.cursor.at {
            0 => {
                let at = settings.theme as usize + if more { 1 } else { ThemeChoice::ALL.len() - 1 };
                settings.theme = ThemeChoice::ALL[at % ThemeChoice::ALL.len()];
            }
            1 => {
                let now = settings.time_multiplier.get();
                let next = if more {
                    MULTIPLIERS.into_iter().find(|m| *m > now)
                } else {
                    MULTIPLIERS.into_iter().rev().find(|m| *m < now)
                };
                if let Some(Ok(multiplier)) = next.map(Multiplier::new) {
                    settings.time_multiplier = multiplier;
                }
            }
            2 => settings.confidence = !settings.confidence,
            3 => {
                let at = settings.target as usize + if more { 1 } else { Target::ALL.len() - 1 };
                settings.target = Target::ALL[at % Target::ALL.len()];
            }
            // The practice screen changes the day: it knows which one is today.
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
                turn.effect(Effect::Keep(settings));
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page { left: look.line("Settings", Role::Title), ..Page::default() };
        let settings = &model.settings;
        let lines = [
            (
                "Theme",
                settings.theme.word().to_owned(),
                "auto asks the terminal for its background; mono uses no colour",
            ),
            (
                "Time",
                format!("×{}", settings.time_multiplier),
                "scales every limit and warning, for whoever needs more time to read",
            ),
            (
                "Confidence",
                if settings.confidence { "asked" } else { "not asked" }.to_owned(),
                "how sure you are after each answer; never part of the score",
            ),
            (
                "Target",
                Level::from(settings.target).to_string(),
                "the level you aim for; results say how likely you are there or above",
            ),
            (
                "Interview",
                settings.interview.map_or("no date set".to_owned(), |date| date.0.to_string()),
                "the day that practice works towards; the practice screen changes it",
            ),
        ];
        for (i, (name, value, words)) in lines.into_iter().enumerate() {
            let marked = i == self.cursor.at;
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{name:<12}"), Role::Strong),
                look.span(look.theme.mark("◂ ", "< "), Role::Key),
                look.span(value, Role::Text),
                look.span(look.theme.mark(" ▸", " >"), Role::Key),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
            for line in prose::wrap(words, width.saturating_sub(2), 0) {
                page.push(look.line(format!("  {line}"), Role::Dim));
            }
            page.blank();
        }
        let words =
            "Kept in config.toml in the data folder, where keys can be changed too; `aethos config` explains it.";
        for line in prose::wrap(words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Dim));
        }
        page.footer = vec![Action::Right, Action::Left, Action::Back];
        page
    }
}
