use std::collections::BTreeSet;

use super::order::{Call, Class, Order, classify, history, is_linearizable, legal_order, reads};
use super::slips::MODEL_SLIPS;
use super::{REGISTER_HISTORY, is_linearizable_at, possible_values};
use crate::core::question::Kind::{Multiple, Single};
use crate::core::rng::Stream;
use crate::simulation::{Setting, contract, draws};

/// Tries every order of the remaining calls, one call at a time.
fn brute(
    calls: &[Call],
    left: &mut Vec<usize>,
    before: &dyn Fn(usize, usize) -> bool,
    value: i64,
) -> bool {
    if left.is_empty() {
        return true;
    }
    (0..left.len()).any(|at| {
        let i = left[at];
        let free = left.iter().all(|j| *j == i || !before(*j, i));
        if !free || (!calls[i].write && calls[i].value != value) {
            return false;
        }
        left.remove(at);
        let next = if calls[i].write {
            calls[i].value
        } else {
            value
        };
        let found = brute(calls, left, before, next);
        left.insert(at, i);
        found
    })
}

fn real_time(calls: &[Call]) -> bool {
    let before = |a: usize, b: usize| calls[a].to < calls[b].from;
    brute(calls, &mut (0..calls.len()).collect(), &before, 0)
}

fn program(calls: &[Call]) -> bool {
    let before =
        |a: usize, b: usize| calls[a].client == calls[b].client && calls[a].from < calls[b].from;
    brute(calls, &mut (0..calls.len()).collect(), &before, 0)
}

/// Returns true if a path of program order and reads-from leads from one call to the other.
fn causes(calls: &[Call], from: usize, to: usize) -> bool {
    let step = |a: usize, b: usize| {
        let (x, y) = (&calls[a], &calls[b]);
        (x.client == y.client && x.from < y.from) || (x.write && !y.write && x.value == y.value)
    };
    (0..calls.len()).any(|via| step(from, via) && (via == to || causes(calls, via, to)))
}

fn causal(calls: &[Call]) -> bool {
    (0..3).all(|client| {
        let mut view: Vec<usize> = (0..calls.len())
            .filter(|i| calls[*i].write || calls[*i].client == client)
            .collect();
        let cause: Vec<Vec<bool>> = (0..calls.len())
            .map(|a| (0..calls.len()).map(|b| causes(calls, a, b)).collect())
            .collect();
        brute(calls, &mut view, &|a, b| cause[a][b], 0)
    })
}

fn random_histories(count: u64, mut check: impl FnMut(&[Call])) {
    let mut random = Stream::new(11, "histories");
    for round in 0..count {
        let size = 4 + round as usize % 4;
        let clients = 2 + round as usize % 2;
        let writes = 2 + round as usize % 3;
        if let Some(calls) = history(
            [clients, size, writes.min(size - 1)],
            round % 3 == 0,
            &mut random,
        ) {
            check(&calls);
        }
    }
}

fn agrees_with_all_orders(count: u64) {
    random_histories(count, |calls| {
        let linearizable = real_time(calls);
        assert_eq!(is_linearizable(calls), linearizable, "{calls:?}");
        assert_eq!(
            legal_order(calls, Order::RealTime).is_ok(),
            linearizable,
            "{calls:?}"
        );
        assert_eq!(
            legal_order(calls, Order::Program).is_ok(),
            program(calls),
            "{calls:?}"
        );
        let views = (0..3).all(|c| legal_order(calls, Order::Causal(c)).is_ok());
        assert_eq!(views, causal(calls), "{calls:?}");
        let expected = match (linearizable, program(calls), causal(calls)) {
            (true, _, _) => Class::Linearizable,
            (_, true, _) => Class::Sequential,
            (_, _, true) => Class::Causal,
            _ => Class::Weaker,
        };
        assert!(
            classify(calls).is_none_or(|class| class == expected),
            "{calls:?}"
        );
    });
}

#[test]
fn the_solver_agrees_with_all_orders() {
    agrees_with_all_orders(2_000);
}

#[test]
#[ignore = "slow"]
fn the_solver_agrees_with_all_orders_of_more_histories() {
    agrees_with_all_orders(10_000);
}

#[test]
fn a_legal_order_is_legal() {
    random_histories(2_000, |calls| {
        if let Ok(order) = legal_order(calls, Order::RealTime) {
            assert_eq!(order.len(), calls.len());
            let mut value = 0;
            for (at, i) in order.iter().enumerate() {
                assert!(order[at..].iter().all(|j| calls[*j].to > calls[*i].from));
                value = if calls[*i].write {
                    calls[*i].value
                } else {
                    value
                };
                assert_eq!(value, calls[*i].value);
            }
        }
    });
}

