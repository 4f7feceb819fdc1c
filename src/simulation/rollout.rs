//! A rolling update with a surge and unavailable pods.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::figure::Figure;
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const ROLLOUT: Model = Model {
    name: "rollout",
    version: 2,
    summary: "A rolling update that replaces pods within a surge and an unavailable share.",
    rules: &[
        "Both percentages are of the desired pods; the surge is rounded up, the unavailable pods \
         are rounded down.",
        "At every moment, old pods are removed while more pods are ready than desired minus \
         unavailable, and new ones are started while fewer pods exist than desired plus surge.",
        "At most as many new pods are started as are desired. Removals take no time; all old pods \
         are ready at first.",
    ],
    rivals: &["Starting before removing at one moment: the result is the same."],
    asks: &[
        ask(
            "least-ready",
            &[Kind::Numeric, Kind::Single],
            &[],
            "The fewest pods ready at a moment.",
        ),
        ask(
            "finished",
            &[Kind::Numeric],
            &[],
            "The time at which all new pods are ready.",
        ),
        ask(
            "old-left",
            &[Kind::Numeric, Kind::Single],
            &["time"],
            "The old pods that run after a time.",
        ),
        ask(
            "stuck",
            &[Kind::Numeric],
            &[],
            "The new pods that exist in the end if no new pod gets ready.",
        ),
    ],
    bounds: &[whole(
        "pods",
        (4, 60),
        (8, 40),
        "The desired number of pods.",
    )],
    draw,
};

/// A rolling update; `ready_after` is in seconds.
#[derive(Clone, Copy, Debug)]
struct Update {
    desired: i64,
    surge: i64,
    unavailable: i64,
    ready_after: i64,
}

/// The pods right after the removals and starts at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Moment {
    at: i64,
    old: i64,
    ready: i64,
    starting: i64,
}

/// The settings as they are shown, in percent.
struct Percent {
    surge: i64,
    unavailable: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    attempts(300, random, |random| {
        let desired = bounds.number("pods", random);
        let percent = Percent {
            surge: pick(&[0, 10, 15, 20, 25, 30, 40], random),
            unavailable: pick(&[0, 10, 15, 20, 25, 30, 40], random),
        };
        let update = Update {
            desired,
            surge: (desired * percent.surge + 99) / 100,
            unavailable: desired * percent.unavailable / 100,
            ready_after: 5 * between(3, 18, random),
        };
        let rounded =
            desired * percent.surge % 100 != 0 || desired * percent.unavailable % 100 != 0;
        if update.surge + update.unavailable == 0 || !rounded {
            return None;
        }
        match ask {
            "least-ready" => least_ready(update, &percent),
            "finished" => finished(update, &percent),
            "old-left" => old_left(update, &percent, random),
            "stuck" => stuck(update, &percent),
            _ => None,
        }
    })
}

/// Returns the moments at which something happens, until all new pods are ready.
fn replay(update: Update) -> Vec<Moment> {
    let mut now = Moment {
        at: 0,
        old: update.desired,
        ready: 0,
        starting: 0,
    };
    let mut moments = Vec::new();
    loop {
        let spare = now.old + now.ready - (update.desired - update.unavailable);
        now.old -= spare.clamp(0, now.old);
        let room = update.desired + update.surge - now.old - now.ready - now.starting;
        let missing = update.desired - now.ready - now.starting;
        now.starting += room.min(missing).max(0);
        moments.push(now);
        if now.starting == 0 {
            return moments;
        }
        now.at += update.ready_after;
        now.ready += now.starting;
        now.starting = 0;
    }
}

/// Returns the seconds until all new pods are ready, in batches of `batch`.
fn in_batches(update: Update, batch: i64) -> i64 {
    match batch {
        0 => 0,
        _ => (update.desired + batch - 1) / batch * update.ready_after,
    }
}

/// Returns the update with the roundings exchanged.
fn misrounded(update: Update, percent: &Percent) -> Update {
    Update {
        surge: update.desired * percent.surge / 100,
        unavailable: (update.desired * percent.unavailable + 99) / 100,
        ..update
    }
}

