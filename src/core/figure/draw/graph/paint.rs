//! The characters of a graph: boxes by kind, edges with arrow heads and labels, frames around groups.

use unicode_width::UnicodeWidthStr;

use super::route::{Path, Router};
use super::{Frame, Link, text};
use crate::core::figure::describe::{kind_word, node_label};
use crate::core::figure::draw::canvas::{Canvas, DASHED, DOWN, HEAVY, LEFT, RIGHT, ROUND, UP};
use crate::core::figure::draw::notes::wrap;
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Node, NodeKind};

/// The lines towards the box that an edge leaves, by the direction of its first step.
const BACK: [u8; 4] = [LEFT, UP, RIGHT, DOWN];

pub fn picture(
    nodes: &[&Node],
    links: &[Link],
    router: &Router,
    width: usize,
    charset: Charset,
) -> Picture {
    let (left, top) = corner(router);
    let mut painter = Painter {
        canvas: Canvas::new(charset),
        left,
        top,
    };
    for (frame, label) in &router.groups {
        painter.group(*frame, label);
    }
    for (node, frame) in nodes.iter().zip(&router.frames) {
        painter.node(node, *frame);
    }
    for (link, path) in links.iter().zip(&router.paths) {
        if let Some(path) = path {
            painter.edge(link, path, router.frames[link.from]);
        }
    }
    let mut notes = Vec::new();
    for (link, path) in links.iter().zip(&router.paths) {
        let label = link
            .edge
            .label
            .as_ref()
            .map(|label| label.line())
            .unwrap_or_default();
        let is_placed = path.as_ref().is_some_and(|path| {
            label.is_empty() || painter.label(path, &label, link.edge.strong, width)
        });
        if !is_placed {
            let (from, to) = (node_label(nodes[link.from]), node_label(nodes[link.to]));
            let arrow = painter.canvas.pick("→", "->");
            let colon = if label.is_empty() { "" } else { ": " };
            notes.push(format!("{from} {arrow} {to}{colon}{label}"));
        }
    }
    painter.legend(nodes, notes, width);
    painter.canvas.picture()
}

/// Returns the leftmost column and the first row that anything uses.
fn corner(router: &Router) -> (usize, usize) {
    let frames = router
        .frames
        .iter()
        .chain(router.groups.iter().map(|(frame, _)| frame));
    let cells = router
        .paths
        .iter()
        .flatten()
        .flat_map(|path| path.cells.iter().copied());
    let all: Vec<(usize, usize)> = frames
        .map(|frame| (frame.x, frame.y))
        .chain(cells)
        .collect();
    let left = all.iter().map(|(x, _)| *x).min().unwrap_or(0);
    let top = all.iter().map(|(_, y)| *y).min().unwrap_or(0);
    (left, top)
}

struct Painter {
    canvas: Canvas,
    left: usize,
    top: usize,
}

impl Painter {
    fn group(&mut self, frame: Frame, label: &str) {
        let (x, y) = (frame.x - self.left, frame.y - self.top);
        self.outline(x, y, frame, DASHED, Ink::Axis);
        self.canvas.text(x + 2, y, &format!(" {label} "), Ink::Head);
    }

    fn outline(&mut self, x: usize, y: usize, frame: Frame, look: u8, ink: Ink) {
        let (right, bottom) = (x + frame.width - 1, y + frame.height - 1);
        self.canvas.horizontal(y, x, right, look, ink);
        self.canvas.horizontal(bottom, x, right, look, ink);
        self.canvas.vertical(x, y, bottom, look, ink);
        self.canvas.vertical(right, y, bottom, look, ink);
    }

    fn node(&mut self, node: &Node, frame: Frame) {
        let (x, y) = (frame.x - self.left, frame.y - self.top);
        let ink = if node.strong { Ink::Strong } else { Ink::Plain };
        let look = match node.kind {
            NodeKind::Client => ROUND,
            NodeKind::Zone => DASHED,
            NodeKind::Service | NodeKind::Store | NodeKind::Queue => 0,
        };
        self.outline(x, y, frame, look, ink);
        self.kind(node.kind, x, y, frame, ink);
        let (strong, label) = text(node);
        let sign = if strong {
            self.canvas.pick("▸ ", "> ")
        } else {
            ""
        };
        let label = format!("{sign}{label}");
        let spare = frame.width.saturating_sub(label.width() + 2);
        self.canvas.text(x + 1 + spare / 2, y + 1, &label, ink);
    }

