//! A dialog above the current screen: a sentence or two, and a few choices.

use ratatui::text::Line;

use super::overview::count_partial;
use super::{Cursor, Screen, pointer};
use crate::app::effect::{Effect, HistoryRow, HistoryState, OpenSession, Started, done, session};
use crate::app::keymap::{Action, Context};
use crate::core::id::SessionId;
use crate::core::text::Text;
use crate::session::{Draw, Event, Mode, Session};
use crate::tui::app::{Model, Turn};
use crate::tui::page::{Look, Page, Scroll};
use crate::tui::theme::Role;
use crate::tui::widget::{count, prose};

type DialogAction = Box<dyn Fn(&mut Turn)>;

/// A choice of a dialog.
struct Choice {
    words: String,
    deed: DialogAction,
    /// True if the choice cannot be undone.
    is_final: bool,
}

pub struct Dialog {
    title: String,
    words: Vec<String>,
    choices: Vec<Choice>,
    cursor: Cursor,
    /// True if a choice is marked. At first none is marked if the first one cannot be undone, so that Enter does
    /// nothing.
    is_marked: bool,
    about_time: bool,
    /// True if there is no screen to go back to.
    is_first: bool,
}

impl Dialog {
    pub(super) fn new(title: &str, words: Vec<String>) -> Self {
        let choices = Vec::new();
        // A dialog that is longer than the screen opens at its beginning, which says what the choices are about.
        let cursor = Cursor {
            at: 0,
            scroll: Scroll {
                offset: 0,
                free: true,
            },
        };
        Self {
            title: title.to_owned(),
            words,
            choices,
            cursor,
            is_marked: false,
            about_time: false,
            is_first: false,
        }
    }

    pub(super) fn choice(self, words: &str, deed: impl Fn(&mut Turn) + 'static) -> Self {
        self.add(Choice {
            words: words.to_owned(),
            deed: Box::new(deed),
            is_final: false,
        })
    }

    /// Adds a choice that cannot be undone; it ignores a key that was pressed before the dialog could be read.
    pub(super) fn final_choice(self, words: &str, deed: impl Fn(&mut Turn) + 'static) -> Self {
        self.add(Choice {
            words: words.to_owned(),
            deed: Box::new(deed),
            is_final: true,
        })
    }

    fn add(mut self, choice: Choice) -> Self {
        self.is_marked |= self.choices.is_empty() && !choice.is_final;
        self.choices.push(choice);
        self
    }

    /// Marks the first choice, or the last one if the action moves upwards. Returns `false` if a choice is already
    /// marked or the action doesn't move.
    fn mark(&mut self, action: Action) -> bool {
        let at = match action {
            _ if self.is_marked => return false,
            Action::Down | Action::Right | Action::Top => 0,
            Action::Up | Action::Left | Action::Bottom => self.choices.len().saturating_sub(1),
            _ => return false,
        };
        (self.cursor.at, self.is_marked) = (at, true);
        true
    }

    fn choose(&self, place: usize, turn: &mut Turn) {
        match self.choices.get(place) {
            Some(choice) if choice.is_final && turn.is_hasty => {
                turn.tell("that key came too early to be meant for this: press it again");
            }
            Some(choice) => (choice.deed)(turn),
            None => {}
        }
    }

    /// Asks what to do with an unfinished session.
    pub fn resume(open: &OpenSession) -> Self {
        let (title, done, end, discarded) = match open.mode {
            Mode::Assess => (
                "An assessment is waiting",
                "answered",
                "Finish now and see the result",
                "Discard it; it can be restored for 30 days",
            ),
            Mode::Practise => (
                "Practice is waiting",
                "done",
                "End it and see the summary",
                "Discard it; it can be restored for 30 days",
            ),
            Mode::Homework | Mode::Assigned => (
                "Homework is waiting",
                "answered",
                "Finish it now",
                "Discard it; it can be restored for 30 days",
            ),
            Mode::Mentor => (
                "A mentor session is waiting",
                "discussed",
                "Close it now",
                "Discard it",
            ),
        };
        let mut words = format!(
            "{}: {} of {} {done}.",
            with_people(&open.people, &open.day),
            open.answered,
            count(open.questions, "question")
        );
        if open.mode == Mode::Assess {
            let left = open.left.map_or("It has no time limit.".to_owned(), |l| {
                format!("{} are left.", l.clock())
            });
            words.push_str(&format!(" {left}"));
        }
        let then = |effect: fn(SessionId) -> Effect| {
            let id = open.id.clone();
            move |turn: &mut Turn| {
                turn.home();
                turn.effect(effect(id.clone()));
            }
        };
        let dialog = Self::new(title, vec![words])
            .choice("Resume where you left off", then(Effect::Resume))
            .final_choice(end, then(Effect::FinishOpen));
        let dialog = match open.mode {
            Mode::Mentor => {
                let id = open.id.clone();
                dialog.final_choice(discarded, move |turn| {
                    turn.push(Self::discard_meeting(id.clone()));
                })
            }
            _ => dialog.final_choice(discarded, then(Effect::Discard)),
        };
        dialog.choice("Not now", |turn| turn.pop())
    }

