//! Adaptive sessions: earlier answers choose the next question, and answers can't be changed later.

use serde::{Deserialize, Serialize};

use super::admit::Rejected;
use super::assessment::{posterior, so_far};
use super::earlier::EarlierAnswers;
use super::machine::{Phase, Session, Sheet};
use super::policy::Mode;
use crate::core::form::{Item, LARGEST};
use crate::core::id::{CompetencyId, DeckId, FacetId, QuestionId};
use crate::core::measure::{Curve, MIN_SCORED, Offer, Parameters, Pool, Posterior, settled};
use crate::core::question::Question;
use crate::core::rng::Stream;
use crate::core::scoring::is_readable;

/// The reason why an adaptive or practice session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// The maximum number of questions was reached.
    Budget,
    /// Every interval is narrow enough; in a deepening, no interval crosses a cut between two levels.
    Settled,
    /// No question is left that is new to the person, or the practice queue is empty.
    Exhausted,
}

/// The next question, or the end of the session.
#[derive(Clone, Debug)]
pub enum Draw {
    Next(Box<Item>, Box<Question>),
    Conclude(Conclusion),
}

impl Session {
    /// Returns the largest number of questions that the session can still have.
    pub fn most(&self) -> usize {
        match self.form.growing {
            Some(growing) if self.mode == Mode::Practise => self.planned(growing.budget),
            Some(growing) => growing.budget,
            None => self.len(),
        }
    }

    /// Returns true if questions are added one at a time.
    pub fn grows(&self) -> bool {
        self.form.growing.is_some()
    }

    /// Returns true for an assessment whose questions are chosen by earlier answers.
    pub fn is_adaptive(&self) -> bool {
        self.grows() && self.mode == Mode::Assess
    }

    /// Returns the reason why the session ended; `None` while it asks more questions.
    pub fn conclusion(&self) -> Option<Conclusion> {
        self.conclusion
    }

    /// Returns true if the answer is final because later questions depend on it.
    pub fn is_closed(&self, slot: usize) -> bool {
        self.is_adaptive() && slot + 1 < self.len()
    }

    /// Adds the question to which the next [`super::Event::Drawn`] refers.
    pub fn learn(&mut self, question: Question) {
        self.questions = self.questions[..self.len()]
            .iter()
            .cloned()
            .chain([question])
            .collect();
    }

    pub(super) fn admit_growth(&self) -> Result<(), Rejected> {
        match self.phase {
            Phase::Expired => Err(Rejected::TimeIsUp),
            Phase::Running | Phase::Overtime if self.grows() && self.conclusion.is_none() => Ok(()),
            _ => Err(Rejected::NotGrowing),
        }
    }

    pub(super) fn admit_drawn(&self, item: &Item) -> Result<(), Rejected> {
        self.admit_growth()?;
        let has_room = match self.mode {
            Mode::Practise => {
                let is_done = self.sheets.last().is_some_and(|last| last.revealed);
                (is_done || self.can_skip(self.len() - 1)) && self.len() < LARGEST
            }
            _ => self.slot.is_some_and(|slot| slot + 1 == self.len()) && self.len() < self.most(),
        };
        if !has_room {
            return Err(Rejected::NotGrowing);
        }
        match self.questions.get(self.len()) {
            Some(question) if question.fingerprint == item.fingerprint => Ok(()),
            _ => Err(Rejected::NoSuchQuestion),
        }
    }

    pub(super) fn grow(&mut self, item: &Item) {
        self.form.items.push(item.clone());
        // The question had not been shown when the time limit was reached.
        let at_expiry = self.expiry.map(|_| Box::default());
        self.sheets.push(Sheet {
            at_expiry,
            ..Sheet::default()
        });
    }

    /// Returns true if it continues an earlier assessment.
    pub fn deepens(&self) -> bool {
        self.form.growing.is_some_and(|growing| growing.deepens)
    }

    /// Returns a sentence about how an adaptive session ended; `None` for other sessions.
    pub fn ending(&self) -> Option<String> {
        let n = self.len();
        let asked = match self.most() {
            most if most == n => format!("{n} questions"),
            most => format!("{n} of at most {most} questions"),
        };
        let name = if self.deepens() {
            "Deepening"
        } else {
            "Adaptive"
        };
        self.is_adaptive().then(|| match self.conclusion {
            Some(Conclusion::Budget) => {
                format!("{name}: it ended with {asked}, the maximum.")
            }
            Some(Conclusion::Settled) if self.deepens() => {
                format!("{name}: it ended after {asked}, when each competency had a single level.")
            }
            Some(Conclusion::Settled) => {
                format!("{name}: it ended after {asked}, when no range was wider than 36 points.")
            }
            Some(Conclusion::Exhausted) => {
                format!(
                    "{name}: it ended after {asked}, when no question was left that was new \
                         to you."
                )
            }
            None if self.expiry.is_some_and(|expiry| !expiry.went_on) => {
                format!("{name}: the time was up after {asked}.")
            }
            None => format!("{name}: you ended it after {asked}."),
        })
    }
}

