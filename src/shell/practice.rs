//! Practice sessions: questions from the queue, and the context shown beside the feedback.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::bank::Bank;
use super::growth::{GrowingSession, Picked, Source, any_seed};
use super::home::day_of;
use super::queue::ahead;
use super::replay::read_setup;
use super::start::{Exposures, NewForm};
use super::{Refused, Workspace};
use crate::app::effect::{FacetQuestion, QuestionContext, Remark};
use crate::core::form::{Form, Growing, Item, SEEDS};
use crate::core::id::{DeckId, QuestionId, SessionId};
use crate::core::practice::{Drill, QueueReason, Queued};
use crate::core::question::Row;
use crate::core::rng::Stream;
use crate::core::time::{Limit, Multiplier};
use crate::deck::load::Library;
use crate::session::{Conclusion, Draw, Mode, PracticeQueue, Session, rows_to_avoid};
use crate::store::NewSession;

/// The maximum number of questions of a facet that are listed.
const LISTED: usize = 200;

/// The setup of the practice session, stored with it.
#[derive(Serialize, Deserialize)]
struct StoredPractice {
    queue: Vec<Queued>,
}

/// The state that chooses the questions of a practice session.
pub(super) struct Practice {
    queue: PracticeQueue,
    seed: u64,
    /// The questions shown to the person before this session was started or resumed.
    exposures: Exposures,
}

impl Practice {
    /// Draws the next step, with the source text if it is a question.
    pub fn draw(&mut self, library: &Library, session: &Session) -> (Draw, Option<Source>) {
        while let Some(Queued {
            deck,
            question,
            why,
        }) = self.queue.next(session)
        {
            match self.frozen(library, session, &deck, &question, why) {
                Some((draw, source)) => return (draw, Some(source)),
                None => self.queue.exclude(&deck, &question),
            }
        }
        (Draw::Conclude(Conclusion::Exhausted), None)
    }

    /// Freezes a question that the person selected.
    pub fn ask(
        &self,
        library: &Library,
        session: &Session,
        deck: &DeckId,
        question: &QuestionId,
    ) -> Option<(Draw, Option<Source>)> {
        let why = self.queue.why(deck, question, session);
        let (draw, source) = self.frozen(library, session, deck, question, why)?;
        Some((draw, Some(source)))
    }

    fn frozen(
        &self,
        library: &Library,
        session: &Session,
        deck: &DeckId,
        question: &QuestionId,
        why: QueueReason,
    ) -> Option<(Draw, Source)> {
        let loaded = library.deck(deck)?;
        let entry = loaded
            .deck
            .entries
            .iter()
            .position(|entry| entry.id == *question)?;
        let picked = Picked::read(loaded, entry)?;
        let exposure = self.exposures.get(&(deck.clone(), question.clone()));
        let seen: BTreeSet<Row> = exposure
            .map(|exposure| exposure.rows.clone())
            .unwrap_or_default();
        let avoid = match picked.question.rows() {
            1 => Vec::new(),
            rows => rows_to_avoid(session, (deck, question), rows, &seen),
        };
        let is_asked = session
            .form
            .items
            .iter()
            .any(|item| item.question == *question && item.deck == *deck);
        // The seed depends on the position, so that a repeated question shows its options in another order.
        let seed = Stream::new(self.seed, &format!("practice {}", session.len())).below(SEEDS);
        let (item, question, source) =
            picked.freeze(seed, exposure.is_none() && !is_asked, &avoid)?;
        let item = Item {
            why: Some(why),
            ..item
        };
        Some((Draw::Next(Box::new(item), Box::new(question)), source))
    }
}

impl Workspace {
    /// Fills the queue of a practice session and draws its first question.
    ///
    /// # Errors
    /// There is nothing to practise, or a failure of the store.
    pub(super) fn first_to_practise(
        &self,
        drill: &Drill,
        minutes: u32,
        decks: &[DeckId],
    ) -> Result<NewForm, Refused> {
        let queue = self.queue(drill, minutes, decks)?;
        let growing = Growing {
            budget: queue.len(),
            seed: any_seed(),
            deepens: false,
        };
        let form = Form {
            code: String::new(),
            items: Vec::new(),
            growing: Some(growing),
        };
        let empty =
            Session::new(form, [].into(), Limit::Untimed, Multiplier::ONE).in_mode(Mode::Practise);
        let kept = StoredPractice { queue };
        let setup = serde_json::to_string(&kept).unwrap_or_default();
        let mut practice = self.practice(kept.queue, &empty)?;
        let (Draw::Next(item, question), Some((.., text))) = practice.draw(&self.library, &empty)
        else {
            return Err(Refused::NothingToPractise);
        };
        Ok(NewForm {
            seconds: u64::from(item.seconds),
            form: Form {
                items: vec![*item],
                ..empty.form
            },
            questions: vec![*question],
            sources: vec![text],
            notice: None,
            growth: Some(GrowingSession::Practice(practice)),
            setup,
        })
    }

