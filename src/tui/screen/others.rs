//! The list of other questions of a facet; one of them can be asked next.

use ratatui::text::Line;

use super::{Cursor, Screen, fixed, pointer};
use crate::app::effect::{Effect, FacetQuestion};
use crate::app::keymap::{Action, Context};
use crate::session::Session;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

pub struct OthersScreen {
    others: Vec<FacetQuestion>,
    cursor: Cursor,
}

impl OthersScreen {
    pub fn new(others: Vec<FacetQuestion>) -> Self {
        Self {
            others,
            cursor: Cursor::default(),
        }
    }

    /// Asks the marked question after the current one.
    fn ask(&self, turn: &mut Turn) {
        let (Some(other), Some(running)) = (self.others.get(self.cursor.at), &turn.model.running)
        else {
            return;
        };
        let session = running.session();
        if session.sheets().last().is_some_and(|last| !last.revealed) {
            return turn.tell("finish the current question first");
        }
        let (deck, question) = (other.deck.clone(), other.question.clone());
        let session = Box::new(session.clone());
        turn.effect(Effect::Ask {
            session,
            deck,
            question,
        });
    }
}

fn is_asked(other: &FacetQuestion, session: &Session) -> bool {
    session
        .form
        .items
        .iter()
        .any(|item| item.question == other.question && item.deck == other.deck)
}

impl Screen for OthersScreen {
    fn context(&self) -> Context {
        Context::List
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.cursor.act(action, self.others.len(), turn) {
            return;
        }
        match action {
            Action::Enter => self.ask(turn),
            Action::Choose(i) if i < self.others.len() => {
                self.cursor.at = i;
                self.ask(turn);
            }
            Action::Back | Action::Left => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => !self.others.is_empty(),
            _ => Cursor::works(action, self.others.len(), scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("More on this facet", Role::Title),
            ..Page::default()
        };
        page.right = look.line(count(self.others.len(), "question"), Role::Dim);
        let words = match self.others.len() {
            0 => "There is no other question on this facet.",
            _ => "Enter asks the highlighted one next.",
        };
        prose::wrap(words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Dim)));
        page.blank();
        for (i, other) in self.others.iter().enumerate() {
            let marked = i == self.cursor.at;
            let is_asked = model
                .running
                .as_ref()
                .is_some_and(|running| is_asked(other, running.session()));
            let sign = if is_asked {
                look.theme.mark("✓ ", "+ ")
            } else {
                "  "
            };
            let (id, level) = (other.question.as_str(), other.level.word());
            // The name and the level are above the text, because they don't fit beside it.
            let above = fixed(id, width.saturating_sub(4 + level.len() + 2));
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(sign, Role::Good),
                look.span(above, Role::Strong),
                look.span(format!("  {level}"), Role::Dim),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
            let below = fixed(&other.lead_in.line(), width.saturating_sub(4));
            page.choice(
                look.line(format!("    {below}"), Role::Text),
                Action::Choose(i),
                marked,
                look,
            );
        }
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}
