//! How the running session grows: what it chooses its next question with.

use super::adaptive::Adaptive;
use super::practice::Practice;
use super::start::entropy;
use super::{Refused, Shell, Workspace};
use crate::core::form::{Code, Item, Planned, SEEDS, freeze};
use crate::core::id::{DeckId, Fingerprint, QuestionId};
use crate::core::question::{Question, Row};
use crate::deck::load::LoadedDeck;
use crate::session::{Draw, Mode, Session};
use crate::store::NewSession;

pub(super) enum Growth {
    /// By the answers before it.
    Adaptive(Adaptive),
    /// By the queue of practice.
    Practice(Practice),
}

/// What the history keeps of a question that was added.
pub(super) type Source = (Fingerprint, DeckId, QuestionId, String);

impl Growth {
    /// Rebuilds the growth of a session that is resumed; `None` if the session does not grow.
    ///
    /// # Errors
    /// What it was started with cannot be read, or a failure of the store.
    pub fn again(workspace: &Workspace, start: &NewSession, session: &Session) -> Result<Option<Self>, Refused> {
        Ok(match session.mode {
            _ if !session.grows() => None,
            Mode::Practise => Some(Growth::Practice(workspace.practice_again(start, session)?)),
            _ => Some(Growth::Adaptive(workspace.adaptive_again(start, session)?)),
        })
    }
}

impl Shell {
    /// Chooses what comes after the last question of the running session.
    pub fn draw(&mut self, session: &Session) -> Option<Draw> {
        let library = &self.workspace.library;
        let running = self.running.as_mut()?;
        let (draw, source) = match running.growth.as_mut()? {
            Growth::Adaptive(adaptive) => adaptive.draw(library, session),
            Growth::Practice(practice) => practice.draw(library, session),
        };
        running.backlog.push_source(source);
        Some(draw)
    }

    /// Freezes the question that the person wants next, in practice; `None` if it cannot be read.
    pub fn ask(&mut self, session: &Session, deck: &DeckId, question: &QuestionId) -> Option<Draw> {
        let running = self.running.as_mut()?;
        let Growth::Practice(practice) = running.growth.as_ref()? else { return None };
        let (draw, source) = practice.ask(&self.workspace.library, session, deck, question)?;
        running.backlog.push_source(source);
        Some(draw)
    }
}

/// A question as it stands in its deck.
pub(super) struct Picked<'a> {
    pub loaded: &'a LoadedDeck,
    pub question: Question,
    pub text: String,
}

impl<'a> Picked<'a> {
    /// `None` if it cannot be read: its file was changed since the decks were loaded.
    pub fn read(loaded: &'a LoadedDeck, entry: usize) -> Option<Self> {
        let question = loaded.question(entry).ok()?;
        let text = loaded.source_of(entry).ok()?;
        Some(Self { loaded, question, text })
    }

    /// Frozen by a seed, with a row of parameters that is none of `avoid`.
    pub fn freeze(self, seed: u64, fresh: bool, avoid: &[Row]) -> Option<(Item, Question, Source)> {
        let Self { loaded, question, text } = self;
        let deck = &loaded.deck;
        let (id, competency) = (&deck.id, &deck.competency);
        let planned = [Planned { deck: id, competency, question: &question, fresh, rows_seen: avoid }];
        let item = freeze(Code::new(seed, 1, 0, 0, 0), &planned).items.pop()?;
        let source = (item.fingerprint, id.clone(), question.id.clone(), text);
        Some((item, question, source))
    }
}

/// A seed that the operating system gives.
pub(super) fn any_seed() -> u64 {
    entropy() % SEEDS
}
