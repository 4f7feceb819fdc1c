//! Histories of one register and their legal orders.
//!
//! Every value is written once, so a history has a legal order iff the groups "write and reads of
//! one value" can be ordered (Gibbons, Korach, Testing Shared Memories, 1997): a call of one group
//! that precedes a call of another puts the whole group first, and the groups must form no cycle.

use crate::core::rng::Stream;
use crate::simulation::draw::{between, chance, pick};

/// A finished call over `[from, to]`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub client: usize,
    pub write: bool,
    pub value: i64,
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// A call that ended before another began comes first.
    RealTime,
    /// Each client's own calls keep their order.
    Program,
    /// Causes come first, in the view of one client.
    Causal(usize),
}

/// The strongest model, from the strongest to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Linearizable,
    Sequential,
    Causal,
    Weaker,
}

/// Draws `count` calls of `clients`, of which `writes` are writes. If the history must be linearizable, each call takes
/// effect at a random moment; otherwise a read returns any value whose write began before its end.
pub fn history(
    [clients, count, writes]: [usize; 3],
    linearizable: bool,
    random: &mut Stream,
) -> Option<Vec<Call>> {
    let mut calls = intervals(clients, count, random);
    let mut values: Vec<i64> = (1..=9).collect();
    random.shuffle(&mut values);
    let mut chosen: Vec<usize> = (0..calls.len()).collect();
    random.shuffle(&mut chosen);
    for (&index, value) in chosen.iter().take(writes).zip(values) {
        calls[index].write = true;
        calls[index].value = value;
    }
    if linearizable {
        return_current_values(&mut calls, random);
    } else {
        return_any_values(&mut calls, random);
    }
    let writer = calls.iter().find(|c| c.write)?.client;
    let several = calls.iter().any(|c| c.write && c.client != writer);
    let overlap = |w: &Call| w.write && reads(&calls).any(|r| overlaps(w, &calls[r]));
    (several && calls.iter().any(overlap)).then_some(calls)
}

/// Draws `count` calls of three clients: the second has read a value of the first before it writes, and the third reads
/// the second's value and then an older one than the first's. Whether this breaks causal consistency depends on the
/// other calls.
pub fn causal_history(count: usize, random: &mut Stream) -> Option<Vec<Call>> {
    let mut calls = intervals(3, count, random);
    let mut clients: Vec<usize> = (0..3).collect();
    random.shuffle(&mut clients);
    let mut values: Vec<i64> = (1..=9).collect();
    random.shuffle(&mut values);
    let two_of = |client: usize, random: &mut Stream| {
        let of_client = (0..calls.len()).filter(|i| calls[*i].client == client);
        let mut chosen: Vec<usize> = of_client.collect();
        while chosen.len() > 2 {
            chosen.remove(random.below(chosen.len() as u64) as usize);
        }
        (
            chosen.first().copied().unwrap_or(0),
            chosen.last().copied().unwrap_or(0),
        )
    };
    let (before, cause) = two_of(clients[0], random);
    let (reads_cause, effect) = two_of(clients[1], random);
    let (reads_effect, reads_old) = two_of(clients[2], random);
    let reading = [reads_cause, reads_effect, reads_old];
    for (index, value) in (0..calls.len()).zip(values) {
        calls[index].write = match index {
            _ if index == cause || index == effect => true,
            _ if reading.contains(&index) => false,
            _ => chance(50, random),
        };
        calls[index].value = if calls[index].write { value } else { 0 };
    }
    return_any_values(&mut calls, random);
    // A read that comes before the cause doesn't matter, and then only 0 is known to be older.
    let old = if calls[before].write {
        calls[before].value
    } else {
        0
    };
    let sources = [(reads_cause, calls[cause]), (reads_effect, calls[effect])];
    for (read, write) in sources {
        (write.from < calls[read].to).then_some(())?;
        calls[read].value = write.value;
    }
    calls[reads_old].value = old;
    Some(calls)
}

