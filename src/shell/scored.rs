//! Results: what a finished session scored, kept beside its events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Shell;
use super::start::{Refused, session_back};
use crate::core::id::{CompetencyId, SessionId};
use crate::core::time::Millis;
use crate::session::assessment::{Assessment, Bank, Status};
use crate::session::{Session, Stamped};
use crate::store::{Scored, StoreError};
use crate::tui::effect::{News, Opened};

/// The version of the scoring that results were made with.
const VERSION: u32 = 1;
/// Of a larger bank an even sample stands for the whole: more questions hardly move the mean.
const SAMPLE: usize = 2000;

/// What is kept of a result: enough to draw history, and the bank that its scores refer to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub summary: Summary,
    pub bank: Bank,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    pub questions: usize,
    pub answered: usize,
    pub spent: Millis,
    /// Score, low and high end of its 90 % interval.
    pub overall: Option<(f64, f64, f64)>,
    pub competencies: BTreeMap<CompetencyId, (f64, f64, f64)>,
}

impl Summary {
    fn of(session: &Session, assessment: &Assessment) -> Self {
        let scores = &assessment.scores;
        let measured = scores.competencies.iter().filter_map(|c| Some((c.id.clone(), c.measure.as_ref()?)));
        Self {
            questions: session.len(),
            answered: assessment.count(Status::Answered),
            spent: session.at(),
            overall: scores.overall.as_ref().map(|o| (o.score, o.low, o.high)),
            competencies: measured.map(|(id, m)| (id, (m.score, m.low, m.high))).collect(),
        }
    }
}

/// Of so many questions those that stand for all.
pub(super) fn sample(questions: usize) -> impl Iterator<Item = usize> {
    (0..questions).step_by(questions.div_ceil(SAMPLE).max(1))
}

impl Shell {
    /// Scores the session that has just finished, keeps the result, and lets go of the session.
    pub fn score_running(&mut self, session: Session) -> Vec<News> {
        let Some(id) = self.running.as_ref().map(|running| running.id().clone()) else { return Vec::new() };
        let bank = self.bank(&session);
        let opened = self.opened(id.clone(), session, &bank);
        let kept = Kept { summary: Summary::of(&opened.session, &opened.assessment), bank };
        let body = serde_json::to_string(&kept).unwrap_or_default();
        let wall_ms = self.wall_ms();
        let result = Scored { scored_at: wall_ms, version: VERSION, body };
        let reviews = super::derive::reviews_of(&opened.session, &opened.assessment.outcomes, wall_ms);
        let mut news = self.keep_result(result, reviews);
        news.insert(0, News::Home(Box::new(self.home())));
        news.insert(1, News::Opened(Box::new(opened)));
        news
    }

    fn opened(&self, id: SessionId, session: Session, bank: &Bank) -> Opened {
        let assessment = Assessment::of(&session, &self.library.outline.blueprint, bank);
        let competencies = session.form.items.iter().map(|item| &item.competency);
        let mut points = BTreeMap::new();
        for competency in competencies.collect::<std::collections::BTreeSet<_>>() {
            for point in self.library.outline.points_of(competency) {
                points.insert(point.id.clone(), point.clone());
            }
        }
        Opened { id, session, assessment, points }
    }

    /// All questions of the competencies that were asked about, as scores need them.
    fn bank(&self, session: &Session) -> Bank {
        let mut bank = Bank::default();
        let asked: std::collections::BTreeSet<_> = session.form.items.iter().map(|item| &item.competency).collect();
        for loaded in self.library.decks.iter().filter(|loaded| asked.contains(&loaded.deck.competency)) {
            for index in sample(loaded.deck.entries.len()) {
                if let Ok(question) = loaded.question(index) {
                    bank.add(&loaded.deck.competency, &question);
                }
            }
        }
        // Where the decks of a competency are gone, the form's own questions are the bank that is left.
        let gone: Vec<bool> = session.form.items.iter().map(|item| !bank.knows(&item.competency)).collect();
        for ((item, question), _) in
            session.form.items.iter().zip(session.questions.iter()).zip(gone).filter(|(_, gone)| *gone)
        {
            bank.add(&item.competency, question);
        }
        bank
    }

    /// A finished session, to be looked at again.
    ///
    /// # Errors
    /// It does not exist, or cannot be read back.
    pub fn open_result(&self, id: &SessionId) -> Result<Opened, Refused> {
        let stored = self.store.load(id)?.ok_or_else(|| StoreError::NoSession { session: id.clone() })?;
        let (session, _) = session_back(self, stored.start)?;
        let kept = self.store.results(id)?.into_iter().rev().find_map(|r| serde_json::from_str::<Kept>(&r.body).ok());
        let bank = kept.map_or_else(|| self.bank(&session), |kept| kept.bank);
        Ok(self.opened(id.clone(), session, &bank))
    }

    /// Adds a note or a rating to a session that is over.
    ///
    /// # Errors
    /// What the store says.
    pub fn amend(&mut self, id: &SessionId, stamped: Stamped) -> Result<(), Refused> {
        self.catch_up()?;
        let first = self.store.events(id)?.len() as u32;
        let logged = self.logged(stamped);
        Ok(self.store.append(id, first, &[logged])?)
    }
}
