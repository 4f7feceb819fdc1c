//! Votes from a chat: pasted on the console, or into a field where the terminal doesn't mark pastes.

use ratatui::text::Line;

use super::MeetingScreen;
use crate::app::keymap::Action;
use crate::core::text::Text;
use crate::session::meeting::chat::{ChatReading, LONGEST_PASTE, UnknownName};
use crate::session::meeting::{Meeting, Round};
use crate::tui::app::Turn;
use crate::tui::meeting::RunningMeeting;
use crate::tui::page::{Look, Page};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::prose;
use crate::tui::widget::writer::Writer;

/// The maximum number of unread lines that are listed.
const MOST_LINES: usize = 12;
/// The maximum number of rows of the field that are shown.
const MOST_ROWS: usize = 10;

/// The votes that were pasted in this session.
#[derive(Default)]
pub struct Chat {
    /// The field for lines of the chat while it is open.
    pub field: Option<Field>,
    last: Option<Paste>,
}

/// The last paste of votes, kept so that it can be shown again and corrected.
struct Paste {
    text: String,
    slot: usize,
    round: Round,
    reading: ChatReading,
}

impl Chat {
    /// Returns the last paste if it was about the vote that is open or was just closed.
    fn current(&self, meeting: &Meeting) -> Option<&Paste> {
        let is_current = |paste: &&Paste| {
            paste.slot == meeting.slot() && paste.round == meeting.round() && meeting.takes_votes()
        };
        self.last.as_ref().filter(is_current)
    }

    /// Returns the name to be assigned next.
    pub fn unknown(&self, meeting: &Meeting) -> Option<&UnknownName> {
        self.current(meeting)?.reading.unknown.first()
    }
}

/// Returns the reason why votes can't be pasted now.
pub(super) fn refusal(meeting: &Meeting) -> Option<&'static str> {
    let is_open_question = meeting
        .questions
        .get(meeting.slot())
        .is_some_and(|question| question.interaction.is_open());
    match meeting.takes_votes() {
        false if meeting.is_paused() => Some("the session is paused: no vote was read"),
        false => Some("no vote is open: votes can be pasted while a question is asked"),
        true if is_open_question => {
            Some("this question is answered in words: votes can't be pasted for it")
        }
        true => None,
    }
}

impl MeetingScreen {
    /// Opens the field for lines of a chat, on the console.
    pub(super) fn open_chat(&mut self, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        match refusal(mentoring.meeting()) {
            Some(why) => turn.tell(why),
            None if self.keeps_stage(turn) => {}
            None => {
                self.console = true;
                self.chat.field = Some(Field::new("", true, LONGEST_PASTE));
                self.scroll.follow();
            }
        }
    }

    /// Closes the field and reads its lines.
    pub(super) fn finish_chat(&mut self, turn: &mut Turn) {
        let field = self.chat.field.take();
        let text = field.map_or(String::new(), |field| field.text().to_owned());
        if !text.trim().is_empty() {
            self.read_chat(&text, turn);
        }
    }

    /// Reads pasted text as votes, and records those of participants.
    pub(super) fn read_chat(&mut self, text: &str, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        if let Some(why) = refusal(meeting) {
            return turn.tell(why);
        }
        let reading = ChatReading::of(text, &mentoring.chat_names, meeting);
        let events = meeting.recording(&reading.votes);
        let words = self.summary(&reading);
        self.chat.last = Some(Paste {
            text: text.to_owned(),
            slot: meeting.slot(),
            round: meeting.round(),
            reading,
        });
        let is_recorded = events.into_iter().all(|event| self.record(event, turn));
        self.see_votes(turn);
        if is_recorded {
            turn.tell(words);
        }
        if turn
            .model
            .meeting
            .as_ref()
            .is_some_and(|mentoring| self.asks_name(mentoring))
        {
            turn.appeared();
        }
    }

