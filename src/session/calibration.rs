//! Sentences about the calibration of stated confidence, shared by screens and reports.

use super::words::figures;
use crate::core::measure::{Calibration, Statement, Tendency};
use crate::core::response::Confidence;

/// The minimum number of statements for a tendency.
pub const ENOUGH_STATED: usize = 10;

/// Returns a sentence about over- or underconfidence, and one about the statements that it is not true of.
pub fn tendency(calibration: &Calibration) -> String {
    let points = |share: f64| 100.0 * share.abs();
    let (near, far) = (points(calibration.bias_low), points(calibration.bias_high));
    let by = format!(
        "by about {:.0} points, plausibly {:.0} to {:.0}",
        points(calibration.bias),
        near.min(far),
        near.max(far)
    );
    match calibration.tendency() {
        _ if calibration.n < ENOUGH_STATED => {
            "Too few answers to judge your confidence.".to_owned()
        }
        Tendency::Overconfident => {
            format!(
                "Overconfident {by}.{}",
                exceptions(calibration, is_underconfident)
            )
        }
        Tendency::Underconfident => {
            format!(
                "Underconfident {by}.{}",
                exceptions(calibration, is_overconfident)
            )
        }
        Tendency::Unclear => {
            let is_off =
                |statement: &Statement| is_overconfident(statement) || is_underconfident(statement);
            match exceptions(calibration, is_off) {
                none if none.is_empty() => {
                    "Your confidence matched your accuracy, as far as these answers show."
                        .to_owned()
                }
                exceptions => format!("Overall your confidence matched your accuracy.{exceptions}"),
            }
        }
    }
}

/// Returns true if the share of correct answers is plausibly below the statement.
fn is_overconfident(statement: &Statement) -> bool {
    statement.high < statement.stated
}

/// Returns true if the share of correct answers is plausibly above the statement.
fn is_underconfident(statement: &Statement) -> bool {
    statement.low > statement.stated
}

/// Returns a sentence, after a space, that names the statements for which `is_off` is true; empty without any.
fn exceptions(calibration: &Calibration, is_off: impl Fn(&Statement) -> bool) -> String {
    let off = calibration
        .statements
        .iter()
        .filter(|statement| is_off(statement));
    let named: Vec<String> = off
        .map(|statement| {
            let said = Confidence::ALL
                .into_iter()
                .find(|confidence| confidence.probability() == statement.stated)
                .map_or("sure", Confidence::words);
            let than = match is_overconfident(statement) {
                true => "less often than you said",
                false => "more often than you said",
            };
            format!("\"{said}\" was right {than}")
        })
        .collect();
    match named.split_last() {
        None => String::new(),
        Some((only, [])) => format!(" But {only}."),
        Some((last, first)) => format!(" But {}, and {last}.", first.join(", ")),
    }
}

/// Returns a sentence about the meaning of each figure over all assessments.
pub fn meaning(calibration: &Calibration) -> Vec<String> {
    let surest = calibration
        .statements
        .last()
        .filter(|_| calibration.n >= ENOUGH_STATED);
    let expected = surest.map(|surest| {
        let words = Confidence::ALL
            .into_iter()
            .find(|c| c.probability() == surest.stated);
        let said = words.map_or("sure", Confidence::words);
        format!(
            "Next time you say \"{said}\", expect about {:.0}% right.",
            100.0 * surest.smoothed
        )
    });
    let only = "Only your first answer to each question counts here.".to_owned();
    expected
        .into_iter()
        .chain(figures(calibration))
        .chain([only])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the calibration of answers: for each statement, the number of answers and of correct ones.
    fn calibration(answers: &[(Confidence, usize, usize)]) -> Calibration {
        let answers: Vec<(f64, f64)> = answers
            .iter()
            .flat_map(|(said, n, right)| {
                (0..*n).map(move |i| (said.probability(), f64::from(u8::from(i < *right))))
            })
            .collect();
        Calibration::of(&answers).unwrap()
    }

    #[test]
    fn a_statement_that_does_not_fit_is_named_although_the_mean_fits() {
        let found = calibration(&[(Confidence::Guess, 40, 28), (Confidence::Sure, 40, 20)]);
        assert_eq!(found.tendency(), Tendency::Unclear);
        let words = tendency(&found);
        assert!(
            words.contains("\"guess\" was right more often than you said"),
            "{words}"
        );
        assert!(
            words.contains("\"sure\" was right less often than you said"),
            "{words}"
        );
        let fits = calibration(&[(Confidence::Unsure, 40, 20), (Confidence::Sure, 40, 38)]);
        assert!(!tendency(&fits).contains("But"));
    }
}
