//! The chart of the history: scores with their intervals, placed by their dates.

use ratatui::text::{Line, Span};

use crate::core::time::Day;
use crate::tui::page::Look;
use crate::tui::theme::Role;
use crate::tui::widget::bar;

/// The columns of the labels of the scale, with its line.
const LABEL: usize = 5;
/// The smallest distance between two sessions, in columns.
const APART: usize = 2;

/// A finished assessment: its day, and its score with the ends of the interval if it has one.
pub struct Point {
    pub day: Day,
    pub score: Option<(f64, f64, f64)>,
}

/// Draws the newest of these points, which are sorted oldest first, from left to right over time, and the dates below.
pub fn draw(points: &[Point], look: &Look, width: usize, height: usize) -> Vec<Line<'static>> {
    let columns = width.saturating_sub(LABEL + 1);
    let points = &points[points.len().saturating_sub(columns / APART)..];
    let places = places(points, columns);
    let mut lines: Vec<Line> = (0..height)
        .map(|y| row(y, height, points, &places, look))
        .collect();
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        lines.push(dates(first.day, last.day, columns, look));
    }
    lines
}

/// Returns the column of each point. The distance of two columns is proportional to the time between them, but at least
/// [`APART`].
fn places(points: &[Point], columns: usize) -> Vec<usize> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let end = columns.saturating_sub(1);
    if first.day == last.day {
        let from = end.saturating_sub(APART * (points.len() - 1)) / 2;
        return (0..points.len()).map(|n| from + APART * n).collect();
    }
    let days = last.day.since(first.day).max(1) as usize;
    let mut places: Vec<usize> = points
        .iter()
        .map(|point| point.day.since(first.day).max(0) as usize * end / days)
        .collect();
    // Sessions of the same days move apart, first to the right and then, at the edge, to the left.
    for i in 1..places.len() {
        places[i] = places[i].max(places[i - 1] + APART);
    }
    let mut most = end;
    for place in places.iter_mut().rev() {
        *place = (*place).min(most);
        most = place.saturating_sub(APART);
    }
    places
}

/// Draws a row of the chart, from 100 at the top to 0 at the bottom.
fn row(y: usize, height: usize, points: &[Point], places: &[usize], look: &Look) -> Line<'static> {
    let row = |value: f64| {
        ((100.0 - value.clamp(0.0, 100.0)) / 100.0 * (height - 1) as f64).round() as usize
    };
    let label = match y {
        0 => "100 ",
        y if y == height - 1 => "  0 ",
        y if y == row(50.0) => " 50 ",
        _ => "    ",
    };
    let mut spans = vec![
        look.span(label, Role::Dim),
        look.span(look.theme.mark("┊", "|"), Role::Dim),
    ];
    let mut used = 0;
    for (point, place) in points.iter().zip(places) {
        let Some((score, low, high)) = point.score else {
            continue;
        };
        let shares = (score / 100.0, low / 100.0, high / 100.0);
        let Some(sign) = bar::upright(y, height, shares, look) else {
            continue;
        };
        spans.push(Span::raw(" ".repeat(place.saturating_sub(used))));
        spans.push(sign);
        used = place + 1;
    }
    Line::from(spans)
}

/// Draws the first and the last day, and between them the months that begin there, as far as there is room.
fn dates(first: Day, last: Day, columns: usize, look: &Look) -> Line<'static> {
    let (left, right) = (first.to_string(), last.to_string());
    if first == last {
        let blanks = LABEL + columns.saturating_sub(left.len()) / 2;
        return look.line(format!("{}{left}", " ".repeat(blanks)), Role::Dim);
    }
    let days = last.since(first).max(1) as usize;
    let end = (columns + 1).saturating_sub(right.len());
    let mut text = left;
    let mut month = first.month().next();
    while month.first() < last {
        let at = month.first().since(first).max(0) as usize * columns.saturating_sub(1) / days;
        let word = month.word();
        if at > text.len() + 1 && at + word.len() + 2 < end {
            text.push_str(&" ".repeat(at - text.len()));
            text.push_str(word);
        }
        month = month.next();
    }
    let blanks = end.saturating_sub(text.len()).max(1);
    let blanks = " ".repeat(blanks);
    look.line(
        format!("{}{text}{blanks}{right}", " ".repeat(LABEL)),
        Role::Dim,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(days: &[i32], columns: usize) -> Vec<usize> {
        let point = |day: &i32| Point {
            day: Day(*day),
            score: None,
        };
        places(&days.iter().map(point).collect::<Vec<_>>(), columns)
    }

    #[test]
    fn distances_are_those_in_time_and_no_two_sessions_touch() {
        assert_eq!(columns(&[0, 10, 40], 81), [0, 20, 80]);
        assert_eq!(columns(&[0, 0, 0, 40], 41), [0, 2, 4, 40]);
        assert_eq!(columns(&[0, 40, 40, 40], 41), [0, 36, 38, 40]);
        assert_eq!(columns(&[7], 41), [20]);
        assert_eq!(columns(&[7, 7, 7], 41), [18, 20, 22]);
    }
}
