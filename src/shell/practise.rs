//! A practice session: the queue as a form.

use std::collections::BTreeMap;

use super::Shell;
use super::running::Running;
use super::start::{Refused, entropy, new_id, questions_of};
use crate::core::form::{Code, Form, Planned, SEEDS, freeze};
use crate::core::practice::Drill;
use crate::core::question::Row;
use crate::core::time::Limit;
use crate::session::{Mode, Session};
use crate::store::NewSession;
use crate::tui::effect::Started;

impl Shell {
    /// Begins to practise what [`Shell::queue`] has.
    ///
    /// # Errors
    /// There is nothing to practise, or what the store says.
    pub fn practise(&mut self, drill: &Drill, minutes: u32) -> Result<Started, Refused> {
        let queue = self.queue(drill, minutes)?;
        let exposures = self.store.exposures(self.person)?;
        let place = |queued: &crate::core::practice::Queued| {
            let d = self.library.decks.iter().position(|loaded| loaded.deck.id == queued.deck)?;
            Some((d, self.library.decks[d].deck.entries.iter().position(|entry| entry.id == queued.question)?))
        };
        let places: Vec<(usize, usize)> = queue.iter().filter_map(place).collect();
        let questions = questions_of(&self.library, &places).map_err(|broken| Refused::Broken(broken.len()))?;
        let rows: Vec<Vec<Row>> = queue
            .iter()
            .map(|q| exposures.get(&(q.deck.clone(), q.question.clone())))
            .map(|seen| seen.map(|x| x.rows.iter().copied().collect()).unwrap_or_default())
            .collect();
        let planned: Vec<Planned> = places
            .iter()
            .zip(&questions)
            .zip(&rows)
            .map(|(((d, _), question), rows_seen)| {
                let deck = &self.library.decks[*d].deck;
                Planned { deck: &deck.id, competency: &deck.competency, question, fresh: false, rows_seen }
            })
            .collect();
        let items = freeze(Code::new(entropy() % SEEDS, 1, 0, 0, 0), &planned).items;
        let form = Form { code: String::new(), items, growing: None };
        let sources = places.iter().map(|(d, e)| self.library.decks[*d].source_of(*e).unwrap_or_default()).collect();
        let (wall, multiplier) = (self.wall_ms(), self.settings.time_multiplier);
        let id = new_id(wall);
        let session = Session::new(form.clone(), questions.into(), Limit::Untimed, multiplier).in_mode(Mode::Practise);
        let start = NewSession {
            id: id.clone(),
            person: self.person,
            mode: Mode::Practise,
            started_at: wall,
            form,
            limit: Limit::Untimed,
            multiplier,
            setup: String::new(),
        };
        self.running = Some(Running::begin(&self.store, start, sources, Vec::new(), None)?);
        Ok(Started { id, session, drafts: BTreeMap::new(), notice: None })
    }
}
