//! The footer: hints for the keys that work.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::draw::put;
use super::{Look, Page};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::tui::theme::{Role, Theme};

/// A key and what it does.
struct Hint<'a> {
    action: Action,
    key: String,
    word: &'a str,
}

impl Hint<'_> {
    fn width(&self) -> usize {
        self.key.width() + 1 + self.word.width()
    }
}

/// The columns between two hints.
const GAP: usize = 3;

/// Draws as many hints as fit; the help hint comes last and is always shown.
pub(super) fn draw(
    frame: &mut Frame,
    area: Rect,
    page: &Page,
    look: &Look,
    context: Context,
) -> Vec<(Rect, Action)> {
    let mut hints = hints(page, look, context);
    // In a text field, every character is text.
    let help = match context {
        Context::Field => None,
        _ => hint(Action::Help, page, look, context),
    };
    let reserved = help.as_ref().map_or(0, Hint::width);
    let mut room = usize::from(area.width).saturating_sub(reserved);
    hints.retain(|hint| {
        let width = hint.width() + GAP;
        let fits = width <= room;
        room = if fits { room - width } else { 0 };
        fits
    });
    hints.extend(help);

    let mut clicks = Vec::new();
    let mut spans = Vec::new();
    let mut x = area.x;
    for (i, hint) in hints.into_iter().enumerate() {
        if i > 0 {
            spans.push(look.span(look.theme.mark(" · ", " | "), Role::Dim));
            x += GAP as u16;
        }
        let width = hint.width() as u16;
        let place = Rect {
            x,
            width: width.min(area.right().saturating_sub(x)),
            ..area
        };
        clicks.push((place, hint.action));
        x = x.saturating_add(width);
        spans.push(look.span(hint.key, Role::Key));
        spans.push(look.span(format!(" {}", hint.word), Role::Dim));
    }
    put(frame, area, Line::from(spans), Style::new());
    clicks
}

/// Returns the hints of a page in the order of their importance.
fn hints<'a>(page: &'a Page, look: &Look, context: Context) -> Vec<Hint<'a>> {
    let mut hints = Vec::new();
    let typed = |key, word| Hint {
        action: Action::Help,
        key,
        word,
    };
    if let Some((last, word)) = page.digits {
        hints.push(typed(format!("1-{last}"), word));
    }
    if page.letters > 1 {
        let last = char::from(b'a' + page.letters.min(26) as u8 - 1);
        // The letters of steps put them in order.
        let word = match page.footer.contains(&Action::MoveDown) {
            true => "order",
            false => "choose",
        };
        hints.push(typed(format!("a-{last}"), word));
    }
    let actions = page.footer.iter();
    hints.extend(actions.filter_map(|action| hint(*action, page, look, context)));
    hints
}

/// Returns the hint for an action, unless no key performs it here.
fn hint<'a>(action: Action, page: &'a Page, look: &Look, context: Context) -> Option<Hint<'a>> {
    let own = page.words.iter().find(|(of, _)| *of == action);
    let (key, word): (Key, _) = look.keymap.hint(context, action, page.letters)?;
    Some(Hint {
        action,
        key: ascii_key(&key.to_string(), &look.theme),
        word: own.map_or(word, |(_, own)| own),
    })
}

/// Returns the name of a key if arrows cannot be drawn.
pub fn ascii_key(key: &str, theme: &Theme) -> String {
    let plain = match key {
        "↵" => "enter",
        "↑" => "up",
        "↓" => "down",
        "←" => "left",
        "→" => "right",
        key => key,
    };
    if theme.ascii {
        plain.to_owned()
    } else {
        key.to_owned()
    }
}