    /// Asks before discarding a mentor session, because it contains answers of several people.
    fn discard_meeting(id: SessionId) -> Self {
        let words = "Its answers and notes won't count. You can restore it from the history for \
                     30 days.";
        Self::new("Discard the mentor session?", vec![words.to_owned()])
            .choice("Keep it", |turn| turn.pop())
            .final_choice("Discard it", move |turn| {
                turn.home();
                turn.effect(Effect::Discard(id.clone()));
            })
    }

    /// Asks before deleting a session from the history.
    pub fn delete(past: &HistoryRow) -> Self {
        let words = format!(
            "{} Its score leaves the history, and later comparisons. What you have seen and answered \
             in it stays known to practice. You can restore it from the history for 30 days.",
            identity(past)
        );
        let id = past.id.clone();
        Self::new("Delete this session?", vec![words])
            .choice("Keep it", |turn| turn.pop())
            .final_choice("Delete it", move |turn| {
                turn.home();
                turn.effect(Effect::Delete(id.clone()));
            })
    }

    /// Asks whether to restore a discarded or deleted session.
    pub fn restore(past: &HistoryRow) -> Self {
        let id = past.id.clone();
        let mut words = identity(past);
        if let HistoryState::Discarded { until, is_deleted } = &past.state {
            let word = if *is_deleted { "deleted" } else { "discarded" };
            words.push_str(&format!(
                " It was {word}, and can be restored until {until}."
            ));
        }
        Self::new("Restore this session?", vec![words])
            .choice("Restore it", move |turn| {
                turn.home();
                turn.effect(Effect::Restore(id.clone()));
            })
            .choice("Not now", |turn| turn.pop())
    }

    /// Asks before ending a mentor session without any notes.
    pub fn end_meeting() -> Self {
        let words = "Nothing was written down yet: no summary in the person's own words and no \
                     agreement.";
        Self::new("End the session?", vec![words.to_owned()])
            .choice("Stay, and write it down together", |turn| turn.pop())
            .final_choice("End the session", |turn| {
                turn.pop();
                turn.end_meeting();
            })
    }

    pub fn leave_meeting(model: &Model) -> Self {
        let words = match model.unsaved {
            None => {
                "Everything is saved. You can resume or close the session from the home screen."
            }
            Some(_) => {
                "The latest events aren't saved yet. Leaving tries once more; if that fails, they \
                 are lost."
            }
        };
        Self::new("Leave the session?", vec![words.to_owned()])
            .choice("Stay", |turn| turn.pop())
            .choice("Go to the home screen", |turn| turn.leave_meeting())
            .choice("Quit", |turn| turn.quit_meeting())
    }

    /// Reports that the history's file was replaced, moved or deleted while it was open.
    pub fn lost(why: &str, path: &str) -> Self {
        let words = "The file now in its place was not touched. Your session is in memory until \
                     aethos quits.";
        Self::new(
            "The history is gone",
            vec![why.to_owned(), words.to_owned()],
        )
        // The dialog opens by itself, so a key may have been meant for the previous screen.
        .final_choice(&format!("Save it to {path} and continue there"), |turn| {
            turn.pop();
            turn.effect(Effect::Rescue);
        })
        .final_choice("Not now", |turn| turn.pop())
    }

    /// Asks for confirmation before the end, with the counts of answers.
    pub fn finish(model: &Model) -> Self {
        if let Some(running) = model
            .running
            .as_ref()
            .filter(|running| is_practice(running.session()))
        {
            let session = running.session();
            let words = format!(
                "{} of {} done.",
                session.done(),
                count(session.most(), "question")
            );
            return Self::new("End practice?", vec![words])
                .choice("Continue", |turn| turn.pop())
                .final_choice("End it and see the summary", |turn| {
                    turn.pop();
                    turn.finish();
                })
                .with_last_marked(session.done() == session.most());
        }
        let words = model.running.as_ref().map(|running| {
            let session = running.session();
            let blank = session.len() - session.answered();
            let partly = match count_partial(session) {
                0 => String::new(),
                1 => ", one of them only partly".to_owned(),
                n => format!(", {n} of them only partly"),
            };
            let mut words = vec![format!(
                "{} of {} answered{partly}.",
                session.answered(),
                count(session.len(), "question")
            )];
            if blank > 0 && session.mode.counts() {
                words.push(format!(
                    "{blank} unanswered: those you have seen count as omitted and score 0."
                ));
            }
            if session.flagged() > 0 {
                words.push(format!("{} still flagged.", session.flagged()));
            }
            words
        });
        let (title, end) = match is_homework(model) {
            true => ("Finish the homework?", "Finish and write the result file"),
            false => ("Finish the assessment?", "Finish and see the result"),
        };
        let dialog = Self::new(title, words.unwrap_or_default())
            .choice("Keep answering", |turn| turn.pop())
            .final_choice(end, |turn| {
                turn.pop();
                turn.finish();
            });
        let is_complete = model.running.as_ref().is_some_and(|running| {
            let session = running.session();
            let is_answered = session.answered() == session.len();
            is_answered && count_partial(session) == 0 && session.flagged() == 0
        });
        dialog.with_last_marked(is_complete)
    }

