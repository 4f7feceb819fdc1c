//! Rules about figures: what their `alt` says, whether they can be read, and whether everything in them is shown.

use super::super::diagnostic_code::DiagnosticCode;
use super::tokens::{content, words};
use super::{Finding, Place, finding, single};
use crate::core::figure::{Charset, Chart, Drawing, Figure, Graph, Timeline, draw};
use crate::core::question::{Interaction, Question, Row};
use crate::core::text::Text;

/// The width in which every figure must be readable, in columns.
const COLUMNS: usize = 76;
/// The smallest number of words that say what a figure is.
const ALT_WORDS: usize = 5;

pub fn rules(question: &Question, out: &mut Vec<Finding>) {
    for (index, figure) in question.figures(Row(0)).iter().enumerate() {
        trivial_alt(index, figure, out);
        revealing_alt(question, index, figure, out);
        fits(index, figure, out);
        match &figure.drawing {
            Drawing::Chart(chart) => outside_axes(index, chart, out),
            Drawing::Graph(graph) => loose_nodes(index, graph, out),
            Drawing::Timeline(timeline) => empty_lanes(index, timeline, out),
            _ => {}
        }
    }
    diff_lines(question, out);
}

/// L46: the alt says what the figure is.
fn trivial_alt(index: usize, figure: &Figure, out: &mut Vec<Finding>) {
    let alt = words(figure.alt.as_str());
    let repeats = figure
        .caption
        .as_ref()
        .is_some_and(|caption| words(caption.as_str()) == alt);
    if alt.len() < ALT_WORDS || repeats {
        let message = if repeats {
            "the alt repeats the caption".to_owned()
        } else {
            format!("the alt has {} words", alt.len())
        };
        out.push(finding(
            DiagnosticCode::TrivialAlt,
            Place::Figure(index, "alt"),
            message,
            "say in one or two sentences what the figure is and what it has in it, but not what follows from it",
        ));
    }
}

/// L47: the alt leaves the question to the reader of the figure.
fn revealing_alt(question: &Question, index: usize, figure: &Figure, out: &mut Vec<Finding>) {
    let alt = figure.alt.line();
    let asks = alt.contains('?') || words(&alt) == words(&question.lead_in.line());
    let names_key = single(question).is_some_and(|(options, key)| {
        let in_alt = content(&alt);
        let in_key = content(options[key].text.as_str());
        let elsewhere = |word: &String| {
            let others = options.iter().enumerate().filter(|(i, _)| *i != key);
            let asked = format!("{} {}", question.stem, question.lead_in);
            content(&asked).contains(word)
                || labels(figure)
                    .iter()
                    .any(|label| content(label.as_str()).contains(word))
                || others
                    .into_iter()
                    .any(|(_, other)| content(other.text.as_str()).contains(word))
        };
        in_key
            .iter()
            .any(|word| in_alt.contains(word) && !elsewhere(word))
    });
    let gives_value = match &question.interaction {
        Interaction::Numeric(numeric) => {
            let value = crate::core::number::show(numeric.right(Row(0)));
            words(&alt).contains(&value)
        }
        _ => false,
    };
    if asks || names_key || gives_value {
        let message = if asks {
            "the alt asks the question"
        } else if gives_value {
            "the alt has the right value in it"
        } else {
            "the alt shares a word with the key that no other text has"
        };
        out.push(finding(
            DiagnosticCode::RevealingAlt,
            Place::Figure(index, "alt"),
            message,
            "say what the figure is; whoever answers has to find out what follows from it",
        ));
    }
}

/// L48: the drawing fits, with every label whole.
fn fits(index: usize, figure: &Figure, out: &mut Vec<Finding>) {
    let picture = draw(figure, COLUMNS, Charset::Unicode);
    let drawn = picture.text().join(" ");
    let drawn = words(&drawn);
    let cut = labels(figure).into_iter().find(|label| {
        words(label.as_str())
            .iter()
            .any(|word| !drawn.contains(word))
    });
    let message = if picture.width > COLUMNS {
        format!("the figure is {} columns wide", picture.width)
    } else if let Some(label) = cut {
        format!("the label \"{}\" is not shown in whole", label.line())
    } else {
        return;
    };
    out.push(finding(
        DiagnosticCode::TooWide,
        Place::Figure(index, "kind"),
        message,
        "use shorter labels or fewer parts: a figure has 76 columns",
    ));
}

