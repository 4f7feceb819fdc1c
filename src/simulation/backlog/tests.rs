use serde_json::Value;

use super::BACKLOG;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number, numbers};

#[test]
fn the_contract_holds() {
    let long = [("periods", exactly(7))];
    contract::holds(
        &BACKLOG,
        "largest",
        Kind::Numeric,
        &[("periods", exactly(4))],
    );
    contract::holds(&BACKLOG, "largest", Kind::Single, &long);
    contract::holds(&BACKLOG, "drained", Kind::Numeric, &[]);
    contract::holds(&BACKLOG, "drained", Kind::Single, &[]);
    contract::holds(&BACKLOG, "lost", Kind::Numeric, &long);
    contract::holds(&BACKLOG, "rate", Kind::Numeric, &[]);
}

/// Returns the backlog at the border of each period and the lost messages, computed period by
/// period as a flow.
fn by_periods(scenario: &Value) -> (Vec<f64>, f64) {
    let times = numbers(&scenario["times"]);
    let arrivals = numbers(&scenario["arrivals-per-second"]);
    let limit = scenario["limit"].as_f64().unwrap_or(f64::INFINITY);
    let (mut backlogs, mut lost) = (vec![0.0], 0.0);
    for (i, &rate) in arrivals.iter().enumerate() {
        let before: f64 = backlogs[i];
        let net = (rate - int(&scenario["service-per-second"])) as f64;
        let seconds = (times[i + 1] - times[i]) as f64;
        if net > 0.0 {
            let until_full = ((limit - before) / net).min(seconds);
            lost += (seconds - until_full) * net;
            backlogs.push(before + until_full * net);
        } else {
            backlogs.push((before + net * seconds).max(0.0));
        }
    }
    (backlogs, lost)
}

#[test]
fn backlogs_agree_with_a_flow_by_periods() {
    let close = |a: f64, b: i64| (a - b as f64).abs() < 1e-6;
    for drawn in instances(&BACKLOG, "largest", Kind::Numeric, &[]) {
        let largest = by_periods(&drawn.scenario)
            .0
            .into_iter()
            .fold(0.0, f64::max);
        assert!(close(largest, number(&drawn)), "{}", drawn.scenario);
    }
    for drawn in instances(&BACKLOG, "lost", Kind::Numeric, &[]) {
        assert!(
            close(by_periods(&drawn.scenario).1, number(&drawn)),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&BACKLOG, "drained", Kind::Numeric, &[]) {
        let (backlogs, _) = by_periods(&drawn.scenario);
        let last = backlogs.len() - 2;
        let spare = int(&drawn.scenario["service-per-second"])
            - numbers(&drawn.scenario["arrivals-per-second"])[last];
        let at = numbers(&drawn.scenario["times"])[last] as f64 + backlogs[last] / spare as f64;
        assert!(close(at, number(&drawn)), "{}", drawn.scenario);
    }
    for drawn in instances(&BACKLOG, "rate", Kind::Numeric, &[]) {
        let (backlogs, _) = by_periods(&drawn.scenario);
        let last = backlogs.len() - 2;
        let asked = &drawn.scenario["asked"];
        let seconds = (int(&asked["empty-by"]) - int(&asked["smallest-whole-rate-from"])) as f64;
        let arrivals = numbers(&drawn.scenario["arrivals-per-second"])[last] as f64;
        let clears = |rate: i64| backlogs[last] + (arrivals - rate as f64) * seconds <= 1e-6;
        assert!(
            clears(number(&drawn)) && !clears(number(&drawn) - 1),
            "{}",
            drawn.scenario
        );
    }
}
