//! The basic types of practice: grades, drills and queued questions.

use serde::{Deserialize, Serialize};

use super::id::{CompetencyId, DeckId, FacetId, QuestionId};
use super::response::Confidence;

/// How well a question was remembered: the four grades of spaced repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    Again,
    Hard,
    Good,
    /// Given only by the person, never derived.
    Easy,
}

impl Grade {
    pub const ALL: [Grade; 4] = [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy];

    /// Derives the grade from a score in [0, 1] and the stated confidence. A wrong answer or a stated guess is
    /// `Again`; a partly correct answer, or a correct but unsure one, is `Hard`.
    pub fn of(score: f64, said: Option<Confidence>) -> Self {
        if score < 0.5 || said == Some(Confidence::Guess) {
            Grade::Again
        } else if score < 1.0 - 1e-9 || said == Some(Confidence::Unsure) {
            Grade::Hard
        } else {
            Grade::Good
        }
    }

    /// Returns the score of a card that the person graded: it was known or not.
    pub fn score_of_card(self) -> f64 {
        if self == Grade::Again { 0.0 } else { 1.0 }
    }

    pub fn word(self) -> &'static str {
        ["again", "hard", "good", "easy"][self as usize]
    }

    /// Returns the word with what the grade says about the memory.
    pub fn words(self) -> &'static str {
        match self {
            Grade::Again => "again (not known)",
            Grade::Hard => "hard (partly known or unsure)",
            Grade::Good => "good (known)",
            Grade::Easy => "easy",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.word() == word)
    }
}

/// The questions that a person wants to practise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drill {
    /// Due questions, then those answered wrongly though sure, weak ones, and new ones.
    Daily,
    /// Questions whose last answer was not fully right.
    Wrong,
    Flagged,
    /// Suspended questions, which no other drill asks.
    Suspended,
    SureAndWrong,
    Competency(CompetencyId),
    Facet(FacetId),
    /// The listed questions, in this order.
    These(Vec<(DeckId, QuestionId)>),
}

/// A question that practice will ask, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    pub deck: DeckId,
    pub question: QuestionId,
    pub why: QueueReason,
}

/// The reason why a question is in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueReason {
    /// It is likely to be forgotten soon.
    Due,
    /// The person was sure of the last answer, but it was not right.
    SureAndWrong,
    /// Its competency is the weakest.
    Weak,
    /// It was never answered before.
    New,
    /// The person chose it in a drill.
    Chosen,
    /// It was answered wrongly a few questions ago.
    Again,
    /// The person suspended it, and chose to practise such questions.
    Suspended,
    /// The person asked for more questions of the previous question's facet.
    More,
}

impl QueueReason {
    /// Returns a short description for the header of the question.
    pub fn words(self) -> &'static str {
        match self {
            QueueReason::Due => "due",
            QueueReason::SureAndWrong => "sure and wrong",
            QueueReason::Weak => "weak",
            QueueReason::New => "new",
            QueueReason::Chosen => "chosen",
            QueueReason::Again => "again",
            QueueReason::Suspended => "suspended",
            QueueReason::More => "more of this",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_follows_from_score_and_confidence() {
        let grade = |score, said| Grade::of(score, said).word();
        assert_eq!(grade(0.0, Some(Confidence::Sure)), "again");
        assert_eq!(grade(0.49, None), "again");
        assert_eq!(grade(1.0, Some(Confidence::Guess)), "again");
        assert_eq!(grade(0.5, Some(Confidence::Sure)), "hard");
        assert_eq!(grade(1.0, Some(Confidence::Unsure)), "hard");
        assert_eq!(grade(1.0, Some(Confidence::Fairly)), "good");
        assert_eq!(grade(1.0, None), "good");
    }
}
