//! Lines and thresholds in dots: two columns and four rows per cell.

use super::Plot;
use crate::core::figure::Style;
use crate::core::figure::draw::canvas::Canvas;
use crate::core::figure::picture::Ink;

/// The owner of the dots of thresholds; series have their index.
pub const THRESHOLD: usize = 7;

/// The bits of the dots of a braille character, by row and column.
const BRAILLE: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
/// The letters of lines that cross, in ASCII.
const LETTERS: [char; 4] = ['*', '+', 'o', 'x'];

/// Dots that are drawn, and left out, along a line.
#[derive(Clone, Copy)]
pub struct Pattern {
    on: usize,
    off: usize,
}

impl Pattern {
    pub const SOLID: Self = Self { on: 1, off: 0 };

    /// Returns the pattern of a series whose line crosses another.
    pub fn of(series: usize) -> Self {
        let (on, off) = [(1, 0), (6, 2), (2, 2), (10, 4)][series % 4];
        Self { on, off }
    }

    /// Returns a piece of a line for a list of labels.
    pub fn sample(owner: usize, canvas: &Canvas) -> String {
        let ascii = match owner {
            THRESHOLD => ". .",
            series => ["***", "+++", "ooo", "xxx"][series % 4],
        };
        let unicode = ["⠒⠒⠒", "⠒⠒⠂", "⠂⠐⠂", "⠒⠒⠒"];
        let unicode = if owner == THRESHOLD {
            "⠂⠂⠂"
        } else {
            unicode[owner % 4]
        };
        canvas.pick(unicode, ascii).to_owned()
    }

    fn is_on(self, n: usize) -> bool {
        n % (self.on + self.off) < self.on
    }
}

#[derive(Clone, Copy, Default)]
struct Cell {
    /// Which dots are set.
    dots: u8,
    /// Which owners have set a dot.
    owners: u8,
    /// Which dots each owner has set.
    of: [u8; THRESHOLD + 1],
}

impl Cell {
    /// Returns the owner whose colour and letter the cell has: the series with most of the dots. Those with equally
    /// many take turns along the cells that they share, two cells each in a horizontal line. Thresholds come last.
    fn owner(self, x: usize, y: usize) -> usize {
        let series = &self.of[..THRESHOLD];
        let most = series.iter().map(|own| own.count_ones()).max().unwrap_or(0);
        let first = |own: &u8| most > 0 && own.count_ones() == most;
        let count = series.iter().filter(|own| first(own)).count();
        let turn = (x / 2 + y) % count.max(1);
        let mut owners = (0..THRESHOLD).filter(|owner| first(&series[*owner]));
        owners.nth(turn).unwrap_or(THRESHOLD)
    }
}

/// The dots of a plot.
pub struct Dots {
    columns: usize,
    cells: Vec<Cell>,
}

impl Dots {
    pub fn of(plot: &Plot, pattern: impl Fn(usize) -> Pattern) -> Self {
        let rows = plot.bottom() - plot.top;
        let mut dots = Self {
            columns: plot.columns,
            cells: vec![Cell::default(); plot.columns * rows],
        };
        for threshold in &plot.chart.thresholds {
            let y = plot.rise.dot(threshold.at);
            (0..plot.columns).for_each(|x| dots.set(2 * x, y, THRESHOLD));
        }
        for (n, series) in plot.chart.series.iter().enumerate() {
            if series.style == Style::Bars {
                continue;
            }
            let mut steps = 0;
            let mut before: Option<(usize, usize)> = None;
            for (x, y) in &series.points {
                let at = (plot.run.dot(*x), plot.rise.dot(*y));
                let from = before.unwrap_or(at);
                if series.style == Style::Step {
                    let corner = (at.0, from.1);
                    dots.line(from, corner, n, pattern(n), &mut steps);
                    dots.line(corner, at, n, pattern(n), &mut steps);
                } else {
                    dots.line(from, at, n, pattern(n), &mut steps);
                }
                before = Some(at);
            }
        }
        dots
    }

    fn set(&mut self, x: usize, y: usize, owner: usize) {
        let index = y / 4 * self.columns + x / 2;
        if x / 2 < self.columns
            && let Some(cell) = self.cells.get_mut(index)
        {
            let (owner, dot) = (owner.min(THRESHOLD), BRAILLE[y % 4][x % 2]);
            cell.dots |= dot;
            cell.owners |= 1 << owner;
            cell.of[owner] |= dot;
        }
    }

    /// Draws a straight line.
    fn line(
        &mut self,
        from: (usize, usize),
        to: (usize, usize),
        owner: usize,
        pattern: Pattern,
        steps: &mut usize,
    ) {
        let count = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1));
        let between = |a: usize, b: usize, n: usize| {
            let part = n as f64 / count.max(1) as f64;
            (a as f64 + (b as f64 - a as f64) * part).round() as usize
        };
        for n in 0..=count {
            if pattern.is_on(*steps) {
                self.set(between(from.0, to.0, n), between(from.1, to.1, n), owner);
            }
            *steps += usize::from(n < count);
        }
    }

    /// Returns the owners of the dots in a cell, as bits.
    pub fn owners(&self, x: usize, y: usize) -> u8 {
        if x >= self.columns {
            return 0;
        }
        self.cells
            .get(y * self.columns + x)
            .map_or(0, |cell| cell.owners)
    }

    pub fn rows(&self) -> usize {
        self.cells.len() / self.columns.max(1)
    }

    /// Returns true if two series share a cell.
    pub fn has_crossing(&self) -> bool {
        let series = |cell: &Cell| cell.owners & !(1 << THRESHOLD);
        self.cells.iter().any(|cell| series(cell).count_ones() > 1)
    }

    pub fn paint(&self, plot: &Plot, canvas: &mut Canvas, is_lettered: bool) {
        for (n, cell) in self
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.dots != 0)
        {
            let (x, y) = (n % self.columns, n / self.columns);
            let owner = cell.owner(x, y);
            let (x, y) = (plot.left + x, plot.top + y);
            let ink = if owner == THRESHOLD {
                Ink::Marker
            } else {
                Ink::Series(owner as u8)
            };
            let braille = char::from_u32(0x2800 + u32::from(cell.dots)).unwrap_or('⣿');
            let letter = match owner {
                THRESHOLD => '.',
                series if is_lettered => LETTERS[series % 4],
                _ => stroke(cell.dots),
            };
            let is_bar = !canvas.is_blank(x, y) && owner == THRESHOLD;
            if !is_bar {
                let sign = canvas.pick(braille, letter);
                canvas.sign(x, y, sign, ink);
            }
        }
    }
}

/// Returns the ASCII character that looks most like these dots.
fn stroke(dots: u8) -> char {
    let row = |column: usize| (0..4).filter(move |row| dots & BRAILLE[*row][column] != 0);
    let middle = |column: usize| {
        let rows: Vec<usize> = row(column).collect();
        (!rows.is_empty()).then(|| rows.iter().sum::<usize>() as f64 / rows.len() as f64)
    };
    let height = (0..4)
        .filter(|row| dots & (BRAILLE[*row][0] | BRAILLE[*row][1]) != 0)
        .count();
    match (middle(0), middle(1)) {
        _ if height == 4 => '|',
        (Some(left), Some(right)) if left - right >= 1.0 => '/',
        (Some(left), Some(right)) if right - left >= 1.0 => '\\',
        (Some(at), _) | (None, Some(at)) if at < 0.6 => '\'',
        (Some(at), _) | (None, Some(at)) if at > 2.4 => '_',
        _ => '-',
    }
}
