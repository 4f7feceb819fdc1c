//! The state of a mentor's session, changed only by [`Meeting::apply`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::admit::Rejected;
use super::event::{Event, Round};
use super::room::RoomPlace;
use super::sheet::{Closing, LaterAgreement, MAX_AGREEMENTS, SeatSheet};
use crate::core::form::Form;
use crate::core::id::PersonId;
use crate::core::question::{Interaction, Question};
use crate::core::time::{Day, Millis};
use crate::session::{Machine, Stamped};

/// The step of the current question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// No question has been shown, or the last one was skipped.
    Ready,
    /// The question is shown and answers are recorded.
    Asking(Round),
    /// The answers of this round are final and the key is still hidden. With one person, the mentor asks for the
    /// reasons; with several, the mentor follows the [`Cue`](super::Cue).
    Committed(Round),
    /// With several people: the number of votes for each answer is shown.
    Split,
    /// The key is shown, for discussion.
    Revealed,
    /// The summary after the last question.
    Closing,
}

/// The seat of a participant in a mentor session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub person: PersonId,
}

/// A name of a participant in a chat, or under which they joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatName {
    pub seat: usize,
    pub name: String,
    pub login: Option<String>,
}

/// A mentor's session: its form, its participants, and the state that results from its events.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub form: Form,
    pub questions: Arc<[Question]>,
    pub seats: Vec<Seat>,
    /// The question index and step after each change of step, for undo. The last entry is the current one.
    trail: Vec<(usize, Step)>,
    /// Indexed by question, then by seat.
    pub(super) sheets: Vec<Vec<SeatSheet>>,
    notes: Vec<String>,
    closings: Vec<Closing>,
    next_meeting: Option<Day>,
    room: Option<RoomPlace>,
    names: Vec<SeatName>,
    /// The seats of the participants who are not here.
    away: BTreeSet<usize>,
    pub(super) hot_seat: bool,
    /// The number of people who have finished their turn at the keyboard in this round.
    pub(super) handed_on: usize,
    /// The seats that had the keyboard at this question, by [`Event::AtKeyboard`]. The last one has it now.
    pub(super) turns: Vec<Option<usize>>,
    pub(super) paused: bool,
    pub(super) over: Option<bool>,
    at: Millis,
}

impl Machine for Meeting {
    type Event = Event;
    type Rejected = Rejected;

    const TICK_STORED: Millis = Millis::minutes(1);

    fn at(&self) -> Millis {
        self.at
    }

    fn apply(&mut self, stamped: &Stamped<Event>) -> Result<(), Rejected> {
        self.apply(stamped)
    }

    fn is_paused(&self) -> bool {
        self.paused
    }

    /// Returns false: there is no time limit, and a silent period usually means discussion.
    fn is_counting_down(&self, _spent: Millis) -> bool {
        false
    }

    fn gap(length: Millis) -> Event {
        Event::Gap { length }
    }

    fn tick() -> Event {
        Event::Ticked
    }
}

impl Meeting {
    /// Creates a session that has not started. `questions` are in the order of the form's items; `seats` has at least
    /// one person.
    pub fn new(form: Form, questions: Arc<[Question]>, seats: Vec<Seat>) -> Self {
        let slots = form.items.len().min(questions.len());
        Self {
            sheets: vec![vec![SeatSheet::default(); seats.len()]; slots],
            notes: vec![String::new(); slots],
            closings: vec![Closing::default(); seats.len()],
            trail: vec![(0, Step::Ready)],
            next_meeting: None,
            room: None,
            names: Vec::new(),
            away: BTreeSet::new(),
            hot_seat: false,
            handed_on: 0,
            turns: Vec::new(),
            paused: false,
            over: None,
            at: Millis::ZERO,
            form,
            questions,
            seats,
        }
    }

    /// Applies a log of events and returns the session; events that no longer fit are skipped.
    pub fn replay(mut self, log: &[Stamped<Event>]) -> Self {
        for stamped in log {
            // One event that does not fit, for example in an edited log, must not make the rest unreadable.
            let _ = self.apply(stamped);
        }
        self
    }

    /// Applies an event.
    ///
    /// # Errors
    /// The reason why the event is rejected; the state is unchanged.
    pub fn apply(&mut self, stamped: &Stamped<Event>) -> Result<(), Rejected> {
        if stamped.at < self.at {
            return Err(Rejected::Backwards);
        }
        self.admit(&stamped.event)?;
        self.at = stamped.at;
        self.change_step(&stamped.event);
        self.record(stamped.event.clone());
        Ok(())
    }

