//! Writing a homework: choosing and freezing its questions, and storing the assignment.

use std::sync::Arc;

use super::file::form_text;
use crate::core::calendar::Date;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::{Limit, Millis, Multiplier};
use crate::session::homework::{
    Assignment, AssignmentSetup, Event, FormQuestion, HomeworkForm, secret_order,
};
use crate::session::meeting::{LevelChoice, MeetingPlan, MeetingRecord};
use crate::session::{Mode, Stamped};
use crate::shell::begin::new_id;
use crate::shell::home::day_of;
use crate::shell::replay::read_setup;
use crate::shell::start::entropy;
use crate::shell::{Refused, StartRequest, Workspace};
use crate::store::{NewSession, StoredEvent};

/// A request for a homework.
pub struct AssignRequest {
    pub people: Vec<PersonId>,
    pub wanted: StartRequest,
    pub title: String,
    pub due: Option<Date>,
    pub minutes: Option<u32>,
    pub levels: LevelChoice,
}

/// A homework that was written.
pub struct Assigned {
    /// The text of its form file.
    pub text: String,
    /// A summary of the levels drawn, such as "for juniors: 5 junior, 3 mid".
    pub levels: String,
}

impl Workspace {
    /// Chooses and freezes the questions of a homework, stores it, and returns its form file. From then on, its
    /// questions count as seen by everyone it is for.
    ///
    /// # Errors
    /// There are no questions, the form is too large, or a failure of the store.
    pub fn assign(&mut self, request: &AssignRequest) -> Result<Assigned, Refused> {
        let (questions, levels) =
            self.propose_from(&request.people, &request.wanted, request.levels)?;
        let plan = MeetingPlan {
            people: request.people.clone(),
            questions,
        };
        let (mut form, questions, sources) = self.freeze_plan(&plan)?;
        for (item, question) in form.items.iter_mut().zip(&questions) {
            secret_order(item, question, entropy());
        }
        let sent: Vec<FormQuestion> = form
            .items
            .iter()
            .zip(&questions)
            .map(|(item, question)| FormQuestion::of(item, question))
            .collect();
        let wall = self.wall_ms();
        // The random part makes it unlikely that two mentors use the same id.
        let id = SessionId::new(format!("{}-{:08x}", new_id(wall), entropy() >> 32));
        let setup = AssignmentSetup {
            people: request.people.clone(),
            title: request.title.clone(),
            due: request.due,
            minutes: request.minutes,
            hashes: sent.iter().map(FormQuestion::hash).collect(),
        };
        let names = self.names_of(&request.people)?;
        let file = HomeworkForm::new(
            id.clone(),
            &request.title,
            names,
            request.due,
            request.minutes,
            sent,
        );
        let text = form_text(&file).map_err(Refused::Form)?;
        let limit = match request.minutes {
            Some(minutes) => Limit::Within(Millis::minutes(minutes.into())),
            None => Limit::Untimed,
        };
        let start = NewSession {
            id: id.clone(),
            person: PersonId::YOU,
            mode: Mode::Assigned,
            started_at: wall,
            form,
            limit,
            multiplier: Multiplier::ONE,
            setup: serde_json::to_string(&setup).unwrap_or_default(),
        };
        let sources: Vec<_> = start
            .form
            .items
            .iter()
            .zip(&sources)
            .map(|(item, text)| {
                (
                    item.fingerprint,
                    item.deck.clone(),
                    item.question.clone(),
                    text.as_str(),
                )
            })
            .collect();
        self.store.start(&start, &sources)?;
        let sent = (0..start.form.items.len()).map(|slot| Event::Sent { slot });
        self.append_to_assignment(&id, sent.collect())?;
        Ok(Assigned { text, levels })
    }

    fn names_of(&self, people: &[PersonId]) -> Result<Vec<Text>, Refused> {
        let known = self.store.people()?;
        let name = |id: &PersonId| {
            let found = known.iter().find(|person| person.id == *id);
            found
                .map(|person| person.name.clone())
                .ok_or_else(|| Refused::NoPerson(format!("number {}", id.0)))
        };
        people.iter().map(name).collect()
    }

    /// Appends events to the log of an assignment.
    pub(super) fn append_to_assignment(
        &mut self,
        id: &SessionId,
        events: Vec<Event>,
    ) -> Result<(), Refused> {
        let first = self.store.events::<Event>(id)?.len() as u32;
        let (wall_ms, day) = (self.wall_ms(), self.today());
        let events: Vec<StoredEvent<Event>> = events
            .into_iter()
            .map(|event| StoredEvent {
                wall_ms,
                day,
                stamped: Stamped {
                    at: Millis::ZERO,
                    event,
                },
                score: None,
            })
            .collect();
        Ok(self.store.append(id, first, &events)?)
    }

    /// Adds events to an assignment, while no other process does.
    ///
    /// # Errors
    /// Another process is adding events, or a failure of the store.
    pub fn change_assignment(&mut self, id: &SessionId, events: Vec<Event>) -> Result<(), Refused> {
        let _claim = self.store.claim(id)?;
        self.append_to_assignment(id, events)
    }

    /// Returns all assignments, oldest first.
    ///
    /// # Errors
    /// One can't be read back, or a failure of the store.
    pub fn assignments(&self) -> Result<Vec<Assignment>, Refused> {
        let ids = self.store.assignments(None)?;
        ids.iter().map(|id| self.assignment(id)).collect()
    }

    /// Reads an assignment back from its log.
    pub(in crate::shell) fn assignment(&self, id: &SessionId) -> Result<Assignment, Refused> {
        let start = self.stored(id)?.start;
        let setup: AssignmentSetup = read_setup(&start)?;
        let questions = self.questions_back(id, start.form.items.iter())?;
        let log = self.store.events::<Event>(id)?;
        let assignment = Assignment::new(id.clone(), setup, start.form, Arc::clone(&questions));
        Ok(assignment.replay(log.iter().map(|stamped| &stamped.event)))
    }

    /// Returns a homework as the record of a mentor's session; `None` if nobody's result is in.
    pub(in crate::shell) fn homework_record(
        &self,
        id: &SessionId,
    ) -> Result<Option<MeetingRecord>, Refused> {
        let assignment = self.assignment(id)?;
        let last = assignment
            .handed_in()
            .iter()
            .filter_map(|attempt| attempt.finished)
            .max();
        let start = self.stored(id)?.start.started_at;
        let day = day_of(last.unwrap_or(start));
        let meeting = assignment.meeting();
        Ok(meeting.map(|meeting| MeetingRecord::of(&meeting, id.clone(), day)))
    }
}
