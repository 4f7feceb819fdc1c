//! Whether people know what they know: what they said of their answers beside what came of them.

use serde::{Deserialize, Serialize};

use super::Z90;
use crate::core::response::Confidence;

/// So many answers that bear a statement out are taken to have come before the first one.
const BORNE_OUT: f64 = 4.0;

/// Stated confidence against results, over all answers that have a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    pub n: usize,
    /// Mean of the stated probabilities of being right.
    pub stated: f64,
    /// Share of the answers that were right.
    pub right: f64,
    /// Stated minus right: above 0 overconfident.
    pub bias: f64,
    /// The 90 % interval of the bias.
    pub bias_low: f64,
    pub bias_high: f64,
    /// Mean squared distance of what was stated from what came; 0 is perfect, 0.25 is always saying "unsure".
    ///
    /// It is `reliability - resolution + uncertainty` (Murphy, A New Vector Partition of the Probability Score, 1973).
    pub brier: f64,
    /// Mean squared distance of what was stated from the share right of that statement; 0 is perfect.
    pub reliability: f64,
    /// The same without what chance alone adds to it: the variance of each share right, were the statement true.
    pub reliability_debiased: f64,
    /// How far the share right differs between the statements: 0 where they tell nothing.
    pub resolution: f64,
    /// The Brier score of always stating the share right.
    pub uncertainty: f64,
    /// By which part the Brier score is better than that; below 0 worse. `None` where all or nothing was right.
    pub skill: Option<f64>,
    /// The probability that of a right and a wrong answer the right one was stated the surer (ties count half): 0.5 where
    /// the statements tell nothing. `None` where all or nothing was right.
    pub auc: Option<f64>,
    /// Mean mark of a certainty-based test, -6 to 3 (Gardner-Medwin, Confidence Assessment in the Teaching of Basic
    /// Science, 1995).
    pub cbm_mean: f64,
    /// From the least to the most confident one.
    pub statements: Vec<Statement>,
}

/// All answers of which the same was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The probability of being right that it stands for.
    pub stated: f64,
    pub n: usize,
    /// Share right.
    pub right: f64,
    /// Share right, drawn towards what was stated as by four answers that bore it out: what to expect next time.
    pub smoothed: f64,
    /// The 90 % interval of the share right (Wilson, Probable Inference, 1927).
    pub low: f64,
    pub high: f64,
}

impl Statement {
    /// A lower statement, or a higher one, is closer to the share right, which differs from this one by more than chance.
    fn fits_another(&self, lower: bool) -> bool {
        let differs = if lower { self.high < self.stated } else { self.low > self.stated };
        let distance = |stated: f64| (stated - self.right).abs();
        let is_closer = |other: f64| (other < self.stated) == lower && distance(other) < distance(self.stated);
        differs && Confidence::ALL.map(Confidence::probability).into_iter().filter(|p| *p != self.stated).any(is_closer)
    }
}

/// What the interval of the bias allows to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tendency {
    Overconfident,
    Underconfident,
    Unclear,
}

impl Calibration {
    /// From the stated probability of each answer and its rightness: 1 or 0, or its score between; `None` without answers.
    pub fn of(answers: &[(f64, f64)]) -> Option<Self> {
        if answers.is_empty() {
            return None;
        }
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| answers.iter().map(of).sum::<f64>() / answers.len() as f64;
        let stated = mean(&|(p, _)| *p);
        let right = mean(&|(_, x)| *x);
        let bias = stated - right;
        let half = Z90 * (variance_of_bias(answers, bias) / answers.len() as f64).sqrt();
        let statements = statements(answers);
        let over = |of: &dyn Fn(&Statement) -> f64| statements.iter().map(of).sum::<f64>() / answers.len() as f64;
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

    /// Returns what the interval of the bias allows to say: only where another statement would have been closer.
    ///
    /// Nobody can say more than "sure": all right with nearly always "sure" is no lack of confidence.
    pub fn tendency(&self) -> Tendency {
        let was_closer = |lower: bool| self.statements.iter().any(|statement| statement.fits_another(lower));
        if self.bias_low > 0.0 && was_closer(true) {
            Tendency::Overconfident
        } else if self.bias_high < 0.0 && was_closer(false) {
            Tendency::Underconfident
        } else {
            Tendency::Unclear
        }
    }
}

/// The variance of stated minus right among the answers.
///
/// Where all differences are the same they say nothing of their own variance: then that of somebody
/// who is perfectly calibrated, since five right answers called sure are no sign of too little confidence.
fn variance_of_bias(answers: &[(f64, f64)], bias: f64) -> f64 {
    let squares: f64 = answers.iter().map(|(p, x)| (p - x - bias).powi(2)).sum();
    if squares > 1e-12 {
        squares / (answers.len() - 1) as f64
    } else {
        answers.iter().map(|(p, _)| p * (1.0 - p)).sum::<f64>() / answers.len() as f64
    }
}

/// How well the statements tell right answers from wrong ones; they stand in ascending order.
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

/// The mark of an answer: the surer, the more there is to win, and to lose.
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
            Statement { stated, n, right, smoothed, low, high }
        })
        .collect()
}

/// The 90 % interval of a share among `n`, which stays within [0, 1] and is honest for small `n`.
pub fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z2 = Z90 * Z90;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z90 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tendency(answers: &[(f64, f64)]) -> Tendency {
        Calibration::of(answers).unwrap().tendency()
    }

    #[test]
    fn a_tendency_is_named_only_when_the_evidence_allows() {
        assert_eq!(tendency(&[(0.95, 1.0); 5]), Tendency::Unclear);
        assert_eq!(tendency(&[(0.95, 1.0), (0.95, 0.0), (0.5, 1.0)]), Tendency::Unclear);
        assert_eq!(tendency(&[(0.95, 0.0); 10]), Tendency::Overconfident);
        assert_eq!(tendency(&[(0.25, 1.0); 10]), Tendency::Underconfident);
    }

    #[test]
    fn saying_the_most_that_can_be_said_is_no_lack_of_confidence() {
        let all_right = |sure: usize, fairly: usize| {
            let answers = [vec![(0.95, 1.0); sure], vec![(0.75, 1.0); fairly]].concat();
            let found = Calibration::of(&answers).unwrap();
            assert!(found.bias_high < 0.0, "{found:?}");
            found.tendency()
        };
        assert_eq!(all_right(21, 3), Tendency::Unclear);
        assert_eq!(all_right(200, 1), Tendency::Unclear);
        assert_eq!(all_right(12, 12), Tendency::Underconfident);
    }

    #[test]
    fn nothing_stated_gives_nothing() {
        assert_eq!(Calibration::of(&[]), None);
    }
}
