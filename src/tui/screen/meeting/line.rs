//! Text lines written during a session: evidence, notes, the person's own sentence, agreements and dates.

use super::MeetingScreen;
use super::rows::Closing;
use crate::app::effect::Effect;
use crate::app::keymap::Action;
use crate::app::people::PeopleRequest;
use crate::core::calendar::read_day;
use crate::core::time::Day;
use crate::session::TextField;
use crate::session::meeting::{Event, Meeting, Step};
use crate::tui::app::Turn;
use crate::tui::widget::field::Field;

/// The maximum length of a line, in bytes.
const LONGEST: usize = 1000;

/// A line being written, and its destination.
pub struct Line {
    pub about: About,
    pub field: Field,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Evidence,
    Person,
    Question,
    Said,
    Agreement(usize),
    /// The due date of an agreement that was just written.
    Due(usize, String),
    NextMeeting,
    /// The name of someone who was not planned.
    Latecomer,
}

impl About {
    pub fn words(&self) -> &'static str {
        match self {
            About::Evidence => "Evidence: what they said, in one line",
            About::Person => "Private note about the person",
            About::Question => "Note about the question",
            About::Said => "In their own words: what they take away",
            About::Agreement(_) => "What you agreed on",
            About::Due(..) => "Due: 2026-12-15, +2w, or empty",
            About::NextMeeting => "Next session: 2026-12-15, +2w, or empty",
            About::Latecomer => "Who else takes part? Their name",
        }
    }
}

/// Returns true for what is written on the console, whichever page it is requested from.
pub(super) fn opens_console(action: Action) -> bool {
    matches!(
        action,
        Action::Note | Action::Edit | Action::QuestionNote | Action::BringBack | Action::ChatVotes
    )
}

impl MeetingScreen {
    /// Returns true if opening the console would show an answer that is still hidden: everyone may be
    /// looking at the stage, so only the key that switches to the console may do it.
    pub(super) fn would_show_key(&self, meeting: &Meeting) -> bool {
        let hides_key = matches!(
            meeting.step(),
            Step::Asking(_) | Step::Committed(_) | Step::Split
        );
        hides_key && !self.console
    }

    /// Tells the person to switch to the console first if it would show a hidden answer.
    pub(super) fn keeps_stage(&self, turn: &mut Turn) -> bool {
        let running = turn.model.meeting.as_ref();
        let keeps = running.is_some_and(|running| self.would_show_key(running.meeting()));
        if keeps {
            turn.tell("that is on the console, which shows the answer: switch to it first");
        }
        keeps
    }

    /// Opens the line for a key; a private line opens the console first. Returns `false` for other keys.
    pub(super) fn begin_line(&mut self, action: Action, turn: &mut Turn) -> bool {
        let Some(mentoring) = &turn.model.meeting else {
            return false;
        };
        let meeting = mentoring.meeting();
        let closing = meeting.step() == Step::Closing;
        let is_about_question = !meeting.is_empty() && !closing && meeting.step() != Step::Ready;
        if action == Action::Edit && !self.console && self.pad.field.is_some() {
            self.answer(Action::LeaveField, turn);
            return true;
        }
        let about = match action {
            Action::Note => About::Person,
            Action::Add if !meeting.is_paused() && !meeting.is_over() => About::Latecomer,
            Action::QuestionNote if is_about_question => About::Question,
            Action::Edit if closing => match Closing::at(self.row, meeting, self.seat).about() {
                Some(about) => about,
                None => return true,
            },
            Action::Edit if is_about_question => About::Evidence,
            Action::BringBack if is_about_question => {
                let (slot, seat) = (meeting.slot(), self.seat);
                let on = !meeting.brings_back(slot, seat);
                if self.keeps_stage(turn) {
                    return true;
                }
                self.console = true;
                self.record(Event::BringBack { slot, seat, on }, turn);
                return true;
            }
            _ => return false,
        };
        let is_of_closing = closing && meeting.is_with_one() && action == Action::Edit;
        // Everyone may see the name of somebody who joins.
        let shared = is_of_closing || about == About::Latecomer;
        if !shared && self.keeps_stage(turn) {
            return true;
        }
        self.console |= !shared;
        self.open_line(about, turn);
        true
    }

    fn open_line(&mut self, about: About, turn: &Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let (meeting, seat) = (mentoring.meeting(), self.seat);
        let slot = meeting.slot();
        let written = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        let text = match &about {
            About::Evidence => meeting.sheet(slot, seat).evidence.clone(),
            About::Person => meeting.closing(seat).note.clone(),
            About::Question => meeting.note(slot).to_owned(),
            About::Said => meeting.closing(seat).said.clone(),
            About::Agreement(place) => meeting.closing(seat).agreements[*place]
                .clone()
                .map(|(text, _)| text)
                .unwrap_or_default(),
            About::Due(place, _) => written(
                meeting.closing(seat).agreements[*place]
                    .as_ref()
                    .and_then(|(_, due)| *due),
            ),
            About::NextMeeting => written(meeting.next_meeting()),
            About::Latecomer => self.waiting_name(mentoring).unwrap_or_default(),
        };
        let draft = self
            .text_field(&about, meeting)
            .and_then(|field| turn.model.field_drafts.get(&(mentoring.id.clone(), field)));
        let text = crate::core::text::Text::new(draft.unwrap_or(&text)).line();
        self.line = Some(Line {
            about,
            field: Field::new(&text, false, LONGEST),
        });
        self.scroll.follow();
    }

