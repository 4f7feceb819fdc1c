//! Single and multiple: letters choose, x strikes out.

use ratatui::text::Line;

use super::QuestionScreen;
use crate::app::keymap::Action;
use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::question::Choice;
use crate::core::response::Answer;
use crate::session::{Event, Sheet};
use crate::tui::app::Turn;
use crate::tui::page::{Look, Page};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

fn picks(sheet: &Sheet) -> Vec<ChoiceId> {
    match &sheet.answer {
        Some(Answer::Picked(picks)) => picks.clone(),
        _ => Vec::new(),
    }
}

impl QuestionScreen {
    /// Enter chooses, and goes on where the marked option is chosen already.
    pub(super) fn act_single(&mut self, action: Action, order: &[ChoiceId], sheet: &Sheet, turn: &mut Turn) {
        let chosen = picks(sheet);
        match action {
            Action::Choose(i) if i < order.len() => {
                self.at = i;
                self.unstrike(order, sheet, turn);
                self.answer(Answer::Picked(vec![order[i]]), turn);
            }
            Action::Enter if chosen.contains(&order[self.at]) => self.go(true, turn),
            Action::Toggle if chosen.contains(&order[self.at]) => self.answer(Answer::Picked(Vec::new()), turn),
            Action::Enter | Action::Toggle => self.act_single(Action::Choose(self.at), order, sheet, turn),
            _ => self.act_options(action, order, sheet, turn),
        }
    }

    /// Enter and letters tick and untick; with all ticks made Enter goes on.
    pub(super) fn act_multiple(
        &mut self,
        action: Action,
        select: usize,
        order: &[ChoiceId],
        sheet: &Sheet,
        turn: &mut Turn,
    ) {
        let mut chosen = picks(sheet);
        match action {
            Action::Choose(i) if i < order.len() => {
                self.at = i;
                match chosen.iter().position(|id| *id == order[i]) {
                    Some(at) => drop(chosen.remove(at)),
                    None if chosen.len() == select => {
                        return turn.tell(format!("only {select} can be chosen: take one back first"));
                    }
                    None => {
                        self.unstrike(order, sheet, turn);
                        chosen.push(order[i]);
                    }
                }
                chosen.sort();
                self.answer(Answer::Picked(chosen), turn);
            }
            Action::Enter if chosen.len() == select => self.go(true, turn),
            Action::Enter | Action::Toggle => self.act_multiple(Action::Choose(self.at), select, order, sheet, turn),
            _ => self.act_options(action, order, sheet, turn),
        }
    }

    fn act_options(&mut self, action: Action, order: &[ChoiceId], sheet: &Sheet, turn: &mut Turn) {
        match action {
            Action::Strike => {
                let choice = order[self.at];
                let on = !sheet.struck.contains(&choice);
                let mut chosen = picks(sheet);
                if on && chosen.contains(&choice) {
                    chosen.retain(|id| *id != choice);
                    self.answer(Answer::Picked(chosen), turn);
                }
                let _ = turn.record(Event::Struck { slot: self.slot, choice, on });
            }
            Action::Clear if sheet.answer.is_some() => self.answer(Answer::Picked(Vec::new()), turn),
            _ => {}
        }
    }

    /// Choosing an option takes its strike back.
    fn unstrike(&self, order: &[ChoiceId], sheet: &Sheet, turn: &mut Turn) {
        let choice = order[self.at];
        if sheet.struck.contains(&choice) {
            let _ = turn.record(Event::Struck { slot: self.slot, choice, on: false });
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn view_choices(
        &self,
        options: &[Choice],
        several: bool,
        item: &Item,
        sheet: &Sheet,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let chosen = picks(sheet);
        for (i, id) in item.order.iter().enumerate() {
            let (marked, picked, struck) = (i == self.at, chosen.contains(id), sheet.struck.contains(id));
            let state = State { marked, picked, struck, several };
            option(i, options[id.index()].text.as_str(), state, page, look, width);
        }
    }
}

/// How an option stands on the screen.
#[derive(Clone, Copy, Default)]
pub struct State {
    pub marked: bool,
    pub picked: bool,
    pub struck: bool,
    /// Of a question with several picks.
    pub several: bool,
}

/// The `i`-th option as it is shown.
pub fn option(i: usize, text: &str, state: State, page: &mut Page, look: &Look, width: usize) {
    let State { marked, picked, struck, several } = state;
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
    let letter = char::from(b'a' + i as u8);
    let lead = format!("{mark} {letter}  ");
    let indent = 2 + lead.chars().count();
    for (n, line) in prose::wrap(text, width.saturating_sub(indent), 0).into_iter().enumerate() {
        let spans = if n == 0 {
            vec![
                look.span(pointer(marked, look), Role::Key),
                look.span(lead.clone(), if picked { Role::Chosen } else { Role::Dim }),
                look.span(line, role),
            ]
        } else {
            vec![look.span(" ".repeat(indent), Role::Text), look.span(line, role)]
        };
        page.choice(Line::from(spans), Action::Choose(i), marked, look);
    }
}
