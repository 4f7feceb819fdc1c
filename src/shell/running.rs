//! The running session, between the interface and the store.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::backlog::{Backlog, Unstored, unsaved};
use super::growth::GrowingSession;
use super::{Refused, Shell};
use crate::app::effect::{News, Started};
use crate::core::id::SessionId;
use crate::core::response::Answer;
use crate::core::time::Millis;
use crate::session::{EarlierAnswers, Event, Stamped, TextField};
use crate::store::{Reviewed, Scored, State, Store, StoreError, StoredEvent};

pub(super) struct Running {
    pub backlog: Backlog,
    /// The state that chooses the next question, unless the form is fixed.
    pub growth: Option<GrowingSession>,
    /// The result of a finished session that is not stored yet.
    result: Option<(Scored, Vec<Reviewed>)>,
}

impl Running {
    pub fn new(backlog: Backlog, growth: Option<GrowingSession>) -> Self {
        Self {
            backlog,
            growth,
            result: None,
        }
    }

    pub fn id(&self) -> &SessionId {
        &self.backlog.id
    }

    /// Returns the answers that the session continues.
    pub fn earlier(&self) -> EarlierAnswers {
        match &self.growth {
            Some(GrowingSession::Adaptive(adaptive)) => adaptive.earlier().clone(),
            _ => EarlierAnswers::default(),
        }
    }

    /// Stores everything that is not stored yet.
    fn store(&mut self, store: &mut Store) -> Result<(), Unstored> {
        self.backlog.store(store)?;
        if let Some((result, reviews)) = &self.result {
            store.put_result(&self.backlog.id, result, reviews)?;
            self.result = None;
        }
        Ok(())
    }
}

impl Shell {
    /// Returns the event as it is stored: with its time and other data that the store cannot derive.
    pub(super) fn logged(&self, stamped: Stamped) -> StoredEvent {
        let wall_ms = self.workspace.wall_ms();
        let score = match stamped.event {
            Event::Graded { slot, grade } => self.running.as_ref().and_then(|running| {
                let unsaved = running.backlog.unsaved_answer(slot);
                self.workspace.score_at(running.id(), slot, grade, unsaved)
            }),
            _ => None,
        };
        StoredEvent {
            wall_ms,
            day: self.workspace.practice_day(wall_ms),
            stamped,
            score,
        }
    }

    /// Stores an event of the running session, with all unsaved events before it.
    pub fn save(&mut self, stamped: Stamped) -> Vec<News> {
        self.save_all(vec![stamped])
    }

    /// Stores events of the running session in one transaction, with all unsaved events before them.
    pub fn save_all(&mut self, events: Vec<Stamped>) -> Vec<News> {
        for stamped in events {
            let logged = self.logged(stamped);
            let Some(running) = &mut self.running else {
                return Vec::new();
            };
            running.backlog.push(logged);
        }
        self.save_waiting()
    }

