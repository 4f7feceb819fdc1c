//! Parsing of typed answers, and their format in the dialogue.

use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::number;
use crate::core::question::{Interaction, Numeric, Question};
use crate::core::response::Answer;
use crate::session::present::{Places, letter};

/// A parsed answer, with a sentence that confirms it.
pub struct Reading {
    pub answer: Answer,
    pub understood: String,
    /// True if nothing more can be chosen.
    pub complete: bool,
}

/// Parses `line` as an answer. `before` is the current answer, to which pairs are added.
///
/// # Errors
///
/// A sentence for the person about the expected form.
pub fn read(
    question: &Question,
    item: &Item,
    before: Option<&Answer>,
    line: &str,
) -> Result<Reading, String> {
    let (interaction, order) = (&question.interaction, item.order.as_slice());
    let answer = match interaction {
        Interaction::Single(_) => {
            picked(order, line).ok_or_else(|| format!("Type one letter{}.", range(order)))?
        }
        Interaction::Multiple { select, .. } => picked(order, line).ok_or_else(|| {
            let example: String = ('a'..='z').take(*select).collect();
            format!(
                "Type {select} different letters{}, such as {example}.",
                range(order)
            )
        })?,
        Interaction::Ordering { .. } => ordered(order, line).ok_or_else(|| {
            format!(
                "Type all {} letters{}, each once, in their order.",
                order.len(),
                range(order)
            )
        })?,
        Interaction::Matching { left, .. } => {
            matched(left.len(), order, before, line).ok_or_else(|| {
                format!(
                    "Type a number from 1 to {} and a letter{} for each pair: 1a 2b.",
                    left.len(),
                    range(order)
                )
            })?
        }
        Interaction::Numeric(numeric) => return number(numeric, line),
        Interaction::Open { .. } => Answer::Written(line.to_owned()),
        Interaction::Recall(_) => {
            return Err("Answer in your head: Enter shows the answer.".to_owned());
        }
    };
    let chosen = match (&answer, interaction) {
        (Answer::Picked(picks), Interaction::Multiple { select, .. }) => {
            Some((picks.len(), *select))
        }
        (Answer::Matched(pairs), _) => Some((pairs.iter().flatten().count(), pairs.len())),
        _ => None,
    };
    let spelt = spell(&answer, item);
    let (understood, complete) = match chosen {
        Some((some, all)) if some < all => (
            format!(
                "Your answer: {spelt}, {some} of {all}. {}",
                more(interaction)
            ),
            false,
        ),
        _ => (format!("Your answer: {spelt}."), true),
    };
    Ok(Reading {
        answer,
        understood,
        complete,
    })
}

fn more(interaction: &Interaction) -> &'static str {
    match interaction {
        Interaction::Matching { .. } => "Add the other pairs, or type n for the next question.",
        _ => "Type all letters together to change it, or n for the next question.",
    }
}

/// Formats an answer in letters, `b`, `ac` or `1c 2a`, or as it was typed; an open answer as its number of lines.
pub fn spell(answer: &Answer, item: &Item) -> String {
    match answer {
        Answer::Written(text) => super::show::text_lines(text),
        answer => Places::of(answer, item).spelled(),
    }
}

/// Returns the expected form of an answer, for the prompt.
pub fn shape(interaction: &Interaction) -> String {
    let last = letter(interaction.movable().saturating_sub(1));
    match interaction {
        Interaction::Single(_) => format!("a-{last}"),
        Interaction::Multiple { select, .. } => format!("{select} of a-{last}"),
        Interaction::Ordering { .. } => format!("all of a-{last} in order"),
        Interaction::Matching { .. } => format!("pairs, as 1{last} 2a"),
        Interaction::Numeric(numeric) if numeric.unit.is_empty() => "a number".to_owned(),
        Interaction::Numeric(numeric) => format!("a number in {}", numeric.unit.line()),
        Interaction::Open { .. } => "lines, then a single .".to_owned(),
        Interaction::Recall(_) => "Enter shows the answer".to_owned(),
    }
}

