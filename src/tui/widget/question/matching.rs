//! The two sides of a matching question.

use ratatui::text::{Line, Span};

use super::pad::LEFT;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::session::present::letter;
use crate::tui::page::{Click, Row};
use crate::tui::screen::{fixed, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

/// The minimum width for showing the two sides beside each other.
const TWO_COLUMNS: usize = 64;

/// The lines of one side, each with the index of its entry.
type Side = Vec<(usize, Vec<Span<'static>>)>;

impl Writer<'_> {
    /// Draws both sides; `chosen` has the index of the chosen right entry for each left entry.
    pub(super) fn entries(
        &mut self,
        left: &[Text],
        right: &[Text],
        chosen: &[Option<usize>],
        at: Option<usize>,
    ) {
        let is_beside = self.width >= TWO_COLUMNS;
        let left_width = if is_beside {
            self.width * 11 / 20
        } else {
            self.width
        };
        let right_width = if is_beside {
            self.width - left_width - 2
        } else {
            self.width
        };
        let left = self.left_side(left, chosen, at, left_width);
        let right = self.right_side(right, chosen, right_width);
        let marked = left.iter().position(|(i, _)| at == Some(*i));
        let first = self.page.body.len();
        if is_beside {
            self.beside(&left, &right, left_width, right_width);
        } else {
            self.one_below_the_other(left, right);
        }
        if let Some(row) = marked {
            self.page.focus = Some((first + row, first + row));
        }
    }

    fn left_side(
        &self,
        entries: &[Text],
        chosen: &[Option<usize>],
        at: Option<usize>,
        width: usize,
    ) -> Side {
        let look = self.look;
        let mut rows = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            let marked = at == Some(i);
            let chosen = chosen.get(i).copied().flatten().map(letter);
            let role = if chosen.is_some() {
                Role::Chosen
            } else {
                Role::Dim
            };
            for (n, line) in prose::wrap(entry.as_str(), width.saturating_sub(6), 0)
                .into_iter()
                .enumerate()
            {
                let lead = if n == 0 {
                    format!("[{}] ", chosen.unwrap_or(' '))
                } else {
                    "    ".to_owned()
                };
                let spans = vec![
                    look.span(pointer(marked && n == 0, look), Role::Key),
                    look.span(lead, role),
                    look.span(line, if marked { Role::Strong } else { Role::Text }),
                ];
                rows.push((i, spans));
            }
        }
        rows
    }

    fn right_side(&self, entries: &[Text], chosen: &[Option<usize>], width: usize) -> Side {
        let look = self.look;
        let mut rows = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            let role = if chosen.contains(&Some(i)) {
                Role::Dim
            } else {
                Role::Text
            };
            for (n, line) in prose::wrap(entry.as_str(), width.saturating_sub(3), 0)
                .into_iter()
                .enumerate()
            {
                let lead = if n == 0 {
                    format!("{}  ", letter(i))
                } else {
                    "   ".to_owned()
                };
                rows.push((i, vec![look.span(lead, Role::Key), look.span(line, role)]));
            }
        }
        rows
    }

    fn beside(&mut self, left: &Side, right: &Side, left_width: usize, right_width: usize) {
        for n in 0..left.len().max(right.len()) {
            let mut row = Row::default();
            let mut spans = Vec::new();
            if let Some((i, line)) = left.get(n) {
                row.clicks.push(Click {
                    from: 0,
                    width: left_width,
                    action: Action::Choose(LEFT + i),
                });
                spans.extend(line.clone());
            }
            let used: usize = spans.iter().map(|s| s.width()).sum();
            spans.push(Span::raw(fixed("", (left_width + 2).saturating_sub(used))));
            if let Some((i, line)) = right.get(n) {
                row.clicks.push(Click {
                    from: left_width + 2,
                    width: right_width,
                    action: Action::Choose(*i),
                });
                spans.extend(line.clone());
            }
            row.line = Line::from(spans);
            self.page.body.push(row);
        }
    }

    fn one_below_the_other(&mut self, left: Side, right: Side) {
        let row = |line, choice| Row {
            line: Line::from(line),
            clicks: vec![Click::anywhere(choice)],
            fill: None,
        };
        self.page.body.extend(
            left.into_iter()
                .map(|(i, line)| row(line, Action::Choose(LEFT + i))),
        );
        self.page.blank();
        self.page.body.extend(
            right
                .into_iter()
                .map(|(i, line)| row(line, Action::Choose(i))),
        );
    }
}
