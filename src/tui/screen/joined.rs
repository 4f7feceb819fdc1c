//! The screen of a participant who joined a session from elsewhere: the stage, and a pad for the own vote.

use super::meeting::stage::{self, Keyboard};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Action, Context};
use crate::core::id::ChoiceId;
use crate::core::question::Question;
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::session::meeting::stage::{GivenAnswer, Scene, Stage};
use crate::session::meeting::{OwnSeat, RoomFrame, RoomMessage, RoomVote, Round, keyless};
use crate::session::present::{Asked, Places, Response};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::screen::{ORDER_AS_SHOWN, Screen, reads};
use crate::tui::theme::Role;
use crate::tui::widget::field::Field;
use crate::tui::widget::question::Pad;
use crate::tui::widget::question::pad::Typed;
use crate::tui::widget::{count, prose};

/// The maximum length of a reason, in bytes.
const LONGEST_REASON: usize = 300;

/// The state of the pad for one vote.
#[derive(Default)]
pub struct JoinedScreen {
    /// The vote that the pad is for.
    vote: Option<Open>,
    pad: Pad,
    /// The reason being written.
    reason: Option<Field>,
    /// The vote that was sent and is not confirmed yet.
    pending: Option<Draft>,
    /// The number of messages sent so far.
    sent: u64,
    /// The vote as it was stored before this frame.
    known: Option<GivenAnswer>,
    /// True if the mentor has changed the vote since it was sent.
    is_changed: bool,
    /// True after the connection was lost.
    was_lost: bool,
    /// True if the session was over, or nearly, when it was shown last.
    is_over: bool,
    scroll: Scroll,
}

/// A vote that is open.
struct Open {
    question: usize,
    round: Round,
    /// The question as it is asked, without its key.
    asked: Question,
    order: Vec<ChoiceId>,
}

/// A vote as the participant has entered it.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    answer: Option<Answer>,
    confidence: Option<Confidence>,
    reason: String,
}

fn seated(model: &Model) -> Option<(&Stage, &OwnSeat)> {
    match model.joined.as_deref()? {
        RoomFrame::Seated { stage, own } => Some((stage, own)),
        _ => None,
    }
}

/// Returns the question and the round that are open.
fn place(stage: &Stage) -> Option<(usize, Round)> {
    match &stage.scene {
        Scene::Asking { round, .. } => Some((stage.question, *round)),
        _ => None,
    }
}

impl JoinedScreen {
    /// Adapts the pad to the latest frame.
    fn arrive(&mut self, turn: &mut Turn) {
        let Some((stage, own)) = seated(turn.model) else {
            self.was_lost |= self.vote.is_some();
            return;
        };
        self.is_over = matches!(stage.scene, Scene::Over | Scene::Closing { .. });
        let here = self.vote.as_ref().map(|open| (open.question, open.round));
        let is_lost = std::mem::take(&mut self.was_lost);
        if here == place(stage) {
            let is_waiting = self.pending.is_some();
            if own.heard >= self.sent {
                self.pending = None;
            } else if let Some(pending) = self.pending.clone().filter(|_| is_lost) {
                // The message may have been lost with the connection.
                let given = own.given.clone();
                self.send(pending, turn);
                self.known = given;
                return;
            }
            let is_other = self.known != own.given;
            self.known.clone_from(&own.given);
            if is_other && !is_waiting {
                self.is_changed = true;
                self.show_given(own);
            }
            return;
        }
        let question = match &stage.scene {
            Scene::Asking { asked, round, .. } => Some((asked, *round)),
            _ => None,
        };
        self.vote = question.and_then(|(asked, round)| {
            let (asked, order) = keyless(asked)?;
            let question = stage.question;
            Some(Open {
                question,
                round,
                asked,
                order,
            })
        });
        (self.pending, self.reason, self.scroll) = (None, None, Scroll::default());
        (self.known, self.is_changed) = (own.given.clone(), false);
        self.show_given(own);
    }

    /// Shows the stored vote in the pad.
    fn show_given(&mut self, own: &OwnSeat) {
        let given = self.draft(own).answer;
        self.pad = match &self.vote {
            Some(open) => Pad::new(&open.asked, &open.order, given.as_ref()),
            None => Pad::default(),
        };
    }

    /// Returns the vote as it was entered last, or else as it is stored.
    fn draft(&self, own: &OwnSeat) -> Draft {
        if let Some(pending) = &self.pending {
            return pending.clone();
        }
        let answer = self
            .vote
            .as_ref()
            .zip(own.given.as_ref())
            .and_then(|(open, given)| given.answer.answer(&open.asked, &open.order));
        Draft {
            answer,
            confidence: own.given.as_ref().and_then(|given| given.confidence),
            reason: own.reason.as_str().to_owned(),
        }
    }

