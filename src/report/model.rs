//! The view-model of a report, independent of its format.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calibration::CalibrationSummary;
use super::overview::{CompetencyFacets, QuestionTime};
use super::review::Review;
use super::rounding::{tenths, thousandths};
use super::words;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{DeckId, PointId, SessionId};
use crate::core::measure::{Difference, Measure, Need, Overall};
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::{Limit, Millis};
use crate::session::assessment::{
    Assessment, CompetencyResult, FormerScores, Scores, Shortfall, Status, UnscoredResult,
};
use crate::session::{Comparison, Session, aside};

/// The facts about a session that the session itself does not hold: its id, day and person.
#[derive(Clone, Debug, Serialize)]
pub struct Heading {
    pub session: SessionId,
    /// Such as `21 Nov 2026, 14:05`.
    pub day: Text,
    pub person: Text,
    /// When it began, in ISO 8601: `2026-11-21T14:05:00+00:00`.
    pub started_at: String,
    /// When it was finished, in the same form.
    pub finished_at: Option<String>,
}

/// A report. Its fields are the names of the JSON form.
///
/// Times are in milliseconds, scores and chance levels in percent to one
/// decimal, shares in [0, 1] to three; questions are numbered from 1 in the
/// form's order; competencies are in the blueprint's order, which is not a
/// ranking.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this layout. Fields may be added to a version, never renamed, removed or given another meaning.
    pub format: u32,
    /// `self-assessment, unsupervised`
    pub kind: &'static str,
    #[serde(flatten)]
    pub heading: Heading,
    /// The code that repeats the form; empty for an adaptive assessment.
    pub form: Text,
    /// A sentence about how an adaptive assessment ended; absent for other sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adaptive: Option<String>,
    /// `form code 7K3-QX9`, or `adaptive, seed 7`.
    #[serde(skip)]
    pub name: Text,
    /// The assessments that it deepens, oldest first; `result` includes their answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub continues: Vec<Continued>,
    pub tally: StatusCounts,
    /// The number of questions that were new variants of questions seen before; absent if there were none.
    #[serde(skip_serializing_if = "is_zero")]
    pub variants: usize,
    #[serde(skip)]
    pub variants_sentence: Option<String>,
    /// The time charged to the session, without gaps.
    pub spent_ms: Millis,
    /// `null` without a limit.
    pub limit_ms: Option<Millis>,
    /// The charged time at which the limit was reached, if it was.
    pub expired_at_ms: Option<Millis>,
    pub gaps: Vec<GapLine>,
    /// The person's target level.
    pub target: Level,
    /// The scores that earlier scoring versions gave to the same answers.
    pub former_scores: Vec<FormerScores>,
    /// The scores over all answers that count, including those after the limit.
    pub result: Summary,
    /// The decks of the session that don't count for the score of the role; absent if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub own_decks: Vec<DeckId>,
    /// The sentence about them.
    #[serde(skip)]
    pub apart_from_role: Option<String>,
    /// The comparison with an earlier assessment, if there is one.
    pub since: Option<ComparisonSummary>,
    /// The scores at the time limit, if answers changed after it.
    pub within_limit: Option<Summary>,
    /// Competencies outside the score, such as tips and role.
    pub apart: Vec<UnscoredLine>,
    pub confidence: Option<CalibrationSummary>,
    /// Numbers of the questions whose answer was stated as sure and was wrong.
    pub sure_and_wrong: Vec<usize>,
    /// The questions that were reached; the others stay unseen.
    pub questions: Vec<Review>,
    /// The next steps, a sentence each.
    pub next: Vec<String>,
    /// The number of right answers and of scored questions: `22 of 24`.
    #[serde(skip)]
    pub right: String,
    /// The verdicts by facet, for each competency with a question.
    #[serde(skip)]
    pub facets: Vec<CompetencyFacets>,
    /// The time of each question that was reached.
    #[serde(skip)]
    pub times: Vec<QuestionTime>,
}

// The signature that `skip_serializing_if` needs.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// An assessment that was deepened, with its number of questions.
#[derive(Clone, Debug, Serialize)]
pub struct Continued {
    pub session: SessionId,
    pub questions: usize,
}

/// The changes since an earlier assessment; both are scored on the same bank.
#[derive(Clone, Debug, Serialize)]
pub struct ComparisonSummary {
    pub session: SessionId,
    pub day: Text,
    /// `null` if the two asked about different competencies.
    pub overall: Option<ScoreChange>,
    /// By competency id.
    pub competencies: BTreeMap<String, ScoreChange>,
    /// The changes in a sentence.
    #[serde(rename = "told")]
    pub sentence: String,
}

