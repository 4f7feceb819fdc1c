//! What was said of the answers beside what came of them, of one session or of all.

use serde::Serialize;

use super::model::thousandths;
use super::words;
use crate::core::measure::{Calibration, Statement, Tendency};
use crate::core::response::Confidence;
use crate::session::{calibration, figures};

/// What was said of the answers beside what came of them.
#[derive(Clone, Debug, Serialize)]
pub struct Believed {
    pub n: usize,
    pub statements: Vec<ConfidenceLine>,
    /// Mean stated minus mean right, with its 90 % interval; above 0 is overconfident.
    pub bias: f64,
    pub bias_low: f64,
    pub bias_high: f64,
    /// Mean of what was stated, and share right.
    pub stated: f64,
    pub right: f64,
    /// Mean squared distance of what was stated from what came; 0 is perfect. `reliability - resolution + uncertainty`.
    pub brier: f64,
    pub reliability: f64,
    /// Without what chance adds to it.
    pub reliability_debiased: f64,
    /// How far the shares right of the statements differ; 0 tells nothing.
    pub resolution: f64,
    pub uncertainty: f64,
    /// `1 - brier / uncertainty`; `null` where all or nothing was right, as is the next.
    pub skill: Option<f64>,
    /// The probability that of a right and a wrong answer the right one was called surer.
    pub auc: Option<f64>,
    /// Mean mark of a certainty-based test, -6 to 3.
    pub cbm_mean: f64,
    /// `overconfident` or `underconfident`; `null` where the evidence allows neither.
    pub tendency: Option<&'static str>,
    /// Whether the person knows what they know, in a sentence.
    #[serde(skip)]
    pub told: String,
    /// What Brier score and resolution mean here, a sentence each.
    #[serde(skip)]
    pub figures: Vec<String>,
    /// What the figures of all assessments together mean, a sentence each.
    #[serde(skip)]
    pub meaning: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct ConfidenceLine {
    pub said: Confidence,
    /// The probability of being right that it stands for.
    pub stated: f64,
    pub n: usize,
    /// Share right, with its 90 % interval.
    pub right: f64,
    pub low: f64,
    pub high: f64,
    /// What to expect next time: the share right, drawn towards what was stated as by four answers that bore it out.
    pub smoothed: f64,
}

impl Believed {
    pub fn of(calibration: &Calibration) -> Self {
        let line = |s: &Statement| {
            Some(ConfidenceLine {
                said: Confidence::ALL.into_iter().find(|c| c.probability() == s.stated)?,
                stated: s.stated,
                n: s.n,
                right: thousandths(s.right),
                low: thousandths(s.low),
                high: thousandths(s.high),
                smoothed: thousandths(s.smoothed),
            })
        };
        let tendency = match calibration.tendency() {
            _ if calibration.n < calibration::ENOUGH_STATED => None,
            Tendency::Overconfident => Some("overconfident"),
            Tendency::Underconfident => Some("underconfident"),
            Tendency::Unclear => None,
        };
        Self {
            n: calibration.n,
            statements: calibration.statements.iter().filter_map(line).collect(),
            bias: thousandths(calibration.bias),
            bias_low: thousandths(calibration.bias_low),
            bias_high: thousandths(calibration.bias_high),
            stated: thousandths(calibration.stated),
            right: thousandths(calibration.right),
            brier: thousandths(calibration.brier),
            reliability: thousandths(calibration.reliability),
            reliability_debiased: thousandths(calibration.reliability_debiased),
            resolution: thousandths(calibration.resolution),
            uncertainty: thousandths(calibration.uncertainty),
            skill: calibration.skill.map(thousandths),
            auc: calibration.auc.map(thousandths),
            cbm_mean: thousandths(calibration.cbm_mean),
            tendency,
            told: calibration::tendency(calibration),
            figures: figures(calibration),
            meaning: calibration::meaning(calibration),
        }
    }
}

/// The calibration of all assessments together as plain text, with a chart of the shares right.
pub fn calibration(believed: Option<&Believed>, sessions: usize) -> String {
    let Some(believed) = believed else {
        return "You have not said yet how sure you were of an answer.\n".to_owned();
    };
    let assessments = if sessions == 1 { "1 assessment".to_owned() } else { format!("{sessions} assessments") };
    let mut lines = vec![format!("{} with a statement, {assessments}", answers(believed.n)), String::new()];
    for line in &believed.statements {
        lines.push(words::statement(line));
        lines.push(format!("  0 {} 100", bar(line)));
    }
    lines.push(String::new());
    lines.push("| is where the statement stands: a bar that leaves it out was over- or underconfident.".to_owned());
    lines.push(believed.told.clone());
    lines.extend(believed.meaning.iter().cloned());
    lines.join("\n") + "\n"
}

fn answers(n: usize) -> String {
    format!("{n} {}", if n == 1 { "answer" } else { "answers" })
}

/// The share right with its interval, and where the statement stands.
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
