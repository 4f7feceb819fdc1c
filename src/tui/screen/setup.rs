//! The set-up screen of an assessment: competencies, self-rating, length and time.
//!
//! ```text
//!   Set up an assessment
//!
//!     ✓ Architecture design        10 %   4 of 10 questions   you: senior
//!     ✓ Scalability expertise      11 %   4 of 10
//!     ...
//!     Length    ◂ 40 questions, standard ▸
//!     Time      ◂ 52 min, the sum of fair times ▸
//!   ▸ Start
//! ```

use std::collections::BTreeMap;

use ratatui::text::Line;

use super::briefing::Topic;
use super::{Cursor, Screen, pointer};
use crate::app::effect::{DEEP, Effect, QUICK, STANDARD, Setup, TimeChoice};
use crate::app::keymap::{Action, Context};
use crate::core::form::allocate;
use crate::core::id::CompetencyId;
use crate::core::question::Level;
use crate::core::time::Millis;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

mod explain;
mod lines;
mod promise;
mod words;

pub use promise::Promise;

use lines::offer;
use words::{about, questions};

/// The number of questions of the shortest assessment.
pub const SHORTEST: usize = 8;
/// The numbers of questions to choose from, and their names.
pub const SIZES: [(usize, &str); 6] = [
    (SHORTEST, "sample"),
    (16, "short"),
    (QUICK, "quick"),
    (STANDARD, "standard"),
    (60, "long"),
    (DEEP, "deep"),
];
/// Below this width, the words are shorter.
const NARROW: usize = 60;
/// The widest list beside the explanation of the marked line.
const WIDEST: usize = 76;
const MINUTES: [u64; 8] = [10, 15, 20, 30, 45, 60, 90, 120];
/// The levels of the self-rating, by their number keys from 1.
pub const RATINGS: [Level; 4] = [Level::Junior, Level::Mid, Level::Senior, Level::Staff];

pub struct SetupScreen {
    cursor: Cursor,
    competencies: u16,
    size: usize,
    /// The maximum number of questions of an adaptive assessment.
    adaptive_size: usize,
    written: usize,
    time: TimeChoice,
    adaptive: bool,
    ratings: BTreeMap<CompetencyId, Level>,
}

#[derive(Clone, Copy, PartialEq)]
enum Entry {
    Competency(usize),
    Questions,
    Length,
    Written,
    Time,
    Start,
}

impl SetupScreen {
    /// Creates the screen with the choices made so far.
    pub fn new(setup: Setup, model: &Model) -> Self {
        let entries = model.home.blueprint.competencies.len() + 5;
        let cursor = Cursor {
            at: entries - 1,
            ..Cursor::default()
        };
        let mut sizes = SIZES.into_iter().map(|(n, _)| n);
        Self {
            cursor,
            competencies: setup.competencies,
            // The chosen size is smaller than one of the list if there are not enough questions.
            size: sizes.find(|n| *n >= setup.size).unwrap_or(STANDARD),
            adaptive_size: STANDARD,
            written: setup.written,
            time: setup.time,
            adaptive: setup.adaptive,
            ratings: setup.ratings,
        }
    }

    /// Returns the chosen number of questions.
    fn size(&self) -> usize {
        match self.adaptive {
            true => self.adaptive_size,
            false => self.size,
        }
    }

    fn entries(&self, model: &Model) -> Vec<Entry> {
        let mut entries: Vec<Entry> = (0..model.home.blueprint.competencies.len())
            .map(Entry::Competency)
            .collect();
        entries.extend([
            Entry::Questions,
            Entry::Length,
            Entry::Written,
            Entry::Time,
            Entry::Start,
        ]);
        // Open questions are rated afterwards, so they can't help to choose the next question.
        entries.retain(|entry| !(self.adaptive && *entry == Entry::Written));
        entries
    }

    fn setup(&self, model: &Model) -> Setup {
        let there: usize = match self.adaptive {
            true => self.unseen(model),
            false => plan_of(model, self.competencies, self.size)
                .iter()
                .map(|(_, wanted, has)| (*wanted).min(*has))
                .sum(),
        };
        Setup {
            competencies: self.competencies,
            size: self.size().min(there),
            written: if self.adaptive { 0 } else { self.written },
            time: self.time,
            adaptive: self.adaptive,
            ratings: self.ratings.clone(),
        }
    }

    /// Returns [`plan_of`] for the selection; empty for an adaptive session.
    fn plan(&self, model: &Model) -> Vec<(usize, usize, usize)> {
        let mut plan = plan_of(model, self.competencies, self.size);
        if self.adaptive {
            plan.retain(|(i, ..)| model.home.blueprint.competencies[*i].is_scored());
            plan.iter_mut()
                .for_each(|(i, wanted, has)| (*wanted, *has) = (0, self.there(*i, model)));
        }
        plan
    }

