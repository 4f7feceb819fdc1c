use serde_json::Value;

use super::AUTOSCALER;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number, numbers, options};

#[test]
fn the_contract_holds() {
    let short = [("evaluations", exactly(10)), ("window", exactly(3))];
    contract::holds(&AUTOSCALER, "replicas", Kind::Numeric, &[]);
    contract::holds(&AUTOSCALER, "replicas", Kind::Numeric, &short);
    contract::holds(&AUTOSCALER, "first-change", Kind::Single, &[]);
    contract::holds(
        &AUTOSCALER,
        "first-change",
        Kind::Single,
        &[("window", exactly(3))],
    );
    contract::holds(&AUTOSCALER, "overload", Kind::Numeric, &[]);
}

/// Replays the scenario second by second, and returns the replicas after each second.
fn by_seconds(scenario: &Value) -> Vec<i64> {
    let (target, period) = (
        int(&scenario["target-per-replica"]),
        int(&scenario["period"]),
    );
    let window = int(&scenario["down-window"]);
    let (min, max) = (int(&scenario["min"]), int(&scenario["max"]));
    let loads = numbers(&scenario["loads"]);
    let start = int(&scenario["replicas-and-proposal-until-0"]);
    // The latest proposal at each second, from `window` seconds before the start.
    let mut proposals: Vec<(i64, i64)> = (-window..=0).map(|at| (at, start)).collect();
    let mut current = start;
    let mut after = vec![current];
    for second in 1..=period * loads.len() as i64 {
        if second % period == 0 {
            let load = loads[(second / period - 1) as usize] as f64;
            let ratio = load / current as f64 / target as f64;
            let wanted = if (ratio - 1.0).abs() <= 0.1 + 1e-9 {
                current
            } else {
                (load / target as f64 - 1e-9).ceil() as i64
            };
            proposals.push((second, wanted.max(min).min(max)));
            let recent = proposals.iter().filter(|(at, _)| second - at < window);
            let highest = recent.map(|&(_, n)| n).max().unwrap();
            current = match proposals.last().unwrap().1 {
                wanted if wanted >= current => wanted,
                _ => highest,
            };
        }
        after.push(current);
    }
    after
}

#[test]
fn evaluations_agree_with_a_replay_by_seconds() {
    for drawn in instances(&AUTOSCALER, "replicas", Kind::Numeric, &[]) {
        let at = int(&drawn.scenario["asked"]["replicas-after-evaluation-at"]);
        assert_eq!(
            by_seconds(&drawn.scenario)[at as usize],
            number(&drawn),
            "{}",
            drawn.scenario
        );
    }
    for drawn in instances(&AUTOSCALER, "first-change", Kind::Single, &[]) {
        let after = by_seconds(&drawn.scenario);
        let at = after.iter().position(|&n| n != after[0]).unwrap();
        assert!(
            options(&drawn).contains(&(format!("At {at} s"), true)),
            "{}",
            drawn.scenario
        );
    }
}

#[test]
fn overload_agrees_with_a_replay_by_seconds() {
    for drawn in instances(&AUTOSCALER, "overload", Kind::Numeric, &[]) {
        let scenario = &drawn.scenario;
        let after = by_seconds(scenario);
        let loads = numbers(&scenario["loads"]);
        let (period, startup) = (int(&scenario["period"]), int(&scenario["startup"]));
        let mut excess = 0;
        for second in 0..period * loads.len() as i64 {
            let ready = after[(second - startup).max(0) as usize];
            let served = ready * int(&scenario["capacity-per-replica"]);
            excess += (loads[(second / period) as usize] - served).max(0);
        }
        assert_eq!(excess, number(&drawn), "{scenario}");
    }
}

#[test]
fn each_misconception_about_the_first_change_leads_to_its_evaluation() {
    for drawn in instances(&AUTOSCALER, "first-change", Kind::Single, &[]) {
        let crate::core::instance::Outcome::One { options } = &drawn.outcome else {
            panic!("not a choice of one");
        };
        let s = &drawn.scenario;
        let policy = super::Policy {
            target: int(&s["target-per-replica"]),
            capacity: 0,
            min: int(&s["min"]),
            max: int(&s["max"]),
            period: int(&s["period"]),
            window: int(&s["down-window"]),
            startup: 0,
            start: int(&s["replicas-and-proposal-until-0"]),
        };
        for option in options.iter().filter(|option| !option.right) {
            let text = option.misconception.as_ref().unwrap().line();
            let Some((rule, _)) = super::SLIPS.iter().find(|(_, slip)| *slip == text) else {
                assert_eq!(text, super::NO_SLIP);
                continue;
            };
            let replayed = super::replay(policy, &numbers(&s["loads"]), *rule);
            let first = replayed.iter().find(|e| e.after != e.before).unwrap();
            assert_eq!(
                format!("At {} s", first.at),
                option.text.line(),
                "{text} {s}"
            );
        }
    }
}

#[test]
fn the_first_change_is_often_a_fall_and_often_kept_back_by_a_limit() {
    for window in [2, 3] {
        let given = [("window", exactly(window))];
        let drawn = instances(&AUTOSCALER, "first-change", Kind::Single, &given);
        let share = |is: &dyn Fn(&Value) -> bool| {
            drawn.iter().filter(|drawn| is(&drawn.scenario)).count() as f64 / drawn.len() as f64
        };
        let first = |scenario: &Value| {
            let after = by_seconds(scenario);
            let at = after.iter().position(|&n| n != after[0]);
            at.map(|at| (at, after[at] < after[0]))
        };
        let falls = |scenario: &Value| first(scenario).is_some_and(|(_, falls)| falls);
        assert!(share(&falls) > 0.2, "{window} {}", share(&falls));
        let above = |scenario: &Value| {
            let start = int(&scenario["replicas-and-proposal-until-0"]);
            let usual = start * int(&scenario["target-per-replica"]);
            let loads = numbers(&scenario["loads"]);
            let high = loads.iter().position(|load| load * 10 > usual * 11);
            let at = first(scenario).map(|(at, _)| at as i64 / int(&scenario["period"]) - 1);
            high.map(|i| i as i64) == at
        };
        assert!(share(&above) < 0.8, "{window} {}", share(&above));
        let unlimited = |scenario: &Value| {
            let mut free = scenario.clone();
            (free["min"], free["max"]) = (Value::from(1), Value::from(1000));
            first(&free) != first(scenario)
        };
        assert!(share(&unlimited) > 0.05, "{window} {}", share(&unlimited));
    }
}
