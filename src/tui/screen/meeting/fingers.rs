//! Votes by a show of fingers, which the mentor types in the order of the roster.

use super::MeetingScreen;
use crate::app::keymap::Action;
use crate::core::response::Answer;
use crate::session::meeting::Meeting;
use crate::tui::app::Turn;
use crate::tui::meeting::RunningMeeting;

/// Whose fingers are typed next.
#[derive(Default)]
pub struct FingerCursor {
    /// The seat that is next, or else the first one from here on that has to be typed.
    seat: usize,
    /// True if the mentor moved to this seat, so that it is next whatever its vote.
    is_chosen: bool,
}

impl FingerCursor {
    /// Returns a cursor that the mentor moved to this seat.
    fn at(seat: usize) -> Self {
        Self {
            seat,
            is_chosen: true,
        }
    }

    /// Returns a cursor at the first seat from `seat` on that has to be typed.
    fn from(seat: usize) -> Self {
        Self {
            seat,
            is_chosen: false,
        }
    }

    /// Leaves a seat to which the mentor moved if nothing has to be typed there.
    pub(super) fn release(&mut self) {
        self.is_chosen = false;
    }
}

/// Returns true if a person shows fingers in the room: they are here and don't vote on a screen of their own.
fn shows_fingers(mentoring: &RunningMeeting, seat: usize) -> bool {
    !mentoring.meeting().is_away(seat) && !mentoring.votes_elsewhere(seat)
}

fn has_voted(meeting: &Meeting, seat: usize) -> bool {
    let sheet = meeting.sheet(meeting.slot(), seat);
    sheet.vote(meeting.round()).is_some()
}

impl MeetingScreen {
    /// Returns the seat whose fingers are typed next, or the number of seats if there is none. Those who vote on a screen
    /// of their own are skipped unless the mentor moved to them.
    pub(super) fn finger_seat(&self, mentoring: &RunningMeeting) -> usize {
        let (meeting, cursor) = (mentoring.meeting(), &self.fingers);
        let people = meeting.seats.len();
        if cursor.is_chosen {
            return cursor.seat.min(people);
        }
        let is_next = |seat: &usize| shows_fingers(mentoring, *seat) && !has_voted(meeting, *seat);
        (cursor.seat..people).find(is_next).unwrap_or(people)
    }

    /// Returns the seat before the cursor whose fingers were typed.
    pub(super) fn typed_before(&self, mentoring: &RunningMeeting) -> Option<usize> {
        let before = (0..self.finger_seat(mentoring)).rev();
        before
            .into_iter()
            .find(|seat| shows_fingers(mentoring, *seat))
    }

    /// Handles a digit for the next person in the roster, where 0 means no vote; Backspace removes the last one.
    pub(super) fn type_fingers(&mut self, action: Action, turn: &mut Turn) -> bool {
        let Some(mentoring) = &turn.model.meeting else {
            return false;
        };
        let meeting = mentoring.meeting();
        if !meeting.votes_by_fingers() || meeting.is_paused() {
            return false;
        }
        let (slot, people) = (meeting.slot(), meeting.seats.len());
        let (next, order) = (self.finger_seat(mentoring), &meeting.form.items[slot].order);
        let (seat, picked) = match action {
            Action::Digit(_) if next >= people => {
                turn.tell(match mentoring.room {
                    None => "everyone has voted: the arrow keys or backspace correct",
                    Some(_) => "everyone in the room has voted: the arrow keys correct a vote",
                });
                return true;
            }
            Action::Digit(n) if usize::from(n) > order.len() => {
                turn.tell(format!(
                    "there are {} options: 1 to {}, 0 for no vote",
                    order.len(),
                    order.len()
                ));
                return true;
            }
            Action::Digit(n) => {
                let place = usize::from(n).checked_sub(1);
                (next, place.and_then(|place| order.get(place)).copied())
            }
            Action::Clear => match self.typed_before(mentoring) {
                Some(seat) => (seat, None),
                None => return true,
            },
            Action::Left | Action::Right => {
                let to = match action {
                    Action::Left => next.saturating_sub(1),
                    _ => (next + 1).min(people),
                };
                self.fingers = FingerCursor::at(to);
                self.seat = to.min(people.saturating_sub(1));
                self.scroll.follow();
                return true;
            }
            _ => return false,
        };
        self.fingers = match action {
            Action::Clear => FingerCursor::at(seat),
            _ => FingerCursor::from(seat + 1),
        };
        if picked.is_some() || has_voted(meeting, seat) {
            let answer = Answer::Picked(picked.into_iter().collect());
            let event = meeting.voting(slot, seat, answer);
            self.record(event, turn);
        }
        true
    }

    /// Asks for the fingers of the next person; `None` if everyone votes on a screen of their own.
    pub(super) fn next_finger(&self, mentoring: &RunningMeeting) -> Option<String> {
        let people = mentoring.meeting().seats.len();
        let is_open = mentoring.room.is_some();
        let seat = self.finger_seat(mentoring);
        if seat >= people {
            let typed = (0..people).any(|seat| shows_fingers(mentoring, seat));
            return match is_open {
                true => typed.then(|| "the fingers are typed; backspace corrects".to_owned()),
                false => Some(format!("{people} of {people} typed; backspace corrects")),
            };
        }
        let (name, place) = (mentoring.name(seat), format!("({} of {people})", seat + 1));
        Some(match (mentoring.votes_elsewhere(seat), is_open) {
            (true, _) => format!("{name} votes from elsewhere; a digit changes the vote {place}"),
            (false, true) => format!("{name}: how many fingers? {place}"),
            (false, false) => format!("{name}: how many fingers? {place}; 0 for no vote"),
        })
    }
}
