//! Figures, steps and data of a breaker.

use serde_json::json;

use super::Scene;
use super::breaker::{Call, Rule, State};
use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::simulation::construct::{steps, texts};
use crate::simulation::{Situation, in_words, listed, table};

impl Scene {
    /// Returns the last call before `time` that opened or closed the breaker.
    fn change_before(&self, time: i64) -> Option<(i64, &Call)> {
        let calls = self.times.iter().copied().zip(&self.calls);
        let mut changes = calls.filter(|(t, call)| *t < time && (call.opens || call.closes));
        changes.next_back()
    }

    /// Returns how many calls got through in [from, to).
    fn probes(&self, from: i64, to: i64) -> usize {
        let inside = |t: &&i64| (from..to).contains(*t);
        self.times.iter().filter(inside).count()
    }

    /// Describes the last change of the state before `time`.
    pub fn why(&self, time: i64) -> String {
        let config = &self.config;
        match self.change_before(time) {
            None => "It has been closed from the start.".to_owned(),
            Some((t, call)) if call.closes => {
                format!("The call at {t} s was the last success it needed to close.")
            }
            Some((t, _)) if time < t + config.wait => {
                format!(
                    "It opened at {t} s and stays open until {} s.",
                    t + config.wait
                )
            }
            Some((t, _)) => {
                let end = t + config.wait;
                let since = match self.probes(end, time) {
                    0 => "no call has come since then".to_owned(),
                    n => format!(
                        "successes since then: {n} of the {} it needs to close",
                        config.successes
                    ),
                };
                format!("It opened at {t} s and has been half open from {end} s on; {since}.")
            }
        }
    }

    /// Explains why the breaker isn't in the state `option` at `time`.
    pub fn why_not(&self, option: State, time: i64) -> String {
        let Some((t, call)) = self.change_before(time) else {
            return self.why(time);
        };
        let end = t + self.config.wait;
        match (option, call.closes) {
            (State::Open, true) => {
                format!("The call at {t} s closed it, and the calls since then haven't opened it.")
            }
            (State::HalfOpen, true) => {
                format!("The call at {t} s closed it, and half open comes only after open.")
            }
            (State::Closed, _) if time < end => {
                format!("It opened at {t} s, and no call gets through before {end} s.")
            }
            (State::Closed, _) => format!(
                "It opened at {t} s, and closes only after {} from {end} s on.",
                in_a_row(self.config.successes)
            ),
            (State::HalfOpen, _) => {
                format!("It opened at {t} s, so it isn't half open before {end} s.")
            }
            (State::Open, _) => format!("The wait that began at {t} s was over at {end} s."),
        }
    }
}

fn in_a_row(successes: usize) -> String {
    match successes {
        1 => "one success".to_owned(),
        n => format!("{} successes in a row", in_words(n)),
    }
}

/// Returns the situation around `outcome`, with the texts `values`.
pub fn situation(
    scene: &Scene,
    outcome: Outcome,
    values: &[(&str, String)],
    time: Option<i64>,
) -> Situation {
    let config = &scene.config;
    let mut lines = Vec::new();
    let calls = scene.times.iter().zip(&scene.calls);
    for (t, call) in calls.filter(|(t, _)| time.is_none_or(|time| **t < time)) {
        let change = match (call.opens, call.closes) {
            (true, _) => format!("; the breaker opens until {} s", t + config.wait),
            (_, true) => "; the breaker closes".to_owned(),
            _ => String::new(),
        };
        let state = call.before.text().to_lowercase();
        let result = match (call.refused, call.failed) {
            (true, _) => "refused",
            (_, true) => "fails",
            _ => "succeeds",
        };
        lines.push(format!("At {t} s: {state}, {result}{change}."));
    }
    if let Some(time) = time {
        lines.push(format!("At {time} s: {}", scene.why(time)));
    }
    let mut all = texts([]);
    all.extend(
        values
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_str().into())),
    );
    Situation {
        scenario: json!({
            "unit": "s",
            "rule": match config.rule {
                Rule::Consecutive { failures } => json!({ "consecutive_failures": failures }),
                Rule::Window { calls, percent } => json!({ "window": calls, "percent": percent }),
            },
            "wait": config.wait,
            "successes_to_close": config.successes,
            "outages": config.outages,
            "calls": scene.times,
            "time": time,
        }),
        figures: vec![figure(scene)],
        texts: all,
        outcome,
        steps: steps(lines),
        solved: Vec::new(),
    }
}

fn figure(scene: &Scene) -> Figure {
    let config = &scene.config;
    let opens = match config.rule {
        Rule::Consecutive { failures } => format!("{failures} failures in a row"),
        Rule::Window { calls, percent } => {
            format!("at least {percent}% of the last {calls} calls failed")
        }
    };
    let outages: Vec<String> = config
        .outages
        .iter()
        .map(|(from, to)| format!("from {from} s to {to} s"))
        .collect();
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let times: Vec<String> = scene.times.iter().map(ToString::to_string).collect();
    let rows = vec![
        row("opens after", opens),
        row("stays open for", format!("{} s", config.wait)),
        row("closes after", in_a_row(config.successes)),
        row("service is down", listed(&outages)),
        row("calls at (s)", times.join(", ")),
    ];
    table(
        "The settings of a breaker, the outages, and the calls.",
        &["what", "value"],
        rows,
        &[],
    )
}
