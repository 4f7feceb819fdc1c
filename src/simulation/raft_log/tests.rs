use super::{Cluster, RAFT_LOG, SERVERS, held_by_three, safe_entries};
use crate::core::question::Kind::{Multiple, Numeric};
use crate::core::rng::Stream;
use crate::simulation::{Bounds, Setting, contract};

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
