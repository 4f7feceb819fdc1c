//! Logs of five Raft servers: what is committed, who can win, what may be overwritten.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Ask, Bound, Bounds, Model, Shape, Situation, attempts, between, chance, table};
use crate::core::figure::Figure;
use crate::core::instance::{Alternative, Outcome, WrongNumber};
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::core::text::Text;

#[cfg(test)]
mod tests;

pub const RAFT_LOG: Model = Model {
    name: "raft-log",
    version: 3,
    summary: "The logs of five Raft servers after several elections.",
    rules: &[
        "A leader may raise its commit index to an index that a majority of the five servers, itself \
         included, is known to hold, if its entry there is from the leader's current term.",
        "A server votes for a candidate whose last entry has a higher term, or the same term and an \
         index at least as high as its own last entry.",
        "A candidate needs the votes of three of the five servers; its own is one of them.",
        "The candidate starts a new term, in which nobody has voted yet.",
    ],
    rivals: &["An entry of an older term on a majority counts as committed."],
    asks: &[
        Ask {
            name: "commit-index",
            summary: "The index to which the leader may raise its commit index.",
            kinds: &[Kind::Numeric],
            texts: &["leader", "term", "commit"],
        },
        Ask {
            name: "can-win",
            summary: "The reachable servers that can win an election.",
            kinds: &[Kind::Multiple],
            texts: &["down"],
        },
        Ask {
            name: "overwritable",
            summary: "The leader's first entry that the winner of the next election may lack.",
            kinds: &[Kind::Numeric],
            texts: &["leader", "term"],
        },
    ],
    bounds: &[Bound {
        name: "entries",
        summary: "The number of entries of the longest log.",
        shape: Shape::Whole {
            min: 4,
            max: 8,
            default: (6, 6),
        },
    }],
    draw,
};

const TRIES: usize = 5000;
const SERVERS: usize = 5;

/// The servers after some elections. All hold the same entries up to index `base`.
#[derive(Clone, Debug, Default)]
struct Cluster {
    base: i64,
    /// The terms of the entries after `base`, from the oldest.
    logs: [Vec<i64>; SERVERS],
    terms: [i64; SERVERS],
    leader: usize,
    /// How many entries of each log the leader knows to equal its own.
    matching: [usize; SERVERS],
    committed: usize,
}

impl Cluster {
    /// Simulates elections and replication until a log has the wanted length.
    fn draw(bounds: &Bounds, random: &mut Stream) -> Option<Self> {
        let wanted = bounds.number("entries", random) as usize;
        let mut cluster = Self {
            base: between(11, 80, random),
            ..Self::default()
        };
        let first = between(2, 6, random);
        cluster.terms = [first; SERVERS];
        for _ in 0..6 {
            cluster.elect(random);
            cluster.append(1 + random.below(2) as usize, random);
            let longest = cluster.logs.iter().map(Vec::len).max()?;
            if longest >= wanted {
                let leads = cluster.logs[cluster.leader].len() == wanted;
                let varied = cluster
                    .logs
                    .iter()
                    .any(|log| *log != cluster.logs[cluster.leader]);
                return (longest == wanted && leads && varied).then_some(cluster);
            }
        }
        None
    }

    /// Draws the situation of figure 8 of the Raft paper.
    ///
    /// The first server leads, then the second, which replicates nothing, then the first again. Its
    /// entries of the older term are then on a majority, but its newest entries are not.
    fn figure_eight(bounds: &Bounds, random: &mut Stream) -> Self {
        let wanted = bounds.number("entries", random) as usize;
        let spare = wanted - 4;
        let old = 1 + random.below(spare.min(2) as u64 + 1) as usize;
        let new = 1 + random.below((spare + 1 - old).min(2) as u64 + 1) as usize;
        let mut term = between(2, 6, random);
        let mut shared = Vec::new();
        for _ in 0..wanted - old - new {
            shared.push(term);
            term += i64::from(chance(40, random));
        }
        let terms = [term + 1, term + 2, term + 2 + between(1, 2, random)];
        let with = |count: usize, term: i64| [shared.clone(), vec![term; count]].concat();
        let mut logs = [
            [with(old, terms[0]), vec![terms[2]; new]].concat(),
            with(1 + random.below(2) as usize, terms[1]),
            with(1 + random.below(old as u64) as usize, terms[0]),
            with(old, terms[0]),
            shared.clone(),
        ];
        logs[4].truncate(shared.len() - random.below(2) as usize);
        let known = random.below(shared.len() as u64 + 1) as usize;
        let matching = [
            logs[0].len(),
            known,
            logs[2].len(),
            logs[3].len(),
            logs[4].len(),
        ];
        let mut order: Vec<usize> = (0..SERVERS).collect();
        random.shuffle(&mut order);
        let mut cluster = Self {
            base: between(11, 80, random),
            leader: order[0],
            committed: shared.len() - random.below(2) as usize,
            ..Self::default()
        };
        for (from, to) in order.into_iter().enumerate() {
            cluster.logs[to] = logs[from].clone();
            cluster.matching[to] = matching[from];
            cluster.terms[to] = if from == 1 { terms[1] } else { terms[2] };
        }
        cluster
    }

