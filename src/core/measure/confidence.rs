//! Calibration: compares the stated confidence of answers with their results.

use serde::{Deserialize, Serialize};

use super::Z90;
use crate::core::response::Confidence;

/// The number of imaginary earlier answers that match each statement, used for smoothing.
const BORNE_OUT: f64 = 4.0;

/// The stated confidence compared with the results, over all answers with a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    pub n: usize,
    /// The mean of the stated probabilities of being right.
    pub stated: f64,
    /// The share of the answers that were right.
    pub right: f64,
    /// Stated minus right: above 0 is overconfident.
    pub bias: f64,
    /// The 90% interval of the bias.
    pub bias_low: f64,
    pub bias_high: f64,
    /// The mean squared difference between the stated probability and the result; 0 is perfect, 0.25 is always saying
    /// "unsure".
    ///
    /// It is `reliability - resolution + uncertainty` (Murphy, A New Vector Partition of the Probability Score, 1973).
    pub brier: f64,
    /// The mean squared difference between the stated probability and the share right of that statement; 0 is perfect.
    pub reliability: f64,
    /// The reliability without the part caused by chance alone: the variance of each share right if the statement were
    /// true.
    pub reliability_debiased: f64,
    /// How much the share right differs between the statements; 0 if the statements carry no information.
    pub resolution: f64,
    /// The Brier score of always stating the share right.
    pub uncertainty: f64,
    /// The relative improvement of the Brier score over `uncertainty`; below 0 is worse. `None` if all or no answers
    /// were right.
    pub skill: Option<f64>,
    /// The probability that a right answer was stated with more confidence than a wrong one (ties count half); 0.5 if
    /// the statements carry no information. `None` if all or no answers were right.
    pub auc: Option<f64>,
    /// The mean mark of a certainty-based test, -6 to 3 (Gardner-Medwin, Confidence Assessment in the Teaching of
    /// Basic Science, 1995).
    pub cbm_mean: f64,
    /// The statements from the least to the most confident one.
    pub statements: Vec<Statement>,
}

/// All answers with the same stated confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The probability of being right that the statement expresses.
    pub stated: f64,
    pub n: usize,
    /// The share of the answers that were right.
    pub right: f64,
    /// The share right, shrunk towards the stated probability as if four more answers had matched it: the expectation
    /// for the next answers.
    pub smoothed: f64,
    /// The 90% interval of the share right (Wilson, Probable Inference, 1927).
    pub low: f64,
    pub high: f64,
}

impl Statement {
    /// Returns whether the share right differs from this statement by more than chance and a lower or higher statement
    /// would have been closer to it; `None` if no other statement would.
    pub fn tendency(&self) -> Option<Tendency> {
        let is_lower = self.high < self.stated;
        if !is_lower && self.low <= self.stated {
            return None;
        }
        let distance = |stated: f64| (stated - self.right).abs();
        let is_closer = |other: f64| {
            (other < self.stated) == is_lower && distance(other) < distance(self.stated)
        };
        let other = Confidence::ALL.map(Confidence::probability);
        let mut other = other.into_iter().filter(|p| *p != self.stated);
        other.any(is_closer).then_some(match is_lower {
            true => Tendency::Overconfident,
            false => Tendency::Underconfident,
        })
    }
}

/// The direction in which stated confidence differs from the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tendency {
    Overconfident,
    Underconfident,
}

/// The conclusion about stated confidence that the answers allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Fewer statements than a verdict needs.
    TooFew,
    Tends(Tendency),
    /// Wrong answers were stated with more confidence than right ones, by more than chance.
    Reversed,
    /// Wrong answers were stated with as much confidence as right ones.
    Unseparated,
    /// The mean fits, and right answers were stated with more confidence than wrong ones, or there was nothing to
    /// separate: all were right, all were wrong, or all had the same statement.
    Matched,
}

/// The minimum number of statements for a verdict.
pub const ENOUGH_STATED: usize = 10;

