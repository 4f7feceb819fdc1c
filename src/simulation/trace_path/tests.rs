use serde_json::Value;

use super::{Call, TRACE_PATH, path_with, replay};
use crate::core::figure::Drawing;
use crate::core::instance::Outcome;
use crate::core::question::Kind;
use crate::simulation::contract;
use crate::simulation::draws::{exactly, instances, int, number, options};

#[test]
fn the_contract_holds() {
    let deep = [("calls", exactly(6)), ("depth", exactly(2))];
    contract::holds(
        &TRACE_PATH,
        "faster",
        Kind::Numeric,
        &[("calls", exactly(4))],
    );
    contract::holds(&TRACE_PATH, "faster", Kind::Numeric, &deep);
    contract::holds(&TRACE_PATH, "path", Kind::Multiple, &[]);
    contract::holds(&TRACE_PATH, "path", Kind::Multiple, &deep);
    contract::holds(&TRACE_PATH, "own-time", Kind::Numeric, &[]);
    contract::holds(&TRACE_PATH, "own-time", Kind::Single, &deep);
}

/// Runs the calls millisecond by millisecond and returns the end of the request, with `extra`
/// ms more for the call `changed`.
fn run(calls: &[Value], changed: &str, extra: i64) -> i64 {
    let name = |i: usize| calls[i]["call"].as_str().unwrap();
    let old = |i: usize| (int(&calls[i]["start"]), int(&calls[i]["end"]));
    let same_caller = |i: usize, j: usize| calls[i]["caller"] == calls[j]["caller"];
    let parent = |i: usize| (0..calls.len()).find(|&j| calls[i]["caller"] == name(j));
    let awaited = |i: usize| {
        let ended = (0..calls.len()).filter(|&j| same_caller(i, j) && old(j).1 <= old(i).0);
        ended.max_by_key(|&j| old(j).1)
    };
    let below = |i: usize| (0..calls.len()).filter(move |&j| parent(j) == Some(i));
    let mut started: Vec<Option<i64>> = vec![None; calls.len()];
    let mut ended: Vec<Option<i64>> = vec![None; calls.len()];
    for now in 0..5000 {
        for _ in 0..3 {
            for i in 0..calls.len() {
                let from = match (awaited(i), parent(i)) {
                    (Some(j), _) => ended[j].map(|end| end + old(i).0 - old(j).1),
                    (None, Some(p)) => started[p].map(|start| start + old(i).0 - old(p).0),
                    (None, None) => Some(0),
                };
                if from == Some(now) {
                    started[i] = started[i].or(from);
                }
                let last = below(i).map(|j| old(j).1).max();
                let to = match last {
                    None => started[i].map(|start| start + old(i).1 - old(i).0),
                    Some(last) if below(i).all(|j| ended[j].is_some()) => below(i)
                        .filter_map(|j| ended[j])
                        .max()
                        .map(|end| end + old(i).1 - last),
                    Some(_) => None,
                };
                let more = if name(i) == changed { extra } else { 0 };
                if to.is_some_and(|to| to + more <= now) {
                    ended[i] = ended[i].or(Some(now));
                }
            }
        }
        if let Some(end) = ended[0] {
            return end;
        }
    }
    panic!("the request doesn't end");
}

#[test]
fn the_request_takes_as_long_as_a_run_by_milliseconds() {
    let given = [("calls", exactly(6)), ("depth", exactly(2))];
    for drawn in instances(&TRACE_PATH, "faster", Kind::Numeric, &given)
        .iter()
        .take(150)
    {
        let calls = drawn.scenario["calls"].as_array().unwrap();
        let asked = &drawn.scenario["asked"];
        let changed = asked["duration-if"].as_str().unwrap();
        let end = run(calls, changed, -int(&asked["takes-less"]));
        assert_eq!(end, number(drawn), "{}", drawn.scenario);
    }
}

