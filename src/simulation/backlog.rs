//! A queue whose arrivals change from period to period.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{ask, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::figure::Figure;
use crate::core::instance::Outcome;
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const BACKLOG: Model = Model {
    name: "backlog",
    version: 2,
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
            "The time at which the last backlog is gone.",
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
    attempts(500, random, |random| {
        let queue = draw_queue(bounds.number("periods", random), random);
        match ask {
            "largest" => largest(&queue),
            "drained" => drained(queue, random),
            "lost" => lost(queue, random),
            "rate" => rate(&queue, random),
            _ => None,
        }
    })
}

fn draw_queue(periods: i64, random: &mut Stream) -> Queue {
    let service = 10 * between(4, 20, random);
    let mut times = vec![0];
    for i in 0..periods as usize {
        times.push(times[i] + 10 * between(1, 6, random));
    }
    let mut arrivals: Vec<i64> = Vec::new();
    for i in 0..periods {
        let low = service * between(10, 80, random) / 100;
        let high = service * between(115, 260, random) / 100;
        let busy = i == 1 || (i != 0 && i + 1 != periods && between(0, 1, random) == 0);
        arrivals.push(if busy { high } else { low });
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

fn largest(queue: &Queue) -> Option<Situation> {
    let states = replay(queue);
    let key = states.iter().map(|s| s.backlog).max()?;
    let rises = growth(queue);
    let net = |i: usize| (queue.arrivals[i] - queue.service) * length(queue, i);
    let mut running = 0;
    let unclamped = (0..queue.arrivals.len()).map(|i| {
        running += net(i);
        running
    });
    let candidates = vec![
        (
            rises.iter().sum(),
            "A backlog only grows.",
            "Adds up all growth and leaves out what is served between.".to_owned(),
        ),
        (
            *rises.iter().max()?,
            "The largest backlog is that of the busiest period.",
            "Is the growth of one period, without the backlog before it.".to_owned(),
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
            "Counts the arrivals of the busiest period without the service.".to_owned(),
        ),
        (
            states[*queue.times.last()? as usize].backlog,
            "The backlog is the largest at the end.",
            "Is the backlog at the end of the figure.".to_owned(),
        ),
        (
            (queue.arrivals.iter().max()? - queue.service) * queue.times.last()?,
            "The highest rate lasts.",
            "Takes the highest rate for the whole time.".to_owned(),
        ),
        (
            rises.first().copied().unwrap_or(0) + rises[1],
            "The first burst decides.",
            "Stops after the first burst.".to_owned(),
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

/// Asks when the backlog is gone; the last period is drawn so that it is at a whole second.
fn drained(mut queue: Queue, random: &mut Stream) -> Option<Situation> {
    let last = queue.arrivals.len() - 1;
    let from = queue.times[last];
    let states = replay(&queue);
    let backlog = states[from as usize].backlog;
    let takes = between(12, 90, random);
    if backlog == 0 || backlog % takes != 0 || backlog / takes >= queue.service {
        return None;
    }
    let spare = backlog / takes;
    queue.arrivals[last] = queue.service - spare;
    queue.times[last + 1] = from + (takes / 10 + 2) * 10;
    let key = from + takes;
    let peak = states.iter().map(|s| s.backlog).max()?;
    let peak_at = states.iter().position(|s| s.backlog == peak)? as i64;
    let total: i64 = growth(&queue).iter().sum();
    let candidates = vec![
        (
            from + backlog / queue.service,
            "The whole service rate works off the backlog.",
            format!(
                "Divides {backlog} by {} and forgets what still arrives.",
                queue.service
            ),
        ),
        (
            takes,
            "The time counts from the start of the last period.",
            "Is the duration instead of the time.".to_owned(),
        ),
        (
            peak_at + peak / spare,
            "The backlog shrinks at the last rate from its peak on.",
            "Uses the last rate from the largest backlog on.".to_owned(),
        ),
        (
            from + total / spare,
            "Nothing is served before the last period.",
            "Works off all growth in the last period.".to_owned(),
        ),
        (
            from + backlog / queue.arrivals[last].max(1),
            "The backlog shrinks at the rate of the arrivals.",
            format!(
                "Divides {backlog} by the {} arrivals.",
                queue.arrivals[last]
            ),
        ),
        (
            from,
            "A backlog is gone once less arrives than is served.",
            "Is the time at which the backlog begins to shrink for good.".to_owned(),
        ),
        (
            queue.times[last + 1],
            "The backlog lasts to the end of the period.",
            "Is the end of the last period.".to_owned(),
        ),
    ];
    let mut s = situation(
        &queue,
        json!("time at which the backlog is gone for good"),
        number(key, "s", candidates)?,
    );
    s.steps.push(format!("From {from} s, {backlog} messages shrink by {} - {} = {spare} per second: {backlog} / {spare} = {takes} s, so until {key} s.", queue.service, queue.arrivals[last]).as_str().into());
    Some(s)
}

fn lost(mut queue: Queue, random: &mut Stream) -> Option<Situation> {
    let peak = replay(&queue).iter().map(|s| s.backlog).max()?;
    let limit = peak * between(25, 75, random) / 100 / 100 * 100;
    let free = queue.clone();
    queue.limit = Some(limit);
    let states = replay(&queue);
    let key = states.last()?.lost;
    let rises = growth(&queue);
    let each: i64 = rises.iter().map(|rise| (rise - limit).max(0)).sum();
    let total: i64 = rises.iter().sum();
    let over = replay(&free).iter().filter(|s| s.backlog > limit).count() as i64;
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
            over * (queue.arrivals.iter().max()? - queue.service),
            "Losses last as long as the backlog would be above the limit.",
            "Counts the time above the limit without a limit.".to_owned(),
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

/// Asks for the smallest rate in the last period that clears the backlog by its end.
fn rate(queue: &Queue, random: &mut Stream) -> Option<Situation> {
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
            arrivals + backlog / from.max(1) + 1,
            "It takes as long to work off as to grow.",
            format!("Divides the backlog by {from} s."),
        ),
        (
            arrivals + 1,
            "A rate above the arrivals is enough.",
            "Shrinks the backlog, but not in time.".to_owned(),
        ),
    ];
    if backlog == 0 || backlog % takes == 0 || key <= queue.service {
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