    /// Returns the number of questions of a competency that can be asked.
    fn there(&self, i: usize, model: &Model) -> usize {
        model
            .home
            .stock
            .get(i)
            .map_or(0, |s| if self.adaptive { s.unseen } else { s.questions })
    }

    /// Returns the number of questions that an adaptive session can choose from.
    fn unseen(&self, model: &Model) -> usize {
        let stock = model
            .home
            .blueprint
            .competencies
            .iter()
            .zip(&model.home.stock)
            .enumerate();
        let chosen = stock.filter(|(i, (c, _))| c.is_scored() && self.competencies >> i & 1 == 1);
        chosen.map(|(_, (_, stock))| stock.unseen).sum()
    }

    fn change(&mut self, entry: Entry, more: bool, model: &Model) {
        match entry {
            Entry::Competency(i) => self.competencies ^= 1 << i,
            Entry::Questions => self.adaptive = !self.adaptive,
            Entry::Length if self.adaptive => {
                self.adaptive_size = step(&[QUICK, STANDARD, DEEP], self.adaptive_size, more);
            }
            Entry::Length => self.size = step(&SIZES.map(|(n, _)| n), self.size, more),
            Entry::Written => {
                let most = written_there(model, self.competencies).min(4);
                self.written = if more {
                    (self.written + 1).min(most)
                } else {
                    self.written.saturating_sub(1)
                };
            }
            Entry::Time => {
                let mut choices = vec![TimeChoice::Fair];
                choices.extend(MINUTES.map(|m| TimeChoice::Within(Millis::minutes(m))));
                choices.push(TimeChoice::Untimed);
                let at = choices.iter().position(|c| *c == self.time).unwrap_or(0);
                let next = if more {
                    (at + 1) % choices.len()
                } else {
                    (at + choices.len() - 1) % choices.len()
                };
                self.time = choices[next];
            }
            Entry::Start => {}
        }
    }

    /// Marks the next competency that can be rated, or the entry after the competencies.
    fn mark_next_rating(&mut self, entries: &[Entry], model: &Model) {
        let is_next =
            |entry: &&Entry| is_rated(**entry, model) || !matches!(entry, Entry::Competency(_));
        let below = entries.iter().skip(self.cursor.at + 1);
        let skipped = below.take_while(|entry| !is_next(entry)).count();
        self.cursor.at = (self.cursor.at + 1 + skipped).min(entries.len() - 1);
    }

    fn rate(&mut self, entry: Entry, digit: u8, model: &Model) {
        let Entry::Competency(i) = entry else { return };
        let competency = &model.home.blueprint.competencies[i];
        let level = usize::from(digit)
            .checked_sub(1)
            .and_then(|i| RATINGS.get(i));
        match level {
            Some(level) if competency.is_scored() => {
                self.ratings.insert(competency.id.clone(), *level)
            }
            _ => self.ratings.remove(&competency.id),
        };
    }
}

/// Returns true if the person can rate themselves in the competency of an entry.
fn is_rated(entry: Entry, model: &Model) -> bool {
    match entry {
        Entry::Competency(i) => model.home.blueprint.competencies[i].is_scored(),
        _ => false,
    }
}

/// Returns the next higher or lower choice, or `now` if there is none.
pub fn step(choices: &[usize], now: usize, more: bool) -> usize {
    let next = if more {
        choices.iter().find(|n| **n > now)
    } else {
        choices.iter().rev().find(|n| **n < now)
    };
    next.copied().unwrap_or(now)
}

/// Returns for each chosen competency its index in the blueprint, its share of `size`, and the number of available
/// questions.
pub fn plan_of(model: &Model, competencies: u16, size: usize) -> Vec<(usize, usize, usize)> {
    let blueprint = &model.home.blueprint;
    let chosen: Vec<usize> = (0..blueprint.competencies.len())
        .filter(|i| competencies >> i & 1 == 1)
        .collect();
    let weights: Vec<u32> = chosen
        .iter()
        .map(|i| blueprint.competencies[*i].weight)
        .collect();
    let has = |i: &usize| model.home.stock.get(*i).map_or(0, |s| s.questions);
    chosen
        .iter()
        .zip(allocate(&weights, size))
        .map(|(i, wanted)| (*i, wanted, has(i)))
        .collect()
}

fn written_there(model: &Model, competencies: u16) -> usize {
    let stock = model.home.stock.iter().enumerate();
    stock
        .filter(|(i, _)| competencies >> i & 1 == 1)
        .map(|(_, s)| s.written)
        .sum()
}

