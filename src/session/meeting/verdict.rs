//! Verdicts on answers, and advice for the mentor after a vote.

use super::event::Round;
use super::machine::Meeting;
use super::sheet::SeatSheet;
use crate::core::question::{Interaction, Kind};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;

/// The mean level below which a reason is weak, because it came only with prompting.
const WEAK: f64 = 1.5;
/// The share of correct answers above which no second vote is needed
/// (Crouch and Mazur, Peer Instruction: Ten years of experience and results, 2001).
const MOST: f64 = 0.70;
/// The share of correct answers below which a hint comes before the second vote (same source).
const FEW: f64 = 0.35;

/// The verdict on an answer, its confidence and its reasoning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeetingVerdict {
    Right,
    /// Correct, with a weak reason.
    WeakReason,
    /// Correct, but stated as a guess or unsure.
    Lucky,
    Wrong,
    SureAndWrong,
}

impl MeetingVerdict {
    /// Returns the stable name in CSV.
    pub fn name(self) -> &'static str {
        match self {
            MeetingVerdict::Lucky => "lucky",
            verdict => verdict.words(),
        }
    }

    /// Returns the text shown to the mentor.
    pub fn words(self) -> &'static str {
        match self {
            MeetingVerdict::Right => "right",
            MeetingVerdict::WeakReason => "right, weak reason",
            MeetingVerdict::Lucky => "right, unsure",
            MeetingVerdict::Wrong => "wrong",
            MeetingVerdict::SureAndWrong => "sure and wrong",
        }
    }
}

/// Advice for the next step after a first vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Few answers are correct: explain or give a hint, then vote again.
    Hint,
    /// The votes are divided: discuss in pairs with different answers, then vote again.
    Pairs,
    /// Most answers are correct: explain.
    Explain,
}

impl Cue {
    fn of(right: usize, votes: usize) -> Option<Self> {
        let share = right as f64 / votes as f64;
        match votes {
            0 => None,
            _ if share < FEW => Some(Cue::Hint),
            _ if share <= MOST => Some(Cue::Pairs),
            _ => Some(Cue::Explain),
        }
    }

    /// Returns true if it advises a second vote.
    pub fn asks_again(self) -> bool {
        self != Cue::Explain
    }

    /// Returns the text shown to the mentor.
    pub fn words(self) -> &'static str {
        match self {
            Cue::Hint => "few are right: explain or give a hint, then vote again",
            Cue::Pairs => "divided: let pairs who disagree discuss it, then vote again",
            Cue::Explain => "most are right: explain",
        }
    }
}

impl Meeting {
    /// Returns the score of an answer to this question, in [0, 1]; `None` without an answer and for open questions.
    pub fn score(&self, slot: usize, answer: Option<&Answer>) -> Option<f64> {
        let question = &self.questions[slot];
        let answer = answer.filter(|answer| scoring::is_readable(question, answer))?;
        scoring::score(question, self.form.items[slot].row, answer).map(|scored| scored.value)
    }

    /// Returns whether an answer is correct; `None` as for [`Meeting::score`].
    pub fn is_right(&self, slot: usize, answer: Option<&Answer>) -> Option<bool> {
        self.score(slot, answer).map(is_right)
    }

    /// Returns the score of a person in a round, in [0, 1]: of their vote, otherwise by the mentor's verdict on what they
    /// said aloud; `None` without either and for open questions.
    pub fn score_in(&self, slot: usize, seat: usize, round: Round) -> Option<f64> {
        let sheet = self.sheet(slot, seat);
        match sheet.vote(round) {
            Some(vote) => self.score(slot, Some(vote)),
            None => sheet.judged[round as usize].map(|right| if right { 1.0 } else { 0.0 }),
        }
    }

    /// Returns whether the final answer of a person is correct; `None` as for [`Meeting::score_in`].
    pub fn is_finally_right(&self, slot: usize, seat: usize) -> Option<bool> {
        let round = self.sheet(slot, seat).last_round();
        self.score_in(slot, seat, round).map(is_right)
    }

    /// Returns the verdict on a final answer; `None` without a recorded answer and for open questions.
    pub fn verdict(&self, slot: usize, seat: usize) -> Option<MeetingVerdict> {
        let right = self.is_finally_right(slot, seat)?;
        Some(verdict(right, self.sheet(slot, seat)))
    }

