//! The screens, one file each. A new screen is a file here that implements [`Screen`].

pub mod agenda;
pub mod calibration;
pub mod competency;
pub mod decks;
pub mod dialog;
pub mod feedback;
pub mod help;
pub mod history;
pub mod home;
pub mod meeting;
pub mod others;
pub mod overview;
pub mod pause;
pub mod people;
pub mod progress;
pub mod question;
pub mod result;
pub mod review;
pub mod settings;
pub mod setup;
pub mod summary;

use super::app::{Model, Turn};
use super::page::{Look, Page, Scroll};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};

/// A screen holds only what is on it: its cursor, its scroll position, its field.
pub trait Screen {
    /// Which part of the key map holds here.
    fn context(&self) -> Context;

    /// How many letters choose something.
    fn letters(&self, _model: &Model) -> usize {
        0
    }

    fn act(&mut self, action: Action, turn: &mut Turn);

    /// A key for the field, where [`Context::Field`] holds.
    fn press(&mut self, _key: Key, _turn: &mut Turn) {}

    fn paste(&mut self, _text: &str, _turn: &mut Turn) {}

    fn wheel(&mut self, up: bool, turn: &mut Turn) {
        self.act(if up { Action::PageUp } else { Action::PageDown }, turn);
    }

    fn scroll(&self) -> Scroll;

    /// The question that is asked when time is up, which nothing may cover.
    fn is_about_time(&self) -> bool {
        false
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page;
}

/// A cursor in a list of `n` lines, and how far the list is scrolled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    pub at: usize,
    pub scroll: Scroll,
}

impl Cursor {
    /// Moves as the action says; `false` if it is none that moves. While the marked line is off the screen, an action
    /// that changes it only brings it back.
    pub fn act(&mut self, action: Action, n: usize, turn: &Turn) -> bool {
        let last = n.saturating_sub(1);
        match action {
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(last),
            Action::Top => self.at = 0,
            Action::Bottom => self.at = last,
            Action::PageUp | Action::PageDown => {
                self.scroll.by_page(turn.seen, action == Action::PageDown);
                return true;
            }
            Action::Enter
            | Action::Toggle
            | Action::Left
            | Action::Right
            | Action::Digit(_)
            | Action::Kept
            | Action::NotKept
            | Action::Rename
            | Action::Forget
                if self.scroll.free && turn.seen.focus_hidden => {}
            _ => return false,
        }
        self.scroll.follow();
        true
    }
}

/// `▸ ` before the marked line, as much room before the others.
pub fn pointer(marked: bool, look: &Look) -> &'static str {
    if marked { look.theme.mark("▸ ", "> ") } else { "  " }
}

/// Text cut or filled to exactly `width` columns.
pub fn fixed(text: &str, width: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    if text.width() <= width {
        return format!("{text}{}", " ".repeat(width - text.width()));
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > width.saturating_sub(1) {
            break;
        }
        cut.push(c);
        used += wide;
    }
    format!("{cut}…{}", " ".repeat(width.saturating_sub(used + 1)))
}
