//! Figures as sentences, for plain mode and screen readers.

use super::{
    Axis, Chart, Drawing, Figure, Graph, Message, Node, NodeKind, Ring, Span, Style, Table, Text,
    Timeline, Trace,
};
use crate::core::number::show;

/// Returns what the figure is, its caption, and its data with one fact per line.
pub fn describe(figure: &Figure) -> Vec<String> {
    let mut lines = vec![figure.alt.line()];
    lines.extend(figure.caption.as_ref().map(Text::line));
    lines.extend(match &figure.drawing {
        Drawing::Timeline(timeline) => timeline_facts(timeline),
        Drawing::Trace(trace) => trace_facts(trace),
        Drawing::Chart(chart) => chart_facts(chart),
        Drawing::Table(table) => table_facts(table),
        Drawing::Graph(graph) => graph_facts(graph),
        Drawing::Ring(ring) => ring_facts(ring),
    });
    lines.retain(|line| !line.is_empty());
    lines
}

/// Formats a value with its unit: `10 ms`, `5%`.
pub(super) fn with_unit(value: f64, unit: &Text) -> String {
    let unit = unit.line();
    let space = if unit.is_empty() || unit == "%" {
        ""
    } else {
        " "
    };
    format!("{}{space}{unit}", show(value))
}

fn remark(said: bool, words: &str) -> String {
    if said {
        format!(", {words}")
    } else {
        String::new()
    }
}

fn emphasis(strong: bool) -> String {
    remark(strong, "emphasized")
}

fn after_colon(label: Option<&Text>) -> String {
    match label.map(Text::line) {
        Some(label) if !label.is_empty() => format!(": {label}"),
        _ => String::new(),
    }
}

fn listed<'a>(texts: impl IntoIterator<Item = &'a Text>) -> String {
    let lines: Vec<String> = texts.into_iter().map(Text::line).collect();
    lines.join(", ")
}

fn timeline_facts(timeline: &Timeline) -> Vec<String> {
    let lane = |index: usize| {
        timeline
            .lanes
            .get(index)
            .map(Text::line)
            .unwrap_or_default()
    };
    let time = |at: f64| with_unit(at, &timeline.unit);
    let mut facts: Vec<(f64, String)> = Vec::new();
    for interval in &timeline.intervals {
        let (from, to) = (show(interval.from), time(interval.to));
        let label = after_colon(interval.label.as_ref());
        let strong = emphasis(interval.strong);
        let text = format!(
            "{}, from {from} to {to}{strong}{label}",
            lane(interval.lane)
        );
        facts.push((interval.from, text));
    }
    for event in &timeline.events {
        let label = after_colon(event.label.as_ref());
        let (at, strong) = (time(event.at), emphasis(event.strong));
        facts.push((
            event.at,
            format!("{}, at {at}{strong}{label}", lane(event.lane)),
        ));
    }
    for message in &timeline.messages {
        facts.push((message.from, message_fact(message, lane, time)));
    }
    for marker in &timeline.markers {
        let label = after_colon(Some(&marker.label));
        facts.push((
            marker.at,
            format!("All lanes, at {}{label}", time(marker.at)),
        ));
    }
    facts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lanes = format!("Lanes from top to bottom: {}", listed(&timeline.lanes));
    [lanes]
        .into_iter()
        .chain(facts.into_iter().map(|(_, text)| text))
        .collect()
}

fn message_fact(
    message: &Message,
    lane: impl Fn(usize) -> String,
    time: impl Fn(f64) -> String,
) -> String {
    let (from, to) = (lane(message.from_lane), lane(message.to_lane));
    let end = if message.lost {
        "lost".to_owned()
    } else if message.to == message.from {
        "received at once".to_owned()
    } else {
        format!("received at {}", time(message.to))
    };
    let label = after_colon(message.label.as_ref());
    let (sent, strong) = (time(message.from), emphasis(message.strong));
    format!("{from} to {to}, sent at {sent}, {end}{strong}{label}")
}

fn trace_facts(trace: &Trace) -> Vec<String> {
    let words = |span: &Span| {
        let (service, name) = (span.service.line(), span.name.line());
        match service == name {
            true => service,
            false => format!("{service} {name}").trim().to_owned(),
        }
    };
    // Spans with the same words are numbered in their order.
    let name = |span: &Span| {
        let all = trace.spans.iter();
        let same: Vec<&Span> = all.filter(|other| words(other) == words(span)).collect();
        let place = same.iter().position(|other| other.id == span.id);
        match place {
            Some(n) if same.len() > 1 => format!("{} ({})", words(span), n + 1),
            _ => words(span),
        }
    };
    let fact = |span: &Span| {
        let parent = trace
            .spans
            .iter()
            .find(|other| Some(&other.id) == span.parent.as_ref())
            .map(|parent| format!(", called by {}", name(parent)));
        format!(
            "{}: from {} to {}, {} long{}{}{}",
            name(span),
            show(span.start),
            with_unit(span.end, &trace.unit),
            with_unit(span.end - span.start, &trace.unit),
            parent.unwrap_or_default(),
            remark(span.error, "failed"),
            emphasis(span.strong),
        )
    };
    trace.spans.iter().map(fact).collect()
}

