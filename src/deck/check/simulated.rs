//! Rules about simulated questions: draws many instances and examines them together.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::super::diagnostic_code::DiagnosticCode;
use super::{Finding, Place, finding};
use crate::core::instance::{Instance, Simulation};
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
        let (instance, time) = timed(simulation, seed);
        times.push(time);
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

/// Draws an instance and measures the processor time that it takes, which doesn't depend on other programs.
fn timed(simulation: &Simulation, seed: u64) -> (Option<Instance>, Duration) {
    let start = processor_time();
    let instance = simulation.instance_of(seed);
    (instance, processor_time().saturating_sub(start))
}

/// Returns the processor time that this thread has used.
fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime)
        .try_into()
        .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::instance::Outcome;
    use crate::core::text::Text;
    use crate::deck::load::question_from;
    use crate::simulation::instance_of;

    /// Returns the codes found for a question whose instances come from `draw`.
    fn codes(draw: fn(&Simulation, u64) -> Option<Instance>) -> Vec<&'static str> {
        let text = include_str!("../../../tests/fixtures/decks/simulated.toml");
        let text = text.split("[[question]]").nth(4).unwrap();
        let text = format!("[[question]]{text}").replace("{time}", "first");
        let mut question = question_from(&text, &Text::new("test")).unwrap();
        question.simulation.as_mut().unwrap().draw = draw;
        let mut found = Vec::new();
        rules(&question, &mut found);
        found.iter().map(|found| found.code.name()).collect()
    }

    fn rarely(simulation: &Simulation, seed: u64) -> Option<Instance> {
        (!seed.is_multiple_of(20)).then(|| instance_of(simulation, seed))?
    }

    fn always_the_same(simulation: &Simulation, _: u64) -> Option<Instance> {
        instance_of(simulation, 1)
    }

    fn without_steps(simulation: &Simulation, seed: u64) -> Option<Instance> {
        let instance = instance_of(simulation, seed)?;
        Some(Instance {
            steps: Vec::new(),
            ..instance
        })
    }

    fn with_one_key(simulation: &Simulation, seed: u64) -> Option<Instance> {
        let mut instance = instance_of(simulation, seed)?;
        if let Outcome::One { options } = &mut instance.outcome {
            let (right, wrong): (Vec<_>, Vec<_>) =
                options.drain(..).partition(|option| option.right);
            *options = right.into_iter().chain(wrong).collect();
            for (i, option) in options.iter_mut().enumerate() {
                option.text = Text::new(["a", "b", "c", "d", "e"][i]);
            }
        }
        Some(instance)
    }

    fn slowly(simulation: &Simulation, seed: u64) -> Option<Instance> {
        if seed.is_multiple_of(50) {
            let end = processor_time() + SLOW + Duration::from_millis(10);
            while processor_time() < end {}
        }
        instance_of(simulation, seed)
    }

    #[test]
    fn every_fault_of_the_draws_has_a_code() {
        assert_eq!(codes(instance_of), [""; 0]);
        assert_eq!(codes(rarely), ["S02"]);
        assert_eq!(codes(without_steps), ["S03"]);
        assert!(codes(with_one_key).contains(&"S04"));
        assert!(codes(always_the_same).contains(&"S05"));
        assert_eq!(codes(slowly), ["S06"]);
    }
}
