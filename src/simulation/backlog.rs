//! A queue whose arrivals change from period to period.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const BACKLOG: Model = Model {
    name: "backlog",
    version: 3,
    summary: "A queue that is filled and served at constant rates in each period.",
    rules: &[
        "Within a row, messages arrive evenly at its rate. The service handles a fixed number per \
         second while the queue isn't empty, and otherwise as many as arrive.",
        "The queue is empty at first.",
        "With a limit, messages that would exceed it are lost at once.",
    ],
    rivals: &["An answer that depends on single messages: work is counted as a flow."],
    asks: &[
        ask(
            "largest",
            &[Kind::Numeric, Kind::Single],
            &["service"],
            "The largest backlog.",
        ),
        ask(
            "drained",
            &[Kind::Numeric, Kind::Single],
            &["service"],
            "The time from which the queue is empty until the end.",
        ),
        ask(
            "lost",
            &[Kind::Numeric],
            &["service", "limit"],
            "The messages that are lost.",
        ),
        ask(
            "rate",
            &[Kind::Numeric],
            &["service", "from", "until"],
            "The smallest whole rate that clears the backlog in time.",
        ),
    ],
    bounds: &[whole("periods", (3, 7), (5, 5), "The number of periods.")],
    draw,
};

/// A queue; rates are per second.
#[derive(Clone, Debug)]
struct Queue {
    service: i64,
    limit: Option<i64>,
    /// The start of each period, and the end of the last.
    times: Vec<i64>,
    arrivals: Vec<i64>,
}

/// The state at the end of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    backlog: i64,
    lost: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    attempts(8000, random, |random| {
        let periods = bounds.number("periods", random);
        match ask {
            "largest" => largest(&draw_bursts(periods, random), class),
            "drained" => drained(draw_queue(periods, random), class, random),
            "lost" => lost(draw_queue(periods, random), class, random),
            "rate" => rate(&draw_queue(periods, random), class, random),
            _ => None,
        }
    })
}

/// Draws a queue that is quiet in its first and in its last period.
fn draw_queue(periods: i64, random: &mut Stream) -> Queue {
    let is_busy = |i: i64, random: &mut Stream| {
        i == 1 || (i != 0 && i + 1 != periods && between(0, 1, random) == 0)
    };
    draw_periods(periods, is_busy, random)
}

/// Draws a queue any of whose periods may be busy.
fn draw_bursts(periods: i64, random: &mut Stream) -> Queue {
    draw_periods(periods, |_, random| between(0, 1, random) == 0, random)
}

fn draw_periods(
    periods: i64,
    is_busy: impl Fn(i64, &mut Stream) -> bool,
    random: &mut Stream,
) -> Queue {
    let service = 10 * between(4, 20, random);
    let mut times = vec![0];
    for i in 0..periods as usize {
        times.push(times[i] + 10 * between(1, 6, random));
    }
    let mut arrivals: Vec<i64> = Vec::new();
    for i in 0..periods {
        let low = service * between(10, 80, random) / 100;
        let high = service * between(115, 260, random) / 100;
        arrivals.push(if is_busy(i, random) { high } else { low });
    }
    Queue {
        service,
        limit: None,
        times,
        arrivals,
    }
}

/// Returns the state at the end of each second, from 0 on.
fn replay(queue: &Queue) -> Vec<State> {
    let mut now = State {
        backlog: 0,
        lost: 0,
    };
    let mut states = vec![now];
    for (i, &arrivals) in queue.arrivals.iter().enumerate() {
        for _ in queue.times[i]..queue.times[i + 1] {
            let backlog = (now.backlog + arrivals - queue.service).max(0);
            let kept = queue.limit.map_or(backlog, |limit| backlog.min(limit));
            now = State {
                backlog: kept,
                lost: now.lost + backlog - kept,
            };
            states.push(now);
        }
    }
    states
}

fn length(queue: &Queue, period: usize) -> i64 {
    queue.times[period + 1] - queue.times[period]
}

/// Returns one sentence per period about the backlog at its end.
fn explain(queue: &Queue) -> Vec<String> {
    let states = replay(queue);
    let mut lines = Vec::new();
    for (i, &arrivals) in queue.arrivals.iter().enumerate() {
        let (from, to) = (queue.times[i], queue.times[i + 1]);
        let (start, end) = (states[from as usize], states[to as usize]);
        let change = (arrivals - queue.service) * (to - from);
        let lost = match end.lost - start.lost {
            0 => String::new(),
            lost => format!(", {lost} are lost"),
        };
        let empty = if start.backlog + change < 0 {
            ", not below 0"
        } else {
            ""
        };
        lines.push(format!(
            "{from} to {to} s: ({arrivals} - {}) x {} = {change}; the backlog goes from {} to {}{empty}{lost}.",
            queue.service, to - from, start.backlog, end.backlog
        ));
    }
    lines
}

