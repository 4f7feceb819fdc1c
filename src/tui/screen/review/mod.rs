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

use super::summary::practise;
use super::{Screen, reads, topic};
use crate::app::browse::SeenLine;
use crate::app::effect::{CopyRequest, Effect, OpenedResult, Remark};
use crate::app::key::Key;
use crate::app::keymap::{Action, Context};
use crate::core::question::Kind;
use crate::session::{Event, Stamped};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::running::told_of_suspension;
use crate::tui::theme::Role;

/// The questions that are reviewed.
enum Reviewed {
    /// Questions of the opened session: a title, their slots, and the index of the shown one.
    Slots(&'static str, Vec<usize>, usize),
    /// The questions of the search, from the marked one.
    Found,
}

pub struct ReviewScreen {
    reviewed: Reviewed,
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
            reviewed: Reviewed::Slots(title, slots, at),
            criterion: 0,
            jotting: None,
            scroll: READ,
        }
    }

    /// Creates the review of the question that is marked in the search.
    pub fn found() -> Self {
        Self {
            reviewed: Reviewed::Found,
            criterion: 0,
            jotting: None,
            scroll: READ,
        }
    }

    fn is_found(&self) -> bool {
        matches!(self.reviewed, Reviewed::Found)
    }

    /// Returns the session of the question, and its slot there.
    fn opened<'m>(&self, model: &'m Model) -> Option<(&'m OpenedResult, usize)> {
        match &self.reviewed {
            Reviewed::Slots(_, slots, at) => {
                let slot = slots.get(*at).copied()?;
                Some((model.opened.as_deref()?, slot))
            }
            Reviewed::Found => {
                let shown = model.browse.shown()?;
                Some((&shown.opened, shown.slot))
            }
        }
    }

    fn opened_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut OpenedResult> {
        match self.reviewed {
            Reviewed::Slots(..) => model.opened.as_deref_mut(),
            Reviewed::Found => Some(&mut model.browse.shown_mut()?.opened),
        }
    }

    /// Returns the title, the index of the question, and the number of questions.
    fn place(&self, model: &Model) -> (&'static str, usize, usize) {
        match &self.reviewed {
            Reviewed::Slots(title, slots, at) => (title, *at, slots.len()),
            Reviewed::Found => {
                let browse = &model.browse;
                ("Seen", browse.marked, browse.found.lines.len())
            }
        }
    }

    /// Returns the person's note and dispute. Those on a question that was found may be from any session.
    fn remarks<'m>(&self, model: &'m Model) -> (&'m str, &'m str) {
        match self.opened(model) {
            _ if self.is_found() => {
                let text = |remark: fn(&SeenLine) -> &Option<Remark>| {
                    let remark = model.browse.line().and_then(|line| remark(line).as_ref());
                    remark.map_or("", |remark| remark.text.as_str())
                };
                (text(|line| &line.note), text(|line| &line.dispute))
            }
            Some((opened, slot)) => {
                let sheet = opened.session.sheet(slot);
                (&sheet.note, &sheet.dispute)
            }
            None => ("", ""),
        }
    }

    fn go(&mut self, to: usize, turn: &mut Turn) {
        match &mut self.reviewed {
            Reviewed::Slots(_, _, at) => *at = to,
            Reviewed::Found => {
                turn.model.browse.marked = to;
                turn.show_seen();
            }
        }
        self.criterion = 0;
        self.scroll = READ;
    }

    /// Records an event that is still allowed after the end of a session: a note, a dispute, rubric points or a
    /// suspension.
    fn amend(&self, event: Event, turn: &mut Turn) {
        let Some(opened) = self.opened_mut(turn.model) else {
            return;
        };
        let stamped = Stamped {
            at: opened.session.at(),
            event,
        };
        match opened.session.apply(&stamped) {
            Ok(()) => {
                let id = opened.id.clone();
                if let (true, Some(line)) = (self.is_found(), turn.model.browse.line_mut()) {
                    line.heed(&stamped.event);
                }
                turn.effect(Effect::Amend(id, stamped));
            }
            Err(refused) => turn.tell(refused.to_string()),
        }
    }

    fn jot(&mut self, action: Action, turn: &mut Turn) {
        let Some((opened, slot)) = self.opened(turn.model) else {
            return;
        };
        let (note, dispute) = self.remarks(turn.model);
        let jotting = match action {
            Action::Note => NoteEntry::note(slot, note),
            _ => NoteEntry::dispute(slot, dispute),
        };
        self.jotting = Some(jotting.with_draft(&opened.id, turn.model));
        self.scroll.follow();
    }

    /// Returns to the search, or opens it.
    fn search(&self, turn: &mut Turn) {
        match self.is_found() {
            true => self.back(turn),
            false => turn.go(Route::Browse),
        }
    }

    fn back(&self, turn: &mut Turn) {
        if self.is_found() {
            // A note or a dispute may have changed what the search finds.
            let query = turn.model.browse.query.clone();
            turn.effect(Effect::FindSeen(query));
        }
        turn.pop();
    }

    fn draft_jotting(&self, turn: &mut Turn) {
        let id = self.opened(turn.model).map(|(opened, _)| opened.id.clone());
        if let (Some(jotting), Some(id)) = (&self.jotting, id) {
            turn.draft_field(id, jotting.field(), jotting.text());
        }
    }

    fn finish_jotting(&mut self, turn: &mut Turn) {
        if let Some(jotting) = self.jotting.take() {
            let (kept, field) = (jotting.kept(), jotting.field());
            self.amend(jotting.finish(), turn);
            let id = self.opened(turn.model).map(|(opened, _)| opened.id.clone());
            if let Some(id) = id {
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
        let jotting = self.jotting.as_mut();
        turn.tell_if(jotting.and_then(|jotting| jotting.paste(text)));
        self.draft_jotting(turn);
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        let Some((opened, slot)) = self.opened(turn.model) else {
            return self.act_without_question(action, turn);
        };
        let session = &opened.session;
        let rubric = session.question(slot).interaction.rubric().len();
        let (_, at, len) = self.place(turn.model);
        match action {
            Action::LeaveField => self.finish_jotting(turn),
            Action::Next if at + 1 < len => self.go(at + 1, turn),
            Action::Next => turn.tell("this is the last one"),
            Action::Previous if at > 0 => self.go(at - 1, turn),
            Action::Previous => turn.tell("this is the first one"),
            Action::Note | Action::Dispute => self.jot(action, turn),
            Action::Practise => {
                let effect = practise(session, &[slot]);
                turn.effect(effect);
            }
            Action::Search => self.search(turn),
            Action::Copy => {
                let opened = Box::new(opened.clone());
                turn.effect(Effect::Copy(CopyRequest::Question(opened, slot)));
            }
            Action::SuspendQuestion => {
                let on = !session.sheet(slot).is_suspended();
                self.amend(Event::Suspended { slot, on }, turn);
                turn.tell(told_of_suspension(on));
            }
            Action::Digit(_) if rubric > 0 && !turn.shows(Action::Choose(self.criterion)) => {
                self.scroll.follow();
            }
            Action::Digit(points) if rubric > 0 => {
                let criterion = self.criterion;
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
            Action::Back => self.back(turn),
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
        let (_, at, len) = self.place(model);
        let (has_next, has_previous) = (at + 1 < len, at > 0);
        let Some((opened, slot)) = self.opened(model) else {
            return match action {
                Action::Next => has_next,
                Action::Previous => has_previous,
                _ => reads(action, scrolls),
            };
        };
        let interaction = &opened.session.question(slot).interaction;
        match action {
            Action::LeaveField => self.jotting.is_some(),
            Action::Enter => scrolls || has_next,
            Action::Next => has_next,
            Action::Previous => has_previous,
            Action::Note
            | Action::Dispute
            | Action::SuspendQuestion
            | Action::Search
            | Action::Copy => true,
            // An open question has no right answer to practise.
            Action::Practise => interaction.kind() != Kind::Open,
            Action::Digit(_) => !interaction.rubric().is_empty(),
            _ => reads(action, scrolls),
        }
    }

    fn sentence(&self, action: Action, _: &Model) -> Option<&'static str> {
        (action == Action::Enter).then_some("a page down, and from the end to the next question")
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page::default();
        let (title, at, len) = self.place(model);
        page.left = look.line(format!("{title}  {} of {len}", at + 1), Role::Title);
        let Some((opened, slot)) = self.opened(model) else {
            let words = "This question can't be read.";
            page.push(look.line(words, Role::Dim));
            page.footer = vec![Action::Next, Action::Previous, Action::Back];
            return page;
        };
        let item = opened.session.item(slot);
        let outcome = &opened.assessment.outcomes[slot];
        if let Some((competency, facet)) = model.home.blueprint.facet(&item.facet) {
            let room = width.saturating_sub(page.left.width() + 2);
            let words = topic(&competency.title, &facet.title, room);
            page.right = look.line(words.unwrap_or_default(), Role::Dim);
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
            None => NoteEntry::draw_kept(self.remarks(model), &mut page, look, width),
        }
        page.footer = vec![
            Action::Next,
            Action::Previous,
            Action::PageDown,
            Action::Note,
            Action::Dispute,
            Action::Practise,
            Action::Back,
            Action::Copy,
            Action::Search,
        ];
        if self.jotting.is_some() {
            page.words.push((Action::LeaveField, "save"));
            page.footer = vec![Action::LeaveField];
        }
        page
    }
}

impl ReviewScreen {
    /// Handles an action while the question is not open: it can't be read, or the session is gone.
    fn act_without_question(&mut self, action: Action, turn: &mut Turn) {
        let (_, at, len) = self.place(turn.model);
        match action {
            _ if !self.is_found() => turn.home(),
            Action::Next if at + 1 < len => self.go(at + 1, turn),
            Action::Previous if at > 0 => self.go(at - 1, turn),
            Action::Back | Action::Search => self.back(turn),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }
}
