//! A circuit breaker in front of a service with outages.

mod breaker;
mod figures;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::breaker::{Call, Config, Rule, Slip, State, run, state_at};
use self::figures::situation;
use super::construct::{ask, number, whole, word};
use super::{Bounds, Model, Situation, attempts, between, in_words, pick};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const MODEL: Model = Model {
    name: "circuit-breaker",
    version: 1,
    summary: "Calls go through a circuit breaker to a service that has one or two outages.",
    rules: &[
        "Calls take no time. A call during an outage [from, to) fails, and each other call that \
         gets through succeeds.",
        "Consecutive: the closed breaker opens at the n-th failure in a row; a success resets the \
         count.",
        "Window: the closed breaker opens as soon as at least p percent of its last n calls \
         failed, once there are n since it closed.",
        "While the breaker is open, it refuses all calls, and they count for nothing.",
        "When the wait is over, the breaker is half open, whether or not a call comes.",
        "While it is half open, each call gets through. A failure opens it again for a full wait; \
         k successes in a row close it with empty counts.",
    ],
    rivals: &["The breaker becomes half open only with the first call after the wait."],
    asks: &[
        ask(
            "state",
            &[Kind::Single],
            &["time"],
            "The state of the breaker at a time.",
        ),
        ask(
            "refused",
            &[Kind::Multiple],
            &["count"],
            "Which calls are refused?",
        ),
        ask(
            "recovery",
            &[Kind::Numeric],
            &[],
            "The first successful call after the last outage.",
        ),
    ],
    bounds: &[
        whole("calls", (12, 16), (12, 12), "The number of calls."),
        whole("outages", (1, 2), (1, 1), "The number of outages."),
        word(
            "rule",
            &["consecutive", "window"],
            "When the closed breaker opens.",
        ),
    ],
    draw,
};

/// The number of options of the ask `refused`.
const CALLS: usize = 5;

struct Scene {
    config: Config,
    times: Vec<i64>,
    calls: Vec<Call>,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let state = pick(&[State::Closed, State::Open, State::HalfOpen], random);
    let mut ranks: Vec<usize> = (0..CALLS).collect();
    random.shuffle(&mut ranks);
    ranks.truncate(2 + random.below(2) as usize);
    attempts(8000, random, |random| {
        let scene = draw_scene(bounds, random)?;
        match ask {
            "state" => state_after(&scene, state, random),
            "refused" => refused(&scene, &ranks, random),
            _ => recovery(&scene),
        }
    })
}

fn draw_scene(bounds: &Bounds, random: &mut Stream) -> Option<Scene> {
    let count = bounds.number("calls", random) as usize;
    let mut now = between(1, 40, random);
    let times: Vec<i64> = (0..count)
        .map(|_| {
            now += between(1, 5, random);
            now
        })
        .collect();
    let outages = bounds.number("outages", random) as usize;
    let mut ends: BTreeSet<i64> = BTreeSet::new();
    while ends.len() < 2 * outages {
        let end = between(times[0], times[count - 1], random);
        ends.insert(end);
    }
    let ends: Vec<i64> = ends.into_iter().collect();
    let rule = match bounds.word("rule") {
        "window" => {
            let calls = pick(&[3, 4, 5], random);
            Rule::Window {
                calls,
                percent: pick(&[40, 50, 60], random),
            }
        }
        _ => Rule::Consecutive {
            failures: pick(&[2, 3], random),
        },
    };
    let config = Config {
        rule,
        wait: between(4, 12, random),
        successes: pick(&[1, 2, 3], random) as usize,
        outages: ends.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
    };
    let calls = run(&config, &times);
    let mut moments: Vec<i64> = times.iter().chain(&ends).copied().collect();
    let opened = calls
        .iter()
        .zip(&times)
        .filter(|(call, _)| call.opens)
        .map(|(_, t)| *t);
    moments.extend(opened.map(|t| t + config.wait));
    let distinct: BTreeSet<i64> = moments.iter().copied().collect();
    (distinct.len() == moments.len()).then_some(Scene {
        config,
        times,
        calls,
    })
}

impl Scene {
    fn opened_before(&self, time: i64) -> usize {
        self.times
            .iter()
            .zip(&self.calls)
            .filter(|(t, call)| **t < time && call.opens)
            .count()
    }
}

