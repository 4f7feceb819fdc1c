//! Looking back at one person: what their sessions say together, comparing like with like only.

use std::collections::{BTreeMap, HashMap};

use super::change::Change;
use super::record::{Asked, Mark, Reason, Record};
use super::tally::Tally;
use super::verdict::Verdict;
use crate::core::calendar::Month;
use crate::core::form::Item;
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, SessionId};
use crate::core::question::Level;
use crate::core::text::Text;
use crate::core::time::Day;

/// All sessions of a person in one view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    pub meetings: usize,
    pub last: Option<Day>,
    /// The day that the last session set for the next one.
    pub next: Option<Day>,
    /// From the first session to the last one, without holes.
    pub months: Vec<Month>,
    pub cells: BTreeMap<(CompetencyId, Month), Tally>,
    pub slips: BTreeMap<Month, Slips>,
    /// The newest first.
    pub agreements: Vec<Agreement>,
    /// What is to be asked again, the longest waiting first.
    pub bring_back: Vec<BringBack>,
    /// Of the questions that came back, how many were right at the first vote, and how many came.
    pub returned: (usize, usize),
    /// The same questions, asked early and late.
    pub again: Change,
    /// Different questions that are twins, asked early and late.
    pub twins: Change,
}

/// What a month's answers had that a count of right ones does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slips {
    pub answered: usize,
    pub sure_and_wrong: usize,
    pub weak_reason: usize,
    pub lucky: usize,
}

/// What somebody agreed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub session: SessionId,
    pub seat: usize,
    pub place: usize,
    /// The day on which it was made.
    pub made: Day,
    pub text: Text,
    pub due: Option<Day>,
    pub kept: Option<bool>,
}

impl Agreement {
    pub fn is_open(&self) -> bool {
        self.kept.is_none()
    }

    pub fn is_due(&self, today: Day) -> bool {
        self.is_open() && self.due.is_some_and(|due| due <= today)
    }
}

/// A question that a person is to be asked again.
#[derive(Clone, Debug, PartialEq)]
pub struct BringBack {
    pub item: Item,
    pub about: Text,
    pub reason: Reason,
    /// When it was asked last, and in how many sessions so far.
    pub day: Day,
    pub times: usize,
}

/// One question in one session, for one person.
struct Moment<'a> {
    day: Day,
    asked: &'a Asked,
    mark: &'a Mark,
}

/// Questions are twins within one family; without a family, within one facet and level.
#[derive(PartialEq, Eq, Hash)]
enum Twins<'a> {
    Family(&'a DeckId, &'a str),
    Facet(&'a FacetId, Level),
}

impl<'a> Twins<'a> {
    fn of(asked: &'a Asked) -> Self {
        match &asked.family {
            Some(family) => Twins::Family(&asked.item.deck, family),
            None => Twins::Facet(&asked.item.facet, asked.item.level),
        }
    }
}

impl Growth {
    /// `records` stand oldest first; those without the person are passed over.
    pub fn of(records: &[Record], person: PersonId) -> Self {
        let attended: Vec<(&Record, usize)> =
            records.iter().filter_map(|record| Some((record, record.seat_of(person)?))).collect();
        let moments: Vec<Moment> = attended.iter().flat_map(|(record, seat)| moments(record, *seat)).collect();
        let mut growth = Self {
            meetings: attended.len(),
            last: attended.last().map(|(record, _)| record.day),
            next: attended.last().and_then(|(record, _)| record.next_meeting),
            months: months(&attended),
            agreements: attended.iter().rev().flat_map(|(record, seat)| agreements(record, *seat)).collect(),
            ..Self::default()
        };
        for Moment { day, asked, mark } in &moments {
            let month = day.month();
            growth.cells.entry((asked.item.competency.clone(), month)).or_default().add(mark);
            growth.slips.entry(month).or_default().add(mark);
        }
        growth.queue(&moments);
        let exact = |asked: &Asked| asked.item.fingerprint;
        growth.again = Change::of(&first_and_last(&moments, exact, |_, _| true));
        growth.twins = Change::of(&first_and_last(&moments, Twins::of, |one, other| !one.is_same(other)));
        growth
    }

