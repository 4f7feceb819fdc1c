//! Feedback in lines: the verdict, the key and its explanation.

use super::show::{parts, sentence};
use crate::core::practice::Grade;
use crate::core::text::Text;
use crate::session::Session;
use crate::session::present::Presented;

/// Formats the feedback on a question whose answer is final.
pub fn question(session: &Session, slot: usize) -> String {
    let sheet = session.sheet(slot);
    let presented = Presented::of(session, slot, &session.outcome(slot));
    let mut lines = vec![String::new(), sentence(presented.verdict.words())];
    // A person who still rates the answer sees the model answer later, with the criteria.
    let is_to_be_rated = session.question(slot).interaction.is_open()
        && sheet.answer.is_some()
        && sheet.awaits_grade();
    lines.extend(parts(&if is_to_be_rated {
        presented.revealed.lesson()
    } else {
        presented.parts()
    }));
    for (title, text) in [
        ("Your note", &sheet.note),
        ("You dispute it", &sheet.dispute),
    ] {
        if !text.is_empty() {
            lines.push(format!("{title}: {}", Text::new(text).line()));
        }
    }
    lines.join("\n")
}

/// Formats the grade: `Grade: again. It comes back in a few questions.`
pub fn grade(session: &Session, slot: usize) -> String {
    let word = session.sheet(slot).grade.map_or("none yet", Grade::words);
    let repetition = session
        .repetition(slot, false)
        .map_or_else(String::new, |words| format!(" {words}"));
    format!("Grade: {word}.{repetition}")
}
