//! Decides drawn requests anew from the whole list and compares the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;
use crate::core::instance::Instance;
use crate::simulation::{Setting, contract, draws};

const MEDIUM: &[(&str, Setting)] = &[("requests", Setting::Whole(9, 9))];
const LARGE: &[(&str, Setting)] = &[
    ("rows", Setting::Whole(4, 4)),
    ("requests", Setting::Whole(10, 10)),
    ("upgrades", Setting::Flag(true)),
];

fn bounds(given: &[(&str, Setting)]) -> Bounds {
    let given = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Bounds::new(MODEL.bounds, &given.collect::<BTreeMap<_, _>>())
}

/// A request of the scenario: its transaction, row, whether it is exclusive, and whether granted.
type Entry = (String, String, bool, bool);

/// Returns the transactions that block the last entry, from the history of its row alone.
fn blockers(entries: &[Entry], new: &Entry) -> BTreeSet<String> {
    let on_row: Vec<&Entry> = entries.iter().filter(|e| e.1 == new.1).collect();
    let holds = |who: &str| on_row.iter().any(|e| e.0 == who && e.3);
    let is_upgrade = holds(&new.0);
    let others = on_row.iter().filter(|e| e.0 != new.0);
    let relevant = others.filter(|e| e.3 || !is_upgrade);
    relevant
        .filter(|e| e.2 || new.2)
        .map(|e| e.0.clone())
        .collect()
}

