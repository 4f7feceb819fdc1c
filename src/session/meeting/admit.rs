//! Validation of events: which events are allowed at each step.

use super::event::{Event, Rater, Round};
use super::machine::{Meeting, Step};
use super::sheet::MAX_AGREEMENTS;
use crate::core::response::{Answer, AnswerMismatch};

/// The highest level of reasoning.
const MAX_LEVEL: u8 = 3;
const COMMITTED_STEPS: [Step; 2] = [
    Step::Committed(Round::First),
    Step::Committed(Round::Second),
];

/// The reason why an event is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("the session has ended")]
    Over,
    #[error("the session is paused")]
    Paused,
    #[error("the session is already running")]
    NotPaused,
    #[error("that step is not possible here")]
    NotNext,
    #[error("the hot seat needs several people")]
    Alone,
    #[error("there is no step to take back")]
    NothingToUndo,
    #[error("there is no such question in this session")]
    NoSuchQuestion,
    #[error("there is no such participant")]
    NoSuchSeat,
    #[error("this person already takes part in the session")]
    AlreadySeated,
    #[error("their vote says whether they are right")]
    HasVoted,
    #[error("this vote is closed")]
    Closed,
    #[error("a question can be brought back only after the reveal")]
    TooEarlyToBringBack,
    #[error("your own points come after the reveal")]
    TooEarlyToRate,
    #[error("this question has no such criterion, or the points are too high")]
    NoSuchCriterion,
    #[error("three agreements are the maximum")]
    TooManyAgreements,
    #[error("there is no agreement on this line")]
    NothingAgreed,
    #[error("the clock can't run backwards")]
    Backwards,
    #[error(transparent)]
    Answer(#[from] AnswerMismatch),
}

impl Meeting {
    /// Checks whether an event is allowed now.
    pub(super) fn admit(&self, event: &Event) -> Result<(), Rejected> {
        self.admit_while_paused_or_over(event)?;
        match event {
            Event::Asked { .. }
            | Event::AskedAgain
            | Event::Committed
            | Event::SplitShown
            | Event::Revealed
            | Event::Closing
            | Event::Skipped
            | Event::Undone
            | Event::HotSeat { .. }
            | Event::HandedOn => self.admit_step(event),
            _ => self.admit_record(event),
        }
    }

    /// Rejects events that a paused or finished session does not accept. Notes are always accepted.
    fn admit_while_paused_or_over(&self, event: &Event) -> Result<(), Rejected> {
        let is_note = matches!(
            event,
            Event::PersonNoted { .. }
                | Event::QuestionNoted { .. }
                | Event::Kept { .. }
                | Event::AgreedLater { .. }
                | Event::Dropped { .. }
                | Event::Erased
        );
        if self.over.is_some() && !is_note {
            return Err(Rejected::Over);
        }
        match event {
            Event::Resumed if !self.paused => Err(Rejected::NotPaused),
            Event::Resumed
            | Event::Finished
            | Event::Discarded
            | Event::Room { .. }
            | Event::Named { .. }
            | Event::Gap { .. }
            | Event::Ticked => Ok(()),
            _ if self.paused && !is_note => Err(Rejected::Paused),
            _ => Ok(()),
        }
    }

    /// Checks an event that changes the step or passes the keyboard.
    fn admit_step(&self, event: &Event) -> Result<(), Rejected> {
        match event {
            Event::Asked { slot } => {
                self.check_slot(*slot)?;
                // A question that was revealed can't be asked again, because its key is known.
                let ready = matches!(self.step(), Step::Ready | Step::Revealed | Step::Closing);
                if ready && !self.was_asked(*slot) {
                    Ok(())
                } else {
                    Err(Rejected::NotNext)
                }
            }
            Event::AskedAgain => self.require_step(&[Step::Committed(Round::First)]),
            Event::Committed => {
                self.require_step(&[Step::Asking(Round::First), Step::Asking(Round::Second)])
            }
            Event::SplitShown if !self.has_split() => Err(Rejected::NotNext),
            Event::SplitShown => self.require_step(&COMMITTED_STEPS),
            Event::Revealed if self.has_split() => self.require_step(&[Step::Split]),
            Event::Revealed => self.require_step(&COMMITTED_STEPS),
            Event::Skipped if !self.can_skip() => Err(Rejected::NotNext),
            Event::Closing => self.require_step(&[Step::Ready, Step::Revealed]),
            Event::HotSeat { .. } if self.is_with_one() => Err(Rejected::Alone),
            Event::HandedOn if self.seat_at_keyboard().is_none() => Err(Rejected::NotNext),
            Event::AtKeyboard { .. } if self.is_with_one() => Err(Rejected::Alone),
            Event::AtKeyboard { turn } => {
                self.require_step(&[
                    Step::Ready,
                    Step::Asking(Round::First),
                    Step::Asking(Round::Second),
                ])?;
                turn.map_or(Ok(()), |seat| self.check_seat(seat))
            }
            Event::Undone if !self.can_undo() => Err(Rejected::NothingToUndo),
            _ => Ok(()),
        }
    }

