//! The people that a mentor works with, their past sessions, and the preparation of the next one.

mod export;
mod pages;
mod prepare;
mod records;

use super::{Refused, Workspace};
use std::path::Path;

use crate::app::effect::News;
use crate::app::people::{PeopleRequest, PeopleView};
use crate::core::id::{PersonId, SessionId};
use crate::core::time::{Day, Millis};
use crate::report::PageFormat;
use crate::session::meeting::MeetingPlan;
use crate::session::{Stamped, homework, meeting};
use crate::store::{Person, StoreError, StoredEvent, Trace};

impl Workspace {
    /// Handles the requests of the screens about people.
    ///
    /// # Errors
    /// The reason why the request failed, such as a name that is already in use.
    pub(super) fn people(&mut self, wish: PeopleRequest) -> Result<Vec<News>, Refused> {
        let shown = |shown| News::People(Box::new(shown));
        match wish {
            PeopleRequest::Roster => Ok(vec![shown(PeopleView::Roster(self.roster()?))]),
            PeopleRequest::Add(name) => {
                let person = self.store.add_person(&name)?;
                self.roster_after(format!("added {}", person.name))
            }
            PeopleRequest::AddToSession(name) => {
                let known = self.store.person(&name)?;
                let is_new = known.is_none();
                let person = known.map_or_else(|| self.store.add_person(&name), Ok)?;
                Ok(vec![News::Latecomer {
                    person: person.id,
                    name: person.name,
                    is_new,
                }])
            }
            PeopleRequest::Rename(id, name) => {
                let person = self.store.rename_person(id, &name)?;
                self.roster_after(format!("renamed to {}", person.name))
            }
            PeopleRequest::Forget { person, erase } => {
                let person = self.person_of(person)?;
                let words = self.forget(&person, erase)?;
                self.roster_after(words)
            }
            PeopleRequest::Person(id) => Ok(vec![shown(PeopleView::Person(self.person_page(id)?))]),
            PeopleRequest::Cohort => Ok(vec![shown(PeopleView::Cohort(self.cohort_page()?))]),
            PeopleRequest::Prepare(people) => {
                Ok(vec![shown(PeopleView::Prepared(self.prepare(people)?))])
            }
            PeopleRequest::Kept {
                person,
                session,
                seat,
                place,
                kept,
            } => {
                self.amend_meeting(&session, meeting::Event::Kept { seat, place, kept })?;
                self.person_again(person)
            }
            PeopleRequest::Drop {
                person,
                session,
                slot,
            } => {
                self.drop_bring_back(person, &session, slot)?;
                self.person_again(person)
            }
            PeopleRequest::Agree { person, text, due } => {
                self.agree(person, text, due)?;
                self.person_again(person)
            }
            PeopleRequest::Note { person, text } => {
                let (session, seat) = self.last_meeting(person)?;
                self.amend_meeting(&session, meeting::Event::PersonNoted { seat, text })?;
                self.person_again(person)
            }
            PeopleRequest::Session { person, session } => {
                let page = self.past_session(person, &session)?;
                Ok(vec![shown(PeopleView::Session(Box::new(page)))])
            }
            PeopleRequest::Export(id) => self.export_person(id),
            PeopleRequest::Question { plan, at } => Ok(vec![shown(PeopleView::Question(
                self.draft_question(&plan, at)?,
            ))]),
            PeopleRequest::Handout { plan, answers } => self.write_handout(&plan, answers),
        }
    }

    /// Adds an agreement with a person after their last session.
    fn agree(&mut self, person: PersonId, text: String, due: Option<Day>) -> Result<(), Refused> {
        let (session, seat) = self.last_meeting(person)?;
        let day = self.today();
        let event = meeting::Event::AgreedLater {
            seat,
            text,
            due,
            day,
        };
        Ok(self.amend_meeting(&session, event)?)
    }

    /// Writes a person's page to a file.
    fn export_person(&mut self, id: PersonId) -> Result<Vec<News>, Refused> {
        let name = self.person_of(id)?.name;
        let page = self.page_of_person(id, PageFormat::Markdown)?;
        let file = format!("aethos-{}", file_name(name.as_str()));
        Ok(vec![News::Told(written(&file, &page))])
    }

    /// Writes the questions of a session to a file, with or without their answers.
    fn write_handout(&mut self, plan: &MeetingPlan, answers: bool) -> Result<Vec<News>, Refused> {
        let ending = if answers { "-answers" } else { "" };
        let file = format!("aethos-handout-{}{ending}", self.today().iso());
        let page = self.handout(plan, answers)?;
        Ok(vec![News::Told(written(&file, &page))])
    }

    /// Returns the page of a person and the roster after a change.
    fn person_again(&self, person: PersonId) -> Result<Vec<News>, Refused> {
        let page = PeopleView::Person(self.person_page(person)?);
        let roster = PeopleView::Roster(self.roster()?);
        Ok([page, roster]
            .map(|view| News::People(Box::new(view)))
            .to_vec())
    }

    /// Returns the last finished session with a person, and their seat in it.
    fn last_meeting(&self, person: PersonId) -> Result<(SessionId, usize), Refused> {
        let last = self.store.meetings(Some(person))?.pop();
        let last = last.ok_or(Refused::NoMeeting(None))?;
        let seat = self.seat_in(&last, person)?;
        Ok((last, seat))
    }

