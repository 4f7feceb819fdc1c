//! A dialog above the current screen: a sentence or two, and a few choices.

mod history;
mod running;

use ratatui::text::Line;

use super::{Cursor, Screen, pointer};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

type DialogAction = Box<dyn Fn(&mut Turn)>;

/// A choice of a dialog.
struct Choice {
    words: String,
    deed: DialogAction,
    /// True if the choice cannot be undone.
    is_final: bool,
}

pub struct Dialog {
    title: String,
    words: Vec<String>,
    choices: Vec<Choice>,
    cursor: Cursor,
    /// True if a choice is marked. At first none is marked if the first one cannot be undone, so that Enter does
    /// nothing.
    is_marked: bool,
    about_time: bool,
    /// True if there is no screen to go back to.
    is_first: bool,
}

impl Dialog {
    pub(super) fn new(title: &str, words: Vec<String>) -> Self {
        let choices = Vec::new();
        // A dialog that is longer than the screen opens at its beginning, which says what the choices are about.
        let cursor = Cursor {
            at: 0,
            scroll: Scroll {
                offset: 0,
                free: true,
            },
        };
        Self {
            title: title.to_owned(),
            words,
            choices,
            cursor,
            is_marked: false,
            about_time: false,
            is_first: false,
        }
    }

    pub(super) fn choice(self, words: &str, deed: impl Fn(&mut Turn) + 'static) -> Self {
        self.add(Choice {
            words: words.to_owned(),
            deed: Box::new(deed),
            is_final: false,
        })
    }

    /// Adds a choice that cannot be undone; it ignores a key that was pressed before the dialog could be read.
    pub(super) fn final_choice(self, words: &str, deed: impl Fn(&mut Turn) + 'static) -> Self {
        self.add(Choice {
            words: words.to_owned(),
            deed: Box::new(deed),
            is_final: true,
        })
    }

    fn add(mut self, choice: Choice) -> Self {
        self.is_marked |= self.choices.is_empty() && !choice.is_final;
        self.choices.push(choice);
        self
    }

    /// Marks the first choice, or the last one if the action moves upwards. Returns `false` if a choice is already
    /// marked or the action doesn't move.
    fn mark(&mut self, action: Action) -> bool {
        let at = match action {
            _ if self.is_marked => return false,
            Action::Down | Action::Right | Action::Top => 0,
            Action::Up | Action::Left | Action::Bottom => self.choices.len().saturating_sub(1),
            _ => return false,
        };
        (self.cursor.at, self.is_marked) = (at, true);
        true
    }

    fn choose(&self, place: usize, turn: &mut Turn) {
        match self.choices.get(place) {
            Some(choice) if choice.is_final && turn.is_hasty => {
                turn.refuse();
            }
            Some(choice) => (choice.deed)(turn),
            None => {}
        }
    }

    fn goes_back(&self) -> bool {
        !self.about_time && !self.is_first
    }

    /// Marks the last choice if `is_likely`.
    fn with_last_marked(mut self, is_likely: bool) -> Self {
        if is_likely {
            (self.cursor.at, self.is_marked) = (self.choices.len().saturating_sub(1), true);
        }
        self
    }
}

impl Screen for Dialog {
    fn context(&self) -> Context {
        Context::Dialog
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn is_about_time(&self) -> bool {
        self.about_time
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.mark(action) || self.cursor.act(action, self.choices.len(), turn) {
            return;
        }
        match action {
            Action::Left => drop(self.cursor.act(Action::Up, self.choices.len(), turn)),
            Action::Right => drop(self.cursor.act(Action::Down, self.choices.len(), turn)),
            Action::Enter if self.is_marked => self.choose(self.cursor.at, turn),
            Action::Enter => turn.tell("choose with an arrow key or a number first"),
            Action::Choose(place) => self.choose(place, turn),
            Action::Digit(n @ 1..) => self.choose(usize::from(n) - 1, turn),
            Action::Back if self.goes_back() => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        let n = self.choices.len();
        match action {
            Action::Enter | Action::Digit(_) => true,
            Action::Left | Action::Right => n > 1,
            Action::Back => self.goes_back(),
            _ => Cursor::works(action, n, scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut title = prose::wrap(&self.title, width, 0).into_iter();
        let mut page = Page {
            left: look.line(title.next().unwrap_or_default(), Role::Title),
            ..Page::default()
        };
        title.for_each(|rest| page.push(look.line(rest, Role::Title)));
        for words in &self.words {
            for line in prose::wrap(words, width, 0) {
                page.push(look.line(line, Role::Text));
            }
        }
        page.blank();
        for (i, choice) in self.choices.iter().enumerate() {
            let marked = self.is_marked && i == self.cursor.at;
            let number = format!("{}  ", i + 1);
            let words = prose::wrap(&choice.words, width.saturating_sub(2 + number.len()), 0);
            for (n, words) in words.into_iter().enumerate() {
                let lead = match n {
                    0 => number.clone(),
                    _ => " ".repeat(number.len()),
                };
                let line = Line::from(vec![
                    look.span(pointer(marked && n == 0, look), Role::Key),
                    look.span(lead, Role::Dim),
                    look.span(words, Role::Text),
                ]);
                page.choice(line, Action::Choose(i), marked, look);
            }
        }
        page.footer = vec![Action::Enter];
        if self.goes_back() {
            page.footer.push(Action::Back);
        }
        page.footer.push(Action::PageDown);
        page
    }
}
