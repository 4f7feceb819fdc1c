//! Decoding of control sequences: `ESC [`, parameters and a final byte.

use super::Decoded;
use crate::app::key::{Code, Key};
use crate::tui::key::Input;

/// The meaning of a complete sequence.
pub enum Meaning {
    Key(Key),
    PasteBegins,
    /// A mouse report or a reply; `None` if the sequence is irrelevant to the program.
    Other(Option<Decoded>),
}

/// The parameters of a sequence, each with its subparameters; missing ones are `None`.
struct Parameters(Vec<Vec<Option<u32>>>);

impl Parameters {
    /// Parses parameters; returns `None` if there is anything but digits, `;` and `:`.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let number = |digits: &str| match digits {
            "" => Some(None),
            _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
            _ => None,
        };
        let parameter = |part: &str| part.split(':').map(number).collect::<Option<Vec<_>>>();
        text.split(';')
            .map(parameter)
            .collect::<Option<Vec<_>>>()
            .map(Self)
    }

    /// Returns the first number of a parameter, or one of its subparameters.
    fn get(&self, place: usize, sub: usize) -> Option<u32> {
        self.0.get(place)?.get(sub).copied().flatten()
    }
}

/// Decodes the sequence `ESC [ SEQUENCE LAST`.
pub fn decode(sequence: &[u8], last: u8) -> Meaning {
    match (sequence, last) {
        (b"200", b'~') => Meaning::PasteBegins,
        ([b'<', report @ ..], b'M' | b'm') => {
            Meaning::Other(sgr_mouse(report, last == b'M').map(Decoded::Input))
        }
        ([b'?', ..], b'c') => Meaning::Other(Some(Decoded::Attributes)),
        _ => key(sequence, last),
    }
}

/// Returns the key of a sequence; releases and unknown keys have no meaning.
pub fn key(sequence: &[u8], last: u8) -> Meaning {
    let nothing = Meaning::Other(None);
    let Some(parameters) = Parameters::parse(sequence) else {
        return nothing;
    };
    let (code, modifiers) = match last {
        b'~' if parameters.get(0, 0) == Some(27) => (parameters.get(2, 0).and_then(code_of), 1),
        b'~' => (parameters.get(0, 0).and_then(numbered), 1),
        b'u' => (parameters.get(0, 0).and_then(code_of), 1),
        // Arrow keys with modifiers send 1 here; anything else is a report.
        _ if parameters.get(0, 0).is_none_or(|n| n == 1) => (lettered(last), 1),
        _ if parameters.0.len() == 1 => (lettered(last), 0),
        _ => (None, 1),
    };
    let held = parameters.get(modifiers, 0).unwrap_or(1).saturating_sub(1);
    let is_release = parameters.get(modifiers, 1) == Some(3);
    match code {
        Some(code) if !is_release => Meaning::Key(with(code, held)),
        _ => nothing,
    }
}

/// Returns the key with its modifiers: bit 0 is Shift, bit 1 Alt, bit 2 Ctrl.
fn with(code: Code, held: u32) -> Key {
    let shift = held & 1 != 0;
    let code = match code {
        Code::Tab if shift => Code::BackTab,
        Code::Char(c) if shift && c.is_lowercase() => {
            Code::Char(c.to_uppercase().next().unwrap_or(c))
        }
        code => code,
    };
    Key {
        code,
        alt: held & 2 != 0,
        ctrl: held & 4 != 0,
    }
}

/// Returns the key of a letter at the end of a sequence.
fn lettered(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'Z' => Code::BackTab,
        _ => return None,
    })
}

/// Returns the key of a number before `~`.
fn numbered(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        _ => return None,
    })
}

/// Returns the key of a Unicode code point, as terminals with extended keys report it.
fn code_of(point: u32) -> Option<Code> {
    Some(match char::from_u32(point)? {
        '\r' | '\n' => Code::Enter,
        '\t' => Code::Tab,
        '\u{1b}' => Code::Esc,
        '\u{8}' | '\u{7f}' => Code::Backspace,
        // Function keys are in a private use area.
        '\u{e000}'..='\u{f8ff}' => return None,
        c if c.is_control() => return None,
        c => Code::Char(c),
    })
}

/// Decodes `BUTTON;COLUMN;ROW` of a mouse report.
fn sgr_mouse(report: &[u8], is_press: bool) -> Option<Input> {
    let report = Parameters::parse(report)?;
    if report.0.len() != 3 {
        return None;
    }
    mouse(
        report.get(0, 0)?,
        report.get(1, 0)?,
        report.get(2, 0)?,
        is_press,
    )
}

/// Decodes a mouse report: presses and drags of the left button, and the wheel.
pub fn mouse(button: u32, column: u32, row: u32, is_press: bool) -> Option<Input> {
    /// Set while Shift, Alt or Ctrl are held.
    const MODIFIERS: u32 = 0b1_1100;
    let place = |from_one: u32| u16::try_from(from_one.checked_sub(1)?).ok();
    let (column, row) = (place(column)?, place(row)?);
    match button & !MODIFIERS {
        _ if !is_press => None,
        0 => Some(Input::Click { column, row }),
        32 => Some(Input::Drag { column, row }),
        64 => Some(Input::Wheel { up: true }),
        65 => Some(Input::Wheel { up: false }),
        _ => None,
    }
}
