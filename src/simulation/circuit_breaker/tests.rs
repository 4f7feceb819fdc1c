//! Replays drawn calls second by second and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::Instance;
use crate::simulation::{Setting, contract, draws};

const SMALL: &[(&str, Setting)] = &[("calls", Setting::Whole(12, 12))];
const LARGE: &[(&str, Setting)] = &[
    ("calls", Setting::Whole(16, 16)),
    ("outages", Setting::Whole(2, 2)),
];

fn bounds(given: &[(&str, Setting)], window: bool) -> Bounds {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    let mut given: BTreeMap<_, _> = given.collect();
    if window {
        given.insert("rule".to_owned(), Setting::Word("window".to_owned()));
    }
    Bounds::new(MODEL.bounds, &given)
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

/// The state in each second after the calls of that second, and what happened to each call.
fn replayed(scenario: &Value) -> (Vec<&'static str>, BTreeMap<i64, &'static str>) {
    let calls: Vec<i64> = scenario["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(int)
        .collect();
    let (mut state, mut left, mut streak) = ("Closed", 0, 0);
    let mut recent: Vec<bool> = Vec::new();
    let (mut states, mut results) = (Vec::new(), BTreeMap::new());
    for now in 0..=calls[calls.len() - 1] + 5 {
        if state == "Open" {
            left -= 1;
            if left == 0 {
                (state, streak) = ("Half open", 0);
            }
        }
        if calls.contains(&now) {
            let outages = scenario["outages"].as_array().unwrap();
            let fails = outages
                .iter()
                .any(|o| int(&o[0]) <= now && now < int(&o[1]));
            let result = match (state, fails) {
                ("Open", _) => "refused",
                (_, true) => "failed",
                (_, false) => "succeeded",
            };
            results.insert(now, result);
            let mut opens = state == "Half open" && fails;
            if state == "Half open" && !fails {
                streak += 1;
                if streak == int(&scenario["successes_to_close"]) {
                    state = "Closed";
                    recent.clear();
                }
            } else if state == "Closed" {
                recent.insert(0, fails);
                opens = match scenario["rule"]["window"].as_i64() {
                    Some(n) if (recent.len() as i64) < n => false,
                    Some(n) => {
                        let failed = recent[..n as usize].iter().filter(|f| **f).count() as i64;
                        failed * 100 >= int(&scenario["rule"]["percent"]) * n
                    }
                    None => {
                        let n = int(&scenario["rule"]["consecutive_failures"]) as usize;
                        recent.len() >= n && recent[..n].iter().all(|f| *f)
                    }
                };
            }
            if opens {
                (state, left) = ("Open", int(&scenario["wait"]));
                recent.clear();
            }
        }
        states.push(state);
    }
    (states, results)
}

fn right(instance: &Instance) -> Vec<String> {
    let (Outcome::One { options } | Outcome::Several { options }) = &instance.outcome else {
        panic!("not a choice");
    };
    options
        .iter()
        .filter(|option| option.right)
        .map(|option| option.text.line())
        .collect()
}

#[test]
fn a_replay_of_every_second_gives_the_same_answers() {
    for (given, window) in [(SMALL, false), (SMALL, true), (LARGE, false), (LARGE, true)] {
        for seed in 0..500 {
            let draw = |ask| MODEL.instance(ask, &bounds(given, window), seed).unwrap();
            let instance = draw("state");
            let (states, _) = replayed(&instance.scenario);
            let time = int(&instance.scenario["time"]) as usize;
            assert_eq!(right(&instance), [states[time]], "seed {seed}");

            let instance = draw("refused");
            let (_, results) = replayed(&instance.scenario);
            let Outcome::Several { options } = &instance.outcome else {
                panic!("not a choice of several");
            };
            for option in options {
                let time: i64 = option.text.line().replace(" s", "").parse().unwrap();
                assert_eq!(
                    option.right,
                    results[&time] == "refused",
                    "seed {seed} at {time}"
                );
            }

            let instance = draw("recovery");
            let (_, results) = replayed(&instance.scenario);
            let Outcome::Number { value, .. } = instance.outcome else {
                panic!("not a number");
            };
            let outages = instance.scenario["outages"].as_array().unwrap();
            let end = int(&outages[outages.len() - 1][1]);
            let mut after = results
                .range(end..)
                .filter(|(_, result)| **result == "succeeded");
            assert_eq!(
                after.next().map(|(t, _)| *t),
                Some(value as i64),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn draws_keep_the_contract() {
    let window = ("rule", Setting::Word("window".to_owned()));
    for given in [SMALL, LARGE] {
        for given in [
            given.to_vec(),
            [given, std::slice::from_ref(&window)].concat(),
        ] {
            contract::holds(&MODEL, "state", Kind::Single, &given);
            contract::holds(&MODEL, "refused", Kind::Multiple, &given);
            contract::holds(&MODEL, "recovery", Kind::Numeric, &given);
        }
    }
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["state", "refused", "recovery"] {
        let instance = MODEL.instance(ask, &bounds(&[], false), 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}

fn config(scenario: &Value) -> (Config, Vec<i64>) {
    let rule = &scenario["rule"];
    let rule = match rule["consecutive_failures"].as_u64() {
        Some(failures) => Rule::Consecutive {
            failures: failures as usize,
        },
        None => Rule::Window {
            calls: int(&rule["window"]) as usize,
            percent: int(&rule["percent"]) as usize,
        },
    };
    let config = Config {
        rule,
        wait: int(&scenario["wait"]),
        successes: int(&scenario["successes_to_close"]) as usize,
        outages: serde_json::from_value(scenario["outages"].clone()).unwrap(),
    };
    let times = serde_json::from_value(scenario["calls"].clone()).unwrap();
    (config, times)
}

#[test]
fn each_misconception_about_the_state_leads_to_its_option() {
    let mut named = 0;
    for (given, window) in [(SMALL, false), (LARGE, true)] {
        for seed in 0..1000 {
            let instance = MODEL
                .instance("state", &bounds(given, window), seed)
                .unwrap();
            let (config, times) = config(&instance.scenario);
            let time = int(&instance.scenario["time"]);
            let Outcome::One { options } = &instance.outcome else {
                panic!("not a choice");
            };
            for option in options.iter().filter(|option| !option.right) {
                let text = option.misconception.as_ref().unwrap().line();
                let slip = Slip::ALL.into_iter().find(|slip| slip.text() == text);
                if slip.is_none() {
                    assert_eq!(text, "Doesn't follow the calls one by one.");
                    continue;
                }
                named += 1;
                let state = state_at(&config, &times, time, slip);
                assert_eq!(state.text(), option.text.line(), "seed {seed}: {text}");
            }
            let reasons: BTreeSet<String> = options.iter().map(|o| o.why.line()).collect();
            assert_eq!(reasons.len(), 3, "seed {seed}: {reasons:?}");
        }
    }
    assert!(
        named > 2500,
        "only {named} of 4000 wrong options have a misconception"
    );
}

/// Returns the share of draws that have another answer under a slip.
fn moved(ask: &str, slip: Slip, window: bool) -> f64 {
    let differs = |seed: &u64| {
        let instance = MODEL.instance(ask, &bounds(LARGE, window), *seed).unwrap();
        let (config, times) = config(&instance.scenario);
        let (right, wrong) = (run(&config, &times, None), run(&config, &times, Some(slip)));
        let end = config.outages[1].1;
        let first = |calls: &[Call]| {
            let mut all = times.iter().zip(calls);
            all.find(|(t, call)| **t > end && call.succeeded())
                .map(|(t, _)| *t)
        };
        match &instance.outcome {
            Outcome::One { .. } => {
                let time = int(&instance.scenario["time"]);
                let state = |slip| state_at(&config, &times, time, slip);
                state(None) != state(Some(slip))
            }
            Outcome::Several { options } => options.iter().any(|option| {
                let text = option.text.line();
                let at = times.iter().position(|t| format!("{t} s") == text).unwrap();
                right[at].refused != wrong[at].refused
            }),
            _ => first(&right) != first(&wrong),
        }
    };
    (0..400).filter(differs).count() as f64 / 400.0
}

#[test]
fn the_reset_and_the_number_of_successes_decide_often() {
    for ask in ["state", "refused", "recovery"] {
        let shares =
            [Slip::CountsAllFailures, Slip::FirstSuccessCloses].map(|slip| moved(ask, slip, false));
        assert!(shares[0] > 0.4 && shares[1] > 0.2, "{ask}: {shares:?}");
    }
}

#[test]
fn each_part_of_the_rule_for_a_window_decides_often() {
    for ask in ["state", "refused", "recovery"] {
        let slips = [
            Slip::CountsFromFirst,
            Slip::CountsAllCalls,
            Slip::FirstSuccessCloses,
            Slip::FirstFailureOpens,
        ];
        let shares = slips.map(|slip| moved(ask, slip, true));
        assert!(
            shares.iter().all(|share| *share > 0.12),
            "{ask}: {shares:?}"
        );
    }
}

#[test]
fn only_a_failure_opens_the_breaker_and_every_outage_meets_a_call() {
    for seed in 0..1000 {
        let instance = MODEL.instance("state", &bounds(LARGE, true), seed).unwrap();
        let (config, times) = config(&instance.scenario);
        let calls = run(&config, &times, None);
        assert!(
            calls.iter().all(|call| call.failed || !call.opens),
            "seed {seed}"
        );
        for (from, to) in config.outages {
            assert!(times.iter().any(|t| (from..to).contains(t)), "seed {seed}");
        }
    }
}

#[test]
fn no_place_of_a_call_tells_the_recovery() {
    let drawn = draws::instances(&MODEL, "recovery", Kind::Numeric, LARGE);
    let small = [SMALL, &[("outages", Setting::Whole(2, 2))]].concat();
    for drawn in [
        drawn,
        draws::instances(&MODEL, "recovery", Kind::Numeric, &small),
    ] {
        let mut places = [0; 16];
        for instance in &drawn {
            let (config, times) = config(&instance.scenario);
            let mut after = times.iter().filter(|t| **t > config.outages[1].1);
            let key = draws::number(instance);
            places[after.position(|t| *t == key).unwrap()] += 1;
        }
        let most = places.iter().max().unwrap() * 100 / drawn.len();
        assert!(most <= 45, "{places:?}");
    }
}
