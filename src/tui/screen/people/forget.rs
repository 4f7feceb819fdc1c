//! The dialog that explains and confirms forgetting a person.

use super::super::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::people::{PeopleRequest, RosterLine};
use crate::tui::app::Turn;
use crate::tui::widget::count;

/// Asks whether to forget a person and how much to delete; the first choice does nothing.
pub fn forget(line: &RosterLine) -> Dialog {
    let sessions = format!(
        "{} has {} with you and {} alone",
        line.name,
        count(line.meetings, "session"),
        line.own
    );
    let wish = |erase| {
        let person = line.id;
        move |turn: &mut Turn| {
            turn.pop();
            turn.effect(Effect::People(Box::new(PeopleRequest::Forget {
                person,
                erase,
            })));
        }
    };
    let words = vec![
        format!("{sessions}. This can't be undone."),
        "If you forget the name, the sessions stay, but they no longer say whose they were."
            .to_owned(),
        format!(
            "Erasing also deletes {}: answers, levels, evidence, notes, sentences and agreements. \
             The answers of other people in the same sessions stay.",
            count(line.events, "entry").replace("entrys", "entries")
        ),
    ];
    Dialog::new(&format!("Forget {}?", line.name), words)
        .choice("Keep everything", |turn| turn.pop())
        .final_choice("Forget the name", wish(false))
        .final_choice("Erase everything about them", wish(true))
}
