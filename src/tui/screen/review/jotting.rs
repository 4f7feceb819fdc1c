//! A text that a person writes beside a question: a note, or the reason why the question is wrong.

use crate::app::key::{Code, Key};
use crate::core::id::SessionId;
use crate::session::{Event, Sheet, TextField};
use crate::tui::app::Model;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;

const NOTE: &str = "Your note";
const DISPUTE: &str = "You dispute this question";
const REASON: &str = "Why? One line for your mentor";

/// The note or dispute being written.
pub struct NoteEntry {
    slot: usize,
    field: Field,
    kind: NoteKind,
}

/// What is being written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NoteKind {
    Note,
    Dispute,
    Reason,
}

impl NoteEntry {
    /// Continues the note `text`.
    pub fn note(slot: usize, text: &str) -> Self {
        Self {
            slot,
            field: Field::new(text, true, 4000),
            kind: NoteKind::Note,
        }
    }

    /// Returns the field in which a person types the reason for an answer, in one line.
    pub fn reason(slot: usize, sheet: &Sheet) -> Self {
        Self {
            slot,
            field: Field::new(&sheet.note, false, 400),
            kind: NoteKind::Reason,
        }
    }

    /// Continues the reason `text` of a dispute.
    pub fn dispute(slot: usize, text: &str) -> Self {
        Self {
            slot,
            field: Field::new(text, false, 400),
            kind: NoteKind::Dispute,
        }
    }

    /// Returns the note or dispute of a question that was being written when the program ended.
    pub fn resumed(session: &SessionId, slot: usize, sheet: &Sheet, model: &Model) -> Option<Self> {
        let jottings = [
            Self::note(slot, &sheet.note),
            Self::dispute(slot, &sheet.dispute),
        ]
        .into_iter();
        jottings
            .filter(|jotting| {
                model
                    .field_drafts
                    .contains_key(&(session.clone(), jotting.field()))
            })
            .map(|jotting| jotting.with_draft(session, model))
            .next()
    }

    /// Restores the draft, if there is one.
    pub fn with_draft(mut self, session: &SessionId, model: &Model) -> Self {
        if let Some(text) = model.field_drafts.get(&(session.clone(), self.field())) {
            self.field.clear();
            self.field.insert(text);
        }
        self
    }

    pub fn field(&self) -> TextField {
        let slot = self.slot;
        if self.kind == NoteKind::Dispute {
            TextField::Dispute { slot }
        } else {
            TextField::Note { slot }
        }
    }

    pub fn text(&self) -> &str {
        self.field.text()
    }

    /// Handles a key; returns `true` when it ends the writing.
    pub fn press(&mut self, key: Key) -> bool {
        let ends = key.code == Code::Enter && self.kind != NoteKind::Note;
        if !ends {
            self.field.press(key);
        }
        ends
    }

    /// Inserts pasted text. Returns a sentence for the person if its end does not fit.
    pub fn paste(&mut self, text: &str) -> Option<String> {
        self.field.paste(text)
    }

    /// Returns the event that stores the text; empty text removes the earlier one.
    pub fn finish(self) -> Event {
        let (slot, text) = (self.slot, self.field.text().trim().to_owned());
        if self.kind == NoteKind::Dispute {
            Event::Disputed { slot, reason: text }
        } else {
            Event::Noted { slot, text }
        }
    }

    /// Returns the message after writing; `None` if the field was left empty.
    pub fn kept(&self) -> Option<&'static str> {
        let words = if self.kind == NoteKind::Note {
            "saved: your note is shown whenever you review this question"
        } else {
            "saved: `aethos decks --disputed` lists it for the deck's author"
        };
        (!self.field.text().trim().is_empty()).then_some(words)
    }

    pub fn draw(&self, page: &mut Page, look: &Look, width: usize) {
        page.blank();
        let title = match self.kind {
            NoteKind::Note => NOTE,
            NoteKind::Dispute => DISPUTE,
            NoteKind::Reason => REASON,
        };
        page.push(look.line(title, Role::Title));
        if self.kind == NoteKind::Dispute {
            let words = "What is wrong with it? Leave it empty to withdraw the dispute.";
            prose::wrap(words, width, 0)
                .into_iter()
                .for_each(|line| page.push(look.line(line, Role::Dim)));
        }
        self.field.draw(page, look, width);
    }

    /// Draws the note and the dispute of a question.
    pub fn draw_kept((note, dispute): (&str, &str), page: &mut Page, look: &Look, width: usize) {
        for (title, text) in [(NOTE, note), (DISPUTE, dispute)] {
            if !text.is_empty() {
                page.blank();
                page.push(look.line(title, Role::Title));
                prose::prose(&text.into(), width, look, Role::Text)
                    .into_iter()
                    .for_each(|l| page.push(l));
            }
        }
    }
}
