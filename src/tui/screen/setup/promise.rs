//! What the result of an assessment will contain: the competencies that get enough questions for a score.

use super::topics_of;
use crate::app::effect::Setup;
use crate::core::measure::missing_for_score;
use crate::tui::app::Model;

/// How many of the chosen competencies can get a score of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    scored: usize,
    of: usize,
}

impl Promise {
    /// Derives the promise from the number of questions that count for each competency: only those that the person has
    /// not seen do.
    pub fn of(setup: &Setup, model: &Model) -> Self {
        let competencies = &model.home.blueprint.competencies;
        let is_scored = |i: &usize| {
            setup.competencies >> i & 1 == 1 && competencies.get(*i).is_some_and(|c| c.is_scored())
        };
        let unseen = |i: usize| model.home.stock.get(i).map_or(0, |stock| stock.unseen);
        let chosen: Vec<usize> = (0..competencies.len()).filter(is_scored).collect();
        let scored = if setup.adaptive {
            // An adaptive assessment first asks as many questions of each competency as its score needs.
            let can_be = chosen
                .iter()
                .filter(|i| missing_for_score(unseen(**i)) == 0);
            can_be.count().min(setup.size / missing_for_score(0))
        } else {
            let topics = topics_of(model, setup).into_iter();
            topics
                .filter(|topic| is_scored(&topic.competency))
                .filter(|t| missing_for_score(t.questions.min(unseen(t.competency))) == 0)
                .count()
        };
        Self {
            scored,
            of: chosen.len(),
        }
    }

    /// Returns what gets a score, such as `a score for 2 of 8 competencies`.
    pub fn words(self) -> String {
        match (self.scored, self.of) {
            (0, _) => "without a score for each competency".to_owned(),
            (scored, of) if scored == of => {
                "with a score and its uncertainty for each competency".to_owned()
            }
            (scored, of) => {
                format!("with a score and its uncertainty for {scored} of {of} competencies")
            }
        }
    }

    /// Returns a sentence about the scores, and why some competencies get none.
    pub fn sentence(self) -> String {
        let least = missing_for_score(0);
        match (self.scored, self.of) {
            (0, _) => format!(
                "No competency gets a score of its own: it takes {least} questions that you \
                 haven't seen."
            ),
            (scored, of) if scored == of => {
                "Each competency gets a score with its uncertainty.".to_owned()
            }
            (scored, of) => format!(
                "{scored} of {of} competencies get a score; the others have fewer than {least} \
                 questions that you haven't seen."
            ),
        }
    }
}
