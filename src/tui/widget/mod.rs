//! Widgets: functions from values to lines.

pub mod bar;
pub mod calendar;
pub mod field;
pub mod figure;
pub mod prose;
pub mod question;
pub mod writer;

/// Returns a number with its noun, such as `1 question` or `2 questions`.
pub fn count(n: usize, thing: &str) -> String {
    if n == 1 {
        format!("1 {thing}")
    } else {
        format!("{n} {thing}s")
    }
}
