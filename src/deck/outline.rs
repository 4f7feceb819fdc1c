//! The outlines in `seeds/`, from which the blueprint is built.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::builtin;
use super::diagnostic::{Diagnostic, Origin};
use super::fields::Fields;
use super::format::{POINTS, SEED};
use super::table::TableReader;
use crate::core::blueprint::{Blueprint, Competency, Facet, Point, Tip};
use crate::core::id::{CompetencyId, FacetId, PointId, TipId};
use crate::core::question::Level;
use crate::core::text::Text;

/// The blueprint with its knowledge points, which are parsed on first use.
pub struct Outline {
    pub blueprint: Blueprint,
    seeds: &'static [(&'static str, &'static str)],
    /// The knowledge points of each competency.
    points: Vec<OnceLock<Vec<Point>>>,
    /// The problems found in the outlines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Outline {
    /// Parses the outlines that are compiled into the program.
    pub fn builtin() -> Self {
        let mut blueprint = Blueprint::default();
        let mut diagnostics = Vec::new();
        for (name, seed) in builtin::SEEDS {
            let file = Text::new(&format!("seeds/{name}.toml"));
            let mut reader = TableReader::new(Origin {
                file: &file,
                text: head(seed),
                first_line: 1,
            });
            let table = reader.parse();
            let fields = reader.table(table.get_ref(), 0..0, &SEED, "the outline".into(), None);
            blueprint.competencies.push(competency(&fields));
            blueprint.tips.extend(fields.tables("tip").iter().map(tip));
            diagnostics.append(&mut reader.diagnostics);
        }
        let points = builtin::SEEDS.iter().map(|_| OnceLock::new()).collect();
        Self {
            blueprint,
            seeds: builtin::SEEDS,
            points,
            diagnostics,
        }
    }

    /// Returns every facet by its name.
    pub fn facets(&self) -> HashMap<&str, FacetId> {
        let facets = self
            .blueprint
            .competencies
            .iter()
            .flat_map(|competency| &competency.facets);
        facets
            .map(|facet| (facet.id.as_str(), facet.id.clone()))
            .collect()
    }

    /// Returns the knowledge points of a competency in outline order; an unknown competency has none.
    pub fn points_of(&self, competency: &CompetencyId) -> &[Point] {
        let Some(place) = self
            .blueprint
            .competencies
            .iter()
            .position(|c| c.id == *competency)
        else {
            return &[];
        };
        self.points[place].get_or_init(|| {
            let (name, seed) = self.seeds[place];
            points(&Text::new(&format!("seeds/{name}.toml")), seed).0
        })
    }
}

/// Returns the part of an outline before its first knowledge point.
fn head(seed: &str) -> &str {
    seed.find("\n[[point]]").map_or(seed, |at| &seed[..=at])
}

fn competency(fields: &Fields) -> Competency {
    Competency {
        id: CompetencyId::new(fields.word("id").unwrap_or_default()),
        title: fields.text("title"),
        weight: fields.integer("weight").unwrap_or(0) as u32,
        facets: fields
            .tables("facet")
            .iter()
            .map(|facet| Facet {
                id: FacetId::new(facet.word("id").unwrap_or_default()),
                title: facet.text("title"),
                place: facet.text("place"),
            })
            .collect(),
    }
}

fn tip(fields: &Fields) -> Tip {
    Tip {
        id: TipId::new(fields.word("id").unwrap_or_default()),
        title: fields.text("title"),
        place: fields.text("place"),
        covers: fields
            .words("covers")
            .iter()
            .map(|(facet, _)| FacetId::new(facet))
            .collect(),
    }
}

/// Parses the knowledge points of an outline. An unknown source is shown by its key.
fn points(file: &Text, seed: &str) -> (Vec<Point>, Vec<Diagnostic>) {
    let text = &seed[head(seed).len()..];
    let first_line = head(seed).lines().count() + 1;
    let mut reader = TableReader::new(Origin {
        file,
        text,
        first_line,
    });
    let table = reader.parse();
    let fields = reader.table(table.get_ref(), 0..0, &POINTS, "the outline".into(), None);
    let sources = references();
    let point = |point: &Fields| Point {
        id: PointId::new(point.word("id").unwrap_or_default()),
        facet: FacetId::new(point.word("facet").unwrap_or_default()),
        level: point
            .word("level")
            .and_then(Level::parse)
            .unwrap_or(Level::Senior),
        text: point.text("text"),
        references: point
            .words("refs")
            .iter()
            .map(|(key, _)| {
                sources
                    .get(key.as_str())
                    .cloned()
                    .unwrap_or_else(|| Text::new(key))
            })
            .collect(),
    };
    (
        fields.tables("point").iter().map(point).collect(),
        reader.diagnostics,
    )
}

/// Returns the sources of the outlines by key.
fn references() -> &'static HashMap<String, Text> {
    static SOURCES: OnceLock<HashMap<String, Text>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        #[derive(serde::Deserialize)]
        struct File {
            references: HashMap<String, Text>,
        }
        toml::from_str::<File>(builtin::REFERENCES)
            .map(|file| file.references)
            .unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outlines_have_no_mistakes_and_name_one_another_rightly() {
        let outline = Outline::builtin();
        assert_eq!(outline.diagnostics, []);
        let weights: u32 = outline
            .blueprint
            .competencies
            .iter()
            .map(|c| c.weight)
            .sum();
        assert_eq!(weights, 100);
        let facets = outline.facets();
        assert_eq!(
            facets.len(),
            outline
                .blueprint
                .competencies
                .iter()
                .map(|c| c.facets.len())
                .sum::<usize>()
        );
        for tip in &outline.blueprint.tips {
            assert!(
                tip.covers
                    .iter()
                    .all(|facet| facets.contains_key(facet.as_str())),
                "{}",
                tip.id
            );
        }
        for (name, seed) in builtin::SEEDS {
            let (points, diagnostics) = points(&Text::new(name), seed);
            assert_eq!(diagnostics, []);
            assert!(!points.is_empty());
            for point in points {
                assert!(
                    point
                        .id
                        .as_str()
                        .starts_with(&format!("{}/kp", point.facet)),
                    "{}",
                    point.id
                );
                assert!(facets.contains_key(point.facet.as_str()), "{}", point.id);
                assert!(
                    point
                        .references
                        .iter()
                        .all(|source| source.as_str().contains(' ')),
                    "{}",
                    point.id
                );
            }
        }
    }
}
