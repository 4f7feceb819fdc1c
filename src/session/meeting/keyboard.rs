//! Who answers at the keyboard next, and the events that record it.

use super::event::Event;
use super::machine::{Meeting, Step};
use crate::core::response::Answer;
use crate::core::scoring;

impl Meeting {
    /// Returns true if people answer at the keyboard in turn.
    pub fn is_hot_seat(&self) -> bool {
        self.hot_seat || !self.turns.is_empty()
    }

    /// Returns true if undo would return the keyboard to the person before.
    pub(super) fn undo_returns_keyboard(&self) -> bool {
        self.hot_seat && self.handed_on > 0 && matches!(self.step(), Step::Asking(_))
    }

    /// Returns the seat whose turn it is at the keyboard. `None` without a hot seat, and after all people had their turn.
    /// The first seat rotates from question to question where [`Event::HotSeat`] began it.
    pub fn seat_at_keyboard(&self) -> Option<usize> {
        if let Some(seat) = self.turns.last() {
            return seat.filter(|_| matches!(self.step(), Step::Asking(_)));
        }
        let turn = self.hot_seat
            && matches!(self.step(), Step::Asking(_))
            && self.handed_on < self.seats.len();
        turn.then(|| (self.slot() + self.handed_on) % self.seats.len())
    }

    /// Gives the keyboard to the first person who has not answered; to no one if all have.
    pub(super) fn begin_turns(&mut self, begins: bool) {
        self.turns.clear();
        if begins {
            self.turns.push(self.next_turn());
        }
    }

    /// Returns the first seat of someone who is here that has neither answered in this round nor had the keyboard.
    pub fn next_turn(&self) -> Option<usize> {
        let is_asking = matches!(self.step(), Step::Asking(_));
        let has_answered =
            |seat: usize| is_asking && self.sheets[self.slot()][seat].vote(self.round()).is_some();
        (0..self.seats.len())
            .filter(|seat| !self.is_away(*seat))
            .find(|seat| !has_answered(*seat) && !self.turns.contains(&Some(*seat)))
    }

    /// Returns the event that passes the keyboard on from the person who has it.
    pub fn handing_on(&self) -> Event {
        if self.turns.is_empty() {
            Event::HandedOn
        } else {
            Event::AtKeyboard {
                turn: self.next_turn(),
            }
        }
    }

    /// Returns the event that makes this the answer of a seat. If it differs from an answer whose confidence was
    /// stated, the event clears the confidence. Text that is no number becomes a blank answer.
    pub fn voting(&self, slot: usize, seat: usize, answer: Answer) -> Event {
        let answer = scoring::recordable(&self.questions[slot], answer);
        let (round, sheet) = (self.round(), self.sheet(slot, seat));
        match sheet.confidence.is_some() && sheet.last_vote().is_none_or(|given| *given != answer) {
            true => Event::VoteChanged {
                slot,
                round,
                seat,
                answer,
            },
            false => Event::Voted {
                slot,
                round,
                seat,
                answer,
            },
        }
    }
}
