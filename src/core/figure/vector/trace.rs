//! Traces: the tree of spans on the left, their bars on the right.

use super::{Anchor, Fill, LINE, Pen, Rect, VectorImage, WIDTH, text_width};
use crate::core::figure::describe::with_unit;
use crate::core::figure::draw::scale::{Scale, tame};
use crate::core::figure::draw::trace::{Row, rows};
use crate::core::figure::picture::Ink;
use crate::core::figure::{Span, Trace};
use crate::core::number::show;

/// The height of a span.
const ROW: f64 = 24.0;
/// The most that names may take beside the bars; longer names are above them.
const BESIDE: f64 = 330.0;
const INDENT: f64 = 14.0;

pub fn draw(trace: &Trace) -> VectorImage {
    let mut image = VectorImage::new(WIDTH);
    let rows = rows(trace);
    let duration = |span: &Span| {
        let error = if span.error { " ✗ error" } else { "" };
        format!("{}{error}", show(span.end - span.start))
    };
    let name_width = |row: &Row| INDENT * row.depth() as f64 + text_width(&name(row.span)) + 16.0;
    let widest = rows.iter().map(name_width).fold(80.0, f64::max);
    let is_beside = widest <= BESIDE;
    let left = if is_beside { widest } else { 8.0 };
    let after = rows.iter().map(|row| text_width(&duration(row.span)));
    let plot = WIDTH - left - after.fold(20.0, f64::max) - 8.0;
    let times = trace.spans.iter().flat_map(|span| [span.start, span.end]);
    let scale = Scale::fit(times, (plot / 8.0) as usize, 8);
    let x = |at: f64| left + scale.share(at) * plot;
    let height = if is_beside { ROW } else { ROW + LINE };
    image.height = LINE + 6.0 + height * rows.len() as f64 + 4.0;
    let ticks = scale.ticks();
    for (n, (_, value)) in ticks.iter().enumerate() {
        let label = match n + 1 == ticks.len() {
            true => with_unit(*value, &trace.unit),
            false => show(*value),
        };
        let x = x(*value);
        image.line([(x, LINE), (x, image.height)], Pen::thin(Ink::Axis));
        image.label((x, LINE - 5.0), Anchor::Middle, label, Ink::Dim);
    }
    let mut y = LINE + 6.0;
    for row in &rows {
        let ink = row.ink();
        let indent = INDENT * row.depth() as f64;
        image.label((4.0 + indent, y + 15.0), Anchor::Start, name(row.span), ink);
        y += height - ROW;
        let (from, to) = (x(tame(row.span.start)), x(tame(row.span.end)));
        let width = (to - from).max(2.0);
        let bar = Rect::new(from, y + 4.0, width, ROW - 8.0);
        let (fill, pen) = match (ink, row.is_parent) {
            (Ink::Plain, true) => (Fill::Pale(Ink::Series(0)), Pen::thin(Ink::Series(0))),
            (Ink::Plain, false) => (Fill::Full(Ink::Series(0)), Pen::thin(Ink::Series(0))),
            (ink, true) => (Fill::Pale(ink), Pen::thin(ink)),
            (ink, false) => (Fill::Full(ink), Pen::thin(ink)),
        };
        image.area(bar, fill, Some(pen));
        let label = duration(row.span);
        image.label((from + width + 5.0, y + 16.0), Anchor::Start, label, ink);
        y += ROW;
    }
    image
}

/// Returns the service and the operation; a sign precedes those of an emphasized span.
fn name(span: &Span) -> String {
    let sign = if span.strong { "▸ " } else { "" };
    format!("{sign}{} {}", span.service.line(), span.name.line())
        .trim_end()
        .to_owned()
}
