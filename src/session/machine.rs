//! The state of a session, changed only by [`Session::apply`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::adaptive::Conclusion;
use super::admit::Rejected;
use super::driver::Machine;
use super::event::{Event, Stamped};
use super::policy::Mode;
use crate::core::form::{Form, Item};
use crate::core::id::{ChoiceId, CompetencyId};
use crate::core::practice::Grade;
use crate::core::question::{Interaction, Level, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::{Limit, Millis, Multiplier};

/// The minimum time for which a warning stays in the status line.
const WARNING_SHOWN: Millis = Millis::seconds(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has been shown yet.
    Ready,
    Running,
    /// The question is hidden and the clock is stopped; only in modes that allow it.
    Paused,
    /// The time limit was reached; the person decides whether to finish or to continue.
    Expired,
    /// Continued after expiry, without a clock.
    Overtime,
    Finished,
    Discarded,
}

/// A session: its form, and the state that results from its events.
#[derive(Clone, Debug)]
pub struct Session {
    pub mode: Mode,
    pub form: Form,
    pub questions: Arc<[Question]>,
    pub limit: Limit,
    multiplier: Multiplier,
    pub(super) phase: Phase,
    at: Millis,
    pub(super) slot: Option<usize>,
    pub(super) sheets: Vec<Sheet>,
    gaps: Vec<Gap>,
    pub(super) ratings: BTreeMap<CompetencyId, Level>,
    pub(super) expiry: Option<Expiry>,
    pub(super) conclusion: Option<Conclusion>,
    /// The questions that were withdrawn after the session, with the reasons; they don't count.
    pub(super) withdrawn: BTreeMap<usize, Text>,
}

/// The state of one question: answer, confidence, flags and time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub shown: bool,
    pub answer: Option<Answer>,
    pub confidence: Option<Confidence>,
    pub flagged: bool,
    pub struck: BTreeSet<ChoiceId>,
    /// The person's own points for each rated criterion of an open question.
    pub rubric: BTreeMap<usize, u32>,
    pub note: String,
    /// True if the answer is final and the key was shown.
    pub revealed: bool,
    /// How well the answer was remembered.
    pub grade: Option<Grade>,
    /// True if the person took the grade back and gave none since.
    pub grade_taken_back: bool,
    /// The reason for a dispute; empty if there is none.
    pub dispute: String,
    /// Whether the person has suspended the question or had practice ask it again since it was disputed; `None` if
    /// neither.
    pub suspended: Option<bool>,
    /// The time for which the question was shown, until the key was shown.
    pub spent: Millis,
    /// A copy of this sheet at the time limit.
    pub at_expiry: Option<Box<Sheet>>,
}

impl Sheet {
    /// Returns true if the answer has yet to be graded. A grade that was taken back is not given again by itself.
    pub fn awaits_grade(&self) -> bool {
        self.grade.is_none() && !self.grade_taken_back
    }

    /// Returns whether practice leaves the question out, as far as this session knows.
    pub fn is_suspended(&self) -> bool {
        self.suspended.unwrap_or(!self.dispute.is_empty())
    }

    /// Returns the sheet at the time limit, or the current one if the limit was not reached.
    pub fn in_time(&self) -> &Sheet {
        self.at_expiry.as_deref().unwrap_or(self)
    }
}

/// The state of the session at its time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    pub at: Millis,
    /// The question on the screen, if any.
    pub slot: Option<usize>,
    /// True if the person chose to continue without a clock.
    pub went_on: bool,
}

/// A period that was not charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub at: Millis,
    pub length: Millis,
}

impl Machine for Session {
    type Event = Event;
    type Rejected = Rejected;

    const TICK_STORED: Millis = Millis::seconds(10);

    fn at(&self) -> Millis {
        self.at()
    }

    fn apply(&mut self, stamped: &Stamped) -> Result<(), Rejected> {
        self.apply(stamped)
    }

