//! Results of finished sessions, stored beside their events.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::adaptive::Scope;
use super::home::day_of;
use super::rescore::SlotCorrection;
use super::{Refused, Shell, Workspace};
use crate::app::effect::{News, OpenedResult};
use crate::core::deck::Deck;
use crate::core::form::FIRST_EDITION;
use crate::core::id::{CompetencyId, DeckId, SessionId};
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::assessment::{Assessment, Bank, Corrected, FormerScores, Status};
use crate::session::{ConfidenceStats, EarlierAnswers, Event, Mode, Session, Stamped};
use crate::store::{Scored, State, StoreError};

/// The version of the scoring; results of older versions are computed again.
///
/// Version 2 has the wide prior with both ends, Pratt's intervals, and an overall score from 12 answers on.
const VERSION: u32 = 2;
/// The sample size for a large bank; more questions hardly change the mean.
const SAMPLE: usize = 2000;

/// A stored result: enough to draw the history, and the bank that its scores refer to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredResult {
    pub summary: Summary,
    pub bank: Bank,
    /// The edition of the built-in decks in the bank.
    #[serde(default = "first_edition", skip_serializing_if = "is_first_edition")]
    pub edition: u16,
    /// The corrections after the session.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<SlotCorrection>,
    /// Why the corrections led to this result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn first_edition() -> u16 {
    FIRST_EDITION
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_first_edition(edition: &u16) -> bool {
    *edition == FIRST_EDITION
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    pub questions: usize,
    pub answered: usize,
    pub spent: Millis,
    /// The score with the low and high end of its 90% interval.
    pub overall: Option<(f64, f64, f64)>,
    pub competencies: BTreeMap<CompetencyId, (f64, f64, f64)>,
    /// The assessments whose answers it includes, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continues: Vec<SessionId>,
    /// Its decks that didn't count for the score of the role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_decks: Vec<DeckId>,
    /// The confidence statistics of its own answers; `None` in results of older versions.
    #[serde(default)]
    pub said: Option<ConfidenceStats>,
}

impl Summary {
    pub(super) fn of(session: &Session, assessment: &Assessment) -> Self {
        let scores = &assessment.scores;
        let measured = scores
            .competencies
            .iter()
            .filter_map(|c| Some((c.id.clone(), c.measure.as_ref()?)));
        Self {
            questions: session.len(),
            answered: assessment.count(Status::Answered),
            spent: session.at(),
            overall: scores.overall.as_ref().map(|o| (o.score, o.low, o.high)),
            competencies: measured
                .map(|(id, m)| (id, (m.score, m.low, m.high)))
                .collect(),
            continues: assessment
                .earlier
                .sessions
                .iter()
                .map(|(id, _)| id.clone())
                .collect(),
            own_decks: assessment.own_decks.clone(),
            said: Some(ConfidenceStats::of(session, assessment)),
        }
    }
}

/// Returns the indices of an evenly spaced sample.
pub(super) fn sample(questions: usize) -> impl Iterator<Item = usize> {
    (0..questions).step_by(questions.div_ceil(SAMPLE).max(1))
}

impl Shell {
    /// Scores the session that has just finished, stores the result, and closes the session.
    pub fn score_running(&mut self, session: Session) -> Vec<News> {
        let Some(running) = &self.running else {
            return Vec::new();
        };
        let (id, earlier) = (running.id().clone(), running.earlier());
        if session.mode == Mode::Homework {
            return self.end_homework();
        }
        if !session.mode.counts() {
            return self.end_uncounted(id, session);
        }
        let bank = self.workspace.bank(&session, &earlier);
        let opened = self.workspace.opened(id, session, earlier, &bank);
        let kept = StoredResult {
            summary: Summary::of(&opened.session, &opened.assessment),
            edition: self.workspace.edition(&bank),
            bank,
            corrections: Vec::new(),
            reason: None,
        };
        let body = serde_json::to_string(&kept).unwrap_or_default();
        let wall_ms = self.workspace.wall_ms();
        let result = Scored {
            scored_at: wall_ms,
            version: VERSION,
            body,
        };
        let reviews = super::derive::reviews_of(
            &opened.session,
            &opened.assessment.outcomes,
            wall_ms,
            self.workspace.today(),
        );
        let mut news = self.keep_result(result, reviews);
        news.insert(0, News::Opened(Box::new(opened)));
        news
    }

