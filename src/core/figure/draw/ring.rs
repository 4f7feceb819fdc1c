//! Rings: a strip of all positions that wraps, with a row per kind of point and per range.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, DOWN, HEAVY, LEFT, RIGHT, UP};
use super::scale::{Scale, tame};
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Arc, Point, Ring};
use crate::core::number::show;

const SHORTEST: usize = 24;
/// The signs of the kinds of points, in Unicode and in ASCII.
const SIGNS: [(char, char); 4] = [('●', 'o'), ('◆', '*'), ('■', '#'), ('▲', '^')];

/// The strip: the ring from 0 to its size.
struct Strip {
    size: f64,
    left: usize,
    columns: usize,
    /// The number of equal parts between ticks.
    parts: Parts,
}

enum Parts {
    /// The ring is divided into equal parts.
    Equal(usize),
    Steps(Scale),
}

pub fn draw(ring: &Ring, width: usize, charset: Charset) -> Picture {
    let mut canvas = Canvas::new(charset);
    let kinds = kinds(ring);
    let names = kinds.iter().map(|kind| kind.width()).max().unwrap_or(0);
    let strip = Strip::new(ring.size, names + 4, width);
    strip.axis(&mut canvas);
    let mut y = 2;
    for (n, kind) in kinds.iter().enumerate() {
        canvas.text(0, y, kind, Ink::Head);
        let points = ring
            .points
            .iter()
            .filter(|point| point.kind.line() == *kind);
        y = strip.points(&mut canvas, points, n, y);
    }
    for arc in &ring.arcs {
        y = strip.arc(&mut canvas, arc, y);
    }
    canvas.picture()
}