/// A question that an adaptive session may ask.
#[derive(Clone, Debug)]
pub struct Offered {
    pub deck: DeckId,
    pub id: QuestionId,
    /// The index of the question in its deck.
    pub entry: usize,
    /// The index of its competency among those of the session.
    pub competency: usize,
    pub facet: FacetId,
    /// The family; at most one question of a family is asked.
    pub family: Option<String>,
    pub parameters: Parameters,
}

/// The chooser of an adaptive session's questions; it depends only on the seed and on all answers so far.
#[derive(Clone, Debug)]
pub struct Chooser {
    competencies: Vec<CompetencyId>,
    curves: Vec<Curve>,
    offered: Vec<Offered>,
    earlier: EarlierAnswers,
    /// Per competency, true if its level was open before this session.
    at_start: Vec<bool>,
    pool: Pool,
    /// The questions that were already taken out of the pool.
    asked: Vec<(DeckId, QuestionId)>,
}

impl Chooser {
    /// Creates a chooser with one curve per competency. `offered` holds only questions that are new
    /// to the person or that this session asked.
    ///
    /// # Panics
    /// Panics if the competency of an offered question has no curve.
    pub fn new(
        competencies: Vec<CompetencyId>,
        curves: Vec<Curve>,
        offered: Vec<Offered>,
        earlier: EarlierAnswers,
    ) -> Self {
        let pool = pool(&offered, &curves, &competencies, &earlier);
        let before = posterior(earlier.answers.iter(), competencies.iter());
        let is_open = |(k, id)| is_unsettled(&before, k, &Evidence::of(&earlier, id));
        let at_start = competencies.iter().enumerate().map(is_open).collect();
        Self {
            competencies,
            curves,
            offered,
            earlier,
            at_start,
            pool,
            asked: Vec::new(),
        }
    }

    /// Returns the next question.
    ///
    /// # Errors
    /// The reason why there is no next question.
    pub fn next(&mut self, session: &Session) -> Result<&Offered, Conclusion> {
        self.take(session);
        let posterior = so_far(session, &self.earlier, &self.competencies);
        if self.is_enough(session, &posterior) {
            return Err(Conclusion::Settled);
        }
        let growing = session
            .form
            .growing
            .filter(|growing| session.len() < growing.budget);
        let seed = growing.ok_or(Conclusion::Budget)?.seed;
        // Each position has its own random stream, so a resumed session draws the same questions.
        let mut stream = Stream::new(seed, &format!("adaptive {}", session.len()));
        let next = match session.deepens() {
            true => {
                let open = self.open_ones(session, &posterior);
                self.pool.next_among(&posterior, |k| open[k], &mut stream)
            }
            false => {
                let short = self.short_ones(session);
                self.pool
                    .next_among(&posterior, |k| short[k], &mut stream)
                    .or_else(|| self.pool.next(&posterior, &mut stream))
            }
        };
        Ok(&self.offered[next.ok_or(Conclusion::Exhausted)?])
    }

    pub fn earlier(&self) -> &EarlierAnswers {
        &self.earlier
    }

    /// Returns the competencies that a deepening still asks about.
    pub fn open(&self, session: &Session) -> Vec<&CompetencyId> {
        let posterior = so_far(session, &self.earlier, &self.competencies);
        let open = self.open_ones(session, &posterior);
        self.competencies
            .iter()
            .zip(open)
            .filter(|(_, is_open)| *is_open)
            .map(|(id, _)| id)
            .collect()
    }

    /// Returns, per competency, whether a deepening asks about it: its level was open at the start and still is.
    fn open_ones(&self, session: &Session, posterior: &Posterior) -> Vec<bool> {
        let evidence = |id| Evidence::of(&self.earlier, id).with(session, id);
        let is_open = |(k, id)| self.at_start[k] && is_unsettled(posterior, k, &evidence(id));
        self.competencies.iter().enumerate().map(is_open).collect()
    }

