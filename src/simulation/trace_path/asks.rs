//! The asks about a trace.

use serde_json::json;

use super::{
    Call, critical_path, duration, figure, last_before, leaves, made_by, replay, scenario,
};
use crate::core::instance::{Alternative, Outcome};
use crate::core::rng::Stream;
use crate::simulation::construct::{number, steps, texts};
use crate::simulation::{Situation, between, listed, pick};

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
    let sum: i64 = leaves(calls).iter().map(|&i| duration(&calls[i])).sum();
    let on_path: i64 = leaves(&new)
        .iter()
        .filter(|i| critical_path(&new, 0).contains(i))
        .map(|&i| duration(&new[i]))
        .sum();
    let longest = leaves(&new)
        .iter()
        .map(|&i| duration(&new[i]))
        .max()
        .unwrap_or(0);
    let name = calls[call].service;
    let candidates = vec![
        (
            total - saved,
            "Every millisecond saved in a call is saved for the request.",
            format!(
                "Subtracts all {saved} ms, but other calls end later than the path through {name}."
            ),
        ),
        (
            total,
            "Only the longest call counts.",
            format!("Changes nothing, but the request waited for {name}."),
        ),
        (
            sum - saved,
            "All calls run one after another.",
            "Adds up all calls, but some of them overlap.".to_owned(),
        ),
        (
            on_path,
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
            "Is the duration of the longest call alone.".to_owned(),
        ),
    ];
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
    let mut path: Vec<usize> = critical_path(&new, 0);
    path.retain(|i| leaves(&new).contains(i));
    path.sort_by_key(|&i| new[i].start);
    let names: Vec<&str> = path.iter().map(|&i| new[i].service).collect();
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
        solved: vec![figure(&new, &critical_path(&new, 0))],
    })
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
    let sum: i64 = below.iter().map(|&i| duration(&calls[i])).sum();
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
    let before = calls[below[0]].start - calls[caller].start;
    let after = calls[caller].end - until;
    let longest = below
        .iter()
        .map(|&i| duration(&calls[i]))
        .max()
        .unwrap_or(0);
    let candidates = vec![
        (
            total - sum,
            "Overlapping calls count twice.",
            format!("Subtracts the sum of all calls, {sum} ms, from {total} ms."),
        ),
        (
            before + after,
            "Only the time before the first and after the last call is its own.",
            "Leaves out the gaps between the calls.".to_owned(),
        ),
        (
            before,
            "Its own work ends with its first call.",
            "Counts only the time before the first call.".to_owned(),
        ),
        (
            after,
            "Its own work begins after its last call.",
            "Counts only the time after the last call.".to_owned(),
        ),
        (
            total - longest,
            "It only waits for the longest call.",
            format!("Subtracts the longest call, {longest} ms."),
        ),
        (
            total,
            "The duration of a span is its own time.",
            "Is the whole span with its calls.".to_owned(),
        ),
        (
            covered,
            "Own time is the time of the calls.",
            "Is the time that the calls cover.".to_owned(),
        ),
    ];
    lines.push(format!(
        "{} takes {total} ms, of which its calls cover {covered}: {key} ms are its own.",
        calls[caller].service
    ));
    if below.len() < 2 || key == before + after || sum == covered {
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
