//! Calendars: the load of the coming days, and the activity of the last year.

use std::collections::HashMap;

use ratatui::text::{Line, Span};

use crate::core::time::Day;
use crate::tui::page::Look;
use crate::tui::theme::Role;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// The columns of the label before a week.
const LABEL: usize = 9;

/// Draws a row per week with the number of questions on each day, and marks the interview and the day of the reserved
/// assessment.
pub fn load(
    days: &[(Day, u32)],
    interview: Option<Day>,
    kept: Option<Day>,
    look: &Look,
    width: usize,
) -> Vec<Line<'static>> {
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else {
        return Vec::new();
    };
    let cell = (width.saturating_sub(LABEL) / 7).clamp(4, 7);
    // The last column of a cell is reserved for a mark.
    let room = cell - 1;
    let heads = WEEKDAYS.map(|name| format!("{name:>room$} "));
    let mut lines = vec![look.line(
        format!("{}{}", " ".repeat(LABEL), heads.concat()),
        Role::Dim,
    )];
    let mut monday = first.monday();
    while monday <= *last {
        let (month, of_month) = monday.civil();
        let mut spans = vec![look.span(format!("  {of_month:>2} {:<4}", month.word()), Role::Dim)];
        for day in (0..7).map(|n| monday.plus(n)) {
            let at = usize::try_from(day.since(*first))
                .ok()
                .and_then(|n| days.get(n));
            let mark = match Some(day) {
                day if day == interview => look.theme.mark("◆", "!"),
                day if day == kept => look.theme.mark("□", "A"),
                _ => " ",
            };
            let role = if day == *first {
                Role::Strong
            } else {
                Role::Text
            };
            spans.push(match at {
                None => Span::raw(" ".repeat(room)),
                // Beside a mark, the dot of an empty day would look like a part of the mark.
                Some((_, 0)) if mark != " " => Span::raw(" ".repeat(room)),
                Some((_, 0)) => {
                    look.span(format!("{:>room$}", look.theme.mark("·", ".")), Role::Dim)
                }
                Some((_, n)) => look.span(format!("{:>room$}", short(*n)), role),
            });
            spans.push(look.span(mark, Role::Key));
        }
        lines.push(Line::from(spans));
        monday = monday.plus(7);
    }
    lines
}

/// Formats a number in at most three characters.
fn short(n: u32) -> String {
    match n {
        0..=999 => n.to_string(),
        1000..=99_999 => format!("{}k", n / 1000),
        _ => "lot".to_owned(),
    }
}

/// Returns the shade of a day with this number of answers; the shades are distinct without colour too.
fn shade(answers: u32, look: &Look) -> Span<'static> {
    let (fine, ascii, role) = match answers {
        0 => ("·", ".", Role::Dim),
        1..=9 => ("░", "-", Role::Chosen),
        10..=19 => ("▒", "+", Role::Chosen),
        20..=39 => ("▓", "*", Role::Chosen),
        _ => ("█", "#", Role::Chosen),
    };
    look.span(look.theme.mark(fine, ascii), role)
}

/// Draws a column per week with Monday on top, with as many recent weeks as fit in `width`, and the month names above.
pub fn year(days: &[(Day, u32)], today: Day, look: &Look, width: usize) -> Vec<Line<'static>> {
    let weeks = width.saturating_sub(6).min(53) as i32;
    let first = today.monday().plus(-7 * (weeks - 1));
    let answers: HashMap<Day, u32> = days.iter().copied().collect();
    let mut months = String::from("      ");
    for week in (0..weeks).map(|n| first.plus(7 * n)) {
        // A month name is above the first week that begins in that month, if it fits.
        let begins = week.civil().1 <= 7;
        let column = 6 + (week.since(first) / 7) as usize;
        if begins && months.chars().count() <= column && column + 3 <= 6 + weeks as usize {
            months.push_str(&" ".repeat(column - months.chars().count()));
            months.push_str(week.month().word());
        }
    }
    let mut lines = vec![look.line(months, Role::Dim)];
    for weekday in 0..7 {
        let name = if weekday % 2 == 0 {
            WEEKDAYS[weekday as usize]
        } else {
            ""
        };
        let mut spans = vec![look.span(format!("  {name:<4}"), Role::Dim)];
        for day in (0..weeks).map(|n| first.plus(7 * n + weekday)) {
            spans.push(match day <= today {
                true => shade(answers.get(&day).copied().unwrap_or(0), look),
                false => Span::raw(" "),
            });
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// Returns the legend of the shades of [`year`].
pub fn legend(look: &Look) -> Line<'static> {
    let mut spans = vec![look.span("      answers a day:", Role::Dim)];
    for (answers, words) in [(0, "0"), (1, "1+"), (10, "10+"), (20, "20+"), (40, "40+")] {
        spans.push(Span::raw(" "));
        spans.push(shade(answers, look));
        spans.push(look.span(format!(" {words}"), Role::Dim));
    }
    Line::from(spans)
}
