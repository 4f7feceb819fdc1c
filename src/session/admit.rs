//! Which events a session takes, and why not the others.

use std::collections::BTreeSet;

use super::event::Event;
use super::machine::{Phase, Session};
use crate::core::id::ChoiceId;
use crate::core::question::Interaction;
use crate::core::response::Answer;

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("the session is over")]
    Over,
    #[error("the time is up: finish, or go on untimed")]
    TimeIsUp,
    #[error("there is no such question in this session")]
    NoSuchQuestion,
    #[error("no going back: an adaptive assessment chooses each question by the answers before it")]
    Closed,
    #[error("this session has no more questions")]
    NotGrowing,
    #[error("this answer does not fit its question")]
    DoesNotFit,
    #[error("only {0} can be chosen: take one back first")]
    TooMany(usize),
    #[error("rating oneself comes before the first question")]
    TooLate,
    #[error("the time has not run out")]
    NotExpired,
    #[error("what is right was shown already: this answer stays as it is")]
    Revealed,
    #[error("an assessment shows what is right after its end")]
    NotRevealing,
    #[error("answer first, or say that you do not know")]
    NotShown,
    #[error("only practice can be paused; an assessment can be left and resumed, which is not charged")]
    NotPausing,
    #[error("the session is paused")]
    Paused,
    #[error("time runs forwards only")]
    Backwards,
}

impl Session {
    /// # Errors
    /// Why this event would change nothing now.
    pub(super) fn admit(&self, event: &Event) -> Result<(), Rejected> {
        let slot = match event {
            // A note and the rating of an open answer belong to looking back as well.
            Event::Noted { slot, .. } | Event::Disputed { slot, .. } => return self.known(*slot),
            Event::RubricRated { slot, criterion, points } => return self.admit_rating(*slot, *criterion, *points),
            _ if matches!(self.phase, Phase::Finished | Phase::Discarded) => return Err(Rejected::Over),
            Event::Rated { .. } if self.phase != Phase::Ready => return Err(Rejected::TooLate),
            Event::Paused | Event::Resumed => return self.admit_pause(event),
            Event::Revealed { slot } => return self.admit_reveal(*slot),
            Event::Graded { slot, .. } => return self.admit_grade(*slot),
            Event::WentOn if self.phase != self.when_time_is_up() => return Err(Rejected::NotExpired),
            Event::Expired if self.phase != Phase::Running || !self.mode.expires() => {
                return Err(Rejected::NotExpired);
            }
            Event::Drawn { item } => return self.admit_drawn(item),
            Event::Concluded { .. } => return self.admit_growth(),
            Event::Shown { slot }
            | Event::Answered { slot, .. }
            | Event::Confident { slot, .. }
            | Event::Flagged { slot, .. }
            | Event::Struck { slot, .. } => *slot,
            _ => return Ok(()),
        };
        self.known(slot)?;
        if self.phase == Phase::Expired {
            return Err(Rejected::TimeIsUp);
        }
        if self.phase == Phase::Paused {
            return Err(Rejected::Paused);
        }
        if self.sheets[slot].revealed && !matches!(event, Event::Shown { .. } | Event::Flagged { .. }) {
            return Err(Rejected::Revealed);
        }
        if self.is_closed(slot) {
            return Err(Rejected::Closed);
        }
        match event {
            Event::Answered { answer, .. } => fits(answer, &self.questions[slot].interaction),
            Event::Struck { choice, .. } if choice.index() >= self.questions[slot].interaction.movable() => {
                Err(Rejected::DoesNotFit)
            }
            _ => Ok(()),
        }
    }

    fn admit_rating(&self, slot: usize, criterion: usize, points: u32) -> Result<(), Rejected> {
        self.known(slot)?;
        match &self.questions[slot].interaction {
            Interaction::Open { rubric, .. } if rubric.get(criterion).is_some_and(|c| points <= c.points) => Ok(()),
            _ => Err(Rejected::DoesNotFit),
        }
    }

    fn known(&self, slot: usize) -> Result<(), Rejected> {
        if slot < self.sheets.len() { Ok(()) } else { Err(Rejected::NoSuchQuestion) }
    }
}

/// Does the answer have the shape that its question asks for?
pub(super) fn fits(answer: &Answer, interaction: &Interaction) -> Result<(), Rejected> {
    let known = |picks: &[ChoiceId], n: usize| {
        let distinct: BTreeSet<_> = picks.iter().collect();
        distinct.len() == picks.len() && picks.iter().all(|p| p.index() < n)
    };
    let ok = match (answer, interaction) {
        (Answer::Picked(picks), Interaction::Single(_)) if picks.len() > 1 => return Err(Rejected::TooMany(1)),
        (Answer::Picked(picks), Interaction::Single(options)) => known(picks, options.len()),
        (Answer::Picked(picks), Interaction::Multiple { select, .. }) if picks.len() > *select => {
            return Err(Rejected::TooMany(*select));
        }
        (Answer::Picked(picks), Interaction::Multiple { options, .. }) => known(picks, options.len()),
        (Answer::Ordered(order), Interaction::Ordering { steps, .. }) => {
            order.is_empty() || order.len() == steps.len() && known(order, steps.len())
        }
        (Answer::Matched(pairs), Interaction::Matching { left, right }) => {
            pairs.len() == left.len() && pairs.iter().flatten().all(|r| r.index() < right.len())
        }
        (Answer::Number(_), Interaction::Numeric(_)) | (Answer::Written(_), Interaction::Open { .. }) => true,
        _ => false,
    };
    if ok { Ok(()) } else { Err(Rejected::DoesNotFit) }
}
