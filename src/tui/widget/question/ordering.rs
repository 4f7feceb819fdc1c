//! The steps of an ordering question, in their current order.

use ratatui::text::Line;

use super::Answering;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::session::present::Places;
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
        for (i, step) in order
            .into_iter()
            .filter_map(|place| steps.get(place))
            .enumerate()
        {
            let marked = answering.pad.is_some_and(|pad| pad.at == Some(i));
            for (n, line) in prose::wrap(step.as_str(), self.width.saturating_sub(7), 0)
                .into_iter()
                .enumerate()
            {
                let lead = if n == 0 {
                    format!("{:>2}   ", i + 1)
                } else {
                    "     ".to_owned()
                };
                let pointer = if n == 0 {
                    pointer(marked, self.look)
                } else {
                    "  "
                };
                let spans = vec![
                    self.look.span(pointer, Role::Key),
                    self.look.span(lead, Role::Dim),
                    self.look.span(line, role),
                ];
                self.page
                    .choice(Line::from(spans), Action::Choose(i), marked, self.look);
            }
        }
        if answering.pad.is_some() {
            self.page.blank();
            self.words(
                match answering.given {
                    Some(_) => "this order is your answer",
                    None => {
                        "not answered yet: move the steps, or press space if the order is already \
                         right"
                    }
                },
                Role::Dim,
            );
        }
    }
}
