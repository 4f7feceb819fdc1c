//! Going on in a session that grows: an adaptive one, or practice.

use super::show;
use crate::app::effect::Effect;
use crate::app::keymap::Action;
use crate::session::{Draw, Event, Rejected};
use crate::tui::app::Turn;
use crate::tui::screen::dialog::{Dialog, finish};

/// To the next question, which has yet to be chosen; never back.
pub fn go(forward: bool, turn: &mut Turn) {
    if !forward {
        return turn.tell(Rejected::Closed.to_string());
    }
    turn.settle_draft();
    draw_next(turn);
}

/// Has the next question chosen, or ends the session that is to have no more.
pub fn draw_next(turn: &mut Turn) {
    let Some(running) = &turn.model.running else { return };
    match running.session.conclusion() {
        Some(_) => finish(turn),
        None => {
            let session = Box::new(running.session.clone());
            turn.effect(Effect::Draw(session));
        }
    }
}

/// What was chosen: a question to show, or the end; where the minutes of practice are over the person decides.
pub fn drawn(draw: Draw, turn: &mut Turn) {
    let is_through = turn.model.running.as_ref().is_some_and(|running| running.session.is_through(running.spent()));
    match draw {
        Draw::Next(..) if is_through => {
            let dialog = Dialog::minutes_are_over(turn.model, draw);
            turn.push(dialog);
        }
        draw => take(draw, turn),
    }
}

/// Adds what was chosen to the session.
pub fn take(draw: Draw, turn: &mut Turn) {
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
