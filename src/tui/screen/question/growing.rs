//! Going on in an adaptive session, where each question is chosen by the answers before it.

use super::show;
use crate::session::{Draw, Event, Rejected};
use crate::tui::app::Turn;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::screen::dialog::finish;

/// To the next question, which has yet to be chosen; never back.
pub fn go(forward: bool, turn: &mut Turn) {
    if !forward {
        return turn.tell(Rejected::Closed.to_string());
    }
    turn.settle_draft();
    let Some(running) = &turn.model.running else { return };
    match running.session.conclusion() {
        Some(_) => finish(turn),
        None => {
            let session = Box::new(running.session.clone());
            turn.effect(Effect::Draw(session));
        }
    }
}

/// What was chosen: a question to show, or the end.
pub fn drawn(draw: Draw, turn: &mut Turn) {
    let Some(running) = &mut turn.model.running else { return };
    let slot = running.session.len();
    let event = match draw {
        Draw::Next(item, question) => {
            running.session.learn(*question);
            Event::Drawn { item: *item }
        }
        Draw::Conclude(because) => Event::Concluded { because },
    };
    let is_over = matches!(event, Event::Concluded { .. });
    match turn.record(event) {
        Ok(()) if is_over => finish(turn),
        Ok(()) => show(slot, turn),
        Err(refused) => turn.tell(refused.to_string()),
    }
}

/// Nothing is flagged to come back to where there is no way back.
pub fn fits(action: Action) -> bool {
    !matches!(action, Action::Flag | Action::Previous)
}