    /// Draws the situation of figure 8 if `old_majority` is true, and the result of random elections
    /// otherwise.
    fn draw_with(old_majority: bool, bounds: &Bounds, random: &mut Stream) -> Option<Self> {
        match old_majority {
            true => Some(Self::figure_eight(bounds, random)),
            false => Self::draw(bounds, random),
        }
    }

    /// Lets a random server that can win among some reachable ones become the leader.
    fn elect(&mut self, random: &mut Stream) {
        let mut order: Vec<usize> = (0..SERVERS).collect();
        random.shuffle(&mut order);
        let reachable = &order[..3 + random.below(2) as usize];
        let winner = reachable
            .iter()
            .find(|s| self.votes(**s, reachable).len() >= 3);
        let Some(&winner) = winner else { return };
        let term = self.terms.iter().max().unwrap_or(&0) + 1;
        for server in reachable {
            self.terms[*server] = term;
        }
        self.leader = winner;
        self.matching = [0; SERVERS];
        self.matching[winner] = self.logs[winner].len();
    }

    /// Returns the servers of `reachable` that vote for `candidate`.
    fn votes(&self, candidate: usize, reachable: &[usize]) -> Vec<usize> {
        let last = |s: usize| {
            (
                self.logs[s].last().copied().unwrap_or(0),
                self.logs[s].len(),
            )
        };
        reachable
            .iter()
            .copied()
            .filter(|s| last(candidate) >= last(*s))
            .collect()
    }

    /// Lets the leader append entries, replicate a part of its log to each follower, and learn of it.
    fn append(&mut self, count: usize, random: &mut Stream) {
        let term = self.terms[self.leader];
        for _ in 0..count {
            self.logs[self.leader].push(term);
        }
        let own = self.logs[self.leader].clone();
        self.matching[self.leader] = own.len();
        if chance(35, random) {
            return;
        }
        for server in (0..SERVERS).filter(|s| *s != self.leader) {
            if self.terms[server] > term || chance(30, random) {
                continue;
            }
            self.terms[server] = term;
            let upto = own.len() - random.below(4.min(own.len() as u64)) as usize;
            let same = common(&own, &self.logs[server]);
            if upto > same {
                self.logs[server] = own[..upto].to_vec();
            }
            self.matching[server] = upto.max(same);
        }
        self.committed = self.committed.max(self.commit_index());
    }

    /// Returns the number of entries that the leader may count as committed, at least the present.
    fn commit_index(&self) -> usize {
        let reached = self.on_majority(self.matching);
        let own = &self.logs[self.leader];
        let current = reached > 0 && own[reached - 1] == self.terms[self.leader];
        if current {
            reached.max(self.committed)
        } else {
            self.committed
        }
    }

    /// Returns how many entries three servers hold.
    fn on_majority(&self, mut matching: [usize; SERVERS]) -> usize {
        matching.sort_unstable();
        matching[SERVERS / 2]
    }

    fn index(&self, count: usize) -> i64 {
        self.base + count as i64
    }
}

/// Returns the length of the common prefix.
fn common(a: &[i64], b: &[i64]) -> usize {
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

fn name(server: usize) -> String {
    format!("S{}", server + 1)
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "commit-index" => commit_index(bounds, random),
        "can-win" => can_win(bounds, random),
        "overwritable" => overwritable(bounds, random),
        _ => None,
    }
}

