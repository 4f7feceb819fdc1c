//! Row locks of transactions: queues, upgrades and cycles of waiting transactions.

mod locks;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use self::locks::{Decision, Locks, Request, Rule, cycles, name, row_name};
use super::construct::{ask, steps, texts, whole};
use super::{Bounds, Model, Situation, attempts, between, chance, flag, in_words, listed, table};
use crate::core::instance::{Alternative, Outcome};
use crate::core::question::Kind;
use crate::core::rng::Stream;

pub const MODEL: Model = Model {
    name: "lock-table",
    version: 3,
    summary: "Transactions ask for shared and exclusive locks on rows until some wait in a cycle.",
    rules: &[
        "Shared locks on a row are compatible with each other; an exclusive lock is compatible \
         with no other lock.",
        "A request is granted at once if it is compatible with all locks on the row and nobody \
         waits for the row; otherwise it joins the end of the row's queue.",
        "Who holds a shared lock and asks for an exclusive one waits only for the other holders, \
         ahead of all who hold no lock on the row.",
        "Locks are held to the end, and a transaction that waits does nothing else.",
        "T waits for U if U holds an incompatible lock on the row, or is ahead in its queue with \
         an incompatible request.",
    ],
    rivals: &[
        "A shared request overtakes an exclusive one that waits.",
        "A transaction waits only for holders, and not for those ahead of it in the queue.",
    ],
    asks: &[
        ask(
            "closes",
            &[Kind::Single],
            &[],
            "Which request is the first to close a cycle?",
        ),
        ask(
            "circle",
            &[Kind::Multiple],
            &["count"],
            "Which transactions are in the cycle?",
        ),
    ],
    bounds: &[
        whole("rows", (3, 4), (3, 3), "The number of rows."),
        whole("requests", (8, 10), (8, 8), "The number of requests."),
        flag(
            "upgrades",
            false,
            "Whether one request turns a shared lock into an exclusive one.",
        ),
    ],
    draw,
};

/// The number of transactions.
const TRANSACTIONS: usize = 4;

/// In how many percent of the draws about the cycle the last request closes it. Otherwise its transaction is never in the
/// cycle, because whoever waits asks for nothing.
const LAST_CLOSES: u64 = 60;

/// In how many percent of the draws about the cycle the transactions with the most requests are not those in it.
const BUSIEST_MISLEAD: u64 = 50;

/// Requests with the decision about each, and the state after the last.
struct Schedule {
    requests: Vec<Request>,
    decisions: Vec<Decision>,
    locks: Locks,
    /// The request that closed the cycle.
    closing: usize,
    cycle: BTreeSet<usize>,
}

fn draw(ask: &str, bounds: &Bounds, random: &mut Stream) -> Option<Situation> {
    let rank = random.below(4) as usize;
    let size = 2 + random.below(2) as usize;
    let last_closes = chance(LAST_CLOSES, random);
    let busiest_mislead = chance(BUSIEST_MISLEAD, random);
    // Four requests lead to a wait that the queue decides. If the next closes the cycle, too few others can follow.
    let queue_decides = rank > 0 && chance(65, random);
    attempts(1500, random, |random| match ask {
        "circle" => {
            let count = bounds.number("requests", random) as usize;
            let room = match last_closes {
                true => (count - 1, 0),
                false => (4, 1),
            };
            let schedule = draw_schedule(count, room, Some(size), Vec::new(), bounds, random)?;
            (!busiest_mislead || !schedule.are_busiest_in_cycle()).then_some(())?;
            cycle(&schedule)
        }
        _ => {
            let script = match queue_decides {
                true => wait_by_queue(bounds, random),
                false => Vec::new(),
            };
            let room = (rank.max(3).max(script.len()), 3 - rank);
            let count = bounds.number("requests", random) as usize;
            let schedule = draw_schedule(count, room, None, script, bounds, random)?;
            (!queue_decides || schedule.queue_decides()).then_some(())?;
            closes(&schedule, rank, random)
        }
    })
}

