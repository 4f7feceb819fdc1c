//! The time to draw the largest allowed figure of each kind.

use std::hint::black_box;
use std::time::Instant;

use aethos::core::figure::{
    Charset, Chart, Drawing, Edge, Figure, Graph, Interval, Message, Node, Series, Span, Style,
    Timeline, Trace, draw,
};
use aethos::core::text::Text;

use crate::table::{Budget, Table};

const TIMES: usize = 200;
/// The width of a figure in a terminal of 80 columns.
const WIDTH: usize = 76;

pub fn figures(table: &mut Table) {
    let kinds = [
        ("timeline, 8 lanes", timeline()),
        ("trace, 14 spans", trace()),
        ("chart, 4 series of 60 points", chart()),
        ("graph, 12 nodes, 16 edges", graph()),
    ];
    for (what, drawing) in kinds {
        let figure = Figure {
            alt: Text::default(),
            caption: None,
            drawing,
        };
        let sample = |_| {
            let start = Instant::now();
            black_box(draw(&figure, WIDTH, Charset::Unicode));
            start.elapsed().as_secs_f64() * 1e3
        };
        let samples = (0..TIMES).map(sample).collect();
        table.add(
            format!("figure: {what}"),
            "ms",
            samples,
            Budget::Median(0.5),
        );
    }
}

fn label(what: &str, n: usize) -> Text {
    Text::new(&format!("{what} {n}"))
}

fn timeline() -> Drawing {
    let interval = |n: usize| Interval {
        lane: n % 4,
        from: (n * 5) as f64,
        to: (n * 5 + 7) as f64,
        label: Some(label("read", n)),
        strong: false,
    };
    let message = |n: usize| Message {
        from_lane: n % 8,
        from: (n * 5) as f64,
        to_lane: (n * 3 + 1) % 8,
        to: (n * 5 + n % 4) as f64,
        label: Some(label("message", n)),
        lost: n.is_multiple_of(5),
        strong: false,
    };
    Drawing::Timeline(Timeline {
        lanes: (0..8).map(|n| label("lane", n)).collect(),
        intervals: (0..12).map(interval).collect(),
        messages: (0..12).map(message).collect(),
        ..Timeline::default()
    })
}

fn trace() -> Drawing {
    let span = |n: usize| Span {
        id: n.to_string(),
        parent: n.checked_sub(1).map(|n| (n / 2).to_string()),
        service: label("service", n),
        name: label("operation", n),
        start: (n * 4) as f64,
        end: 100.0,
        ..Span::default()
    };
    Drawing::Trace(Trace {
        unit: Text::new("ms"),
        spans: (0..14).map(span).collect(),
    })
}

fn chart() -> Drawing {
    let point = |n: usize, x: usize| (x as f64, ((x * 7 + n * 31) % 23 + 20 * n) as f64);
    let series = |n: usize| Series {
        label: label("series", n),
        style: Style::Line,
        points: (0..60).map(|x| point(n, x)).collect(),
    };
    Drawing::Chart(Chart {
        series: (0..4).map(series).collect(),
        ..Chart::default()
    })
}

fn graph() -> Drawing {
    let node = |n: usize| Node {
        id: n.to_string(),
        label: label("node", n),
        rank: Some(n / 3),
        ..Node::default()
    };
    // From each node to one or two of the next layer, and one edge back.
    let forward = (0..15).map(|n| (n % 9, (n % 9 / 3 + 1) * 3 + (n * 5 + n / 9) % 3));
    let edge = |(from, to): (usize, usize)| Edge {
        from: from.to_string(),
        to: to.to_string(),
        ..Edge::default()
    };
    Drawing::Graph(Graph {
        nodes: (0..12).map(node).collect(),
        edges: forward.chain([(11, 0)]).map(edge).collect(),
    })
}
