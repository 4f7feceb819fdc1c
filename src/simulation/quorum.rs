//! Replicas with versions: what a quorum read can return.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    Ask, Bound, Bounds, Model, Shape, Situation, attempts, between, chance, listed, table,
};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::core::text::Text;

mod oldest;
#[cfg(test)]
mod tests;

pub const QUORUM: Model = Model {
    name: "quorum",
    version: 2,
    summary: "Replicas of one value, of which some are behind or unreachable.",
    rules: &[
        "A write is acknowledged when W replicas have stored it; a read needs the answers of R replicas.",
        "A read asks all reachable replicas and returns the newest of the first R answers; any R may be first.",
        "A write that was reported as failed stays where it was stored.",
        "A version is stale if it is older than the newest acknowledged one.",
        "Replicas answer only for themselves: there are no stand-ins and no repairs.",
    ],
    rivals: &["Stand-ins (sloppy quorums) count for W and answer reads."],
    asks: &[
        Ask {
            name: "read-results",
            summary: "The versions that a read can return.",
            kinds: &[Kind::Multiple],
            texts: &["w", "r", "n"],
        },
        Ask {
            name: "oldest-read",
            summary: "The oldest version that a read can return.",
            kinds: &[Kind::Single],
            texts: &["w", "r", "n"],
        },
        Ask {
            name: "smallest-r",
            summary: "The smallest R with which no read can be stale in this state.",
            kinds: &[Kind::Single],
            texts: &["w", "n"],
        },
    ],
    bounds: &[
        Bound {
            name: "replicas",
            summary: "The number of replicas: 3 or 5.",
            shape: Shape::Whole {
                min: 3,
                max: 5,
                default: (5, 5),
            },
        },
        Bound {
            name: "failed",
            summary: "Whether a newer write has failed.",
            shape: Shape::Flag(true),
        },
    ],
    draw,
};

const TRIES: usize = 3000;

/// The replicas of one value.
#[derive(Clone, Debug)]
struct State {
    /// The version and whether the replica is reachable.
    replicas: Vec<(i64, bool)>,
    write: usize,
    read: usize,
    acknowledged: i64,
    failed: Option<i64>,
}

impl State {
    fn draw(bounds: &Bounds, random: &mut Stream) -> Option<Self> {
        let (least, most) = bounds.range("replicas");
        let count = if chance(50, random) { least } else { most } as usize | 1;
        let write = between(1, count as i64 / 2 + 1, random) as usize;
        let read = between(1, count as i64 - 1, random) as usize;
        let acknowledged = between(21, 89, random);
        let fails = bounds.flag("failed") && write > 1 && chance(75, random);
        let failed = fails.then(|| acknowledged + between(1, 2, random));
        let behind = between(1, (count - write) as i64, random) as usize;
        let ahead = match failed {
            Some(_) => between(1, (write as i64 - 1).max(1), random) as usize,
            None => 0,
        };
        if ahead + behind > count {
            return None;
        }
        let mut replicas: Vec<(i64, bool)> = (0..count).map(|_| (acknowledged, true)).collect();
        for replica in &mut replicas[..behind] {
            replica.0 = acknowledged - between(1, 3, random);
        }
        for replica in &mut replicas[count - ahead..] {
            replica.0 = failed.unwrap_or(acknowledged);
        }
        random.shuffle(&mut replicas);
        let down = random.below(count as u64 / 2 + 1) as usize;
        for replica in &mut replicas[..down] {
            replica.1 = false;
        }
        random.shuffle(&mut replicas);
        Some(Self {
            replicas,
            write,
            read,
            acknowledged,
            failed,
        })
    }

    /// Returns the versions of the reachable replicas, from the oldest.
    fn reachable(&self) -> Vec<i64> {
        let mut versions: Vec<i64> = self.replicas.iter().filter(|r| r.1).map(|r| r.0).collect();
        versions.sort_unstable();
        versions
    }

    /// Returns the versions that a read can return: of R answers the newest is at best the oldest
    /// R together.
    fn results(&self) -> BTreeSet<i64> {
        self.reachable().into_iter().skip(self.read - 1).collect()
    }

    /// Returns true if R decides about a version: it rules one out that a reachable replica holds
    /// if `rules_out` is true, and otherwise one more would rule out the oldest one.
    fn is_read_decisive(&self, rules_out: bool) -> bool {
        let up = self.reachable();
        let oldest = up.iter().filter(|version| **version == up[0]).count();
        match rules_out {
            true => oldest < self.read && self.read <= up.len(),
            false => self.read > 1 && oldest == self.read,
        }
    }

    fn name(index: usize) -> String {
        char::from(b'A' + index as u8).to_string()
    }

