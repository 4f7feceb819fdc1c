//! The axes of a chart: from values to columns and rows.

use unicode_width::UnicodeWidthStr;

use crate::core::figure::draw::scale::{Scale, tame};
use crate::core::figure::{Axis, Chart, Series, Style};
use crate::core::number::show;
use crate::core::text::Text;

/// The rows of a plot where nothing tells how many there is room for; the ticks of the y axis divide them, about.
pub const ROWS: usize = 9;
/// The most decades of a logarithmic axis.
const DECADES: f64 = 9.0;

/// Returns the value on an axis whose ticks are at equal distances.
fn linear(axis: &Axis, value: f64) -> f64 {
    if axis.log {
        tame(value).max(1e-9).log10()
    } else {
        tame(value)
    }
}

/// Returns the number that belongs to a value on the axis.
fn number(axis: &Axis, value: f64) -> String {
    if axis.log {
        show(10f64.powf(value))
    } else {
        show(value)
    }
}

/// The x axis.
pub struct Run {
    is_log: bool,
    scale: Scale,
    /// The columns and labels of ticks.
    pub ticks: Vec<(usize, String)>,
    /// The columns of a bar and the space after it; 0 without bars.
    pub slot: usize,
    end: usize,
}

impl Run {
    pub fn of(chart: &Chart, room: usize) -> Self {
        let axis = &chart.x;
        let ends = [axis.min, axis.max].into_iter().flatten();
        let data = chart
            .series
            .iter()
            .flat_map(|series| &series.points)
            .map(|(x, _)| *x);
        let shaded = chart
            .shaded
            .iter()
            .flat_map(|shaded| [shaded.from, shaded.to]);
        let inner = if axis.min.is_some() && axis.max.is_some() {
            None
        } else {
            Some(())
        };
        let data = data.chain(shaded).filter(|_| inner.is_some());
        let values: Vec<f64> = ends.chain(data).map(|value| linear(axis, value)).collect();
        let bars = |series: &&Series| series.style == Style::Bars;
        let mut run = if chart.series.iter().any(|series| bars(&series)) {
            Self::with_bars(chart, &values, room)
        } else if axis.ticks.is_empty() || values.is_empty() {
            Self::with_numbers(axis, &values, room)
        } else {
            Self::with_labels(axis, &values, room)
        };
        run.is_log = axis.log;
        run
    }

    fn with_numbers(axis: &Axis, values: &[f64], room: usize) -> Self {
        let ends = |value: &f64| {
            if axis.log {
                [value.floor(), value.ceil()]
            } else {
                [*value; 2]
            }
        };
        let most = values
            .iter()
            .map(|value| number(axis, *value).width())
            .max()
            .unwrap_or(1);
        let room = room.saturating_sub(most.div_ceil(2) + 1);
        let apart = most + 3;
        let scale = Scale::fit(values.iter().flat_map(ends), room, apart.max(8).min(room));
        let ticks = scale.ticks();
        Self {
            is_log: axis.log,
            end: scale.column(scale.to),
            scale,
            ticks: ticks
                .into_iter()
                .map(|(x, value)| (x, number(axis, value)))
                .collect(),
            slot: 0,
        }
    }

    /// Places the labels of the deck at equal distances; where they don't fit, every second or third one.
    fn with_labels(axis: &Axis, values: &[f64], room: usize) -> Self {
        let labels: Vec<String> = axis.ticks.iter().map(Text::line).collect();
        let (min, max) = ends(values);
        let parts = labels.len().saturating_sub(1).max(1);
        let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let room = room.saturating_sub(labels.last().map_or(0, |last| last.width() / 2) + 1);
        let per_step = (room / parts).max(1);
        let every = (widest + 1).div_ceil(per_step).max(1);
        let every = (every..=parts)
            .find(|every| parts.is_multiple_of(*every))
            .unwrap_or(every);
        let ticks = labels.into_iter().enumerate().step_by(every);
        Self {
            is_log: axis.log,
            scale: Scale {
                from: min,
                to: max,
                step: (max - min) / parts as f64,
                per_step,
            },
            ticks: ticks.map(|(n, label)| (n * per_step, label)).collect(),
            slot: 0,
            end: parts * per_step,
        }
    }

