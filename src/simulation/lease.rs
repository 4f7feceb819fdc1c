//! Leases of a lock service: pausing clients, late writes and fencing tokens.

mod figures;
mod margin;
mod service;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::json;

use self::figures::{figures, grant_step, scenario, solved, texts};
use self::margin::margin;
use self::service::{Arrival, Call, Grant, Scene, Service, WRITES, Write, arrivals, grants};
use super::construct::{ask, whole};
use super::{Bounds, Model, Situation, attempts, between, chance, flag, pick};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::core::text::Text;

const TEXTS: &[&str] = &["duration", "count"];

pub const MODEL: Model = Model {
    name: "lease",
    version: 4,
    summary: "Clients ask a lock service for a lease, pause, and write to a store with a delay.",
    rules: &[
        "A lease that is granted at g runs over [g, g + duration) and can't be given back early.",
        "Requests for a lease that is taken wait in a queue; the first in the queue gets the \
         lease at the moment it ends.",
        "A renewal during the lease moves its end to the renewal's time + duration and keeps the \
         token.",
        "Messages between clients and the lock service take no time.",
        "Each grant has the next token, and a write carries the newest token that its client had \
         when it sent the write.",
        "With the check, the store refuses a write whose token is lower than the highest token \
         that it has accepted; it doesn't know the grants.",
        "An accepted write breaks mutual exclusion if a newer token had been granted when it \
         arrived.",
        "A client sends a write only if more than the margin is left when it looks at its lease.",
    ],
    rivals: &[
        "The store compares tokens with the highest token granted.",
        "A write that arrives after the end of its lease breaks mutual exclusion in any case.",
    ],
    asks: &[
        ask(
            "accepted",
            &[Kind::Multiple],
            TEXTS,
            "Which writes does the store accept?",
        ),
        ask(
            "violations",
            &[Kind::Multiple],
            TEXTS,
            "Which accepted writes break mutual exclusion?",
        ),
        ask(
            "margin",
            &[Kind::Numeric],
            &["duration"],
            "The smallest margin with which no write arrives after its lease.",
        ),
    ],
    bounds: &[
        whole("clients", (2, 3), (2, 2), "The number of clients."),
        whole("writes", (4, 6), (4, 4), "The number of writes."),
        whole("renewals", (0, 2), (0, 0), "The number of renewals."),
        flag(
            "check",
            true,
            "Whether the store checks tokens, for the ask `violations`.",
        ),
        flag(
            "slow-clocks",
            false,
            "Whether clocks count 9 s while 10 s pass, for `margin`.",
        ),
    ],
    draw,
};

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let writes = bounds.number("writes", random) as usize;
    let (least, most) = match ask {
        "accepted" => (writes / 2, writes - 1),
        _ => (2, writes - 2),
    };
    let count = least + random.below((most - least + 1) as u64) as usize;
    let misleading = match ask {
        "accepted" => misleading(writes - count, random),
        _ => Vec::new(),
    };
    let mut draw_with = |misleading: &[Order]| {
        attempts(1500, random, |random| {
            let scene = draw_calls(bounds, random)?;
            let grants = grants(&scene);
            let has_tokens = grants.len() >= 3 || !misleading.contains(&Order::Token);
            if !has_tokens || !is_plain(&scene, &grants) {
                return None;
            }
            attempts(20, random, |random| {
                let slow = ask == "margin" && bounds.flag("slow-clocks");
                let plans = plans(ask, writes, slow, misleading, random);
                let scene = with_writes(&scene, &plans, &grants, random)?;
                match ask {
                    "margin" => margin(&scene, &grants, slow),
                    "accepted" => accepted(&scene, &grants, count, misleading),
                    _ => violations(&scene, &grants, count, bounds.flag("check")),
                }
            })
        })
    };
    // Where no draw misleads, any is better than none.
    draw_with(&misleading).or_else(|| draw_with(&[]))
}

/// An order of the writes whose first ones could be mistaken for those that the store accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Arrival,
    /// From the highest token, and by arrival within a token. Its first writes can differ from the
    /// accepted ones only if there are three tokens or more.
    Token,
}

