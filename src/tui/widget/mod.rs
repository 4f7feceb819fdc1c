//! Small pieces of screens: functions from values to lines.

pub mod bar;
pub mod calendar;
pub mod field;
pub mod prose;
pub mod question;
pub mod writer;

/// `1 question`, `2 questions`.
pub fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}
