//! Random figures.

use aethos::core::figure::{
    Align, Arc, Axis, Chart, Drawing, Edge, Event, Figure, Graph, Interval, Marker, Message, Node,
    NodeKind, Point, Ring, Series, Shaded, Span, Style, Table, Threshold, Timeline, Trace,
};
use aethos::core::text::Text;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// What the numbers and texts of a figure are drawn from.
#[derive(Clone)]
struct Source {
    number: BoxedStrategy<f64>,
    label: BoxedStrategy<Text>,
    /// A multiple of the limits of each kind.
    most: usize,
}

/// Any figure, with hostile numbers, texts and references.
pub fn figure() -> impl Strategy<Value = Figure> {
    let number = prop_oneof![
        8 => -10.0..100.0f64,
        4 => (0..60u8).prop_map(f64::from),
        1 => any::<f64>(),
    ];
    let label = prop_oneof![4 => "[a-z]{0,9}", 1 => any::<String>(), 1 => "[一-三é ]{0,40}"];
    kinds(Source {
        number: number.boxed(),
        label: label.prop_map(|text| Text::new(&text)).boxed(),
        most: 2,
    })
}

/// A figure within the limits, with whole numbers and short labels.
pub fn usual() -> impl Strategy<Value = Figure> {
    kinds(Source {
        number: (0..60u8).prop_map(f64::from).boxed(),
        label: "[a-z]{5,9}".prop_map(|text| Text::new(&text)).boxed(),
        most: 1,
    })
}

fn kinds(source: Source) -> impl Strategy<Value = Figure> {
    let drawing = prop_oneof![
        timeline(&source).prop_map(Drawing::Timeline),
        trace(&source).prop_map(Drawing::Trace),
        chart(&source).prop_map(Drawing::Chart),
        table(&source).prop_map(Drawing::Table),
        graph(&source).prop_map(Drawing::Graph),
        ring(&source).prop_map(Drawing::Ring),
    ];
    (source.label.clone(), of(source.label), drawing).prop_map(|(alt, caption, drawing)| Figure {
        alt,
        caption,
        drawing,
    })
}

fn timeline(source: &Source) -> impl Strategy<Value = Timeline> + use<> {
    let Source {
        number,
        label,
        most,
    } = source.clone();
    let lane = 0..8 * most;
    let interval = (
        lane.clone(),
        number.clone(),
        number.clone(),
        of(label.clone()),
        any::<bool>(),
    );
    let event = (lane.clone(), number.clone(), of(label.clone()));
    let times = (number.clone(), number.clone());
    let message = (lane.clone(), lane, times, of(label.clone()), any::<bool>());
    let marker = (number, label.clone());
    let lanes = if most == 1 { 8..=8 } else { 0..=16 };
    let lists = (
        vec(interval, 0..12 * most),
        vec(event, 0..8 * most),
        vec(message, 0..8 * most),
    );
    (label.clone(), vec(label, lanes), lists, vec(marker, 0..3)).prop_map(
        |(unit, lanes, (intervals, events, messages), markers)| Timeline {
            unit,
            lanes,
            intervals: intervals
                .into_iter()
                .map(|(lane, a, b, label, strong)| Interval {
                    lane,
                    from: a.min(b),
                    to: a.max(b),
                    label,
                    strong,
                })
                .collect(),
            events: events
                .into_iter()
                .map(|(lane, at, label)| Event {
                    lane,
                    at,
                    label,
                    strong: false,
                })
                .collect(),
            messages: messages
                .into_iter()
                .map(|(from_lane, to_lane, (from, to), label, lost)| Message {
                    from_lane,
                    from,
                    to_lane,
                    to,
                    label,
                    lost,
                    strong: false,
                })
                .collect(),
            markers: markers
                .into_iter()
                .map(|(at, label)| Marker { at, label })
                .collect(),
        },
    )
}

fn trace(source: &Source) -> impl Strategy<Value = Trace> + use<> {
    let Source {
        number,
        label,
        most,
    } = source.clone();
    let times = (number.clone(), number);
    let span = (
        0..14usize,
        label.clone(),
        label.clone(),
        times,
        any::<bool>(),
        any::<bool>(),
    );
    (label, vec(span, 0..=14 * most)).prop_map(|(unit, spans)| Trace {
        unit,
        spans: spans
            .into_iter()
            .enumerate()
            .map(|(n, (parent, service, name, (a, b), error, strong))| Span {
                id: n.to_string(),
                parent: (parent != n).then(|| parent.to_string()),
                service,
                name,
                start: a.min(b),
                end: a.max(b),
                error,
                strong,
            })
            .collect(),
    })
}

