//! Rules about simulated questions: draws many instances and examines them together.

use std::time::{Duration, Instant};

use super::super::diagnostic_code::DiagnosticCode;
use super::{Finding, Place, finding};
use crate::core::question::{Question, split_at_braces};
use crate::simulation::{Ask, Audit, Fault, Model};

/// The number of instances that are drawn.
const DRAWS: u64 = 200;
/// The time that one draw in a hundred may exceed; without optimization a draw takes about 20 times as long.
const SLOW: Duration = Duration::from_millis(if cfg!(debug_assertions) { 400 } else { 20 });

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    let Some(simulation) = &question.simulation else {
        return;
    };
    let model = Model::named(&simulation.model);
    let Some(ask) = model.and_then(|model| model.ask(&simulation.ask)) else {
        return;
    };
    placeholders(question, ask, out);
    let mut audit = Audit::new(ask, simulation.kind);
    let mut times = Vec::new();
    for seed in 0..DRAWS {
        let start = Instant::now();
        let instance = simulation.instance_of(seed);
        times.push(start.elapsed());
        audit.add(seed, instance.as_ref());
    }
    for found in audit.findings() {
        let (code, help) = match found.fault {
            Fault::Missing => (DiagnosticCode::NoInstance, "set wider bounds"),
            Fault::Broken => (
                DiagnosticCode::BadInstance,
                "set other bounds, and report it",
            ),
            Fault::Unbalanced => (
                DiagnosticCode::Unbalanced,
                "set other bounds, or ask for something else",
            ),
            Fault::Monotonous => (DiagnosticCode::TooLikeOneAnother, "set wider bounds"),
        };
        out.push(finding(code, Place::Key("simulation"), found.message, help));
    }
    times.sort();
    if times[times.len() * 99 / 100] > SLOW {
        let message = format!(
            "the slowest draws take up to {} ms",
            times[times.len() - 1].as_millis()
        );
        out.push(finding(
            DiagnosticCode::SlowDraw,
            Place::Key("simulation"),
            message,
            "set narrower bounds, so that a situation is found sooner",
        ));
    }
}

/// L41: every pair of braces that looks like a placeholder must be a text of the ask.
fn placeholders(question: &Question, ask: &Ask, out: &mut Vec<Finding>) {
    let texts = [
        ("stem", Some(&question.stem)),
        ("lead_in", Some(&question.lead_in)),
        ("explanation", Some(&question.explanation)),
        ("discussion", question.discussion.as_ref()),
    ];
    for (key, text) in texts {
        let mut rest = text.map_or("", |text| text.as_str());
        while let Some((_, (inner, after))) = split_at_braces(rest) {
            let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic())
                && inner
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            if is_name && !ask.texts.contains(&inner) {
                let known = match ask.texts {
                    [] => "it fills in nothing".to_owned(),
                    texts => format!("it fills in {{{}}}", texts.join("}, {")),
                };
                let message = format!("`{}` does not fill in {{{inner}}}: {known}", ask.name);
                let help = "write the text itself, or the name of a text of this ask";
                let code = DiagnosticCode::Placeholder;
                out.push(finding(code, Place::Key(key), message, help));
            }
            rest = after;
        }
    }
}
