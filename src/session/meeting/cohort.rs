//! Looking back at several people: what the next session should be about.

use std::collections::BTreeMap;

use super::growth::Growth;
use super::record::{Asked, ENOUGH, Mark, Record};
use super::tally::Tally;
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, QuestionId};

/// People by competencies. Of each person the newest first vote on every question counts, and no older one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// In the order in which they were added: nobody is ranked.
    pub people: Vec<PersonId>,
    /// Those with most to be gained first; those with too few answers to tell stand last.
    pub columns: Vec<Column>,
}

/// One competency over all people.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub competency: CompetencyId,
    /// In the order of [`Cohort::people`].
    pub people: Vec<Tally>,
    pub all: Tally,
    /// Facets with something missed, those missed most often first.
    pub facets: Vec<(FacetId, Tally)>,
    /// Questions that wait to be asked again, over all people.
    pub waiting: usize,
}

impl Column {
    pub fn is_thin(&self) -> bool {
        self.all.answered < ENOUGH
    }
}

/// What is gathered of one competency.
#[derive(Default)]
struct Gathered {
    people: Vec<Tally>,
    facets: BTreeMap<FacetId, Tally>,
    waiting: usize,
}

impl Cohort {
    /// `records` stand oldest first.
    pub fn of(records: &[Record], people: &[PersonId]) -> Self {
        let mut columns: BTreeMap<CompetencyId, Gathered> = BTreeMap::new();
        let blank = || Gathered { people: vec![Tally::default(); people.len()], ..Gathered::default() };
        for (place, person) in people.iter().enumerate() {
            for (asked, mark) in newest(records, *person).into_values() {
                let gathered = columns.entry(asked.item.competency.clone()).or_insert_with(blank);
                gathered.people[place].add_first(mark);
                gathered.facets.entry(asked.item.facet.clone()).or_default().add_first(mark);
            }
            for waiting in Growth::of(records, *person).bring_back {
                columns.entry(waiting.item.competency).or_insert_with(blank).waiting += 1;
            }
        }
        let columns = columns.into_iter().map(|(competency, Gathered { people, facets, waiting })| {
            let mut all = Tally::default();
            people.iter().for_each(|tally| all.plus(tally));
            let mut facets: Vec<(FacetId, Tally)> =
                facets.into_iter().filter(|(_, tally)| tally.missed() > 0).collect();
            facets.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.missed()));
            Column { competency, people, all, facets, waiting }
        });
        let mut columns: Vec<Column> = columns.collect();
        let thin_last = |column: &Column| (column.is_thin(), -column.all.missed_share());
        columns.sort_by(|a, b| thin_last(a).partial_cmp(&thin_last(b)).unwrap_or(std::cmp::Ordering::Equal));
        Self { people: people.to_vec(), columns }
    }
}

/// The newest mark of each question that a person was asked.
fn newest(records: &[Record], person: PersonId) -> BTreeMap<(DeckId, QuestionId), (&Asked, &Mark)> {
    let attended = records.iter().filter_map(|record| Some((record, record.seat_of(person)?)));
    let marks = attended.flat_map(|(record, seat)| record.items.iter().zip(&record.seats[seat].marks));
    marks.map(|(asked, mark)| ((asked.item.deck.clone(), asked.item.question.clone()), (asked, mark))).collect()
}
