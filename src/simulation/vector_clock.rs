//! Events of three processes and messages between them: vector clocks and causality.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Ask, Bound, Bounds, Model, Shape, Situation, attempts, between, chance, table};
use crate::core::figure::{Drawing, Event, Figure, Message, Timeline};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;
use crate::core::text::Text;

#[cfg(test)]
mod tests;

pub const VECTOR_CLOCK: Model = Model {
    name: "vector-clock",
    version: 2,
    summary: "Events of three processes that send one another messages.",
    rules: &[
        "Every event counts once in its process: sending, receiving and anything else.",
        "A receive first takes the larger number of the two clocks in each position, and then counts itself.",
        "Before the first event all processes have the same given clock; the numbers are in the order of the processes.",
        "The horizontal position says nothing about the order of events in different processes.",
    ],
    rivals: &["Vector clocks in which only sends, or only writes, are counted."],
    asks: &[
        Ask {
            name: "clock",
            summary: "The vector clock of one event.",
            kinds: &[Kind::Single],
            texts: &["event", "start"],
        },
        Ask {
            name: "concurrent",
            summary: "The events that are concurrent with one event.",
            kinds: &[Kind::Multiple],
            texts: &["event"],
        },
        Ask {
            name: "influence",
            summary: "The messages that may have influenced one event.",
            kinds: &[Kind::Multiple],
            texts: &["event"],
        },
    ],
    bounds: &[
        Bound {
            name: "events",
            summary: "The number of events in each process.",
            shape: Shape::Whole {
                min: 3,
                max: 5,
                default: (4, 4),
            },
        },
        Bound {
            name: "messages",
            summary: "The number of messages.",
            shape: Shape::Whole {
                min: 3,
                max: 6,
                default: (5, 5),
            },
        },
    ],
    draw,
};

const TRIES: usize = 3000;

/// An execution: the events in one possible order, and the messages as pairs of events.
#[derive(Clone, Debug)]
struct Execution {
    /// The process of each event.
    processes: Vec<usize>,
    messages: Vec<(usize, usize)>,
    /// The event before each event in its process, and the send of what it receives.
    previous: Vec<Option<usize>>,
    senders: Vec<Option<usize>>,
}

impl Execution {
    fn draw(bounds: &Bounds, random: &mut Stream) -> Option<Self> {
        let events = bounds.number("events", random) as usize;
        let wanted = bounds.number("messages", random) as usize;
        let mut processes: Vec<usize> = (0..3 * events).map(|i| i % 3).collect();
        random.shuffle(&mut processes);
        let mut pairs: Vec<(usize, usize)> = (0..processes.len())
            .flat_map(|to| (0..to).map(move |from| (from, to)))
            .filter(|(from, to)| processes[*from] != processes[*to] && to - from <= 2 * events)
            .collect();
        random.shuffle(&mut pairs);
        let mut messages: Vec<(usize, usize)> = Vec::new();
        for (from, to) in pairs {
            let free = |event| messages.iter().all(|m| m.0 != event && m.1 != event);
            if messages.len() < wanted && free(from) && free(to) {
                messages.push((from, to));
            }
        }
        let linked = (0..3).all(|p| messages.iter().any(|m| processes[m.1] == p));
        if messages.len() != wanted || !linked {
            return None;
        }
        let mut senders = vec![None; processes.len()];
        for (from, to) in &messages {
            senders[*to] = Some(*from);
        }
        let same = |event: usize| (0..event).rev().find(|e| processes[*e] == processes[event]);
        let previous = (0..processes.len()).map(same).collect();
        Some(Self {
            processes,
            messages,
            previous,
            senders,
        })
    }

    fn len(&self) -> usize {
        self.processes.len()
    }

    /// Returns the position of an event in its process, from 1.
    fn position(&self, event: usize) -> usize {
        let process = self.processes[event];
        self.processes[..=event]
            .iter()
            .filter(|p| **p == process)
            .count()
    }

