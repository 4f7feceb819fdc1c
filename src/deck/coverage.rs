//! How much of the blueprint the questions reach.

use std::collections::HashMap;

use serde::Serialize;

use super::load::Library;
use crate::core::id::{FacetId, PointId, TipId};
use crate::core::question::Level;
use crate::core::text::Text;

/// Every facet, knowledge point and tip with the number of questions that reach it.
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

impl Coverage {
    /// Reads every question of the library; those that cannot be read reach nothing.
    pub fn of(library: &Library) -> Self {
        let mut facets: HashMap<FacetId, usize> = HashMap::new();
        let mut points: HashMap<PointId, usize> = HashMap::new();
        let mut tips: HashMap<TipId, usize> = HashMap::new();
        for loaded in &library.decks {
            for index in 0..loaded.deck.entries.len() {
                let Ok(question) = loaded.question(index) else { continue };
                *facets.entry(question.facet).or_default() += 1;
                question.points.into_iter().for_each(|point| *points.entry(point).or_default() += 1);
                question.tips.into_iter().for_each(|tip| *tips.entry(tip).or_default() += 1);
            }
        }
        let outline = &library.outline;
        let competencies = outline.blueprint.competencies.iter().map(|competency| {
            let known = outline.points_of(&competency.id);
            let facets = competency.facets.iter().map(|facet| FacetCoverage {
                id: facet.id.clone(),
                title: facet.title.clone(),
                questions: facets.get(&facet.id).copied().unwrap_or(0),
                points: known
                    .iter()
                    .filter(|point| point.facet == facet.id)
                    .map(|p| PointCoverage {
                        id: p.id.clone(),
                        level: p.level,
                        questions: points.get(&p.id).copied().unwrap_or(0),
                    })
                    .collect(),
            });
            CompetencyCoverage { title: competency.title.clone(), facets: facets.collect() }
        });
        let covered = |id: &TipId| tips.get(id).copied().unwrap_or(0);
        let tips = outline.blueprint.tips.iter();
        Self {
            competencies: competencies.collect(),
            tips: tips
                .map(|t| TipCoverage { id: t.id.clone(), title: t.title.clone(), questions: covered(&t.id) })
                .collect(),
        }
    }

    /// Senior knowledge points that a question reaches, and all there are.
    pub fn senior_points(&self) -> (usize, usize) {
        let senior = || self.points().filter(|point| point.level == Level::Senior);
        (senior().filter(|point| point.questions > 0).count(), senior().count())
    }

    fn points(&self) -> impl Iterator<Item = &PointCoverage> {
        self.facets().flat_map(|facet| &facet.points)
    }

    pub fn facets(&self) -> impl Iterator<Item = &FacetCoverage> {
        self.competencies.iter().flat_map(|competency| &competency.facets)
    }
}
