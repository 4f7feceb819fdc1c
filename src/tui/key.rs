//! Input events, independent of how a terminal reports them.

use crate::app::key::Key;

/// An input by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    Paste(String),
    Click {
        column: u16,
        row: u16,
    },
    Drag {
        column: u16,
        row: u16,
    },
    Wheel {
        up: bool,
    },
    Resize,
    /// The Esc key before this was not a key, but the beginning of a sequence whose rest came late.
    EscapeWithdrawn,
}
