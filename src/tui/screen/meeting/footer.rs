//! The active keys at this step, with a label for Enter.

use super::chat::refusal;
use super::line::{About, opens_console};
use super::rows::{Closing, Row, rows};
use super::{MeetingScreen, answering, next};
use crate::app::keymap::Action;
use crate::core::question::Interaction;
use crate::session::meeting::{Event, Meeting, Round, Step};
use crate::tui::meeting::RunningMeeting;
use crate::tui::page::Page;
use crate::tui::screen::ORDER_AS_SHOWN;

/// Returns the footer's label for Enter.
fn word(meeting: &Meeting, event: &Event) -> &'static str {
    match event {
        Event::Asked { slot: 0 } if meeting.step() == Step::Ready => "ask the first question",
        Event::Asked { .. } => "next question",
        Event::AskedAgain if meeting.is_with_one() || meeting.is_judged(meeting.slot()) => {
            "ask again"
        }
        Event::AskedAgain => "vote again",
        Event::Committed if meeting.is_with_one() => "close the answer",
        Event::Committed => "close the vote",
        Event::SplitShown => "show the split",
        Event::Revealed => "reveal",
        Event::Closing => "wrap up",
        Event::Finished => "end the session",
        Event::HandedOn | Event::AtKeyboard { .. } => "pass on",
        Event::Resumed => "go on",
        _ => "next",
    }
}

impl MeetingScreen {
    pub(super) fn hints(&self, mentoring: &RunningMeeting, page: &mut Page) {
        let (meeting, windows) = (mentoring.meeting(), mentoring.windows);
        if self.is_writing() || self.pad.typing && !self.console {
            page.footer = vec![Action::LeaveField];
            if self.chat.field.is_some() {
                page.words.push((Action::LeaveField, "read the votes"));
                return;
            }
            if let Some(line) = &self.line {
                let is_name = line.about == About::Latecomer;
                let word = if is_name { "add" } else { "keep it" };
                if is_name {
                    page.words.push((Action::LeaveField, "add nobody"));
                }
                page.words.push((Action::Enter, word));
                page.footer.insert(0, Action::Enter);
            } else if !self.pad.is_multiline() {
                let question = meeting.questions.get(meeting.slot());
                let word = match question.is_some_and(|question| self.pad.is_readable(question)) {
                    true => "done, then 1-4 confidence",
                    false => "done",
                };
                page.words.push((Action::Enter, word));
                page.footer.insert(0, Action::Enter);
            }
            return;
        }
        if self.asks_name(mentoring) {
            page.words.push((Action::Enter, "this one"));
            page.words.push((Action::Switch, "stage"));
            page.words.push((Action::Add, "someone else"));
            page.footer = vec![
                Action::Up,
                Action::Down,
                Action::Enter,
                Action::Add,
                Action::Switch,
            ];
            return;
        }
        self.name_steps(meeting, windows, page);
        page.footer = vec![Action::Enter, Action::Switch];
        if meeting.alternative().is_some() && !meeting.is_paused() {
            page.footer.push(Action::Other);
        }
        if meeting.step() == Step::Ready {
            hint_at_joining(mentoring, page);
        }
        if meeting.step() == Step::Ready && self.console {
            page.footer.push(Action::Add);
        }
        if meeting.step() == Step::Ready && self.can_ask_who(mentoring) {
            page.footer.push(Action::Who);
        }
        let closing = meeting.step() == Step::Closing && (self.console || meeting.is_with_one());
        let ready = meeting.step() == Step::Ready;
        if self.console && !closing && !ready {
            page.footer.push(Action::Edit);
        }
        if self.console && !closing {
            hint_at_noting(mentoring, page);
        }
        if let Some(seat) = answering(meeting).filter(|_| !self.console) {
            hint_at_answering(meeting, seat, page);
        }
        if !meeting.is_with_one() && matches!(meeting.step(), Step::Ready | Step::Asking(_)) {
            page.footer.push(Action::HotSeat);
        }
        page.footer
            .extend([Action::Undo, Action::Pause, Action::Leave]);
        page.footer.retain(|action| match action {
            Action::Undo => meeting.can_undo(),
            // Enter goes on.
            Action::Pause => !meeting.is_paused(),
            _ => true,
        });
    }
}

