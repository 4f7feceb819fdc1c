//! Coverage of the blueprint by the questions of a library.

use std::collections::HashMap;

use serde::Serialize;

use super::load::Library;
use crate::core::blueprint::{Facet, Point, Tip};
use crate::core::id::{CompetencyId, FacetId, PointId, TipId};
use crate::core::question::{Level, Question};
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
    pub composition: Composition,
    pub facets: Vec<FacetCoverage>,
}

/// What the questions on a competency consist of.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Composition {
    /// The number of questions of each level, in the order of [`Level::ALL`].
    pub levels: [usize; Level::ALL.len()],
    /// The number of questions with a figure or a listing, simulated ones included.
    pub figures: usize,
    /// The number of questions that share their family with another question of the deck.
    pub twins: usize,
    /// The number of simulated questions.
    pub simulations: usize,
}

impl Composition {
    fn add(&mut self, question: &Question, has_twin: bool) {
        self.levels[question.level as usize] += 1;
        let simulated = question.simulation.is_some();
        let drawn = simulated || question.code.is_some() || !question.figures.is_empty();
        self.figures += usize::from(drawn);
        self.twins += usize::from(has_twin);
        self.simulations += usize::from(simulated);
    }
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

/// The number of questions per facet, knowledge point and tip, and the composition of each competency.
#[derive(Default)]
struct Counts {
    compositions: HashMap<CompetencyId, Composition>,
    facets: HashMap<FacetId, usize>,
    points: HashMap<PointId, usize>,
    tips: HashMap<TipId, usize>,
}

impl Counts {
    /// Counts the questions of a library that can be parsed.
    fn of(library: &Library) -> Self {
        let mut counts = Self::default();
        for loaded in &library.decks {
            let questions = (0..loaded.deck.entries.len()).filter_map(|i| loaded.question(i).ok());
            let questions: Vec<Question> = questions.collect();
            for question in &questions {
                let is_twin = |other: &&Question| {
                    question.family.is_some() && other.family == question.family
                };
                let has_twin = questions.iter().filter(is_twin).count() > 1;
                counts.add(question, has_twin, library);
            }
        }
        counts
    }

    fn add(&mut self, question: &Question, has_twin: bool, library: &Library) {
        if let Some((competency, _)) = library.outline.blueprint.facet(&question.facet) {
            let composition = self.compositions.entry(competency.id.clone());
            composition.or_default().add(question, has_twin);
        }
        *self.facets.entry(question.facet.clone()).or_default() += 1;
        for point in &question.points {
            *self.points.entry(point.clone()).or_default() += 1;
        }
        for tip in &question.tips {
            *self.tips.entry(tip.clone()).or_default() += 1;
        }
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
        let mut counts = Counts::of(library);
        let mut compositions = std::mem::take(&mut counts.compositions);
        let outline = &library.outline;
        let competencies = outline.blueprint.competencies.iter().map(|competency| {
            let points = outline.points_of(&competency.id);
            let facets = competency
                .facets
                .iter()
                .map(|facet| counts.facet(facet, points));
            CompetencyCoverage {
                title: competency.title.clone(),
                composition: compositions.remove(&competency.id).unwrap_or_default(),
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
