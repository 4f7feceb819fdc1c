//! A horizontal autoscaler that evaluates a load at a fixed period.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::construct::{Candidate, ask, choice, number, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, pick, table};
use crate::core::figure::Figure;
use crate::core::instance::Alternative;
use crate::core::question::Kind;
use crate::core::rng::Stream;

/// The tolerance in percent.
const TOLERANCE: i64 = 10;
/// The number of evaluations among which the first change is asked.
const CHOICES: i64 = 5;

pub const AUTOSCALER: Model = Model {
    name: "autoscaler",
    version: 2,
    summary: "A horizontal autoscaler with tolerance, limits and a window for scaling down.",
    rules: &[
        "Every evaluation proposes the load divided by the target per replica, rounded up; if the \
         load per current replica differs from the target by at most 10%, it proposes the current \
         number.",
        "Proposals are limited to the minimum and the maximum.",
        "It goes up to a higher proposal at once, and down only to the highest proposal of the \
         window that ends with this evaluation.",
        "Replicas that are starting count as current replicas.",
    ],
    rivals: &[
        "A window that includes the evaluation exactly one window ago.",
        "A tolerance that excludes a difference of exactly 10%.",
    ],
    asks: &[
        ask(
            "replicas",
            &[Kind::Numeric],
            &["time", "start"],
            "The number of replicas right after an evaluation.",
        ),
        ask(
            "first-change",
            &[Kind::Single],
            &["start"],
            "The first evaluation that changes the number of replicas.",
        ),
        ask(
            "overload",
            &[Kind::Numeric],
            &["start", "to"],
            "The number of requests that exceed what the ready replicas can serve.",
        ),
    ],
    bounds: &[
        whole(
            "evaluations",
            (5, 12),
            (8, 8),
            "The number of evaluations in the figure.",
        ),
        whole(
            "window",
            (1, 4),
            (2, 2),
            "The evaluations in the window besides the current one.",
        ),
    ],
    draw,
};

/// The settings of an autoscaler; times are in seconds.
#[derive(Clone, Copy, Debug)]
struct Policy {
    /// The load per replica that it aims at, and the load that a ready replica can serve.
    target: i64,
    capacity: i64,
    min: i64,
    max: i64,
    period: i64,
    window: i64,
    /// The time from the start of a replica until it is ready.
    startup: i64,
    /// The replicas, and the proposal, until time 0.
    start: i64,
}

/// The rule that a replay follows: the right one or a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Right,
    NoTolerance,
    NoWindow,
    Floor,
    NoLimits,
    OneByOne,
    /// The number goes up only if the evaluation before proposed a higher number, too.
    Lasting,
    /// The rival readings.
    LongWindow,
    StrictTolerance,
}

/// What an evaluation proposed, and the number of replicas after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Evaluation {
    at: i64,
    load: i64,
    before: i64,
    tolerated: bool,
    proposal: i64,
    after: i64,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    // Drawn once, so that rejected draws don't make one class of answers more likely.
    let class = random.below(60) as usize;
    attempts(600, random, |random| {
        let policy = draw_policy(bounds, random);
        let count = bounds.number("evaluations", random) as usize;
        match ask {
            "replicas" => {
                let loads = draw_loads(policy, count, random);
                ask_replicas(policy, &loads, class, random)
            }
            "first-change" => ask_first_change(policy, class, random),
            "overload" => ask_overload(policy, random),
            _ => None,
        }
    })
}

fn draw_policy(bounds: &Bounds, random: &mut Stream) -> Policy {
    let target = pick(&[20, 30, 40, 50, 60, 80], random);
    let period = pick(&[15, 30, 60], random);
    let start = between(5, 14, random);
    Policy {
        target,
        capacity: target * pick(&[12, 13, 14], random) / 10,
        min: between(2, 4, random),
        max: start + between(4, 12, random),
        period,
        // Never a whole number of periods, so its ends don't matter.
        window: period * bounds.number("window", random) + period * 2 / 3,
        startup: pick(&[20, 40, 50, 70], random),
        start,
    }
}

/// Draws a load that rises to a peak and falls again, with small changes between.
fn draw_loads(policy: Policy, count: usize, random: &mut Stream) -> Vec<i64> {
    let usual = policy.start * policy.target;
    let peak = usual * between(125, 240, random) / 100;
    let from = between(0, 2, random) as usize;
    let length = between(1, count as i64 / 2, random) as usize;
    let later = usual * between(45, 110, random) / 100;
    let level = |i: usize| match i {
        i if i < from => usual,
        i if i < from + length => peak,
        _ => later,
    };
    (0..count)
        .map(|i| level(i) * between(91, 109, random) / 100)
        .collect()
}

