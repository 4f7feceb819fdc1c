//! A table of a person's answers by competency and month, including confident mistakes, and the questions that were
//! asked twice.

use ratatui::text::Line;

use super::{cell, legend};
use crate::core::blueprint::Blueprint;
use crate::core::calendar::Month;
use crate::session::meeting::{MIN_ANSWERS, MentoringProgress, Tally};
use crate::tui::page::{Look, Page};
use crate::tui::screen::{TEXT, fixed};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// The measure that the table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    #[default]
    Right,
    Reasoning,
}

impl Measure {
    pub fn other(self) -> Self {
        match self {
            Measure::Right => Measure::Reasoning,
            Measure::Reasoning => Measure::Right,
        }
    }

    /// Returns the number of columns per month.
    fn columns(self) -> usize {
        match self {
            Measure::Right => 7,
            Measure::Reasoning => 8,
        }
    }
}

pub fn table(
    growth: &MentoringProgress,
    blueprint: &Blueprint,
    measure: Measure,
    months_back: usize,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    let title = if width >= 60 { 24 } else { 12 };
    let columns = measure.columns();
    let fits = (width.saturating_sub(title) / columns).max(1);
    let end = growth.months.len().saturating_sub(months_back);
    let months = &growth.months[end.saturating_sub(fits)..end];
    heading(growth, measure, months, page, look, title);
    for competency in &blueprint.competencies {
        let tally = |month: &Month| {
            growth
                .first_votes
                .get(&(competency.id.clone(), *month))
                .copied()
                .unwrap_or_default()
        };
        if growth
            .first_votes
            .keys()
            .any(|(id, _)| *id == competency.id)
        {
            let mut spans = vec![look.span(
                fixed(&format!("  {}", competency.title.line()), title),
                Role::Text,
            )];
            for month in months {
                let (text, role) = match measure {
                    Measure::Right => cell(&tally(month), look),
                    Measure::Reasoning => reasoned(&tally(month), look),
                };
                spans.push(look.span(format!("{text:>columns$}"), role));
            }
            page.push(Line::from(spans));
        }
    }
    if measure == Measure::Right {
        slips(growth, months, page, look, title, columns);
    }
    let words = match measure {
        Measure::Right => format!(
            "{} Each month has different questions, so a row isn't a trend.",
            legend(look)
        ),
        Measure::Reasoning => {
            "2.0 3: mean level 2.0 (0 to 3) in 3 answers; in brackets: too few to judge".to_owned()
        }
    };
    for line in prose::wrap(&format!("  {words}"), width.min(TEXT), 2) {
        page.push(look.line(line, Role::Dim));
    }
}

fn heading(
    growth: &MentoringProgress,
    measure: Measure,
    months: &[Month],
    page: &mut Page,
    look: &Look,
    title: usize,
) {
    let name = match measure {
        Measure::Right => "First votes",
        Measure::Reasoning => "Reasoning",
    };
    let more = |is: bool, mark| if is { mark } else { "" };
    let earlier = more(
        growth.months.first() < months.first(),
        look.theme.mark(" ◂", " <"),
    );
    let mut spans = vec![look.span(fixed(&format!("{name}{earlier}"), title), Role::Strong)];
    let (mut year, columns) = (None, measure.columns());
    for month in months {
        // The year is shown at its first month.
        let word = if year == Some(month.year) {
            month.word().to_owned()
        } else {
            short_year(*month)
        };
        year = Some(month.year);
        spans.push(look.span(format!("{word:>columns$}"), Role::Dim));
    }
    spans.push(look.span(
        more(
            months.last() < growth.months.last(),
            look.theme.mark("▸", ">"),
        ),
        Role::Key,
    ));
    page.push(Line::from(spans));
}

/// Formats a month such as `Nov'26`, which leaves a blank before it in its column.
fn short_year(month: Month) -> String {
    format!("{}'{:02}", month.word(), month.year.rem_euclid(100))
}

/// Returns the mean level and the number of answers, such as `1.7 4`.
fn reasoned(tally: &Tally, look: &Look) -> (String, Role) {
    match tally.reasoning() {
        None => (look.theme.mark("·", ".").to_owned(), Role::Dim),
        Some(level) if tally.reasoned < MIN_ANSWERS => {
            (format!("({level:.1} {})", tally.reasoned), Role::Dim)
        }
        Some(level) => (format!("{level:.1} {}", tally.reasoned), Role::Text),
    }
}

fn slips(
    growth: &MentoringProgress,
    months: &[Month],
    page: &mut Page,
    look: &Look,
    title: usize,
    columns: usize,
) {
    type Count = fn(&crate::session::meeting::VerdictCounts) -> usize;
    let rows: [(&str, Count); 3] = [
        ("sure and wrong", |s| s.sure_and_wrong),
        ("weak reason", |s| s.weak_reason),
        ("right, unsure", |s| s.lucky),
    ];
    for (name, count) in rows {
        let mut spans = vec![look.span(fixed(&format!("  {name}"), title), Role::Dim)];
        for month in months {
            let text = match growth.verdict_counts.get(month) {
                Some(slips) if slips.answered > 0 => format!("{}/{}", count(slips), slips.answered),
                _ => look.theme.mark("·", ".").to_owned(),
            };
            spans.push(look.span(format!("{text:>columns$}"), Role::Dim));
        }
        page.push(Line::from(spans));
    }
}

/// Shows the questions that were asked twice; only these count as a change.
pub fn like_with_like(growth: &MentoringProgress, page: &mut Page, look: &Look, width: usize) {
    let width = width.min(TEXT);
    page.blank();
    page.push(look.line(
        "Asked early and late, first votes, with a 90% range",
        Role::Strong,
    ));
    for (label, change) in [
        ("  same question:", &growth.same_question),
        ("  its twin:     ", &growth.twins),
    ] {
        let lines = prose::labelled(label, &change.words(), width, look, Role::Text);
        lines.into_iter().for_each(|line| page.push(line));
    }
    let words = "  A twin is another question of the same family, or of the same facet and level. \
                 Questions are brought back because they went badly, so part of any improvement \
                 is chance.";
    prose::wrap(words, width, 2)
        .into_iter()
        .for_each(|line| page.push(look.line(line, Role::Dim)));
}
