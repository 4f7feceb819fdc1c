//! A writer that fills a page from top to bottom.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::prose;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::tui::page::{Click, LeftColumn, Look, Page, Row};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;

/// The columns between two columns of text.
const GAP: usize = 3;
/// The widest left column.
const LEFT: usize = 76;
/// The fewest columns left for the right one where a figure widens the left one.
const LEAST_RIGHT: usize = 34;

/// The smallest width in which two columns are drawn.
pub const PAIR: usize = 100;

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

    /// Adds wrapped words, indented like the entries of a list.
    pub fn indented(&mut self, words: &str, role: Role) {
        for line in prose::wrap(words, self.width.saturating_sub(2), 0) {
            self.page.push(self.look.line(format!("  {line}"), role));
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

    /// Draws two columns side by side, the left one at most as wide as a figure. It is wider than usual where a figure
    /// needs it.
    pub fn pair(&mut self, left: impl Fn(&mut Writer), right: impl FnOnce(&mut Writer)) {
        let mut columns = ((self.width - GAP) * 11 / 20).min(LEFT);
        let mut page = self.filled(columns, &left);
        // A wider drawing may need more room again.
        while page.figure_width > columns && page.figure_width + GAP + LEAST_RIGHT <= self.width {
            columns = page.figure_width;
            page = self.filled(columns, &left);
        }
        let right = self.filled(self.width - GAP - columns, right);
        let lines = page.body.iter().map(|row| row.line.clone()).collect();
        let first = self.page.body.len();
        self.join(columns, page, right);
        self.page.left_column = Some(LeftColumn {
            first,
            rows: self.page.body.len() - first,
            width: columns,
            lines,
        });
    }

    /// Draws two columns side by side, the left one `columns` wide. Both may have selectable rows; the marked row of
    /// the right one is kept visible, or else that of the left one.
    pub fn two_columns(
        &mut self,
        columns: usize,
        left: impl FnOnce(&mut Writer),
        right: impl FnOnce(&mut Writer),
    ) {
        let left = self.filled(columns, left);
        let right = self.filled(self.width - GAP - columns, right);
        self.join(columns, left, right);
    }

    /// Draws something that is only read here. What doesn't fit in this number of rows is replaced by `more`, which says
    /// how to read it.
    pub fn excerpt(&mut self, rows: usize, more: &str, fill: impl FnOnce(&mut Writer)) {
        let mut body = self.filled(self.width, fill).body;
        let is_cut = body.len() > rows;
        if is_cut {
            body.truncate(rows.saturating_sub(1));
        }
        for row in &mut body {
            row.clicks.clear();
            row.fill = None;
        }
        self.page.body.extend(body);
        if is_cut {
            self.words(more, Role::Dim);
        }
    }

    fn join(&mut self, columns: usize, mut left: Page, mut right: Page) {
        let (above, at) = (self.page.body.len(), columns + GAP);
        let rows = left.body.len().max(right.body.len());
        left.body.resize_with(rows, Row::default);
        right.body.resize_with(rows, Row::default);
        let pairs = left.body.into_iter().zip(right.body);
        self.page
            .body
            .extend(pairs.map(|(left, right)| joined(left, right, columns)));
        let below = |row: usize| above + row;
        let focus = right.focus.or(left.focus);
        self.page.focus = focus
            .map(|(first, last)| (below(first), below(last)))
            .or(self.page.focus);
        let answers = right
            .answers
            .map(|(first, last)| (below(first), below(last)));
        self.page.answers = answers.or(self.page.answers);
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

/// Returns a row with `left` in the first `columns` and `right` after a gap.
fn joined(left: Row, right: Row, columns: usize) -> Row {
    let at = columns + GAP;
    let mut line = filled_line(left.line, columns, left.fill);
    line.spans.push(Span::raw(" ".repeat(GAP)));
    line.spans
        .extend(filled_line(right.line, 0, right.fill).spans);
    let on_left = left.clicks.into_iter().map(|click| Click {
        width: click.width.min(columns.saturating_sub(click.from)),
        ..click
    });
    let on_right = right.clicks.into_iter().map(|click| Click {
        from: at + click.from,
        ..click
    });
    Row {
        line,
        clicks: on_left.chain(on_right).collect(),
        fill: None,
    }
}

/// Returns a line padded to `columns`, with the style of its row in every span.
fn filled_line(mut line: Line<'static>, columns: usize, fill: Option<Style>) -> Line<'static> {
    let blanks = columns.saturating_sub(line.width());
    line.spans.push(Span::raw(" ".repeat(blanks)));
    let fill = fill.unwrap_or_default();
    for span in &mut line.spans {
        span.style = fill.patch(span.style);
    }
    line
}
