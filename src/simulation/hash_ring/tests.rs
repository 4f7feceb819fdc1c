use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::HASH_RING;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, misconceptions, number, options, word};

#[test]
fn the_contract_holds() {
    let small = [
        ("nodes", exactly(3)),
        ("tokens", exactly(1)),
        ("keys", exactly(4)),
    ];
    contract::holds(&HASH_RING, "moved", Kind::Multiple, &small);
    contract::holds(
        &HASH_RING,
        "moved",
        Kind::Multiple,
        &[("change", word("leave"))],
    );
    contract::holds(&HASH_RING, "gained", Kind::Single, &small);
    contract::holds(
        &HASH_RING,
        "gained",
        Kind::Numeric,
        &[("change", word("leave"))],
    );
    let large = [("nodes", exactly(5)), ("spread", word("zones"))];
    contract::holds(&HASH_RING, "preference", Kind::Single, &[]);
    contract::holds(&HASH_RING, "preference", Kind::Single, &large);
}

/// Returns the node of the first token that one meets going up position by position.
fn walk(ring: &Value, key: i64, without: Option<&str>) -> Vec<String> {
    let tokens = ring["tokens"].as_array().unwrap();
    let mut met = Vec::new();
    for at in (key..key + 360).map(|at| at % 360) {
        for token in tokens.iter().filter(|t| int(&t["at"]) == at) {
            let node = token["node"].as_str().unwrap();
            if Some(node) != without {
                met.push(node.to_owned());
            }
        }
    }
    met
}

#[test]
fn keys_and_positions_move_as_a_walk_by_position_says() {
    for change in ["join", "leave"] {
        let given = [("change", word(change))];
        for drawn in instances(&HASH_RING, "moved", Kind::Multiple, &given) {
            let ring = &drawn.scenario["ring"];
            let node = drawn.scenario["change"]["node"].as_str();
            let keys = ring["keys"].as_array().unwrap();
            for (key, (_, right)) in keys.iter().zip(options(&drawn)) {
                let at = int(&key["at"]);
                let moved = walk(ring, at, None)[0] != walk(ring, at, node)[0];
                assert_eq!(moved, right, "{}", drawn.scenario);
            }
        }
        for drawn in instances(&HASH_RING, "gained", Kind::Numeric, &given)
            .iter()
            .take(200)
        {
            let ring = &drawn.scenario["ring"];
            let pair = &drawn.scenario["asked"]["positions-between"];
            let (node, other) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
            let passes = |&at: &i64| {
                walk(ring, at, None)[0] == node && walk(ring, at, Some(node))[0] == other
            };
            assert_eq!((0..360).filter(passes).count() as i64, number(drawn));
        }
    }
}

#[test]
fn preference_lists_end_with_the_last_that_fits_of_a_walk() {
    for spread in ["nodes", "zones"] {
        let given = [("spread", word(spread)), ("nodes", exactly(5))];
        for drawn in instances(&HASH_RING, "preference", Kind::Single, &given) {
            let scenario = &drawn.scenario;
            let ring = &scenario["ring"];
            let mut used = BTreeSet::new();
            let mut list = Vec::new();
            for node in walk(ring, int(&ring["keys"][0]["at"]), None) {
                let mut zones = scenario["zones"].as_array().into_iter().flatten();
                let zone = zones
                    .find(|z| z["node"] == node.as_str())
                    .map(|z| z["zone"].to_string());
                if used.insert(zone.unwrap_or_else(|| node.clone())) {
                    list.push(node);
                }
            }
            list.truncate(int(&scenario["copies"]) as usize);
            let last = list.pop().unwrap();
            assert!(options(&drawn).contains(&(last, true)), "{scenario}");
        }
    }
}

#[test]
fn no_number_is_often_a_wrong_one() {
    let leave = [("nodes", exactly(4)), ("change", word("leave"))];
    for given in [&leave[..], &[]] {
        let drawn = instances(&HASH_RING, "gained", Kind::Single, given);
        let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
        for (number, _) in drawn.iter().flat_map(misconceptions) {
            *wrong.entry(number).or_default() += 1;
        }
        let (number, times) = wrong.iter().max_by_key(|(_, times)| **times).unwrap();
        assert!(
            100 * times < 10 * drawn.len(),
            "{number} is a wrong option in {times} of {} draws",
            drawn.len()
        );
    }
}

#[test]
fn no_place_after_the_key_tells_the_last_node() {
    let zones = [("nodes", exactly(5)), ("spread", word("zones"))];
    for given in [&[][..], &zones] {
        let drawn = instances(&HASH_RING, "preference", Kind::Single, given);
        let mut places = [0; 10];
        for instance in &drawn {
            let ring = &instance.scenario["ring"];
            let right = options(instance).into_iter().find(|option| option.1);
            let (last, _) = right.unwrap();
            let met = walk(ring, int(&ring["keys"][0]["at"]), None);
            places[met.iter().position(|node| *node == last).unwrap()] += 1;
        }
        let most = 100 * places.iter().max().unwrap() / drawn.len();
        assert!(most <= 45, "{places:?}");
    }
}