    /// Draws what tells the box of a kind from that of a service.
    fn kind(&mut self, kind: NodeKind, x: usize, y: usize, frame: Frame, ink: Ink) {
        let (right, bottom) = (x + frame.width - 1, y + frame.height - 1);
        let corners = [(x, y), (right, y), (x, bottom), (right, bottom)];
        let sides: ([char; 4], [char; 4]) = match kind {
            NodeKind::Store => (['╒', '╕', '╘', '╛'], ['.', '.', '\'', '\'']),
            NodeKind::Queue => (['╓', '╖', '╙', '╜'], ['[', ']', '[', ']']),
            NodeKind::Client => (['╭', '╮', '╰', '╯'], ['(', ')', '(', ')']),
            NodeKind::Service | NodeKind::Zone => return,
        };
        for ((x, y), n) in corners.into_iter().zip(0..) {
            let corner = self.canvas.pick(sides.0[n], sides.1[n]);
            self.canvas.sign(x, y, corner, ink);
        }
        for x in x + 1..right {
            if kind == NodeKind::Store {
                let line = self.canvas.pick('═', '=');
                self.canvas.sign(x, y, line, ink);
                self.canvas.sign(x, bottom, line, ink);
            }
        }
        for (x, side) in [(x, 0), (right, 1)] {
            if kind == NodeKind::Queue {
                let line = self.canvas.pick('║', ['[', ']'][side]);
                self.canvas.sign(x, y + 1, line, ink);
            }
        }
    }

    fn edge(&mut self, link: &Link, path: &Path, source: Frame) {
        let (look, ink) = if link.edge.strong {
            (HEAVY, Ink::Strong)
        } else {
            (0, Ink::Plain)
        };
        let last = path.cells.last();
        let ends_on_frame =
            last.is_some_and(|(x, y)| self.canvas.is_dashed(x - self.left, y - self.top));
        for (n, (x, y)) in path.cells.iter().enumerate() {
            let mut lines = path.lines(n);
            if n == 0 && !path.is_fork {
                let (towards, border) = border(*x, *y, source);
                lines |= BACK[towards];
                self.canvas.join(
                    border.0 - self.left,
                    border.1 - self.top,
                    BACK[(towards + 2) % 4],
                    Ink::Plain,
                );
            }
            self.over_frame(x - self.left, y - self.top, lines);
            self.canvas
                .join(x - self.left, y - self.top, lines | look, ink);
        }
        if let Some((x, y)) = path.cells.last() {
            // Where the frame of a group touches the box, the head would be on the frame: it is on the border of the box.
            let (x, y) = match ends_on_frame {
                true => next((*x, *y), path.direction),
                false => (*x, *y),
            };
            let (unicode, ascii) = [('►', '>'), ('▼', 'v'), ('◄', '<'), ('▲', '^')][path.direction];
            let head = self.canvas.pick(unicode, ascii);
            self.canvas.sign(x - self.left, y - self.top, head, ink);
        }
    }

    /// Makes room for an edge on the frame of a group, unless the edge crosses the frame.
    fn over_frame(&mut self, x: usize, y: usize, lines: u8) {
        let frame = self.canvas.directions(x, y);
        let crosses = [(UP | DOWN, LEFT | RIGHT), (LEFT | RIGHT, UP | DOWN)];
        if self.canvas.is_dashed(x, y) && !crosses.contains(&(frame, lines)) {
            self.canvas.clear(x, y);
        }
    }