    /// Checks an event that records an answer, points, notes or agreements.
    fn admit_record(&self, event: &Event) -> Result<(), Rejected> {
        match event {
            Event::Voted {
                slot,
                round,
                seat,
                answer,
            }
            | Event::VoteChanged {
                slot,
                round,
                seat,
                answer,
            } => self.admit_vote(*slot, *round, *seat, answer),
            Event::SeatAdded { person, .. } if self.seat_of(*person).is_some() => {
                Err(Rejected::AlreadySeated)
            }
            Event::SeatAdded { slot, .. } => slot.map_or(Ok(()), |slot| self.check_slot(slot)),
            Event::Judged {
                slot, round, seat, ..
            } => self.admit_judgement(*slot, *round, *seat),
            Event::Away { .. } if self.is_with_one() => Err(Rejected::Alone),
            Event::Away { seat, .. } | Event::Named { seat, .. } => self.check_seat(*seat),
            Event::Confident { slot, seat, .. } | Event::Explained { slot, seat, .. } => {
                self.admit_open_vote(*slot, *seat)
            }
            Event::Heard { slot, seat, .. } | Event::Evidence { slot, seat, .. } => {
                self.check_slot_and_seat(*slot, *seat)
            }
            Event::Reasoned {
                slot,
                seat,
                criterion,
                level,
            } => {
                self.check_slot_and_seat(*slot, *seat)?;
                self.admit_level(*slot, *criterion, *level)
            }
            Event::Rated {
                slot,
                seat,
                by,
                criterion,
                points,
            } => {
                self.check_slot_and_seat(*slot, *seat)?;
                self.admit_points(*slot, *by, *criterion, *points)
            }
            Event::BringBack { slot, seat, .. } => {
                self.check_slot_and_seat(*slot, *seat)?;
                if self.is_revealed(*slot) {
                    Ok(())
                } else {
                    Err(Rejected::TooEarlyToBringBack)
                }
            }
            Event::QuestionNoted { slot, .. } => self.check_slot(*slot),
            Event::PersonNoted { seat, .. } | Event::Said { seat, .. } => self.check_seat(*seat),
            Event::Agreed { place, .. } if *place >= MAX_AGREEMENTS => {
                Err(Rejected::TooManyAgreements)
            }
            Event::Agreed { seat, .. } => self.check_seat(*seat),
            Event::AgreedLater { seat, text, .. } => match text.trim().is_empty() {
                true => Err(Rejected::NothingAgreed),
                false => self.check_seat(*seat),
            },
            Event::Dropped { slot, seat } => self.check_slot_and_seat(*slot, *seat),
            Event::Kept { seat, place, .. } => {
                self.check_seat(*seat)?;
                self.admit_kept(*seat, *place)
            }
            _ => Ok(()),
        }
    }

    /// Checks a level of reasoning: the criterion exists, and so does the level.
    fn admit_level(
        &self,
        slot: usize,
        criterion: usize,
        level: Option<u8>,
    ) -> Result<(), Rejected> {
        let fits = criterion < self.criteria(slot) && level.is_none_or(|level| level <= MAX_LEVEL);
        match fits {
            true => Ok(()),
            false => Err(Rejected::NoSuchCriterion),
        }
    }

    /// Checks that there is an agreement that was kept or not.
    fn admit_kept(&self, seat: usize, place: usize) -> Result<(), Rejected> {
        let closing = self.closing(seat);
        let is_agreed = match place.checked_sub(MAX_AGREEMENTS) {
            Some(place) => place < closing.later.len(),
            None => closing.agreements[place].is_some(),
        };
        match is_agreed {
            true => Ok(()),
            false => Err(Rejected::NothingAgreed),
        }
    }

    /// Checks points for a criterion. The person's own points come after the reveal, because the criteria are part of it.
    fn admit_points(
        &self,
        slot: usize,
        by: Rater,
        criterion: usize,
        points: Option<u32>,
    ) -> Result<(), Rejected> {
        if by == Rater::Own && !self.is_revealed(slot) {
            return Err(Rejected::TooEarlyToRate);
        }
        match self.questions[slot].interaction.rubric().get(criterion) {
            Some(rated) if points.is_none_or(|points| points <= rated.points) => Ok(()),
            _ => Err(Rejected::NoSuchCriterion),
        }
    }

    /// Checks a vote: its round is open and the answer fits the question.
    fn admit_vote(
        &self,
        slot: usize,
        round: Round,
        seat: usize,
        answer: &Answer,
    ) -> Result<(), Rejected> {
        self.admit_open_vote(slot, seat)?;
        if round != self.round() {
            return Err(Rejected::Closed);
        }
        Ok(answer.fits(&self.questions[slot].interaction)?)
    }

    /// Checks a verdict on an answer given aloud: its question is on the stage, and the person did not type an answer.
    fn admit_judgement(&self, slot: usize, round: Round, seat: usize) -> Result<(), Rejected> {
        self.check_slot_and_seat(slot, seat)?;
        let is_shown = !matches!(self.step(), Step::Ready | Step::Closing);
        if !is_shown || slot != self.slot() || round > self.round() {
            return Err(Rejected::Closed);
        }
        match self.sheet(slot, seat).vote(round) {
            None if self.is_judged(slot) => Ok(()),
            _ => Err(Rejected::HasVoted),
        }
    }

    /// Checks that answers to this question are accepted now.
    fn admit_open_vote(&self, slot: usize, seat: usize) -> Result<(), Rejected> {
        self.check_slot_and_seat(slot, seat)?;
        let open = slot == self.slot() && matches!(self.step(), Step::Asking(_));
        if open { Ok(()) } else { Err(Rejected::Closed) }
    }

    fn require_step(&self, steps: &[Step]) -> Result<(), Rejected> {
        if steps.contains(&self.step()) {
            Ok(())
        } else {
            Err(Rejected::NotNext)
        }
    }

    fn check_slot(&self, slot: usize) -> Result<(), Rejected> {
        if slot < self.len() {
            Ok(())
        } else {
            Err(Rejected::NoSuchQuestion)
        }
    }

    fn check_seat(&self, seat: usize) -> Result<(), Rejected> {
        if seat < self.seats.len() {
            Ok(())
        } else {
            Err(Rejected::NoSuchSeat)
        }
    }

    fn check_slot_and_seat(&self, slot: usize, seat: usize) -> Result<(), Rejected> {
        self.check_slot(slot).and_then(|()| self.check_seat(seat))
    }
}
