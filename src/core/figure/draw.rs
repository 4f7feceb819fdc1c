//! Draws figures as text. Each kind has a file; they share the canvas, which joins lines, and the scale of axes.

mod canvas;
pub(super) mod chart;
pub(super) mod graph;
pub(super) mod notes;
pub(super) mod ring;
pub(super) mod scale;
mod table;
pub(super) mod timeline;
pub(super) mod trace;

use chart::axes::ROWS;

use super::picture::{Charset, Ink, Picture, Run};
use super::{Drawing, Figure};
use crate::core::text::without_lone_word;

/// No figure is laid out for fewer columns than this.
const NARROWEST: usize = 24;

/// The tallest plot, in rows: a line is easier to read in a plot that is wider than it is high.
const TALLEST: usize = 24;

/// Draws a figure in `width` columns, with its caption above it. The picture is wider if the figure cannot be drawn
/// that narrow.
pub fn draw(figure: &Figure, width: usize, charset: Charset) -> Picture {
    draw_on_screen(figure, width, 0, charset)
}

/// Draws a figure as [`draw`] does, for a screen of `height` rows: the plot of a chart uses two fifths of a tall one.
pub fn draw_on_screen(figure: &Figure, width: usize, height: usize, charset: Charset) -> Picture {
    let rows = (height * 2 / 5).saturating_sub(3).clamp(ROWS, TALLEST);
    let width = width.max(NARROWEST);
    let drawn = match &figure.drawing {
        Drawing::Timeline(timeline) => timeline::draw(timeline, width, charset),
        Drawing::Trace(trace) => trace::draw(trace, width, charset),
        Drawing::Chart(chart) => chart::draw(chart, width, rows, charset),
        Drawing::Table(table) => table::draw(table, width, charset),
        Drawing::Graph(graph) => graph::draw(graph, width, charset),
        Drawing::Ring(ring) => ring::draw(ring, width, charset),
    };
    let Some(caption) = &figure.caption else {
        return drawn;
    };
    let run = |text| {
        vec![Run {
            text,
            ink: Ink::Dim,
        }]
    };
    let mut lines: Vec<Vec<Run>> =
        without_lone_word(width, |width| notes::wrap(caption.as_str(), width))
            .into_iter()
            .map(run)
            .collect();
    lines.push(Vec::new());
    lines.extend(drawn.lines);
    Picture::new(lines)
}
