//! What only a session that reveals can do: show what is right at once, be graded, and pause.

use super::admit::Rejected;
use super::event::Event;
use super::machine::{Phase, Session, Sheet};
use super::policy::Mode;
use crate::core::form::Item;
use crate::core::practice::{Grade, QueueReason};
use crate::core::question::Interaction;
use crate::core::response::Answer;
use crate::core::scoring;
use crate::core::time::Millis;

/// The reason why an answer can't be checked yet. A check is final, because it reveals the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("answer first, or press u if you don't know")]
    Unanswered,
    #[error("this isn't a number yet: correct it, or press u if you don't know")]
    NotANumber,
    #[error("{0} of {1} chosen: choose the rest, or press u if you don't know")]
    Incomplete(usize, usize),
}

impl Session {
    /// Checks that the answer to a question is complete.
    ///
    /// # Errors
    /// What the answer lacks.
    pub fn ready(&self, slot: usize) -> Result<(), NotReady> {
        let question = self.question(slot);
        // A card is answered in the head.
        if question.interaction.is_card() {
            return Ok(());
        }
        let answer = self
            .sheet(slot)
            .answer
            .as_ref()
            .ok_or(NotReady::Unanswered)?;
        if !scoring::is_readable(question, answer) {
            return Err(NotReady::NotANumber);
        }
        let (some, all) = match (answer, &question.interaction) {
            (Answer::Picked(picks), Interaction::Multiple { select, .. }) => (picks.len(), *select),
            (Answer::Matched(pairs), _) => (pairs.iter().flatten().count(), pairs.len()),
            _ => return Ok(()),
        };
        if some < all {
            Err(NotReady::Incomplete(some, all))
        } else {
            Ok(())
        }
    }

    /// Returns true if nothing was answered, rated or written and the session is not paused, so that it need not be kept.
    pub fn has_no_answers(&self) -> bool {
        let is_blank = |sheet: &Sheet| {
            let is_empty =
                sheet.answer.is_none() && sheet.note.is_empty() && sheet.dispute.is_empty();
            is_empty && !sheet.revealed && !sheet.flagged && sheet.suspended.is_none()
        };
        self.phase() != Phase::Paused && self.ratings.is_empty() && self.sheets.iter().all(is_blank)
    }

    /// Returns the number of questions whose key was shown.
    pub fn done(&self) -> usize {
        self.sheets.iter().filter(|sheet| sheet.revealed).count()
    }

    /// Returns the grade that follows from the score and the confidence; `None` for a card, and until the person has rated
    /// an open answer.
    pub fn automatic_grade(&self, slot: usize) -> Option<Grade> {
        let (sheet, outcome) = (self.sheet(slot), self.outcome(slot));
        match (&self.question(slot).interaction, self.rated(slot)) {
            (Interaction::Open { .. }, Some((points, all))) if sheet.answer.is_some() => {
                Some(Grade::of(f64::from(points) / f64::from(all.max(1)), None))
            }
            (Interaction::Open { .. }, None) if sheet.answer.is_some() => None,
            (Interaction::Recall(_), _) => None,
            _ => Some(Grade::of(outcome.value(), sheet.confidence)),
        }
    }

    /// Returns true if the answer is fully right; an open answer, by the person's own points, and a card, by their grade.
    pub fn is_right(&self, slot: usize) -> bool {
        if self.question(slot).interaction.is_card() {
            let grade = self.sheet(slot).grade;
            return grade.is_some_and(|grade| grade != Grade::Again);
        }
        self.outcome(slot).is_right() || self.rated(slot).is_some_and(|(points, all)| points >= all)
    }

