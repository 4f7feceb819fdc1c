//! The stage as it is drawn, in the first window and in every other.
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

use super::pad::Pad;
use super::reveal;
use crate::core::text::Text;
use crate::session::meeting::Round;
use crate::session::meeting::stage::{Asked, Body, Given, Places, Scene, Stage, Votes};
use crate::tui::page::{Look, Page};
use crate::tui::screen::question::choices::{State, option};
use crate::tui::screen::question::{confidence_row, matching, ordering, typed};
use crate::tui::screen::{fixed, letter};
use crate::tui::theme::Role;
use crate::tui::widget::{bar, count, prose};

/// What is drawn over the stage at the keyboard only: never in another window.
pub struct Keyboard<'a> {
    pub pad: &'a Pad,
    /// What the one at the keyboard has answered so far.
    pub given: Option<Given>,
    /// Answers are given here.
    pub open: bool,
}

pub fn view(stage: &Stage, keyboard: Option<Keyboard>, look: &Look, width: usize) -> Page {
    let mut page = Page { left: header(stage, look, width), ..Page::default() };
    page.right = look.line(aside(stage, width), Role::Dim);
    match &stage.scene {
        Scene::Waiting => said("Ready to begin.", &count(stage.questions, "question"), &mut page, look),
        Scene::Break => said("A short break.", "", &mut page, look),
        Scene::Over => said("The session is over.", "", &mut page, look),
        Scene::Asking { asked, turn, given, round, fingers, .. } => {
            let keys = keyboard.as_ref().filter(|keyboard| keyboard.open);
            let given = keys.and_then(|keyboard| keyboard.given.as_ref()).or(given.as_ref());
            if *round == Round::Second {
                page.push(look.line("The second vote: your answer after talking.", Role::Warn));
                page.blank();
            }
            if let Some(name) = turn.as_ref().filter(|_| keys.is_none()) {
                page.push(look.line(format!("At the keyboard: {}", name.line()), Role::Strong));
                page.blank();
            }
            question(asked, given, keys.map(|keyboard| keyboard.pad), &mut page, look, width);
            if let (true, Body::Options { options, .. }) = (*fingers, &asked.body) {
                page.blank();
                for line in prose::wrap(&by_fingers(options.len()), width, 0) {
                    page.push(look.line(line, Role::Dim));
                }
            }
        }
        Scene::Committed { asked, given, answers, .. } => {
            question(asked, given.as_ref(), None, &mut page, look, width);
            page.blank();
            let words = match (answers, stage.people) {
                (0, _) => "Answered aloud. Why?",
                (_, 1) => "Answered. Why?",
                _ => "The answers are in. Why?",
            };
            page.push(look.line(words, Role::Strong));
            page.focus = Some((page.body.len() - 1, page.body.len() - 1));
        }
        Scene::Split { asked, votes } => {
            prose::asking(&asked.stem, asked.code.as_ref(), &asked.lead_in, &mut page, look, width);
            page.blank();
            let first = page.body.len();
            split(asked, votes, &mut page, look, width);
            page.focus = Some((first, page.body.len() - 1));
        }
        Scene::Revealed { asked, votes, given, reveal } => {
            let marked = keyboard.map(|keyboard| keyboard.pad.at);
            reveal::view(asked, votes, given.as_ref(), reveal, marked, &mut page, look, width);
        }
        Scene::Closing { .. } => reveal::closing(&stage.scene, &mut page, look, width),
    }
    page
}

/// Which fingers mean which option.
fn by_fingers(options: usize) -> String {
    let fingers: Vec<String> = (0..options).map(|i| format!("{} for {}", i + 1, letter(i))).collect();
    format!("By fingers, all at once: {}.", fingers.join(", "))
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
    spans.push(look.span(format!("{}/{}", stage.question, stage.questions), Role::Strong));
    if let Some((competency, facet)) = &stage.topic {
        let words = match width {
            70.. => format!("  {} · {}", competency.line(), facet.line()),
            _ => format!("  {}", competency.line()),
        };
        let used: usize = spans.iter().map(|span| span.width()).sum();
        let room = width.saturating_sub(used + aside(stage, width).chars().count() + 2);
        spans.push(look.span(fixed(&words, room).trim_end().to_owned(), Role::Dim));
    }
    Line::from(spans)
}

