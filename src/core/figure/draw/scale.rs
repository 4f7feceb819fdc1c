//! Axes: round ticks at equal distances, in whole columns.

use crate::core::number::show;

/// The largest value that is drawn to scale.
const LARGEST: f64 = 1e15;

/// Returns a value that can be drawn: finite and of a size that can be calculated with.
pub fn tame(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(-LARGEST, LARGEST)
    } else {
        0.0
    }
}

/// An axis with a tick every `per_step` columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
    pub step: f64,
    pub per_step: usize,
}

impl Scale {
    /// Fits the values into `columns` with ticks at round numbers, at least `apart` columns from one another and far
    /// enough for their labels.
    pub fn fit(values: impl IntoIterator<Item = f64>, columns: usize, apart: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut is_whole = true;
        for value in values {
            let value = tame(value);
            low = low.min(value);
            high = high.max(value);
            is_whole &= value.fract() == 0.0;
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low >= 0.0 && low <= 0.4 * high {
            low = 0.0;
        }
        if high <= low {
            high = low + 1.0;
        }
        let columns = columns.max(1);
        let mut last = None;
        for step in steps((high - low) / columns as f64, is_whole) {
            let from = (low / step).floor() * step;
            let count = (high - from) / step;
            let per_step = (columns as f64 / count).floor() as usize;
            let fits = |n: f64| show(round_to(from + n * step, step)).len() + 2 <= per_step;
            let scale = Self {
                from,
                to: high,
                step,
                per_step: per_step.max(1),
            };
            if per_step >= apart && fits(1.0) && fits((count - 1.0).floor().max(0.0)) {
                return scale;
            }
            let is_over = count <= 1.0;
            last = Some(scale);
            if is_over {
                break;
            }
        }
        // A single step is always possible.
        last.map_or(
            Self {
                from: low,
                to: high,
                step: high - low,
                per_step: columns,
            },
            |scale| Self {
                per_step: ((columns as f64 * scale.step) / (high - scale.from))
                    .floor()
                    .max(1.0) as usize,
                ..scale
            },
        )
    }

    /// Returns the place of a value as a share of the axis: 0 at its first tick, 1 at the last value.
    pub fn share(&self, value: f64) -> f64 {
        ((tame(value) - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    pub fn column(&self, value: f64) -> usize {
        let steps = (tame(value) - self.from) / self.step;
        (steps * self.per_step as f64).round().max(0.0) as usize
    }

    /// Returns the ticks up to the last value: columns and values.
    pub fn ticks(&self) -> Vec<(usize, f64)> {
        let count = ((self.to - self.from) / self.step + 1e-9).floor() as usize;
        (0..=count.min(200))
            .map(|n| {
                (
                    n * self.per_step,
                    round_to(self.from + n as f64 * self.step, self.step),
                )
            })
            .collect()
    }
}

/// Removes the rounding error of a multiple of `step`.
fn round_to(value: f64, step: f64) -> f64 {
    let digits = (2.0 - step.abs().log10().floor()).clamp(0.0, 300.0);
    let scale = 10f64.powf(digits);
    let rounded = (value * scale).round() / scale;
    if rounded.is_finite() { rounded } else { value }
}

/// Returns round numbers in increasing order, from the first that is at least `least`.
fn steps(least: f64, is_whole: bool) -> impl Iterator<Item = f64> {
    let least = if least > 0.0 { least } else { 1.0 };
    let exponent = least.log10().floor() as i32;
    (exponent..exponent + 40).flat_map(move |exponent| {
        let base = 10f64.powi(exponent);
        [1.0, 1.5, 2.0, 2.5, 5.0]
            .into_iter()
            .filter(move |m| f64::fract(*m) == 0.0 || base >= 10.0)
            .map(move |m| m * base)
            .filter(move |step| *step >= least && (!is_whole || *step >= 1.0))
    })
}
