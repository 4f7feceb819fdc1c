//! Paths for edges: the shortest with few bends and crossings, around boxes and along no other edge.

use super::layers::Spacing;
use super::search::{Bound, NONE, Search};
use super::{Flow, Frame, Link};
use crate::core::figure::Node;
use crate::core::figure::draw::canvas::{DOWN, LEFT, RIGHT, UP};

/// The costs of a path.
pub(super) const ACROSS: u32 = 2;
pub(super) const DOWNWARD: u32 = 3;
pub(super) const BEND: u32 = 7;
const CROSSING: u32 = 12;
const BESIDE_BOX: u32 = 2;
const ACROSS_FRAME: u32 = 3;
const ON_FRAME: u32 = 30;
/// Leaving or reaching a box at another side than the usual one.
pub(super) const OTHER_SIDE: u32 = 9;
const WRONG_SIDE: u32 = 24;
/// Reaching a box of a graph that runs down from the side, where the lines of two arrows look like one.
const FROM_SIDE: u32 = 20;
/// Reaching a box this many columns beside the middle of its side, for each column, and next to a corner.
pub(super) const ASIDE: u32 = 4;
const CORNER: u32 = 30;
/// Running next to the frame of a group, for each cell.
const BESIDE_FRAME: u32 = 1;
/// A bend in the cell of the arrow head.
const BENT_HEAD: u32 = 24;

/// The directions right, down, left and up, as bits of lines.
const BITS: [u8; 4] = [RIGHT, DOWN, LEFT, UP];

/// A path of cells from the source to the arrow head.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub cells: Vec<(usize, usize)>,
    /// The direction of the last step.
    pub direction: usize,
    /// True if the path begins at the line of another edge with the same source.
    pub is_fork: bool,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    is_box: bool,
    is_beside_box: bool,
    /// The lines of the frames of groups.
    frame: u8,
    /// The directions of the frames of groups in the cells next to it.
    near_frame: u8,
    lines: u8,
    /// The source of the lines, plus 1; `u8::MAX` at a crossing or an arrow head.
    owner: u8,
}

/// A cell next to a box, the direction away from the box, and the cost of this side.
type Port = (usize, usize, u32);

/// The grid of a graph with its boxes and paths.
pub struct Router {
    pub frames: Vec<Frame>,
    /// The frame of each group, with its label.
    pub groups: Vec<(Frame, String)>,
    pub paths: Vec<Option<Path>>,
    width: usize,
    height: usize,
    cells: Vec<Cell>,
    flow: Flow,
}

impl Router {
    pub fn new(nodes: &[&Node], frames: Vec<Frame>, links: &[Link], spacing: Spacing) -> Self {
        // Room for edges around the boxes.
        let (left, top) = (5, 2 + links.len().min(3));
        let frames: Vec<Frame> = frames
            .into_iter()
            .map(|frame| Frame {
                x: frame.x + left,
                y: frame.y + top,
                ..frame
            })
            .collect();
        let groups = groups(nodes, &frames);
        let all = || frames.iter().chain(groups.iter().map(|(frame, _)| frame));
        let width = all().map(|frame| frame.x + frame.width).max().unwrap_or(0) + left;
        let height = all().map(|frame| frame.y + frame.height).max().unwrap_or(0) + top;
        let mut router = Self {
            width,
            height,
            cells: vec![Cell::default(); width * height],
            paths: vec![None; links.len()],
            flow: spacing.flow,
            frames,
            groups,
        };
        router.block();
        let mut order: Vec<usize> = (0..links.len()).collect();
        order.sort_by_key(|n| router.difficulty(&links[*n]));
        let mut search = Search::new(router.cells.len());
        for n in order {
            router.paths[n] = router.find(n, links, &mut search);
            if let Some(path) = router.paths[n].clone() {
                router.mark(&path, links[n].from);
            }
        }
        router
    }