impl MeetingScreen {
    /// Names the keys for the advised step, for the other one and for the console.
    fn name_steps(&self, meeting: &Meeting, windows: usize, page: &mut Page) {
        // The advised step would reveal the result of a vote, and everyone can see the stage.
        let voted = !meeting.is_with_one()
            && meeting.step() == Step::Committed(Round::First)
            && meeting.cue().is_some();
        let hidden = voted && !self.console;
        let words = |event: &Event, unsaid| if hidden { unsaid } else { word(meeting, event) };
        page.words
            .extend(next(meeting).map(|event| (Action::Enter, words(&event, "the advised step"))));
        page.words.extend(
            meeting
                .alternative()
                .map(|event| (Action::Other, words(&event, "the other step"))),
        );
        let writes = match self.closing_row(meeting) {
            Some(Closing::End) | None => None,
            Some(_) if !self.console && !meeting.is_with_one() => Some("write on the console"),
            Some(_) => Some("write"),
        };
        if let Some(word) = writes {
            page.words.retain(|(action, _)| *action != Action::Enter);
            page.words.push((Action::Enter, word));
        }
        let console = match windows {
            _ if self.console => "stage",
            0 => "console (private)",
            _ => "console",
        };
        page.words.push((Action::Switch, console));
    }
}

/// Adds the key that lets others join, or no longer.
fn hint_at_joining(mentoring: &RunningMeeting, page: &mut Page) {
    let word = match mentoring.room {
        Some(_) => "stop joining",
        None => "let others join",
    };
    page.words.push((Action::OpenRoom, word));
    page.footer.push(Action::OpenRoom);
}

/// Adds the keys with which the mentor notes something on the console.
fn hint_at_noting(mentoring: &RunningMeeting, page: &mut Page) {
    let step = mentoring.meeting().step();
    if step == Step::Revealed {
        page.footer.push(Action::BringBack);
    }
    page.footer.extend([Action::Toggle, Action::Note]);
    page.footer
        .retain(|action| *action != Action::Toggle || step != Step::Ready);
    if matches!(step, Step::Asking(_)) {
        let votes = match mentoring.room {
            Some(_) => Action::Peek,
            None => Action::ChatVotes,
        };
        page.footer.insert(2, votes);
    }
}

