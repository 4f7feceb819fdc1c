//! The page of one deck: its questions by facet, and which of them the person has seen.

use super::Workspace;
use super::bank::Bank;
use crate::app::effect::{DeckPage, FacetCoverage};
use crate::core::id::{DeckId, FacetId};
use crate::core::question::Level;
use crate::core::text::Text;
use crate::deck::load::LoadedDeck;

impl Workspace {
    /// Returns the page of a deck, with its facets in the order of the blueprint; `None` if there is no such deck.
    pub(super) fn deck_page(&self, id: &DeckId) -> Option<DeckPage> {
        let d = self
            .decks_in_order(&[])
            .into_iter()
            .find(|d| self.library.decks[*d].deck.id == *id)?;
        let loaded = &self.library.decks[d];
        // Without a readable history, no question counts as seen.
        let seen = Bank::of(self, &[]).seen().unwrap_or_default();
        let is_seen = |i: usize| seen.get(d).is_some_and(|seen| seen[i]);
        let competency = self
            .library
            .outline
            .blueprint
            .competency(&loaded.deck.competency);
        let facets = competency.map_or(&[][..], |competency| &competency.facets);
        let coverage = |title: &Text, belongs: &dyn Fn(&FacetId) -> bool| {
            let entries = loaded.deck.entries.iter().enumerate();
            let of_facet: Vec<usize> = entries
                .filter(|(_, entry)| belongs(&entry.facet))
                .map(|(i, _)| i)
                .collect();
            FacetCoverage {
                title: title.clone(),
                questions: of_facet.len(),
                seen: of_facet
                    .into_iter()
                    .filter(|i| is_seen(*i))
                    .filter_map(|i| line(loaded, i))
                    .collect(),
            }
        };
        let mut lines: Vec<FacetCoverage> = facets
            .iter()
            .map(|facet| coverage(&facet.title, &|id| *id == facet.id))
            .collect();
        // Some competencies have no facets, and a deck of one's own may name others.
        let title = match lines.is_empty() {
            true => "Questions",
            false => "Other questions",
        };
        let others = coverage(&Text::new(title), &|id| {
            facets.iter().all(|facet| facet.id != *id)
        });
        if others.questions > 0 {
            lines.push(others);
        }
        Some(DeckPage {
            id: id.clone(),
            title: loaded.deck.title.clone(),
            facets: lines,
        })
    }
}

/// Returns the level and the lead-in of a question; `None` if the question can't be read.
fn line(loaded: &LoadedDeck, i: usize) -> Option<(Level, Text)> {
    let question = loaded.question(i).ok()?;
    let lead_in = match question.instance() {
        Some(example) => example.fill(&question.lead_in),
        None => question.lead_in,
    };
    Some((question.level, lead_in))
}