    fn goes_back(&self) -> bool {
        !self.about_time && !self.is_first
    }

    /// Marks the last choice if `is_likely`.
    fn with_last_marked(mut self, is_likely: bool) -> Self {
        if is_likely {
            (self.cursor.at, self.is_marked) = (self.choices.len().saturating_sub(1), true);
        }
        self
    }

    pub fn time_is_up(model: &Model) -> Self {
        let answered = model.running.as_ref().map_or(0, |r| r.session().answered());
        let words = vec![
            format!(
                "{} answered. The answer on the screen was counted.",
                count(answered, "question")
            ),
            "If you continue, the report shows both results.".to_owned(),
        ];
        let end = match is_homework(model) {
            true => "Finish and write the result file",
            false => "Finish and see the result",
        };
        let mut dialog = Self::new("Time is up. Finish, or continue untimed?", words)
            .final_choice(end, |turn| {
                turn.pop();
                turn.finish();
            })
            .final_choice("Continue untimed", |turn| {
                turn.pop();
                let _ = turn.record(Event::WentOn);
            });
        dialog.about_time = true;
        dialog
    }

    /// Asks whether to continue after the planned minutes; `next` is the question that was chosen next.
    pub fn minutes_are_over(model: &Model, next: Draw) -> Self {
        let done = model
            .running
            .as_ref()
            .map_or(0, |running| running.session().done());
        let words = format!(
            "{} done. You can do more if you like.",
            count(done, "question")
        );
        Self::new("Your time is up", vec![words])
            .final_choice("End it and see the summary", |turn| {
                turn.pop();
                turn.finish();
            })
            .final_choice("Continue without a clock", move |turn| {
                turn.pop();
                let _ = turn.record(Event::WentOn);
                turn.take(next.clone());
            })
    }

    /// Shows what a homework asks before its clock starts.
    pub fn before_homework(briefing: String, started: Started) -> Self {
        let rules = "You can change answers and leave at any time: everything is saved, and the same \
                     command resumes it. Your mentor sees your answers, how sure you are, and your \
                     reasons, which i writes.";
        let started = Started {
            notice: None,
            ..started
        };
        let mut dialog = Self::new("Before you start", vec![briefing, rules.to_owned()])
            .choice("Start", move |turn| turn.begin(started.clone()))
            .choice("Quit", |turn| turn.effect(Effect::Quit));
        // There is no screen before it.
        dialog.is_first = true;
        dialog
    }

    /// Asks whether to leave homework. There is no home screen: its answers are not in the history.
    fn leave_homework() -> Self {
        let words = "Everything is saved, and the clock stops. The same command resumes it.";
        Self::new("Leave the homework?", vec![words.to_owned()])
            .choice("Stay", |turn| turn.pop())
            .choice("Quit", |turn| {
                turn.settle_draft();
                turn.effect(Effect::Quit);
            })
    }

    pub fn leave(model: &Model) -> Self {
        if is_homework(model) {
            return Self::leave_homework();
        }
        let is_practice = model
            .running
            .as_ref()
            .is_some_and(|running| is_practice(running.session()));
        let words = match model.unsaved {
            None if untouched(model).is_some() => {
                "You haven't answered anything yet, so there is nothing to resume."
            }
            None => {
                "Everything is saved, and the clock stops. Next time you can resume, finish or \
                 discard it."
            }
            Some(_) => {
                "Your latest answers aren't saved yet. Leaving tries once more; if that fails, \
                 they are lost."
            }
        };
        let title = if is_practice {
            "Leave practice?"
        } else {
            "Leave the assessment?"
        };
        let mut dialog = Self::new(title, vec![words.to_owned()])
            .choice("Stay", |turn| turn.pop())
            .choice("Go to the home screen", |turn| {
                turn.settle_draft();
                let untouched = untouched(turn.model);
                turn.effect(Effect::Leave);
                untouched
                    .into_iter()
                    .for_each(|id| turn.effect(Effect::Discard(id)));
                turn.model.running = None;
                turn.home();
            })
            .choice("Quit", |turn| {
                turn.settle_draft();
                if let Some(id) = untouched(turn.model) {
                    turn.effect(Effect::Leave);
                    turn.effect(Effect::Discard(id));
                }
                turn.effect(Effect::Quit);
            });
        if is_practice && untouched(model).is_none() {
            dialog = dialog.final_choice("End it and see the summary", |turn| {
                turn.pop();
                turn.finish();
            });
        }
        dialog
    }
}