/// Returns the expected form of an answer, for the help.
pub fn help(interaction: &Interaction) -> &'static str {
    match interaction {
        Interaction::Single(_) => "a letter: the option you choose",
        Interaction::Multiple { .. } => "letters together, such as ac: the options you choose",
        Interaction::Ordering { .. } => "all letters, such as cabd: the steps from first to last",
        Interaction::Matching { .. } => {
            "a number and a letter for each pair, such as 1c 2a 3e; other pairs stay"
        }
        Interaction::Numeric(_) => "a number, such as 1500, 1.5k, 4Ki or 1e6",
        Interaction::Open { .. } => {
            "your text, as many lines as you like, then a line with a single ."
        }
        Interaction::Recall(_) => "Enter alone: the answer; then grade yourself from 1 to 4",
    }
}

/// Returns the displayed letters with their choices.
fn letters(order: &[ChoiceId]) -> impl Iterator<Item = (char, ChoiceId)> {
    order
        .iter()
        .enumerate()
        .map(|(place, id)| (letter(place), *id))
}

fn range(order: &[ChoiceId]) -> String {
    letters(order)
        .last()
        .map(|(last, _)| format!(" from a to {last}"))
        .unwrap_or_default()
}

/// Returns the choices named by the letters of `line`, in its order. Spaces and punctuation are ignored.
fn choices(order: &[ChoiceId], line: &str) -> Option<Vec<ChoiceId>> {
    let typed = line
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '.' | ')'));
    typed.map(|c| choice(order, c)).collect()
}

fn choice(order: &[ChoiceId], typed: char) -> Option<ChoiceId> {
    letters(order)
        .find(|(letter, _)| typed.eq_ignore_ascii_case(letter))
        .map(|(_, id)| id)
}

fn picked(order: &[ChoiceId], line: &str) -> Option<Answer> {
    let mut picks = choices(order, line)?;
    picks.sort();
    let distinct = picks.windows(2).all(|pair| pair[0] != pair[1]);
    (distinct && !picks.is_empty()).then_some(Answer::Picked(picks))
}

fn ordered(order: &[ChoiceId], line: &str) -> Option<Answer> {
    let steps = choices(order, line)?;
    let complete = steps.len() == order.len() && order.iter().all(|id| steps.contains(id));
    complete.then_some(Answer::Ordered(steps))
}

fn matched(left: usize, order: &[ChoiceId], before: Option<&Answer>, line: &str) -> Option<Answer> {
    let mut pairs = match before {
        Some(Answer::Matched(pairs)) if pairs.len() == left => pairs.clone(),
        _ => vec![None; left],
    };
    let mut place = None;
    let mut any = false;
    for c in line
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '.' | ')'))
    {
        match (place, c.to_digit(10)) {
            (None, Some(digit)) => {
                place = (digit as usize)
                    .checked_sub(1)
                    .filter(|place| *place < left);
            }
            (Some(number), None) => {
                pairs[number] = Some(choice(order, c)?);
                (place, any) = (None, true);
                continue;
            }
            _ => return None,
        }
        place?;
    }
    (any && place.is_none()).then_some(Answer::Matched(pairs))
}

fn number(numeric: &Numeric, line: &str) -> Result<Reading, String> {
    let value = number::parse(line, numeric.unit.as_str())
        .map_err(|not_a_number| not_a_number.to_string())?;
    let unit = numeric.unit.line();
    let other = number::other_reading(line, numeric.unit.as_str());
    let other = other.map_or(String::new(), |other| format!(", not {other}"));
    let read = number::with_unit(&number::show(value), &unit);
    let understood = format!("Understood: {read}{other}.");
    Ok(Reading {
        answer: Answer::of_number(line.trim().to_owned(), numeric.unit.as_str()),
        understood,
        complete: true,
    })
}
