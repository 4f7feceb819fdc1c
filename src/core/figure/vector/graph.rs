//! Graphs: the layout of the drawing in characters, with boxes by kind and edges along its paths.

use super::room::Room;
use super::{Anchor, Fill, LINE, Pen, Place, Rect, Shape, VectorImage, WIDTH, text_width};
use crate::core::figure::describe::{kind_word, node_label};
use crate::core::figure::draw::graph::{Frame, Layout, Link, Path, layout};
use crate::core::figure::picture::Ink;
use crate::core::figure::{Graph, Node, NodeKind};

/// The size of a cell of the layout.
const CELL: (f64, f64) = (8.0, 15.0);

pub fn draw(graph: &Graph) -> VectorImage {
    let Some(layout) = layout(graph, (WIDTH / CELL.0) as usize) else {
        return VectorImage::new(WIDTH);
    };
    let painter = Painter::new(&layout);
    let mut image = VectorImage::new(painter.bounds.width);
    image.height = painter.bounds.height;
    let mut room = Room::new(painter.bounds);
    for (frame, label) in &layout.router.groups {
        let rect = painter.rect(*frame);
        image.area(rect, Fill::Paper, Some(Pen::dashed(Ink::Dim)));
        // The label interrupts the border.
        let area = Rect::new(
            rect.x + 8.0,
            rect.y - 7.0,
            1.05 * text_width(label) + 8.0,
            14.0,
        );
        image.area(area, Fill::Paper, None);
        let at = (rect.x + 12.0, rect.y + 4.5);
        image.label(at, Anchor::Start, label.clone(), Ink::Head);
        room.take(area);
    }
    let mut lines = Vec::new();
    for (link, path) in layout.links.iter().zip(&layout.router.paths) {
        let Some(path) = path else { continue };
        let points = painter.points(path, layout.router.frames[link.from]);
        room.take_line(&points);
        let ink = if link.edge.strong {
            Ink::Strong
        } else {
            Ink::Plain
        };
        image.line(points.clone(), Pen::thin(ink));
        if let [.., before, tip] = points[..] {
            image.head(before, tip, ink);
        }
        lines.push(points);
    }
    for (node, frame) in layout.nodes.iter().zip(&layout.router.frames) {
        let rect = painter.rect(*frame);
        room.take(rect);
        draw_node(&mut image, node, rect);
    }
    let notes = labels(&mut image, &mut room, &layout, lines);
    legend(&mut image, &layout.nodes);
    image.notes(&notes);
    image
}

struct Painter {
    /// The first column and row that anything uses.
    corner: (usize, usize),
    bounds: Rect,
}

impl Painter {
    fn new(layout: &Layout) -> Self {
        let groups = layout.router.groups.iter().map(|(frame, _)| frame);
        let frames = layout.router.frames.iter().chain(groups);
        let ends = frames.map(|f| (f.x, f.y, f.x + f.width, f.y + f.height));
        let cells = layout
            .router
            .paths
            .iter()
            .flatten()
            .flat_map(|path| &path.cells);
        let all: Vec<_> = ends
            .chain(cells.map(|(x, y)| (*x, *y, x + 1, y + 1)))
            .collect();
        let corner = (
            all.iter().map(|(x, ..)| *x).min().unwrap_or(0),
            all.iter().map(|(_, y, ..)| *y).min().unwrap_or(0),
        );
        let right = all
            .iter()
            .map(|(_, _, x, _)| x - corner.0)
            .max()
            .unwrap_or(0);
        let bottom = all.iter().map(|(.., y)| y - corner.1).max().unwrap_or(0);
        let (width, height) = (right as f64 * CELL.0 + 8.0, bottom as f64 * CELL.1 + 8.0);
        Self {
            corner,
            bounds: Rect::new(0.0, 0.0, width.max(320.0), height),
        }
    }

    fn place(&self, x: f64, y: f64) -> Place {
        (
            4.0 + (x - self.corner.0 as f64) * CELL.0,
            4.0 + (y - self.corner.1 as f64) * CELL.1,
        )
    }

    /// Returns the box of a frame, whose border is in the middle of its outer cells.
    fn rect(&self, frame: Frame) -> Rect {
        let (x, y) = self.place(frame.x as f64 + 0.5, frame.y as f64 + 0.5);
        let (width, height) = (frame.width as f64 - 1.0, frame.height as f64 - 1.0);
        Rect::new(x, y, width * CELL.0, height * CELL.1)
    }

    /// Returns the corners of a path, from the border of its source to that of its target.
    fn points(&self, path: &Path, source: Frame) -> Vec<Place> {
        const STEPS: [(f64, f64); 4] = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let centre = |(x, y): &(usize, usize)| (*x as f64 + 0.5, *y as f64 + 0.5);
        let mut cells: Vec<Place> = path.cells.iter().map(centre).collect();
        if let (Some(first), false) = (cells.first().copied(), path.is_fork) {
            let (right, bottom) = (source.x + source.width, source.y + source.height);
            let clamp =
                |at: f64, from: usize, to: usize| at.clamp(from as f64 + 0.5, to as f64 - 0.5);
            cells.insert(
                0,
                (
                    clamp(first.0, source.x, right),
                    clamp(first.1, source.y, bottom),
                ),
            );
        }
        if let Some(last) = cells.last().copied() {
            let (dx, dy) = STEPS[path.direction % 4];
            cells.push((last.0 + dx, last.1 + dy));
        }
        let mut points: Vec<Place> = Vec::new();
        for (n, cell) in cells.iter().enumerate() {
            let is_straight = n > 0
                && n + 1 < cells.len()
                && cells[n + 1].0 - cell.0 == cell.0 - cells[n - 1].0
                && cells[n + 1].1 - cell.1 == cell.1 - cells[n - 1].1;
            if !is_straight {
                points.push(self.place(cell.0, cell.1));
            }
        }
        points
    }
}