fn chart_facts(chart: &Chart) -> Vec<String> {
    let mut facts = vec![axis_fact("x", &chart.x), axis_fact("y", &chart.y)];
    for series in &chart.series {
        let style = match series.style {
            Style::Line => "line",
            Style::Step => "steps",
            Style::Bars => "bars",
        };
        let points: Vec<String> = series
            .points
            .iter()
            .map(|(x, y)| format!("{} at {}", show(*y), show(*x)))
            .collect();
        facts.push(format!(
            "{} ({style}): {}",
            series.label.line(),
            points.join(", ")
        ));
    }
    facts.extend(chart.thresholds.iter().map(|threshold| {
        let label = after_colon(Some(&threshold.label));
        format!(
            "Horizontal line at {}{label}",
            with_unit(threshold.at, &chart.y.unit)
        )
    }));
    facts.extend(chart.shaded.iter().map(|shaded| {
        let label = after_colon(Some(&shaded.label));
        let to = with_unit(shaded.to, &chart.x.unit);
        format!("Shaded from {} to {to}{label}", show(shaded.from))
    }));
    facts
}

fn axis_fact(name: &str, axis: &Axis) -> String {
    let unit = axis.unit.line();
    let mut fact = format!("{name} axis");
    let label = axis.label.line();
    if !label.is_empty() {
        fact += &format!(": {label}");
    }
    if !unit.is_empty() {
        fact += &format!(", in {unit}");
    }
    if let (Some(min), Some(max)) = (axis.min, axis.max) {
        fact += &format!(", from {} to {}", show(min), show(max));
    }
    if axis.log {
        fact += ", logarithmic";
    }
    if !axis.ticks.is_empty() {
        fact += &format!(", labelled at equal distances: {}", listed(&axis.ticks));
    }
    fact
}

fn table_facts(table: &Table) -> Vec<String> {
    let row = |(r, row): (usize, &Vec<Text>)| {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.line().is_empty())
            .map(|(c, cell)| {
                let column = table.columns.get(c).map(Text::line).unwrap_or_default();
                let colon = if column.is_empty() { "" } else { ": " };
                let strong = emphasis(table.highlighted.contains(&(r, c)));
                format!("{column}{colon}{}{strong}", cell.line())
            })
            .collect();
        cells.join("; ")
    };
    table.rows.iter().enumerate().map(row).collect()
}

fn graph_facts(graph: &Graph) -> Vec<String> {
    let label = |id: &str| {
        let node = graph.nodes.iter().find(|node| node.id == id);
        node.map_or_else(|| id.to_owned(), node_label)
    };
    let node = |node: &Node| {
        let group = node
            .group
            .as_ref()
            .map(|group| format!(", in {}", group.line()))
            .unwrap_or_default();
        let kind = kind_word(node.kind)
            .map(|word| format!(" ({word})"))
            .unwrap_or_default();
        let strong = emphasis(node.strong);
        format!("{}{kind}{group}{strong}", node_label(node))
    };
    let nodes: Vec<String> = graph.nodes.iter().map(node).collect();
    let edges = graph.edges.iter().map(|edge| {
        let text = after_colon(edge.label.as_ref());
        let strong = emphasis(edge.strong);
        format!(
            "From {} to {}{strong}{text}",
            label(&edge.from),
            label(&edge.to)
        )
    });
    [format!("Nodes: {}", nodes.join("; "))]
        .into_iter()
        .chain(edges)
        .collect()
}

/// Returns the label of a node, or its id if it has none.
pub(super) fn node_label(node: &Node) -> String {
    let label = node.label.line();
    if label.is_empty() {
        Text::new(&node.id).line()
    } else {
        label
    }
}

/// Returns the word for a kind that has a shape of its own; `None` for a service, whose plain box is also that of
/// components, exchanges and hosts.
pub(super) fn kind_word(kind: NodeKind) -> Option<&'static str> {
    match kind {
        NodeKind::Service => None,
        NodeKind::Store => Some("store"),
        NodeKind::Queue => Some("queue"),
        NodeKind::Client => Some("client"),
        NodeKind::Zone => Some("zone"),
    }
}

fn ring_facts(ring: &Ring) -> Vec<String> {
    let mut points: Vec<_> = ring.points.iter().collect();
    points.sort_by(|a, b| a.at.total_cmp(&b.at));
    let point = |point: &super::Point| {
        let words = [point.kind.line(), point.label.line()].join(" ");
        let strong = emphasis(point.strong);
        format!("{} at {}{strong}", words.trim(), show(point.at))
    };
    let arcs = ring.arcs.iter().map(|arc| {
        let label = after_colon(Some(&arc.label));
        format!(
            "Range after {} up to and including {}{label}",
            show(arc.from),
            show(arc.to)
        )
    });
    [format!(
        "Positions from 0 up to {}, then 0 again",
        show(ring.size)
    )]
    .into_iter()
    .chain(points.into_iter().map(point))
    .chain(arcs)
    .collect()
}
