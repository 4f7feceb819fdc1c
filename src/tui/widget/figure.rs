//! Figures of questions, and logs and diffs, which are drawn with the same meanings.

use ratatui::text::{Line, Span};

use super::writer::Writer;
use crate::core::figure::{Charset, Figure, Ink, Picture, Run, describe, draw_on_screen};
use crate::tui::page::Look;
use crate::tui::theme::Role;

/// The widest figure, in columns.
const WIDEST: usize = 76;
/// The columns between two figures in one row.
const BETWEEN: usize = 4;

impl Writer<'_> {
    /// Draws two small figures in one row; returns `false` and draws nothing if they don't fit.
    pub fn figures_side_by_side(&mut self, left: &Figure, right: &Figure) -> bool {
        let pictures = [left, right].map(|figure| self.picture(figure));
        let [left, right] = &pictures;
        if left.width + right.width + BETWEEN > self.width.min(WIDEST) {
            return false;
        }
        self.gap();
        let look = self.look;
        let mut below = right.lines.iter();
        for n in 0..left.lines.len().max(right.lines.len()) {
            let mut line: Vec<Span> = match left.lines.get(n) {
                Some(runs) => spans(runs, look),
                None => Vec::new(),
            };
            if let Some(runs) = below.next() {
                let used: usize = line.iter().map(Span::width).sum();
                let blanks = (left.width + BETWEEN).saturating_sub(used);
                line.push(Span::raw(" ".repeat(blanks)));
                line.extend(spans(runs, look));
            }
            self.page.push(Line::from(line));
        }
        true
    }

    fn picture(&self, figure: &Figure) -> Picture {
        let charset = match self.look.theme.ascii {
            true => Charset::Ascii,
            false => Charset::Unicode,
        };
        draw_on_screen(
            figure,
            self.width.min(WIDEST),
            usize::from(self.look.height),
            charset,
        )
    }

    /// Draws a figure, or writes its data as sentences in a column that is too narrow for it.
    pub fn figure(&mut self, figure: &Figure) {
        self.gap();
        let picture = self.picture(figure);
        if picture.width > self.width {
            self.page.figure_width = self.page.figure_width.max(picture.width);
            for line in describe(figure) {
                self.bullet(&line);
            }
            return;
        }
        for runs in &picture.lines {
            self.page.push(Line::from(spans(runs, self.look)));
        }
    }
}

/// Styles the pieces of a line by their meaning.
pub fn spans(runs: &[Run], look: &Look) -> Vec<Span<'static>> {
    let styled = |run: &Run| look.span(run.text.clone(), role(run.ink));
    runs.iter().map(styled).collect()
}

/// Returns the role of a meaning. Signs and labels always say the same without colours.
fn role(ink: Ink) -> Role {
    match ink {
        Ink::Plain => Role::Text,
        Ink::Dim | Ink::Axis => Role::Dim,
        Ink::Head | Ink::Strong => Role::Strong,
        Ink::Error | Ink::Removed => Role::Bad,
        Ink::Warning | Ink::Marker => Role::Warn,
        Ink::Added => Role::Good,
        Ink::Series(n) => [Role::Title, Role::Good, Role::Keyword, Role::Warn][usize::from(n % 4)],
    }
}
