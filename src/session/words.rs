//! Sentences about a result and its evidence, shared by screens and reports.

use super::assessment::{
    Assessment, CompetencyResult, FormerScores, MIN_ANSWERED_OVERALL, Scores, Shortfall, Status,
};
use super::comparison::Comparison;
use super::machine::Session;
use crate::core::measure::{Calibration, Measure, Need, Standing};
use crate::core::question::Level;
use crate::core::text::Text;

impl Assessment {
    /// Returns a sentence about a session from decks that don't count for the score of the role; `None` for any other
    /// session.
    pub fn apart_from_role(&self) -> Option<String> {
        let names = self.own_decks.iter();
        let names: Vec<String> = names.map(|deck| Text::new(deck.as_str()).line()).collect();
        let (decks, verb) = match names.len() {
            0 => return None,
            1 => ("The deck", "doesn't"),
            _ => ("The decks", "don't"),
        };
        let names = names.join(", ");
        Some(format!(
            "{decks} {names} {verb} count for the score of the role, so these scores are apart from it."
        ))
    }
}

impl Scores {
    /// Returns a sentence about what the overall score still lacks; `None` if there is a score.
    pub fn too_few(&self) -> Option<String> {
        let Shortfall {
            answers,
            competencies,
        } = self.shortfall?;
        let answered: usize = self.competencies.iter().map(|line| line.answered).sum();
        let others = match competencies {
            1 => "1 more competency".to_owned(),
            n => format!("{n} more competencies"),
        };
        if answered >= MIN_ANSWERED_OVERALL {
            return Some(format!(
                "No overall score yet: it needs answers in at least {others}."
            ));
        }
        let spread = match competencies {
            0 => String::new(),
            _ => format!(", including at least {others}"),
        };
        let reached = |line: &CompetencyResult| line.planned.saturating_sub(line.not_reached);
        let all: usize = self.competencies.iter().map(reached).sum();
        let counted: usize = self.competencies.iter().map(|line| line.scored).sum();
        let seen = match counted == 0 && all > 0 {
            true => ", because you had seen all of these questions before",
            false => "",
        };
        Some(format!(
            "Too few answers for an overall score: {answered} so far{seen}; it needs {}{spread}.",
            more(answers)
        ))
    }

    /// Returns a sentence about the competencies without a score or without a single level, and how many more questions
    /// each needs.
    pub fn missing(&self) -> Option<String> {
        let list = |of: &dyn Fn(&CompetencyResult) -> Option<String>| {
            self.competencies
                .iter()
                .filter_map(of)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let about = |line: &CompetencyResult| match line.need {
            Some(Need::About(n)) => Some(format!("{} {n}", line.title.line())),
            Some(Need::Many) => Some(format!("{} more than 20", line.title.line())),
            _ => None,
        };
        let short = |line: &CompetencyResult| {
            let missing = line.missing_for_score();
            (line.need.is_some() && missing > 0).then(|| format!("{} {missing}", line.title.line()))
        };
        let unscored = list(&short);
        let unclear = list(&|line| about(line).filter(|_| line.measure.is_some()));
        let unscored =
            (!unscored.is_empty()).then(|| format!("Questions needed for a score: {unscored}."));
        let unclear = (!unclear.is_empty())
            .then(|| format!("Questions needed to settle a level, approximately: {unclear}."));
        let told: Vec<String> = unclear.into_iter().chain(unscored).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
}

impl Assessment {
    /// Returns a sentence saying that no answer stated as sure was wrong; `None` if there are none, or one was wrong.
    pub fn sure_and_right(&self) -> Option<String> {
        let is_true = self.sure > 0 && self.sure_and_wrong.is_empty();
        is_true.then(|| format!("Nothing you were sure of{} was wrong.", self.here()))
    }

    /// Returns a sentence about the questions to review first.
    pub fn first_review(&self) -> String {
        let (wrong, sure, here) = (self.wrong().len(), self.sure_and_wrong.len(), self.here());
        let unanswered = self.count(Status::Omitted) + self.count(Status::TimedOut);
        if self.outcomes.iter().all(|outcome| outcome.scored.is_none()) {
            return match unanswered {
                0 => format!("No answer{here} was scored."),
                _ => format!(
                    "No answer{here} was scored: read the explanations of the questions you left \
                     blank."
                ),
            };
        }
        if wrong > 0 {
            let (answers, are) = match wrong {
                1 => ("answer".to_owned(), "that is"),
                n => (format!("{n} answers"), "that are"),
            };
            let first = match sure {
                0 => String::new(),
                1 if wrong == 1 => "; you were sure of it".to_owned(),
                1 => "; start with the one you were sure of".to_owned(),
                n => format!("; start with the {n} you were sure of"),
            };
            return format!("Review the {answers}{here} {are} not fully right{first}.");
        }
        let reading: Vec<String> = [
            (self.guessed, "answer you guessed", "answers you guessed"),
            (
                unanswered,
                "question you left blank",
                "questions you left blank",
            ),
        ]
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| match n {
            1 => format!("the {one}"),
            n => format!("the {n} {many}"),
        })
        .collect();
        match reading.is_empty() {
            true => format!("No answer{here} was wrong."),
            false => format!(
                "No answer{here} was wrong: read the explanations of {}.",
                reading.join(" and ")
            ),
        }
    }

    /// Returns words that limit a statement to this session if the scores also count earlier answers.
    fn here(&self) -> &'static str {
        if self.earlier.sessions.is_empty() {
            ""
        } else {
            " in this session"
        }
    }
}

