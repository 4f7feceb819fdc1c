//! A grid of cells that grows as it is drawn on. Lines that meet in a cell join; signs and text hide lines.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::core::figure::picture::{Charset, Ink, Picture, Run};

/// The directions in which the lines of a cell leave it.
pub const UP: u8 = 1;
pub const DOWN: u8 = 2;
pub const LEFT: u8 = 4;
pub const RIGHT: u8 = 8;
/// How the lines of a cell look.
pub const HEAVY: u8 = 16;
pub const ROUND: u8 = 32;
pub const DASHED: u8 = 64;

const DIRECTIONS: u8 = UP | DOWN | LEFT | RIGHT;
/// Positions beyond this are not drawn; no figure within the limits comes near it.
const FAR: usize = 2000;

const LIGHT: [char; 16] = [
    ' ', '│', '│', '│', '─', '┘', '┐', '┤', '─', '└', '┌', '├', '─', '┴', '┬', '┼',
];
const THICK: [char; 16] = [
    ' ', '┃', '┃', '┃', '━', '┛', '┓', '┫', '━', '┗', '┏', '┣', '━', '┻', '┳', '╋',
];
const PLAIN: [char; 16] = [
    ' ', '|', '|', '|', '-', '\'', '.', '|', '-', '\'', '.', '|', '-', '+', '+', '+',
];

#[derive(Clone, Debug, Default, PartialEq)]
enum Glyph {
    #[default]
    Blank,
    /// Directions and looks.
    Lines(u8),
    Sign(char),
    Cluster(Box<str>),
    /// The second column of a wide character.
    Tail,
}

#[derive(Clone, Debug, Default)]
struct Cell {
    glyph: Glyph,
    ink: Ink,
}

/// A picture in the making.
#[derive(Clone, Debug)]
pub struct Canvas {
    rows: Vec<Vec<Cell>>,
    charset: Charset,
}

impl Canvas {
    pub fn new(charset: Charset) -> Self {
        Self {
            rows: Vec::new(),
            charset,
        }
    }

    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Returns `unicode`, or `ascii` if only ASCII can be drawn.
    pub fn pick<T>(&self, unicode: T, ascii: T) -> T {
        match self.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }

    fn cell(&mut self, x: usize, y: usize) -> Option<&mut Cell> {
        if x > FAR || y > FAR {
            return None;
        }
        if self.rows.len() <= y {
            self.rows.resize(y + 1, Vec::new());
        }
        let row = &mut self.rows[y];
        if row.len() <= x {
            row.resize(x + 1, Cell::default());
        }
        row.get_mut(x)
    }

    fn glyph(&self, x: usize, y: usize) -> &Glyph {
        self.rows
            .get(y)
            .and_then(|row| row.get(x))
            .map_or(&Glyph::Blank, |cell| &cell.glyph)
    }

    /// Returns true if nothing is drawn in the cell.
    pub fn is_blank(&self, x: usize, y: usize) -> bool {
        matches!(self.glyph(x, y), Glyph::Blank)
    }

    /// Returns the directions of the lines in the cell.
    pub fn directions(&self, x: usize, y: usize) -> u8 {
        match self.glyph(x, y) {
            Glyph::Lines(lines) => lines & DIRECTIONS,
            _ => 0,
        }
    }

    pub fn is_dashed(&self, x: usize, y: usize) -> bool {
        matches!(self.glyph(x, y), Glyph::Lines(lines) if lines & DASHED != 0)
    }

    pub fn clear(&mut self, x: usize, y: usize) {
        if let Some(cell) = self.cell(x, y) {
            *cell = Cell::default();
        }
    }

    /// Writes text and returns the column after it.
    pub fn text(&mut self, x: usize, y: usize, text: &str, ink: Ink) -> usize {
        let mut at = x;
        for cluster in text.graphemes(true) {
            let columns = cluster.width();
            if columns == 0 {
                continue;
            }
            let mut chars = cluster.chars();
            let glyph = match (chars.next(), chars.next()) {
                (Some(' '), None) if ink == Ink::Plain && self.is_blank(at, y) => Glyph::Blank,
                (Some(only), None) => Glyph::Sign(only),
                _ => Glyph::Cluster(cluster.into()),
            };
            if let Some(cell) = self.cell(at, y) {
                *cell = Cell { glyph, ink };
            }
            for tail in 1..columns {
                if let Some(cell) = self.cell(at + tail, y) {
                    cell.glyph = Glyph::Tail;
                }
            }
            at += columns;
        }
        at
    }

