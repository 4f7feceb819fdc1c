//! Review of one question: what was answered, what is right, and why.
//!
//! ```text
//!   Not right  2 of 9                Data consistency · Consensus
//!
//!   stem, code, lead-in
//!   ✗ a  the answer given     your answer
//!        why it fails, and the belief behind it
//!   ✓ b  the key
//!        why it is right
//!   explanation, references, knowledge point, place in the document
//! ```

pub(super) mod answer;

use ratatui::text::Line;

use super::{Screen, fixed};
use crate::core::question::{Interaction, Question};
use crate::session::assessment::{Outcome, Status};
use crate::session::{Event, Session, Sheet, Stamped};
use crate::tui::app::{Model, Turn};
use crate::tui::effect::{Effect, Opened};
use crate::tui::key::Key;
use crate::tui::keymap::{Action, Context};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;

pub struct ReviewScreen {
    title: &'static str,
    /// Places in the form.
    slots: Vec<usize>,
    at: usize,
    /// The criterion of an open question that is being rated.
    criterion: usize,
    /// A note being written.
    note: Option<Field>,
    scroll: Scroll,
}

const READ: Scroll = Scroll { offset: 0, free: true };

impl ReviewScreen {
    pub fn new(title: &'static str, slots: Vec<usize>, at: usize) -> Self {
        Self { title, slots, at, criterion: 0, note: None, scroll: READ }
    }

    fn slot(&self) -> usize {
        self.slots[self.at.min(self.slots.len() - 1)]
    }

    fn go(&mut self, to: usize) {
        self.at = to;
        self.criterion = 0;
        self.scroll = READ;
    }

    /// Records what may still be said of a session that is over: a note, points of a rubric.
    fn amend(&self, event: Event, turn: &mut Turn) {
        let Some(opened) = &mut turn.model.opened else { return };
        let stamped = Stamped { at: opened.session.at(), event };
        match opened.session.apply(&stamped) {
            Ok(()) => {
                let id = opened.id.clone();
                turn.effect(Effect::Amend(id, stamped));
            }
            Err(refused) => turn.tell(refused.to_string()),
        }
    }

    fn finish_note(&mut self, turn: &mut Turn) {
        if let Some(field) = self.note.take() {
            self.amend(Event::Noted { slot: self.slot(), text: field.text().to_owned() }, turn);
        }
    }
}

