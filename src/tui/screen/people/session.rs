//! A past session of a person: the answers, what was said and agreed, and the private notes.

use crate::app::effect::Effect;
use crate::app::keymap::{Action, Context};
use crate::app::people::PeopleRequest;
use crate::core::id::{PersonId, SessionId};
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::meeting::{AnswerRecord, MeetingRecord};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page};
use crate::tui::screen::read_only::{Content, ReadOnlyScreen};
use crate::tui::theme::Role;
use crate::tui::widget::count;
use crate::tui::widget::writer::Writer;

/// The past session with this id.
pub struct PastSession(SessionId);

impl PastSession {
    pub fn open(person: PersonId, session: SessionId, turn: &mut Turn) {
        turn.effect(Effect::People(Box::new(PeopleRequest::Session {
            person,
            session: session.clone(),
        })));
        turn.push(ReadOnlyScreen::new(Self(session)));
    }
}

impl Content for PastSession {
    const CONTEXT: Context = Context::Review;

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let mut page = Page {
            left: look.line("Session", Role::Title),
            footer: vec![Action::PageDown, Action::Back],
            ..Page::default()
        };
        let session = model.people.session.as_ref();
        let Some(session) = session.filter(|shown| shown.record.session == self.0) else {
            return page;
        };
        let record = &session.record;
        page.left = look.line(format!("Session of {}", record.day), Role::Title);
        page.right = look.line(count(record.items.len(), "question"), Role::Dim);
        let mut writer = Writer {
            page: &mut page,
            look,
            width,
        };
        for (seat, name) in session.names.iter().enumerate() {
            seat_lines(record, seat, name, model, &mut writer);
        }
        questions(record, &session.names, &mut writer);
        page
    }
}

/// Shows a person's results, their own words, the agreements and the private note.
fn seat_lines(record: &MeetingRecord, seat: usize, name: &Text, model: &Model, to: &mut Writer) {
    to.title(&name.line());
    for (id, tally) in record.tallies(seat) {
        let title = model.home.blueprint.competency(&id);
        let title = title.map_or_else(
            || Text::new(id.as_str()).line(),
            |competency| competency.title.line(),
        );
        to.labelled(&format!("{title}:"), &tally.words(), Role::Text);
    }
    let closing = &record.seats[seat].closing;
    let said = Text::new(closing.said.trim());
    if !said.is_empty() {
        to.labelled("In their own words:", &said.line(), Role::Text);
    }
    let made = closing.agreements.iter().flatten();
    let made = made.map(|(text, due)| (text, *due));
    let later = closing.later.iter().map(|later| (&later.text, later.due));
    for (text, due) in made.chain(later) {
        let due = due.map_or(String::new(), |day: Day| format!(", by {day}"));
        to.labelled(
            "Agreed:",
            &format!("{}{due}", Text::new(text).line()),
            Role::Text,
        );
    }
    let note = Text::new(closing.note.trim());
    if !note.is_empty() {
        to.labelled("Your note:", &note.line(), Role::Dim);
    }
}

fn questions(record: &MeetingRecord, names: &[Text], to: &mut Writer) {
    to.title("Questions");
    for (i, asked) in record.items.iter().enumerate() {
        to.labelled(
            &format!("{:>2}", asked.number),
            &asked.about.line(),
            Role::Text,
        );
        for (seat, name) in record.seats.iter().zip(names) {
            let mark = &seat.marks[i];
            let name = match names.len() {
                1 => String::new(),
                _ => format!("{}: ", name.line()),
            };
            to.labelled("    ", &format!("{name}{}", words(mark)), Role::Strong);
            if !mark.reason.is_empty() {
                to.labelled("    ", &format!("“{}”", mark.reason.line()), Role::Text);
            }
            if !mark.evidence.is_empty() {
                to.labelled("    ", &mark.evidence.line(), Role::Dim);
            }
        }
        if !asked.note.is_empty() {
            to.labelled("    Your note:", &asked.note.line(), Role::Dim);
        }
    }
}

/// Returns the outcome of an answer in words: `wrong, fairly sure, comes back`
fn words(mark: &AnswerRecord) -> String {
    let verdict = mark.verdict.map_or("discussed", |verdict| verdict.words());
    let mut words = vec![verdict.to_owned()];
    words.extend(mark.confidence.map(|sure| sure.words().to_owned()));
    words.extend(mark.reasoning.map(|level| format!("reasoning {level:.1}")));
    words.extend(mark.bring_back.map(|_| "comes back".to_owned()));
    words.join(", ")
}
