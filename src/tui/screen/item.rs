//! What the answers say about one question: how many are right, its options, its times, and confident mistakes.

use ratatui::text::Line;

use super::fixed;
use super::read_only::Content;
use crate::app::items::ItemLine;
use crate::app::keymap::Action;
use crate::core::items::{ENOUGH, ItemDetail, ItemFlag};
use crate::core::text::Text;
use crate::tui::app::Model;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

/// The width of a column of picks.
const PICKS: usize = 7;

impl Content for Box<ItemLine> {
    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let line = self;
        let statistics = &line.statistics;
        let mut page = Page {
            left: look.line(Text::new(line.question.as_str()).line(), Role::Title),
            right: look.line(count(statistics.n, "answer"), Role::Dim),
            footer: vec![Action::PageDown, Action::Back],
            ..Page::default()
        };
        let mut say = |words: &str, role| {
            for line in prose::wrap(words, width, 0) {
                page.push(look.line(line, role));
            }
        };
        match line.is_seen {
            true => say(&line.lead_in.line(), Role::Strong),
            false => say(
                "You have not seen this question, so its text is hidden, and it stays new.",
                Role::Dim,
            ),
        }
        say(" ", Role::Text);
        say(&right(line), Role::Text);
        match &statistics.detail {
            None => say(
                &format!("Below {ENOUGH} answers, there are only counts."),
                Role::Dim,
            ),
            Some(detail) => {
                sentences(line, detail)
                    .iter()
                    .for_each(|words| say(words, Role::Text));
                for flag in &detail.flags {
                    say(&format!("{}: {}", flag.words(), meaning(*flag)), Role::Warn);
                }
            }
        }
        options(line, &mut page, look, width);
        page
    }
}

fn right(line: &ItemLine) -> String {
    let statistics = &line.statistics;
    let mut words = format!("{} of {} are right", statistics.right, statistics.n);
    if let Some(chance) = line.item.chance.filter(|chance| *chance > 0.0) {
        words.push_str(&format!(" ({:.0}% by chance)", 100.0 * chance));
    }
    words + "."
}

/// Returns what enough answers say.
fn sentences(line: &ItemLine, detail: &ItemDetail) -> Vec<String> {
    let mut sentences = vec![format!("The mean score is {:.2}.", detail.facility)];
    sentences.push(match detail.discrimination {
        Some(value) => format!(
            "Discrimination {value:.2}: {}.",
            match value {
                value if value < 0.0 => "those who did well elsewhere did worse here",
                value if value < 0.2 => "it hardly tells apart who did well elsewhere",
                _ => "those who did well elsewhere did well here, too",
            }
        ),
        None => "Discrimination can't be computed: the scores don't differ enough.".to_owned(),
    });
    if let Some(median) = detail.median {
        let (median, fair) = (median.clock(), line.item.fair.clock());
        sentences.push(format!(
            "Half of the answers took at most {median}; the fair time is {fair}."
        ));
    }
    if let Some(share) = detail.sure_and_wrong {
        let share = 100.0 * share;
        sentences.push(format!(
            "Sure and wrong: {share:.0}% of the answers with a stated confidence."
        ));
    }
    sentences
}

/// Returns what a flag means for the author.
fn meaning(flag: ItemFlag) -> &'static str {
    match flag {
        ItemFlag::KeySuspect => {
            "those who did well elsewhere did worse here, or preferred a wrong option"
        }
        ItemFlag::DeadDistractor => "nobody picked one of the wrong options",
        ItemFlag::TooEasy => "almost everyone is right",
        ItemFlag::TooSlow => "half of the answers took much longer than the fair time",
    }
}

/// Adds the picks of each option.
fn options(line: &ItemLine, page: &mut Page, look: &Look, width: usize) {
    if line.options.is_empty() {
        return;
    }
    let detail = line.statistics.detail.as_ref();
    let columns = if detail.is_some() { 3 } else { 1 };
    let room = width.saturating_sub(columns * PICKS);
    let heads = &["all", "lower", "upper"][..columns];
    let heads: String = heads.iter().map(|head| format!("{head:>PICKS$}")).collect();
    page.blank();
    page.push(Line::from(vec![
        look.span(fixed("Picked by", room), Role::Strong),
        look.span(heads, Role::Dim),
    ]));
    for (n, text) in line.options.iter().enumerate() {
        let (sign, role) = match line.item.keys[n] {
            true => (look.theme.mark("✓ ", "+ "), Role::Good),
            false => ("  ", Role::Text),
        };
        let words = match line.is_seen {
            true => text.line(),
            false => format!("option {}", n + 1),
        };
        let mut picks = vec![line.statistics.picks[n]];
        picks.extend(detail.map(|detail| detail.lower[n]));
        picks.extend(detail.map(|detail| detail.upper[n]));
        let picks: String = picks.iter().map(|n| format!("{n:>PICKS$}")).collect();
        let lines = prose::wrap(&words, room.saturating_sub(3).max(1), 0);
        for (row, words) in lines.iter().enumerate() {
            let sign = if row == 0 { sign } else { "  " };
            let picks = if row == 0 { &*picks } else { "" };
            page.push(Line::from(vec![
                look.span(sign, role),
                look.span(fixed(words, room.saturating_sub(2)), role),
                look.span(picks.to_owned(), Role::Text),
            ]));
        }
    }
    if detail.is_some() {
        let words =
            "Lower and upper: the third of the answers whose other questions went worst, and best.";
        page.blank();
        for line in prose::wrap(words, width, 0) {
            page.push(look.line(line, Role::Dim));
        }
    }
}