    /// After the expiry nothing is charged until the person decides how to go on, because nothing can be answered then.
    fn is_paused(&self) -> bool {
        matches!(self.phase, Phase::Paused | Phase::Expired)
    }

    fn is_counting_down(&self, spent: Millis) -> bool {
        self.remaining(spent)
            .is_some_and(|left| left > Millis::ZERO)
    }

    /// Returns the time of an event, which is at most the time limit until the session expires.
    fn time_of_event(&self, spent: Millis) -> Millis {
        let is_limited = self.mode.expires() && matches!(self.phase, Phase::Ready | Phase::Running);
        let spent = match self.limit {
            Limit::Within(limit) if is_limited => spent.min(limit),
            _ => spent,
        };
        spent.max(self.at)
    }

    fn gap(length: Millis) -> Event {
        Event::Gap { length }
    }

    fn tick() -> Event {
        Event::Ticked
    }
}

impl Session {
    /// Returns a session that is about to start. `questions` are in the order of the form's items.
    pub fn new(
        form: Form,
        questions: Arc<[Question]>,
        limit: Limit,
        multiplier: Multiplier,
    ) -> Self {
        let sheets = vec![Sheet::default(); form.items.len().min(questions.len())];
        Self {
            mode: Mode::Assess,
            form,
            questions,
            limit,
            multiplier,
            phase: Phase::Ready,
            at: Millis::ZERO,
            slot: None,
            sheets,
            gaps: Vec::new(),
            ratings: BTreeMap::new(),
            expiry: None,
            conclusion: None,
            withdrawn: BTreeMap::new(),
        }
    }

    /// Sets the mode; a new session is an assessment.
    pub fn in_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// Applies a log of events and returns the session; events that no longer fit are skipped.
    pub fn replay(mut self, log: &[Stamped]) -> Self {
        for stamped in log {
            // A log written by `apply` never contains a rejected event. A log that was tampered
            // with must still be readable.
            let _ = self.apply(stamped);
        }
        self
    }

    /// Applies an event.
    ///
    /// # Errors
    /// The reason why the event is rejected; the state is unchanged.
    pub fn apply(&mut self, stamped: &Stamped) -> Result<(), Rejected> {
        if stamped.at < self.at {
            return Err(Rejected::Backwards);
        }
        self.admit(&stamped.event)?;
        self.charge(stamped.at);
        match &stamped.event {
            Event::Rated { competency, level } => {
                self.ratings.insert(competency.clone(), *level);
            }
            Event::Drawn { item } => self.grow(item),
            Event::Concluded { because } => self.conclusion = Some(*because),
            Event::Shown { slot } => self.show(*slot),
            Event::Answered { slot, answer } => {
                self.sheets[*slot].answer = (!answer.is_blank()).then(|| answer.clone());
            }
            Event::AnswerChanged { slot, answer } => {
                let sheet = &mut self.sheets[*slot];
                (sheet.answer, sheet.confidence) =
                    ((!answer.is_blank()).then(|| answer.clone()), None);
            }
            Event::Confident { slot, confidence } => self.sheets[*slot].confidence = *confidence,
            Event::Flagged { slot, on } => self.sheets[*slot].flagged = *on,
            Event::Struck {
                slot,
                choice,
                on: true,
            } => {
                self.sheets[*slot].struck.insert(*choice);
            }
            Event::Struck {
                slot,
                choice,
                on: false,
            } => {
                self.sheets[*slot].struck.remove(choice);
            }
            Event::RubricRated {
                slot,
                criterion,
                points,
            } => {
                self.sheets[*slot].rubric.insert(*criterion, *points);
            }
            Event::Noted { slot, text } => self.sheets[*slot].note.clone_from(text),
            Event::Revealed { slot } => self.sheets[*slot].revealed = true,
            Event::Graded { slot, grade } => {
                let sheet = &mut self.sheets[*slot];
                (sheet.grade, sheet.grade_taken_back) = (Some(*grade), false);
            }
            Event::GradeTakenBack { slot } => {
                let sheet = &mut self.sheets[*slot];
                (sheet.grade, sheet.grade_taken_back) = (None, true);
            }
            Event::Suspended { slot, on } => self.sheets[*slot].suspended = Some(*on),
            Event::Disputed { slot, reason } => {
                let sheet = &mut self.sheets[*slot];
                sheet.dispute.clone_from(reason);
                // A new dispute suspends what was asked again after an earlier one.
                sheet.suspended = sheet.suspended.filter(|on| *on || reason.is_empty());
            }
            Event::Paused => self.phase = Phase::Paused,
            Event::Resumed => self.phase = Phase::Running,
            Event::Gap { length } => self.gaps.push(Gap {
                at: stamped.at,
                length: *length,
            }),
            Event::Ticked => {}
            Event::Expired => self.expire(stamped.at),
            Event::WentOn => self.remove_limit(),
            Event::Finished => self.phase = Phase::Finished,
            Event::Discarded => self.phase = Phase::Discarded,
        }
        Ok(())
    }

