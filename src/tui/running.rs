//! The running session: its clock, and the storage of its events.

use std::collections::BTreeMap;

use super::app::Turn;
use super::route::Route;
use crate::app::effect::{Effect, QuestionContext, Started};
use crate::core::id::SessionId;
use crate::core::response::Answer;
use crate::core::scoring;
use crate::core::time::Millis;
use crate::session::{Draw, Driver, Event, Rejected, Session, Stamped};

/// The running session with its clock.
pub struct Running {
    pub id: SessionId,
    pub driver: Driver<Session>,
    /// The slot whose typed text is a draft and not an answer yet.
    pub draft: Option<usize>,
    /// The texts typed into number fields that are not valid numbers, by slot. They are kept as drafts, never as
    /// answers.
    pub unreadable: BTreeMap<usize, String>,
    /// The letters of the steps typed so far in orderings that are not complete, by slot. They are kept as drafts.
    pub typed_steps: BTreeMap<usize, String>,
    /// The context shown beside the feedback on one of its questions.
    pub beside: QuestionContext,
}

impl Running {
    pub fn new(started: Started, now: Millis) -> Self {
        Self {
            id: started.id,
            driver: Driver::new(started.session, now),
            draft: None,
            unreadable: BTreeMap::new(),
            typed_steps: BTreeMap::new(),
            beside: QuestionContext::default(),
        }
    }

    pub fn session(&self) -> &Session {
        &self.driver.session
    }

    /// Returns the elapsed time.
    pub fn spent(&self) -> Millis {
        self.driver.spent()
    }

    pub fn remaining(&self) -> Option<Millis> {
        self.session().remaining(self.spent())
    }

    /// Takes the draft. Returns the event that stores it as the answer, or clears the answer if the text is blank or
    /// invalid, and the effect that deletes the stored draft, or keeps an invalid one.
    fn take_draft(&mut self) -> Option<(Event, Effect)> {
        let slot = self.draft.take()?;
        let answer = self.session().sheet(slot).answer.clone();
        let answer =
            answer.unwrap_or_else(|| Answer::typed(self.session().question(slot), String::new()));
        let text = self.unreadable.get(&slot).cloned().unwrap_or_default();
        Some((
            Event::Answered { slot, answer },
            Effect::Draft { slot, text },
        ))
    }

    /// Returns the answer in the typed text, and keeps invalid text as a draft.
    fn read(&mut self, slot: usize, answer: Answer) -> Answer {
        let recordable = scoring::recordable(self.session().question(slot), answer.clone());
        match answer {
            Answer::Number(text) | Answer::Number2(text) | Answer::Number3(text)
                if recordable.is_blank() && !text.trim().is_empty() =>
            {
                self.unreadable.insert(slot, text);
            }
            _ => drop(self.unreadable.remove(&slot)),
        }
        recordable
    }

    /// Returns the text in the field of a question: its answer, or the invalid text.
    pub fn typed(&self, slot: usize) -> Option<Answer> {
        let unreadable = self.unreadable.get(&slot).cloned().map(Answer::Number3);
        unreadable.or_else(|| self.session().sheet(slot).answer.clone())
    }
}

/// Returns the message after a question was suspended or reactivated.
pub fn told_of_suspension(on: bool) -> &'static str {
    match on {
        true => {
            "suspended: practice won't ask it again unless you practise the suspended \
                 questions"
        }
        false => "practice will ask it again",
    }
}

/// Saves an event together with those recorded immediately before it in the same step: all of them or none.
fn save(effects: &mut Vec<Effect>, stamped: Stamped) {
    match effects.last_mut() {
        Some(Effect::Save(events)) => events.push(stamped),
        _ => effects.push(Effect::Save(vec![stamped])),
    }
}

