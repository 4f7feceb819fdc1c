//! The session under way, between the interface and the store. What cannot be
//! stored waits in memory, in order, and is tried again with every event.

use super::Shell;
use super::growth::{Growth, Source};
use super::start::{Refused, session_back};
use crate::core::id::{DeckId, Fingerprint, QuestionId, SessionId};
use crate::core::response::Answer;
use crate::core::time::Millis;
use crate::session::{Earlier, Event, Stamped};
use crate::store::{Claim, Logged, NewSession, Reviewed, Scored, State, Store, StoreError};
use crate::tui::effect::{News, Started};

pub struct Running {
    id: SessionId,
    _claim: Claim,
    /// Events of the log that are stored.
    stored: u32,
    waiting: Vec<Logged>,
    /// What chooses the next question, where the session grows.
    pub(super) growth: Option<Growth>,
    /// The texts of questions that were added, while they could not be stored.
    pub(super) sources: Vec<Source>,
    /// The start itself, until it is stored.
    start: Option<Box<(NewSession, Vec<String>)>>,
    /// The result of a session that has just been finished, while it could not be stored.
    result: Option<(Scored, Vec<Reviewed>)>,
    failed: bool,
}

/// Why events wait.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unstored(#[from] pub(super) StoreError);

impl Running {
    /// The start and what is `waiting` are stored with the first event after them: a session of which nothing was shown
    /// leaves no trace.
    ///
    /// # Errors
    /// Another process has the session.
    pub fn begin(
        store: &Store,
        start: NewSession,
        sources: Vec<String>,
        waiting: Vec<Logged>,
        growth: Option<Growth>,
    ) -> Result<Self, StoreError> {
        let id = start.id.clone();
        let claim = store.claim(&id)?;
        let start = Some(Box::new((start, sources)));
        Ok(Self { start, growth, waiting, ..Self::of(id, claim, 0) })
    }

    /// A session with so many stored events, and nothing that waits.
    fn of(id: SessionId, claim: Claim, stored: u32) -> Self {
        Self {
            id,
            _claim: claim,
            stored,
            waiting: Vec::new(),
            growth: None,
            sources: Vec::new(),
            start: None,
            result: None,
            failed: false,
        }
    }

    pub fn id(&self) -> &SessionId {
        &self.id
    }

    /// The answers that the session continues.
    pub fn earlier(&self) -> Earlier {
        match &self.growth {
            Some(Growth::Adaptive(adaptive)) => adaptive.earlier().clone(),
            _ => Earlier::default(),
        }
    }

    /// Stores everything that waits.
    fn store(&mut self, store: &mut Store) -> Result<(), Unstored> {
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
        if let Some((result, reviews)) = &self.result {
            store.put_result(&self.id, result, reviews)?;
            self.result = None;
        }
        Ok(())
    }
}

impl Shell {
    /// The event as it is kept: when it was, and what else the store cannot know of it.
    pub(super) fn logged(&self, stamped: Stamped) -> Logged {
        let wall_ms = self.wall_ms();
        let score = match stamped.event {
            Event::Graded { slot, .. } => self.score_at(slot),
            _ => None,
        };
        Logged { wall_ms, day: super::home::day_of(wall_ms), stamped, score }
    }

    /// Stores an event of the running session, with all that waited before it.
    pub fn save(&mut self, stamped: Stamped) -> Vec<News> {
        let logged = self.logged(stamped);
        let Some(running) = &mut self.running else { return Vec::new() };
        running.waiting.push(logged);
        let result = running.store(&mut self.store);
        self.told_of(result)
    }

    pub fn draft(&mut self, slot: usize, text: &str) -> Vec<News> {
        let Some(running) = &mut self.running else { return Vec::new() };
        let result = running.store(&mut self.store);
        let result = result.and_then(|()| Ok(self.store.save_draft(&running.id, slot, text)?));
        self.told_of(result)
    }

    /// Stores what still waits, before the session is left.
    ///
    /// # Errors
    /// A sentence that says what is lost, and why.
    pub fn store_rest(&mut self) -> Result<(), String> {
        self.catch_up().map_err(|why| format!("the last answers could not be saved: {why}"))
    }

