//! The asks about a trace.

use serde_json::json;

use super::{
    Call, critical_path, duration, figure, last_before, leaves, made_by, path_with, replay,
    scenario,
};
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::construct::{Candidate, number, steps, texts};
use crate::simulation::{Situation, between, chance, listed, pick};

/// Asks for the duration if one call takes less; the request gets faster by all of it, by a part
/// of it or not at all, each equally often.
pub fn faster(calls: &[Call], class: usize, random: &mut Stream) -> Option<Situation> {
    let call = pick(&leaves(calls), random);
    let saved = between(15, (duration(&calls[call]) - 8).max(15), random);
    if saved >= duration(&calls[call]) {
        return None;
    }
    let new = replay(calls, call, saved, false);
    let (total, key) = (duration(&calls[0]), duration(&new[0]));
    let is_class = match class % 3 {
        0 => key == total,
        1 => key > total - saved && key < total,
        _ => key == total - saved,
    };
    if !is_class || replay(calls, call, saved, true) != new {
        return None;
    }
    let new_path = path_with(calls, &new, 0);
    let mut on_path: Vec<usize> = leaves(&new);
    on_path.retain(|i| new_path.contains(i));
    on_path.sort_by_key(|&i| new[i].start);
    let name = calls[call].service;
    let candidates = durations_of_slips(calls, &new, call, &on_path);
    let mut lines = path_steps(calls);
    lines.push(match critical_path(calls, 0).contains(&call) {
        true => format!("{name} is on this path, so a shorter {name} can make the request faster."),
        false => format!("{name} is not on this path, so a shorter {name} changes nothing."),
    });
    for (old, now) in calls.iter().zip(&new).skip(1) {
        if old != now {
            lines.push(format!(
                "{} now runs from {} to {}.",
                now.service, now.start, now.end
            ));
        }
    }
    let names: Vec<&str> = on_path.iter().map(|&i| new[i].service).collect();
    lines.push(format!("With these times the path is {}.", listed(&names)));
    lines.push(match key == total {
        true => format!("The request still takes {total} ms."),
        false => format!("The request takes {key} ms instead of {total} ms."),
    });
    let mut data = scenario(calls);
    data["asked"] = json!({"duration-if": name, "takes-less": saved});
    Some(Situation {
        scenario: data,
        figures: vec![figure(calls, &[])],
        texts: texts([("call", name.to_owned()), ("saved", saved.to_string())]),
        outcome: number(key, "ms", candidates)?,
        steps: steps(lines),
        solved: vec![figure(&new, &new_path)],
    })
}

/// Returns the durations that wrong rules give if `call` takes the time that it has in `new`.
fn durations_of_slips(
    calls: &[Call],
    new: &[Call],
    call: usize,
    on_path: &[usize],
) -> Vec<Candidate<'static>> {
    let (total, name) = (duration(&calls[0]), calls[call].service);
    let saved = duration(&calls[call]) - duration(&new[call]);
    let ends = leaves(calls);
    let sum: i64 = ends.iter().map(|&i| duration(&new[i])).sum();
    let longest = calls[1..].iter().map(duration).max().unwrap_or(0);
    let mut slips = vec![
        (
            total - saved,
            "Every millisecond saved in a call is saved for the request.",
            format!(
                "Subtracts all {saved} ms, but other calls end later than the path through {name}."
            ),
        ),
        (
            sum,
            "All calls run one after another.",
            format!(
                "Adds up the {} calls that make no calls, but some of them overlap.",
                ends.len()
            ),
        ),
        (
            on_path.iter().map(|&i| duration(&new[i])).sum(),
            "The gaps between calls are no part of the request.",
            "Adds up the calls on the path after the change and leaves out the gaps.".to_owned(),
        ),
        (
            total - saved / 2,
            "Overlapping calls halve what is saved.",
            format!("Subtracts half of {saved} ms."),
        ),
        (
            total - duration(&calls[call]),
            "The whole call disappears from the request.",
            format!("Subtracts all of {name}."),
        ),
        (
            longest,
            "The request takes as long as its longest call.",
            format!("Is the duration of the longest call that the figure shows, {longest} ms."),
        ),
    ];
    if duration(&calls[call]) < longest {
        slips.push((
            total,
            "Only the longest call counts.",
            format!("Changes nothing, but the request waited for {name}."),
        ));
    }
    slips
}

