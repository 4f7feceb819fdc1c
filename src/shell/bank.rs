//! All questions as one person stands to them: seen, kept for an assessment, or new to practice.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::Shell;
use crate::core::deck::Entry;
use crate::core::form::allocate;
use crate::core::practice::Why;
use crate::core::question::Kind;
use crate::core::queue::Offer;
use crate::core::reserve::{KEPT, Unseen, reserve, stable};
use crate::deck::load::Library;
use crate::store::StoreError;

/// Where a question stands: number of its deck, number of its entry.
pub(super) type Place = (usize, usize);

/// Names are numbers already that look like chance.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub(super) struct Bank<'a> {
    library: &'a Library,
    places: HashMap<u64, Place, BuildHasherDefault<AsItIs>>,
    /// For each deck and entry whether the person was ever shown it.
    seen: Vec<Vec<bool>>,
    kept: HashSet<Place>,
    /// Families of what is kept: their other questions would give it away.
    families: HashSet<&'a str>,
    /// For each competency of the blueprint: questions seen.
    pub seen_of: Vec<usize>,
}

impl<'a> Bank<'a> {
    pub fn of(shell: &'a Shell) -> Result<Self, StoreError> {
        let library = &shell.library;
        let decks = library.decks.iter().map(|loaded| &loaded.deck);
        let count = decks.clone().map(|deck| deck.entries.len()).sum();
        let mut places = HashMap::with_capacity_and_hasher(count, BuildHasherDefault::default());
        for (d, deck) in decks.clone().enumerate() {
            for (e, entry) in deck.entries.iter().enumerate() {
                places.insert(stable(deck.id.as_str(), entry.id.as_str()), (d, e));
            }
        }
        let seen = decks.map(|deck| vec![false; deck.entries.len()]).collect();
        let (kept, families, seen_of) = (HashSet::new(), HashSet::new(), Vec::new());
        let mut bank = Self { library, places, seen, kept, families, seen_of };
        let mut shown = Vec::new();
        shell.store.each_seen(shell.person, |deck, question| shown.extend(bank.place(deck, question)))?;
        for (d, e) in shown {
            bank.seen[d][e] = true;
        }
        bank.keep();
        Ok(bank)
    }

    /// Sets apart what a standard form would be made of.
    fn keep(&mut self) {
        let blueprint = &self.library.outline.blueprint;
        let weights: Vec<u32> = blueprint.scored().map(|c| c.weight).collect();
        let mut shares = allocate(&weights, KEPT).into_iter();
        for competency in &blueprint.competencies {
            let share = if competency.is_scored() { shares.next().unwrap_or(0) } else { 0 };
            let (mut unseen, mut places, mut seen) = (Vec::new(), Vec::new(), 0);
            for (d, loaded) in self.library.decks.iter().enumerate() {
                if loaded.deck.competency != competency.id {
                    continue;
                }
                for (e, entry) in loaded.deck.entries.iter().enumerate() {
                    if self.seen[d][e] {
                        seen += 1;
                    } else if entry.kind != Kind::Open && share > 0 {
                        let order = stable(loaded.deck.id.as_str(), entry.id.as_str());
                        unseen.push(Unseen { facet: &entry.facet, family: entry.family.as_deref(), order });
                        places.push((d, e));
                    }
                }
            }
            let kept = reserve(&unseen, share, &mut self.families);
            self.kept.extend(kept.into_iter().map(|n| places[n]));
            self.seen_of.push(seen);
        }
    }

    pub fn place(&self, deck: &str, question: &str) -> Option<Place> {
        let place = *self.places.get(&stable(deck, question))?;
        (self.entry(place).id.as_str() == question).then_some(place)
    }

    pub fn entry(&self, (d, e): Place) -> &'a Entry {
        &self.library.decks[d].deck.entries[e]
    }

    pub fn is_kept(&self, place: Place) -> bool {
        self.kept.contains(&place)
    }

    /// Unseen, and neither kept for an assessment nor giving away what is. An open question has no right or wrong that
    /// could be remembered, so it is none.
    pub fn is_new(&self, (d, e): Place) -> bool {
        let entry = self.entry((d, e));
        let gives_away = entry.family.as_deref().is_some_and(|family| self.families.contains(family));
        !self.seen[d][e] && entry.kind != Kind::Open && !gives_away && !self.is_kept((d, e))
    }

    /// The new questions of a competency, by its place in the blueprint.
    pub fn new_of(&self, competency: usize) -> impl Iterator<Item = Place> + '_ {
        let id = &self.library.outline.blueprint.competencies[competency].id;
        let decks = self.library.decks.iter().enumerate().filter(move |(_, loaded)| loaded.deck.competency == *id);
        decks.flat_map(|(d, loaded)| (0..loaded.deck.entries.len()).map(move |e| (d, e))).filter(|p| self.is_new(*p))
    }

    /// Questions of a competency that are kept.
    pub fn kept_of(&self, competency: usize) -> usize {
        let id = &self.library.outline.blueprint.competencies[competency].id;
        self.kept.iter().filter(|(d, _)| self.library.decks[*d].deck.competency == *id).count()
    }

    /// The competency of a question, as a place in the blueprint.
    pub fn competency(&self, (d, _): Place) -> Option<usize> {
        let id = &self.library.decks[d].deck.competency;
        self.library.outline.blueprint.competencies.iter().position(|c| c.id == *id)
    }

    pub fn offer(&self, place: Place, why: Why, rank: i64) -> Offer<'a> {
        let entry = self.entry(place);
        let order = stable(self.library.decks[place.0].deck.id.as_str(), entry.id.as_str());
        Offer { place, why, rank, order, family: entry.family.as_deref(), seconds: entry.seconds }
    }
}
