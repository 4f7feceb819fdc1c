//! The stage after the reveal, and at the end.

use ratatui::text::Line;

use super::stage::{bar_of, written};
use crate::core::text::Text;
use crate::session::meeting::reveal::{Rating, Rationale, Reveal, Told};
use crate::session::meeting::stage::{Asked, Body, Given, Places, Scene, Votes};
use crate::tui::page::{Look, Page};
use crate::tui::screen::review::answer::Onto;
use crate::tui::screen::{letter, pointer};
use crate::tui::theme::Role;
use crate::tui::widget::prose;

#[allow(clippy::too_many_arguments)]
pub fn view(
    asked: &Asked,
    votes: &[Votes],
    given: Option<&Given>,
    reveal: &Reveal,
    marked: Option<usize>,
    page: &mut Page,
    look: &Look,
    width: usize,
) {
    prose::asking(&asked.stem, asked.code.as_ref(), &asked.lead_in, page, look, width);
    page.blank();
    let answer = given.map(|given| &given.answer);
    let first = page.body.len();
    let mut onto = Onto { page, look, width };
    match (&reveal.told, &asked.body) {
        (Told::Options(told), Body::Options { options, .. }) => options_told(told, options, votes, answer, &mut onto),
        (Told::Steps(told), Body::Steps(steps)) => steps_told(told, steps, answer, &mut onto),
        (Told::Entries(told), Body::Entries { left, right }) => entries_told(told, left, right, answer, &mut onto),
        (Told::Number { right, within, formula }, Body::Number { unit }) => {
            if let Some(Places::Typed(typed)) = answer {
                let (sign, role) = sign(reveal.is_right, look);
                let belief: Vec<(&str, &str)> =
                    reveal.belief.iter().map(|belief| ("what went wrong", belief.as_str())).collect();
                onto.entry(sign, role, &format!("{} {unit}", typed.line()), "your answer", &belief);
            }
            let right = format!("{}, within {}", right.line(), within.line());
            onto.entry(look.theme.mark("✓", "+"), Role::Good, &right, "right", &[]);
            onto.label(&format!("  {}", formula.line()));
        }
        (Told::Words { model_answer, rubric }, _) => {
            written(answer, "", onto.page, look, width);
            words_told(model_answer, rubric, marked, &mut onto);
        }
        // A stage from another window may be of another mind; what fits is drawn.
        _ => {}
    }
    page.focus = page.focus.or(Some((first, page.body.len().saturating_sub(1).max(first))));
    if let Some(arithmetic) = &reveal.arithmetic {
        page.blank();
        prose::labelled("Score", &arithmetic.line(), width, look, Role::Text).into_iter().for_each(|l| page.push(l));
    }
    page.blank();
    page.push(look.line("Explanation", Role::Title));
    prose::prose(&reveal.explanation, width, look, Role::Text).into_iter().for_each(|line| page.push(line));
    if !reveal.references.is_empty() {
        page.blank();
        page.push(look.line("Sources", Role::Title));
    }
    for source in &reveal.references {
        let mark = look.theme.mark("•", "-");
        prose::labelled(mark, &source.line(), width, look, Role::Text).into_iter().for_each(|line| page.push(line));
    }
}

fn options_told(told: &[Rationale], options: &[Text], votes: &[Votes], answer: Option<&Places>, onto: &mut Onto) {
    let label = votes.len() > 1;
    for (i, (rationale, text)) in told.iter().zip(options).enumerate() {
        let given = matches!(answer, Some(Places::Picked(picked)) if picked.contains(&i));
        let voted = votes.iter().any(|votes| votes.counts.get(i).is_some_and(|n| *n > 0));
        let (sign, role) = match (rationale.credit >= 1.0, rationale.credit > 0.0) {
            (true, _) => (onto.look.theme.mark("✓", "+"), Role::Good),
            (_, true) => (onto.look.theme.mark("◐", "~"), Role::Warn),
            _ if given => (onto.look.theme.mark("✗", "x"), Role::Bad),
            _ => (" ", Role::Text),
        };
        let word = match (given, rationale.credit >= 1.0, rationale.credit > 0.0) {
            (true, true, _) => "your answer, right",
            (true, _, true) => "your answer, partly right",
            (true, ..) => "your answer",
            (_, true, _) => "right",
            (_, _, true) => "partly right",
            _ => "",
        };
        let mut beneath = vec![("", rationale.why.as_str())];
        if let Some(belief) = rationale.misconception.as_ref().filter(|_| given || voted) {
            beneath.push(("the belief behind it", belief.as_str()));
        }
        let lead = format!("{sign} {}", letter(i));
        onto.entry(&lead, role, text.as_str(), word, &beneath);
        for votes in votes {
            onto.page.push(bar_of(votes, i, label, onto.look));
        }
    }
}

