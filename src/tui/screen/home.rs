//! The home screen, to start and resume sessions.
//!
//! ```text
//!   aethos                              senior distributed systems engineer
//!
//! ▸ Resume    assessment of 21 Nov, 17 of 40 answered      31:12 left
//!   Assess    40 questions · 8 competencies · 88 min       last: 21 Nov
//!   Practice  15 min · explained at once
//!   Decks     10 decks · 92 questions
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::{Effect, OpenSession, STANDARD, Setup, TimeChoice};
use crate::app::keymap::{Action, Context};
use crate::core::reserve::KEPT;
use crate::session::Mode;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::setup::plan_of;
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

#[derive(Default)]
pub struct HomeScreen {
    cursor: Cursor,
}

#[derive(Clone, Copy, PartialEq)]
enum Entry {
    /// The unfinished session with this index.
    Resume(usize),
    Assess,
    Practice,
    SetUp,
    Mentor,
    Decks,
    History,
    Settings,
}

fn entries(model: &Model) -> Vec<Entry> {
    let entries = [
        Entry::Assess,
        Entry::Practice,
        Entry::Mentor,
        Entry::SetUp,
        Entry::Decks,
        Entry::History,
        Entry::Settings,
    ];
    let waiting = (0..model.home.open.len()).map(Entry::Resume);
    waiting.chain(entries).collect()
}

/// Returns the setup started by one key: standard length, all competencies, expected time.
pub fn usual(model: &Model) -> Setup {
    let competencies = crate::core::form::cells(&model.home.blueprint, &[]);
    let there: usize = plan_of(model, competencies, STANDARD)
        .iter()
        .map(|(_, n, has)| n.min(has))
        .sum();
    let size = STANDARD.min(there);
    Setup {
        competencies,
        size,
        written: 0,
        time: TimeChoice::Fair,
        adaptive: false,
        ratings: Default::default(),
    }
}

