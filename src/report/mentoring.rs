//! A person's mentor sessions as JSON.

use serde::Serialize;

use super::mentor::KIND;
use super::rounding::Number;
use crate::core::calendar::Month;
use crate::core::id::{CompetencyId, PersonId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{MeetingRecord, MentoringProgress, PairedChange, Tally};

/// A summary of all mentor sessions of a person.
#[derive(Debug, Serialize)]
pub struct MentoringReport {
    pub kind: &'static str,
    pub meetings: usize,
    /// `2026-11-21`
    pub last: Option<String>,
    pub months: Vec<MonthCell>,
    pub agreements: Vec<AgreementLine>,
    pub bring_back: Vec<BringBackLine>,
    /// The questions that were brought back: how many were correct at the first vote, and how many were asked.
    pub returned: [usize; 2],
    pub same_question: PairedChangeLine,
    pub twins: PairedChangeLine,
    /// The reasons that the person gave, oldest first.
    pub reasons: Vec<ReasonLine>,
}

#[derive(Debug, Serialize)]
pub struct MonthCell {
    /// `2026-11`
    pub month: String,
    pub competency: String,
    pub right: usize,
    pub answered: usize,
    /// The mean level, 0 to 3, of `reasoned` answers.
    pub reasoning: Option<f64>,
    pub reasoned: usize,
}

#[derive(Debug, Serialize)]
pub struct AgreementLine {
    pub session: String,
    pub made: String,
    pub due: Option<String>,
    pub text: Text,
    pub kept: Option<bool>,
}

#[derive(Debug, Serialize)]
pub struct BringBackLine {
    pub deck: String,
    pub question: String,
    pub day: String,
    pub reason: &'static str,
    pub times: usize,
}

/// Why the person chose an answer, in their own words.
#[derive(Debug, Serialize)]
pub struct ReasonLine {
    pub session: String,
    pub day: String,
    pub deck: String,
    pub question: String,
    pub text: String,
}

/// Pairs of an early and a late answer. `change` is that of the share of correct answers, with its 90% interval.
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
            change: change.interval().map(|(middle, low, high)| {
                [middle, low, high].map(|number| number.rounded(1000.0))
            }),
        }
    }
}

/// Returns a person's mentor sessions as data. `records` are oldest first.
pub fn mentoring(
    progress: &MentoringProgress,
    records: &[MeetingRecord],
    person: PersonId,
) -> MentoringReport {
    let month = |(competency, month): &(CompetencyId, Month), tally: &Tally| MonthCell {
        month: format!("{:04}-{:02}", month.year, month.month),
        competency: competency.to_string(),
        right: tally.right,
        answered: tally.answered,
        reasoning: tally.reasoning().rounded(1000.0),
        reasoned: tally.reasoned,
    };
    MentoringReport {
        kind: KIND,
        meetings: progress.meetings,
        last: progress.last.map(Day::iso),
        months: progress
            .cells
            .iter()
            .map(|(key, tally)| month(key, tally))
            .collect(),
        agreements: progress
            .agreements
            .iter()
            .map(|agreement| AgreementLine {
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
            .map(|back| BringBackLine {
                deck: back.item.deck.to_string(),
                question: back.item.question.to_string(),
                day: back.day.iso(),
                reason: back.reason.name(),
                times: back.times,
            })
            .collect(),
        returned: [progress.returned.0, progress.returned.1],
        same_question: (&progress.same_question).into(),
        twins: (&progress.twins).into(),
        reasons: records
            .iter()
            .flat_map(|record| reasons(record, person))
            .collect(),
    }
}

/// Returns the reasons of one person in a session.
fn reasons(record: &MeetingRecord, person: PersonId) -> Vec<ReasonLine> {
    let Some(seat) = record.seat_of(person) else {
        return Vec::new();
    };
    record
        .items
        .iter()
        .zip(&record.seats[seat].marks)
        .filter(|(_, mark)| !mark.reason.is_empty())
        .map(|(asked, mark)| ReasonLine {
            session: record.session.to_string(),
            day: record.day.iso(),
            deck: asked.item.deck.to_string(),
            question: asked.item.question.to_string(),
            text: mark.reason.line(),
        })
        .collect()
}
