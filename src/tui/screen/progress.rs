//! The progress screen: what is recalled, the answers of the last year, and the streak. Its wording never blames the
//! person.
//!
//! ```text
//!   Progress                                              3 practice days
//!
//!   Still known when asked again (%)
//!   Data consistency       ├───●──┤             82   73-88  61 answers
//!
//!         Dec  Jan ...
//!   Mon   ··░▒
//! ```

use ratatui::text::{Line, Span};

use super::fixed;
use super::read_only::Content;
use crate::app::agenda::Progress;
use crate::app::keymap::Action;
use crate::core::progress::{ENOUGH_RECALLS, PAUSE, Recalls, Streak};
use crate::core::time::{Day, Millis};
use crate::tui::app::Model;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{bar, calendar, count, prose};

/// The number of weeks whose practice time is shown.
const WEEKS: usize = 8;
/// The smallest width of two columns, in which the bars and a year of days have room.
const TWO_COLUMNS: usize = 140;

impl Content for Box<Progress> {
    const HAS_LONG_LINES: bool = true;

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let progress = self;
        let mut page = Page {
            left: look.line("Progress", Role::Title),
            ..Page::default()
        };
        if progress.streak.goes_on(progress.today) && width >= 30 {
            page.right = look.line(
                count(progress.streak.days as usize, "practice day"),
                Role::Dim,
            );
        }
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        if width >= TWO_COLUMNS {
            writer.two_columns(
                width / 2,
                |left| {
                    recalls(progress, left.page, look, left.width);
                    left.page.blank();
                    weeks(progress, left.page, look, left.width);
                },
                |right| year(progress, right),
            );
        } else {
            recalls(progress, writer.page, look, width);
            writer.page.blank();
            year(progress, &mut writer);
            writer.page.blank();
            weeks(progress, writer.page, look, width);
        }
        page.footer = vec![Action::PageDown, Action::Back];
        page
    }
}

/// Draws the days of practice in the last year.
fn year(progress: &Progress, writer: &mut Writer) {
    let (page, look, width) = (&mut *writer.page, writer.look, writer.width);
    page.push(look.line("  The last year, day by day", Role::Strong));
    for line in calendar::year(&progress.days, progress.today, look, width) {
        page.push(line);
    }
    page.push(calendar::legend(look));
    page.blank();
    let words = streak(&progress.streak, progress.today);
    say(page, &words, look, width);
}

fn minutes(spent: Millis) -> String {
    match spent.0.div_ceil(60_000) {
        n @ 0..=119 => format!("{n} min"),
        n => format!("{} h {} min", n / 60, n % 60),
    }
}

fn recalled(title: &str, recalls: Recalls, look: &Look, width: usize) -> Line<'static> {
    let Some((share, low, high)) = recalls.share() else {
        return Line::default();
    };
    let room = if width >= 60 {
        24
    } else {
        width.saturating_sub(22).min(24)
    };
    let mut spans = vec![look.span(format!("  {}", fixed(title, room)), Role::Text)];
    if width >= 60 {
        spans.push(Span::raw(" "));
        spans.extend(bar::interval(low, share, high, None, 17, look).spans);
    }
    spans.push(look.span(format!(" {share:>3.0}"), Role::Strong));
    spans.push(look.span(format!("  {low:>2.0}-{high:<3.0}"), Role::Text));
    if width >= 60 {
        spans.push(look.span(
            format!(
                " {:>4} {:<7}",
                recalls.tried,
                if recalls.tried == 1 {
                    "answer"
                } else {
                    "answers"
                }
            ),
            Role::Dim,
        ));
    }
    if recalls.is_thin() {
        spans.push(look.span(" few", Role::Warn));
    }
    Line::from(spans)
}

fn say(page: &mut Page, words: &str, look: &Look, width: usize) {
    for line in prose::wrap(words, width.saturating_sub(2), 0) {
        page.push(look.line(format!("  {line}"), Role::Dim));
    }
}

/// Writes how much was recalled, per competency and in total.
fn recalls(progress: &Progress, page: &mut Page, look: &Look, width: usize) {
    page.push(look.line("  Still known when asked again (%)", Role::Strong));
    for (title, recalls) in progress
        .recalls
        .iter()
        .filter(|(_, recalls)| recalls.tried > 0)
    {
        page.push(recalled(title, *recalls, look, width));
    }
    if progress.all.tried == 0 {
        let words = "Nothing yet: this counts from the second time a question is asked.";
        return say(page, words, look, width);
    }
    page.push(recalled("all", progress.all, look, width));
    if progress
        .recalls
        .iter()
        .any(|(_, recalls)| recalls.tried > 0 && recalls.is_thin())
    {
        let words =
            format!("few: fewer than {ENOUGH_RECALLS} answers say little. The range covers 90%.");
        say(page, &words, look, width);
    }
}

/// Returns a sentence about the streak and what continues it.
fn streak(streak: &Streak, today: Day) -> String {
    let days = count(streak.days as usize, "day");
    match streak.last {
        None => "Your first day of practice counts here.".to_owned(),
        Some(_) if streak.goes_on(today) => format!(
            "You practised on {days}. Missed days don't count against you; after more than \
             {PAUSE} in a row, counting starts again."
        ),
        Some(last) => {
            format!(
                "You practised on {days} until {last}. Your next day of practice starts a new \
                 count."
            )
        }
    }
}

/// Writes the time practised per week, as bars.
fn weeks(progress: &Progress, page: &mut Page, look: &Look, width: usize) {
    page.push(look.line("  Time practised, week by week", Role::Strong));
    let weeks = &progress.weeks[progress.weeks.len().saturating_sub(WEEKS)..];
    if weeks.is_empty() {
        say(page, "None yet.", look, width);
    }
    let most = weeks.iter().map(|(_, spent)| spent.0).max().unwrap_or(0);
    for (monday, spent) in weeks {
        let (month, of_month) = monday.civil();
        let mut spans = vec![look.span(format!("  {of_month:>2} {}  ", month.word()), Role::Text)];
        let room = width.saturating_sub(24).min(40);
        spans.extend(bar::progress(spent.0 as usize, most as usize, room, look));
        spans.push(look.span(format!("  {}", minutes(*spent)), Role::Text));
        page.push(Line::from(spans));
    }
}
