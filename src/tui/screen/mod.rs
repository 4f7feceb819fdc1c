//! The screens, one file each. A new screen is a file here that implements [`Screen`].

pub mod agenda;
pub mod briefing;
pub mod browse;
pub mod calibration;
pub mod competency;
pub mod deck;
pub mod decks;
pub mod dialog;
pub mod export;
pub mod feedback;
pub mod handed_in;
pub mod help;
pub mod history;
pub mod home;
pub mod item;
pub mod items;
pub mod joined;
pub mod meeting;
pub mod others;
pub mod overview;
pub mod pause;
pub mod people;
pub mod progress;
pub mod question;
pub mod read_only;
pub mod result;
pub mod review;
pub mod settings;
pub mod setup;
pub mod summary;
pub mod topics;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::app::{Model, Turn};
use super::page::{Look, Page, Scroll};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::core::text::Text;

/// A screen. It keeps only its own view state: cursor, scroll position and text field.
pub trait Screen {
    /// Returns the part of the key map that applies here.
    fn context(&self) -> Context;

    /// Returns the number of letters that select something.
    fn letters(&self, _model: &Model) -> usize {
        0
    }

    /// Returns the name of the screen for its help, unless the first line of the page or the context says it.
    fn name(&self) -> Option<&'static str> {
        None
    }

    fn act(&mut self, action: Action, turn: &mut Turn);

    /// Handles a key of the text field in [`Context::Field`].
    fn press(&mut self, _key: Key, _turn: &mut Turn) {}

    fn paste(&mut self, _text: &str, _turn: &mut Turn) {}

    fn wheel(&mut self, up: bool, turn: &mut Turn) {
        self.act(if up { Action::PageUp } else { Action::PageDown }, turn);
    }

    fn scroll(&self) -> Scroll;

    /// Returns true for the dialog shown when time is up, which only its help may cover.
    fn is_about_time(&self) -> bool {
        false
    }

    /// Returns true for the help, which has no help of its own.
    fn is_help(&self) -> bool {
        false
    }

    /// Returns what an action does here, in words for the help; `None` if the words of the key map say it.
    fn sentence(&self, _action: Action, _model: &Model) -> Option<&'static str> {
        None
    }

    /// Returns true if the screen has two columns where there is room: a figure or a listing, and the options.
    fn is_pair(&self, _model: &Model) -> bool {
        false
    }

    /// Returns true if the screen has lines that use the whole width, such as the questions of a list. Its sentences
    /// use a text column.
    fn has_long_lines(&self) -> bool {
        false
    }

    /// Returns true if an action does something here now: the help and the footer show no others. `scrolls` is true if
    /// the page is longer than the screen.
    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool;

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page;
}

/// Returns true if an action works on a page that is only read.
pub fn reads(action: Action, scrolls: bool) -> bool {
    match action {
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::Top
        | Action::Bottom => scrolls,
        Action::Back | Action::Leave | Action::Help | Action::Mouse | Action::Suspend => true,
        _ => false,
    }
}

/// What the key that chooses an option does with the steps of an ordering.
pub(super) const ORDER_AS_SHOWN: &str = "answer with the order that is shown";

/// The widest sentence on a screen with long lines, in columns.
pub const TEXT: usize = 80;

/// A cursor in a list of `n` lines, with the scroll position of the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    pub at: usize,
    pub scroll: Scroll,
}

impl Cursor {
    /// Moves the cursor; returns `false` if the action doesn't move it. While the marked line is out of view, an action
    /// that changes it only scrolls back to it.
    pub fn act(&mut self, action: Action, n: usize, turn: &Turn) -> bool {
        let last = n.saturating_sub(1);
        match action {
            // Beyond the ends of the list, the arrow keys scroll to the text around it.
            Action::Down if self.at >= last && turn.seen.offset < turn.seen.last_offset => {
                self.scroll.towards(turn.seen, true);
                return true;
            }
            Action::Up if self.at == 0 && turn.seen.offset > 0 => {
                self.scroll.towards(turn.seen, false);
                return true;
            }
            Action::Top | Action::Bottom if n <= 1 => return self.scroll.act(action, turn.seen),
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
            | Action::Edit
            | Action::Forget
                if self.scroll.free && turn.seen.focus_hidden => {}
            _ => return false,
        }
        self.scroll.follow();
        true
    }

    /// Scrolls towards the marked line if an arrow key is pressed while it is out of view; returns `false` otherwise.
    pub fn return_to_view(&mut self, action: Action, turn: &Turn) -> bool {
        let is_arrow = matches!(action, Action::Up | Action::Down);
        let returns = is_arrow && self.scroll.free && turn.seen.focus_hidden;
        if returns {
            self.scroll.towards(turn.seen, action == Action::Down);
        }
        returns
    }

    /// Returns true if an action works on every list of `n` lines.
    pub fn works(action: Action, n: usize, scrolls: bool) -> bool {
        match action {
            Action::Up | Action::Down | Action::Top | Action::Bottom if n > 1 => true,
            _ => reads(action, scrolls),
        }
    }
}

/// Returns `▸ ` for the marked line, and blanks of the same width for other lines.
pub fn pointer(marked: bool, look: &Look) -> &'static str {
    if marked {
        look.theme.mark("▸ ", "> ")
    } else {
        "  "
    }
}

/// Returns the topic of a question as it fits in `room` columns: competency and facet, only the facet, or only the
/// competency. None of them is cut; `None` if there is no room for any.
pub fn topic(competency: &Text, facet: &Text, room: usize) -> Option<String> {
    let whole = format!("{} · {}", competency.line(), facet.line());
    let words = [whole, facet.line(), competency.line()];
    words.into_iter().find(|words| words.width() <= room)
}

/// Returns the text cut at its beginning or padded to exactly `width` columns, for names that differ at their end.
pub fn fixed_end(text: &str, width: usize) -> String {
    if text.width() <= width || width == 0 {
        return fixed(text, width);
    }
    let mut used = 1;
    let end = text.chars().rev().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= width
    });
    let chars = end.count();
    let skipped = text.chars().count() - chars;
    let rest: String = text.chars().skip(skipped).collect();
    fixed(&format!("…{rest}"), width)
}

/// Returns the text cut or padded to exactly `width` columns.
pub fn fixed(text: &str, width: usize) -> String {
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
