//! The smallest margin with which no write arrives after its lease.

use serde_json::json;

use super::figures::{figures, grant_step, scenario, solved, texts};
use super::service::{CLIENTS, Grant, Scene, Write, grant_of};
use crate::core::instance::{Outcome, WrongNumber};
use crate::core::text::Text;
use crate::simulation::Situation;

/// A write when its client looks at the lease.
struct Look<'a> {
    write: &'a Write,
    /// The time that the client's clock leaves, and the time that is really left.
    left: i64,
    real: i64,
    end: i64,
}

impl Look<'_> {
    fn is_late(&self) -> bool {
        self.write.arrives >= self.end
    }

    fn step(&self) -> String {
        let Look {
            write, left, end, ..
        } = self;
        let verdict = match self.is_late() {
            true => "too late, so it must not be sent",
            false => "in time",
        };
        format!(
            "When {} looks for {} at {}, its lease has {left} s left; the write arrives at {}, \
             and the lease ends at {end}: {verdict}.",
            CLIENTS[write.client], write.name, write.looked, write.arrives
        )
    }
}

/// Returns the situation in which the margin is asked for; `None` if the draw doesn't fit.
pub fn margin(scene: &Scene, grants: &[Grant], slow: bool) -> Option<Situation> {
    let looks: Option<Vec<Look>> = scene
        .writes
        .iter()
        .map(|write| look(write, scene, grants, slow))
        .collect();
    let looks = looks?;
    let (late, timely): (Vec<&Look>, Vec<&Look>) = looks.iter().partition(|look| look.is_late());
    let deciding = late.iter().max_by_key(|look| look.left)?;
    let key = deciding.left;
    let is_tie = late.iter().filter(|look| look.left == key).count() > 1;
    if late.len() < 2 || timely.is_empty() || is_tie {
        return None;
    }
    let wrong = wrong_margins(&looks, key)?;
    if wrong.iter().all(|wrong| wrong.value > key as f64) {
        return None;
    }
    let mut steps: Vec<Text> = grants.iter().map(grant_step).collect();
    steps.extend(looks.iter().map(|look| Text::new(&look.step())));
    let name = deciding.write.name;
    steps.push(Text::new(&format!(
        "With m = {key}, {name} isn't sent, and neither are the other late writes; with {}, {name} \
         is sent.",
        key - 1
    )));
    let value = key as f64;
    Some(Situation {
        scenario: scenario(scene, &json!(null), &json!(slow)),
        figures: figures(scene, true),
        texts: texts(scene, 0),
        outcome: Outcome::Number {
            value,
            unit: "s".into(),
            tolerance: 0.0,
            wrong,
        },
        steps,
        solved: vec![solved(scene, grants)],
    })
}

/// Returns what a client sees; `None` if its lease is over, is renewed before the write arrives,
/// or a slow clock shows no whole number.
fn look<'a>(write: &'a Write, scene: &Scene, grants: &[Grant], slow: bool) -> Option<Look<'a>> {
    let grant = grant_of(write, grants)?;
    let &(since, end) = grant
        .ends
        .iter()
        .rfind(|(since, _)| *since < write.looked)?;
    let passed = write.looked - since;
    let real = end - write.looked;
    if end != grant.to() || real < 1 || (slow && passed % 10 != 0) {
        return None;
    }
    let left = scene.duration - if slow { passed * 9 / 10 } else { passed };
    Some(Look {
        write,
        left,
        real,
        end,
    })
}

/// Returns the margins that wrong rules give.
fn wrong_margins(looks: &[Look], key: i64) -> Option<Vec<WrongNumber>> {
    let late = || looks.iter().filter(|look| look.is_late());
    let trip = looks
        .iter()
        .map(|look| look.write.arrives - look.write.looked)
        .max()?;
    let delay = looks
        .iter()
        .map(|look| look.write.arrives - look.write.sent)
        .max()?;
    let least = late().map(|look| look.left).min()?;
    let lateness = late().map(|look| look.write.arrives - look.end).max()?;
    let most = looks.iter().map(|look| look.left).max()?;
    let real = late().map(|look| look.real).max()?;
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
            "Doesn't stop the late write with the most time left.",
            "It is enough to stop the late write with the least time left.",
        ),
        (
            lateness,
            "The largest time by which a write misses the end of its lease.",
            "The margin is how late the latest write is.",
        ),
        (
            most,
            "Stops all writes that are late, and also writes that would arrive in time.",
            "The margin must be at least the most time left in the figure.",
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
    let mut kept: Vec<WrongNumber> = Vec::new();
    for (value, why, what) in wrong {
        let is_known = kept.iter().any(|other| other.value == value as f64);
        if value != key && value > 0 && !is_known {
            kept.push(WrongNumber::new(value, why, what));
        }
    }
    Some(kept)
}