    /// Applies an event that changes the step, passes the keyboard, or pauses or ends the session.
    fn change_step(&mut self, event: &Event) {
        let here = self.slot();
        match event {
            Event::Asked { slot } => {
                // Who was chosen before the first question begins with it.
                let begins = self.step() == Step::Ready && !self.turns.is_empty();
                self.trail.push((*slot, Step::Asking(Round::First)));
                self.begin_turns(begins);
            }
            Event::AskedAgain => {
                self.trail.push((here, Step::Asking(Round::Second)));
                self.begin_turns(!self.turns.is_empty());
            }
            Event::Committed => self.trail.push((here, Step::Committed(self.round()))),
            Event::SplitShown => self.trail.push((here, Step::Split)),
            Event::Revealed => self.trail.push((here, Step::Revealed)),
            Event::Closing => self.trail.push((here, Step::Closing)),
            Event::Skipped => {
                self.trail.push((here, Step::Ready));
                self.turns.clear();
            }
            Event::Undone if self.turns.len() > 1 && matches!(self.step(), Step::Asking(_)) => {
                self.turns.pop();
            }
            Event::Undone if self.undo_returns_keyboard() => self.handed_on -= 1,
            Event::Undone => {
                self.trail.pop();
            }
            Event::HotSeat { on } => {
                self.hot_seat = *on;
                self.turns.clear();
            }
            Event::HandedOn => self.handed_on += 1,
            Event::AtKeyboard { turn } => self.turns.push(*turn),
            Event::Paused => self.paused = true,
            Event::Resumed => self.paused = false,
            Event::Finished => self.over = Some(true),
            Event::Discarded => self.over = Some(false),
            _ => {}
        }
        if matches!(
            event,
            Event::Asked { .. } | Event::AskedAgain | Event::HotSeat { .. }
        ) {
            self.handed_on = 0;
        }
    }

    /// Applies an event that records an answer, points, notes or agreements.
    fn record(&mut self, event: Event) {
        match event {
            Event::Voted {
                slot,
                round,
                seat,
                answer,
            } => {
                self.sheets[slot][seat].votes[round as usize] =
                    (!answer.is_blank()).then_some(answer);
            }
            Event::VoteChanged {
                slot,
                round,
                seat,
                answer,
            } => {
                let sheet = &mut self.sheets[slot][seat];
                sheet.votes[round as usize] = (!answer.is_blank()).then_some(answer);
                sheet.confidence = None;
            }
            Event::Judged {
                slot,
                round,
                seat,
                right,
            } => self.sheets[slot][seat].judged[round as usize] = right,
            Event::Confident {
                slot,
                seat,
                confidence,
            } => self.sheets[slot][seat].confidence = confidence,
            Event::Explained { slot, seat, text } => self.sheets[slot][seat].reason = text,
            Event::Heard {
                slot,
                seat,
                point,
                on,
            } => set_in(&mut self.sheets[slot][seat].heard, point, on),
            Event::Reasoned {
                slot,
                seat,
                criterion,
                level,
            } => {
                set(&mut self.sheets[slot][seat].levels, criterion, level);
            }
            Event::Evidence { slot, seat, text } => self.sheets[slot][seat].evidence = text,
            Event::Rated {
                slot,
                seat,
                by,
                criterion,
                points,
            } => {
                set(&mut self.sheets[slot][seat].points, (by, criterion), points);
            }
            Event::BringBack { slot, seat, on } => self.sheets[slot][seat].bring_back = Some(on),
            Event::QuestionNoted { slot, text } => self.notes[slot] = text,
            Event::PersonNoted { .. }
            | Event::Said { .. }
            | Event::Agreed { .. }
            | Event::Kept { .. }
            | Event::AgreedLater { .. } => self.record_closing(event),
            Event::Dropped { slot, seat } => self.sheets[slot][seat].bring_back = Some(false),
            Event::NextMeeting { day } => self.next_meeting = day,
            Event::Room { place } => self.room = place,
            Event::Away { seat, away } => set_in(&mut self.away, seat, away),
            Event::SeatAdded { person, .. } => self.add_seat(person),
            Event::Named { seat, name, login } => self.names.push(SeatName { seat, name, login }),
            Event::Gap { .. } | Event::Ticked | Event::Erased => {}
            // These change the step or the state of the session.
            Event::Asked { .. } | Event::AskedAgain | Event::Committed | Event::SplitShown => {}
            Event::Skipped => {}
            Event::Revealed | Event::Closing | Event::Undone | Event::HotSeat { .. } => {}
            Event::HandedOn | Event::AtKeyboard { .. } | Event::Paused | Event::Resumed => {}
            Event::Finished | Event::Discarded => {}
        }
    }

