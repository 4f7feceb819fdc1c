//! The calibration of stated confidence, for one session or for all.

use serde::Serialize;

use super::rounding::thousandths;
use super::words;
use crate::core::measure::{Calibration, Statement, Tendency, Verdict};
use crate::core::response::Confidence;
use crate::session::{calibration, figures};

/// The calibration of stated confidence, with its figures. Its fields are the names of the JSON form.
#[derive(Clone, Debug, Serialize)]
pub struct CalibrationSummary {
    pub n: usize,
    pub statements: Vec<ConfidenceLine>,
    /// The mean stated probability minus the share of correct answers, with its 90% interval; above 0 is overconfident.
    #[serde(serialize_with = "thousandths")]
    pub bias: f64,
    #[serde(serialize_with = "thousandths")]
    pub bias_low: f64,
    #[serde(serialize_with = "thousandths")]
    pub bias_high: f64,
    /// The mean of the stated probabilities.
    #[serde(serialize_with = "thousandths")]
    pub stated: f64,
    /// The share of correct answers.
    #[serde(serialize_with = "thousandths")]
    pub right: f64,
    /// The mean squared distance of the stated probabilities from the results; 0 is perfect. `reliability - resolution + uncertainty`.
    #[serde(serialize_with = "thousandths")]
    pub brier: f64,
    #[serde(serialize_with = "thousandths")]
    pub reliability: f64,
    /// The reliability without the part that chance adds.
    #[serde(serialize_with = "thousandths")]
    pub reliability_debiased: f64,
    /// How far the shares of correct answers differ between the statements; 0 means that they tell nothing.
    #[serde(serialize_with = "thousandths")]
    pub resolution: f64,
    #[serde(serialize_with = "thousandths")]
    pub uncertainty: f64,
    /// `1 - brier / uncertainty`; `null` if all answers or none were correct.
    #[serde(serialize_with = "thousandths")]
    pub skill: Option<f64>,
    /// The probability that a correct answer was stated surer than a wrong one; `null` as for `skill`.
    #[serde(serialize_with = "thousandths")]
    pub auc: Option<f64>,
    /// The mean mark of a certainty-based test, -6 to 3.
    #[serde(serialize_with = "thousandths")]
    pub cbm_mean: f64,
    /// `overconfident` or `underconfident`; `null` if the evidence shows neither.
    pub tendency: Option<&'static str>,
    /// A sentence about over- or underconfidence.
    #[serde(skip)]
    pub verdict: String,
    /// A sentence each about the Brier score and the resolution.
    #[serde(skip)]
    pub figures: Vec<String>,
    /// A sentence each about the figures of all assessments together.
    #[serde(skip)]
    pub meaning: Vec<String>,
}

/// The answers with one stated confidence.
#[derive(Clone, Debug, Serialize)]
pub struct ConfidenceLine {
    pub said: Confidence,
    /// The probability of a correct answer that it means.
    #[serde(serialize_with = "thousandths")]
    pub stated: f64,
    pub n: usize,
    /// The share of correct answers, with its 90% interval.
    #[serde(serialize_with = "thousandths")]
    pub right: f64,
    #[serde(serialize_with = "thousandths")]
    pub low: f64,
    #[serde(serialize_with = "thousandths")]
    pub high: f64,
    /// The expected share next time: the share of correct answers, smoothed with four answers that match the statement.
    #[serde(serialize_with = "thousandths")]
    pub smoothed: f64,
}

impl CalibrationSummary {
    /// Describes a calibration for the report.
    pub fn of(calibration: &Calibration) -> Self {
        let line = |s: &Statement| {
            Some(ConfidenceLine {
                said: Confidence::ALL
                    .into_iter()
                    .find(|c| c.probability() == s.stated)?,
                stated: s.stated,
                n: s.n,
                right: s.right,
                low: s.low,
                high: s.high,
                smoothed: s.smoothed,
            })
        };
        let tendency = match calibration.verdict() {
            Verdict::Tends(Tendency::Overconfident) => Some("overconfident"),
            Verdict::Tends(Tendency::Underconfident) => Some("underconfident"),
            _ => None,
        };
        Self {
            n: calibration.n,
            statements: calibration.statements.iter().filter_map(line).collect(),
            bias: calibration.bias,
            bias_low: calibration.bias_low,
            bias_high: calibration.bias_high,
            stated: calibration.stated,
            right: calibration.right,
            brier: calibration.brier,
            reliability: calibration.reliability,
            reliability_debiased: calibration.reliability_debiased,
            resolution: calibration.resolution,
            uncertainty: calibration.uncertainty,
            skill: calibration.skill,
            auc: calibration.auc,
            cbm_mean: calibration.cbm_mean,
            tendency,
            verdict: calibration::verdict(calibration),
            figures: figures(calibration),
            meaning: calibration::meaning(calibration),
        }
    }
}

/// Formats the calibration of all assessments as plain text, with a chart of the shares of correct answers.
pub fn calibration_text(summary: Option<&CalibrationSummary>, sessions: usize) -> String {
    let Some(summary) = summary else {
        return "You haven't rated your confidence in an answer yet.\n".to_owned();
    };
    let assessments = if sessions == 1 {
        "1 assessment".to_owned()
    } else {
        format!("{sessions} assessments")
    };
    let mut lines = vec![
        format!(
            "{} with stated confidence, {assessments}",
            answers(summary.n)
        ),
        String::new(),
    ];
    for line in &summary.statements {
        lines.push(words::statement(line));
        lines.push(format!("  0 {} 100", bar(line)));
    }
    lines.push(String::new());
    lines.push(
        "| marks your stated confidence. A range that doesn't include it means over- or \
         underconfidence, unless no other statement would have been closer."
            .to_owned(),
    );
    lines.push(summary.verdict.clone());
    lines.extend(summary.meaning.iter().cloned());
    lines.join("\n") + "\n"
}

fn answers(n: usize) -> String {
    format!("{n} {}", if n == 1 { "answer" } else { "answers" })
}

/// Draws the share of correct answers with its interval, and the stated probability.
fn bar(line: &ConfidenceLine) -> String {
    let place = |share: f64| (share.clamp(0.0, 1.0) * 50.0).round() as usize;
    (0..=50)
        .map(|at| match at {
            _ if at == place(line.right) => 'o',
            _ if at == place(line.stated) => '|',
            _ if (place(line.low)..=place(line.high)).contains(&at) => '-',
            _ => '.',
        })
        .collect()
}