/// Draws reads of 0 by turns of random clients, each call over an interval of its own.
fn intervals(clients: usize, count: usize, random: &mut Stream) -> Vec<Call> {
    let first = random.below(clients as u64) as usize;
    let mut ends: Vec<usize> = (0..count)
        .flat_map(|i| [(i + first) % clients; 2])
        .collect();
    random.shuffle(&mut ends);
    let mut calls: Vec<Call> = Vec::new();
    let mut running: Vec<Option<usize>> = vec![None; clients];
    let mut time = 0;
    for client in ends {
        time += between(2, 4, random);
        if let Some(index) = running[client].take() {
            calls[index].to = time;
        } else {
            running[client] = Some(calls.len());
            calls.push(Call {
                client,
                write: false,
                value: 0,
                from: time,
                to: time,
            });
        }
    }
    calls
}

fn return_current_values(calls: &mut [Call], random: &mut Stream) {
    let mut moments: Vec<(i64, usize)> = calls
        .iter()
        .enumerate()
        .map(|(i, c)| (between(c.from * 100 + 1, c.to * 100 - 1, random), i))
        .collect();
    moments.sort_unstable();
    let mut value = 0;
    for (_, i) in moments {
        if calls[i].write {
            value = calls[i].value;
        }
        calls[i].value = value;
    }
}

fn return_any_values(calls: &mut [Call], random: &mut Stream) {
    for index in 0..calls.len() {
        if !calls[index].write {
            let end = calls[index].to;
            let begun = calls.iter().filter(|c| c.write && c.from < end);
            let seen: Vec<i64> = begun.map(|c| c.value).chain([0]).collect();
            calls[index].value = pick(&seen, random);
        }
    }
}

pub fn reads(calls: &[Call]) -> impl Iterator<Item = usize> {
    (0..calls.len()).filter(|i| !calls[*i].write)
}

pub fn overlaps(a: &Call, b: &Call) -> bool {
    a.from < b.to && b.from < a.to
}

/// Pairs of calls of which the first must come before the second, while the second of each pair and
/// the first of the next one belong to the same value. `None` is the initial value.
pub type Cycle = Vec<(Option<usize>, usize)>;

/// Returns for each pair of calls whether the first must come before the second.
pub fn precedence(calls: &[Call], order: Order) -> Vec<Vec<bool>> {
    let before = |a: &Call, b: &Call| match order {
        Order::RealTime => a.to < b.from,
        _ => a.client == b.client && a.to < b.from,
    };
    let causal = matches!(order, Order::Causal(_));
    let source = |a: &Call, b: &Call| causal && a.write && !b.write && a.value == b.value;
    let mut matrix: Vec<Vec<bool>> = calls
        .iter()
        .map(|a| calls.iter().map(|b| before(a, b) || source(a, b)).collect())
        .collect();
    if causal {
        for via in 0..calls.len() {
            for from in 0..calls.len() {
                for to in 0..calls.len() {
                    matrix[from][to] |= matrix[from][via] && matrix[via][to];
                }
            }
        }
    }
    matrix
}

