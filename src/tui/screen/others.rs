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
    /// Creates the list, without the questions that this session has asked.
    pub fn new(mut others: Vec<FacetQuestion>, model: &Model) -> Self {
        if let Some(running) = &model.running {
            others.retain(|other| !is_asked(other, running.session()));
        }
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

    fn has_long_lines(&self) -> bool {
        true
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        match action {
            Action::Enter => !self.others.is_empty(),
            _ => Cursor::works(action, self.others.len(), scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("More on this facet", Role::Title),
            ..Page::default()
        };
        let questions = self.others.iter().map(|other| other.count).sum();
        page.right = look.line(count(questions, "question"), Role::Dim);
        let words = match self.others.len() {
            0 => "There is no other question on this facet.",
            _ => "Enter asks the highlighted one next. New ones stay hidden until they are asked.",
        };
        prose::wrap(words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Dim)));
        page.blank();
        for (i, other) in self.others.iter().enumerate() {
            let marked = i == self.cursor.at;
            let level = other.level.word();
            let words = match (&other.lead_in, other.count) {
                (Some(lead_in), _) => lead_in.line(),
                (None, 1) => "1 new question".to_owned(),
                (None, n) => format!("{n} new questions"),
            };
            let words = fixed(&words, width.saturating_sub(4 + level.len()));
            let line = Line::from(vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(words, Role::Text),
                look.span(format!("  {level}"), Role::Dim),
            ]);
            page.choice(line, Action::Choose(i), marked, look);
        }
        page.footer = vec![Action::Enter, Action::Back];
        page
    }
}