/// Returns the sentences that walk back along the critical path.
fn path_steps(calls: &[Call]) -> Vec<String> {
    let mut lines = Vec::new();
    for &caller in critical_path(calls, 0)
        .iter()
        .filter(|&&i| !made_by(calls, i).is_empty())
    {
        let mut time = calls[caller].end;
        while let Some(i) = last_before(calls, caller, time) {
            let call = &calls[i];
            lines.push(match time == calls[caller].end {
                true => format!(
                    "{} waited last for {}, which ended at {}.",
                    calls[caller].service, call.service, call.end
                ),
                false => format!(
                    "The last call to end before {time} is {}, at {}.",
                    call.service, call.end
                ),
            });
            time = call.start;
        }
    }
    lines
}

/// Asks for the calls on the critical path.
pub fn path(calls: &[Call], class: usize) -> Option<Situation> {
    let path = critical_path(calls, 0);
    let mut shown = leaves(calls);
    let wanted = 2 + class % (shown.len() - 3);
    shown.sort_by_key(|&i| calls[i].service);
    let on = shown.iter().filter(|i| path.contains(i)).count();
    if on != wanted {
        return None;
    }
    let option = |&i: &usize| {
        let call = &calls[i];
        let span = format!("{} runs from {} to {}", call.service, call.start, call.end);
        if path.contains(&i) {
            return Alternative::right(
                call.service,
                &format!("{span}, and the request waits for it."),
            );
        }
        let misconception = match duration(call) > duration(&calls[path[1]]) {
            true => "A long call is on the critical path.",
            false => "Every call on which something waits, or that runs early, is on the path.",
        };
        Alternative::wrong(
            call.service,
            &format!("{span}, but no call of the path waits for its end."),
            misconception,
        )
    };
    let options: Vec<Alternative> = shown.iter().map(option).collect();
    let names: Vec<&str> = shown
        .iter()
        .filter(|i| path.contains(i))
        .map(|&i| calls[i].service)
        .collect();
    let mut lines = path_steps(calls);
    lines.push(format!("On the path are {}.", listed(&names)));
    let mut data = scenario(calls);
    data["asked"] = json!("calls on the critical path that make no calls");
    Some(Situation {
        scenario: data,
        figures: vec![figure(calls, &[])],
        texts: texts([]),
        outcome: Outcome::Several { options },
        steps: steps(lines),
        solved: vec![figure(calls, &path)],
    })
}

/// Asks for the time in which a caller waits for none of its calls.
pub fn own_time(calls: &[Call], random: &mut Stream) -> Option<Situation> {
    let callers: Vec<usize> = (0..calls.len())
        .filter(|&i| !made_by(calls, i).is_empty())
        .collect();
    let caller = pick(&callers, random);
    let mut below = made_by(calls, caller);
    below.sort_by_key(|&i| calls[i].start);
    let total = duration(&calls[caller]);
    let mut lines = Vec::new();
    let (mut covered, mut until) = (0, calls[caller].start);
    for &i in &below {
        let call = &calls[i];
        let new = (call.end - call.start.max(until)).max(0);
        lines.push(format!(
            "{} from {} to {} covers {new} ms more.",
            call.service, call.start, call.end
        ));
        covered += new;
        until = until.max(call.end);
    }
    let key = total - covered;
    let overlap = below.iter().map(|&i| duration(&calls[i])).sum::<i64>() - covered;
    let before = calls[below[0]].start - calls[caller].start;
    let after = calls[caller].end - until;
    let spans: Vec<i64> = below.iter().map(|&i| duration(&calls[i])).collect();
    let mut candidates = own_times_of_slips(total, &spans);
    candidates.extend(parts(key, before, after, chance(50, random)));
    candidates.extend(near_own_times(calls, &below, key, overlap));
    lines.push(format!(
        "{} takes {total} ms, of which its calls cover {covered}: {key} ms are its own.",
        calls[caller].service
    ));
    let sum: i64 = spans.iter().sum();
    let adds_up = |a: &Candidate| candidates.iter().any(|b| a.0 + b.0 == key);
    // Two wrong options that add up to the key would give it away.
    if below.len() < 2 || before == after || sum == covered || candidates.iter().any(adds_up) {
        return None;
    }
    let mut data = scenario(calls);
    data["asked"] = json!({"own-time-of": calls[caller].service});
    Some(Situation {
        scenario: data,
        figures: vec![figure(calls, &[])],
        texts: texts([("caller", calls[caller].service.to_owned())]),
        outcome: number(key, "ms", candidates)?,
        steps: steps(lines),
        solved: Vec::new(),
    })
}

