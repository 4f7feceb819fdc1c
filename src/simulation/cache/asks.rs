//! The asks about a cache.

use serde_json::json;

use super::{Access, Cache, Effect, KEYS, Policy, Rule, explain, figures, replay, scenario};
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::Situation;
use crate::simulation::construct::{Candidate, number, steps, texts};

/// The number of reads to choose from.
const OPTIONS: usize = 5;
/// The largest number of right ones among them.
const MOST_RIGHT: usize = 3;

/// Wrong rules that say that a read calls the database, and their misconceptions.
const CALLERS: [(Rule, &str); 3] = [
    (
        Rule::OtherPolicy,
        "The reads decide (or don't decide) which entry is removed.",
    ),
    (Rule::ExpiredFirst, "Expired entries make room first."),
    (Rule::WriteRemoves, "A write removes the entry."),
];

/// Chooses `OPTIONS` of the `reads`, of which one to `MOST_RIGHT` satisfy `is_right`, as `class` says, that read
/// different keys, and of which the wrong rule judges at least one differently, as `is_misjudged` says.
fn choose(
    accesses: &[Access],
    reads: &[usize],
    is_right: impl Fn(usize) -> bool,
    is_misjudged: impl Fn(usize) -> bool,
    class: usize,
    random: &mut Stream,
) -> Option<Vec<usize>> {
    let wanted = 1 + class % MOST_RIGHT;
    let (mut right, mut wrong): (Vec<usize>, Vec<usize>) =
        reads.iter().partition(|&&i| is_right(i));
    if right.len() < wanted || wrong.len() < OPTIONS - wanted {
        return None;
    }
    random.shuffle(&mut right);
    random.shuffle(&mut wrong);
    if class.is_multiple_of(2) {
        // Late reads are right more often, so half of the draws prefer early right and late wrong ones.
        right.sort_unstable();
        wrong.sort_unstable_by(|a, b| b.cmp(a));
    }
    let rest = wrong.into_iter().take(OPTIONS - wanted);
    let mut chosen: Vec<usize> = right.into_iter().take(wanted).chain(rest).collect();
    chosen.sort_unstable();
    let mixed = chosen
        .iter()
        .any(|&i| accesses[i].key != accesses[chosen[0]].key);
    (mixed && chosen.iter().any(|&i| is_misjudged(i))).then_some(chosen)
}

fn reads(cache: &Cache) -> Vec<usize> {
    (0..cache.accesses.len())
        .filter(|&i| !cache.accesses[i].write)
        .collect()
}

fn label(access: &Access) -> String {
    format!("{} at {} s", KEYS[access.key], access.at)
}

fn situation(cache: &Cache, asked: &str, sized: bool, outcome: Outcome) -> Situation {
    Situation {
        scenario: scenario(cache, json!(asked)),
        figures: figures(cache, sized),
        texts: texts([]),
        outcome,
        steps: steps(explain(cache)),
        solved: Vec::new(),
    }
}

/// Asks which reads call the database; first reads of a key are not among the options.
pub fn calls(
    cache: &Cache,
    decisive: Rule,
    class: usize,
    random: &mut Stream,
) -> Option<Situation> {
    let effects = replay(cache, Rule::Right);
    let misjudged = replay(cache, decisive);
    let seen = |i: usize| {
        cache.accesses[..i]
            .iter()
            .any(|a| a.key == cache.accesses[i].key)
    };
    let again: Vec<usize> = reads(cache).into_iter().filter(|&i| seen(i)).collect();
    let chosen = choose(
        &cache.accesses,
        &again,
        |i| !effects[i].hit,
        |i| effects[i].hit != misjudged[i].hit,
        class,
        random,
    )?;
    let lines = explain(cache);
    let option = |i: usize| {
        let text = label(&cache.accesses[i]);
        if !effects[i].hit {
            return Alternative::right(&text, &lines[i]);
        }
        let calls = |rule: Rule| !replay(cache, rule)[i].hit;
        let found = CALLERS.iter().find(|(rule, _)| calls(*rule));
        let misconception =
            found.map_or("Reading other keys pushes an entry out at once.", |f| f.1);
        Alternative::wrong(&text, &lines[i], misconception)
    };
    let options = chosen.into_iter().map(option).collect();
    Some(situation(
        cache,
        "reads that call the database",
        false,
        Outcome::Several { options },
    ))
}

