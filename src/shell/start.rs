//! The start of a new session: choosing questions and freezing a form.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;

use super::growth::GrowingSession;
use super::{Refused, Workspace};
use crate::app::effect::{Setup, TimeChoice};
use crate::core::form::{self, BankId, Candidate, Code, Form, Plan, Planned, Request, SEEDS, Seen};
use crate::core::id::{CompetencyId, DeckId, QuestionId};
use crate::core::question::{Kind, Level, Question, Row};
use crate::core::time::{Limit, Millis};
use crate::deck::load::Library;
use crate::session::meeting::LevelRange;
use crate::store::Exposure;

/// A request for a new session.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// The competencies, with one bit per competency of the blueprint.
    pub competencies: u16,
    pub size: usize,
    pub written: usize,
    pub time: TimeChoice,
    pub ratings: BTreeMap<CompetencyId, Level>,
    /// The code of a form to repeat.
    pub form: Option<Code>,
    pub seed: Option<u64>,
    /// The decks to ask from; empty means all.
    pub decks: Vec<DeckId>,
    /// True if each question is chosen by the previous answers; `size` is then the maximum.
    pub adaptive: bool,
}

impl From<&Setup> for StartRequest {
    fn from(setup: &Setup) -> Self {
        Self {
            competencies: setup.competencies,
            size: setup.size,
            written: setup.written,
            time: setup.time,
            ratings: setup.ratings.clone(),
            form: None,
            seed: None,
            decks: Vec::new(),
            adaptive: setup.adaptive,
        }
    }
}

impl StartRequest {
    /// Requests a form without a time limit, with this many scored and written questions of these competencies.
    pub fn untimed(competencies: u16, size: usize, written: usize) -> Self {
        Self {
            competencies,
            size,
            written,
            time: TimeChoice::Untimed,
            ratings: BTreeMap::new(),
            form: None,
            seed: None,
            decks: Vec::new(),
            adaptive: false,
        }
    }
}

/// The form and questions of a new session.
pub(super) struct NewForm {
    pub form: Form,
    pub questions: Vec<Question>,
    /// The source texts of the questions, for the history.
    pub sources: Vec<String>,
    /// The sum of the expected times, in seconds.
    pub seconds: u64,
    pub notice: Option<String>,
    /// The state that chooses further questions, and the setup to rebuild it on resuming.
    pub growth: Option<GrowingSession>,
    pub setup: String,
}

/// The maximum number of draws with broken questions excluded, before the decks are refused.
const DRAWS: usize = 100;

/// The location of a candidate: index of its deck and index of its entry.
pub(super) type Place = (usize, usize);
pub(super) type Exposures = HashMap<(DeckId, QuestionId), Exposure>;

impl Workspace {
    /// Returns the time limit of a session with the given expected time in seconds.
    pub(super) fn limit(&self, time: TimeChoice, seconds: u64) -> Limit {
        let multiplier = self.settings.time_multiplier;
        match time {
            TimeChoice::Fair => Limit::Within(multiplier.scale(Millis::seconds(seconds))),
            TimeChoice::Within(span) => Limit::Within(multiplier.scale(span)),
            TimeChoice::Untimed => Limit::Untimed,
        }
    }

    pub(super) fn draw_form(&self, wanted: &StartRequest) -> Result<NewForm, Refused> {
        let exposures = self.store.exposures(self.person)?;
        let mut broken = HashSet::new();
        let mut draws = 0;
        let (plan, places, questions) = loop {
            let (plan, places) = self.plan(wanted, &exposures, &broken)?;
            if plan.picks.is_empty() {
                return Err(Refused::Nothing);
            }
            draws += 1;
            if draws > DRAWS {
                return Err(Refused::Broken(broken.len()));
            }
            match questions_of(&self.library, &places) {
                Ok(questions) => break (plan, places, questions),
                // Broken questions are excluded and the form is drawn again.
                Err(places) => broken.extend(places),
            }
        };
        let form = freeze(&plan, &self.library, &places, &questions, &exposures);
        let questions = form.concrete(questions);
        let notice = shortage(&plan, &self.library, broken.len());
        let sources = places
            .iter()
            .map(|(d, e)| self.library.decks[*d].source_of(*e).unwrap_or_default())
            .collect();
        let seconds = form::fair_seconds(&form);
        Ok(NewForm {
            form,
            questions,
            sources,
            seconds,
            notice,
            growth: None,
            setup: String::new(),
        })
    }

