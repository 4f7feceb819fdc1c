//! Charts: lines with patterns of dashes, bars, thresholds and shaded spans, with a legend above.

use super::room::Room;
use super::{Anchor, Fill, LINE, Pen, Place, Rect, VectorImage, WIDTH, text_width};
use crate::core::figure::describe::with_unit;
use crate::core::figure::draw::chart::axes::{ROWS, Rise, Run};
use crate::core::figure::draw::chart::title;
use crate::core::figure::picture::Ink;
use crate::core::figure::{Chart, Series, Style};
use crate::core::number::show;

/// The height of the plot.
const HEIGHT: f64 = 220.0;

/// The axes of a chart and the place of the plot.
struct Plot<'a> {
    chart: &'a Chart,
    run: Run,
    rise: Rise,
    left: f64,
    top: f64,
    width: f64,
}

pub fn draw(chart: &Chart) -> VectorImage {
    let mut image = VectorImage::new(WIDTH);
    let rise = Rise::of(chart, ROWS);
    let names = rise.ticks.iter().map(|(_, label)| text_width(label));
    let left = names.fold(0.0, f64::max) + 12.0;
    let width = WIDTH - left - 24.0;
    let run = Run::of(chart, (width / 8.0) as usize);
    let top = legend(&mut image, chart)
        + if chart.shaded.is_empty() {
            16.0
        } else {
            LINE + 12.0
        };
    let plot = Plot {
        chart,
        run,
        rise,
        left,
        top,
        width,
    };
    plot.shaded(&mut image);
    plot.axes(&mut image);
    let mut room = Room::new(Rect::new(left, top - 16.0, width + 24.0, HEIGHT + 16.0));
    let bars: Vec<(usize, &Series)> = plot.series(|style| style == Style::Bars).collect();
    for (place, (n, series)) in bars.iter().enumerate() {
        plot.bars(&mut image, &mut room, series, *n, (place, bars.len()));
    }
    for (n, series) in plot.series(|style| style != Style::Bars) {
        let points = plot.points(series);
        room.take_line(&points);
        image.line(points, pen(n));
    }
    plot.thresholds(&mut image, &mut room);
    image
}

/// Returns the pen of a series. Its pattern tells it from the others without colour.
fn pen(series: usize) -> Pen {
    Pen {
        ink: Ink::Series(series as u8),
        width: 2.0,
        dash: (series % 4) as u8,
    }
}

/// Writes the title of the y axis and what each series is, and returns the place below them.
fn legend(image: &mut VectorImage, chart: &Chart) -> f64 {
    let mut y = LINE - 4.0;
    let head = title(&chart.y);
    image.label((0.0, y), Anchor::Start, head.clone(), Ink::Dim);
    let mut x = match head.is_empty() {
        true => 0.0,
        false => text_width(&head) + 20.0,
    };
    for (n, series) in chart.series.iter().enumerate() {
        let label = series.label.line();
        if label.is_empty() {
            continue;
        }
        let width = 34.0 + text_width(&label);
        if x > 0.0 && x + width > WIDTH {
            (x, y) = (0.0, y + LINE);
        }
        if series.style == Style::Bars {
            let rect = Rect::new(x + 6.0, y - 10.0, 16.0, 11.0);
            image.area(rect, fill(n), Some(pen(n)));
        } else {
            image.line([(x, y - 4.0), (x + 28.0, y - 4.0)], pen(n));
        }
        image.label((x + 34.0, y), Anchor::Start, label, Ink::Plain);
        x += width + 20.0;
    }
    y
}

fn fill(series: usize) -> Fill {
    let ink = Ink::Series(series as u8);
    match series % 2 {
        0 => Fill::Full(ink),
        _ => Fill::Pale(ink),
    }
}