/// Returns the table of settings, with the start-up time if new pods get ready.
fn figures(update: Update, percent: &Percent, gets_ready: bool) -> Vec<Figure> {
    let rows = [
        ("desired pods", update.desired.to_string()),
        ("surge", format!("{}%", percent.surge)),
        ("unavailable", format!("{}%", percent.unavailable)),
        (
            "a new pod is ready after",
            format!("{} s", update.ready_after),
        ),
    ];
    let shown = if gets_ready { 4 } else { 3 };
    let rows = rows
        .into_iter()
        .take(shown)
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    vec![table(
        "The settings of a rolling update.",
        &["setting", "value"],
        rows,
        &[1],
    )]
}

/// Says what a percentage of the desired pods is, and how it is rounded if it has to be.
fn share(percent: i64, desired: i64, way: &str, rounded: i64) -> String {
    let is = match percent * desired % 100 {
        0 => "is".to_owned(),
        _ => format!("rounds {way} to"),
    };
    format!("{percent}% of {desired} {is} {rounded}")
}

fn situation(update: Update, percent: &Percent, asked: Value) -> Situation {
    let row = |m: &Moment| {
        [m.at, m.old, m.ready, m.starting]
            .iter()
            .map(i64::to_string)
            .collect()
    };
    let moments = replay(update);
    let u = update;
    Situation {
        scenario: json!({
            "desired": u.desired,
            "surge-percent-rounded-up": percent.surge,
            "unavailable-percent-rounded-down": percent.unavailable,
            "ready-after-seconds": u.ready_after,
            "asked": asked,
        }),
        figures: figures(update, percent, true),
        texts: texts([]),
        outcome: crate::core::instance::Outcome::Order { steps: Vec::new() },
        steps: steps(vec![
            format!(
                "Surge: {}, so at most {} pods exist.",
                share(percent.surge, u.desired, "up", u.surge),
                u.desired + u.surge
            ),
            format!(
                "Unavailable: {}, so at least {} pods stay ready.",
                share(percent.unavailable, u.desired, "down", u.unavailable),
                u.desired - u.unavailable
            ),
        ]),
        solved: vec![table(
            "The pods right after each moment.",
            &["time (s)", "old", "new ready", "new starting"],
            moments.iter().take(14).map(row).collect(),
            &[0, 1, 2, 3],
        )],
    }
}

/// Returns the numbers of ready pods that wrong rules give, none above the desired number, which is
/// ready at the start.
fn numbers_of_slips(u: Update, percent: &Percent) -> Vec<Candidate<'static>> {
    let swapped = misrounded(u, percent);
    let exchanged = u.desired * percent.surge / 100;
    let of_all = (u.desired + u.surge) * percent.unavailable / 100;
    let mut slips = vec![
        (
            u.desired - swapped.unavailable,
            "The unavailable pods are rounded up.",
            format!("Rounds the unavailable pods up to {}.", swapped.unavailable),
        ),
        (
            u.desired,
            "Old pods are removed only after new ones are ready.",
            format!(
                "Keeps all {} pods ready, but {} may be missing.",
                u.desired, u.unavailable
            ),
        ),
        (
            u.desired - 1,
            "One pod is replaced after the other.",
            "Lets only one pod be missing at a time.".to_owned(),
        ),
        (
            u.desired - u.surge,
            "The surge is taken from the ready pods.",
            format!("Subtracts the surge of {}.", u.surge),
        ),
        (
            u.desired - exchanged,
            "The two settings are exchanged.",
            format!(
                "Rounds {}% of {} down to {exchanged}.",
                percent.surge, u.desired
            ),
        ),
        (
            u.desired - u.surge - u.unavailable,
            "New pods replace old ones one for one.",
            "Subtracts surge and unavailable pods.".to_owned(),
        ),
        (
            u.desired - of_all,
            "The unavailable share is one of all pods, the surge too.",
            format!(
                "Subtracts {}% of {}, rounded down to {of_all}.",
                percent.unavailable,
                u.desired + u.surge
            ),
        ),
        (
            u.desired - percent.unavailable,
            "The percentage is a number of pods.",
            format!("Subtracts {} pods.", percent.unavailable),
        ),
    ];
    if u.surge > 0 && u.surge < u.unavailable {
        slips.push((
            u.desired - u.unavailable + u.surge,
            "New pods count from their start.",
            "Counts the surge pods, which aren't ready yet.".to_owned(),
        ));
    }
    slips
}

