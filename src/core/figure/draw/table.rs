//! Tables: columns with their alignment under a rule, and highlighted cells with a sign.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, DOWN, UP};
use super::notes::wrap;
use crate::core::figure::picture::{Charset, Ink, Picture};
use crate::core::figure::{Align, Table};
use crate::core::text::Text;

/// The columns between two cells: a space, a rule and a space.
const BETWEEN: usize = 3;
/// The same for a table that is too wide otherwise: only a rule.
const BETWEEN_TIGHT: usize = 1;
/// Cells are not wrapped to fewer columns than this.
const NARROWEST: usize = 6;

pub fn draw(table: &Table, width: usize, charset: Charset) -> Picture {
    let mut canvas = Canvas::new(charset);
    let count = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    let count = count.max(table.columns.len());
    // A column with a highlighted cell has two more columns for the sign.
    let signs: Vec<usize> = (0..count)
        .map(|c| 2 * usize::from(table.highlighted.iter().any(|(_, column)| *column == c)))
        .collect();
    let of = |between: usize| {
        let rules = between * count.saturating_sub(1);
        let room = width.saturating_sub(rules + signs.iter().sum::<usize>() + between / 2);
        let widths = widths(table, count, room);
        let is_over = widths.iter().sum::<usize>() > room;
        (between, widths, is_over)
    };
    let (between, widths, _) = match of(BETWEEN) {
        (.., true) => of(BETWEEN_TIGHT),
        wide => wide,
    };
    // The columns from a rule to the next cell.
    let after_rule = between / 2 + 1;
    let mut lefts = Vec::new();
    let mut x = between / 2;
    for c in 0..count {
        lefts.push(x);
        x += signs[c] + widths[c] + between;
    }
    let layout = Layout {
        table,
        signs,
        widths,
        lefts,
    };
    let mut y = 0;
    if table.columns.iter().any(|column| !column.is_empty()) {
        y = layout.row(&mut canvas, &table.columns, None, y);
        let first = between / 2;
        // A line needs two columns, even under a head of one.
        let end = x.saturating_sub(between + 1).max(first + 1);
        canvas.horizontal(y, first, end, 0, Ink::Axis);
        for left in layout.lefts.iter().skip(1) {
            canvas.join(
                left - after_rule,
                y,
                if table.rows.is_empty() { 0 } else { DOWN },
                Ink::Axis,
            );
        }
        y += 1;
    }
    for (r, row) in table.rows.iter().enumerate() {
        let end = layout.row(&mut canvas, row, Some(r), y);
        for left in layout.lefts.iter().skip(1) {
            (y..end).for_each(|y| canvas.join(left - after_rule, y, UP | DOWN, Ink::Axis));
        }
        y = end;
    }
    canvas.picture()
}

struct Layout<'a> {
    table: &'a Table,
    signs: Vec<usize>,
    widths: Vec<usize>,
    lefts: Vec<usize>,
}

impl Layout<'_> {
    /// Writes the cells of a row, wrapped to their columns, and returns the row after them. `r` is `None` for the heads.
    fn row(&self, canvas: &mut Canvas, cells: &[Text], r: Option<usize>, y: usize) -> usize {
        let mut end = y + 1;
        for (c, cell) in cells.iter().enumerate() {
            let align = self.table.align.get(c).copied().unwrap_or_default();
            let is_highlighted = r.is_some_and(|r| self.table.highlighted.contains(&(r, c)));
            let ink = match r {
                None => Ink::Head,
                Some(_) if is_highlighted => Ink::Strong,
                Some(_) => Ink::Plain,
            };
            let lines = wrap(cell.as_str(), self.widths[c]);
            for (n, line) in lines.iter().enumerate() {
                let spare = self.widths[c].saturating_sub(line.width());
                let indent = match align {
                    Align::Left => 0,
                    Align::Right => spare,
                    Align::Center => spare / 2,
                };
                let x = self.lefts[c] + self.signs[c] + indent;
                canvas.text(x, y + n, line, ink);
                if is_highlighted && n == 0 {
                    let sign = canvas.pick("▸", ">");
                    canvas.text(x - 2, y, sign, ink);
                }
            }
            end = end.max(y + lines.len());
        }
        end
    }
}

/// Returns the width of each column. The widest shrink first if there is too little room.
fn widths(table: &Table, count: usize, room: usize) -> Vec<usize> {
    let cells = |c: usize| {
        let rows = table.rows.iter().filter_map(move |row| row.get(c));
        table.columns.get(c).into_iter().chain(rows).map(Text::line)
    };
    let mut widths: Vec<usize> = (0..count)
        .map(|c| cells(c).map(|cell| cell.width()).max().unwrap_or(0).max(1))
        .collect();
    let least: Vec<usize> = (0..count)
        .map(|c| {
            let words = |cell: String| cell.split(' ').map(str::width).max().unwrap_or(0);
            cells(c).map(words).max().unwrap_or(0).max(NARROWEST)
        })
        .collect();
    while widths.iter().sum::<usize>() > room {
        let widest = (0..count)
            .filter(|c| widths[*c] > least[*c])
            .max_by_key(|c| widths[*c]);
        let Some(widest) = widest else {
            break;
        };
        widths[widest] -= 1;
    }
    widths
}
