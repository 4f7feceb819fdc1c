//! A cache with a time to live and a fixed number of entries.

mod asks;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{ask, whole, word};
use super::{Bounds, Model, Situation, attempts, between, chance, table};
use crate::core::figure::Figure;
use crate::core::question::Kind;
use crate::core::rng::Stream;

const KEYS: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

pub const CACHE: Model = Model {
    name: "cache",
    version: 1,
    summary: "A cache with a time to live and a fixed number of entries, in front of a database.",
    rules: &[
        "A read of an entry that was stored less than the time to live ago is a hit; any other \
         read calls the database and stores the value. Loading takes no time.",
        "A hit doesn't extend the time to live.",
        "If a new entry finds the cache full, LRU removes the entry whose last read is the \
         longest ago, FIFO the one that was stored the longest ago.",
        "An expired entry keeps its place until it is read, and stored anew, or removed.",
        "Writes change the database only.",
    ],
    rivals: &["An entry that is still fresh exactly at its end: no read is at that moment."],
    asks: &[
        ask(
            "calls",
            &[Kind::Multiple],
            &[],
            "The reads that call the database.",
        ),
        ask(
            "loaded",
            &[Kind::Numeric],
            &[],
            "The data that the database sends.",
        ),
        ask(
            "evicted",
            &[Kind::Single],
            &["time", "key"],
            "The entry that a read removes.",
        ),
        ask(
            "stale",
            &[Kind::Multiple],
            &[],
            "The reads that return an outdated value.",
        ),
    ],
    bounds: &[
        whole(
            "reads",
            (8, 13),
            (10, 10),
            "The number of rows with a read or write.",
        ),
        whole("entries", (3, 4), (3, 3), "The number of entries that fit."),
        word("policy", &["lru", "fifo"], "The entry that is removed."),
    ],
    draw,
};

/// A read or write of a key; times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Access {
    at: i64,
    key: usize,
    write: bool,
}

#[derive(Clone, Debug)]
struct Cache {
    entries: usize,
    ttl: i64,
    policy: Policy,
    accesses: Vec<Access>,
    /// The size of each key's value in KB.
    sizes: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Lru,
    Fifo,
}

/// The rule that a replay follows: the right one or a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Right,
    OtherPolicy,
    HitRenews,
    NeverExpires,
    NeverFull,
    ExpiredFirst,
    WriteRemoves,
}

/// What an access did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Effect {
    hit: bool,
    stale: bool,
    evicted: Option<usize>,
}

/// A stored value: when it was loaded, when its time to live began, and when it was last read.
#[derive(Clone, Copy)]
struct Entry {
    key: usize,
    loaded: i64,
    since: i64,
    used: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    attempts(2000, random, |random| {
        let cache = draw_cache(ask == "stale", bounds, random);
        let expires_on_time = |a: &Access| {
            cache
                .accesses
                .iter()
                .all(|b| b.key != a.key || b.at - a.at != cache.ttl)
        };
        if !cache.accesses.iter().all(expires_on_time) {
            return None;
        }
        match ask {
            "calls" => asks::calls(&cache, class, random),
            "loaded" => asks::loaded(&cache),
            "evicted" => asks::evicted(&cache, class),
            "stale" => asks::stale(&cache, class, random),
            _ => None,
        }
    })
}

fn draw_cache(writes: bool, bounds: &Bounds, random: &mut Stream) -> Cache {
    let entries = bounds.number("entries", random) as usize;
    let count = bounds.number("reads", random);
    let keys = entries as i64 + 2;
    let mut names: Vec<usize> = (0..keys as usize).collect();
    random.shuffle(&mut names);
    let mut at = between(0, 300, random);
    let mut accesses = Vec::new();
    for i in 0..count {
        at += between(1, 9, random);
        let key = between(0, keys - 1, random).min(between(0, keys - 1, random)) as usize;
        let key = names[key];
        let write = writes && i > 0 && chance(27, random);
        accesses.push(Access { at, key, write });
    }
    let policy = match bounds.word("policy") {
        "fifo" => Policy::Fifo,
        _ => Policy::Lru,
    };
    let mut sizes: Vec<i64> = (3..=40).collect();
    random.shuffle(&mut sizes);
    let ttl = if writes {
        between(26, 45, random)
    } else {
        between(14, 32, random)
    };
    Cache {
        entries,
        ttl,
        policy,
        accesses,
        sizes,
    }
}

/// Returns what each access does under `rule`.
fn replay(cache: &Cache, rule: Rule) -> Vec<Effect> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut written = [i64::MIN; KEYS.len()];
    let mut effects = Vec::new();
    for access in &cache.accesses {
        let mut effect = Effect {
            hit: false,
            stale: false,
            evicted: None,
        };
        if access.write {
            written[access.key] = access.at;
            if rule == Rule::WriteRemoves {
                entries.retain(|entry| entry.key != access.key);
            }
        } else {
            let ttl = if rule == Rule::NeverExpires {
                i64::MAX
            } else {
                cache.ttl
            };
            effect.evicted = read(cache, rule, ttl, access, &mut entries, &mut effect.hit);
            let loaded = entries
                .iter()
                .find(|e| e.key == access.key)
                .map(|e| e.loaded);
            effect.stale = loaded.is_some_and(|loaded| loaded < written[access.key]);
        }
        effects.push(effect);
    }
    effects
}

