//! The view-model: everything that a report says, before any format decides how it looks.

use std::collections::BTreeMap;

use serde::Serialize;

use super::believed::Believed;
use super::review::Review;
use super::words;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{PointId, SessionId};
use crate::core::measure::{Difference, Measure, Need, Overall};
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::{Limit, Millis};
use crate::session::assessment::{Apart, Assessment, CompetencyResult, FormerScores, Scores, Shortfall, Status};
use crate::session::{Session, Since, aside};

/// What the session itself does not know: its name, when it was, whose it is.
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
/// form's order; competencies stand in the blueprint's order, which is no
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
    /// How an adaptive assessment came to its end, in a sentence; only such a one has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adaptive: Option<String>,
    /// `form 7K3-QX9`, or `adaptive, seed 7`.
    #[serde(skip)]
    pub name: Text,
    /// The assessments that it deepens, the first one first; `result` counts their answers as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub continues: Vec<Continued>,
    pub tally: Counts,
    /// Time charged to the session; gaps are not in it.
    pub spent_ms: Millis,
    /// `null` without a limit.
    pub limit_ms: Option<Millis>,
    /// When the limit was reached, if it was.
    pub expired_at_ms: Option<Millis>,
    pub gaps: Vec<GapLine>,
    /// The level that the person aims for.
    pub target: Level,
    /// What earlier versions of the scoring gave to the same answers.
    pub former_scores: Vec<FormerScores>,
    /// Everything that counts, whenever it was answered.
    pub result: Summary,
    /// The assessment before it, if there is one that it can be compared with.
    pub since: Option<Changes>,
    /// What was answered within the limit, where answers changed after it.
    pub within_limit: Option<Summary>,
    /// Tips and role: no part of the score.
    pub apart: Vec<Unscored>,
    pub confidence: Option<Believed>,
    /// Numbers of the questions that were called sure and were not right.
    pub sure_and_wrong: Vec<usize>,
    /// Those that were shown: one that was not reached stays unseen.
    pub questions: Vec<Review>,
    /// What to do next, a sentence each.
    pub next: Vec<String>,
}

/// An assessment that was deepened, and how many questions it had.
#[derive(Clone, Debug, Serialize)]
pub struct Continued {
    pub session: SessionId,
    pub questions: usize,
}

/// What has changed since an earlier assessment, both scored on the same bank.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    pub session: SessionId,
    pub day: Text,
    /// `null` where the two asked about different competencies.
    pub overall: Option<Change>,
    /// By competency id.
    pub competencies: BTreeMap<String, Change>,
    /// What of that is a change, in a sentence.
    pub told: String,
}

/// A later score minus an earlier one, in points, with its 90 % interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Change {
    pub by: f64,
    pub low: f64,
    pub high: f64,
    /// The interval excludes 0.
    pub is_change: bool,
}

/// How many questions met which fate.
#[derive(Clone, Debug, Serialize)]
pub struct Counts {
    pub questions: usize,
    pub answered: usize,
    pub omitted: usize,
    /// On the screen and blank when the time ran out.
    pub timed_out: usize,
    pub not_reached: usize,
}

/// Wall time that was not charged: a suspended machine, a session left and taken up again.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct GapLine {
    /// Time charged so far when it happened.
    pub at_ms: Millis,
    pub length_ms: Millis,
}

#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// `null` where too few questions were answered.
    pub overall: Option<Estimate>,
    /// What the overall score still lacks; `null` where there is one.
    pub shortfall: Option<Shortfall>,
    /// The same in a sentence.
    #[serde(skip)]
    pub too_few: Option<String>,
    pub competencies: Vec<CompetencyLine>,
}

