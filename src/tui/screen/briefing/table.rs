//! The topics of the planned assessment: questions, usual time, and the last result.

use ratatui::text::Line;

use super::Topic;
use crate::core::time::Millis;
use crate::tui::app::Model;
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::bar;
use crate::tui::widget::writer::Writer;

/// The columns of the title of a topic.
const TITLE: usize = 24;
/// The columns of the number of questions, and of their time.
const QUESTIONS: usize = 9;
const TIME: usize = 8;
/// The columns of a score with its range, and of the gap before it.
const SCORE: usize = 14;
/// The narrowest bar.
const BAR: usize = 12;
/// The widest bar.
const LONGEST_BAR: usize = 30;

/// Draws a table of the topics.
pub fn draw(topics: &[Topic], model: &Model, writer: &mut Writer) {
    let look = writer.look;
    let is_planned = topics.iter().any(|topic| topic.questions > 0);
    let last = model.home.last.as_ref();
    let mut head = vec![look.span(fixed("Topics", TITLE), Role::Title)];
    if is_planned {
        let words = format!("{:>QUESTIONS$}{:>TIME$}", "questions", "time");
        head.push(look.span(words, Role::Dim));
    }
    if last.is_some() {
        head.push(look.span("    last result", Role::Dim));
    }
    writer.page.push(Line::from(head));
    for topic in topics {
        let Some(competency) = model.home.blueprint.competencies.get(topic.competency) else {
            continue;
        };
        let mut spans = vec![look.span(fixed(competency.title.as_str(), TITLE), Role::Text)];
        if is_planned {
            let time = model
                .settings
                .time_multiplier
                .scale(Millis::seconds(topic.seconds));
            let minutes = format!("{} min", (time.0 + 30_000) / 60_000);
            spans.push(look.span(format!("{:>QUESTIONS$}", topic.questions), Role::Strong));
            spans.push(look.span(format!("{minutes:>TIME$}"), Role::Text));
        }
        if let Some(last) = last {
            let used: usize = spans.iter().map(|span| span.width()).sum();
            let mut scored = model.home.blueprint.scored();
            let place = scored.position(|one| one.id == competency.id);
            let score = place.and_then(|place| last.competencies.get(place).copied().flatten());
            match score {
                Some((score, low, high)) => {
                    spans.push(look.span(format!("    {score:>3.0} "), Role::Strong));
                    spans.push(look.span(format!("{low:>2.0}-{high:<3.0}"), Role::Dim));
                    let room = writer
                        .width
                        .saturating_sub(used + SCORE + 2)
                        .min(LONGEST_BAR);
                    if room >= BAR {
                        spans.push(look.span("  ", Role::Dim));
                        spans.extend(bar::interval(low, score, high, None, room, look).spans);
                    }
                }
                None => spans.push(look.span("    no score", Role::Dim)),
            }
        }
        writer.page.push(Line::from(spans));
    }
    notes(is_planned, model, writer);
}

/// Writes which assessment the last results are from, and what a score means.
fn notes(is_planned: bool, model: &Model, writer: &mut Writer) {
    writer.gap();
    if !is_planned {
        let words = "Your answers decide how many questions come from each topic.";
        writer.words(words, Role::Dim);
    }
    match model.home.last.as_ref().map(|last| (&last.day, last.score)) {
        Some((day, Some((score, low, high)))) => {
            let words = format!("Last result: {day}, {score:.0}, plausibly {low:.0} to {high:.0}.");
            writer.words(&words, Role::Dim);
        }
        Some((day, None)) => {
            let words = format!("Last result: {day}, too few answers for a score.");
            writer.words(&words, Role::Dim);
        }
        None => writer.words(
            "With few questions, the range of a score is wide.",
            Role::Dim,
        ),
    }
}