/// Draws `count` requests with exactly one cycle, of `size` transactions if given. The request that
/// closes it comes after at least `before` others and before at least `after` others. The requests of `script` are
/// among those before it, in their order.
fn draw_schedule(
    count: usize,
    (before, after): (usize, usize),
    size: Option<usize>,
    mut script: Vec<Request>,
    bounds: &Bounds,
    random: &mut Stream,
) -> Option<Schedule> {
    let rows = bounds.number("rows", random) as usize;
    let upgrades = bounds.flag("upgrades");
    let closing = between(before as i64, (count - 1 - after) as i64, random) as usize;
    let mut locks = Locks::new(rows, Rule::Right);
    let (mut requests, mut decisions): (Vec<Request>, Vec<Decision>) = (Vec::new(), Vec::new());
    let (mut upgraded, mut cycle) = (0, None);
    let mut now = between(1, 30, random);
    for i in 0..count {
        let mut choices = choices(now, rows, random);
        if upgrades && chance(40, random) {
            choices.sort_by_key(|r| locks.held(r.transaction, r.row) != Some(false));
        }
        let left = script.len();
        if i < closing && left > 0 && (left == closing - i || chance(50, random)) {
            choices = vec![Request {
                at: now,
                ..script.remove(0)
            }];
        }
        let (request, decision, next) = choices.into_iter().find_map(|request| {
            let held = locks.held(request.transaction, request.row);
            let is_new = held.is_none() || (upgrades && held == Some(false) && request.exclusive);
            if !is_new || locks.waits(request.transaction) {
                return None;
            }
            let mut next = locks.clone();
            let decision = next.request(&request);
            if i == closing && decision.is_granted() {
                return None;
            }
            let free = (0..TRANSACTIONS).filter(|&t| !next.waits(t)).count();
            let cycles = cycles(&next.edges());
            let fits = match i {
                // Before the last request, all others may wait.
                _ if i < closing => {
                    cycles.is_empty() && free >= 2 - usize::from(closing + 1 == count)
                }
                _ if cycles.len() != 1 || size.is_some_and(|size| cycles[0].len() != size) => false,
                _ if i + 1 < count => free >= 1,
                // At the end somebody outside the cycle waits, too.
                _ => TRANSACTIONS - free > cycles[0].len(),
            };
            cycle = cycles.into_iter().next();
            fits.then_some((request, decision, next))
        })?;
        upgraded += usize::from(locks.held(request.transaction, request.row).is_some());
        locks = next;
        requests.push(request);
        decisions.push(decision);
        now += between(1, 6, random);
    }
    let all: BTreeSet<usize> = requests.iter().map(|request| request.transaction).collect();
    let is_plain = all.len() == TRANSACTIONS && (upgraded > 0) == upgrades;
    is_plain.then_some(())?;
    Some(Schedule {
        requests,
        decisions,
        locks,
        closing,
        cycle: cycle?,
    })
}

/// Returns requests after which a transaction that holds a row waits for another one that only is ahead of it in a queue:
/// requests drawn at random seldom lead there. Their times are set later.
fn wait_by_queue(bounds: &Bounds, random: &mut Stream) -> Vec<Request> {
    let mut transactions: Vec<usize> = (0..TRANSACTIONS).collect();
    random.shuffle(&mut transactions);
    let mut rows: Vec<usize> = (0..bounds.range("rows").0 as usize).collect();
    random.shuffle(&mut rows);
    let request = |who: usize, row: usize, exclusive| Request {
        at: 0,
        transaction: transactions[who],
        row: rows[row],
        exclusive,
    };
    let mut script = vec![
        request(0, 0, false),
        request(1, 0, true),
        request(2, 0, false),
    ];
    let place = random.below(script.len() as u64) as usize;
    script.insert(place, request(2, 1, chance(50, random)));
    script
}

/// Returns all requests that could come next, in random order.
fn choices(at: i64, rows: usize, random: &mut Stream) -> Vec<Request> {
    let mut choices = Vec::new();
    for transaction in 0..TRANSACTIONS {
        for row in 0..rows {
            let request = |exclusive| Request {
                at,
                transaction,
                row,
                exclusive,
            };
            choices.extend([request(false), request(true)]);
        }
    }
    random.shuffle(&mut choices);
    choices
}

impl Request {
    fn label(&self) -> String {
        format!(
            "At {}: {}, row {}",
            self.at,
            name(self.transaction),
            row_name(self.row)
        )
    }
}

/// Asks for the closing request among four, of which `rank` are earlier.
fn closes(schedule: &Schedule, rank: usize, random: &mut Stream) -> Option<Situation> {
    let key = schedule.closing;
    let mut others: Vec<usize> = (0..schedule.requests.len()).filter(|i| *i != key).collect();
    random.shuffle(&mut others);
    others.sort_by_key(|&i| schedule.decisions[i].is_granted());
    let before = others.iter().copied().filter(|i| *i < key).take(rank);
    let after = others.iter().copied().filter(|i| *i > key).take(3 - rank);
    let mut chosen: Vec<usize> = before.chain(after).chain([key]).collect();
    chosen.sort_unstable();
    let waiting = chosen
        .iter()
        .filter(|&&i| !schedule.decisions[i].is_granted())
        .count();
    if chosen.len() < 4 || waiting < 2 {
        return None;
    }
    let cycle = names(&schedule.cycle);
    let options = chosen.into_iter().map(|i| {
        let (text, why) = (schedule.requests[i].label(), schedule.why(i));
        if i == key {
            let why = format!("{why} This closes the cycle of {cycle}.");
            return Alternative::right(&text, &why);
        }
        let slip = SLIPS
            .iter()
            .find(|slip| slip.closing(&schedule.requests) == Some(i));
        Alternative::wrong(&text, &why, slip.map_or(NO_SLIP, |slip| slip.text()))
    });
    let outcome = Outcome::One {
        options: options.collect(),
    };
    Some(situation(schedule, outcome, 0))
}

