//! The answer part of a review, by type of question.

use ratatui::text::Line;

use super::Explained;
use crate::app::keymap::Action;
use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::number;
use crate::core::question::{Choice, Criterion, Interaction, Left, Numeric, Step};
use crate::core::response::Answer;
use crate::core::text::Text;
use crate::session::Sheet;
use crate::tui::page::{Look, Page};
use crate::tui::screen::pointer;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

/// Where texts are drawn to.
pub struct Onto<'a> {
    pub page: &'a mut Page,
    pub look: &'a Look,
    pub width: usize,
}

impl Onto<'_> {
    /// A marked entry: sign, text, a word about it, and what is to be said of it beneath.
    pub fn entry(&mut self, sign: &str, role: Role, text: &str, word: &str, beneath: &[(&str, &str)]) {
        let indent = sign.chars().count() + 1;
        let text_role = if word.is_empty() { Role::Text } else { Role::Strong };
        let mut lines = prose::wrap(text, self.width.saturating_sub(indent), 0);
        let room = lines.last().map_or(0, |last| self.width.saturating_sub(indent + last.chars().count()));
        let word = if word.is_empty() { String::new() } else { format!("  {word}") };
        let below = room < word.chars().count();
        if below {
            lines.push(String::new());
        }
        let last = lines.len() - 1;
        for (n, line) in lines.into_iter().enumerate() {
            let lead = if n == 0 { format!("{sign} ") } else { " ".repeat(indent) };
            let mut spans = vec![self.look.span(lead, role), self.look.span(line, text_role)];
            if n == last {
                spans.push(self.look.span(if below { word.trim_start() } else { word.as_str() }, role));
            }
            self.page.push(Line::from(spans));
        }
        for (label, words) in beneath {
            let text = if label.is_empty() { (*words).to_owned() } else { format!("{label}: {words}") };
            for line in prose::wrap(&text, self.width.saturating_sub(5), 0) {
                self.page.push(Line::from(vec![self.look.span("     ", Role::Dim), self.look.span(line, Role::Dim)]));
            }
        }
    }

    pub fn label(&mut self, words: &str) {
        self.page.push(self.look.line(words.to_owned(), Role::Dim));
    }
}

pub fn draw(explained: &Explained, page: &mut Page, look: &Look, width: usize) {
    let (session, slot) = (explained.session, explained.slot);
    let (question, sheet, item) = (session.question(slot), session.sheet(slot), session.item(slot));
    let mut onto = Onto { page, look, width };
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            choices(options, item, sheet, &mut onto)
        }
        Interaction::Ordering { steps, .. } => ordering(steps, sheet, &mut onto),
        Interaction::Matching { left, right } => matching(left, right, sheet, &mut onto),
        Interaction::Numeric(numeric) => numeric_answer(numeric, explained, &mut onto),
        Interaction::Open { model_answer, rubric } => open(model_answer, rubric, explained, &mut onto),
    }
}

fn open(model_answer: &Text, rubric: &[Criterion], explained: &Explained, onto: &mut Onto) {
    let sheet = explained.session.sheet(explained.slot);
    onto.label("Your answer");
    let written = match &sheet.answer {
        Some(Answer::Written(text)) => Text::new(text),
        _ => Text::new("none"),
    };
    for line in written.as_str().lines().flat_map(|l| prose::wrap(l, onto.width.saturating_sub(2), 0)) {
        onto.page.push(onto.look.line(format!("  {line}"), Role::Text));
    }
    onto.page.blank();
    onto.label("Model answer");
    for line in prose::prose(model_answer, onto.width, onto.look, Role::Text) {
        onto.page.push(line);
    }
    onto.page.blank();
    onto.label("Rate your own answer: the number keys give points to the marked criterion");
    for (i, criterion) in rubric.iter().enumerate() {
        let marked = i == explained.criterion;
        let given = sheet.rubric.get(&i).map_or("·".to_owned(), u32::to_string);
        let line = Line::from(vec![
            onto.look.span(pointer(marked, onto.look), Role::Key),
            onto.look.span(format!("{given} of {}  ", criterion.points), Role::Strong),
            onto.look.span(criterion.criterion.line(), Role::Text),
        ]);
        onto.page.choice(line, Action::Choose(i), marked, onto.look);
        for line in prose::wrap(criterion.evidence.as_str(), onto.width.saturating_sub(10), 0) {
            onto.page.push(onto.look.line(format!("          {line}"), Role::Dim));
        }
    }
}