impl HomeScreen {
    fn open(&self, entry: Entry, turn: &mut Turn) {
        match entry {
            Entry::Resume(i) => {
                if let Some(open) = turn.model.home.open.get(i).cloned() {
                    turn.go(Route::Resume(open));
                }
            }
            // Repeated Enter from the previous screen must not start anything.
            Entry::Assess if turn.is_hasty => {}
            Entry::Assess => {
                let setup = usual(turn.model);
                match setup.size {
                    0 => turn.tell("there are no questions: see Decks"),
                    _ => turn.effect(Effect::Start(setup)),
                }
            }
            Entry::SetUp => turn.go(Route::SetUp),
            Entry::Practice => {
                let minutes = turn.model.settings.minutes_per_day.get();
                turn.effect(Effect::ShowPractice { minutes });
            }
            Entry::Mentor => turn.go(Route::Roster),
            Entry::Decks => turn.effect(Effect::ListDecks),
            Entry::History => turn.effect(Effect::ListHistory),
            Entry::Settings => turn.go(Route::Settings),
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
            Action::Practice => self.open(Entry::Practice, turn),
            Action::Prepare => self.open(Entry::Mentor, turn),
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
        let mut page = Page {
            left: title,
            ..Page::default()
        };
        if width >= 50 {
            page.right = look.line("senior distributed systems engineer", Role::Dim);
        }
        page.blank();
        for (i, entry) in entries(model).into_iter().enumerate() {
            let marked = i == self.cursor.at;
            let (name, words, aside) = describe(entry, model, width);
            let mut spans = vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(
                    format!("{name:<10}"),
                    if matches!(entry, Entry::Resume(_)) {
                        Role::Warn
                    } else {
                        Role::Strong
                    },
                ),
                look.span(words, Role::Text),
            ];
            let used: usize = spans.iter().map(|s| s.width()).sum();
            if !aside.is_empty() && used + aside.chars().count() + 2 <= width {
                spans.push(look.span(" ".repeat(width - used - aside.chars().count()), Role::Text));
                spans.push(look.span(aside, Role::Dim));
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
            if i + 1 == model.home.open.len() && model.home.more_open > 0 {
                let more = format!(
                    "            and {} more in the history",
                    model.home.more_open
                );
                page.push(look.line(more, Role::Dim));
            }
            if width >= 60 {
                page.blank();
            }
        }
        page.blank();
        if model.home.sessions == 0 && model.home.open.is_empty() {
            let welcome = "Find out where you are strong and where you are weak: forty questions, \
                           and a score with its uncertainty for each competency. Press Enter to \
                           start; you can leave at any time without losing anything.";
            for line in prose::wrap(welcome, width.saturating_sub(2), 0) {
                page.push(look.line(format!("  {line}"), Role::Dim));
            }
        }
        for notice in &model.home.notices {
            for line in prose::wrap(notice, width.saturating_sub(4), 0) {
                page.push(look.line(
                    format!("  {} {line}", look.theme.mark("!", "!")),
                    Role::Warn,
                ));
            }
        }
        page.footer = vec![
            Action::Enter,
            Action::SetUp,
            Action::Practice,
            Action::Settings,
            Action::Leave,
        ];
        page
    }
}

/// Returns the name and description of a line, and the word at its right end.
fn describe(entry: Entry, model: &Model, width: usize) -> (&'static str, String, String) {
    let home = &model.home;
    match entry {
        Entry::Resume(i) => {
            let (words, aside) = home
                .open
                .get(i)
                .map(|open| waiting(open, width))
                .unwrap_or_default();
            ("Resume", words, aside)
        }
        Entry::Assess => {
            let setup = usual(model);
            let cells = setup.competencies.count_ones() as usize;
            let minutes = super::setup::fair_time(model, &setup).0.div_ceil(60_000);
            let words = match width {
                60.. => format!(
                    "{} {dot} {} {dot} {minutes} min",
                    count(setup.size, "question"),
                    if cells == 1 {
                        "1 competency".to_owned()
                    } else {
                        format!("{cells} competencies")
                    },
                    dot = "·"
                ),
                _ => format!("{} · {minutes} min", count(setup.size, "question")),
            };
            (
                "Assess",
                words,
                home.last
                    .as_ref()
                    .map_or(String::new(), |day| format!("last: {day}")),
            )
        }
        Entry::SetUp => (
            "Set up",
            if width >= 60 {
                "choose topics, length and time"
            } else {
                "your own"
            }
            .to_owned(),
            String::new(),
        ),
        Entry::Practice => {
            let practice = home.practice.clone().unwrap_or_default();
            let unseen: usize = home.stock.iter().map(|stock| stock.unseen).sum();
            let due = match practice.due {
                // If nothing is known about the person yet, the line mentions the new questions.
                0 if unseen > KEPT && practice.weakest.is_none() => {
                    "nothing due, new questions".to_owned()
                }
                0 => "nothing due".to_owned(),
                due => format!("{due} due"),
            };
            let words = match practice.weakest {
                Some(weakest) if width >= 60 => format!("{due} · weakest: {weakest}"),
                _ => due,
            };
            let streak = practice.streak as usize;
            let streak = if streak == 0 {
                String::new()
            } else {
                format!("streak {}", count(streak, "day"))
            };
            ("Practice", words, streak)
        }
        Entry::Mentor => {
            let words = match home.people {
                0 if width >= 60 => "sessions with people you mentor".to_owned(),
                0 => "no people yet".to_owned(),
                1 => "1 person".to_owned(),
                n => format!("{n} people"),
            };
            ("Mentor", words, String::new())
        }
        Entry::Decks => (
            "Decks",
            format!(
                "{} · {}",
                count(home.decks, "deck"),
                count(home.questions, "question")
            ),
            String::new(),
        ),
        Entry::History => (
            "History",
            if home.sessions == 0 {
                "none yet".to_owned()
            } else {
                count(home.sessions, "session")
            },
            String::new(),
        ),
        Entry::Settings => (
            "Settings",
            format!(
                "theme {} · time ×{}",
                model.settings.theme.word(),
                model.settings.time_multiplier
            ),
            String::new(),
        ),
    }
}

/// Returns the description of a session that can be resumed, and its remaining time.
fn waiting(open: &OpenSession, width: usize) -> (String, String) {
    let OpenSession {
        day,
        answered,
        questions,
        left,
        ..
    } = open;
    match open.mode {
        Mode::Practise => (
            match width {
                60.. => format!("practice of {day}, {answered} of {questions} done"),
                _ => format!("practice, {answered} of {questions}"),
            },
            String::new(),
        ),
        Mode::Mentor => (
            match width {
                60.. => format!("mentor session of {day}, {answered} of {questions} talked about"),
                _ => format!("mentor, {answered} of {questions}"),
            },
            String::new(),
        ),
        _ => (
            match width {
                60.. => format!("assessment of {day}, {answered} of {questions} answered"),
                _ => format!("{day}, {answered} of {questions}"),
            },
            left.map_or("untimed".to_owned(), |left| {
                format!("{} left", left.clock())
            }),
        ),
    }
}
