//! The decks screen: the decks and their problems.

use ratatui::text::Line;

use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{DeckLine, Effect};
use crate::app::keymap::{Action, Context};
use crate::core::id::DeckId;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

pub struct DecksScreen {
    decks: Vec<DeckLine>,
    cursor: Cursor,
}

impl DecksScreen {
    pub fn new(decks: Vec<DeckLine>) -> Self {
        Self {
            decks,
            cursor: Cursor::default(),
        }
    }

    /// Returns the deck on the marked line; `None` for a file that can't be read.
    fn marked(&self) -> Option<&DeckId> {
        let line = self.decks.get(self.cursor.at)?;
        line.id.as_ref()
    }

    fn open(&self, turn: &mut Turn) {
        if let Some(deck) = self.marked() {
            turn.effect(Effect::ShowDeck(deck.clone()));
        }
    }
}

impl Screen for DecksScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, self.decks.len(), turn) {
            return;
        }
        match action {
            Action::Enter => self.open(turn),
            Action::Choose(i) => {
                self.cursor.at = i.min(self.decks.len().saturating_sub(1));
                self.open(turn);
            }
            Action::Back => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => self.marked().is_some(),
            _ => Cursor::works(action, self.decks.len(), scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Decks", Role::Title),
            ..Page::default()
        };
        for (i, deck) in self.decks.iter().enumerate() {
            let marked = i == self.cursor.at;
            let mut spans = vec![look.span(pointer(marked, look), Role::Key)];
            let room = if width >= 60 {
                30
            } else {
                width.saturating_sub(12)
            };
            spans.push(look.span(fixed(&deck.title, room), Role::Text));
            let words = if width >= 60 {
                format!(" {:>14}", count(deck.questions, "question"))
            } else {
                format!(" {:>7}", deck.questions)
            };
            spans.push(look.span(words, Role::Text));
            if width >= 60 {
                let facets = format!("   facets {:>2} of {:<2}", deck.facets.0, deck.facets.1);
                spans.push(look.span(facets, Role::Dim));
            }
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
            if !deck.builtin && deck.id.is_some() {
                let words = match deck.counts {
                    true => "yours, counts for the score",
                    false => "yours, doesn't count for the score",
                };
                for line in prose::wrap(words, width.saturating_sub(4), 0) {
                    page.push(look.line(format!("    {line}"), Role::Dim));
                }
            }
            for problem in &deck.problems {
                for line in prose::wrap(problem, width.saturating_sub(4), 2) {
                    page.push(look.line(format!("    {line}"), Role::Warn));
                }
            }
        }
        page.blank();
        let words = "Put your own decks into decks/ in the data folder. `aethos new` writes one \
                     to start from; `aethos check` finds its errors. A deck with `counts = true` counts for the score.";
        for line in prose::wrap(words, width.saturating_sub(2), 0) {
            page.push(look.line(format!("  {line}"), Role::Dim));
        }
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}