/// Reads a key, and returns the entry that was removed for it.
fn read(
    cache: &Cache,
    rule: Rule,
    ttl: i64,
    access: &Access,
    entries: &mut Vec<Entry>,
    hit: &mut bool,
) -> Option<usize> {
    let now = access.at;
    let new = Entry {
        key: access.key,
        loaded: now,
        since: now,
        used: now,
    };
    if let Some(entry) = entries.iter_mut().find(|entry| entry.key == access.key) {
        *hit = now - entry.since < ttl;
        if !*hit {
            *entry = new;
        } else if rule == Rule::HitRenews {
            entry.since = now;
        }
        entry.used = now;
        return None;
    }
    let full = entries.len() >= cache.entries && rule != Rule::NeverFull;
    let evicted = if full {
        victim(cache, rule, ttl, now, entries)
    } else {
        None
    };
    entries.retain(|entry| Some(entry.key) != evicted);
    entries.push(new);
    evicted
}

/// Returns the key of the entry that makes room.
fn victim(cache: &Cache, rule: Rule, ttl: i64, now: i64, entries: &[Entry]) -> Option<usize> {
    let policy = match (cache.policy, rule == Rule::OtherPolicy) {
        (Policy::Lru, false) | (Policy::Fifo, true) => Policy::Lru,
        _ => Policy::Fifo,
    };
    let age = |entry: &&Entry| {
        let expired = rule == Rule::ExpiredFirst && now - entry.since >= ttl;
        let last = if policy == Policy::Lru {
            entry.used
        } else {
            entry.loaded
        };
        (!expired, last)
    };
    entries.iter().min_by_key(age).map(|entry| entry.key)
}

fn scenario(cache: &Cache, asked: Value) -> Value {
    let row = |a: &Access| json!({"at": a.at, "key": KEYS[a.key], "operation": if a.write { "write" } else { "read" }});
    json!({
        "unit": "s",
        "entries": cache.entries,
        "ttl": cache.ttl,
        "fresh": "less than ttl after it was stored",
        "policy": if cache.policy == Policy::Lru { "lru" } else { "fifo" },
        "accesses": cache.accesses.iter().map(row).collect::<Vec<_>>(),
        "asked": asked,
    })
}

/// Returns the table of settings and the table of accesses, with sizes if `sized`.
fn figures(cache: &Cache, sized: bool) -> Vec<Figure> {
    let settings = vec![
        vec!["entries".to_owned(), cache.entries.to_string()],
        vec!["time to live".to_owned(), format!("{} s", cache.ttl)],
    ];
    let with_writes = cache.accesses.iter().any(|a| a.write);
    let mut columns = vec!["time (s)", if with_writes { "operation" } else { "read" }];
    if sized {
        columns.push("size (KB)");
    }
    let row = |a: &Access| {
        let key = KEYS[a.key];
        let name = match (with_writes, a.write) {
            (false, _) => key.to_owned(),
            (true, true) => format!("write {key}"),
            (true, false) => format!("read {key}"),
        };
        let mut cells = vec![a.at.to_string(), name];
        if sized {
            cells.push(cache.sizes[a.key].to_string());
        }
        cells
    };
    vec![
        table(
            "The settings of the cache.",
            &["setting", "value"],
            settings,
            &[1],
        ),
        table(
            "The operations in the order of their time.",
            &columns,
            cache.accesses.iter().map(row).collect(),
            &[0, 2],
        ),
    ]
}

/// Returns one sentence per access about what it did.
fn explain(cache: &Cache) -> Vec<String> {
    let effects = replay(cache, Rule::Right);
    let mut stored: Vec<(usize, i64)> = Vec::new();
    let mut lines = Vec::new();
    for (access, effect) in cache.accesses.iter().zip(effects) {
        let (key, at) = (KEYS[access.key], access.at);
        let since = stored.iter().rfind(|s| s.0 == access.key).map(|s| s.1);
        let line = match (since, effect.evicted) {
            _ if access.write => format!("{at} s: {key} changes in the database."),
            (Some(since), _) if effect.hit => {
                let stale = if effect.stale { ", and outdated" } else { "" };
                format!("{at} s: {key} is a hit, {} s old{stale}.", at - since)
            }
            (Some(since), _) => format!(
                "{at} s: {key} has expired after {} s; it is loaded.",
                at - since
            ),
            (None, Some(evicted)) => {
                format!("{at} s: {key} is loaded; {} is removed.", KEYS[evicted])
            }
            (None, None) => format!("{at} s: {key} is loaded."),
        };
        lines.push(line);
        if !access.write && !effect.hit {
            stored.retain(|s| Some(s.0) != effect.evicted && s.0 != access.key);
            stored.push((access.key, at));
        }
    }
    lines
}