/// Returns the total size of the values that are loaded, in KB.
pub fn loaded_kb(cache: &Cache, effects: &[Effect]) -> i64 {
    let misses = cache
        .accesses
        .iter()
        .zip(effects)
        .filter(|(_, effect)| !effect.hit);
    misses.map(|(access, _)| cache.sizes[access.key]).sum()
}

/// Asks for the total size of the loaded values.
pub fn loaded(cache: &Cache, decisive: Rule) -> Option<Situation> {
    let right = replay(cache, Rule::Right);
    let key = loaded_kb(cache, &right);
    let hits = right.iter().filter(|effect| effect.hit).count();
    let evictions = right
        .iter()
        .filter(|effect| effect.evicted.is_some())
        .count();
    if hits < 2 || evictions < 1 || key == loaded_kb(cache, &replay(cache, decisive)) {
        return None;
    }
    let candidates = wrong_loads(cache, key);
    let mut s = situation(
        cache,
        "KB loaded from the database",
        true,
        number(key, "KB", candidates)?,
    );
    let missed = cache
        .accesses
        .iter()
        .zip(&right)
        .filter(|(_, effect)| !effect.hit);
    let sizes: Vec<String> = missed
        .map(|(access, _)| cache.sizes[access.key].to_string())
        .collect();
    s.steps
        .push(format!("{} = {key} KB.", sizes.join(" + ")).as_str().into());
    s.scenario["sizes-kb"] = KEYS
        .iter()
        .zip(&cache.sizes)
        .map(|(k, size)| json!({"key": k, "size": size}))
        .collect();
    Some(s)
}

/// Returns the total sizes that wrong rules give, where `key` is the right one.
fn wrong_loads(cache: &Cache, key: i64) -> Vec<Candidate<'static>> {
    let under = |rule| loaded_kb(cache, &replay(cache, rule));
    let all: i64 = cache.accesses.iter().map(|a| cache.sizes[a.key]).sum();
    vec![
        (
            under(Rule::OtherPolicy),
            "Another entry is removed when the cache is full.",
            "Mixes up the last read with the time of storing.".to_owned(),
        ),
        (
            under(Rule::HitRenews),
            "A hit extends the time to live.",
            "Counts the time to live from the last read.".to_owned(),
        ),
        (
            under(Rule::NeverExpires),
            "Entries leave the cache only when it is full.",
            "Ignores the time to live.".to_owned(),
        ),
        (
            under(Rule::NeverFull),
            "Entries leave the cache only when they expire.",
            "Ignores the number of entries.".to_owned(),
        ),
        (
            under(Rule::ExpiredFirst),
            "Expired entries make room first.",
            "Removes expired entries before others.".to_owned(),
        ),
        (
            all,
            "Every read calls the database.",
            "Counts the hits too.".to_owned(),
        ),
        (
            all - key,
            "The hits are what is loaded.",
            "Counts the hits instead.".to_owned(),
        ),
    ]
}

