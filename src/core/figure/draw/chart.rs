//! Charts: lines in braille dots, bars in eighths of a cell, and labels beside their lines.

pub mod axes;
mod bars;
mod dots;
mod labels;

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, DOWN, LEFT, RIGHT, UP};
use super::notes::wrap;
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Axis, Chart, Style};
use axes::{Rise, Run};
use dots::{Dots, Pattern, THRESHOLD};
use labels::Labels;

/// The fewest columns of the plot.
const SHORTEST: usize = 16;

/// The place of the plot on the canvas, and its axes.
pub struct Plot<'a> {
    chart: &'a Chart,
    run: Run,
    rise: Rise,
    /// The first column and row of the plot.
    left: usize,
    top: usize,
    columns: usize,
}

pub fn draw(chart: &Chart, width: usize, rows: usize, charset: Charset) -> Picture {
    let mut canvas = Canvas::new(charset);
    let rise = Rise::of(chart, rows);
    let names = rise
        .ticks
        .iter()
        .map(|(_, label)| label.width())
        .max()
        .unwrap_or(0);
    let left = names + if rise.is_centred { 2 } else { 1 };
    let run = Run::of(chart, width.saturating_sub(left).max(SHORTEST));
    let columns = run.columns();
    let mut y = head(&mut canvas, chart, width);
    let brackets = y;
    y += shaded_rows(chart, &run, columns)
        .into_iter()
        .max()
        .map_or(0, |row| row + 1);
    y += usize::from(bars::has_values(chart, &run));
    let plot = Plot {
        chart,
        run,
        rise,
        left,
        top: y,
        columns,
    };
    plot.axes(&mut canvas);
    plot.brackets(&mut canvas, brackets);
    bars::draw(&plot, &mut canvas);
    let notes = plot.lines(&mut canvas);
    let mut y = canvas.height();
    for (sample, text) in notes {
        for (n, line) in wrap(&text, width.saturating_sub(4)).iter().enumerate() {
            let sample = if n == 0 { sample.as_str() } else { "" };
            canvas.text(0, y, sample, Ink::Plain);
            canvas.text(4, y, line, Ink::Plain);
            y += 1;
        }
    }
    canvas.picture()
}

/// Returns the label of an axis with its unit.
pub fn title(axis: &Axis) -> String {
    let (label, unit) = (axis.label.line(), axis.unit.line());
    match (label.is_empty(), unit.is_empty()) {
        (false, false) => format!("{label} ({unit})"),
        (true, false) => unit,
        _ => label,
    }
}

/// Writes the title of the y axis, and the signs of the bars; returns the row after them.
fn head(canvas: &mut Canvas, chart: &Chart, width: usize) -> usize {
    let mut y = 0;
    let mut x = 0;
    for line in wrap(&title(&chart.y), width) {
        x = canvas.text(0, y, &line, Ink::Dim) + 3;
        y += 1;
    }
    let is_bars = |style: Style| style == Style::Bars;
    for (n, series) in chart
        .series
        .iter()
        .filter(|series| is_bars(series.style))
        .enumerate()
    {
        let label = series.label.line();
        if label.is_empty() {
            continue;
        }
        if y == 0 || x + label.width() + 2 > width {
            (x, y) = (0, y + 1);
        }
        let sign = bars::fill(canvas, n);
        canvas.sign(x, y - 1, sign, Ink::Series(n as u8));
        x = canvas.text(x + 2, y - 1, &label, Ink::Series(n as u8)) + 3;
    }
    y
}

/// Returns the columns of a shaded span on the plot.
fn shaded_columns(chart: &Chart, run: &Run, n: usize, columns: usize) -> (usize, usize) {
    let shaded = &chart.shaded[n];
    let last = columns.saturating_sub(1);
    let (a, b) = (
        run.cell(shaded.from).min(last),
        run.cell(shaded.to).min(last),
    );
    (a.min(b), a.max(b))
}

/// Returns the row of the bracket of each shaded span.
fn shaded_rows(chart: &Chart, run: &Run, columns: usize) -> Vec<usize> {
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    for (n, shaded) in chart.shaded.iter().enumerate() {
        let (from, to) = shaded_columns(chart, run, n, columns);
        let label = shaded.label.line().width();
        let (first, last) = if to - from >= label + 4 {
            (from, to)
        } else {
            (from.saturating_sub(label + 2), to + label + 2)
        };
        let is_taken = |row: usize| {
            taken
                .iter()
                .any(|(a, b, r)| *r == row && *a <= last && first <= *b)
        };
        let row = (0..).find(|row| !is_taken(*row)).unwrap_or(0);
        taken.push((first, last, row));
    }
    taken.into_iter().map(|(.., row)| row).collect()
}