    /// Records what a person takes away from the session: a note, their own words, or an agreement.
    fn record_closing(&mut self, event: Event) {
        match event {
            Event::PersonNoted { seat, text } => self.closings[seat].note = text,
            Event::Said { seat, text } => self.closings[seat].said = text,
            Event::Agreed {
                seat,
                place,
                text,
                due,
            } => {
                self.closings[seat].agreements[place] =
                    (!text.trim().is_empty()).then_some((text, due));
            }
            Event::Kept { seat, place, kept } => {
                let closing = &mut self.closings[seat];
                match place.checked_sub(MAX_AGREEMENTS) {
                    Some(place) => closing.later[place].kept = kept,
                    None => closing.kept[place] = kept,
                }
            }
            Event::AgreedLater {
                seat,
                text,
                due,
                day,
            } => self.closings[seat].later.push(LaterAgreement {
                made: day,
                text,
                due,
                kept: None,
            }),
            _ => {}
        }
    }

    /// Adds a participant, who has answered no question so far.
    fn add_seat(&mut self, person: PersonId) {
        self.seats.push(Seat { person });
        self.closings.push(Closing::default());
        for sheets in &mut self.sheets {
            sheets.push(SeatSheet::default());
        }
    }

    /// Returns the event by which a person takes part from here on.
    pub fn seating(&self, person: PersonId) -> Event {
        let is_shown = !self.is_empty() && !matches!(self.step(), Step::Ready | Step::Closing);
        Event::SeatAdded {
            person,
            slot: is_shown.then(|| self.slot()),
        }
    }

    /// Returns the seat of a person.
    pub fn seat_of(&self, person: PersonId) -> Option<usize> {
        self.seats.iter().position(|seat| seat.person == person)
    }

    /// Returns the event of the default next step, or `None` if the session is over.
    ///
    /// With several people, a divided first vote is followed by a second one; [`Meeting::alternative`] skips it.
    pub fn next(&self) -> Option<Event> {
        let next_question = || {
            self.first_unasked()
                .map_or(Event::Closing, |slot| Event::Asked { slot })
        };
        let event = match self.step() {
            Step::Ready => next_question(),
            Step::Asking(_) => Event::Committed,
            Step::Committed(Round::First) if self.advises_second_vote() => Event::AskedAgain,
            Step::Committed(_) if !self.has_split() => Event::Revealed,
            Step::Committed(_) => Event::SplitShown,
            Step::Split => Event::Revealed,
            Step::Revealed => next_question(),
            Step::Closing => Event::Finished,
        };
        self.over.is_none().then_some(event)
    }

    /// Returns true if several people should answer again after a discussion.
    fn advises_second_vote(&self) -> bool {
        !self.is_with_one() && self.cue().is_some_and(super::Cue::asks_again)
    }

    /// Returns the event of the other allowed step, if there is one: after a first vote, the step that the cue does not
    /// advise; after a reveal, the closing; at the closing, a question that was not asked.
    pub fn alternative(&self) -> Option<Event> {
        match (self.step(), self.next()?) {
            (Step::Committed(Round::First), Event::AskedAgain) if !self.has_split() => {
                Some(Event::Revealed)
            }
            (Step::Committed(Round::First), Event::AskedAgain) => Some(Event::SplitShown),
            (Step::Committed(Round::First), _) => Some(Event::AskedAgain),
            (Step::Revealed, Event::Asked { .. }) => Some(Event::Closing),
            (Step::Closing, _) => self.first_unasked().map(|slot| Event::Asked { slot }),
            _ => None,
        }
    }

    /// Returns the first question that was not asked.
    fn first_unasked(&self) -> Option<usize> {
        (0..self.sheets.len()).find(|slot| !self.was_asked(*slot))
    }

    /// Returns true if the votes are shown before the key: several people, at least one vote, and no open question.
    pub fn has_split(&self) -> bool {
        let slot = self.slot();
        let is_split =
            |question: &Question| !matches!(question.interaction, Interaction::Open { .. });
        let has_votes =
            |sheets: &Vec<SeatSheet>| sheets.iter().any(|sheet| sheet.last_vote().is_some());
        !self.is_with_one()
            && self.questions.get(slot).is_some_and(is_split)
            && self.sheets.get(slot).is_some_and(has_votes)
    }

    /// Returns the number of answers in the current round.
    pub fn answers(&self) -> usize {
        let round = self.round();
        self.sheets.get(self.slot()).map_or(0, |sheets| {
            sheets.iter().filter(|s| s.has_answered(round)).count()
        })
    }

