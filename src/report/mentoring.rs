//! A person's sessions with a mentor, for programs.

use serde::Serialize;

use super::mentor::KIND;
use super::model::thousandths;
use crate::core::calendar::Month;
use crate::core::id::CompetencyId;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{MentoringProgress, PairedChange, Tally};

/// What all of them say.
#[derive(Debug, Serialize)]
pub struct Mentoring {
    pub kind: &'static str,
    pub meetings: usize,
    /// `2026-11-21`
    pub last: Option<String>,
    pub months: Vec<MonthCell>,
    pub agreements: Vec<Agreed>,
    pub bring_back: Vec<Waiting>,
    /// Of those that came back: right at the first vote, and asked.
    pub returned: [usize; 2],
    pub same_question: PairedChangeLine,
    pub twins: PairedChangeLine,
}

#[derive(Debug, Serialize)]
pub struct MonthCell {
    /// `2026-11`
    pub month: String,
    pub competency: String,
    pub right: usize,
    pub answered: usize,
    /// Mean level, 0 to 3, of `reasoned` answers.
    pub reasoning: Option<f64>,
    pub reasoned: usize,
}

#[derive(Debug, Serialize)]
pub struct Agreed {
    pub session: String,
    pub made: String,
    pub due: Option<String>,
    pub text: Text,
    pub kept: Option<bool>,
}

#[derive(Debug, Serialize)]
pub struct Waiting {
    pub deck: String,
    pub question: String,
    pub day: String,
    pub reason: &'static str,
    pub times: usize,
}

/// Pairs of an early and a late answer; `change` is that of the share of right ones, with its 90 % interval.
#[derive(Debug, Serialize)]
pub struct PairedChangeLine {
    pub pairs: usize,
    pub right_early: usize,
    pub right_late: usize,
    pub change: Option<[f64; 3]>,
}

impl From<&PairedChange> for PairedChangeLine {
    fn from(change: &PairedChange) -> Self {
        Self {
            pairs: change.pairs,
            right_early: change.early,
            right_late: change.late,
            change: change.interval().map(|(middle, low, high)| [middle, low, high].map(thousandths)),
        }
    }
}

/// What a person's sessions say, as data.
pub fn mentoring(progress: &MentoringProgress) -> Mentoring {
    let month = |(competency, month): &(CompetencyId, Month), tally: &Tally| MonthCell {
        month: format!("{:04}-{:02}", month.year, month.month),
        competency: competency.to_string(),
        right: tally.right,
        answered: tally.answered,
        reasoning: tally.reasoning().map(thousandths),
        reasoned: tally.reasoned,
    };
    Mentoring {
        kind: KIND,
        meetings: progress.meetings,
        last: progress.last.map(Day::iso),
        months: progress.cells.iter().map(|(key, tally)| month(key, tally)).collect(),
        agreements: progress
            .agreements
            .iter()
            .map(|agreement| Agreed {
                session: agreement.session.to_string(),
                made: agreement.made.iso(),
                due: agreement.due.map(Day::iso),
                text: agreement.text.clone(),
                kept: agreement.kept,
            })
            .collect(),
        bring_back: progress
            .bring_back
            .iter()
            .map(|back| Waiting {
                deck: back.item.deck.to_string(),
                question: back.item.question.to_string(),
                day: back.day.iso(),
                reason: back.reason.words(),
                times: back.times,
            })
            .collect(),
        returned: [progress.returned.0, progress.returned.1],
        same_question: (&progress.same_question).into(),
        twins: (&progress.twins).into(),
    }
}