    fn name(&self, event: usize) -> String {
        let letter = char::from(b'a' + self.processes[event] as u8);
        format!("{letter}{}", self.position(event))
    }

    fn previous(&self, event: usize) -> Option<usize> {
        self.previous[event]
    }

    /// Returns the send of the message that an event receives.
    fn sender(&self, event: usize) -> Option<usize> {
        self.senders[event]
    }

    /// Returns the vector clocks of all events, from `[0, 0, 0]`, under rules for what a receive
    /// learns and for what it counts.
    fn clocks_under(&self, learns: Rule, counts: Rule) -> Vec<[i64; 3]> {
        let mut clocks: Vec<[i64; 3]> = Vec::new();
        for event in 0..self.len() {
            let own = self.processes[event];
            let mut clock = self.previous(event).map_or([0; 3], |e| clocks[e]);
            let mut ticks = 1;
            if let Some(from) = self.sender(event) {
                let process = self.processes[from];
                let sent = match learns {
                    Rule::AtReceipt => {
                        let last = (0..event).rev().find(|e| self.processes[*e] == process);
                        clocks[last.unwrap_or(from)]
                    }
                    _ => clocks[from],
                };
                clock = [0, 1, 2].map(|i| match learns {
                    Rule::Replace if i != own => sent[i],
                    Rule::SenderOnly if i != process => clock[i],
                    _ => clock[i].max(sent[i]),
                });
                ticks = match counts {
                    Rule::SilentReceive => 0,
                    Rule::Double => 2,
                    _ => 1,
                };
            }
            clock[own] += ticks;
            if learns == Rule::Left {
                let count = |p| self.processes[..=event].iter().filter(|q| **q == p).count();
                clock = [0, 1, 2].map(|p| count(p) as i64);
            }
            clocks.push(clock);
        }
        clocks
    }

    /// Returns the right vector clocks of all events.
    fn clocks(&self) -> Vec<[i64; 3]> {
        self.clocks_under(Rule::Right, Rule::Right)
    }
}

/// A way to keep vector clocks, right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Right,
    SilentReceive,
    SenderOnly,
    Replace,
    AtReceipt,
    Double,
    Left,
}

/// Returns true if `a` happened before `b`.
fn before(clocks: &[[i64; 3]], a: usize, b: usize) -> bool {
    a != b && (0..3).all(|i| clocks[a][i] <= clocks[b][i])
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    match ask {
        "clock" => clock(bounds, random),
        "concurrent" => concurrent(bounds, random),
        "influence" => influence(bounds, random),
        _ => None,
    }
}

fn shown(clock: [i64; 3], start: [i64; 3]) -> String {
    let [a, b, c] = [0, 1, 2].map(|i| clock[i] + start[i]);
    format!("[{a}, {b}, {c}]")
}

/// Wrong rules for what a receive learns, each with its misconception and how it is applied.
const LEARNING: [(Rule, &str, &str); 4] = [
    (
        Rule::SenderOnly,
        "A receive learns only the sender's own number.",
        "with only the sender's own number of each message",
    ),
    (
        Rule::Replace,
        "A receive takes over the other numbers of the message, even if they are smaller.",
        "with the numbers of each message taken over, even where they are smaller",
    ),
    (
        Rule::AtReceipt,
        "A message carries the clock that its sender has when it arrives.",
        "with the sender's clock at the moment of each receipt",
    ),
    (
        Rule::Left,
        "Everything that is drawn further left has happened before.",
        "when all events further left are counted",
    ),
];

/// Wrong rules for what a receive counts.
const COUNTING: [(Rule, &str, &str); 2] = [
    (
        Rule::SilentReceive,
        "A receive does not count as an event of its own.",
        "without counting the receives",
    ),
    (
        Rule::Double,
        "Receiving counts twice: once for the message and once for the event.",
        "with two counts for each receive",
    ),
];

/// A clock that wrong rules give, with their misconceptions and how they are applied.
#[derive(Clone)]
struct WrongClock {
    clock: [i64; 3],
    beliefs: String,
    how: String,
}

