//! The choice of questions in an adaptive session.

use serde::{Deserialize, Serialize};

use super::growth::{GrowingSession, Picked, Source, any_seed};
use super::replay::read_setup;
use super::scored::sample;
use super::start::{Exposures, NewForm, StartRequest};
use super::{Refused, Workspace};
use crate::core::form::{Form, Growing, Item, LARGEST, SEEDS};
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::measure::{Curve, Parameters};
use crate::core::question::{Question, Row};
use crate::core::scoring;
use crate::core::time::{Limit, Multiplier};
use crate::deck::load::Library;
use crate::session::assessment::Bank;
use crate::session::{Chooser, Conclusion, Draw, EarlierAnswers, Offered, Session};
use crate::store::NewSession;

/// The scope of the choice, stored with the session.
#[derive(Serialize, Deserialize)]
pub(super) struct Scope {
    /// The competencies, with one bit per competency of the blueprint.
    #[serde(default = "every_competency")]
    pub competencies: u16,
    /// The decks to choose from; empty means all.
    #[serde(default)]
    pub decks: Vec<DeckId>,
    /// The assessment that the session deepens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<SessionId>,
}

impl Scope {
    /// Reads the scope that a session was started with. A fixed form has none, so it covers everything.
    ///
    /// # Errors
    /// [`Refused::Unreadable`]: guessing would score the session without the answers it continues.
    pub fn of(start: &NewSession) -> Result<Self, Refused> {
        match start.setup.as_str() {
            "" => Ok(Scope {
                competencies: every_competency(),
                decks: Vec::new(),
                continues: None,
            }),
            _ => read_setup(start),
        }
    }
}

fn every_competency() -> u16 {
    u16::MAX
}

/// The state that chooses the questions of an adaptive session.
pub(super) struct Adaptive {
    chooser: Chooser,
    seed: u64,
    /// The questions shown to the person before, with the instances of simulated ones.
    exposures: Exposures,
    /// The mean expected time of the available questions, in seconds.
    mean_seconds: f64,
    /// The number of questions to choose from.
    offered: usize,
}

impl Adaptive {
    /// Returns the answers that the session continues.
    pub fn earlier(&self) -> &EarlierAnswers {
        self.chooser.earlier()
    }

    /// Returns the competencies that a deepening would ask about now.
    pub fn open(&self, session: &Session) -> Vec<CompetencyId> {
        self.chooser.open(session).into_iter().cloned().collect()
    }

    pub fn offered(&self) -> usize {
        self.offered
    }
    /// Draws the next step, with the source text if it is a question.
    pub fn draw(&mut self, library: &Library, session: &Session) -> (Draw, Option<Source>) {
        loop {
            let offered = match self.chooser.next(session) {
                Ok(offered) => offered.clone(),
                Err(because) => return (Draw::Conclude(because), None),
            };
            let picked = library
                .deck(&offered.deck)
                .and_then(|loaded| Picked::read(loaded, offered.entry));
            let key = (offered.deck.clone(), offered.id.clone());
            let exposure = self.exposures.get(&key);
            let rows: Vec<Row> = exposure
                .map(|exposure| exposure.rows.iter().copied().collect())
                .unwrap_or_default();
            let is_new = exposure.is_none();
            match picked.and_then(|picked| picked.freeze(self.seed, is_new, &rows)) {
                Some((item, question, source)) => {
                    return (Draw::Next(Box::new(item), Box::new(question)), Some(source));
                }
                // The file was changed since the decks were loaded.
                None => self.chooser.exclude(&offered.deck, &offered.id),
            }
        }
    }
}

impl Workspace {
    /// Creates an adaptive session with its first question.
    pub(super) fn first(&self, wanted: &StartRequest) -> Result<NewForm, Refused> {
        let seed = wanted.seed.unwrap_or_else(any_seed) % SEEDS;
        let budget = wanted.size.min(LARGEST);
        let empty = Form {
            code: String::new(),
            items: Vec::new(),
            growing: Some(Growing {
                budget,
                seed,
                deepens: false,
            }),
        };
        let empty = Session::new(empty, [].into(), Limit::Untimed, Multiplier::ONE);
        let scope = Scope {
            competencies: wanted.competencies,
            decks: wanted.decks.clone(),
            continues: None,
        };
        let growth = self.adaptive(&scope, EarlierAnswers::default(), &empty)?;
        let there = growth.offered;
        let notice = (there < budget).then(|| {
            format!(
                "only {there} questions are new to you: the assessment ends after \
                              them"
            )
        });
        let beginning = self
            .grown(growth, empty, &scope)
            .map_err(|_| Refused::NothingNew)?;
        Ok(NewForm {
            notice,
            ..beginning
        })
    }

    /// Draws the first question of a session that is extended one question at a time.
    pub(super) fn grown(
        &self,
        mut growth: Adaptive,
        empty: Session,
        scope: &Scope,
    ) -> Result<NewForm, Conclusion> {
        let (item, question, text) = match growth.draw(&self.library, &empty) {
            (Draw::Next(item, question), Some((.., text))) => (item, question, text),
            (Draw::Conclude(because), _) => return Err(because),
            (Draw::Next(..), None) => return Err(Conclusion::Exhausted),
        };
        let most = empty.most().min(growth.offered);
        Ok(NewForm {
            form: Form {
                items: vec![*item],
                ..empty.form
            },
            questions: vec![*question],
            sources: vec![text],
            seconds: (growth.mean_seconds * most as f64).ceil() as u64,
            notice: None,
            growth: Some(GrowingSession::Adaptive(growth)),
            setup: serde_json::to_string(scope).unwrap_or_default(),
        })
    }