    /// Returns the key by which edges are routed: straight ones first, those against the layers last.
    fn difficulty(&self, link: &Link) -> (bool, usize, usize) {
        let (from, to) = (self.frames[link.from], self.frames[link.to]);
        let (ahead, aside, is_back) = match self.flow {
            Flow::Right => (from.x.abs_diff(to.x), from.y.abs_diff(to.y), to.x <= from.x),
            Flow::Down => (from.y.abs_diff(to.y), from.x.abs_diff(to.x), to.y <= from.y),
        };
        (is_back, if aside == 0 { 0 } else { ahead }, aside)
    }

    fn index(&self, x: usize, y: usize) -> usize {
        y * self.width + x
    }

    fn block(&mut self) {
        for frame in self.frames.clone() {
            for y in frame.y - 1..=frame.y + frame.height {
                for x in frame.x - 1..=frame.x + frame.width {
                    let is_inside = (frame.y..frame.y + frame.height).contains(&y)
                        && (frame.x..frame.x + frame.width).contains(&x);
                    let index = self.index(x, y);
                    self.cells[index].is_box |= is_inside;
                    self.cells[index].is_beside_box |= !is_inside;
                }
            }
        }
        for (frame, label) in self.groups.clone() {
            let (right, bottom) = (frame.x + frame.width - 1, frame.y + frame.height - 1);
            for x in frame.x..=right {
                for y in [frame.y, bottom] {
                    let index = self.index(x, y);
                    self.cells[index].frame |= LEFT | RIGHT;
                    for beside in [index - self.width, index + self.width] {
                        self.cells[beside].near_frame |= LEFT | RIGHT;
                    }
                    // An edge must not cross the label.
                    let is_label =
                        y == frame.y && x > frame.x && x <= frame.x + label.chars().count() + 3;
                    self.cells[index].is_box |= is_label;
                }
            }
            for y in frame.y..=bottom {
                for x in [frame.x, right] {
                    let index = self.index(x, y);
                    self.cells[index].frame |= UP | DOWN;
                    for beside in [index - 1, index + 1] {
                        self.cells[beside].near_frame |= UP | DOWN;
                    }
                }
            }
        }
    }

    /// Returns the cells next to a box, each with the direction that leads away from the box, and the cost of
    /// using that side to leave it.
    fn ports(&self, frame: Frame, is_target: bool) -> Vec<Port> {
        let (middle_x, middle_y) = (frame.x + frame.width / 2, frame.y + frame.height / 2);
        let mut ports = Vec::new();
        let usual = match (self.flow, is_target) {
            (Flow::Right, false) => 0,
            (Flow::Down, false) => 1,
            (Flow::Right, true) => 2,
            (Flow::Down, true) => 3,
        };
        let cost = |side: usize| match side {
            side if side == usual => 0,
            side if side == (usual + 2) % 4 => WRONG_SIDE,
            _ if is_target && self.flow == Flow::Down => FROM_SIDE,
            _ => OTHER_SIDE,
        };
        ports.push((self.index(frame.x + frame.width, middle_y), 0, cost(0)));
        ports.push((self.index(frame.x - 1, middle_y), 2, cost(2)));
        for x in frame.x + 1..frame.x + frame.width - 1 {
            let is_corner = x == frame.x + 1 || x + 2 == frame.x + frame.width;
            let aside = x.abs_diff(middle_x) as u32;
            let aside = match is_target {
                true => ASIDE * aside + if is_corner { CORNER } else { 0 },
                false => aside,
            };
            ports.push((self.index(x, frame.y + frame.height), 1, cost(1) + aside));
            ports.push((self.index(x, frame.y - 1), 3, cost(3) + aside));
        }
        ports
    }