    pub(super) fn catch_up(&mut self) -> Result<(), StoreError> {
        self.catch_up_meeting()?;
        let Some(running) = &mut self.running else { return Ok(()) };
        running.store(&mut self.store).map_err(|Unstored(why)| why)
    }

    /// Keeps the result of the running session, and lets go of the session as soon as all of it is stored.
    pub(super) fn keep_result(&mut self, result: Scored, reviews: Vec<Reviewed>) -> Vec<News> {
        let Some(running) = &mut self.running else { return Vec::new() };
        running.result = Some((result, reviews));
        self.let_go()
    }

    /// Lets go of the running session as soon as all of it is stored.
    pub(super) fn let_go(&mut self) -> Vec<News> {
        let Some(running) = &mut self.running else { return Vec::new() };
        let stored = running.store(&mut self.store);
        let is_stored = stored.is_ok();
        let news = self.told_of(stored);
        if is_stored {
            self.running = None;
        }
        news
    }

    /// Says when storing begins to fail, and when it works again.
    fn told_of(&mut self, result: Result<(), Unstored>) -> Vec<News> {
        let Some(running) = &mut self.running else { return Vec::new() };
        match result {
            Ok(()) if running.failed => {
                running.failed = false;
                vec![News::Saved]
            }
            Ok(()) => Vec::new(),
            Err(why) => {
                running.failed = true;
                vec![News::Unsaved(why.to_string())]
            }
        }
    }

    /// The session of `id` as its log has it, claimed for this process.
    ///
    /// # Errors
    /// It is claimed by another process, is over, or cannot be read back.
    pub fn resume(&mut self, id: &SessionId) -> Result<Started, Refused> {
        let claim = self.store.claim(id)?;
        let stored = self.store.load(id)?.ok_or_else(|| StoreError::NoSession { session: id.clone() })?;
        if stored.state != State::Open {
            return Err(StoreError::Closed { session: id.clone(), state: stored.state.word() }.into());
        }
        let setup = stored.start.setup.clone();
        let (mut session, count) = session_back(self, stored.start)?;
        let growth = Growth::again(self, &setup, &session)?;
        self.running = Some(Running { growth, ..Running::of(id.clone(), claim, count) });
        let mut notice = None;
        if let Some(last) = self.store.last_wall_ms(id)?
            && let Ok(away) = u64::try_from(self.wall_ms().saturating_sub(last))
            && away > 0
        {
            let gap = Stamped { at: session.at(), event: Event::Gap { length: Millis(away) } };
            if session.apply(&gap).is_ok() {
                notice = self.save(gap).into_iter().find_map(|news| match news {
                    News::Unsaved(why) => Some(why),
                    _ => None,
                });
            }
        }
        let drafts = self.store.drafts(id)?;
        Ok(Started { id: id.clone(), session, drafts, notice })
    }

    /// Ends a session that was left, with what was answered.
    ///
    /// # Errors
    /// As [`Shell::resume`].
    pub fn finish_open(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        let Started { mut session, drafts, .. } = self.resume(id)?;
        let mut news = Vec::new();
        let mut last = Vec::new();
        for (slot, text) in drafts {
            let Some(question) = session.questions.get(slot) else { continue };
            last.push(Event::Answered { slot, answer: Answer::typed(question, text) });
        }
        last.push(Event::Finished);
        for event in last {
            let stamped = Stamped { at: session.at(), event };
            if session.apply(&stamped).is_ok() {
                news.extend(self.save(stamped));
            }
        }
        news.extend(self.score_running(session));
        Ok(news)
    }

    /// Gives a session up for good.
    ///
    /// # Errors
    /// As [`Shell::resume`].
    pub fn discard(&mut self, id: &SessionId) -> Result<Vec<News>, Refused> {
        let claim = self.store.claim(id)?;
        let wall_ms = self.wall_ms();
        self.store.discard(id, wall_ms)?;
        drop(claim);
        Ok(Vec::new())
    }
}
