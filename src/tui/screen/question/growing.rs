//! Going on in a session that grows: an adaptive one, or practice.

use crate::app::keymap::Action;
use crate::session::Rejected;
use crate::tui::app::Turn;

/// To the next question, which has yet to be chosen; never back.
pub fn go(forward: bool, turn: &mut Turn) {
    if !forward {
        return turn.tell(Rejected::Closed.to_string());
    }
    if turn.is_hasty {
        // The question would be closed for good before anybody could read it.
        return;
    }
    turn.settle_draft();
    turn.draw_next();
}

/// Nothing is flagged to come back to where there is no way back.
pub fn fits(action: Action) -> bool {
    !matches!(action, Action::Flag | Action::Previous)
}
