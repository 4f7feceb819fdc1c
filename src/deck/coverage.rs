//! Coverage of the blueprint by the questions of a library.

use std::collections::HashMap;

use serde::Serialize;

use super::load::Library;
use crate::core::blueprint::{Facet, Point, Tip};
use crate::core::id::{FacetId, PointId, TipId};
use crate::core::question::Level;
use crate::core::text::Text;

/// The number of questions for every facet, knowledge point and tip.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    pub competencies: Vec<CompetencyCoverage>,
    pub tips: Vec<TipCoverage>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CompetencyCoverage {
    pub title: Text,
    pub facets: Vec<FacetCoverage>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FacetCoverage {
    pub id: FacetId,
    pub title: Text,
    pub questions: usize,
    pub points: Vec<PointCoverage>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PointCoverage {
    pub id: PointId,
    pub level: Level,
    pub questions: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct TipCoverage {
    pub id: TipId,
    pub title: Text,
    pub questions: usize,
}

/// The number of questions per facet, knowledge point and tip.
#[derive(Default)]
struct Counts {
    facets: HashMap<FacetId, usize>,
    points: HashMap<PointId, usize>,
    tips: HashMap<TipId, usize>,
}

impl Counts {
    /// Counts the questions of a library that can be parsed.
    fn of(library: &Library) -> Self {
        let mut counts = Self::default();
        for loaded in &library.decks {
            for index in 0..loaded.deck.entries.len() {
                let Ok(question) = loaded.question(index) else {
                    continue;
                };
                *counts.facets.entry(question.facet).or_default() += 1;
                question
                    .points
                    .into_iter()
                    .for_each(|point| *counts.points.entry(point).or_default() += 1);
                question
                    .tips
                    .into_iter()
                    .for_each(|tip| *counts.tips.entry(tip).or_default() += 1);
            }
        }
        counts
    }

    fn facet(&self, facet: &Facet, points: &[Point]) -> FacetCoverage {
        let points = points
            .iter()
            .filter(|point| point.facet == facet.id)
            .map(|point| PointCoverage {
                id: point.id.clone(),
                level: point.level,
                questions: self.points.get(&point.id).copied().unwrap_or(0),
            });
        FacetCoverage {
            id: facet.id.clone(),
            title: facet.title.clone(),
            questions: self.facets.get(&facet.id).copied().unwrap_or(0),
            points: points.collect(),
        }
    }

    fn tip(&self, tip: &Tip) -> TipCoverage {
        let questions = self.tips.get(&tip.id).copied().unwrap_or(0);
        TipCoverage {
            id: tip.id.clone(),
            title: tip.title.clone(),
            questions,
        }
    }
}

impl Coverage {
    /// Counts the questions of a library; a question that can't be parsed covers nothing.
    pub fn of(library: &Library) -> Self {
        let counts = Counts::of(library);
        let outline = &library.outline;
        let competencies = outline.blueprint.competencies.iter().map(|competency| {
            let points = outline.points_of(&competency.id);
            let facets = competency
                .facets
                .iter()
                .map(|facet| counts.facet(facet, points));
            CompetencyCoverage {
                title: competency.title.clone(),
                facets: facets.collect(),
            }
        });
        let tips = outline.blueprint.tips.iter().map(|tip| counts.tip(tip));
        Self {
            competencies: competencies.collect(),
            tips: tips.collect(),
        }
    }

    /// Returns the number of senior knowledge points that a question covers, and the number of all of them.
    pub fn senior_points(&self) -> (usize, usize) {
        let senior = || self.points().filter(|point| point.level == Level::Senior);
        (
            senior().filter(|point| point.questions > 0).count(),
            senior().count(),
        )
    }

    fn points(&self) -> impl Iterator<Item = &PointCoverage> {
        self.facets().flat_map(|facet| &facet.points)
    }

    pub fn facets(&self) -> impl Iterator<Item = &FacetCoverage> {
        self.competencies
            .iter()
            .flat_map(|competency| &competency.facets)
    }
}
