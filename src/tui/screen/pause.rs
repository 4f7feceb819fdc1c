//! The pause screen of practice: the question is hidden and the clock is stopped.

use super::{Screen, reads};
use crate::app::keymap::{Action, Context};
use crate::session::Event;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

pub struct PauseScreen;

impl Screen for PauseScreen {
    fn context(&self) -> Context {
        Context::Pause
    }

    fn scroll(&self) -> Scroll {
        Scroll::default()
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Pause => match turn.record(Event::Resumed) {
                Ok(()) => turn.pop(),
                Err(refused) => turn.tell(refused.to_string()),
            },
            Action::Leave | Action::Back => {
                turn.go(Route::Leave);
            }
            _ => {}
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        action == Action::Pause || reads(action, scrolls)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Paused", Role::Title),
            ..Page::default()
        };
        let Some(running) = &model.running else {
            return page;
        };
        let session = running.session();
        let done = format!(
            "{} of {} done, {} spent.",
            session.done(),
            count(session.most(), "question"),
            running.spent().clock()
        );
        for words in [
            "The question is hidden and the clock is stopped for as long as you like.",
            &done,
        ] {
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Text)));
        }
        page.footer = vec![Action::Pause, Action::Leave];
        page
    }
}