impl Calibration {
    /// Computes the calibration from each answer's stated probability and result: 1, 0 or a score between them.
    /// Returns `None` without answers.
    pub fn of(answers: &[(f64, f64)]) -> Option<Self> {
        if answers.is_empty() {
            return None;
        }
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| {
            answers.iter().map(of).sum::<f64>() / answers.len() as f64
        };
        let stated = mean(&|(p, _)| *p);
        let right = mean(&|(_, x)| *x);
        let bias = stated - right;
        let half = Z90 * (variance_of_bias(answers, bias) / answers.len() as f64).sqrt();
        let statements = statements(answers);
        let over = |of: &dyn Fn(&Statement) -> f64| {
            statements.iter().map(of).sum::<f64>() / answers.len() as f64
        };
        let reliability = over(&|s| s.n as f64 * (s.stated - s.right).powi(2));
        let by_chance = over(&|s| s.stated * (1.0 - s.stated));
        let brier = mean(&|(p, x)| (p - x).powi(2));
        let uncertainty = right * (1.0 - right);
        Some(Self {
            n: answers.len(),
            stated,
            right,
            bias,
            bias_low: (bias - half).max(-1.0),
            bias_high: (bias + half).min(1.0),
            brier,
            reliability,
            reliability_debiased: (reliability - by_chance).max(0.0),
            resolution: over(&|s| s.n as f64 * (s.right - right).powi(2)),
            uncertainty,
            skill: (uncertainty > 0.0).then(|| 1.0 - brier / uncertainty),
            auc: auc(&statements),
            cbm_mean: mean(&|(p, x)| mark(*p, *x)),
            statements,
        })
    }

    /// Returns the conclusion that these answers allow. A tendency is one only if a different statement would have been
    /// closer.
    ///
    /// "Sure" is the highest statement, so all answers right and nearly always "sure" does not mean underconfidence.
    pub fn verdict(&self) -> Verdict {
        let has = |tendency| {
            let mut found = self.statements.iter().map(Statement::tendency);
            found.any(|found| found == Some(tendency))
        };
        if self.n < ENOUGH_STATED {
            Verdict::TooFew
        } else if self.bias_low > 0.0 && has(Tendency::Overconfident) {
            Verdict::Tends(Tendency::Overconfident)
        } else if self.bias_high < 0.0 && has(Tendency::Underconfident) {
            Verdict::Tends(Tendency::Underconfident)
        } else {
            self.separation()
        }
    }

    /// Returns whether confidence separated right answers from wrong ones.
    fn separation(&self) -> Verdict {
        match self.auc.filter(|_| self.statements.len() > 1) {
            None => Verdict::Matched,
            Some(auc) if auc < 0.5 - Z90 * self.error_of_auc() => Verdict::Reversed,
            Some(auc) if auc <= 0.5 => Verdict::Unseparated,
            Some(_) => Verdict::Matched,
        }
    }

    /// Returns the standard error of the area under the curve if confidence carries no information (Mann and Whitney,
    /// On a Test of Whether One of Two Random Variables is Stochastically Larger than the Other, 1947).
    fn error_of_auc(&self) -> f64 {
        let right = self.right * self.n as f64;
        let pairs = right * (self.n as f64 - right);
        ((self.n as f64 + 1.0) / (12.0 * pairs)).sqrt()
    }
}

/// Returns the variance of stated minus right among the answers.
///
/// If all differences are equal, their variance can't be estimated. The variance of a perfectly calibrated person is
/// used instead, because five right answers stated as sure don't show underconfidence.
fn variance_of_bias(answers: &[(f64, f64)], bias: f64) -> f64 {
    let squares: f64 = answers.iter().map(|(p, x)| (p - x - bias).powi(2)).sum();
    if squares > 1e-12 {
        squares / (answers.len() - 1) as f64
    } else {
        answers.iter().map(|(p, _)| p * (1.0 - p)).sum::<f64>() / answers.len() as f64
    }
}

