//! A question and its answer sheet.
//!
//! ```text
//!   ▰▰▰▰▰▱▱▱▱▱ 17/40  Data consistency · Consensus              31:12
//!
//!   stem, code, lead-in                                  Choose one.
//!
//!     a  an option
//!   ▸ b  the marked and chosen one
//!
//!   How sure?  1 guess  2 unsure  3 fairly sure  4 sure
//! ```
//!
//! Each type of question has its part in a file of its own beside this one.

pub(super) mod choices;
mod growing;
mod header;
pub(super) mod matching;
pub(super) mod ordering;
mod practice;
pub(super) mod typed;

pub use growing::{draw_next, drawn, take};
pub use header::{clock_line, header};
pub use practice::pause;

use std::collections::BTreeMap;

use ratatui::text::Line;

use super::dialog::Dialog;
use super::overview::OverviewScreen;
use super::pause::PauseScreen;
use super::{Screen, feedback};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::core::question::{Interaction, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::session::{Event, Mode, Phase, Sheet};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Click, Look, Page, Row, Scroll};
use crate::tui::running::Running;
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;

pub struct QuestionScreen {
    slot: usize,
    /// The marked option, step or left entry, by its place on the screen.
    at: usize,
    /// The field of a numeric or open question.
    field: Option<Field>,
    /// Keys go into the field.
    typing: bool,
    scroll: Scroll,
}

/// The first screen of a session that starts or goes on.
pub fn begin(drafts: BTreeMap<usize, String>, turn: &mut Turn) {
    let in_the_field =
        turn.model.running.as_ref().and_then(|r| r.session.slot()).filter(|slot| drafts.contains_key(slot));
    for (slot, text) in drafts {
        let Some(running) = &turn.model.running else { return };
        let Some(question) = running.session.questions.get(slot) else { continue };
        let answer = Answer::typed(question, text);
        // A draft of a session that ended in the meantime has nowhere to go.
        let _ = turn.record(Event::Answered { slot, answer });
    }
    let slot = turn.model.running.as_ref().and_then(|r| r.session.slot()).unwrap_or(0);
    turn.home();
    show(slot, turn);
    if in_the_field.is_some()
        && let Some(running) = &turn.model.running
    {
        // Whoever was typing goes on typing.
        let screen = QuestionScreen { typing: true, ..QuestionScreen::new(running, slot) };
        turn.only(screen);
    }
    if turn.model.running.as_ref().is_some_and(|running| running.session.phase() == Phase::Paused) {
        turn.push(PauseScreen);
    }
}

/// Goes to a question.
pub fn show(slot: usize, turn: &mut Turn) {
    turn.settle_draft();
    // After expiry nothing more is shown; the screen stays for the question about time.
    let _ = turn.record(Event::Shown { slot });
    if turn.model.running.as_ref().is_some_and(|running| running.session.sheet(slot).revealed) {
        return feedback::open(slot, turn);
    }
    let screen = turn.model.running.as_ref().map(|running| QuestionScreen::new(running, slot));
    if let Some(screen) = screen {
        turn.only(screen);
    }
}

impl QuestionScreen {
    fn new(running: &Running, slot: usize) -> Self {
        let sheet = running.session.sheet(slot);
        let text = match &sheet.answer {
            Some(Answer::Number(text) | Answer::Written(text)) => text.as_str(),
            _ => "",
        };
        let field = match running.session.question(slot).interaction {
            Interaction::Numeric(_) => Some(Field::new(text, false, 60)),
            Interaction::Open { .. } => Some(Field::new(text, true, 20_000)),
            _ => None,
        };
        let typing = field.is_some() && sheet.answer.is_none();
        let at = match &sheet.answer {
            // The entry that the next letter is for.
            Some(Answer::Matched(pairs)) => {
                pairs.iter().position(Option::is_none).unwrap_or(pairs.len().saturating_sub(1))
            }
            Some(Answer::Picked(picks)) => {
                running.session.item(slot).order.iter().position(|id| picks.contains(id)).unwrap_or(0)
            }
            _ => 0,
        };
        // A question is read from its beginning; one that was answered shows its answer.
        let scroll = Scroll { offset: 0, free: sheet.answer.is_none() };
        Self { slot, at, field, typing, scroll }
    }