    /// Ends a practice session, which is stored as events only, without a result.
    fn end_uncounted(&mut self, id: SessionId, session: Session) -> Vec<News> {
        let mut news = self.let_go();
        let opened =
            self.workspace
                .opened(id, session, EarlierAnswers::default(), &Bank::default());
        news.insert(0, News::Opened(Box::new(opened)));
        news
    }

    /// Adds a note or a rating to a finished session, or to one that is not running.
    ///
    /// # Errors
    /// The session is open in another process, or a failure of the store.
    pub fn amend(&mut self, id: &SessionId, stamped: Stamped) -> Result<(), Refused> {
        self.catch_up()?;
        let is_running = self
            .running
            .as_ref()
            .is_some_and(|running| running.id() == id);
        // Another process may have resumed an open session.
        let _claim = match self.workspace.stored(id)?.state {
            State::Open if !is_running => Some(self.workspace.store.claim(id)?),
            _ => None,
        };
        let first = self.workspace.store.events::<Event>(id)?.len() as u32;
        let logged = self.logged(stamped);
        Ok(self.workspace.store.append(id, first, &[logged])?)
    }
}

impl Workspace {
    fn opened(
        &self,
        id: SessionId,
        session: Session,
        earlier: EarlierAnswers,
        bank: &Bank,
    ) -> OpenedResult {
        let mut assessment =
            Assessment::continuing(earlier, &session, &self.library.outline.blueprint, bank);
        assessment.target = self.settings.target.into();
        if session.mode.counts() {
            assessment.own_decks = self.own_decks_of(&id, &session, &assessment.earlier);
            assessment.comparison = self.since(&id, &assessment, bank);
            assessment.former = self.former(&id);
        }
        let points = self.points_of(&session);
        OpenedResult {
            id,
            session,
            assessment,
            points,
        }
    }

    /// Returns the decks of a session, and of those that it continues, that don't count for the score of the role. For a
    /// scored session they are those that didn't when it was scored. A deck that is not loaded is one of them, because
    /// the built-in decks always are: it was named on the command line, or it is gone.
    fn own_decks_of(
        &self,
        id: &SessionId,
        session: &Session,
        earlier: &EarlierAnswers,
    ) -> Vec<DeckId> {
        if let Some(kept) = self.kept(id) {
            return kept.summary.own_decks;
        }
        let is_own = |deck: &&DeckId| {
            let loaded = self.library.deck(deck);
            loaded.is_none_or(|loaded| !loaded.deck.is_scored())
        };
        let asked = session.form.items.iter().map(|item| &item.deck);
        let mut own: BTreeSet<DeckId> = asked.filter(is_own).cloned().collect();
        for (continued, _) in &earlier.sessions {
            own.extend(
                self.kept(continued)
                    .into_iter()
                    .flat_map(|kept| kept.summary.own_decks),
            );
        }
        own.into_iter().collect()
    }

    /// Returns all questions of the competencies in the session, as the scoring needs them: those that count for the
    /// score of the role, and those of decks that the session asked from.
    fn bank(&self, session: &Session, earlier: &EarlierAnswers) -> Bank {
        let mut bank = Bank::default();
        let own = session.form.items.iter().map(|item| &item.competency);
        let asked: BTreeSet<_> = own
            .chain(earlier.answers.iter().map(|answer| &answer.competency))
            .collect();
        let from: BTreeSet<_> = session.form.items.iter().map(|item| &item.deck).collect();
        let is_part = |deck: &Deck| {
            asked.contains(&deck.competency)
                && (deck.is_scored() || !deck.draft && from.contains(&deck.id))
        };
        for loaded in self
            .library
            .decks
            .iter()
            .filter(|loaded| is_part(&loaded.deck))
        {
            for index in sample(loaded.deck.entries.len()) {
                if let Ok(question) = loaded.question(index) {
                    bank.add(&loaded.deck.competency, &question);
                }
            }
        }
        // Where a deck is not loaded, or no deck of a competency is, the questions of the form serve as the bank.
        let gone: Vec<bool> = session
            .form
            .items
            .iter()
            .map(|item| !bank.knows(&item.competency) || self.library.deck(&item.deck).is_none())
            .collect();
        for ((item, question), _) in session
            .form
            .items
            .iter()
            .zip(session.questions.iter())
            .zip(gone)
            .filter(|(_, gone)| *gone)
        {
            bank.add(&item.competency, question);
        }
        self.adopt_bank(&mut bank, earlier);
        bank
    }