/// Why a level can be surer than the range of the score beside it.
pub const LEVEL_AND_RANGE: &str = "The level weighs these answers together with your other competencies, so it can be surer \
    than the range, which also shows what few answers leave open.";

/// Returns the probability of the target level in words: `senior or above: 82%`, and `staff: 82%`, because no level
/// above staff is measured.
fn chance_of(target: Level, probability: f64) -> String {
    let target = match target {
        Level::Staff => "staff".to_owned(),
        _ => format!("{target} or above"),
    };
    // Certainty is never shown, because it is never reached.
    let percent = (100.0 * probability).round();
    match percent {
        p if p < 1.0 => format!("{target}: under 1%"),
        p if p > 99.0 => format!("{target}: over 99%"),
        p => format!("{target}: {p:.0}%"),
    }
}

/// Returns further words about a score: the probability of the target, and whether guessing could explain the score.
pub fn aside(target: Level, probability: f64, is_like_guessing: bool) -> String {
    let chance = chance_of(target, probability);
    if is_like_guessing {
        format!("{chance}; could be guessing")
    } else {
        chance
    }
}

impl FormerScores {
    /// Returns a sentence about the scores before a correction, or of an earlier scoring version.
    pub fn sentence(&self) -> String {
        let before = self.scores();
        match &self.corrected {
            Some(corrected) => {
                let (day, reason) = (&corrected.day, corrected.reason.line());
                format!("Before the correction of {day}: {before} ({reason}).")
            }
            None => format!("Scored before with version {}: {before}.", self.version),
        }
    }

    /// Returns the overall score, or else those of the competencies.
    fn scores(&self) -> String {
        let words = |(score, low, high)| format!("{score:.0}, plausibly {low:.0} to {high:.0}");
        if let Some(overall) = self.overall {
            return words(overall);
        }
        let competencies = self.competencies.iter();
        let mut scores = vec!["no overall score".to_owned()];
        scores.extend(
            competencies
                .map(|(id, score)| format!("{} {}", id.as_str().replace('-', " "), words(*score))),
        );
        scores.join("; ")
    }
}

