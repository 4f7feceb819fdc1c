//! A session that continues earlier ones: more questions where they leave more than one level plausible.

use super::adaptive::Scope;
use super::growth::any_seed;
use super::scored::Kept;
use super::start::Beginning;
use super::{Refused, Workspace};
use crate::app::effect::TimeChoice;
use crate::core::form::{Form, Growing, LARGEST, SEEDS};
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::time::{Limit, Multiplier};
use crate::session::assessment::{Assessment, Bank};
use crate::session::{Conclusion, EarlierAnswers, Mode, Session};
use crate::store::{State, StoredSession};

/// The most questions of a deepening where nothing else is said.
pub const BUDGET: usize = 16;
/// More competencies than this are counted and not named.
const NAMED: usize = 3;

/// Which assessment is continued, and how.
#[derive(Clone, Debug)]
pub struct Deepening {
    /// A finished assessment, which may be a deepening itself.
    pub session: SessionId,
    /// Only from these decks; from all where none is named.
    pub decks: Vec<DeckId>,
    /// The most questions.
    pub size: usize,
    pub time: TimeChoice,
    pub seed: Option<u64>,
}

impl Deepening {
    /// As a key on the result starts it.
    pub fn of(session: SessionId) -> Self {
        Self { session, decks: Vec::new(), size: BUDGET, time: TimeChoice::Fair, seed: None }
    }
}

impl Workspace {
    /// Chooses the first question of a session that continues a finished assessment.
    ///
    /// # Errors
    /// There is nothing to ask: no level is in doubt, or no question is left that is new.
    pub(super) fn deeper(&self, deepening: &Deepening) -> Result<Beginning, Refused> {
        let id = &deepening.session;
        let stored = self.stored(id)?;
        if stored.state != State::Finished || stored.start.mode != Mode::Assess {
            return Err(Refused::NotFinished(id.clone()));
        }
        let blueprint = &self.library.outline.blueprint;
        let (session, _) = self.session_back(&stored.start)?;
        let asked = session.form.items.iter().map(|item| item.competency.clone());
        let continues = Some(id.clone());
        let mut scope = Scope { competencies: 0, decks: deepening.decks.clone(), continues };
        let earlier = self.earlier(&scope)?;
        let asked: Vec<CompetencyId> = asked.chain(earlier.answers.iter().map(|a| a.competency.clone())).collect();
        scope.competencies = crate::core::form::cells(blueprint, &asked);

        let seed = deepening.seed.unwrap_or_else(any_seed) % SEEDS;
        let budget = deepening.size.min(LARGEST);
        let growing = Growing { budget, seed, deepens: true };
        let empty = Form { code: String::new(), items: Vec::new(), growing: Some(growing) };
        let empty = Session::new(empty, [].into(), Limit::Untimed, Multiplier::ONE);
        let growth = self.adaptive(&scope, earlier, &empty)?;
        let open = growth.open(&empty);
        let title = |id: &CompetencyId| blueprint.competency(id).map_or(String::new(), |c| c.title.line());
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
                beginning.notice = Some(format!("deepening, {most} questions at most: {on}"));
                beginning
            })
    }

    /// The answers that a session of this scope continues.
    ///
    /// # Errors
    /// A session of the chain is missing, or cannot be read back.
    pub(super) fn earlier(&self, scope: &Scope) -> Result<EarlierAnswers, Refused> {
        let mut chain: Vec<StoredSession> = Vec::new();
        let mut next = scope.continues.clone();
        while let Some(id) = next {
            if chain.iter().any(|stored| stored.start.id == id) {
                // Nobody but somebody who tampers makes a circle; once around is enough.
                break;
            }
            let stored = self.stored(&id)?;
            next = Scope::of(&stored.start)?.continues;
            chain.push(stored);
        }
        let mut earlier = EarlierAnswers::default();
        for stored in chain.into_iter().rev() {
            let (session, _) = self.session_back(&stored.start)?;
            let blueprint = &self.library.outline.blueprint;
            // What counts does not depend on the bank.
            let assessment = Assessment::continuing(earlier, &session, blueprint, &Bank::default());
            earlier = EarlierAnswers::after(stored.start.id, &session, &assessment);
        }
        Ok(earlier)
    }

    /// Competencies whose decks are gone keep the bank that the newest of the earlier results had of them.
    pub(super) fn adopt_bank(&self, bank: &mut Bank, earlier: &EarlierAnswers) {
        let missing = earlier.answers.iter().any(|answer| !bank.knows(&answer.competency));
        if let Some((id, _)) = earlier.sessions.last().filter(|_| missing)
            && let Some(kept) = self.kept(id)
        {
            bank.adopt(kept.bank);
        }
    }

    /// What was kept of a session's newest result that can be read.
    pub(super) fn kept(&self, id: &SessionId) -> Option<Kept> {
        let results = self.store.results(id).ok()?;
        results.into_iter().rev().find_map(|result| serde_json::from_str(&result.body).ok())
    }
}
