//! Input as the screens know it, so that nothing else depends on how a terminal reports it.

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use crate::app::key::{Code, Key};

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

impl Input {
    /// `None` for what means nothing to us: key releases, mouse moves, focus.
    pub fn from_terminal(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                let code = match key.code {
                    // A line feed, which some terminals send for Enter.
                    KeyCode::Char('j') if key.modifiers == KeyModifiers::CONTROL => {
                        return Some(Input::Key(Key::plain(Code::Enter)));
                    }
                    KeyCode::Char(c) => Code::Char(c),
                    KeyCode::Enter => Code::Enter,
                    KeyCode::Esc => Code::Esc,
                    KeyCode::Tab => Code::Tab,
                    KeyCode::BackTab => Code::BackTab,
                    KeyCode::Backspace => Code::Backspace,
                    KeyCode::Delete => Code::Delete,
                    KeyCode::Up => Code::Up,
                    KeyCode::Down => Code::Down,
                    KeyCode::Left => Code::Left,
                    KeyCode::Right => Code::Right,
                    KeyCode::Home => Code::Home,
                    KeyCode::End => Code::End,
                    KeyCode::PageUp => Code::PageUp,
                    KeyCode::PageDown => Code::PageDown,
                    _ => return None,
                };
                let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
                Some(Input::Key(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT) }))
            }
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Input::Click { column: mouse.column, row: mouse.row }),
                MouseEventKind::Drag(MouseButton::Left) => Some(Input::Drag { column: mouse.column, row: mouse.row }),
                MouseEventKind::ScrollUp => Some(Input::Wheel { up: true }),
                MouseEventKind::ScrollDown => Some(Input::Wheel { up: false }),
                _ => None,
            },
            Event::Paste(text) => Some(Input::Paste(text)),
            Event::Resize(..) => Some(Input::Resize),
            _ => None,
        }
    }
}