fn least_ready(update: Update, percent: &Percent) -> Option<Situation> {
    let u = update;
    let key = u.desired - u.unavailable;
    if key == u.desired {
        return None;
    }
    let mut s = situation(update, percent, json!("fewest ready pods"));
    s.outcome = number(key, "pods", numbers_of_slips(u, percent))?;
    s.steps.push(
        format!(
            "The first removals leave {} - {} = {key} pods ready.",
            u.desired, u.unavailable
        )
        .as_str()
        .into(),
    );
    Some(s)
}

fn finished(update: Update, percent: &Percent) -> Option<Situation> {
    let u = update;
    let moments = replay(u);
    let key = moments.last()?.at;
    let swapped = misrounded(u, percent);
    let batch = u.surge + u.unavailable;
    let candidates = vec![
        (
            in_batches(u, swapped.surge + swapped.unavailable),
            "Percentages round the other way.",
            "Exchanges the two roundings.".to_owned(),
        ),
        (
            in_batches(u, u.surge),
            "Only the surge allows new pods.",
            format!("Pods started at a time: {}.", u.surge),
        ),
        (
            in_batches(u, u.unavailable),
            "Only unavailable pods are replaced.",
            format!("Pods started at a time: {}.", u.unavailable),
        ),
        (
            in_batches(u, u.surge.max(u.unavailable)),
            "The larger of the two limits counts.",
            format!("Pods started at a time: {}.", u.surge.max(u.unavailable)),
        ),
        (
            key + u.ready_after,
            "Another batch follows for removing the old pods.",
            format!("Adds {} s, but removals take no time.", u.ready_after),
        ),
        (
            key - u.ready_after,
            "The first batch is ready at once.",
            format!("Leaves out the first {} s.", u.ready_after),
        ),
        (
            u.ready_after,
            "All pods start at the same time.",
            "Is the time of a single batch.".to_owned(),
        ),
        (
            u.desired * u.ready_after,
            "Pods are replaced one by one.",
            "Is the time for one pod after the other.".to_owned(),
        ),
        (
            u.desired / batch * u.ready_after,
            "The rest fits into the last batch.",
            format!("Divides {} by {batch} and rounds down.", u.desired),
        ),
    ];
    if !(3..=8).contains(&moments.len()) {
        return None;
    }
    let mut s = situation(
        update,
        percent,
        json!("seconds until all new pods are ready"),
    );
    s.outcome = number(key, "s", candidates)?;
    s.steps.push(
        format!(
            "New pods that start at once: {} unavailable + {} surge = {batch}.",
            u.unavailable, u.surge
        )
        .as_str()
        .into(),
    );
    s.steps.push(format!("When they are ready, as many old pods are removed and as many new ones started. {} pods need {} batches of {} s: {key} s.", u.desired, moments.len() - 1, u.ready_after).as_str().into());
    Some(s)
}

