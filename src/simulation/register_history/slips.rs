//! Misconceptions about histories of a register: rules that replace the right one.

use super::order::{Call, Class, Order, is_linearizable, legal_order, overlaps, reads};
use super::until;

/// The label of a model that follows from no misconception.
pub const NO_MODEL: &str = "Doesn't look for an order of the calls.";
/// The label of a read that follows from no misconception.
pub const NO_BREAK: &str = "Doesn't look for an order of the calls at the end of each read.";

/// A misconception about models, and the strongest model under this rule.
pub type ModelSlip = (&'static str, fn(&[Call]) -> Class);

pub const MODEL_SLIPS: [ModelSlip; 7] = [
    (
        "One order that keeps each client's own calls in sequence is enough for linearizability.",
        |calls| match is_sequential(calls) {
            true => Class::Linearizable,
            false => weak_class(calls),
        },
    ),
    (
        "A read may return the last value written before it or any value written during it, \
         whatever other reads return.",
        |calls| match is_regular(calls) {
            true => Class::Linearizable,
            false => class_of(calls),
        },
    ),
    (
        "For sequential consistency each client may have an order of its own.",
        |calls| match () {
            () if is_linearizable(calls) => Class::Linearizable,
            () if has_views(calls, false) => Class::Sequential,
            () => Class::Weaker,
        },
    ),
    (
        "Linearizability asks that calls take effect in the order in which they end.",
        |calls| match () {
            () if is_legal_by_end(calls) => Class::Linearizable,
            () if is_sequential(calls) => Class::Sequential,
            () => weak_class(calls),
        },
    ),
    (
        "Sequential consistency keeps the order of calls that don't overlap, too.",
        |calls| match () {
            () if is_linearizable(calls) => Class::Linearizable,
            () => weak_class(calls),
        },
    ),
    (
        "For causal consistency only the order of each client's own calls matters.",
        |calls| match () {
            () if is_sequential(calls) => class_of(calls),
            () if has_views(calls, false) => Class::Causal,
            () => Class::Weaker,
        },
    ),
    (
        "A read that returns an older value than an earlier read breaks every model.",
        |calls| match has_older_read(calls) {
            true => Class::Weaker,
            false => class_of(calls),
        },
    ),
];

/// Returns the first misconception that leads to `class`. Without causal consistency among the
/// models, a history that only satisfies that one satisfies none of them.
pub fn about_model(calls: &[Call], class: Class, offered: &[Class]) -> &'static str {
    let leads_here = |slip: &&ModelSlip| {
        let led = slip.1(calls);
        class
            == if offered.contains(&led) {
                led
            } else {
                Class::Weaker
            }
    };
    MODEL_SLIPS
        .iter()
        .find(leads_here)
        .map_or(NO_MODEL, |slip| slip.0)
}

fn is_sequential(calls: &[Call]) -> bool {
    legal_order(calls, Order::Program).is_ok()
}

fn is_legal_by_end(calls: &[Call]) -> bool {
    let mut ordered: Vec<&Call> = calls.iter().collect();
    ordered.sort_by_key(|call| call.to);
    let mut value = 0;
    ordered.iter().all(|call| {
        if call.write {
            value = call.value;
        }
        call.value == value
    })
}

fn class_of(calls: &[Call]) -> Class {
    match () {
        () if is_linearizable(calls) => Class::Linearizable,
        () if is_sequential(calls) => Class::Sequential,
        () => weak_class(calls),
    }
}

/// Returns whether a history that satisfies no stronger model is causally consistent.
fn weak_class(calls: &[Call]) -> Class {
    match has_views(calls, true) {
        true => Class::Causal,
        false => Class::Weaker,
    }
}

/// Returns true if each client can order its own calls and all writes: with `causes`, so that
/// causes come first, and otherwise so that each client's calls keep their order.
pub fn has_views(calls: &[Call], causes: bool) -> bool {
    let clients = calls.iter().map(|c| c.client + 1).max().unwrap_or(0);
    (0..clients).all(|client| match causes {
        true => legal_order(calls, Order::Causal(client)).is_ok(),
        false => {
            let seen = |call: &&Call| call.write || call.client == client;
            let view: Vec<Call> = calls.iter().filter(seen).copied().collect();
            is_sequential(&view)
        }
    })
}

/// Returns true if the read returns the value of the last write that ended before it began, or of
/// one that overlaps it (Lamport, On Interprocess Communication, 1986).
fn is_regular_read(calls: &[Call], read: &Call) -> bool {
    let ended = calls.iter().filter(|w| w.write && w.to < read.from);
    let last = ended.max_by_key(|w| w.to).map_or(0, |w| w.value);
    let during = |w: &Call| w.write && overlaps(w, read) && w.value == read.value;
    read.value == last || calls.iter().any(during)
}

pub fn is_regular(calls: &[Call]) -> bool {
    reads(calls).all(|r| is_regular_read(calls, &calls[r]))
}

