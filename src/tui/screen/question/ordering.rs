//! Ordering: J and K, or the mouse, move a step; Enter says that the order is meant.

use ratatui::text::Line;

use super::QuestionScreen;
use crate::app::keymap::Action;
use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::question::Step;
use crate::core::response::Answer;
use crate::session::Sheet;
use crate::tui::app::Turn;
use crate::tui::page::{Look, Page};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The steps as they stand now: as answered, or as they were dealt.
fn current(dealt: &[ChoiceId], sheet: &Sheet) -> Vec<ChoiceId> {
    match &sheet.answer {
        Some(Answer::Ordered(order)) => order.clone(),
        _ => dealt.to_vec(),
    }
}

impl QuestionScreen {
    pub(super) fn act_ordering(&mut self, action: Action, dealt: &[ChoiceId], sheet: &Sheet, turn: &mut Turn) {
        let mut order = current(dealt, sheet);
        match action {
            Action::Choose(i) if i < order.len() => self.at = i,
            Action::MoveUp if self.at > 0 => self.carry(&mut order, self.at - 1, turn),
            Action::MoveDown if self.at + 1 < order.len() => self.carry(&mut order, self.at + 1, turn),
            Action::DragTo(to) if to < order.len() && to != self.at => self.carry(&mut order, to, turn),
            Action::Enter if sheet.answer.is_some() => self.go(true, turn),
            Action::Enter | Action::Toggle => self.answer(Answer::Ordered(order), turn),
            Action::Clear => self.answer(Answer::Ordered(Vec::new()), turn),
            _ => {}
        }
    }

    fn carry(&mut self, order: &mut Vec<ChoiceId>, to: usize, turn: &mut Turn) {
        let step = order.remove(self.at);
        order.insert(to, step);
        self.at = to;
        self.answer(Answer::Ordered(order.clone()), turn);
    }

    pub(super) fn view_ordering(
        &self,
        steps: &[Step],
        item: &Item,
        sheet: &Sheet,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let order = current(&item.order, sheet);
        let texts = order.iter().map(|id| steps[id.index()].text.as_str());
        list(texts, Some(self.at), sheet.answer.is_some(), page, look, width);
        let words = match sheet.answer {
            Some(_) => "this order counts as your answer",
            None => "not answered yet: move steps, or press Enter if the order is right as it stands",
        };
        page.blank();
        for line in prose::wrap(words, width, 0) {
            page.push(look.line(line, Role::Dim));
        }
    }
}

/// Steps in the order in which they stand.
pub fn list<'a>(
    texts: impl Iterator<Item = &'a str>,
    at: Option<usize>,
    answered: bool,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    for (i, text) in texts.enumerate() {
        let marked = at == Some(i);
        let role = if answered { Role::Chosen } else { Role::Text };
        for (n, line) in prose::wrap(text, width.saturating_sub(7), 0).into_iter().enumerate() {
            let lead = if n == 0 { format!("{:>2}   ", i + 1) } else { "     ".to_owned() };
            let pointer = if n == 0 { pointer(marked, look) } else { "  " };
            let spans = vec![look.span(pointer, Role::Key), look.span(lead, Role::Dim), look.span(line, role)];
            page.choice(Line::from(spans), Action::Choose(i), marked, look);
        }
    }
}