/// Asks for the entry that the last read removes.
pub fn evicted(cache: &Cache, class: usize) -> Option<Situation> {
    let last = cache.accesses.len() - 1;
    let access = cache.accesses[last];
    let effects = replay(cache, Rule::Right);
    let victim = effects[last].evicted?;
    let by = |rule| replay(cache, rule)[last].evicted;
    // Under FIFO the entry to remove is also the first one to expire.
    let expires_first = cache.policy == Policy::Lru && by(Rule::ExpiredFirst) == Some(victim);
    if by(Rule::OtherPolicy) == Some(victim) || (class.is_multiple_of(2) && expires_first) {
        return None;
    }
    let present = content_before(cache, last);
    let count = |key: usize| {
        cache.accesses[..last]
            .iter()
            .filter(|a| a.key == key)
            .count()
    };
    let rarest = present.iter().copied().min_by_key(|&key| count(key));
    let option = |key: usize| {
        let name = KEYS[key];
        let (read, stored) = last_times(cache, &effects, last, key);
        let why = format!("{name} was stored at {stored} s and last read at {read} s.");
        let misconception = match Some(key) {
            k if k == Some(victim) => return Alternative::right(name, &why),
            k if k == by(Rule::OtherPolicy) => {
                "The time of storing and the time of the last read are mixed up."
            }
            k if k == by(Rule::ExpiredFirst) => "Expired entries make room first.",
            k if k == rarest => "The entry with the fewest reads is removed.",
            _ => "An entry that was read early is the oldest.",
        };
        Alternative::wrong(name, &why, misconception)
    };
    let options: Vec<Alternative> = present.iter().map(|&key| option(key)).collect();
    let mut s = situation(
        cache,
        "entry removed by the last read",
        false,
        Outcome::One { options },
    );
    s.texts = texts([
        ("time", access.at.to_string()),
        ("key", KEYS[access.key].to_owned()),
    ]);
    Some(s)
}

/// Returns the keys in the cache before the access `last`, by name.
fn content_before(cache: &Cache, last: usize) -> Vec<usize> {
    let effects = replay(cache, Rule::Right);
    let mut keys: Vec<usize> = Vec::new();
    for (access, effect) in cache.accesses.iter().zip(&effects).take(last) {
        keys.retain(|&key| Some(key) != effect.evicted && key != access.key);
        keys.push(access.key);
    }
    keys.sort_unstable();
    keys
}

/// Returns when `key` was last read and when it was stored, before the access `last`.
fn last_times(cache: &Cache, effects: &[Effect], last: usize, key: usize) -> (i64, i64) {
    let mut before = cache
        .accesses
        .iter()
        .zip(effects)
        .take(last)
        .filter(|(a, _)| a.key == key);
    let read = before.clone().next_back().map_or(0, |(a, _)| a.at);
    let stored = before
        .rfind(|(_, effect)| !effect.hit)
        .map_or(0, |(a, _)| a.at);
    (read, stored)
}

/// Asks which reads return a value that was changed after it was loaded.
pub fn stale(
    cache: &Cache,
    decisive: Rule,
    class: usize,
    random: &mut Stream,
) -> Option<Situation> {
    let effects = replay(cache, Rule::Right);
    let misjudged = replay(cache, decisive);
    let seen = |i: usize| {
        cache.accesses[..i]
            .iter()
            .any(|a| a.key == cache.accesses[i].key)
    };
    let again: Vec<usize> = reads(cache).into_iter().filter(|&i| seen(i)).collect();
    let chosen = choose(
        &cache.accesses,
        &again,
        |i| effects[i].stale,
        |i| effects[i].stale != misjudged[i].stale,
        class,
        random,
    )?;
    let lines = explain(cache);
    let option = |i: usize| {
        let access = &cache.accesses[i];
        let text = label(access);
        let changed = cache.accesses[..i]
            .iter()
            .any(|a| a.write && a.key == access.key);
        let misconception = match (effects[i].stale, changed) {
            (true, _) => return Alternative::right(&text, &lines[i]),
            (false, true) if effects[i].hit => {
                "Any write before a read makes it outdated, also one before the load."
            }
            (false, true) => "An outdated value stays until a write removes it.",
            (false, false) => "A hit may always be outdated.",
        };
        Alternative::wrong(&text, &lines[i], misconception)
    };
    let options = chosen.into_iter().map(option).collect();
    Some(situation(
        cache,
        "reads that return an outdated value",
        false,
        Outcome::Several { options },
    ))
}