    /// What comes back, and what of that which came was right.
    fn queue(&mut self, moments: &[Moment]) {
        for (i, moment) in moments.iter().enumerate() {
            let again = moments[i + 1..].iter().find(|later| later.asked.is_same(moment.asked));
            match (moment.mark.bring_back, again) {
                (Some(_), Some(later)) => {
                    if let Some(right) = later.mark.right_at_first() {
                        self.returned.0 += usize::from(right);
                        self.returned.1 += 1;
                    }
                }
                (Some(reason), None) => self.bring_back.push(BringBack {
                    item: moment.asked.item.clone(),
                    about: moment.asked.about.clone(),
                    reason,
                    day: moment.day,
                    times: moments[..=i].iter().filter(|earlier| earlier.asked.is_same(moment.asked)).count(),
                }),
                _ => {}
            }
        }
    }

    /// The agreements that nobody has called kept or not kept; those due first, by date, then the others.
    pub fn open_agreements(&self) -> Vec<&Agreement> {
        let mut open: Vec<&Agreement> = self.agreements.iter().filter(|agreement| agreement.is_open()).collect();
        open.sort_by_key(|agreement| (agreement.due.is_none(), agreement.due, agreement.made));
        open
    }

    /// How many agreements were kept, and of how many that is known.
    pub fn kept(&self) -> (usize, usize) {
        let known = self.agreements.iter().filter_map(|agreement| agreement.kept);
        known.fold((0, 0), |(kept, known), yes| (kept + usize::from(yes), known + 1))
    }
}

impl Slips {
    fn add(&mut self, mark: &Mark) {
        self.answered += usize::from(mark.verdict.is_some());
        match mark.verdict {
            Some(Verdict::SureAndWrong) => self.sure_and_wrong += 1,
            Some(Verdict::WeakReason) => self.weak_reason += 1,
            Some(Verdict::Lucky) => self.lucky += 1,
            Some(Verdict::Right | Verdict::Wrong) | None => {}
        }
    }
}

fn moments(record: &Record, seat: usize) -> impl Iterator<Item = Moment<'_>> {
    let marks = record.items.iter().zip(&record.seats[seat].marks);
    marks.map(|(asked, mark)| Moment { day: record.day, asked, mark })
}

fn months(attended: &[(&Record, usize)]) -> Vec<Month> {
    let (Some((first, _)), Some((last, _))) = (attended.first(), attended.last()) else { return Vec::new() };
    let (first, last) = (first.day.month(), last.day.month());
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last).collect()
}

fn agreements(record: &Record, seat: usize) -> impl Iterator<Item = Agreement> {
    let closing = &record.seats[seat].closing;
    closing.agreements.iter().enumerate().filter_map(move |(place, agreed)| {
        let (text, due) = agreed.as_ref()?;
        Some(Agreement {
            session: record.session.clone(),
            seat,
            place,
            made: record.day,
            text: Text::new(text),
            due: *due,
            kept: closing.kept[place],
        })
    })
}

/// Whether the first vote was right at the first and at the last of the moments that are alike; each answer is in one
/// pair only. What was asked once, or twice on one day, makes no pair.
fn first_and_last<'a, K: Eq + std::hash::Hash>(
    moments: &'a [Moment<'a>],
    alike: impl Fn(&'a Asked) -> K,
    may_pair: impl Fn(&Asked, &Asked) -> bool,
) -> Vec<(bool, bool)> {
    let mut groups: Vec<Vec<&Moment>> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for moment in moments.iter().filter(|moment| moment.mark.right_at_first().is_some()) {
        let place = *places.entry(alike(moment.asked)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(moment);
    }
    groups
        .iter()
        .filter_map(|group| {
            let (first, rest) = group.split_first()?;
            let last = rest.iter().rev().find(|m| m.day > first.day && may_pair(first.asked, m.asked))?;
            Some((first.mark.right_at_first()?, last.mark.right_at_first()?))
        })
        .collect()
}
