//! A screen that is only read: its keys scroll, go back or quit.

use super::{Screen, reads};
use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};

/// What a screen that is only read shows.
pub trait Content {
    const CONTEXT: Context = Context::List;
    /// True if lines use the whole width, as in [`Screen::has_long_lines`].
    const HAS_LONG_LINES: bool = false;

    /// Performs an action of this content; returns true if it shows another text now.
    fn act(&mut self, _action: Action, _turn: &mut Turn) -> bool {
        false
    }

    /// Returns true if an action of this content does something now.
    fn works(&self, _action: Action, _model: &Model) -> bool {
        false
    }

    /// Returns what an action does, as in [`Screen::sentence`].
    fn sentence(&self, _action: Action) -> Option<&'static str> {
        None
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page;
}

/// A content with its scroll position.
pub struct ReadOnlyScreen<C> {
    content: C,
    scroll: Scroll,
}

impl<C: Content> ReadOnlyScreen<C> {
    pub fn new(content: C) -> Self {
        Self {
            content,
            scroll: Scroll::default(),
        }
    }
}

impl<C: Content> Screen for ReadOnlyScreen<C> {
    fn context(&self) -> Context {
        C::CONTEXT
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            _ if self.scroll.act(action, turn.seen) => {}
            Action::Back | Action::Left => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            action => {
                if self.content.act(action, turn) {
                    self.scroll = Scroll::default();
                }
            }
        }
    }

    fn has_long_lines(&self) -> bool {
        C::HAS_LONG_LINES
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        self.content.works(action, model) || reads(action, scrolls)
    }

    fn sentence(&self, action: Action, _: &Model) -> Option<&'static str> {
        self.content.sentence(action)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        self.content.view(model, look, width)
    }
}
