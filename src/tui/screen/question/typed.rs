//! Numeric and open: a field. What is typed is kept key by key.

use ratatui::text::Line;

use super::QuestionScreen;
use crate::app::key::{Code, Key};
use crate::app::keymap::Action;
use crate::core::number;
use crate::core::question::{Interaction, Numeric};
use crate::core::response::Answer;
use crate::tui::app::Turn;
use crate::tui::page::{Click, Look, Page, Row};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::{count, prose};

impl QuestionScreen {
    pub(super) fn act_field(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::LeaveField => {
                self.typing = !self.typing;
                if !self.typing {
                    turn.settle_draft();
                    self.warn_unreadable(turn);
                }
            }
            Action::Choose(_) => self.typing = true,
            Action::Enter => {
                let answered = self.field.as_ref().is_some_and(|f| !f.text().trim().is_empty());
                if answered { self.go(true, turn) } else { self.typing = true }
            }
            Action::Clear => {
                if let Some(field) = &mut self.field {
                    field.clear();
                }
                self.keep(turn);
                turn.settle_draft();
                self.typing = true;
            }
            _ => {}
        }
    }

    /// Said on leaving the field, so that nobody loses a question to a typing mistake.
    fn warn_unreadable(&self, turn: &mut Turn) {
        let Some(running) = &turn.model.running else { return };
        let unreadable = running
            .session
            .sheet(self.slot)
            .answer
            .as_ref()
            .is_some_and(|answer| !crate::core::scoring::is_readable(running.session.question(self.slot), answer));
        if unreadable {
            turn.tell("not a number yet: as it stands it counts as left out");
        }
    }

    pub(super) fn type_key(&mut self, key: Key, turn: &mut Turn) {
        let multiline = turn
            .model
            .running
            .as_ref()
            .is_some_and(|r| matches!(r.session.question(self.slot).interaction, Interaction::Open { .. }));
        if key.code == Code::Enter && !multiline {
            return self.act_field(Action::LeaveField, turn);
        }
        if matches!(key.code, Code::PageUp | Code::PageDown) {
            return self.scroll.by_page(turn.seen, key.code == Code::PageDown);
        }
        self.scroll.follow();
        if self.field.as_mut().is_some_and(|field| field.press(key)) {
            self.keep(turn);
        }
    }

    pub(super) fn type_text(&mut self, text: &str, turn: &mut Turn) {
        let Some(field) = &mut self.field else { return };
        field.insert(text);
        self.typing = true;
        self.keep(turn);
    }

    fn keep(&self, turn: &mut Turn) {
        let Some(field) = &self.field else { return };
        let text = field.text().to_owned();
        let open = turn
            .model
            .running
            .as_ref()
            .is_some_and(|r| matches!(r.session.question(self.slot).interaction, Interaction::Open { .. }));
        let answer = if open { Answer::Written(text.clone()) } else { Answer::Number(text.clone()) };
        turn.draft(self.slot, answer, text);
    }

    pub(super) fn view_number(&self, numeric: &Numeric, page: &mut Page, look: &Look, width: usize) {
        if let Some(field) = &self.field {
            number_field(field, self.typing, numeric.unit.as_str(), page, look, width);
        }
    }

    pub(super) fn view_text(&self, page: &mut Page, look: &Look, width: usize) {
        if let Some(field) = &self.field {
            text_field(field, self.typing, "kept as you type", page, look, width);
        }
    }
}

/// A field for a number, and how it is read.
pub fn number_field(field: &Field, typing: bool, unit: &str, page: &mut Page, look: &Look, width: usize) {
    let row = page.body.len();
    let text = field.text();
    let frame = if typing { Role::Key } else { Role::Dim };
    let shown = format!("{text:<16}");
    let line = Line::from(vec![
        look.span("  ", Role::Text),
        look.span("[ ", frame),
        look.span(shown, Role::Chosen),
        look.span(" ] ", frame),
        look.span(unit, Role::Text),
    ]);
    page.body.push(Row { line, clicks: vec![Click::anywhere(Action::Choose(0))], fill: None });
    let said = text.trim();
    let (words, role) = match number::parse(said, unit) {
        _ if said.is_empty() => ("a number: 1500, 1.5k, 2e6, 4Ki, 99.9%".to_owned(), Role::Dim),
        Ok(value) => (format!("read as {} {}", number::show(value), unit), Role::Good),
        Err(problem) => (problem.to_string(), Role::Bad),
    };
    for line in prose::wrap(&words, width.saturating_sub(4), 0) {
        page.push(look.line(format!("    {line}"), role));
    }
    page.focus = Some((row, row + 1));
    if typing {
        let (_, (_, column)) = field.rows(200);
        page.cursor = Some((row, 4 + column));
    }
}

/// A field for running text, and how it is kept.
pub fn text_field(field: &Field, typing: bool, kept: &str, page: &mut Page, look: &Look, width: usize) {
    let (rows, (cursor_row, cursor_column)) = field.rows(width.saturating_sub(3));
    let first = page.body.len();
    let frame = if typing { Role::Key } else { Role::Dim };
    let empty = rows.len().max(4) - rows.len();
    for text in rows.into_iter().chain(std::iter::repeat_n(String::new(), empty)) {
        let line = Line::from(vec![look.span(look.theme.mark("│ ", "| "), frame), look.span(text, Role::Text)]);
        page.body.push(Row { line, clicks: vec![Click::anywhere(Action::Choose(0))], fill: None });
    }
    let words = field.text().split_whitespace().count();
    page.push(look.line(format!("  {}, {kept}", count(words, "word")), Role::Dim));
    page.focus = Some((first + cursor_row, first + cursor_row + 1));
    if typing {
        page.cursor = Some((first + cursor_row, 2 + cursor_column));
    }
}
