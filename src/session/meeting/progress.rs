//! The progress of one person over all mentor sessions. Only comparable answers are compared.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::change::PairedChange;
use super::levels::suitable;
use super::record::{AnswerRecord, BringBackReason, MeetingRecord, RecordedQuestion};
use super::sheet::MAX_AGREEMENTS;
use super::tally::Tally;
use super::verdict::MeetingVerdict;
use crate::core::calendar::Month;
use crate::core::form::Item;
use crate::core::id::{CompetencyId, DeckId, FacetId, PersonId, SessionId};
use crate::core::question::Level;
use crate::core::response::Answer;
use crate::core::text::Text;
use crate::core::time::Day;

/// The days between a session and the last one after which its questions are no longer brought back.
const EXPIRY: i32 = 182;

/// A summary of all mentor sessions of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MentoringProgress {
    pub meetings: usize,
    pub last: Option<Day>,
    /// The level that suits the person by the first votes so far; `None` if there are too few.
    pub level: Option<Level>,
    /// The day that was agreed last for a session after the last one.
    pub next: Option<Day>,
    /// All months from the first session to the last one.
    pub months: Vec<Month>,
    /// The final answers of each month.
    pub cells: BTreeMap<(CompetencyId, Month), Tally>,
    /// The first votes of each month, which [`Cohort`](super::Cohort) counts, too.
    pub first_votes: BTreeMap<(CompetencyId, Month), Tally>,
    pub verdict_counts: BTreeMap<Month, VerdictCounts>,
    /// Newest first.
    pub agreements: Vec<Agreement>,
    /// All questions to bring back, longest waiting first.
    pub bring_back: Vec<BringBack>,
    /// The questions that were brought back: how many were correct at the first vote, and how many were asked.
    pub returned: (usize, usize),
    /// The change between early and late answers to the same questions.
    pub same_question: PairedChange,
    /// The change between early and late answers to twin questions.
    pub twins: PairedChange,
}

/// The counts of a month's answers by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts {
    pub answered: usize,
    pub sure_and_wrong: usize,
    pub weak_reason: usize,
    pub lucky: usize,
}

/// An agreement that a person made.
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
    /// Returns true if it was not marked as kept or not kept.
    pub fn is_open(&self) -> bool {
        self.kept.is_none()
    }

    /// Returns true if it is open and its due date has come.
    pub fn is_due(&self, today: Day) -> bool {
        self.is_open() && self.due.is_some_and(|due| due <= today)
    }
}

/// A question to bring back for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct BringBack {
    pub session: SessionId,
    /// The index of the question in that session.
    pub slot: usize,
    pub seat: usize,
    pub item: Item,
    pub about: Text,
    /// The final answer in its last session.
    pub answer: Option<Answer>,
    pub reason: BringBackReason,
    /// The day of its last session.
    pub day: Day,
    /// The number of sessions in which it was asked.
    pub times: usize,
}

/// One person's answer to a question in one session.
struct Attempt<'a> {
    session: &'a SessionId,
    seat: usize,
    day: Day,
    asked: &'a RecordedQuestion,
    mark: &'a AnswerRecord,
}

/// A key that twin questions share: the family, or facet and level for questions without a family.
#[derive(PartialEq, Eq, Hash)]
enum TwinKey<'a> {
    Family(&'a DeckId, &'a str),
    Facet(&'a FacetId, Level),
}

impl<'a> TwinKey<'a> {
    fn of(asked: &'a RecordedQuestion) -> Self {
        match &asked.family {
            Some(family) => TwinKey::Family(&asked.item.deck, family),
            None => TwinKey::Facet(&asked.item.facet, asked.item.level),
        }
    }
}

impl MentoringProgress {
    /// Summarises the sessions of a person. `records` are oldest first; sessions without the person are skipped.
    pub fn of(records: &[MeetingRecord], person: PersonId) -> Self {
        let attended: Vec<(&MeetingRecord, usize)> = records
            .iter()
            .filter_map(|record| Some((record, record.seat_of(person)?)))
            .collect();
        let attempts: Vec<Attempt> = attended
            .iter()
            .flat_map(|(record, seat)| attempts(record, *seat))
            .collect();
        let mut progress = Self {
            meetings: attended.len(),
            last: attended.last().map(|(record, _)| record.day),
            level: suitable(
                attempts
                    .iter()
                    .map(|attempt| (attempt.asked.item.level, attempt.mark)),
            ),
            next: next_meeting(&attended),
            months: months(&attended),
            agreements: attended
                .iter()
                .rev()
                .flat_map(|(record, seat)| agreements(record, *seat))
                .collect(),
            ..Self::default()
        };
        progress
            .agreements
            .sort_by_key(|agreement| Reverse(agreement.made));
        for Attempt {
            day, asked, mark, ..
        } in &attempts
        {
            let month = day.month();
            let cell = (asked.item.competency.clone(), month);
            progress.cells.entry(cell.clone()).or_default().add(mark);
            progress
                .first_votes
                .entry(cell)
                .or_default()
                .add_first(mark);
            progress.verdict_counts.entry(month).or_default().add(mark);
        }
        progress.collect_bring_backs(&attempts);
        let exact = |asked: &RecordedQuestion| asked.item.fingerprint;
        progress.same_question =
            PairedChange::of(&first_and_last_answers(&attempts, exact, |_, _| true));
        progress.twins = PairedChange::of(&first_and_last_answers(
            &attempts,
            TwinKey::of,
            |one, other| !one.is_same(other),
        ));
        progress
    }

