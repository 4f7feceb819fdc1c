//! The record of a mentor's session: for each person, the results of all revealed questions.

use super::event::Round;
use super::machine::Meeting;
use super::sheet::{Closing, SeatSheet};
use super::tally::{Tallies, Tally};
use super::verdict::MeetingVerdict;
use crate::core::form;
use crate::core::id::{CompetencyId, PersonId, SessionId};
use crate::core::response::{Answer, Confidence};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};

/// The minimum number of answers for a conclusion.
pub const MIN_ANSWERS: usize = 3;

/// The maximum number of characters of a stem in a one-line summary.
const MAX_STEM_CHARS: usize = 140;

/// The record of a finished session.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingRecord {
    pub session: SessionId,
    pub day: Day,
    pub spent: Millis,
    /// The questions whose key was revealed, in the order of the form.
    pub items: Vec<RecordedQuestion>,
    pub seats: Vec<SeatRecord>,
    pub next_meeting: Option<Day>,
}

/// A question as it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedQuestion {
    /// Its number in the form, from 1.
    pub number: usize,
    pub item: form::Item,
    pub family: Option<String>,
    /// The beginning of the stem and the lead-in, in one line.
    pub about: Text,
    /// The mentor's note about the question.
    pub note: Text,
}

/// The part of the record that is about one person.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatRecord {
    pub person: PersonId,
    /// In the order of [`MeetingRecord::items`].
    pub marks: Vec<AnswerRecord>,
    pub closing: Closing,
}

/// A person's answer to one question, with its assessment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerRecord {
    /// Scores of the first and the second vote, each in [0, 1].
    pub votes: [Option<f64>; 2],
    /// The final answer.
    pub answer: Option<Answer>,
    pub confidence: Option<Confidence>,
    /// Why they chose the answer, in their own words; empty if nothing was written.
    pub reason: Text,
    /// Mean level over the criteria, 0 to 3.
    pub reasoning: Option<f64>,
    pub evidence: Text,
    pub verdict: Option<MeetingVerdict>,
    /// The reason for bringing it back, if it is to be asked again.
    pub bring_back: Option<BringBackReason>,
}

/// The reason for bringing a question back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BringBackReason {
    SureAndWrong,
    Missed,
    Lucky,
    WeakReason,
    /// The mentor wants to ask it again.
    Wanted,
}

impl BringBackReason {
    /// Returns the stable name in CSV and JSON.
    pub fn name(self) -> &'static str {
        match self {
            BringBackReason::Lucky => "lucky",
            reason => reason.words(),
        }
    }

    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            BringBackReason::SureAndWrong => "sure and wrong",
            BringBackReason::Missed => "missed",
            BringBackReason::Lucky => "right, unsure",
            BringBackReason::WeakReason => "weak reason",
            BringBackReason::Wanted => "wanted again",
        }
    }
}

impl MeetingRecord {
    /// Creates the record of a session.
    pub fn of(meeting: &Meeting, session: SessionId, day: Day) -> Self {
        let revealed: Vec<usize> = (0..meeting.len())
            .filter(|slot| meeting.is_revealed(*slot))
            .collect();
        let seats = meeting
            .seats
            .iter()
            .enumerate()
            .map(|(seat, at_table)| SeatRecord {
                person: at_table.person,
                marks: revealed
                    .iter()
                    .map(|slot| AnswerRecord::of(meeting, *slot, seat))
                    .collect(),
                closing: meeting.closing(seat).clone(),
            });
        Self {
            session,
            day,
            spent: meeting.at(),
            seats: seats.collect(),
            items: revealed
                .into_iter()
                .map(|slot| RecordedQuestion::of(meeting, slot))
                .collect(),
            next_meeting: meeting.next_meeting(),
        }
    }

    /// Returns the seat of a person.
    pub fn seat_of(&self, person: PersonId) -> Option<usize> {
        self.seats.iter().position(|seat| seat.person == person)
    }

    /// Returns a person's tally per competency, in the order of asking.
    pub fn tallies(&self, seat: usize) -> Vec<(CompetencyId, Tally)> {
        let mut tallies = Tallies::default();
        for (asked, mark) in self.items.iter().zip(&self.seats[seat].marks) {
            tallies.of(&asked.item.competency).add(mark);
        }
        tallies.0
    }
}

impl RecordedQuestion {
    fn of(meeting: &Meeting, slot: usize) -> Self {
        let (question, item) = (&meeting.questions[slot], &meeting.form.items[slot]);
        let filled = |text| question.fill(text, item.row).line();
        let stem = shortened(&filled(&question.stem));
        Self {
            number: slot + 1,
            item: item.clone(),
            family: question.family.clone(),
            about: Text::new(&format!("{stem} {}", filled(&question.lead_in))),
            note: Text::new(meeting.note(slot)),
        }
    }

    /// Returns true if it is the same question, even if its text was changed.
    pub fn is_same(&self, other: &RecordedQuestion) -> bool {
        self.item.question == other.item.question && self.item.deck == other.item.deck
    }
}

/// Shortens a text at a word boundary.
fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_STEM_CHARS {
        return text.to_owned();
    }
    let fits: String = text.chars().take(MAX_STEM_CHARS).collect();
    format!(
        "{}…",
        fits.rsplit_once(' ')
            .map_or(fits.as_str(), |(words, _)| words)
    )
}

impl AnswerRecord {
    fn of(meeting: &Meeting, slot: usize, seat: usize) -> Self {
        let sheet: &SeatSheet = meeting.sheet(slot, seat);
        let verdict = meeting.verdict(slot, seat);
        let reason = match verdict {
            Some(MeetingVerdict::SureAndWrong) => BringBackReason::SureAndWrong,
            Some(MeetingVerdict::Wrong) => BringBackReason::Missed,
            Some(MeetingVerdict::Lucky) => BringBackReason::Lucky,
            Some(MeetingVerdict::WeakReason) => BringBackReason::WeakReason,
            Some(MeetingVerdict::Right) | None => BringBackReason::Wanted,
        };
        Self {
            votes: [Round::First, Round::Second].map(|round| meeting.score_in(slot, seat, round)),
            answer: sheet.last_vote().cloned(),
            confidence: sheet.confidence,
            reason: Text::new(&sheet.reason),
            reasoning: sheet.reasoning(),
            evidence: Text::new(&sheet.evidence),
            verdict,
            bring_back: meeting.brings_back(slot, seat).then_some(reason),
        }
    }

    /// Returns whether the first vote, before any discussion, was correct; `None` without a first vote.
    pub fn right_at_first(&self) -> Option<bool> {
        self.votes[0].map(|score| score >= 1.0 - 1e-9)
    }

    /// Returns whether the final answer was correct; `None` without a verdict.
    pub fn is_right(&self) -> Option<bool> {
        self.verdict.map(|verdict| {
            !matches!(
                verdict,
                MeetingVerdict::Wrong | MeetingVerdict::SureAndWrong
            )
        })
    }
}
