//! A question in practice: it says why it is asked, and checking an answer shows what is right.

use super::QuestionScreen;
use crate::app::keymap::Action;
use crate::core::question::Kind;
use crate::session::{Event, NotReady, Rejected};
use crate::tui::app::Turn;
use crate::tui::route::Route;
use crate::tui::widget::question;

impl QuestionScreen {
    /// Forward is through the feedback; back are the questions before.
    pub(super) fn go_in_practice(&mut self, forward: bool, turn: &mut Turn) {
        match (forward, self.slot) {
            (true, _) => self.check(turn),
            (false, 0) => turn.tell("this is the first question"),
            (false, slot) => turn.go(Route::Question(slot - 1)),
        }
    }

    /// Makes the answer final and shows what is right.
    fn check(&mut self, turn: &mut Turn) {
        turn.settle_draft();
        let Some(running) = &turn.model.running else { return };
        let is_unreadable = running.unreadable.contains_key(&self.slot);
        let ready = if is_unreadable { Err(NotReady::NotANumber) } else { running.session.ready(self.slot) };
        match ready {
            Ok(()) => self.reveal(turn),
            Err(not_ready) => {
                self.pad.typing = not_ready == NotReady::NotANumber;
                turn.tell(not_ready.to_string());
            }
        }
    }

    /// Takes the answer back, since the person does not know it, and shows what is right.
    pub(super) fn give_up(&mut self, turn: &mut Turn) {
        let Some(running) = &turn.model.running else { return };
        if turn.is_hasty {
            return;
        }
        if !running.session.mode.reveals() {
            return turn.tell(Rejected::NotRevealing.to_string());
        }
        turn.settle_draft();
        let Some(running) = &turn.model.running else { return };
        if running.unreadable.contains_key(&self.slot) {
            let blank = running.session.question(self.slot).blank();
            turn.draft(self.slot, blank, String::new());
        }
        let Some(running) = &turn.model.running else { return };
        let (session, slot) = (&running.session, self.slot);
        let blank = session.sheet(slot).answer.is_some().then(|| session.question(slot).blank());
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
            Ok(()) => turn.go(Route::Feedback(self.slot)),
            Err(refused) => turn.tell(refused.to_string()),
        }
    }
}

/// What the footer offers of a question in practice; all is in `?`.
pub(super) fn hints(kind: Kind) -> Vec<Action> {
    let own = question::hints(kind).iter().filter(|action| **action != Action::Strike);
    let first = [Action::Enter, Action::Unknown];
    let last = [Action::Pause, Action::Flag, Action::Previous, Action::Leave];
    first.iter().chain(own).chain(&last).copied().collect()
}