impl MeetingScreen {
    /// Returns true if an action other than scrolling and leaving does something at this step.
    pub(super) fn does(&self, action: Action, mentoring: &RunningMeeting) -> bool {
        let meeting = mentoring.meeting();
        let step = meeting.step();
        let closing = step == Step::Closing && (self.console || meeting.is_with_one());
        let is_about_question = !meeting.is_empty() && !matches!(step, Step::Ready | Step::Closing);
        let seat = answering(meeting).filter(|_| !self.console);
        let asked = seat.map(|_| &meeting.questions[meeting.slot()].interaction);
        let has_vote = seat.is_some_and(|seat| {
            let sheet = meeting.sheet(meeting.slot(), seat);
            sheet.vote(meeting.round()).is_some()
        });
        let marked = (self.console && is_about_question)
            .then(|| rows(meeting, meeting.slot()).get(self.row).copied())
            .flatten();
        let asks_who = self.asks_name(mentoring);
        let is_asking = matches!(step, Step::Asking(_));
        match action {
            _ if opens_console(action) && self.would_show_key(meeting) => {
                // The letter e also edits the answer at the keyboard.
                action == Action::Edit && self.pad.field.is_some()
            }
            Action::Up | Action::Down if asks_who => true,
            Action::Enter | Action::Switch | Action::Pause | Action::Note => true,
            Action::LeaveField => self.is_writing() || self.pad.typing,
            Action::Add => !meeting.is_paused() && !meeting.is_over(),
            Action::OpenRoom => !meeting.is_over(),
            Action::Peek => self.console && is_asking && mentoring.room.is_some(),
            Action::ChatVotes => refusal(meeting).is_none(),
            Action::Other => meeting.alternative().is_some() && !meeting.is_paused(),
            Action::Undo => meeting.can_undo() && !meeting.is_paused(),
            Action::HotSeat => {
                !meeting.is_with_one() && matches!(step, Step::Ready | Step::Asking(_))
            }
            Action::Edit if closing => self.closing_row(meeting) != Some(Closing::End),
            Action::Edit => is_about_question,
            Action::QuestionNote => is_about_question,
            Action::BringBack => is_about_question && meeting.is_revealed(meeting.slot()),
            Action::Next => meeting.can_skip(),
            Action::Presence => {
                self.console
                    && !meeting.is_with_one()
                    && step != Step::Closing
                    && !meeting.is_paused()
                    && !meeting.is_over()
            }
            Action::Left | Action::Right if meeting.votes_by_fingers() => !meeting.is_paused(),
            Action::Left | Action::Right => {
                // While someone waits to be named, the list of participants is not shown.
                let room = mentoring.room.as_ref();
                let has_rows =
                    step != Step::Ready || room.is_none_or(|room| room.waiting().is_none());
                self.console && has_rows && meeting.seats.len() > 1
            }
            Action::Who => self.can_ask_who(mentoring),
            Action::Toggle => {
                let chooses = match asked {
                    Some(interaction) if interaction.is_ordering() => !has_vote,
                    Some(interaction) => interaction.has_options(),
                    None => false,
                };
                let writes = closing && self.closing_row(meeting) != Some(Closing::End);
                writes || chooses || matches!(marked, Some(Row::Point(_) | Row::Aloud))
            }
            Action::Clear | Action::Digit(_) => {
                let fingers = meeting.votes_by_fingers() && !meeting.is_paused();
                match fingers && action == Action::Clear {
                    true => self.typed_before(mentoring).is_some(),
                    false => has_vote || marked.is_some() || fingers,
                }
            }
            Action::MoveUp | Action::MoveDown => asked.is_some_and(Interaction::is_ordering),
            Action::Up | Action::Down => {
                closing || marked.is_some() || asked.is_some_and(has_lines)
            }
            _ => false,
        }
    }
}

impl MeetingScreen {
    /// Returns what an action does at this step, in words for the help, if the words of the key map don't say it.
    pub(super) fn sentence_at(&self, action: Action, meeting: &Meeting) -> Option<&'static str> {
        let slot = meeting.slot();
        let is_answering = answering(meeting).is_some() && !self.console;
        let question = meeting.questions.get(slot);
        let is_ordering = question.is_some_and(|question| question.interaction.is_ordering());
        match action {
            Action::Toggle if is_answering && is_ordering => Some(ORDER_AS_SHOWN),
            Action::Digit(_) if is_answering => Some("how sure: guess, unsure, fairly, sure"),
            Action::Digit(_) if meeting.votes_by_fingers() => {
                Some("the fingers of the next person in the roster; 0 for no vote")
            }
            Action::Digit(_) => Some(match rows(meeting, slot).get(self.row) {
                Some(Row::Aloud) => "1 right, 2 wrong, 0 no answer",
                Some(Row::Points(_)) => "points for the highlighted criterion",
                _ => "the level of their reasoning, 0 to 3",
            }),
            _ => None,
        }
    }
}

fn has_lines(interaction: &Interaction) -> bool {
    interaction.lines() > 1
}

/// Adds the key for answering the question, and that digits state the confidence in a number.
fn hint_at_answering(meeting: &Meeting, seat: usize, page: &mut Page) {
    let slot = meeting.slot();
    let interaction = &meeting.questions[slot].interaction;
    let is_answered = meeting.sheet(slot, seat).vote(meeting.round()).is_some();
    if matches!(interaction, Interaction::Numeric(_)) && is_answered {
        page.digits = Some((4, "how sure"));
    }
    page.footer.push(match interaction {
        Interaction::Ordering { .. } => Action::MoveDown,
        Interaction::Numeric(_) | Interaction::Open { .. } => Action::Edit,
        _ => Action::Clear,
    });
}