    /// Stores the written line.
    pub(super) fn finish_line(&mut self, turn: &mut Turn) {
        let (Some(line), Some(mentoring)) = (self.line.take(), &turn.model.meeting) else {
            return;
        };
        let (slot, seat, today) = (mentoring.meeting().slot(), self.seat, mentoring.today);
        let text = line.field.text().trim().to_owned();
        let read = |text: &str| {
            if text.is_empty() {
                Ok(None)
            } else {
                read_day(text, today).map(Some)
            }
        };
        let event = match line.about.clone() {
            About::Evidence => Event::Evidence { slot, seat, text },
            About::Person => Event::PersonNoted { seat, text },
            About::Question => Event::QuestionNoted { slot, text },
            About::Said => Event::Said { seat, text },
            About::Agreement(place) if !text.is_empty() => {
                let due = mentoring.meeting().closing(seat).agreements[place]
                    .as_ref()
                    .and_then(|(_, due)| *due);
                // The agreement is stored at once, so that a crash loses only its date.
                self.record(
                    Event::Agreed {
                        seat,
                        place,
                        text: text.clone(),
                        due,
                    },
                    turn,
                );
                self.clear_draft(&line.about, turn);
                return self.open_line(About::Due(place, text), turn);
            }
            About::Agreement(place) => Event::Agreed {
                seat,
                place,
                text,
                due: None,
            },
            About::Due(place, agreement) => match read(&text) {
                Ok(due) => Event::Agreed {
                    seat,
                    place,
                    text: agreement,
                    due,
                },
                Err(bad) => return self.again(line, &bad.to_string(), turn),
            },
            About::NextMeeting => match read(&text) {
                Ok(day) => Event::NextMeeting { day },
                Err(bad) => return self.again(line, &bad.to_string(), turn),
            },
            About::Latecomer if text.is_empty() => return turn.tell("nobody was added"),
            About::Latecomer => {
                let request = PeopleRequest::AddToSession(text);
                return turn.effect(Effect::People(Box::new(request)));
            }
        };
        let is_hidden = line.about == About::Person
            && mentoring.meeting().step() == Step::Closing
            && !line.field.text().trim().is_empty();
        if self.record(event, turn) && is_hidden {
            turn.tell("your private note is saved; it isn't shown on this page");
        }
        self.clear_draft(&line.about, turn);
    }

    /// Returns the field under which the text is kept as a draft; `None` for a name, which is short.
    fn text_field(&self, about: &About, meeting: &Meeting) -> Option<TextField> {
        let (slot, seat) = (meeting.slot(), self.seat);
        Some(match *about {
            About::Evidence => TextField::Evidence { slot, seat },
            About::Person => TextField::PersonNote { seat },
            About::Question => TextField::QuestionNote { slot },
            About::Said => TextField::Said { seat },
            About::Agreement(place) => TextField::Agreement { seat, place },
            About::Due(place, _) => TextField::Due { seat, place },
            About::NextMeeting => TextField::NextMeeting,
            About::Latecomer => return None,
        })
    }

    /// Stores the text of the line as a draft.
    pub(super) fn draft_line(&self, turn: &mut Turn) {
        if let (Some(line), Some(mentoring)) = (&self.line, &turn.model.meeting)
            && let Some(field) = self.text_field(&line.about, mentoring.meeting())
        {
            turn.draft_field(mentoring.id.clone(), field, line.field.text());
        }
    }

    fn clear_draft(&self, about: &About, turn: &mut Turn) {
        if let Some(mentoring) = &turn.model.meeting
            && let Some(field) = self.text_field(about, mentoring.meeting())
        {
            turn.draft_field(mentoring.id.clone(), field, "");
        }
    }

    /// Finishes the line and leaves it; an invalid date is dropped and the earlier one stays. A name adds nobody.
    pub(super) fn leave_line(&mut self, turn: &mut Turn) {
        let is_name = |line: &mut Line| line.about == About::Latecomer;
        if self.line.take_if(is_name).is_some() {
            return turn.tell("nobody was added");
        }
        self.finish_line(turn);
        if let Some(line) = self.line.take() {
            self.clear_draft(&line.about, turn);
            turn.tell("not a valid date; nothing was saved");
        }
    }

    fn again(&mut self, line: Line, problem: &str, turn: &mut Turn) {
        turn.tell(problem);
        self.line = Some(line);
    }
}