#[test]
fn a_call_is_on_the_path_if_the_request_takes_longer_with_it() {
    for drawn in instances(&TRACE_PATH, "path", Kind::Multiple, &[])
        .iter()
        .take(100)
    {
        let calls = drawn.scenario["calls"].as_array().unwrap();
        let total = int(&calls[0]["end"]);
        for (call, right) in options(drawn) {
            assert_eq!(
                run(calls, &call, 1) == total + 1,
                right,
                "{call}: {}",
                drawn.scenario
            );
        }
    }
}

#[test]
fn own_time_is_the_number_of_milliseconds_without_a_call() {
    let given = [("calls", exactly(6)), ("depth", exactly(2))];
    for drawn in instances(&TRACE_PATH, "own-time", Kind::Numeric, &given) {
        let calls = drawn.scenario["calls"].as_array().unwrap();
        let asked = drawn.scenario["asked"]["own-time-of"].as_str().unwrap();
        let span = |c: &Value| int(&c["start"])..int(&c["end"]);
        let caller = calls.iter().find(|c| c["call"] == asked).unwrap();
        let is_free = |at: &i64| {
            let mut below = calls.iter().filter(|c| c["caller"] == asked);
            !below.any(|c| span(c).contains(at))
        };
        let free = span(caller).filter(is_free).count();
        assert_eq!(free as i64, number(&drawn), "{}", drawn.scenario);
    }
}

#[test]
fn no_two_options_for_own_time_add_up_to_a_third() {
    for drawn in instances(&TRACE_PATH, "own-time", Kind::Single, &[]) {
        let Outcome::Number { value, wrong, .. } = &drawn.outcome else {
            panic!("not a number");
        };
        let shown: Vec<f64> = wrong.iter().map(|w| w.value).chain([*value]).collect();
        for (i, a) in shown.iter().enumerate() {
            for b in &shown[i + 1..] {
                let is_sum = a + b == *value;
                assert!(!is_sum, "{shown:?} {}", drawn.scenario);
            }
        }
    }
}

#[test]
fn durations_of_slips_are_what_their_texts_say() {
    let given = [("calls", exactly(6)), ("depth", exactly(2))];
    for drawn in instances(&TRACE_PATH, "faster", Kind::Numeric, &given) {
        let Drawing::Trace(solved) = &drawn.solved[0].drawing else {
            panic!("not a trace");
        };
        let is_caller = |id: &str| {
            solved
                .spans
                .iter()
                .any(|span| span.parent.as_deref() == Some(id))
        };
        let strong = solved
            .spans
            .iter()
            .filter(|span| span.strong && !is_caller(&span.id));
        let on_path: f64 = strong.map(|span| span.end - span.start).sum();
        let Outcome::Number { value, wrong, .. } = &drawn.outcome else {
            panic!("not a number");
        };
        let gaps = wrong
            .iter()
            .find(|w| w.misconception.line().contains("gaps"));
        assert!(on_path < *value, "{}", drawn.scenario);
        assert!(
            gaps.is_none_or(|w| w.value == on_path),
            "{}",
            drawn.scenario
        );
        let calls = drawn.scenario["calls"].as_array().unwrap();
        let longest = calls[1..]
            .iter()
            .map(|c| int(&c["end"]) - int(&c["start"]))
            .max()
            .unwrap();
        let claimed = wrong
            .iter()
            .find(|w| w.misconception.line().contains("as long as"));
        assert!(
            claimed.is_none_or(|w| w.value == longest as f64),
            "{}",
            drawn.scenario
        );
    }
}

/// In this trace tax gets so short that profile, which never waited for it, starts after its end.
#[test]
fn calls_wait_for_each_other_as_in_the_figure() {
    let call = |parent, service, start, end| Call {
        parent,
        service,
        start,
        end,
    };
    let calls = [
        call(None, "checkout", 0, 120),
        call(Some(0), "tax", 10, 90),
        call(Some(0), "profile", 31, 60),
        call(Some(0), "coupons", 64, 110),
    ];
    let new = replay(&calls, 1, 65, false);
    assert_eq!(path_with(&calls, &new, 0), [0, 3, 2]);
}
