//! The mentor's collection of a homework: the lines that came back, and the mentor's judgement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, GivenAnswer};
use super::event::Event;
use super::line::{BadLine, ResultLine};
use crate::core::calendar::Date;
use crate::core::form::{Form, Item};
use crate::core::id::{ChoiceId, Fingerprint, PersonId, SessionId};
use crate::core::question::Question;
use crate::core::response::Answer;
use crate::session::Event as TakenEvent;

/// The highest level of reasoning.
const MAX_LEVEL: u8 = 3;

/// The setup of an assignment, stored with it. Only ids of people are stored, so erasing a person leaves no name behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentSetup {
    pub people: Vec<PersonId>,
    pub title: String,
    pub due: Option<Date>,
    pub minutes: Option<u32>,
    /// The hashes of the questions as they were sent.
    pub hashes: Vec<Fingerprint>,
}

/// A homework with everything that came back, changed only by [`Assignment::apply`].
#[derive(Clone, Debug)]
pub struct Assignment {
    pub id: SessionId,
    pub setup: AssignmentSetup,
    /// Its order of choices is the one in the form file.
    pub form: Form,
    pub questions: Arc<[Question]>,
    /// The collected lines by seat, attempt and number, with the contents that were received under this id.
    lines: BTreeMap<(usize, SessionId, u32), BTreeMap<String, ResultLine>>,
    judgements: BTreeMap<(usize, usize), Judgement>,
}

/// The mentor's judgement of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    pub remark: String,
    /// The level of the reason, 0 to 3.
    pub level: Option<u8>,
    /// Points by criterion of an open question.
    pub points: BTreeMap<usize, u32>,
    pub bring_back: Option<bool>,
}

impl Assignment {
    /// Creates an assignment for which nothing was collected. `questions` are in the order of the form's items.
    pub fn new(
        id: SessionId,
        setup: AssignmentSetup,
        form: Form,
        questions: Arc<[Question]>,
    ) -> Self {
        Self {
            id,
            setup,
            form,
            questions,
            lines: BTreeMap::new(),
            judgements: BTreeMap::new(),
        }
    }

