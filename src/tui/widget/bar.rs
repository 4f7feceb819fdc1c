//! Progress and intervals as bars.

use ratatui::text::{Line, Span};

use crate::tui::page::Look;
use crate::tui::theme::Role;

/// The rows of dots in a braille character.
const DOTS: usize = 4;
/// The braille character without dots.
const BRAILLE: u32 = 0x2800;
/// The bits of the dots of a braille character, from top to bottom.
const LEFT_DOTS: [u32; DOTS] = [0x01, 0x02, 0x04, 0x40];
const RIGHT_DOTS: [u32; DOTS] = [0x08, 0x10, 0x20, 0x80];

/// Draws a progress bar such as `▰▰▰▱▱▱` for `done` of `all`, in `width` columns. The numbers may come from another
/// process.
pub fn progress(done: usize, all: usize, width: usize, look: &Look) -> Vec<Span<'static>> {
    // The quotient is at most the width, so it fits the type.
    let full = (done.min(all) as u128 * width as u128)
        .checked_div(all as u128)
        .unwrap_or(0) as usize;
    vec![
        look.span(look.theme.mark("▰", "#").repeat(full), Role::Chosen),
        look.span(look.theme.mark("▱", ".").repeat(width - full), Role::Dim),
    ]
}

/// Returns a row of an upright interval whose values are shares, 1 in the first of `rows` and 0 in the last. Four rows of
/// dots are in each row, so that close values are not drawn far apart; the thick part is at `middle`.
pub fn upright(
    y: usize,
    rows: usize,
    (middle, low, high): (f64, f64, f64),
    look: &Look,
) -> Option<Span<'static>> {
    let place = |share: f64, places: usize| {
        let last = places.saturating_sub(1);
        ((1.0 - share.clamp(0.0, 1.0)) * last as f64).round() as usize
    };
    if look.theme.ascii {
        let row = |share| place(share, rows);
        let sign = match y {
            y if y == row(middle) => "O",
            y if y == row(high) || y == row(low) => "-",
            y if (row(high)..row(low)).contains(&y) => "|",
            _ => return None,
        };
        return Some(look.span(sign, Role::Chosen));
    }
    let dots = DOTS * rows;
    let (top, bottom) = (place(high, dots), place(low, dots));
    let thick = place(middle, dots).min(dots.saturating_sub(2));
    let mut sign = 0;
    for (n, (left, right)) in LEFT_DOTS.into_iter().zip(RIGHT_DOTS).enumerate() {
        let at = DOTS * y + n;
        if (thick..=thick + 1).contains(&at) {
            sign |= left | right;
        } else if (top..=bottom).contains(&at) {
            sign |= left;
        }
    }
    let is_thick = (thick / DOTS..=(thick + 1) / DOTS).contains(&y);
    let role = if is_thick { Role::Strong } else { Role::Chosen };
    let sign = char::from_u32(BRAILLE + sign).filter(|_| sign > 0)?;
    Some(look.span(sign.to_string(), role))
}

/// Returns the sign for the share in a row, a dot as in [`upright`], or `None` if it is in another row.
pub fn dot(y: usize, rows: usize, share: f64, look: &Look) -> Option<Span<'static>> {
    let last = if look.theme.ascii { rows } else { DOTS * rows }.saturating_sub(1);
    let at = ((1.0 - share.clamp(0.0, 1.0)) * last as f64).round() as usize;
    if look.theme.ascii {
        return (at == y).then(|| look.span(".", Role::Dim));
    }
    let sign = char::from_u32(BRAILLE + LEFT_DOTS[at % DOTS]).filter(|_| at / DOTS == y)?;
    Some(look.span(sign.to_string(), Role::Dim))
}

/// Draws an interval such as `├──────●──────┤` on a scale from 0 to 100, in `width` columns, with a faint mark at the
/// chance level.
pub fn interval(
    low: f64,
    score: f64,
    high: f64,
    chance: Option<f64>,
    width: usize,
    look: &Look,
) -> Line<'static> {
    let width = width.max(3);
    let place =
        |value: f64| (value.clamp(0.0, 100.0) / 100.0 * (width - 1) as f64).round() as usize;
    let (low, score, high) = (place(low), place(score), place(high));
    let theme = &look.theme;
    let spans = (0..width).map(|x| match x {
        x if x == score => look.span(theme.mark("●", "O"), Role::Chosen),
        x if x == low && low < score => look.span(theme.mark("├", "|"), Role::Chosen),
        x if x == high && high > score => look.span(theme.mark("┤", "|"), Role::Chosen),
        x if x > low && x < high => look.span(theme.mark("─", "-"), Role::Chosen),
        x if chance.is_some_and(|c| x == place(c)) => look.span(theme.mark("┊", ":"), Role::Dim),
        _ => look.span(theme.mark("·", " "), Role::Dim),
    });
    Line::from(spans.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Keymap;
    use crate::app::settings::{Settings, ThemeChoice};
    use crate::tui::theme::Theme;

    #[test]
    fn close_values_are_drawn_close_to_one_another() {
        let look = Look {
            theme: Theme::new(ThemeChoice::Dark, false, false),
            keymap: Keymap::new(&Settings::default().keys).unwrap(),
            height: 0,
        };
        let drawn = |value: f64| -> Vec<String> {
            let row = |y| upright(y, 11, (value, value, value), &look);
            let text = |span: Option<Span>| span.map_or(String::new(), |span| span.content.into());
            (0..11).map(|y| text(row(y))).collect()
        };
        assert_ne!(drawn(0.17), drawn(0.21));
        assert_ne!(drawn(0.28), drawn(0.30));
        assert_eq!(drawn(1.0)[0], "⠛");
        assert_eq!(drawn(0.0)[10], "⣤");
    }
}
