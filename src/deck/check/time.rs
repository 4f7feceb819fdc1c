//! The rule about fair time: reading at three words per second, thinking and handling.

use super::super::diagnostic_code::DiagnosticCode;
use super::tokens::words;
use super::{Finding, Place, choices, finding};
use crate::core::question::{Demand, Interaction, Question, Row};

/// The accepted seconds, as multiples of those that a question needs.
const RANGE: (f64, f64) = (1.0, 1.6);
/// The share by which the accepted range may be missed, because the rule is an estimate.
const FORGIVEN: f64 = 0.05;

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    let needed = needed(question);
    let ratio = f64::from(question.seconds) / needed;
    let (least, most) = RANGE;
    if !(least * (1.0 - FORGIVEN)..=most * (1.0 + FORGIVEN)).contains(&ratio) {
        let message = format!(
            "{} s for a question that needs about {needed:.0} s; {:.0} to {:.0} s are accepted",
            question.seconds,
            (needed * least).ceil(),
            (needed * most).floor()
        );
        out.push(finding(
            DiagnosticCode::FairTime,
            Place::Key("seconds"),
            message,
            "1.0 to 1.6 times what reading and thinking need",
        ));
    }
}

/// Returns the seconds that a question needs: words/3 + 1.5 * code words/3 + 10 per figure and 2 per part of it
/// + thinking by demand + handling by type.
///
/// Three words per second is slower than the mean of Brysbaert (How many words do we read per minute?, 2019),
/// because the texts are dense.
fn needed(question: &Question) -> f64 {
    let mut text = words(question.stem.as_str()).len() + words(question.lead_in.as_str()).len();
    text += choices(question)
        .iter()
        .map(|o| words(o.text.as_str()).len())
        .sum::<usize>();
    text += match &question.interaction {
        Interaction::Ordering { steps, .. } => {
            steps.iter().map(|s| words(s.text.as_str()).len()).sum()
        }
        Interaction::Matching { left, right } => {
            left.iter()
                .map(|l| words(l.text.as_str()).len())
                .sum::<usize>()
                + right.iter().map(|r| words(r.as_str()).len()).sum::<usize>()
        }
        _ => 0,
    };
    let code = question
        .code
        .as_ref()
        .map_or(0, |code| code.text.as_str().split_whitespace().count());
    let figures: f64 = question
        .figures(Row(0))
        .iter()
        .map(|figure| 10.0 + 2.0 * figure.parts() as f64)
        .sum();
    let think = match question.demand {
        _ if question.interaction.is_open() => 600.0,
        Demand::Recall => 15.0,
        Demand::Apply => 40.0,
        Demand::Diagnose | Demand::Judge => 45.0,
        Demand::Design => 600.0,
    };
    let handle = match &question.interaction {
        Interaction::Numeric(_) => 40.0,
        Interaction::Matching { .. } => 30.0,
        Interaction::Ordering { .. } => 25.0,
        Interaction::Multiple { .. } => 10.0,
        Interaction::Single(_) if question.code.is_some() => 20.0,
        _ => 0.0,
    };
    text as f64 / 3.0 + 1.5 * code as f64 / 3.0 + figures + think + handle
}
