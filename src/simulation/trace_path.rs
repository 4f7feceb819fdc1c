//! A trace of one request, and its critical path.

mod asks;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{ask, whole};
use super::{Bounds, Model, Situation, attempts, between, chance};
use crate::core::figure::{Drawing, Figure, Trace};
use crate::core::question::Kind;
use crate::core::rng::Stream;

const SERVICES: [&str; 8] = [
    "pricing", "stock", "shipping", "coupons", "profile", "tax", "fraud", "search",
];

pub const TRACE_PATH: Model = Model {
    name: "trace-path",
    version: 4,
    summary: "A trace with calls in sequence and in parallel, and its critical path.",
    rules: &[
        "A call that starts at or after the end of another call of its caller waits for the last \
         such call; other calls don't wait for each other.",
        "Gaps between calls keep their length, calls that wait for none begin as long after their caller as \
         now, and a caller ends as long after its last call as now.",
        "The critical path goes back from the end: through the call that ended last, then through \
         the call for which it waited, and so on, within callers too.",
        "The own time of a caller is the time in which none of its calls runs.",
    ],
    rivals: &["A call waits for every call that ended before it, not only for the last one."],
    asks: &[
        ask(
            "faster",
            &[Kind::Numeric],
            &["call", "saved"],
            "The duration of the request if one call takes less time.",
        ),
        ask(
            "path",
            &[Kind::Multiple],
            &[],
            "The calls on the critical path.",
        ),
        ask(
            "own-time",
            &[Kind::Numeric, Kind::Single],
            &["caller"],
            "The time in which a caller waits for none of its calls.",
        ),
    ],
    bounds: &[
        whole(
            "calls",
            (4, 6),
            (5, 5),
            "The number of calls without further calls.",
        ),
        whole(
            "depth",
            (1, 2),
            (1, 1),
            "1: all calls have one caller; 2: one of them makes calls.",
        ),
    ],
    draw,
};

/// A span; its parent comes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Call {
    parent: Option<usize>,
    service: &'static str,
    start: i64,
    end: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    attempts(1000, random, |random| {
        let calls = draw_calls(bounds, random)?;
        match ask {
            "faster" => asks::faster(&calls, class, random),
            "path" => asks::path(&calls, class),
            "own-time" => asks::own_time(&calls, random),
            _ => None,
        }
    })
}

/// Draws a request whose calls form one or two chains below a caller; with depth 2, one of the
/// calls is itself a caller. All times differ.
fn draw_calls(bounds: &Bounds, random: &mut Stream) -> Option<Vec<Call>> {
    let count = bounds.number("calls", random) as usize;
    let deep = bounds.number("depth", random) == 2;
    let mut services = SERVICES;
    random.shuffle(&mut services);
    let mut names = services.into_iter();
    let root = Call {
        parent: None,
        service: "checkout",
        start: 0,
        end: 0,
    };
    let mut calls = vec![root];
    let inner = if deep { 2 } else { 0 };
    chains(
        &mut calls,
        0,
        count - inner + usize::from(deep),
        &mut names,
        random,
    );
    if deep {
        let at = between(1, calls.len() as i64 - 1, random) as usize;
        let (start, end) = (calls[at].start, calls[at].end);
        let parent = Some(at);
        let split = between((end - start) * 3 / 10, (end - start) * 6 / 10, random);
        let first = Call {
            parent,
            service: names.next()?,
            start: start + between(3, 9, random),
            end: start + split,
        };
        let apart = chance(50, random);
        let from = if apart {
            start + split + between(2, 8, random)
        } else {
            start + between(11, 19, random)
        };
        let second = Call {
            parent,
            service: names.next()?,
            start: from,
            end: end - between(3, 12, random),
        };
        calls.extend([first, second]);
    }
    let ends = calls.iter().map(|c| c.end).max().unwrap_or(0);
    calls[0].end = ends + between(8, 90, random);
    let mut times: Vec<i64> = calls.iter().flat_map(|c| [c.start, c.end]).collect();
    times.sort_unstable();
    times.dedup();
    let long = calls.iter().all(|c| c.end - c.start >= 20);
    (times.len() == 2 * calls.len() && long).then_some(calls)
}

/// Adds `count` calls of `parent` in two chains that run at the same time.
fn chains(
    calls: &mut Vec<Call>,
    parent: usize,
    count: usize,
    names: &mut impl Iterator<Item = &'static str>,
    random: &mut Stream,
) {
    let first = between(1, count as i64 - 1, random) as usize;
    let mut at = [between(4, 60, random), between(4, 60, random)];
    for (i, service) in names.take(count).enumerate() {
        let chain = usize::from(i >= first);
        let start = at[chain];
        let end = start + between(40, 220, random);
        calls.push(Call {
            parent: Some(parent),
            service,
            start,
            end,
        });
        at[chain] = end + between(2, 15, random);
    }
}