/// Returns the clocks of an event under each wrong rule, and under each two that fit together.
fn all_wrong_clocks(run: &Execution, event: usize) -> Vec<WrongClock> {
    let under = |learns, counts, beliefs: String, how: String| WrongClock {
        clock: run.clocks_under(learns, counts)[event],
        beliefs,
        how,
    };
    let mut wrong = Vec::new();
    for (counts, belief, how) in COUNTING {
        wrong.push(under(
            Rule::Right,
            counts,
            belief.to_owned(),
            how.to_owned(),
        ));
    }
    for (learns, belief, how) in LEARNING {
        wrong.push(under(
            learns,
            Rule::Right,
            belief.to_owned(),
            how.to_owned(),
        ));
        if learns == Rule::Left {
            continue;
        }
        for (counts, also, with) in COUNTING {
            let beliefs = format!("{also} {belief}");
            wrong.push(under(learns, counts, beliefs, format!("{with} and {how}")));
        }
    }
    wrong
}

/// Returns how often the clock `at` wins a vote in which each clock gets a point for each other one
/// with the same number at the same place: 0 if it loses, and less than 1 if it is among several.
fn share_of_vote(clocks: &[[i64; 3]], at: usize) -> f64 {
    let points = |clock: &[i64; 3]| {
        let same = |i: usize| clocks.iter().filter(|other| other[i] == clock[i]).count();
        same(0) + same(1) + same(2)
    };
    let all: Vec<usize> = clocks.iter().map(points).collect();
    let most = all.iter().max().copied().unwrap_or(0);
    let winners = all.iter().filter(|n| **n == most).count();
    match all[at] == most {
        true => 1.0 / winners as f64,
        false => 0.0,
    }
}

/// Returns three wrong clocks, of which `smaller` have a smaller sum than the right one.
///
/// The right clock has most numbers in common with the others only if `is_typical` is true.
fn wrong_clocks(
    run: &Execution,
    event: usize,
    (smaller, is_typical): (usize, bool),
    random: &mut Stream,
) -> Option<Vec<WrongClock>> {
    let right = run.clocks()[event];
    let sum = |clock: &[i64; 3]| clock.iter().sum::<i64>();
    let mut all = all_wrong_clocks(run, event);
    random.shuffle(&mut all);
    let mut different: Vec<WrongClock> = Vec::new();
    for wrong in all {
        let is_new = different.iter().all(|other| other.clock != wrong.clock);
        if is_new && sum(&wrong.clock) != sum(&right) {
            different.push(wrong);
        }
    }
    for a in 0..different.len() {
        for b in a + 1..different.len() {
            for c in b + 1..different.len() {
                let chosen = [a, b, c].map(|i| different[i].clock);
                let below = chosen
                    .iter()
                    .filter(|clock| sum(clock) < sum(&right))
                    .count();
                let share = share_of_vote(&[right, chosen[0], chosen[1], chosen[2]], 0);
                if below == smaller && is_typical == (share > 0.25) {
                    return Some([a, b, c].map(|i| different[i].clone()).to_vec());
                }
            }
        }
    }
    None
}

fn clock(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let process = random.below(3) as usize;
    let smaller = random.below(4) as usize;
    let start = [0; 3].map(|_| between(2, 49, random));
    let is_typical = chance(25, random);
    let (run, event, wrong) = attempts(TRIES, random, |random| {
        let run = Execution::draw(bounds, random)?;
        let clocks = run.clocks();
        let fitting: Vec<usize> = (0..run.len())
            .filter(|e| run.processes[*e] == process && run.position(*e) > 1)
            .filter(|e| clocks[*e].iter().all(|n| *n > 0))
            .collect();
        let event = *fitting.get(random.below(fitting.len() as u64) as usize)?;
        let wrong = wrong_clocks(&run, event, (smaller, is_typical), random)?;
        Some((run, event, wrong))
    })?;
    let right = shown(run.clocks()[event], start);
    let name = run.name(event);
    let why =
        format!("It counts the events of each process in the past of {name}, and {name} itself.");
    let mut options = vec![Alternative::right(&right, &why)];
    for WrongClock {
        clock,
        beliefs,
        how,
    } in wrong
    {
        let why = format!("This is what {name} gets {how}; the right clock is {right}.");
        options.push(Alternative::wrong(&shown(clock, start), &why, &beliefs));
    }
    random.shuffle(&mut options);
    let steps = clock_steps(&run, event, start);
    Some(situation(
        &run,
        None,
        (event, start),
        Outcome::One { options },
        steps,
    ))
}

