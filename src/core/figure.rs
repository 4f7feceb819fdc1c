//! Figures: timelines, traces, charts, tables, graphs and rings, as values that every output draws.

mod describe;
mod draw;
mod listing;
mod picture;
mod template;
mod vector;

use serde::{Deserialize, Serialize};

use super::text::Text;

pub use describe::describe;
pub use draw::{draw, draw_on_screen};
pub use picture::{Charset, Ink, Picture, Run};
pub use template::{FigureTemplate, calculated, calculations};
pub use vector::{Anchor, Fill, Pen, Place, Rect, Shape, VectorImage, text_width, vector_image};

/// A figure of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// One or two sentences that say what the figure is, without its data.
    pub alt: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Text>,
    #[serde(flatten)]
    pub drawing: Drawing,
}

impl Figure {
    /// Returns the number of things to read: marks, messages, spans, series, rows, nodes, edges or points.
    pub fn parts(&self) -> usize {
        match &self.drawing {
            Drawing::Timeline(timeline) => {
                let marks = timeline.intervals.len() + timeline.events.len();
                marks + timeline.messages.len() + timeline.markers.len()
            }
            Drawing::Trace(trace) => trace.spans.len(),
            Drawing::Chart(chart) => {
                chart.series.len() + chart.thresholds.len() + chart.shaded.len()
            }
            Drawing::Table(table) => table.rows.len(),
            Drawing::Graph(graph) => graph.nodes.len() + graph.edges.len(),
            Drawing::Ring(ring) => ring.points.len() + ring.arcs.len(),
        }
    }
}

/// The data of a figure, by kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Drawing {
    Timeline(Timeline),
    Trace(Trace),
    Chart(Chart),
    Table(Table),
    Graph(Graph),
    Ring(Ring),
}

/// Lanes over a time axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeline {
    /// The unit of all times; empty if they have none.
    pub unit: Text,
    /// The names of the lanes, from top to bottom.
    pub lanes: Vec<Text>,
    pub intervals: Vec<Interval>,
    pub events: Vec<Event>,
    pub messages: Vec<Message>,
    pub markers: Vec<Marker>,
}

/// A bar in a lane over `[from, to)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Interval {
    /// The index of the lane.
    pub lane: usize,
    pub from: f64,
    pub to: f64,
    pub label: Option<Text>,
    /// Drawn with emphasis, as in a solved figure.
    pub strong: bool,
}

/// An instant in a lane.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    /// The index of the lane.
    pub lane: usize,
    pub at: f64,
    pub label: Option<Text>,
    pub strong: bool,
}

/// A message between two lanes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// The index of the sender's lane.
    pub from_lane: usize,
    pub from: f64,
    /// The index of the receiver's lane.
    pub to_lane: usize,
    pub to: f64,
    pub label: Option<Text>,
    /// The message never arrives.
    pub lost: bool,
    pub strong: bool,
}

/// A vertical line through all lanes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    pub at: f64,
    pub label: Text,
}

/// A waterfall of spans.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trace {
    pub unit: Text,
    pub spans: Vec<Span>,
}

/// A span of a trace over `[start, end)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Span {
    pub id: String,
    /// The `id` of the parent; `None` for a root.
    pub parent: Option<String>,
    pub service: Text,
    pub name: Text,
    pub start: f64,
    pub end: f64,
    pub error: bool,
    /// Drawn with emphasis, such as the spans on the critical path.
    pub strong: bool,
}

/// Series over one x axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    /// Horizontal lines.
    pub thresholds: Vec<Threshold>,
    /// Shaded spans of the x axis.
    pub shaded: Vec<Shaded>,
}

/// An axis of a chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Axis {
    pub label: Text,
    pub unit: Text,
    /// The lower and the upper end; derived from the data if absent.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Labels at equal distances from `min` to `max`; numbers if empty.
    pub ticks: Vec<Text>,
    pub log: bool,
}

/// A series of a chart, labelled at its line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub label: Text,
    #[serde(default)]
    pub style: Style,
    /// Points in the order of their x values; two points with the same x are a jump.
    pub points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    #[default]
    Line,
    Step,
    Bars,
}

/// A horizontal line in a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    pub at: f64,
    pub label: Text,
}

/// A shaded span of the x axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shaded {
    pub from: f64,
    pub to: f64,
    pub label: Text,
}

/// Rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    pub columns: Vec<Text>,
    /// Each row has one cell per column.
    pub rows: Vec<Vec<Text>>,
    /// The alignment of each column; left where it is missing.
    pub align: Vec<Align>,
    /// Emphasized cells, as (row, column).
    pub highlighted: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    #[default]
    Left,
    Right,
    Center,
}

/// A topology, laid out in layers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    pub id: String,
    pub label: Text,
    pub kind: NodeKind,
    /// Nodes of one group are framed together.
    pub group: Option<Text>,
    /// The layer, from 0; computed from the edges if absent.
    pub rank: Option<usize>,
    pub strong: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    #[default]
    Service,
    Store,
    Queue,
    Client,
    Zone,
}

/// A directed edge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edge {
    /// The `id` of a node.
    pub from: String,
    pub to: String,
    pub label: Option<Text>,
    pub strong: bool,
}

/// A circular order, drawn as a strip that wraps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ring {
    /// Positions are in `0..size`.
    pub size: f64,
    pub points: Vec<Point>,
    /// Emphasized ranges, as in a solved figure.
    pub arcs: Vec<Arc>,
}

/// A point of a ring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Point {
    pub at: f64,
    pub label: Text,
    /// What it is, such as `node` or `key`; points of one kind are drawn in one row.
    pub kind: Text,
    pub strong: bool,
}

/// The range `(from, to]` of a ring, wrapping where `to < from`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arc {
    pub from: f64,
    pub to: f64,
    pub label: Text,
}
