//! A mentor session: the stage, which everyone may see, and the mentor's console above it.
//!
//! Enter performs the next allowed step, which the footer names. In the closing, it writes the marked line.

mod answer;
mod answers;
mod chat;
mod closing;
mod console;
mod fingers;
mod footer;
mod line;
mod reveal;
mod rows;
pub mod stage;
pub mod window;

use chat::Chat;
use fingers::FingerCursor;
use line::Line;
use rows::Closing;
use stage::Keyboard;

use super::{Screen, reads};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context};
use crate::session::TextField;
use crate::session::meeting::stage::{GivenAnswer, Scene};
use crate::session::meeting::{Event, Meeting, Step, level_counts};
use crate::session::present::{Asked, Places};
use crate::tui::app::{Model, Turn};
use crate::tui::meeting::RunningMeeting;
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::route::Route;
use crate::tui::theme::Role;
use crate::tui::widget::question::Pad;

const TOP: Scroll = Scroll {
    offset: 0,
    free: true,
};

#[derive(Default)]
pub struct MeetingScreen {
    /// True if the console is shown above the stage.
    console: bool,
    pad: Pad,
    /// The person that the console is about.
    seat: usize,
    /// The marked row of the console or of the closing.
    row: usize,
    /// The line being written.
    line: Option<Line>,
    chat: Chat,
    /// The marked row of the list of participants for an unknown name; the first one is nobody.
    name_row: Option<usize>,
    /// True if the console shows the votes of those who joined while the vote is open.
    peeks: bool,
    /// Whose fingers are typed next.
    fingers: FingerCursor,
    scroll: Scroll,
}

/// Opens the first screen of a started or resumed session.
pub fn begin(turn: &mut Turn) {
    let Some(mentoring) = &turn.model.meeting else {
        return;
    };
    let mut screen = MeetingScreen::default();
    screen.arrive(mentoring.meeting());
    screen.restore_vote(turn);
    let is_line = |field: &TextField| !matches!(field, TextField::Vote { .. });
    let has_draft = turn
        .model
        .field_drafts
        .keys()
        .any(|(id, field)| *id == mentoring.id && is_line(field));
    let meeting = mentoring.meeting();
    let room = meeting.room().cloned();
    let is_new = meeting.step() == Step::Ready && !meeting.can_undo();
    let levels = level_counts(meeting.form.items.iter().map(|item| item.level));
    if is_new && turn.model.told.is_none() {
        turn.tell(format!("questions: {levels}"));
    }
    turn.show_stage();
    if let Some(place) = room {
        turn.effect(Effect::OpenRoom(place));
    }
    turn.only(screen);
    if has_draft {
        turn.tell("an unfinished line was kept: open it again to continue");
    }
}

/// Returns the seat that answers at this keyboard: the only participant, or the person in the hot seat.
fn answering(meeting: &Meeting) -> Option<usize> {
    let asking = matches!(meeting.step(), Step::Asking(_)) && !meeting.is_paused();
    if !asking {
        None
    } else if meeting.is_with_one() {
        Some(0)
    } else {
        meeting.seat_at_keyboard()
    }
}

/// Returns true if several people answer the question aloud, because fingers can't express the answer.
fn aloud(meeting: &Meeting) -> bool {
    matches!(meeting.step(), Step::Asking(_))
        && !meeting.is_with_one()
        && !meeting.is_hot_seat()
        && !meeting.votes_by_fingers()
}

fn next(meeting: &Meeting) -> Option<Event> {
    match meeting.seat_at_keyboard() {
        _ if meeting.is_paused() => Some(Event::Resumed),
        Some(_) => Some(meeting.handing_on()),
        None => meeting.next(),
    }
}

impl MeetingScreen {
    /// Prepares the screen for the current step of the session.
    fn arrive(&mut self, meeting: &Meeting) {
        self.scroll = self.beginning(meeting);
        self.row = 0;
        self.pad = Pad::default();
        if meeting.step() == Step::Closing {
            self.seat = 0;
        }
        if meeting.is_empty() {
            return;
        }
        let (slot, round) = (meeting.slot(), meeting.round());
        self.fingers = FingerCursor::default();
        if meeting.is_judged(slot) && matches!(meeting.step(), Step::Asking(_)) {
            let mut here = (0..meeting.seats.len()).filter(|seat| !meeting.is_away(*seat));
            self.seat = here.next().unwrap_or(0);
        }
        if let Some(seat) = answering(meeting) {
            let (question, order) = (&meeting.questions[slot], &meeting.form.items[slot].order);
            self.pad = Pad::new(question, order, meeting.sheet(slot, seat).vote(round));
            self.seat = seat;
        }
    }

