//! Sentences about the calibration of stated confidence, shared by screens and reports.

use super::words::figures;
use crate::core::measure::{Calibration, Tendency};
use crate::core::response::Confidence;

/// The minimum number of statements for a tendency.
pub const ENOUGH_STATED: usize = 10;

/// Returns a sentence about over- or underconfidence.
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
            "Too few answers to tell whether you know what you know.".to_owned()
        }
        Tendency::Overconfident => format!("Overconfident {by}."),
        Tendency::Underconfident => format!("Underconfident {by}."),
        Tendency::Unclear => {
            "How sure you were fits how right you were, as far as these answers can tell."
                .to_owned()
        }
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
            "Next time you say \"{said}\", expect about {:.0} % right.",
            100.0 * surest.smoothed
        )
    });
    let only = "Only the first time you met a question counts here.".to_owned();
    expected
        .into_iter()
        .chain(figures(calibration))
        .chain([only])
        .collect()
}