    fn seat_in(&self, session: &SessionId, person: PersonId) -> Result<usize, Refused> {
        let seats = self.store.seats(session)?;
        let seat = seats.iter().position(|seated| *seated == person);
        seat.ok_or(Refused::NoMeeting(None))
    }

    /// Stores that a question of a session or of a homework is not brought back for a person.
    fn drop_bring_back(
        &mut self,
        person: PersonId,
        session: &SessionId,
        slot: usize,
    ) -> Result<(), Refused> {
        let seat = self.seat_in(session, person)?;
        if self.store.assignments(Some(person))?.contains(session) {
            let on = false;
            let dropped = homework::Event::BroughtBack { slot, seat, on };
            return self.change_assignment(session, vec![dropped]);
        }
        Ok(self.amend_meeting(session, meeting::Event::Dropped { slot, seat })?)
    }

    fn roster_after(&self, words: String) -> Result<Vec<News>, Refused> {
        let home = News::Home(Box::new(self.home()));
        Ok(vec![
            home,
            News::People(Box::new(PeopleView::Roster(self.roster()?))),
            News::Told(words),
        ])
    }

    /// Returns all people that the user mentors, which is everyone but the user.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn mentored(&self) -> Result<Vec<Person>, StoreError> {
        let mut people = self.store.people()?;
        people.retain(|person| person.id != PersonId::YOU);
        Ok(people)
    }

    fn person_of(&self, id: PersonId) -> Result<Person, Refused> {
        let person = self.mentored()?.into_iter().find(|person| person.id == id);
        person.ok_or_else(|| Refused::NoPerson(format!("number {}", id.0)))
    }

    /// Finds a mentored person by name.
    ///
    /// # Errors
    /// An unknown name, with the known ones.
    pub fn mentored_by_name(&self, name: &str) -> Result<Person, Refused> {
        let found = self
            .store
            .person(name)?
            .filter(|person| person.id != PersonId::YOU);
        found.ok_or_else(|| {
            let people = self.mentored().unwrap_or_default();
            Refused::UnknownPerson {
                name: name.to_owned(),
                known: people.iter().map(|person| person.name.line()).collect(),
            }
        })
    }

    /// Adds a person.
    ///
    /// # Errors
    /// An invalid name, or one that is already in use.
    pub fn add_person(&mut self, name: &str) -> Result<Person, StoreError> {
        self.store.add_person(name)
    }

    /// Renames a person.
    ///
    /// # Errors
    /// An invalid name, or one that is already in use.
    pub fn rename_person(&mut self, person: &Person, name: &str) -> Result<Person, StoreError> {
        self.store.rename_person(person.id, name)
    }

    /// Returns the amount of data stored about a person.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn trace(&self, person: &Person) -> Result<Trace, StoreError> {
        self.store.trace(person)
    }

    /// Removes a person's name, or all of their data with `erase`, and returns a summary.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn forget(&mut self, person: &Person, erase: bool) -> Result<String, StoreError> {
        if erase {
            self.forget_refused_results(person)?;
        }
        let trace = if erase {
            self.store.erase(person)?
        } else {
            self.store.forget(person)?
        };
        let name = &person.name;
        let sessions = trace.sessions();
        let mut words = match (erase, trace.events) {
            (true, 1) => format!("{name} was erased: 1 entry in {sessions}"),
            (true, events) => format!("{name} was erased: {events} entries in {sessions}"),
            (false, _) => format!("the name {name} was forgotten; {sessions} stay"),
        };
        if trace.mentions > 0 {
            words.push_str(&format!(
                "; {} more notes of your sessions still contain the name",
                trace.mentions
            ));
        }
        Ok(words)
    }

    /// Deletes the parts of a person's results that could not be collected.
    fn forget_refused_results(&self, person: &Person) -> Result<(), StoreError> {
        for id in self.store.assignments(Some(person.id))? {
            for (seat, of) in self.store.seats(&id)?.into_iter().enumerate() {
                if of == person.id
                    && let Err(error) = self.folder.forget_refused(&id, seat)
                {
                    return Err(StoreError::Unwritable {
                        file: self.folder.quarantine(),
                        why: error.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Adds an event to a finished session.
    fn amend_meeting(&mut self, id: &SessionId, event: meeting::Event) -> Result<(), StoreError> {
        let log = self.store.events::<meeting::Event>(id)?;
        let at = log.last().map_or(Millis::ZERO, |stamped| stamped.at);
        let event = StoredEvent {
            wall_ms: self.wall_ms(),
            day: self.today(),
            stamped: Stamped { at, event },
            score: None,
        };
        self.store.append(id, log.len() as u32, &[event])
    }
}

/// Writes the text to a new file and returns a message with its name, or with the reason why it failed.
fn written(name: &str, text: &str) -> String {
    match super::folder::write_new(Path::new(""), name, "md", text) {
        Ok(path) => format!("written to {}", path.display()),
        Err(error) => format!("{name}.md can't be written: {error}"),
    }
}

/// Returns the name reduced to letters, digits and hyphens.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.to_lowercase().chars().map(plain).collect()
}