    /// Sends the whole vote. It is shown as cast when the session confirms it.
    fn send(&mut self, draft: Draft, turn: &mut Turn) {
        let Some(open) = &self.vote else { return };
        self.sent += 1;
        self.is_changed = false;
        let answer = draft.answer.as_ref().filter(|answer| !answer.is_blank());
        let vote = RoomVote {
            n: self.sent,
            question: open.question,
            round: open.round,
            answer: answer.map(|answer| Places::in_order(answer, &open.order)),
            confidence: draft.confidence,
            reason: draft.reason.clone(),
        };
        self.pending = Some(draft);
        turn.effect(Effect::ToMentor(RoomMessage::Vote(vote)));
    }

    /// Applies a key to the answer.
    fn answer(&mut self, action: Action, turn: &mut Turn) {
        let Some(mut draft) = seated(turn.model).map(|(_, own)| self.draft(own)) else {
            return;
        };
        let Some(open) = &self.vote else {
            return self.scroll_by(action, turn);
        };
        if matches!(action, Action::Up | Action::Down) && turn.seen.focus_hidden {
            return self.scroll.towards(turn.seen, action == Action::Down);
        }
        let is_answered = draft
            .answer
            .as_ref()
            .is_some_and(|answer| !answer.is_blank());
        match action {
            Action::Digit(n @ 1..=4) if is_answered => {
                let said = Confidence::ALL[usize::from(n) - 1];
                draft.confidence = (draft.confidence != Some(said)).then_some(said);
                return self.send(draft, turn);
            }
            Action::Digit(_) => return turn.tell("answer first, then say how sure you are"),
            Action::Note if is_answered => {
                self.reason = Some(Field::new(&draft.reason, false, LONGEST_REASON));
                return self.scroll.follow();
            }
            Action::Note => return turn.tell("answer first, then say why"),
            _ => {}
        }
        self.scroll.follow();
        match self
            .pad
            .act(action, &open.asked, &open.order, draft.answer.as_ref())
        {
            Response::Answer(answer) => self.vote_for(answer, draft, turn),
            Response::Refused(why) => turn.tell(why),
            Response::Complete => {
                turn.tell("your vote counts; you can change it until it is closed");
            }
            Response::Unchanged | Response::Type => {}
        }
    }

    /// Sends another answer. The confidence was about the answer before.
    fn vote_for(&mut self, answer: Answer, draft: Draft, turn: &mut Turn) {
        let Some(open) = &self.vote else { return };
        if !answer.is_blank() && !scoring::is_readable(&open.asked, &answer) {
            return turn.tell("not a number yet: it was not sent");
        }
        if draft
            .answer
            .as_ref()
            .map_or(answer.is_blank(), |given| *given == answer)
        {
            return;
        }
        let draft = Draft {
            answer: Some(answer),
            confidence: None,
            ..draft
        };
        self.send(draft, turn);
    }

    fn finish_reason(&mut self, turn: &mut Turn) {
        let Some(field) = self.reason.take() else {
            return;
        };
        let Some(draft) = seated(turn.model).map(|(_, own)| self.draft(own)) else {
            return;
        };
        let reason = field.text().trim().to_owned();
        if reason != draft.reason {
            self.send(Draft { reason, ..draft }, turn);
        }
    }

    fn scroll_by(&mut self, action: Action, turn: &Turn) {
        if matches!(action, Action::Up | Action::Down) {
            self.scroll.by(turn.seen, 1, action == Action::Down);
        }
    }

    /// Returns true if the pad is for the vote that the frame shows.
    fn is_open(&self, stage: &Stage) -> bool {
        let here = self.vote.as_ref().map(|open| (open.question, open.round));
        here.is_some() && here == place(stage)
    }