    /// Returns the missed questions that are still to be repeated. Each is repeated once, unless it is suspended.
    pub fn questions_to_repeat(&self) -> impl Iterator<Item = usize> + '_ {
        let is_again = |item: &Item| item.why == Some(QueueReason::Again);
        (0..self.len()).filter(move |slot| {
            let item = self.item(*slot);
            let is_same = |other: &Item| other.question == item.question && other.deck == item.deck;
            self.sheet(*slot).grade == Some(Grade::Again)
                && !self.sheet(*slot).is_suspended()
                && !is_again(item)
                && !self.form.items[slot + 1..].iter().any(is_same)
        })
    }

    /// Returns true if practice stops asking the question, because the person suspended or disputed it, in this session or
    /// before it.
    pub fn is_stopped(&self, slot: usize) -> bool {
        let is_asked_again = |other: &Item| {
            let item = self.item(slot);
            other.question == item.question && other.deck == item.deck
        };
        let was_suspended = |other: &usize| {
            let item = self.item(*other);
            item.why == Some(QueueReason::Suspended) && is_asked_again(item)
        };
        let decided = (0..=slot)
            .rev()
            .filter(|other| is_asked_again(self.item(*other)))
            .find_map(|other| {
                let sheet = self.sheet(other);
                sheet
                    .suspended
                    .or_else(|| (!sheet.dispute.is_empty()).then_some(true))
            });
        decided.unwrap_or_else(|| (0..=slot).any(|other| was_suspended(&other)))
    }

    /// Returns the reason why practice asks the question. Whether it is suspended can have changed since it was drawn.
    pub fn reason(&self, slot: usize) -> Option<QueueReason> {
        match self.item(slot).why? {
            _ if self.is_stopped(slot) => Some(QueueReason::Suspended),
            QueueReason::Suspended => Some(QueueReason::Chosen),
            why => Some(why),
        }
    }

    /// Returns true if practice can go on without an answer to this question, because the person suspended it.
    pub fn can_skip(&self, slot: usize) -> bool {
        let sheet = self.sheet(slot);
        self.mode == Mode::Practise
            && sheet.is_suspended()
            && sheet.answer.is_none()
            && !sheet.revealed
    }

    /// Returns a sentence about whether this session asks a question again; `None` if it is neither to be repeated nor
    /// suspended. `was_suspended` is true if an earlier session suspended it.
    pub fn repetition(&self, slot: usize, was_suspended: bool) -> Option<&'static str> {
        let is_to_repeat = self.questions_to_repeat().any(|owed| owed == slot);
        match self
            .sheet(slot)
            .suspended
            .unwrap_or(was_suspended || self.is_stopped(slot))
        {
            true if !is_to_repeat => Some("It is suspended: practice won't ask it again."),
            _ => is_to_repeat.then_some("It comes back in a few questions, as an extra."),
        }
    }

    /// Returns true if the planned time is over in a mode whose limit does not end the session. The current question can
    /// still be finished.
    pub fn is_planned_time_over(&self, spent: Millis) -> bool {
        !self.mode.expires() && self.remaining(spent) == Some(Millis::ZERO)
    }

    /// Returns the total number of questions of practice with a queue of this length.
    pub(super) fn planned(&self, queue: usize) -> usize {
        let is_added =
            |item: &&Item| matches!(item.why, Some(QueueReason::Again | QueueReason::More));
        let added = self.form.items.iter().filter(is_added).count();
        (queue + added + self.questions_to_repeat().count()).max(self.len())
    }

    /// Returns the phase in which the person may choose to continue without a clock.
    pub(super) fn phase_at_time_limit(&self) -> Phase {
        if self.mode.expires() {
            Phase::Expired
        } else {
            Phase::Running
        }
    }

    /// Checks that the key of a question may be shown now.
    pub(super) fn admit_reveal(&self, slot: usize) -> Result<(), Rejected> {
        let sheet = self.sheets.get(slot).ok_or(Rejected::NoSuchQuestion)?;
        match self.phase {
            _ if !self.mode.reveals() => Err(Rejected::NotRevealing),
            Phase::Paused => Err(Rejected::Paused),
            Phase::Expired => Err(Rejected::TimeIsUp),
            _ if !sheet.shown => Err(Rejected::NotShown),
            _ if sheet.revealed => Err(Rejected::Revealed),
            _ => Ok(()),
        }
    }

    /// Checks that a question may be graded now.
    pub(super) fn admit_grade(&self, slot: usize) -> Result<(), Rejected> {
        let sheet = self.sheets.get(slot).ok_or(Rejected::NoSuchQuestion)?;
        match self.mode {
            Mode::Practise if sheet.revealed => Ok(()),
            Mode::Practise => Err(Rejected::NotShown),
            _ => Err(Rejected::NotRevealing),
        }
    }

    /// Checks that the session may be paused or resumed now.
    pub(super) fn admit_pause(&self, event: &Event) -> Result<(), Rejected> {
        match (event, self.phase) {
            _ if !self.mode.pauses() => Err(Rejected::NotPausing),
            (Event::Paused, Phase::Running) | (Event::Resumed, Phase::Paused) => Ok(()),
            (Event::Paused, Phase::Paused) => Err(Rejected::Paused),
            (Event::Paused, Phase::Expired) => Err(Rejected::TimeIsUp),
            _ => Err(Rejected::NotPausing),
        }
    }
}
