//! Traces: a waterfall with the tree of spans on the left and a bar with its duration on the right.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, DOWN, LEFT, RIGHT};
use super::scale::Scale;
use crate::core::figure::describe::with_unit;
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Span, Trace};
use crate::core::number::show;

/// The fewest columns for the bars beside the names; with less room the bars are below them.
const BESIDE: usize = 22;
const SHORTEST: usize = 16;

/// A span in its place in the tree.
pub struct Row<'a> {
    pub span: &'a Span,
    /// For each ancestor but the root, whether it has a later sibling; then the same for the span itself.
    branches: Vec<bool>,
    pub is_parent: bool,
}

/// Returns true if the name of each span is its start and its end.
fn are_times(trace: &Trace) -> bool {
    let times = |span: &Span| format!("{}-{}", show(span.start), show(span.end));
    let mut spans = trace.spans.iter();
    spans.all(|span| span.name.line() == times(span))
}

pub fn draw(trace: &Trace, width: usize, charset: Charset) -> Picture {
    let mut canvas = Canvas::new(charset);
    let rows = rows(trace);
    let error = canvas.pick(" ✗ error", " x error");
    let label = |span: &Span| {
        let error = if span.error { error } else { "" };
        format!(" {}{error}", show(span.end - span.start))
    };
    let names: Vec<String> = rows.iter().map(|row| row.name(&canvas)).collect();
    let services = rows.iter().map(|row| row.span.service.line().width());
    let services = services.max().unwrap_or(0).max("service".len());
    let operations = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let head = if are_times(trace) {
        "start-end"
    } else {
        "operation"
    };
    let operations = operations.max(head.len());
    let sign = if rows.iter().any(|row| row.span.strong) {
        2
    } else {
        0
    };
    let after = rows
        .iter()
        .map(|row| label(row.span).width())
        .max()
        .unwrap_or(0);
    let beside = sign + services + 2 + operations + 3;
    let is_beside = beside + BESIDE + after <= width;
    let left = if is_beside { beside } else { sign + 2 };
    let plot = width.saturating_sub(left + after).max(SHORTEST);
    let times = trace.spans.iter().flat_map(|span| [span.start, span.end]);
    let scale = Scale::fit(times, plot, if plot < 30 { 6 } else { 8 });
    axis(&mut canvas, &scale, (left, width), trace);
    if is_beside {
        canvas.text(sign, 0, "service", Ink::Head);
        canvas.text(sign + services + 2, 0, head, Ink::Head);
    }
    let mut y = 2;
    for (row, name) in rows.iter().zip(&names) {
        let ink = row.ink();
        if row.span.strong {
            let sign = canvas.pick("▸", ">");
            canvas.text(0, y, sign, ink);
        }
        let service = row.span.service.line();
        if is_beside {
            canvas.text(sign, y, &service, ink);
            tree(&mut canvas, sign + services + 2, y, row, name);
        } else {
            let end = tree(&mut canvas, sign, y, row, name);
            canvas.text(end + 1, y, &format!("({service})"), Ink::Dim);
            y += 1;
        }
        bar(&mut canvas, &scale, left, y, row, &label(row.span));
        y += 1;
    }
    canvas.picture()
}

impl Row<'_> {
    /// Returns the number of its ancestors.
    pub fn depth(&self) -> usize {
        self.branches.len()
    }

    pub fn ink(&self) -> Ink {
        match self.span {
            span if span.strong => Ink::Strong,
            span if span.error => Ink::Error,
            _ => Ink::Plain,
        }
    }

    /// Returns the name of the operation with the branches of the tree before it.
    fn name(&self, canvas: &Canvas) -> String {
        let mut name = String::new();
        if let Some((own, ancestors)) = self.branches.split_last() {
            for continues in ancestors {
                name += if *continues {
                    canvas.pick("│ ", "| ")
                } else {
                    "  "
                };
            }
            name += if *own {
                canvas.pick("├ ", "+ ")
            } else {
                canvas.pick("└ ", "+ ")
            };
        }
        name + &self.span.name.line()
    }
}