    fn view_seat(&self, stage: &Stage, own: &OwnSeat, look: &Look, width: usize) -> Page {
        let mut stage = stage.clone();
        if let Scene::Committed { given, .. } | Scene::Revealed { given, .. } = &mut stage.scene {
            given.clone_from(&own.given);
        }
        let open = self.vote.as_ref().filter(|_| self.is_open(&stage));
        let draft = self.draft(own);
        let given = open
            .zip(draft.answer.as_ref())
            .map(|(open, answer)| GivenAnswer {
                answer: Places::in_order(answer, &open.order),
                confidence: draft.confidence,
            });
        let keyboard = open.map(|_| Keyboard {
            pad: &self.pad,
            given,
            open: true,
        });
        let mut page = stage::view(&stage, keyboard, look, width);
        if matches!(stage.scene, Scene::Waiting) {
            page.body.clear();
            view_lobby(&stage, own, &mut page, look, width);
        }
        if open.is_some() && draft.answer.is_some() {
            self.view_reason(&draft, &mut page, look, width);
        }
        if open.is_some() {
            let role = if self.is_changed {
                Role::Warn
            } else {
                Role::Dim
            };
            page.status = Some(look.line(self.state_of_vote(own), role));
        }
        page
    }

    /// Returns what has become of the vote that is open.
    fn state_of_vote(&self, own: &OwnSeat) -> String {
        match (&self.pending, &own.given) {
            (Some(_), _) => "sending your vote …".to_owned(),
            (None, Some(given)) if self.is_changed => format!(
                "your mentor entered {} as your vote; you can change it until it is closed",
                given.answer.spelled()
            ),
            (None, None) if self.is_changed => {
                "your mentor removed your vote; you can vote again".to_owned()
            }
            (None, Some(_)) => "your vote counts; you can change it until it is closed".to_owned(),
            (None, None) => "your vote is open".to_owned(),
        }
    }

    fn view_reason(&self, draft: &Draft, page: &mut Page, look: &Look, width: usize) {
        page.blank();
        let Some(field) = &self.reason else {
            let words = match draft.reason.is_empty() {
                true => "Why?  Press i to write one line".to_owned(),
                false => format!("Why?  {}", Text::new(&draft.reason).line()),
            };
            for line in prose::wrap(&words, width, 6) {
                page.push(look.line(line, Role::Dim));
            }
            return;
        };
        page.push(look.line("Why, in one line", Role::Title));
        field.draw(page, look, width);
    }

    /// Returns true if an action does something while a vote is open.
    fn does(&self, action: Action, open: &Open, own: &OwnSeat) -> bool {
        let interaction = &open.asked.interaction;
        let answer = self.draft(own).answer;
        let has_vote = answer.is_some_and(|answer| !answer.is_blank());
        let has_options = interaction.has_options();
        let is_ordering = interaction.is_ordering();
        match action {
            Action::Enter => has_options,
            Action::Toggle => has_options || is_ordering && !has_vote,
            Action::Clear | Action::Note | Action::Digit(_) => has_vote,
            Action::MoveUp | Action::MoveDown => is_ordering,
            Action::LeaveField => interaction.is_typed() || self.reason.is_some(),
            Action::Up | Action::Down => interaction.lines() > 1,
            _ => false,
        }
    }

    fn hints(&self, own: &OwnSeat, page: &mut Page) {
        if self.reason.is_some() {
            page.words.push((Action::LeaveField, "keep it"));
            page.footer = vec![Action::LeaveField];
            return;
        }
        page.footer = vec![Action::Leave];
        let Some(open) = &self.vote else { return };
        if self.pad.typing {
            page.words.push((Action::LeaveField, "send it"));
            page.footer = vec![Action::LeaveField];
            return;
        }
        let draft = self.draft(own);
        let own = match &open.asked.interaction {
            interaction if interaction.is_ordering() => Action::MoveDown,
            interaction if interaction.is_typed() => Action::LeaveField,
            _ => Action::Clear,
        };
        page.footer = vec![own, Action::Note, Action::Leave];
        if draft.answer.is_some() {
            page.digits = Some((4, "how sure"));
        }
    }
}

/// Says what happens next before the first question, and what others see.
fn view_lobby(stage: &Stage, own: &OwnSeat, page: &mut Page, look: &Look, width: usize) {
    page.blank();
    page.push(look.line("Waiting for your mentor to begin.", Role::Strong));
    page.push(look.line(count(stage.questions, "question"), Role::Dim));
    page.blank();
    let words = format!(
        "You are {}. The others see neither your name nor your vote; your mentor sees both.",
        own.name.line()
    );
    for line in prose::wrap(&words, width, 0) {
        page.push(look.line(line, Role::Text));
    }
}

impl Screen for JoinedScreen {
    fn context(&self) -> Context {
        match self.pad.typing || self.reason.is_some() {
            true => Context::Field,
            false => Context::Joined,
        }
    }

    fn letters(&self, model: &Model) -> usize {
        let stage = seated(model).map(|(stage, _)| stage);
        let open = self
            .vote
            .as_ref()
            .filter(|_| stage.is_some_and(|stage| self.is_open(stage)));
        open.map_or(0, |open| open.asked.interaction.movable())
    }