    /// Returns the number of votes, of unread lines and of unknown names. The stage shows no more than that.
    fn summary(&self, reading: &ChatReading) -> String {
        let count = |n: usize, one: &str, more: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {more}"),
        };
        let mut parts = vec![count(reading.votes.len(), "vote read", "votes read")];
        if !reading.unread.is_empty() {
            parts.push(count(
                reading.unread.len(),
                "line not read",
                "lines not read",
            ));
        }
        if !reading.unknown.is_empty() {
            parts.push(count(
                reading.unknown.len(),
                "name to assign",
                "names to assign",
            ));
        }
        let is_hidden = !self.console && parts.len() > 1;
        let hint = if is_hidden { ": see the console" } else { "" };
        format!("{}{hint}", parts.join(", "))
    }

    /// Shows votes that were recorded for others than the person at the keyboard.
    fn see_votes(&mut self, turn: &Turn) {
        if let Some(mentoring) = &turn.model.meeting {
            let (scroll, row, seat) = (self.scroll, self.row, self.seat);
            self.arrive(mentoring.meeting());
            (self.scroll, self.row, self.seat) = (scroll, row, seat);
            self.restore_vote(turn);
        }
    }

    /// Returns the name that the mentor has to assign next: of a chat, or of someone who wants to join.
    fn asked_name(&self, mentoring: &RunningMeeting) -> Option<AskedName> {
        let unknown = self.chat.unknown(mentoring.meeting());
        let of_chat = unknown.map(|unknown| AskedName {
            name: unknown.name.clone(),
            about: format!("Voted: {}", unknown.vote.line()),
            candidates: unknown.candidates.clone(),
            login: None,
            is_of_chat: true,
        });
        let waiting = || mentoring.room.as_ref()?.waiting();
        of_chat.or_else(|| {
            let waiting = waiting()?;
            let about = match waiting.login {
                Some(login) => format!("Wants to join with the login {}.", login.line()),
                None => "Wants to join this session.".to_owned(),
            };
            Some(AskedName {
                name: waiting.name.clone(),
                about,
                candidates: waiting.candidates.to_vec(),
                login: waiting.login.cloned(),
                is_of_chat: false,
            })
        })
    }

    /// Returns the name of someone who wants to join and may be a participant who was not planned.
    pub(super) fn waiting_name(&self, mentoring: &RunningMeeting) -> Option<String> {
        let asked = self.asked_name(mentoring)?;
        Some(asked.name.line())
    }

    /// Returns true while the console asks who someone is.
    pub(super) fn asks_name(&self, mentoring: &RunningMeeting) -> bool {
        self.console && self.asked_name(mentoring).is_some()
    }

    /// Handles a key while a name has to be assigned; returns `false` for keys with their usual meaning.
    pub(super) fn assign_name(&mut self, action: Action, turn: &mut Turn) -> bool {
        let Some(mentoring) = turn.model.meeting.as_ref().filter(|_| self.console) else {
            return false;
        };
        let last = mentoring.meeting().seats.len();
        let Some(asked) = self.asked_name(mentoring) else {
            return false;
        };
        let chosen = match action {
            Action::Up => {
                self.name_row = Some(self.name_row.map_or(0, |row| row.saturating_sub(1)));
                None
            }
            Action::Down => {
                self.name_row = Some(self.name_row.map_or(0, |row| (row + 1).min(last)));
                None
            }
            // A key that was meant for the question decides nothing.
            Action::Enter | Action::Toggle | Action::Digit(_) if turn.is_hasty => None,
            Action::Enter | Action::Toggle => {
                if self.name_row.is_none() {
                    turn.tell("first say who this is: press a number, or use the arrow keys");
                }
                self.name_row
            }
            Action::Digit(0) => Some(last),
            Action::Digit(n) if usize::from(n) <= last => Some(usize::from(n) - 1),
            Action::Choose(row) if row <= last => Some(row),
            _ => return false,
        };
        self.scroll.follow();
        let Some(row) = chosen else { return true };
        self.name_row = None;
        let seat = Some(row).filter(|seat| *seat < last);
        match asked.is_of_chat {
            true => turn.assign_sender(asked.name.as_str(), seat),
            false => turn.assign_guest(&asked.name, asked.login.as_ref(), seat),
        }
        let pasted = self.chat.last.as_ref().map(|paste| paste.text.clone());
        turn.appeared();
        if let Some(text) = pasted.filter(|_| asked.is_of_chat) {
            self.read_chat(&text, turn);
        }
        true
    }

    /// Shows what the last paste did not settle: a name to be assigned, and the lines that are no votes.
    pub(super) fn view_chat(&self, mentoring: &RunningMeeting, writer: &mut Writer) {
        let meeting = mentoring.meeting();
        if let Some(field) = &self.chat.field {
            return view_field(field, writer.page, writer.look, writer.width);
        }
        if let Some(asked) = self.asked_name(mentoring) {
            view_name(&asked, self.name_row, mentoring, writer);
        }
        let Some(paste) = self.chat.current(meeting) else {
            return;
        };
        if !paste.reading.unread.is_empty() {
            writer.title("Not read as votes");
        }
        for line in paste.reading.unread.iter().take(MOST_LINES) {
            let text = format!("{} ({})", line.text.line(), line.why);
            writer.labelled(&format!("line {}:", line.line), &text, Role::Text);
        }
        let more = paste.reading.unread.len().saturating_sub(MOST_LINES);
        if more > 0 {
            writer.words(&format!("and {more} more"), Role::Dim);
        }
    }
}

