//! One deck: its facets, how many of their questions were seen, and these questions.
//!
//! ```text
//!   Data consistency                                     12 of 48 seen
//!
//!   Consensus                                             3 of 9 seen
//!     senior  What does the old leader have to do?
//! ```

use ratatui::text::Line;

use super::{Screen, TEXT, fixed, reads};
use crate::app::effect::{DeckPage, Effect};
use crate::app::keymap::{Action, Context};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

pub struct DeckScreen {
    deck: Box<DeckPage>,
    scroll: Scroll,
}

impl DeckScreen {
    pub fn new(deck: Box<DeckPage>) -> Self {
        let scroll = Scroll {
            offset: 0,
            free: true,
        };
        Self { deck, scroll }
    }
}

impl Screen for DeckScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            _ if self.scroll.act(action, turn.seen) => {}
            Action::Statistics => turn.effect(Effect::ShowItems(self.deck.id.clone())),
            Action::Back | Action::Left => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn has_long_lines(&self) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        action == Action::Statistics || reads(action, scrolls)
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let facets = &self.deck.facets;
        let seen: usize = facets.iter().map(|facet| facet.seen.len()).sum();
        let all: usize = facets.iter().map(|facet| facet.questions).sum();
        let mut page = Page {
            left: look.line(self.deck.title.line(), Role::Title),
            right: look.line(format!("{seen} of {all} seen"), Role::Dim),
            ..Page::default()
        };
        for line in prose::wrap(
            "Questions that you have not seen are only counted, so that they stay new.",
            width.min(TEXT),
            0,
        ) {
            page.push(look.line(line, Role::Dim));
        }
        for facet in facets {
            page.blank();
            let count = format!("{} of {} seen", facet.seen.len(), facet.questions);
            let room = width.min(TEXT).saturating_sub(count.len() + 1);
            page.push(Line::from(vec![
                look.span(fixed(&facet.title.line(), room), Role::Strong),
                look.span(format!(" {count}"), Role::Text),
            ]));
            for (level, lead_in) in &facet.seen {
                let level = format!("  {:<6}  ", level.word());
                let words = fixed(&lead_in.line(), width.saturating_sub(level.len()));
                page.push(Line::from(vec![
                    look.span(level, Role::Dim),
                    look.span(words.trim_end().to_owned(), Role::Text),
                ]));
            }
        }
        page.footer = vec![Action::PageDown, Action::Statistics, Action::Back];
        page
    }
}