impl Plot<'_> {
    /// Returns the row of the x axis.
    fn bottom(&self) -> usize {
        self.top + self.rise.rows + usize::from(self.rise.is_centred)
    }

    fn axes(&self, canvas: &mut Canvas) {
        let axis = self.left - if self.rise.is_centred { 2 } else { 1 };
        let bottom = self.bottom();
        canvas.vertical(axis, self.top, bottom, 0, Ink::Axis);
        for (at, label) in &self.rise.ticks {
            let y = self.top + at;
            canvas.text(axis - label.width().min(axis), y, label, Ink::Dim);
            if y < bottom {
                canvas.join(axis, y, UP | DOWN | LEFT, Ink::Axis);
            }
        }
        let end = self.left + self.columns.max(1) - 1;
        canvas.horizontal(bottom, axis, end, 0, Ink::Axis);
        let mut free = 0;
        for (at, label) in &self.run.ticks {
            let x = self.left + at;
            canvas.join(x, bottom, LEFT | RIGHT | DOWN, Ink::Axis);
            let from = (x + 1).saturating_sub(label.width().div_ceil(2));
            if from >= free {
                free = canvas.text(from, bottom + 1, label, Ink::Dim) + 1;
            }
        }
        let title = title(&self.chart.x);
        let columns = title.width();
        let y = bottom + if self.run.ticks.is_empty() { 1 } else { 2 };
        canvas.text((end + 1).saturating_sub(columns), y, &title, Ink::Dim);
    }

    /// Draws the shaded spans: a bracket with the label above the plot. The plot is shaded later, where it is blank.
    fn brackets(&self, canvas: &mut Canvas, top: usize) {
        let rows = shaded_rows(self.chart, &self.run, self.columns);
        for (n, (shaded, row)) in self.chart.shaded.iter().zip(rows).enumerate() {
            let (from, to) = shaded_columns(self.chart, &self.run, n, self.columns);
            let (from, to, y) = (self.left + from, self.left + to, top + row);
            canvas.horizontal(y, from, to, 0, Ink::Marker);
            canvas.join(from, y, UP | DOWN, Ink::Marker);
            canvas.join(to, y, UP | DOWN, Ink::Marker);
            let label = shaded.label.line();
            let columns = label.width();
            if columns == 0 {
                continue;
            }
            if to - from >= columns + 4 {
                let x = from + (to - from - columns) / 2;
                canvas.text(x, y, &format!(" {label} "), Ink::Marker);
            } else if to + 2 + columns > self.left + self.columns && from > columns {
                canvas.text(from - columns - 1, y, &label, Ink::Marker);
            } else {
                canvas.text(to + 2, y, &label, Ink::Marker);
            }
        }
    }

    /// Draws lines, thresholds and their labels; returns a sample and the text of each label without a place.
    fn lines(&self, canvas: &mut Canvas) -> Vec<(String, String)> {
        let mut dots = Dots::of(self, |_| Pattern::SOLID);
        let mut labels = Labels::place(self, &dots, canvas);
        let is_unlabelled = labels.missing.iter().any(|(owner, _)| *owner != THRESHOLD);
        let is_ambiguous = dots.has_crossing() || is_unlabelled;
        if is_ambiguous {
            dots = Dots::of(self, Pattern::of);
            labels = Labels::place(self, &dots, canvas);
        }
        dots.paint(self, canvas, is_ambiguous);
        labels.paint(self, canvas);
        self.shade(canvas, &labels);
        labels
            .missing
            .iter()
            .map(|(owner, text)| (Pattern::sample(*owner, canvas), text.clone()))
            .collect()
    }

    fn shade(&self, canvas: &mut Canvas, labels: &Labels) {
        let shade = canvas.pick('░', '.');
        for n in 0..self.chart.shaded.len() {
            let (from, to) = shaded_columns(self.chart, &self.run, n, self.columns);
            for y in self.top..self.bottom() {
                for x in from..=to {
                    if canvas.is_blank(self.left + x, y) && !labels.is_near(x, y - self.top) {
                        canvas.sign(self.left + x, y, shade, Ink::Dim);
                    }
                }
            }
        }
    }
}
