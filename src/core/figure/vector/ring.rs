//! Rings: a strip of all positions that wraps, with a row per kind of point and per range.

use super::{Anchor, Fill, LINE, Pen, Place, Rect, VectorImage, WIDTH, text_width};
use crate::core::figure::draw::ring::{kinds, label, ticks};
use crate::core::figure::draw::scale::tame;
use crate::core::figure::picture::Ink;
use crate::core::figure::{Point, Ring};
use crate::core::number::show;

const ROW: f64 = 24.0;

/// The strip: the ring from 0 to its size.
struct Strip {
    size: f64,
    left: f64,
    right: f64,
}

pub fn draw(ring: &Ring) -> VectorImage {
    let mut image = VectorImage::new(WIDTH);
    let kinds = kinds(ring);
    let names = kinds.iter().map(|kind| text_width(kind));
    let size = if tame(ring.size) > 0.0 {
        tame(ring.size)
    } else {
        1.0
    };
    let strip = Strip {
        size,
        left: names.fold(0.0, f64::max) + 30.0,
        right: WIDTH - 60.0,
    };
    strip.axis(&mut image);
    let mut y = LINE + 30.0;
    for (n, kind) in kinds.iter().enumerate() {
        image.label((0.0, y), Anchor::Start, kind.clone(), Ink::Head);
        let points = ring.points.iter();
        let points = points.filter(|point| point.kind.line() == *kind);
        y = strip.points(&mut image, points.collect(), n as u8, y);
    }
    for arc in &ring.arcs {
        let (from, to) = (strip.x(arc.from), strip.x(arc.to));
        let mut pieces = vec![(from, to)];
        if tame(arc.to) <= tame(arc.from) {
            pieces = vec![(from, strip.right + 14.0), (strip.left - 14.0, to)];
        }
        let line = y - 5.0;
        for (a, b) in &pieces {
            let pen = Pen {
                width: 4.0,
                ..Pen::thin(Ink::Strong)
            };
            image.line([(*a, line), (*b, line)], pen);
        }
        for end in [from, to] {
            image.line(
                [(end, line - 6.0), (end, line + 6.0)],
                Pen::thin(Ink::Strong),
            );
        }
        let (a, b) = pieces[0];
        let middle = f64::midpoint(a, b);
        let half = text_width(&arc.label.line()) / 2.0;
        let x = middle.clamp(half, (WIDTH - half).max(half));
        image.label((x, y + 16.0), Anchor::Middle, arc.label.line(), Ink::Strong);
        y += ROW + LINE;
    }
    image.height = y;
    image
}

impl Strip {
    /// Returns the place of a position, which may be outside the ring.
    fn x(&self, at: f64) -> f64 {
        let at = tame(at);
        let at = if at == self.size {
            at
        } else {
            at.rem_euclid(self.size)
        };
        self.left + at / self.size * (self.right - self.left)
    }

    fn axis(&self, image: &mut VectorImage) {
        let y = LINE + 4.0;
        let (from, to) = ((self.left - 16.0, y), (self.right + 16.0, y));
        image.line([from, to], Pen::thin(Ink::Axis));
        image.head(from, (from.0 + 6.0, y), Ink::Axis);
        image.head(from, (to.0 + 4.0, y), Ink::Axis);
        for value in ticks(self.size, ((self.right - self.left) / 8.0) as usize) {
            let label = match value == self.size {
                true => format!("{} = 0", show(value)),
                false => show(value),
            };
            let x = self.x(value);
            image.line([(x, y), (x, y + 6.0)], Pen::thin(Ink::Axis));
            image.label((x, y - 6.0), Anchor::Middle, label, Ink::Dim);
        }
    }

    /// Draws the points of a kind, in the first row where each has room, and returns the place below them.
    fn points(&self, image: &mut VectorImage, mut points: Vec<&Point>, kind: u8, y: f64) -> f64 {
        points.sort_by(|a, b| a.at.total_cmp(&b.at));
        let mut ends: Vec<f64> = Vec::new();
        for point in points {
            let x = self.x(point.at);
            let text = label(point);
            let width = text_width(&text);
            let is_near_end = x + 10.0 + width > WIDTH && x - 10.0 - width > self.left;
            let (from, to, at, anchor) = match is_near_end {
                true => (x - 10.0 - width, x + 6.0, x - 10.0, Anchor::End),
                false => (x - 6.0, x + 10.0 + width, x + 10.0, Anchor::Start),
            };
            let row = ends.iter().position(|end| *end + 6.0 <= from);
            let row = row.unwrap_or(ends.len());
            match ends.get_mut(row) {
                Some(end) => *end = to,
                None => ends.push(to),
            }
            let y = y + ROW * row as f64;
            let ink = if point.strong {
                Ink::Strong
            } else {
                Ink::Series(kind)
            };
            sign(image, (x, y - 5.0), kind, ink);
            image.label(
                (at, y),
                anchor,
                text,
                if point.strong { ink } else { Ink::Plain },
            );
        }
        y + ROW * ends.len().max(1) as f64 + 6.0
    }
}

/// Draws a sign that differs between kinds.
fn sign(image: &mut VectorImage, (x, y): Place, kind: u8, ink: Ink) {
    match kind % 3 {
        0 => image.dot((x, y), 5.0, Fill::Full(ink), None),
        1 => image.area(Rect::new(x - 4.5, y - 4.5, 9.0, 9.0), Fill::Full(ink), None),
        _ => image.dot((x, y), 4.0, Fill::Paper, Some(Pen::thin(ink))),
    }
}