    fn scroll(&self) -> Scroll {
        self.scroll
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        match action {
            _ if self.scroll.leap(action, turn.seen) => {}
            Action::Next => self.arrive(turn),
            Action::LeaveField if self.reason.is_some() => self.finish_reason(turn),
            Action::Leave => turn.effect(Effect::Quit),
            action => self.answer(action, turn),
        }
    }

    fn press(&mut self, key: Key, turn: &mut Turn) {
        self.scroll.follow();
        if let Some(field) = &mut self.reason {
            match key.code {
                Code::Enter => self.finish_reason(turn),
                _ => drop(field.press(key)),
            }
            return;
        }
        let Some(draft) = seated(turn.model).map(|(_, own)| self.draft(own)) else {
            return;
        };
        let typed = self.pad.press(key);
        let answer = self
            .vote
            .as_ref()
            .and_then(|open| self.pad.typed(&open.asked));
        if let (Typed::Line, Some(answer)) = (typed, answer) {
            self.vote_for(answer, draft, turn);
        }
    }

    fn paste(&mut self, text: &str, turn: &mut Turn) {
        let field = self.reason.as_mut();
        if let Some(field) = field.or(self.pad.field.as_mut().filter(|_| self.pad.typing)) {
            turn.tell_if(field.paste(text));
        }
    }

    fn is_pair(&self, model: &Model) -> bool {
        let asked = seated(model).and_then(|(stage, _)| stage.scene.asked());
        asked.is_some_and(Asked::has_figure)
    }

    fn works(&self, action: Action, model: &Model, scrolls: bool) -> bool {
        let does = seated(model).is_some_and(|(stage, own)| {
            let open = self.vote.as_ref().filter(|_| self.is_open(stage));
            open.is_some_and(|open| self.does(action, open, own))
        });
        does || action != Action::Back && reads(action, scrolls)
    }

    fn sentence(&self, action: Action, _: &Model) -> Option<&'static str> {
        let interaction = &self.vote.as_ref()?.asked.interaction;
        let confirms = action == Action::Toggle && interaction.is_ordering();
        confirms.then_some(ORDER_AS_SHOWN)
    }

    fn view(&self, model: &Model, look: &Look, width: usize) -> Page {
        let (title, words) = match model.joined.as_deref() {
            Some(RoomFrame::Seated { stage, own }) => {
                let mut page = self.view_seat(stage, own, look, width);
                page.letters = match self.pad.typing || self.reason.is_some() {
                    true => 0,
                    false => self.letters(model),
                };
                self.hints(own, &mut page);
                return page;
            }
            Some(RoomFrame::Lobby { name }) => (
                format!("Hello {}.", name.line()),
                "Your mentor is asked who you are; then you see the session here.".to_owned(),
            ),
            Some(RoomFrame::Refused { why }) => ("You can't join.".to_owned(), why.line()),
            Some(RoomFrame::Shut { folder }) => {
                let words = match folder {
                    Some(folder) => format!(
                        "{} can't be opened with your login. If your mentor has opened a session there, \
                         ask them to open it for a group that you are a member of.",
                        folder.line()
                    ),
                    None => "It appears here as soon as your mentor opens one for you. If they have, ask \
                             them to open it for a group that you are a member of, and log in again."
                        .to_owned(),
                };
                ("Waiting for a session.".to_owned(), words)
            }
            Some(RoomFrame::Stopped) if self.is_over => (
                "The session is over.".to_owned(),
                "Your answers are with your mentor. The next session that your mentor opens appears here."
                    .to_owned(),
            ),
            Some(RoomFrame::Stopped) => (
                match self.vote {
                    Some(_) => "The connection is lost.".to_owned(),
                    None => "Waiting for a session.".to_owned(),
                },
                "Your mentor's aethos stopped, or closed the session. You return by yourself when it is \
                 open again. A vote that was shown as counted is stored."
                    .to_owned(),
            ),
            None => (
                "Waiting for a session.".to_owned(),
                "It appears here as soon as your mentor opens one.".to_owned(),
            ),
        };
        let mut page = Page {
            left: look.line("Session", Role::Title),
            ..Page::default()
        };
        page.blank();
        page.push(look.line(title, Role::Strong));
        for line in prose::wrap(&words, width, 0) {
            page.push(look.line(line, Role::Dim));
        }
        page.footer = vec![Action::Leave];
        page
    }
}
