use super::{Cluster, RAFT_LOG, SERVERS, held_by_three, safe_entries};
use crate::core::instance::Instance;
use crate::core::question::Kind::{Multiple, Numeric};
use crate::core::rng::Stream;
use crate::simulation::draws::{instances, int, misconceptions, number, numbers, options};
use crate::simulation::{Bounds, Setting, contract};
use serde_json::Value;

fn clusters(count: usize, mut check: impl FnMut(&Cluster)) {
    let mut random = Stream::new(7, "clusters");
    let bounds = Bounds::new(RAFT_LOG.bounds, &Default::default());
    let mut seen = 0;
    while seen < count {
        if let Some(cluster) = Cluster::draw_with(seen % 4 == 0, &bounds, &mut random) {
            seen += 1;
            check(&cluster);
        }
    }
}

fn newer_or_same(a: &[i64], b: &[i64]) -> bool {
    let (x, y) = (a.last().unwrap_or(&0), b.last().unwrap_or(&0));
    x > y || (x == y && a.len() >= b.len())
}

#[test]
fn logs_match() {
    clusters(5_000, |cluster| {
        for a in &cluster.logs {
            assert!(a.is_sorted());
            for b in &cluster.logs {
                for i in 0..a.len().min(b.len()) {
                    assert!(a[i] != b[i] || a[..i] == b[..i], "{cluster:?}");
                }
            }
        }
        for server in 0..SERVERS {
            let (known, own) = (cluster.matching[server], &cluster.logs[cluster.leader]);
            assert_eq!(
                cluster.logs[server].get(..known),
                own.get(..known),
                "{cluster:?}"
            );
        }
    });
}

#[test]
fn the_commit_index_agrees_with_counting_each_index() {
    clusters(10_000, |cluster| {
        let own = &cluster.logs[cluster.leader];
        let term = cluster.terms[cluster.leader];
        let fits = |n: &usize| {
            let holders = cluster.matching.iter().filter(|m| **m >= *n).count();
            holders * 2 > SERVERS && own[n - 1] == term
        };
        let counted = (1..=own.len())
            .filter(fits)
            .max()
            .unwrap_or(0)
            .max(cluster.committed);
        assert_eq!(cluster.commit_index(), counted, "{cluster:?}");
        assert!(
            safe_entries(cluster) >= counted,
            "a committed entry is never lost: {cluster:?}"
        );
    });
}

#[test]
fn votes_and_safety_agree_with_all_sets_of_voters() {
    clusters(10_000, |cluster| {
        let own = &cluster.logs[cluster.leader];
        let majority = |s: usize| {
            (0..32_u32).any(|set| {
                let voters = || (0..SERVERS).filter(move |v| set >> v & 1 == 1);
                set.count_ones() >= 3
                    && set >> s & 1 == 1
                    && voters().all(|v| newer_or_same(&cluster.logs[s], &cluster.logs[v]))
            })
        };
        let all: Vec<usize> = (0..SERVERS).collect();
        for s in 0..SERVERS {
            assert_eq!(
                cluster.votes(s, &all).len() >= 3,
                majority(s),
                "{cluster:?}"
            );
        }
        let lost = |i: &usize| {
            (0..SERVERS).any(|s| majority(s) && cluster.logs[s].get(..=*i) != own.get(..=*i))
        };
        let first = (0..own.len()).find(lost).unwrap_or(own.len());
        assert_eq!(safe_entries(cluster), first, "{cluster:?}");
        let held = |i: &usize| {
            cluster
                .logs
                .iter()
                .filter(|l| l.get(..=*i) == own.get(..=*i))
                .count()
                >= 3
        };
        let count = (0..own.len()).take_while(held).count();
        assert_eq!(held_by_three(cluster), count, "{cluster:?}");
    });
}

#[test]
fn the_contract_holds() {
    let entries = |n| [("entries", Setting::Whole(n, n))];
    contract::holds(&RAFT_LOG, "commit-index", Numeric, &entries(4));
    contract::holds(&RAFT_LOG, "commit-index", Numeric, &entries(6));
    contract::holds(&RAFT_LOG, "can-win", Multiple, &entries(6));
    contract::holds(&RAFT_LOG, "overwritable", Numeric, &entries(8));
}

