//! A cache with a time to live and a fixed number of entries.

mod asks;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{ask, whole, word};
use super::{Bounds, Model, Situation, attempts, between, chance, pick, table};
use crate::core::figure::Figure;
use crate::core::question::Kind;
use crate::core::rng::Stream;

const KEYS: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

pub const CACHE: Model = Model {
    name: "cache",
    version: 2,
    summary: "A cache with a time to live and a fixed number of entries, in front of a database.",
    rules: &[
        "A read of an entry that was stored less than the time to live ago is a hit; any other \
         read calls the database and stores the value. Loading takes no time.",
        "A hit doesn't extend the time to live.",
        "If a new entry finds the cache full, LRU removes the entry whose last read is the \
         longest ago, FIFO the one that was stored the longest ago.",
        "An expired entry stays until it is removed, or until a read stores it anew.",
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

impl Policy {
    /// Returns the wrong rules of which one must change the answer. The policy and the number of entries are repeated,
    /// because they are what the question is about.
    fn decisive_rules(self) -> &'static [Rule] {
        match self {
            Policy::Lru => &[
                Rule::OtherPolicy,
                Rule::OtherPolicy,
                Rule::NeverFull,
                Rule::NeverExpires,
                Rule::HitRenews,
                Rule::ExpiredFirst,
            ],
            // The entry that FIFO removes is the first to expire.
            Policy::Fifo => &[
                Rule::OtherPolicy,
                Rule::OtherPolicy,
                Rule::NeverFull,
                Rule::NeverExpires,
                Rule::HitRenews,
            ],
        }
    }
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
    let policy = match bounds.word("policy") {
        "fifo" => Policy::Fifo,
        _ => Policy::Lru,
    };
    let decisive = pick(policy.decisive_rules(), random);
    // Which expired entries make room hardly ever decides whether a value is outdated.
    let decisive = match (ask, decisive) {
        ("stale", Rule::ExpiredFirst) => Rule::NeverFull,
        _ => decisive,
    };
    let draw_decided = |decisive: Rule, random: &mut Stream| {
        attempts(3000, random, |random| {
            let cache = draw_cache(ask == "stale", policy, decisive, bounds, random);
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
                "calls" => asks::calls(&cache, decisive, class, random),
                "loaded" => asks::loaded(&cache, decisive),
                "evicted" => asks::evicted(&cache, class),
                "stale" => asks::stale(&cache, decisive, class, random),
                _ => None,
            }
        })
    };
    // Few accesses can make it impossible; whether a write removes an entry decides about every outdated value.
    draw_decided(decisive, random).or_else(|| draw_decided(Rule::WriteRemoves, random))
}

/// Draws a cache in which many reads are hits under the right rule and not under the `decisive` one, or the other way
/// round: among reads drawn at random, the wrong rules would seldom give another answer.
fn draw_cache(
    writes: bool,
    policy: Policy,
    decisive: Rule,
    bounds: &Bounds,
    random: &mut Stream,
) -> Cache {
    let entries = bounds.number("entries", random) as usize;
    let count = bounds.number("reads", random);
    let keys = entries as i64 + 2;
    let mut names: Vec<usize> = (0..keys as usize).collect();
    random.shuffle(&mut names);
    let mut sizes: Vec<i64> = (3..=40).collect();
    random.shuffle(&mut sizes);
    let ttl = if writes {
        between(26, 45, random)
    } else {
        between(14, 32, random)
    };
    let mut cache = Cache {
        entries,
        ttl,
        policy,
        accesses: Vec::new(),
        sizes,
    };
    let mut stores = [Store::new(Rule::Right), Store::new(decisive)];
    let mut at = between(0, 300, random);
    for i in 0..count {
        at += between(1, 9, random);
        let key = between(0, keys - 1, random).min(between(0, keys - 1, random)) as usize;
        let write = writes && i > 0 && chance(27, random);
        let disputed: Vec<usize> = (0..keys as usize)
            .filter(|&key| stores[0].is_hit(&cache, key, at) != stores[1].is_hit(&cache, key, at))
            .collect();
        let key = match disputed.is_empty() || write || chance(40, random) {
            true => names[key],
            false => pick(&disputed, random),
        };
        let access = Access { at, key, write };
        for store in &mut stores {
            store.access(&cache, access);
        }
        cache.accesses.push(access);
    }
    cache
}