fn figures(queue: &Queue) -> Vec<Figure> {
    let row = |i: usize| {
        vec![
            format!("{} to {}", queue.times[i], queue.times[i + 1]),
            queue.arrivals[i].to_string(),
        ]
    };
    vec![table(
        "The arrivals in each period.",
        &["time (s)", "arrivals per second"],
        (0..queue.arrivals.len()).map(row).collect(),
        &[0, 1],
    )]
}

fn situation(queue: &Queue, asked: Value, outcome: Outcome) -> Situation {
    let states = replay(queue);
    let row = |&time: &i64| vec![time.to_string(), states[time as usize].backlog.to_string()];
    Situation {
        scenario: json!({
            "unit": "s",
            "service-per-second": queue.service,
            "limit": queue.limit,
            "above-limit": "lost",
            "times": queue.times,
            "arrivals-per-second": queue.arrivals,
            "asked": asked,
        }),
        figures: figures(queue),
        texts: texts([("service", queue.service.to_string())]),
        outcome,
        steps: steps(explain(queue)),
        solved: vec![table(
            "The backlog at the borders of the periods.",
            &["time (s)", "backlog"],
            queue.times.iter().map(row).collect(),
            &[0, 1],
        )],
    }
}

/// Returns what the periods with more arrivals than service add.
fn growth(queue: &Queue) -> Vec<i64> {
    (0..queue.arrivals.len())
        .map(|i| ((queue.arrivals[i] - queue.service) * length(queue, i)).max(0))
        .collect()
}

/// Returns the backlog at the end of the first periods with more arrivals than service.
fn first_peak(queue: &Queue, states: &[State]) -> i64 {
    let is_busy = |i: &usize| queue.arrivals[*i] > queue.service;
    let all = 0..queue.arrivals.len();
    let first = all.clone().find(is_busy).unwrap_or(0);
    let end = all.skip(first).find(|i| !is_busy(i));
    let end = end.unwrap_or(queue.arrivals.len());
    states[queue.times[end] as usize].backlog
}

/// Asks for the largest backlog. In three of five draws it is neither all growth nor that of one
/// period, because the queue shrinks without getting empty between two bursts.
fn largest(queue: &Queue, class: usize) -> Option<Situation> {
    let states = replay(queue);
    let key = states.iter().map(|s| s.backlog).max()?;
    let rises = growth(queue);
    let (all, most) = (rises.iter().sum(), *rises.iter().max()?);
    let is_class = match class % 5 {
        0 => key == all,
        1 => key == most,
        _ => key != all && key != most,
    };
    let ends_busy = *rises.last()? > 0;
    if queue.arrivals.len() > 3 && (!is_class || ends_busy != (class / 5).is_multiple_of(3)) {
        return None;
    }
    let net = |i: usize| (queue.arrivals[i] - queue.service) * length(queue, i);
    let mut running = 0;
    let unclamped = (0..queue.arrivals.len()).map(|i| {
        running += net(i);
        running
    });
    let candidates = vec![
        (
            all,
            "A backlog only grows.",
            "Adds up all growth and leaves out what is served between.".to_owned(),
        ),
        (
            most,
            "The largest backlog is the largest growth.",
            "Is the growth of one row, without the backlog before it.".to_owned(),
        ),
        (
            unclamped.max()?,
            "Spare capacity is saved for later.",
            "Lets idle time count against later arrivals.".to_owned(),
        ),
        (
            (0..queue.arrivals.len())
                .map(|i| queue.arrivals[i] * length(queue, i))
                .max()?,
            "The backlog is what arrives.",
            "Counts the arrivals of the row with the most messages, without the service."
                .to_owned(),
        ),
        (
            states[*queue.times.last()? as usize].backlog,
            "The backlog is the largest at the end.",
            "Is the backlog at the end of the table.".to_owned(),
        ),
        (
            (queue.arrivals.iter().max()? - queue.service) * queue.times.last()?,
            "The highest rate lasts.",
            "Takes the highest rate for the whole time.".to_owned(),
        ),
        (
            first_peak(queue, &states),
            "The first burst decides.",
            "Is the backlog at the end of the first burst.".to_owned(),
        ),
    ];
    if rises.iter().filter(|&&rise| rise > 0).count() < 2 || key == 0 {
        return None;
    }
    Some(situation(
        queue,
        json!("largest backlog"),
        number(key, "messages", candidates)?,
    ))
}

