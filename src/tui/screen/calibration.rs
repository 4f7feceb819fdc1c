//! The calibration screen: stated confidence beside the share of correct answers.
//!
//! ```text
//! 100% ┊             ·  ┬     you said                right   plausibly        of
//!      ┊          ┬ ·   ●     guess        (25 %)     31 %    ...
//!      ┊   ┬    · ●     ┴
//! ```

use ratatui::text::{Line, Span};

use super::read_only::Content;
use crate::app::effect::CalibrationView;
use crate::app::keymap::Action;
use crate::core::measure::{Calibration, Statement};
use crate::core::response::Confidence;
use crate::session::calibration::{meaning, verdict};
use crate::tui::app::Model;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::{bar, count, prose};

/// The number of rows of the chart, one for each ten percent of correct answers.
const ROWS: usize = 11;
/// The number of columns of the chart, two percent of confidence each.
const COLUMNS: usize = 51;
/// The number of columns of the scale beside the chart.
const SCALE: usize = 6;

impl Content for CalibrationView {
    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("How sure, and how right", Role::Title),
            ..Page::default()
        };
        page.footer = vec![Action::PageDown, Action::Back];
        let Some(calibration) = &self.calibration else {
            let words = "You haven't rated your confidence in an answer yet. Press 1 to 4 after \
                         answering; this screen then compares your confidence with your accuracy.";
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Dim)));
            return page;
        };
        if width >= 60 {
            let (answers, sessions) = (
                count(calibration.n, "answer"),
                count(self.sessions, "assessment"),
            );
            page.right = look.line(format!("{answers}, {sessions}"), Role::Dim);
        }
        let mut say = |words: &str, role| {
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, role)));
        };
        say(&verdict(calibration), Role::Strong);
        if width >= SCALE + COLUMNS {
            chart(calibration, look)
                .into_iter()
                .for_each(|line| page.push(line));
        }
        page.blank();
        for (i, line) in statements(calibration, width).into_iter().enumerate() {
            page.push(look.line(line, if i == 0 { Role::Dim } else { Role::Text }));
        }
        page.blank();
        for line in meaning(calibration) {
            prose::wrap(&line, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Dim)));
        }
        page
    }
}

/// Returns a table of stated confidence and correct answers, header first.
pub fn statements(calibration: &Calibration, width: usize) -> Vec<String> {
    let is_wide = width >= 46;
    let row = |s: &Statement| {
        let words = Confidence::ALL
            .into_iter()
            .find(|c| c.probability() == s.stated)
            .map_or("", Confidence::words);
        let percent = |share: f64| 100.0 * share;
        let (stated, right) = (percent(s.stated), percent(s.right));
        let range = format!("{:.0}-{:.0}%", percent(s.low), percent(s.high));
        match is_wide {
            true => format!(
                "{words:<11} ({stated:>2.0}%)  {right:>5.0}%  {range:>9}  {:>4}",
                s.n
            ),
            false => format!(
                "{words:<11} {stated:>2.0} {right:>5.0} {range:>9} {:>3}",
                s.n
            ),
        }
    };
    let head = match is_wide {
        true => "you said            right true share    of",
        false => "you said     % right     range  of",
    };
    let rows = calibration.statements.iter().map(row);
    [head.to_owned()].into_iter().chain(rows).collect()
}

/// Draws the stated confidence from left to right, the correct share from the bottom up, and the diagonal where both
/// agree.
fn chart(calibration: &Calibration, look: &Look) -> Vec<Line<'static>> {
    let column = |share: f64| (share.clamp(0.0, 1.0) * (COLUMNS - 1) as f64).round() as usize;
    let theme = &look.theme;
    let mut lines: Vec<Line> = (0..ROWS)
        .map(|y| {
            let label = match y {
                0 => "100%  ",
                5 => " 50%  ",
                y if y == ROWS - 1 => "  0%  ",
                _ => "      ",
            };
            let mut spans = vec![look.span(label, Role::Dim)];
            spans.extend((0..COLUMNS).map(|x| {
                let here = calibration
                    .statements
                    .iter()
                    .find(|s| column(s.stated) == x);
                let shares = here.map(|s| (s.right, s.low, s.high));
                let interval = shares.and_then(|shares| bar::upright(y, ROWS, shares, look));
                let diagonal = || {
                    let is_dotted = x % 2 == 0;
                    let share = x as f64 / (COLUMNS - 1) as f64;
                    bar::dot(y, ROWS, share, look).filter(|_| is_dotted)
                };
                match interval.or_else(diagonal) {
                    Some(span) => span,
                    _ if x == 0 => look.span(theme.mark("┊", "|"), Role::Dim),
                    _ => Span::raw(" "),
                }
            }));
            let aside = match y {
                1 => format!("  {} were right", theme.mark("⠶", "O")),
                3 => "  dots: right as".to_owned(),
                4 => "  often as stated".to_owned(),
                _ => String::new(),
            };
            spans.push(look.span(aside, Role::Dim));
            Line::from(spans)
        })
        .collect();
    let mut scale = vec![' '; SCALE + COLUMNS + 8];
    for (confidence, name) in Confidence::ALL
        .into_iter()
        .zip(["guess", "unsure", "fairly", "sure"])
    {
        let from = SCALE + column(confidence.probability()) - name.len() / 2;
        name.chars()
            .enumerate()
            .for_each(|(i, c)| scale[from + i] = c);
    }
    lines.push(look.line(
        scale.into_iter().collect::<String>().trim_end().to_owned(),
        Role::Dim,
    ));
    lines
}
