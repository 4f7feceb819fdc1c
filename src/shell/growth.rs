//! The state that chooses the next question of the running session.

use super::adaptive::Adaptive;
use super::practice::Practice;
use super::start::entropy;
use super::{Refused, Shell, Workspace};
use crate::core::form::{BankId, Code, Item, Planned, SEEDS, freeze};
use crate::core::id::{DeckId, Fingerprint, QuestionId};
use crate::core::question::{Question, Row};
use crate::deck::load::LoadedDeck;
use crate::session::{Draw, Mode, Session};
use crate::store::NewSession;

/// How the next questions of the running session are chosen.
pub(super) enum GrowingSession {
    /// Chosen by the answers so far.
    Adaptive(Adaptive),
    /// Taken from the practice queue.
    Practice(Practice),
}

/// The data that the history stores for an added question.
pub(super) type Source = (Fingerprint, DeckId, QuestionId, String);

impl GrowingSession {
    /// Rebuilds the state of a resumed session; returns `None` for a fixed form.
    ///
    /// # Errors
    /// The stored setup cannot be read, or the store fails.
    pub fn resume(
        workspace: &Workspace,
        start: &NewSession,
        session: &Session,
    ) -> Result<Option<Self>, Refused> {
        Ok(match session.mode {
            _ if !session.grows() => None,
            Mode::Practise => Some(GrowingSession::Practice(
                workspace.resume_practice(start, session)?,
            )),
            _ => Some(GrowingSession::Adaptive(
                workspace.resume_adaptive(start, session)?,
            )),
        })
    }
}

impl Shell {
    /// Chooses the next step after the last question of the running session.
    pub fn draw(&mut self, session: &Session) -> Option<Draw> {
        let library = &self.workspace.library;
        let running = self.running.as_mut()?;
        let (draw, source) = match running.growth.as_mut()? {
            GrowingSession::Adaptive(adaptive) => adaptive.draw(library, session),
            GrowingSession::Practice(practice) => practice.draw(library, session),
        };
        running.backlog.push_source(source);
        Some(draw)
    }

    /// Freezes a question that the person selected in practice; returns `None` if it cannot be read.
    pub fn ask(&mut self, session: &Session, deck: &DeckId, question: &QuestionId) -> Option<Draw> {
        let running = self.running.as_mut()?;
        let GrowingSession::Practice(practice) = running.growth.as_ref()? else {
            return None;
        };
        let (draw, source) = practice.ask(&self.workspace.library, session, deck, question)?;
        running.backlog.push_source(source);
        Some(draw)
    }
}

/// A question as written in its deck.
pub(super) struct Picked<'a> {
    pub loaded: &'a LoadedDeck,
    pub question: Question,
    pub text: String,
}

impl<'a> Picked<'a> {
    /// Reads the question; returns `None` if its file was changed since the decks were loaded.
    pub fn read(loaded: &'a LoadedDeck, entry: usize) -> Option<Self> {
        let question = loaded.question(entry).ok()?;
        let text = loaded.source_of(entry).ok()?;
        Some(Self {
            loaded,
            question,
            text,
        })
    }

    /// Freezes the question with a seed, with parameters that are not in `avoid`.
    pub fn freeze(self, seed: u64, fresh: bool, avoid: &[Row]) -> Option<(Item, Question, Source)> {
        let Self {
            loaded,
            question,
            text,
        } = self;
        let deck = &loaded.deck;
        let (id, competency) = (&deck.id, &deck.competency);
        let planned = [Planned {
            deck: id,
            competency,
            question: &question,
            fresh,
            rows_seen: avoid,
        }];
        let item = freeze(Code::new(seed, 1, 0, 0, BankId::default()), &planned)
            .items
            .pop()?;
        let source = (item.fingerprint, id.clone(), question.id.clone(), text);
        Some((item.clone(), item.concrete(question), source))
    }
}

/// Returns a random seed from the operating system.
pub(super) fn any_seed() -> u64 {
    entropy() % SEEDS
}