/// Gives a period the rate with which it clears its backlog in `takes` seconds, and enough time
/// for wrong answers. Returns what the backlog shrinks by per second.
fn clear_in(queue: &mut Queue, row: usize, takes: i64, random: &mut Stream) -> Option<i64> {
    let from = queue.times[row];
    let backlog = replay(queue)[from as usize].backlog;
    if backlog == 0 || backlog % takes != 0 || backlog / takes >= queue.service {
        return None;
    }
    let spare = backlog / takes;
    queue.arrivals[row] = queue.service - spare;
    let length = (takes * between(115, 250, random) / 100 + 9) / 10 * 10;
    let shift = from + length - queue.times[row + 1];
    for time in &mut queue.times[row + 1..] {
        *time += shift;
    }
    Some(spare)
}

/// Asks when the backlog is gone; the last period or the one before is drawn so that it is at a
/// whole second.
fn drained(mut queue: Queue, class: usize, random: &mut Stream) -> Option<Situation> {
    let last = queue.arrivals.len() - 1;
    let row = match last > 2 && class.is_multiple_of(2) {
        true => last - 1,
        false => last,
    };
    let takes = between(12, 90, random);
    let spare = clear_in(&mut queue, row, takes, random)?;
    let key = queue.times[row] + takes;
    let end = queue.times[last + 1];
    let mut candidates = times_of_slips(&queue, row, spare)?;
    // A time after the table answers nothing, and the end of the table is never the key.
    candidates.retain(|(time, _, _)| *time < end);
    let mut s = situation(
        &queue,
        json!("time from which the queue is empty until the end"),
        number(key, "s", candidates)?,
    );
    let (from, backlog) = (queue.times[row], spare * takes);
    s.steps.push(format!("From {from} s, {backlog} messages shrink by {} - {} = {spare} per second: {backlog} / {spare} = {takes} s, so until {key} s.", queue.service, queue.arrivals[row]).as_str().into());
    Some(s)
}

/// Returns the times at which wrong rules let the queue be empty, which it gets in period `row`,
/// shrinking by `spare` per second.
fn times_of_slips(queue: &Queue, row: usize, spare: i64) -> Option<Vec<Candidate<'static>>> {
    let states = replay(queue);
    let (from, end) = (queue.times[row], queue.times[row + 1]);
    let backlog = states[from as usize].backlog;
    let peak = states.iter().map(|s| s.backlog).max()?;
    let peak_at = states.iter().position(|s| s.backlog == peak)? as i64;
    let total: i64 = growth(queue).iter().sum();
    let is_quiet = |i: &usize| queue.arrivals[*i] < queue.service;
    let shrinks = (0..=row).rev().take_while(is_quiet).last().unwrap_or(row);
    let arrivals = queue.arrivals[row].max(1);
    let before = queue.service - queue.arrivals[row - 1];
    let mut slips = vec![
        (
            from + backlog / queue.service,
            "The whole service rate works off the backlog.",
            format!(
                "Divides {backlog} by {} and forgets what still arrives.",
                queue.service
            ),
        ),
        (
            backlog / spare,
            "The time counts from the start of the row.",
            "Is the time that the row takes to empty the queue, not the moment.".to_owned(),
        ),
        (
            peak_at + peak / spare,
            "The backlog shrinks at the same rate from its peak on.",
            format!("Lets the largest backlog shrink by {spare} per second from {peak_at} s on."),
        ),
        (
            from + peak / spare,
            "The largest backlog has to be worked off.",
            format!("Begins at {from} s with the largest backlog, {peak}."),
        ),
        (
            from + total / spare,
            "Nothing is served before.",
            format!("Works off all growth, {total} messages, from {from} s on."),
        ),
        (
            from + backlog / arrivals,
            "The backlog shrinks at the rate of the arrivals.",
            format!("Divides {backlog} by the {arrivals} messages that arrive per second."),
        ),
        (
            queue.times[shrinks],
            "A backlog is gone once less arrives than is served.",
            "Is the time at which the backlog begins to shrink for good.".to_owned(),
        ),
        (
            end,
            "The backlog lasts to the end of the row.",
            "Is the end of the row in which the queue gets empty.".to_owned(),
        ),
    ];
    if before > 0 {
        slips.push((
            from + backlog / before,
            "The backlog goes on shrinking as before.",
            format!("Divides {backlog} by the {before} per second of the row before."),
        ));
    }
    Some(slips)
}

