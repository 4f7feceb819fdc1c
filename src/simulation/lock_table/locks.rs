//! The locks on rows and the requests that wait for them.

use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub struct Request {
    pub at: i64,
    pub transaction: usize,
    pub row: usize,
    pub exclusive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    Granted,
    /// The transactions that it waits for.
    Waits(BTreeSet<usize>),
}

impl Decision {
    pub fn is_granted(&self) -> bool {
        *self == Decision::Granted
    }
}

#[derive(Clone, Copy, Debug)]
struct Lock {
    transaction: usize,
    exclusive: bool,
}

#[derive(Clone, Debug, Default)]
struct Row {
    holders: Vec<Lock>,
    queue: Vec<Lock>,
}

/// The rule for waiting: the right one or a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Right,
    /// Nobody waits for those ahead in a queue.
    HoldersOnly,
    /// A shared request is granted although exclusive ones wait.
    Overtakes,
}

/// All rows. Locks are never released.
#[derive(Clone)]
pub struct Locks {
    rows: Vec<Row>,
    rule: Rule,
}

impl Row {
    fn holds(&self, transaction: usize) -> bool {
        self.holders
            .iter()
            .any(|holder| holder.transaction == transaction)
    }

    /// Returns the transactions for which the request at `place` of the queue waits.
    fn blockers(&self, place: usize, rule: Rule) -> BTreeSet<usize> {
        let request = self.queue[place];
        let is_upgrade = self.holds(request.transaction);
        let ahead = if is_upgrade || rule == Rule::HoldersOnly {
            &[]
        } else {
            &self.queue[..place]
        };
        let others = self.holders.iter().chain(ahead);
        others
            .filter(|other| other.transaction != request.transaction)
            .filter(|other| other.exclusive || request.exclusive)
            .map(|other| other.transaction)
            .collect()
    }
}

impl Locks {
    pub fn new(rows: usize, rule: Rule) -> Self {
        Self {
            rows: vec![Row::default(); rows],
            rule,
        }
    }

    pub fn waits(&self, transaction: usize) -> bool {
        let mut waiting = self.rows.iter().flat_map(|row| &row.queue);
        waiting.any(|request| request.transaction == transaction)
    }

    /// Returns whether the transaction's lock on a row is exclusive; `None` if it has none.
    pub fn held(&self, transaction: usize, row: usize) -> Option<bool> {
        let mut held = self.rows[row]
            .holders
            .iter()
            .filter(|h| h.transaction == transaction);
        held.next().map(|holder| holder.exclusive)
    }

    pub fn request(&mut self, request: &Request) -> Decision {
        let row = &mut self.rows[request.row];
        let lock = Lock {
            transaction: request.transaction,
            exclusive: request.exclusive,
        };
        let upgrade = row.holds(request.transaction);
        let others = row
            .holders
            .iter()
            .filter(|h| h.transaction != request.transaction);
        let fits = others
            .clone()
            .all(|holder| !holder.exclusive && !request.exclusive);
        let overtakes = self.rule == Rule::Overtakes && !request.exclusive;
        if fits && (upgrade || overtakes || row.queue.is_empty()) {
            row.holders
                .retain(|holder| holder.transaction != request.transaction);
            row.holders.push(lock);
            return Decision::Granted;
        }
        let upgrades = row
            .queue
            .iter()
            .filter(|other| row.holds(other.transaction))
            .count();
        let place = if upgrade { upgrades } else { row.queue.len() };
        row.queue.insert(place, lock);
        Decision::Waits(row.blockers(place, self.rule))
    }

    /// Returns who waits for whom.
    pub fn edges(&self) -> BTreeSet<(usize, usize)> {
        let mut edges = BTreeSet::new();
        for row in &self.rows {
            for (place, request) in row.queue.iter().enumerate() {
                edges.extend(
                    row.blockers(place, self.rule)
                        .into_iter()
                        .map(|to| (request.transaction, to)),
                );
            }
        }
        edges
    }
}

/// Returns the transactions of each cycle.
pub fn cycles(edges: &BTreeSet<(usize, usize)>) -> Vec<BTreeSet<usize>> {
    let mut found = Vec::new();
    for start in 0..4 {
        follow(edges, start, &mut vec![start], &mut found);
    }
    found
}

/// Adds the cycles that continue `path` and in which its start is the smallest.
fn follow(
    edges: &BTreeSet<(usize, usize)>,
    start: usize,
    path: &mut Vec<usize>,
    found: &mut Vec<BTreeSet<usize>>,
) {
    let last = path[path.len() - 1];
    for &(_, to) in edges.range((last, 0)..(last + 1, 0)) {
        if to == start {
            found.push(path.iter().copied().collect());
        } else if to > start && !path.contains(&to) {
            path.push(to);
            follow(edges, start, path, found);
            path.pop();
        }
    }
}

pub fn name(transaction: usize) -> String {
    format!("T{}", transaction + 1)
}

pub fn row_name(row: usize) -> &'static str {
    ["a", "b", "c", "d"][row % 4]
}
