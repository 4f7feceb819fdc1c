//! The smallest lifetime with which an operation takes effect once.

use serde_json::json;

use super::server::{Attempt, Fate, Strategy, run};
use super::{Scene, situation};
use crate::core::rng::Stream;
use crate::simulation::construct::{Candidate, number, steps};
use crate::simulation::{Situation, between, chance};

/// Draws attempts of which some requests are lost, and asks for the lifetime.
pub fn lifetime(count: usize, random: &mut Stream) -> Option<Situation> {
    let mut scene = draw_losses(count, random);
    let arrives = |attempt: &&Attempt| attempt.fate != Fate::RequestLost;
    let arrived: Vec<i64> = scene
        .attempts
        .iter()
        .filter(arrives)
        .map(|a| a.at)
        .collect();
    let sent: Vec<i64> = scene.attempts.iter().map(|attempt| attempt.at).collect();
    let (&first, &last) = (arrived.first()?, arrived.last()?);
    let is_naive = first == sent[0] && last == sent[count - 1];
    if arrived.len() < 3 || is_naive {
        return None;
    }
    let key = last - first + 1;
    let outcome = number(key, "s", candidates(&sent, &arrived)?)?;
    scene.lifetime = key;
    let results = run(scene.strategy, key, &scene.attempts);
    let mut situation = situation(&scene, &results, outcome, &[], None);
    situation.scenario["lifetime"] = json!(null);
    situation.texts.remove("lifetime");
    situation.steps = steps(vec![
        format!("The first request that arrives comes at {first} s; the key is stored then."),
        format!("The last request that arrives comes at {last} s."),
        format!(
            "With {} s the key ends at {last} s, just too early.",
            key - 1
        ),
        format!(
            "With {key} s it ends at {} s, after the last attempt.",
            first + key
        ),
    ]);
    Some(situation)
}

fn draw_losses(count: usize, random: &mut Stream) -> Scene {
    let mut now = between(1, 40, random);
    let attempts = (0..count).map(|i| {
        let fate = match (chance(40, random), i + 1 == count) {
            (true, _) => Fate::RequestLost,
            (false, false) => Fate::ReplyLost,
            (false, true) => Fate::Fine,
        };
        let at = now;
        now += between(2, 40, random);
        Attempt { at, fate }
    });
    let attempts = attempts.collect();
    Scene {
        strategy: Strategy::Atomic,
        lifetime: 0,
        attempts,
    }
}

/// Returns the lifetimes that wrong rules give, from the times of all requests and of those that
/// arrive.
fn candidates(sent: &[i64], arrived: &[i64]) -> Option<Vec<Candidate<'static>>> {
    let (&first, &last) = (arrived.first()?, arrived.last()?);
    let (&first_sent, &last_sent) = (sent.first()?, sent.last()?);
    let gap = arrived.windows(2).map(|pair| pair[1] - pair[0]).max()?;
    let next = arrived.get(1)? - first;
    Some(vec![
        (
            last - first,
            "A key is still valid at the end of its lifetime.",
            format!("The key would end at {last} s, when the last attempt arrives."),
        ),
        (
            gap + 1,
            "Each attempt that finds the key extends its lifetime.",
            "Covers the longest gap, but the key's end doesn't move.".to_owned(),
        ),
        (
            next + 1,
            "The key is needed for the first retry only.",
            "Later attempts would find no key.".to_owned(),
        ),
        (
            last_sent - first_sent + 1,
            "The lifetime must cover all attempts that the client sends.",
            "Counts lost requests, which never reach the server.".to_owned(),
        ),
        (
            last_sent - first + 1,
            "The last request counts, even if it is lost.",
            "Counts a lost request, which never reaches the server.".to_owned(),
        ),
        (
            last - first_sent + 1,
            "The key begins with the first request, even if it is lost.",
            "The key is stored when the first request arrives.".to_owned(),
        ),
    ])
}
