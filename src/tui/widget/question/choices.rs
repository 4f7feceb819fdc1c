//! The options of single-choice and multiple-choice questions.

use ratatui::text::Line;

use super::Answering;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::session::present::{Places, letter};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

/// The display state of an option.
#[derive(Clone, Copy, Default)]
pub(super) struct State {
    pub marked: bool,
    pub picked: bool,
    pub struck: bool,
    /// True for a question with several picks.
    pub several: bool,
}

impl Writer<'_> {
    pub(super) fn options(&mut self, select: usize, options: &[Text], answering: &Answering) {
        let picked = match answering.given {
            Some(Places::Picked(picked)) => picked.as_slice(),
            _ => &[],
        };
        for (i, text) in options.iter().enumerate() {
            let marked = answering.pad.is_some_and(|pad| pad.at == Some(i));
            let (picked, struck) = (picked.contains(&i), answering.struck.contains(&i));
            self.option(
                i,
                text.as_str(),
                State {
                    marked,
                    picked,
                    struck,
                    several: select > 1,
                },
            );
        }
        if select > 1 && answering.pad.is_some() {
            self.page.push(
                self.look
                    .line(format!("{} of {select} chosen", picked.len()), Role::Dim),
            );
        }
    }

    /// Draws the `i`-th option.
    pub(super) fn option(&mut self, i: usize, text: &str, state: State) {
        let State {
            marked,
            picked,
            struck,
            several,
        } = state;
        let look = self.look;
        let mark = match (several, picked) {
            (_, false) if struck => look.theme.mark("–", "-"),
            (false, true) => look.theme.mark("●", "*"),
            (false, false) => look.theme.mark("○", "o"),
            (true, true) => look.theme.mark("▣", "[x]"),
            (true, false) => look.theme.mark("□", "[ ]"),
        };
        let role = match (picked, struck) {
            (true, _) => Role::Chosen,
            (_, true) => Role::Struck,
            _ => Role::Text,
        };
        let lead = format!("{mark} {}  ", letter(i));
        let indent = 2 + lead.chars().count();
        for (n, line) in prose::wrap(text, self.width.saturating_sub(indent), 0)
            .into_iter()
            .enumerate()
        {
            let spans = if n == 0 {
                vec![
                    look.span(pointer(marked, look), Role::Key),
                    look.span(lead.clone(), if picked { Role::Chosen } else { Role::Dim }),
                    look.span(line, role),
                ]
            } else {
                vec![
                    look.span(" ".repeat(indent), Role::Text),
                    look.span(line, role),
                ]
            };
            self.page
                .choice(Line::from(spans), Action::Choose(i), marked, look);
        }
    }
}
