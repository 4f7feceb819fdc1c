//! The steps of an ordering question, in their current order.

use ratatui::text::{Line, Span};

use super::pad::LEFT;
use super::{Answering, Pad};
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::session::present::{self, Places};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

impl Writer<'_> {
    pub(super) fn steps(&mut self, steps: &[Text], answering: &Answering) {
        let order = match answering.given {
            Some(Places::Ordered(order)) => order.clone(),
            _ => (0..steps.len()).collect(),
        };
        let role = if answering.given.is_some() {
            Role::Chosen
        } else {
            Role::Text
        };
        let steps_in_order = order
            .into_iter()
            .filter_map(|place| Some((place, steps.get(place)?)));
        for (i, (letter, step)) in steps_in_order.enumerate() {
            let marked = answering.pad.is_some_and(|pad| pad.at == Some(i));
            for (n, line) in prose::wrap(step.as_str(), self.width.saturating_sub(7), 0)
                .into_iter()
                .enumerate()
            {
                let lead = if n == 0 {
                    format!(" {}   ", present::letter(letter))
                } else {
                    "     ".to_owned()
                };
                let lead = match answering.pad.and_then(|pad| place(pad, letter)) {
                    Some(place) if n == 0 => self.typed_lead(letter, place),
                    _ => self.look.span(lead, Role::Dim),
                };
                let pointer = if n == 0 {
                    pointer(marked, self.look)
                } else {
                    "  "
                };
                let spans = vec![
                    self.look.span(pointer, Role::Key),
                    lead,
                    self.look.span(line, role),
                ];
                self.page.choice(
                    Line::from(spans),
                    Action::Choose(LEFT + i),
                    marked,
                    self.look,
                );
            }
        }
        if let Some(pad) = answering.pad {
            self.page.blank();
            self.words(
                &status(pad, steps.len(), answering.given.is_some()),
                Role::Dim,
            );
        }
    }

    /// Returns the letter of a step with the position that was typed for it.
    fn typed_lead(&self, letter: usize, place: usize) -> Span<'static> {
        let arrow = self.look.theme.mark("→", ">");
        let letter = present::letter(letter);
        self.look
            .span(format!(" {letter}{arrow}{} ", place + 1), Role::Key)
    }
}

/// Returns the position that was typed for the step with this letter.
fn place(pad: &Pad, letter: usize) -> Option<usize> {
    pad.sequence.iter().position(|typed| *typed == letter)
}

fn status(pad: &Pad, steps: usize, is_answered: bool) -> String {
    match pad.sequence.len() {
        0 if is_answered => "this order is your answer".to_owned(),
        0 => "not answered yet: type the letters in the right order, move the steps, or press \
              space if the order is right"
            .to_owned(),
        typed => format!("{typed} of {steps} typed; backspace takes the last one back"),
    }
}
