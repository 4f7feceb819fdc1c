//! What practice is made of: how well a question was remembered, and what stands in a queue.

use serde::{Deserialize, Serialize};

use super::id::{CompetencyId, DeckId, FacetId, QuestionId};
use super::response::Confidence;

/// How well a question was remembered; the four answers of spaced repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    Again,
    Hard,
    Good,
    /// Given only by the person, never by the program.
    Easy,
}

impl Grade {
    pub const ALL: [Grade; 4] = [Grade::Again, Grade::Hard, Grade::Good, Grade::Easy];

    /// The grade that follows from a score in [0, 1] and what was said of it: wrong, or a stated guess, is not known;
    /// partly right, or right and unsure, is known with difficulty.
    pub fn of(score: f64, said: Option<Confidence>) -> Self {
        if score < 0.5 || said == Some(Confidence::Guess) {
            Grade::Again
        } else if score < 1.0 - 1e-9 || said == Some(Confidence::Unsure) {
            Grade::Hard
        } else {
            Grade::Good
        }
    }

    pub fn word(self) -> &'static str {
        ["again", "hard", "good", "easy"][self as usize]
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.word() == word)
    }
}

/// What a person wants to practise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drill {
    /// What is due, then sure and wrong, weak, and new.
    Daily,
    /// Last answered not fully right.
    Wrong,
    Flagged,
    /// Those that are not asked otherwise.
    Suspended,
    SureAndWrong,
    Competency(CompetencyId),
    Facet(FacetId),
    /// These, in this order.
    These(Vec<(DeckId, QuestionId)>),
}

/// A question that practice will ask, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    pub deck: DeckId,
    pub question: QuestionId,
    pub why: Why,
}

/// Why a question stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is about to be forgotten.
    Due,
    /// The last answer was called sure and was not right.
    SureAndWrong,
    /// Its competency is the weakest.
    Weak,
    /// Never answered before.
    New,
    /// The person asked for it: a drill.
    Chosen,
    /// It was wrong a few questions ago.
    Again,
    /// The person wanted more of the facet that the question before was about.
    More,
}

impl Why {
    /// A few words for the header of the question.
    pub fn words(self) -> &'static str {
        match self {
            Why::Due => "due",
            Why::SureAndWrong => "sure and wrong",
            Why::Weak => "weak",
            Why::New => "new",
            Why::Chosen => "chosen",
            Why::Again => "again",
            Why::More => "more of this",
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