/// Returns the evaluations of `loads` under `rule`.
fn replay(policy: Policy, loads: &[i64], rule: Rule) -> Vec<Evaluation> {
    let mut done: Vec<Evaluation> = Vec::new();
    let mut before = policy.start;
    for (i, &load) in loads.iter().enumerate() {
        let at = (i as i64 + 1) * policy.period;
        let exact = before * policy.target;
        let difference = 100 * (load - exact).abs();
        let tolerated = match rule {
            Rule::NoTolerance => false,
            Rule::StrictTolerance => difference < TOLERANCE * exact,
            _ => difference <= TOLERANCE * exact,
        };
        let raw = match (tolerated, rule) {
            (true, _) => before,
            (false, Rule::Floor) => load / policy.target,
            (false, _) => (load + policy.target - 1) / policy.target,
        };
        let proposal = match rule {
            Rule::NoLimits => raw.max(1),
            _ => raw.clamp(policy.min, policy.max),
        };
        let oldest = match rule {
            Rule::NoWindow => at,
            Rule::LongWindow => at - policy.window,
            _ => at - policy.window + 1,
        };
        let recent = done.iter().filter(|e| e.at >= oldest).map(|e| e.proposal);
        let started = (oldest <= 0).then_some(policy.start);
        let highest = recent.chain(started).fold(proposal, i64::max);
        let is_first = done.last().is_none_or(|e| e.proposal <= e.before);
        let after = match proposal > before {
            true if rule == Rule::Lasting && is_first => before,
            true => proposal,
            false => highest.min(before),
        };
        let after = match rule {
            Rule::OneByOne => after.clamp(before - 1, before + 1),
            _ => after,
        };
        done.push(Evaluation {
            at,
            load,
            before,
            tolerated,
            proposal,
            after,
        });
        before = after;
    }
    done
}

/// Returns the right evaluations unless a rival reading gives other ones.
fn settled(policy: Policy, loads: &[i64]) -> Option<Vec<Evaluation>> {
    let right = replay(policy, loads, Rule::Right);
    let numbers = |all: &[Evaluation]| all.iter().map(|e| e.after).collect::<Vec<_>>();
    [Rule::LongWindow, Rule::StrictTolerance]
        .iter()
        .all(|&rule| numbers(&replay(policy, loads, rule)) == numbers(&right))
        .then_some(right)
}

fn scenario(policy: Policy, loads: &[i64]) -> Value {
    json!({
        "unit": "s",
        "target-per-replica": policy.target,
        "tolerance-percent": TOLERANCE,
        "tolerance-includes-bound": true,
        "min": policy.min,
        "max": policy.max,
        "period": policy.period,
        "down-window": policy.window,
        "window-excludes-its-start": true,
        "replicas-and-proposal-until-0": policy.start,
        "loads": loads,
    })
}

/// Returns the table of settings, with `more` rows, and the table of loads.
fn figures(policy: Policy, loads: &[i64], more: &[(&str, String)]) -> Vec<Figure> {
    let mut settings = vec![
        ("target per replica", format!("{} req/s", policy.target)),
        ("tolerance", format!("{TOLERANCE}%")),
        (
            "minimum and maximum",
            format!("{} and {}", policy.min, policy.max),
        ),
        ("window for going down", format!("{} s", policy.window)),
        ("replicas until 0 s", policy.start.to_string()),
    ];
    settings.extend_from_slice(more);
    let rows = settings
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    let row = |(i, load): (usize, &i64)| {
        vec![
            ((i as i64 + 1) * policy.period).to_string(),
            load.to_string(),
        ]
    };
    vec![
        table(
            "The settings of the autoscaler.",
            &["setting", "value"],
            rows,
            &[1],
        ),
        table(
            "The load at each evaluation.",
            &["evaluation at (s)", "load (req/s)"],
            loads.iter().enumerate().map(row).collect(),
            &[0, 1],
        ),
    ]
}