/// Returns the labels of a figure, which its drawing must show.
fn labels(figure: &Figure) -> Vec<&Text> {
    match &figure.drawing {
        Drawing::Timeline(timeline) => {
            let intervals = timeline
                .intervals
                .iter()
                .filter_map(|part| part.label.as_ref());
            let events = timeline
                .events
                .iter()
                .filter_map(|part| part.label.as_ref());
            let messages = timeline
                .messages
                .iter()
                .filter_map(|part| part.label.as_ref());
            let markers = timeline.markers.iter().map(|marker| &marker.label);
            let parts = intervals.chain(events).chain(messages).chain(markers);
            timeline.lanes.iter().chain(parts).collect()
        }
        Drawing::Trace(trace) => {
            let spans = trace.spans.iter();
            spans.flat_map(|span| [&span.service, &span.name]).collect()
        }
        Drawing::Chart(chart) => {
            let series = chart.series.iter().map(|series| &series.label);
            let thresholds = chart.thresholds.iter().map(|threshold| &threshold.label);
            let shaded = chart.shaded.iter().map(|shaded| &shaded.label);
            series.chain(thresholds).chain(shaded).collect()
        }
        Drawing::Table(table) => {
            let cells = table.rows.iter().flatten();
            table.columns.iter().chain(cells).collect()
        }
        Drawing::Graph(graph) => {
            let edges = graph.edges.iter().filter_map(|edge| edge.label.as_ref());
            let nodes = graph.nodes.iter().map(|node| &node.label);
            let groups = graph.nodes.iter().filter_map(|node| node.group.as_ref());
            nodes.chain(groups).chain(edges).collect()
        }
        Drawing::Ring(ring) => ring.points.iter().map(|point| &point.label).collect(),
    }
}

/// L49, L51: everything in a chart is inside its axes, and its series have different labels.
fn outside_axes(index: usize, chart: &Chart, out: &mut Vec<Finding>) {
    let inside = |value: f64, min: Option<f64>, max: Option<f64>| {
        min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max)
    };
    let in_x = |x: f64| inside(x, chart.x.min, chart.x.max);
    let in_y = |y: f64| inside(y, chart.y.min, chart.y.max);
    let points = chart.series.iter().flat_map(|series| &series.points);
    let is_whole = points.clone().all(|(x, y)| in_x(*x) && in_y(*y))
        && chart.thresholds.iter().all(|line| in_y(line.at))
        && chart
            .shaded
            .iter()
            .all(|span| in_x(span.from) && in_x(span.to));
    if !is_whole {
        out.push(finding(
            DiagnosticCode::OutsideAxes,
            Place::Figure(index, "kind"),
            "a point, threshold or span is outside of the axes",
            "widen `min` and `max`, or leave them out",
        ));
    }
    let mut labels: Vec<_> = chart
        .series
        .iter()
        .map(|series| words(series.label.as_str()))
        .collect();
    labels.sort();
    if labels.windows(2).any(|pair| pair[0] == pair[1]) {
        out.push(finding(
            DiagnosticCode::SameLabels,
            Place::Figure(index, "series"),
            "two series have the same label, so only their colours differ",
            "give each series a label of its own",
        ));
    }
}

/// L50: every node of a graph has an edge.
fn loose_nodes(index: usize, graph: &Graph, out: &mut Vec<Finding>) {
    let has_edge = |id: &str| {
        graph
            .edges
            .iter()
            .any(|edge| edge.from == id || edge.to == id)
    };
    if let Some(node) = graph.nodes.iter().find(|node| !has_edge(&node.id)) {
        let message = format!(
            "no edge leads to or from the node `{}`",
            Text::new(&node.id)
        );
        out.push(unconnected(index, "node", message));
    }
}

/// L50: every lane of a timeline has something in it.
fn empty_lanes(index: usize, timeline: &Timeline, out: &mut Vec<Finding>) {
    let is_used = |lane: usize| {
        timeline.intervals.iter().any(|part| part.lane == lane)
            || timeline.events.iter().any(|part| part.lane == lane)
            || timeline
                .messages
                .iter()
                .any(|part| part.from_lane == lane || part.to_lane == lane)
    };
    if let Some(lane) = (0..timeline.lanes.len()).find(|lane| !is_used(*lane)) {
        let message = format!(
            "nothing happens in the lane \"{}\"",
            timeline.lanes[lane].line()
        );
        out.push(unconnected(index, "lanes", message));
    }
}

fn unconnected(index: usize, key: &'static str, message: String) -> Finding {
    finding(
        DiagnosticCode::Unconnected,
        Place::Figure(index, key),
        message,
        "leave it out, or show how it belongs to the rest",
    )
}

/// L52: every line of a diff says whether it is added, removed or kept.
fn diff_lines(question: &Question, out: &mut Vec<Finding>) {
    let Some(code) = question
        .code
        .as_ref()
        .filter(|code| code.language.as_str() == "diff")
    else {
        return;
    };
    let lines = code.text.as_str().trim_matches('\n').lines();
    let is_signed = |line: &str| line.is_empty() || line.starts_with([' ', '+', '-', '@']);
    if let Some((n, _)) = (1..).zip(lines).find(|(_, line)| !is_signed(line)) {
        let message = format!("line {n} of the diff begins with none of space, + and -");
        out.push(finding(
            DiagnosticCode::DiffLine,
            Place::Key("code"),
            message,
            "begin each line with a space, + or -",
        ));
    }
}
