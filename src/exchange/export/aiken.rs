//! Writes the Aiken format: a question on one line, its options, and a line `ANSWER: A`.

use super::{Exported, Outgoing};
use crate::exchange::aiken::{answer, option};
use crate::exchange::draft::{Body, Draft};

/// Writes the questions with one key.
pub fn write(questions: &[Outgoing]) -> Exported {
    let mut exported = Exported::default();
    exported.note("Aiken keeps only questions, options and keys: explanations, rationales and sources were not kept");
    for question in questions {
        let mut losses = Vec::new();
        let written = piece(&question.draft, &mut losses).map(|piece| {
            exported.text.push_str(&piece);
            losses
        });
        exported.add(question, written);
    }
    exported
}

fn piece(draft: &Draft, losses: &mut Vec<String>) -> Result<String, String> {
    let Body::Single(options) = &draft.body else {
        return Err("Aiken has only questions with one right option".to_owned());
    };
    if draft.code.is_some() {
        losses.push("the listing lost its lines".to_owned());
    }
    if options
        .iter()
        .any(|option| option.credit > 0.0 && option.credit < 1.0)
    {
        losses.push("half credit was not kept".to_owned());
    }
    let asked = line(&draft.asked());
    if option(&asked).is_some() || answer(&asked).is_some() {
        return Err("its text begins like an option or an answer of Aiken".to_owned());
    }
    let mut piece = format!("{asked}\n");
    for (letter, option) in ('A'..='Z').zip(options) {
        piece.push_str(&format!("{letter}. {}\n", line(&option.text)));
    }
    let key = options.iter().position(|option| option.credit >= 1.0);
    let key = ('A'..='Z').nth(key.unwrap_or(0)).unwrap_or('A');
    piece.push_str(&format!("ANSWER: {key}\n\n"));
    Ok(piece)
}

/// Joins the lines of a text.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
