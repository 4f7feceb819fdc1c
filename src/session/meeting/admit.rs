//! Which events may follow: the order of the steps, and what a person or the mentor may say at each.

use super::event::{Event, Rater, Round};
use super::machine::{Meeting, Step};
use super::sheet::AGREEMENTS;
use crate::core::question::Interaction;
use crate::core::response::{Answer, Misfit};

/// The best level of reasoning.
const BEST: u8 = 3;
const COMMITTED: [Step; 2] = [Step::Committed(Round::First), Step::Committed(Round::Second)];

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the session is over")]
    Over,
    #[error("the session is paused")]
    Paused,
    #[error("it is running already")]
    NotPaused,
    #[error("that step does not follow here")]
    NotNext,
    #[error("the hot seat is for several")]
    Alone,
    #[error("there is no step to take back")]
    NothingToUndo,
    #[error("there is no such question in this session")]
    NoSuchQuestion,
    #[error("there is nobody on that seat")]
    NoSuchSeat,
    #[error("this vote is closed")]
    Closed,
    #[error("that comes after the reveal")]
    TooEarly,
    #[error("this question has no such criterion, or not so many points")]
    NoSuchCriterion,
    #[error("three agreements are enough")]
    TooManyAgreements,
    #[error("nothing was agreed there")]
    NothingAgreed,
    #[error("time runs forwards only")]
    Backwards,
    #[error(transparent)]
    Answer(#[from] Misfit),
}

impl Meeting {
    pub(super) fn admit(&self, event: &Event) -> Result<(), Refused> {
        let kept_open = matches!(
            event,
            Event::PersonNoted { .. } | Event::QuestionNoted { .. } | Event::Kept { .. } | Event::Erased
        );
        if self.over.is_some() && !kept_open {
            return Err(Refused::Over);
        }
        match event {
            Event::Resumed if self.paused => return Ok(()),
            Event::Resumed => return Err(Refused::NotPaused),
            Event::Finished | Event::Discarded | Event::Gap { .. } | Event::Ticked => return Ok(()),
            _ if self.paused && !kept_open => return Err(Refused::Paused),
            _ => {}
        }
        match event {
            Event::Asked { slot } => {
                self.known(*slot)?;
                // Asking what was revealed already would be a vote on a known key.
                let ready = matches!(self.step(), Step::Ready | Step::Revealed | Step::Closing);
                if ready && !self.was_asked(*slot) { Ok(()) } else { Err(Refused::NotNext) }
            }
            Event::AskedAgain => self.follows(&[Step::Committed(Round::First)]),
            Event::Committed => self.follows(&[Step::Asking(Round::First), Step::Asking(Round::Second)]),
            Event::SplitShown if !self.has_split() => Err(Refused::NotNext),
            Event::SplitShown => self.follows(&COMMITTED),
            Event::Revealed if self.has_split() => self.follows(&[Step::Split]),
            Event::Revealed => self.follows(&COMMITTED),
            Event::Closing => self.follows(&[Step::Ready, Step::Revealed]),
            Event::HotSeat { .. } if self.is_with_one() => Err(Refused::Alone),
            Event::HandedOn if self.at_keyboard().is_none() => Err(Refused::NotNext),
            Event::AtKeyboard { .. } if self.is_with_one() => Err(Refused::Alone),
            Event::AtKeyboard { turn } => {
                self.follows(&[Step::Ready, Step::Asking(Round::First), Step::Asking(Round::Second)])?;
                turn.map_or(Ok(()), |seat| self.seated(seat))
            }
            Event::Undone if !self.has_gone_on() => Err(Refused::NothingToUndo),
            Event::Voted { slot, round, seat, answer } | Event::VoteChanged { slot, round, seat, answer } => self.admit_vote(*slot, *round, *seat, answer),
            Event::Confident { slot, seat, .. } => self.admit_open_vote(*slot, *seat),
            Event::Heard { slot, seat, .. } | Event::Evidence { slot, seat, .. } => self.at_table(*slot, *seat),
            Event::Reasoned { slot, seat, criterion, level } => {
                self.at_table(*slot, *seat)?;
                let fits = *criterion < self.criteria(*slot) && level.is_none_or(|level| level <= BEST);
                if fits { Ok(()) } else { Err(Refused::NoSuchCriterion) }
            }
            Event::Rated { slot, seat, by, criterion, points } => {
                self.at_table(*slot, *seat)?;
                if *by == Rater::Own && !self.is_revealed(*slot) {
                    // The criteria are part of what is revealed.
                    return Err(Refused::TooEarly);
                }
                let most = match &self.questions[*slot].interaction {
                    Interaction::Open { rubric, .. } => rubric.get(*criterion).map(|c| c.points),
                    _ => None,
                };
                match most {
                    Some(most) if points.is_none_or(|points| points <= most) => Ok(()),
                    _ => Err(Refused::NoSuchCriterion),
                }
            }
            Event::BringBack { slot, seat, .. } => {
                self.at_table(*slot, *seat)?;
                if self.is_revealed(*slot) { Ok(()) } else { Err(Refused::TooEarly) }
            }
            Event::QuestionNoted { slot, .. } => self.known(*slot),
            Event::PersonNoted { seat, .. } | Event::Said { seat, .. } => self.seated(*seat),
            Event::Agreed { place, .. } if *place >= AGREEMENTS => Err(Refused::TooManyAgreements),
            Event::Agreed { seat, .. } => self.seated(*seat),
            Event::Kept { seat, place, .. } => {
                self.seated(*seat)?;
                let agreed = self.closing(*seat).agreements.get(*place).is_some_and(Option::is_some);
                if agreed { Ok(()) } else { Err(Refused::NothingAgreed) }
            }
            _ => Ok(()),
        }
    }

    fn admit_vote(&self, slot: usize, round: Round, seat: usize, answer: &Answer) -> Result<(), Refused> {
        self.admit_open_vote(slot, seat)?;
        if round != self.round() {
            return Err(Refused::Closed);
        }
        Ok(answer.fits(&self.questions[slot].interaction)?)
    }

    fn admit_open_vote(&self, slot: usize, seat: usize) -> Result<(), Refused> {
        self.at_table(slot, seat)?;
        let open = slot == self.slot() && matches!(self.step(), Step::Asking(_));
        if open { Ok(()) } else { Err(Refused::Closed) }
    }

    fn follows(&self, steps: &[Step]) -> Result<(), Refused> {
        if steps.contains(&self.step()) { Ok(()) } else { Err(Refused::NotNext) }
    }

    fn known(&self, slot: usize) -> Result<(), Refused> {
        if slot < self.len() { Ok(()) } else { Err(Refused::NoSuchQuestion) }
    }

    fn seated(&self, seat: usize) -> Result<(), Refused> {
        if seat < self.seats.len() { Ok(()) } else { Err(Refused::NoSuchSeat) }
    }

    fn at_table(&self, slot: usize, seat: usize) -> Result<(), Refused> {
        self.known(slot).and_then(|()| self.seated(seat))
    }
}
