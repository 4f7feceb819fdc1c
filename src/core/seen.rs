//! Questions that a person has seen: what the last answer was, and which of them a search lists.

use super::id::{CompetencyId, FacetId};
use super::response::Confidence;

/// The last answer to a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastAnswer {
    /// The score, 0 to 1.
    pub score: f64,
    pub confidence: Option<Confidence>,
}

impl LastAnswer {
    /// Returns true if the answer earned the full score.
    pub fn is_right(self) -> bool {
        self.score >= 1.0 - 1e-9
    }
}

/// The questions that a search lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeenFilter {
    #[default]
    All,
    Right,
    /// Not fully right.
    Wrong,
    SureAndWrong,
    /// The person was unsure of the answer, or guessed.
    Unsure,
    /// The question was left without an answer.
    Unanswered,
    Noted,
    Flagged,
    Disputed,
}

impl SeenFilter {
    pub const ALL: [SeenFilter; 9] = [
        SeenFilter::All,
        SeenFilter::Wrong,
        SeenFilter::SureAndWrong,
        SeenFilter::Unsure,
        SeenFilter::Unanswered,
        SeenFilter::Right,
        SeenFilter::Noted,
        SeenFilter::Flagged,
        SeenFilter::Disputed,
    ];

    pub fn words(self) -> &'static str {
        match self {
            SeenFilter::All => "all",
            SeenFilter::Right => "right",
            SeenFilter::Wrong => "wrong",
            SeenFilter::SureAndWrong => "sure and wrong",
            SeenFilter::Unsure => "unsure",
            SeenFilter::Unanswered => "unanswered",
            SeenFilter::Noted => "with a note",
            SeenFilter::Flagged => "flagged",
            SeenFilter::Disputed => "disputed",
        }
    }

    /// Returns the filter after this one, or before it; the first follows the last.
    pub fn turned(self, forwards: bool) -> Self {
        let n = Self::ALL.len();
        let at = Self::ALL.iter().position(|of| *of == self).unwrap_or(0);
        Self::ALL[(at + if forwards { 1 } else { n - 1 }) % n]
    }

    /// Returns the kind of remark that the listed questions have; `None` if the filter is about the answer.
    pub fn remark(self) -> Option<&'static str> {
        match self {
            SeenFilter::Noted => Some("note"),
            SeenFilter::Flagged => Some("flag"),
            SeenFilter::Disputed => Some("dispute"),
            _ => None,
        }
    }

    /// Returns true if a question with this last answer is listed.
    pub fn lists(self, last: Option<LastAnswer>) -> bool {
        let unsure = [Some(Confidence::Guess), Some(Confidence::Unsure)];
        match (self, last) {
            (SeenFilter::Unanswered, last) => last.is_none(),
            (SeenFilter::Right, Some(last)) => last.is_right(),
            (SeenFilter::Wrong, Some(last)) => !last.is_right(),
            (SeenFilter::SureAndWrong, Some(last)) => {
                !last.is_right() && last.confidence == Some(Confidence::Sure)
            }
            (SeenFilter::Unsure, Some(last)) => unsure.contains(&last.confidence),
            (
                SeenFilter::Right
                | SeenFilter::Wrong
                | SeenFilter::SureAndWrong
                | SeenFilter::Unsure,
                None,
            ) => false,
            (
                SeenFilter::All | SeenFilter::Noted | SeenFilter::Flagged | SeenFilter::Disputed,
                _,
            ) => true,
        }
    }
}

/// A part of the blueprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    Competency(CompetencyId),
    Facet(FacetId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_by_the_last_answer() {
        let last = |score, confidence| Some(LastAnswer { score, confidence });
        let listing = |last| -> Vec<&str> {
            let of_answers = SeenFilter::ALL.iter().filter(|of| of.remark().is_none());
            let lists = of_answers.filter(|of| of.lists(last));
            lists.map(|of| of.words()).skip(1).collect()
        };
        assert_eq!(listing(None), ["unanswered"]);
        assert_eq!(listing(last(1.0, None)), ["right"]);
        assert_eq!(listing(last(0.5, Some(Confidence::Fairly))), ["wrong"]);
        let sure = last(0.0, Some(Confidence::Sure));
        assert_eq!(listing(sure), ["wrong", "sure and wrong"]);
        let guess = last(1.0, Some(Confidence::Guess));
        assert_eq!(listing(guess), ["unsure", "right"]);
    }

    #[test]
    fn turning_reaches_every_filter_and_returns() {
        let mut at = SeenFilter::All;
        for expected in SeenFilter::ALL {
            assert_eq!(at, expected);
            assert_eq!(at.turned(true).turned(false), at);
            at = at.turned(true);
        }
        assert_eq!(at, SeenFilter::All);
    }
}
