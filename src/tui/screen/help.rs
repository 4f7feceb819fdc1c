//! The help screen: all keys of the screen below, generated from the key map.

use ratatui::text::Line;

use super::{Screen, fixed};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll, ascii_key};
use crate::tui::theme::Role;

pub struct HelpScreen {
    of: Context,
    scroll: Scroll,
}

impl HelpScreen {
    pub fn new(of: Context) -> Self {
        Self {
            of,
            scroll: Scroll {
                free: true,
                ..Scroll::default()
            },
        }
    }
}

impl Screen for HelpScreen {
    fn context(&self) -> Context {
        Context::Anywhere
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::PageUp | Action::PageDown => {
                self.scroll.by_page(turn.seen, action == Action::PageDown);
            }
            Action::Top => self.scroll.offset = 0,
            Action::Bottom => self.scroll.offset = turn.seen.last_offset,
            Action::Leave => turn.effect(Effect::Quit),
            _ => turn.pop(),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line(format!("Keys: {}", self.of.name()), Role::Title),
            ..Page::default()
        };
        let room = if width >= 50 { 18 } else { 11 };
        let mut row = |keys: &str, words: &str| {
            page.push(Line::from(vec![
                look.span(fixed(keys, room), Role::Key),
                look.span(" ", Role::Text),
                look.span(fixed(words, width.saturating_sub(room + 1)), Role::Text),
            ]));
        };
        if self.of == Context::Question {
            row(
                "a b c ...",
                "choose an option or a right entry, or mark a step",
            );
            row("1 2 3 4", "how sure: guess, unsure, fairly, sure");
        }
        if self.of == Context::Setup {
            row(
                "1 2 3 4  0",
                "rate yourself in a competency, or clear the rating",
            );
        }
        if self.of == Context::Mentor {
            row(
                "a b c ...",
                "the answer of the only person, or of the person at the keyboard",
            );
            row(
                "1 2 3 4  0",
                "confidence, fingers down the roster, a level or points",
            );
        }
        for binding in look.keymap.help(self.of) {
            let keys: Vec<String> = binding
                .keys
                .iter()
                .map(|k| ascii_key(&k.to_string(), &look.theme))
                .collect();
            row(&keys.join(" "), binding.sentence);
        }
        row("mouse", "click to choose, turn the wheel to scroll");
        page.footer = vec![Action::Back];
        page
    }
}
