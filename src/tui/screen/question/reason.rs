//! Homework: the line in which a person writes why they chose an answer.

use super::QuestionScreen;
use crate::core::text::Text;
use crate::session::{Mode, Session};
use crate::tui::app::Turn;
use crate::tui::page::{Look, Page};
use crate::tui::screen::review::NoteEntry;
use crate::tui::theme::Role;
use crate::tui::widget::prose;

impl QuestionScreen {
    /// Starts writing the reason, if the session asks for one.
    pub(super) fn write_reason(&mut self, turn: &mut Turn) {
        let Some(running) = &turn.model.running else {
            return;
        };
        if running.session().mode != Mode::Homework {
            return turn.tell("notes are written after the answer is explained");
        }
        let entry = NoteEntry::reason(self.slot, running.session().sheet(self.slot));
        self.reason = Some(entry.with_draft(&running.id, turn.model));
        turn.settle_draft();
    }

    /// Keeps the reason as a draft while it is being written.
    pub(super) fn draft_reason(&self, turn: &mut Turn) {
        let id = turn
            .model
            .running
            .as_ref()
            .map(|running| running.id.clone());
        if let (Some(reason), Some(id)) = (&self.reason, id) {
            turn.draft_field(id, reason.field(), reason.text());
        }
    }

    /// Records the reason and deletes its draft.
    pub(super) fn finish_reason(&mut self, turn: &mut Turn) {
        let Some(reason) = self.reason.take() else {
            return;
        };
        let field = reason.field();
        if let Err(refused) = turn.record(reason.finish()) {
            turn.tell(refused.to_string());
        }
        if let Some(id) = turn
            .model
            .running
            .as_ref()
            .map(|running| running.id.clone())
        {
            turn.draft_field(id, field, "");
        }
    }

    /// Draws the reason, or the field in which it is written.
    pub(super) fn draw_reason(
        &self,
        session: &Session,
        page: &mut Page,
        look: &Look,
        width: usize,
    ) {
        let sheet = session.sheet(self.slot);
        if session.mode != Mode::Homework || sheet.answer.is_none() {
            return;
        }
        if let Some(reason) = &self.reason {
            return reason.draw(page, look, width);
        }
        page.blank();
        let words = match sheet.note.is_empty() {
            true => "Why?  i writes one line".to_owned(),
            false => format!("Why?  {}", Text::new(&sheet.note).line()),
        };
        for line in prose::wrap(&words, width, 6) {
            page.push(look.line(line, Role::Dim));
        }
    }
}