    /// Shows a question and starts the session if it has not started.
    fn show(&mut self, slot: usize) {
        if self.phase == Phase::Ready {
            self.phase = Phase::Running;
        }
        self.slot = Some(slot);
        self.sheets[slot].shown = true;
    }

    /// Ends the limited time and keeps a copy of each sheet.
    fn expire(&mut self, at: Millis) {
        self.phase = Phase::Expired;
        self.expiry = Some(Expiry {
            at,
            slot: self.slot,
            went_on: false,
        });
        for sheet in &mut self.sheets {
            sheet.at_expiry = Some(Box::new(sheet.clone()));
        }
    }

    /// Continues without a time limit.
    fn remove_limit(&mut self) {
        if self.mode.expires() {
            self.phase = Phase::Overtime;
            self.expiry = self.expiry.map(|expiry| Expiry {
                went_on: true,
                ..expiry
            });
        } else {
            self.limit = Limit::Untimed;
        }
    }

    /// Charges the time since the last event to the question on the screen.
    fn charge(&mut self, at: Millis) {
        let on_screen = matches!(self.phase, Phase::Running | Phase::Overtime);
        if let Some(slot) = self.slot
            && on_screen
            && !self.sheets[slot].revealed
        {
            self.sheets[slot].spent += at.saturating_sub(self.at);
        }
        self.at = at;
    }

    /// Returns the event that makes this the answer. If it differs from an answer whose confidence was stated, the
    /// event clears the confidence. Text that is no number becomes a blank answer.
    pub fn answering(&self, slot: usize, answer: Answer) -> Event {
        let answer = match self.questions.get(slot) {
            Some(question) => scoring::recordable(question, answer),
            None => answer,
        };
        let is_changed = self.sheets.get(slot).is_some_and(|sheet| {
            sheet.confidence.is_some() && sheet.answer.as_ref().is_none_or(|given| *given != answer)
        });
        if is_changed {
            Event::AnswerChanged { slot, answer }
        } else {
            Event::Answered { slot, answer }
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Finished | Phase::Discarded)
    }

    /// Returns the time counted against the session, up to its last event.
    pub fn at(&self) -> Millis {
        self.at
    }

    /// Returns the index of the question on the screen, if one was shown.
    pub fn slot(&self) -> Option<usize> {
        self.slot
    }

    /// Returns the index of the question with which the session goes on: one that was drawn but never shown, because the
    /// program was killed in between, otherwise the last one on the screen.
    pub fn slot_to_resume(&self) -> usize {
        let last = self.len().saturating_sub(1);
        let is_unseen = self.grows()
            && self.expiry.is_none()
            && self.sheets.last().is_some_and(|sheet| !sheet.shown);
        if is_unseen {
            last
        } else {
            self.slot.unwrap_or(0)
        }
    }

