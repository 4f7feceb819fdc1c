//! Figures, steps and data of a lease situation.

use std::collections::BTreeMap;

use serde_json::json;

use super::service::{CLIENTS, Grant, Scene, Write, grant_of};
use crate::core::figure::{Drawing, Figure, Interval, Timeline};
use crate::core::text::Text;
use crate::simulation::{in_words, table};

pub fn grant_step(grant: &Grant) -> Text {
    let (client, token) = (CLIENTS[grant.client], grant.token);
    let renewed: String = grant.ends[1..]
        .iter()
        .map(|(at, end)| format!(", renewed at {at} to {end}"))
        .collect();
    let (from, to) = grant.ends[0];
    Text::new(&format!(
        "{client} gets token {token} at {from}, until {to}{renewed}."
    ))
}

pub fn texts(scene: &Scene, count: usize) -> BTreeMap<String, Text> {
    [
        (
            "duration".to_owned(),
            Text::new(&format!("{} s", scene.duration)),
        ),
        ("count".to_owned(), in_words(count).into()),
    ]
    .into()
}

pub fn scenario(
    scene: &Scene,
    check: &serde_json::Value,
    slow: &serde_json::Value,
) -> serde_json::Value {
    json!({
        "unit": "s",
        "duration": scene.duration,
        "first_token": scene.first_token,
        "check": check,
        "slow_clocks": slow,
        "clock": { "counts": if slow == &json!(true) { 9 } else { 10 }, "while": 10 },
        "calls": scene.calls.iter().map(|call| json!({
            "at": call.at, "client": CLIENTS[call.client],
            "call": if call.renewal { "renew" } else { "request" },
        })).collect::<Vec<_>>(),
        "writes": scene.writes.iter().map(|write| json!({
            "name": write.name, "client": CLIENTS[write.client], "looks": write.looked,
            "sent": write.sent, "arrives": write.arrives,
        })).collect::<Vec<_>>(),
    })
}

pub fn figures(scene: &Scene, looks: bool) -> Vec<Figure> {
    let calls = scene.calls.iter().map(|call| {
        let what = if call.renewal { "renews" } else { "asks" };
        vec![
            call.at.to_string(),
            CLIENTS[call.client].to_owned(),
            what.to_owned(),
        ]
    });
    let alt = "The calls that reach the lock service, in the order of their times.";
    let mut calls = table(alt, &["time (s)", "client", "call"], calls.collect(), &[0]);
    calls.caption = Some(Text::new(&format!(
        "The first grant has token {}.",
        scene.first_token
    )));
    let writes = scene.writes.iter().map(|write| {
        let mut row = vec![write.name.to_owned(), CLIENTS[write.client].to_owned()];
        row.extend(looks.then(|| write.looked.to_string()));
        row.extend([write.sent.to_string(), write.arrives.to_string()]);
        row
    });
    let columns: &[&str] = match looks {
        true => &["write", "client", "looks (s)", "sent (s)", "arrives (s)"],
        false => &["write", "client", "sent (s)", "arrives (s)"],
    };
    let right: &[usize] = if looks { &[2, 3, 4] } else { &[2, 3] };
    let writes = table("The writes to the store.", columns, writes.collect(), right);
    vec![calls, writes]
}

/// Returns a timeline of the leases, of which one is held at a time, and below them of the writes, from sending to
/// arriving, all with their tokens.
pub fn solved(scene: &Scene, grants: &[Grant]) -> Figure {
    let mut writes: Vec<&Write> = scene.writes.iter().collect();
    writes.sort_by_key(|write| (write.arrives, write.sent));
    let mut lanes = vec![Text::from("lease")];
    lanes.extend(writes.iter().map(|write| {
        let client = CLIENTS[write.client];
        Text::new(&format!("{} of {client}", write.name))
    }));
    let interval = |lane: usize, (from, to): (i64, i64), label: &str, strong: bool| Interval {
        lane,
        from: from as f64,
        to: to as f64,
        label: Some(label.into()),
        strong,
    };
    let leases = grants.iter().map(|grant| {
        let label = format!("{} {}", CLIENTS[grant.client], grant.token);
        interval(0, (grant.from(), grant.to()), &label, true)
    });
    let writes = writes.iter().enumerate().filter_map(|(i, write)| {
        let token = grant_of(write, grants)?.token.to_string();
        Some(interval(i + 1, (write.sent, write.arrives), &token, false))
    });
    Figure {
        alt: "The leases, and the writes from sending to arriving, all with their tokens.".into(),
        caption: None,
        drawing: Drawing::Timeline(Timeline {
            unit: "s".into(),
            lanes,
            intervals: leases.chain(writes).collect(),
            ..Timeline::default()
        }),
    }
}
