//! The drawing of a figure: lines of text whose pieces have a meaning.

use unicode_width::UnicodeWidthStr;

/// The characters that a picture may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    Unicode,
    /// Lines and signs in ASCII; labels keep their characters.
    Ascii,
}

/// The meaning of a piece of a picture. An output may give each its own colour, but no meaning depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    #[default]
    Plain,
    /// Secondary text.
    Dim,
    /// Axes, rules and frames.
    Axis,
    /// Column heads.
    Head,
    /// Emphasized parts, as in a solved figure.
    Strong,
    Error,
    /// The warnings of a log.
    Warning,
    /// Markers and thresholds.
    Marker,
    /// A series of a chart or a kind of point, from 0.
    Series(u8),
    /// Lines that a diff adds.
    Added,
    /// Lines that a diff removes.
    Removed,
}

/// Text of one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub ink: Ink,
}

/// A drawn figure. No line has trailing spaces or control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub lines: Vec<Vec<Run>>,
    /// The columns of the widest line. More than requested if the figure cannot be drawn that narrow; the output then
    /// scrolls sideways.
    pub width: usize,
}

impl Picture {
    pub fn new(lines: Vec<Vec<Run>>) -> Self {
        let columns = |runs: &Vec<Run>| runs.iter().map(|run| run.text.width()).sum();
        let width = lines.iter().map(columns).max().unwrap_or_default();
        Self { lines, width }
    }

    /// Returns the lines as plain text.
    pub fn text(&self) -> Vec<String> {
        self.lines
            .iter()
            .map(|runs| runs.iter().map(|run| run.text.as_str()).collect())
            .collect()
    }
}
