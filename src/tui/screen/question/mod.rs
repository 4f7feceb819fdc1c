//! The screen of a question and its answer.
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

mod growing;
mod header;
mod practice;
mod reason;
mod typed;

pub use header::{clock_line, header};

use std::collections::BTreeMap;

use super::{Screen, reads};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::core::question::Kind;
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::session::present::{Asked, Places, Response};
use crate::session::{Event, Mode, Phase, Sheet};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::running::Running;
use crate::tui::screen::review::NoteEntry;
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::question::{Answering, Pad, hints};
use crate::tui::widget::writer::Writer;

pub struct QuestionScreen {
    slot: usize,
    pad: Pad,
    scroll: Scroll,
    /// The reason being written, in homework.
    reason: Option<NoteEntry>,
}

/// Opens the first screen of a started or resumed session.
pub fn begin(drafts: BTreeMap<usize, String>, turn: &mut Turn) {
    let slot = turn
        .model
        .running
        .as_ref()
        .map_or(0, |running| running.session().slot_to_resume());
    let was_typing = drafts.contains_key(&slot);
    for (slot, text) in unreadable_answers(turn.model).into_iter().chain(drafts) {
        turn.restore_draft(slot, text);
    }
    turn.home();
    show(slot, turn);
    if was_typing && let Some(running) = &turn.model.running {
        // If text was being typed, the field stays active.
        let mut screen = QuestionScreen::new(running, slot);
        screen.pad.typing = screen.pad.field.is_some();
        turn.only(screen);
    }
    if let Some(words) = turn.model.running.as_ref().and_then(practice::length) {
        turn.tell(words);
    }
    if turn
        .model
        .running
        .as_ref()
        .is_some_and(|running| running.session().phase() == Phase::Paused)
    {
        turn.go(Route::Pause);
    }
}

/// Returns the texts, by slot, that version 0.1 recorded as answers although they are not numbers.
fn unreadable_answers(model: &Model) -> Vec<(usize, String)> {
    let Some(running) = &model.running else {
        return Vec::new();
    };
    let text = |(slot, sheet): (usize, &Sheet)| match &sheet.answer {
        Some(answer @ (Answer::Number(text) | Answer::Number2(text) | Answer::Number3(text)))
            if !scoring::is_readable(running.session().question(slot), answer) =>
        {
            Some((slot, text.clone()))
        }
        _ => None,
    };
    running
        .session()
        .sheets()
        .iter()
        .enumerate()
        .filter_map(text)
        .collect()
}

/// Goes to a question.
pub fn show(slot: usize, turn: &mut Turn) {
    turn.settle_draft();
    // After time is up no further question is shown; the screen stays open below the time-is-up dialog.
    let _ = turn.record(Event::Shown { slot });
    if turn
        .model
        .running
        .as_ref()
        .is_some_and(|running| running.session().sheet(slot).revealed)
    {
        return turn.go(Route::Feedback(slot));
    }
    let screen = turn
        .model
        .running
        .as_ref()
        .map(|running| QuestionScreen::new(running, slot));
    if let Some(screen) = screen {
        turn.only(screen);
    }
}

impl QuestionScreen {
    fn new(running: &Running, slot: usize) -> Self {
        let (session, sheet) = (running.session(), running.session().sheet(slot));
        let order = &session.item(slot).order;
        let mut pad = Pad::new(session.question(slot), order, running.typed(slot).as_ref());
        if let Some(letters) = running.typed_steps.get(&slot) {
            pad.resume_steps(letters, order.len());
        }
        // A new question starts at its top; an answered one is scrolled to its answer.
        let scroll = Scroll {
            offset: 0,
            free: sheet.answer.is_none(),
        };
        Self {
            slot,
            pad,
            scroll,
            reason: None,
        }
    }

    /// Records an answer; a rejection is shown in the status line.
    fn answer(&self, answer: Answer, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        let event = running.session().answering(self.slot, answer);
        if let Err(refused) = turn.record(event) {
            turn.tell(refused.to_string());
        }
    }

