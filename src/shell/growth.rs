//! How the running session grows: what it chooses its next question with.

use super::adaptive::Adaptive;
use super::practice::Practice;
use super::start::entropy;
use super::{Refused, Shell};
use crate::core::form::{Code, Item, Planned, SEEDS, freeze};
use crate::core::id::{DeckId, Fingerprint, QuestionId};
use crate::core::question::{Question, Row};
use crate::deck::load::LoadedDeck;
use crate::session::{Draw, Mode, Session};

pub(super) enum Growth {
    /// By the answers before it.
    Adaptive(Adaptive),
    /// By the queue of practice.
    Practice(Practice),
}

/// What the history keeps of a question that was added.
pub(super) type Source = (Fingerprint, DeckId, QuestionId, String);

impl Growth {
    /// The growth of a session that is resumed, from the `setup` kept with it; `None` where it does not grow.
    pub fn again(shell: &Shell, setup: &str, session: &Session) -> Result<Option<Self>, Refused> {
        Ok(match session.mode {
            _ if !session.grows() => None,
            Mode::Practise => Some(Growth::Practice(shell.practice_again(setup, session)?)),
            _ => Some(Growth::Adaptive(shell.adaptive_again(setup, session)?)),
        })
    }

    fn draw(&mut self, shell: &Shell, session: &Session) -> (Draw, Option<Source>) {
        match self {
            Growth::Adaptive(adaptive) => adaptive.draw(&shell.library, session),
            Growth::Practice(practice) => practice.draw(&shell.library, session),
        }
    }
}

impl Shell {
    /// Chooses what comes after the last question of the running session.
    pub fn draw(&mut self, session: &Session) -> Option<Draw> {
        self.grow(|growth, shell| Some(growth.draw(shell, session)))
    }

    /// The question that the person wants next, in practice; `None` if it cannot be read.
    pub fn ask(&mut self, session: &Session, deck: &DeckId, question: &QuestionId) -> Option<Draw> {
        self.grow(|growth, shell| match growth {
            Growth::Practice(practice) => practice.ask(&shell.library, session, deck, question),
            Growth::Adaptive(_) => None,
        })
    }

    fn grow(&mut self, choose: impl FnOnce(&mut Growth, &Shell) -> Option<(Draw, Option<Source>)>) -> Option<Draw> {
        let mut growth = self.running.as_mut()?.growth.take()?;
        let drawn = choose(&mut growth, self);
        let running = self.running.as_mut()?;
        running.growth = Some(growth);
        let (draw, source) = drawn?;
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