    /// Rebuilds the state of a resumed adaptive session.
    pub(super) fn resume_adaptive(
        &self,
        start: &NewSession,
        session: &Session,
    ) -> Result<Adaptive, Refused> {
        let scope = Scope::of(start)?;
        let earlier = self.earlier(&scope)?;
        self.adaptive(&scope, earlier, session)
    }

    /// Prepares the choice among the questions that are new to the person or already part of `session`.
    pub(super) fn adaptive(
        &self,
        scope: &Scope,
        earlier: EarlierAnswers,
        session: &Session,
    ) -> Result<Adaptive, Refused> {
        // A deepening measures every competency of its scope, even one without questions left.
        let is_continued = |place: usize| session.deepens() && scope.competencies >> place & 1 == 1;
        let places = self
            .library
            .outline
            .blueprint
            .competencies
            .iter()
            .enumerate();
        let mut competencies: Vec<CompetencyId> = places
            .filter(|(i, c)| c.is_scored() && is_continued(*i))
            .map(|(_, c)| c.id.clone())
            .collect();
        let mut bank = Bank::default();
        let exposures = self.store.exposures(self.person)?;
        let (offered, seconds): (Vec<Offered>, Vec<u32>) = self
            .offered(scope, session, &exposures, &mut competencies, &mut bank)?
            .into_iter()
            .unzip();
        self.add_other_decks(scope, &competencies, &mut bank)?;
        let curves: Vec<Curve> = competencies.iter().map(|id| bank.curve(id)).collect();
        let of: Vec<usize> = offered.iter().map(|offered| offered.competency).collect();
        let chooser = Chooser::new(competencies.clone(), curves, offered, earlier);
        let open = chooser.open(session);
        let is_open = |k: usize| !session.deepens() || open.contains(&&competencies[k]);
        let seconds: Vec<u32> = seconds
            .into_iter()
            .zip(of)
            .filter(|(_, k)| is_open(*k))
            .map(|(s, _)| s)
            .collect();
        Ok(Adaptive {
            seed: session.form.growing.map_or(0, |growing| growing.seed),
            exposures,
            mean_seconds: seconds.iter().map(|s| f64::from(*s)).sum::<f64>()
                / seconds.len().max(1) as f64,
            offered: seconds.len(),
            chooser,
        })
    }

    /// Returns the questions that may be asked, with their expected times in seconds.
    ///
    /// Adds their competencies to `competencies` and all scored questions of the scope to `bank`.
    fn offered(
        &self,
        scope: &Scope,
        session: &Session,
        exposures: &Exposures,
        competencies: &mut Vec<CompetencyId>,
        bank: &mut Bank,
    ) -> Result<Vec<(Offered, u32)>, Refused> {
        let may_be_asked = |deck: &DeckId, Question { id, simulation, .. }: &Question| {
            let is_asked = |item: &Item| item.question == *id && item.deck == *deck;
            simulation.is_some()
                || !exposures.contains_key(&(deck.clone(), id.clone()))
                || session.form.items.iter().any(is_asked)
        };
        let blueprint = &self.library.outline.blueprint;
        let mut offered = Vec::new();
        for d in self.assessed_decks(&scope.decks)? {
            let loaded = &self.library.decks[d];
            let deck = &loaded.deck;
            let place = blueprint
                .competencies
                .iter()
                .position(|c| c.id == deck.competency && c.is_scored());
            if place.is_none_or(|place| scope.competencies >> place & 1 == 0) {
                continue;
            }
            for entry in sample(deck.entries.len()) {
                let Ok(question) = loaded.question(entry) else {
                    continue;
                };
                bank.add(&deck.competency, &question);
                let Some(chance) = scoring::chance(&question) else {
                    continue;
                };
                if !may_be_asked(&deck.id, &question) {
                    continue;
                }
                let known = competencies.iter().position(|id| *id == deck.competency);
                let competency = known.unwrap_or_else(|| {
                    competencies.push(deck.competency.clone());
                    competencies.len() - 1
                });
                let parameters = Parameters::of(question.level, chance);
                let (deck, id, facet, family) = (
                    deck.id.clone(),
                    question.id,
                    question.facet,
                    question.family,
                );
                let offer = Offered {
                    deck,
                    id,
                    entry,
                    competency,
                    facet,
                    family,
                    parameters,
                };
                offered.push((offer, question.seconds));
            }
        }
        Ok(offered)
    }

    /// Adds the decks outside the scope to `bank`: a score refers to all decks of its competency.
    fn add_other_decks(
        &self,
        scope: &Scope,
        competencies: &[CompetencyId],
        bank: &mut Bank,
    ) -> Result<(), Refused> {
        let in_scope = self.assessed_decks(&scope.decks)?;
        for d in self.assessed_decks(&[])? {
            let loaded = &self.library.decks[d];
            if !in_scope.contains(&d) && competencies.contains(&loaded.deck.competency) {
                sample(loaded.deck.entries.len())
                    .filter_map(|entry| loaded.question(entry).ok())
                    .for_each(|question| bank.add(&loaded.deck.competency, &question));
            }
        }
        Ok(())
    }
}
