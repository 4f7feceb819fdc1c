//! Turns the actions of a person into an answer, for every type of question.

use crate::core::id::ChoiceId;
use crate::core::question::{Interaction, Question};
use crate::core::response::{Answer, AnswerMismatch};
use crate::core::scoring;

/// An action on an answer. Positions are those on the screen, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Chooses an option, or the right entry for the marked left one.
    Choose(usize),
    /// Marks a step or a left entry.
    Mark(usize),
    MarkBefore,
    MarkAfter,
    /// Moves the marked step to this position.
    Move(usize),
    MoveUp,
    MoveDown,
    /// Chooses the marked option or takes it back; accepts the steps as they are.
    Toggle,
    /// Chooses the marked entry, or confirms an answer that is complete. Never answers where nothing is marked.
    Confirm,
    TakeBack,
    /// The text of a numeric or an open question.
    Type(String),
}

/// The result of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The new answer; a blank one clears it.
    Answer(Answer),
    /// The answer is already complete, so the person wants to continue.
    Complete,
    /// The answer is unchanged; the mark may have moved.
    Unchanged,
    /// The answer has to be typed.
    Type,
    /// The reason why nothing was done.
    Refused(String),
}

/// Applies an intent to the answer of a question whose choices are displayed in `order`. `at` is the position of the
/// marked option, step or left entry, or `None` while no option is marked.
pub fn respond(
    question: &Question,
    order: &[ChoiceId],
    answer: Option<&Answer>,
    at: &mut Option<usize>,
    intent: Intent,
) -> Response {
    let last = question.interaction.lines().saturating_sub(1);
    match intent {
        Intent::Mark(place) => *at = Some(place.min(last)),
        Intent::MarkBefore => *at = Some(at.map_or(last, |at| at.saturating_sub(1))),
        Intent::MarkAfter => *at = Some(at.map_or(0, |at| at + 1).min(last)),
        intent => {
            return match &question.interaction {
                Interaction::Single(_) => pick(1, order, answer, at, intent),
                Interaction::Multiple { select, .. } => pick(*select, order, answer, at, intent),
                Interaction::Ordering { .. } => arrange(order, answer, at.get_or_insert(0), intent),
                Interaction::Matching { left, .. } => {
                    pair(left.len(), order, answer, at.get_or_insert(0), intent)
                }
                Interaction::Numeric(_) | Interaction::Open { .. } => {
                    write(question, answer, intent)
                }
                Interaction::Recall(_) => match intent {
                    Intent::Confirm => Response::Complete,
                    _ => Response::Unchanged,
                },
            };
        }
    }
    Response::Unchanged
}

fn pick(
    select: usize,
    order: &[ChoiceId],
    answer: Option<&Answer>,
    at: &mut Option<usize>,
    intent: Intent,
) -> Response {
    let mut picks = match answer {
        Some(Answer::Picked(picks)) => picks.clone(),
        _ => Vec::new(),
    };
    let is_marked_picked = at
        .and_then(|at| order.get(at))
        .is_some_and(|id| picks.contains(id));
    let place = match intent {
        Intent::Choose(place) => Some(place),
        Intent::Toggle if select == 1 && is_marked_picked => {
            return Response::Answer(Answer::Picked(Vec::new()));
        }
        Intent::Confirm if select == 1 && is_marked_picked => return Response::Complete,
        Intent::Confirm if select > 1 && picks.len() == select => return Response::Complete,
        Intent::Confirm if is_marked_picked => {
            return Response::Refused(format!("{} of {select} chosen so far", picks.len()));
        }
        Intent::Toggle | Intent::Confirm => *at,
        Intent::TakeBack if answer.is_some() => {
            return Response::Answer(Answer::Picked(Vec::new()));
        }
        _ => return Response::Unchanged,
    };
    let Some(place) = place else {
        return Response::Refused(
            "nothing is chosen yet: press the letter of an option".to_owned(),
        );
    };
    let Some(pick) = order.get(place).copied() else {
        return Response::Unchanged;
    };
    *at = Some(place);
    match picks.iter().position(|id| *id == pick) {
        _ if select == 1 => picks = vec![pick],
        Some(picked) => drop(picks.remove(picked)),
        None if picks.len() >= select => {
            return Response::Refused(AnswerMismatch::TooMany(select).to_string());
        }
        None => picks.push(pick),
    }
    picks.sort();
    Response::Answer(Answer::Picked(picks))
}

fn arrange(
    dealt: &[ChoiceId],
    answer: Option<&Answer>,
    at: &mut usize,
    intent: Intent,
) -> Response {
    let mut order = match answer {
        Some(Answer::Ordered(order)) => order.clone(),
        _ => dealt.to_vec(),
    };
    let to = match intent {
        Intent::Choose(place) => {
            *at = place.min(order.len().saturating_sub(1));
            return Response::Unchanged;
        }
        Intent::MoveUp => at.checked_sub(1),
        Intent::MoveDown => Some(*at + 1),
        Intent::Move(to) => Some(to).filter(|to| to != at),
        Intent::Confirm if answer.is_some() => return Response::Complete,
        Intent::Confirm => {
            return Response::Refused("this order is not your answer yet".to_owned());
        }
        Intent::Toggle => return Response::Answer(Answer::Ordered(order)),
        Intent::TakeBack if answer.is_some() => {
            return Response::Answer(Answer::Ordered(Vec::new()));
        }
        _ => None,
    };
    let Some(to) = to.filter(|to| *to < order.len() && *at < order.len()) else {
        return Response::Unchanged;
    };
    let step = order.remove(*at);
    order.insert(to, step);
    *at = to;
    Response::Answer(Answer::Ordered(order))
}

fn pair(
    left: usize,
    order: &[ChoiceId],
    answer: Option<&Answer>,
    at: &mut usize,
    intent: Intent,
) -> Response {
    let mut pairs = match answer {
        Some(Answer::Matched(pairs)) => pairs.clone(),
        _ => vec![None; left],
    };
    let is_complete = pairs.iter().all(Option::is_some);
    let Some(here) = pairs.get_mut(*at) else {
        return Response::Unchanged;
    };
    match intent {
        Intent::Choose(place) => {
            let Some(right) = order.get(place) else {
                return Response::Unchanged;
            };
            *here = Some(*right);
            let open = |at: &usize| pairs.get(*at).is_some_and(Option::is_none);
            *at = (*at..left)
                .find(open)
                .or_else(|| (0..left).find(open))
                .unwrap_or(*at);
        }
        Intent::TakeBack if here.is_some() => *here = None,
        Intent::Confirm if is_complete => return Response::Complete,
        Intent::Confirm => {
            return Response::Refused(
                "press the letter of the entry that matches the highlighted one".to_owned(),
            );
        }
        _ => return Response::Unchanged,
    }
    Response::Answer(Answer::Matched(pairs))
}

fn write(question: &Question, answer: Option<&Answer>, intent: Intent) -> Response {
    match intent {
        Intent::Type(text) => {
            Response::Answer(scoring::recordable(question, Answer::typed(question, text)))
        }
        Intent::TakeBack => Response::Answer(question.blank()),
        Intent::Confirm if answer.is_some_and(|answer| !answer.is_blank()) => Response::Complete,
        Intent::Confirm | Intent::Choose(_) => Response::Type,
        _ => Response::Unchanged,
    }
}