impl Screen for ReviewScreen {
    fn context(&self) -> Context {
        if self.note.is_some() { Context::Field } else { Context::Review }
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn press(&mut self, key: Key, _: &mut Turn) {
        self.scroll.follow();
        if let Some(field) = &mut self.note {
            field.press(key);
        }
    }

    fn paste(&mut self, text: &str, _: &mut Turn) {
        if let Some(field) = &mut self.note {
            field.insert(text);
        }
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else { return turn.home() };
        let rubric = match &opened.session.question(self.slot()).interaction {
            Interaction::Open { rubric, .. } => rubric.len(),
            _ => 0,
        };
        match action {
            Action::LeaveField => self.finish_note(turn),
            Action::Next if self.at + 1 < self.slots.len() => self.go(self.at + 1),
            Action::Next => turn.tell("this is the last one"),
            Action::Previous if self.at > 0 => self.go(self.at - 1),
            Action::Previous => turn.tell("this is the first one"),
            Action::Note => {
                let text = opened.session.sheet(self.slot()).note.clone();
                self.note = Some(Field::new(&text, true, 4000));
                self.scroll.follow();
            }
            Action::Digit(points) if rubric > 0 => {
                let (slot, criterion) = (self.slot(), self.criterion);
                self.amend(Event::RubricRated { slot, criterion, points: u32::from(points) }, turn);
                self.criterion = (criterion + 1).min(rubric - 1);
            }
            Action::Choose(i) if i < rubric => self.criterion = i,
            Action::Up => self.scroll.by(turn.seen, 1, false),
            Action::Down => self.scroll.by(turn.seen, 1, true),
            Action::PageUp | Action::PageDown => self.scroll.by_page(turn.seen, action == Action::PageDown),
            Action::Top => self.scroll = READ,
            Action::Bottom => self.scroll = Scroll { offset: turn.seen.last_offset, free: true },
            Action::Enter => {
                // Enter reads on: to the end of this question, then to the next.
                if turn.seen.offset < turn.seen.last_offset {
                    self.scroll.by_page(turn.seen, true);
                } else {
                    self.act(Action::Next, turn);
                }
            }
            Action::Back => turn.pop(),
            Action::Leave => {
                self.finish_note(turn);
                turn.effect(Effect::Quit);
            }
            _ => {}
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let Some(opened) = &model.opened else { return page };
        let slot = self.slot();
        let (question, sheet) = (opened.session.question(slot), opened.session.sheet(slot));
        let item = opened.session.item(slot);
        let outcome = &opened.assessment.outcomes[slot];
        page.left = look.line(format!("{}  {} of {}", self.title, self.at + 1, self.slots.len()), Role::Title);
        if let Some((competency, facet)) = model.home.blueprint.facet(&item.facet) {
            let words = if width >= 70 {
                format!("{} · {}", competency.title, facet.title)
            } else {
                competency.title.to_string()
            };
            page.right = look.line(fixed(&words, width.saturating_sub(28)).trim_end().to_owned(), Role::Dim);
        }
        let verdict_line = verdict_line(slot, outcome, &opened.session, look);
        page.push(verdict_line);
        page.blank();
        prose::asked(question, item.row, &mut page, look, width);
        page.blank();
        self.view_answer(opened, slot, &mut page, look, width);
        page.blank();
        if let Some(scored) = &outcome.scored {
            prose::labelled("Score", &scored.arithmetic, width, look, Role::Text)
                .into_iter()
                .for_each(|l| page.push(l));
            page.blank();
        }
        page.push(look.line("Explanation", Role::Title));
        for line in prose::prose(&question.fill(&question.explanation, item.row), width, look, Role::Text) {
            page.push(line);
        }
        sources(question, opened, model, &mut page, look, width);
        self.view_note(sheet, &mut page, look, width);
        page.footer = vec![Action::Next, Action::Previous, Action::PageDown, Action::Note, Action::Back];
        if self.note.is_some() {
            page.footer = vec![Action::LeaveField];
        }
        page
    }
}

impl ReviewScreen {
    fn view_note(&self, sheet: &Sheet, page: &mut Page, look: &Look, width: usize) {
        if let Some(field) = &self.note {
            page.blank();
            page.push(look.line("Your note", Role::Title));
            let (rows, (row, column)) = field.rows(width.saturating_sub(3));
            let first = page.body.len();
            for text in rows {
                page.push(Line::from(vec![
                    look.span(look.theme.mark("│ ", "| "), Role::Key),
                    look.span(text, Role::Text),
                ]));
            }
            page.focus = Some((first + row, first + row));
            page.cursor = Some((first + row, 2 + column));
        } else if !sheet.note.is_empty() {
            page.blank();
            page.push(look.line("Your note", Role::Title));
            for line in prose::prose(&sheet.note.as_str().into(), width, look, Role::Text) {
                page.push(line);
            }
        }
    }
}

/// Sign, its role, and the word for what became of a question.
pub fn verdict(outcome: &Outcome, look: &Look) -> (&'static str, Role, &'static str) {
    match outcome.status {
        Status::Omitted => ("○", Role::Warn, "omitted"),
        Status::TimedOut => ("○", Role::Warn, "time ran out"),
        Status::NotReached => ("·", Role::Dim, "not reached"),
        Status::Answered => match &outcome.scored {
            None => ("●", Role::Text, "written"),
            Some(_) if outcome.is_right() => (look.theme.mark("✓", "+"), Role::Good, "right"),
            Some(scored) if scored.value > 0.0 => (look.theme.mark("◐", "~"), Role::Warn, "partly right"),
            Some(_) => (look.theme.mark("✗", "x"), Role::Bad, "wrong"),
        },
    }
}

fn verdict_line(slot: usize, outcome: &Outcome, session: &Session, look: &Look) -> Line<'static> {
    let sheet = session.sheet(slot);
    let (sign, role, words) = verdict(outcome, look);
    let mut aside = format!("   question {} · {}", slot + 1, sheet.spent.clock());
    if let Some(confidence) = sheet.confidence {
        aside.push_str(&format!(" · you said: {}", confidence.words()));
    }
    if !outcome.counts && outcome.scored.is_some() {
        aside.push_str(" · does not count: seen before");
    }
    if let Some((points, all)) = session.rated(slot) {
        aside.push_str(&format!(" · {points} of {all} points by your own rating"));
    }
    Line::from(vec![look.span(format!("{sign} {words}"), role), look.span(aside, Role::Dim)])
}

fn sources(question: &Question, opened: &Opened, model: &Model, page: &mut Page, look: &Look, width: usize) {
    page.blank();
    page.push(look.line("Sources", Role::Title));
    for reference in &question.references {
        let words = format!("{}, {}, {}, {}", reference.author, reference.title, reference.place, reference.year);
        prose::labelled(look.theme.mark("•", "-"), &words, width, look, Role::Text)
            .into_iter()
            .for_each(|l| page.push(l));
    }
    if let Some(checked) = &question.checked {
        let words = format!("checked {} against {}", checked.on, checked.against);
        prose::labelled(" ", &words, width, look, Role::Dim).into_iter().for_each(|l| page.push(l));
    }
    for id in &question.points {
        if let Some(point) = opened.points.get(id) {
            page.blank();
            let words = format!("{} ({})", point.text, point.level);
            prose::labelled("Knowledge point:", &words, width, look, Role::Text).into_iter().for_each(|l| page.push(l));
        }
    }
    if let Some((_, facet)) = model.home.blueprint.facet(&question.facet) {
        page.blank();
        let words = format!("{}: {}", facet.title, facet.place);
        prose::labelled("In the role description:", &words, width, look, Role::Dim)
            .into_iter()
            .for_each(|l| page.push(l));
    }
}