    /// Returns the edition of the built-in decks among the loaded decks of a bank.
    fn edition(&self, bank: &Bank) -> u16 {
        let decks = self.library.decks.iter().map(|loaded| &loaded.deck);
        self.library
            .edition(decks.filter(|deck| bank.knows(&deck.competency)))
    }

    /// Returns the edition on which a session was scored, or the current one if it has no stored result.
    pub(super) fn edition_of(&self, id: &SessionId, bank: &Bank) -> u16 {
        self.kept(id)
            .map_or_else(|| self.edition(bank), |kept| kept.edition)
    }

    /// Opens a finished session for review.
    ///
    /// # Errors
    /// The session does not exist, has not ended, or cannot be read back.
    pub fn open_result(&self, id: &SessionId) -> Result<OpenedResult, Refused> {
        let (session, earlier, bank) = self.read_back(id)?;
        // An answer given after its key was shown would count.
        if !session.is_over() {
            return Err(self.not_ended(id)?);
        }
        Ok(self.opened(id.clone(), session, earlier, &bank))
    }

    /// Reads back a finished session, the answers that it continues, and the bank for its scores.
    fn read_back(&self, id: &SessionId) -> Result<(Session, EarlierAnswers, Bank), Refused> {
        let stored = self.stored(id)?;
        let earlier = self.earlier(&Scope::of(&stored.start)?)?;
        let session = self.session_as_scored(&stored.start)?;
        let bank = self
            .kept(id)
            .map_or_else(|| self.bank(&session, &earlier), |kept| kept.bank);
        Ok((session, earlier, bank))
    }

    /// Scores sessions of earlier scoring versions again from their events. The earlier results are kept.
    pub(super) fn rescore(&mut self) -> Result<(), StoreError> {
        for id in self.store.scored_before(VERSION)? {
            match self.scored_again(&id) {
                Ok(result) => self.store.put_result(&id, &result, &[])?,
                Err(Refused::Store(error)) if !matches!(error, StoreError::Damaged { .. }) => {
                    return Err(error);
                }
                // An unreadable session keeps its result.
                Err(_) => {}
            }
        }
        Ok(())
    }

    pub(super) fn scored_again(&self, id: &SessionId) -> Result<Scored, Refused> {
        let (session, earlier, bank) = self.read_back(id)?;
        let mut assessment =
            Assessment::continuing(earlier, &session, &self.library.outline.blueprint, &bank);
        assessment.own_decks = self.own_decks_of(id, &session, &assessment.earlier);
        let body = serde_json::to_string(&StoredResult {
            summary: Summary::of(&session, &assessment),
            edition: self.edition_of(id, &bank),
            bank,
            corrections: self
                .kept(id)
                .map(|kept| kept.corrections)
                .unwrap_or_default(),
            reason: None,
        });
        // The new result keeps the original time; the newer version decides between results of the same time.
        let scored_at = self
            .store
            .results(id)?
            .last()
            .map_or(0, |result| result.scored_at);
        Ok(Scored {
            scored_at,
            version: VERSION,
            body: body.unwrap_or_default(),
        })
    }

    /// Stores the result of a corrected session beside the earlier ones.
    pub(super) fn put_rescored(
        &mut self,
        id: &SessionId,
        result: &StoredResult,
    ) -> Result<(), StoreError> {
        let before = self
            .store
            .results(id)?
            .last()
            .map_or(0, |last| last.scored_at);
        let result = Scored {
            // After the result that it replaces, whatever the clock says.
            scored_at: self.wall_ms().max(before + 1),
            version: VERSION,
            body: serde_json::to_string(result).unwrap_or_default(),
        };
        self.store.put_result(id, &result, &[])
    }

    /// Returns the scores that a session had before corrections, and those by earlier scoring versions.
    pub(super) fn former(&self, id: &SessionId) -> Vec<FormerScores> {
        let results = self.store.results(id).unwrap_or_default();
        let read = |result: &Scored| serde_json::from_str::<StoredResult>(&result.body).ok();
        let former = |pair: &[Scored]| {
            let [result, next] = pair else { return None };
            let reason = read(next).and_then(|next| next.reason);
            // Results of one version differ only by corrections.
            if result.version == next.version && reason.is_none() {
                return None;
            }
            let Summary {
                overall,
                competencies,
                ..
            } = read(result)?.summary;
            Some(FormerScores {
                version: result.version,
                overall,
                competencies,
                corrected: reason.map(|reason| Corrected {
                    day: day_of(next.scored_at).to_string(),
                    reason: Text::new(&reason),
                }),
            })
        };
        results.windows(2).filter_map(former).collect()
    }
}
