//! Reads and writes of one register: consistency models and linearizability.

mod order;
mod slips;
#[cfg(test)]
mod tests;
mod words;

use serde_json::json;

use self::order::{Call, Class, causal_history, classify, history, is_linearizable, reads};
use super::draw::{attempts, between, chance, pick};
use super::{Ask, Bound, Bounds, Model, Shape, Situation};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const REGISTER_HISTORY: Model = Model {
    name: "register-history",
    version: 2,
    summary: "Reads and writes of one register by two or three clients.",
    rules: &[
        "The register holds 0 at first, and no two calls write the same value.",
        "A call takes effect as a whole at one moment between its beginning and its end.",
        "Sequential and causal consistency ignore the times and keep the order of each client's own calls.",
        "Causal consistency lets each client order its own calls and all writes differently, as long as \
         causes come first: a client's earlier calls, and the write whose value a call has read.",
    ],
    rivals: &[
        "Causal consistency that only forbids reading a value that a known later write has replaced.",
    ],
    asks: &[
        Ask {
            name: "strongest-model",
            summary: "The strongest consistency model that the history satisfies.",
            kinds: &[Kind::Single],
            texts: &[],
        },
        Ask {
            name: "read-values",
            summary: "The values that one read may return if the history is linearizable.",
            kinds: &[Kind::Multiple],
            texts: &[],
        },
        Ask {
            name: "first-break",
            summary: "The read with whose end the history stops being linearizable.",
            kinds: &[Kind::Single],
            texts: &[],
        },
    ],
    bounds: &[
        Bound {
            name: "clients",
            summary: "The number of clients.",
            shape: Shape::Whole {
                min: 2,
                max: 3,
                default: (3, 3),
            },
        },
        Bound {
            name: "calls",
            summary: "The number of calls.",
            shape: Shape::Whole {
                min: 5,
                max: 9,
                default: (6, 6),
            },
        },
        Bound {
            name: "causal",
            summary: "Whether causal consistency is among the models.",
            shape: Shape::Flag(true),
        },
    ],
    draw,
};

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "strongest-model" => strongest_model(bounds, random),
        "read-values" => read_values(bounds, random),
        "first-break" => first_break(bounds, random),
        _ => None,
    }
}

/// Tries after which a draw gives up.
const TRIES: usize = 5000;

/// In how many percent of the histories that are not linearizable each read could be right alone.
const RIGHT_ALONE: u64 = 45;

/// In how many percent of the histories of no model only the write that a read returns rules out
/// causal consistency.
const SOURCE_DECIDES: u64 = 80;

/// In how many percent of the draws neither the order of the writes nor the read alone tells its
/// values.
const OTHERS_DECIDE: u64 = 70;

/// The models as options, from the strongest to none.
const MODELS: [(Class, &str); 4] = [
    (Class::Linearizable, "linearizability"),
    (Class::Sequential, "sequential consistency"),
    (Class::Causal, "causal consistency"),
    (Class::Weaker, "something weaker than these"),
];

fn strongest_model(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let mut classes = vec![Class::Linearizable, Class::Sequential, Class::Weaker];
    if bounds.flag("causal") {
        classes.insert(2, Class::Causal);
    }
    let target = pick(&classes, random);
    let three = bounds.range("clients").0 > 2;
    let by_source =
        target == Class::Weaker && three && bounds.flag("causal") && chance(SOURCE_DECIDES, random);
    let alone = target != Class::Linearizable
        && (three || target == Class::Weaker)
        && !by_source
        && chance(RIGHT_ALONE, random);
    let calls = attempts(TRIES, random, |random| {
        let size = sizes(2, 2, bounds, random);
        let calls = match by_source {
            true => causal_history(size[1], random)?,
            false => history(size, target == Class::Linearizable, random)?,
        };
        if alone && !slips::is_regular(&calls) || by_source && !slips::has_views(&calls, false) {
            return None;
        }
        let class = classify(&calls)?;
        let known = classes.contains(&class) || class == Class::Causal;
        let class = if classes.contains(&class) {
            class
        } else {
            Class::Weaker
        };
        (known && class == target && !is_plain(&calls)).then_some(calls)
    })?;
    let options = MODELS.iter().filter(|(class, _)| classes.contains(class));
    let options = options
        .map(|(class, text)| {
            let why = words::why_model(&calls, *class, target, &classes);
            if *class == target {
                Alternative::right(text, &why)
            } else {
                Alternative::wrong(text, &why, slips::about_model(&calls, *class, &classes))
            }
        })
        .collect();
    let names: Vec<&str> = MODELS
        .iter()
        .filter(|m| classes.contains(&m.0))
        .map(|m| m.1)
        .collect();
    let (steps, pairs) = words::model_steps(&calls, target, &classes);
    let outcome = Outcome::One { options };
    let mut situation = words::situation(&calls, None, outcome, steps, &pairs);
    situation.scenario["models"] = json!(names);
    Some(situation)
}

/// Returns true if the order of the beginnings or of the ends is legal, or no read has changed.
fn is_plain(calls: &[Call]) -> bool {
    let legal = |key: &dyn Fn(&Call) -> i64| {
        let mut sorted: Vec<&Call> = calls.iter().collect();
        sorted.sort_by_key(|c| key(c));
        let mut value = 0;
        sorted.iter().all(|c| {
            if c.write {
                value = c.value;
            }
            c.value == value
        })
    };
    let mut returned: Vec<i64> = reads(calls).map(|r| calls[r].value).collect();
    returned.sort_unstable();
    returned.dedup();
    legal(&|c| c.from) || legal(&|c| c.to) || returned.len() < 2
}

