//! The search for the path of an edge: the reached states, and the lower bound of the cost that is left.

use super::route::{ACROSS, ASIDE, BEND, DOWNWARD, OTHER_SIDE};
use super::{Flow, Frame};

/// The state before the first.
pub(super) const NONE: u32 = u32::MAX;

/// What a search has reached; it is kept between the edges, so that its memory is reused.
pub(super) struct Search {
    /// The least cost of each state.
    pub(super) costs: Vec<u32>,
    /// The state before each reached state, or `NONE`.
    pub(super) before: Vec<u32>,
    /// For each cell where a path began, whether this was at the line of another edge.
    pub(super) is_fork: Vec<bool>,
    /// The states to continue from, by the least cost of a whole path through each: costs are small numbers.
    open: Vec<Vec<u32>>,
    /// The least cost at which a state may be open.
    least: usize,
}

impl Search {
    pub(super) fn new(cells: usize) -> Self {
        Self {
            costs: vec![u32::MAX; 4 * cells],
            before: vec![NONE; 4 * cells],
            is_fork: vec![false; cells],
            open: Vec::new(),
            least: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.costs.fill(u32::MAX);
        self.open.iter_mut().for_each(Vec::clear);
    }

    /// Takes the state whose whole path may be the cheapest, with its cost; of several, the one reached last.
    pub(super) fn next(&mut self) -> Option<(u32, usize)> {
        while let Some(states) = self.open.get_mut(self.least) {
            match states.pop() {
                Some(state) => return Some((self.least as u32, state as usize)),
                None => self.least += 1,
            }
        }
        None
    }

    /// Keeps that a state was reached, if no cheaper path has reached it; `left` is a lower bound of the cost from
    /// there. Returns true if it was kept.
    pub(super) fn reach(&mut self, state: usize, cost: u32, left: u32, before: u32) -> bool {
        let is_cheaper = cost < self.costs[state];
        if is_cheaper {
            self.costs[state] = cost;
            self.before[state] = before;
            let estimate = (cost + left) as usize;
            if self.open.len() <= estimate {
                self.open.resize_with(estimate + 1, Vec::new);
            }
            self.open[estimate].push(state as u32);
            self.least = self.least.min(estimate);
        }
        is_cheaper
    }
}

/// The lower bound of the cost to a box: to the middle of its usual side, or to any other place for an extra cost.
pub(super) struct Bound {
    across: Vec<Side>,
    down: Vec<Side>,
    /// The cell before the middle of the usual side, and the direction into the box.
    port: (usize, usize),
    into: usize,
    /// The least extra cost of all other places.
    extra: u32,
}

/// The cost of the way to the rows or columns of a box, and the direction of this way.
#[derive(Clone, Copy)]
struct Side {
    cost: u32,
    direction: usize,
}

impl Bound {
    pub(super) fn new(width: usize, height: usize, frame: Frame, flow: Flow) -> Self {
        let side = |at: usize, from: usize, size: usize, price: u32, ahead: usize| {
            let before = from.saturating_sub(at + 1);
            let behind = at.saturating_sub(from + size);
            Side {
                cost: price * before.max(behind) as u32,
                direction: if before > 0 { ahead } else { ahead + 2 },
            }
        };
        let across = |x| side(x, frame.x, frame.width, ACROSS, 0);
        let down = |y| side(y, frame.y, frame.height, DOWNWARD, 1);
        let (port, into, extra) = match flow {
            Flow::Right => ((frame.x - 1, frame.y + frame.height / 2), 0, OTHER_SIDE),
            Flow::Down => ((frame.x + frame.width / 2, frame.y - 1), 1, ASIDE),
        };
        Self {
            across: (0..width).map(across).collect(),
            down: (0..height).map(down).collect(),
            port,
            into,
            extra,
        }
    }

    pub(super) fn of(&self, place: (usize, usize), direction: usize) -> u32 {
        self.of_port(place, direction)
            .min(self.extra + self.of_box(place, direction))
    }

    /// Returns the bound for any place next to the box.
    fn of_box(&self, (x, y): (usize, usize), direction: usize) -> u32 {
        let (across, down) = (self.across[x], self.down[y]);
        let bends = match (across.cost > 0, down.cost > 0) {
            (false, false) => 0,
            (true, true) if direction == across.direction || direction == down.direction => 1,
            (true, true) => 2,
            (true, false) => bends(direction, across.direction),
            (false, true) => bends(direction, down.direction),
        };
        across.cost + down.cost + BEND * bends
    }

    /// Returns the bound for the middle of the usual side. A bend in the arrow head costs more than another one.
    fn of_port(&self, (x, y): (usize, usize), direction: usize) -> u32 {
        let across = ACROSS * x.abs_diff(self.port.0) as u32;
        let down = DOWNWARD * y.abs_diff(self.port.1) as u32;
        // The way beside the direction into the box, and whether it is still ahead.
        let (aside, sideways, is_ahead) = match self.into {
            0 => (down, if y < self.port.1 { 1 } else { 3 }, x <= self.port.0),
            _ => (
                across,
                if x < self.port.0 { 0 } else { 2 },
                y <= self.port.1,
            ),
        };
        let bends = match aside {
            0 if is_ahead => bends(direction, self.into),
            0 => 2,
            _ if direction == sideways => 1,
            _ => 2,
        };
        across + down + BEND * bends
    }
}

/// Returns how many bends lead from one direction into another.
fn bends(from: usize, to: usize) -> u32 {
    match from.abs_diff(to) {
        0 => 0,
        2 => 2,
        _ => 1,
    }
}
