//! Input as the screens know it, so that nothing else depends on how a terminal reports it.

use crate::app::key::Key;

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    Paste(String),
    Click { column: u16, row: u16 },
    Drag { column: u16, row: u16 },
    Wheel { up: bool },
    Resize,
}
