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
    /// The columns of lines from a row to the end of the gap.
    open: Vec<(usize, usize)>,
    /// The number of runs whose lines meet a text.
    pub conflicts: usize,
    /// The number of texts on the left of their lines.
    pub on_left: usize,
    /// What each row contains: first and last column.
    rows: Vec<Vec<(usize, usize, Taken)>>,
}

impl Gap {
    pub fn new(left: usize, right: usize) -> Self {
        Self {
            left,
            right,
            reserved: BTreeSet::new(),
            open: Vec::new(),
            conflicts: 0,
            on_left: 0,
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

    /// Returns true if these columns of a row contain nothing of the kinds.
    fn is_free(&self, row: usize, from: usize, to: usize, kinds: &[Taken]) -> bool {
        let Some(row) = self.rows.get(row) else {
            return true;
        };
        row.iter()
            .all(|(first, last, kind)| !kinds.contains(kind) || *last < from || to < *first)
    }

    /// Places the run of a message; returns its row and the place of the label, if there is one next to the run.
    pub fn run(&mut self, path: &Path, label: &str) -> (usize, Option<Place>) {
        let (first, last) = (path.from.min(path.to), path.from.max(path.to));
        // The line in the rows above the run, and the one in the rows below it.
        let (above, below) = if path.is_down {
            (path.from, path.to)
        } else {
            (path.to, path.from)
        };
        let fits = |row: &usize| {
            self.is_free(*row, first, last, &[Taken::Text, Taken::Run])
                && (0..*row).all(|row| self.is_free(row, above, above, &[Taken::Text]))
                && (*row..self.rows.len())
                    .all(|row| self.is_free(row, below, below, &[Taken::Text]))
        };
        let end = self.rows.len() + DEEPEST;
        let mut rows: Vec<usize> = (0..end).filter(fits).take(DEEPEST).collect();
        if rows.is_empty() {
            self.conflicts += 1;
            rows.push(self.rows.len());
        }
        let columns = label.width();
        let mut choice = (rows[0], None);
        // In the run, or else beside one of the two vertical lines.
        for row in rows {
            let beside = |column: usize, row: usize| {
                let fits =
                    columns > 0 && self.fits(row, column + 2, columns, &[path.from, path.to]);
                fits.then_some(Place { row, x: column + 2 })
            };
            let place = self
                .label_in_run(row, path.from, path.to, label)
                .or_else(|| {
                    if path.ends_in_run() {
                        return beside(path.to, row);
                    }
                    beside(below, row + 1).or_else(|| beside(above, row.checked_sub(1)?))
                });
            if place.is_some() || columns == 0 {
                choice = (row, place);
                break;
            }
        }
        let (row, place) = choice;
        self.take(row, first, last, Taken::Run);
        (0..row).for_each(|row| self.take(row, above, above, Taken::Line));
        if !path.ends_in_run() || !path.is_down {
            self.open.push((below, row));
        }
        if let Some(Place { row: at, x }) = place {
            self.take(at, x, x + columns, Taken::Text);
        }
        (row, place)
    }

    /// Returns the place of a text in a run, as near to its middle as the lines that cross it allow.
    fn label_in_run(&self, row: usize, from: usize, to: usize, text: &str) -> Option<Place> {
        let columns = text.width();
        let (first, last) = (from.min(to) + 3, from.max(to).checked_sub(columns + 2)?);
        let middle = usize::midpoint(first, last);
        let is_free =
            |x: &usize| columns > 0 && self.is_clear(row, x - 2, x + columns + 1, &[from, to]);
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
        let is_blocked =
            |row: &usize| !is_message && !self.is_free(*row, column, column, &[Taken::Text]);
        let last = first + DEEPEST;
        let end = (first..last).find(is_blocked).unwrap_or(last);
        // On the right if any row allows it: a label on the left may be nearer to another line.
        let right = (first..end).map(|row| (row, column + 2));
        let left = column.checked_sub(columns + 1);
        let left = left
            .into_iter()
            .flat_map(|x| (first..end).map(move |row| (row, x)));
        let (row, x) = right
            .chain(left)
            .find(|(row, x)| self.fits(*row, *x, columns, &[column]))?;
        self.on_left += usize::from(x < column);
        self.take(row, x, x + columns, Taken::Text);
        if !is_message {
            (0..=row).for_each(|row| self.take(row, column, column, Taken::Line));
        }
        Some(Place { row, x })
    }

    /// Returns true if nothing is in the place of a text or touches it, apart from its own lines.
    fn fits(&self, row: usize, x: usize, columns: usize, own: &[usize]) -> bool {
        let (from, to) = (x.saturating_sub(1), x + columns);
        x >= self.left && x + columns <= self.right && self.is_clear(row, from, to, own)
    }

    /// Returns true if no line and no text is between two columns of a row, apart from some lines.
    fn is_clear(&self, row: usize, from: usize, to: usize, own: &[usize]) -> bool {
        let is_other = |column: &usize| (from..=to).contains(column) && !own.contains(column);
        let is_line = self.reserved.range(from..=to).any(is_other)
            || self
                .open
                .iter()
                .any(|(column, first)| *first <= row && is_other(column));
        let is_free = self.rows.get(row).is_none_or(|row| {
            row.iter().all(|(first, last, kind)| {
                (*kind == Taken::Line && own.contains(first)) || *last < from || to < *first
            })
        });
        !is_line && is_free
    }
}
