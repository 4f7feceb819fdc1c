//! Keys and answers in a few characters, as the console shows them.

use unicode_width::UnicodeWidthStr;

use crate::core::number;
use crate::core::question::Interaction;
use crate::session::meeting::stage::Places;
use crate::session::meeting::{Meeting, Round};
use crate::tui::screen::{fixed, letter};

/// The longest answer in the list of all, in columns.
const LONGEST: usize = 24;

/// An answer in a few characters.
pub fn letters(places: &Places) -> String {
    match places {
        Places::Picked(picked) => picked.iter().map(|place| letter(*place).to_string()).collect::<Vec<_>>().join(" "),
        Places::Ordered(order) => order.iter().map(|place| letter(*place)).collect(),
        Places::Matched(pairs) => pairs.iter().map(|pair| pair.map_or('-', letter)).collect(),
        Places::Typed(text) => text.line(),
    }
}

/// What a person answered in a round, and whether it is right.
pub fn short(meeting: &Meeting, slot: usize, seat: usize, round: Round) -> String {
    let answer = meeting.sheet(slot, seat).vote(round);
    let sign = match meeting.is_right(slot, answer) {
        Some(true) => " right",
        Some(false) => " wrong",
        None => "",
    };
    answer.map_or("-".to_owned(), |answer| {
        let words = letters(&Places::of(answer, &meeting.form.items[slot]));
        let words = fixed(&words, words.width().min(LONGEST));
        format!("{words}{sign}")
    })
}

/// What is right, in a line; `None` for an open question.
pub fn key(meeting: &Meeting, slot: usize) -> Option<String> {
    let (question, item) = (&meeting.questions[slot], &meeting.form.items[slot]);
    let shown = |id| item.order.iter().position(|shown| *shown == id).map_or('?', letter);
    let ids = crate::core::id::ChoiceId::first(question.interaction.movable());
    Some(match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            let mut keys: Vec<(char, String)> = ids
                .zip(options)
                .filter(|(_, option)| option.is_key())
                .map(|(id, option)| (shown(id), option.text.line()))
                .collect();
            keys.sort();
            keys.into_iter().map(|(letter, text)| format!("{letter}  {text}")).collect::<Vec<_>>().join(" · ")
        }
        Interaction::Ordering { steps, .. } => {
            let texts = steps.iter().enumerate().map(|(i, step)| format!("{} {}", i + 1, step.text.line()));
            texts.collect::<Vec<_>>().join(" · ")
        }
        Interaction::Matching { left, .. } => {
            let pairs = left.iter().map(|entry| format!("{}: {}", entry.text.line(), shown(entry.key)));
            pairs.collect::<Vec<_>>().join(" · ")
        }
        Interaction::Numeric(numeric) => {
            let value = |value| format!("{} {}", number::show(value), numeric.unit);
            format!("{}, within {}", value(numeric.right(item.row)), value(numeric.tolerance(item.row)))
        }
        Interaction::Open { .. } => return None,
    })
}
