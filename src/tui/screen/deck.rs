//! One deck: its facets, how many of their questions were seen, and these questions.
//!
//! ```text
//!   Data consistency                                     12 of 48 seen
//!
//!   Consensus                                             3 of 9 seen
//!     senior  What does the old leader have to do?
//! ```

use ratatui::text::Line;

use super::read_only::Content;
use super::{TEXT, fixed};
use crate::app::effect::{DeckPage, Effect};
use crate::app::keymap::Action;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

impl Content for Box<DeckPage> {
    const HAS_LONG_LINES: bool = true;

    fn act(&mut self, action: Action, turn: &mut Turn) -> bool {
        if action == Action::Statistics {
            turn.effect(Effect::ShowItems(self.id.clone()));
        }
        false
    }

    fn works(&self, action: Action, _: &Model) -> bool {
        action == Action::Statistics
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let facets = &self.facets;
        let seen: usize = facets.iter().map(|facet| facet.seen.len()).sum();
        let all: usize = facets.iter().map(|facet| facet.questions).sum();
        let mut page = Page {
            left: look.line(self.title.line(), Role::Title),
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