impl CompetencyResult {
    /// Returns a sentence about how many questions a single level needs; `None` if there is one, or nothing is measured.
    pub fn missing(&self) -> Option<String> {
        let standing = self
            .measure
            .as_ref()
            .map(Measure::standing)
            .filter(|standing| !standing.is_single());
        let what = match (self.need?, standing) {
            (Need::Nothing, _) => return None,
            (Need::About(n), None) if n == self.missing_for_score() => {
                format!("about {} would give a score and a level", more(n))
            }
            (Need::About(n), None) => format!(
                "{} would give a score, and about {n} a level",
                more(self.missing_for_score())
            ),
            (Need::About(n), Some(_)) => format!("about {} would settle a level", more(n)),
            (Need::Many, None) => format!(
                "{} would give a score, and more than 20 a level",
                more(self.missing_for_score())
            ),
            (Need::Many, Some(Standing { from, to })) if self.is_close() => {
                format!(
                    "the score is close to the border between {from} and {to}; more than 20 \
                     further questions would be needed"
                )
            }
            (Need::Many, Some(Standing { from, to })) => {
                format!(
                    "more than 20 further questions would be needed to distinguish {from} \
                         from {to}"
                )
            }
        };
        Some(format!("Not enough evidence yet: {what}."))
    }

    /// Returns true if the two named levels are about equally likely.
    fn is_close(&self) -> bool {
        self.measure.as_ref().is_some_and(|measure| {
            let Standing { from, to } = measure.standing();
            let (a, b) = (measure.levels[from as usize], measure.levels[to as usize]);
            a.min(b) >= 0.75 * a.max(b)
        })
    }

    /// Returns sentences about the meaning of the score, its uncertainty, and what would reduce it.
    pub fn evidence(&self) -> String {
        let asked = questions(self.scored);
        let known = match &self.measure {
            Some(m) => format!(
                "You would probably get about {:.0}% of all questions on this competency right. \
                 After {asked} the true share lies between {:.0}% and {:.0}% nine times in ten.",
                m.score, m.low, m.high
            ),
            None if self.scored == 0 => {
                "No question that counts was answered, so there is no estimate.".to_owned()
            }
            None => format!(
                "From {asked} nothing can be said of the share of all questions that you would get right."
            ),
        };
        [Some(known), self.missing()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl Comparison {
    /// Returns a sentence about the change of the overall score and of each competency that changed.
    pub fn summary(&self, scores: &Scores) -> String {
        let changed: Vec<String> = scores
            .competencies
            .iter()
            .filter_map(|line| {
                Some((
                    line,
                    self.competencies.get(&line.id).filter(|d| d.is_change())?,
                ))
            })
            .map(|(line, difference)| format!("{}: {difference}", line.title.line()))
            .collect();
        let overall = match (&self.overall, changed.is_empty()) {
            (Some(overall), _) if overall.is_change() => Some(format!("overall {overall}")),
            (Some(_), false) => Some("overall no clear change".to_owned()),
            (_, true) => Some("no clear change".to_owned()),
            (None, false) => None,
        };
        let told: Vec<String> = overall.into_iter().chain(changed).collect();
        format!("Since {}: {}.", self.earlier(), told.join("; "))
    }
}

/// Returns the Brier score and the resolution, each with its meaning.
pub fn figures(calibration: &Calibration) -> Vec<String> {
    let brier = format!(
        "Brier score {:.2}: how far your confidence was from the outcome; 0 is perfect, always \
         saying \"unsure\" gives 0.25.",
        calibration.brier
    );
    let resolution = match calibration.auc {
        Some(auc) => format!(
            "Resolution {:.2}: how well your confidence separates right from wrong answers; 0 is \
             not at all, {:.2} is perfect. Given a right and a wrong answer, you were surer of \
             the right one about {:.0} times in ten (ties count half).",
            calibration.resolution,
            calibration.uncertainty,
            10.0 * auc
        ),
        None => "Resolution needs both right and wrong answers.".to_owned(),
    };
    vec![brier, resolution]
}

fn questions(n: usize) -> String {
    format!("{n} {}", if n == 1 { "question" } else { "questions" })
}

fn more(n: usize) -> String {
    format!("{n} more {}", if n == 1 { "question" } else { "questions" })
}

impl Session {
    /// Returns a sentence about the questions that were new variants of questions that the person had seen; `None` if
    /// there were none.
    pub fn variants_sentence(&self) -> Option<String> {
        match self.variants() {
            0 => None,
            1 => Some(
                "1 question was a new variant of one you have seen before; it counts for the \
                 score."
                    .to_owned(),
            ),
            n => Some(format!(
                "{n} questions were new variants of ones you have seen before; they count for the \
                 score."
            )),
        }
    }
}
