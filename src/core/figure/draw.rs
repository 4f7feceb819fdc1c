//! Draws figures as text.

use unicode_width::UnicodeWidthStr;

use super::Figure;
use super::describe::describe;
use super::picture::{Charset, Ink, Picture, Run};

/// Draws a figure in `width` columns, with its caption above it. The picture is wider if the figure cannot be drawn
/// that narrow.
pub fn draw(figure: &Figure, width: usize, charset: Charset) -> Picture {
    let _ = (width, charset);
    let lines: Vec<Vec<Run>> = describe(figure)
        .into_iter()
        .skip(1)
        .map(|text| {
            vec![Run {
                text,
                ink: Ink::Plain,
            }]
        })
        .collect();
    let width = lines
        .iter()
        .flatten()
        .map(|run| run.text.width())
        .max()
        .unwrap_or_default();
    Picture { lines, width }
}
