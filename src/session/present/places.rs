//! Answers by displayed positions. Ids are positions in the deck file, where authors tend to put the key first.

use serde::{Deserialize, Serialize};

use super::Asked;
use crate::core::form::Item;
use crate::core::id::ChoiceId;
use crate::core::question::Question;
use crate::core::response::Answer;
use crate::core::text::Text;

/// An answer by displayed positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Places {
    Picked(Vec<usize>),
    Ordered(Vec<usize>),
    Matched(Vec<Option<usize>>),
    Typed(Text),
}

impl Places {
    /// Converts an answer to displayed positions.
    pub fn of(answer: &Answer, item: &Item) -> Self {
        Self::in_order(answer, &item.order)
    }

    /// Converts an answer to positions in the order in which the choices are displayed.
    pub fn in_order(answer: &Answer, order: &[ChoiceId]) -> Self {
        let place = |id: ChoiceId| order.iter().position(|shown| *shown == id);
        let places = |ids: &[ChoiceId]| ids.iter().filter_map(|id| place(*id)).collect();
        match answer {
            Answer::Picked(picks) => {
                let mut places: Vec<usize> = places(picks);
                // The order of the ids would reveal the order in the deck.
                places.sort_unstable();
                Places::Picked(places)
            }
            Answer::Ordered(steps) => Places::Ordered(places(steps)),
            Answer::Matched(pairs) => {
                Places::Matched(pairs.iter().map(|id| id.and_then(place)).collect())
            }
            Answer::Number(text)
            | Answer::Number2(text)
            | Answer::Number3(text)
            | Answer::Written(text) => Places::Typed(Text::new(text)),
        }
    }

    /// Converts displayed positions to an answer; `None` if there is no such position, or if it is another type of answer.
    pub fn answer(&self, question: &Question, order: &[ChoiceId]) -> Option<Answer> {
        let id = |place: &usize| order.get(*place).copied();
        Some(match self {
            Places::Picked(places) => {
                let mut picks = places.iter().map(id).collect::<Option<Vec<_>>>()?;
                picks.sort();
                Answer::Picked(picks)
            }
            Places::Ordered(places) => {
                Answer::Ordered(places.iter().map(id).collect::<Option<_>>()?)
            }
            Places::Matched(places) => {
                let pair = |place: &Option<usize>| match place {
                    Some(place) => id(place).map(Some),
                    None => Some(None),
                };
                Answer::Matched(places.iter().map(pair).collect::<Option<_>>()?)
            }
            Places::Typed(text) if question.interaction.is_typed() => {
                Answer::typed(question, text.as_str().to_owned())
            }
            Places::Typed(_) => return None,
        })
    }

    /// Formats the answer in letters, `b`, `ac`, `cabd` or `1c 2a`, or the text that was typed.
    pub fn spelled(&self) -> String {
        match self {
            Places::Picked(places) | Places::Ordered(places) => {
                places.iter().map(|place| letter(*place)).collect()
            }
            Places::Matched(pairs) => {
                let pairs = (1..)
                    .zip(pairs)
                    .filter_map(|(n, right)| Some(format!("{n}{}", letter((*right)?))));
                pairs.collect::<Vec<_>>().join(" ")
            }
            Places::Typed(text) => text.line(),
        }
    }

    /// Returns the answer in the words of the question: the texts that were chosen, or what was typed.
    pub fn words(&self, asked: &Asked) -> String {
        let text = |texts: &[Text], place: usize| texts.get(place).map(Text::line);
        let all = |places: &[usize]| -> Vec<String> {
            let texts = places
                .iter()
                .filter_map(|place| text(asked.lettered(), *place));
            texts.collect()
        };
        match self {
            Places::Picked(places) => all(places).join("; "),
            Places::Ordered(places) => all(places).join(", then "),
            Places::Matched(pairs) => {
                let pairs = pairs.iter().enumerate().filter_map(|(left, right)| {
                    let right = text(asked.lettered(), (*right)?)?;
                    Some(format!("{}: {right}", text(asked.numbered(), left)?))
                });
                pairs.collect::<Vec<_>>().join("; ")
            }
            Places::Typed(text) => text.line(),
        }
    }

    /// Returns true if the option at this position was picked.
    pub(super) fn is_picked(&self, place: usize) -> bool {
        matches!(self, Places::Picked(picked) if picked.contains(&place))
    }
}

/// Returns the letter under which a choice is shown; the letters end at `z`.
pub fn letter(place: usize) -> char {
    char::from(b'a' + place.min(25) as u8)
}

/// Returns the displayed position of an option, step or right entry.
pub(super) fn place(item: &Item, id: ChoiceId) -> Option<usize> {
    item.order.iter().position(|shown| *shown == id)
}
