//! A mentor's people: who they are, what their sessions say, and what the next one will be.

mod export;
mod pages;
mod prepare;
mod records;

use super::{Refused, Workspace};
use crate::app::effect::News;
use crate::app::people::{Shown, Wish};
use crate::core::id::{PersonId, SessionId};
use crate::core::time::Millis;
use crate::session::{Stamped, meeting};
use crate::store::{Logged, Person, StoreError, Trace};

impl Workspace {
    /// Does what the screens about people ask for.
    ///
    /// # Errors
    /// Why it could not be done, such as a name that is taken.
    pub(super) fn people(&mut self, wish: Wish) -> Result<Vec<News>, Refused> {
        let shown = |shown| News::People(Box::new(shown));
        match wish {
            Wish::Roster => Ok(vec![shown(Shown::Roster(self.roster()?))]),
            Wish::Add(name) => {
                let person = self.store.add_person(&name)?;
                self.roster_after(format!("{} was added", person.name))
            }
            Wish::Rename(id, name) => {
                let person = self.store.rename_person(id, &name)?;
                self.roster_after(format!("now called {}", person.name))
            }
            Wish::Forget { person, erase } => {
                let person = self.person_of(person)?;
                let words = self.forget(&person, erase)?;
                self.roster_after(words)
            }
            Wish::Person(id) => Ok(vec![shown(Shown::Person(self.person_page(id)?))]),
            Wish::Cohort => Ok(vec![shown(Shown::Cohort(self.cohort_page()?))]),
            Wish::Prepare(people) => Ok(vec![shown(Shown::Prepared(self.prepare(people)?))]),
            Wish::Kept { person, session, seat, place, kept } => {
                self.amend_meeting(&session, meeting::Event::Kept { seat, place, kept })?;
                Ok(vec![shown(Shown::Person(self.person_page(person)?)), shown(Shown::Roster(self.roster()?))])
            }
            Wish::Export(id) => {
                let name = self.person_of(id)?.name;
                let page = self.person_markdown(id)?;
                Ok(vec![News::Told(written(&format!("aethos-{}", file_name(name.as_str())), &page))])
            }
            Wish::Handout { plan, answers } => {
                let ending = if answers { "-answers" } else { "" };
                let name = format!("aethos-handout-{}{ending}", self.today().iso());
                Ok(vec![News::Told(written(&name, &self.handout(&plan, answers)?))])
            }
        }
    }

    fn roster_after(&self, words: String) -> Result<Vec<News>, Refused> {
        let home = News::Home(Box::new(self.home()));
        Ok(vec![home, News::People(Box::new(Shown::Roster(self.roster()?))), News::Told(words)])
    }

    /// Everybody whom the user mentors: all but the user.
    ///
    /// # Errors
    /// What the store says.
    pub fn mentored(&self) -> Result<Vec<Person>, StoreError> {
        let mut people = self.store.people()?;
        people.retain(|person| person.id != PersonId::YOU);
        Ok(people)
    }

    fn person_of(&self, id: PersonId) -> Result<Person, Refused> {
        let person = self.mentored()?.into_iter().find(|person| person.id == id);
        person.ok_or_else(|| Refused::NoPerson(format!("number {}", id.0)))
    }

    /// One of those the user mentors, by name.
    ///
    /// # Errors
    /// A sentence that says who there is.
    pub fn mentored_by_name(&self, name: &str) -> Result<Person, Refused> {
        let found = self.store.person(name)?.filter(|person| person.id != PersonId::YOU);
        found.ok_or_else(|| {
            let people = self.mentored().unwrap_or_default();
            let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            let there = if names.is_empty() { "nobody yet".to_owned() } else { names.join(", ") };
            Refused::NoPerson(format!("{name:?}; there is {there}"))
        })
    }

    /// # Errors
    /// A name that cannot be one, or is taken.
    pub fn add_person(&mut self, name: &str) -> Result<Person, StoreError> {
        self.store.add_person(name)
    }

    /// # Errors
    /// A name that cannot be one, or is taken.
    pub fn rename_person(&mut self, person: &Person, name: &str) -> Result<Person, StoreError> {
        self.store.rename_person(person.id, name)
    }

    /// What is kept of a person.
    ///
    /// # Errors
    /// What the store says.
    pub fn trace(&self, person: &Person) -> Result<Trace, StoreError> {
        self.store.trace(person)
    }

    /// Forgets a person and says what that did, in numbers.
    ///
    /// # Errors
    /// What the store says.
    pub fn forget(&mut self, person: &Person, erase: bool) -> Result<String, StoreError> {
        let trace = if erase { self.store.erase(person)? } else { self.store.forget(person)? };
        let name = &person.name;
        let sessions = trace.sessions();
        let mut words = match (erase, trace.events) {
            (true, 1) => format!("{name} was erased: 1 entry in {sessions}"),
            (true, events) => format!("{name} was erased: {events} entries in {sessions}"),
            (false, _) => format!("the name {name} was forgotten; {sessions} stay"),
        };
        if trace.mentions > 0 {
            words.push_str(&format!("; {} more notes of your sessions still have the name in them", trace.mentions));
        }
        Ok(words)
    }

    /// Adds an event to a session that is over.
    fn amend_meeting(&mut self, id: &SessionId, event: meeting::Event) -> Result<(), StoreError> {
        let log = self.store.events::<meeting::Event>(id)?;
        let at = log.last().map_or(Millis::ZERO, |stamped| stamped.at);
        let event = Logged { wall_ms: self.wall_ms(), day: self.today(), stamped: Stamped { at, event }, score: None };
        self.store.append(id, log.len() as u32, &[event])
    }
}

/// The file that a text was written to, never over another one, or why there is none.
fn written(name: &str, text: &str) -> String {
    match super::folder::write_new(name, "md", text) {
        Ok(path) => format!("written to {}", path.display()),
        Err(error) => format!("{name}.md could not be written: {error}"),
    }
}

/// A name with nothing in it but letters, digits and hyphens.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.to_lowercase().chars().map(plain).collect()
}
