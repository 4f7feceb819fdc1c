//! Answers that are typed at the keyboard of a mentor session.

use super::{MeetingScreen, answering};
use crate::app::key::{Code, Key};
use crate::app::keymap::Action;
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::session::TextField;
use crate::session::meeting::{Event, Meeting, Rater, Step};
use crate::session::present::Response;
use crate::tui::app::Turn;
use crate::tui::page::Scroll;
use crate::tui::widget::question::pad::Typed;

impl MeetingScreen {
    /// Applies a key on the stage to the answer of the person at the keyboard.
    pub(super) fn answer(&mut self, action: Action, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return turn.home();
        };
        let meeting = mentoring.meeting();
        let Some(seat) = answering(meeting) else {
            return self.act_after(action, turn);
        };
        if matches!(action, Action::Up | Action::Down) && turn.seen.focus_hidden {
            return self.scroll.towards(turn.seen, action == Action::Down);
        }
        let slot = meeting.slot();
        let vote = meeting.sheet(slot, seat).vote(meeting.round()).cloned();
        let (question, order) = (&meeting.questions[slot], &meeting.form.items[slot].order);
        if let Action::Digit(n @ 1..=4) = action {
            let said = Confidence::ALL[usize::from(n) - 1];
            let confidence = (meeting.sheet(slot, seat).confidence != Some(said)).then_some(said);
            match vote {
                Some(_) if turn.shows(action) => drop(self.record(
                    Event::Confident {
                        slot,
                        seat,
                        confidence,
                    },
                    turn,
                )),
                Some(_) => self.scroll = Scroll::END,
                None => turn.tell("answer first, then rate your confidence"),
            }
            return;
        }
        self.scroll.follow();
        match self.pad.act(action, question, order, vote.as_ref()) {
            Response::Answer(answer) => self.vote(answer, turn),
            Response::Refused(why) => turn.tell(why),
            Response::Complete | Response::Unchanged | Response::Type => {}
        }
        if self.pad.field.is_none() {
            self.draft_vote(turn);
        }
    }

    pub(super) fn type_answer(&mut self, key: Key, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        if matches!(key.code, Code::PageUp | Code::PageDown) {
            return self.scroll.by_page(turn.seen, key.code == Code::PageDown);
        }
        let Some(question) = meeting.questions.get(meeting.slot()) else {
            return;
        };
        self.scroll.follow();
        let answer = match self.pad.press(key) {
            Typed::Line => self.pad.typed(question),
            Typed::Changed | Typed::Nothing => None,
        };
        self.draft_vote(turn);
        if let Some(answer) = answer {
            self.vote(answer, turn);
        }
    }

    /// Stores the text in the field, or the steps of an ordering typed so far, as a draft until it is recorded as a vote.
    pub(super) fn draft_vote(&self, turn: &mut Turn) {
        let text = match &self.pad.field {
            Some(field) => field.text().to_owned(),
            None => self.pad.typed_steps(),
        };
        if let Some(mentoring) = &turn.model.meeting
            && let Some(vote) = typed_vote(mentoring.meeting())
        {
            let is_kept = turn
                .model
                .field_drafts
                .get(&(mentoring.id.clone(), vote.clone()))
                == Some(&text);
            if !is_kept {
                turn.draft_field(mentoring.id.clone(), vote, &text);
            }
        }
    }

    /// Continues with what was being typed for this question.
    pub(super) fn restore_vote(&mut self, turn: &Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        let Some(text) = typed_vote(meeting).and_then(|vote| {
            let kept = (mentoring.id.clone(), vote);
            turn.model.field_drafts.get(&kept)
        }) else {
            return;
        };
        if let Some(field) = &mut self.pad.field {
            field.clear();
            field.insert(text);
            self.pad.typing = true;
        } else if meeting.questions[meeting.slot()].interaction.is_ordering() {
            let steps = meeting.form.items[meeting.slot()].order.len();
            self.pad.resume_steps(text, steps);
        }
    }

    /// Records the answer of the person at the keyboard if it changed. Text that is not a number clears the answer.
    fn vote(&mut self, answer: Answer, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        let Some(seat) = answering(meeting) else {
            return;
        };
        let (slot, round) = (meeting.slot(), meeting.round());
        let answer = scoring::recordable(&meeting.questions[slot], answer);
        if meeting
            .sheet(slot, seat)
            .vote(round)
            .map_or(!answer.is_blank(), |vote| *vote != answer)
        {
            let event = meeting.voting(slot, seat, answer);
            self.record(event, turn);
        }
        if self.is_unreadable(turn) {
            turn.tell("not a number yet: the question counts as unanswered");
        } else if let Some(mentoring) = &turn.model.meeting
            && let Some(vote) = typed_vote(mentoring.meeting())
        {
            turn.draft_field(mentoring.id.clone(), vote, "");
        }
    }

    /// Returns true if the field contains text that is not a number.
    fn is_unreadable(&self, turn: &Turn) -> bool {
        let Some(mentoring) = &turn.model.meeting else {
            return false;
        };
        let meeting = mentoring.meeting();
        let question = answering(meeting).and_then(|_| meeting.questions.get(meeting.slot()));
        let typed = question.and_then(|question| Some((question, self.pad.typed(question)?)));
        typed.is_some_and(|(question, answer)| {
            !answer.is_blank() && !scoring::is_readable(question, &answer)
        })
    }

    /// Refuses to end a vote while the field contains text that is not a number, and moves the cursor there.
    pub(super) fn keeps_open(&mut self, event: &Event, turn: &mut Turn) -> bool {
        let keeps_open = matches!(
            event,
            Event::Committed | Event::HandedOn | Event::AtKeyboard { .. }
        ) && self.is_unreadable(turn);
        if keeps_open {
            self.pad.typing = true;
            turn.tell(
                "not a number yet: correct it, or delete the text to leave the question unanswered",
            );
        }
        keeps_open
    }

    /// Handles a key on the stage when no answer is given: scrolling, and after the reveal one's own points for an open
    /// answer.
    fn act_after(&mut self, action: Action, turn: &mut Turn) {
        let Some(mentoring) = &turn.model.meeting else {
            return;
        };
        let meeting = mentoring.meeting();
        let slot = meeting.slot();
        let rubric = own_rubric(meeting);
        if meeting.step() == Step::Closing {
            return self.act_on_closing(action, turn);
        }
        match action {
            Action::Digit(points) if rubric > 0 => {
                let (criterion, points) = (
                    self.pad.at.unwrap_or(0).min(rubric - 1),
                    Some(u32::from(points)),
                );
                let is_shown = turn.shows(Action::Choose(criterion));
                if is_shown
                    && self.record(
                        Event::Rated {
                            slot,
                            seat: 0,
                            by: Rater::Own,
                            criterion,
                            points,
                        },
                        turn,
                    )
                {
                    self.pad.at = Some((criterion + 1).min(rubric - 1));
                }
                self.scroll.follow();
            }
            Action::Up | Action::Down if rubric > 0 => {
                let at = self.pad.at.unwrap_or(0);
                let to = if action == Action::Down {
                    at + 1
                } else {
                    at.saturating_sub(1)
                };
                self.pad.at = Some(to.min(rubric - 1));
                self.scroll.follow();
            }
            Action::Up | Action::Down => self.scroll.by(turn.seen, 1, action == Action::Down),
            Action::Digit(_)
                if matches!(meeting.step(), Step::Asking(_)) && !meeting.is_paused() =>
            {
                turn.tell(
                    "answered aloud: note who is right on the console, or let each person type (H)",
                );
            }
            _ => {}
        }
    }
}

/// Returns the text field of the person at the keyboard; `None` if no answer is being given.
fn typed_vote(meeting: &Meeting) -> Option<TextField> {
    Some(TextField::Vote {
        slot: meeting.slot(),
        seat: answering(meeting)?,
        round: meeting.round(),
    })
}

/// Returns the number of criteria that a single participant rates on the stage.
fn own_rubric(meeting: &Meeting) -> usize {
    match meeting.questions.get(meeting.slot()) {
        Some(question) if meeting.is_with_one() && meeting.step() == Step::Revealed => {
            question.interaction.rubric().len()
        }
        _ => 0,
    }
}
