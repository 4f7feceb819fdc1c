//! The state of a mentor's session and the only way to change it: [`Meeting::apply`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::admit::Refused;
use super::event::{Event, Round};
use super::sheet::{Closing, SeatSheet};
use crate::core::form::Form;
use crate::core::id::PersonId;
use crate::core::question::{Interaction, Question};
use crate::core::response::Answer;
use crate::core::time::{Day, Millis};
use crate::session::Stamped;

/// Where a question stands; the questions follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is on the stage yet.
    Ready,
    /// The question is on the stage and answers come in.
    Asking(Round),
    /// The answers of this round are in, and nothing is told: with one person the time to ask why, with several to
    /// look at the [`Cue`](super::Cue).
    Committed(Round),
    /// With several: how many chose what.
    Split,
    /// What is right is on the stage: the time to talk.
    Revealed,
    /// After the last question.
    Closing,
}

/// Somebody at the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub person: PersonId,
}

/// A mentor's session: its form, who is there, and the state that its events add up to.
#[derive(Clone, Debug)]
pub struct Meeting {
    pub form: Form,
    pub questions: Arc<[Question]>,
    pub seats: Vec<Seat>,
    /// Where the session stood before each step: the question and its step. The last one is where it stands.
    trail: Vec<(usize, Step)>,
    /// By question, then by seat.
    sheets: Vec<Vec<SeatSheet>>,
    notes: Vec<String>,
    closings: Vec<Closing>,
    next_meeting: Option<Day>,
    hot_seat: bool,
    /// How many have had their turn at the keyboard in this round.
    handed_on: usize,
    /// The seats that had the keyboard at this question, by [`Event::AtKeyboard`]. The last one has it now.
    turns: Vec<Option<usize>>,
    pub(super) paused: bool,
    pub(super) over: Option<bool>,
    at: Millis,
}