    /// Returns the number of questions asked, per competency.
    fn asked(&self, session: &Session) -> Vec<usize> {
        let of = |id: &CompetencyId| {
            let items = session.form.items.iter();
            items.filter(|item| item.competency == *id).count()
        };
        self.competencies.iter().map(of).collect()
    }

    /// Returns, per competency, whether it must be asked next: it has too few questions for a score, and the rest of the
    /// budget is just enough to give every competency its score.
    fn short_ones(&self, session: &Session) -> Vec<bool> {
        let missing = |n: &usize| MIN_SCORED.saturating_sub(*n);
        let missing: Vec<usize> = self.asked(session).iter().map(missing).collect();
        let left = session.most() - session.len();
        let is_time = missing.iter().sum::<usize>() >= left;
        missing.iter().map(|n| is_time && *n > 0).collect()
    }

    fn is_enough(&self, session: &Session, posterior: &Posterior) -> bool {
        if session.deepens() {
            return !self.open_ones(session, posterior).contains(&true);
        }
        let asked = self.asked(session);
        // A narrow interval is of no use before the competency has enough questions for a score.
        asked.iter().all(|n| *n >= MIN_SCORED) && settled(posterior, &self.curves, &asked)
    }

    /// Excludes a question that can't be read.
    pub fn exclude(&mut self, deck: &DeckId, id: &QuestionId) {
        self.keep(|offered| !offered.is(deck, id));
    }

    /// Removes the questions asked since the last call, and those of the same families.
    fn take(&mut self, session: &Session) {
        for Item { deck, question, .. } in session.form.items.iter().skip(self.asked.len()) {
            self.asked.push((deck.clone(), question.clone()));
            let Some(at) = self
                .offered
                .iter()
                .position(|offered| offered.is(deck, question))
            else {
                continue;
            };
            match self.offered[at].family.clone() {
                None => self.pool.take(at),
                family => {
                    self.keep(|offered| offered.is(deck, question) || offered.family != family);
                }
            }
        }
    }

    fn keep(&mut self, keep: impl Fn(&Offered) -> bool) {
        self.offered.retain(keep);
        self.pool = pool(
            &self.offered,
            &self.curves,
            &self.competencies,
            &self.earlier,
        );
        for (deck, id) in &self.asked {
            if let Some(at) = self.offered.iter().position(|offered| offered.is(deck, id)) {
                self.pool.take(at);
            }
        }
    }
}

/// The questions of a competency asked so far.
struct Evidence {
    asked: usize,
    /// True if one of them was answered. Blanks alone give no score, however certain the level looks.
    has_answer: bool,
}

impl Evidence {
    fn of(earlier: &EarlierAnswers, id: &CompetencyId) -> Self {
        Self {
            asked: earlier.of(id).count(),
            has_answer: earlier.of(id).any(|answer| !answer.omitted),
        }
    }

    /// Adds the questions of a session.
    fn with(mut self, session: &Session, id: &CompetencyId) -> Self {
        let slots = (0..session.len()).filter(|slot| session.item(*slot).competency == *id);
        for slot in slots {
            self.asked += 1;
            let answer = session.sheet(slot).answer.as_ref();
            self.has_answer |=
                answer.is_some_and(|answer| is_readable(session.question(slot), answer));
        }
        self
    }
}

/// Returns true if several levels are plausible, or there is too little evidence for a score.
fn is_unsettled(posterior: &Posterior, k: usize, evidence: &Evidence) -> bool {
    evidence.asked < MIN_SCORED
        || !evidence.has_answer
        || !posterior.competency(k).standing().is_single()
}

impl Offered {
    fn is(&self, deck: &DeckId, id: &QuestionId) -> bool {
        self.id == *id && self.deck == *deck
    }
}

/// Returns the pool of offered questions; questions of continued sessions count as already asked.
fn pool(
    offered: &[Offered],
    curves: &[Curve],
    competencies: &[CompetencyId],
    earlier: &EarlierAnswers,
) -> Pool {
    let mut offers: Vec<Offer> = offered
        .iter()
        .map(
            |Offered {
                 competency,
                 facet,
                 parameters,
                 ..
             }| Offer {
                competency: *competency,
                facet: facet.as_str(),
                parameters: *parameters,
                seen: 0,
            },
        )
        .collect();
    for answer in &earlier.answers {
        if let Some(competency) = competencies.iter().position(|id| *id == answer.competency) {
            offers.push(Offer {
                competency,
                facet: answer.facet.as_str(),
                parameters: answer.parameters,
                seen: 0,
            });
        }
    }
    let mut pool = Pool::new(&offers, curves);
    (offered.len()..offers.len()).for_each(|asked| pool.take(asked));
    pool
}