    /// Applies an action to the answer.
    fn respond(&mut self, action: Action, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        let (question, item) = (
            running.session().question(self.slot),
            running.session().item(self.slot),
        );
        let answer = running.session().sheet(self.slot).answer.as_ref();
        let typed_before = self.pad.typed_steps();
        let response = self.pad.act(action, question, &item.order, answer);
        let typed = self.pad.typed_steps();
        match response {
            Response::Answer(answer) => {
                self.unstrike(&answer, turn);
                self.answer(answer, turn);
            }
            Response::Complete => self.go(true, turn),
            Response::Refused(why) => turn.tell(why),
            Response::Unchanged | Response::Type => {}
        }
        if typed != typed_before {
            turn.draft_steps(self.slot, typed);
        }
    }

    /// Strikes the marked option out, or restores it. In a matching question, it removes the marked pair.
    fn strike(&mut self, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        let (item, sheet) = (
            running.session().item(self.slot),
            running.session().sheet(self.slot),
        );
        match item.kind {
            Kind::Single | Kind::Multiple => {}
            Kind::Matching => return self.respond(Action::Clear, turn),
            _ => return,
        }
        let Some(choice) = self.pad.at.and_then(|at| item.order.get(at)).copied() else {
            return turn.tell("mark an option first, with the arrow keys");
        };
        let on = !sheet.struck.contains(&choice);
        if let Some(Answer::Picked(picks)) = &sheet.answer
            && on
            && picks.contains(&choice)
        {
            let others = picks.iter().copied().filter(|id| *id != choice).collect();
            self.answer(Answer::Picked(others), turn);
        }
        let _ = turn.record(Event::Struck {
            slot: self.slot,
            choice,
            on,
        });
    }

    /// Removes the strikes from chosen options.
    fn unstrike(&self, answer: &Answer, turn: &mut Turn) {
        let Answer::Picked(picks) = answer else {
            return;
        };
        let Some(running) = &turn.model.running else {
            return;
        };
        let struck = &running.session().sheet(self.slot).struck;
        let chosen: Vec<_> = picks
            .iter()
            .copied()
            .filter(|id| struck.contains(id))
            .collect();
        for choice in chosen {
            let _ = turn.record(Event::Struck {
                slot: self.slot,
                choice,
                on: false,
            });
        }
    }

    fn go(&mut self, forward: bool, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        if running.session().is_adaptive() {
            return growing::go(forward, turn);
        }
        if running.session().mode == Mode::Practise {
            return self.go_in_practice(forward, turn);
        }
        let last = running.session().len().saturating_sub(1);
        match (forward, self.slot) {
            (true, slot) if slot == last => {
                turn.settle_draft();
                let open = turn.model.running.as_ref().and_then(|running| {
                    let sheets = running.session().sheets();
                    sheets.iter().position(|sheet| sheet.answer.is_none())
                });
                // Behind the last question is the line that finishes the session.
                turn.go(Route::Overview(open.unwrap_or(last + 1)));
            }
            (true, slot) => show(slot + 1, turn),
            (false, 0) => turn.tell("this is the first question"),
            (false, slot) => show(slot - 1, turn),
        }
    }

    fn overview(&mut self, turn: &mut Turn) {
        turn.settle_draft();
        turn.go(Route::Overview(self.slot));
    }

    /// Returns true if Enter does something: it chooses the marked option, leaves the field, or goes on from an answer.
    fn confirms(&self, running: &Running) -> bool {
        let session = running.session();
        let is_blank = |field: &Field| field.text().trim().is_empty();
        match session.item(self.slot).kind {
            Kind::Single | Kind::Multiple => true,
            Kind::Ordering | Kind::Matching => session.ready(self.slot).is_ok(),
            _ => !self.pad.typing || !self.pad.field.as_ref().is_some_and(is_blank),
        }
    }

