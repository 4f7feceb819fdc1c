//! The blueprint: competencies and their weights, facets, knowledge points, and
//! where in the source document each facet stands.

use super::id::{CompetencyId, FacetId, PointId, TipId};
use super::question::Level;
use super::text::Text;

/// The outline of the role, in the order in which the document names the competencies.
///
/// `tips` and `role` stand last, with weight 0: they have result lines of their
/// own and no part in the score.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    pub competencies: Vec<Competency>,
    pub tips: Vec<Tip>,
}

#[derive(Clone, Debug)]
pub struct Competency {
    pub id: CompetencyId,
    pub title: Text,
    /// Percent of the score; the weights of all competencies sum to 100.
    pub weight: u32,
    pub facets: Vec<Facet>,
}

#[derive(Clone, Debug)]
pub struct Facet {
    pub id: FacetId,
    pub title: Text,
    /// Where the source document names it, such as `section 5, paragraph 2`.
    pub place: Text,
}

#[derive(Clone, Debug)]
pub struct Tip {
    pub id: TipId,
    pub title: Text,
    pub place: Text,
    pub covers: Vec<FacetId>,
}

/// What an engineer has to know to satisfy a facet, in one sentence.
#[derive(Clone, Debug)]
pub struct Point {
    pub id: PointId,
    pub facet: FacetId,
    pub level: Level,
    pub text: Text,
    /// Author, title and year of each source.
    pub references: Vec<Text>,
}

impl Competency {
    pub fn is_scored(&self) -> bool {
        self.weight > 0
    }
}

impl Blueprint {
    pub fn competency(&self, id: &CompetencyId) -> Option<&Competency> {
        self.competencies.iter().find(|c| c.id == *id)
    }

    pub fn facet(&self, id: &FacetId) -> Option<(&Competency, &Facet)> {
        self.competencies.iter().find_map(|c| Some((c, c.facets.iter().find(|f| f.id == *id)?)))
    }

    /// The competencies that make up the score.
    pub fn scored(&self) -> impl Iterator<Item = &Competency> {
        self.competencies.iter().filter(|c| c.is_scored())
    }
}