/// Returns how well the statements, in ascending order, separate right answers from wrong ones.
fn auc(statements: &[Statement]) -> Option<f64> {
    let (mut below, mut won, mut right) = (0.0, 0.0, 0.0);
    for statement in statements {
        let here = statement.n as f64 * statement.right;
        let wrong = statement.n as f64 - here;
        won += here * (below + wrong / 2.0);
        below += wrong;
        right += here;
    }
    let pairs = right * below;
    (pairs > 0.0).then(|| won / pairs)
}

/// Returns the mark of an answer: with more confidence there is more to gain and more to lose.
fn mark(stated: f64, score: f64) -> f64 {
    let (win, loss) = match stated {
        p if p < 0.67 => (1.0, 0.0),
        p if p < 0.80 => (2.0, 2.0),
        _ => (3.0, 6.0),
    };
    win * score - loss * (1.0 - score)
}

fn statements(answers: &[(f64, f64)]) -> Vec<Statement> {
    let mut sorted = answers.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    sorted
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            let n = same.len();
            let right = same.iter().map(|(_, x)| x).sum::<f64>() / n as f64;
            let (low, high) = wilson(right, n as f64);
            let stated = same[0].0;
            let smoothed = (n as f64 * right + BORNE_OUT * stated) / (n as f64 + BORNE_OUT);
            Statement {
                stated,
                n,
                right,
                smoothed,
                low,
                high,
            }
        })
        .collect()
}

/// Returns the 90% interval of a share of `n` answers, which stays within [0, 1] and is accurate for small `n`.
pub fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = Z90 * Z90;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z90 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    use Tendency::{Overconfident, Underconfident};
    use Verdict::{Matched, Reversed, Tends, TooFew, Unseparated};

    fn verdict(answers: &[(f64, f64)]) -> Verdict {
        Calibration::of(answers).unwrap().verdict()
    }

    #[test]
    fn a_tendency_is_named_only_when_the_evidence_allows() {
        assert_eq!(verdict(&[(0.95, 1.0); 5]), TooFew);
        assert_eq!(verdict(&[(0.95, 0.0); 10]), Tends(Overconfident));
        assert_eq!(verdict(&[(0.25, 1.0); 10]), Tends(Underconfident));
    }

    #[test]
    fn saying_the_most_that_can_be_said_is_no_lack_of_confidence() {
        let all_right = |sure: usize, fairly: usize| {
            let answers = [vec![(0.95, 1.0); sure], vec![(0.75, 1.0); fairly]].concat();
            let found = Calibration::of(&answers).unwrap();
            assert!(found.bias_high < 0.0, "{found:?}");
            found.verdict()
        };
        assert_eq!(all_right(21, 3), Matched);
        assert_eq!(all_right(200, 1), Matched);
        assert_eq!(all_right(12, 12), Tends(Underconfident));
    }

    #[test]
    fn no_tendency_is_named_if_no_other_statement_would_have_been_closer() {
        for (answer, n) in [((0.95, 1.0), 80), ((0.25, 0.0), 24), ((0.25, 0.0), 400)] {
            let found = Calibration::of(&vec![answer; n]).unwrap();
            assert_eq!(found.verdict(), Matched, "{answer:?}");
            assert_eq!(found.statements[0].tendency(), None, "{answer:?}");
        }
    }

    #[test]
    fn confidence_that_does_not_separate_right_from_wrong_is_not_matched() {
        let answers = |sure: (usize, usize), guess: (usize, usize)| {
            let of = |stated, (right, wrong)| {
                [vec![(stated, 1.0); right], vec![(stated, 0.0); wrong]].concat()
            };
            verdict(&[of(0.95, sure), of(0.25, guess)].concat())
        };
        assert_eq!(answers((0, 6), (6, 0)), Reversed);
        assert_eq!(answers((0, 12), (14, 0)), Reversed);
        assert_eq!(answers((6, 3), (6, 3)), Unseparated);
        assert_eq!(answers((10, 1), (3, 8)), Matched);
    }

    #[test]
    fn nothing_stated_gives_nothing() {
        assert_eq!(Calibration::of(&[]), None);
    }
}