    /// Gives each x value of the bars a slot of the same width.
    fn with_bars(chart: &Chart, values: &[f64], room: usize) -> Self {
        let axis = &chart.x;
        let (min, max) = ends(values);
        let mut all: Vec<f64> = values.to_vec();
        let bars = chart
            .series
            .iter()
            .filter(|series| series.style == Style::Bars);
        all.extend(
            bars.flat_map(|series| &series.points)
                .map(|(x, _)| linear(axis, *x)),
        );
        all.sort_by(f64::total_cmp);
        let gaps = all
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .filter(|gap| *gap > 1e-9);
        let step = gaps.fold(f64::INFINITY, f64::min);
        let step = if step.is_finite() { step } else { 1.0 };
        let step = step.max((max - min) / room as f64);
        let is_single = all.first() == all.last();
        let count = if is_single {
            1
        } else {
            ((max - min) / step).round() as usize + 1
        };
        let slot = (room / count).clamp(1, 16);
        let centre = |n: f64| (n * slot as f64) as usize + slot.saturating_sub(1) / 2;
        let labels: Vec<(f64, String)> = if axis.ticks.is_empty() {
            let value = |n: usize| min + n as f64 * step;
            (0..count)
                .map(|n| (n as f64, number(axis, value(n))))
                .collect()
        } else {
            let parts = axis.ticks.len().saturating_sub(1).max(1) as f64;
            let place = |n: usize| n as f64 * (count - 1) as f64 / parts;
            axis.ticks
                .iter()
                .enumerate()
                .map(|(n, label)| (place(n), label.line()))
                .collect()
        };
        let widest = labels
            .iter()
            .map(|(_, label)| label.width())
            .max()
            .unwrap_or(0);
        let apart = labels
            .get(1)
            .map_or(slot, |(place, _)| centre(*place) - centre(0.0))
            .max(1);
        let every = (widest + 1).div_ceil(apart).max(1);
        Self {
            is_log: axis.log,
            scale: Scale {
                from: min,
                to: max,
                step,
                per_step: slot,
            },
            ticks: labels
                .into_iter()
                .step_by(every)
                .map(|(place, label)| (centre(place), label))
                .collect(),
            slot,
            end: count * slot - 1,
        }
    }

    pub fn columns(&self) -> usize {
        self.end + 1
    }

    /// Returns the place of a value as a share of the axis; the middle of its slot if there are bars.
    pub fn share(&self, value: f64) -> f64 {
        self.share_of_column(
            self.columns_from_start(value) + (self.slot.saturating_sub(1) / 2) as f64,
        )
    }

    /// Returns the place of a column as a share of the axis.
    pub fn share_of_column(&self, column: f64) -> f64 {
        column / self.end.max(1) as f64
    }

    /// Returns the distance of a value from the start of the axis in columns.
    fn columns_from_start(&self, value: f64) -> f64 {
        let value = if self.is_log {
            tame(value).max(1e-9).log10()
        } else {
            tame(value)
        };
        (value - self.scale.from) / self.scale.step * self.scale.per_step as f64
    }

    /// Returns the column of a value; the middle of its slot if there are bars.
    pub fn cell(&self, value: f64) -> usize {
        self.dot(value) / 2
    }

    /// Returns the column in half cells: the dot whose middle is nearest, where a tick is in the middle of its cell.
    pub fn dot(&self, value: f64) -> usize {
        let dot = (self.columns_from_start(value) * 2.0 + 0.5)
            .round()
            .max(0.0) as usize;
        (dot + self.slot.saturating_sub(1) / 2 * 2).min(2 * self.end + 1)
    }
}

fn ends(values: &[f64]) -> (f64, f64) {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match (min, max) {
        (min, max) if min < max => (min, max),
        (min, _) if min.is_finite() => (min, min + 1.0),
        _ => (0.0, 1.0),
    }
}

/// The y axis.
pub struct Rise {
    is_log: bool,
    min: f64,
    max: f64,
    /// The rows between the lowest and the highest tick.
    pub rows: usize,
    /// The row of each tick from the top, and its label.
    pub ticks: Vec<(usize, String)>,
    /// A tick is in the middle of its row. With bars it is at the upper edge, so that bars begin at the x axis.
    pub is_centred: bool,
}