/// Returns the kinds of points, in the order of their first points.
pub fn kinds(ring: &Ring) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for point in &ring.points {
        let kind = point.kind.line();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Returns the positions of the ticks of a ring of this size that is drawn in this many columns.
pub fn ticks(size: f64, columns: usize) -> Vec<f64> {
    let strip = Strip::new(size, 0, columns);
    strip.ticks().into_iter().map(|(_, value)| value).collect()
}

/// Returns the label of a point with its position, unless the label contains it.
pub fn label(point: &Point) -> String {
    let (label, at) = (point.label.line(), show(point.at));
    let is_named = label
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .any(|word| word == at);
    match label.is_empty() {
        true => at,
        false if is_named => label,
        false => format!("{label} {at}"),
    }
}

impl Strip {
    fn new(size: f64, left: usize, width: usize) -> Self {
        let size = if tame(size) > 0.0 { tame(size) } else { 1.0 };
        let room = width.saturating_sub(left + 4).max(SHORTEST);
        let apart = show(size).width() + 3;
        let fits = |n: &usize| (size / *n as f64).fract() == 0.0 && room / n >= apart.max(6);
        let is_round = |n: &usize| {
            let step = size / *n as f64;
            [1.0, 2.0, 5.0].contains(&(step / 10f64.powf(step.log10().floor())))
        };
        let counts = [10, 12, 8, 6, 9, 5, 4, 3, 2];
        let round = counts.into_iter().find(|n| is_round(n) && fits(n));
        let parts = round.or_else(|| counts.into_iter().skip(1).find(fits));
        let (columns, parts) = match parts {
            Some(n) => (room / n * n, Parts::Equal(n)),
            None => {
                let scale = Scale::fit([0.0, size], room, apart);
                (scale.column(size), Parts::Steps(scale))
            }
        };
        Self {
            size,
            left,
            columns,
            parts,
        }
    }

    /// Returns the column of a position, which may be outside the ring.
    fn column(&self, at: f64) -> usize {
        let at = tame(at);
        let at = if at == self.size {
            at
        } else {
            at.rem_euclid(self.size)
        };
        self.left + (at / self.size * self.columns as f64).round() as usize
    }

    fn end(&self) -> usize {
        self.left + self.columns
    }

    /// Returns the ticks: columns from the start, and positions.
    fn ticks(&self) -> Vec<(usize, f64)> {
        match &self.parts {
            Parts::Equal(n) => (0..=*n)
                .map(|k| (self.columns / n * k, self.size / *n as f64 * k as f64))
                .collect(),
            Parts::Steps(scale) => scale.ticks(),
        }
    }

    fn axis(&self, canvas: &mut Canvas) {
        let (left, end) = (self.left, self.end());
        canvas.horizontal(1, left - 1, end + 1, 0, Ink::Axis);
        let (from, to) = (canvas.pick('►', '>'), canvas.pick('►', '>'));
        canvas.sign(left - 2, 1, from, Ink::Axis);
        canvas.sign(end + 2, 1, to, Ink::Axis);
        for (tick, value) in self.ticks() {
            let x = left + tick;
            canvas.join(x, 1, DOWN, Ink::Axis);
            let label = if value == self.size {
                format!("{}=0", show(value))
            } else {
                show(value)
            };
            // Centred on its tick.
            canvas.text(
                x - label.width().div_ceil(2).min(x) + 1,
                0,
                &label,
                Ink::Dim,
            );
        }
    }

    /// Draws the points of a kind, in the first row where each has room, and returns the row after them.
    fn points<'a>(
        &self,
        canvas: &mut Canvas,
        points: impl Iterator<Item = &'a Point>,
        kind: usize,
        y: usize,
    ) -> usize {
        let (unicode, ascii) = SIGNS[kind % SIGNS.len()];
        let sign = canvas.pick(unicode, ascii);
        let mut points: Vec<&Point> = points.collect();
        points.sort_by(|a, b| a.at.total_cmp(&b.at));
        let mut last = y;
        for point in points {
            let ink = if point.strong {
                Ink::Strong
            } else {
                Ink::Series(kind as u8)
            };
            let x = self.column(point.at);
            let label = label(point);
            let columns = label.width();
            let right = (x, x + 2, x + 1 + columns);
            let left = (
                x.saturating_sub(columns + 1),
                x.saturating_sub(columns + 1),
                x,
            );
            let is_near_end = right.2 > self.end() + 3 && left.0 >= self.left;
            let (from, text, to) = if is_near_end { left } else { right };
            let is_free = |row: &usize| {
                (from.saturating_sub(1)..=to + 1).all(|x| x < self.left || canvas.is_blank(x, *row))
            };
            let row = (y..).find(is_free).unwrap_or(y);
            canvas.sign(x, row, sign, ink);
            canvas.text(text, row, &label, ink);
            last = last.max(row);
        }
        last + 1
    }

    /// Draws a range with its label and returns the row after it.
    fn arc(&self, canvas: &mut Canvas, arc: &Arc, y: usize) -> usize {
        let (from, to) = (self.column(arc.from), self.column(arc.to));
        let label = arc.label.line();
        let mut pieces = vec![(from, to)];
        if tame(arc.to) <= tame(arc.from) {
            pieces = vec![(from, self.end() + 1), (self.left - 1, to)];
        }
        for (a, b) in &pieces {
            canvas.horizontal(y, *a, *b, HEAVY, Ink::Strong);
        }
        canvas.join(from, y, UP | DOWN | RIGHT | HEAVY, Ink::Strong);
        canvas.join(to, y, UP | DOWN | LEFT | HEAVY, Ink::Strong);
        let columns = label.width();
        let room = |piece: &&(usize, usize)| (piece.1 - piece.0.min(piece.1)).saturating_sub(3);
        let widest = pieces
            .iter()
            .max_by_key(room)
            .copied()
            .unwrap_or((from, to));
        if columns == 0 {
            return y + 1;
        }
        if room(&&widest) > columns {
            let x = widest.0 + (widest.1 - widest.0 - columns) / 2;
            canvas.text(x, y, &format!(" {label} "), Ink::Strong);
            return y + 1;
        }
        if pieces.len() == 2 && to + 4 + columns < from {
            canvas.text(to + 2, y, &label, Ink::Strong);
            return y + 1;
        }
        let last = pieces.iter().map(|piece| piece.1).max().unwrap_or(to);
        let first = pieces.iter().map(|piece| piece.0).min().unwrap_or(from);
        if pieces.len() == 1 && last + 2 + columns <= self.end() + 3 {
            canvas.text(last + 2, y, &label, Ink::Strong);
        } else if pieces.len() == 1 && first > self.left + columns {
            canvas.text(first - 1 - columns, y, &label, Ink::Strong);
        } else {
            canvas.text(self.left, y + 1, &label, Ink::Strong);
            return y + 2;
        }
        y + 1
    }
}
