//! Progress and intervals as bars.

use ratatui::text::{Line, Span};

use crate::tui::page::Look;
use crate::tui::theme::Role;

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
