//! Navigation in sessions that are extended one question at a time: adaptive sessions and practice.

use crate::app::keymap::Action;
use crate::session::{Rejected, Session};
use crate::tui::app::Turn;
use crate::tui::screen::dialog::Dialog;

/// Goes to the next question, which is chosen now; going back is not possible.
pub fn go(forward: bool, turn: &mut Turn) {
    if !forward {
        return turn.tell(Rejected::Closed.to_string());
    }
    if turn.is_hasty {
        // Otherwise the question would be closed before the person could read it.
        return;
    }
    turn.settle_draft();
    if is_blank(turn) {
        return turn.push(Dialog::leave_blank());
    }
    turn.draw_next();
}

/// Returns true if the last question has no answer, or one that is not a number.
fn is_blank(turn: &Turn) -> bool {
    turn.model.running.as_ref().is_some_and(|running| {
        let last = running.session().len().saturating_sub(1);
        let sheet = running.session().sheet(last);
        sheet.answer.is_none() || running.unreadable.contains_key(&last)
    })
}

/// Returns true if an action makes sense here: without a way back, flags and the previous question don't.
pub fn fits(action: Action, session: &Session) -> bool {
    !session.is_adaptive() || !matches!(action, Action::Flag | Action::Previous)
}
