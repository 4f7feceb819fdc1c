//! The list of all participants on the console: who is connected, and what they answered.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::MeetingScreen;
use super::console::right_or_wrong;
use crate::core::text::Text;
use crate::session::meeting::{Meeting, MeetingVerdict, Round, Step};
use crate::session::present::Places;
use crate::tui::meeting::RunningMeeting;
use crate::tui::room::OpenRoom;
use crate::tui::screen::fixed;
use crate::tui::theme::Role;
use crate::tui::widget::writer::Writer;

/// The maximum width of an answer, in columns.
const LONGEST: usize = 24;
/// The maximum width of a login, in columns.
const LONGEST_LOGIN: usize = 20;

impl MeetingScreen {
    /// Returns true while the console shows only who has voted: votes of people elsewhere are secret to the mentor, too,
    /// until the vote is closed or the mentor asks for them.
    pub(super) fn hides_votes(&self, mentoring: &RunningMeeting) -> bool {
        let is_asking = matches!(mentoring.meeting().step(), Step::Asking(_));
        is_asking && mentoring.room.is_some() && !self.peeks
    }

    /// Returns true if someone is connected in the seat that is marked on the console.
    pub(super) fn can_ask_who(&self, mentoring: &RunningMeeting) -> bool {
        let room = mentoring.room.as_ref().filter(|_| self.console);
        room.is_some_and(|room| room.login(self.seat).is_some())
    }

    /// Returns a sentence on who is connected and how many have voted; `None` if the session isn't open for others.
    pub(super) fn attendance(&self, mentoring: &RunningMeeting) -> Option<String> {
        let room = mentoring.room.as_ref()?;
        let meeting = mentoring.meeting();
        let (here, people) = (room.here(), meeting.seats.len());
        let joined = format!("open: {here} of {people} joined");
        Some(match meeting.step() {
            Step::Asking(_) => format!("{joined}, {} voted", meeting.answers()),
            _ => joined,
        })
    }

    /// Shows all participants with their answers, and marks whose fingers are entered next.
    pub(super) fn roster(&self, mentoring: &RunningMeeting, slot: usize, onto: &mut Writer) {
        let meeting = mentoring.meeting();
        onto.title("Answers");
        let next = meeting
            .votes_by_fingers()
            .then(|| self.finger_seat(mentoring));
        for seat in 0..meeting.seats.len() {
            let is_marked = next.map_or(seat == self.seat, |next| next == seat);
            self.roster_row(mentoring, slot, (seat, is_marked), onto);
        }
    }

    /// Shows who is connected, and with which login, before the first question.
    pub(super) fn guests(&self, mentoring: &RunningMeeting, onto: &mut Writer) {
        let Some(room) = &mentoring.room else { return };
        onto.title("Joined");
        // While a name is asked for, the arrow keys move its mark.
        let marked = (!self.asks_name(mentoring)).then_some(self.seat);
        for seat in 0..mentoring.meeting().seats.len() {
            let is_away = mentoring.meeting().is_away(seat);
            let words = presence(room, (seat, is_away), true);
            let spans = seat_spans(mentoring, (seat, marked == Some(seat)), &words, onto);
            onto.page.push(Line::from(spans));
        }
    }

    fn roster_row(
        &self,
        mentoring: &RunningMeeting,
        slot: usize,
        (seat, is_marked): (usize, bool),
        onto: &mut Writer,
    ) {
        let meeting = mentoring.meeting();
        let (sheet, hides) = (meeting.sheet(slot, seat), self.hides_votes(mentoring));
        let is_away = meeting.is_away(seat);
        let mut words = match sheet.vote(meeting.round()) {
            None if is_away && mentoring.room.is_none() => "absent".to_owned(),
            Some(_) if hides => "voted".to_owned(),
            None if hides && !sheet.has_answered(meeting.round()) => "-".to_owned(),
            _ => answered(meeting, slot, seat),
        };
        if let Some(room) = &mentoring.room {
            let presence = presence(room, (seat, is_away), onto.width >= 60);
            words = format!("{presence}  {words}");
        }
        let room = name_width(onto);
        let mut spans = seat_spans(mentoring, (seat, is_marked), &words, onto);
        let reason = Text::new(&sheet.reason).line();
        let room = onto.width.saturating_sub(room + words.width() + 6);
        if !reason.is_empty() && !hides && room > 8 {
            let reason = fixed(&reason, reason.width().min(room));
            spans.push(onto.look.span(format!("  {reason}"), Role::Dim));
        }
        onto.page.push(Line::from(spans));
    }
}

/// Returns the width of the column of names.
fn name_width(onto: &Writer) -> usize {
    if onto.width >= 60 { 18 } else { 12 }
}

/// Returns a line about a seat: its name and these words.
fn seat_spans(
    mentoring: &RunningMeeting,
    (seat, is_marked): (usize, bool),
    words: &str,
    onto: &Writer,
) -> Vec<Span<'static>> {
    let name = fixed(mentoring.name(seat), name_width(onto));
    // The pointer is at the line that keys act on, so this person has another mark.
    let mark = match is_marked {
        true => onto.look.theme.mark("• ", "* "),
        false => "  ",
    };
    vec![
        onto.look.span(mark, Role::Key),
        onto.look.span(name, Role::Strong),
        onto.look.span(format!(" {words}"), Role::Text),
    ]
}

/// Returns whether a person joined, is in the room or is absent, and their login where there is room for it, in a column
/// of fixed width.
fn presence(room: &OpenRoom, (seat, is_away): (usize, bool), with_login: bool) -> String {
    let login = room.login(seat);
    let place = match (&login, is_away) {
        (Some(_), _) => "joined",
        (None, true) => "absent",
        (None, false) => "in the room",
    };
    let place = format!("{place:11}");
    if !with_login {
        return place;
    }
    let longest = room.logins().map(|login| login.width()).max().unwrap_or(0);
    let login = fixed(&login.unwrap_or_default(), longest.min(LONGEST_LOGIN));
    format!("{place}  {login}")
}

/// Returns the answers of a person in both rounds, with the verdict or the confidence.
fn answered(meeting: &Meeting, slot: usize, seat: usize) -> String {
    let sheet = meeting.sheet(slot, seat);
    let vote = |round| {
        let answers = sheet.has_answered(round);
        answers.then(|| short(meeting, slot, seat, round))
    };
    let mut words = vote(Round::First).unwrap_or_else(|| "-".to_owned());
    if let Some(again) = vote(Round::Second) {
        words = format!("{words}, then {again}");
    }
    let telling = |verdict: &MeetingVerdict| {
        !matches!(verdict, MeetingVerdict::Right | MeetingVerdict::Wrong)
    };
    match (
        meeting.verdict(slot, seat).filter(telling),
        sheet.confidence,
    ) {
        (Some(verdict), _) => format!("{words}: {}", verdict.words()),
        (None, Some(said)) => format!("{words}, {}", said.words()),
        (None, None) => words,
    }
}

/// Returns the answer of a person in a round, and whether it is correct.
fn short(meeting: &Meeting, slot: usize, seat: usize, round: Round) -> String {
    let sheet = meeting.sheet(slot, seat);
    let Some(answer) = sheet.vote(round) else {
        let judged = sheet.judged[round as usize];
        return judged.map_or("-", right_or_wrong).to_owned();
    };
    let sign = match meeting.is_right(slot, Some(answer)) {
        Some(true) => " right",
        Some(false) => " wrong",
        None => "",
    };
    let words = Places::of(answer, &meeting.form.items[slot]).spelled();
    format!("{}{sign}", fixed(&words, words.width().min(LONGEST)))
}
