//! The screen for typing the name of a new person, or a new name of a person or a session.

use super::super::{Cursor, Screen, reads};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context};
use crate::app::people::PeopleRequest;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;

/// The maximum length of a name in bytes; the history allows 64 characters.
const LONGEST: usize = 256;

const PERSON: &str = "A name or nickname. Enter saves it; it never leaves this machine.";
const SESSION: &str = "Lists show it beside the session. Enter saves it; an empty name removes it.";

pub struct NameScreen {
    field: Field,
    of: Named,
    cursor: Cursor,
}

/// What gets the name.
enum Named {
    NewPerson,
    Person(PersonId),
    Session(SessionId),
}

impl NameScreen {
    pub fn add() -> Self {
        Self {
            field: Field::new("", false, LONGEST),
            of: Named::NewPerson,
            cursor: Cursor::default(),
        }
    }

    pub fn rename(person: PersonId, name: &Text) -> Self {
        Self {
            field: Field::new(&name.line(), false, LONGEST),
            of: Named::Person(person),
            cursor: Cursor::default(),
        }
    }

    /// Names a session, which may have no name yet.
    pub fn session(session: SessionId, name: Option<Text>) -> Self {
        Self {
            field: Field::new(&name.unwrap_or_default().line(), false, LONGEST),
            of: Named::Session(session),
            cursor: Cursor::default(),
        }
    }
}

impl Screen for NameScreen {
    fn context(&self) -> Context {
        Context::Field
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            Action::Enter => self.keep(turn),
            Action::LeaveField => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        match key.code {
            Code::Enter => self.keep(turn),
            _ => drop(self.field.press(key)),
        }
    }

    fn paste(&mut self, text: &str, _: &mut Turn) {
        self.field.insert(text);
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        matches!(action, Action::Enter | Action::LeaveField) || reads(action, scrolls)
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let (title, words) = match self.of {
            Named::NewPerson => ("New person", PERSON),
            Named::Person(_) => ("New name", PERSON),
            Named::Session(_) => ("Name of the session", SESSION),
        };
        let mut page = Page {
            left: look.line(title, Role::Title),
            ..Page::default()
        };
        prose::wrap(words, width, 0)
            .into_iter()
            .for_each(|line| page.push(look.line(line, Role::Text)));
        page.blank();
        let (rows, (row, column)) = self.field.rows(width.saturating_sub(2));
        let first = page.body.len();
        for text in rows {
            page.push(ratatui::text::Line::from(vec![
                look.span(look.theme.mark("▏ ", "| "), Role::Key),
                look.span(text, Role::Strong),
            ]));
        }
        page.cursor = Some((first + row, column + 2));
        page.focus = Some((first + row, first + row));
        page.words
            .extend([(Action::Enter, "keep it"), (Action::LeaveField, "back")]);
        page.footer = vec![Action::Enter, Action::LeaveField];
        page
    }
}

impl NameScreen {
    fn keep(&self, turn: &mut Turn) {
        let name = self.field.text().trim().to_owned();
        if name.is_empty() && !matches!(self.of, Named::Session(_)) {
            turn.tell("type a name, or press esc to go back");
            return;
        }
        let request = match &self.of {
            Named::NewPerson => PeopleRequest::Add(name),
            Named::Person(person) => PeopleRequest::Rename(*person, name),
            Named::Session(session) => {
                turn.home();
                return turn.effect(Effect::RenameSession(session.clone(), name));
            }
        };
        turn.pop();
        turn.effect(Effect::People(Box::new(request)));
    }
}
