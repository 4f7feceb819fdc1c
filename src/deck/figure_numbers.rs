//! Contradictions among the numbers of a figure, such as an interval that ends before it begins.

use crate::core::figure::{Axis, Chart, Drawing, Figure, Ring, Timeline, Trace};
use crate::core::number::show;

/// A contradiction, with the TOML table and key of the deck where it was found.
pub struct Problem {
    /// The key of the part, such as `span`; empty for the figure itself.
    pub table: &'static str,
    pub index: usize,
    pub key: &'static str,
    pub message: String,
}

fn problem(table: &'static str, index: usize, key: &'static str, message: String) -> Problem {
    Problem {
        table,
        index,
        key,
        message,
    }
}

/// Returns the first contradiction among the numbers of a figure.
pub fn check(figure: &Figure) -> Option<Problem> {
    match &figure.drawing {
        Drawing::Timeline(timeline) => check_timeline(timeline),
        Drawing::Trace(trace) => check_trace(trace),
        Drawing::Chart(chart) => check_chart(chart),
        Drawing::Ring(ring) => check_ring(ring),
        Drawing::Table(_) | Drawing::Graph(_) => None,
    }
}

/// Returns the words for an end that is not after its beginning.
fn backwards(what: &str, from: f64, to: f64) -> String {
    let (from, to) = (show(from), show(to));
    format!("the {what} begins at {from} and ends at {to}")
}

fn check_timeline(timeline: &Timeline) -> Option<Problem> {
    for (n, interval) in timeline.intervals.iter().enumerate() {
        if interval.to <= interval.from {
            let message = backwards("interval", interval.from, interval.to);
            return Some(problem("interval", n, "to", message));
        }
    }
    for (n, message) in timeline.messages.iter().enumerate() {
        if message.to < message.from {
            let (from, to) = (show(message.from), show(message.to));
            let message = format!("the message is sent at {from} and arrives at {to}");
            return Some(problem("message", n, "to", message));
        }
    }
    None
}

fn check_trace(trace: &Trace) -> Option<Problem> {
    let mut spans = trace.spans.iter().enumerate();
    let (n, span) = spans.find(|(_, span)| span.end <= span.start)?;
    Some(problem(
        "span",
        n,
        "end",
        backwards("span", span.start, span.end),
    ))
}

fn check_chart(chart: &Chart) -> Option<Problem> {
    if let Some(problem) = check_axis(&chart.x, "x").or_else(|| check_axis(&chart.y, "y")) {
        return Some(problem);
    }
    for (n, series) in chart.series.iter().enumerate() {
        let falls = series.points.windows(2).any(|pair| pair[1].0 < pair[0].0);
        let is_logarithm =
            |(x, y): &(f64, f64)| (!chart.x.log || *x > 0.0) && (!chart.y.log || *y > 0.0);
        let message = if series.points.is_empty() {
            "the series has no points"
        } else if falls {
            "the points are not in the order of x"
        } else if !series.points.iter().all(is_logarithm) {
            "a logarithmic axis shows only numbers above 0"
        } else {
            continue;
        };
        return Some(problem("series", n, "points", message.to_owned()));
    }
    let mut shaded = chart.shaded.iter().enumerate();
    let (n, span) = shaded.find(|(_, span)| span.to <= span.from)?;
    Some(problem(
        "shaded",
        n,
        "to",
        backwards("span", span.from, span.to),
    ))
}

fn check_axis(axis: &Axis, key: &'static str) -> Option<Problem> {
    match (axis.min, axis.max) {
        (Some(min), Some(max)) if max <= min => {
            let message = format!("the {key} axis runs from {} to {}", show(min), show(max));
            Some(problem("", 0, key, message))
        }
        (Some(min), _) if axis.log && min <= 0.0 => {
            let message = format!("a logarithmic axis cannot begin at {}", show(min));
            Some(problem("", 0, key, message))
        }
        _ if axis.ticks.len() == 1 => {
            let message = format!("the {key} axis has a single tick: it needs at least two");
            Some(problem("", 0, key, message))
        }
        _ => None,
    }
}

fn check_ring(ring: &Ring) -> Option<Problem> {
    if ring.size <= 0.0 {
        let message = format!("the ring has the size {}", show(ring.size));
        return Some(problem("", 0, "size", message));
    }
    let mut points = ring.points.iter().enumerate();
    let (n, point) = points.find(|(_, point)| !(0.0..ring.size).contains(&point.at))?;
    let (at, size) = (show(point.at), show(ring.size));
    let message = format!("the point is at {at}, and positions are from 0 up to {size}");
    Some(problem("point", n, "at", message))
}
