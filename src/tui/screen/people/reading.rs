//! A question of a session in preparation, with its answer and its explanation.

use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::{MeetingDraft, PeopleRequest};
use crate::core::id::PersonId;
use crate::session::present::Marks;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page};
use crate::tui::screen::read_only::{Content, ReadOnlyScreen};
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

/// A question of the plan that is being prepared for these people.
pub struct PlannedQuestion {
    people: Vec<PersonId>,
    /// The index of the question in the plan.
    at: usize,
}

impl PlannedQuestion {
    /// Opens the question at this index of the plan that is being prepared.
    pub fn open(at: usize, turn: &mut Turn) {
        let Some(prepared) = &turn.model.people.prepared else {
            return;
        };
        let people = prepared.draft.people.clone();
        request(at, turn);
        turn.push(ReadOnlyScreen::new(Self { people, at }));
    }

    fn prepared<'a>(&self, model: &'a Model) -> Option<&'a MeetingDraft> {
        let prepared = model.people.prepared.as_ref();
        prepared.filter(|prepared| prepared.draft.people == self.people)
    }

    /// Returns the number of questions in the plan.
    fn len(&self, model: &Model) -> usize {
        self.prepared(model)
            .map_or(0, |prepared| prepared.draft.chosen().count())
    }

    /// Shows another question; returns false if there is none at this index.
    fn turn_to(&mut self, at: usize, turn: &mut Turn) -> bool {
        let is_other = at < self.len(turn.model) && at != self.at;
        if is_other {
            self.at = at;
            request(at, turn);
        }
        is_other
    }
}

/// Requests the text of a question of the plan.
fn request(at: usize, turn: &mut Turn) {
    let Some(prepared) = &turn.model.people.prepared else {
        return;
    };
    let plan = prepared.draft.plan();
    turn.model.people.question = None;
    turn.effect(Effect::People(Box::new(PeopleRequest::Question {
        plan,
        at,
    })));
}

impl Content for PlannedQuestion {
    const CONTEXT: Context = Context::Review;

    fn act(&mut self, action: Action, turn: &mut Turn) -> bool {
        match action {
            Action::Next => return self.turn_to(self.at + 1, turn),
            Action::Previous => return self.turn_to(self.at.saturating_sub(1), turn),
            Action::Enter => turn.pop(),
            _ => {}
        }
        false
    }

    fn works(&self, action: Action, model: &Model) -> bool {
        match action {
            Action::Enter => true,
            Action::Next => self.at + 1 < self.len(model),
            Action::Previous => self.at > 0,
            _ => false,
        }
    }

    fn sentence(&self, action: Action) -> Option<&'static str> {
        (action == Action::Enter).then_some("back to the list")
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Read before the session", Role::Title),
            right: look.line(
                format!("question {} of {}", self.at + 1, self.len(model)),
                Role::Dim,
            ),
            footer: vec![
                Action::Enter,
                Action::Next,
                Action::Previous,
                Action::PageDown,
            ],
            words: vec![(Action::Enter, "back to the list")],
            ..Page::default()
        };
        let question = model.people.question.as_ref();
        let Some(question) = question.filter(|question| question.at == self.at) else {
            return page;
        };
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        let (asked, revealed) = (&question.asked, &question.revealed);
        let answer = revealed.answer(asked, &Marks::default());
        let lesson = |writer: &mut Writer| {
            writer.parts(&revealed.lesson(), None);
            if !question.discussion.is_empty() {
                writer.title("To discuss");
                writer.prose(&question.discussion, Role::Text);
            }
        };
        if writer.has_two_columns() {
            writer.pair(
                |left| {
                    left.parts(&asked.parts(), None);
                    left.page.blank();
                    left.parts(&answer, None);
                },
                |right| lesson(right),
            );
        } else {
            writer.parts(&asked.parts(), None);
            writer.page.blank();
            writer.parts(&answer, None);
            lesson(&mut writer);
        }
        page
    }
}
