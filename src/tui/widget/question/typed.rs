//! The fields of numeric and open questions.

use ratatui::text::Line;

use crate::app::keymap::Action;
use crate::core::number;
use crate::tui::page::{Click, Row};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{count, prose};

impl Writer<'_> {
    /// Draws a number field, with how the number is read.
    pub(super) fn number_field(&mut self, field: &Field, typing: bool, unit: &str) {
        let (look, width) = (self.look, self.width);
        let page = &mut *self.page;
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
        page.body.push(Row {
            line,
            clicks: vec![Click::anywhere(Action::Choose(0))],
            fill: None,
        });
        let said = text.trim();
        let (words, role) = match number::parse(said, unit) {
            _ if said.is_empty() => (format!("a number: {}", number::examples(unit)), Role::Dim),
            Ok(value) => {
                let other = number::other_reading(said, unit);
                let other = other.map_or(String::new(), |other| format!(", not {other}"));
                let read = number::with_unit(&number::show(value), unit);
                (format!("read as {read}{other}"), Role::Good)
            }
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

    /// Draws a text field, with how the text is stored.
    pub(super) fn text_field(&mut self, field: &Field, typing: bool, kept: &str) {
        let (look, width) = (self.look, self.width);
        let page = &mut *self.page;
        let (rows, (cursor_row, cursor_column)) = field.rows(width.saturating_sub(3));
        let first = page.body.len();
        let frame = if typing { Role::Key } else { Role::Dim };
        let empty = rows.len().max(4) - rows.len();
        for text in rows
            .into_iter()
            .chain(std::iter::repeat_n(String::new(), empty))
        {
            let line = Line::from(vec![
                look.span(look.theme.mark("│ ", "| "), frame),
                look.span(text, Role::Text),
            ]);
            page.body.push(Row {
                line,
                clicks: vec![Click::anywhere(Action::Choose(0))],
                fill: None,
            });
        }
        let words = field.text().split_whitespace().count();
        page.push(look.line(format!("  {}, {kept}", count(words, "word")), Role::Dim));
        page.focus = Some((first + cursor_row, first + cursor_row + 1));
        if typing {
            page.cursor = Some((first + cursor_row, 2 + cursor_column));
        }
    }
}