    fn save_waiting(&mut self) -> Vec<News> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let result = running.store(&mut self.workspace.store);
        running.backlog.told_of(result)
    }

    pub fn draft(&mut self, slot: usize, text: &str) -> Vec<News> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let result = running.store(&mut self.workspace.store);
        let result =
            result.and_then(|()| Ok(self.workspace.store.save_draft(running.id(), slot, text)?));
        running.backlog.told_of(result)
    }

    /// Stores the draft in a text field of a session, which may be over.
    pub(super) fn draft_field(
        &mut self,
        session: &SessionId,
        field: &TextField,
        text: &str,
    ) -> Vec<News> {
        // The session is stored with its first event, which may be unsaved.
        let stored = self
            .catch_up()
            .and_then(|()| self.workspace.store.save_field_draft(session, field, text));
        stored
            .err()
            .map(|why| News::Told(format!("the text isn't saved yet: {why}")))
            .into_iter()
            .collect()
    }

    /// Opens a session and restores the drafts in its text fields.
    ///
    /// # Errors
    /// The errors of `open`, or the drafts cannot be read.
    pub fn with_drafts(
        &mut self,
        id: &SessionId,
        open: impl FnOnce(&mut Self) -> Result<Vec<News>, Refused>,
    ) -> Result<Vec<News>, Refused> {
        let drafts = match self.workspace.store.field_drafts(id) {
            // A session that has just begun is stored with its first event.
            Err(StoreError::NoSession { .. }) => BTreeMap::new(),
            drafts => drafts?,
        };
        let mut news = open(self)?;
        if !drafts.is_empty() {
            // The drafts come first, because the screens that open continue with them.
            news.insert(0, News::FieldDrafts(id.clone(), drafts));
        }
        Ok(news)
    }

    /// Stores the unsaved events before the session is left; in another file if the history's file is lost.
    ///
    /// # Errors
    /// [`Refused::Rescued`] with the other file, or [`Refused::NotRescued`] with both reasons.
    pub fn store_rest(&mut self) -> Result<(), Refused> {
        // There is no later try: wait for another program as long as a command does.
        self.workspace.store.set_patience(crate::store::PATIENCE);
        let stored = self.catch_up();
        let Err(lost) = self.workspace.store.check_file().and(stored) else {
            return Ok(());
        };
        if self.running.is_none() && self.meeting.is_none() {
            return Err(lost.into());
        }
        Err(match self.rescue() {
            Ok(path) => Refused::Rescued { lost, path },
            Err(why) => Refused::NotRescued { lost, why },
        })
    }

    /// Retries storing the unsaved events.
    pub(super) fn save_again(&mut self) -> Vec<News> {
        let mut news = Vec::new();
        if let Some(running) = &mut self.running {
            let result = running.store(&mut self.workspace.store);
            news.extend(running.backlog.told_of(result));
        }
        news.extend(self.save_meeting_again());
        news
    }

    /// Saves the content of the lost history and the running session to a new file beside it, and continues there.
    ///
    /// # Errors
    /// The new file cannot be written; the session stays in memory.
    pub(super) fn rescue(&mut self) -> Result<PathBuf, StoreError> {
        let old = &self.workspace.store;
        let path = old.rescue_path();
        let mut store = old.rescue(&path)?;
        if let Some(running) = &mut self.running {
            running
                .backlog
                .move_to(&mut store)
                .map_err(|Unstored(why)| why)?;
            running.store(&mut store).map_err(|Unstored(why)| why)?;
        }
        self.move_meeting_to(&mut store)?;
        self.workspace.store = store;
        Ok(path)
    }

    pub(super) fn news_of_rescue(&mut self) -> Vec<News> {
        match self.rescue() {
            Ok(path) => vec![
                News::Saved,
                News::Told(format!("saved to {}", path.display())),
            ],
            Err(why) => vec![News::Unsaved(why.to_string())],
        }
    }

    /// Reports once that the history's file was replaced, moved or deleted.
    pub(super) fn notice_loss(&mut self) -> Option<News> {
        let lost = self.workspace.store.check_file().err()?;
        if std::mem::replace(&mut self.is_loss_told, true) {
            return None;
        }
        let path = self.workspace.store.rescue_path().display().to_string();
        Some(News::Lost {
            why: lost.to_string(),
            path,
        })
    }

    pub(super) fn catch_up(&mut self) -> Result<(), StoreError> {
        self.catch_up_meeting()?;
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        running
            .store(&mut self.workspace.store)
            .map_err(|Unstored(why)| why)
    }

    /// Stores the result of the running session, and closes the session once all of it is stored.
    pub(super) fn keep_result(&mut self, result: Scored, reviews: Vec<Reviewed>) -> Vec<News> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        running.result = Some((result, reviews));
        self.let_go()
    }

    /// Closes the running session once all of it is stored.
    pub(super) fn let_go(&mut self) -> Vec<News> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let stored = running.store(&mut self.workspace.store);
        let is_stored = stored.is_ok();
        let news = running.backlog.told_of(stored);
        if is_stored {
            self.running = None;
        }
        news
    }

    /// Resumes the session `id` from its log and claims it for this process.
    ///
    /// # Errors
    /// Another process has claimed it, it is over, or it cannot be read back.
    pub fn resume(&mut self, id: &SessionId) -> Result<Started, Refused> {
        let claim = self.workspace.store.claim(id)?;
        let stored = self.workspace.stored(id)?;
        if stored.state != State::Open {
            return Err(StoreError::Closed {
                session: id.clone(),
                state: stored.state.word(),
            }
            .into());
        }
        let (mut session, _) = self.workspace.session_back(&stored.start)?;
        let growth = GrowingSession::resume(&self.workspace, &stored.start, &session)?;
        self.running = Some(Running::new(
            Backlog::resume(&self.workspace, id.clone(), claim)?,
            growth,
        ));
        let mut notice = None;
        if let Some(last) = self.workspace.store.last_wall_ms(id)?
            && let Ok(away) = u64::try_from(self.workspace.wall_ms().saturating_sub(last))
            && away > 0
        {
            let gap = Stamped {
                at: session.at(),
                event: Event::Gap {
                    length: Millis(away),
                },
            };
            if session.apply(&gap).is_ok() {
                notice = unsaved(self.save(gap));
            }
        }
        let drafts = self.workspace.store.drafts(id)?;
        Ok(Started {
            id: id.clone(),
            session,
            drafts,
            notice,
        })
    }

    /// Finishes an unfinished session with the answers given so far.
    ///
    /// # Errors
    /// The errors of [`Shell::resume`].
    pub fn finish_open(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        let Started {
            mut session,
            drafts,
            ..
        } = self.resume(id)?;
        let mut news = Vec::new();
        let mut last = Vec::new();
        for (slot, text) in drafts {
            let Some(question) = session.questions.get(slot) else {
                continue;
            };
            last.push(session.answering(slot, Answer::typed(question, text)));
        }
        last.push(Event::Finished);
        for event in last {
            let stamped = Stamped {
                at: session.at(),
                event,
            };
            if session.apply(&stamped).is_ok() {
                news.extend(self.save(stamped));
            }
        }
        news.extend(self.score_running(session));
        Ok(news)
    }

    /// Discards a session; it can be restored for 30 days.
    ///
    /// # Errors
    /// The errors of [`Shell::resume`].
    pub fn discard(&mut self, id: &SessionId) -> Result<(), Refused> {
        let claim = self.workspace.store.claim(id)?;
        let wall_ms = self.workspace.wall_ms();
        self.workspace.store.discard(id, wall_ms)?;
        drop(claim);
        Ok(())
    }
}
