//! The home screen, to start and resume sessions.
//!
//! ```text
//!   aethos                              senior distributed systems engineer
//!
//! ▸ Resume    assessment of 21 Nov, 17 of 40 answered      31:12 left
//!
//!   Assess    40 questions · 8 competencies · 88 min       last: 21 Nov
//!   Practice  12 due · weakest: data consistency
//!
//!   Decks     10 decks · 92 questions
//!
//!   Continue where you left off, finish the session, or discard it.
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::{DEEP, Effect, Setup, TimeChoice};
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::screen::setup::{SHORTEST, SIZES, plan_of, step};
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use describe::{Described, WELCOME, about, describe};

mod describe;
mod panel;

/// The widest list beside the panel.
const WIDEST: usize = 76;

#[derive(Default)]
pub struct HomeScreen {
    cursor: Cursor,
}

impl HomeScreen {
    pub fn at_practice(model: &Model) -> Self {
        let mut home = Self::default();
        let practice = |entry: &Entry| *entry == Entry::Practice;
        home.cursor.at = entries(model).iter().position(practice).unwrap_or(0);
        home
    }
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

/// Returns the setup started by one key: about `size` questions, all competencies, expected time.
pub fn usual(model: &Model, size: usize) -> Setup {
    let competencies = crate::core::form::cells(&model.home.blueprint, &[]);
    let there: usize = plan_of(model, competencies, size)
        .iter()
        .map(|(_, n, has)| n.min(has))
        .sum();
    let size = size.min(there);
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
    /// Returns true if the arrow keys change the length of an assessment.
    fn is_on_assess(&self, model: &Model) -> bool {
        let is_marked = entries(model).get(self.cursor.at) == Some(&Entry::Assess);
        is_marked && usual(model, DEEP).size > SHORTEST
    }

    fn open(&self, entry: Entry, turn: &mut Turn) {
        match entry {
            Entry::Resume(i) => {
                if let Some(open) = turn.model.home.open.get(i).cloned() {
                    turn.go(Route::Resume(open));
                }
            }
            Entry::Assess => {
                let setup = usual(turn.model, turn.model.size);
                match setup.size {
                    0 => turn.tell("there are no questions: see Decks"),
                    _ => turn.go(Route::Briefing(setup)),
                }
            }
            Entry::SetUp => {
                let setup = Setup {
                    size: turn.model.size,
                    ..usual(turn.model, turn.model.size)
                };
                turn.go(Route::SetUp(setup));
            }
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
            Action::Left | Action::Right if self.is_on_assess(turn.model) => {
                let is_longer = action == Action::Right;
                turn.model.size = step(&SIZES.map(|(n, _)| n), turn.model.size, is_longer);
            }
            Action::SetUp => self.open(Entry::SetUp, turn),
            Action::Practise => self.open(Entry::Practice, turn),
            Action::Prepare => self.open(Entry::Mentor, turn),
            Action::Overview => self.open(Entry::History, turn),
            Action::Search => turn.go(Route::Browse),
            Action::Settings => self.open(Entry::Settings, turn),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter
            | Action::SetUp
            | Action::Practise
            | Action::Prepare
            | Action::Overview
            | Action::Search
            | Action::Settings => true,
            Action::Left | Action::Right => self.is_on_assess(model),
            // There is nothing before the first screen.
            Action::Back => false,
            _ => Cursor::works(action, entries(model).len(), scrolls),
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
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if width >= 50 {
            writer.page.blank();
        }
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| self.list(model, left),
                |right| panel::draw(model, right),
            );
        } else {
            if is_first_run(model) && width >= 50 {
                writer.width = width - 2;
                writer.indented(WELCOME, Role::Text);
                writer.width = width;
                writer.page.blank();
            }
            self.list(model, &mut writer);
        }
        for notice in &model.home.notices {
            writer.page.blank();
            writer.indented(&format!("! {notice}"), Role::Warn);
        }
        page.footer = vec![
            Action::Enter,
            Action::SetUp,
            Action::Practise,
            Action::Overview,
            Action::Search,
            Action::Settings,
            Action::Leave,
            Action::Right,
        ];
        page
    }
}

impl HomeScreen {
    /// Draws the entries, and what the marked one does.
    fn list(&self, model: &Model, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        let entries = entries(model);
        for (i, entry) in entries.iter().enumerate() {
            if width >= 50 && begins_group(&entries, i) {
                writer.page.blank();
            }
            let marked = i == self.cursor.at;
            let arrows = (look.theme.mark("◂", "<"), look.theme.mark("▸", ">"));
            let size = (
                model.size,
                (marked && self.is_on_assess(model)).then_some(arrows),
            );
            let line = line(
                &describe(*entry, size, model, width),
                *entry,
                marked,
                look,
                width,
            );
            writer.page.choice(line, Action::Choose(i), marked, look);
            if i + 1 == model.home.open.len() && model.home.more_open > 0 {
                let more = format!("{:>12}and {} more in the history", "", model.home.more_open);
                writer.page.push(look.line(more, Role::Dim));
            }
        }
        if let Some(entry) = entries.get(self.cursor.at) {
            writer.page.blank();
            let words = match width {
                ..50 if is_first_run(model) => WELCOME.to_owned(),
                _ => about(*entry, model),
            };
            writer.indented(&words, Role::Dim);
        }
    }
}

fn is_first_run(model: &Model) -> bool {
    model.home.sessions == 0 && model.home.open.is_empty()
}

/// Returns true if an entry is the first of its group: sessions that wait, what to do, what to look at.
fn begins_group(entries: &[Entry], i: usize) -> bool {
    let group = |entry: &Entry| match entry {
        Entry::Resume(_) => 0,
        Entry::Assess | Entry::Practice | Entry::Mentor => 1,
        Entry::SetUp | Entry::Decks | Entry::History | Entry::Settings => 2,
    };
    i > 0 && group(&entries[i - 1]) != group(&entries[i])
}

/// Returns the line of an entry: its name, its state, and a word at the right end if it fits.
fn line(
    described: &Described,
    entry: Entry,
    marked: bool,
    look: &Look,
    width: usize,
) -> Line<'static> {
    let role = match entry {
        Entry::Resume(_) => Role::Warn,
        _ => Role::Strong,
    };
    let mut spans = vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(format!("{:<10}", described.name), role),
        look.span(described.words.clone(), Role::Text),
    ];
    let used: usize = spans.iter().map(|s| s.width()).sum();
    let aside = described.aside.chars().count();
    if aside > 0 && used + aside + 2 <= width {
        spans.push(look.span(" ".repeat(width - used - aside), Role::Text));
        spans.push(look.span(described.aside.clone(), Role::Dim));
    }
    Line::from(spans)
}