    fn holders(&self, version: i64) -> Vec<String> {
        let holds = |i: &usize| self.replicas[*i].0 == version;
        (0..self.replicas.len())
            .filter(holds)
            .map(Self::name)
            .collect()
    }
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "read-results" => read_results(bounds, random),
        "oldest-read" => oldest::oldest_read(bounds, random),
        "smallest-r" => smallest_r(bounds, random),
        _ => None,
    }
}

/// In how many percent of the draws R rules out a version that a reachable replica holds.
const RULES_OUT: u64 = 50;

fn read_results(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let (count, extra) = if bounds.range("replicas").1 > 3 {
        (5, 2)
    } else {
        (4, 1)
    };
    let rules_out = chance(RULES_OUT, random);
    // The oldest option is then wrong, so otherwise it is mostly right.
    let oldest_is_right = !rules_out && chance(95, random);
    let newest_is_right = chance(50, random);
    let (state, versions) = attempts(400, random, |random| {
        let keys = 2 + random.below(extra) as usize;
        let mut pattern: Vec<bool> = (0..count).map(|i| i < keys).collect();
        random.shuffle(&mut pattern);
        if pattern[0] != oldest_is_right || pattern[count - 1] != newest_is_right {
            return None;
        }
        attempts(TRIES / 10, random, |random| {
            let state = State::draw(bounds, random)?;
            let right = state.results();
            let fits = right.len() == keys && state.is_read_decisive(rules_out);
            let versions = fits.then(|| matching(&state, &right, &pattern, random))?;
            Some((state, versions?))
        })
    })?;
    let options: Vec<Alternative> = versions.iter().map(|v| result_option(&state, *v)).collect();
    let mut steps = vec![Text::new(&format!(
        "The reachable replicas hold {}, from the oldest; a read returns the newest of any {} of these answers.",
        listed(&state.reachable()),
        state.read
    ))];
    steps.extend(
        options
            .iter()
            .map(|o| Text::new(&format!("{}: {}", o.text, o.why))),
    );
    Some(situation(
        &state,
        Some(state.read),
        Outcome::Several { options },
        steps,
    ))
}

/// Returns versions near those of the replicas that are possible results where `pattern` says so.
///
/// The wrong ones are held by a reachable replica if possible, and otherwise by another one.
fn matching(
    state: &State,
    right: &BTreeSet<i64>,
    pattern: &[bool],
    random: &mut Stream,
) -> Option<Vec<i64>> {
    let low = state.replicas.iter().map(|r| r.0).min()? - 3;
    let high = state.acknowledged + 5;
    let ends = right.iter().copied().chain([high + 1]);
    let mut from = low;
    let mut chosen = Vec::new();
    for (gap, end) in pattern.split(|key| *key).zip(ends) {
        let mut between: Vec<i64> = (from..end).collect();
        random.shuffle(&mut between);
        between.sort_by_key(|version| match state.holders(*version).is_empty() {
            _ if state.reachable().contains(version) => 0,
            false => 1,
            true => 2,
        });
        chosen.extend(between.get(..gap.len())?);
        chosen.extend(right.contains(&end).then_some(end));
        from = end + 1;
    }
    chosen.sort_unstable();
    Some(chosen)
}

fn result_option(state: &State, version: i64) -> Alternative {
    let text = version.to_string();
    let holders = state.holders(version);
    let up: Vec<i64> = state.reachable();
    let old_enough = up.iter().filter(|v| **v <= version).count();
    if state.results().contains(&version) {
        let why = format!(
            "Reachable replicas with {version} or an older version: {old_enough}. If {} of them \
             answer first, one with {version} among them, the read returns {version}.",
            state.read
        );
        return Alternative::right(&text, &why);
    }
    if holders.is_empty() {
        let why = format!("No replica holds {version}.");
        let newest = state.replicas.iter().map(|r| r.0).max();
        let belief = match Some(version) < newest {
            true => "A read may return any version up to the newest one.",
            false => "A read may return a version that no replica holds yet.",
        };
        return Alternative::wrong(&text, &why, belief);
    }
    if !up.contains(&version) {
        let why = match holders.as_slice() {
            [only] => format!("Only {only} holds {version}, and it is unreachable."),
            _ => format!(
                "Only {} hold {version}, and they are unreachable.",
                listed(&holders)
            ),
        };
        let belief = "A read can return the version of a replica that it can't reach.";
        return Alternative::wrong(&text, &why, belief);
    }
    let why = format!(
        "Reachable replicas with {version} or an older version: {old_enough}. So any {} answers include \
         a newer one.",
        state.read
    );
    Alternative::wrong(
        &text,
        &why,
        "A read may return whatever a replica that answers holds.",
    )
}