    pub fn sign(&mut self, x: usize, y: usize, sign: char, ink: Ink) {
        if let Some(cell) = self.cell(x, y) {
            let glyph = Glyph::Sign(sign);
            *cell = Cell { glyph, ink };
        }
    }

    /// Adds lines that leave the cell in these directions; does not hide signs or text.
    pub fn join(&mut self, x: usize, y: usize, lines: u8, ink: Ink) {
        let Some(cell) = self.cell(x, y) else {
            return;
        };
        let before = match cell.glyph {
            Glyph::Blank => 0,
            Glyph::Lines(before) => before,
            _ => return,
        };
        // A dashed line that meets a continuous one does not change its look.
        let dashed = if before & DIRECTIONS == 0 {
            lines & DASHED
        } else {
            before & lines & DASHED
        };
        cell.glyph = Glyph::Lines(((before | lines) & !DASHED) | dashed);
        if before & DIRECTIONS == 0 || lines & DASHED == 0 {
            cell.ink = ink;
        }
    }

    /// Draws a horizontal line between two columns, both included; `look` is 0 or a combination of looks.
    pub fn horizontal(&mut self, y: usize, a: usize, b: usize, look: u8, ink: Ink) {
        let (from, to) = (a.min(b), a.max(b).min(FAR));
        for x in from..=to {
            let left = if x > from { LEFT } else { 0 };
            let right = if x < to { RIGHT } else { 0 };
            self.join(x, y, left | right | look, ink);
        }
    }

    /// Draws a vertical line between two rows, both included.
    pub fn vertical(&mut self, x: usize, a: usize, b: usize, look: u8, ink: Ink) {
        let (from, to) = (a.min(b), a.max(b).min(FAR));
        for y in from..=to {
            let up = if y > from { UP } else { 0 };
            let down = if y < to { DOWN } else { 0 };
            self.join(x, y, up | down | look, ink);
        }
    }

    fn character(&self, lines: u8) -> char {
        let directions = lines & DIRECTIONS;
        let index = usize::from(directions);
        let is_vertical = directions & (LEFT | RIGHT) == 0;
        let is_straight = is_vertical || directions & (UP | DOWN) == 0;
        if lines & HEAVY != 0 {
            return match directions {
                directions if directions == LEFT | RIGHT => self.pick('━', '='),
                directions if directions == UP | DOWN => self.pick('┃', '#'),
                _ => self.pick(THICK[index], '#'),
            };
        }
        if lines & DASHED != 0 && is_straight {
            return if is_vertical {
                self.pick('┊', ':')
            } else {
                self.pick('╌', '-')
            };
        }
        if lines & ROUND != 0 && self.charset == Charset::Unicode {
            match directions {
                d if d == UP | LEFT => return '╯',
                d if d == DOWN | LEFT => return '╮',
                d if d == UP | RIGHT => return '╰',
                d if d == DOWN | RIGHT => return '╭',
                _ => {}
            }
        }
        self.pick(LIGHT[index], PLAIN[index])
    }

    /// Returns the picture, without trailing spaces and without blank rows at its ends.
    pub fn picture(&self) -> Picture {
        let mut lines: Vec<Vec<Run>> = self.rows.iter().map(|row| self.line(row)).collect();
        while lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        Picture::new(lines)
    }

    fn line(&self, row: &[Cell]) -> Vec<Run> {
        let blank = |cell: &Cell| matches!(cell.glyph, Glyph::Blank | Glyph::Sign(' '));
        let end = row
            .iter()
            .rposition(|cell| !blank(cell))
            .map_or(0, |at| at + 1);
        let mut runs: Vec<Run> = Vec::new();
        for cell in &row[..end] {
            let mut small = [0; 4];
            let piece: &str = match &cell.glyph {
                Glyph::Blank => " ",
                Glyph::Lines(lines) => self.character(*lines).encode_utf8(&mut small),
                Glyph::Sign(sign) => sign.encode_utf8(&mut small),
                Glyph::Cluster(cluster) => cluster,
                Glyph::Tail => continue,
            };
            match runs.last_mut() {
                Some(run) if run.ink == cell.ink || blank(cell) => run.text.push_str(piece),
                _ => runs.push(Run {
                    text: piece.to_owned(),
                    ink: cell.ink,
                }),
            }
        }
        runs
    }
}
