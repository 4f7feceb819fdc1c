//! The screen for typing one line: the name of a person or a session, an agreement, or a note about a person.

use super::super::{Cursor, Screen, reads};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context};
use crate::app::people::PeopleRequest;
use crate::core::calendar::{BadDay, read_day};
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;

/// The maximum length of a name in bytes; the history allows 64 characters.
const LONGEST: usize = 256;

/// The maximum length of an agreement or a note, in bytes.
const LONGEST_LINE: usize = 1000;

const AGREEMENT: &str = "What you agreed on since the last session. Enter goes on to its due date.";
const DUE: &str = "Due: 2026-12-15, +2w, or empty. Enter saves the agreement.";
const NOTE: &str = "Only you see it, on their page and before the next session. Enter saves it.";
const PERSON: &str = "A name or nickname. Enter saves it; it never leaves this machine.";
const SESSION: &str = "Lists show it beside the session. Enter saves it; an empty name removes it.";

pub struct NameScreen {
    field: Field,
    of: Named,
    cursor: Cursor,
}

/// What gets the name or the line.
enum Named {
    NewPerson,
    Person(PersonId),
    Session(SessionId),
    Agreement(PersonId),
    /// The due date of an agreement.
    Due(PersonId, String),
    Note(PersonId),
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

    /// Writes an agreement, and then its due date.
    pub fn agreement(person: PersonId) -> Self {
        Self {
            field: Field::new("", false, LONGEST_LINE),
            of: Named::Agreement(person),
            cursor: Cursor::default(),
        }
    }

    /// Changes the private note about a person.
    pub fn note(person: PersonId, note: &Text) -> Self {
        Self {
            field: Field::new(&note.line(), false, LONGEST_LINE),
            of: Named::Note(person),
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

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        turn.tell_if(self.field.paste(text));
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        matches!(action, Action::Enter | Action::LeaveField) || reads(action, scrolls)
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let (title, words) = match self.of {
            Named::NewPerson => ("New person", PERSON),
            Named::Person(_) => ("New name", PERSON),
            Named::Session(_) => ("Name of the session", SESSION),
            Named::Agreement(_) => ("New agreement", AGREEMENT),
            Named::Due(..) => ("New agreement", DUE),
            Named::Note(_) => ("Private note", NOTE),
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
    fn keep(&mut self, turn: &mut Turn) {
        let text = self.field.text().trim().to_owned();
        let is_optional = matches!(self.of, Named::Session(_) | Named::Due(..) | Named::Note(_));
        if text.is_empty() && !is_optional {
            let what = match self.of {
                Named::Agreement(_) => "an agreement",
                _ => "a name",
            };
            turn.tell(format!("type {what}, or press esc to go back"));
            return;
        }
        let request = match &self.of {
            Named::NewPerson => PeopleRequest::Add(text),
            Named::Person(person) => PeopleRequest::Rename(*person, text),
            Named::Session(session) => {
                turn.home();
                return turn.effect(Effect::RenameSession(session.clone(), text));
            }
            Named::Agreement(person) => {
                self.of = Named::Due(*person, text);
                return self.field.clear();
            }
            Named::Due(person, agreement) => match due(&text, turn) {
                Ok(due) => PeopleRequest::Agree {
                    person: *person,
                    text: agreement.clone(),
                    due,
                },
                Err(bad) => return turn.tell(bad.to_string()),
            },
            Named::Note(person) => PeopleRequest::Note {
                person: *person,
                text,
            },
        };
        turn.pop();
        turn.effect(Effect::People(Box::new(request)));
    }
}

/// Parses a due date; an empty text is none.
fn due(text: &str, turn: &Turn) -> Result<Option<Day>, BadDay> {
    let person = turn.model.people.person.as_ref();
    let today = person.map(|page| page.today).unwrap_or_default();
    match text.is_empty() {
        true => Ok(None),
        false => read_day(text, today).map(Some),
    }
}
