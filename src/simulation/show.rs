//! Tables and phrases that several models use.

use crate::core::figure::{Align, Drawing, Figure, Table};
use crate::core::text::Text;

/// Returns a table whose columns named in `right` are aligned to the right.
pub fn table(alt: &str, columns: &[&str], rows: Vec<Vec<String>>, right: &[usize]) -> Figure {
    let align = |column| match right.contains(&column) {
        true => Align::Right,
        false => Align::Left,
    };
    let cells = |row: Vec<String>| row.iter().map(|cell| Text::new(cell)).collect();
    Figure {
        alt: alt.into(),
        caption: None,
        drawing: Drawing::Table(Table {
            columns: columns.iter().map(|&name| name.into()).collect(),
            rows: rows.into_iter().map(cells).collect(),
            align: (0..columns.len()).map(align).collect(),
            highlighted: Vec::new(),
        }),
    }
}

/// Returns the items as a phrase, such as `a, b and c`.
pub fn listed<T: ToString>(items: &[T]) -> String {
    let items: Vec<String> = items.iter().map(T::to_string).collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// Returns a small number in words, such as `two`.
pub fn in_words(n: usize) -> &'static str {
    const WORDS: [&str; 9] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight",
    ];
    WORDS.get(n).copied().unwrap_or("many")
}