fn commit_index(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let advances = chance(65, random);
    let (cluster, wrong) = attempts(TRIES, random, |random| {
        let mut cluster = Cluster::draw_with(!advances, bounds, random)?;
        let reached = cluster.on_majority(cluster.matching);
        if advances {
            cluster.committed = random.below(reached as u64 + 1) as usize;
        }
        let key = cluster.commit_index();
        let stuck = !advances && reached > cluster.committed;
        let fits = (advances && reached == key && key > cluster.committed) || stuck;
        let wrong = wrong_commits(&cluster);
        let value = cluster.index(key) as f64;
        // A commit index never falls, so nothing is below one that stays.
        let below = stuck || wrong.iter().any(|w| w.value < value);
        let above = wrong.iter().any(|w| w.value > value);
        (fits && below && above && wrong.len() > 1).then_some((cluster, wrong))
    })?;
    let key = cluster.commit_index();
    let reached = cluster.on_majority(cluster.matching);
    let term = cluster.terms[cluster.leader];
    let mut steps = vec![format!(
        "At least three servers are known to hold index {}; fewer hold a later one.",
        cluster.index(reached)
    )];
    let entry = cluster.logs[cluster.leader][reached - 1];
    steps.push(if advances {
        format!("The leader's entry there is from term {entry}, its current term: commit to {}.", cluster.index(key))
    } else {
        format!(
            "The leader's entry there is from term {entry}, not from its current term {term}, and no \
             earlier entry is: the commit index stays {}.",
            cluster.index(key)
        )
    });
    let outcome = Outcome::Number {
        value: cluster.index(key) as f64,
        unit: Text::default(),
        tolerance: 0.0,
        wrong,
    };
    Some(situation(&cluster, Shown::Matching, outcome, steps))
}

fn wrong_commits(cluster: &Cluster) -> Vec<WrongNumber> {
    let key = cluster.commit_index();
    let own = &cluster.logs[cluster.leader];
    let mut followers = cluster.matching;
    followers[cluster.leader] = 0;
    let mut sorted = cluster.matching;
    sorted.sort_unstable();
    let is_current = |count: usize| count > 0 && own[count - 1] == cluster.terms[cluster.leader];
    // A rule that keeps the check of the term only ever raises the commit index.
    let raised_to = |count: usize| match is_current(count) {
        true => count.max(cluster.committed),
        false => cluster.committed,
    };
    let candidates = [
        (
            sorted[2],
            "Three servers hold it, but it is from an older term, and another leader may still overwrite it.",
            "An entry on a majority is committed, whatever its term.",
        ),
        (
            raised_to(cluster.on_majority(followers)),
            "The leader counts itself among the three.",
            "A majority of the followers must hold the entry.",
        ),
        (
            cluster.on_majority(followers).max(cluster.committed),
            "The leader counts itself among the three.",
            "A majority of the followers must hold the entry, whatever its term.",
        ),
        (
            own.len(),
            "Too few servers are known to hold the leader's last entry.",
            "The leader's log is committed up to its end.",
        ),
        (
            sorted[3],
            "Only two servers are known to hold it.",
            "An entry on the leader and one follower is committed, whatever its term.",
        ),
        (
            raised_to(sorted[0]),
            "A majority is enough; the slowest server doesn't matter.",
            "Every server must hold the entry.",
        ),
    ];
    let mut wrong: Vec<WrongNumber> = Vec::new();
    for (count, why, belief) in candidates {
        let value = cluster.index(count);
        let known = wrong.iter().any(|w| w.value == value as f64);
        if count != key && !known {
            wrong.push(WrongNumber::new(value, why, belief));
        }
    }
    wrong
}

fn can_win(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let winners = 2 + random.below(2) as usize;
    let down = random.below(SERVERS as u64) as usize;
    let reachable: Vec<usize> = (0..SERVERS).filter(|s| *s != down).collect();
    // With three winners two logs end alike, and the index decides too seldom to wait for it.
    let index_decides = winners == 2 && chance(80, random);
    let cluster = attempts(TRIES, random, |random| {
        let cluster = Cluster::draw_with(chance(50, random), bounds, random)?;
        let wins = |s: &usize| cluster.votes(*s, &reachable).len() >= 3;
        let last_term = |s: usize| cluster.logs[s].last();
        let wins_by_term = |s: &usize| {
            let not_later = |o: &&usize| last_term(**o) <= last_term(*s);
            reachable.iter().filter(not_later).count() >= 3
        };
        let fits = reachable.iter().filter(|s| wins(s)).count() == winners;
        let term_decides = reachable.iter().any(|s| {
            let longer = |o: &usize| cluster.logs[*o].len() > cluster.logs[*s].len();
            reachable
                .iter()
                .any(|o| longer(o) && last_term(*o) < last_term(*s))
        });
        let decides = !index_decides || reachable.iter().any(|s| wins(s) != wins_by_term(s));
        (fits && term_decides && decides).then_some(cluster)
    })?;
    let options: Vec<Alternative> = reachable
        .iter()
        .map(|s| win_option(&cluster, *s, &reachable))
        .collect();
    let steps = options
        .iter()
        .map(|o| format!("{}: {}", o.text, o.why))
        .collect();
    Some(situation(
        &cluster,
        Shown::Down(down),
        Outcome::Several { options },
        steps,
    ))
}