    /// Rebuilds the state of a resumed practice session.
    pub(super) fn resume_practice(
        &self,
        start: &NewSession,
        session: &Session,
    ) -> Result<Practice, Refused> {
        let StoredPractice { queue } = read_setup(start)?;
        self.practice(queue, session)
    }

    fn practice(&self, queue: Vec<Queued>, session: &Session) -> Result<Practice, Refused> {
        let mut families = HashMap::new();
        for Queued { deck, question, .. } in &queue {
            let entries = self
                .library
                .deck(deck)
                .map(|loaded| loaded.deck.entries.as_slice())
                .unwrap_or_default();
            let entry = entries.iter().find(|entry| entry.id == *question);
            if let Some(family) = entry.and_then(|entry| entry.family.as_deref()) {
                families.insert((deck.clone(), question.clone()), family.to_owned());
            }
        }
        let seed = session.form.growing.map_or(0, |growing| growing.seed);
        Ok(Practice {
            queue: PracticeQueue::new(queue, families),
            seed,
            exposures: self.store.exposures(self.person)?,
        })
    }

    /// Returns the context shown beside the feedback on a question of the `running` session.
    pub(super) fn question_context(
        &self,
        running: Option<&SessionId>,
        slot: usize,
        item: &Item,
    ) -> QuestionContext {
        let points = self.library.outline.points_of(&item.competency).iter();
        let points = points
            .filter(|point| point.facet == item.facet)
            .map(|point| (point.id.clone(), point.clone()));
        let memory = self
            .store
            .memory(self.person, &item.deck, &item.question)
            .ok()
            .flatten();
        let returns = memory.map(|(_, due)| ahead(due, self.today()));
        let notes = running.and_then(|running| self.earlier_note(running, item));
        let suspended = self.store.suspended(self.person).unwrap_or_default();
        let suspended = suspended.contains(&(item.deck.clone(), item.question.clone()));
        QuestionContext {
            slot,
            points: points.collect(),
            notes: notes.into_iter().collect(),
            returns,
            suspended,
        }
    }

    /// Finds the person's note on a question in a session before the `running` one.
    fn earlier_note(&self, running: &SessionId, item: &Item) -> Option<Remark> {
        let note = self
            .store
            .earlier_note(self.person, &item.deck, &item.question, running)
            .ok()??;
        Some(Remark {
            day: day_of(note.wall_ms).short(),
            text: note.text,
        })
    }

    /// Returns the other questions of a facet, in the order of their decks. Unseen ones stay unseen: they are counted by
    /// level, and the first one represents them.
    ///
    /// Questions reserved for an assessment are excluded.
    pub(super) fn others(&self, of: &Item) -> Vec<FacetQuestion> {
        let bank = Bank::of(self, &[]);
        // If it is unknown what was seen, no text is shown.
        let seen = bank.seen().unwrap_or_default();
        let (mut others, mut unseen) = (Vec::new(), Vec::<FacetQuestion>::new());
        for d in self.decks_in_order(&[]) {
            let loaded = &self.library.decks[d];
            for (i, entry) in loaded.deck.entries.iter().enumerate() {
                let is_other = entry.facet == of.facet
                    && (entry.id != of.question || loaded.deck.id != of.deck);
                // If it is unknown which questions are reserved, none is shown.
                if !is_other || bank.is_kept((d, i)).unwrap_or(true) {
                    continue;
                }
                if others.len() == LISTED {
                    return others;
                }
                let other = FacetQuestion {
                    deck: loaded.deck.id.clone(),
                    question: entry.id.clone(),
                    level: entry.level,
                    lead_in: None,
                    count: 1,
                };
                if !seen.get(d).is_some_and(|seen| seen[i]) {
                    match unseen.iter_mut().find(|first| first.level == entry.level) {
                        Some(first) => first.count += 1,
                        None => unseen.push(other),
                    }
                    continue;
                }
                let Ok(question) = loaded.question(i) else {
                    continue;
                };
                let lead_in = Some(match question.instance() {
                    Some(example) => example.fill(&question.lead_in),
                    None => question.lead_in,
                });
                others.push(FacetQuestion { lead_in, ..other });
            }
        }
        unseen.append(&mut others);
        unseen
    }
}
