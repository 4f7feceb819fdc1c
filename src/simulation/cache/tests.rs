use std::collections::HashMap;

use serde_json::Value;

use super::{Access, CACHE, Cache, KEYS, Policy, Rule, asks, replay};
use crate::core::instance::Instance;
use crate::core::question::Kind;
use crate::simulation::draws::{exactly, instances, int, number, options, word};
use crate::simulation::{Bounds, contract};

#[test]
fn the_contract_holds() {
    for policy in ["lru", "fifo"] {
        let given = [("policy", word(policy))];
        contract::holds(&CACHE, "calls", Kind::Multiple, &given);
        contract::holds(&CACHE, "loaded", Kind::Numeric, &given);
        contract::holds(&CACHE, "evicted", Kind::Single, &given);
        let given = [("policy", word(policy)), ("reads", exactly(13))];
        contract::holds(&CACHE, "stale", Kind::Multiple, &given);
    }
}

/// What a read did, in a cache that is a list from the next entry to remove to the last.
struct Seen {
    hit: bool,
    stale: bool,
    removed: Option<String>,
}

fn by_list(scenario: &Value) -> HashMap<i64, Seen> {
    let mut list: Vec<(String, i64, u32)> = Vec::new();
    let mut versions: HashMap<String, u32> = HashMap::new();
    let mut seen = HashMap::new();
    for access in scenario["accesses"].as_array().unwrap() {
        let key = access["key"].as_str().unwrap().to_owned();
        let now = int(&access["at"]);
        let version = versions.entry(key.clone()).or_default();
        if access["operation"] == "write" {
            *version += 1;
            continue;
        }
        let place = list.iter().position(|entry| entry.0 == key);
        let fresh = place.filter(|&i| now - list[i].1 < int(&scenario["ttl"]));
        let mut removed = None;
        if let Some(i) = fresh {
            if scenario["policy"] == "lru" {
                let entry = list.remove(i);
                list.push(entry);
            }
        } else {
            if let Some(i) = place {
                list.remove(i);
            } else if list.len() as i64 == int(&scenario["entries"]) {
                removed = Some(list.remove(0).0);
            }
            list.push((key.clone(), now, *version));
        }
        let stored = list.iter().find(|entry| entry.0 == key).unwrap().2;
        seen.insert(
            now,
            Seen {
                hit: fresh.is_some(),
                stale: stored < *version,
                removed,
            },
        );
    }
    seen
}

/// Returns the time in an option such as `A at 12 s`.
fn time(option: &str) -> i64 {
    option.split(' ').nth(2).unwrap().parse().unwrap()
}

#[test]
fn reads_agree_with_a_cache_that_is_a_list() {
    for policy in ["lru", "fifo"] {
        let given = [("policy", word(policy))];
        for drawn in &instances(&CACHE, "calls", Kind::Multiple, &given) {
            let seen = by_list(&drawn.scenario);
            for (option, right) in options(drawn) {
                assert_eq!(!seen[&time(&option)].hit, right, "{}", drawn.scenario);
            }
        }
        for drawn in instances(&CACHE, "stale", Kind::Multiple, &given)
            .iter()
            .take(500)
        {
            let seen = by_list(&drawn.scenario);
            for (option, right) in options(drawn) {
                assert_eq!(seen[&time(&option)].stale, right, "{}", drawn.scenario);
            }
        }
        for drawn in &instances(&CACHE, "evicted", Kind::Single, &given) {
            let last = drawn.scenario["accesses"]
                .as_array()
                .unwrap()
                .last()
                .unwrap();
            let removed = by_list(&drawn.scenario)[&int(&last["at"])]
                .removed
                .clone()
                .unwrap();
            assert!(
                options(drawn).contains(&(removed, true)),
                "{}",
                drawn.scenario
            );
        }
        for drawn in &instances(&CACHE, "loaded", Kind::Numeric, &given) {
            let seen = by_list(&drawn.scenario);
            let sizes = drawn.scenario["sizes-kb"].as_array().unwrap();
            let size = |access: &Value| {
                let size = sizes.iter().find(|s| s["key"] == access["key"]).unwrap();
                int(&size["size"])
            };
            let accesses = drawn.scenario["accesses"].as_array().unwrap();
            let missed = accesses.iter().filter(|a| !seen[&int(&a["at"])].hit);
            assert_eq!(
                missed.map(size).sum::<i64>(),
                number(drawn),
                "{}",
                drawn.scenario
            );
        }
    }
}

/// Reads the cache back from a scenario.
fn cache_of(scenario: &Value) -> Cache {
    let key = |name: &Value| KEYS.iter().position(|key| name == key).unwrap();
    let access = |access: &Value| Access {
        at: int(&access["at"]),
        key: key(&access["key"]),
        write: access["operation"] == "write",
    };
    let sizes = scenario["sizes-kb"].as_array();
    Cache {
        entries: int(&scenario["entries"]) as usize,
        ttl: int(&scenario["ttl"]),
        policy: match scenario["policy"].as_str() {
            Some("fifo") => Policy::Fifo,
            _ => Policy::Lru,
        },
        accesses: scenario["accesses"]
            .as_array()
            .unwrap()
            .iter()
            .map(access)
            .collect(),
        sizes: sizes
            .into_iter()
            .flatten()
            .map(|size| int(&size["size"]))
            .collect(),
    }
}

/// Returns whether a rule gives another answer to a drawn question.
fn is_decided_by(rule: Rule, ask: &str, drawn: &Instance) -> bool {
    let cache = cache_of(&drawn.scenario);
    let effects = [Rule::Right, rule].map(|rule| replay(&cache, rule));
    if ask == "loaded" {
        let [right, wrong] = effects.map(|effects| asks::loaded_kb(&cache, &effects));
        return right != wrong;
    }
    options(drawn).iter().any(|(option, _)| {
        let at = |access: &Access| access.at == time(option);
        let i = cache.accesses.iter().position(at).unwrap();
        match ask {
            "stale" => effects[0][i].stale != effects[1][i].stale,
            _ => effects[0][i].hit != effects[1][i].hit,
        }
    })
}

#[test]
fn the_policy_and_the_number_of_entries_decide_often() {
    for policy in ["lru", "fifo"] {
        for (ask, kind) in [
            ("calls", Kind::Multiple),
            ("loaded", Kind::Numeric),
            ("stale", Kind::Multiple),
        ] {
            let given = [("policy", word(policy)), ("reads", exactly(13))];
            let given = given.map(|(name, setting)| (name.to_owned(), setting));
            let bounds = Bounds::new(CACHE.bounds, &given.into());
            let drawn: Vec<Instance> = (0..300)
                .filter_map(|seed| CACHE.instance_for(kind, ask, &bounds, seed))
                .collect();
            for rule in [Rule::OtherPolicy, Rule::NeverFull] {
                let decided = drawn.iter().filter(|drawn| is_decided_by(rule, ask, drawn));
                let decided = decided.count();
                assert!(
                    decided > 75,
                    "{rule:?} decides {decided} of 300 draws of {ask}, {policy}"
                );
            }
        }
    }
}
