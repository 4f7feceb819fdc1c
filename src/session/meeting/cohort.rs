//! Several people compared by competency, to choose the topics of the next session.

use std::collections::BTreeMap;

use super::progress::MentoringProgress;
use super::record::{AnswerRecord, MIN_ANSWERS, MeetingRecord, RecordedQuestion};
use super::tally::Tally;
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, QuestionId};

/// The answers of several people by competency. Only the latest first vote of each person on a question counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// In the order in which they were added, not ranked.
    pub people: Vec<PersonId>,
    /// Sorted by the share of missed answers, highest first; competencies with too few answers are last.
    pub columns: Vec<Column>,
}

/// The answers of all people in one competency.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub competency: CompetencyId,
    /// In the order of [`Cohort::people`].
    pub people: Vec<Tally>,
    pub all: Tally,
    /// Facets with missed answers, most missed first.
    pub facets: Vec<(FacetId, Tally)>,
    /// The number of questions to bring back, over all people.
    pub waiting: usize,
}

impl Column {
    /// Returns true if there are too few answers for a conclusion.
    pub fn has_too_few_answers(&self) -> bool {
        self.all.answered < MIN_ANSWERS
    }
}

/// A column while the answers are counted.
#[derive(Default)]
struct ColumnBuilder {
    people: Vec<Tally>,
    facets: BTreeMap<FacetId, Tally>,
    waiting: usize,
}

impl Cohort {
    /// Combines the sessions of these people. `records` are oldest first.
    pub fn of(records: &[MeetingRecord], people: &[PersonId]) -> Self {
        let mut columns: BTreeMap<CompetencyId, ColumnBuilder> = BTreeMap::new();
        let blank = || ColumnBuilder {
            people: vec![Tally::default(); people.len()],
            ..ColumnBuilder::default()
        };
        for (place, person) in people.iter().enumerate() {
            for (asked, mark) in newest_answers(records, *person).into_values() {
                let builder = columns
                    .entry(asked.item.competency.clone())
                    .or_insert_with(blank);
                builder.people[place].add_first(mark);
                builder
                    .facets
                    .entry(asked.item.facet.clone())
                    .or_default()
                    .add_first(mark);
            }
            for waiting in MentoringProgress::of(records, *person).bring_back {
                columns
                    .entry(waiting.item.competency)
                    .or_insert_with(blank)
                    .waiting += 1;
            }
        }
        let columns = columns.into_iter().map(
            |(
                competency,
                ColumnBuilder {
                    people,
                    facets,
                    waiting,
                },
            )| {
                let mut all = Tally::default();
                people.iter().for_each(|tally| all.merge(tally));
                let mut facets: Vec<(FacetId, Tally)> = facets
                    .into_iter()
                    .filter(|(_, tally)| tally.missed() > 0)
                    .collect();
                facets.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.missed()));
                Column {
                    competency,
                    people,
                    all,
                    facets,
                    waiting,
                }
            },
        );
        let mut columns: Vec<Column> = columns.collect();
        let thin_last =
            |column: &Column| (column.has_too_few_answers(), -column.all.missed_share());
        columns.sort_by(|a, b| {
            thin_last(a)
                .partial_cmp(&thin_last(b))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        Self {
            people: people.to_vec(),
            columns,
        }
    }
}

/// Returns the latest answer of a person to each question.
fn newest_answers(
    records: &[MeetingRecord],
    person: PersonId,
) -> BTreeMap<(DeckId, QuestionId), (&RecordedQuestion, &AnswerRecord)> {
    let attended = records
        .iter()
        .filter_map(|record| Some((record, record.seat_of(person)?)));
    let marks =
        attended.flat_map(|(record, seat)| record.items.iter().zip(&record.seats[seat].marks));
    marks
        .map(|(asked, mark)| {
            (
                (asked.item.deck.clone(), asked.item.question.clone()),
                (asked, mark),
            )
        })
        .collect()
}