    /// Fills the list of questions to bring back, and counts the correct answers to those that were asked again.
    fn collect_bring_backs(&mut self, attempts: &[Attempt]) {
        for (i, attempt) in attempts.iter().enumerate() {
            let again = attempts[i + 1..]
                .iter()
                .find(|later| later.asked.is_same(attempt.asked));
            match (attempt.mark.bring_back, again) {
                (Some(_), Some(later)) => {
                    if let Some(right) = later.mark.right_at_first() {
                        self.returned.0 += usize::from(right);
                        self.returned.1 += 1;
                    }
                }
                (Some(reason), None) => self.bring_back.push(BringBack {
                    session: attempt.session.clone(),
                    slot: attempt.asked.number.saturating_sub(1),
                    seat: attempt.seat,
                    item: attempt.asked.item.clone(),
                    about: attempt.asked.about.clone(),
                    answer: attempt.mark.answer.clone(),
                    reason,
                    day: attempt.day,
                    times: attempts[..=i]
                        .iter()
                        .filter(|earlier| earlier.asked.is_same(attempt.asked))
                        .count(),
                }),
                _ => {}
            }
        }
    }

    /// Returns the questions to bring back in the order in which they are offered: sure and wrong first, then missed, then
    /// right for a weak reason; of each, the longest waiting first. Those that were not asked again in half a year of
    /// sessions have expired.
    pub fn waiting(&self) -> Vec<&BringBack> {
        let is_fresh =
            |back: &&BringBack| self.last.is_none_or(|last| last.since(back.day) <= EXPIRY);
        let mut waiting: Vec<&BringBack> = self.bring_back.iter().filter(is_fresh).collect();
        waiting.sort_by_key(|back| (back.reason, back.day));
        waiting
    }

    /// Returns the open agreements: by due date, then those without one.
    pub fn open_agreements(&self) -> Vec<&Agreement> {
        let mut open: Vec<&Agreement> = self
            .agreements
            .iter()
            .filter(|agreement| agreement.is_open())
            .collect();
        open.sort_by_key(|agreement| (agreement.due.is_none(), agreement.due, agreement.made));
        open
    }

    /// Returns how many agreements were kept, and how many were marked as kept or not kept.
    pub fn kept(&self) -> (usize, usize) {
        let known = self
            .agreements
            .iter()
            .filter_map(|agreement| agreement.kept);
        known.fold((0, 0), |(kept, known), yes| {
            (kept + usize::from(yes), known + 1)
        })
    }
}

impl VerdictCounts {
    fn add(&mut self, mark: &AnswerRecord) {
        self.answered += usize::from(mark.verdict.is_some());
        match mark.verdict {
            Some(MeetingVerdict::SureAndWrong) => self.sure_and_wrong += 1,
            Some(MeetingVerdict::WeakReason) => self.weak_reason += 1,
            Some(MeetingVerdict::Lucky) => self.lucky += 1,
            Some(MeetingVerdict::Right | MeetingVerdict::Wrong) | None => {}
        }
    }
}

/// Returns a person's answers in one session.
fn attempts(record: &MeetingRecord, seat: usize) -> impl Iterator<Item = Attempt<'_>> {
    let marks = record.items.iter().zip(&record.seats[seat].marks);
    marks.map(move |(asked, mark)| Attempt {
        session: &record.session,
        seat,
        day: record.day,
        asked,
        mark,
    })
}

/// Returns the day that was agreed for the next session. A session that sets no date keeps the earlier one, unless that
/// day has come by then.
fn next_meeting(attended: &[(&MeetingRecord, usize)]) -> Option<Day> {
    let (last, _) = attended.last()?;
    let mut newest_first = attended.iter().rev();
    newest_first
        .find_map(|(record, _)| Some((record.next_meeting?, record)))
        .filter(|(day, record)| *day > last.day || record.session == last.session)
        .map(|(day, _)| day)
}

/// Returns all months from the first to the last attended session.
fn months(attended: &[(&MeetingRecord, usize)]) -> Vec<Month> {
    let (Some((first, _)), Some((last, _))) = (attended.first(), attended.last()) else {
        return Vec::new();
    };
    let (first, last) = (first.day.month(), last.day.month());
    std::iter::successors(Some(first), |month| Some(month.next()))
        .take_while(|month| *month <= last)
        .collect()
}

/// Returns a person's agreements of one session.
fn agreements(record: &MeetingRecord, seat: usize) -> impl Iterator<Item = Agreement> {
    let closing = &record.seats[seat].closing;
    let later = closing.later.iter().enumerate();
    let later = later.map(move |(n, later)| Agreement {
        session: record.session.clone(),
        seat,
        place: MAX_AGREEMENTS + n,
        made: later.made,
        text: Text::new(&later.text),
        due: later.due,
        kept: later.kept,
    });
    let made = closing
        .agreements
        .iter()
        .enumerate()
        .filter_map(move |(place, agreed)| {
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
        });
    made.chain(later)
}

/// Returns, for each group of attempts with the same key, whether the first vote of its first and its last attempt was
/// correct. A question asked once, or only on one day, makes no pair.
fn first_and_last_answers<'a, K: Eq + std::hash::Hash>(
    attempts: &'a [Attempt<'a>],
    key: impl Fn(&'a RecordedQuestion) -> K,
    may_pair: impl Fn(&RecordedQuestion, &RecordedQuestion) -> bool,
) -> Vec<(bool, bool)> {
    let mut groups: Vec<Vec<&Attempt>> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for attempt in attempts
        .iter()
        .filter(|attempt| attempt.mark.right_at_first().is_some())
    {
        let place = *places.entry(key(attempt.asked)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(attempt);
    }
    groups
        .iter()
        .filter_map(|group| {
            let (first, rest) = group.split_first()?;
            let last = rest
                .iter()
                .rev()
                .find(|m| m.day > first.day && may_pair(first.asked, m.asked))?;
            Some((first.mark.right_at_first()?, last.mark.right_at_first()?))
        })
        .collect()
}
