//! The drawing of the stage, in the first window and in second windows.
//!
//! ```text
//!   3/6  Data consistency · Consensus                       3 of 4 in
//!
//!   stem, code, lead-in
//!   Choose one.
//!
//!     ○ a  an option
//!     ○ b  another one
//! ```

use ratatui::text::Line;

use super::reveal;
use crate::core::text::Text;
use crate::session::meeting::Round;
use crate::session::meeting::stage::{GivenAnswer, Scene, Stage, Votes};
use crate::session::present::{Asked, Body, letter};
use crate::tui::page::{Look, Page};
use crate::tui::screen::{fixed, topic};
use crate::tui::theme::Role;
use crate::tui::widget::question::{Answering, Pad};
use crate::tui::widget::writer::Writer;
use crate::tui::widget::{bar, count, prose};

/// The part of the stage that is drawn only at the keyboard and never in another window.
pub struct Keyboard<'a> {
    pub pad: &'a Pad,
    /// The current answer of the person at the keyboard.
    pub given: Option<GivenAnswer>,
    /// True if answers are given at this keyboard.
    pub open: bool,
}

pub fn view(stage: &Stage, keyboard: Option<Keyboard>, look: &Look, width: usize) -> Page {
    let mut page = Page {
        left: header(stage, look, width),
        ..Page::default()
    };
    page.right = look.line(aside(stage, width), Role::Dim);
    let mut writer = Writer {
        page: &mut page,
        look,
        width,
    };
    match &stage.scene {
        Scene::Waiting => waiting(stage, &mut writer),
        Scene::Break => said("A short break.", "", writer.page, look),
        Scene::Over => said("The session is over.", "", writer.page, look),
        Scene::Asking {
            asked,
            turn,
            given,
            round,
            fingers,
            ..
        } => {
            let keys = keyboard.as_ref().filter(|keyboard| keyboard.open);
            let given = keys
                .and_then(|keyboard| keyboard.given.as_ref())
                .or(given.as_ref());
            let turn = turn.as_ref().filter(|_| keys.is_none());
            announce(*round, stage.people, turn, &mut writer);
            question(asked, given, keys.map(|keyboard| keyboard.pad), &mut writer);
            if let (true, Body::Options { options, .. }) = (*fingers, &asked.body) {
                // Below the options, it could be off the screen.
                let words = by_fingers(options.len(), width);
                page.instruction = Some(look.line(words, Role::Strong));
            }
        }
        Scene::Committed {
            asked,
            given,
            answers,
            ..
        } => {
            question(asked, given.as_ref(), None, &mut writer);
            ask_why(*answers, stage.people, &mut writer);
        }
        Scene::Split { asked, votes } => {
            writer.question_and(asked, |writer| {
                let first = writer.page.body.len();
                split(asked, votes, writer);
                writer.page.focus = Some((first, writer.page.body.len() - 1));
            });
        }
        Scene::Revealed {
            asked,
            votes,
            given,
            reveal,
        } => {
            let marked = keyboard.map(|keyboard| keyboard.pad.at.unwrap_or(0));
            let given = given.as_ref().map(|given| &given.answer);
            reveal::view(asked, votes, given, reveal, marked, &mut writer);
        }
        Scene::Closing { .. } => reveal::closing(&stage.scene, &mut writer),
    }
    page
}

/// Writes how many questions there will be, and how to vote from another terminal.
fn waiting(stage: &Stage, onto: &mut Writer) {
    let questions = count(stage.questions, "question");
    said("Ready to begin.", &questions, onto.page, onto.look);
    if let Some(command) = &stage.join {
        onto.page.blank();
        let words = format!(
            "To vote in a terminal of your own, type: {}",
            command.line()
        );
        onto.words(&words, Role::Strong);
    }
}

/// Asks for the reasons after `answers` of the `people` have answered.
fn ask_why(answers: usize, people: usize, onto: &mut Writer) {
    let words = match (answers, people) {
        (0, _) => "No answer noted. Why?",
        (_, 1) => "Answered. Why?",
        _ => "The answers are in. Why?",
    };
    onto.page.blank();
    onto.page.push(onto.look.line(words, Role::Strong));
    let row = onto.page.body.len() - 1;
    onto.page.focus = Some((row, row));
}

/// Writes that this is the second vote, and who is at the keyboard.
fn announce(round: Round, people: usize, turn: Option<&Text>, onto: &mut Writer) {
    if round == Round::Second {
        let words = match people {
            1 => "Your second answer, after the discussion.",
            _ => "Second vote: your answer after the discussion.",
        };
        onto.words(words, Role::Warn);
        onto.page.blank();
    }
    if let Some(name) = turn {
        let words = format!("At the keyboard: {}", name.line());
        onto.words(&words, Role::Strong);
        onto.page.blank();
    }
}

/// Returns the sentence that assigns fingers to options.
fn by_fingers(options: usize, width: usize) -> String {
    let (begin, word) = match width {
        60.. => ("Show fingers, all at once:", "for "),
        _ => ("Fingers:", ""),
    };
    let fingers: Vec<String> = (0..options)
        .map(|place| format!("{} {word}{}", place + 1, letter(place)))
        .collect();
    format!("{begin} {}.", fingers.join(", "))
}

fn said(words: &str, more: &str, page: &mut Page, look: &Look) {
    page.blank();
    page.push(look.line(words.to_owned(), Role::Strong));
    if !more.is_empty() {
        page.push(look.line(more.to_owned(), Role::Dim));
    }
}

