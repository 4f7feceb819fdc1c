//! The end of homework: which file to send back.

use super::{Screen, reads};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

pub struct HandedInScreen {
    words: String,
    scroll: Scroll,
}

impl HandedInScreen {
    pub fn new(words: String) -> Self {
        Self {
            words,
            scroll: Scroll::default(),
        }
    }
}

impl Screen for HandedInScreen {
    fn context(&self) -> Context {
        Context::Dialog
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            // A key that was meant for the last question must not close the sentence about the file.
            Action::Enter if turn.is_hasty => {}
            Action::Enter | Action::Back | Action::Leave => turn.effect(Effect::Quit),
            action => drop(self.scroll.act(action, turn.seen)),
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        action == Action::Enter || reads(action, scrolls)
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("The homework is finished", Role::Title),
            ..Page::default()
        };
        for line in prose::wrap(&self.words, width, 0) {
            page.push(look.line(line, Role::Text));
        }
        page.words = vec![(Action::Enter, "quit")];
        page.footer = vec![Action::Enter];
        page
    }
}
