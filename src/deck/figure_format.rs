//! The part of the deck format that describes figures: one table of keys for each kind.

use super::format::{Key, Table, Value, optional, required};
use Value::{Amount, Amounts, Flag, Id, Pairs, Points, Tables, Text, TextRows, Texts, Word};

/// The largest number of lanes that fit in a figure of 16 rows.
pub const MAX_LANES: usize = 8;
const MAX_SPANS: usize = 14;
const MAX_NODES: usize = 12;
const MAX_SERIES: usize = 4;
/// The largest number of rows, marks, messages, edges or points of a figure.
const MAX_PARTS: usize = 40;

/// The formats of a `[[question.figure]]`, by the word in its `kind`.
pub static KINDS: [(&str, &Table); 6] = [
    ("timeline", &TIMELINE),
    ("trace", &TRACE),
    ("chart", &CHART),
    ("table", &TABLE),
    ("graph", &GRAPH),
    ("ring", &RING),
];

/// Returns the words for `kind`.
pub fn kinds() -> Vec<&'static str> {
    KINDS.iter().map(|(word, _)| *word).collect()
}

const KIND: Key = required("kind", Word(kinds), "What the figure is.");
const ALT: Key = required(
    "alt",
    Text,
    "One or two sentences that say what the figure is, for people who cannot see it. Its data follow by themselves.",
);
const CAPTION: Key = optional("caption", Text, "A line above the figure.");
const LABEL: Key = optional("label", Text, "A short label.");

static TIMELINE: Table = Table {
    doc: "Lanes over a time axis, with intervals, instants, messages and markers.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        optional("unit", Text, "The unit of all times, such as ms."),
        required(
            "lanes",
            Texts,
            "The names of the lanes, from top to bottom; other keys refer to a lane by its name.",
        ),
        optional(
            "interval",
            Tables(&INTERVAL, 1, MAX_PARTS),
            "Bars in a lane.",
        ),
        optional("event", Tables(&EVENT, 1, MAX_PARTS), "Instants in a lane."),
        optional(
            "message",
            Tables(&MESSAGE, 1, MAX_PARTS),
            "Messages between two lanes.",
        ),
        optional(
            "marker",
            Tables(&MARKER, 1, MAX_PARTS),
            "Vertical lines through all lanes.",
        ),
    ],
};

static INTERVAL: Table = Table {
    doc: "A bar in a lane.",
    keys: &[
        required("lane", Text, "The name of the lane."),
        required("from", Amount, "When it begins."),
        required("to", Amount, "When it ends."),
        LABEL,
    ],
};

static EVENT: Table = Table {
    doc: "An instant in a lane.",
    keys: &[
        required("lane", Text, "The name of the lane."),
        required("at", Amount, "When it happens."),
        LABEL,
    ],
};

static MESSAGE: Table = Table {
    doc: "A message between two lanes.",
    keys: &[
        required("from_lane", Text, "The lane of the sender."),
        required("from", Amount, "When it is sent."),
        required("to_lane", Text, "The lane of the receiver."),
        required(
            "to",
            Amount,
            "When it arrives, or when it is lost on the way.",
        ),
        LABEL,
        optional("lost", Flag, "Whether it never arrives."),
    ],
};

static MARKER: Table = Table {
    doc: "A vertical line through all lanes.",
    keys: &[
        required("at", Amount, "Where it stands on the time axis."),
        required("label", Text, "What happens then."),
    ],
};

static TRACE: Table = Table {
    doc: "A waterfall of spans.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        optional("unit", Text, "The unit of all times, such as ms."),
        required(
            "span",
            Tables(&SPAN, 1, MAX_SPANS),
            "The spans, from top to bottom.",
        ),
    ],
};

static SPAN: Table = Table {
    doc: "A span of a trace.",
    keys: &[
        required("id", Id, "Unique in the figure."),
        optional("parent", Id, "The id of the span that it is part of."),
        required("service", Text, "The service that does the work."),
        required("name", Text, "The operation."),
        required("start", Amount, "When it begins."),
        required("end", Amount, "When it ends."),
        optional("error", Flag, "Whether it failed."),
    ],
};

