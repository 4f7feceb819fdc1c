//! The characters of a timeline.

use unicode_width::UnicodeWidthStr;

use super::{Layout, Path, ink_of};
use crate::core::figure::describe::with_unit;
use crate::core::figure::draw::canvas::{Canvas, DASHED, DOWN, HEAVY, LEFT, RIGHT, ROUND, UP};
use crate::core::figure::draw::notes::wrap;
use crate::core::figure::draw::scale::Scale;
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::number::show;
use crate::core::text::Text;

/// The rows of the axis: labels and ticks.
const AXIS: usize = 2;

impl Layout<'_> {
    pub fn paint(&self, width: usize, charset: Charset) -> Picture {
        let mut canvas = Canvas::new(charset);
        let columns = (self.left, self.right);
        axis(&mut canvas, &self.scale, columns, &self.timeline.unit);
        let (markers, top) = self.marker_rows(width);
        let mut tops = Vec::new();
        let mut y = top;
        for (lane, gap) in self.gaps.iter().enumerate() {
            tops.push(y);
            y += self.rows_of(lane) + gap.height();
        }
        self.lanes(&mut canvas, &tops);
        self.texts(&mut canvas, &tops);
        for path in &self.paths {
            self.message(&mut canvas, path, &tops);
        }
        self.signs_of_messages(&mut canvas, &tops);
        for (marker, (row, label)) in self.timeline.markers.iter().zip(markers) {
            let x = self.column(marker.at);
            let end = y.max(AXIS + 2) - 1;
            canvas.vertical(x, row.min(end - 1), end, DASHED, Ink::Marker);
            canvas.text(label, row, &marker.label.line(), Ink::Marker);
        }
        for (_, note) in &self.notes {
            for line in wrap(note, width) {
                canvas.text(0, y, &line, Ink::Plain);
                y += 1;
            }
        }
        canvas.picture()
    }

    /// Returns the row and the column of each marker's label, and the first row of the lanes. Where two labels would
    /// touch, the left one is a row lower. The line of a marker begins in the row of its label, so that no label covers
    /// the line of another marker.
    fn marker_rows(&self, width: usize) -> (Vec<(usize, usize)>, usize) {
        let markers = &self.timeline.markers;
        let mut order: Vec<usize> = (0..markers.len()).collect();
        order.sort_by(|a, b| markers[*b].at.total_cmp(&markers[*a].at));
        let mut places = vec![(AXIS, 0); markers.len()];
        let mut end = AXIS;
        let mut placed: Vec<(usize, usize, usize, usize)> = Vec::new();
        for n in order {
            let x = self.column(markers[n].at);
            let columns = markers[n].label.line().width();
            let extent = |label: usize| (x.min(label), x.max(label + columns) + 1);
            let row = |label: usize| {
                let (from, to) = extent(label);
                let below = placed
                    .iter()
                    .filter(|(first, last, ..)| *first <= to && from <= *last);
                below.map(|(.., row)| row + 1).max().unwrap_or(AXIS)
            };
            let covers_line = |label: &usize| {
                let (from, to) = extent(*label);
                placed
                    .iter()
                    .any(|(_, _, line, _)| (from..to).contains(line))
            };
            // On the right of its line, on the left, or over it.
            let right = Some(x + 2).filter(|label| label + columns <= width);
            let left = (x > self.left + columns).then(|| x - columns - 1);
            let sides = || right.into_iter().chain(left);
            let label = sides()
                .filter(|label| !covers_line(label))
                .min_by_key(|label| row(*label))
                .or_else(|| sides().next())
                .unwrap_or_else(|| width.saturating_sub(columns));
            let (from, to) = extent(label);
            let row = row(label);
            places[n] = (row, label);
            placed.push((from, to, x, row));
            end = end.max(row + 1);
        }
        (places, end)
    }

    fn lanes(&self, canvas: &mut Canvas, tops: &[usize]) {
        for (lane, (name, top)) in self.timeline.lanes.iter().zip(tops).enumerate() {
            canvas.text(0, *top, &name.line(), Ink::Head);
            if !self
                .timeline
                .intervals
                .iter()
                .any(|interval| interval.lane == lane)
            {
                canvas.horizontal(*top, self.left, self.right, 0, Ink::Axis);
            }
        }
        for (row, interval) in self.rows.iter().zip(&self.timeline.intervals) {
            let Some(top) = tops.get(interval.lane) else {
                continue;
            };
            let (from, to) = self.ends(interval);
            let (y, ink) = (top + row, ink_of(interval.strong));
            let look = if interval.strong { HEAVY } else { 0 };
            canvas.horizontal(y, from, to, look, ink);
            canvas.join(from, y, UP | DOWN | look, ink);
            canvas.join(to, y, UP | DOWN | look, ink);
        }
    }

    fn texts(&self, canvas: &mut Canvas, tops: &[usize]) {
        for inside in &self.inside {
            canvas.text(
                inside.x,
                tops[inside.lane] + inside.row,
                &inside.text,
                inside.ink,
            );
        }
        for hanging in &self.hanging {
            let lane = tops[hanging.lane];
            let y = lane + self.rows_of(hanging.lane) + hanging.place.row;
            canvas.vertical(hanging.column, lane + hanging.row, y, 0, Ink::Axis);
            canvas.text(hanging.place.x, y, &hanging.text, hanging.ink);
        }
        for event in &self.timeline.events {
            if let Some(top) = tops.get(event.lane) {
                let y = top + self.row_at(event.lane, event.at);
                let sign = canvas.pick('◆', '*');
                canvas.sign(
                    self.column_in(event.lane, event.at),
                    y,
                    sign,
                    ink_of(event.strong),
                );
            }
        }
    }

    /// Draws the line of a message and its label.
    fn message(&self, canvas: &mut Canvas, path: &Path, tops: &[usize]) {
        let message = path.message;
        let (look, ink) = if message.strong {
            (HEAVY, Ink::Strong)
        } else {
            (0, Ink::Plain)
        };
        let gap = |gap: usize, row: usize| tops[gap] + self.rows_of(gap) + row;
        let run = gap(path.near, path.row);
        let start = self.sign_row(message.from_lane, message.from, tops);
        let end = self.end(path, tops);
        if path.from == path.to {
            canvas.vertical(path.to, start, end, look, ink);
        } else {
            canvas.vertical(path.from, start, run, look, ink);
            canvas.horizontal(run, path.from, path.to, look, ink);
            canvas.join(path.from, run, ROUND, ink);
            canvas.join(path.to, run, ROUND, ink);
            canvas.vertical(path.to, run, end, look, ink);
        }
        if let (Some(place), Some(label)) = (path.label, super::line_of(message.label.as_ref())) {
            let y = gap(path.near, place.row);
            let is_in_run =
                path.from != path.to && place.row == path.row && !path.ends_beside(place.x);
            if is_in_run {
                canvas.text(place.x - 1, y, &format!(" {label} "), ink);
            } else {
                canvas.text(place.x, y, &label, ink);
            }
        }
    }

    fn sign_row(&self, lane: usize, at: f64, tops: &[usize]) -> usize {
        tops[lane] + self.row_at(lane, at)
    }

    /// Returns the row in which the line of a message ends.
    fn end(&self, path: &Path, tops: &[usize]) -> usize {
        let message = path.message;
        if !message.lost {
            return self.sign_row(message.to_lane, message.to, tops);
        }
        let first = tops[path.far] + self.rows_of(path.far);
        let last = first + self.gaps[path.far].height().max(1) - 1;
        match path.label {
            _ if path.ends_in_run() => first + path.row,
            Some(place) if path.near == path.far => first + place.row,
            _ if path.is_down => first,
            _ => last,
        }
    }

    /// Draws the signs at the ends of the messages, over their lines.
    fn signs_of_messages(&self, canvas: &mut Canvas, tops: &[usize]) {
        let (sent, lost) = (canvas.pick('●', 'o'), canvas.pick('✗', 'x'));
        let (down, up) = (canvas.pick('▼', 'v'), canvas.pick('▲', '^'));
        for path in &self.paths {
            let y = self.sign_row(path.message.from_lane, path.message.from, tops);
            canvas.sign(path.from, y, sent, ink_of(path.message.strong));
        }
        for path in &self.paths {
            let y = self.end(path, tops);
            let (sign, ink) = match path.message.lost {
                true => (lost, Ink::Error),
                false if path.is_down && path.message.from_lane != path.message.to_lane => {
                    (down, ink_of(path.message.strong))
                }
                false => (up, ink_of(path.message.strong)),
            };
            canvas.sign(path.to, y, sign, ink);
        }
    }
}

/// Draws the axis between two columns, with a label at each tick where there is room.
pub(super) fn axis(canvas: &mut Canvas, scale: &Scale, (left, right): (usize, usize), unit: &Text) {
    canvas.horizontal(1, left, right, 0, Ink::Axis);
    let mut free = 0;
    for (n, (tick, value)) in scale.ticks().into_iter().enumerate() {
        let x = left + tick;
        canvas.join(x, 1, DOWN | LEFT | RIGHT, Ink::Axis);
        let with_unit = with_unit(value, unit);
        let label = match n {
            // Beside the next number, "0 min 5" would read as one label.
            0 if with_unit.width() + 2 > scale.per_step && unit.line().width() + 1 < left => {
                canvas.text(0, 0, &unit.line(), Ink::Dim);
                show(value)
            }
            0 => with_unit,
            _ => show(value),
        };
        if x >= free {
            free = canvas.text(x, 0, &label, Ink::Dim) + 1;
        }
    }
}

impl Path<'_> {
    /// Returns true if a text at this column is beside the end of the run, not in it.
    fn ends_beside(&self, x: usize) -> bool {
        x > self.from.max(self.to) || x < self.from.min(self.to)
    }
}