/// A misconception about which request closes a cycle.
#[derive(Clone, Copy, Debug)]
enum Slip {
    FirstWait,
    SecondWait,
    /// Somebody waits for a transaction that waits.
    Chain,
    LastWait,
    HoldersOnly,
    Overtakes,
    AllExclusive,
    /// A transaction asks for a second row.
    SecondRow,
}

const SLIPS: [Slip; 8] = [
    Slip::FirstWait,
    Slip::Chain,
    Slip::HoldersOnly,
    Slip::Overtakes,
    Slip::AllExclusive,
    Slip::SecondWait,
    Slip::LastWait,
    Slip::SecondRow,
];

/// The label of a request that follows from no misconception.
const NO_SLIP: &str = "Doesn't draw an arrow for each wait.";

impl Slip {
    /// Returns the misconception as a sentence.
    fn text(self) -> &'static str {
        match self {
            Slip::FirstWait => "A cycle exists as soon as somebody waits.",
            Slip::SecondWait => "A cycle exists as soon as two transactions wait.",
            Slip::Chain => "A cycle closes as soon as somebody waits for a transaction that waits.",
            Slip::LastWait => "The last request that waits closes the cycle.",
            Slip::HoldersOnly => "Nobody waits for those ahead in the queue, only for holders.",
            Slip::Overtakes => "A shared request overtakes exclusive ones that wait.",
            Slip::AllExclusive => "Shared locks exclude each other, too.",
            Slip::SecondRow => "A transaction that asks for a second row closes a cycle.",
        }
    }

    /// Returns the request that closes the cycle under this rule.
    fn closing(self, requests: &[Request]) -> Option<usize> {
        let held = |i: usize| {
            let request = &requests[i];
            let other = |r: &Request| r.transaction == request.transaction && r.row != request.row;
            requests[..i].iter().any(other)
        };
        let waits = |edges: &WaitEdges| {
            edges
                .iter()
                .map(|(from, _)| *from)
                .collect::<BTreeSet<_>>()
                .len()
        };
        let chain = |edges: &WaitEdges| {
            edges
                .iter()
                .any(|(_, to)| edges.iter().any(|(from, _)| from == to))
        };
        let first = |rule, closes: &dyn Fn(&WaitEdges) -> bool| {
            edges_after_each(requests, rule).iter().position(closes)
        };
        let exclusive = |request: &Request| Request {
            exclusive: true,
            ..request.clone()
        };
        match self {
            Slip::FirstWait => first(Rule::Right, &|edges| waits(edges) > 0),
            Slip::SecondWait => first(Rule::Right, &|edges| waits(edges) > 1),
            Slip::Chain => first(Rule::Right, &chain),
            Slip::LastWait => {
                let counts: Vec<usize> = edges_after_each(requests, Rule::Right)
                    .iter()
                    .map(waits)
                    .collect();
                counts.iter().position(|n| n == counts.last().unwrap_or(&0))
            }
            Slip::HoldersOnly => first(Rule::HoldersOnly, &|edges| !cycles(edges).is_empty()),
            Slip::Overtakes => first(Rule::Overtakes, &|edges| !cycles(edges).is_empty()),
            Slip::AllExclusive => {
                let all: Vec<Request> = requests.iter().map(exclusive).collect();
                let after = edges_after_each(&all, Rule::Right);
                after.iter().position(|edges| !cycles(edges).is_empty())
            }
            Slip::SecondRow => (0..requests.len()).find(|&i| held(i)),
        }
    }
}

/// The pairs of transactions of which the first waits for the second.
type WaitEdges = BTreeSet<(usize, usize)>;

/// Returns who waits for whom after each request; a transaction that waits makes none.
fn edges_after_each(requests: &[Request], rule: Rule) -> Vec<WaitEdges> {
    let rows = requests
        .iter()
        .map(|request| request.row + 1)
        .max()
        .unwrap_or(0);
    let mut locks = Locks::new(rows, rule);
    let after = requests.iter().map(|request| {
        if !locks.waits(request.transaction) {
            locks.request(request);
        }
        locks.edges()
    });
    after.collect()
}