    /// Returns the states in which a path from the source can begin: index, direction, cost and whether it is a fork.
    fn starts(&self, n: usize, links: &[Link]) -> Vec<(usize, usize, u32, bool)> {
        let source = links[n].from;
        let ports = self.ports(self.frames[source], false).into_iter();
        let is_blank = |index: usize| self.cells[index].lines == 0 && !self.cells[index].is_box;
        let mut starts: Vec<_> = ports
            .filter(|(index, ..)| is_blank(*index))
            .map(|(index, direction, cost)| (index, direction, cost, false))
            .collect();
        for (other, path) in self.paths.iter().enumerate() {
            let Some(path) = path.as_ref().filter(|_| links[other].from == source) else {
                continue;
            };
            let inner = path.cells.len().saturating_sub(1);
            for (x, y) in path.cells.iter().take(inner).skip(1) {
                let index = self.index(*x, *y);
                let cell = self.cells[index];
                if usize::from(cell.owner) != source + 1 {
                    continue;
                }
                // From a line, from its corner, or from where lines part already: the later, the fewer lines are parallel.
                let free = (0..4).filter(|direction| cell.lines & BITS[*direction] == 0);
                starts.extend(free.map(|direction| (index, direction, BEND, true)));
            }
        }
        starts
    }

    /// Finds the cheapest path of an edge, by A* with states of a cell and the direction in which it was reached.
    fn find(&self, n: usize, links: &[Link], search: &mut Search) -> Option<Path> {
        let target = self.frames[links[n].to];
        let bound = Bound::new(self.width, self.height, target, self.flow);
        let is_blank = |index: usize| self.cells[index].lines == 0 && !self.cells[index].is_box;
        let ports = self.ports(target, true).into_iter();
        let mut goals: Vec<Port> = ports.filter(|(index, ..)| is_blank(*index)).collect();
        goals.sort_unstable();
        // The direction into the box, and the cost of the side.
        let goal = |index: usize| {
            if !self.cells[index].is_beside_box {
                return None;
            }
            let place = goals.binary_search_by_key(&index, |goal| goal.0).ok()?;
            let (_, away, cost) = goals[place];
            Some(((away + 2) % 4, cost))
        };
        search.clear();
        for (index, direction, cost, is_fork) in self.starts(n, links) {
            let place = (index % self.width, index / self.width);
            if search.reach(
                4 * index + direction,
                cost,
                bound.of(place, direction),
                NONE,
            ) {
                search.is_fork[index] = is_fork;
            }
        }
        let mut best: Option<(u32, usize)> = None;
        while let Some((estimate, state)) = search.next() {
            if best.is_some_and(|(cost, _)| cost <= estimate) {
                break;
            }
            let (index, direction) = (state / 4, state % 4);
            let (x, y) = (index % self.width, index / self.width);
            let cost = search.costs[state];
            if cost + bound.of((x, y), direction) < estimate {
                // A cheaper path has reached this state since.
                continue;
            }
            if let Some((into, extra)) = goal(index) {
                let bend = if into == direction { 0 } else { BENT_HEAD };
                let is_fork_cell = search.is_fork[index] && search.before[state] == NONE;
                if into != (direction + 2) % 4
                    && !is_fork_cell
                    && best.is_none_or(|(least, _)| cost + extra + bend < least)
                {
                    best = Some((cost + extra + bend, state));
                }
            }
            // Of equally cheap paths, the one that bends late: straight on is reached last, and continued first.
            for next in (1..=4).map(|turn| (direction + turn) % 4) {
                if let Some((to, place, step)) = self.step(index, (x, y), direction, next) {
                    let left = bound.of(place, next);
                    search.reach(4 * to + next, cost + step, left, state as u32);
                }
            }
        }
        let (_, end) = best?;
        let direction = goal(end / 4).map_or(end % 4, |(into, _)| into);
        Some(self.path(end, direction, search))
    }

    fn path(&self, end: usize, direction: usize, search: &Search) -> Path {
        let mut cells = Vec::new();
        let mut state = end;
        loop {
            let index = state / 4;
            cells.push((index % self.width, index / self.width));
            if search.before[state] == NONE {
                break;
            }
            state = search.before[state] as usize;
        }
        cells.reverse();
        Path {
            cells,
            direction,
            is_fork: search.is_fork[state / 4],
        }
    }

