//! Scrolling a page.

use super::Rendered;
use crate::app::keymap::Action;

/// The scroll position of a screen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scroll {
    pub offset: usize,
    /// True after scrolling by hand, when the marked row may be out of view.
    pub free: bool,
}

impl Scroll {
    /// The end of the page, however long it becomes.
    pub const END: Self = Self {
        offset: usize::MAX,
        free: true,
    };

    pub fn by_page(&mut self, seen: &Rendered, down: bool) {
        let step = seen.height.saturating_sub(2).max(1);
        self.by(seen, step, down);
    }

    pub fn by(&mut self, seen: &Rendered, rows: usize, down: bool) {
        let from = seen.offset;
        self.offset = if down {
            (from + rows).min(seen.last_offset)
        } else {
            from.saturating_sub(rows)
        };
        self.free = true;
    }

    /// Scrolls a few rows, for an arrow key when nothing can be marked yet.
    pub fn towards(&mut self, seen: &Rendered, down: bool) {
        self.by(seen, 3, down);
    }

    /// Scrolls a page without marked rows; returns `false` if the action doesn't scroll.
    pub fn act(&mut self, action: Action, seen: &Rendered) -> bool {
        match action {
            Action::Up | Action::Down => self.towards(seen, action == Action::Down),
            _ => return self.leap(action, seen),
        }
        true
    }

    /// Scrolls by a page, or to an end of the text; returns `false` if the action does neither.
    pub fn leap(&mut self, action: Action, seen: &Rendered) -> bool {
        match action {
            Action::PageUp | Action::PageDown => self.by_page(seen, action == Action::PageDown),
            Action::Top => {
                *self = Self {
                    offset: 0,
                    free: true,
                }
            }
            Action::Bottom => {
                *self = Self {
                    offset: seen.last_offset,
                    free: true,
                }
            }
            _ => return false,
        }
        true
    }

    pub fn follow(&mut self) {
        self.free = false;
    }
}