/// Returns one step for each event that happened before `event`, and for `event` itself.
fn clock_steps(run: &Execution, event: usize, start: [i64; 3]) -> Vec<Text> {
    let clocks = run.clocks();
    let relevant = (0..run.len()).filter(|e| *e == event || before(&clocks, *e, event));
    let step = |e: usize| {
        let name = run.name(e);
        let own = run.previous(e).map_or([0; 3], |p| clocks[p]);
        let line = match run.sender(e) {
            Some(from) => format!(
                "{name} receives {}'s message: the larger numbers of {} and {}, then one more of its own: {}.",
                run.name(from),
                shown(own, start),
                shown(clocks[from], start),
                shown(clocks[e], start)
            ),
            None => format!("{name}: one more of its own: {}.", shown(clocks[e], start)),
        };
        Text::new(&line)
    };
    relevant.map(step).collect()
}

fn concurrent(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let count = if bounds.range("events").0 > 3 { 5 } else { 4 };
    let (run, event, chosen) = attempts(50, random, |random| {
        let pattern: Vec<bool> = (0..count).map(|_| chance(50, random)).collect();
        if !pattern.contains(&true) || !pattern.contains(&false) {
            return None;
        }
        let run = Execution::draw(bounds, random)?;
        let event = random.below(run.len() as u64) as usize;
        let mut names: Vec<(usize, usize)> = (0..run.len())
            .filter(|e| run.processes[*e] != run.processes[event])
            .map(|e| (run.processes[e], run.position(e)))
            .collect();
        random.shuffle(&mut names);
        names.truncate(count);
        let asked = (run.processes[event], run.position(event));
        attempts(TRIES / 3, random, |random| {
            with_pattern(Execution::draw(bounds, random)?, asked, &names, &pattern)
        })
    })?;
    let mut chosen = chosen;
    chosen.sort_by_key(|e| run.name(*e));
    let options = chosen
        .iter()
        .map(|e| concurrent_option(&run, event, *e))
        .collect();
    let steps = concurrent_steps(&run, event, &chosen);
    Some(situation(
        &run,
        None,
        (event, [0; 3]),
        Outcome::Several { options },
        steps,
    ))
}

/// Returns the execution, the event `asked` and the events `names`, if exactly those are concurrent
/// with it for which `pattern` says so. Events are given as process and position.
fn with_pattern(
    run: Execution,
    asked: (usize, usize),
    names: &[(usize, usize)],
    pattern: &[bool],
) -> Option<(Execution, usize, Vec<usize>)> {
    let find = |name: (usize, usize)| {
        (0..run.len()).find(|e| (run.processes[*e], run.position(*e)) == name)
    };
    let event = find(asked)?;
    let chosen: Vec<usize> = names.iter().filter_map(|name| find(*name)).collect();
    let clocks = run.clocks();
    let is_concurrent = |e: usize| !before(&clocks, e, event) && !before(&clocks, event, e);
    let fits = chosen.len() == pattern.len()
        && chosen
            .iter()
            .zip(pattern)
            .all(|(e, wanted)| is_concurrent(*e) == *wanted);
    fits.then_some((run, event, chosen))
}

