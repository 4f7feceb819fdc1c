//! Replays every second of drawn situations and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::Instance;
use crate::simulation::{Setting, contract, draws};

const LARGE: &[(&str, Setting)] = &[
    ("clients", Setting::Whole(3, 3)),
    ("writes", Setting::Whole(6, 6)),
    ("renewals", Setting::Whole(1, 1)),
];
const UNCHECKED: &[(&str, Setting)] = &[
    ("writes", Setting::Whole(5, 5)),
    ("check", Setting::Flag(false)),
];
const SLOW: &[(&str, Setting)] = &[
    ("writes", Setting::Whole(5, 5)),
    ("slow-clocks", Setting::Flag(true)),
];

fn bounds(given: &[(&str, Setting)]) -> Bounds {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Bounds::new(MODEL.bounds, &given.collect::<BTreeMap<_, _>>())
}

/// The state of the service and the store in one second.
#[derive(Default)]
struct Replay {
    holder: Option<(String, i64)>,
    queue: Vec<String>,
    token: i64,
    newest: BTreeMap<String, i64>,
    since: BTreeMap<String, i64>,
    carried: BTreeMap<String, i64>,
    highest: i64,
    accepted: Vec<String>,
    broken: Vec<String>,
    looked: BTreeMap<String, i64>,
    late: Vec<i64>,
    /// The writes as they arrive, with their tokens.
    arrived: Vec<(String, i64)>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Replay {
    fn grant(&mut self, client: String, now: i64, duration: i64) {
        self.newest.insert(client.clone(), self.token);
        self.since.insert(client.clone(), now);
        self.token += 1;
        self.holder = Some((client, now + duration));
    }

    fn second(&mut self, now: i64, scenario: &Value) {
        let duration = scenario["duration"].as_i64().unwrap();
        if self.holder.as_ref().is_some_and(|(_, end)| *end == now) {
            self.holder = None;
            if !self.queue.is_empty() {
                let next = self.queue.remove(0);
                self.grant(next, now, duration);
            }
        }
        for call in scenario["calls"].as_array().unwrap() {
            let client = text(&call["client"]);
            match (
                call["at"] == now,
                call["call"] == "renew",
                self.holder.is_some(),
            ) {
                (false, ..) => {}
                (true, true, _) => {
                    self.since.insert(client.clone(), now);
                    self.holder = Some((client, now + duration));
                }
                (true, false, true) => self.queue.push(client),
                (true, false, false) => self.grant(client, now, duration),
            }
        }
        for write in scenario["writes"].as_array().unwrap() {
            let (name, client) = (text(&write["name"]), text(&write["client"]));
            if write["looks"] == now && self.since.contains_key(&client) {
                let passed = now - self.since[&client];
                let counted = passed * scenario["clock"]["counts"].as_i64().unwrap() / 10;
                self.looked.insert(name.clone(), duration - counted);
            }
            if write["sent"] == now {
                self.carried.insert(name.clone(), self.newest[&client]);
            }
            if write["arrives"] == now {
                self.arrive(name, client, scenario["check"] != false, now, duration);
            }
        }
    }

    fn arrive(&mut self, name: String, client: String, check: bool, now: i64, duration: i64) {
        let token = self.carried[&name];
        self.arrived.push((name.clone(), token));
        if let Some(left) = self.looked.get(&name)
            && now >= self.since[&client] + duration
        {
            self.late.push(*left);
        }
        if !check || token >= self.highest {
            self.highest = self.highest.max(token);
            if self.token > token + 1 {
                self.broken.push(name.clone());
            }
            self.accepted.push(name);
        }
    }
}

fn replayed(instance: &Instance) -> Replay {
    let mut replay = Replay {
        token: instance.scenario["first_token"].as_i64().unwrap(),
        ..Replay::default()
    };
    (0..200).for_each(|now| replay.second(now, &instance.scenario));
    replay.accepted.sort();
    replay.broken.sort();
    replay
}

fn right(instance: &Instance) -> Vec<String> {
    let Outcome::Several { options } = &instance.outcome else {
        panic!("not a choice of several");
    };
    let right = options.iter().filter(|option| option.right);
    right.map(|option| option.text.line()).collect()
}

#[test]
fn a_replay_of_every_second_gives_the_same_answers() {
    for given in [&[], LARGE, UNCHECKED, SLOW] {
        for seed in 0..200 {
            let draw = |ask| MODEL.instance(ask, &bounds(given), seed).unwrap();
            let accepted = draw("accepted");
            assert_eq!(
                right(&accepted),
                replayed(&accepted).accepted,
                "seed {seed}"
            );
            let broken = draw("violations");
            assert_eq!(right(&broken), replayed(&broken).broken, "seed {seed}");
            let margin = draw("margin");
            let Outcome::Number { value, .. } = margin.outcome else {
                panic!("not a number");
            };
            assert_eq!(
                Some(&(value as i64)),
                replayed(&margin).late.iter().max(),
                "seed {seed}"
            );
        }
    }
}

#[test]
fn draws_keep_the_contract() {
    contract::holds(&MODEL, "accepted", Kind::Multiple, &[]);
    contract::holds(&MODEL, "accepted", Kind::Multiple, LARGE);
    contract::holds(&MODEL, "violations", Kind::Multiple, LARGE);
    contract::holds(&MODEL, "margin", Kind::Numeric, &[]);
    contract::holds(&MODEL, "margin", Kind::Numeric, SLOW);
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["accepted", "violations", "margin"] {
        let instance = MODEL.instance(ask, &bounds(&[]), 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}

#[test]
fn no_order_of_the_writes_tells_which_are_accepted() {
    for given in [&[][..], LARGE] {
        let drawn = draws::instances(&MODEL, "accepted", Kind::Multiple, given);
        let mut led = [0; 2];
        for instance in &drawn {
            let key = right(instance);
            let by_arrival = replayed(instance).arrived;
            let mut by_token = by_arrival.clone();
            by_token.sort_by_key(|(_, token)| -token);
            for (order, count) in [by_arrival, by_token].iter().zip(&mut led) {
                let mut first = order[..key.len()].iter();
                *count += usize::from(first.all(|(name, _)| key.contains(name)));
            }
        }
        let percent = led.map(|count| 100 * count / drawn.len());
        assert!(
            percent.iter().all(|percent| *percent <= 50),
            "{given:?}: {percent:?}"
        );
    }
}