fn axis(source: &Source) -> impl Strategy<Value = Axis> + use<> {
    let Source { number, label, .. } = source.clone();
    let ends = (of(number.clone()), of(number));
    (
        label.clone(),
        label.clone(),
        ends,
        vec(label, 0..5),
        any::<bool>(),
    )
        .prop_map(|(label, unit, (min, max), ticks, log)| Axis {
            label,
            unit,
            min,
            max,
            ticks,
            log,
        })
}

fn chart(source: &Source) -> impl Strategy<Value = Chart> + use<> {
    let Source { number, label, .. } = source.clone();
    let style = prop_oneof![Just(Style::Line), Just(Style::Step), Just(Style::Bars)];
    let points = vec((number.clone(), number.clone()), 0..20);
    let series = (label.clone(), style, points);
    let threshold = (number.clone(), label.clone());
    let shaded = (number.clone(), number, label);
    let marks = (vec(threshold, 0..3), vec(shaded, 0..3));
    (axis(source), axis(source), vec(series, 0..=4), marks).prop_map(
        |(x, y, series, (thresholds, shaded))| Chart {
            x,
            y,
            series: series
                .into_iter()
                .map(|(label, style, points)| Series {
                    label,
                    style,
                    points,
                })
                .collect(),
            thresholds: thresholds
                .into_iter()
                .map(|(at, label)| Threshold { at, label })
                .collect(),
            shaded: shaded
                .into_iter()
                .map(|(from, to, label)| Shaded { from, to, label })
                .collect(),
        },
    )
}

fn table(source: &Source) -> impl Strategy<Value = Table> + use<> {
    let label = source.label.clone();
    let align = prop_oneof![Just(Align::Left), Just(Align::Right), Just(Align::Center)];
    let rows = vec(vec(label.clone(), 0..6), 0..10);
    let cells = vec((0..10usize, 0..6usize), 0..5);
    (vec(label, 0..6), rows, vec(align, 0..6), cells).prop_map(
        |(columns, rows, align, highlighted)| Table {
            columns,
            rows,
            align,
            highlighted,
        },
    )
}

fn graph(source: &Source) -> impl Strategy<Value = Graph> + use<> {
    let Source { label, most, .. } = source.clone();
    let kind = prop_oneof![
        Just(NodeKind::Service),
        Just(NodeKind::Store),
        Just(NodeKind::Queue),
        Just(NodeKind::Client),
        Just(NodeKind::Zone),
    ];
    let group = of(prop_oneof![Just("zone a"), Just("zone b")]);
    let node = (label.clone(), kind, group, of(0..20usize), any::<bool>());
    let edge = (0..12usize, 0..12usize, of(label), any::<bool>());
    (vec(node, 0..=12 * most), vec(edge, 0..=16 * most)).prop_map(|(nodes, edges)| Graph {
        edges: edges
            .into_iter()
            .filter(|(from, to, ..)| *from.max(to) < nodes.len())
            .map(|(from, to, label, strong)| Edge {
                from: from.to_string(),
                to: to.to_string(),
                label,
                strong,
            })
            .collect(),
        nodes: nodes
            .into_iter()
            .enumerate()
            .map(|(n, (label, kind, group, rank, strong))| Node {
                id: n.to_string(),
                label,
                kind,
                group: group.map(Text::from),
                rank,
                strong,
            })
            .collect(),
    })
}

fn ring(source: &Source) -> impl Strategy<Value = Ring> + use<> {
    let Source {
        number,
        label,
        most,
    } = source.clone();
    let kind = prop_oneof![Just("node"), Just("key")];
    let point = (number.clone(), label.clone(), kind, any::<bool>());
    let arc = (number.clone(), number.clone(), label);
    let size = if most == 1 {
        Just(60.0).boxed()
    } else {
        number
    };
    (size, vec(point, 0..14 * most), vec(arc, 0..3)).prop_map(|(size, points, arcs)| Ring {
        size,
        points: points
            .into_iter()
            .map(|(at, label, kind, strong)| Point {
                at,
                label,
                kind: Text::from(kind),
                strong,
            })
            .collect(),
        arcs: arcs
            .into_iter()
            .map(|(from, to, label)| Arc { from, to, label })
            .collect(),
    })
}
