//! Figures, steps and data of a breaker.

use serde_json::json;

use super::Scene;
use super::breaker::{Call, Rule};
use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::simulation::construct::{steps, texts};
use crate::simulation::{Situation, in_words, listed, table};

impl Scene {
    /// Describes the last change of the state before `time`.
    pub fn why(&self, time: i64) -> String {
        let config = &self.config;
        let before: Vec<(i64, &Call)> = self
            .times
            .iter()
            .copied()
            .zip(&self.calls)
            .filter(|(t, call)| *t < time && (call.opens || call.closes))
            .collect();
        match before.last() {
            None => "It has been closed from the start.".to_owned(),
            Some((t, call)) if call.closes => {
                format!("The call at {t} was the last success it needed to close.")
            }
            Some((t, _)) if time < t + config.wait => {
                format!("It opened at {t} and stays open until {}.", t + config.wait)
            }
            Some((t, _)) => format!(
                "It opened at {t}, has been half open from {} on, and neither failed nor had {} \
                 since.",
                t + config.wait,
                successes(config.successes)
            ),
        }
    }
}

fn successes(n: usize) -> String {
    format!(
        "{} {}",
        in_words(n),
        if n == 1 { "success" } else { "successes" }
    )
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
    for (t, call) in scene.times.iter().zip(&scene.calls) {
        let change = match (call.opens, call.closes) {
            (true, _) => format!("; the breaker opens until {}", t + config.wait),
            (_, true) => "; the breaker closes".to_owned(),
            _ => String::new(),
        };
        let state = call.before.text().to_lowercase();
        let result = match (call.refused, call.failed) {
            (true, _) => "refused",
            (_, true) => "fails",
            _ => "succeeds",
        };
        lines.push(format!("{t}: {state}, {result}{change}."));
    }
    if let Some(time) = time {
        lines.push(format!("{time}: {}", scene.why(time)));
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
    let mut rows = vec![
        row("opens after", opens),
        row("stays open for", format!("{} s", config.wait)),
        row(
            "closes after",
            format!("{} in a row", successes(config.successes)),
        ),
        row("service is down", listed(&outages)),
    ];
    for (i, times) in scene.times.chunks(8).enumerate() {
        let times: Vec<String> = times.iter().map(ToString::to_string).collect();
        rows.push(row(
            if i == 0 { "calls at (s)" } else { "" },
            times.join(", "),
        ));
    }
    table(
        "The settings of a breaker, the outages, and the calls.",
        &["what", "value"],
        rows,
        &[],
    )
}