/// Returns what each access does under `rule`.
fn replay(cache: &Cache, rule: Rule) -> Vec<Effect> {
    let mut store = Store::new(rule);
    let accesses = cache.accesses.iter();
    accesses
        .map(|access| store.access(cache, *access))
        .collect()
}

/// The content of a cache and of the database while accesses are replayed under a rule.
struct Store {
    rule: Rule,
    entries: Vec<Entry>,
    /// When each key was last written; `i64::MIN` if never.
    written: [i64; KEYS.len()],
}

impl Store {
    fn new(rule: Rule) -> Self {
        Self {
            rule,
            entries: Vec::new(),
            written: [i64::MIN; KEYS.len()],
        }
    }

    fn is_fresh(&self, cache: &Cache, entry: &Entry, now: i64) -> bool {
        self.rule == Rule::NeverExpires || now - entry.since < cache.ttl
    }

    /// Returns true if a read of `key` would not call the database.
    fn is_hit(&self, cache: &Cache, key: usize, now: i64) -> bool {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.is_some_and(|entry| self.is_fresh(cache, entry, now))
    }

    fn access(&mut self, cache: &Cache, access: Access) -> Effect {
        let mut effect = Effect {
            hit: false,
            stale: false,
            evicted: None,
        };
        let key = access.key;
        if access.write {
            self.written[key] = access.at;
            if self.rule == Rule::WriteRemoves {
                self.entries.retain(|entry| entry.key != key);
            }
            return effect;
        }
        effect.hit = self.is_hit(cache, key, access.at);
        if effect.hit {
            self.hit(access);
        } else {
            effect.evicted = self.load(cache, access);
        }
        let loaded = self.entries.iter().find(|entry| entry.key == key);
        effect.stale = loaded.is_some_and(|entry| entry.loaded < self.written[key]);
        effect
    }

    fn hit(&mut self, access: Access) {
        for entry in self
            .entries
            .iter_mut()
            .filter(|entry| entry.key == access.key)
        {
            entry.used = access.at;
            if self.rule == Rule::HitRenews {
                entry.since = access.at;
            }
        }
    }

    /// Stores a key anew, and returns the key whose entry was removed for it.
    fn load(&mut self, cache: &Cache, access: Access) -> Option<usize> {
        let known = self.entries.iter().any(|entry| entry.key == access.key);
        let full = self.entries.len() >= cache.entries && self.rule != Rule::NeverFull;
        let evicted = match full && !known {
            true => self.victim(cache, access.at),
            false => None,
        };
        self.entries
            .retain(|entry| entry.key != access.key && Some(entry.key) != evicted);
        self.entries.push(Entry {
            key: access.key,
            loaded: access.at,
            since: access.at,
            used: access.at,
        });
        evicted
    }

    /// Returns the key of the entry that makes room.
    fn victim(&self, cache: &Cache, now: i64) -> Option<usize> {
        let policy = match (cache.policy, self.rule == Rule::OtherPolicy) {
            (Policy::Lru, false) | (Policy::Fifo, true) => Policy::Lru,
            _ => Policy::Fifo,
        };
        let age = |entry: &&Entry| {
            let expired = self.rule == Rule::ExpiredFirst && !self.is_fresh(cache, entry, now);
            let last = match policy {
                Policy::Lru => entry.used,
                Policy::Fifo => entry.loaded,
            };
            (!expired, last)
        };
        self.entries.iter().min_by_key(age).map(|entry| entry.key)
    }
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