/// In how many percent of the draws the first writes of an order are not the accepted ones, if one
/// write is refused.
const MISLEADS: u64 = 70;

/// Draws the orders whose first writes must not be the accepted ones. If several are refused, few
/// tokens let only one order mislead.
fn misleading(refused: usize, random: &mut Stream) -> Vec<Order> {
    let orders = [Order::Arrival, Order::Token];
    if refused > 1 {
        return vec![pick(&orders, random)];
    }
    let misleads = |_: &Order| chance(MISLEADS, random);
    orders.into_iter().filter(misleads).collect()
}

/// Draws calls to the lock service in the order of their times.
fn draw_calls(bounds: &Bounds, random: &mut Stream) -> Option<Scene> {
    let clients = bounds.number("clients", random) as usize;
    let mut renewals = bounds.number("renewals", random);
    let duration = if bounds.flag("slow-clocks") {
        between(24, 45, random)
    } else {
        between(12, 30, random)
    };
    let first_token = between(21, 89, random);
    let mut scene = Scene {
        duration,
        first_token,
        calls: Vec::new(),
        writes: Vec::new(),
    };
    let mut service = Service::default();
    let mut now = between(1, 9, random);
    let calls = clients as i64 + renewals + random.below(2) as i64;
    for _ in 0..calls {
        service.advance(now, &scene);
        let holder = service.holder(now);
        let idle: Vec<usize> = (0..clients)
            .filter(|c| Some(*c) != holder && !service.queue.contains(c))
            .collect();
        let call = match holder {
            Some(client) if renewals > 0 && (idle.is_empty() || chance(50, random)) => {
                renewals -= 1;
                Call {
                    at: now,
                    client,
                    renewal: true,
                }
            }
            _ if idle.is_empty() => return None,
            _ => Call {
                at: now,
                client: pick(&idle, random),
                renewal: false,
            },
        };
        service.call(&call, &scene);
        scene.calls.push(call);
        now += between(2, duration * 2 / 3, random);
    }
    (renewals == 0).then_some(scene)
}

/// Returns true if every client gets the lease, no client gets it twice in a row, and no two calls
/// and ends are at the same time.
fn is_plain(scene: &Scene, grants: &[Grant]) -> bool {
    let clients: BTreeSet<usize> = scene.calls.iter().map(|call| call.client).collect();
    let times = times(scene, grants);
    clients.len() >= 2
        && grants.len() <= 5
        && grants
            .windows(2)
            .all(|pair| pair[0].client != pair[1].client)
        && times.len() == scene.calls.len() + grants.len()
        && times.iter().all(|&t| t < 120)
}

/// Returns the times of the calls and of the ends of the leases.
fn times(scene: &Scene, grants: &[Grant]) -> BTreeSet<i64> {
    let calls = scene.calls.iter().map(|call| call.at);
    calls.chain(grants.iter().map(Grant::to)).collect()
}

/// How a write is drawn.
#[derive(Clone, Copy)]
enum Plan {
    /// The client looks at its lease some time before it sends; with a slow clock a multiple of 10
    /// after the lease began.
    Look { slow: bool },
    /// Sent during a lease or soon after.
    Any,
    /// Arrives after the end of the last lease.
    Harmless,
    /// Arrives soon after the next grant.
    Overtaken,
    /// Arrives long after the next grant.
    Stale,
}

/// Returns the plans of the writes; for violations, one of each kind and mostly overtaken ones.
fn plans(
    ask: &str,
    writes: usize,
    slow: bool,
    misleading: &[Order],
    random: &mut Stream,
) -> Vec<Plan> {
    let mut plans = match ask {
        "margin" => vec![Plan::Look { slow }; writes],
        // A late write with a token in the middle is refused although its token is high.
        "accepted" if misleading.contains(&Order::Token) => {
            [vec![Plan::Stale], vec![Plan::Any; writes - 1]].concat()
        }
        "accepted" => vec![Plan::Any; writes],
        _ => vec![Plan::Harmless, Plan::Stale],
    };
    while plans.len() < writes {
        plans.push(if chance(60, random) {
            Plan::Overtaken
        } else {
            Plan::Any
        });
    }
    random.shuffle(&mut plans);
    plans
}