/// Asks for the losses. In half of the draws the queue gets empty between two bursts, so that the
/// peak of an unlimited queue doesn't tell them; in a quarter it keeps some messages, so that the
/// bursts can't be taken one by one.
fn lost(mut queue: Queue, class: usize, random: &mut Stream) -> Option<Situation> {
    let peak = replay(&queue).iter().map(|s| s.backlog).max()?;
    let limit = peak * between(25, 75, random) / 100 / 100 * 100;
    queue.limit = Some(limit);
    let states = replay(&queue);
    let key = states.last()?.lost;
    let rises = growth(&queue);
    let each: i64 = rises.iter().map(|rise| (rise - limit).max(0)).sum();
    let total: i64 = rises.iter().sum();
    let wrong: &[i64] = match class % 4 {
        0 | 1 => &[peak - limit, total - limit],
        2 => &[each, total - limit],
        _ => &[],
    };
    if wrong.contains(&key) {
        return None;
    }
    let candidates = vec![
        (
            peak - limit,
            "Only the peak above the limit is lost.",
            format!(
                "Subtracts the limit from the backlog of {peak} that there would be without it."
            ),
        ),
        (
            each,
            "Every burst begins with an empty queue.",
            "Subtracts the whole limit in each period.".to_owned(),
        ),
        (
            total - limit,
            "Nothing is served between bursts.",
            "Subtracts the limit once from all growth.".to_owned(),
        ),
        (
            total,
            "Everything above the service rate is lost.",
            "Ignores the queue.".to_owned(),
        ),
        (
            limit,
            "A full queue is lost.",
            "Is the limit itself.".to_owned(),
        ),
        (
            (0..queue.arrivals.len())
                .map(|i| (queue.arrivals[i] * length(&queue, i) - limit).max(0))
                .sum(),
            "Arrivals above the limit are lost.",
            "Ignores the service.".to_owned(),
        ),
    ];
    let losses = queue
        .times
        .windows(2)
        .filter(|w| states[w[0] as usize].lost < states[w[1] as usize].lost);
    if limit < 100 || losses.count() < 2 || key == total {
        return None;
    }
    let mut s = situation(
        &queue,
        json!("lost messages"),
        number(key, "messages", candidates)?,
    );
    s.texts.extend(texts([("limit", limit.to_string())]));
    s.steps.push(format!("Lost in all: {key}.").as_str().into());
    Some(s)
}

/// Asks for the smallest rate in the last period that clears the backlog by its end. In three of
/// four draws part of the growth is gone already.
fn rate(queue: &Queue, class: usize, random: &mut Stream) -> Option<Situation> {
    let last = queue.arrivals.len() - 1;
    let from = queue.times[last];
    let backlog = replay(queue)[from as usize].backlog;
    let takes = pick(&[20, 30, 40, 50, 60, 90], random);
    let arrivals = queue.arrivals[last];
    let needed = (backlog + takes - 1) / takes;
    let key = arrivals + needed;
    let mut queue = queue.clone();
    queue.times[last + 1] = from + takes;
    let until = from + takes;
    let total: i64 = growth(&queue).iter().sum();
    let candidates = vec![
        (
            needed,
            "Arrivals stop while the backlog is being processed.",
            format!("Leaves out the {arrivals} messages per second that still arrive."),
        ),
        (
            arrivals + backlog / takes,
            "The rate is rounded down.",
            "Rounds down, so a few messages are left.".to_owned(),
        ),
        (
            queue.service + needed,
            "The backlog needs extra service on top of the old rate.",
            format!("Adds to {} instead of to the arrivals.", queue.service),
        ),
        (
            arrivals + (total + takes - 1) / takes,
            "Nothing was served before.",
            "Works off all growth, also what is gone already.".to_owned(),
        ),
        (
            arrivals + (backlog + until - 1) / until,
            "All of the time is available.",
            format!("Divides the backlog by {until} s."),
        ),
        (
            arrivals + (backlog + from - 1) / from.max(1),
            "There is as much time as before the change.",
            format!("Divides the backlog by {from} s, the time until the change."),
        ),
        (
            arrivals + 1,
            "A rate above the arrivals is enough.",
            "Shrinks the backlog, but not in time.".to_owned(),
        ),
    ];
    let is_all = total == backlog && !class.is_multiple_of(4);
    if is_all || backlog == 0 || backlog % takes == 0 || key <= queue.service {
        return None;
    }
    let mut s = situation(
        &queue,
        json!({"smallest-whole-rate-from": from, "empty-by": until}),
        number(key, "messages per second", candidates)?,
    );
    s.texts.extend(texts([
        ("from", from.to_string()),
        ("until", until.to_string()),
    ]));
    s.steps.truncate(last);
    s.solved.clear();
    s.steps.push(format!("{backlog} messages in {takes} s need {needed} per second, rounded up, on top of the {arrivals} that arrive: {key}.").as_str().into());
    Some(s)
}
