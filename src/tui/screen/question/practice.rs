//! A question in practice: it shows why it is asked, and checking the answer reveals the correct one.

use super::QuestionScreen;
use crate::app::keymap::Action;
use crate::core::question::Kind;
use crate::session::{Event, Mode, NotReady, Rejected, Session};
use crate::tui::app::Turn;
use crate::tui::route::Route;
use crate::tui::running::Running;
use crate::tui::widget::question;

impl QuestionScreen {
    /// Goes forward to the feedback, or back to the previous questions.
    pub(super) fn go_in_practice(&mut self, forward: bool, turn: &mut Turn) {
        match (forward, self.slot) {
            (true, _) => self.check(turn),
            (false, 0) => turn.tell("this is the first question"),
            (false, slot) => turn.go(Route::Question(slot - 1)),
        }
    }

    /// Returns true if the answer can be checked, or needs none.
    pub(super) fn can_go_on(&self, session: &Session) -> bool {
        session.ready(self.slot).is_ok() || session.can_skip(self.slot)
    }

    /// Makes the answer final and reveals the correct one.
    fn check(&mut self, turn: &mut Turn) {
        turn.settle_draft();
        let Some(running) = &turn.model.running else {
            return;
        };
        let is_unreadable = running.unreadable.contains_key(&self.slot);
        let (session, next) = (running.session(), self.slot + 1);
        let ready = if is_unreadable {
            Err(NotReady::NotANumber)
        } else {
            session.ready(self.slot)
        };
        match ready {
            Ok(()) => self.reveal(turn),
            Err(NotReady::Unanswered) if session.can_skip(self.slot) && next < session.len() => {
                turn.go(Route::Question(next));
            }
            Err(NotReady::Unanswered) if session.can_skip(self.slot) => turn.draw_next(),
            Err(not_ready) => {
                self.pad.typing = not_ready == NotReady::NotANumber;
                turn.tell(not_ready.to_string());
            }
        }
    }

    /// Removes the answer, because the person doesn't know it, and reveals the correct one.
    pub(super) fn give_up(&mut self, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        if turn.is_hasty {
            return;
        }
        if !running.session().mode.reveals() {
            return turn.tell(Rejected::NotRevealing.to_string());
        }
        turn.settle_draft();
        let Some(running) = &turn.model.running else {
            return;
        };
        if running.unreadable.contains_key(&self.slot) {
            let blank = running.session().question(self.slot).blank();
            turn.draft(self.slot, blank, String::new());
        }
        let Some(running) = &turn.model.running else {
            return;
        };
        let (session, slot) = (running.session(), self.slot);
        let blank = session
            .sheet(slot)
            .answer
            .is_some()
            .then(|| session.question(slot).blank());
        if let Some(answer) = blank {
            self.answer(answer, turn);
        }
        self.reveal(turn);
    }

    fn reveal(&mut self, turn: &mut Turn) {
        if turn.is_hasty {
            return;
        }
        match turn.record(Event::Revealed { slot: self.slot }) {
            Ok(()) => {
                if !self.pad.sequence.is_empty() {
                    turn.draft_steps(self.slot, String::new());
                }
                turn.go(Route::Feedback(self.slot));
            }
            Err(refused) => turn.tell(refused.to_string()),
        }
    }
}

/// Returns a sentence about the planned time at the start of practice.
pub(super) fn length(running: &Running) -> Option<String> {
    let session = running.session();
    let is_first = session.mode == Mode::Practise && session.len() == 1 && session.done() == 0;
    let minutes = running.remaining()?.0.div_ceil(60_000);
    is_first.then(|| {
        format!("about {minutes} min, you can go on after that; missed questions come again")
    })
}

/// Returns the footer's keys for a question in practice; the help screen lists all.
pub(super) fn hints(kind: Kind) -> Vec<Action> {
    let own = question::hints(kind)
        .iter()
        .filter(|action| **action != Action::Strike);
    let first: &[Action] = match kind {
        Kind::Recall => &[Action::Enter],
        _ => &[Action::Enter, Action::Unknown],
    };
    let last = [Action::Pause, Action::Flag, Action::Previous, Action::Leave];
    first.iter().chain(own).chain(&last).copied().collect()
}
