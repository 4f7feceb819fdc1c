//! The dialogs about sessions that are not running.

use super::Dialog;
use crate::app::effect::{Effect, HistoryRow, HistoryState, OpenSession, done, session};
use crate::core::id::SessionId;
use crate::core::text::Text;
use crate::session::Mode;
use crate::tui::app::Turn;
use crate::tui::widget::count;

impl Dialog {
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
                "Finish and see the summary",
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
                "Discard it; it can be restored for 30 days",
            ),
        };
        let mut words = format!(
            "{}: {} of {} {done}.",
            with_people(&open.people, &format!("{}, {}", open.day, open.time)),
            open.answered,
            count(open.questions, "question")
        );
        if open.mode == Mode::Assess {
            let left = open.left.map_or("It has no time limit.".to_owned(), |l| {
                format!("{} left.", l.clock())
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
            "{} Its score leaves the history, and later comparisons. Practice still counts what you \
             saw and answered in it. You can restore it from the history for 30 days.",
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
