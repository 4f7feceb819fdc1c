//! A writer that fills a page from top to bottom.

use ratatui::text::{Line, Span};

use super::prose;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::tui::page::{Click, Look, Page, Row};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;

/// The columns between two columns of text.
const GAP: usize = 3;
/// The widest left column.
const LEFT: usize = 76;

/// The smallest width in which two columns are drawn.
const PAIR: usize = 100;

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

    /// Returns true if there is room for two columns.
    pub fn has_two_columns(&self) -> bool {
        self.width >= PAIR
    }

    /// Draws two columns side by side, the left one at most as wide as a figure.
    pub fn pair(&mut self, left: impl FnOnce(&mut Writer), right: impl FnOnce(&mut Writer)) {
        let columns = ((self.width - GAP) * 11 / 20).min(LEFT);
        let left = self.filled(columns, left);
        let mut right = self.filled(self.width - GAP - columns, right);
        let (above, at) = (self.page.body.len(), columns + GAP);
        let rows = left.body.len().max(right.body.len());
        right.body.resize_with(rows, Row::default);
        let mut lines = left.body.into_iter().map(|row| row.line);
        for row in right.body {
            let line = lines.next().unwrap_or_default();
            self.page.body.push(joined(line, row, at));
        }
        let below = |row: usize| above + row;
        let focus = right.focus.map(|(first, last)| (below(first), below(last)));
        self.page.focus = focus.or(self.page.focus);
        let cursor = right.cursor.map(|(row, column)| (below(row), column + at));
        self.page.cursor = cursor.or(self.page.cursor);
    }

    fn filled(&self, width: usize, fill: impl FnOnce(&mut Writer)) -> Page {
        let mut page = Page::default();
        fill(&mut Writer {
            page: &mut page,
            look: self.look,
            width,
        });
        page
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

/// Returns a row with `line` on the left and `row` from the column `at` on. The left side is not clickable.
fn joined(mut line: Line<'static>, row: Row, at: usize) -> Row {
    let blanks = at.saturating_sub(line.width());
    line.spans.push(Span::raw(" ".repeat(blanks)));
    let fill = row.fill.unwrap_or_default();
    let right = row.line.spans.into_iter();
    line.spans.extend(right.map(|span| {
        let style = fill.patch(span.style);
        span.style(style)
    }));
    let clicks = row.clicks.into_iter().map(|click| Click {
        from: at + click.from,
        ..click
    });
    Row {
        line,
        clicks: clicks.collect(),
        fill: None,
    }
}