    fn state(action: Action, sheet: &Sheet, slot: usize) -> Option<Event> {
        match action {
            Action::Flag => Some(Event::Flagged {
                slot,
                on: !sheet.flagged,
            }),
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
        if self.pad.typing || self.reason.is_some() {
            Context::Field
        } else {
            Context::Question
        }
    }

    fn letters(&self, model: &Model) -> usize {
        model
            .running
            .as_ref()
            .map_or(0, |r| r.session().question(self.slot).interaction.movable())
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.scroll.leap(action, turn.seen) {
            return;
        }
        let Some(running) = &turn.model.running else {
            return turn.home();
        };
        let sheet = running.session().sheet(self.slot);
        if matches!(action, Action::Up | Action::Down) && turn.seen.focus_hidden {
            // The arrow keys first bring the marked line into view.
            return self.scroll.towards(turn.seen, action == Action::Down);
        }
        self.scroll.follow();
        if matches!(action, Action::Digit(1..=4)) && !turn.model.settings.confidence {
            return;
        }
        if let Some(event) = Self::state(action, sheet, self.slot) {
            if matches!(event, Event::Confident { .. }) && !turn.shows(action) {
                self.scroll = Scroll::END;
                return;
            }
            if let Err(refused) = turn.record(event) {
                turn.tell(refused.to_string());
            }
            return;
        }
        match action {
            Action::Next => self.go(true, turn),
            Action::Previous => self.go(false, turn),
            Action::Overview => self.overview(turn),
            Action::Unknown => self.give_up(turn),
            Action::Pause => turn.pause(),
            Action::Undo => turn.undo_last_grade(),
            Action::SuspendQuestion if running.session().mode == Mode::Practise => {
                turn.suspend_question(self.slot);
            }
            Action::Leave | Action::Back => {
                self.finish_reason(turn);
                turn.settle_draft();
                turn.go(Route::Leave);
            }
            Action::Digit(1..=4) if turn.model.settings.confidence => {
                let words = match running.unreadable.contains_key(&self.slot) {
                    true => "not a number yet: correct it first, then rate your confidence",
                    false => "answer first, then rate your confidence",
                };
                turn.tell(words);
            }
            Action::Strike => self.strike(turn),
            Action::Note => self.write_reason(turn),
            Action::LeaveField if self.reason.is_some() => self.finish_reason(turn),
            Action::LeaveField | Action::Clear if self.pad.field.is_some() => {
                self.act_field(action, turn);
            }
            Action::LeaveField => {
                // From the question to its options, and back.
                self.scroll = Scroll {
                    offset: turn.seen.options_below.unwrap_or(0),
                    free: true,
                };
            }
            _ => self.respond(action, turn),
        }
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        let Some(reason) = &mut self.reason else {
            return self.type_key(key, turn);
        };
        self.scroll.follow();
        match reason.press(key) {
            true => self.finish_reason(turn),
            false => self.draft_reason(turn),
        }
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        let Some(reason) = &mut self.reason else {
            return self.type_text(text, turn);
        };
        turn.tell_if(reason.paste(text));
        self.draft_reason(turn);
    }

    fn is_pair(&self, model: &Model) -> bool {
        let running = model.running.as_ref();
        running.is_some_and(|running| running.session().question(self.slot).has_figure())
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(running) = &model.running else {
            return false;
        };
        let (session, slot) = (running.session(), self.slot);
        let (mode, sheet, kind) = (session.mode, session.sheet(slot), session.item(slot).kind);
        let lines = session.question(slot).interaction.lines();
        match action {
            Action::Enter => self.confirms(running),
            Action::Next => mode != Mode::Practise || self.can_go_on(session),
            Action::Overview => true,
            Action::Previous => slot > 0 && growing::fits(action, session),
            Action::Flag => growing::fits(action, session),
            Action::Toggle => matches!(kind, Kind::Single | Kind::Multiple | Kind::Ordering),
            Action::Strike => match kind {
                Kind::Matching => sheet.answer.is_some(),
                kind => matches!(kind, Kind::Single | Kind::Multiple),
            },
            Action::Clear => sheet.answer.is_some() || self.pad.field.is_some(),
            Action::MoveUp | Action::MoveDown => kind == Kind::Ordering,
            Action::LeaveField => self.pad.field.is_some() || self.reason.is_some() || scrolls,
            Action::Unknown => mode.reveals(),
            Action::Pause => mode.pauses(),
            Action::Note => mode == Mode::Homework,
            Action::Undo => {
                mode == Mode::Practise && session.sheets().iter().any(|s| s.grade.is_some())
            }
            Action::SuspendQuestion => mode == Mode::Practise,
            Action::Digit(_) => {
                let rates =
                    model.settings.confidence && !session.question(slot).interaction.is_open();
                rates && sheet.answer.is_some()
            }
            Action::Up | Action::Down => lines > 1 || scrolls,
            _ => reads(action, scrolls),
        }
    }

    fn sentence(&self, action: Action, model: &Model) -> Option<&'static str> {
        let session = model.running.as_ref()?.session();
        match (action, session.mode.reveals()) {
            (Action::Toggle, _) if session.item(self.slot).kind == Kind::Ordering => {
                Some(super::ORDER_AS_SHOWN)
            }
            (Action::Enter, true) => Some("choose, then check the answer"),
            (Action::Enter, false) => Some("choose, then go to the next question"),
            _ => None,
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let Some(running) = &model.running else {
            return Page::default();
        };
        let (session, slot) = (running.session(), self.slot);
        let (question, sheet, item) = (
            session.question(slot),
            session.sheet(slot),
            session.item(slot),
        );
        let mut page = Page {
            left: header(slot, model, running, look, width),
            ..Page::default()
        };
        page.right = clock_line(running, look, width);
        page.letters = if self.pad.typing || self.reason.is_some() {
            0
        } else {
            question.interaction.movable()
        };
        let given = sheet.answer.as_ref().map(|answer| Places::of(answer, item));
        let struck = item
            .order
            .iter()
            .enumerate()
            .filter(|(_, id)| sheet.struck.contains(id));
        let struck: Vec<usize> = struck.map(|(place, _)| place).collect();
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        writer.question(
            &Asked::of(question, item),
            &Answering {
                given: given.as_ref(),
                struck: &struck,
                pad: Some(&self.pad),
                kept: "kept as you type",
            },
        );
        if model.settings.confidence && sheet.answer.is_some() && !question.interaction.is_open() {
            writer.confidence(sheet.confidence, self.pad.typing);
            if question.interaction.is_typed() && !self.pad.typing {
                page.digits = Some((4, "how sure"));
            }
        }
        self.draw_reason(session, &mut page, look, width);
        page.status = session
            .warning(running.spent())
            .map(|words| look.line(words, Role::Warn));
        page.footer = self.footer(model, (session.mode, item.kind), &mut page, width);
        page
    }
}

impl QuestionScreen {
    /// Returns the keys of the footer, for a field that is open or for the kind of question; those at the end give way
    /// first where there is too little room.
    fn footer(
        &self,
        model: &Model,
        (mode, kind): (Mode, Kind),
        page: &mut Page,
        width: usize,
    ) -> Vec<Action> {
        if self.reason.is_some() {
            page.words.push((Action::LeaveField, "done"));
            return vec![Action::LeaveField];
        }
        if self.pad.typing {
            return self.field_hints(model, page, width);
        }
        let common: &[Action] = match mode {
            Mode::Practise => return practice::hints(kind),
            Mode::Homework => &[
                Action::Note,
                Action::Next,
                Action::Overview,
                Action::Pause,
                Action::Leave,
                Action::Previous,
            ],
            _ => &[
                Action::Flag,
                Action::Next,
                Action::Overview,
                Action::Leave,
                Action::Previous,
            ],
        };
        [hints(kind), common].concat()
    }
}
