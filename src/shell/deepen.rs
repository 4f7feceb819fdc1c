//! A session that continues earlier ones: it asks more questions where more than one level is plausible.

use super::adaptive::Scope;
use super::growth::any_seed;
use super::scored::StoredResult;
use super::start::NewForm;
use super::{Refused, Workspace};
use crate::app::effect::{DEEPENING, TimeChoice};
use crate::core::form::{Form, Growing, LARGEST, SEEDS};
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::time::{Limit, Multiplier};
use crate::session::assessment::{Assessment, Bank};
use crate::session::{Conclusion, EarlierAnswers, Mode, Session};
use crate::store::{State, StoredSession};

/// The maximum number of competencies listed by name; more are only counted.
const NAMED: usize = 3;

/// The request to continue an assessment.
#[derive(Clone, Debug)]
pub struct Deepening {
    /// The assessment to continue; it must be finished, and may be a deepening itself.
    pub session: SessionId,
    /// The decks to choose from; empty means all.
    pub decks: Vec<DeckId>,
    /// The maximum number of questions.
    pub size: usize,
    pub time: TimeChoice,
    pub seed: Option<u64>,
}

impl Deepening {
    /// Returns the request with defaults, as started by a key on the result screen.
    pub fn of(session: SessionId) -> Self {
        Self {
            session,
            decks: Vec::new(),
            size: DEEPENING,
            time: TimeChoice::Fair,
            seed: None,
        }
    }
}

impl Workspace {
    /// Draws the first question of a session that continues a finished assessment.
    ///
    /// # Errors
    /// There is nothing to ask: no level is in doubt, or no new question is left.
    pub(super) fn deeper(&self, deepening: &Deepening) -> Result<NewForm, Refused> {
        let id = &deepening.session;
        let stored = self.stored(id)?;
        if stored.state != State::Finished || stored.start.mode != Mode::Assess {
            return Err(Refused::NotFinished(id.clone()));
        }
        let blueprint = &self.library.outline.blueprint;
        let (session, _) = self.session_back(&stored.start)?;
        let asked = session
            .form
            .items
            .iter()
            .map(|item| item.competency.clone());
        let continues = Some(id.clone());
        let mut scope = Scope {
            competencies: 0,
            decks: deepening.decks.clone(),
            continues,
        };
        let earlier = self.earlier(&scope)?;
        let asked: Vec<CompetencyId> = asked
            .chain(earlier.answers.iter().map(|a| a.competency.clone()))
            .collect();
        scope.competencies = crate::core::form::cells(blueprint, &asked);

        let seed = deepening.seed.unwrap_or_else(any_seed) % SEEDS;
        let budget = deepening.size.min(LARGEST);
        let growing = Growing {
            budget,
            seed,
            deepens: true,
        };
        let empty = Form {
            code: String::new(),
            items: Vec::new(),
            growing: Some(growing),
        };
        let empty = Session::new(empty, [].into(), Limit::Untimed, Multiplier::ONE);
        let growth = self.adaptive(&scope, earlier, &empty)?;
        let open = growth.open(&empty);
        let title = |id: &CompetencyId| {
            blueprint
                .competency(id)
                .map_or(String::new(), |c| c.title.line())
        };
        let titles: Vec<String> = open.iter().map(title).collect();
        let there = growth.offered();
        self.grown(growth, empty, &scope)
            .map_err(|conclusion| match conclusion {
                Conclusion::Settled => Refused::NothingOpen,
                _ => Refused::AllSeen(titles.join(", ")),
            })
            .map(|mut beginning| {
                let most = budget.min(there);
                let on = match titles.len() {
                    n if n > NAMED => format!("{n} competencies"),
                    _ => titles.join(", "),
                };
                beginning.notice = Some(format!("deepening, at most {most} questions: {on}"));
                beginning
            })
    }

    /// Returns the answers that a session of this scope continues.
    ///
    /// # Errors
    /// A session of the chain is missing, or cannot be read back.
    pub(super) fn earlier(&self, scope: &Scope) -> Result<EarlierAnswers, Refused> {
        let mut chain: Vec<StoredSession> = Vec::new();
        let mut next = scope.continues.clone();
        while let Some(id) = next {
            if chain.iter().any(|stored| stored.start.id == id) {
                // A cycle is only possible in a manipulated history; it is followed once.
                break;
            }
            let stored = self.stored(&id)?;
            next = Scope::of(&stored.start)?.continues;
            chain.push(stored);
        }
        let mut earlier = EarlierAnswers::default();
        for stored in chain.into_iter().rev() {
            let session = self.session_as_scored(&stored.start)?;
            let blueprint = &self.library.outline.blueprint;
            // The counted answers do not depend on the bank.
            let assessment = Assessment::continuing(earlier, &session, blueprint, &Bank::default());
            earlier = EarlierAnswers::after(stored.start.id, &session, &assessment);
        }
        Ok(earlier)
    }

    /// Takes the bank of a competency whose decks are gone from the newest earlier result that has it.
    pub(super) fn adopt_bank(&self, bank: &mut Bank, earlier: &EarlierAnswers) {
        let missing = earlier
            .answers
            .iter()
            .any(|answer| !bank.knows(&answer.competency));
        if let Some((id, _)) = earlier.sessions.last().filter(|_| missing)
            && let Some(kept) = self.kept(id)
        {
            bank.adopt(kept.bank);
        }
    }

    /// Returns the newest readable result of a session.
    pub(super) fn kept(&self, id: &SessionId) -> Option<StoredResult> {
        let results = self.store.results(id).ok()?;
        results
            .into_iter()
            .rev()
            .find_map(|result| serde_json::from_str(&result.body).ok())
    }
}