fn concurrent_option(run: &Execution, event: usize, other: usize) -> Alternative {
    let clocks = run.clocks();
    let (name, asked) = (run.name(other), run.name(event));
    let path = |from, to| {
        let names: Vec<String> = path(run, from, to).iter().map(|e| run.name(*e)).collect();
        names.join(" → ")
    };
    if before(&clocks, other, event) {
        let why = format!("It happened before {asked}: {}.", path(other, event));
        let belief = about_order(run, other, event);
        return Alternative::wrong(&name, &why, belief);
    }
    if before(&clocks, event, other) {
        let why = format!("It happened after {asked}: {}.", path(event, other));
        let belief = about_order(run, event, other);
        return Alternative::wrong(&name, &why, belief);
    }
    let why = format!("No path leads from {name} to {asked} or back.");
    Alternative::right(&name, &why)
}

/// Returns the misconception for which two events of different processes are concurrent although
/// one happened before the other.
fn about_order(run: &Execution, first: usize, second: usize) -> &'static str {
    let process = |event: usize| run.processes[event];
    let is_direct = run.messages.iter().any(|&(from, to)| {
        let fits = process(from) == process(first) && process(to) == process(second);
        fits && run.position(from) >= run.position(first)
            && run.position(to) <= run.position(second)
    });
    match is_direct {
        true => "Events of different processes are always concurrent.",
        false => "Only direct messages between two processes order their events.",
    }
}

fn concurrent_steps(run: &Execution, event: usize, chosen: &[usize]) -> Vec<Text> {
    let line = |e: &usize| {
        let option = concurrent_option(run, event, *e);
        Text::new(&format!("{}: {}", option.text, option.why))
    };
    chosen.iter().map(line).collect()
}

/// Returns the events of a path from one event to a later one.
fn path(run: &Execution, from: usize, to: usize) -> Vec<usize> {
    if from == to {
        return vec![to];
    }
    let clocks = run.clocks();
    let steps = [run.sender(to), run.previous(to)];
    let next = steps
        .into_iter()
        .flatten()
        .find(|e| *e == from || before(&clocks, from, *e));
    let mut path = next.map_or(Vec::new(), |e| path(run, from, e));
    path.push(to);
    path
}

fn influence(bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let (_, most) = bounds.range("messages");
    let keys = 1 + random.below(most.clamp(4, 6) as u64 - 1) as usize;
    let (run, event, names) = attempts(TRIES, random, |random| {
        let run = Execution::draw(bounds, random)?;
        let event = random.below(run.len() as u64) as usize;
        let mut names: Vec<char> = ('p'..).take(run.messages.len()).collect();
        random.shuffle(&mut names);
        let right = run
            .messages
            .iter()
            .filter(|m| influences(&run, m.1, event))
            .count();
        (run.messages.len() >= 4 && right == keys).then_some((run, event, names))
    })?;
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|m| names[*m]);
    let options: Vec<Alternative> = order
        .iter()
        .map(|m| influence_option(&run, event, *m, names[*m]))
        .collect();
    let steps = options
        .iter()
        .map(|o| Text::new(&format!("{}: {}", o.text, o.why)))
        .collect();
    Some(situation(
        &run,
        Some(&names),
        (event, [0; 3]),
        Outcome::Several { options },
        steps,
    ))
}

/// Returns true if a message received at `receipt` may have influenced `event`.
fn influences(run: &Execution, receipt: usize, event: usize) -> bool {
    receipt == event || before(&run.clocks(), receipt, event)
}

fn influence_option(run: &Execution, event: usize, message: usize, name: char) -> Alternative {
    let (sent, received) = run.messages[message];
    let (text, asked) = (name.to_string(), run.name(event));
    if influences(run, received, event) {
        let names: Vec<String> = path(run, received, event)
            .iter()
            .map(|e| run.name(*e))
            .collect();
        let why = match received == event {
            true => format!("{asked} is its receipt."),
            false => format!(
                "A path leads from its receipt to {asked}: {}.",
                names.join(" → ")
            ),
        };
        return Alternative::right(&text, &why);
    }
    let why = format!(
        "No path leads from its receipt, {}, to {asked}.",
        run.name(received)
    );
    let belief = match () {
        () if before(&run.clocks(), sent, event) => "A message counts from the moment it is sent.",
        () if received < event => "A message counts if its receipt is drawn further left.",
        () if sent < event => "A message counts if it is drawn as sent further left.",
        () if run.processes[received] == run.processes[event] => {
            "All messages that a process receives influence its events."
        }
        () => "All messages of the figure may have influenced the event.",
    };
    Alternative::wrong(&text, &why, belief)
}