    /// Lines that the cursor can mark.
    fn lines(&self, question: &Question) -> usize {
        match &question.interaction {
            Interaction::Single(options) | Interaction::Multiple { options, .. } => options.len(),
            Interaction::Ordering { steps, .. } => steps.len(),
            Interaction::Matching { left, .. } => left.len(),
            Interaction::Numeric(_) | Interaction::Open { .. } => 0,
        }
    }

    /// Records an answer; a refusal is said in the status line.
    fn answer(&self, answer: Answer, turn: &mut Turn) {
        if let Err(refused) = turn.record(Event::Answered { slot: self.slot, answer }) {
            turn.tell(refused.to_string());
        }
    }

    fn go(&mut self, forward: bool, turn: &mut Turn) {
        let Some(running) = &turn.model.running else { return };
        if running.session.is_adaptive() {
            return growing::go(forward, turn);
        }
        if running.session.mode == Mode::Practise {
            return self.go_in_practice(forward, turn);
        }
        let last = running.session.len().saturating_sub(1);
        match (forward, self.slot) {
            (true, slot) if slot == last => self.overview(turn),
            (true, slot) => show(slot + 1, turn),
            (false, 0) => turn.tell("this is the first question"),
            (false, slot) => show(slot - 1, turn),
        }
    }

    fn overview(&mut self, turn: &mut Turn) {
        turn.settle_draft();
        turn.push(OverviewScreen::new(self.slot));
    }

    fn scrolled(&mut self, action: Action, turn: &Turn) -> bool {
        match action {
            Action::PageUp | Action::PageDown => self.scroll.by_page(turn.seen, action == Action::PageDown),
            Action::Top => self.scroll = Scroll { offset: 0, free: true },
            Action::Bottom => self.scroll = Scroll { offset: turn.seen.last_offset, free: true },
            _ => return false,
        }
        true
    }

    fn state(action: Action, sheet: &Sheet, slot: usize) -> Option<Event> {
        match action {
            Action::Flag => Some(Event::Flagged { slot, on: !sheet.flagged }),
            Action::Digit(n @ 1..=4) if matches!(sheet.answer, Some(ref answer) if !matches!(answer, Answer::Written(_))) =>
            {
                let said = Confidence::ALL[usize::from(n) - 1];
                let confidence = (sheet.confidence != Some(said)).then_some(said);
                Some(Event::Confident { slot, confidence })
            }
            _ => None,
        }
    }
}

impl Screen for QuestionScreen {
    fn context(&self) -> Context {
        if self.typing { Context::Field } else { Context::Question }
    }

