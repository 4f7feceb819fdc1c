//! The bars of a chart.

use unicode_width::UnicodeWidthStr;

use super::Plot;
use super::axes::Run;
use crate::core::figure::draw::canvas::Canvas;
use crate::core::figure::picture::Ink;
use crate::core::figure::{Chart, Series, Style};
use crate::core::number::show;

const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Returns the character of the bars of a series.
pub fn fill(canvas: &Canvas, series: usize) -> char {
    canvas.pick(['█', '▒', '▓', '░'], ['#', '=', '%', ':'])[series % 4]
}

fn series(chart: &Chart) -> impl Iterator<Item = &Series> {
    chart
        .series
        .iter()
        .filter(|series| series.style == Style::Bars)
}

/// Returns true if the values are written above their bars: if there is one series and each value fits.
pub fn has_values(chart: &Chart, run: &Run) -> bool {
    let all = || series(chart).flat_map(|series| &series.points);
    series(chart).count() == 1 && all().all(|(_, y)| show(*y).width() < run.slot.max(1))
}

pub fn draw(plot: &Plot, canvas: &mut Canvas) {
    let count = series(plot.chart).count();
    let width = match plot.run.slot {
        0 => return,
        slot @ 1..=2 => slot,
        slot @ 3..=6 => slot - 1,
        slot => slot * 3 / 4,
    };
    let each = (width / count.max(1)).max(1);
    let has_values = has_values(plot.chart, &plot.run);
    for (n, series) in series(plot.chart).enumerate() {
        for (x, y) in &series.points {
            let middle = plot.left + plot.run.cell(*x);
            let from = (middle + n * each)
                .saturating_sub(each * count / 2)
                .max(plot.left);
            let from = if count == 1 {
                middle.saturating_sub((each - 1) / 2).max(plot.left)
            } else {
                from
            };
            let height = plot.rise.height(*y);
            // A bar of any height differs from no bar.
            let eighths = ((height * (8 * plot.rise.rows) as f64).round() as usize)
                .max(usize::from(height > 0.0));
            for x in from..(from + each).min(plot.left + plot.columns) {
                bar(plot, canvas, n, x, eighths);
            }
            if has_values {
                let label = show(*y);
                let row = plot.bottom().saturating_sub(eighths.div_ceil(8) + 1);
                let x = (middle + 1).saturating_sub(label.width().div_ceil(2));
                canvas.text(x, row, &label, Ink::Plain);
            }
        }
    }
}

/// Draws a column of a bar. Only the first series has a finer end than a cell.
fn bar(plot: &Plot, canvas: &mut Canvas, series: usize, x: usize, eighths: usize) {
    let ink = Ink::Series(series as u8);
    let whole = fill(canvas, series);
    let full = if series == 0 {
        eighths / 8
    } else {
        (eighths + 4) / 8
    };
    for row in 0..full {
        canvas.sign(x, plot.bottom() - 1 - row, whole, ink);
    }
    let rest = eighths % 8;
    if series == 0 && rest > 0 && full < plot.rise.rows {
        let end = canvas.pick(EIGHTHS[rest - 1], if rest > 3 { '#' } else { '_' });
        canvas.sign(x, plot.bottom() - 1 - full, end, ink);
    }
}
