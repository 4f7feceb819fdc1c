//! The dialogs about the running session.

use super::Dialog;
use crate::app::effect::{Effect, Started};
use crate::core::id::SessionId;
use crate::session::{Draw, Event, Mode, Session};
use crate::tui::app::Model;
use crate::tui::running::Running;
use crate::tui::screen::overview::count_partial;
use crate::tui::widget::count;

impl Dialog {
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
            return Self::new("Finish practice?", vec![words])
                .choice("Continue", |turn| turn.pop())
                .final_choice("Finish and see the summary", |turn| {
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
            words.extend(missing_reasons(session));
            words
        });
        let (title, end) = match is_homework(model) {
            true => ("Finish the homework?", "Finish and write the result file"),
            false => ("Finish the assessment?", "Finish and see the result"),
        };
        let is_complete = model.running.as_ref().is_some_and(|running| {
            let session = running.session();
            session.answered() == session.len()
                && session.flagged() == 0
                && count_partial(session) == 0
                && session.without_reason().is_empty()
        });
        // As long as something is open, nothing is marked: a run of Enter must not finish.
        Self::new(title, words.unwrap_or_default())
            .choice("Keep answering", |turn| turn.pop())
            .final_choice(end, |turn| {
                turn.pop();
                turn.finish();
            })
            .with_last_marked(is_complete)
    }

    /// Asks before leaving a blank question of an adaptive session, which can't be answered later.
    pub fn leave_blank() -> Self {
        let words = "It scores 0 then, and you can't come back to it.".to_owned();
        Self::new("Leave this question blank?", vec![words])
            .choice("Keep answering", |turn| turn.pop())
            .final_choice("Leave it blank", |turn| {
                turn.pop();
                turn.draw_next();
            })
    }

    pub fn time_is_up(model: &Model) -> Self {
        let answered = model.running.as_ref().map_or(0, |r| r.session().answered());
        let words = vec![
            format!(
                "{} answered.{}",
                count(answered, "question"),
                model.running.as_ref().map_or("", on_the_screen)
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
            .final_choice("Finish and see the summary", |turn| {
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
                     reasons: press i to write one.";
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
            dialog = dialog.final_choice("Finish and see the summary", |turn| {
                turn.pop();
                turn.finish();
            });
        }
        dialog
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
        // The dialog opens by itself, and a key may have been meant for the previous screen. So this choice ignores
        // keys that come too early.
        .final_choice(&format!("Save it to {path} and continue there"), |turn| {
            turn.pop();
            turn.effect(Effect::Rescue);
        })
        .final_choice("Not now", |turn| turn.pop())
    }
}

/// Returns a sentence on the answers of a homework that have no reason; `None` if there are none.
fn missing_reasons(session: &Session) -> Option<String> {
    let slots = session.without_reason();
    let numbers: Vec<String> = slots.iter().map(|slot| (slot + 1).to_string()).collect();
    let all = numbers.join(", ");
    let who = match slots.len() {
        0 => return None,
        1 => format!("Question {all} has no reason."),
        _ => format!("Questions {all} have no reason."),
    };
    Some(format!(
        "{who} Your mentor learns most from the reasons: press i to write one."
    ))
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
    let has_text = running.draft.is_some()
        || !running.unreadable.is_empty()
        || !running.typed_steps.is_empty();
    (running.session().has_no_answers() && !has_text).then(|| running.id.clone())
}

/// Returns a sentence about what was on the screen when the time was up: nothing if the question was blank.
fn on_the_screen(running: &Running) -> &'static str {
    let session = running.session();
    let Some(slot) = session.expiry().and_then(|expiry| expiry.slot) else {
        return "";
    };
    if running.unreadable.contains_key(&slot) {
        " What you typed last is not a number, so it was not counted."
    } else if session.sheet(slot).answer.is_some() {
        " The answer on the screen was counted."
    } else if running.typed_steps.contains_key(&slot) {
        " The order that you typed is not complete, so it was not counted."
    } else {
        ""
    }
}