fn is_homework(model: &Model) -> bool {
    let running = model.running.as_ref();
    running.is_some_and(|running| running.session().mode == Mode::Homework)
}

fn is_practice(session: &Session) -> bool {
    session.mode == Mode::Practise
}

/// Returns the running session if it contains no answers, ratings or text, so that it need not be kept.
fn untouched(model: &Model) -> Option<SessionId> {
    let running = model.running.as_ref()?;
    let has_text = running.draft.is_some() || !running.unreadable.is_empty();
    (running.session().has_no_answers() && !has_text).then(|| running.id.clone())
}

impl Screen for Dialog {
    fn context(&self) -> Context {
        Context::Dialog
    }

    fn scroll(&self) -> Scroll {
        self.cursor.scroll
    }

    fn is_about_time(&self) -> bool {
        self.about_time
    }

    fn act(&mut self, action: Action, turn: &mut Turn) {
        if self.mark(action) || self.cursor.act(action, self.choices.len(), turn) {
            return;
        }
        match action {
            Action::Left => drop(self.cursor.act(Action::Up, self.choices.len(), turn)),
            Action::Right => drop(self.cursor.act(Action::Down, self.choices.len(), turn)),
            Action::Enter if self.is_marked => self.choose(self.cursor.at, turn),
            Action::Enter => turn.tell("choose with an arrow key or a number first"),
            Action::Choose(place) => self.choose(place, turn),
            Action::Digit(n @ 1..) => self.choose(usize::from(n) - 1, turn),
            Action::Back if self.goes_back() => turn.pop(),
            Action::Leave => turn.effect(Effect::Quit),
            _ => {}
        }
    }

    fn works(&self, action: Action, _: &Model, scrolls: bool) -> bool {
        let n = self.choices.len();
        match action {
            Action::Enter | Action::Digit(_) => true,
            Action::Left | Action::Right => n > 1,
            Action::Back => self.goes_back(),
            _ => Cursor::works(action, n, scrolls),
        }
    }

    fn view(&self, _: &Model, look: &Look, width: usize) -> Page {
        let mut title = prose::wrap(&self.title, width, 0).into_iter();
        let mut page = Page {
            left: look.line(title.next().unwrap_or_default(), Role::Title),
            ..Page::default()
        };
        title.for_each(|rest| page.push(look.line(rest, Role::Title)));
        for words in &self.words {
            for line in prose::wrap(words, width, 0) {
                page.push(look.line(line, Role::Text));
            }
        }
        page.blank();
        for (i, choice) in self.choices.iter().enumerate() {
            let marked = self.is_marked && i == self.cursor.at;
            let number = format!("{}  ", i + 1);
            let words = prose::wrap(&choice.words, width.saturating_sub(2 + number.len()), 0);
            for (n, words) in words.into_iter().enumerate() {
                let lead = match n {
                    0 => number.clone(),
                    _ => " ".repeat(number.len()),
                };
                let line = Line::from(vec![
                    look.span(pointer(marked && n == 0, look), Role::Key),
                    look.span(lead, Role::Dim),
                    look.span(words, Role::Text),
                ]);
                page.choice(line, Action::Choose(i), marked, look);
            }
        }
        page.footer = vec![Action::Enter];
        if self.goes_back() {
            page.footer.push(Action::Back);
        }
        page.footer.push(Action::PageDown);
        page
    }
}

/// Returns a sentence that says which session a line of the history is.
fn identity(past: &HistoryRow) -> String {
    let name = past.name.as_ref();
    let name = name.map_or("The ".to_owned(), |name| format!("{}: the ", name.line()));
    format!(
        "{name}{} of {}, {} of {} {}.",
        session(past.mode),
        past.day,
        past.answered,
        count(past.questions, "question"),
        done(past.mode),
    )
}

/// Returns who took part in a session and its day, such as `With Ada and Ben, 28 Nov`; only the day of other sessions.
fn with_people(people: &[Text], day: &str) -> String {
    let names: Vec<String> = people.iter().map(Text::line).collect();
    match names.split_last() {
        None => format!("Started on {day}"),
        Some((only, [])) => format!("With {only}, {day}"),
        Some((last, others)) => format!("With {} and {last}, {day}", others.join(", ")),
    }
}