impl Plot<'_> {
    fn series(&self, is_wanted: impl Fn(Style) -> bool) -> impl Iterator<Item = (usize, &Series)> {
        let all = self.chart.series.iter().enumerate();
        all.filter(move |(_, series)| is_wanted(series.style))
    }

    fn x(&self, value: f64) -> f64 {
        self.left + self.run.share(value).clamp(0.0, 1.0) * self.width
    }

    fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - self.rise.height(value)) * HEIGHT
    }

    fn shaded(&self, image: &mut VectorImage) {
        for shaded in &self.chart.shaded {
            let (a, b) = (self.x(shaded.from), self.x(shaded.to));
            let rect = Rect::new(a.min(b), self.top, (b - a).abs().max(2.0), HEIGHT);
            image.area(rect, Fill::Pale(Ink::Marker), None);
            let label = shaded.label.line();
            let half = text_width(&label) / 2.0;
            let middle = (rect.x + rect.width / 2.0).clamp(half, (WIDTH - half).max(half));
            image.label((middle, self.top - 6.0), Anchor::Middle, label, Ink::Marker);
        }
    }

    fn axes(&self, image: &mut VectorImage) {
        let (right, bottom) = (self.left + self.width, self.top + HEIGHT);
        for (row, label) in &self.rise.ticks {
            let y = self.top + *row as f64 / self.rise.rows.max(1) as f64 * HEIGHT;
            image.line([(self.left, y), (right, y)], Pen::thin(Ink::Axis));
            image.label(
                (self.left - 6.0, y + 4.0),
                Anchor::End,
                label.clone(),
                Ink::Dim,
            );
        }
        let pen = Pen::thin(Ink::Dim);
        image.line(
            [(self.left, self.top), (self.left, bottom), (right, bottom)],
            pen,
        );
        for (column, label) in &self.run.ticks {
            let x = self.left + self.run.share_of_column(*column as f64) * self.width;
            image.line([(x, bottom), (x, bottom + 5.0)], pen);
            image.label((x, bottom + 17.0), Anchor::Middle, label.clone(), Ink::Dim);
        }
        let title = title(&self.chart.x);
        image.height = bottom + if title.is_empty() { 22.0 } else { 40.0 };
        image.label((right, bottom + 35.0), Anchor::End, title, Ink::Dim);
    }

    fn bars(
        &self,
        image: &mut VectorImage,
        room: &mut Room,
        series: &Series,
        n: usize,
        (place, count): (usize, usize),
    ) {
        let slot = self.run.share_of_column(self.run.slot as f64) * self.width;
        let each = (0.72 * slot / count.max(1) as f64).clamp(2.0, 64.0);
        let bottom = self.top + HEIGHT;
        for (x, y) in &series.points {
            let left = self.x(*x) + (place as f64 - count as f64 / 2.0) * each;
            let top = self.y(*y);
            let left = left.max(self.left);
            image.area(
                Rect::new(left, top, each, bottom - top),
                fill(n),
                Some(pen_of_bar(n)),
            );
            room.take(Rect::new(left, top, each, bottom - top));
            let value = show(*y);
            if count == 1 && text_width(&value) < slot {
                let at = (left + each / 2.0, top - 4.0);
                room.label(image, &value, Ink::Plain, [(at, Anchor::Middle)]);
            }
        }
    }

    /// Returns the points of a line; steps keep their height up to the next point.
    fn points(&self, series: &Series) -> Vec<Place> {
        let mut points: Vec<Place> = Vec::new();
        for (x, y) in &series.points {
            let (x, y) = (self.x(*x), self.y(*y));
            if series.style == Style::Step
                && let Some((_, before)) = points.last().copied()
            {
                points.push((x, before));
            }
            points.push((x, y));
        }
        points
    }

    fn thresholds(&self, image: &mut VectorImage, room: &mut Room) {
        let right = self.left + self.width;
        for threshold in &self.chart.thresholds {
            let y = self.y(threshold.at);
            image.line(
                [(self.left, y), (right, y)],
                Pen {
                    width: 1.75,
                    ..Pen::dashed(Ink::Marker)
                },
            );
            room.take_line(&[(self.left, y), (right, y)]);
        }
        let mut notes = Vec::new();
        for threshold in &self.chart.thresholds {
            let y = self.y(threshold.at);
            let at = with_unit(threshold.at, &self.chart.y.unit);
            let label = threshold.label.line();
            let text = if label.is_empty() {
                at
            } else {
                format!("{label} ({at})")
            };
            let shares = (0..=10).rev().map(|n| f64::from(n) / 10.0);
            let places = shares.flat_map(|share| {
                let x = self.left + 4.0 + share * (self.width - 8.0 - text_width(&text)).max(0.0);
                [
                    ((x, y - 5.0), Anchor::Start),
                    ((x, y + 15.0), Anchor::Start),
                ]
            });
            if room.label(image, &text, Ink::Marker, places).is_none() {
                notes.push(format!("Dashed line: {text}"));
            }
        }
        image.notes(&notes);
    }
}

fn pen_of_bar(series: usize) -> Pen {
    Pen {
        dash: 0,
        width: 1.25,
        ..pen(series)
    }
}