fn smallest_r(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let (_, most) = bounds.range("replicas");
    let wanted = 1 + random.below(if most > 3 { 4 } else { 3 }) as usize;
    let state = attempts(TRIES, random, |random| {
        let state = State::draw(bounds, random)?;
        let answer = needed(&state);
        let textbook = state.replicas.len() - state.write + 1;
        let fits = answer == wanted && answer != textbook && answer <= state.reachable().len();
        fits.then_some(state)
    })?;
    let options = (1..=if most > 3 { 4 } else { 3 })
        .map(|r| smallest_option(&state, r))
        .collect();
    let stale = wanted - 1;
    let steps = [
        format!("The newest acknowledged version is {}.", state.acknowledged),
        format!(
            "Reachable replicas: {}. Those with an older version: {stale}.",
            state.reachable().len()
        ),
        match stale {
            0 => "So any answer is current, and R = 1 is enough.".to_owned(),
            1 => "With R = 1 this one could answer first; with R = 2 it can't be alone.".to_owned(),
            _ => format!(
                "With R = {stale} these alone could answer first; with R = {wanted} they can't."
            ),
        },
    ];
    let steps = steps.iter().map(|s| Text::new(s)).collect();
    Some(situation(&state, None, Outcome::One { options }, steps))
}

/// Returns one more than the number of reachable replicas with a stale version.
fn needed(state: &State) -> usize {
    1 + state
        .reachable()
        .iter()
        .filter(|v| **v < state.acknowledged)
        .count()
}

/// The label of a number that follows from no misconception.
const NO_BELIEF: &str = "Doesn't count the stale replicas that can answer.";

fn smallest_option(state: &State, r: usize) -> Alternative {
    let text = r.to_string();
    let stale = needed(state) - 1;
    let textbook = state.replicas.len() - state.write + 1;
    let all_stale = 1 + state
        .replicas
        .iter()
        .filter(|v| v.0 < state.acknowledged)
        .count();
    let exact = 1 + state
        .reachable()
        .iter()
        .filter(|v| **v != state.acknowledged)
        .count();
    let up = state.reachable().len();
    if r == stale + 1 {
        let why = match stale {
            0 => "No reachable replica is stale, so one answer is enough.".to_owned(),
            _ => format!(
                "Stale reachable replicas: {stale}. So at least one of {r} answers is not stale."
            ),
        };
        return Alternative::right(&text, &why);
    }
    let belief = match r {
        _ if r == textbook => "Only R > N - W excludes stale reads.",
        _ if r == all_stale => "Unreachable replicas that are behind count as well.",
        _ if r == exact => "A version newer than the acknowledged one counts as stale.",
        _ if r == state.replicas.len() / 2 + 1 => "A read needs a majority.",
        _ if r == stale => "As many answers as there are stale replicas are enough.",
        _ if r == up => "A read needs the answers of all reachable replicas.",
        1 => "Any answer is current as soon as a write is acknowledged.",
        _ => NO_BELIEF,
    };
    let why = match r {
        _ if r > up => {
            format!("Only {up} replicas are reachable, so a read never gets {r} answers.")
        }
        1 => format!(
            "Stale reachable replicas: {stale}. The first answer may come from one of them."
        ),
        _ if r <= stale => format!(
            "Stale reachable replicas: {stale}. The first {r} answers may all come from them."
        ),
        _ => format!(
            "It works, but so does {}. Stale reachable replicas: {stale}.",
            stale + 1
        ),
    };
    Alternative::wrong(&text, &why, belief)
}

fn situation(state: &State, read: Option<usize>, outcome: Outcome, steps: Vec<Text>) -> Situation {
    let count = state.replicas.len();
    let mut texts = BTreeMap::from([
        ("n".to_owned(), Text::new(&count.to_string())),
        ("w".to_owned(), Text::new(&state.write.to_string())),
    ]);
    if let Some(read) = read {
        texts.insert("r".to_owned(), Text::new(&read.to_string()));
    }
    let row = |(i, (version, up)): (usize, &(i64, bool))| {
        let reachable = if *up { "yes" } else { "no" };
        vec![State::name(i), version.to_string(), reachable.to_owned()]
    };
    let rows: Vec<Vec<String>> = state.replicas.iter().enumerate().map(row).collect();
    let mut note = format!("The newest acknowledged version is {}.", state.acknowledged);
    if let Some(failed) = state.failed {
        note.push_str(&format!(" The write of {failed} was reported as failed."));
    }
    let mut figure = table(
        "A table of the replicas.",
        &["replica", "version", "reachable"],
        rows,
        &[1],
    );
    figure.caption = Some(Text::new(&note));
    let replicas: Vec<_> = state
        .replicas
        .iter()
        .enumerate()
        .map(|(i, r)| json!({ "name": State::name(i), "version": r.0, "reachable": r.1 }))
        .collect();
    Situation {
        scenario: json!({
            "n": count, "w": state.write, "r": read, "replicas": replicas,
            "newest_acknowledged": state.acknowledged, "failed_write": state.failed, "stand_ins": false,
        }),
        figures: vec![figure],
        texts,
        outcome,
        steps,
        solved: Vec::new(),
    }
}