/// Returns the sentence that explains an evaluation.
fn explain(policy: Policy, e: &Evaluation) -> String {
    let per = format!("At {} s: {} / {} replicas", e.at, e.load, e.before);
    let raw = (e.load + policy.target - 1) / policy.target;
    let rounded = if e.load % policy.target == 0 {
        ""
    } else {
        " rounded up"
    };
    let limited = match e.proposal.cmp(&raw) {
        Ordering::Equal => String::new(),
        Ordering::Greater => format!(", raised to the minimum of {}", e.proposal),
        Ordering::Less => format!(", lowered to the maximum of {}", e.proposal),
    };
    let proposal = if e.tolerated {
        format!(
            "{per} is within 10% of {}, so it proposes {}.",
            policy.target, e.proposal
        )
    } else {
        format!(
            "{per} is more than 10% off {}; it proposes {} / {} = {raw}{rounded}{limited}.",
            policy.target, e.load, policy.target
        )
    };
    match () {
        () if e.proposal < e.after && e.after == e.before => format!(
            "{proposal} The highest proposal in {} s is {}, so it stays at that.",
            policy.window, e.after
        ),
        () if e.proposal < e.after => format!(
            "{proposal} The highest proposal in {} s is {}, so the number falls only to {}.",
            policy.window, e.after, e.after
        ),
        () if e.after == e.before => format!("{proposal} Nothing changes."),
        () => format!("{proposal} The number becomes {}.", e.after),
    }
}

fn ask_replicas(
    policy: Policy,
    loads: &[i64],
    class: usize,
    random: &mut Stream,
) -> Option<Situation> {
    let right = settled(policy, loads)?;
    let asked = loads.len() - between(1, 3, random) as usize;
    let key = right[asked].after;
    let fallen = !class.is_multiple_of(3);
    let after = |rule| replay(policy, loads, rule)[asked].after;
    let candidates = vec![
        (
            after(Rule::NoTolerance),
            "Every difference from the target is acted on.",
            "Ignores the tolerance.".to_owned(),
        ),
        (
            after(Rule::NoWindow),
            "The number follows the load down at once.",
            format!("Ignores the proposals of the last {} s.", policy.window),
        ),
        (
            after(Rule::Floor),
            "The number of replicas is rounded down.",
            "Rounds down, which leaves the replicas above the target.".to_owned(),
        ),
        (
            after(Rule::NoLimits),
            "The proposal is always carried out.",
            "Ignores the minimum and the maximum.".to_owned(),
        ),
        (
            after(Rule::OneByOne),
            "An evaluation adds or removes one replica.",
            "Changes the number by one per evaluation, but it goes to the proposal at once."
                .to_owned(),
        ),
        (
            policy.start,
            "The load returned, so the number did too.",
            "Is the number before the first evaluation.".to_owned(),
        ),
        (
            right.iter().map(|e| e.after).max().unwrap_or(0),
            "Replicas are never removed within the figure.",
            "Is the highest number so far.".to_owned(),
        ),
    ];
    let highest = right.iter().map(|e| e.after).max().unwrap_or(0);
    if (key < highest) != fallen || key == policy.start {
        return None;
    }
    let mut data = scenario(policy, loads);
    data["asked"] = json!({"replicas-after-evaluation-at": right[asked].at});
    Some(Situation {
        scenario: data,
        figures: figures(policy, loads, &[]),
        texts: texts([
            ("time", right[asked].at.to_string()),
            ("start", policy.start.to_string()),
        ]),
        outcome: number(key, "replicas", candidates)?,
        steps: steps(right[..=asked].iter().map(|e| explain(policy, e)).collect()),
        solved: vec![solved(&right)],
    })
}

fn solved(evaluations: &[Evaluation]) -> Figure {
    let row = |e: &Evaluation| {
        vec![
            e.at.to_string(),
            e.load.to_string(),
            e.proposal.to_string(),
            e.after.to_string(),
        ]
    };
    table(
        "The proposal of each evaluation and the number of replicas after it.",
        &["evaluation at (s)", "load (req/s)", "proposal", "replicas"],
        evaluations.iter().map(row).collect(),
        &[0, 1, 2, 3],
    )
}

/// The misconceptions about the first change, each with the rule that it follows.
const SLIPS: [(Rule, &str); 5] = [
    (
        Rule::NoTolerance,
        "Every difference from the target is acted on.",
    ),
    (Rule::NoWindow, "The number follows the load down at once."),
    (Rule::Floor, "The number of replicas is rounded down."),
    (Rule::NoLimits, "The proposal is always carried out."),
    (
        Rule::Lasting,
        "The load must be too high at two evaluations before the number goes up.",
    ),
];

/// The label of an evaluation that follows from no misconception.
const NO_SLIP: &str = "Doesn't follow the evaluations one by one.";