/// A later score minus an earlier one, in points, with its 90% interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ScoreChange {
    #[serde(serialize_with = "tenths")]
    pub by: f64,
    #[serde(serialize_with = "tenths")]
    pub low: f64,
    #[serde(serialize_with = "tenths")]
    pub high: f64,
    /// True if the interval excludes 0.
    pub is_change: bool,
}

/// The number of questions by status.
#[derive(Clone, Debug, Serialize)]
pub struct StatusCounts {
    pub questions: usize,
    pub answered: usize,
    pub omitted: usize,
    /// On the screen and blank when the time ran out.
    pub timed_out: usize,
    pub not_reached: usize,
}

/// A period that was not charged, because the machine was suspended or the session was left.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct GapLine {
    /// The charged time at which it began.
    pub at_ms: Millis,
    pub length_ms: Millis,
}

#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// `null` if too few questions were answered.
    pub overall: Option<Estimate>,
    /// What the overall score still lacks; `null` if there is a score.
    pub shortfall: Option<Shortfall>,
    /// The shortfall in a sentence.
    #[serde(skip)]
    pub too_few: Option<String>,
    pub competencies: Vec<CompetencyLine>,
}

/// A score in percent, with its 90% interval.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    #[serde(serialize_with = "tenths")]
    pub score: f64,
    #[serde(serialize_with = "tenths")]
    pub low: f64,
    #[serde(serialize_with = "tenths")]
    pub high: f64,
    /// One level, or two adjacent ones if the evidence allows no more: `mid to senior`.
    pub standing: Option<String>,
    /// The probability of the target level or a higher one, in [0, 1].
    #[serde(serialize_with = "thousandths")]
    pub target_or_above: f64,
    /// True if the interval reaches down to the score of guessing.
    pub like_guessing: bool,
    /// Both of these in words.
    #[serde(skip)]
    pub aside: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct CompetencyLine {
    pub id: Text,
    pub title: Text,
    /// The number of questions of the form, except open ones.
    pub planned: usize,
    /// The number of them that count for the score.
    pub scored: usize,
    /// The number of counting questions that were answered.
    pub answered: usize,
    /// The number of counting questions from the assessments that this one deepens.
    pub earlier: usize,
    /// The sum of the scores of the counting questions.
    #[serde(serialize_with = "thousandths")]
    pub points: f64,
    /// The score expected from guessing all questions of the bank, in percent.
    #[serde(serialize_with = "tenths")]
    pub chance: f64,
    pub omitted: usize,
    /// Includes time-outs.
    pub not_reached: usize,
    pub facets_touched: usize,
    pub facets: usize,
    pub spent_ms: Millis,
    /// `null` below 3 counting questions.
    pub estimate: Option<Estimate>,
    /// The estimated number of further questions for a single level; `null` if there is one, or for more than 20.
    pub more_questions: Option<usize>,
    /// Sentences about the meaning of the score, its uncertainty, and what would reduce it.
    pub evidence: String,
    /// The sentence about what a single level still lacks, if anything.
    #[serde(skip)]
    pub missing: Option<String>,
    /// The person's self-rating before the first question.
    pub self_rating: Option<Level>,
}

#[derive(Clone, Debug, Serialize)]
pub struct UnscoredLine {
    pub id: Text,
    pub title: Text,
    pub asked: usize,
    #[serde(serialize_with = "thousandths")]
    pub points: f64,
}

impl Report {
    /// Creates the report of a session. `points` are the knowledge points that its questions may name.
    pub fn of(
        session: &Session,
        assessment: &Assessment,
        blueprint: &Blueprint,
        points: &BTreeMap<PointId, Point>,
        heading: Heading,
    ) -> Self {
        // The key of a question that was never shown stays hidden.
        let reached = (0..session.len())
            .filter(|slot| assessment.outcomes[*slot].status != Status::NotReached);
        let questions: Vec<Review> = reached
            .map(|slot| Review::of(session, assessment, slot, blueprint, points))
            .collect();
        let result = Summary::of(&assessment.scores, assessment.target);
        let sure_and_wrong: Vec<usize> = assessment
            .sure_and_wrong
            .iter()
            .map(|slot| slot + 1)
            .collect();
        Self {
            right: words::right(&questions),
            facets: super::overview::facets(&questions, session, blueprint),
            times: super::overview::times(&questions, session),
            format: 1,
            kind: words::KIND,
            heading,
            form: Text::new(&session.form.code),
            name: Text::new(&session.form.name()),
            adaptive: session.ending(),
            continues: assessment
                .earlier
                .sessions
                .iter()
                .map(Continued::of)
                .collect(),
            tally: StatusCounts::of(assessment),
            variants: session.variants(),
            variants_sentence: session.variants_sentence(),
            spent_ms: session.at(),
            limit_ms: match session.limit {
                Limit::Within(limit) => Some(limit),
                Limit::Untimed => None,
            },
            expired_at_ms: session.expiry().map(|expiry| expiry.at),
            gaps: session
                .gaps()
                .iter()
                .map(|gap| GapLine {
                    at_ms: gap.at,
                    length_ms: gap.length,
                })
                .collect(),
            next: words::next_actions(&result, assessment.first_review()),
            result,
            own_decks: assessment.own_decks.clone(),
            apart_from_role: assessment.apart_from_role(),
            since: assessment
                .comparison
                .as_ref()
                .map(|since| ComparisonSummary::of(since, &assessment.scores)),
            within_limit: assessment
                .within_limit
                .as_ref()
                .map(|scores| Summary::of(scores, assessment.target)),
            target: assessment.target,
            former_scores: assessment.former.clone(),
            apart: assessment.apart.iter().map(UnscoredLine::of).collect(),
            confidence: assessment.calibration.as_ref().map(CalibrationSummary::of),
            sure_and_wrong,
            questions,
        }
    }