/// Returns the questions of each competency in such a form, and about how long they take.
pub fn topics_of(model: &Model, setup: &Setup) -> Vec<Topic> {
    let topic = |(competency, wanted, has): (usize, usize, usize)| {
        let stock = model.home.stock.get(competency)?;
        let questions = wanted.min(has);
        Some(Topic {
            competency,
            questions,
            seconds: stock.seconds * questions as u64 / stock.questions.max(1) as u64,
        })
    };
    let plan = plan_of(model, setup.competencies, setup.size);
    plan.into_iter().filter_map(topic).collect()
}

/// Returns the approximate expected time of such a form; the drawn form has the exact one.
fn fair_time(model: &Model, setup: &Setup) -> Millis {
    let topics = topics_of(model, setup);
    let seconds: u64 = topics.iter().map(|topic| topic.seconds).sum();
    model
        .settings
        .time_multiplier
        .scale(Millis::seconds(seconds + 900 * setup.written as u64))
}

/// Returns the fair time in minutes, to the nearest five minutes of a long form, because the drawn form decides.
pub fn about_minutes(model: &Model, setup: &Setup) -> u64 {
    match fair_time(model, setup).0.div_ceil(60_000) {
        minutes @ ..20 => minutes,
        minutes => (minutes + 2) / 5 * 5,
    }
}

impl Screen for SetupScreen {
    fn context(&self) -> Context {
        Context::Setup
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let entries = self.entries(turn.model);
        if self.cursor.act(action, entries.len(), turn) {
            return;
        }
        let at = match action {
            Action::Choose(i) if i < entries.len() => {
                self.cursor.at = i;
                entries[i]
            }
            _ => entries[self.cursor.at.min(entries.len() - 1)],
        };
        match action {
            Action::Enter | Action::Choose(_) if at == Entry::Start => {
                let setup = self.setup(turn.model);
                match setup.size + setup.written {
                    0 => turn.tell("choose at least one competency with questions"),
                    _ => turn.go(Route::SetUpBriefing(setup)),
                }
            }
            Action::Enter | Action::Choose(_) | Action::Right | Action::Toggle => {
                self.change(at, true, turn.model);
                turn.model.size = self.size;
            }
            Action::Left => {
                self.change(at, false, turn.model);
                turn.model.size = self.size;
            }
            Action::Digit(digit) if is_rated(at, turn.model) => {
                self.rate(at, digit, turn.model);
                self.mark_next_rating(&entries, turn.model);
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let entries = self.entries(model);
        let at = entries[self.cursor.at.min(entries.len() - 1)];
        match action {
            Action::Enter => true,
            Action::Left | Action::Right => at != Entry::Start,
            Action::Toggle => matches!(at, Entry::Competency(_)),
            Action::Digit(_) => is_rated(at, model),
            _ => Cursor::works(action, entries.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Set up an assessment", Role::Title),
            ..Page::default()
        };
        let entries = self.entries(model);
        let marked_entry = entries.get(self.cursor.at).copied();
        if width >= NARROW && marked_entry.is_some_and(|entry| is_rated(entry, model)) {
            page.right = look.line("1 junior  2 mid  3 senior  4 staff  0 none", Role::Dim);
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if writer.has_two_columns() {
            let columns = (width / 2).min(WIDEST);
            writer.two_columns(
                columns,
                |left| self.list(&entries, model, left),
                |right| {
                    if let Some(entry) = marked_entry {
                        self.explain(entry, model, right);
                    }
                },
            );
        } else {
            self.list(&entries, model, &mut writer);
            if let Some(entry) = marked_entry {
                let words = about(entry, self.adaptive, is_rated(entry, model));
                writer.page.blank();
                writer.indented(words, Role::Dim);
            }
        }
        page.footer = vec![Action::Enter, Action::Toggle, Action::Right, Action::Back];
        page
    }
}

impl SetupScreen {
    /// Draws the choices, and what is missing for them.
    fn list(&self, entries: &[Entry], model: &Model, writer: &mut Writer) {
        let (look, width) = (writer.look, writer.width);
        let plan = self.plan(model);
        for (i, entry) in entries.iter().enumerate() {
            if matches!(entry, Entry::Questions | Entry::Start) {
                writer.page.blank();
            }
            let marked = i == self.cursor.at;
            let value = |label, words| offer(look, label, words);
            let mut line = vec![look.span(pointer(marked, look), Role::Key)];
            line.extend(match *entry {
                Entry::Competency(c) => self.competency_line(c, &plan, model, look, width),
                Entry::Questions => value("Questions", questions(self.adaptive, width).to_owned()),
                Entry::Length => value("Length", self.length_words(width)),
                Entry::Written => value("Written", self.written_words(width)),
                Entry::Time => value("Time", self.time_words(model, width)),
                Entry::Start => vec![look.span("Start", Role::Strong)],
            });
            writer
                .page
                .choice(Line::from(line), Action::Choose(i), marked, look);
        }
        for note in self.notes(&plan, model) {
            writer.page.blank();
            writer.indented(&note, Role::Warn);
        }
    }
}