/// Writes a name, with its branches in the ink of lines, and returns the column after it.
fn tree(canvas: &mut Canvas, x: usize, y: usize, row: &Row, name: &str) -> usize {
    let branches: String = name.chars().take(2 * row.branches.len()).collect();
    let end = canvas.text(x, y, name, row.ink());
    canvas.text(x, y, &branches, Ink::Axis);
    end
}

fn bar(canvas: &mut Canvas, scale: &Scale, left: usize, y: usize, row: &Row, label: &str) {
    let from = left + scale.column(row.span.start);
    let to = left + scale.column(row.span.end);
    let fill = match row.is_parent {
        true => canvas.pick('▒', '='),
        false => canvas.pick('█', '#'),
    };
    let ink = match row.ink() {
        Ink::Plain if row.is_parent => Ink::Dim,
        ink => ink,
    };
    if from >= to {
        let thin = canvas.pick('▏', '|');
        canvas.sign(from, y, thin, ink);
    }
    for x in from..to {
        canvas.sign(x, y, fill, ink);
    }
    canvas.text(to.max(from + 1), y, label, row.ink());
}

/// Draws the axis. The unit follows the last number, or the first if the last one has no room for it.
fn axis(canvas: &mut Canvas, scale: &Scale, (left, width): (usize, usize), trace: &Trace) {
    let end = left + scale.column(scale.to);
    canvas.horizontal(1, left, end.max(left + 1), 0, Ink::Axis);
    let ticks = scale.ticks();
    let (last, value) = ticks.last().copied().unwrap_or_default();
    let last_x = left + last;
    let mut unit = with_unit(value, &trace.unit);
    let first = with_unit(scale.from, &trace.unit);
    let has_room = last_x + unit.width() <= width;
    let is_first = !has_room && ticks.len() > 1 && first.width() < scale.per_step;
    if is_first {
        unit = show(value);
    }
    for (n, (tick, value)) in ticks.iter().enumerate() {
        let x = left + tick;
        let label = if is_first && n == 0 {
            first.clone()
        } else {
            show(*value)
        };
        canvas.join(x, 1, DOWN | LEFT | RIGHT, Ink::Axis);
        if n + 1 < ticks.len() && x + label.width() < last_x {
            canvas.text(x, 0, &label, Ink::Dim);
        }
    }
    canvas.text(last_x, 0, &unit, Ink::Dim);
}

/// Returns the spans with each below its parent. A span whose parents form a circle counts as a root.
pub fn rows(trace: &Trace) -> Vec<Row<'_>> {
    let ids: BTreeMap<&str, usize> = trace
        .spans
        .iter()
        .enumerate()
        .rev()
        .map(|(n, span)| (span.id.as_str(), n))
        .collect();
    let parent = |n: usize| {
        let parent = trace.spans[n].parent.as_deref()?;
        ids.get(parent).copied().filter(|parent| *parent != n)
    };
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); trace.spans.len()];
    let mut roots = Vec::new();
    for n in 0..trace.spans.len() {
        match parent(n) {
            Some(parent) => children[parent].push(n),
            None => roots.push(n),
        }
    }
    let mut rows = Vec::new();
    let mut is_done = vec![false; trace.spans.len()];
    for root in roots.into_iter().chain(0..trace.spans.len()) {
        let mut open = vec![(root, Vec::new())];
        while let Some((n, branches)) = open.pop() {
            if std::mem::replace(&mut is_done[n], true) {
                continue;
            }
            let last = children[n].len().saturating_sub(1);
            for (place, child) in children[n].iter().enumerate().rev() {
                let mut branches: Vec<bool> = branches.clone();
                branches.push(place < last);
                open.push((*child, branches));
            }
            rows.push(Row {
                span: &trace.spans[n],
                branches,
                is_parent: !children[n].is_empty(),
            });
        }
    }
    rows
}