    /// Returns the person's points and the maximum over all rated open questions; `None` without any.
    pub fn rated(&self) -> Option<(u32, u32)> {
        let rated: Vec<(u32, u32)> = self.questions.iter().filter_map(Review::rated).collect();
        (!rated.is_empty()).then(|| {
            rated
                .iter()
                .fold((0, 0), |sum, (own, all)| (sum.0 + own, sum.1 + all))
        })
    }
}

impl Continued {
    fn of((session, questions): &(SessionId, usize)) -> Self {
        Self {
            session: session.clone(),
            questions: *questions,
        }
    }
}

impl StatusCounts {
    fn of(assessment: &Assessment) -> Self {
        Self {
            questions: assessment.outcomes.len(),
            answered: assessment.count(Status::Answered),
            omitted: assessment.count(Status::Omitted),
            timed_out: assessment.count(Status::TimedOut),
            not_reached: assessment.count(Status::NotReached),
        }
    }
}

impl Summary {
    fn of(scores: &Scores, target: Level) -> Self {
        Self {
            overall: scores
                .overall
                .as_ref()
                .map(|overall| Estimate::overall(overall, target)),
            shortfall: scores.shortfall,
            too_few: scores.too_few(),
            competencies: scores
                .competencies
                .iter()
                .map(|line| CompetencyLine::of(line, target))
                .collect(),
        }
    }
}

impl ComparisonSummary {
    fn of(since: &Comparison, scores: &Scores) -> Self {
        let change = |d: &Difference| ScoreChange {
            by: d.by,
            low: d.low,
            high: d.high,
            is_change: d.is_change(),
        };
        Self {
            session: since.session.clone(),
            day: Text::new(&since.day),
            overall: since.overall.as_ref().map(change),
            competencies: since
                .competencies
                .iter()
                .map(|(id, d)| (id.to_string(), change(d)))
                .collect(),
            sentence: since.summary(scores),
        }
    }
}

impl Estimate {
    fn of(measure: &Measure, target: Level) -> Self {
        Self {
            score: measure.score,
            low: measure.low,
            high: measure.high,
            standing: Some(measure.standing().to_string()),
            target_or_above: measure.at_least(target),
            like_guessing: measure.is_like_guessing(),
            aside: aside(target, measure.at_least(target), measure.is_like_guessing()),
        }
    }

    fn overall(overall: &Overall, target: Level) -> Self {
        Self {
            score: overall.score,
            low: overall.low,
            high: overall.high,
            standing: Some(overall.standing().to_string()),
            target_or_above: overall.at_least(target),
            like_guessing: overall.is_like_guessing(),
            aside: aside(target, overall.at_least(target), overall.is_like_guessing()),
        }
    }
}

impl CompetencyLine {
    fn of(result: &CompetencyResult, target: Level) -> Self {
        Self {
            id: Text::new(result.id.as_str()),
            title: result.title.clone(),
            planned: result.planned,
            scored: result.scored,
            answered: result.answered,
            earlier: result.earlier,
            points: result.points,
            chance: result.chance,
            omitted: result.omitted,
            not_reached: result.not_reached,
            facets_touched: result.facets_touched,
            facets: result.facets,
            spent_ms: result.spent,
            estimate: result
                .measure
                .as_ref()
                .map(|measure| Estimate::of(measure, target)),
            more_questions: match result.need {
                Some(Need::About(n)) => Some(n),
                _ => None,
            },
            evidence: result.evidence(),
            missing: result.missing(),
            self_rating: result.rating,
        }
    }
}

impl UnscoredLine {
    fn of(apart: &UnscoredResult) -> Self {
        let (id, title) = (Text::new(apart.id.as_str()), apart.title.clone());
        Self {
            id,
            title,
            asked: apart.asked,
            points: apart.points,
        }
    }
}