impl Turn<'_> {
    /// Removes the grade of an answer, so that it does not count.
    pub fn remove_grade(&mut self, slot: usize) {
        match self.record(Event::GradeTakenBack { slot }) {
            Ok(()) => self.tell(format!(
                "the grade of question {} was undone: it doesn't count",
                slot + 1
            )),
            Err(refused) => self.tell(refused.to_string()),
        }
    }

    /// Removes the last grade of the running session.
    pub fn undo_last_grade(&mut self) {
        let Some(session) = self.model.running.as_ref().map(|running| running.session()) else {
            return;
        };
        match (0..session.len())
            .rev()
            .find(|slot| session.sheet(*slot).grade.is_some())
        {
            Some(slot) => self.remove_grade(slot),
            None => self.tell("there is no grade to undo"),
        }
    }

    /// Suspends a question from practice, or reactivates it.
    pub fn suspend_question(&mut self, slot: usize) {
        let Some(session) = self.model.running.as_ref().map(|running| running.session()) else {
            return;
        };
        let beside = self.model.running.as_ref().map(|running| &running.beside);
        let was = beside.is_some_and(|beside| beside.slot == slot && beside.suspended);
        let on = !session
            .sheet(slot)
            .suspended
            .unwrap_or(was || session.is_stopped(slot));
        match self.record(Event::Suspended { slot, on }) {
            Ok(()) => self.tell(told_of_suspension(on)),
            Err(refused) => self.tell(refused.to_string()),
        }
    }

    /// Applies an event to the running session and stores it.
    ///
    /// # Errors
    /// The session rejects the event; nothing is stored then.
    pub fn record(&mut self, event: Event) -> Result<(), Rejected> {
        self.tick(false);
        let Some(running) = &mut self.model.running else {
            return Err(Rejected::Over);
        };
        let stamped = running.driver.record(event)?;
        save(&mut self.effects, stamped);
        Ok(())
    }

    /// Keeps the text being typed as a draft, without an event for each key.
    pub fn draft(&mut self, slot: usize, answer: Answer, text: String) {
        self.tick(false);
        let blank = answer.is_blank();
        let Some(running) = &mut self.model.running else {
            return;
        };
        let answer = running.read(slot, answer);
        if matches!(
            running.session().answering(slot, answer.clone()),
            Event::AnswerChanged { .. }
        ) {
            // A confidence belongs to the answer for which it was stated.
            let _ = self.record(Event::Confident {
                slot,
                confidence: None,
            });
        }
        let Some(running) = &mut self.model.running else {
            return;
        };
        if running
            .driver
            .record(Event::Answered { slot, answer })
            .is_ok()
        {
            running.draft = Some(slot);
            self.effects.push(Effect::Draft { slot, text });
            if blank {
                // An empty field has no draft, but an earlier answer may have to be cleared.
                self.settle_draft();
            }
        }
    }

    /// Records the draft as the answer. Text that is not a number stays a draft.
    pub fn settle_draft(&mut self) {
        let Some((event, draft)) = self.model.running.as_mut().and_then(Running::take_draft) else {
            return;
        };
        // The same answer was accepted while it was typed.
        let _ = self.record(event);
        self.effects.push(draft);
    }

    /// Keeps the letters of the steps of an ordering that were typed so far; no letters delete the draft.
    pub fn draft_steps(&mut self, slot: usize, letters: String) {
        let Some(running) = &mut self.model.running else {
            return;
        };
        match letters.is_empty() {
            true => drop(running.typed_steps.remove(&slot)),
            false => drop(running.typed_steps.insert(slot, letters.clone())),
        }
        self.effects.push(Effect::Draft {
            slot,
            text: letters,
        });
    }

    /// Restores text that was in the field of a question, or the steps typed for it, when the program ended.
    pub fn restore_draft(&mut self, slot: usize, text: String) {
        let Some(running) = &mut self.model.running else {
            return;
        };
        let Some(question) = running.session().questions.get(slot) else {
            return;
        };
        if question.interaction.is_ordering() {
            running.typed_steps.insert(slot, text);
            return;
        }
        let answer = Answer::typed(question, text);
        let answer = running.read(slot, answer);
        let event = running.session().answering(slot, answer);
        // If the session ended in the meantime, the draft is lost.
        let _ = self.record(event);
    }

    /// Adds the elapsed time: records gaps, stores the clock, and detects the end.
    pub fn tick(&mut self, stopped: bool) {
        let Some(running) = &mut self.model.running else {
            return;
        };
        let mut recorded = running.driver.advance(self.now, stopped);
        if running.session().is_due_to_expire(running.spent()) {
            if let Some((event, draft)) = running.take_draft() {
                recorded.extend(running.driver.record(event));
                self.effects.push(draft);
            }
            recorded.extend(running.driver.record(Event::Expired));
        }
        for stamped in recorded {
            save(&mut self.effects, stamped);
        }
    }

    /// Finishes the session and requests its result.
    pub fn finish(&mut self) {
        self.settle_draft();
        if self.record(Event::Finished).is_ok()
            && let Some(running) = &self.model.running
        {
            let session = Box::new(running.session().clone());
            self.effect(Effect::Score(session));
        }
    }

    /// Hides the screen and stops the clock if the session can be paused.
    pub fn pause(&mut self) {
        self.settle_draft();
        match self.record(Event::Paused) {
            Ok(()) => self.go(Route::Pause),
            Err(refused) => self.tell(refused.to_string()),
        }
    }

    /// Requests the next question, or finishes a session that has enough.
    pub fn draw_next(&mut self) {
        let Some(running) = &self.model.running else {
            return;
        };
        if running.session().conclusion().is_some() {
            self.finish();
        } else {
            let session = Box::new(running.session().clone());
            self.effect(Effect::Draw(session));
        }
    }

    /// Handles the chosen next step. If the minutes of practice are over, asks the person whether to continue.
    pub fn drawn(&mut self, draw: Draw) {
        let is_through = self
            .model
            .running
            .as_ref()
            .is_some_and(|running| running.session().is_planned_time_over(running.spent()));
        match draw {
            Draw::Next(..) if is_through => self.go(Route::MinutesAreOver(draw)),
            draw => self.take(draw),
        }
    }

    /// Adds the chosen question to the session.
    pub fn take(&mut self, draw: Draw) {
        let Some(running) = &mut self.model.running else {
            return;
        };
        let slot = running.session().len();
        let event = match draw {
            Draw::Next(item, question) => {
                running.driver.session.learn(*question);
                Event::Drawn { item: *item }
            }
            Draw::Conclude(because) => Event::Concluded { because },
        };
        let is_over = matches!(event, Event::Concluded { .. });
        match self.record(event) {
            Ok(()) if is_over => self.finish(),
            Ok(()) => self.go(Route::Question(slot)),
            Err(refused) => self.tell(refused.to_string()),
        }
    }
}