/// Returns the calls that `parent` makes.
fn made_by(calls: &[Call], parent: usize) -> Vec<usize> {
    (0..calls.len())
        .filter(|&i| calls[i].parent == Some(parent))
        .collect()
}

/// Returns the last of `parent`'s calls to end at or before `time`.
fn last_before(calls: &[Call], parent: usize, time: i64) -> Option<usize> {
    let ended = made_by(calls, parent)
        .into_iter()
        .filter(|&i| calls[i].end <= time);
    ended.max_by_key(|&i| calls[i].end)
}

/// Returns the calls on the critical path, from the end to the start.
fn critical_path(calls: &[Call], parent: usize) -> Vec<usize> {
    path_with(calls, calls, parent)
}

/// Returns the critical path with the times in `new`, where calls wait for each other as in `calls`.
fn path_with(calls: &[Call], new: &[Call], parent: usize) -> Vec<usize> {
    let mut path = vec![parent];
    let last = made_by(new, parent).into_iter().max_by_key(|&i| new[i].end);
    let mut next = last;
    while let Some(call) = next {
        path.extend(path_with(calls, new, call));
        next = last_before(calls, parent, calls[call].start);
    }
    path
}

/// Returns the calls with the times that they have if call `faster` takes `saved` less. With
/// `all`, a call waits for every call that ended before it.
fn replay(calls: &[Call], faster: usize, saved: i64, all: bool) -> Vec<Call> {
    let mut new = calls.to_vec();
    replay_below(calls, 0, (faster, saved), all, &mut new);
    new
}

fn replay_below(calls: &[Call], at: usize, change: (usize, i64), all: bool, new: &mut [Call]) {
    let mut below = made_by(calls, at);
    below.sort_by_key(|&i| calls[i].start);
    for &i in &below {
        let awaited = last_before(calls, at, calls[i].start);
        new[i].start = match awaited {
            None => new[at].start + calls[i].start - calls[at].start,
            Some(other) => {
                let ended = below.iter().filter(|&&j| calls[j].end <= calls[i].start);
                let latest = ended.map(|&j| new[j].end).max().filter(|_| all);
                latest.unwrap_or(new[other].end) + calls[i].start - calls[other].end
            }
        };
        replay_below(calls, i, change, all, new);
    }
    let old = below.iter().map(|&i| calls[i].end).max();
    let ended = below.iter().map(|&i| new[i].end).max();
    new[at].end = match (old, ended) {
        (Some(old), Some(ended)) => ended + calls[at].end - old,
        _ => new[at].start + calls[at].end - calls[at].start,
    };
    if change.0 == at {
        new[at].end -= change.1;
    }
}

/// Returns the calls without further calls.
fn leaves(calls: &[Call]) -> Vec<usize> {
    (0..calls.len())
        .filter(|&i| made_by(calls, i).is_empty())
        .collect()
}

fn duration(call: &Call) -> i64 {
    call.end - call.start
}

/// Returns the trace; calls in `strong` are emphasized.
fn figure(calls: &[Call], strong: &[usize]) -> Figure {
    let span = |(i, call): (usize, &Call)| crate::core::figure::Span {
        id: i.to_string(),
        parent: call.parent.map(|parent| parent.to_string()),
        service: call.service.into(),
        name: format!("{}-{}", call.start, call.end).as_str().into(),
        start: call.start as f64,
        end: call.end as f64,
        error: false,
        strong: strong.contains(&i),
    };
    Figure {
        alt: "A trace of one request; each call shows its start and end, and its duration.".into(),
        caption: (!strong.is_empty()).then(|| "Marked: the critical path, with its callers".into()),
        drawing: Drawing::Trace(Trace {
            unit: "ms".into(),
            spans: ordered(calls, 0)
                .into_iter()
                .map(|i| span((i, &calls[i])))
                .collect(),
        }),
    }
}

/// Returns the calls so that each is followed by the calls that it makes, in order of their start.
fn ordered(calls: &[Call], at: usize) -> Vec<usize> {
    let mut below = made_by(calls, at);
    below.sort_by_key(|&i| calls[i].start);
    let rest = below.into_iter().flat_map(|i| ordered(calls, i));
    std::iter::once(at).chain(rest).collect()
}

fn scenario(calls: &[Call]) -> Value {
    let span = |c: &Call| {
        json!({
            "call": c.service,
            "caller": c.parent.map(|parent| calls[parent].service),
            "start": c.start,
            "end": c.end,
        })
    };
    json!({
        "unit": "ms",
        "waits": "for the last call of its caller that ended at or before its start",
        "gaps": "keep their length",
        "calls": calls.iter().map(span).collect::<Vec<_>>(),
    })
}
