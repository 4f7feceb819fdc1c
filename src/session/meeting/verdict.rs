//! What the mentor is told of the answers: of one person's, and of a vote.

use super::event::Round;
use super::machine::Meeting;
use super::sheet::SeatSheet;
use crate::core::question::{Interaction, Kind};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;

/// Below this mean level a reason is weak: it came only with prompting.
const WEAK: f64 = 1.5;
/// Above this share of right answers a vote needs no second one, and below that one a hint comes first
/// (Crouch and Mazur, Peer Instruction: Ten years of experience and results, 2001).
const MOST: f64 = 0.70;
const FEW: f64 = 0.35;

/// An answer, seen together with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Right,
    /// Right, and the reason was weak.
    WeakReason,
    /// Right, and said to be a guess or unsure.
    Lucky,
    Wrong,
    SureAndWrong,
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::WeakReason => "right, weak reason",
            Verdict::Lucky => "lucky",
            Verdict::Wrong => "wrong",
            Verdict::SureAndWrong => "sure and wrong",
        }
    }
}

/// What a first vote advises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// Few are right: explain or give a hint, then vote again.
    Hint,
    /// Divided: discuss in pairs of different picks, then vote again.
    Pairs,
    /// Most are right: explain.
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

    pub fn asks_again(self) -> bool {
        self != Cue::Explain
    }

    pub fn words(self) -> &'static str {
        match self {
            Cue::Hint => "few are right: explain or give a hint, then vote again",
            Cue::Pairs => "divided: let pairs of different picks talk, then vote again",
            Cue::Explain => "most are right: explain",
        }
    }
}

impl Meeting {
    /// The score of an answer of this question, in [0, 1]; `None` without an answer and for open questions.
    pub fn score(&self, slot: usize, answer: Option<&Answer>) -> Option<f64> {
        let question = &self.questions[slot];
        let answer = answer.filter(|answer| scoring::is_readable(question, answer))?;
        scoring::score(question, self.form.items[slot].row, answer).map(|scored| scored.value)
    }

    /// Whether an answer is right; `None` as for [`Meeting::score`].
    pub fn is_right(&self, slot: usize, answer: Option<&Answer>) -> Option<bool> {
        self.score(slot, answer).map(is_right)
    }

    /// `None` where nothing can be said: no answer, an open question, or an answer that was given aloud only.
    pub fn verdict(&self, slot: usize, seat: usize) -> Option<Verdict> {
        let sheet = self.sheet(slot, seat);
        let score = self.score(slot, sheet.last_vote())?;
        Some(verdict(is_right(score), sheet))
    }

    /// It is to be asked again: as the mentor decided, else after any verdict but plainly right.
    pub fn brings_back(&self, slot: usize, seat: usize) -> bool {
        let by_verdict = || self.verdict(slot, seat).is_some_and(|verdict| verdict != Verdict::Right);
        self.sheet(slot, seat).bring_back.unwrap_or_else(by_verdict)
    }

    /// How many of those who voted in this round were right, and how many voted.
    pub fn right_of(&self, slot: usize, round: Round) -> (usize, usize) {
        let scores = self.sheets(slot).iter().filter_map(|sheet| self.score(slot, sheet.vote(round)));
        scores.fold((0, 0), |(right, votes), score| (right + usize::from(is_right(score)), votes + 1))
    }

    /// What the first vote on the question on the stage advises.
    pub fn cue(&self) -> Option<Cue> {
        if self.is_empty() {
            return None;
        }
        let (right, votes) = self.right_of(self.slot(), Round::First);
        Cue::of(right, votes)
    }
}

fn is_right(score: f64) -> bool {
    score >= 1.0 - 1e-9
}

fn verdict(right: bool, sheet: &SeatSheet) -> Verdict {
    let unsure = matches!(sheet.confidence, Some(Confidence::Guess | Confidence::Unsure));
    let weak = sheet.reasoning().is_some_and(|level| level < WEAK);
    match (right, sheet.confidence) {
        (true, _) if weak => Verdict::WeakReason,
        (true, _) if unsure => Verdict::Lucky,
        (true, _) => Verdict::Right,
        (false, Some(Confidence::Sure)) => Verdict::SureAndWrong,
        (false, _) => Verdict::Wrong,
    }
}

/// How many chose each option, in the order in which they are shown; `None` for questions without options.
pub fn split(meeting: &Meeting, slot: usize, round: Round) -> Option<Vec<usize>> {
    let question = &meeting.questions[slot];
    let (Interaction::Single(_) | Interaction::Multiple { .. }) = question.interaction else { return None };
    let votes = meeting.sheets(slot).iter().filter_map(|sheet| sheet.vote(round));
    let picks: Vec<_> =
        votes.filter_map(|vote| if let Answer::Picked(picks) = vote { Some(picks) } else { None }).collect();
    let order = &meeting.form.items[slot].order;
    Some(order.iter().map(|id| picks.iter().filter(|picks| picks.contains(id)).count()).collect())
}

/// How many went from wrong to right between the two votes, and how many from right to wrong.
pub fn movement(meeting: &Meeting, slot: usize) -> (usize, usize) {
    let right = |sheet: &SeatSheet, round| meeting.score(slot, sheet.vote(round)).map(is_right);
    meeting.sheets(slot).iter().fold((0, 0), |(gained, lost), sheet| {
        match (right(sheet, Round::First), right(sheet, Round::Second)) {
            (Some(false), Some(true)) => (gained + 1, lost),
            (Some(true), Some(false)) => (gained, lost + 1),
            _ => (gained, lost),
        }
    })
}

/// Pairs of seats with different answers in the first round, to talk to one another; as many as can be found by taking
/// each time two from the most frequent answers.
pub fn pairs(meeting: &Meeting, slot: usize) -> Vec<(usize, usize)> {
    if meeting.questions[slot].kind() == Kind::Open {
        return Vec::new();
    }
    let mut groups: Vec<(&Answer, Vec<usize>)> = Vec::new();
    for (seat, sheet) in meeting.sheets(slot).iter().enumerate() {
        let Some(vote) = sheet.vote(Round::First) else { continue };
        match groups.iter_mut().find(|(answer, _)| *answer == vote) {
            Some((_, seats)) => seats.push(seat),
            None => groups.push((vote, vec![seat])),
        }
    }
    let mut pairs = Vec::new();
    loop {
        groups.retain(|(_, seats)| !seats.is_empty());
        groups.sort_by_key(|(_, seats)| std::cmp::Reverse(seats.len()));
        let [(_, first), (_, second), ..] = groups.as_mut_slice() else { return pairs };
        if let (Some(one), Some(other)) = (first.pop(), second.pop()) {
            pairs.push((one.min(other), one.max(other)));
        }
    }
}