/// Returns true if a read returns a value whose write began before that of the value that an
/// earlier read has returned.
fn has_older_read(calls: &[Call]) -> bool {
    let began = |value: i64| {
        let write = calls.iter().find(|w| w.write && w.value == value);
        write.map_or(0, |w| w.from)
    };
    reads(calls).any(|later| {
        reads(calls).any(|earlier| {
            calls[earlier].to < calls[later].from
                && began(calls[later].value) < began(calls[earlier].value)
        })
    })
}

/// Returns the values that the read `asked` could return if there were no other reads.
pub fn values_alone(calls: &[Call], asked: usize) -> Vec<i64> {
    let read = calls[asked];
    let ended = |to: i64| {
        let mut writes = calls.iter().filter(|w| w.write && w.to < read.from);
        writes.any(|w| to < w.from)
    };
    let begun = calls.iter().filter(|w| w.write && w.from < read.to);
    let left = begun.filter(|w| !ended(w.to)).map(|w| w.value);
    let initial = (!ended(-1)).then_some(0);
    initial.into_iter().chain(left).collect()
}

/// Returns the `count` last values in the order of `key`, as [`super::possible_values`] lists them,
/// of those whose write begins before the read `asked` ends.
pub fn last_values(calls: &[Call], asked: usize, count: usize, key: fn(&Call) -> i64) -> Vec<i64> {
    let mut begun: Vec<&Call> = calls
        .iter()
        .filter(|w| w.write && w.from < calls[asked].to)
        .collect();
    begun.sort_by_key(|w| -key(w));
    let mut last: Vec<i64> = begun
        .iter()
        .map(|w| w.value)
        .chain([0])
        .take(count)
        .collect();
    let place = |value: &i64| calls.iter().position(|w| w.write && w.value == *value);
    last.sort_by_key(place);
    last
}

/// Returns the misconception that lets the read `asked` return `value`, which `calls` have there.
pub fn about_value(calls: &[Call], asked: usize, value: i64) -> &'static str {
    let read = &calls[asked];
    match calls.iter().find(|c| c.write && c.value == value) {
        Some(w) if w.from > read.to && is_sequential(calls) => {
            "The times of the calls don't matter."
        }
        Some(w) if w.from > read.to => "A read may return any value that is written at some time.",
        Some(w) if w.to < read.from => "A value may be returned as long as its write has ended.",
        Some(_) => "A read may return the value of any write that it overlaps.",
        None => {
            let seen = |r: usize| calls[r].value != 0 && calls[r].to < read.from;
            match reads(calls).any(seen) {
                true => "The initial value may be returned at any time.",
                false => "The initial value may be returned until a read has returned another one.",
            }
        }
    }
}

/// A misconception about when a history stops being linearizable: whether the read is the one.
type BreakSlip = (&'static str, fn(&[Call], usize) -> bool);

const BREAK_SLIPS: [BreakSlip; 7] = [
    (
        "A read can't return the value of a write that is still running when the read begins.",
        |calls, read| {
            let read = &calls[read];
            let source = calls.iter().find(|w| w.write && w.value == read.value);
            source.is_some_and(|w| w.to > read.from)
        },
    ),
    (
        "A read must return the value of the write that ended last before the read began.",
        |calls, read| {
            let read = &calls[read];
            let ended = calls.iter().filter(|w| w.write && w.to < read.from);
            ended.max_by_key(|w| w.to).map_or(0, |w| w.value) != read.value
        },
    ),
    (
        "A read must return the value of the write that ended last before the read ended.",
        |calls, read| {
            let read = &calls[read];
            let ended = calls.iter().filter(|w| w.write && w.to < read.to);
            ended.max_by_key(|w| w.to).map_or(0, |w| w.value) != read.value
        },
    ),
    (
        "Each read is judged alone: it may return the last value or one that is being written.",
        |calls, read| !is_regular_read(calls, &calls[read]),
    ),
    (
        "Only the order of each client's own calls counts.",
        |calls, read| !is_sequential(&until(calls, calls[read].to)),
    ),
    (
        "Two reads of different clients never contradict each other.",
        |calls, read| {
            let client = calls[read].client;
            let known = until(calls, calls[read].to);
            let seen = |call: &&Call| call.write || call.client == client;
            let view: Vec<Call> = known.iter().filter(seen).copied().collect();
            !is_linearizable(&view)
        },
    ),
    (
        "A history can be judged only when all of its reads have ended.",
        |calls, read| reads(calls).all(|other| calls[other].to <= calls[read].to),
    ),
];

/// Returns the first misconception with which `read` is the first of the reads, which are `ordered`
/// by their ends, to break the history.
pub fn about_break(calls: &[Call], ordered: &[usize], read: usize) -> &'static str {
    let leads_here =
        |slip: &&BreakSlip| ordered.iter().copied().find(|r| slip.1(calls, *r)) == Some(read);
    BREAK_SLIPS
        .iter()
        .find(leads_here)
        .map_or(NO_BREAK, |slip| slip.0)
}