/// Draws the settings and loads of which the evaluation `target` is to be the first to change the
/// number. If the window is over by then, it falls in two of three draws; in half of the draws a
/// limit keeps the number before.
fn draw_first_change(
    mut policy: Policy,
    target: usize,
    class: usize,
    random: &mut Stream,
) -> (Policy, Vec<i64>) {
    let usual = policy.start * policy.target;
    let window = (policy.window / policy.period) as usize;
    let falls = target >= window && !(class / CHOICES as usize).is_multiple_of(3);
    if (class / (3 * CHOICES as usize)).is_multiple_of(2) {
        match falls {
            true => policy.max = policy.start,
            false => policy.min = policy.start,
        }
    }
    let is_quiet = |i: usize| falls && (target - window..=target).contains(&i);
    let load = |i: usize, random: &mut Stream| {
        let percent = match (i, random.below(100)) {
            (i, _) if is_quiet(i) => between(60, 88, random),
            (i, 0..60) if i >= target || policy.max == policy.start => between(113, 150, random),
            (_, 0..70) => between(60, 88, random),
            (_, 70..85) => between(103, 109, random),
            _ => between(91, 97, random),
        };
        usual * percent / 100
    };
    let loads = (0..CHOICES as usize).map(|i| load(i, random)).collect();
    (policy, loads)
}

/// Asks for the first change; each of the evaluations is equally often the answer.
fn ask_first_change(policy: Policy, class: usize, random: &mut Stream) -> Option<Situation> {
    let target = class % CHOICES as usize;
    let (policy, loads) = draw_first_change(policy, target, class, random);
    let right = settled(policy, &loads)?;
    let first = right.iter().position(|e| e.after != e.before)?;
    let window = (policy.window / policy.period) as usize;
    let falls = target >= window && !(class / CHOICES as usize).is_multiple_of(3);
    let is_wanted = first == target && (right[first].after < right[first].before) == falls;
    if !is_wanted || right.iter().filter(|e| !e.tolerated).count() < 2 {
        return None;
    }
    let first_change = |rule: &Rule| {
        let replayed = replay(policy, &loads, *rule);
        replayed.iter().position(|e| e.after != e.before)
    };
    let options = right.iter().enumerate().map(|(i, e)| {
        let text = format!("At {} s", e.at);
        let why = explain(policy, e);
        match i {
            i if i == first => Alternative::right(&text, &why),
            i => {
                let slip = SLIPS.iter().find(|(rule, _)| first_change(rule) == Some(i));
                let why = match i > first {
                    true => format!(
                        "{why} But the evaluation at {} s acted before.",
                        right[first].at
                    ),
                    false => why,
                };
                Alternative::wrong(&text, &why, slip.map_or(NO_SLIP, |(_, text)| *text))
            }
        }
    });
    let mut data = scenario(policy, &loads);
    data["asked"] = json!("first evaluation that changes the number");
    Some(Situation {
        outcome: choice(options.collect(), CHOICES as usize)?,
        scenario: data,
        figures: figures(policy, &loads, &[]),
        texts: texts([("start", policy.start.to_string())]),
        steps: steps(right[..=first].iter().map(|e| explain(policy, e)).collect()),
        solved: vec![solved(&right)],
    })
}

/// Returns the requests above what the ready replicas serve, from 0 to the last evaluation, if the
/// number never falls. The load of an evaluation lasts from the one before it.
fn excess(policy: Policy, evaluations: &[Evaluation], startup: i64, capacity: i64) -> i64 {
    let ready = |at: i64| {
        let started = evaluations.iter().rfind(|e| e.at + startup <= at);
        started.map_or(policy.start, |e| e.after)
    };
    evaluations
        .iter()
        .flat_map(|e| (e.at - policy.period..e.at).map(move |at| (e.load, at)))
        .map(|(load, at)| (load - ready(at) * capacity).max(0))
        .sum()
}

/// Draws loads that rise in two steps and stay high.
fn draw_surge(policy: Policy, random: &mut Stream) -> Vec<i64> {
    let usual = policy.start * policy.target;
    let (first, second) = (between(140, 190, random), between(100, 130, random));
    let rise = between(1, 2, random);
    let level = |i: i64| match i {
        i if i < rise => usual,
        i if i < rise + 2 => usual * first / 100,
        _ => usual * first / 100 * second / 100,
    };
    (0..CHOICES)
        .map(|i| level(i) * between(97, 103, random) / 100)
        .collect()
}

/// Returns the evaluations as if none of them changed the number of replicas.
fn without_scaling(policy: Policy, evaluations: &[Evaluation]) -> Vec<Evaluation> {
    let unchanged = |e: &Evaluation| Evaluation {
        after: policy.start,
        ..*e
    };
    evaluations.iter().map(unchanged).collect()
}