#[test]
fn running_writes_may_or_may_not_have_taken_effect() {
    random_histories(2_000, |calls| {
        for time in reads(calls).map(|r| calls[r].to) {
            let finished: Vec<Call> = calls.iter().filter(|c| c.to <= time).copied().collect();
            let running: Vec<Call> = calls
                .iter()
                .filter(|c| c.write && c.from < time && time < c.to)
                .copied()
                .collect();
            let possible = (0..1 << running.len()).any(|set: usize| {
                let chosen = (0..running.len())
                    .filter(|i| set >> i & 1 == 1)
                    .map(|i| running[i]);
                real_time(&finished.iter().copied().chain(chosen).collect::<Vec<_>>())
            });
            assert_eq!(
                is_linearizable_at(calls, time),
                possible,
                "{calls:?} at {time}"
            );
        }
    });
}

#[test]
fn possible_values_are_those_with_an_order() {
    random_histories(1_000, |calls| {
        let Some(asked) = reads(calls).next() else {
            return;
        };
        let possible = possible_values(calls, asked);
        for value in 0..10 {
            let mut changed = calls.to_vec();
            changed[asked].value = value;
            assert_eq!(
                possible.contains(&value),
                real_time(&changed),
                "{changed:?}"
            );
        }
    });
}

#[test]
fn the_contract_holds() {
    for (clients, calls) in [(2, 5), (3, 6), (3, 8)] {
        let bounds = [
            ("clients", Setting::Whole(clients, clients)),
            ("calls", Setting::Whole(calls, calls)),
            ("causal", Setting::Flag(clients > 2)),
        ];
        contract::holds(&REGISTER_HISTORY, "strongest-model", Single, &bounds);
        contract::holds(&REGISTER_HISTORY, "read-values", Multiple, &bounds);
        contract::holds(&REGISTER_HISTORY, "first-break", Single, &bounds);
    }
}

fn call_of(call: &serde_json::Value) -> Call {
    let client = call["client"].as_str().unwrap().as_bytes()[0];
    Call {
        client: usize::from(client - b'A'),
        write: call["call"] == "write",
        value: call["value"].as_i64().unwrap_or(-1),
        from: call["from"].as_i64().unwrap(),
        to: call["to"].as_i64().unwrap(),
    }
}

fn calls_of(scenario: &serde_json::Value) -> Vec<Call> {
    let calls = scenario["calls"].as_array().unwrap();
    calls.iter().map(call_of).collect()
}

/// Returns the `count` last values of `writes`, in the order of `key`.
fn last_values(mut writes: Vec<Call>, count: usize, key: impl Fn(&Call) -> i64) -> BTreeSet<i64> {
    writes.sort_by_key(|write| -key(write));
    writes.iter().take(count).map(|write| write.value).collect()
}

#[test]
fn no_wrong_rule_tells_the_values_of_a_read() {
    let mut right = [0; 6];
    let drawn = draws::instances(&REGISTER_HISTORY, "read-values", Multiple, &[]);
    for instance in &drawn {
        let calls = calls_of(&instance.scenario);
        let read = calls[instance.scenario["asked"].as_u64().unwrap() as usize];
        let initial = Call {
            write: true,
            value: 0,
            from: -1,
            to: -1,
            ..read
        };
        let writes: Vec<Call> = calls.iter().filter(|c| c.write).copied().collect();
        let all = [writes, vec![initial]].concat();
        let begun: Vec<Call> = all.iter().filter(|w| w.from < read.to).copied().collect();
        let options = draws::options(instance);
        let key: BTreeSet<i64> = options
            .iter()
            .filter(|option| option.1)
            .map(|option| option.0.parse().unwrap())
            .collect();
        let last_ended = all.iter().filter(|w| w.to < read.from).max_by_key(|w| w.to);
        let overlapping = |w: &Call| w.to > read.from || w.value == last_ended.unwrap().value;
        let replaced = |w: &Call| all.iter().any(|o| w.to < o.from && o.to < read.from);
        let rules = [
            last_values(all.clone(), key.len(), |w| w.from),
            last_values(begun.clone(), key.len(), |w| w.from),
            last_values(all.clone(), key.len(), |w| w.to),
            last_values(begun.clone(), key.len(), |w| w.to),
            begun
                .iter()
                .filter(|w| overlapping(w))
                .map(|w| w.value)
                .collect(),
            begun
                .iter()
                .filter(|w| !replaced(w))
                .map(|w| w.value)
                .collect(),
        ];
        for (rule, count) in rules.iter().zip(&mut right) {
            *count += usize::from(*rule == key);
        }
    }
    let percent = right.map(|count| 100 * count / drawn.len());
    assert!(percent.iter().all(|percent| *percent <= 45), "{percent:?}");
}

#[test]
fn no_wrong_rule_tells_the_strongest_model() {
    let drawn = draws::instances(&REGISTER_HISTORY, "strongest-model", Single, &[]);
    let mut right = vec![0; MODEL_SLIPS.len()];
    for instance in &drawn {
        let calls = calls_of(&instance.scenario);
        let class = classify(&calls);
        for (slip, count) in MODEL_SLIPS.iter().zip(&mut right) {
            *count += usize::from(Some(slip.1(&calls)) == class);
        }
    }
    let percent: Vec<usize> = right
        .iter()
        .map(|count| 100 * count / drawn.len())
        .collect();
    assert!(percent.iter().all(|percent| *percent <= 85), "{percent:?}");
}