fn cycle(schedule: &Schedule) -> Option<Situation> {
    let cycle = &schedule.cycle;
    let edges = schedule.locks.edges();
    let options = (0..TRANSACTIONS).map(|t| {
        let for_whom: BTreeSet<usize> = edges
            .iter()
            .filter(|(from, _)| *from == t)
            .map(|(_, to)| *to)
            .collect();
        let why = match for_whom.is_empty() {
            true => format!("{} waits for nobody.", name(t)),
            false => format!("{} waits for {}.", name(t), names(&for_whom)),
        };
        if cycle.contains(&t) {
            let next = &for_whom & cycle;
            let why = match next == for_whom {
                true => format!("{why} This is part of the cycle."),
                false => format!(
                    "{} waits for {}; the wait for {} is part of the cycle.",
                    name(t),
                    names(&for_whom),
                    names(&next)
                ),
            };
            return Alternative::right(&name(t), &why);
        }
        let misconception = match for_whom.is_empty() {
            true if edges.iter().any(|(_, to)| *to == t) => {
                "Who holds a lock that others wait for is part of the cycle."
            }
            true => NO_SLIP,
            false if for_whom.is_disjoint(cycle) => "Who waits for anybody is part of the cycle.",
            false => "Who waits for a transaction in the cycle is part of it.",
        };
        Alternative::wrong(&name(t), &why, misconception)
    });
    let outcome = Outcome::Several {
        options: options.collect(),
    };
    Some(situation(schedule, outcome, cycle.len()))
}

fn names(transactions: &BTreeSet<usize>) -> String {
    listed(&transactions.iter().map(|t| name(*t)).collect::<Vec<_>>())
}

impl Schedule {
    /// Returns true if the transactions with the most requests, as many as are in the cycle, are those in it.
    fn are_busiest_in_cycle(&self) -> bool {
        let requests_of = |t: &usize| self.requests.iter().filter(|r| r.transaction == *t).count();
        let mut all: Vec<usize> = (0..TRANSACTIONS).collect();
        all.sort_by_key(|t| std::cmp::Reverse(requests_of(t)));
        all.into_iter()
            .take(self.cycle.len())
            .collect::<BTreeSet<_>>()
            == self.cycle
    }

    /// Returns whether another request would close the cycle, or none, if queues were not as they are.
    fn queue_decides(&self) -> bool {
        [Slip::HoldersOnly, Slip::Overtakes]
            .iter()
            .any(|slip| slip.closing(&self.requests) != Some(self.closing))
    }

    /// Returns whether the transaction had a lock on the row before request `i`.
    fn is_upgrade(&self, i: usize) -> bool {
        let request = &self.requests[i];
        let same =
            |other: &&Request| other.transaction == request.transaction && other.row == request.row;
        self.requests[..i].iter().any(|other| same(&other))
    }

    /// Describes the decision about a request.
    fn why(&self, i: usize) -> String {
        let request = &self.requests[i];
        let (who, row) = (name(request.transaction), row_name(request.row));
        match &self.decisions[i] {
            Decision::Granted if self.is_upgrade(i) => {
                format!("{who}'s lock on row {row} becomes exclusive at once.")
            }
            Decision::Granted => format!("{who} gets row {row} at once."),
            Decision::Waits(whom) => format!("{who} waits for {} on row {row}.", names(whom)),
        }
    }
}

fn situation(schedule: &Schedule, outcome: Outcome, count: usize) -> Situation {
    let mut lines: Vec<String> = (0..schedule.requests.len())
        .map(|i| format!("At {}: {}", schedule.requests[i].at, schedule.why(i)))
        .collect();
    lines.push(format!(
        "The request at {} closes the cycle of {}.",
        schedule.requests[schedule.closing].at,
        names(&schedule.cycle)
    ));
    let mode = |request: &Request| {
        if request.exclusive {
            "exclusive"
        } else {
            "shared"
        }
    };
    let rows = schedule.requests.iter().map(|request| {
        let (who, row) = (name(request.transaction), row_name(request.row).to_owned());
        vec![request.at.to_string(), who, row, mode(request).to_owned()]
    });
    let alt = "The lock requests of transactions, in the order of their times.";
    let columns = ["time (ms)", "transaction", "row", "lock"];
    let requests = schedule.requests.iter().map(|request| {
        json!({
            "at": request.at, "transaction": name(request.transaction),
            "row": row_name(request.row), "mode": mode(request),
        })
    });
    let texts = match count {
        0 => BTreeMap::new(),
        _ => texts([("count", in_words(count).to_owned())]),
    };
    Situation {
        scenario: json!({ "unit": "ms", "requests": requests.collect::<Vec<_>>() }),
        figures: vec![table(alt, &columns, rows.collect(), &[0])],
        texts,
        outcome,
        steps: steps(lines),
        solved: Vec::new(),
    }
}
