//! What to practise: the questions of a drill, in the order in which they are asked.

use std::collections::HashSet;

use super::Shell;
use super::start::{Refused, session_back};
use crate::core::deck::Entry;
use crate::core::id::{DeckId, QuestionId};
use crate::core::practice::{Drill, Queued, Why};
use crate::core::question::Kind;
use crate::core::response::Confidence;
use crate::session::{Mode, Session};
use crate::store::State;

/// Sessions back in time that drills look at.
const SESSIONS: u32 = 50;

impl Shell {
    /// The questions to practise, as many as there is time for.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn queue(&self, drill: &Drill, minutes: u32) -> Result<Vec<Queued>, Refused> {
        let chosen = |(deck, question)| Queued { deck, question, why: Why::Chosen };
        Ok(match drill {
            Drill::Daily => self.fitting(self.by_blueprint(minutes, &[])?, minutes),
            // Whoever names questions wants them all.
            Drill::These(these) => these.iter().filter(|id| self.is_there(id)).cloned().map(chosen).collect(),
            Drill::Competency(id) => {
                let of_it = self.of(|competency, _| competency == id.as_str())?;
                self.fitting(of_it.into_iter().map(chosen).collect(), minutes)
            }
            Drill::Facet(id) => {
                let of_it = self.of(|_, entry| entry.facet == *id)?;
                self.fitting(of_it.into_iter().map(chosen).collect(), minutes)
            }
            Drill::Wrong => self.remembered(|session, slot| !session.is_right(slot), Why::Chosen)?,
            Drill::Flagged => self.remembered(|session, slot| session.sheet(slot).flagged, Why::Chosen)?,
            Drill::SureAndWrong => self.remembered(
                |session, slot| {
                    session.outcome(slot).is_wrong() && session.sheet(slot).confidence == Some(Confidence::Sure)
                },
                Why::SureAndWrong,
            )?,
        })
    }

    fn is_there(&self, (deck, question): &(DeckId, QuestionId)) -> bool {
        let entries = self.library.deck(deck).map(|loaded| loaded.deck.entries.as_slice()).unwrap_or_default();
        entries.iter().any(|entry| entry.id == *question)
    }

    /// Questions of a competency or an entry that `is_wanted`, the least often and longest ago seen first.
    fn of(&self, is_wanted: impl Fn(&str, &Entry) -> bool) -> Result<Vec<(DeckId, QuestionId)>, Refused> {
        let exposures = self.store.exposures(self.person)?;
        let mut found = Vec::new();
        for d in self.decks_in_order(&[]) {
            let deck = &self.library.decks[d].deck;
            let entries = deck.entries.iter().filter(|entry| is_wanted(deck.competency.as_str(), entry));
            for entry in entries.filter(|entry| entry.kind != Kind::Open) {
                let id = (deck.id.clone(), entry.id.clone());
                let seen = exposures.get(&id).map_or((0, 0), |exposure| (exposure.times, exposure.last_wall_ms));
                found.push((seen, id));
            }
        }
        found.sort_by_key(|(seen, _)| *seen);
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Questions whose last answer in the last sessions `is_wanted`, the newest first.
    fn remembered(&self, is_wanted: impl Fn(&Session, usize) -> bool, why: Why) -> Result<Vec<Queued>, Refused> {
        let mut listed = self.store.list(self.person, Mode::Assess, None, SESSIONS)?;
        listed.extend(self.store.list(self.person, Mode::Practise, None, SESSIONS)?);
        listed.retain(|session| session.state == State::Finished);
        listed.sort_by(|a, b| b.id.cmp(&a.id));
        let (mut met, mut queue) = (HashSet::new(), Vec::new());
        for listed in listed {
            let Some(stored) = self.store.load(&listed.id)? else { continue };
            let (session, _) = session_back(self, stored.start)?;
            for slot in (0..session.len()).rev().filter(|slot| session.sheet(*slot).shown) {
                let item = session.item(slot);
                let id = (item.deck.clone(), item.question.clone());
                let is_newest = met.insert(id.clone());
                if is_newest && is_wanted(&session, slot) && self.is_there(&id) {
                    queue.push(Queued { deck: id.0, question: id.1, why });
                }
            }
        }
        Ok(queue)
    }
}