fn choices(options: &[Choice], item: &Item, sheet: &Sheet, onto: &mut Onto) {
    let picked: &[ChoiceId] = match &sheet.answer {
        Some(Answer::Picked(picks)) => picks,
        _ => &[],
    };
    for (i, id) in item.order.iter().enumerate() {
        let option = &options[id.index()];
        let given = picked.contains(id);
        let (sign, role) = match (given, option.is_key(), option.credit > 0.0) {
            (true, true, _) => (onto.look.theme.mark("✓", "+"), Role::Good),
            (false, true, _) => (onto.look.theme.mark("✓", "+"), Role::Good),
            (true, false, true) => (onto.look.theme.mark("◐", "~"), Role::Warn),
            (true, false, false) => (onto.look.theme.mark("✗", "x"), Role::Bad),
            (false, false, _) => (" ", Role::Text),
        };
        let lead = format!("{sign} {}", char::from(b'a' + i as u8));
        let word = match (given, option.is_key(), option.credit > 0.0) {
            (true, true, _) => "your answer, right",
            (true, false, true) => "your answer, partly right",
            (true, false, false) => "your answer",
            (false, true, _) => "right",
            (false, false, true) => "would be partly right",
            (false, false, false) => "",
        };
        let mut beneath = vec![("", option.why.as_str())];
        if given && let Some(belief) = &option.misconception {
            beneath.push(("the belief behind it", belief.as_str()));
        }
        onto.entry(&lead, role, option.text.as_str(), word, &beneath);
    }
}

fn ordering(steps: &[Step], sheet: &Sheet, onto: &mut Onto) {
    let given: &[ChoiceId] = match &sheet.answer {
        Some(Answer::Ordered(order)) => order,
        _ => &[],
    };
    onto.label("The right order, and where you put each step");
    for (i, step) in steps.iter().enumerate() {
        let yours = given.iter().position(|id| id.index() == i);
        let (sign, role) = match yours {
            Some(place) if place == i => (onto.look.theme.mark("✓", "+"), Role::Good),
            Some(_) => (onto.look.theme.mark("✗", "x"), Role::Bad),
            None => (" ", Role::Text),
        };
        let place = match yours {
            Some(place) if place != i => format!("yours: {}", place + 1),
            _ => String::new(),
        };
        onto.entry(&format!("{sign} {}", i + 1), role, step.text.as_str(), &place, &[("", step.why.as_str())]);
    }
}

fn matching(left: &[Left], right: &[Text], sheet: &Sheet, onto: &mut Onto) {
    let given: &[Option<ChoiceId>] = match &sheet.answer {
        Some(Answer::Matched(pairs)) => pairs,
        _ => &[],
    };
    for (i, entry) in left.iter().enumerate() {
        let yours = given.get(i).copied().flatten();
        let right_text = |id: ChoiceId| right.get(id.index()).map_or("", Text::as_str);
        let (sign, role) = match yours {
            Some(id) if id == entry.key => (onto.look.theme.mark("✓", "+"), Role::Good),
            Some(_) => (onto.look.theme.mark("✗", "x"), Role::Bad),
            None => (" ", Role::Text),
        };
        let mut beneath = vec![("belongs to", right_text(entry.key))];
        if let Some(id) = yours.filter(|id| *id != entry.key) {
            beneath.push(("you chose", right_text(id)));
        }
        beneath.push(("", entry.why.as_str()));
        onto.entry(sign, role, entry.text.as_str(), "", &beneath);
    }
}

fn numeric_answer(numeric: &Numeric, explained: &Explained, onto: &mut Onto) {
    let Explained { session, slot, outcome, .. } = *explained;
    let (sheet, item) = (session.sheet(slot), session.item(slot));
    let unit = numeric.unit.as_str();
    if let Some(Answer::Number(text)) = &sheet.answer {
        let (sign, role) = match outcome.is_right() {
            true => (onto.look.theme.mark("✓", "+"), Role::Good),
            false => (onto.look.theme.mark("✗", "x"), Role::Bad),
        };
        let belief = outcome.scored.as_ref().and_then(|s| s.misconception.as_ref());
        let beneath: Vec<(&str, &str)> = belief.map(|b| ("what went wrong", b.as_str())).into_iter().collect();
        onto.entry(sign, role, &format!("{} {unit}", Text::new(text).line()), "your answer", &beneath);
    }
    let right = format!(
        "right: {} {unit}, within {}",
        number::show(numeric.right(item.row)),
        number::show(numeric.tolerance(item.row))
    );
    onto.entry(onto.look.theme.mark("✓", "+"), Role::Good, &right, "right", &[]);
    let values = numeric.params.iter().zip(numeric.values(item.row));
    let row: Vec<String> = values.map(|(p, v)| format!("{} = {}", p.name, number::show(v))).collect();
    onto.label(&format!("  {} with {}", numeric.formula.source(), row.join(", ")));
}