    /// Returns the initial scroll position: questions and the console start at the top, and after the answers the
    /// results are visible.
    fn beginning(&self, meeting: &Meeting) -> Scroll {
        let reads = matches!(
            meeting.step(),
            Step::Ready | Step::Asking(_) | Step::Closing
        );
        if reads || self.console {
            TOP
        } else {
            Scroll::default()
        }
    }

    /// Records an event; a rejection is shown in the status line.
    fn record(&mut self, event: Event, turn: &mut Turn) -> bool {
        let done = turn.record_meeting(event);
        if let Err(refused) = &done {
            turn.tell(refused.to_string());
        }
        done.is_ok()
    }

    /// Performs a step and its consequences.
    fn step(&mut self, event: Event, turn: &mut Turn) {
        if !self.keeps_open(&event, turn)
            && self.record(event, turn)
            && let Some(mentoring) = &turn.model.meeting
        {
            self.arrive(mentoring.meeting());
            self.restore_vote(turn);
            turn.appeared();
        }
    }

    /// Leaves the question without a reveal and asks the next one.
    fn skip(&mut self, turn: &mut Turn) {
        self.step(Event::Skipped, turn);
        let next = turn.model.meeting.as_ref();
        let next = next.filter(|mentoring| mentoring.meeting().step() == Step::Ready);
        if let Some(event) = next.and_then(|mentoring| mentoring.meeting().next()) {
            self.step(event, turn);
            turn.tell("the question was skipped; it does not count");
        }
    }

    /// Returns the seat that is marked on the console.
    fn marked_seat(&self, mentoring: &RunningMeeting) -> usize {
        let (meeting, next) = (mentoring.meeting(), self.finger_seat(mentoring));
        match meeting.votes_by_fingers() && next < meeting.seats.len() {
            true => next,
            false => self.seat,
        }
    }