/// Draws the numbers of clients, calls and writes, with at least `writes` writes and `reads` reads,
/// at most five of either.
fn sizes(writes: i64, reads: i64, bounds: &Bounds, random: &mut Stream) -> [usize; 3] {
    let clients = bounds.number("clients", random);
    let count = bounds.number("calls", random);
    let least = writes.max(count - 5);
    let most = (count - reads).min(count / 2).max(least);
    [clients, count, between(least, most, random)].map(|n| n as usize)
}

fn read_values(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let size = sizes(3, 2, bounds, random);
    let writes = size[2] as u64;
    let keys = 2 + random.below(writes - 1) as usize;
    let initial = random.below(writes + 1) < keys as u64;
    // Two clients overlap too little, and all written values are the last ones in any order.
    let can_decide = bounds.range("clients").0 > 2 && (initial || keys < size[2]);
    let others_decide = can_decide && chance(OTHERS_DECIDE, random);
    let mut draw_with = |others_decide: bool| {
        attempts(TRIES, random, |random| {
            read_with_values(size, (keys, initial), others_decide, random)
        })
    };
    // Where the other reads never decide, any draw is better than none.
    let drawn = draw_with(others_decide).or_else(|| draw_with(false));
    let (calls, asked, values) = drawn?;
    let mut all: Vec<i64> = calls.iter().filter(|c| c.write).map(|c| c.value).collect();
    all.push(0);
    all.sort_unstable();
    let options = all
        .iter()
        .map(|value| words::value_option(&calls, asked, *value))
        .collect();
    let steps = words::value_steps(&calls, asked, &all, &values);
    let outcome = Outcome::Several { options };
    Some(words::situation(&calls, Some(asked), outcome, steps, &[]))
}

/// Draws a linearizable history and one of its reads that may return `keys` values, the initial one among them or not. If
/// `others_decide`, neither the order of the writes nor the read alone tells them.
fn read_with_values(
    size: [usize; 3],
    (keys, initial): (usize, bool),
    others_decide: bool,
    random: &mut Stream,
) -> Option<(Vec<Call>, usize, Vec<i64>)> {
    let calls = history(size, true, random)?;
    let asked = pick(&reads(&calls).collect::<Vec<_>>(), random);
    let alone = slips::values_alone(&calls, asked);
    if alone.len() < keys + usize::from(others_decide) {
        return None;
    }
    let values = possible_values(&calls, asked);
    let fits = values.len() == keys && values.contains(&0) == initial;
    let is_last = |key| slips::last_values(&calls, asked, keys, key) == values;
    let is_told = is_last(|call| call.from) || is_last(|call| call.to);
    (fits && !(others_decide && is_told)).then_some((calls, asked, values))
}

/// Returns the values of the read `asked` with which the history is linearizable.
fn possible_values(calls: &[Call], asked: usize) -> Vec<i64> {
    let written = calls.iter().filter(|c| c.write).map(|c| c.value);
    std::iter::once(0)
        .chain(written)
        .filter(|value| is_linearizable(&with_value(calls, asked, *value)))
        .collect()
}

fn with_value(calls: &[Call], asked: usize, value: i64) -> Vec<Call> {
    let mut calls = calls.to_vec();
    calls[asked].value = value;
    calls
}

fn first_break(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let size = sizes(2, 3, bounds, random);
    let wanted = random.below((size[1] - size[2]) as u64) as usize;
    let (calls, ordered, at) = attempts(TRIES, random, |random| {
        let calls = history(size, false, random)?;
        let mut ordered: Vec<usize> = reads(&calls).collect();
        ordered.sort_by_key(|r| calls[*r].to);
        let at = ordered
            .iter()
            .position(|r| !is_linearizable_at(&calls, calls[*r].to))?;
        (at == wanted).then_some((calls, ordered, at))
    })?;
    let options = (0..ordered.len())
        .map(|i| words::break_option(&calls, &ordered, i, at))
        .collect();
    let (steps, pairs) = words::break_steps(&calls, &ordered, at);
    let outcome = Outcome::One { options };
    let mut situation = words::situation(&calls, None, outcome, steps, &pairs);
    situation.scenario["running_writes"] = json!("may-have-taken-effect");
    Some(situation)
}

/// Returns the calls as known at `time`: finished reads, and writes that have begun. A write still
/// running counts if a finished read returned its value; its end is then unknown.
fn until(calls: &[Call], time: i64) -> Vec<Call> {
    let finished = |c: &Call| c.to <= time;
    let seen = |value: i64| {
        calls
            .iter()
            .any(|c| !c.write && finished(c) && c.value == value)
    };
    calls
        .iter()
        .filter(|c| finished(c) || (c.write && c.from < time && seen(c.value)))
        .map(|c| Call {
            to: if finished(c) { c.to } else { i64::MAX },
            ..*c
        })
        .collect()
}

fn is_linearizable_at(calls: &[Call], time: i64) -> bool {
    is_linearizable(&until(calls, time))
}