/// A score in percent, and the interval that holds the true one with a probability of 90 %.
#[derive(Clone, Debug, Serialize)]
pub struct Estimate {
    pub score: f64,
    pub low: f64,
    pub high: f64,
    /// One level, or two next to each other where the evidence allows no more: `mid to senior`.
    pub standing: Option<String>,
    /// The probability of the level that the person aims for, or a higher one, in [0, 1].
    pub target_or_above: f64,
    /// The interval begins where guessing would score.
    pub like_guessing: bool,
    /// The same in words.
    #[serde(skip)]
    pub aside: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct CompetencyLine {
    pub id: Text,
    pub title: Text,
    /// Questions of the form, open ones apart.
    pub planned: usize,
    /// How many of them count.
    pub scored: usize,
    /// How many of those were answered.
    pub answered: usize,
    /// How many of those stood in the assessments that this one deepens.
    pub earlier: usize,
    /// Sum of the scores of those that count.
    pub points: f64,
    /// What blind guessing earns on average in those that count.
    pub chance: f64,
    pub omitted: usize,
    /// Time-outs included.
    pub not_reached: usize,
    pub facets_touched: usize,
    pub facets: usize,
    pub spent_ms: Millis,
    /// `null` below 3 questions that count.
    pub estimate: Option<Estimate>,
    /// About so many more questions would settle the level; `null` where it is settled, or would take more than 20.
    pub more_questions: Option<usize>,
    /// What the score estimates, how sure it is, and what would make it surer.
    pub evidence: String,
    /// Only the last of that: what is missing to a level, if anything is.
    #[serde(skip)]
    pub missing: Option<String>,
    /// What the person said of themselves before the first question.
    pub self_rating: Option<Level>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Unscored {
    pub id: Text,
    pub title: Text,
    pub asked: usize,
    pub points: f64,
}

impl Report {
    /// The report of a session; `points` are the knowledge points that its questions may name.
    pub fn of(
        session: &Session,
        assessment: &Assessment,
        blueprint: &Blueprint,
        points: &BTreeMap<PointId, Point>,
        heading: Heading,
    ) -> Self {
        // A question that was never shown keeps its key for another time.
        let reached = (0..session.len()).filter(|slot| assessment.outcomes[*slot].status != Status::NotReached);
        let questions: Vec<Review> =
            reached.map(|slot| Review::of(session, assessment, slot, blueprint, points)).collect();
        let result = Summary::of(&assessment.scores, assessment.target);
        let sure_and_wrong: Vec<usize> = assessment.sure_and_wrong.iter().map(|slot| slot + 1).collect();
        Self {
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
                .map(|(session, questions)| Continued { session: session.clone(), questions: *questions })
                .collect(),
            tally: Counts {
                questions: session.len(),
                answered: assessment.count(Status::Answered),
                omitted: assessment.count(Status::Omitted),
                timed_out: assessment.count(Status::TimedOut),
                not_reached: assessment.count(Status::NotReached),
            },
            spent_ms: session.at(),
            limit_ms: match session.limit {
                Limit::Within(limit) => Some(limit),
                Limit::Untimed => None,
            },
            expired_at_ms: session.expiry().map(|expiry| expiry.at),
            gaps: session.gaps().iter().map(|gap| GapLine { at_ms: gap.at, length_ms: gap.length }).collect(),
            next: words::next_actions(&result, assessment.wrong().len(), sure_and_wrong.len()),
            result,
            since: assessment.since.as_ref().map(|since| Changes::of(since, &assessment.scores)),
            within_limit: assessment.within_limit.as_ref().map(|scores| Summary::of(scores, assessment.target)),
            target: assessment.target,
            former_scores: assessment.former.clone(),
            apart: assessment.apart.iter().map(Unscored::of).collect(),
            confidence: assessment.calibration.as_ref().map(Believed::of),
            sure_and_wrong,
            questions,
        }
    }

    /// The rated open questions: points given by the person, and all there are.
    pub fn rated(&self) -> Option<(u32, u32)> {
        let rated: Vec<(u32, u32)> = self.questions.iter().filter_map(Review::rated).collect();
        (!rated.is_empty()).then(|| rated.iter().fold((0, 0), |sum, (own, all)| (sum.0 + own, sum.1 + all)))
    }
}

impl Summary {
    fn of(scores: &Scores, target: Level) -> Self {
        Self {
            overall: scores.overall.as_ref().map(|overall| Estimate::overall(overall, target)),
            shortfall: scores.shortfall,
            too_few: scores.too_few(),
            competencies: scores.competencies.iter().map(|line| CompetencyLine::of(line, target)).collect(),
        }
    }
}

impl Changes {
    fn of(since: &Since, scores: &Scores) -> Self {
        let change = |d: &Difference| Change {
            by: tenths(d.by),
            low: tenths(d.low),
            high: tenths(d.high),
            is_change: d.is_change(),
        };
        Self {
            session: since.session.clone(),
            day: Text::new(&since.day),
            overall: since.overall.as_ref().map(change),
            competencies: since.competencies.iter().map(|(id, d)| (id.to_string(), change(d))).collect(),
            told: since.told(scores),
        }
    }
}

impl Estimate {
    fn of(measure: &Measure, target: Level) -> Self {
        Self {
            score: tenths(measure.score),
            low: tenths(measure.low),
            high: tenths(measure.high),
            standing: Some(measure.standing().to_string()),
            target_or_above: thousandths(measure.at_least(target)),
            like_guessing: measure.is_like_guessing(),
            aside: aside(target, measure.at_least(target), measure.is_like_guessing()),
        }
    }

    fn overall(overall: &Overall, target: Level) -> Self {
        Self {
            score: tenths(overall.score),
            low: tenths(overall.low),
            high: tenths(overall.high),
            standing: Some(overall.standing().to_string()),
            target_or_above: thousandths(overall.at_least(target)),
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
            points: thousandths(result.points),
            chance: tenths(result.chance),
            omitted: result.omitted,
            not_reached: result.not_reached,
            facets_touched: result.facets_touched,
            facets: result.facets,
            spent_ms: result.spent,
            estimate: result.measure.as_ref().map(|measure| Estimate::of(measure, target)),
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

impl Unscored {
    fn of(apart: &Apart) -> Self {
        let (id, title) = (Text::new(apart.id.as_str()), apart.title.clone());
        Self { id, title, asked: apart.asked, points: thousandths(apart.points) }
    }
}

fn tenths(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}

pub(super) fn thousandths(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}