impl Meeting {
    /// A session about to start; `questions` stand in the order of the form's items, and at least one person is there.
    pub fn new(form: Form, questions: Arc<[Question]>, seats: Vec<Seat>) -> Self {
        let slots = form.items.len().min(questions.len());
        Self {
            sheets: vec![vec![SeatSheet::default(); seats.len()]; slots],
            notes: vec![String::new(); slots],
            closings: vec![Closing::default(); seats.len()],
            trail: vec![(0, Step::Ready)],
            next_meeting: None,
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

    /// The session that a log of events adds up to; events that do not fit are passed over.
    pub fn replay(mut self, log: &[Stamped<Event>]) -> Self {
        for stamped in log {
            // As in a session: a log that was tampered with must not keep the rest from being read.
            let _ = self.apply(stamped);
        }
        self
    }

    /// # Errors
    /// Says why the event is refused; the state is then as it was.
    pub fn apply(&mut self, stamped: &Stamped<Event>) -> Result<(), Refused> {
        if stamped.at < self.at {
            return Err(Refused::Backwards);
        }
        self.admit(&stamped.event)?;
        self.at = stamped.at;
        let here = self.slot();
        if matches!(stamped.event, Event::Asked { .. } | Event::AskedAgain | Event::HotSeat { .. }) {
            self.handed_on = 0;
        }
        match stamped.event.clone() {
            Event::Asked { slot } => {
                // Who was chosen before the first question begins with it.
                let begins = self.step() == Step::Ready && !self.turns.is_empty();
                self.trail.push((slot, Step::Asking(Round::First)));
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
            Event::Undone if self.turns.len() > 1 && matches!(self.step(), Step::Asking(_)) => drop(self.turns.pop()),
            Event::Undone if self.hands_back() => self.handed_on -= 1,
            Event::Undone => drop(self.trail.pop()),
            Event::HotSeat { on } => {
                self.hot_seat = on;
                self.turns.clear();
            }
            Event::HandedOn => self.handed_on += 1,
            Event::AtKeyboard { turn } => self.turns.push(turn),
            Event::Voted { slot, round, seat, answer } => {
                self.sheets[slot][seat].votes[round as usize] = (!answer.is_blank()).then_some(answer);
            }
            Event::VoteChanged { slot, round, seat, answer } => {
                let sheet = &mut self.sheets[slot][seat];
                sheet.votes[round as usize] = (!answer.is_blank()).then_some(answer);
                sheet.confidence = None;
            }
            Event::Confident { slot, seat, confidence } => self.sheets[slot][seat].confidence = confidence,
            Event::Heard { slot, seat, point, on: true } => drop(self.sheets[slot][seat].heard.insert(point)),
            Event::Heard { slot, seat, point, on: false } => drop(self.sheets[slot][seat].heard.remove(&point)),
            Event::Reasoned { slot, seat, criterion, level } => {
                set(&mut self.sheets[slot][seat].levels, criterion, level);
            }
            Event::Evidence { slot, seat, text } => self.sheets[slot][seat].evidence = text,
            Event::Rated { slot, seat, by, criterion, points } => {
                set(&mut self.sheets[slot][seat].points, (by, criterion), points);
            }
            Event::BringBack { slot, seat, on } => self.sheets[slot][seat].bring_back = Some(on),
            Event::PersonNoted { seat, text } => self.closings[seat].note = text,
            Event::QuestionNoted { slot, text } => self.notes[slot] = text,
            Event::Said { seat, text } => self.closings[seat].said = text,
            Event::Agreed { seat, place, text, due } => {
                self.closings[seat].agreements[place] = (!text.trim().is_empty()).then_some((text, due));
            }
            Event::Kept { seat, place, kept } => self.closings[seat].kept[place] = kept,
            Event::NextMeeting { day } => self.next_meeting = day,
            Event::Paused => self.paused = true,
            Event::Resumed => self.paused = false,
            Event::Gap { .. } | Event::Ticked | Event::Erased => {}
            Event::Finished => self.over = Some(true),
            Event::Discarded => self.over = Some(false),
        }
        Ok(())
    }

    /// The next legal step, which the one big key takes; `None` when the session is over.
    ///
    /// With several a first vote that is divided is followed by a second one; [`Meeting::other`] skips it.
    pub fn next(&self) -> Option<Event> {
        let next_question = || self.unasked().map_or(Event::Closing, |slot| Event::Asked { slot });
        let event = match self.step() {
            Step::Ready if self.sheets.is_empty() => Event::Closing,
            Step::Ready => Event::Asked { slot: 0 },
            Step::Asking(_) => Event::Committed,
            Step::Committed(_) if !self.has_split() => Event::Revealed,
            Step::Committed(Round::First) if self.cue().is_some_and(super::Cue::asks_again) => Event::AskedAgain,
            Step::Committed(_) => Event::SplitShown,
            Step::Split => Event::Revealed,
            Step::Revealed => next_question(),
            Step::Closing => Event::Finished,
        };
        self.over.is_none().then_some(event)
    }

    /// The other legal step: after a first vote the one that the cue does not advise, after a reveal the end, and at
    /// the end a question that is left.
    pub fn other(&self) -> Option<Event> {
        match (self.step(), self.next()?) {
            (Step::Committed(Round::First), Event::AskedAgain) => Some(Event::SplitShown),
            (Step::Committed(Round::First), _) => Some(Event::AskedAgain),
            (Step::Revealed, Event::Asked { .. }) => Some(Event::Closing),
            (Step::Closing, _) => self.unasked().map(|slot| Event::Asked { slot }),
            _ => None,
        }
    }

    /// The first question that was not on the stage yet.
    fn unasked(&self) -> Option<usize> {
        (0..self.sheets.len()).find(|slot| !self.was_asked(*slot))
    }

    /// With several the split comes before the key, where there is one: somebody voted, and not in words.
    pub fn has_split(&self) -> bool {
        let slot = self.slot();
        let is_split = |question: &Question| !matches!(question.interaction, Interaction::Open { .. });
        let has_votes = |sheets: &Vec<SeatSheet>| sheets.iter().any(|sheet| sheet.last_vote().is_some());
        !self.is_with_one()
            && self.questions.get(slot).is_some_and(is_split)
            && self.sheets.get(slot).is_some_and(has_votes)
    }

    /// How many answers this round has so far.
    pub fn answers(&self) -> usize {
        let round = self.round();
        self.sheets.get(self.slot()).map_or(0, |sheets| sheets.iter().filter(|s| s.vote(round).is_some()).count())
    }

    /// The question that stands or stood last on the stage.
    pub fn slot(&self) -> usize {
        self.trail.last().map_or(0, |(slot, _)| *slot)
    }

    pub fn step(&self) -> Step {
        self.trail.last().map_or(Step::Ready, |(_, step)| *step)
    }

    /// The round of the vote that is open, or was last.
    pub fn round(&self) -> Round {
        let rounds = self.trail.iter().rev().take_while(|(slot, _)| *slot == self.slot());
        let second = rounds.into_iter().any(|(_, step)| matches!(step, Step::Asking(Round::Second)));
        if second { Round::Second } else { Round::First }
    }

    /// There is a step to take back.
    pub fn has_gone_on(&self) -> bool {
        self.trail.len() > 1
    }

    /// What is right has been on the stage, and was not taken back.
    pub fn is_revealed(&self, slot: usize) -> bool {
        self.trail.contains(&(slot, Step::Revealed))
    }

    /// The question was put on the stage, and that was not taken back.
    pub fn was_asked(&self, slot: usize) -> bool {
        self.trail.iter().any(|(at, step)| *at == slot && matches!(step, Step::Asking(_)))
    }

    pub fn is_with_one(&self) -> bool {
        self.seats.len() == 1
    }

    /// Criteria of reasoning: those of an open question's rubric, else the reasoning as a whole.
    pub fn criteria(&self, slot: usize) -> usize {
        match &self.questions[slot].interaction {
            Interaction::Open { rubric, .. } => rubric.len(),
            _ => 1,
        }
    }

    pub fn len(&self) -> usize {
        self.sheets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    pub fn sheet(&self, slot: usize, seat: usize) -> &SeatSheet {
        &self.sheets[slot][seat]
    }

    /// What stands of each person at a question, by seat.
    pub fn sheets(&self, slot: usize) -> &[SeatSheet] {
        &self.sheets[slot]
    }

    /// The mentor's note to a question.
    pub fn note(&self, slot: usize) -> &str {
        &self.notes[slot]
    }

    pub fn closing(&self, seat: usize) -> &Closing {
        &self.closings[seat]
    }

    pub fn next_meeting(&self) -> Option<Day> {
        self.next_meeting
    }

    /// Everybody shows fingers at once, one for the first option: with several, where one option is chosen.
    pub fn is_by_fingers(&self) -> bool {
        let is_single = |question: &Question| matches!(question.interaction, Interaction::Single(_));
        matches!(self.step(), Step::Asking(_))
            && !self.is_with_one()
            && !self.is_hot_seat()
            && self.questions.get(self.slot()).is_some_and(is_single)
    }

    pub fn is_hot_seat(&self) -> bool {
        self.hot_seat || !self.turns.is_empty()
    }

    /// Gives the keyboard to the first person who has not answered, or to nobody.
    fn begin_turns(&mut self, begins: bool) {
        self.turns.clear();
        if begins {
            self.turns.push(self.next_turn());
        }
    }

    /// Returns the first seat that has neither answered in this round nor had the keyboard.
    pub fn next_turn(&self) -> Option<usize> {
        let is_asking = matches!(self.step(), Step::Asking(_));
        let has_answered = |seat: usize| is_asking && self.sheets[self.slot()][seat].vote(self.round()).is_some();
        (0..self.seats.len()).find(|seat| !has_answered(*seat) && !self.turns.contains(&Some(*seat)))
    }

    /// Returns the event that passes the keyboard on from the person who has it.
    pub fn handing_on(&self) -> Event {
        if self.turns.is_empty() { Event::HandedOn } else { Event::AtKeyboard { turn: self.next_turn() } }
    }

    /// Returns the event that makes this the answer of a seat. If it differs from an answer whose confidence was
    /// stated, the event clears the confidence.
    pub fn voting(&self, slot: usize, seat: usize, answer: Answer) -> Event {
        let (round, sheet) = (self.round(), self.sheet(slot, seat));
        match sheet.confidence.is_some() && sheet.last_vote().is_none_or(|given| *given != answer) {
            true => Event::VoteChanged { slot, round, seat, answer },
            false => Event::Voted { slot, round, seat, answer },
        }
    }

    /// What would be taken back is that the keyboard was handed on.
    fn hands_back(&self) -> bool {
        self.hot_seat && self.handed_on > 0 && matches!(self.step(), Step::Asking(_))
    }

    /// On the hot seat: the seat at the keyboard, until everybody has had a turn. Who begins rotates from question to
    /// question where [`Event::HotSeat`] began it.
    pub fn at_keyboard(&self) -> Option<usize> {
        if let Some(seat) = self.turns.last() {
            return seat.filter(|_| matches!(self.step(), Step::Asking(_)));
        }
        let turn = self.hot_seat && matches!(self.step(), Step::Asking(_)) && self.handed_on < self.seats.len();
        turn.then(|| (self.slot() + self.handed_on) % self.seats.len())
    }

    pub fn is_paused(&self) -> bool {
        self.paused
    }

    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Time charged up to the last event.
    pub fn at(&self) -> Millis {
        self.at
    }
}

fn set<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}