static CHART: Table = Table {
    doc: "One to four series over one x axis.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        required(
            "x",
            Value::Table(&AXIS),
            "The horizontal axis, as a table on one line.",
        ),
        required(
            "y",
            Value::Table(&AXIS),
            "The vertical axis, as a table on one line.",
        ),
        required("series", Tables(&SERIES, 1, MAX_SERIES), "What is plotted."),
        optional(
            "threshold",
            Tables(&THRESHOLD, 1, 4),
            "Horizontal lines, such as a limit.",
        ),
        optional(
            "shaded",
            Tables(&SHADED, 1, 4),
            "Shaded spans of the x axis.",
        ),
    ],
};

static AXIS: Table = Table {
    doc: "An axis of a chart.",
    keys: &[
        optional("label", Text, "What the axis shows."),
        optional("unit", Text, "The unit of its numbers."),
        optional(
            "min",
            Amount,
            "The lower end; derived from the data if left out.",
        ),
        optional(
            "max",
            Amount,
            "The upper end; derived from the data if left out.",
        ),
        optional(
            "ticks",
            Texts,
            "Labels at equal distances from `min` to `max`; numbers if left out.",
        ),
        optional("log", Flag, "Whether the scale is logarithmic."),
    ],
};

static SERIES: Table = Table {
    doc: "A series of a chart, labelled at its line. It has `points` or `values`.",
    keys: &[
        required(
            "label",
            Text,
            "Its name, by which it is told from the others.",
        ),
        optional(
            "style",
            Word(|| vec!["line", "step", "bars"]),
            "How it is drawn; a line if left out.",
        ),
        optional(
            "points",
            Points,
            "Pairs [x, y] in the order of x; two points with the same x are a jump.",
        ),
        optional(
            "values",
            Amounts,
            "The values of y at equal distances over the x axis, from `min` to `max` or at 0, 1, 2...",
        ),
    ],
};

static THRESHOLD: Table = Table {
    doc: "A horizontal line in a chart.",
    keys: &[
        required("at", Amount, "Its height on the y axis."),
        required("label", Text, "What it means."),
    ],
};

static SHADED: Table = Table {
    doc: "A shaded span of the x axis.",
    keys: &[
        required("from", Amount, "Where it begins."),
        required("to", Amount, "Where it ends."),
        required("label", Text, "What it means."),
    ],
};

static TABLE: Table = Table {
    doc: "Rows and columns.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        required("columns", Texts, "The heads of the columns."),
        required("rows", TextRows, "The rows, each with one text per column."),
        optional(
            "align",
            Value::Words(|| vec!["left", "right", "center"]),
            "How each column is aligned: left, right or center.",
        ),
        optional(
            "highlighted",
            Pairs,
            "Emphasized cells by row and column, from 1: [[2, 3]].",
        ),
    ],
};

static GRAPH: Table = Table {
    doc: "A topology, laid out in layers from its edges.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        required("node", Tables(&NODE, 1, MAX_NODES), "The nodes."),
        optional("edge", Tables(&EDGE, 1, MAX_PARTS), "Directed edges."),
    ],
};

static NODE: Table = Table {
    doc: "A node of a graph.",
    keys: &[
        required("id", Id, "Unique in the figure."),
        optional("label", Text, "Its name; the id if left out."),
        optional(
            "kind",
            Word(|| vec!["service", "store", "queue", "client", "zone"]),
            "What it is; a service if left out.",
        ),
        optional("group", Text, "Nodes of one group are framed together."),
        optional(
            "rank",
            Value::Integer(0, 11),
            "The layer, from 0; computed from the edges if left out.",
        ),
    ],
};

static EDGE: Table = Table {
    doc: "A directed edge.",
    keys: &[
        required("from", Id, "The id of a node."),
        required("to", Id, "The id of a node."),
        LABEL,
    ],
};

static RING: Table = Table {
    doc: "A circular order such as a hash ring, drawn as a strip that wraps.",
    keys: &[
        KIND,
        ALT,
        CAPTION,
        required("size", Amount, "Positions are from 0 up to the size."),
        required("point", Tables(&POINT, 1, MAX_PARTS), "The points."),
    ],
};

static POINT: Table = Table {
    doc: "A point of a ring.",
    keys: &[
        required("at", Amount, "Its position."),
        required("label", Text, "Its name."),
        optional(
            "kind",
            Text,
            "What it is, such as node or key; points of one kind are drawn in one row.",
        ),
    ],
};
