//! The blueprint: competencies with their weights, facets, knowledge points, and the
//! section of the source document for each facet.

use super::id::{CompetencyId, FacetId, PointId, TipId};
use super::question::Level;
use super::text::Text;

/// The outline of the role, with the competencies in the order of the source document.
///
/// `tips` and `role` come last, with weight 0: they have their own result lines and
/// don't affect the score.
#[derive(Clone, Debug, Default)]
pub struct Blueprint {
    pub competencies: Vec<Competency>,
    pub tips: Vec<Tip>,
}

#[derive(Clone, Debug)]
pub struct Competency {
    pub id: CompetencyId,
    pub title: Text,
    /// The weight in the score, in percent; the weights of all competencies sum to 100.
    pub weight: u32,
    pub facets: Vec<Facet>,
}

#[derive(Clone, Debug)]
pub struct Facet {
    pub id: FacetId,
    pub title: Text,
    /// The place in the source document, such as `section 5, paragraph 2`.
    pub place: Text,
}

#[derive(Clone, Debug)]
pub struct Tip {
    pub id: TipId,
    pub title: Text,
    pub place: Text,
    pub covers: Vec<FacetId>,
}

/// One sentence of knowledge that a facet requires.
#[derive(Clone, Debug)]
pub struct Point {
    pub id: PointId,
    pub facet: FacetId,
    pub level: Level,
    pub text: Text,
    /// The author, title and year of each source.
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
        self.competencies
            .iter()
            .find_map(|c| Some((c, c.facets.iter().find(|f| f.id == *id)?)))
    }

    /// Returns the competencies that count for the score.
    pub fn scored(&self) -> impl Iterator<Item = &Competency> {
        self.competencies.iter().filter(|c| c.is_scored())
    }
}