    fn letters(&self, model: &Model) -> usize {
        model.running.as_ref().map_or(0, |r| letters(&r.session.question(self.slot).interaction))
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.scrolled(action, turn) {
            return;
        }
        let Some(running) = &turn.model.running else { return turn.home() };
        let question = running.session.question(self.slot).clone();
        let sheet = running.session.sheet(self.slot).clone();
        let order = running.session.item(self.slot).order.clone();
        if matches!(action, Action::Up | Action::Down) && turn.seen.focus_hidden {
            // The arrows first bring the marked line into sight.
            return self.scroll.towards(turn.seen, action == Action::Down);
        }
        self.scroll.follow();
        if let Some(event) = Self::state(action, &sheet, self.slot) {
            if let Err(refused) = turn.record(event) {
                turn.tell(refused.to_string());
            }
            return;
        }
        let last = self.lines(&question).saturating_sub(1);
        match action {
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Down => self.at = (self.at + 1).min(last),
            Action::Next => self.go(true, turn),
            Action::Previous => self.go(false, turn),
            Action::Overview => self.overview(turn),
            Action::Unknown => self.give_up(turn),
            Action::Pause => practice::pause(turn),
            Action::Leave | Action::Back => {
                turn.settle_draft();
                let dialog = Dialog::leave(turn.model);
                turn.push(dialog);
            }
            Action::Digit(1..=4) if turn.model.settings.confidence => {
                turn.tell("answer first, then say how sure you are")
            }
            _ => match &question.interaction {
                Interaction::Single(_) => self.act_single(action, &order, &sheet, turn),
                Interaction::Multiple { select, .. } => self.act_multiple(action, *select, &order, &sheet, turn),
                Interaction::Ordering { .. } => self.act_ordering(action, &order, &sheet, turn),
                Interaction::Matching { left, .. } => self.act_matching(action, left.len(), &order, &sheet, turn),
                Interaction::Numeric(_) | Interaction::Open { .. } => self.act_field(action, turn),
            },
        }
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        self.type_key(key, turn);
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        self.type_text(text, turn);
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let Some(running) = &model.running else { return Page::default() };
        let (session, slot) = (&running.session, self.slot);
        let (question, sheet, item) = (session.question(slot), session.sheet(slot), session.item(slot));
        let mut page = Page { left: header(slot, model, running, look, width), ..Page::default() };
        page.right = clock_line(running, look, width);
        page.letters = if self.typing { 0 } else { letters(&question.interaction) };

        prose::asked(question, item.row, &mut page, look, width);
        for line in prose::wrap(&scoring::rule(&question.interaction), width, 0) {
            page.push(look.line(line, Role::Dim));
        }
        page.blank();
        match &question.interaction {
            Interaction::Single(options) => self.view_choices(options, false, item, sheet, &mut page, look, width),
            Interaction::Multiple { options, select } => {
                self.view_choices(options, true, item, sheet, &mut page, look, width);
                page.push(look.line(format!("{} of {select} chosen", picked(sheet)), Role::Dim));
            }
            Interaction::Ordering { steps, .. } => self.view_ordering(steps, item, sheet, &mut page, look, width),
            Interaction::Matching { left, right } => {
                self.view_matching(left, right, item, sheet, &mut page, look, width);
            }
            Interaction::Numeric(numeric) => self.view_number(numeric, &mut page, look, width),
            Interaction::Open { .. } => self.view_text(&mut page, look, width),
        }
        let rated_later = matches!(question.interaction, Interaction::Open { .. });
        if model.settings.confidence && sheet.answer.is_some() && !rated_later {
            page.blank();
            page.body.push(confidence_row(sheet.confidence, look, width));
            // How sure one is belongs to the answer: both are kept in sight.
            page.focus = page.focus.map(|(first, _)| (first, page.body.len() - 1));
        }
        page.status = session.warning(running.spent()).map(|words| look.line(words, Role::Warn));
        page.footer = match session.mode {
            Mode::Practise if !self.typing => practice::hints(&question.interaction),
            _ => self.hints(&question.interaction),
        };
        page.footer.retain(|action| !session.is_adaptive() || growing::fits(*action));
        page
    }
}

/// Letters choose options and right entries; steps are moved, not chosen.
fn letters(interaction: &Interaction) -> usize {
    match interaction {
        Interaction::Ordering { .. } => 0,
        _ => interaction.movable(),
    }
}

fn picked(sheet: &Sheet) -> usize {
    match &sheet.answer {
        Some(Answer::Picked(picks)) => picks.len(),
        _ => 0,
    }
}

impl QuestionScreen {
    fn hints(&self, interaction: &Interaction) -> Vec<Action> {
        if self.typing {
            return vec![Action::LeaveField];
        }
        let own: &[Action] = match interaction {
            Interaction::Single(_) | Interaction::Multiple { .. } => &[Action::Strike],
            Interaction::Ordering { .. } => &[Action::MoveUp, Action::MoveDown],
            Interaction::Matching { .. } => &[Action::Clear],
            Interaction::Numeric(_) | Interaction::Open { .. } => &[Action::LeaveField],
        };
        let common = [Action::Flag, Action::Next, Action::Previous, Action::Overview, Action::Leave];
        own.iter().copied().chain(common).collect()
    }
}

pub(super) fn confidence_row(said: Option<Confidence>, look: &Look, width: usize) -> Row {
    let label = match width {
        60.. => "How sure?   ",
        44.. => "Sure? ",
        _ => "",
    };
    let mut spans = vec![look.span(label, Role::Dim)];
    let mut clicks = Vec::new();
    let mut x = label.len();
    for (i, confidence) in Confidence::ALL.into_iter().enumerate() {
        let chosen = said == Some(confidence);
        let words = match width {
            60.. => confidence.words(),
            _ => confidence.words().split(' ').next().unwrap_or(""),
        };
        let mark = if chosen { look.theme.mark("●", "*") } else { " " };
        let text = format!("{mark}{} {words}", i + 1);
        let columns = text.chars().count();
        clicks.push(Click { from: x, width: columns, action: Action::Digit(i as u8 + 1) });
        spans.push(look.span(text, if chosen { Role::Chosen } else { Role::Text }));
        let gap = if width >= 60 { 3 } else { 1 };
        spans.push(look.span(" ".repeat(gap), Role::Text));
        x += columns + gap;
    }
    Row { line: Line::from(spans), clicks, fill: None }
}
