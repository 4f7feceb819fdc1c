//! All questions, with their state for one person: seen, answered, reserved for an assessment, or new to practice.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashSet;

use super::Workspace;
use crate::core::blueprint::Competency;
use crate::core::deck::Entry;
use crate::core::fill::Offer;
use crate::core::form::{allocate, cells};
use crate::core::id::{CompetencyId, DeckId};
use crate::core::practice::QueueReason;
use crate::core::question::Kind;
use crate::core::reserve::{KEPT, Unseen, reserve, stable};
use crate::deck::load::Library;
use crate::store::StoreError;

/// The location of a question: index of its deck and index of its entry.
pub(super) type Place = (usize, usize);

/// The question bank of a person. Everything is computed on first use: the due questions need none of it.
pub(super) struct Bank<'a> {
    workspace: &'a Workspace,
    library: &'a Library,
    /// The decks that practice asks from; empty means all.
    decks: &'a [DeckId],
    /// The entries of each deck, sorted by the names of their questions.
    by_name: Vec<OnceCell<Vec<u32>>>,
    marks: OnceCell<QuestionMarks<'a>>,
    suspended: OnceCell<HashSet<Place>>,
}

/// The marks derived from everything that the person was shown.
struct QuestionMarks<'a> {
    /// For each deck and entry: true if the person has answered it in any session.
    answered: Vec<Vec<bool>>,
    /// The questions answered in an unfinished assessment, whose correct answers practice would reveal.
    waiting: HashSet<Place>,
    kept: HashSet<Place>,
    /// The families of reserved questions; other questions of these families would reveal the answers.
    families: HashSet<&'a str>,
}

impl<'a> Bank<'a> {
    pub fn of(workspace: &'a Workspace, decks: &'a [DeckId]) -> Self {
        let library = &workspace.library;
        let by_name = library.decks.iter().map(|_| OnceCell::new()).collect();
        Self {
            workspace,
            library,
            decks,
            by_name,
            marks: OnceCell::new(),
            suspended: OnceCell::new(),
        }
    }