/// Returns the time of the request that first closes a cycle, and all who wait for themselves.
fn replayed(scenario: &Value) -> (i64, BTreeSet<String>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut reach: BTreeSet<(String, String)> = BTreeSet::new();
    let mut first = None;
    for request in scenario["requests"].as_array().unwrap() {
        let text = |key: &str| request[key].as_str().unwrap().to_owned();
        let mut new = (
            text("transaction"),
            text("row"),
            text("mode") == "exclusive",
            false,
        );
        let blockers = blockers(&entries, &new);
        let upgrade = entries.iter().any(|e| e.0 == new.0 && e.1 == new.1 && e.3);
        let nobody_waits = upgrade || entries.iter().all(|e| e.1 != new.1 || e.3);
        new.3 = blockers.is_empty() && nobody_waits;
        if !new.3 {
            reach.extend(blockers.into_iter().map(|to| (new.0.clone(), to)));
            // An upgrade goes ahead of requests that already wait on the row.
            let behind = entries
                .iter()
                .filter(|e| upgrade && e.1 == new.1 && !e.3 && e.0 != new.0);
            let holds = |who: &str| entries.iter().any(|e| e.0 == who && e.1 == new.1 && e.3);
            let behind = behind.filter(|e| !holds(&e.0));
            reach.extend(behind.map(|e| (e.0.clone(), new.0.clone())));
        }
        entries.push(new);
        loop {
            let longer: Vec<_> = reach
                .iter()
                .flat_map(|(a, b)| {
                    reach
                        .iter()
                        .filter(move |(c, _)| b == c)
                        .map(|(_, d)| (a.clone(), d.clone()))
                })
                .filter(|pair| !reach.contains(pair))
                .collect();
            if longer.is_empty() {
                break;
            }
            reach.extend(longer);
        }
        if reach.iter().any(|(a, b)| a == b) {
            first.get_or_insert(request["at"].as_i64().unwrap());
        }
    }
    let cycle = reach
        .into_iter()
        .filter(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    (first.unwrap(), cycle)
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
fn the_closure_of_waiting_gives_the_same_answers() {
    for given in [&[], MEDIUM, LARGE] {
        for seed in 0..350 {
            let instance = MODEL.instance("closes", &bounds(given), seed).unwrap();
            let (first, _) = replayed(&instance.scenario);
            assert!(
                right(&instance)[0].starts_with(&format!("At {first}:")),
                "seed {seed}"
            );
        }
    }
    for given in [MEDIUM, LARGE] {
        for seed in 0..350 {
            let instance = MODEL.instance("circle", &bounds(given), seed).unwrap();
            let cycle: Vec<String> = replayed(&instance.scenario).1.into_iter().collect();
            assert_eq!(right(&instance), cycle, "seed {seed}");
        }
    }
}

#[test]
fn draws_keep_the_contract() {
    contract::holds(&MODEL, "closes", Kind::Single, &[]);
    contract::holds(&MODEL, "closes", Kind::Single, LARGE);
    contract::holds(&MODEL, "circle", Kind::Multiple, LARGE);
}

#[test]
fn a_seed_keeps_its_instance() {
    for ask in ["closes", "circle"] {
        let instance = MODEL.instance(ask, &bounds(MEDIUM), 7);
        insta::assert_snapshot!(ask, serde_json::to_string_pretty(&instance).unwrap());
    }
}

#[test]
fn queues_decide_often_which_request_closes_the_cycle() {
    let decided = (0..400).filter(|seed| {
        let instance = MODEL.instance("closes", &bounds(&[]), *seed).unwrap();
        let requests: Vec<Request> = instance.scenario["requests"]
            .as_array()
            .unwrap()
            .iter()
            .map(request_of)
            .collect();
        let closing = |rule| {
            let after = edges_after_each(&requests, rule);
            after.iter().position(|edges| !cycles(edges).is_empty())
        };
        let wrong = [Rule::HoldersOnly, Rule::Overtakes].map(closing);
        wrong != [closing(Rule::Right), closing(Rule::Right)]
    });
    let decided = decided.count();
    assert!(decided > 160, "the queue decides in {decided} of 400 draws");
}

/// Reads a request back from a scenario.
fn request_of(request: &Value) -> Request {
    let number = |text: &Value| text.as_str().unwrap()[1..].parse::<usize>().unwrap();
    Request {
        at: request["at"].as_i64().unwrap(),
        transaction: number(&request["transaction"]) - 1,
        row: (0..4).find(|row| request["row"] == row_name(*row)).unwrap(),
        exclusive: request["mode"] == "exclusive",
    }
}

/// Returns the `count` first transactions in the order of `key`.
fn first_by<K: Ord>(count: usize, key: impl Fn(usize) -> K) -> BTreeSet<String> {
    let mut all: Vec<usize> = (0..TRANSACTIONS).collect();
    all.sort_by_key(|transaction| key(*transaction));
    all.iter().take(count).map(|t| name(*t)).collect()
}

#[test]
fn no_place_in_the_table_tells_the_cycle() {
    let mut right = [0; 4];
    let mut last_is_in = 0;
    let drawn = draws::instances(&MODEL, "circle", Kind::Multiple, LARGE);
    for instance in &drawn {
        let requests = instance.scenario["requests"].as_array().unwrap();
        let requests: Vec<Request> = requests.iter().map(request_of).collect();
        let cycle: BTreeSet<String> = self::right(instance).into_iter().collect();
        let times = |t: usize| requests.iter().filter(move |r| r.transaction == t);
        let last = |t: usize| times(t).map(|r| r.at).max();
        let rules = [
            first_by(cycle.len(), |t| std::cmp::Reverse(last(t))),
            first_by(cycle.len(), last),
            first_by(cycle.len(), |t| times(t).count()),
            first_by(cycle.len(), |t| std::cmp::Reverse(times(t).count())),
        ];
        for (rule, count) in rules.iter().zip(&mut right) {
            *count += usize::from(*rule == cycle);
        }
        let last = requests.last().unwrap();
        last_is_in += usize::from(cycle.contains(&name(last.transaction)));
    }
    let percent = right.map(|count| 100 * count / drawn.len());
    assert!(percent.iter().all(|percent| *percent <= 45), "{percent:?}");
    // Two or three of four transactions are in the cycle.
    let share = 100 * last_is_in / drawn.len();
    assert!((45..=80).contains(&share), "the last transaction: {share}%");
}
