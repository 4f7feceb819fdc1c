//! Graphs: boxes in layers, and edges routed around them.
//!
//! [`layers`] gives each node a layer and a place in it, [`route`] finds a path for each edge, and [`paint`] draws both.

mod layers;
mod paint;
mod route;
mod search;

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::core::figure::describe::node_label;
use crate::core::figure::picture::{Charset, Picture};
use crate::core::figure::{Edge, Graph, Node};
use layers::{Layers, Spacing};
pub use route::{Path, Router};

/// The most rows of a graph for which no flatter layout is tried.
const TALLEST: usize = 16;

/// The direction from layer to layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Right,
    Down,
}

/// The box of a node, without the margin of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

/// An edge between two nodes of the graph.
pub struct Link<'a> {
    pub edge: &'a Edge,
    pub from: usize,
    pub to: usize,
}

/// A graph with the places of its boxes and the paths of its edges, in cells.
pub struct Layout<'a> {
    pub nodes: Vec<&'a Node>,
    pub links: Vec<Link<'a>>,
    pub router: Router,
}

/// Lays out a graph in `width` columns, or more if there is no other way. Returns `None` without a layout.
pub fn layout(graph: &Graph, width: usize) -> Option<Layout<'_>> {
    let (nodes, links) = links(graph);
    let layers = Layers::of(&nodes, &links);
    let mut best: Option<((usize, usize), Router)> = None;
    for spacing in Spacing::ALL
        .into_iter()
        .filter(|spacing| spacing.is_roomy())
    {
        let frames = layers.place(&nodes, &links, spacing);
        let columns = frames.iter().map(|frame| frame.x + frame.width).max();
        let over = columns.unwrap_or(0).saturating_sub(width);
        if spacing.flow == Flow::Right && over > 0 {
            continue;
        }
        let router = Router::new(&nodes, frames, &links, spacing);
        let lost = router.paths.iter().filter(|path| path.is_none()).count();
        if best.as_ref().is_none_or(|(least, _)| (over, lost) < *least) {
            best = Some(((over, lost), router));
        }
        if (over, lost) == (0, 0) {
            break;
        }
    }
    best.map(|(_, router)| Layout {
        nodes,
        links,
        router,
    })
}

/// Returns the nodes, and the edges between them.
fn links(graph: &Graph) -> (Vec<&Node>, Vec<Link<'_>>) {
    let nodes: Vec<&Node> = graph.nodes.iter().collect();
    let ids: BTreeMap<&str, usize> = nodes
        .iter()
        .enumerate()
        .rev()
        .map(|(n, node)| (node.id.as_str(), n))
        .collect();
    let links = graph
        .edges
        .iter()
        .filter_map(|edge| {
            let (from, to) = (*ids.get(edge.from.as_str())?, *ids.get(edge.to.as_str())?);
            Some(Link { edge, from, to })
        })
        .collect();
    (nodes, links)
}

pub fn draw(graph: &Graph, width: usize, charset: Charset) -> Picture {
    let (nodes, links) = links(graph);
    let layers = Layers::of(&nodes, &links);
    let mut best: Option<((usize, usize, usize), Picture)> = None;
    // From the most readable layout to the one with the most room for edges.
    for spacing in Spacing::ALL {
        let is_only_tall = best
            .as_ref()
            .is_some_and(|((over, lost, _), _)| (*over, *lost) == (0, 0));
        if is_only_tall && !spacing.is_flat() {
            continue;
        }
        let frames = layers.place(&nodes, &links, spacing);
        let columns = frames.iter().map(|frame| frame.x + frame.width).max();
        if spacing.flow == Flow::Right && columns.is_some_and(|columns| columns > width) {
            continue;
        }
        let router = Router::new(&nodes, frames, &links, spacing);
        let picture = paint::picture(&nodes, &links, &router, width, charset);
        let lost = router.paths.iter().filter(|path| path.is_none()).count();
        let faults = (
            picture.width.saturating_sub(width),
            lost,
            picture.lines.len().saturating_sub(TALLEST),
        );
        if faults == (0, 0, 0) {
            return picture;
        }
        if best.as_ref().is_none_or(|(least, _)| faults < *least) {
            best = Some((faults, picture));
        }
    }
    best.map(|(_, picture)| picture).unwrap_or_default()
}

/// Returns the text in the box of a node; a sign precedes that of an emphasized one.
fn text(node: &Node) -> (bool, String) {
    (node.strong, node_label(node))
}

/// Returns the columns that the box of a node takes without a margin.
fn box_width(node: &Node) -> usize {
    let (strong, label) = text(node);
    label.width() + 2 + if strong { 2 } else { 0 }
}