/// Asks for the old pods that still run at a time between two removals.
fn old_left(update: Update, percent: &Percent, random: &mut Stream) -> Option<Situation> {
    let u = update;
    let moments = replay(u);
    let index = between(1, moments.len() as i64 - 2, random) as usize;
    let [before, now] = [*moments.get(index - 1)?, *moments.get(index)?];
    let time = now.at + between(1, u.ready_after / 5 - 1, random) * 5;
    let batch = u.surge + u.unavailable;
    let candidates = wrong_old_pods(u, percent, [before, now], time);
    if now.old < 1 {
        return None;
    }
    let mut s = situation(update, percent, json!({"old-pods-at": time}));
    s.texts = texts([("time", time.to_string())]);
    s.outcome = number(now.old, "pods", candidates)?;
    s.steps.push(
        format!(
            "Old pods removed at once: {}. New pods started: {batch}.",
            u.unavailable
        )
        .as_str()
        .into(),
    );
    s.steps.push(
        format!(
            "New pods ready at {} s: {}. {} pods have to stay ready, so {} - {} = {} old pods stay.",
            now.at,
            now.ready,
            u.desired - u.unavailable,
            u.desired - u.unavailable,
            now.ready,
            now.old
        )
        .as_str()
        .into(),
    );
    Some(s)
}

/// Returns the numbers of old pods at `time` that wrong rules give; the last removal led from the moment `before` to
/// `now`.
fn wrong_old_pods(
    u: Update,
    percent: &Percent,
    [before, now]: [Moment; 2],
    time: i64,
) -> Vec<Candidate<'static>> {
    let misrounded = replay(misrounded(u, percent));
    let misrounded_now = misrounded.iter().rfind(|m| m.at <= time);
    vec![
        (
            misrounded_now.map_or(0, |m| m.old),
            "Percentages round the other way.",
            "Exchanges the two roundings.".to_owned(),
        ),
        (
            now.old + u.unavailable,
            "The first removal waits for ready pods.",
            format!("Leaves out the pods removed at once: {}.", u.unavailable),
        ),
        (
            before.old,
            "A batch is replaced one start-up time later.",
            "Is the number before the last removal.".to_owned(),
        ),
        (
            now.old - u.surge - u.unavailable,
            "Old pods are removed when new ones start.",
            "Also removes the pods whose replacements are still starting.".to_owned(),
        ),
        (
            u.desired - now.ready,
            "Every ready pod replaces one old pod.",
            format!(
                "Subtracts the {} ready new pods from {}.",
                now.ready, u.desired
            ),
        ),
        (
            u.desired - now.ready - now.starting,
            "Every started pod replaces one old pod.",
            "Subtracts the new pods that are ready or starting.".to_owned(),
        ),
        (
            u.desired - u.unavailable,
            "The old pods stay until the end.",
            match u.unavailable {
                0 => "Is the number at the start.".to_owned(),
                _ => "Is the number after the first removal.".to_owned(),
            },
        ),
    ]
}

fn stuck(update: Update, percent: &Percent) -> Option<Situation> {
    let u = update;
    let swapped = misrounded(u, percent);
    let started = |u: Update| (u.surge + u.unavailable).min(u.desired);
    if u.surge == 0 || u.unavailable == 0 {
        return None;
    }
    let candidates = vec![
        (
            started(swapped),
            "The surge is rounded down and the unavailable pods up.",
            "Exchanges the two roundings.".to_owned(),
        ),
        (
            u.surge,
            "The surge is the limit of new pods.",
            "Forgets that the removed pods make room for more new ones.".to_owned(),
        ),
        (
            u.unavailable,
            "New pods only replace pods that were removed.",
            "Starts no pods beyond the desired number.".to_owned(),
        ),
        (
            u.desired,
            "The update goes on with new pods that aren't ready.",
            "Starts all new pods, more than may exist.".to_owned(),
        ),
        (
            2 * u.surge,
            "Each new pod makes room for another one.",
            "Takes twice the surge, and leaves out the removed pods.".to_owned(),
        ),
        (
            started(u) + u.surge,
            "A second batch starts after the first.",
            "Starts another surge although none of the first pods is ready.".to_owned(),
        ),
    ];
    let mut s = situation(update, percent, json!("new pods if no new pod gets ready"));
    s.figures = figures(update, percent, false);
    s.outcome = number(started(u), "pods", candidates)?;
    s.solved = Vec::new();
    s.steps.push(
        format!(
            "Old pods removed: {}. New pods started: {}. Then nothing gets ready, and it stops.",
            u.unavailable,
            started(u)
        )
        .as_str()
        .into(),
    );
    Some(s)
}