    /// Returns the locations of the form's questions, in the order of asking.
    pub(super) fn plan(
        &self,
        wanted: &StartRequest,
        exposures: &Exposures,
        broken: &HashSet<Place>,
    ) -> Result<(Plan, Vec<Place>), Refused> {
        self.plan_from(wanted, None, exposures, broken)
    }

    /// Returns the same, with questions of some levels only.
    pub(super) fn plan_from(
        &self,
        wanted: &StartRequest,
        levels: Option<LevelRange>,
        exposures: &Exposures,
        broken: &HashSet<Place>,
    ) -> Result<(Plan, Vec<Place>), Refused> {
        let library = &self.library;
        let blueprint = &library.outline.blueprint;
        let mut candidates = Vec::new();
        let mut places = Vec::new();
        let mut check = blake3::Hasher::new();
        let mut line = Vec::new();
        let decks = self.assessed_decks(&wanted.decks)?;
        for &d in &decks {
            let deck = &library.decks[d].deck;
            let Some(competency) = blueprint
                .competencies
                .iter()
                .position(|c| c.id == deck.competency)
            else {
                continue;
            };
            check.update(deck.id.as_str().as_bytes());
            for (e, entry) in deck.entries.iter().enumerate() {
                if entry.kind == Kind::Recall {
                    continue;
                }
                line.clear();
                line.extend_from_slice(entry.id.as_str().as_bytes());
                line.extend_from_slice(entry.facet.as_str().as_bytes());
                line.push(entry.kind as u8);
                line.extend_from_slice(entry.family.as_deref().unwrap_or("").as_bytes());
                line.push(0);
                check.update(&line);
                let of_level = levels.is_none_or(|levels| levels.contains(entry.level));
                if broken.contains(&(d, e)) || !of_level {
                    continue;
                }
                let exposure = if exposures.is_empty() {
                    None
                } else {
                    exposures.get(&(deck.id.clone(), entry.id.clone()))
                };
                candidates.push(Candidate {
                    competency,
                    facet: entry.facet.as_str(),
                    family: entry.family.as_deref(),
                    written: entry.kind == Kind::Open,
                    seen: exposure.map_or(Seen::default(), |x| Seen {
                        // A seen question that is simulated still has unseen instances.
                        times: if entry.simulated { 0 } else { x.times },
                        last: x.last.unsigned_abs(),
                    }),
                });
                places.push((d, e));
            }
        }
        let digest = check.finalize();
        let bank = BankId {
            edition: library.edition(decks.iter().map(|d| &library.decks[*d].deck)),
            check: u16::from_le_bytes([digest.as_bytes()[0], digest.as_bytes()[1]]) & 0x3ff,
        };
        let request = match &wanted.form {
            Some(code) => Request::Repeat(code.clone()),
            None => Request::Draw {
                seed: wanted.seed.unwrap_or_else(entropy) % SEEDS,
                size: wanted.size,
                competencies: wanted.competencies,
                written: wanted.written,
            },
        };
        let plan = form::plan(blueprint, &candidates, &request, bank)?;
        let places = plan.picks.iter().map(|pick| places[*pick]).collect();
        Ok((plan, places))
    }

    /// Returns the indices of these decks, or of all if the list is empty, in the same order on every machine.
    pub(super) fn decks_in_order(&self, named: &[DeckId]) -> Vec<usize> {
        let id = |d: usize| &self.library.decks[d].deck.id;
        let mut decks: Vec<usize> = (0..self.library.decks.len()).collect();
        decks.retain(|d| named.is_empty() || named.contains(id(*d)));
        // The order in which decks are found differs between machines; the order of their ids doesn't.
        decks.sort_by(|a, b| id(*a).cmp(id(*b)));
        decks
    }

    /// Returns the indices of the decks that an assessment of these decks asks from. If the list is empty, they are the
    /// decks that count for the score of the role.
    ///
    /// # Errors
    /// One of the named decks is a draft.
    pub(super) fn assessed_decks(&self, named: &[DeckId]) -> Result<Vec<usize>, Refused> {
        self.refuse_drafts(named)?;
        let mut decks = self.decks_in_order(named);
        decks.retain(|d| {
            let deck = &self.library.decks[*d].deck;
            deck.is_scored() || !named.is_empty()
        });
        Ok(decks)
    }

