//! Replays drawn situations message by message and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::{Instance, Outcome};
use crate::simulation::draws::misconceptions;
use crate::simulation::{Setting, contract};

const LARGE: &[(&str, Setting)] = &[
    ("messages", Setting::Whole(14, 14)),
    ("incidents", Setting::Whole(2, 2)),
    ("rebalance", Setting::Flag(true)),
];

fn bounds(given: &[(&str, Setting)]) -> Bounds {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Bounds::new(MODEL.bounds, &given.collect::<BTreeMap<_, _>>())
}

fn int(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

/// Handles one message after another; returns the count of each, and the last start.
fn replayed(scenario: &Value) -> (BTreeMap<i64, usize>, i64) {
    replayed_with(scenario, &|committed, _| committed)
}

/// Does the same with another rule for where a start begins, given the committed offset and the
/// message of the incident.
fn replayed_with(
    scenario: &Value,
    restart: &dyn Fn(i64, i64) -> i64,
) -> (BTreeMap<i64, usize>, i64) {
    let (first, last) = (int(&scenario["first"]), int(&scenario["last"]));
    let mut counts: BTreeMap<i64, usize> = (first..=last).map(|m| (m, 0)).collect();
    let mut start = first;
    let mut incidents = scenario["incidents"].as_array().unwrap().iter().peekable();
    let mut committed = first;
    loop {
        let (mut since, mut zombie) = (0, false);
        let mut message = start;
        let next = incidents.next();
        while message <= last {
            let size = scenario["batch"].as_i64().unwrap_or(i64::MAX);
            if zombie && since % size == 0 {
                break;
            }
            if scenario["commit"] == "before-batch" && since % size == 0 && !zombie {
                committed = (message + size).min(last + 1);
            }
            let hit = next.filter(|incident| incident["offset"] == message && !zombie);
            if hit.is_some_and(|incident| incident["kind"] == "crash-while-handling") {
                break;
            }
            *counts.get_mut(&message).unwrap() += 1;
            since += 1;
            match hit.map(|incident| incident["kind"].as_str().unwrap()) {
                Some("rebalance-old-owner-finishes-batch") => zombie = true,
                Some(_) => break,
                None => {}
            }
            message += 1;
            let every = scenario["every"].as_i64().unwrap_or(size);
            if scenario["commit"] != "before-batch" && !zombie && since % every == 0 {
                committed = message;
            }
        }
        let Some(incident) = next else {
            return (counts, start);
        };
        start = restart(committed, int(&incident["offset"])).clamp(first, last + 1);
    }
}

fn draw(ask: &str, given: &[(&str, Setting)], seed: u64) -> Instance {
    MODEL.instance(ask, &bounds(given), seed).unwrap()
}

/// Returns the offsets in a text such as `Lost: 5 to 7, 9`.
fn offsets(text: &str) -> Vec<i64> {
    let (_, list) = text.split_once(": ").unwrap();
    let spans = list.split(", ").filter_map(|span| {
        let (from, to) = span.split_once(" to ").unwrap_or((span, span));
        Some((from.parse::<i64>().ok()?, to.parse::<i64>().ok()?))
    });
    spans.flat_map(|(from, to)| from..=to).collect()
}

#[test]
fn a_replay_of_every_message_gives_the_same_answers() {
    for given in [&[], LARGE] {
        for seed in 0..2000 {
            let instance = draw("affected", given, seed);
            let Outcome::One { options } = &instance.outcome else {
                panic!("not a choice of one");
            };
            let right = options
                .iter()
                .find(|option| option.right)
                .unwrap()
                .text
                .line();
            let (counts, _) = replayed(&instance.scenario);
            let wanted = usize::from(right.starts_with("Handled")) * 2;
            let found: Vec<i64> = counts
                .iter()
                .filter(|(_, n)| **n != 1)
                .map(|(m, _)| *m)
                .collect();
            assert_eq!(offsets(&right), found, "seed {seed}");
            assert!(
                counts.values().all(|n| *n == 1 || n.min(&2) == &wanted),
                "seed {seed}"
            );

            let instance = draw("restart", given, seed);
            let Outcome::Number { value, .. } = instance.outcome else {
                panic!("not a number");
            };
            assert_eq!(value as i64, replayed(&instance.scenario).1, "seed {seed}");
        }
    }
}

/// Returns the scenario with other words for some of its kinds.
fn reworded(scenario: &Value, words: &[(&str, &str)]) -> Value {
    let mut other = scenario.clone();
    let swap = |value: &mut Value| {
        let found = words.iter().find(|(from, _)| *value == *from);
        if let Some((_, to)) = found {
            *value = Value::from(*to);
        }
    };
    swap(&mut other["commit"]);
    for incident in other["incidents"].as_array_mut().unwrap() {
        swap(&mut incident["kind"]);
    }
    if scenario["commit"] == "after-every" && other["commit"] != scenario["commit"] {
        other["batch"] = scenario["every"].clone();
    }
    other
}

/// Returns what happens if `text` were true.
fn followed(text: &str, scenario: &Value) -> (BTreeMap<i64, usize>, i64) {
    const COMMITS: [(&str, &str); 3] = [
        ("before-batch", "after-batch"),
        ("after-batch", "before-batch"),
        ("after-every", "before-batch"),
    ];
    const CRASHES: [(&str, &str); 2] = [
        ("crash-while-handling", "crash-after-effect"),
        ("crash-after-effect", "crash-while-handling"),
    ];
    const OWNERS: [(&str, &str); 2] = [
        (
            "rebalance-old-owner-stops",
            "rebalance-old-owner-finishes-batch",
        ),
        (
            "rebalance-old-owner-finishes-batch",
            "rebalance-old-owner-stops",
        ),
    ];
    let first = int(&scenario["first"]);
    match text {
        "Mixes up a commit before and after the work." => replayed(&reworded(scenario, &COMMITS)),
        "Mixes up a crash before and after the effect of a message." => {
            replayed(&reworded(scenario, &CRASHES))
        }
        "Mixes up an old owner that stops and one that finishes its batch." => {
            replayed(&reworded(scenario, &OWNERS))
        }
        "Mixes up before and after, for the commits and for the crashes." => {
            replayed(&reworded(scenario, &[&COMMITS[..], &CRASHES].concat()))
        }
        "The consumer goes on with the message of the incident." => {
            replayed_with(scenario, &|_, offset| offset)
        }
        "The consumer goes on after the message of the incident." => {
            replayed_with(scenario, &|_, offset| offset + 1)
        }
        "A start reads the message before the committed offset again." => {
            replayed_with(scenario, &|committed, _| committed - 1)
        }
        "A start leaves out the message at the committed offset." => {
            replayed_with(scenario, &|committed, _| committed + 1)
        }
        "A restarted consumer reads the log from its beginning." => {
            replayed_with(scenario, &|_, _| first)
        }
        other => panic!("unknown: {other}"),
    }
}

#[test]
fn each_misconception_about_the_log_leads_to_its_option() {
    for given in [&[], LARGE] {
        for seed in 0..500 {
            let instance = draw("affected", given, seed);
            for (option, text) in misconceptions(&instance) {
                if text == "Commits make the handling exactly once." {
                    assert!(option.starts_with("None"), "seed {seed}");
                    continue;
                }
                let (counts, _) = followed(&text, &instance.scenario);
                let with = |wanted: &dyn Fn(usize) -> bool| -> Vec<i64> {
                    let found = counts.iter().filter(|(_, n)| wanted(**n));
                    found.map(|(m, _)| *m).collect()
                };
                let part = |name: &str| -> Vec<i64> {
                    let lowered = option.to_lowercase();
                    let found = lowered.split("; ").find(|part| part.starts_with(name));
                    found.map_or(Vec::new(), offsets)
                };
                let seen = (with(&|n| n > 1), with(&|n| n == 0));
                assert_eq!(seen, (part("handled"), part("lost")), "seed {seed}: {text}");
            }
            let instance = draw("restart", given, seed);
            let last = int(&instance.scenario["last"]);
            for (value, text) in misconceptions(&instance) {
                let (_, start) = followed(&text, &instance.scenario);
                assert_eq!(start.to_string(), value, "seed {seed}: {text}");
                assert!(start <= last, "seed {seed}: {start} is not in the figure");
            }
        }
    }
}

#[test]
fn each_misconception_about_the_queue_leads_to_its_message() {
    for seed in 0..500 {
        let instance = draw("again", &[], seed);
        let ages = ages(&instance.scenario);
        let timeout = int(&instance.scenario["timeout"]);
        let messages = instance.scenario["messages"].as_array().unwrap();
        let batch_of = |name: &str| {
            let message = messages.iter().find(|m| m["name"] == name).unwrap();
            int(&message["batch"])
        };
        let of_batch = |batch: i64| ages.iter().filter(move |(name, _)| batch_of(name) == batch);
        for (name, text) in misconceptions(&instance) {
            let batch = batch_of(&name);
            let first: i64 = match batch {
                1 => 0,
                _ => of_batch(1).map(|(_, age)| *age).max().unwrap(),
            };
            let leads = match text.as_str() {
                "The timeout runs from the receipt of the first batch." => {
                    first + ages[&name] > timeout
                }
                "All messages of a batch are delivered again if one is late." => {
                    of_batch(batch).any(|(_, age)| *age > timeout)
                }
                other => other == "Doesn't compare the time of each delete with the timeout.",
            };
            assert!(leads, "seed {seed}: {name}: {text}");
        }
    }
}

/// Returns the age of each message when it is deleted, counted second by second.
fn ages(scenario: &Value) -> BTreeMap<String, i64> {
    let mut ages = BTreeMap::new();
    for batch in 1..=2 {
        let mut age = 0;
        for place in 1..=3 {
            let messages = scenario["messages"].as_array().unwrap();
            let is_next = |m: &&Value| m["batch"] == batch && m["place"] == place;
            let message = messages.iter().find(is_next).unwrap();
            (0..int(&message["takes"])).for_each(|_| age += 1);
            ages.insert(message["name"].as_str().unwrap().to_owned(), age);
        }
    }
    ages
}

#[test]
fn the_ages_of_messages_decide_about_the_queue() {
    for seed in 0..2000 {
        let instance = draw("again", &[], seed);
        let Outcome::Several { options } = &instance.outcome else {
            panic!("not a choice of several");
        };
        let ages_now = ages(&instance.scenario);
        let timeout = int(&instance.scenario["timeout"]);
        assert!(
            options
                .iter()
                .all(|o| o.right == (ages_now[&o.text.line()] > timeout))
        );
        let instance = draw("timeout", &[], seed);
        let Outcome::Number { value, .. } = instance.outcome else {
            panic!("not a number");
        };
        assert_eq!(
            Some(&(value as i64)),
            ages(&instance.scenario).values().max()
        );
    }
}

#[test]
fn draws_keep_the_contract() {
    for given in [&[], LARGE] {
        contract::holds(&MODEL, "affected", Kind::Single, given);
        contract::holds(&MODEL, "restart", Kind::Numeric, given);
    }
    contract::holds(&MODEL, "again", Kind::Multiple, &[]);
    contract::holds(&MODEL, "timeout", Kind::Numeric, &[]);
    contract::holds(&MODEL, "timeout", Kind::Single, &[]);
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["affected", "restart", "again", "timeout"] {
        let instance = draw(ask, &[], 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}
