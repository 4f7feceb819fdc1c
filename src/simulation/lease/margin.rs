//! The smallest margin with which no write arrives after its lease.

use serde_json::json;

use super::figures::{figures, grant_step, scenario, solved, texts};
use super::service::{CLIENTS, Grant, Scene, grant_of};
use crate::core::instance::{Outcome, WrongNumber};
use crate::core::text::Text;
use crate::simulation::Situation;

/// Returns the situation in which the margin is asked for; `None` if the draw doesn't fit.
pub fn margin(scene: &Scene, grants: &[Grant], slow: bool) -> Option<Situation> {
    let mut late = Vec::new();
    let mut timely = Vec::new();
    let mut steps: Vec<Text> = grants.iter().map(grant_step).collect();
    for write in &scene.writes {
        let grant = grant_of(write, grants)?;
        let &(since, end) = grant
            .ends
            .iter()
            .rfind(|(since, _)| *since < write.looked)?;
        let passed = write.looked - since;
        if end != grant.to() || write.looked >= end || (slow && passed % 10 != 0) {
            return None;
        }
        let left = scene.duration - if slow { passed * 9 / 10 } else { passed };
        let is_late = write.arrives >= end;
        let verdict = if is_late {
            "too late, so it must not be sent"
        } else {
            "in time"
        };
        steps.push(Text::new(&format!(
            "When {} looks for {} at {}, its lease has {left} s left; the write arrives at {}, and \
             the lease ends at {end}: {verdict}.",
            CLIENTS[write.client], write.name, write.looked, write.arrives
        )));
        if is_late { &mut late } else { &mut timely }.push((left, end, write));
    }
    let &(key, end, write) = late.iter().max_by_key(|(left, ..)| *left)?;
    if late.len() < 2 || timely.is_empty() || late.iter().filter(|l| l.0 == key).count() > 1 {
        return None;
    }
    steps.push(Text::new(&format!(
        "More than {key} s must be left, so that {} isn't sent; a smaller margin allows it.",
        write.name
    )));
    let trip = late.iter().map(|(.., w)| w.arrives - w.looked).max()?;
    let delay = scene.writes.iter().map(|w| w.arrives - w.sent).max()?;
    let least = late.iter().map(|(left, ..)| *left).min()?;
    let lateness = late.iter().map(|(_, end, w)| w.arrives - end).max()?;
    let most = timely.iter().chain(&late).map(|(left, ..)| *left).max()?;
    let real = end - write.looked;
    let wrong = [
        (
            trip,
            "The time from looking to arriving of the slowest write; less is enough here.",
            "The margin must cover the whole way of the slowest write.",
        ),
        (
            delay,
            "The longest time from sending to arriving; the time between looking and sending \
          and the rest of the lease decide as well.",
            "Only the delay of the message counts.",
        ),
        (
            least,
            "Stops one of the late writes, but not the others.",
            "It is enough to stop the write with the least time left.",
        ),
        (
            lateness,
            "The largest time by which a write misses the end of its lease.",
            "The margin is how late the latest write is.",
        ),
        (
            most,
            "Stops all writes that are late, and also one that would arrive in time.",
            "The margin must be at least the largest remainder in the figure.",
        ),
        (
            real,
            "The time that is really left; the slow clock shows more.",
            "The client's clock shows the time that is really left.",
        ),
        (
            key + 1,
            "One more than necessary: with exactly the margin left, nothing is sent.",
            "A client also sends when exactly the margin is left.",
        ),
    ];
    let wrong: Vec<WrongNumber> = wrong
        .into_iter()
        .filter(|(value, ..)| *value != key && *value > 0)
        .map(|(value, why, misconception)| WrongNumber::new(value, why, misconception))
        .collect();
    let is_below = |w: &&WrongNumber| w.value < key as f64;
    if wrong.iter().filter(is_below).count() == 0 || real < 1 {
        return None;
    }
    Some(Situation {
        scenario: scenario(scene, &json!(null), &json!(slow)),
        figures: figures(scene, true),
        texts: texts(scene, 0),
        outcome: Outcome::Number {
            value: key as f64,
            unit: "s".into(),
            tolerance: 0.0,
            wrong,
        },
        steps,
        solved: vec![solved(scene, grants)],
    })
}
