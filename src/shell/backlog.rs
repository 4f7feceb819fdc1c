//! What of a session under way is stored, and what still waits to be: in memory, in order, and tried again with every
//! event.

use super::growth::Source;
use crate::app::effect::News;
use crate::core::id::{DeckId, Fingerprint, QuestionId, SessionId};
use crate::session::Event;
use crate::store::{Claim, Entry, Logged, NewSession, Store, StoreError};

pub(super) struct Backlog<E = Event> {
    pub id: SessionId,
    _claim: Claim,
    /// The start with the texts of its questions, until it is stored.
    start: Option<Box<(NewSession, Vec<String>)>>,
    /// The texts of questions that were added.
    sources: Vec<Source>,
    /// Events of the log that are stored.
    stored: u32,
    waiting: Vec<Logged<E>>,
    failed: bool,
}

/// Why events wait.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unstored(#[from] pub(super) StoreError);

impl<E: Entry> Backlog<E> {
    /// Of a new session. Its start and what is `waiting` are stored with the first event after them: a session of which
    /// nothing was shown leaves no trace.
    ///
    /// # Errors
    /// Another process has the session.
    pub fn begin(
        store: &Store,
        start: NewSession,
        sources: Vec<String>,
        waiting: Vec<Logged<E>>,
    ) -> Result<Self, StoreError> {
        let id = start.id.clone();
        let claim = store.claim(&id)?;
        Ok(Self { start: Some(Box::new((start, sources))), waiting, ..Self::resume(id, claim, 0) })
    }

    /// Of a session with so many stored events.
    pub fn resume(id: SessionId, claim: Claim, stored: u32) -> Self {
        Self { id, _claim: claim, start: None, sources: Vec::new(), stored, waiting: Vec::new(), failed: false }
    }

    pub fn push(&mut self, logged: Logged<E>) {
        self.waiting.push(logged);
    }

    pub fn push_source(&mut self, source: Option<Source>) {
        self.sources.extend(source);
    }

    /// Stores everything that waits.
    pub fn store(&mut self, store: &mut Store) -> Result<(), Unstored> {
        if let Some(boxed) = &self.start {
            let (start, sources) = boxed.as_ref();
            let items = start.form.items.iter().zip(sources);
            let sources: Vec<(Fingerprint, DeckId, QuestionId, &str)> = items
                .map(|(item, text)| (item.fingerprint, item.deck.clone(), item.question.clone(), text.as_str()))
                .collect();
            store.start(start, &sources)?;
            self.start = None;
        }
        if !self.sources.is_empty() {
            let sources: Vec<_> =
                self.sources.iter().map(|(f, d, q, text)| (*f, d.clone(), q.clone(), &**text)).collect();
            store.keep_sources(&sources)?;
            self.sources.clear();
        }
        if !self.waiting.is_empty() {
            store.append(&self.id, self.stored, &self.waiting)?;
            self.stored += self.waiting.len() as u32;
            self.waiting.clear();
        }
        Ok(())
    }

    /// Says when storing begins to fail, and when it works again.
    pub fn told_of(&mut self, result: Result<(), Unstored>) -> Vec<News> {
        match result {
            Ok(()) if std::mem::take(&mut self.failed) => vec![News::Saved],
            Ok(()) => Vec::new(),
            Err(why) => {
                self.failed = true;
                vec![News::Unsaved(why.to_string())]
            }
        }
    }
}

/// Why something could not be stored, if the news are of that.
pub(super) fn unsaved(news: Vec<News>) -> Option<String> {
    news.into_iter().find_map(|news| match news {
        News::Unsaved(why) => Some(why),
        _ => None,
    })
}