/// A name that the mentor has to assign.
struct AskedName {
    name: Text,
    about: String,
    /// The seats whose names fit.
    candidates: Vec<usize>,
    login: Option<Text>,
    is_of_chat: bool,
}

/// Asks who someone is.
fn view_name(
    asked: &AskedName,
    row: Option<usize>,
    mentoring: &RunningMeeting,
    writer: &mut Writer,
) {
    let name = asked.name.line();
    writer.title(&format!("Who is \"{name}\"?"));
    writer.words(&asked.about, Role::Text);
    let first = writer.page.body.len();
    let last = mentoring.meeting().seats.len();
    for choice in 0..=last {
        let (number, text) = match choice {
            seat if seat == last => (0, "no one in this session".to_owned()),
            seat if asked.candidates.contains(&seat) => (
                seat + 1,
                format!("{}, whose name fits", mentoring.name(seat)),
            ),
            seat => (seat + 1, mentoring.name(seat).to_owned()),
        };
        writer.row(
            choice,
            Some(choice) == row,
            &format!("{number}  "),
            &text,
            Role::Text,
        );
    }
    let row = first + row.unwrap_or(0);
    writer.page.focus = Some((row, row));
}

/// Shows the end of the field for pasted lines.
fn view_field(field: &Field, page: &mut Page, look: &Look, width: usize) {
    page.blank();
    let words = "Paste or type lines of the chat: Mina: b3, or name and message below each other.";
    for line in prose::wrap(words, width, 0) {
        page.push(look.line(line, Role::Title));
    }
    let words = "In a common chat everyone sees the votes; in direct messages they stay secret until you \
                 show them.";
    for line in prose::wrap(words, width, 0) {
        page.push(look.line(line, Role::Dim));
    }
    let (rows, (row, column)) = field.rows(width.saturating_sub(3));
    let hidden = (row + 1).saturating_sub(MOST_ROWS);
    let first = page.body.len();
    for text in rows.into_iter().skip(hidden).take(MOST_ROWS) {
        page.push(Line::from(vec![
            look.span(look.theme.mark("│ ", "| "), Role::Key),
            look.span(text, Role::Text),
        ]));
    }
    page.focus = Some((first + row - hidden, first + row - hidden));
    page.cursor = Some((first + row - hidden, 2 + column));
}