    fn entries(&self, d: usize) -> &'a [Entry] {
        &self.library.decks[d].deck.entries
    }

    fn by_name(&self, d: usize) -> &[u32] {
        self.by_name[d].get_or_init(|| {
            let entries = self.entries(d);
            let mut places: Vec<u32> = (0..entries.len() as u32).collect();
            places.sort_by(|a, b| {
                entries[*a as usize]
                    .id
                    .as_str()
                    .cmp(entries[*b as usize].id.as_str())
            });
            places
        })
    }

    /// Returns the location of a question, or `None` if the decks of this practice do not contain it.
    pub fn place(&self, deck: &str, question: &str) -> Option<Place> {
        let d = self
            .library
            .decks
            .iter()
            .position(|loaded| loaded.deck.id.as_str() == deck)?;
        if !self.is_asked_from(d) {
            return None;
        }
        let (entries, by_name) = (self.entries(d), self.by_name(d));
        let at = by_name
            .binary_search_by(|e| entries[*e as usize].id.as_str().cmp(question))
            .ok()?;
        Some((d, by_name[at] as usize))
    }

    fn is_asked_from(&self, d: usize) -> bool {
        self.decks.is_empty() || self.decks.contains(&self.library.decks[d].deck.id)
    }

    /// Returns the competencies of the daily queue: those of the named decks, or else all scored ones.
    pub fn asked_about(&self) -> Vec<&'a Competency> {
        let named: Vec<CompetencyId> = self
            .decks
            .iter()
            .filter_map(|id| Some(self.library.deck(id)?.deck.competency.clone()))
            .collect();
        let blueprint = &self.library.outline.blueprint;
        let cells = cells(blueprint, &named);
        let places = blueprint.competencies.iter().enumerate();
        places
            .filter(|(i, _)| cells >> i & 1 == 1)
            .map(|(_, competency)| competency)
            .collect()
    }

    pub fn entry(&self, (d, e): Place) -> &'a Entry {
        &self.entries(d)[e]
    }

    fn marks(&self) -> Result<&QuestionMarks<'a>, StoreError> {
        if let Some(marks) = self.marks.get() {
            return Ok(marks);
        }
        let (kept, families) = self.keep(&self.seen()?);
        let answered = self.answered()?;
        let waiting = self
            .workspace
            .store
            .answered_in_open_assessments(self.workspace.person)?;
        let waiting = waiting
            .iter()
            .filter_map(|(deck, question)| self.place(deck.as_str(), question.as_str()));
        let waiting = waiting.collect();
        Ok(self.marks.get_or_init(|| QuestionMarks {
            answered,
            waiting,
            kept,
            families,
        }))
    }

    /// Returns for each deck and entry whether the person was ever shown the question.
    pub fn seen(&self) -> Result<Vec<Vec<bool>>, StoreError> {
        self.marked(|deck, mark| {
            self.workspace
                .store
                .each_seen(self.workspace.person, deck, mark)
        })
    }

    /// Returns for each deck and entry whether the person has answered the question. A question that was only shown is
    /// new to practice.
    fn answered(&self) -> Result<Vec<Vec<bool>>, StoreError> {
        self.marked(|deck, mark| {
            self.workspace
                .store
                .each_answered(self.workspace.person, deck, mark)
        })
    }

    /// Returns for each deck and entry whether `named` contains it.
    ///
    /// The store returns the names in sorted order, so each search continues after the previous match.
    fn marked(
        &self,
        named: impl Fn(&DeckId, &mut dyn FnMut(&str)) -> Result<(), StoreError>,
    ) -> Result<Vec<Vec<bool>>, StoreError> {
        let mut marked: Vec<Vec<bool>> = self
            .library
            .decks
            .iter()
            .map(|l| vec![false; l.deck.entries.len()])
            .collect();
        for (d, loaded) in self.library.decks.iter().enumerate() {
            let mut rest: Option<std::slice::Iter<u32>> = None;
            let entries = self.entries(d);
            named(&loaded.deck.id, &mut |question| {
                let rest = rest.get_or_insert_with(|| self.by_name(d).iter());
                while let Some(e) = rest.as_slice().first().map(|e| *e as usize) {
                    match entries[e].id.as_str().cmp(question) {
                        Ordering::Less => drop(rest.next()),
                        // The cursor stays here, because the same name may follow.
                        Ordering::Equal => return marked[d][e] = true,
                        Ordering::Greater => return,
                    }
                }
            })?;
        }
        Ok(marked)
    }

    /// Reserves the questions that a standard form would use.
    fn keep(&self, seen: &[Vec<bool>]) -> (HashSet<Place>, HashSet<&'a str>) {
        let blueprint = &self.library.outline.blueprint;
        let weights: Vec<u32> = blueprint.scored().map(|c| c.weight).collect();
        let (mut kept, mut families) = (HashSet::new(), HashSet::new());
        for (competency, share) in blueprint.scored().zip(allocate(&weights, KEPT)) {
            // A simulated question is never used up, so practice may always ask it.
            let unseen = |place: &Place| {
                let entry = self.entry(*place);
                let is_assessed = self.library.decks[place.0].deck.is_scored();
                is_assessed && !seen[place.0][place.1] && entry.kind.is_scored() && !entry.simulated
            };
            let places: Vec<Place> = self.places_of(&competency.id).filter(unseen).collect();
            let unseen: Vec<Unseen> = places
                .iter()
                .map(|place| {
                    let entry = self.entry(*place);
                    Unseen {
                        facet: &entry.facet,
                        family: entry.family.as_deref(),
                        order: self.order(*place),
                    }
                })
                .collect();
            kept.extend(
                reserve(&unseen, share, &mut families)
                    .into_iter()
                    .map(|n| places[n]),
            );
        }
        (kept, families)
    }

    fn places_of(&self, id: &CompetencyId) -> impl Iterator<Item = Place> {
        let decks = self
            .library
            .decks
            .iter()
            .enumerate()
            .filter(move |(_, loaded)| loaded.deck.competency == *id);
        decks.flat_map(|(d, loaded)| (0..loaded.deck.entries.len()).map(move |e| (d, e)))
    }

    fn order(&self, place: Place) -> u64 {
        stable(
            self.library.decks[place.0].deck.id.as_str(),
            self.entry(place).id.as_str(),
        )
    }

    /// Returns the questions that practice asks only if the person names them.
    pub fn suspended(&self) -> Result<&HashSet<Place>, StoreError> {
        if let Some(suspended) = self.suspended.get() {
            return Ok(suspended);
        }
        let named = self.workspace.store.suspended(self.workspace.person)?;
        let places = named
            .iter()
            .filter_map(|(deck, question)| self.place(deck.as_str(), question.as_str()))
            .collect();
        Ok(self.suspended.get_or_init(|| places))
    }

    pub fn is_kept(&self, place: Place) -> Result<bool, StoreError> {
        Ok(self.marks()?.kept.contains(&place))
    }

    /// Returns the questions of a competency that practice may ask: the answered ones and the new ones.
    ///
    /// This excludes questions that are reserved for an assessment or would reveal one of those, questions answered in
    /// an unfinished assessment, and open questions, which have no correct answer to recall.
    pub fn of_competency(&self, id: &CompetencyId) -> Result<(Vec<Place>, Vec<Place>), StoreError> {
        let marks = self.marks()?;
        let suspended = self.suspended()?;
        let asked = self
            .places_of(id)
            .filter(|place| self.is_asked_from(place.0));
        let asked =
            asked.filter(|place| !suspended.contains(place) && !marks.waiting.contains(place));
        let closed = asked.filter(|place| self.entry(*place).kind != Kind::Open);
        let (known, mut new): (Vec<Place>, Vec<Place>) =
            closed.partition(|(d, e)| marks.answered[*d][*e]);
        new.retain(|place| {
            let gives_away = self
                .entry(*place)
                .family
                .as_deref()
                .is_some_and(|f| marks.families.contains(f));
            !gives_away && !marks.kept.contains(place)
        });
        Ok((known, new))
    }

    /// Returns true if a competency has questions, all of them to be answered in writing.
    pub fn has_only_written(&self, id: &CompetencyId) -> bool {
        let mut kinds = self.places_of(id).map(|place| self.entry(place).kind);
        kinds.next() == Some(Kind::Open) && kinds.all(|kind| kind == Kind::Open)
    }

    /// Returns the number of reserved questions of a competency.
    pub fn kept_of(&self, id: &CompetencyId) -> Result<usize, StoreError> {
        let marks = self.marks()?;
        Ok(marks
            .kept
            .iter()
            .filter(|(d, _)| self.library.decks[*d].deck.competency == *id)
            .count())
    }

    pub fn competency(&self, (d, _): Place) -> &'a CompetencyId {
        &self.library.decks[d].deck.competency
    }

    pub fn offer(&self, place: Place, why: QueueReason, rank: i64) -> Offer<'a> {
        let entry = self.entry(place);
        Offer {
            place,
            why,
            rank,
            order: self.order(place),
            family: entry.family.as_deref(),
            seconds: entry.seconds,
            new: false,
        }
    }
}
