//! What the answers say about the questions of a deck, a question on each line.
//!
//! ```text
//!   What the answers say: Our incidents                    3 questions with answers
//!
//!     question                              answers  right   mean  discr.    time
//!   ▸ retries.001                                24     18   0.77    0.31    0:48
//!       What does the caller have to do?
//!       key suspect, too slow
//! ```

use ratatui::text::Line;

use super::{Cursor, Screen, TEXT, fixed, fixed_end, pointer};
use crate::app::effect::Effect;
use crate::app::items::{ItemLine, ItemsPage};
use crate::app::keymap::{Action, Context};
use crate::core::items::{ENOUGH, ItemFlag};
use crate::core::text::Text;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

/// The width from which the numbers are on the line of the question.
const WIDE: usize = 70;
/// The width of the columns of numbers.
const NUMBERS: usize = 39;

pub struct ItemsScreen {
    page: ItemsPage,
    cursor: Cursor,
}

impl ItemsScreen {
    pub fn new(page: ItemsPage) -> Self {
        Self {
            page,
            cursor: Cursor::default(),
        }
    }

    fn open(&self, turn: &mut Turn) {
        if let Some(line) = self.page.lines.get(self.cursor.at) {
            turn.go(Route::Item(Box::new(line.clone())));
        }
    }
}

impl Screen for ItemsScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, self.page.lines.len(), turn) {
            return;
        }
        match action {
            Action::Enter => self.open(turn),
            Action::Choose(i) if i < self.page.lines.len() => {
                self.cursor.at = i;
                self.open(turn);
            }
            Action::Back | Action::Left => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn has_long_lines(&self) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => !self.page.lines.is_empty(),
            _ => Cursor::works(action, self.page.lines.len(), scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let lines = &self.page.lines;
        let title = self.page.title.line();
        let mut page = Page {
            left: look.line(format!("What the answers say: {title}"), Role::Title),
            footer: vec![Action::Enter, Action::Back],
            ..Page::default()
        };
        if width >= WIDE {
            page.right = look.line(count(lines.len(), "question"), Role::Dim);
        }
        for line in prose::wrap(&explanation(lines), width.min(TEXT), 0) {
            page.push(look.line(line, Role::Dim));
        }
        page.blank();
        if width >= WIDE && !lines.is_empty() {
            let head = fixed("  question", width.min(TEXT) - NUMBERS);
            let numbers = "answers  right   mean  discr.   time";
            page.push(look.line(format!("{head}{numbers:>NUMBERS$}"), Role::Dim));
        }
        for (i, line) in lines.iter().enumerate() {
            entry(line, i, i == self.cursor.at, &mut page, look, width);
        }
        page
    }
}

fn explanation(lines: &[ItemLine]) -> String {
    match lines.is_empty() {
        true => "Nobody has answered a question of this deck yet.".to_owned(),
        false => format!(
            "The answers of all people in this history: assessments, practice, mentor sessions and homework. They \
             describe these people as much as the questions. Below {ENOUGH} answers, there are only counts."
        ),
    }
}

/// Adds a question: its id with the numbers, its lead-in, and its flags.
fn entry(line: &ItemLine, i: usize, marked: bool, page: &mut Page, look: &Look, width: usize) {
    let id = Text::new(line.question.as_str()).line();
    let is_wide = width >= WIDE;
    let room = width
        .min(TEXT)
        .saturating_sub(if is_wide { NUMBERS + 2 } else { 2 });
    let mut spans = vec![
        look.span(pointer(marked, look), Role::Key),
        look.span(fixed_end(&id, room), Role::Strong),
    ];
    if is_wide {
        spans.push(look.span(columns(line), Role::Text));
    }
    page.choice(Line::from(spans), Action::Choose(i), marked, look);
    let mut below = |words: &str, role| {
        for line in prose::wrap(words, width.saturating_sub(4).max(1), 0) {
            page.choice(
                look.line(format!("    {line}"), role),
                Action::Choose(i),
                marked,
                look,
            );
        }
    };
    if is_wide {
        let words = match line.is_seen {
            true => fixed(&line.lead_in.line(), width - 4),
            false => "you have not seen this question, so its text stays hidden".to_owned(),
        };
        below(words.trim_end(), Role::Dim);
    }
    if !is_wide {
        below(&in_words(line), Role::Text);
    }
    let flags = line.statistics.detail.as_ref();
    let flags = flags.map_or(&[][..], |detail| &detail.flags);
    if !flags.is_empty() {
        let flags: Vec<&str> = flags.iter().map(|flag| ItemFlag::words(*flag)).collect();
        below(&flags.join(", "), Role::Warn);
    }
}

/// Returns the numbers of a question, each in its column.
fn columns(line: &ItemLine) -> String {
    let statistics = &line.statistics;
    let detail = statistics.detail.as_ref();
    let share = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.2}"));
    let time = detail.and_then(|detail| Some(detail.median?.clock()));
    format!(
        "{:>10}  {:>5}  {:>5}  {:>6}  {:>5}",
        statistics.n,
        statistics.right,
        share(detail.map(|detail| detail.facility)),
        share(detail.and_then(|detail| detail.discrimination)),
        time.unwrap_or_default()
    )
}

/// Returns the numbers of a question as words.
fn in_words(line: &ItemLine) -> String {
    let statistics = &line.statistics;
    let mut words = format!("{} of {} right", statistics.right, statistics.n);
    if let Some(detail) = &statistics.detail {
        words.push_str(&format!(", mean {:.2}", detail.facility));
        if let Some(discrimination) = detail.discrimination {
            words.push_str(&format!(", discr. {discrimination:.2}"));
        }
    }
    words
}