/// Returns a legal order of the calls, or a cycle that rules out every order.
pub fn legal_order(calls: &[Call], order: Order) -> Result<Vec<usize>, Cycle> {
    let matrix = precedence(calls, order);
    let visible: Vec<usize> = (0..calls.len())
        .filter(|i| !matches!(order, Order::Causal(c) if !calls[*i].write && calls[*i].client != c))
        .collect();
    let written = visible.iter().filter(|i| calls[**i].write);
    let values: Vec<i64> = std::iter::once(0)
        .chain(written.map(|i| calls[*i].value))
        .collect();
    let group = |i: usize| values.iter().position(|v| *v == calls[i].value);
    let mut edges = vec![vec![None; values.len()]; values.len()];
    for &b in &visible {
        let to = group(b).unwrap_or(0);
        if calls[b].write {
            edges[0][to] = Some((None, b));
        }
        for &a in visible.iter().filter(|a| matrix[**a][b]) {
            let from = group(a).unwrap_or(0);
            let inside = from == to && (calls[a].write || !calls[b].write);
            if !inside && edges[from][to].is_none() {
                edges[from][to] = Some((Some(a), b));
            }
        }
    }
    if let Some(cycle) = shortest_cycle(&edges) {
        return Err(cycle);
    }
    let mut sequence = Vec::new();
    let mut left: Vec<usize> = (0..values.len()).collect();
    while let Some(at) = left
        .iter()
        .position(|v| left.iter().all(|u| edges[*u][*v].is_none()))
    {
        let value = values[left.remove(at)];
        let mut group: Vec<usize> = visible
            .iter()
            .copied()
            .filter(|i| calls[*i].value == value)
            .collect();
        group.sort_by_key(|i| (!calls[*i].write, calls[*i].from));
        sequence.extend(group);
    }
    Ok(sequence)
}

/// Returns the labels of the edges of a shortest cycle of a graph.
fn shortest_cycle<T: Copy>(edges: &[Vec<Option<T>>]) -> Option<Vec<T>> {
    let n = edges.len();
    let cycle_from = |start: usize| {
        let mut paths: Vec<Option<Vec<T>>> = vec![None; n];
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for next in 0..n {
                if let (Some(label), None) = (edges[at][next], &paths[next]) {
                    let mut path = if at == start {
                        Vec::new()
                    } else {
                        paths[at].clone()?
                    };
                    path.push(label);
                    paths[next] = Some(path);
                    queue.push_back(next);
                }
            }
        }
        paths[start].take()
    };
    (0..n).filter_map(cycle_from).min_by_key(Vec::len)
}

/// Returns true if the history has a legal order that respects the times.
///
/// The group of a value precedes another if one of its calls ends before one of the other begins.
/// For intervals, two groups that precede each other are the only possible cycle.
pub fn is_linearizable(calls: &[Call]) -> bool {
    let mut groups: Vec<(i64, i64, i64)> = vec![(0, 0, 0)];
    for call in calls.iter().filter(|c| c.write) {
        groups.push((call.value, call.to, call.from));
    }
    for call in calls.iter().filter(|c| !c.write) {
        let Some(group) = groups.iter_mut().find(|g| g.0 == call.value) else {
            return false;
        };
        let source = calls.iter().find(|w| w.write && w.value == call.value);
        if source.is_some_and(|w| call.to < w.from) {
            return false;
        }
        group.1 = group.1.min(call.to);
        group.2 = group.2.max(call.from);
    }
    groups
        .iter()
        .enumerate()
        .all(|(i, a)| groups[..i].iter().all(|b| a.1 >= b.2 || b.1 >= a.2))
}

/// Returns the strongest model, or `None` if readings of causal consistency disagree.
pub fn classify(calls: &[Call]) -> Option<Class> {
    let clients = calls.iter().map(|c| c.client + 1).max()?;
    if is_linearizable(calls) {
        return Some(Class::Linearizable);
    }
    if legal_order(calls, Order::Program).is_ok() {
        return Some(Class::Sequential);
    }
    let strict = (0..clients).all(|c| legal_order(calls, Order::Causal(c)).is_ok());
    match (strict, reads_nothing_replaced(calls)) {
        (true, _) => Some(Class::Causal),
        (false, false) => Some(Class::Weaker),
        (false, true) => None,
    }
}

/// Returns true if no read returns a value that a write known to it has replaced.
fn reads_nothing_replaced(calls: &[Call]) -> bool {
    let cause = precedence(calls, Order::Causal(0));
    let source = |value: i64| calls.iter().position(|c| c.write && c.value == value);
    reads(calls).all(|r| {
        let written = source(calls[r].value);
        (0..calls.len()).all(|w| {
            let newer = calls[w].write && cause[w][r] && Some(w) != written;
            !newer || written.is_some_and(|s| !cause[s][w])
        })
    })
}
