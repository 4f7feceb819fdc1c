//! The rows between two lanes: runs of slow messages, and texts beside vertical lines.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::Path;

/// The most rows of text that a gap may need before a label becomes a note.
const DEEPEST: usize = 5;

/// The place of a text in a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub row: usize,
    pub x: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Taken {
    Text,
    Run,
    /// A vertical line that ends in this gap.
    Line,
}

pub struct Gap {
    /// The columns of the time axis, the last one excluded.
    left: usize,
    right: usize,
    /// The columns of lines through the whole gap.
    reserved: BTreeSet<usize>,
    /// What each row contains: first and last column.
    rows: Vec<Vec<(usize, usize, Taken)>>,
}

impl Gap {
    pub fn new(left: usize, right: usize) -> Self {
        Self {
            left,
            right,
            reserved: BTreeSet::new(),
            rows: Vec::new(),
        }
    }

    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Makes the gap at least this high.
    pub fn grow(&mut self, rows: usize) {
        if self.rows.len() < rows {
            self.rows.resize(rows, Vec::new());
        }
    }

    /// Keeps a column free of text, for a line through the gap.
    pub fn reserve(&mut self, column: usize) {
        self.reserved.insert(column);
    }

    fn take(&mut self, row: usize, from: usize, to: usize, kind: Taken) {
        self.grow(row + 1);
        self.rows[row].push((from, to, kind));
    }

    fn is_free(&self, row: usize, from: usize, to: usize, except: Taken) -> bool {
        let Some(row) = self.rows.get(row) else {
            return true;
        };
        row.iter()
            .all(|(first, last, kind)| *kind == except || *last < from || to < *first)
    }

    /// Places the run of a message; returns its row and the place of the label, if there is one next to the run.
    pub fn run(&mut self, path: &Path, label: &str) -> (usize, Option<Place>) {
        let (first, last) = (path.from.min(path.to), path.from.max(path.to));
        let rows: Vec<usize> = (0..)
            .filter(|row| self.is_free(*row, first, last, Taken::Line))
            .take(DEEPEST)
            .collect();
        let columns = label.width();
        let mut choice = (rows[0], None);
        // In the run, or else beside one of the two vertical lines.
        for row in rows {
            let in_run = self.label_in_run(row, path.from, path.to, label);
            let beside = |column: usize, row: usize| {
                let fits = columns > 0 && self.fits(row, column + 2, columns, column);
                fits.then_some(Place { row, x: column + 2 })
            };
            let below = || beside(if path.is_down { path.to } else { path.from }, row + 1);
            let above = || {
                beside(
                    if path.is_down { path.from } else { path.to },
                    row.checked_sub(1)?,
                )
            };
            let after_end = || beside(path.to, row);
            let place = match path.ends_in_run() {
                true => in_run.or_else(after_end),
                false => in_run.or_else(below).or_else(above),
            };
            if place.is_some() || columns == 0 {
                choice = (row, place);
                break;
            }
        }
        self.take(choice.0, first, last, Taken::Run);
        if let Some(Place { row, x }) = choice
            .1
            .filter(|place| place.row != choice.0 || path.ends_in_run())
        {
            self.take(row, x, x + columns, Taken::Text);
        }
        choice
    }

    /// Returns the place of a text in a run, as near to its middle as the lines that cross it allow.
    fn label_in_run(&self, row: usize, from: usize, to: usize, text: &str) -> Option<Place> {
        let columns = text.width();
        let (first, last) = (from.min(to) + 3, from.max(to).checked_sub(columns + 2)?);
        let middle = usize::midpoint(first, last);
        let is_free = |x: &usize| {
            columns > 0
                && self
                    .reserved
                    .range(x.saturating_sub(2)..=x + columns + 1)
                    .next()
                    .is_none()
        };
        let x = (first..=last)
            .filter(is_free)
            .min_by_key(|x| x.abs_diff(middle))?;
        Some(Place { row, x })
    }

    /// Places a text beside a vertical line in row `first` or below it. A text that hangs from its lane needs a line
    /// of its own; the line of a message is there already.
    pub fn text(
        &mut self,
        column: usize,
        first: usize,
        text: &str,
        is_message: bool,
    ) -> Option<Place> {
        let columns = text.width();
        let right = column + 2;
        let left = column.checked_sub(columns + 1);
        for row in first..first + DEEPEST {
            let line_fits = is_message || (0..=row).all(|row| self.is_free_of_text(row, column));
            if !line_fits {
                return None;
            }
            for x in [Some(right), left].into_iter().flatten() {
                if self.fits(row, x, columns, column) {
                    self.take(row, x, x + columns, Taken::Text);
                    if !is_message {
                        (0..=row).for_each(|row| self.take(row, column, column, Taken::Line));
                    }
                    return Some(Place { row, x });
                }
            }
        }
        None
    }

    fn fits(&self, row: usize, x: usize, columns: usize, own: usize) -> bool {
        let (from, to) = (x.saturating_sub(1), x + columns);
        let is_clear = !self.reserved.range(from..=to).any(|column| *column != own);
        let is_free = self.rows.get(row).is_none_or(|row| {
            row.iter().all(|(first, last, kind)| {
                (*kind == Taken::Line && *first == own) || *last < from || to < *first
            })
        });
        x >= self.left && x + columns <= self.right && is_clear && is_free
    }

    fn is_free_of_text(&self, row: usize, column: usize) -> bool {
        self.rows.get(row).is_none_or(|row| {
            row.iter().all(|(first, last, kind)| {
                *kind != Taken::Text || column < *first || *last < column
            })
        })
    }
}