fn draw_node(image: &mut VectorImage, node: &Node, rect: Rect) {
    let ink = if node.strong { Ink::Strong } else { Ink::Plain };
    outline(image, node.kind, rect, ink);
    let sign = if node.strong { "▸ " } else { "" };
    let at = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0 + 4.5);
    image.label(
        at,
        Anchor::Middle,
        format!("{sign}{}", node_label(node)),
        ink,
    );
}

/// Draws a box whose outline tells the kind of the node.
fn outline(image: &mut VectorImage, kind: NodeKind, rect: Rect, ink: Ink) {
    let pen = match kind {
        NodeKind::Zone => Pen::dashed(ink),
        _ => Pen::thin(ink),
    };
    let corner = match kind {
        NodeKind::Client => rect.height / 2.0,
        _ => 3.0,
    };
    image.shapes.push(Shape::Area {
        rect,
        corner,
        fill: Fill::Paper,
        pen: Some(pen),
    });
    let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
    match kind {
        NodeKind::Store => {
            for y in [rect.y + 3.5, bottom - 3.5] {
                image.line([(rect.x, y), (right, y)], Pen::thin(ink));
            }
        }
        NodeKind::Queue => {
            for x in [rect.x + 3.5, right - 3.5] {
                image.line([(x, rect.y), (x, bottom)], Pen::thin(ink));
            }
        }
        NodeKind::Client | NodeKind::Service | NodeKind::Zone => {}
    }
}

/// Writes the labels of edges beside their lines, and returns those without a place or a line.
fn labels(
    image: &mut VectorImage,
    room: &mut Room,
    layout: &Layout,
    lines: Vec<Vec<Place>>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let mut lines = lines.into_iter();
    for (link, path) in layout.links.iter().zip(&layout.router.paths) {
        let points = path.as_ref().and_then(|_| lines.next());
        let label = link.edge.label.as_ref().map(|label| label.line());
        let label = label.unwrap_or_default();
        let is_placed = points.is_some_and(|points| {
            label.is_empty() || place_label(image, room, &points, &label, link)
        });
        if !is_placed {
            let name = |node: usize| node_label(layout.nodes[node]);
            let colon = if label.is_empty() { "" } else { ": " };
            notes.push(format!(
                "{} → {}{colon}{label}",
                name(link.from),
                name(link.to)
            ));
        }
    }
    notes
}

fn place_label(
    image: &mut VectorImage,
    room: &mut Room,
    points: &[Place],
    label: &str,
    link: &Link,
) -> bool {
    let mut pieces: Vec<[Place; 2]> = points.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let length = |[a, b]: &[Place; 2]| (b.0 - a.0).abs() + (b.1 - a.1).abs();
    pieces.sort_by(|a, b| length(b).total_cmp(&length(a)));
    let shares = [0.5, 0.35, 0.65, 0.2, 0.8];
    let places = pieces.into_iter().flat_map(|[a, b]| {
        shares.into_iter().flat_map(move |share| {
            let (x, y) = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1));
            [
                ((x, y - 5.0), Anchor::Middle),
                ((x, y + 15.0), Anchor::Middle),
                ((x + 6.0, y + 4.0), Anchor::Start),
                ((x - 6.0, y + 4.0), Anchor::End),
            ]
        })
    });
    let ink = if link.edge.strong {
        Ink::Strong
    } else {
        Ink::Plain
    };
    room.label(image, label, ink, places).is_some()
}

/// Draws which box means which kind, if there are several kinds. A plain box has no name.
fn legend(image: &mut VectorImage, nodes: &[&Node]) {
    let all = [
        NodeKind::Client,
        NodeKind::Queue,
        NodeKind::Store,
        NodeKind::Zone,
    ];
    let is_used = |kind: &NodeKind| nodes.iter().any(|node| node.kind == *kind);
    let named = all.into_iter().filter(is_used);
    let kinds: Vec<_> = named
        .filter_map(|kind| Some((kind, kind_word(kind)?)))
        .collect();
    let has_one_shape = nodes.windows(2).all(|pair| pair[0].kind == pair[1].kind);
    if kinds.is_empty() || has_one_shape {
        return;
    }
    image.height += LINE + 10.0;
    let (mut x, y) = (4.0, image.height - 6.0);
    for (kind, word) in kinds {
        outline(image, kind, Rect::new(x, y - 12.0, 24.0, 14.0), Ink::Dim);
        image.label((x + 30.0, y), Anchor::Start, word, Ink::Dim);
        x += 30.0 + text_width(word) + 20.0;
        image.width = image.width.max(x);
    }
}