    /// Returns true if the question is to be asked again: by the mentor's decision, otherwise by any verdict except right.
    pub fn brings_back(&self, slot: usize, seat: usize) -> bool {
        let by_verdict = || {
            self.verdict(slot, seat)
                .is_some_and(|verdict| verdict != MeetingVerdict::Right)
        };
        self.sheet(slot, seat).bring_back.unwrap_or_else(by_verdict)
    }

    /// Returns the numbers of correct answers and of all answers in a round.
    pub fn count_right(&self, slot: usize, round: Round) -> (usize, usize) {
        let scores = (0..self.seats.len()).filter_map(|seat| self.score_in(slot, seat, round));
        scores.fold((0, 0), |(right, votes), score| {
            (right + usize::from(is_right(score)), votes + 1)
        })
    }

    /// Returns the advice after the first vote on the current question; `None` without votes.
    pub fn cue(&self) -> Option<Cue> {
        if self.is_empty() {
            return None;
        }
        let (right, votes) = self.count_right(self.slot(), Round::First);
        Cue::of(right, votes)
    }
}

fn is_right(score: f64) -> bool {
    score >= 1.0 - 1e-9
}

fn verdict(right: bool, sheet: &SeatSheet) -> MeetingVerdict {
    let unsure = matches!(
        sheet.confidence,
        Some(Confidence::Guess | Confidence::Unsure)
    );
    let weak = sheet.reasoning().is_some_and(|level| level < WEAK);
    match (right, sheet.confidence) {
        (true, _) if weak => MeetingVerdict::WeakReason,
        (true, _) if unsure => MeetingVerdict::Lucky,
        (true, _) => MeetingVerdict::Right,
        (false, Some(Confidence::Sure)) => MeetingVerdict::SureAndWrong,
        (false, _) => MeetingVerdict::Wrong,
    }
}

/// Returns the number of votes per option, in displayed order; `None` for questions without options.
pub fn option_counts(meeting: &Meeting, slot: usize, round: Round) -> Option<Vec<usize>> {
    let question = &meeting.questions[slot];
    let (Interaction::Single(_) | Interaction::Multiple { .. }) = question.interaction else {
        return None;
    };
    let votes = meeting
        .sheets(slot)
        .iter()
        .filter_map(|sheet| sheet.vote(round));
    let picks: Vec<_> = votes
        .filter_map(|vote| {
            if let Answer::Picked(picks) = vote {
                Some(picks)
            } else {
                None
            }
        })
        .collect();
    let order = &meeting.form.items[slot].order;
    Some(
        order
            .iter()
            .map(|id| picks.iter().filter(|picks| picks.contains(id)).count())
            .collect(),
    )
}

/// Returns the numbers of people who changed from wrong to correct, and from correct to wrong, between the two votes.
pub fn vote_changes(meeting: &Meeting, slot: usize) -> (usize, usize) {
    let right = |seat, round| meeting.score_in(slot, seat, round).map(is_right);
    (0..meeting.seats.len()).fold((0, 0), |(gained, lost), seat| {
        match (right(seat, Round::First), right(seat, Round::Second)) {
            (Some(false), Some(true)) => (gained + 1, lost),
            (Some(true), Some(false)) => (gained, lost + 1),
            _ => (gained, lost),
        }
    })
}

/// Returns pairs of seats with different first-round answers, for discussion. Each pair is taken from the two answers
/// that are then most frequent, which gives the largest number of pairs.
pub fn discussion_pairs(meeting: &Meeting, slot: usize) -> Vec<(usize, usize)> {
    if meeting.questions[slot].kind() == Kind::Open {
        return Vec::new();
    }
    let mut groups: Vec<(&Answer, Vec<usize>)> = Vec::new();
    for (seat, sheet) in meeting.sheets(slot).iter().enumerate() {
        let Some(vote) = sheet.vote(Round::First) else {
            continue;
        };
        match groups.iter_mut().find(|(answer, _)| *answer == vote) {
            Some((_, seats)) => seats.push(seat),
            None => groups.push((vote, vec![seat])),
        }
    }
    let mut pairs = Vec::new();
    loop {
        groups.retain(|(_, seats)| !seats.is_empty());
        groups.sort_by_key(|(_, seats)| std::cmp::Reverse(seats.len()));
        let [(_, first), (_, second), ..] = groups.as_mut_slice() else {
            return pairs;
        };
        if let (Some(one), Some(other)) = (first.pop(), second.pop()) {
            pairs.push((one.min(other), one.max(other)));
        }
    }
}