    /// Returns the next cell in a direction, its place and the cost of the step, if a line may go there.
    fn step(
        &self,
        index: usize,
        (x, y): (usize, usize),
        direction: usize,
        next: usize,
    ) -> Option<(usize, (usize, usize), u32)> {
        let here = self.cells[index];
        if next == (direction + 2) % 4 || (here.lines != 0 && next != direction) {
            return None;
        }
        let (to, place) = match next {
            0 if x + 1 < self.width => (index + 1, (x + 1, y)),
            1 if y + 1 < self.height => (index + self.width, (x, y + 1)),
            2 if x > 0 => (index - 1, (x - 1, y)),
            3 if y > 0 => (index - self.width, (x, y - 1)),
            _ => return None,
        };
        let cell = self.cells[to];
        if cell.is_box {
            return None;
        }
        let is_sideways = next.is_multiple_of(2);
        let mut cost = if is_sideways { ACROSS } else { DOWNWARD };
        if cell.lines != 0 {
            let perpendicular = if is_sideways { UP | DOWN } else { LEFT | RIGHT };
            if cell.lines != perpendicular || cell.owner == u8::MAX {
                return None;
            }
            cost += CROSSING;
        }
        cost += if next == direction { 0 } else { BEND };
        cost += if cell.is_beside_box { BESIDE_BOX } else { 0 };
        let along = if is_sideways { LEFT | RIGHT } else { UP | DOWN };
        cost += match cell.frame {
            0 => 0,
            frame if frame & along == 0 => ACROSS_FRAME,
            _ => ON_FRAME,
        };
        if cell.near_frame & along != 0 {
            cost += BESIDE_FRAME;
        }
        Some((to, place, cost))
    }

    fn mark(&mut self, path: &Path, source: usize) {
        for (n, (x, y)) in path.cells.iter().enumerate() {
            let index = self.index(*x, *y);
            let is_last = n + 1 == path.cells.len();
            let is_crossed = self.cells[index].lines != 0 && n > 0;
            let lines = path.lines(n);
            let cell = &mut self.cells[index];
            cell.lines |= lines;
            cell.owner = if is_last || is_crossed {
                u8::MAX
            } else {
                (source + 1).min(254) as u8
            };
        }
    }
}

impl Path {
    /// Returns the directions in which the path leaves its cell `n`.
    pub fn lines(&self, n: usize) -> u8 {
        let towards =
            |from: (usize, usize), to: (usize, usize)| match (to.0.cmp(&from.0), to.1.cmp(&from.1))
            {
                (std::cmp::Ordering::Greater, _) => RIGHT,
                (std::cmp::Ordering::Less, _) => LEFT,
                (_, std::cmp::Ordering::Greater) => DOWN,
                _ => UP,
            };
        let before = n.checked_sub(1).and_then(|n| self.cells.get(n));
        let after = self.cells.get(n + 1);
        let mut lines = 0;
        if let Some(before) = before {
            lines |= towards(self.cells[n], *before);
        }
        lines | after.map_or(BITS[self.direction], |after| towards(self.cells[n], *after))
    }
}

/// Returns the frame around the boxes of each group.
fn groups(nodes: &[&Node], frames: &[Frame]) -> Vec<(Frame, String)> {
    let mut groups: Vec<(Frame, String)> = Vec::new();
    for (node, frame) in nodes.iter().zip(frames) {
        let Some(label) = node.group.as_ref().map(|group| group.line()) else {
            continue;
        };
        let around = Frame {
            x: frame.x - 2,
            y: frame.y - 1,
            width: (frame.width + 4).max(label.chars().count() + 6),
            height: frame.height + 2,
        };
        match groups.iter_mut().find(|(_, other)| *other == label) {
            Some((group, _)) => {
                let right = (group.x + group.width).max(around.x + around.width);
                let bottom = (group.y + group.height).max(around.y + around.height);
                group.x = group.x.min(around.x);
                group.y = group.y.min(around.y);
                group.width = right - group.x;
                group.height = bottom - group.y;
            }
            None => groups.push((around, label)),
        }
    }
    groups
}