fn header(stage: &Stage, look: &Look, width: usize) -> Line<'static> {
    let mut spans = Vec::new();
    if stage.question == 0 {
        spans.push(look.span("Session", Role::Title));
        return Line::from(spans);
    }
    if width >= 70 {
        spans.extend(bar::progress(stage.question, stage.questions, 6, look));
        spans.push(look.span(" ", Role::Text));
    }
    spans.push(look.span(
        format!("{}/{}", stage.question, stage.questions),
        Role::Strong,
    ));
    if let Some((competency, facet)) = &stage.topic {
        let used: usize = spans.iter().map(|span| span.width()).sum();
        let room = width.saturating_sub(used + aside(stage, width).chars().count() + 2);
        let words = topic(competency, facet, room.saturating_sub(2));
        spans.extend(words.map(|words| look.span(format!("  {words}"), Role::Dim)));
    }
    Line::from(spans)
}

/// Returns the number of answers received.
fn aside(stage: &Stage, width: usize) -> String {
    match &stage.scene {
        Scene::Asking { answers, .. } | Scene::Committed { answers, .. } if stage.people > 1 => {
            match width {
                60.. => format!("{answers} of {} answers in", stage.people),
                _ => format!("{answers} of {}", stage.people),
            }
        }
        _ => String::new(),
    }
}

fn question(asked: &Asked, given: Option<&GivenAnswer>, pad: Option<&Pad>, writer: &mut Writer) {
    let answer = given.map(|given| &given.answer);
    writer.question(
        asked,
        &Answering {
            given: answer,
            struck: &[],
            pad,
            kept: "saved line by line",
        },
    );
    let Some(given) = given else { return };
    if pad.is_some() && asked.body != Body::Words {
        writer.confidence(given.confidence, pad.is_some_and(|pad| pad.typing));
    } else if let Some(confidence) = given.confidence {
        writer.page.blank();
        let mark = writer.look.theme.mark("●", "*");
        writer.words(&format!("{mark} {}", confidence.words()), Role::Chosen);
    }
}

/// Draws the number of votes per option as bars, with the second vote below the first.
fn split(asked: &Asked, votes: &[Votes], writer: &mut Writer) {
    if let Body::Options { select, .. } = asked.body {
        return writer.bare_options(select, asked, |i, writer| bars(votes, i, writer));
    }
    sides(asked, writer);
    for votes in votes {
        let different = if votes.different == 1 {
            "all alike".to_owned()
        } else {
            format!("{} different", votes.different)
        };
        let words = format!(
            "{}: {}, {different}",
            name(votes.round),
            count(votes.votes, "answer")
        );
        writer.page.push(writer.look.line(words, Role::Strong));
        for (text, n) in &votes.typed {
            let mut spans = vec![
                writer
                    .look
                    .span(format!("  {} ", fixed(&text.line(), 12)), Role::Text),
            ];
            spans.extend(bar::progress(
                *n,
                votes.votes,
                votes.votes.min(16),
                writer.look,
            ));
            spans.push(writer.look.span(format!(" {n}"), Role::Strong));
            writer.page.push(Line::from(spans));
        }
        for (text, counts) in asked.numbered().iter().zip(&votes.pairs) {
            let text = fixed(&text.line(), writer.width.saturating_sub(2));
            writer.page.push(
                writer
                    .look
                    .line(format!("  {}", text.trim_end()), Role::Text),
            );
            writer.page.push(
                writer
                    .look
                    .line(format!("      {}", chosen(counts)), Role::Strong),
            );
        }
    }
}

/// Draws the steps to order or the right entries to match with their letters, as they were asked.
fn sides(asked: &Asked, writer: &mut Writer) {
    for (place, text) in asked.lettered().iter().enumerate() {
        let lead = format!("  {}  ", letter(place));
        for (n, line) in prose::wrap(&text.line(), writer.width.saturating_sub(5), 0)
            .into_iter()
            .enumerate()
        {
            let lead = if n == 0 {
                lead.clone()
            } else {
                "     ".to_owned()
            };
            writer.page.push(Line::from(vec![
                writer.look.span(lead, Role::Key),
                writer.look.span(line, Role::Text),
            ]));
        }
    }
    if !asked.lettered().is_empty() {
        writer.page.blank();
    }
}

/// Returns the chosen right entries, most frequent first, such as `c 3 · a 1`.
fn chosen(counts: &[usize]) -> String {
    let mut chosen: Vec<(char, usize)> = counts
        .iter()
        .enumerate()
        .map(|(place, n)| (letter(place), *n))
        .filter(|(_, n)| *n > 0)
        .collect();
    chosen.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let words: Vec<String> = chosen
        .into_iter()
        .map(|(letter, n)| format!("{letter} {n}"))
        .collect();
    if words.is_empty() {
        "-".to_owned()
    } else {
        words.join(" · ")
    }
}

/// Draws the number of votes for an option in each round.
pub fn bars(votes: &[Votes], option: usize, writer: &mut Writer) {
    for round in votes {
        writer
            .page
            .push(bar_of(round, option, votes.len() > 1, writer.look));
    }
}

/// Draws a bar such as `first  ▰▰▰▱ 3`.
fn bar_of(votes: &Votes, option: usize, label: bool, look: &Look) -> Line<'static> {
    let n = votes.counts.get(option).copied().unwrap_or(0);
    let label = match votes.round {
        _ if !label => "",
        Round::First => "first ",
        Round::Second => "second",
    };
    let mut spans = vec![look.span(
        format!("       {label}{}", if label.is_empty() { "" } else { " " }),
        Role::Dim,
    )];
    spans.extend(bar::progress(n, votes.votes, votes.votes.min(16), look));
    spans.push(look.span(format!(" {n}"), Role::Strong));
    Line::from(spans)
}

/// Returns the name of a vote.
fn name(round: Round) -> &'static str {
    match round {
        Round::First => "first vote",
        Round::Second => "second vote",
    }
}
