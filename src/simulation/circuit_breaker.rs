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
    version: 3,
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
    rivals: &[
        "The breaker becomes half open only with the first call after the wait.",
        "Window: a call that succeeds can't open the breaker.",
    ],
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

/// The last place, from 0, of the recovery among the calls after the last outage.
const LAST_PLACE: i64 = 3;

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
    let deciding = deciding(bounds, random);
    let place = between(1, LAST_PLACE, random) as usize;
    // The number of successes seldom matters for a late recovery.
    let place = (deciding != Some(Slip::FirstSuccessCloses)).then_some(place);
    let mut draw_with = |tries, deciding| {
        attempts(tries, random, |random| {
            let scene = draw_scene(bounds, deciding, random)?;
            match ask {
                "state" => state_after(&scene, state, deciding, random),
                "refused" => refused(&scene, &ranks, deciding, random),
                _ => recovery(&scene, place, deciding),
            }
        })
    };
    // Where no draw is decided by the slip, any is better than none.
    draw_with(2000, deciding).or_else(|| draw_with(8000, None))
}

/// Draws a short outage that doesn't open the breaker, because fewer than `failures` calls in a row
/// fail, and a later one.
fn short_and_later(times: &[i64], failures: usize, random: &mut Stream) -> Option<BTreeSet<i64>> {
    let count = times.len();
    let first = between(1, (count - failures - 4).max(1) as i64, random) as usize;
    let next = first + failures - 1;
    let inside = |before: usize, random: &mut Stream| {
        between(times[before] + 1, times[before + 1] - 1, random)
    };
    let later = |random: &mut Stream| between(times[next] + 1, times[count - 1], random);
    let ends = [
        inside(first - 1, random),
        inside(next - 1, random),
        later(random),
        later(random),
    ];
    let distinct = BTreeSet::from(ends);
    (distinct.len() == ends.len()).then_some(distinct)
}

/// Draws the slip that must lead to another answer: in half of the draws a success between failures
/// decides, or of a window its first calls or those that have left it, and in a quarter the number
/// of successes that close the breaker. With one outage, none of them can.
fn deciding(bounds: &Bounds, random: &mut Stream) -> Option<Slip> {
    let slip = match (random.below(4), bounds.word("rule")) {
        (0, "window") => Slip::CountsFromFirst,
        (1, "window") => Slip::CountsAllCalls,
        (0 | 1, _) => Slip::CountsAllFailures,
        (2, _) => Slip::FirstSuccessCloses,
        _ => return None,
    };
    (bounds.range("outages").0 == 2).then_some(slip)
}

fn drawn_ends(times: &[i64], wanted: usize, random: &mut Stream) -> BTreeSet<i64> {
    let mut ends = BTreeSet::new();
    while ends.len() < wanted {
        ends.insert(between(times[0], times[times.len() - 1], random));
    }
    ends
}