impl Rise {
    /// Returns the axis of a plot with about `rows` rows.
    pub fn of(chart: &Chart, rows: usize) -> Self {
        let axis = &chart.y;
        let has_bars = chart
            .series
            .iter()
            .any(|series| series.style == Style::Bars);
        let data = chart
            .series
            .iter()
            .flat_map(|series| &series.points)
            .map(|(_, y)| *y);
        let thresholds = chart.thresholds.iter().map(|threshold| threshold.at);
        let values: Vec<f64> = data
            .chain(thresholds)
            .map(|value| linear(axis, value))
            .collect();
        let (mut min, mut max) = ends(&values);
        if !axis.log && (has_bars || min >= 0.0) {
            min = min.min(0.0);
        }
        let fixed_min = axis.min.map(|value| linear(axis, value));
        let fixed_max = axis.max.map(|value| linear(axis, value));
        min = fixed_min.unwrap_or(min);
        max = fixed_max.unwrap_or(max).max(min);
        if max <= min {
            max = min + 1.0;
        }
        let is_fixed = fixed_max.is_some() && fixed_min.unwrap_or(min) == min;
        let step = if axis.log {
            (min, max) = (min.floor(), max.ceil());
            max = max.min(min + DECADES);
            1.0
        } else if axis.ticks.len() > 1 {
            (max - min) / (axis.ticks.len() - 1) as f64
        } else if is_fixed {
            step_within(max - min)
        } else {
            let step = step_around(min, max);
            min = (min / step + 1e-9).floor() * step;
            max = min + ((max - min) / step - 1e-9).ceil().max(1.0) * step;
            step
        };
        Self::with(axis, (min, max), step, rows, !has_bars)
    }

    /// Places the ticks whole rows apart; the axis ends at the first row that is not below `max`.
    fn with(axis: &Axis, (min, max): (f64, f64), step: f64, rows: usize, is_centred: bool) -> Self {
        let parts = (max - min) / step;
        let per_part = (rows as f64 / parts).round().max(1.0);
        let rows = (parts * per_part - 1e-9).ceil().max(1.0) as usize;
        let count = (parts + 1e-9).floor() as usize;
        let label = |n: usize| match axis.ticks.get(n) {
            Some(label) => label.line(),
            None if axis.ticks.is_empty() => {
                let value = min + step * n as f64;
                number(axis, (value * 1e9).round() / 1e9)
            }
            None => String::new(),
        };
        Self {
            is_log: axis.log,
            min,
            max: min + rows as f64 / per_part * step,
            rows,
            ticks: (0..=count)
                .rev()
                .map(|n| (rows.saturating_sub(n * per_part as usize), label(n)))
                .collect(),
            is_centred,
        }
    }

    /// Returns the height of a value: 0 at the lowest tick, 1 at the highest.
    pub fn height(&self, value: f64) -> f64 {
        let value = if self.is_log {
            tame(value).max(1e-9).log10()
        } else {
            tame(value)
        };
        ((value - self.min) / (self.max - self.min)).clamp(0.0, 1.0)
    }

    /// Returns the row of a value from the top, in quarters of a row: the dot whose middle is nearest.
    pub fn dot(&self, value: f64) -> usize {
        let quarters = (1.0 - self.height(value)) * (4 * self.rows) as f64;
        if self.is_centred {
            (quarters + 1.5).round() as usize
        } else {
            let dot = (quarters - 0.5).round().max(0.0) as usize;
            dot.min(4 * self.rows - 1)
        }
    }
}

/// Returns the round numbers that are at most `most`, from the largest.
fn round_steps(most: f64) -> impl Iterator<Item = f64> {
    let exponent = most.log10().floor() as i32;
    (0..4).flat_map(move |n| {
        let base = 10f64.powi(exponent - n);
        let steps = [5.0, 2.0, 1.0].into_iter().map(move |m| m * base);
        steps.filter(move |step| *step <= most * (1.0 + 1e-9))
    })
}

/// Returns the largest step that gives an axis of a fixed length four ticks, or one that divides it if there would be
/// more than six.
fn step_within(range: f64) -> f64 {
    let third = range / 3.0;
    let step = round_steps(third).next().unwrap_or(third);
    if range / step <= 5.0 + 1e-9 {
        return step;
    }
    let is_simple = |step: &f64| {
        let mantissa = step / 10f64.powf(step.log10().floor());
        [3.0, 4.0, 6.0, 8.0]
            .iter()
            .any(|simple| (mantissa - simple).abs() < 1e-9)
    };
    let mut divisors = [third, range / 4.0].into_iter();
    divisors.find(is_simple).unwrap_or(step)
}

/// Returns the step that gives an axis around these values four to six ticks and the least empty space.
fn step_around(min: f64, max: f64) -> f64 {
    let ends = |step: f64| {
        let from = (min / step + 1e-9).floor() * step;
        let parts = ((max - from) / step - 1e-9).ceil();
        (parts, from + parts * step - from)
    };
    let fits = |step: &f64| (3.0..=5.0).contains(&ends(*step).0);
    let steps = round_steps(max - min).filter(fits);
    let best = steps.min_by(|a, b| ends(*a).1.total_cmp(&ends(*b).1));
    best.unwrap_or((max - min) / 4.0)
}