/// Adds writes whose times differ from all others.
fn with_writes(
    scene: &Scene,
    plans: &[Plan],
    grants: &[Grant],
    random: &mut Stream,
) -> Option<Scene> {
    let mut used = times(scene, grants);
    let mut writes = Vec::new();
    for (plan, name) in plans.iter().zip(WRITES) {
        let write = attempts(30, random, |random| {
            let write = draw_write(name, *plan, scene.duration, grants, random)?;
            let times = [write.looked, write.sent, write.arrives];
            let is_free = write.arrives < 120 && times.iter().all(|time| !used.contains(time));
            is_free.then_some(write)
        })?;
        used.extend([write.looked, write.sent, write.arrives]);
        writes.push(write);
    }
    Some(Scene {
        writes,
        ..scene.clone()
    })
}

fn draw_write(
    name: &'static str,
    plan: Plan,
    duration: i64,
    grants: &[Grant],
    random: &mut Stream,
) -> Option<Write> {
    let place = match plan {
        Plan::Harmless => grants.len() - 1,
        Plan::Overtaken | Plan::Stale => random.below(grants.len() as u64 - 1) as usize,
        _ => random.below(grants.len() as u64) as usize,
    };
    let grant = &grants[place];
    let next = grants.get(place + 1).map(Grant::from);
    let (since, end) = grant.ends[grant.ends.len() - 1];
    let mut sent = grant.from() + between(1, duration * 5 / 4, random);
    let mut looked = sent;
    let arrives = match plan {
        Plan::Look { slow } => {
            let passed = between(1, end - since - 1, random);
            looked = since + if slow { passed / 10 * 10 } else { passed };
            sent = looked + between(1, duration / 2, random);
            sent + between(1, duration / 2, random)
        }
        Plan::Any => {
            sent + between(
                1,
                if chance(40, random) {
                    4
                } else {
                    duration * 3 / 2
                },
                random,
            )
        }
        Plan::Harmless => end + between(1, duration, random),
        Plan::Overtaken => next? + between(1, duration / 2, random),
        Plan::Stale => next? + between(duration / 2, duration * 2, random),
    };
    let client = grant.client;
    let is_in_order = looked > grant.from() && sent < arrives;
    is_in_order.then_some(Write {
        name,
        client,
        looked,
        sent,
        arrives,
    })
}

fn names(scene: &Scene, chosen: impl Fn(usize) -> bool) -> BTreeSet<&'static str> {
    let writes = scene.writes.iter().enumerate();
    writes
        .filter(|(i, _)| chosen(*i))
        .map(|(_, write)| write.name)
        .collect()
}

/// Returns true if the first writes of `order`, as many as are accepted, are the accepted ones.
fn leads_to(order: Order, scene: &Scene, found: &[Arrival], right: &BTreeSet<&str>) -> bool {
    let mut writes: Vec<usize> = (0..found.len()).collect();
    writes.sort_by_key(|&i| match order {
        Order::Arrival => (0, scene.writes[i].arrives),
        Order::Token => (-found[i].token, scene.writes[i].arrives),
    });
    let mut first = writes.iter().take(right.len());
    first.all(|&i| right.contains(scene.writes[i].name))
}

fn accepted(
    scene: &Scene,
    grants: &[Grant],
    count: usize,
    misleading: &[Order],
) -> Option<Situation> {
    let found = arrivals(scene, grants, true)?;
    let right = names(scene, |i| found[i].accepted);
    let in_time = names(scene, |i| scene.writes[i].arrives < found[i].end);
    let newest = names(scene, |i| found[i].token == found[i].newest);
    let is_told = |order: &Order| leads_to(*order, scene, &found, &right);
    if right.len() != count || right == in_time || right == newest || misleading.iter().any(is_told)
    {
        return None;
    }
    let options = scene.writes.iter().zip(&found).map(|(write, found)| {
        let why = store_step(write, found);
        if found.accepted {
            return Alternative::right(write.name, &why);
        }
        let misconception = match write.sent < found.end {
            true => "A write that was sent during its lease is accepted.",
            false => "The store accepts any write of a client that has held the lease.",
        };
        Alternative::wrong(write.name, &why, misconception)
    });
    let options = options.collect();
    Some(situation(scene, grants, &found, true, options))
}

