//! The labels of lines: next to their own line, away from the others.

use unicode_width::UnicodeWidthStr;

use super::Plot;
use super::dots::{Dots, THRESHOLD};
use crate::core::figure::draw::canvas::Canvas;
use crate::core::figure::picture::Ink;
use crate::core::figure::{Style, Threshold};
use crate::core::number::show;

/// A label with its place in the plot.
struct Placed {
    x: usize,
    y: usize,
    text: String,
    ink: Ink,
}

/// The labels of a plot.
#[derive(Default)]
pub struct Labels {
    placed: Vec<Placed>,
    /// Labels without a place, with the owners of their lines.
    pub missing: Vec<(usize, String)>,
}

impl Labels {
    pub fn place(plot: &Plot, dots: &Dots, canvas: &Canvas) -> Self {
        let mut labels = Self::default();
        let series = plot.chart.series.iter().enumerate();
        for (n, series) in series.filter(|(_, series)| series.style != Style::Bars) {
            labels.add(plot, dots, canvas, n, None, series.label.line());
        }
        for threshold in &plot.chart.thresholds {
            let row = plot.rise.dot(threshold.at) / 4;
            labels.add(
                plot,
                dots,
                canvas,
                THRESHOLD,
                Some(row),
                threshold_label(threshold),
            );
        }
        labels
    }

    /// Places a label above or below the line of its owner; thresholds share an owner and are told apart by their row.
    fn add(
        &mut self,
        plot: &Plot,
        dots: &Dots,
        canvas: &Canvas,
        owner: usize,
        row: Option<usize>,
        text: String,
    ) {
        let columns = text.width();
        if columns == 0 {
            return;
        }
        let own = 1u8 << owner.min(THRESHOLD);
        let rows = match row {
            Some(row) => row.saturating_sub(1)..(row + 2).min(dots.rows()),
            None => 0..dots.rows(),
        };
        let mut best: Option<(i64, usize, usize)> = None;
        for y in rows {
            let last = plot.columns.saturating_sub(columns);
            for x in (0..last).step_by(1 + plot.columns / 100) {
                let is_free = (x.saturating_sub(1)..=x + columns).all(|x| {
                    dots.owners(x, y) == 0
                        && !self.is_near(x, y)
                        && canvas.is_blank(plot.left + x, plot.top + y)
                });
                if !is_free {
                    continue;
                }
                let score = score(plot, dots, own, row, (x, y, columns));
                if score > 0 && best.is_none_or(|(most, ..)| score > most) {
                    best = Some((score, x, y));
                }
            }
        }
        match best {
            Some((_, x, y)) => {
                let ink = if owner == THRESHOLD {
                    Ink::Marker
                } else {
                    Ink::Series(owner as u8)
                };
                self.placed.push(Placed { x, y, text, ink });
            }
            None => self.missing.push((owner, text)),
        }
    }

    /// Returns true if a cell of the plot has a label in it or beside it.
    pub fn is_near(&self, x: usize, y: usize) -> bool {
        let is_near =
            |label: &Placed| label.y == y && label.x <= x + 1 && x <= label.x + label.text.width();
        self.placed.iter().any(is_near)
    }

    pub fn paint(&self, plot: &Plot, canvas: &mut Canvas) {
        for label in &self.placed {
            canvas.text(
                plot.left + label.x,
                plot.top + label.y,
                &label.text,
                label.ink,
            );
        }
    }
}

/// Returns how well a place suits a label: cells of its own line next to it count for it, cells of other lines
/// against it. At most 0 if the place would be misleading.
fn score(
    plot: &Plot,
    dots: &Dots,
    own: u8,
    row: Option<usize>,
    place: (usize, usize, usize),
) -> i64 {
    let (x, y, columns) = place;
    let above = y.checked_sub(1);
    let is_line = |line: usize, mask: u8| {
        (x..x + columns)
            .filter(|x| dots.owners(*x, line) & mask != 0)
            .count() as i64
    };
    let sides = [above, Some(y + 1)].into_iter().flatten();
    let mut near = 0;
    let mut others = 0;
    for line in sides {
        if row.is_none_or(|row| row == line) {
            near += is_line(line, own);
        }
        others += is_line(line, !own);
    }
    let second = [y.checked_sub(2), Some(y + 2)].into_iter().flatten();
    let farther: i64 = second.map(|line| is_line(line, !own)).sum();
    // Lines that begin or end beside the label in its own row.
    let sides = (x.saturating_sub(4)..x).chain(x + columns..x + columns + 4);
    let beside = sides.filter(|x| dots.owners(*x, y) & !own != 0).count() as i64;
    let columns = columns as i64;
    if 2 * near < columns.min(8) || others > near / 2 {
        return 0;
    }
    // Above the line and right of the middle, where equal places compete.
    let is_above = dots_below(dots, own, place);
    let middle = (10 * x as i64 + 5 * columns - 6 * plot.columns as i64).abs();
    1000 * near - 3000 * others - 1500 * beside - 100 * farther + 400 * i64::from(is_above) - middle
}

fn dots_below(dots: &Dots, own: u8, (x, y, columns): (usize, usize, usize)) -> bool {
    (x..x + columns).any(|x| dots.owners(x, y + 1) & own != 0)
}

/// Returns the label of a threshold with its value, unless the label contains it.
fn threshold_label(threshold: &Threshold) -> String {
    let (label, at) = (threshold.label.line(), show(threshold.at));
    if label.is_empty() || label.contains(&at) {
        return if label.is_empty() { at } else { label };
    }
    format!("{label} {at}")
}
