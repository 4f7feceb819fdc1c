//! Sessions replayed from the history, with their questions as they were asked.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Refused, Workspace};
use crate::core::form::Item;
use crate::core::id::SessionId;
use crate::core::question::Question;
use crate::core::text::Text;
use crate::deck::load::question_from;
use crate::session::{Event, Mode, Session};
use crate::store::{NewSession, StoreError};

impl Workspace {
    /// Replays a stored session from its log; returns it with the number of its events.
    pub(super) fn session_back(&self, start: &NewSession) -> Result<(Session, u32), Refused> {
        let events = self.store.events(&start.id)?;
        let drawn = events.iter().filter_map(|stamped| match &stamped.event {
            Event::Drawn { item } => Some(item),
            _ => None,
        });
        let questions = match start.mode {
            Mode::Homework => self.homework_questions(&start.id, &start.form.items)?,
            _ => self.questions_back(&start.id, start.form.items.iter().chain(drawn))?,
        };
        let session = Session::new(start.form.clone(), questions, start.limit, start.multiplier);
        let session = session.in_mode(start.mode).replay(&events);
        Ok((session, events.len() as u32))
    }

    /// Replays a finished session with the corrections that its newest result contains.
    pub(super) fn session_as_scored(&self, start: &NewSession) -> Result<Session, Refused> {
        let (mut session, _) = self.session_back(start)?;
        if let Some(kept) = self.kept(&start.id) {
            self.apply(&kept.corrections, &mut session);
        }
        Ok(session)
    }

    /// Parses questions from the sources stored with their session.
    pub(super) fn questions_back<'a>(
        &self,
        id: &SessionId,
        items: impl Iterator<Item = &'a Item>,
    ) -> Result<Arc<[Question]>, Refused> {
        items
            .map(|item| self.question_back(id, item))
            .collect::<Result<Vec<_>, _>>()
            .map(Arc::from)
    }

    /// Returns a question as it was when it was asked.
    pub(super) fn question_back(&self, id: &SessionId, item: &Item) -> Result<Question, Refused> {
        Ok(item.concrete(self.written_question(id, item)?))
    }

    /// Returns a question as its deck had it when it was asked, without the instance of a simulated question.
    pub(super) fn written_question(
        &self,
        id: &SessionId,
        item: &Item,
    ) -> Result<Question, Refused> {
        let unreadable = |why: String| Refused::Unreadable(id.clone(), why);
        let source = self
            .source_of(item)?
            .ok_or_else(|| unreadable(format!("the text of {} is missing", item.question)))?;
        let name = Text::new(item.deck.as_str());
        question_from(&source, &name).map_err(|problems| {
            unreadable(problems.first().map_or(String::new(), |p| {
                format!("{}: {}", item.question, p.message)
            }))
        })
    }
}

impl Workspace {
    /// Returns the text of a question as it was asked, if it is stored. If the stored text is damaged or missing, its
    /// deck may still have the same one; [`Workspace::damage`] names the question nevertheless.
    pub(super) fn source_of(&self, item: &Item) -> Result<Option<String>, StoreError> {
        let in_deck = || {
            let loaded = self.library.deck(&item.deck)?;
            loaded.unchanged_source(&item.question, item.fingerprint)
        };
        match self.store.source(item.fingerprint) {
            Ok(Some(source)) => Ok(Some(source.text)),
            Ok(None) => {
                self.store.note_missing(&item.deck, &item.question);
                Ok(in_deck())
            }
            Err(error @ StoreError::Damaged { .. }) => in_deck().map(Some).ok_or(error),
            Err(error) => Err(error),
        }
    }
}

/// Parses the setup of a session; each kind of session stores its own JSON.
pub(super) fn read_setup<T: DeserializeOwned>(start: &NewSession) -> Result<T, Refused> {
    serde_json::from_str(&start.setup)
        .map_err(|error| Refused::Unreadable(start.id.clone(), format!("its setup: {error}")))
}
