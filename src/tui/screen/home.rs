//! Home: where one starts, and resumes.
//!
//! ```text
//!   aethos                              senior distributed systems engineer
//!
//! ▸ Resume    assessment of 21 Nov, 17 of 40 answered      31:12 left
//!   Assess    40 questions · 8 competencies · 50 min       last: 21 Nov
//!   Decks     10 decks · 92 questions
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::session::Mode;
use crate::tui::app::{Model, Turn};
use crate::tui::effect::{Effect, Setup, TimeChoice};
use crate::tui::keymap::{Action, Context};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::screen::dialog::Dialog;
use crate::tui::screen::settings::SettingsScreen;
use crate::tui::screen::setup::{STANDARD, SetupScreen, plan_of};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

#[derive(Default)]
pub struct HomeScreen {
    cursor: Cursor,
}

#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Resume,
    Assess,
    SetUp,
    Decks,
    History,
    Settings,
}

fn entries(model: &Model) -> Vec<Entry> {
    let mut entries = vec![Entry::Assess, Entry::SetUp, Entry::Decks, Entry::History, Entry::Settings];
    if model.home.open.is_some() {
        entries.insert(0, Entry::Resume);
    }
    entries
}

/// The session that one key starts: standard length, all competencies, fair time.
pub fn usual(model: &Model) -> Setup {
    let competencies = crate::core::form::cells(&model.home.blueprint, &[]);
    let there: usize = plan_of(model, competencies, STANDARD).iter().map(|(_, n, has)| n.min(has)).sum();
    let size = STANDARD.min(there);
    Setup { competencies, size, written: 0, time: TimeChoice::Fair, adaptive: false, ratings: Default::default() }
}

impl HomeScreen {
    fn open(&self, entry: Entry, turn: &mut Turn) {
        match entry {
            Entry::Resume => {
                if let Some(open) = turn.model.home.open.clone() {
                    turn.push(Dialog::resume(&open));
                }
            }
            Entry::Assess => {
                let setup = usual(turn.model);
                match setup.size {
                    0 => turn.tell("there are no questions to ask: see Decks"),
                    _ => turn.effect(Effect::Start(setup)),
                }
            }
            Entry::SetUp => turn.push(SetupScreen::new(turn.model)),
            Entry::Decks => turn.effect(Effect::ListDecks),
            Entry::History => turn.effect(Effect::ListHistory),
            Entry::Settings => turn.push(SettingsScreen::default()),
        }
    }
}

impl Screen for HomeScreen {
    fn context(&self) -> Context {
        Context::Home
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let entries = entries(turn.model);
        if self.cursor.act(action, entries.len(), turn) {
            return;
        }
        match action {
            Action::Enter => {
                if let Some(entry) = entries.get(self.cursor.at) {
                    self.open(*entry, turn);
                }
            }
            Action::Choose(i) => {
                if let Some(entry) = entries.get(i) {
                    self.cursor.at = i;
                    self.open(*entry, turn);
                }
            }
            Action::SetUp => self.open(Entry::SetUp, turn),
            Action::Settings => self.open(Entry::Settings, turn),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let title = Line::from(vec![
            look.span(look.theme.mark("├─●─┤ ", "|-O-| "), Role::Chosen),
            look.span("aethos", Role::Title),
        ]);
        let mut page = Page { left: title, ..Page::default() };
        if width >= 50 {
            page.right = look.line("senior distributed systems engineer", Role::Dim);
        }
        page.blank();
        for (i, entry) in entries(model).into_iter().enumerate() {
            let marked = i == self.cursor.at;
            let (name, words, aside) = describe(entry, model, width);
            let mut spans = vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(format!("{name:<10}"), if entry == Entry::Resume { Role::Warn } else { Role::Strong }),
                look.span(words, Role::Text),
            ];
            let used: usize = spans.iter().map(|s| s.width()).sum();
            if !aside.is_empty() && used + aside.chars().count() + 2 <= width {
                spans.push(look.span(" ".repeat(width - used - aside.chars().count()), Role::Text));
                spans.push(look.span(aside, Role::Dim));
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
            if width >= 60 {
                page.blank();
            }
        }
        page.blank();
        if model.home.sessions == 0 && model.home.open.is_none() {
            let welcome = "Am I ready, where am I weak, and how sure is that? Forty questions, one score per \
                           competency with its uncertainty. Press Enter to begin; leaving loses nothing.";
            for line in prose::wrap(welcome, width.saturating_sub(2), 0) {
                page.push(look.line(format!("  {line}"), Role::Dim));
            }
        }
        for notice in &model.home.notices {
            for line in prose::wrap(notice, width.saturating_sub(4), 0) {
                page.push(look.line(format!("  {} {line}", look.theme.mark("!", "!")), Role::Warn));
            }
        }
        page.footer = vec![Action::Enter, Action::SetUp, Action::Settings, Action::Leave];
        page
    }
}

/// Name, description and a word at the right end of a line.
fn describe(entry: Entry, model: &Model, width: usize) -> (&'static str, String, String) {
    let home = &model.home;
    match entry {
        Entry::Resume => match &home.open {
            Some(open) if open.mode == Mode::Mentor => (
                "Resume",
                match width {
                    60.. => {
                        format!("mentor session of {}, {} of {} talked about", open.day, open.answered, open.questions)
                    }
                    _ => format!("mentor, {} of {}", open.answered, open.questions),
                },
                String::new(),
            ),
            Some(open) => (
                "Resume",
                match width {
                    60.. => format!("assessment of {}, {} of {} answered", open.day, open.answered, open.questions),
                    _ => format!("{}, {} of {}", open.day, open.answered, open.questions),
                },
                open.left.map_or("untimed".to_owned(), |left| format!("{} left", left.clock())),
            ),
            None => ("Resume", String::new(), String::new()),
        },
        Entry::Assess => {
            let setup = usual(model);
            let cells = setup.competencies.count_ones() as usize;
            let minutes = super::setup::fair_time(model, &setup).0.div_ceil(60_000);
            let words = match width {
                60.. => format!(
                    "{} {dot} {} {dot} {minutes} min",
                    count(setup.size, "question"),
                    if cells == 1 { "1 competency".to_owned() } else { format!("{cells} competencies") },
                    dot = "·"
                ),
                _ => format!("{} · {minutes} min", count(setup.size, "question")),
            };
            ("Assess", words, home.last.as_ref().map_or(String::new(), |day| format!("last: {day}")))
        }
        Entry::SetUp => (
            "Set up",
            if width >= 60 { "an assessment of your own making" } else { "your own" }.to_owned(),
            String::new(),
        ),
        Entry::Decks => {
            ("Decks", format!("{} · {}", count(home.decks, "deck"), count(home.questions, "question")), String::new())
        }
        Entry::History => (
            "History",
            if home.sessions == 0 { "none yet".to_owned() } else { count(home.sessions, "session") },
            String::new(),
        ),
        Entry::Settings => (
            "Settings",
            format!("theme {} · time ×{}", model.settings.theme.word(), model.settings.time_multiplier),
            String::new(),
        ),
    }
}
