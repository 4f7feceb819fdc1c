//! The review of one question: the question, the answer, the key and its explanation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rounding::Number;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::PointId;
use crate::core::question::{Kind, Level};
use crate::core::response::Confidence;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::Session;
use crate::session::assessment::Assessment;
use crate::session::present::{Key, Presented, Verdict};

/// The review of one question of a session.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// Its number in the form, from 1.
    pub number: usize,
    pub deck: Text,
    pub id: Text,
    pub competency: Text,
    pub facet: Text,
    /// The place of the facet in the source document.
    pub place: Text,
    pub level: Level,
    pub kind: Kind,
    pub verdict: Verdict,
    /// In [0, 1]; `null` without an answer, and for open questions.
    pub score: Option<f64>,
    /// The calculation of the score.
    pub arithmetic: Option<Text>,
    /// True if it counts for the competency's score.
    pub counts: bool,
    /// True if it was never shown to this person before.
    pub fresh: bool,
    /// The reason why it was withdrawn after the session; absent if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Text>,
    /// The question, the answer and the key.
    #[serde(flatten, serialize_with = "super::json::presented")]
    pub presented: Presented,
    pub points: Vec<PointLine>,
    pub spent_ms: Millis,
    pub confidence: Option<Confidence>,
    pub flagged: bool,
    /// The person's own note.
    pub note: Text,
}

/// A knowledge point that the question is about.
#[derive(Clone, Debug, Serialize)]
pub struct PointLine {
    pub id: Text,
    pub text: Text,
    pub references: Vec<Text>,
}

impl Review {
    pub(super) fn of(
        session: &Session,
        assessment: &Assessment,
        slot: usize,
        blueprint: &Blueprint,
        points: &BTreeMap<PointId, Point>,
    ) -> Self {
        let (item, sheet, question) = (
            session.item(slot),
            session.sheet(slot),
            session.question(slot),
        );
        let outcome = &assessment.outcomes[slot];
        let presented = Presented::of(session, slot, outcome);
        let facet = blueprint.facet(&item.facet).map(|(_, facet)| facet);
        let competency = blueprint.competency(&item.competency);
        let point = |id: &PointId| {
            let point = points.get(id)?;
            Some(PointLine {
                id: Text::new(id.as_str()),
                text: point.text.clone(),
                references: point.references.clone(),
            })
        };
        Self {
            number: slot + 1,
            deck: Text::new(item.deck.as_str()),
            id: Text::new(item.question.as_str()),
            competency: competency
                .map_or_else(|| Text::new(item.competency.as_str()), |c| c.title.clone()),
            facet: facet.map_or_else(|| Text::new(item.facet.as_str()), |f| f.title.clone()),
            place: facet.map(|f| f.place.clone()).unwrap_or_default(),
            level: item.level,
            kind: item.kind,
            verdict: presented.verdict,
            score: outcome.scored.as_ref().map(|s| s.value.rounded(1000.0)),
            arithmetic: presented.revealed.arithmetic.clone(),
            counts: outcome.counts,
            fresh: item.fresh,
            withdrawn: session.withdrawal(slot).cloned(),
            presented,
            points: question.points.iter().filter_map(point).collect(),
            spent_ms: sheet.spent,
            confidence: sheet.confidence,
            flagged: sheet.flagged,
            note: Text::new(&sheet.note),
        }
    }

    /// Returns the person's points and the maximum of an open question; `None` if it was not rated.
    pub(super) fn rated(&self) -> Option<(u32, u32)> {
        let Key::Words { rubric, .. } = &self.presented.revealed.key else {
            return None;
        };
        let own = rubric.iter().any(|rating| rating.own.is_some());
        own.then(|| {
            (
                rubric.iter().filter_map(|rating| rating.own).sum(),
                rubric.iter().map(|r| r.points).sum(),
            )
        })
    }
}