/// How many answers are in.
fn aside(stage: &Stage, width: usize) -> String {
    match &stage.scene {
        Scene::Asking { answers, .. } | Scene::Committed { answers, .. } if stage.people > 1 => match width {
            60.. => format!("{answers} of {} answers in", stage.people),
            _ => format!("{answers} of {}", stage.people),
        },
        _ => String::new(),
    }
}

fn question(asked: &Asked, given: Option<&Given>, pad: Option<&Pad>, page: &mut Page, look: &Look, width: usize) {
    prose::asking(&asked.stem, asked.code.as_ref(), &asked.lead_in, page, look, width);
    for line in prose::wrap(&asked.rule.line(), width, 0) {
        page.push(look.line(line, Role::Dim));
    }
    page.blank();
    let at = pad.map(|pad| pad.at);
    let answer = given.map(|given| &given.answer);
    match &asked.body {
        Body::Options { select, options } => {
            let picked = match answer {
                Some(Places::Picked(picked)) => picked.as_slice(),
                _ => &[],
            };
            for (i, text) in options.iter().enumerate() {
                let state =
                    State { marked: at == Some(i), picked: picked.contains(&i), struck: false, several: *select > 1 };
                option(i, text.as_str(), state, page, look, width);
            }
        }
        Body::Steps(steps) => {
            let order = match answer {
                Some(Places::Ordered(order)) => order.clone(),
                _ => (0..steps.len()).collect(),
            };
            let texts = order.iter().filter_map(|i| steps.get(*i)).map(|step| step.as_str());
            ordering::list(texts, at, answer.is_some(), page, look, width);
        }
        Body::Entries { left, right } => {
            let chosen = match answer {
                Some(Places::Matched(pairs)) => pairs.as_slice(),
                _ => &[],
            };
            let left: Vec<&str> = left.iter().map(Text::as_str).collect();
            let right: Vec<&str> = right.iter().map(Text::as_str).collect();
            matching::entries(&left, &right, chosen, at, page, look, width);
        }
        Body::Number { unit } => match pad.and_then(|pad| Some((pad.field.as_ref()?, pad.typing))) {
            Some((field, typing)) => typed::number_field(field, typing, unit.as_str(), page, look, width),
            None => written(answer, unit.as_str(), page, look, width),
        },
        Body::Words => match pad.and_then(|pad| Some((pad.field.as_ref()?, pad.typing))) {
            Some((field, typing)) => typed::text_field(field, typing, "kept line by line", page, look, width),
            None => written(answer, "", page, look, width),
        },
    }
    let confidence = given.and_then(|given| given.confidence);
    if pad.is_some() && given.is_some() && asked.body != Body::Words {
        page.blank();
        page.body.push(confidence_row(confidence, look, width));
        // How sure one is belongs to the answer: both are kept in sight.
        page.focus = page.focus.map(|(first, _)| (first, page.body.len() - 1));
    } else if let Some(confidence) = confidence {
        page.blank();
        page.push(look.line(format!("{} {}", look.theme.mark("●", "*"), confidence.words()), Role::Chosen));
    }
}

/// What was typed, where nobody types.
pub fn written(answer: Option<&Places>, unit: &str, page: &mut Page, look: &Look, width: usize) {
    let Some(Places::Typed(text)) = answer else { return };
    let lines =
        text.as_str().lines().flat_map(|line| prose::wrap(&format!("{line} {unit}"), width.saturating_sub(2), 0));
    for line in lines {
        page.push(look.line(format!("  {line}"), Role::Chosen));
    }
}