fn steps_told(told: &[(usize, Text)], steps: &[Text], answer: Option<&Places>, onto: &mut Onto) {
    onto.label("The right order");
    for (i, (place, why)) in told.iter().enumerate() {
        let Some(step) = steps.get(*place) else { continue };
        let yours = match answer {
            Some(Places::Ordered(order)) => order.iter().position(|shown| shown == place),
            _ => None,
        };
        let (sign, role) = sign(yours.map(|yours| yours == i), onto.look);
        let word = yours.filter(|yours| *yours != i).map_or(String::new(), |yours| format!("yours: {}", yours + 1));
        onto.entry(&format!("{sign} {}", i + 1), role, step.as_str(), &word, &[("", why.as_str())]);
    }
}

fn entries_told(told: &[(usize, Text)], left: &[Text], right: &[Text], answer: Option<&Places>, onto: &mut Onto) {
    let text = |place: usize| right.get(place).map_or("", Text::as_str);
    for (i, ((place, why), entry)) in told.iter().zip(left).enumerate() {
        let yours = match answer {
            Some(Places::Matched(pairs)) => pairs.get(i).copied().flatten(),
            _ => None,
        };
        let (sign, role) = sign(yours.map(|yours| yours == *place), onto.look);
        let mut beneath = vec![("belongs to", text(*place))];
        if let Some(yours) = yours.filter(|yours| yours != place) {
            beneath.push(("you chose", text(yours)));
        }
        beneath.push(("", why.as_str()));
        onto.entry(sign, role, entry.as_str(), "", &beneath);
    }
}

fn sign(right: Option<bool>, look: &Look) -> (&'static str, Role) {
    match right {
        Some(true) => (look.theme.mark("✓", "+"), Role::Good),
        Some(false) => (look.theme.mark("✗", "x"), Role::Bad),
        None => (" ", Role::Text),
    }
}

fn words_told(model_answer: &Text, rubric: &[Rating], marked: Option<usize>, onto: &mut Onto) {
    onto.page.blank();
    onto.label("A model answer");
    for line in prose::prose(model_answer, onto.width, onto.look, Role::Text) {
        onto.page.push(line);
    }
    onto.page.blank();
    let both = rubric.iter().any(|rating| rating.mentor.is_some());
    onto.label(if both { "Points: your own, and your mentor's" } else { "Points for your answer, by yourself first" });
    for (i, rating) in rubric.iter().enumerate() {
        let points = |points: Option<u32>| points.map_or("-".to_owned(), |points| points.to_string());
        let mut given = format!("{} of {}", points(rating.own), rating.points);
        if both {
            given = format!("own {}, mentor {} of {}", points(rating.own), points(rating.mentor), rating.points);
        }
        let row = onto.page.body.len();
        let lead = pointer(marked == Some(i), onto.look).trim_end().to_owned();
        let lead = if lead.is_empty() { " ".to_owned() } else { lead };
        onto.entry(&lead, Role::Key, rating.criterion.as_str(), &given, &[("look for", rating.evidence.as_str())]);
        if marked == Some(i) {
            onto.page.focus = Some((row, onto.page.body.len() - 1));
        }
    }
}

/// What came of the session, for everybody.
pub fn closing(scene: &Scene, page: &mut Page, look: &Look, width: usize) {
    let Scene::Closing { competencies, leaving, next } = scene else { return };
    page.push(look.line("What came of it", Role::Title));
    if competencies.is_empty() {
        page.push(look.line("nothing was asked", Role::Dim));
    }
    for line in competencies {
        let mut words = match line.answers {
            0 => "talked about".to_owned(),
            answers => format!("{} of {answers}", line.right),
        };
        if let Some((mean, n)) = line.reasoning {
            words.push_str(&format!(", reasoning {mean:.1} (n {n})"));
        }
        let title = prose::wrap(&line.title.line(), width.saturating_sub(4), 0);
        for (i, text) in title.into_iter().enumerate() {
            let mut spans = vec![look.span(format!("  {text:<28}"), Role::Text)];
            if i == 0 && width >= 60 {
                spans.push(look.span(format!(" {words}"), Role::Strong));
            }
            page.push(Line::from(spans));
        }
        if width < 60 {
            page.push(look.line(format!("    {words}"), Role::Strong));
        }
    }
    if let Some(leaving) = leaving {
        if !leaving.said.is_empty() {
            page.blank();
            page.push(look.line("In your own words", Role::Title));
            prose::prose(&leaving.said, width, look, Role::Text).into_iter().for_each(|line| page.push(line));
        }
        if !leaving.agreements.is_empty() {
            page.blank();
            page.push(look.line("Agreed", Role::Title));
        }
        for (text, due) in &leaving.agreements {
            let words = due.as_ref().map_or(text.line(), |due| format!("{}, until {}", text.line(), due.line()));
            let mark = look.theme.mark("•", "-");
            prose::labelled(mark, &words, width, look, Role::Text).into_iter().for_each(|line| page.push(line));
        }
    }
    if let Some(day) = next {
        page.blank();
        page.push(look.line(format!("Next time: {}", day.line()), Role::Strong));
    }
}
