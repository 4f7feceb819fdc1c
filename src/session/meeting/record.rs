//! What a session with a mentor says afterwards: of each person, at each question whose key was shown.

use super::event::Round;
use super::machine::Meeting;
use super::sheet::{Closing, SeatSheet};
use super::tally::{Tallies, Tally};
use super::verdict::Verdict;
use crate::core::form;
use crate::core::id::{CompetencyId, PersonId, SessionId};
use crate::core::response::Confidence;
use crate::core::text::Text;
use crate::core::time::{Day, Millis};

/// Fewer answers than this are too thin to read anything from.
pub const ENOUGH: usize = 3;

/// Characters of a situation that tell it from others.
const STEM: usize = 140;

/// A finished session, read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub session: SessionId,
    pub day: Day,
    pub spent: Millis,
    /// The questions that were asked up to the reveal, in the order of the form.
    pub items: Vec<Asked>,
    pub seats: Vec<SeatRecord>,
    pub next_meeting: Option<Day>,
}

/// A question as it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Its place in the form, from 1.
    pub number: usize,
    pub item: form::Item,
    pub family: Option<String>,
    /// How the situation begins and what was asked, in a line.
    pub about: Text,
    /// The mentor's note to the question.
    pub note: Text,
}

/// What the session says of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct SeatRecord {
    pub person: PersonId,
    /// In the order of [`Record::items`].
    pub marks: Vec<Mark>,
    pub closing: Closing,
}

/// What one question says of one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mark {
    /// Scores of the first and the second vote, each in [0, 1].
    pub votes: [Option<f64>; 2],
    pub confidence: Option<Confidence>,
    /// Mean level over the criteria, 0 to 3.
    pub reasoning: Option<f64>,
    pub evidence: Text,
    pub verdict: Option<Verdict>,
    /// Why it is to be asked again.
    pub bring_back: Option<Reason>,
}

/// Why a question comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    SureAndWrong,
    Missed,
    Lucky,
    WeakReason,
    /// The mentor wants to see it again.
    Wanted,
}

impl Reason {
    pub fn words(self) -> &'static str {
        match self {
            Reason::SureAndWrong => "sure and wrong",
            Reason::Missed => "missed",
            Reason::Lucky => "lucky",
            Reason::WeakReason => "weak reason",
            Reason::Wanted => "wanted again",
        }
    }
}

impl Record {
    pub fn of(meeting: &Meeting, session: SessionId, day: Day) -> Self {
        let revealed: Vec<usize> = (0..meeting.len()).filter(|slot| meeting.is_revealed(*slot)).collect();
        let seats = meeting.seats.iter().enumerate().map(|(seat, at_table)| SeatRecord {
            person: at_table.person,
            marks: revealed.iter().map(|slot| Mark::of(meeting, *slot, seat)).collect(),
            closing: meeting.closing(seat).clone(),
        });
        Self {
            session,
            day,
            spent: meeting.at(),
            seats: seats.collect(),
            items: revealed.into_iter().map(|slot| Asked::of(meeting, slot)).collect(),
            next_meeting: meeting.next_meeting(),
        }
    }

    /// The place of a person at the table.
    pub fn seat_of(&self, person: PersonId) -> Option<usize> {
        self.seats.iter().position(|seat| seat.person == person)
    }

    /// Per competency in the order of asking what a person did.
    pub fn tallies(&self, seat: usize) -> Vec<(CompetencyId, Tally)> {
        let mut tallies = Tallies::default();
        for (asked, mark) in self.items.iter().zip(&self.seats[seat].marks) {
            tallies.of(&asked.item.competency).add(mark);
        }
        tallies.0
    }
}

impl Asked {
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

    /// The same question, whatever became of its text.
    pub fn is_same(&self, other: &Asked) -> bool {
        self.item.question == other.item.question && self.item.deck == other.item.deck
    }
}

/// The beginning of a text, cut between two words.
fn shortened(text: &str) -> String {
    if text.chars().count() <= STEM {
        return text.to_owned();
    }
    let fits: String = text.chars().take(STEM).collect();
    format!("{}…", fits.rsplit_once(' ').map_or(fits.as_str(), |(words, _)| words))
}

impl Mark {
    fn of(meeting: &Meeting, slot: usize, seat: usize) -> Self {
        let sheet: &SeatSheet = meeting.sheet(slot, seat);
        let verdict = meeting.verdict(slot, seat);
        let reason = match verdict {
            Some(Verdict::SureAndWrong) => Reason::SureAndWrong,
            Some(Verdict::Wrong) => Reason::Missed,
            Some(Verdict::Lucky) => Reason::Lucky,
            Some(Verdict::WeakReason) => Reason::WeakReason,
            Some(Verdict::Right) | None => Reason::Wanted,
        };
        Self {
            votes: [Round::First, Round::Second].map(|round| meeting.score(slot, sheet.vote(round))),
            confidence: sheet.confidence,
            reasoning: sheet.reasoning(),
            evidence: Text::new(&sheet.evidence),
            verdict,
            bring_back: meeting.brings_back(slot, seat).then_some(reason),
        }
    }

    /// The first vote was right: what the person knew before anybody talked. `None` without a first vote.
    pub fn right_at_first(&self) -> Option<bool> {
        self.votes[0].map(|score| score >= 1.0 - 1e-9)
    }

    /// The answer that stood at the end was right.
    pub fn is_right(&self) -> Option<bool> {
        self.verdict.map(|verdict| !matches!(verdict, Verdict::Wrong | Verdict::SureAndWrong))
    }
}