/// Returns the own times that wrong rules give for a caller that takes `total` ms and whose calls
/// take `spans`. The time that the calls cover is none of them, since the own time would be the rest.
fn own_times_of_slips(total: i64, spans: &[i64]) -> Vec<Candidate<'static>> {
    let (first, last) = (spans[0], spans[spans.len() - 1]);
    let longest = spans.iter().copied().max().unwrap_or(0);
    let shortest = spans.iter().copied().min().unwrap_or(0);
    let sum: i64 = spans.iter().sum();
    let without = |name: &str, time: i64| format!("Subtracts only the {name} call, {time} ms.");
    vec![
        (
            total - sum,
            "Overlapping calls count twice.",
            format!("Subtracts the sum of all calls, {sum} ms, from {total} ms."),
        ),
        (
            total - longest,
            "It only waits for the longest call.",
            without("longest", longest),
        ),
        (
            total - first,
            "It only waits for its first call.",
            without("first", first),
        ),
        (
            total - last,
            "It only waits for the call that starts last.",
            without("last", last),
        ),
        (
            total - shortest,
            "It only waits for the shortest call.",
            without("shortest", shortest),
        ),
    ]
}

/// Returns wrong numbers that are not much above the own time `key`: without them, the largest small number would be the
/// answer. The calls `below` overlap for `overlap` ms.
fn near_own_times(
    calls: &[Call],
    below: &[usize],
    key: i64,
    overlap: i64,
) -> Vec<Candidate<'static>> {
    let all = covered(calls, below);
    let alone = below.iter().filter_map(|&i| {
        let others: Vec<usize> = below.iter().copied().filter(|&j| j != i).collect();
        let time = all - covered(calls, &others);
        (time > 0).then_some((time, calls[i].service))
    });
    let mut near = vec![(
        key + overlap,
        "The time in which two of its calls run is its own.",
        format!("Adds the {overlap} ms in which calls overlap, but it waits in them too."),
    )];
    near.extend(alone.min().map(|(time, service)| {
        (
            key + time,
            "A call that overlaps another one takes no further time.",
            format!("Leaves out {service}, which runs alone for {time} ms."),
        )
    }));
    near
}

/// Returns the time in which at least one of `below` runs; they are in the order of their start.
fn covered(calls: &[Call], below: &[usize]) -> i64 {
    let (mut covered, mut until) = (0, i64::MIN);
    for call in below.iter().map(|&i| &calls[i]) {
        covered += (call.end - call.start.max(until)).max(0);
        until = until.max(call.end);
    }
    covered
}

/// Returns wrong numbers that leave out a part of the own time `key`; no two of them add up to it
/// or to a third one.
fn parts(key: i64, before: i64, after: i64, at_the_start: bool) -> Vec<Candidate<'static>> {
    let mut parts = vec![(
        before + after,
        "Only the time before the first and after the last call is its own.",
        "Leaves out the gaps between the calls.".to_owned(),
    )];
    parts.extend(match at_the_start {
        true => [
            (
                before,
                "Its own work ends with its first call.",
                "Counts only the time before the first call.".to_owned(),
            ),
            (
                key - after,
                "Its own work ends with its last call.",
                "Leaves out the time after the last call.".to_owned(),
            ),
        ],
        false => [
            (
                after,
                "Its own work begins after its last call.",
                "Counts only the time after the last call.".to_owned(),
            ),
            (
                key - before,
                "Its own work begins with its first call.",
                "Leaves out the time before the first call.".to_owned(),
            ),
        ],
    });
    parts
}
