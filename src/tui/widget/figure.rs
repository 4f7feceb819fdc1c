//! Figures of questions, and logs and diffs, which are drawn with the same meanings.

use ratatui::text::{Line, Span};

use super::writer::Writer;
use crate::core::figure::{Charset, Figure, Ink, Run, describe, draw};
use crate::tui::page::Look;
use crate::tui::theme::Role;

/// The widest figure, in columns.
const WIDEST: usize = 76;

impl Writer<'_> {
    /// Draws a figure, or writes its data as sentences in a column that is too narrow for it.
    pub fn figure(&mut self, figure: &Figure) {
        self.gap();
        let charset = if self.look.theme.ascii {
            Charset::Ascii
        } else {
            Charset::Unicode
        };
        let picture = draw(figure, self.width.min(WIDEST), charset);
        if picture.width > self.width {
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
