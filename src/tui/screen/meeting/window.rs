//! The second window: the stage of the session in the first one, and no key that does anything to it.

use super::stage;
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::screen::Screen;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

#[derive(Default)]
pub struct WindowScreen {
    scroll: Scroll,
}

impl Screen for WindowScreen {
    fn context(&self) -> Context {
        Context::Anywhere
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::PageUp | Action::PageDown => self.scroll.by_page(turn.seen, action == Action::PageDown),
            Action::Top => self.scroll = Scroll { offset: 0, free: true },
            // Another scene: from here on the window follows again.
            Action::Next => self.scroll = Scroll::default(),
            Action::Bottom => self.scroll = Scroll { offset: turn.seen.last_offset, free: true },
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = match &model.stage {
            Some(stage) => stage::view(stage, None, look, width),
            None => {
                let mut page = Page { left: look.line("Stage", Role::Title), ..Page::default() };
                page.blank();
                page.push(look.line("Waiting for a session.", Role::Strong));
                let words = "This window shows what everybody may see, as soon as a mentor session runs here.";
                for line in prose::wrap(words, width, 0) {
                    page.push(look.line(line, Role::Dim));
                }
                page
            }
        };
        page.read = model.stage.as_ref().map(|stage| stage.read).filter(|read| *read > 0);
        page.footer = vec![Action::Leave];
        page
    }
}
