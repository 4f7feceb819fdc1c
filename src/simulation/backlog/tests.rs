use serde_json::Value;

use super::BACKLOG;
use crate::core::instance::{Instance, Outcome};
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
        let row = backlogs.iter().rposition(|&backlog| backlog > 0.0).unwrap();
        let spare = int(&drawn.scenario["service-per-second"])
            - numbers(&drawn.scenario["arrivals-per-second"])[row];
        let at = numbers(&drawn.scenario["times"])[row] as f64 + backlogs[row] / spare as f64;
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

/// Returns the share of draws for which a wrong method gives the key.
fn share(drawn: &[Instance], method: impl Fn(&Instance) -> f64) -> f64 {
    let right = drawn.iter().filter(|d| method(d) == number(d) as f64);
    right.count() as f64 / drawn.len() as f64
}

fn growth(scenario: &Value) -> Vec<f64> {
    let times = numbers(&scenario["times"]);
    let service = int(&scenario["service-per-second"]);
    let arrivals = numbers(&scenario["arrivals-per-second"]);
    (0..arrivals.len())
        .map(|i| ((arrivals[i] - service) * (times[i + 1] - times[i])).max(0) as f64)
        .collect()
}

#[test]
fn methods_that_ignore_what_drains_between_bursts_are_mostly_wrong() {
    let all = |d: &Instance| growth(&d.scenario).iter().sum::<f64>();
    for periods in [4, 5] {
        let given = [("periods", exactly(periods))];
        let largest = instances(&BACKLOG, "largest", Kind::Numeric, &given);
        let most = |d: &Instance| growth(&d.scenario).into_iter().fold(0.0, f64::max);
        assert!(share(&largest, all) < 0.3 && share(&largest, most) < 0.3);
        let rate = instances(&BACKLOG, "rate", Kind::Numeric, &given);
        let all_gone = |d: &Instance| {
            let asked = &d.scenario["asked"];
            let seconds = int(&asked["empty-by"]) - int(&asked["smallest-whole-rate-from"]);
            let arrivals = *numbers(&d.scenario["arrivals-per-second"]).last().unwrap();
            arrivals as f64 + (all(d) / seconds as f64).ceil()
        };
        assert!(share(&rate, all_gone) < 0.4);
    }
    for periods in [5, 6] {
        let given = [("periods", exactly(periods))];
        let lost = instances(&BACKLOG, "lost", Kind::Numeric, &given);
        let limit = |d: &Instance| d.scenario["limit"].as_f64().unwrap();
        let peak = |d: &Instance| {
            let mut free = d.scenario.clone();
            free["limit"] = Value::Null;
            by_periods(&free).0.into_iter().fold(0.0, f64::max) - limit(d)
        };
        assert!(share(&lost, peak) < 0.6 && share(&lost, |d| all(d) - limit(d)) < 0.35);
    }
}

#[test]
fn no_option_is_after_the_table() {
    let drawn = instances(&BACKLOG, "drained", Kind::Single, &[]);
    let mut in_last = 0;
    for drawn in &drawn {
        let Outcome::Number { value, wrong, .. } = &drawn.outcome else {
            panic!("not a number");
        };
        let times = numbers(&drawn.scenario["times"]);
        let end = *times.last().unwrap() as f64;
        assert!(wrong.iter().all(|wrong| wrong.value < end));
        in_last += usize::from(*value > times[times.len() - 2] as f64);
    }
    assert!((drawn.len() / 4..drawn.len() * 3 / 4).contains(&in_last));
}