    fn enter(&mut self, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return turn.home();
        };
        let meeting = mentoring.meeting();
        match self.closing_row(meeting) {
            Some(Closing::End) | None => {}
            // What is written about several people is private.
            Some(_) if !self.console && !meeting.is_with_one() => {
                self.console = true;
                return self.scroll = self.beginning(meeting);
            }
            Some(_) => {
                self.begin_line(Action::Edit, turn);
                return;
            }
        }
        let is_closed = |seat: usize| {
            let closing = meeting.closing(seat);
            !closing.said.is_empty() || closing.agreements.iter().any(Option::is_some)
        };
        match next(meeting) {
            // A reveal and the end of a session can't be undone.
            Some(Event::Finished | Event::Revealed) if turn.is_hasty => {}
            Some(Event::Finished) if (0..meeting.seats.len()).any(is_closed) => turn.end_meeting(),
            Some(Event::Finished) => turn.go(Route::EndMeeting),
            Some(event) => self.step(event, turn),
            None => turn.leave_meeting(),
        }
    }

    /// Returns the marked row of the closing; `None` at other steps and while the session is paused or over.
    fn closing_row(&self, meeting: &Meeting) -> Option<Closing> {
        let is_closing =
            meeting.step() == Step::Closing && !meeting.is_paused() && !meeting.is_over();
        let at = match self.console || meeting.is_with_one() {
            true => Closing::at(self.row, meeting, self.seat),
            // The rows are on the console.
            false => Closing::Said,
        };
        is_closing.then_some(at)
    }

    /// Handles keys with the same meaning on the stage and on the console; returns `false` for all others.
    fn act_anywhere(&mut self, action: Action, turn: &mut Turn) -> bool {
        let Some(mentoring) = &turn.model.meeting else {
            return false;
        };
        let meeting = mentoring.meeting();
        match action {
            Action::Enter => self.enter(turn),
            Action::Other => match meeting.alternative() {
                Some(event) => self.step(event, turn),
                None => turn.tell("there is only one next step here"),
            },
            Action::Undo => self.step(Event::Undone, turn),
            Action::Next if meeting.can_skip() => self.skip(turn),
            Action::Presence if self.console && !meeting.is_with_one() => {
                let seat = self.marked_seat(mentoring);
                let away = !meeting.is_away(seat);
                if self.record(Event::Away { seat, away }, turn) && away {
                    self.fingers.release();
                }
            }
            Action::ChatVotes => self.open_chat(turn),
            Action::OpenRoom => turn.switch_room(),
            Action::Peek => self.peeks ^= self.console,
            Action::Who if self.can_ask_who(mentoring) => {
                turn.ask_who(self.seat);
                turn.appeared();
            }
            Action::Switch => {
                self.console = !self.console;
                self.scroll = self.beginning(meeting);
                if self.asks_name(mentoring) {
                    turn.appeared();
                }
            }
            Action::Back if self.console => return self.act_anywhere(Action::Switch, turn),
            Action::HotSeat => {
                let on = !meeting.is_hot_seat();
                match (on, meeting.next_turn()) {
                    (false, _) => self.step(Event::HotSeat { on }, turn),
                    (true, None) => {
                        turn.tell("everyone has answered this question");
                        return true;
                    }
                    (true, next) => self.step(Event::AtKeyboard { turn: next }, turn),
                }
                if turn.model.told.is_none() {
                    let words = match &turn.model.meeting {
                        _ if on => "hot seat: each person answers at the keyboard",
                        Some(mentoring) if aloud(mentoring.meeting()) => {
                            "answers aloud or on paper"
                        }
                        _ => "show of fingers",
                    };
                    turn.tell(words);
                }
            }
            Action::Pause => {
                let event = if meeting.is_paused() {
                    Event::Resumed
                } else {
                    Event::Paused
                };
                self.step(event, turn);
            }
            Action::Leave | Action::Back => {
                turn.go(Route::LeaveMeeting);
            }
            _ => return self.scroll.leap(action, turn.seen),
        }
        true
    }

    /// Returns true while keys go into a line or a field of the console.
    fn is_writing(&self) -> bool {
        self.line.is_some() || self.chat.field.is_some()
    }

    /// Scrolls the second windows to the position of this one.
    fn show_reading(&self, turn: &mut Turn) {
        let read = if self.scroll.free {
            self.scroll.offset.min(turn.seen.last_offset) * 1000
        } else {
            0
        };
        let read = read
            .checked_div(turn.seen.last_offset)
            .unwrap_or(0)
            .min(1000);
        if let Some(mentoring) = turn
            .model
            .meeting
            .as_mut()
            .filter(|mentoring| !self.console && mentoring.read != read)
        {
            mentoring.read = read;
            turn.show_stage();
        }
    }

    fn keyboard<'a>(&'a self, mentoring: &RunningMeeting) -> Keyboard<'a> {
        let meeting = mentoring.meeting();
        let seat = answering(meeting);
        // With one person the stage shows the answer; in the hot seat it stays private.
        let given = seat.filter(|_| !meeting.is_with_one()).and_then(|seat| {
            let sheet = meeting.sheet(meeting.slot(), seat);
            let answer = Places::of(
                sheet.vote(meeting.round())?,
                &meeting.form.items[meeting.slot()],
            );
            Some(GivenAnswer {
                answer,
                confidence: sheet.confidence,
            })
        });
        Keyboard {
            pad: &self.pad,
            given,
            open: seat.is_some(),
        }
    }
}

impl Screen for MeetingScreen {
    fn context(&self) -> Context {
        if self.is_writing() || self.pad.typing && !self.console {
            Context::Field
        } else {
            Context::Mentor
        }
    }

