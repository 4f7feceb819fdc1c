//! The screens about the people that a mentor meets.

pub mod cohort;
pub mod forget;
pub mod name;
pub mod person;
mod person_table;
pub mod prepare;
pub mod reading;
pub mod roster;
pub mod session;

use crate::core::time::Day;
use crate::session::meeting::{Agreement, MIN_ANSWERS, Tally};
use crate::tui::page::Look;
use crate::tui::theme::Role;

/// Returns when an agreement is due with its style, such as `DUE 20 Nov`, `by 1 Dec` or `open`.
fn when(agreement: &Agreement, today: Day) -> (String, Role) {
    match (agreement.kept, agreement.due) {
        (Some(true), _) => ("kept".to_owned(), Role::Good),
        (Some(false), _) => ("not kept".to_owned(), Role::Dim),
        (None, Some(due)) if due <= today => (format!("DUE {}", due.near(today)), Role::Warn),
        (None, Some(due)) => (format!("by {}", due.near(today)), Role::Text),
        (None, None) => ("open".to_owned(), Role::Text),
    }
}

/// Returns the correct answers of all, such as `3/4`: in brackets if there are too few to draw conclusions, and with a
/// mark if fewer than half were correct.
fn cell(tally: &Tally, look: &Look) -> (String, Role) {
    match (tally.answered, tally.right) {
        (0, _) => (look.theme.mark("·", ".").to_owned(), Role::Dim),
        (n, right) if n < MIN_ANSWERS => (format!("({right}/{n})"), Role::Dim),
        (n, right) if 2 * right < n => (
            format!("{right}/{n}{}", look.theme.mark("▾", "v")),
            Role::Warn,
        ),
        (n, right) => (format!("{right}/{n}"), Role::Text),
    }
}

/// Returns the explanation of what [`cell`] draws.
fn legend(look: &Look) -> String {
    let low = look.theme.mark("▾", "v");
    format!("2/3: two of three right; (1/2): too few to judge; {low}: less than half right.")
}