fn win_option(cluster: &Cluster, server: usize, reachable: &[usize]) -> Alternative {
    let votes = cluster.votes(server, reachable);
    let names: Vec<String> = votes.iter().map(|s| name(*s)).collect();
    let (text, log) = (name(server), &cluster.logs[server]);
    let last = log.last().copied().unwrap_or(0);
    let why = format!(
        "Its last entry is ({}, term {last}); votes: {}.",
        cluster.index(log.len()),
        super::listed(&names)
    );
    if votes.len() >= 3 {
        return Alternative::right(&text, &why);
    }
    let longest = reachable
        .iter()
        .all(|s| cluster.logs[*s].len() <= log.len());
    let no_later_term = |s: &&usize| cluster.logs[**s].last() <= log.last();
    let belief = match () {
        () if longest => "A server with the longest log can win.",
        () if reachable.iter().filter(no_later_term).count() >= 3 => {
            "Only the terms of the last entries are compared."
        }
        () if votes.len() == 2 => "The votes of two of the four reachable servers are enough.",
        () => "Any server that reaches a majority can win.",
    };
    Alternative::wrong(&text, &why, belief)
}

/// Returns the number of leading entries of the leader that every server that could win holds.
fn safe_entries(cluster: &Cluster) -> usize {
    let all: Vec<usize> = (0..SERVERS).collect();
    let own = &cluster.logs[cluster.leader];
    all.iter()
        .filter(|s| cluster.votes(**s, &all).len() >= 3)
        .map(|s| common(own, &cluster.logs[*s]))
        .min()
        .unwrap_or(0)
}

fn overwritable(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let old_majority = chance(50, random);
    let (cluster, wrong) = attempts(TRIES, random, |random| {
        let cluster = Cluster::draw_with(old_majority, bounds, random)?;
        let safe = safe_entries(&cluster);
        let held = held_by_three(&cluster);
        let wrong = wrong_overwritable(&cluster);
        let value = cluster.index(safe + 1) as f64;
        let sides = wrong.iter().any(|w| w.value < value) && wrong.iter().any(|w| w.value > value);
        let fits =
            safe > 0 && safe < cluster.logs[cluster.leader].len() && (held > safe) == old_majority;
        (fits && sides && wrong.len() >= 3).then_some((cluster, wrong))
    })?;
    let all: Vec<usize> = (0..SERVERS).collect();
    let own = &cluster.logs[cluster.leader];
    let mut steps = Vec::new();
    for server in all.iter().copied().filter(|s| *s != cluster.leader) {
        let votes = cluster.votes(server, &all).len();
        let same = cluster.index(common(own, &cluster.logs[server]));
        steps.push(match votes {
            3.. => format!(
                "{} can win with {votes} votes; it agrees with the leader up to {same}.",
                name(server)
            ),
            _ => format!(
                "{} gets only {votes} of the 3 votes that it needs.",
                name(server)
            ),
        });
    }
    let first = cluster.index(safe_entries(&cluster) + 1);
    steps.push(format!(
        "The first entry that one of the possible winners lacks is {first}."
    ));
    let outcome = Outcome::Number {
        value: first as f64,
        unit: Text::default(),
        tolerance: 0.0,
        wrong,
    };
    Some(situation(&cluster, Shown::Logs, outcome, steps))
}

/// Returns the length of the longest prefix of the leader's log that at least three servers hold.
fn held_by_three(cluster: &Cluster) -> usize {
    let own = &cluster.logs[cluster.leader];
    let mut same = [0; SERVERS];
    for (count, log) in same.iter_mut().zip(&cluster.logs) {
        *count = common(own, log);
    }
    cluster.on_majority(same)
}