    fn letters(&self, model: &Model) -> usize {
        let Some(mentoring) = &model.meeting else {
            return 0;
        };
        let meeting = mentoring.meeting();
        match answering(meeting) {
            Some(_) if !self.console => meeting.questions[meeting.slot()].interaction.movable(),
            _ => 0,
        }
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.chat.field.is_some() {
            if matches!(action, Action::LeaveField | Action::Leave) {
                self.finish_chat(turn);
            }
            return;
        }
        if self.line.is_some() {
            return match action {
                Action::Enter => self.finish_line(turn),
                Action::LeaveField => self.leave_line(turn),
                Action::Leave => {
                    self.leave_line(turn);
                    turn.go(Route::LeaveMeeting);
                }
                _ => {}
            };
        }
        if action == Action::Leave && self.pad.typing {
            self.answer(Action::LeaveField, turn);
        }
        let handled = self.assign_name(action, turn)
            || self.begin_line(action, turn)
            || self.act_anywhere(action, turn)
            || self.type_fingers(action, turn);
        if !handled {
            if self.console {
                self.act_on_console(action, turn);
            } else {
                self.answer(action, turn);
            }
        }
        self.show_reading(turn);
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        if let Some(field) = &mut self.chat.field {
            field.press(key);
            return self.scroll.follow();
        }
        if let Some(line) = &mut self.line {
            match key.code {
                Code::Enter => self.finish_line(turn),
                _ => drop(line.field.press(key)),
            }
            self.draft_line(turn);
            self.scroll.follow();
        } else {
            self.type_answer(key, turn);
        }
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        if let Some(field) = &mut self.chat.field {
            turn.tell_if(field.paste(text));
            return self.scroll.follow();
        }
        if self.line.is_none() && (self.console || !self.pad.typing) {
            return self.read_chat(text, turn);
        }
        let field = self.line.as_mut().map(|line| &mut line.field);
        let field = field.or(self.pad.field.as_mut().filter(|_| self.pad.typing));
        if let Some(field) = field {
            turn.tell_if(field.paste(text));
        }
        match self.line {
            Some(_) => self.draft_line(turn),
            None => self.draft_vote(turn),
        }
    }

    fn is_pair(&self, model: &Model) -> bool {
        if self.console {
            return true;
        }
        let stage = model
            .meeting
            .as_ref()
            .map(|mentoring| mentoring.stage(&model.home.blueprint));
        stage.is_some_and(|stage| stage.scene.asked().is_some_and(Asked::has_figure))
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let Some(mentoring) = &model.meeting else {
            return false;
        };
        self.does(action, mentoring) || reads(action, scrolls)
    }

    fn sentence(&self, action: Action, model: &Model) -> Option<&'static str> {
        let meeting = model.meeting.as_ref()?.meeting();
        self.sentence_at(action, meeting)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let Some(mentoring) = &model.meeting else {
            return Page::default();
        };
        let meeting = mentoring.meeting();
        let mut page = if self.console {
            self.view_console(mentoring, model, look, width)
        } else {
            let mut stage = mentoring.stage(&model.home.blueprint);
            if let Scene::Closing { leaving, next, .. } = &mut stage.scene
                && meeting.is_with_one()
            {
                // The rows to be written show the same.
                (*leaving, *next) = (None, None);
            }
            let mut page = stage::view(&stage, Some(self.keyboard(mentoring)), look, width);
            if meeting.step() == Step::Closing && meeting.is_with_one() {
                self.view_closing(mentoring, &mut page, look, width);
            } else {
                self.view_line(&mut page, look, width);
            }
            page
        };
        page.letters = if self.is_writing() || self.pad.typing {
            0
        } else {
            self.letters(model)
        };
        if let Some(seat) = meeting.seat_at_keyboard().filter(|_| !meeting.is_paused()) {
            let words = format!(
                "At the keyboard: {}. Everyone else looks away; Enter passes it on.",
                mentoring.name(seat)
            );
            page.status = Some(look.line(words, Role::Strong));
        }
        if aloud(meeting) && !meeting.is_paused() {
            let words = match self.console {
                true => "Answers aloud: say for each person whether it is right.",
                false => "Answers aloud or on paper; H lets each person type.",
            };
            page.status = Some(look.line(words, Role::Strong));
        }
        let asks_fingers = meeting.votes_by_fingers();
        let fingers = asks_fingers.then(|| self.next_finger(mentoring)).flatten();
        let attendance = self
            .attendance(mentoring)
            .filter(|_| !meeting.is_hot_seat());
        let words: Vec<String> = fingers.into_iter().chain(attendance).collect();
        if !words.is_empty() && !meeting.is_paused() {
            page.status = Some(look.line(words.join(" · "), Role::Strong));
        }
        self.hints(mentoring, &mut page);
        page
    }
}