    pub fn len(&self) -> usize {
        self.sheets.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    pub fn sheet(&self, slot: usize) -> &Sheet {
        &self.sheets[slot]
    }

    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Returns the number of shown questions that were new variants of questions that the person had seen.
    pub fn variants(&self) -> usize {
        let shown = self.sheets.iter().zip(&self.form.items);
        shown
            .filter(|(sheet, item)| sheet.shown && item.variant)
            .count()
    }

    pub fn item(&self, slot: usize) -> &Item {
        &self.form.items[slot]
    }

    pub fn question(&self, slot: usize) -> &Question {
        &self.questions[slot]
    }

    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns the person's self-rating for a competency.
    pub fn rating(&self, competency: &CompetencyId) -> Option<Level> {
        self.ratings.get(competency).copied()
    }

    /// Returns the points given to an open answer and the rubric's maximum; `None` if nothing was rated.
    pub fn rated(&self, slot: usize) -> Option<(u32, u32)> {
        let Interaction::Open { rubric, .. } = &self.questions[slot].interaction else {
            return None;
        };
        let given = &self.sheets[slot].rubric;
        (!given.is_empty()).then(|| (given.values().sum(), rubric.iter().map(|c| c.points).sum()))
    }

    /// Returns the questions of a homework that are answered without a reason. A text is its own reason.
    pub fn without_reason(&self) -> Vec<usize> {
        let lacks_reason = |slot: &usize| {
            let sheet = self.sheet(*slot);
            sheet.answer.is_some()
                && sheet.note.trim().is_empty()
                && !self.question(*slot).interaction.is_open()
        };
        let slots = 0..self.len();
        match self.mode {
            Mode::Homework => slots.filter(lacks_reason).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns true if an open question was answered and a criterion of its rubric has no points yet.
    pub fn waits_for_rating(&self, slot: usize) -> bool {
        let (sheet, rubric) = (
            &self.sheets[slot],
            self.questions[slot].interaction.rubric(),
        );
        sheet.answer.is_some() && sheet.rubric.len() < rubric.len()
    }

    pub fn answered(&self) -> usize {
        self.sheets
            .iter()
            .filter(|sheet| sheet.answer.is_some())
            .count()
    }

    pub fn flagged(&self) -> usize {
        self.sheets.iter().filter(|sheet| sheet.flagged).count()
    }

    /// Returns the expiry, or `None` if the time limit was not reached.
    pub fn expiry(&self) -> Option<Expiry> {
        self.expiry
    }

    /// Returns the remaining time after `spent`; `None` without a running clock.
    pub fn remaining(&self, spent: Millis) -> Option<Millis> {
        match (self.limit, self.phase) {
            (Limit::Within(limit), Phase::Ready | Phase::Running) => {
                Some(limit.saturating_sub(spent))
            }
            (Limit::Within(_), Phase::Expired) => Some(Millis::ZERO),
            _ => None,
        }
    }

    pub fn is_due_to_expire(&self, spent: Millis) -> bool {
        self.mode.expires()
            && self.phase == Phase::Running
            && self.remaining(spent) == Some(Millis::ZERO)
    }

    /// Returns the warning to show: at half of the time, at a tenth, and at 30 seconds.
    pub fn warning(&self, spent: Millis) -> Option<&'static str> {
        let Limit::Within(limit) = self.limit else {
            return None;
        };
        let left = self.remaining(spent)?;
        if !self.mode.expires() {
            return (left == Millis::ZERO)
                .then_some("time is up: take as long as you like for this question");
        }
        let half = Millis(limit.0 / 2);
        if left == Millis::ZERO {
            None
        } else if left <= self.multiplier.scale(Millis::seconds(30)) {
            Some(
                if self.multiplier.scale(Millis::seconds(1)) == Millis::seconds(1) {
                    "less than 30 seconds left"
                } else {
                    "almost out of time"
                },
            )
        } else if left.0 <= limit.0 / 10 {
            Some("10% of the time left")
        } else if left <= half && left + self.multiplier.scale(WARNING_SHOWN) > half {
            Some("half of the time left")
        } else {
            None
        }
    }
}
