//! The review of one question: the given answer, the correct answer and the reasons.
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

mod explained;
mod jotting;

pub use explained::Explained;
pub use jotting::NoteEntry;

use super::{Screen, fixed, reads};
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::session::{Event, Stamped};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::running::told_of_suspension;
use crate::tui::theme::Role;

pub struct ReviewScreen {
    title: &'static str,
    /// The slots of the reviewed questions in the form.
    slots: Vec<usize>,
    at: usize,
    /// The criterion of an open question that is being rated.
    criterion: usize,
    /// The note or dispute being written.
    jotting: Option<NoteEntry>,
    scroll: Scroll,
}

const READ: Scroll = Scroll {
    offset: 0,
    free: true,
};

impl ReviewScreen {
    pub fn new(title: &'static str, slots: Vec<usize>, at: usize) -> Self {
        Self {
            title,
            slots,
            at,
            criterion: 0,
            jotting: None,
            scroll: READ,
        }
    }

    fn slot(&self) -> usize {
        self.slots[self.at.min(self.slots.len() - 1)]
    }

    fn go(&mut self, to: usize) {
        self.at = to;
        self.criterion = 0;
        self.scroll = READ;
    }

    /// Records an event that is still allowed after the end of a session: a note, a dispute, rubric points or a
    /// suspension.
    fn amend(&self, event: Event, turn: &mut Turn) {
        let Some(opened) = &mut turn.model.opened else {
            return;
        };
        let stamped = Stamped {
            at: opened.session.at(),
            event,
        };
        match opened.session.apply(&stamped) {
            Ok(()) => {
                let id = opened.id.clone();
                turn.effect(Effect::Amend(id, stamped));
            }
            Err(refused) => turn.tell(refused.to_string()),
        }
    }

    fn draft_jotting(&self, turn: &mut Turn) {
        let id = turn.model.opened.as_ref().map(|opened| opened.id.clone());
        if let (Some(jotting), Some(id)) = (&self.jotting, id) {
            turn.draft_field(id, jotting.field(), jotting.text());
        }
    }

    fn finish_jotting(&mut self, turn: &mut Turn) {
        if let Some(jotting) = self.jotting.take() {
            let (kept, field) = (jotting.kept(), jotting.field());
            self.amend(jotting.finish(), turn);
            if let Some(id) = turn.model.opened.as_ref().map(|opened| opened.id.clone()) {
                turn.draft_field(id, field, "");
            }
            if let Some(kept) = kept {
                turn.tell(kept);
            }
        }
    }
}

impl Screen for ReviewScreen {
    fn context(&self) -> Context {
        if self.jotting.is_some() {
            Context::Field
        } else {
            Context::Review
        }
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        self.scroll.follow();
        if self
            .jotting
            .as_mut()
            .is_some_and(|jotting| jotting.press(key))
        {
            self.finish_jotting(turn);
        }
        self.draft_jotting(turn);
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        if let Some(jotting) = &mut self.jotting {
            jotting.paste(text);
        }
        self.draft_jotting(turn);
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some(opened) = &turn.model.opened else {
            return turn.home();
        };
        let rubric = opened
            .session
            .question(self.slot())
            .interaction
            .rubric()
            .len();
        match action {
            Action::LeaveField => self.finish_jotting(turn),
            Action::Next if self.at + 1 < self.slots.len() => self.go(self.at + 1),
            Action::Next => turn.tell("this is the last one"),
            Action::Previous if self.at > 0 => self.go(self.at - 1),
            Action::Previous => turn.tell("this is the first one"),
            Action::Note | Action::Dispute => {
                let (slot, sheet) = (self.slot(), opened.session.sheet(self.slot()));
                let jotting = match action {
                    Action::Note => NoteEntry::note(slot, sheet),
                    _ => NoteEntry::dispute(slot, sheet),
                };
                self.jotting = Some(jotting.with_draft(&opened.id, turn.model));
                self.scroll.follow();
            }
            Action::SuspendQuestion => {
                let (slot, on) = (
                    self.slot(),
                    !opened.session.sheet(self.slot()).is_suspended(),
                );
                self.amend(Event::Suspended { slot, on }, turn);
                turn.tell(told_of_suspension(on));
            }
            Action::Digit(_) if rubric > 0 && !turn.shows(Action::Choose(self.criterion)) => {
                self.scroll.follow();
            }
            Action::Digit(points) if rubric > 0 => {
                let (slot, criterion) = (self.slot(), self.criterion);
                self.amend(
                    Event::RubricRated {
                        slot,
                        criterion,
                        points: u32::from(points),
                    },
                    turn,
                );
                self.criterion = (criterion + 1).min(rubric - 1);
                self.scroll.follow();
            }
            Action::Choose(i) if i < rubric => self.criterion = i,
            Action::Up => self.scroll.by(turn.seen, 1, false),
            Action::Down => self.scroll.by(turn.seen, 1, true),
            Action::Enter => {
                // Enter scrolls to the end of this question, then goes to the next one.
                if turn.seen.offset < turn.seen.last_offset {
                    self.scroll.by_page(turn.seen, true);
                } else {
                    self.act(Action::Next, turn);
                }
            }
            Action::Back => turn.pop(),
            Action::Leave => {
                self.finish_jotting(turn);
                turn.effect(Effect::Quit);
            }
            _ => {
                self.scroll.leap(action, turn.seen);
            }
        }
    }

    fn is_pair(&self, _: &Model) -> bool {
        true
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(opened) = &model.opened else {
            return false;
        };
        let interaction = &opened.session.question(self.slot()).interaction;
        let has_next = self.at + 1 < self.slots.len();
        match action {
            Action::LeaveField => self.jotting.is_some(),
            Action::Enter => scrolls || has_next,
            Action::Next => has_next,
            Action::Previous => self.at > 0,
            Action::Note | Action::Dispute | Action::SuspendQuestion => true,
            Action::Digit(_) => !interaction.rubric().is_empty(),
            _ => reads(action, scrolls),
        }
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let Some(opened) = &model.opened else {
            return page;
        };
        let slot = self.slot();
        let sheet = opened.session.sheet(slot);
        let item = opened.session.item(slot);
        let outcome = &opened.assessment.outcomes[slot];
        page.left = look.line(
            format!("{}  {} of {}", self.title, self.at + 1, self.slots.len()),
            Role::Title,
        );
        if let Some((competency, facet)) = model.home.blueprint.facet(&item.facet) {
            let words = if width >= 70 {
                format!("{} · {}", competency.title, facet.title)
            } else {
                competency.title.to_string()
            };
            page.right = look.line(
                fixed(&words, width.saturating_sub(28))
                    .trim_end()
                    .to_owned(),
                Role::Dim,
            );
        }
        let criterion = Some(self.criterion);
        let explained = Explained {
            session: &opened.session,
            slot,
            outcome,
            points: &opened.points,
            criterion,
        };
        explained.draw_verdict(&mut page, look, width);
        page.blank();
        explained.draw(&model.home.blueprint, &mut page, look, width);
        match &self.jotting {
            Some(jotting) => jotting.draw(&mut page, look, width),
            None => NoteEntry::draw_kept(sheet, &mut page, look, width),
        }
        page.footer = vec![
            Action::Next,
            Action::Previous,
            Action::PageDown,
            Action::Note,
            Action::Dispute,
            Action::Back,
        ];
        if self.jotting.is_some() {
            page.words.push((Action::LeaveField, "save"));
            page.footer = vec![Action::LeaveField];
        }
        page
    }
}
