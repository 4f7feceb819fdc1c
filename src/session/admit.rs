//! Validation of events: which events a session accepts at each moment.

use super::event::Event;
use super::machine::{Phase, Session};
use crate::core::response::AnswerMismatch;

/// The reason why an event is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("the session has ended")]
    Over,
    #[error("time is up: finish, or continue untimed")]
    TimeIsUp,
    #[error("there is no such question in this session")]
    NoSuchQuestion,
    #[error("an adaptive assessment can't go back: each question depends on your earlier answers")]
    Closed,
    #[error("this session has no more questions")]
    NotGrowing,
    #[error(transparent)]
    DoesNotFit(#[from] AnswerMismatch),
    #[error("rate yourself before the first question")]
    TooLate,
    #[error("the time limit has not been reached")]
    NotExpired,
    #[error("the right answer was already shown: this answer can't change")]
    Revealed,
    #[error("an assessment shows the right answers after its end")]
    NotRevealing,
    #[error("answer first, or press u if you don't know")]
    NotShown,
    #[error(
        "only practice can be paused; you can leave an assessment and resume it, and the clock \
         stops"
    )]
    NotPausing,
    #[error("the session is paused")]
    Paused,
    #[error("the clock can't run backwards")]
    Backwards,
}

impl Session {
    /// Checks whether an event is allowed now.
    ///
    /// # Errors
    /// The reason why the event is rejected.
    pub(super) fn admit(&self, event: &Event) -> Result<(), Rejected> {
        let slot = match event {
            // Notes, disputes and ratings of open answers are also allowed after the end.
            Event::Noted { slot, .. }
            | Event::Disputed { slot, .. }
            | Event::Suspended { slot, .. } => {
                return self.check_slot(*slot);
            }
            Event::RubricRated {
                slot,
                criterion,
                points,
            } => return self.admit_rating(*slot, *criterion, *points),
            _ if matches!(self.phase, Phase::Finished | Phase::Discarded) => {
                return Err(Rejected::Over);
            }
            Event::Rated { .. } if self.phase != Phase::Ready => return Err(Rejected::TooLate),
            Event::Paused | Event::Resumed => return self.admit_pause(event),
            Event::Revealed { slot } => return self.admit_reveal(*slot),
            Event::Graded { slot, .. } | Event::GradeTakenBack { slot } => {
                return self.admit_grade(*slot);
            }
            Event::WentOn if self.phase != self.phase_at_time_limit() => {
                return Err(Rejected::NotExpired);
            }
            Event::Expired if self.phase != Phase::Running || !self.mode.expires() => {
                return Err(Rejected::NotExpired);
            }
            Event::Drawn { item } => return self.admit_drawn(item),
            Event::Concluded { .. } => return self.admit_growth(),
            Event::Shown { slot }
            | Event::Answered { slot, .. }
            | Event::AnswerChanged { slot, .. }
            | Event::Confident { slot, .. }
            | Event::Flagged { slot, .. }
            | Event::Struck { slot, .. } => *slot,
            _ => return Ok(()),
        };
        self.check_slot(slot)?;
        if self.phase == Phase::Expired {
            return Err(Rejected::TimeIsUp);
        }
        if self.phase == Phase::Paused {
            return Err(Rejected::Paused);
        }
        if self.sheets[slot].revealed
            && !matches!(event, Event::Shown { .. } | Event::Flagged { .. })
        {
            return Err(Rejected::Revealed);
        }
        if self.is_closed(slot) {
            return Err(Rejected::Closed);
        }
        match event {
            Event::Answered { answer, .. } | Event::AnswerChanged { answer, .. } => {
                Ok(answer.fits(&self.questions[slot].interaction)?)
            }
            Event::Struck { choice, .. }
                if choice.index() >= self.questions[slot].interaction.movable() =>
            {
                Err(AnswerMismatch::Shape.into())
            }
            _ => Ok(()),
        }
    }

    fn admit_rating(&self, slot: usize, criterion: usize, points: u32) -> Result<(), Rejected> {
        self.check_slot(slot)?;
        match self.questions[slot].interaction.rubric().get(criterion) {
            Some(rated) if points <= rated.points => Ok(()),
            _ => Err(AnswerMismatch::Shape.into()),
        }
    }

    fn check_slot(&self, slot: usize) -> Result<(), Rejected> {
        if slot < self.sheets.len() {
            Ok(())
        } else {
            Err(Rejected::NoSuchQuestion)
        }
    }
}