/// How many chose what, as bars and numbers; the second vote under the first.
fn split(asked: &Asked, votes: &[Votes], page: &mut Page, look: &Look, width: usize) {
    let Body::Options { select, options } = &asked.body else {
        sides(asked, page, look, width);
        for votes in votes {
            let different =
                if votes.different == 1 { "all alike".to_owned() } else { format!("{} different", votes.different) };
            let words = format!("{}: {}, {different}", name(votes.round), count(votes.votes, "answer"));
            page.push(look.line(words, Role::Strong));
            for (text, n) in &votes.typed {
                let line = fixed(&text.line(), 12);
                let mut spans = vec![look.span(format!("  {line} "), Role::Text)];
                spans.extend(bar::progress(*n, votes.votes, votes.votes.min(16), look));
                spans.push(look.span(format!(" {n}"), Role::Strong));
                page.push(Line::from(spans));
            }
            if let Body::Entries { left, .. } = &asked.body {
                for (text, counts) in left.iter().zip(&votes.pairs) {
                    page.push(
                        look.line(format!("  {}", fixed(&text.line(), width.saturating_sub(2)).trim_end()), Role::Text),
                    );
                    page.push(look.line(format!("      {}", chosen(counts)), Role::Strong));
                }
            }
        }
        return;
    };
    let label = votes.len() > 1;
    for (i, text) in options.iter().enumerate() {
        let state = State { several: *select > 1, ..State::default() };
        option(i, text.as_str(), state, page, look, width);
        for votes in votes {
            page.push(bar_of(votes, i, label, look));
        }
    }
}

/// What was to be put in order or matched, as it was asked.
fn sides(asked: &Asked, page: &mut Page, look: &Look, width: usize) {
    let texts = |texts: &'_ [Text]| texts.iter().map(|text| text.line()).collect::<Vec<String>>();
    let entries = match &asked.body {
        Body::Steps(steps) => texts(steps),
        Body::Entries { right, .. } => texts(right),
        _ => return,
    };
    for (i, text) in entries.into_iter().enumerate() {
        let lead =
            if matches!(asked.body, Body::Entries { .. }) { format!("{}  ", letter(i)) } else { "   ".to_owned() };
        for (n, line) in prose::wrap(&text, width.saturating_sub(5), 0).into_iter().enumerate() {
            let lead = if n == 0 { lead.clone() } else { "   ".to_owned() };
            page.push(Line::from(vec![look.span(format!("  {lead}"), Role::Key), look.span(line, Role::Text)]));
        }
    }
    page.blank();
}

/// `c 3 · a 1`: the right entries that were chosen, the most frequent first.
fn chosen(counts: &[usize]) -> String {
    let mut chosen: Vec<(char, usize)> =
        counts.iter().enumerate().map(|(i, n)| (letter(i), *n)).filter(|(_, n)| *n > 0).collect();
    chosen.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let words: Vec<String> = chosen.into_iter().map(|(letter, n)| format!("{letter} {n}")).collect();
    if words.is_empty() { "-".to_owned() } else { words.join(" · ") }
}

/// `first  ▰▰▰▱ 3`
pub fn bar_of(votes: &Votes, option: usize, label: bool, look: &Look) -> Line<'static> {
    let n = votes.counts.get(option).copied().unwrap_or(0);
    let label = match votes.round {
        _ if !label => "",
        Round::First => "first ",
        Round::Second => "second",
    };
    let mut spans = vec![look.span(format!("       {label}{}", if label.is_empty() { "" } else { " " }), Role::Dim)];
    spans.extend(bar::progress(n, votes.votes, votes.votes.min(16), look));
    spans.push(look.span(format!(" {n}"), Role::Strong));
    Line::from(spans)
}

/// What a vote is called.
fn name(round: Round) -> &'static str {
    match round {
        Round::First => "first vote",
        Round::Second => "second vote",
    }
}