fn violations(scene: &Scene, grants: &[Grant], count: usize, check: bool) -> Option<Situation> {
    let found = arrivals(scene, grants, check)?;
    let breaks = |i: usize| found[i].accepted && found[i].token < found[i].newest;
    let right = names(scene, breaks);
    let late = names(scene, |i| {
        found[i].accepted && scene.writes[i].arrives >= found[i].end
    });
    let refused = found.iter().filter(|found| !found.accepted).count();
    if right.len() != count || right == late || (check && refused == 0) {
        return None;
    }
    let options = scene.writes.iter().zip(&found).enumerate().map(|(i, (write, found))| {
        let (token, newest, at) = (found.token, found.newest, write.arrives);
        if breaks(i) {
            let why = format!(
                "Is accepted at {at} with token {token}, although token {newest} had been granted."
            );
            return Alternative::right(write.name, &why);
        }
        let (why, misconception) = if !found.accepted {
            (store_step(write, found), "A refused write breaks mutual exclusion as well.")
        } else if at >= found.end {
            (
                format!("Arrives at {at}, after its lease, but no newer token had been granted."),
                "Each write that arrives after the end of its lease breaks mutual exclusion.",
            )
        } else {
            (
                format!("Arrives at {at}, before its lease ends at {}.", found.end),
                about_timely(scene, grants, write),
            )
        };
        Alternative::wrong(write.name, &why, misconception)
    });
    let options = options.collect();
    Some(situation(scene, grants, &found, check, options))
}

/// Returns the misconception about a write that arrives during its lease.
fn about_timely(scene: &Scene, grants: &[Grant], write: &Write) -> &'static str {
    let waits = |call: &&Call| {
        let granted = grants.iter().any(|grant| {
            grant.client == call.client && grant.from() >= call.at && grant.from() <= write.arrives
        });
        !call.renewal && call.client != write.client && call.at < write.arrives && !granted
    };
    match scene.calls.iter().any(|call| waits(&call)) {
        true => "A write is unsafe if another client is waiting for the lease.",
        false => "Every write that the store accepts may break mutual exclusion.",
    }
}

fn store_step(write: &Write, found: &Arrival) -> String {
    let (at, token) = (write.arrives, found.token);
    match (found.highest, found.accepted) {
        (None, _) => format!("Is the first write to arrive, at {at} with token {token}."),
        (Some(highest), true) => format!(
            "Arrives at {at} with token {token}; the highest token accepted before is {highest}."
        ),
        (Some(highest), false) => format!(
            "Arrives at {at} with token {token}, but token {highest} has already been accepted."
        ),
    }
}

/// Returns the figures, steps and texts around the options.
fn situation(
    scene: &Scene,
    grants: &[Grant],
    found: &[Arrival],
    check: bool,
    options: Vec<Alternative>,
) -> Situation {
    let mut steps: Vec<Text> = grants.iter().map(grant_step).collect();
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&i| scene.writes[i].arrives);
    for i in order {
        let (write, found) = (&scene.writes[i], &found[i]);
        let outcome = match (found.accepted, found.token < found.newest) {
            (false, _) => "refused".to_owned(),
            (true, true) => format!("accepted; token {} had been granted", found.newest),
            (true, false) => "accepted; no newer token had been granted".to_owned(),
        };
        let text = format!(
            "{} was sent at {} with token {} and arrives at {}: {outcome}.",
            write.name, write.sent, found.token, write.arrives
        );
        steps.push(Text::new(&text));
    }
    let count = options.iter().filter(|option| option.right).count();
    Situation {
        scenario: scenario(scene, &json!(check), &json!(false)),
        figures: figures(scene, false),
        texts: texts(scene, count),
        outcome: Outcome::Several { options },
        steps,
        solved: vec![solved(scene, grants)],
    }
}