fn draw_scene(bounds: &Bounds, deciding: Option<Slip>, random: &mut Stream) -> Option<Scene> {
    let count = bounds.number("calls", random) as usize;
    let mut now = between(1, 40, random);
    let times: Vec<i64> = (0..count)
        .map(|_| {
            now += between(1, 5, random);
            now
        })
        .collect();
    let outages = bounds.number("outages", random) as usize;
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
    let ends: Vec<i64> = match (rule, deciding) {
        (Rule::Consecutive { failures }, Some(Slip::CountsAllFailures)) => {
            short_and_later(&times, failures, random)?
        }
        _ => drawn_ends(&times, 2 * outages, random),
    }
    .into_iter()
    .collect();
    let config = Config {
        rule,
        wait: between(4, 12, random),
        successes: match deciding {
            Some(Slip::FirstSuccessCloses) => pick(&[2, 3], random),
            _ => pick(&[1, 2, 3], random),
        },
        outages: ends.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
    };
    let calls = run(&config, &times, None);
    let is_met = |(from, to): &(i64, i64)| times.iter().any(|t| (*from..*to).contains(t));
    let opens_on_success = calls.iter().any(|call| call.opens && !call.failed);
    if !config.outages.iter().all(is_met) || opens_on_success {
        return None;
    }
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

fn state_after(
    scene: &Scene,
    wanted: State,
    deciding: Option<Slip>,
    random: &mut Stream,
) -> Option<Situation> {
    let count = scene.times.len();
    let time = scene.times[count * 2 / 3 + random.below(count as u64 / 3) as usize]
        + between(1, 3, random);
    let state = state_at(&scene.config, &scene.times, time, None);
    if state != wanted {
        return None;
    }
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
    let under = |slip| state_at(&scene.config, &scene.times, time, Some(slip));
    let is_decided = deciding.is_none_or(|slip| under(slip) != state);
    if !is_decided || scene.opened_before(time) == 0 || is_edge {
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
fn refused(
    scene: &Scene,
    ranks: &[usize],
    deciding: Option<Slip>,
    random: &mut Stream,
) -> Option<Situation> {
    let chosen = chosen_calls(&scene.calls, ranks, random)?;
    if let Some(slip) = deciding {
        let under = run(&scene.config, &scene.times, Some(slip));
        let is_same = |i: &usize| under[*i].refused == scene.calls[*i].refused;
        if chosen.iter().all(is_same) {
            return None;
        }
    }
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
            let why = format!("{} The call at {t} s is refused.", scene.why(t));
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

/// Returns the first call after the last outage that succeeds.
fn first_success(scene: &Scene, calls: &[Call]) -> Option<i64> {
    let &(_, end) = scene.config.outages.last()?;
    let mut later = (0..calls.len()).filter(|&i| scene.times[i] > end);
    later
        .find(|&i| calls[i].succeeded())
        .map(|i| scene.times[i])
}

/// The slips that can move the recovery, and why they are wrong.
const LATER_OR_EARLIER: [(Slip, &str); 5] = [
    (Slip::CountsAllFailures, "A success resets the count."),
    (
        Slip::FirstSuccessCloses,
        "The figure says how many successes it takes.",
    ),
    (Slip::RefusalExtends, "Refused calls count for nothing."),
    (
        Slip::CountsFromFirst,
        "The share counts only when there are as many calls as it needs.",
    ),
    (Slip::CountsAllCalls, "Older calls have left the window."),
];

/// Asks for the first success after the last outage: the call at `place` among those after it, or any
/// of them but the first.
fn recovery(scene: &Scene, place: Option<usize>, deciding: Option<Slip>) -> Option<Situation> {
    let config = &scene.config;
    let &(_, end) = config.outages.last()?;
    let key = first_success(scene, &scene.calls)?;
    let under = |slip| first_success(scene, &run(config, &scene.times, Some(slip)));
    let mut later = scene.times.iter().copied().filter(|t| *t > end);
    let first = later.clone().next()?;
    let opened = (0..scene.times.len()).rfind(|&i| scene.calls[i].opens && scene.times[i] < key)?;
    let is_there = match (later.position(|t| t == key), place) {
        (Some(at), Some(place)) => at == place,
        (at, _) => at > Some(0),
    };
    if !is_there || deciding.is_some_and(|slip| under(slip) == Some(key)) {
        return None;
    }
    let (opened, next) = (
        scene.times[opened],
        scene.times.iter().copied().find(|t| *t > key)?,
    );
    let half_open = opened + config.wait;
    let mut candidates = vec![
        (
            first,
            "The breaker lets calls through as soon as the service is well.",
            format!("The breaker is open and refuses the call at {first} s."),
        ),
        (
            end,
            "Calls succeed from the end of the outage on.",
            format!("At {end} s the service is well again, but the breaker is open."),
        ),
        (
            half_open,
            "The breaker itself makes a call when it is half open.",
            format!("At {half_open} s the breaker becomes half open, but no call comes then."),
        ),
        (
            next,
            "The first call through a half-open breaker doesn't count.",
            format!("The call at {key} s gets through and succeeds."),
        ),
    ];
    if let Some(at) = scene
        .times
        .iter()
        .copied()
        .find(|t| *t >= end + config.wait)
    {
        candidates.push((
            at,
            "The wait begins at the end of the outage.",
            format!("The wait began at {opened} s, when the breaker opened."),
        ));
    }
    for (slip, why) in LATER_OR_EARLIER {
        if let Some(at) = under(slip) {
            candidates.push((at, slip.text(), why.to_owned()));
        }
    }
    Some(situation(scene, number(key, "s", candidates)?, &[], None))
}
