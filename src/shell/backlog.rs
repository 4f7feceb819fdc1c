//! The running session in memory, and the part of it that is not stored yet. Unsaved events are kept in order and
//! retried with every event.

use super::Workspace;
use super::growth::Source;
use crate::app::effect::News;
use crate::core::form::Item;
use crate::core::id::{DeckId, Fingerprint, PersonId, QuestionId, SessionId};
use crate::core::response::Answer;
use crate::session::Event;
use crate::store::{Claim, Entry, NewSession, Person, Store, StoreError, StoredEvent};

/// A running session with all of its events, so that it can be stored in another file if its own is lost.
pub(super) struct Backlog<E = Event> {
    pub id: SessionId,
    claim: Claim,
    start: Box<NewSession>,
    is_started: bool,
    /// The source texts of its questions; the first ones are already stored.
    sources: Vec<Source>,
    stored_sources: usize,
    /// All of its events; the first ones are already stored.
    log: Vec<StoredEvent<E>>,
    stored: usize,
    /// The people that it may refer to.
    people: Vec<Person>,
    /// The people without a name that it may refer to.
    forgotten: Vec<PersonId>,
    failed: bool,
}

/// The error because of which events are not stored yet.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unstored(#[from] pub(super) StoreError);

impl Backlog {
    /// Returns the last answer to a question among the events that are not stored yet.
    pub fn unsaved_answer(&self, slot: usize) -> Option<&Answer> {
        let unsaved = self.log[self.stored..].iter().rev();
        unsaved
            .filter_map(|logged| match &logged.stamped.event {
                Event::Answered { slot, answer } | Event::AnswerChanged { slot, answer } => {
                    Some((*slot, answer))
                }
                _ => None,
            })
            .find_map(|(at, answer)| (at == slot).then_some(answer))
    }
}

impl<E: Entry> Backlog<E> {
    /// Creates the log of a new session. Its start and the `waiting` events are stored with the next event, so that a
    /// session that never shows a question leaves no trace.
    ///
    /// # Errors
    /// Another process has the session.
    pub fn begin(
        store: &Store,
        start: NewSession,
        sources: Vec<String>,
        waiting: Vec<StoredEvent<E>>,
    ) -> Result<Self, StoreError> {
        let id = start.id.clone();
        let claim = store.claim(&id)?;
        let items = start.form.items.iter().zip(sources);
        let sources = items.map(|(item, text)| source(item, text)).collect();
        let (people, forgotten) = (store.people()?, store.forgotten_people()?);
        Ok(Self {
            id,
            claim,
            start: Box::new(start),
            is_started: false,
            sources,
            stored_sources: 0,
            log: waiting,
            stored: 0,
            people,
            forgotten,
            failed: false,
        })
    }

    /// Creates the log of a resumed session, which is stored already.
    ///
    /// # Errors
    /// It cannot be read back.
    pub fn resume(workspace: &Workspace, id: SessionId, claim: Claim) -> Result<Self, StoreError> {
        let store = &workspace.store;
        let stored = store.load(&id)?.ok_or_else(|| StoreError::NoSession {
            session: id.clone(),
        })?;
        let log = store.log::<E>(&id)?.into_iter();
        let logged = |(wall_ms, stamped)| StoredEvent {
            wall_ms,
            day: workspace.practice_day(wall_ms),
            stamped,
            score: None,
        };
        let log: Vec<StoredEvent<E>> = log.map(logged).collect();
        let mut sources = Vec::new();
        for item in stored
            .start
            .form
            .items
            .iter()
            .chain(log.iter().filter_map(|logged| logged.stamped.event.drawn()))
        {
            sources.extend(workspace.source_of(item)?.map(|text| source(item, text)));
        }
        Ok(Self {
            id,
            claim,
            start: Box::new(stored.start),
            is_started: true,
            stored_sources: sources.len(),
            sources,
            stored: log.len(),
            log,
            people: store.people()?,
            forgotten: store.forgotten_people()?,
            failed: false,
        })
    }

    /// Returns true if every event is stored.
    pub fn is_stored(&self) -> bool {
        self.stored == self.log.len()
    }

    pub fn push(&mut self, logged: StoredEvent<E>) {
        self.log.push(logged);
    }

    /// Notes that the session may refer to a person who was not there at its start.
    pub fn know(&mut self, person: Person) {
        self.people.retain(|known| known.id != person.id);
        self.people.push(person);
    }

    pub fn push_source(&mut self, source: Option<Source>) {
        self.sources.extend(source);
    }

    /// Stores everything that is not stored yet.
    pub fn store(&mut self, store: &mut Store) -> Result<(), Unstored> {
        let waiting = self.sources[self.stored_sources..].iter();
        let sources: Vec<(Fingerprint, DeckId, QuestionId, &str)> = waiting
            .map(|(f, d, q, text)| (*f, d.clone(), q.clone(), text.as_str()))
            .collect();
        if !self.is_started {
            store.start(&self.start, &sources)?;
            self.is_started = true;
        } else if !sources.is_empty() {
            store.keep_sources(&sources)?;
        }
        self.stored_sources = self.sources.len();
        if self.stored < self.log.len() {
            store.append(&self.id, self.stored as u32, &self.log[self.stored..])?;
            self.stored = self.log.len();
        }
        Ok(())
    }

    /// Stores the whole session in another history and continues there.
    ///
    /// # Errors
    /// A failure of the other store; the session then stays in its own.
    pub fn move_to(&mut self, store: &mut Store) -> Result<(), Unstored> {
        let claim = store.claim(&self.id)?;
        let found = store.load(&self.id)?.is_some();
        let stored = if found {
            store.events::<E>(&self.id)?.len()
        } else {
            0
        };
        store.adopt_people(&self.people)?;
        store.adopt_forgotten(&self.forgotten)?;
        let before = (self.is_started, self.stored_sources, self.stored);
        (self.is_started, self.stored_sources, self.stored) =
            (found, 0, stored.min(self.log.len()));
        if let Err(why) = self.store(store) {
            (self.is_started, self.stored_sources, self.stored) = before;
            return Err(why);
        }
        self.claim = claim;
        Ok(())
    }

    /// Returns a message when storing begins to fail, and when it works again.
    pub fn told_of(&mut self, result: Result<(), Unstored>) -> Vec<News> {
        match result {
            Ok(()) if std::mem::take(&mut self.failed) => vec![News::Saved],
            Ok(()) => Vec::new(),
            Err(Unstored(why)) => {
                self.failed = true;
                vec![News::Unsaved(match why {
                    StoreError::Busy { .. } => {
                        "waiting for another program to release the history".to_owned()
                    }
                    why => why.to_string(),
                })]
            }
        }
    }
}

/// Returns the reason why something could not be stored, if the messages contain one.
pub(super) fn unsaved(news: Vec<News>) -> Option<String> {
    news.into_iter().find_map(|news| match news {
        News::Unsaved(why) => Some(why),
        _ => None,
    })
}

fn source(item: &Item, text: String) -> Source {
    (
        item.fingerprint,
        item.deck.clone(),
        item.question.clone(),
        text,
    )
}
