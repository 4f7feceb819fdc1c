//! A writer that fills a page from top to bottom.

use ratatui::text::Line;

use super::prose;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::tui::page::{Look, Page};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;

/// A page with the appearance and the width of its content.
pub struct Writer<'a> {
    pub page: &'a mut Page,
    pub look: &'a Look,
    pub width: usize,
}

impl Writer<'_> {
    /// Adds a blank line, unless there is one already or nothing is above it.
    pub fn gap(&mut self) {
        if self
            .page
            .body
            .last()
            .is_some_and(|row| row.line.width() > 0)
        {
            self.page.blank();
        }
    }

    /// Adds wrapped words without paragraphs.
    pub fn words(&mut self, words: &str, role: Role) {
        for line in prose::wrap(words, self.width, 0) {
            self.page.push(self.look.line(line, role));
        }
    }

    pub fn prose(&mut self, text: &Text, role: Role) {
        prose::prose(text, self.width, self.look, role)
            .into_iter()
            .for_each(|line| self.page.push(line));
    }

    pub fn title(&mut self, words: &str) {
        self.gap();
        self.page
            .push(self.look.line(words.to_owned(), Role::Title));
    }

    pub fn labelled(&mut self, label: &str, text: &str, role: Role) {
        for line in prose::labelled(label, text, self.width, self.look, role) {
            self.page.push(line);
        }
    }

    /// Adds a text after a bullet.
    pub fn bullet(&mut self, text: &str) {
        self.labelled(self.look.theme.mark("•", "-"), text, Role::Text);
    }

    /// Adds a row that can be marked.
    pub fn row(&mut self, row: usize, marked: bool, lead: &str, text: &str, role: Role) {
        let indent = 2 + lead.chars().count();
        for (n, line) in prose::wrap(text, self.width.saturating_sub(indent).max(8), 0)
            .into_iter()
            .enumerate()
        {
            let (sign, lead) = match n {
                0 => (pointer(marked, self.look), lead.to_owned()),
                _ => ("  ", " ".repeat(indent - 2)),
            };
            let spans = vec![
                self.look.span(sign, Role::Key),
                self.look.span(lead, Role::Dim),
                self.look.span(line, role),
            ];
            self.page
                .choice(Line::from(spans), Action::Choose(row), marked, self.look);
        }
    }
}