/// Asks for the requests during a surge that exceed what the ready replicas can serve.
fn ask_overload(policy: Policy, random: &mut Stream) -> Option<Situation> {
    let loads = draw_surge(policy, random);
    let right = settled(policy, &loads)?;
    if right.iter().any(|e| e.after < e.before) {
        return None;
    }
    let key = excess(policy, &right, policy.startup, policy.capacity);
    let fixed = without_scaling(policy, &right);
    let candidates = wrong_excesses(policy, &right, &fixed);
    let mistaken = [
        excess(policy, &right, 0, policy.capacity),
        excess(policy, &fixed, 0, policy.capacity),
    ];
    if key < 100 || mistaken.contains(&key) {
        return None;
    }
    let mut data = scenario(policy, &loads);
    data["startup"] = json!(policy.startup);
    data["capacity-per-replica"] = json!(policy.capacity);
    data["asked"] = json!({"excess-requests-from": 0, "to": CHOICES * policy.period});
    let more = [
        (
            "capacity of a ready replica",
            format!("{} req/s", policy.capacity),
        ),
        ("start of a replica takes", format!("{} s", policy.startup)),
    ];
    let end = CHOICES * policy.period;
    let mut lines: Vec<String> = right.iter().map(|e| explain(policy, e)).collect();
    lines.extend(right.iter().map(|e| overloaded(policy, &right, e)));
    lines.push(format!("Together these are {key} requests."));
    Some(Situation {
        scenario: data,
        figures: figures(policy, &loads, &more),
        texts: texts([("start", policy.start.to_string()), ("to", end.to_string())]),
        outcome: number(key, "requests", candidates)?,
        steps: steps(lines),
        solved: vec![solved(&right)],
    })
}

/// Returns the numbers of requests that wrong rules give for the evaluations `right`; `fixed` are the same ones without
/// scaling.
fn wrong_excesses(
    policy: Policy,
    right: &[Evaluation],
    fixed: &[Evaluation],
) -> Vec<Candidate<'static>> {
    let counted = |startup, capacity| excess(policy, right, startup, capacity);
    vec![
        (
            counted(0, policy.capacity),
            "New replicas serve at once.",
            "Lets replicas serve from the moment they are started.".to_owned(),
        ),
        (
            counted(policy.startup / 2, policy.capacity),
            "New replicas are ready after half of their start-up time.",
            "Lets replicas serve after half of their start-up time.".to_owned(),
        ),
        (
            counted(policy.startup + policy.period, policy.capacity),
            "The replicas begin to start one evaluation later.",
            format!("Adds {} s to the start-up time.", policy.period),
        ),
        (
            counted(policy.startup, policy.target),
            "The target is the capacity of a replica.",
            format!(
                "Counts {} req/s per replica, but it can serve {}.",
                policy.target, policy.capacity
            ),
        ),
        (
            excess(policy, fixed, 0, policy.capacity),
            "Scaling comes too late for all of the surge.",
            format!("Keeps {} replicas to the end.", policy.start),
        ),
        (
            excess(policy, fixed, 0, policy.target),
            "Everything above the target is lost.",
            format!(
                "Counts all above {} req/s on {} replicas.",
                policy.target, policy.start
            ),
        ),
        (
            counted(
                policy.startup.div_euclid(policy.period) * policy.period + policy.period,
                policy.capacity,
            ),
            "Replicas become ready at an evaluation.",
            "Rounds the start-up time up to the next evaluation.".to_owned(),
        ),
    ]
}

/// Returns the sentence about the excess during the period before an evaluation.
fn overloaded(policy: Policy, all: &[Evaluation], e: &Evaluation) -> String {
    let from = e.at - policy.period;
    let ready = |at: i64| {
        let started = all.iter().rfind(|e| e.at + policy.startup <= at);
        started.map_or(policy.start, |e| e.after)
    };
    let switch = all
        .iter()
        .map(|e| e.at + policy.startup)
        .find(|&at| from < at && at < e.at && ready(at) != ready(from));
    let part = |from: i64, to: i64| {
        let (n, served) = (ready(from), ready(from) * policy.capacity);
        match e.load - served {
            over if over > 0 => format!(
                "{from} to {to} s, {n} ready: {} - {served} leaves {over} per second, {}",
                e.load,
                over * (to - from)
            ),
            _ => format!(
                "{from} to {to} s, {n} ready: they serve {served} per second, enough for {}",
                e.load
            ),
        }
    };
    match switch {
        Some(at) => format!("{}; {}.", part(from, at), part(at, e.at)),
        None => format!("{}.", part(from, e.at)),
    }
}