fn situation(
    run: &Execution,
    names: Option<&[char]>,
    (event, start): (usize, [i64; 3]),
    outcome: Outcome,
    steps: Vec<Text>,
) -> Situation {
    let mut texts = BTreeMap::from([("event".to_owned(), Text::new(&run.name(event)))]);
    texts.insert("start".to_owned(), Text::new(&shown([0; 3], start)));
    let clocks = run.clocks();
    let mut rows: Vec<(String, String)> = (0..run.len())
        .map(|e| (run.name(e), shown(clocks[e], start)))
        .collect();
    rows.sort();
    let rows = rows
        .into_iter()
        .map(|(name, clock)| vec![name, clock])
        .collect();
    Situation {
        scenario: scenario(run, names, (event, start)),
        figures: vec![diagram(run, names, event), list(run, names)],
        texts,
        outcome,
        steps,
        solved: vec![table(
            "The vector clocks of all events.",
            &["event", "clock"],
            rows,
            &[],
        )],
    }
}

fn label(run: &Execution, names: Option<&[char]>, message: usize) -> String {
    names.map_or_else(
        || run.name(run.messages[message].0),
        |n| n[message].to_string(),
    )
}

fn scenario(run: &Execution, names: Option<&[char]>, (event, start): (usize, [i64; 3])) -> Value {
    let mut events: Vec<String> = (0..run.len()).map(|e| run.name(e)).collect();
    events.sort();
    let message = |(i, m): (usize, &(usize, usize))| json!({ "name": names.map(|n| n[i].to_string()), "from": run.name(m.0), "to": run.name(m.1) });
    let messages: Vec<Value> = run.messages.iter().enumerate().map(message).collect();
    json!({
        "processes": ["a", "b", "c"],
        "events": events,
        "messages": messages,
        "asked": run.name(event),
        "receive_counts": true,
        "start": start,
    })
}

fn diagram(run: &Execution, names: Option<&[char]>, event: usize) -> Figure {
    let time = |e: usize| 1.0 + e as f64;
    let events = (0..run.len()).map(|e| Event {
        lane: run.processes[e],
        at: time(e),
        label: Some(Text::new(&run.name(e))),
        strong: e == event,
    });
    let messages = run.messages.iter().enumerate().map(|(i, m)| Message {
        from_lane: run.processes[m.0],
        from: time(m.0),
        to_lane: run.processes[m.1],
        to: time(m.1),
        label: names.map(|_| Text::new(&label(run, names, i))),
        ..Message::default()
    });
    Figure {
        alt: "A space-time diagram with one lane for each process, its events and the messages."
            .into(),
        caption: None,
        drawing: Drawing::Timeline(Timeline {
            lanes: ["a", "b", "c"].map(Text::from).to_vec(),
            events: events.collect(),
            messages: messages.collect(),
            ..Timeline::default()
        }),
    }
}

/// Returns a table of the messages, because lines may cross in the diagram.
fn list(run: &Execution, names: Option<&[char]>) -> Figure {
    let mut rows: Vec<Vec<String>> = (0..run.messages.len())
        .map(|i| {
            let (from, to) = run.messages[i];
            let mut row = vec![run.name(from), run.name(to)];
            if names.is_some() {
                row.insert(0, label(run, names, i));
            }
            row
        })
        .collect();
    rows.sort();
    let columns: &[&str] = match names {
        Some(_) => &["message", "sent by", "received by"],
        None => &["message sent by", "received by"],
    };
    table("A table of the messages.", columns, rows, &[])
}
