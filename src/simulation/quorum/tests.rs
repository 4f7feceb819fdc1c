use std::collections::BTreeSet;

use super::oldest::Slip;
use super::{QUORUM, State, needed};
use crate::core::question::Kind::{Multiple, Single};
use crate::core::rng::Stream;
use crate::simulation::{Bounds, Setting, contract, draws};

/// Returns the newest version of every set of `read` reachable replicas.
fn all_subsets(state: &State, read: usize) -> BTreeSet<i64> {
    let up: Vec<i64> = state.replicas.iter().filter(|r| r.1).map(|r| r.0).collect();
    (0..1u32 << up.len())
        .filter(|set| set.count_ones() as usize == read)
        .filter_map(|set| {
            (0..up.len())
                .filter(|i| set >> i & 1 == 1)
                .map(|i| up[i])
                .max()
        })
        .collect()
}

#[test]
fn results_agree_with_all_subsets() {
    let mut random = Stream::new(3, "states");
    let bounds = Bounds::new(QUORUM.bounds, &Default::default());
    let mut states = 0;
    while states < 10_000 {
        let Some(state) = State::draw(&bounds, &mut random) else {
            continue;
        };
        states += 1;
        assert_eq!(
            state.results(),
            all_subsets(&state, state.read),
            "{state:?}"
        );
        let stored = state
            .replicas
            .iter()
            .filter(|r| r.0 >= state.acknowledged)
            .count();
        assert!(stored >= state.write, "{state:?}");
        let fresh = |r: &usize| {
            all_subsets(&state, *r)
                .iter()
                .all(|v| *v >= state.acknowledged)
        };
        assert_eq!((1..=6).find(fresh), Some(needed(&state)), "{state:?}");
    }
}

#[test]
fn the_contract_holds() {
    let three = [
        ("replicas", Setting::Whole(3, 3)),
        ("failed", Setting::Flag(false)),
    ];
    contract::holds(&QUORUM, "read-results", Multiple, &three);
    let five = [("replicas", Setting::Whole(5, 5))];
    contract::holds(&QUORUM, "read-results", Multiple, &five);
    contract::holds(&QUORUM, "oldest-read", Single, &three);
    contract::holds(&QUORUM, "oldest-read", Single, &five);
    contract::holds(&QUORUM, "oldest-read", Single, &[]);
    contract::holds(&QUORUM, "smallest-r", Single, &five);
}

/// Returns the state that a scenario describes.
fn state_of(scenario: &serde_json::Value) -> State {
    let int = |value: &serde_json::Value| value.as_i64().unwrap();
    State {
        replicas: scenario["replicas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (int(&r["version"]), r["reachable"] == true))
            .collect(),
        write: int(&scenario["w"]) as usize,
        read: int(&scenario["r"]) as usize,
        acknowledged: int(&scenario["newest_acknowledged"]),
        failed: scenario["failed_write"].as_i64(),
    }
}

#[test]
fn no_wrong_rule_tells_the_oldest_read() {
    let mut drawn = 0;
    let mut led = [0; Slip::ALL.len()];
    for instance in draws::instances(&QUORUM, "oldest-read", Single, &[]) {
        let state = state_of(&instance.scenario);
        let oldest = all_subsets(&state, state.read).first().copied().unwrap();
        let right: Vec<String> = draws::options(&instance)
            .into_iter()
            .filter_map(|(text, right)| right.then_some(text))
            .collect();
        assert_eq!(right, [oldest.to_string()], "seed {}", instance.seed);
        for (slip, count) in Slip::ALL.into_iter().zip(&mut led) {
            *count += usize::from(slip.result(&state) == Some(oldest));
        }
        drawn += 1;
    }
    for (slip, count) in Slip::ALL.into_iter().zip(led) {
        let percent = 100 * count / drawn;
        // A failed version is the newest one, so it can only be the key as the last option.
        let most = if slip == Slip::IgnoresFailed { 85 } else { 60 };
        assert!(percent <= most, "{slip:?} is right in {percent}%: {led:?}");
    }
}

#[test]
fn reasons_for_a_smallest_r_hold_in_the_state() {
    use crate::core::instance::Outcome;
    let bounds = Bounds::new(QUORUM.bounds, &Default::default());
    for seed in 0..2000 {
        let drawn = QUORUM
            .instance_for(Single, "smallest-r", &bounds, seed)
            .unwrap();
        let replicas = drawn.scenario["replicas"].as_array().unwrap();
        let up = replicas.iter().filter(|r| r["reachable"] == true).count();
        let Outcome::One { options } = &drawn.outcome else {
            panic!("not a choice of one");
        };
        for option in options {
            let r: usize = option.text.line().parse().unwrap();
            let why = option.why.line();
            assert_eq!(r > up, why.contains("never gets"), "seed {seed}: {why}");
            assert!(!why.contains(" 1 answers"), "seed {seed}: {why}");
        }
    }
}

#[test]
fn r_decides_about_an_option_of_each_read() {
    use crate::core::instance::Outcome;
    let bounds = Bounds::new(QUORUM.bounds, &Default::default());
    let mut ruled_out = 0;
    for seed in 0..500 {
        let drawn = QUORUM
            .instance_for(Multiple, "read-results", &bounds, seed)
            .unwrap();
        let replicas = drawn.scenario["replicas"].as_array().unwrap();
        let mut up: Vec<i64> = replicas
            .iter()
            .filter(|replica| replica["reachable"] == true)
            .map(|replica| replica["version"].as_i64().unwrap())
            .collect();
        up.sort_unstable();
        let newest = replicas
            .iter()
            .map(|r| r["version"].as_i64().unwrap())
            .max();
        let read = drawn.scenario["r"].as_u64().unwrap() as usize;
        let Outcome::Several { options } = &drawn.outcome else {
            panic!("not a choice of several");
        };
        let possible =
            |read: usize, version: i64| up.get(read - 1..).unwrap_or(&[]).contains(&version);
        let mut decides = false;
        for option in options {
            let version: i64 = option.text.line().parse().unwrap();
            assert_eq!(option.right, possible(read, version), "seed {seed}");
            decides |= possible(1, version) != option.right;
            decides |= possible(read + 1, version) != option.right;
            let Some(belief) = &option.misconception else {
                continue;
            };
            let is_held = replicas.iter().any(|replica| replica["version"] == version);
            let leads = match belief.line().as_str() {
                "A read may return whatever a replica that answers holds." => possible(1, version),
                "A read can return the version of a replica that it can't reach." => is_held,
                "A read may return any version up to the newest one." => Some(version) <= newest,
                "A read may return a version that no replica holds yet." => !is_held,
                other => panic!("unknown: {other}"),
            };
            assert!(leads, "seed {seed}: {version}: {belief}");
            ruled_out += usize::from(possible(1, version));
        }
        assert!(
            read > 1 && decides,
            "seed {seed}: R = {read} decides nothing"
        );
    }
    assert!(
        ruled_out > 200,
        "R rules out only {ruled_out} options in 500 draws"
    );
}