    /// Checks that an assessment may ask from these decks.
    ///
    /// # Errors
    /// One of them is a draft.
    pub fn refuse_drafts(&self, named: &[DeckId]) -> Result<(), Refused> {
        let mut loaded = named.iter().filter_map(|id| self.library.deck(id));
        match loaded.find(|loaded| loaded.deck.draft) {
            Some(draft) => Err(Refused::Draft(draft.deck.id.clone())),
            None => Ok(()),
        }
    }

    /// Returns the number of scored questions for these competencies and decks.
    pub fn stock(&self, competencies: u16, decks: &[DeckId]) -> usize {
        let blueprint = &self.library.outline.blueprint;
        let asked = |id: &CompetencyId| {
            blueprint
                .competencies
                .iter()
                .position(|c| c.id == *id)
                .is_some_and(|i| competencies >> i & 1 == 1)
        };
        let loaded = self.library.decks.iter().map(|loaded| &loaded.deck);
        loaded
            .filter(|deck| {
                let is_named = decks.contains(&deck.id);
                asked(&deck.competency)
                    && (is_named && !deck.draft || decks.is_empty() && deck.is_scored())
            })
            .map(|deck| deck.entries.iter().filter(|e| e.kind.is_scored()).count())
            .sum()
    }
}

/// Reads the questions at `places`, or returns the locations of the broken ones.
///
/// Two threads share the work, because it is most of the delay before the first question.
pub(super) fn questions_of(
    library: &Library,
    places: &[Place],
) -> Result<Vec<Question>, Vec<Place>> {
    let read = |places: &[Place]| -> Vec<Result<Question, Place>> {
        places
            .iter()
            .map(|(d, e)| library.decks[*d].question(*e).map_err(|_| (*d, *e)))
            .collect()
    };
    let (front, back) = places.split_at(places.len() / 2);
    let questions = thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || read(back));
        let mut questions = read(front);
        // If the second thread could not run or failed, this one does all of the work.
        let rest = other.ok().and_then(|other| other.join().ok());
        questions.extend(rest.unwrap_or_else(|| read(back)));
        questions
    });
    let broken: Vec<Place> = questions
        .iter()
        .filter_map(|question| question.as_ref().err())
        .copied()
        .collect();
    if broken.is_empty() {
        Ok(questions.into_iter().flatten().collect())
    } else {
        Err(broken)
    }
}

fn freeze(
    plan: &Plan,
    library: &Library,
    places: &[Place],
    questions: &[Question],
    exposures: &Exposures,
) -> Form {
    let seen: Vec<(bool, Vec<Row>)> = places
        .iter()
        .map(|(d, e)| {
            let deck = &library.decks[*d].deck;
            let exposure = exposures.get(&(deck.id.clone(), deck.entries[*e].id.clone()));
            (
                exposure.is_none(),
                exposure
                    .map(|x| x.rows.iter().copied().collect())
                    .unwrap_or_default(),
            )
        })
        .collect();
    let planned: Vec<Planned> = places
        .iter()
        .zip(questions)
        .zip(&seen)
        .map(|(((d, _), question), (fresh, rows))| {
            let deck = &library.decks[*d].deck;
            Planned {
                deck: &deck.id,
                competency: &deck.competency,
                question,
                fresh: *fresh,
                rows_seen: rows,
            }
        })
        .collect();
    form::freeze(plan.code.clone(), &planned)
}

/// Returns a message if the form has less than was requested.
fn shortage(plan: &Plan, library: &Library, broken: usize) -> Option<String> {
    let blueprint = &library.outline.blueprint;
    let short: Vec<String> = plan
        .short
        .iter()
        .map(|s| {
            let title = &blueprint.competencies[s.competency].title;
            let written = if s.is_written { " written" } else { "" };
            format!("{title} has {} of {}{written}", s.there, s.wanted)
        })
        .collect();
    let mut words = Vec::new();
    if !short.is_empty() {
        words.push(format!("too few questions: {}", short.join(", ")));
    }
    if broken > 0 {
        words.push(format!(
            "{broken} broken questions left out: `aethos check` shows why"
        ));
    }
    (!words.is_empty()).then(|| words.join("; "))
}

/// Returns random bits from the operating system, taken from the keys of the standard library's hasher.
pub(super) fn entropy() -> u64 {
    RandomState::new().build_hasher().finish()
}