    /// Returns the index of the current question, or of the last one after the questions.
    pub fn slot(&self) -> usize {
        self.trail.last().map_or(0, |(slot, _)| *slot)
    }

    /// Returns the current step.
    pub fn step(&self) -> Step {
        self.trail.last().map_or(Step::Ready, |(_, step)| *step)
    }

    /// Returns the round of the current or latest vote.
    pub fn round(&self) -> Round {
        let rounds = self
            .trail
            .iter()
            .rev()
            .take_while(|(slot, _)| *slot == self.slot());
        let second = rounds
            .into_iter()
            .any(|(_, step)| matches!(step, Step::Asking(Round::Second)));
        if second { Round::Second } else { Round::First }
    }

    /// Returns true if a step can be undone.
    pub fn can_undo(&self) -> bool {
        self.trail.len() > 1
    }

    /// Returns true if the key of this question was revealed, and that was not undone.
    pub fn is_revealed(&self, slot: usize) -> bool {
        self.trail.contains(&(slot, Step::Revealed))
    }

    /// Returns true if the question was asked, and that was not undone.
    pub fn was_asked(&self, slot: usize) -> bool {
        self.trail
            .iter()
            .any(|(at, step)| *at == slot && matches!(step, Step::Asking(_)))
    }

    /// Returns true if the participant is not here.
    pub fn is_away(&self, seat: usize) -> bool {
        self.away.contains(&seat)
    }

    /// Returns true if the question can be left without a reveal.
    pub fn can_skip(&self) -> bool {
        let is_open = matches!(
            self.step(),
            Step::Asking(_) | Step::Committed(_) | Step::Split
        );
        is_open && !self.is_paused() && !self.is_over()
    }

    /// Returns true if there is only one participant.
    pub fn is_with_one(&self) -> bool {
        self.seats.len() == 1
    }

    /// Returns the number of reasoning criteria: those of an open question's rubric, otherwise one.
    pub fn criteria(&self, slot: usize) -> usize {
        match &self.questions[slot].interaction {
            Interaction::Open { rubric, .. } => rubric.len(),
            _ => 1,
        }
    }

    /// Returns the number of questions.
    pub fn len(&self) -> usize {
        self.sheets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    /// Returns the records of one person for a question.
    pub fn sheet(&self, slot: usize, seat: usize) -> &SeatSheet {
        &self.sheets[slot][seat]
    }

    /// Returns the records of all people for a question, by seat.
    pub fn sheets(&self, slot: usize) -> &[SeatSheet] {
        &self.sheets[slot]
    }

    /// Returns the mentor's note about a question.
    pub fn note(&self, slot: usize) -> &str {
        &self.notes[slot]
    }

    /// Returns what a person takes away from the session.
    pub fn closing(&self, seat: usize) -> &Closing {
        &self.closings[seat]
    }

    /// Returns the day of the next session, if it was set.
    pub fn next_meeting(&self) -> Option<Day> {
        self.next_meeting
    }

    /// Returns where the session is open for people who join from elsewhere.
    pub fn room(&self) -> Option<&RoomPlace> {
        self.room.as_ref()
    }

    /// Returns to whom names belong that are no participant's, in the order in which the mentor said so.
    pub fn names(&self) -> &[SeatName] {
        &self.names
    }

    /// Returns true if all people vote at once by showing fingers (one finger for the first option). That needs several
    /// people and a single-choice question.
    pub fn votes_by_fingers(&self) -> bool {
        let is_single =
            |question: &Question| matches!(question.interaction, Interaction::Single(_));
        matches!(self.step(), Step::Asking(_))
            && !self.is_with_one()
            && !self.is_hot_seat()
            && self.questions.get(self.slot()).is_some_and(is_single)
    }

    /// Returns true if several people answer the question aloud, unless they type, because fingers can't express the
    /// answer. The mentor judges each answer. What is written in words is rated by criteria instead.
    pub fn is_judged(&self, slot: usize) -> bool {
        let is_aloud = |question: &Question| {
            !matches!(
                question.interaction,
                Interaction::Single(_) | Interaction::Open { .. }
            )
        };
        !self.is_with_one() && self.questions.get(slot).is_some_and(is_aloud)
    }

    /// Returns true if the session is paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Returns true if the session was finished or discarded.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Returns the time counted against the session, up to its last event.
    pub fn at(&self) -> Millis {
        self.at
    }
}

/// Adds a value to a set, or removes it.
fn set_in(values: &mut BTreeSet<usize>, value: usize, is_in: bool) {
    match is_in {
        true => drop(values.insert(value)),
        false => drop(values.remove(&value)),
    }
}

/// Sets or removes an entry of a map.
fn set<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}