fn wrong_overwritable(cluster: &Cluster) -> Vec<WrongNumber> {
    let own = &cluster.logs[cluster.leader];
    let key = safe_entries(cluster) + 1;
    let others = || (0..SERVERS).filter(|s| *s != cluster.leader);
    let by_all = others()
        .map(|s| common(own, &cluster.logs[s]))
        .min()
        .unwrap_or(0);
    let by_one = others()
        .map(|s| common(own, &cluster.logs[s]))
        .max()
        .unwrap_or(0);
    let term = cluster.terms[cluster.leader];
    let current = own.iter().position(|t| *t == term).unwrap_or(own.len());
    let candidates = [
        (
            held_by_three(cluster) + 1,
            "A majority alone decides nothing here: look at who can win and what they hold.",
            "Entries on a majority can't be overwritten, all others can.",
        ),
        (
            by_all + 1,
            "No server that lacks it can win.",
            "An entry is safe only when all servers hold it.",
        ),
        (
            by_one + 1,
            "A server that lacks an earlier entry can win.",
            "An entry is safe as soon as one follower holds it.",
        ),
        (
            current + 1,
            "The term alone decides nothing: look at who can win and what they hold.",
            "Only entries of the leader's own term can be overwritten.",
        ),
        (
            own.len(),
            "A server that lacks an earlier entry can win.",
            "Only the leader's last entry is at risk.",
        ),
    ];
    let mut wrong: Vec<WrongNumber> = Vec::new();
    for (count, why, belief) in candidates {
        let value = cluster.index(count);
        let known = wrong.iter().any(|w| w.value == value as f64);
        if count != key && count <= own.len() && !known {
            wrong.push(WrongNumber::new(value, why, belief));
        }
    }
    wrong
}

/// The part of a cluster that a question shows beside the logs.
#[derive(Clone, Copy)]
enum Shown {
    Logs,
    Matching,
    Down(usize),
}

fn situation(cluster: &Cluster, shown: Shown, outcome: Outcome, steps: Vec<String>) -> Situation {
    let text = |s: String| Text::new(&s);
    let term = cluster.terms[cluster.leader];
    let mut texts = BTreeMap::new();
    let leads = !matches!(shown, Shown::Down(_));
    if leads {
        texts.insert("leader".to_owned(), text(name(cluster.leader)));
        texts.insert("term".to_owned(), text(term.to_string()));
    }
    let mut scenario = json!({
        "base": cluster.base,
        "logs": cluster.logs,
        "leader": leads.then(|| name(cluster.leader)),
        "term": leads.then_some(term),
    });
    match shown {
        Shown::Matching => {
            let commit = cluster.index(cluster.committed);
            texts.insert("commit".to_owned(), text(commit.to_string()));
            scenario["commit_index"] = json!(commit);
            scenario["match_index"] = json!(cluster.matching.map(|m| cluster.index(m)));
        }
        Shown::Down(down) => {
            texts.insert("down".to_owned(), text(name(down)));
            scenario["unreachable"] = json!([name(down)]);
        }
        Shown::Logs => {}
    }
    Situation {
        scenario,
        figures: vec![logs(cluster, shown)],
        texts,
        outcome,
        steps: steps.into_iter().map(text).collect(),
        solved: Vec::new(),
    }
}

/// Returns a table with the term of each entry, one row for each server.
fn logs(cluster: &Cluster, shown: Shown) -> Figure {
    let longest = cluster.logs.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns = vec!["index".to_owned()];
    columns.extend((1..=longest).map(|i| cluster.index(i).to_string()));
    if let Shown::Matching = shown {
        columns.push("matchIndex".to_owned());
    }
    let row = |server: usize| {
        let mut row = vec![name(server)];
        let log = &cluster.logs[server];
        row.extend((0..longest).map(|i| log.get(i).map_or(String::new(), |t| t.to_string())));
        if let Shown::Matching = shown {
            row.push(match server == cluster.leader {
                true => "leader".to_owned(),
                false => cluster.index(cluster.matching[server]).to_string(),
            });
        }
        row
    };
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let right: Vec<usize> = (1..columns.len()).collect();
    let rows = (0..SERVERS).map(row).collect();
    let mut figure = table("A table of the logs of five servers.", &names, rows, &right);
    figure.caption = Some(Text::new(&format!(
        "Each cell is the term of an entry. Up to index {} all logs are the same.",
        cluster.base
    )));
    figure
}