    /// Writes the label of an edge into its line or beside it; returns false if there is no room.
    fn label(&mut self, path: &Path, label: &str, strong: bool, width: usize) -> bool {
        let ink = if strong { Ink::Strong } else { Ink::Plain };
        let columns = label.width();
        let cells: Vec<(usize, usize)> = path
            .cells
            .iter()
            .map(|(x, y)| (x - self.left, y - self.top))
            .collect();
        // The cells of a horizontal line with nothing else in them.
        let is_plain = |x: usize, y: usize| {
            cells.contains(&(x, y)) && self.canvas.directions(x, y) == LEFT | RIGHT
        };
        let in_line = cells
            .iter()
            .filter(|(x, y)| (*x..*x + columns + 2).all(|x| is_plain(x, *y)));
        let middle = |(x, y): &(usize, usize)| {
            let left = (0..)
                .take_while(|n| *n <= *x && is_plain(x - n, *y))
                .count();
            let right = (0..)
                .take_while(|n| is_plain(x + columns + 1 + n, *y))
                .count();
            left.abs_diff(right)
        };
        if let Some((x, y)) = in_line.min_by_key(|cell| middle(cell)).copied() {
            self.canvas.text(x, y, &format!(" {label} "), ink);
            return true;
        }
        // Beside a vertical line, or above or below a horizontal one, not next to the line of another edge.
        let places = cells.iter().flat_map(|(x, y)| {
            let beside = (self.canvas.directions(*x, *y) == UP | DOWN).then_some((x + 2, *y));
            let before = (beside.is_some() && *x > columns + 1).then(|| (x - columns - 1, *y));
            let is_flat = self.canvas.directions(*x, *y) == LEFT | RIGHT;
            let above = (is_flat && *y > 0).then(|| (*x, y - 1));
            let below = is_flat.then_some((*x, y + 1));
            [beside, before, above, below].into_iter().flatten()
        });
        let is_free = |(x, y): &(usize, usize)| {
            let from = x.saturating_sub(1);
            x + columns <= width
                && (from..=x + columns)
                    .all(|x| self.canvas.is_blank(x, *y) || cells.contains(&(x, *y)))
                && (*x..x + columns).all(|x| self.canvas.is_blank(x, *y))
        };
        let Some((x, y)) = places.into_iter().find(is_free) else {
            return false;
        };
        self.canvas.text(x, y, label, ink);
        true
    }

    /// Writes which box means which kind, if there are several kinds, and the labels without a place. Any other part of a
    /// system is a plain box, so that shape has no name.
    fn legend(&mut self, nodes: &[&Node], notes: Vec<String>, width: usize) {
        let mut y = self.canvas.height();
        for note in notes {
            for line in wrap(&note, width) {
                self.canvas.text(0, y, &line, Ink::Plain);
                y += 1;
            }
        }
        let samples = [
            (NodeKind::Client, self.canvas.pick("╭─╮", "(-)")),
            (NodeKind::Queue, self.canvas.pick("╓─╖", "[-]")),
            (NodeKind::Store, self.canvas.pick("╒═╕", ".=.")),
            (NodeKind::Zone, self.canvas.pick("┌╌┐", ".-.")),
        ];
        let is_used = |kind: NodeKind| nodes.iter().any(|node| node.kind == kind);
        let has_one_shape = nodes.windows(2).all(|pair| pair[0].kind == pair[1].kind);
        let mut x = 0;
        for (kind, sample) in samples {
            let Some(word) = kind_word(kind).filter(|_| is_used(kind) && !has_one_shape) else {
                continue;
            };
            if x > 0 && x + 4 + word.len() > width {
                (x, y) = (0, y + 1);
            }
            self.canvas.text(x, y, sample, Ink::Dim);
            x = self.canvas.text(x + 4, y, word, Ink::Dim) + 3;
        }
    }
}

/// Returns the next cell in a direction.
fn next((x, y): (usize, usize), direction: usize) -> (usize, usize) {
    match direction {
        0 => (x + 1, y),
        1 => (x, y + 1),
        2 => (x - 1, y),
        _ => (x, y - 1),
    }
}

/// Returns the direction of the first step from a box to a cell next to it, and the cell of the border there.
fn border(x: usize, y: usize, frame: Frame) -> (usize, (usize, usize)) {
    match () {
        () if x == frame.x + frame.width => (0, (x - 1, y)),
        () if y == frame.y + frame.height => (1, (x, y - 1)),
        () if x + 1 == frame.x => (2, (x + 1, y)),
        () => (3, (x, y + 1)),
    }
}