fn state_after(scene: &Scene, wanted: State, random: &mut Stream) -> Option<Situation> {
    let count = scene.times.len();
    let time = scene.times[count * 2 / 3 + random.below(count as u64 / 3) as usize]
        + between(1, 3, random);
    let state = state_at(&scene.config, &scene.times, time, None);
    let edges = scene
        .times
        .iter()
        .zip(&scene.calls)
        .filter(|(_, call)| call.opens);
    let is_edge = scene.times.contains(&time)
        || edges
            .into_iter()
            .any(|(t, _)| t + scene.config.wait == time)
        || scene
            .config
            .outages
            .iter()
            .any(|(from, to)| [*from, *to].contains(&time));
    if state != wanted || scene.opened_before(time) == 0 || is_edge {
        return None;
    }
    let why = scene.why(time);
    let options = [State::Closed, State::Open, State::HalfOpen].map(|option| {
        let text = option.text();
        if option == state {
            return Alternative::right(text, &why);
        }
        let leads_here =
            |slip: &Slip| state_at(&scene.config, &scene.times, time, Some(*slip)) == option;
        let slip = Slip::ALL.into_iter().find(leads_here);
        let misconception = slip.map_or("Doesn't follow the calls one by one.", Slip::text);
        Alternative::wrong(text, &scene.why_not(option, time), misconception)
    });
    let outcome = Outcome::One {
        options: options.to_vec(),
    };
    Some(situation(
        scene,
        outcome,
        &[("time", format!("{time} s"))],
        Some(time),
    ))
}

/// Chooses ascending calls of which exactly those at `ranks` are refused.
fn chosen_calls(calls: &[Call], ranks: &[usize], random: &mut Stream) -> Option<Vec<usize>> {
    let fits = |rank: usize, i: usize| calls[i].refused == ranks.contains(&rank);
    let mut latest = [0; CALLS];
    let mut end = calls.len();
    for rank in (0..CALLS).rev() {
        end = (0..end).rfind(|&i| fits(rank, i))?;
        latest[rank] = end;
    }
    let mut chosen: Vec<usize> = Vec::new();
    for (rank, latest) in latest.into_iter().enumerate() {
        let from = chosen.last().map_or(0, |last| last + 1);
        let places: Vec<usize> = (from..=latest).filter(|&i| fits(rank, i)).collect();
        chosen.push(pick(&places, random));
    }
    Some(chosen)
}

/// Asks which calls are refused; the right ones get the given ranks among the options.
fn refused(scene: &Scene, ranks: &[usize], random: &mut Stream) -> Option<Situation> {
    let chosen = chosen_calls(&scene.calls, ranks, random)?;
    let is_down = |t: i64| {
        scene
            .config
            .outages
            .iter()
            .any(|(from, to)| (*from..*to).contains(&t))
    };
    let naive = |i: &usize| is_down(scene.times[*i]) == scene.calls[*i].refused;
    if chosen.iter().all(naive) {
        return None;
    }
    let options = chosen.iter().map(|&i| {
        let (t, call) = (scene.times[i], &scene.calls[i]);
        let text = format!("{t} s");
        if call.refused {
            let why = format!("{} The call at {t} is refused.", scene.why(t));
            return Alternative::right(&text, &why);
        }
        let outcome = if call.failed { "fails" } else { "succeeds" };
        let misconception = match (call.failed, call.before) {
            (true, _) => "A call that fails in an outage is a call that the breaker refuses.",
            (false, State::HalfOpen) => "A half-open breaker lets only one call through.",
            (false, _) => "The breaker refuses calls until the outage is over.",
        };
        let why = format!(
            "The breaker is {}; the call gets through and {outcome}.",
            call.before.text().to_lowercase()
        );
        Alternative::wrong(&text, &why, misconception)
    });
    let outcome = Outcome::Several {
        options: options.collect(),
    };
    Some(situation(
        scene,
        outcome,
        &[("count", in_words(ranks.len()).to_owned())],
        None,
    ))
}

fn recovery(scene: &Scene) -> Option<Situation> {
    let config = &scene.config;
    let &(_, end) = config.outages.last()?;
    let later = || (0..scene.times.len()).filter(|&i| scene.times[i] > end);
    let key = scene.times[later().find(|&i| scene.calls[i].succeeded())?];
    let first = scene.times[later().next()?];
    let opened = (0..scene.times.len()).rfind(|&i| scene.calls[i].opens && scene.times[i] < key)?;
    let half_open = scene.times[opened] + config.wait;
    if first == key {
        return None;
    }
    let next = scene.times.iter().copied().find(|t| *t > key)?;
    let after_wait = scene.times.iter().copied().find(|t| *t > end + config.wait);
    let candidates = vec![
        (
            first,
            "The breaker lets calls through as soon as the service is well.",
            format!("The breaker is open and refuses the call at {first}."),
        ),
        (
            end,
            "Calls succeed from the end of the outage on.",
            format!("At {end} the service is well again, but the breaker is open."),
        ),
        (
            half_open,
            "The breaker itself makes a call when it is half open.",
            format!("At {half_open} the breaker becomes half open, but no call comes then."),
        ),
        (
            next,
            "The first call through a half-open breaker doesn't count.",
            format!("The call at {key} gets through and succeeds."),
        ),
        (
            after_wait.unwrap_or(end + config.wait),
            "The wait begins at the end of the outage.",
            format!(
                "The wait began at {}, when the breaker opened.",
                scene.times[opened]
            ),
        ),
        (
            end + config.wait,
            "The wait begins at the end of the outage.",
            format!(
                "The wait began at {}, when the breaker opened.",
                scene.times[opened]
            ),
        ),
    ];
    Some(situation(scene, number(key, "s", candidates)?, &[], None))
}
