//! Typing into the field of a numeric or open question. The text is stored with each key.

use super::QuestionScreen;
use crate::app::key::{Code, Key};
use crate::app::keymap::Action;
use crate::tui::app::{Model, Turn};
use crate::tui::page::Page;
use crate::tui::widget::question::pad::Typed;

/// The width below which the footer has room for short words only.
const NARROW: usize = 60;

impl QuestionScreen {
    /// Enters or leaves the field. Backspace enters it and deletes one character, as if it had never been left.
    pub(super) fn act_field(&mut self, action: Action, turn: &mut Turn) {
        if action == Action::Clear {
            self.pad.typing = true;
            self.type_key(Key::plain(Code::Backspace), turn);
        } else {
            self.pad.typing = !self.pad.typing;
            if !self.pad.typing {
                self.leave_field(turn);
            }
        }
    }

    /// Records the text as the answer, or tells the person that it is not a number, so that a typing mistake is
    /// noticed.
    fn leave_field(&mut self, turn: &mut Turn) {
        turn.settle_draft();
        if turn
            .model
            .running
            .as_ref()
            .is_some_and(|running| running.unreadable.contains_key(&self.slot))
        {
            turn.tell("not a number yet: the question counts as unanswered");
        }
    }

    /// Returns the footer's keys while text is typed: Enter ends a number, and digits then state the confidence. On a
    /// narrow screen, the words leave room for all keys.
    pub(super) fn field_hints(&self, model: &Model, page: &mut Page, width: usize) -> Vec<Action> {
        if width < NARROW {
            page.words.push((Action::LeaveField, "leave"));
        }
        if self.pad.is_multiline() {
            return vec![Action::PageDown, Action::LeaveField];
        }
        let question = model
            .running
            .as_ref()
            .map(|running| running.session().question(self.slot));
        let word = match question {
            Some(question)
                if width >= NARROW
                    && model.settings.confidence
                    && self.pad.is_readable(question) =>
            {
                "done, then 1-4 confidence"
            }
            _ => "done",
        };
        page.words.push((Action::Enter, word));
        vec![Action::Enter, Action::PageDown, Action::LeaveField]
    }

    pub(super) fn type_key(&mut self, key: Key, turn: &mut Turn) {
        if matches!(key.code, Code::PageUp | Code::PageDown) {
            return self.scroll.by_page(turn.seen, key.code == Code::PageDown);
        }
        if self.pad.is_blank_line(key) {
            return turn.tell("type a number first; tab leaves the field");
        }
        let was_typing = self.pad.typing;
        let typed = self.pad.press(key);
        if was_typing && !self.pad.typing {
            return self.leave_field(turn);
        }
        self.scroll.follow();
        if typed != Typed::Nothing {
            self.keep(turn);
        }
    }

    pub(super) fn type_text(&mut self, text: &str, turn: &mut Turn) {
        let Some(field) = &mut self.pad.field else {
            return;
        };
        if !field.has_room(text) && !self.pad.is_multiline() {
            return turn.tell("too long for this field: nothing was added");
        }
        let Some(field) = &mut self.pad.field else {
            return;
        };
        turn.tell_if(field.paste(text));
        self.pad.typing = true;
        self.keep(turn);
    }

    fn keep(&self, turn: &mut Turn) {
        let (Some(field), Some(running)) = (&self.pad.field, &turn.model.running) else {
            return;
        };
        let Some(answer) = self.pad.typed(running.session().question(self.slot)) else {
            return;
        };
        turn.draft(self.slot, answer, field.text().to_owned());
    }
}
