//! The report for programs.

use super::model::Report;

/// The fields of [`Report`] as JSON, indented, with a line feed at the end. Stable: see [`Report::format`].
pub fn json(report: &Report) -> String {
    // Strings, numbers and lists: nothing in a report can fail to be written.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