    /// Applies a log of events and returns the assignment; events that don't fit are skipped.
    pub fn replay<'a>(mut self, log: impl IntoIterator<Item = &'a Event>) -> Self {
        log.into_iter().for_each(|event| self.apply(event));
        self
    }

    /// Applies an event. One that doesn't fit changes nothing.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Sent { .. } | Event::Erased => {}
            Event::Received { seat, line } => {
                if self.admit(line).is_ok() && *seat == line.seat {
                    let key = (line.seat, line.attempt.clone(), line.n);
                    let copies = self.lines.entry(key).or_default();
                    copies.insert(line.to_text(), (**line).clone());
                }
            }
            Event::Remarked { slot, seat, text } => {
                self.judge(*slot, *seat, |judgement| judgement.remark.clone_from(text));
            }
            Event::Reasoned { slot, seat, level } => {
                if level.is_none_or(|level| level <= MAX_LEVEL) {
                    self.judge(*slot, *seat, |judgement| judgement.level = *level);
                }
            }
            Event::Scored {
                slot,
                seat,
                criterion,
                points,
            } => {
                let most = self.questions.get(*slot).and_then(|question| {
                    let rubric = question.interaction.rubric();
                    rubric.get(*criterion).map(|rated| rated.points)
                });
                self.judge(*slot, *seat, |judgement| match (points, most) {
                    (Some(points), Some(most)) if *points <= most => {
                        judgement.points.insert(*criterion, *points);
                    }
                    (None, _) => drop(judgement.points.remove(criterion)),
                    _ => {}
                });
            }
            Event::BroughtBack { slot, seat, on } => {
                self.judge(*slot, *seat, |judgement| judgement.bring_back = Some(*on));
            }
        }
    }

    fn judge(&mut self, slot: usize, seat: usize, change: impl FnOnce(&mut Judgement)) {
        if slot < self.questions.len() && seat < self.setup.people.len() {
            change(self.judgements.entry((slot, seat)).or_default());
        }
    }

    /// Returns the mentor's judgement of a person's answer.
    pub fn judgement(&self, slot: usize, seat: usize) -> Judgement {
        self.judgements
            .get(&(slot, seat))
            .cloned()
            .unwrap_or_default()
    }

    /// Checks that a line belongs to this homework and fits it.
    ///
    /// # Errors
    /// The reason why it doesn't.
    pub fn admit(&self, line: &ResultLine) -> Result<(), BadLine> {
        if line.form != self.id {
            return Err(BadLine::Foreign);
        }
        if line.seat >= self.setup.people.len() {
            return Err(BadLine::NoSuchPerson);
        }
        let Some(slot) = line.slot() else {
            return Ok(());
        };
        let (Some(question), Some(item)) = (self.questions.get(slot), self.form.items.get(slot))
        else {
            return Err(BadLine::NoSuchQuestion);
        };
        if self.is_changed(line) {
            return Ok(());
        }
        match &line.stamped.event {
            TakenEvent::Answered { answer, .. } | TakenEvent::AnswerChanged { answer, .. } => {
                let answer = in_deck(answer, item).ok_or(BadLine::AnswerMismatch)?;
                answer
                    .fits(&question.interaction)
                    .map_err(|_| BadLine::AnswerMismatch)
            }
            _ => Ok(()),
        }
    }

    /// Returns true if the line was collected before.
    pub fn has(&self, line: &ResultLine) -> bool {
        self.lines
            .get(&(line.seat, line.attempt.clone(), line.n))
            .is_some_and(|copies| copies.contains_key(&line.to_text()))
    }

    /// Returns true if the line is about another question than the one that was sent.
    pub fn is_changed(&self, line: &ResultLine) -> bool {
        line.slot()
            .is_some_and(|slot| line.hash.as_ref() != self.setup.hashes.get(slot))
    }

    /// Returns all attempts of a person, in the order of their ids, which sort by the time they were started.
    pub fn attempts(&self, seat: usize) -> Vec<Attempt> {
        let ids: BTreeSet<&SessionId> = self
            .lines
            .keys()
            .filter(|(of, ..)| *of == seat)
            .map(|(_, attempt, _)| attempt)
            .collect();
        ids.into_iter().map(|id| self.attempt(seat, id)).collect()
    }

    fn attempt(&self, seat: usize, id: &SessionId) -> Attempt {
        let range = (seat, id.clone(), 0)..=(seat, id.clone(), u32::MAX);
        let mut attempt = Attempt {
            id: id.clone(),
            seat,
            answers: vec![GivenAnswer::default(); self.questions.len()],
            finished: None,
            is_whole: true,
            is_contradictory: false,
        };
        for (expected, ((.., n), copies)) in (0..).zip(self.lines.range(range)) {
            attempt.is_whole &= *n == expected;
            attempt.is_contradictory |= copies.len() > 1;
            // Whatever the order in which two copies arrived, the same one is used.
            if let Some(line) = copies.values().next() {
                self.follow(&mut attempt, line);
            }
        }
        attempt
    }

    /// Applies a line to an attempt.
    fn follow(&self, attempt: &mut Attempt, line: &ResultLine) {
        let event = &line.stamped.event;
        if matches!(event, TakenEvent::Finished) {
            attempt.finished = Some(line.wall);
        }
        let Some((slot, given)) = line
            .slot()
            .and_then(|slot| Some((slot, attempt.answers.get_mut(slot)?)))
        else {
            return;
        };
        match event {
            TakenEvent::Answered { answer, .. } | TakenEvent::AnswerChanged { answer, .. } => {
                given.is_changed = self.is_changed(line);
                if matches!(event, TakenEvent::AnswerChanged { .. }) {
                    given.confidence = None;
                }
                let answer = (!answer.is_blank() && !given.is_changed).then_some(answer);
                given.answer =
                    answer.and_then(|answer| in_deck(answer, self.form.items.get(slot)?));
            }
            TakenEvent::Confident { confidence, .. } => given.confidence = *confidence,
            TakenEvent::Noted { text, .. } => given.reason.clone_from(text),
            _ => {}
        }
    }

    /// Returns the attempt that counts: the first complete one, or else the first one.
    pub fn counted(&self, seat: usize) -> Option<Attempt> {
        let attempts = self.attempts(seat);
        let complete = attempts
            .iter()
            .position(Attempt::is_complete)
            .unwrap_or_default();
        attempts.into_iter().nth(complete)
    }
}

/// Converts an answer from the order of the form file to the ids of the deck; `None` if it names choices that don't
/// exist.
fn in_deck(answer: &Answer, item: &Item) -> Option<Answer> {
    let id = |choice: &ChoiceId| item.order.get(choice.index()).copied();
    Some(match answer {
        Answer::Picked(picks) => {
            let mut picks: Vec<ChoiceId> = picks.iter().map(id).collect::<Option<_>>()?;
            picks.sort_unstable();
            Answer::Picked(picks)
        }
        Answer::Ordered(steps) => Answer::Ordered(steps.iter().map(id).collect::<Option<_>>()?),
        Answer::Matched(pairs) => Answer::Matched(
            pairs
                .iter()
                .map(|pair| match pair {
                    Some(choice) => id(choice).map(Some),
                    None => Some(None),
                })
                .collect::<Option<_>>()?,
        ),
        typed => typed.clone(),
    })
}