/// Returns the commit index that the leader has if `text` were true, from the scenario alone.
fn followed(text: &str, scenario: &Value) -> i64 {
    let base = int(&scenario["base"]);
    let leader = scenario["leader"].as_str().unwrap()[1..]
        .parse::<usize>()
        .unwrap()
        - 1;
    let own = numbers(&scenario["logs"][leader]);
    let last = base + own.len() as i64;
    let mut known = numbers(&scenario["match_index"]);
    known[leader] = last;
    let commit = int(&scenario["commit_index"]);
    let holders = |n: i64| known.iter().filter(|index| **index >= n).count();
    let is_current = |n: i64| own[(n - base - 1) as usize] == int(&scenario["term"]);
    let highest = |holds: &dyn Fn(i64) -> bool| (base + 1..=last).rev().find(|n| holds(*n));
    match text {
        "An entry on a majority is committed, whatever its term." => {
            highest(&|n| holders(n) >= 3).unwrap()
        }
        "A majority of the followers must hold the entry." => {
            highest(&|n| holders(n) > 3 && is_current(n))
                .unwrap_or(0)
                .max(commit)
        }
        "A majority of the followers must hold the entry, whatever its term." => {
            highest(&|n| holders(n) > 3).unwrap_or(base).max(commit)
        }
        "The leader's log is committed up to its end." => last,
        "An entry on the leader and one follower is committed, whatever its term." => {
            highest(&|n| holders(n) >= 2).unwrap()
        }
        "Every server must hold the entry." => highest(&|n| holders(n) == SERVERS && is_current(n))
            .unwrap_or(0)
            .max(commit),
        other => panic!("unknown: {other}"),
    }
}

#[test]
fn each_misconception_about_the_commit_index_leads_to_its_number() {
    for n in [4, 6] {
        let entries = [("entries", Setting::Whole(n, n))];
        for drawn in instances(&RAFT_LOG, "commit-index", Numeric, &entries)
            .iter()
            .take(500)
        {
            for (value, text) in misconceptions(drawn) {
                let led = followed(&text, &drawn.scenario).to_string();
                assert_eq!(led, value, "{text} {}", drawn.scenario);
            }
        }
    }
}

#[test]
fn the_stated_commit_index_is_seldom_the_answer() {
    let drawn = instances(&RAFT_LOG, "commit-index", Numeric, &[]);
    let stays = |d: &&Instance| int(&d.scenario["commit_index"]) == number(d);
    let share = 100 * drawn.iter().filter(stays).count() / drawn.len();
    assert!((25..=42).contains(&share), "{share}%");
}

#[test]
fn each_misconception_about_the_winner_leads_to_its_server() {
    for drawn in instances(&RAFT_LOG, "can-win", Multiple, &[])
        .iter()
        .take(500)
    {
        let s = &drawn.scenario;
        let logs: Vec<Vec<i64>> = (0..SERVERS).map(|i| numbers(&s["logs"][i])).collect();
        let down = s["unreachable"][0].as_str().unwrap().to_owned();
        let up = || (0..SERVERS).filter(|i| super::name(*i) != down);
        for (server, text) in misconceptions(drawn) {
            let log = &logs[up().find(|i| super::name(*i) == server).unwrap()];
            let leads = match text.as_str() {
                "A server with the longest log can win." => {
                    up().all(|other| logs[other].len() <= log.len())
                }
                "Only the terms of the last entries are compared." => {
                    up().filter(|other| logs[*other].last() <= log.last())
                        .count()
                        >= 3
                }
                "The votes of two of the four reachable servers are enough." => {
                    up().filter(|other| newer_or_same(log, &logs[*other]))
                        .count()
                        >= 2
                }
                other => other == "Any server that reaches a majority can win.",
            };
            assert!(leads, "{server}: {text} {s}");
        }
    }
}

#[test]
fn the_index_often_decides_who_can_win() {
    let drawn = instances(&RAFT_LOG, "can-win", Multiple, &[]);
    let decided = drawn.iter().filter(|instance| {
        let logs: Vec<Vec<i64>> = instance.scenario["logs"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let reachable: Vec<(usize, bool)> = options(instance)
            .iter()
            .map(|(name, wins)| (name[1..].parse::<usize>().unwrap() - 1, *wins))
            .collect();
        reachable.iter().any(|(server, wins)| {
            let voters = reachable
                .iter()
                .filter(|other| logs[other.0].last() <= logs[*server].last());
            (voters.count() >= 3) != *wins
        })
    });
    let (decided, all) = (decided.count(), drawn.len());
    assert!(
        decided * 3 > all,
        "the index decides in {decided} of {all} draws"
    );
}

#[test]
fn no_column_of_the_table_is_the_answer_to_half_of_the_draws() {
    let drawn = instances(
        &RAFT_LOG,
        "overwritable",
        Numeric,
        &[("entries", Setting::Whole(7, 8))],
    );
    let mut columns = std::collections::BTreeMap::<i64, usize>::new();
    for instance in &drawn {
        *columns
            .entry(number(instance) - int(&instance.scenario["base"]))
            .or_default() += 1;
    }
    let most = columns.values().max().unwrap();
    assert!(most * 2 < drawn.len(), "{columns:?}");
}
