//! Reading a chat message as a vote: `b3`, `acd`, `c a b d`, `1c 2a`, `42.5 ms`, each with a confidence and a reason.

use super::LONGEST_REASON;
use super::choices::Choices;
use crate::core::id::ChoiceId;
use crate::core::number;
use crate::core::question::{Interaction, Numeric, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::text::Text;

/// A vote as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedVote {
    pub answer: Answer,
    pub confidence: Option<Confidence>,
    /// One line; may be empty.
    pub reason: String,
}

impl TypedVote {
    /// Appends a line to the reason.
    pub fn add_reason(&mut self, text: &str) {
        self.reason = short(&format!("{} {text}", self.reason));
    }
}

/// The reason why a line is no vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAVote {
    #[error("no vote")]
    Words,
    #[error("no name")]
    Nameless,
    #[error("it does not begin with a number")]
    NoNumber,
    #[error("more than {0} chosen")]
    TooMany(usize),
    #[error("the order needs all {0}, each once")]
    Incomplete(usize),
    #[error("confidence is 1 to 4")]
    Confidence,
    #[error("the letters end at {0}")]
    Beyond(char),
    #[error("it can be read in two ways")]
    Ambiguous,
    #[error("this question is answered in words")]
    Open,
}

/// Words before a vote that say nothing.
const FILLERS: [&str; 9] = [
    "my answer is",
    "my vote is",
    "my answer:",
    "my vote:",
    "answer:",
    "vote:",
    "option",
    "answer",
    "vote",
];
/// Words with which a reason begins that follows a vote without a sign between them.
const BECAUSE: [&str; 10] = [
    "because", "since", "as", "bc", "b/c", "cause", "cuz", "cos", "due", "reason",
];
/// Confidence in words, longer ones first.
const WORDS: [(&str, Confidence); 7] = [
    ("fairly sure", Confidence::Fairly),
    ("not sure", Confidence::Unsure),
    ("guessing", Confidence::Guess),
    ("unsure", Confidence::Unsure),
    ("fairly", Confidence::Fairly),
    ("guess", Confidence::Guess),
    ("sure", Confidence::Sure),
];

/// Reads a message as a vote on a question whose choices are displayed in `order`.
///
/// # Errors
/// The message is not a vote as a whole, or can be read in more than one way.
pub fn read_vote(
    question: &Question,
    order: &[ChoiceId],
    text: &str,
) -> Result<TypedVote, NotAVote> {
    let text = text
        .trim()
        .trim_matches(['`', '"', '*', '“', '”', '\''])
        .trim();
    let text = text.strip_suffix("(edited)").unwrap_or(text).trim_end();
    let choices = Choices {
        order,
        text: without_filler(text),
    };
    match &question.interaction {
        Interaction::Single(_) => choices.single(),
        Interaction::Multiple { select, .. } => choices.several(*select, false),
        Interaction::Ordering { .. } => choices.several(order.len(), true),
        Interaction::Matching { left, .. } => choices.pairs(left.len()),
        Interaction::Numeric(numeric) => number(numeric, choices.text),
        Interaction::Open { .. } | Interaction::Recall(_) => Err(NotAVote::Open),
    }
}

fn without_filler(text: &str) -> &str {
    let begins = |filler: &&&str| {
        let head = text.get(..filler.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(filler))
            && !text[filler.len()..].starts_with(char::is_alphanumeric)
    };
    FILLERS.iter().find(begins).map_or(text, |filler| {
        text[filler.len()..].trim_start_matches([':', ' '])
    })
}

/// Returns the confidence of a digit from 1 to 4.
pub(super) fn confidence(digit: usize) -> Result<Confidence, NotAVote> {
    let index = digit.checked_sub(1).ok_or(NotAVote::Confidence)?;
    Confidence::ALL
        .get(index)
        .copied()
        .ok_or(NotAVote::Confidence)
}

/// Reads the text after an answer: a confidence in words, and a reason.
pub(super) fn complete(
    answer: Answer,
    mut confidence: Option<Confidence>,
    tail: &str,
    is_adjacent: bool,
) -> Result<TypedVote, NotAVote> {
    let mut text = tail.trim_start_matches(|c: char| !c.is_alphanumeric());
    let sign = &tail[..tail.len() - text.len()];
    let mut is_separate = is_adjacent || sign.chars().any(|c| !c.is_whitespace() && c != ',');
    let lower = text.to_lowercase();
    let begins_with = |word: &str| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if let (None, Some((word, said))) =
        (confidence, WORDS.iter().find(|(word, _)| begins_with(word)))
    {
        confidence = Some(*said);
        is_separate = true;
        text = text[word.len()..].trim_start_matches(|c: char| !c.is_alphanumeric());
    }
    is_separate |= BECAUSE.iter().any(|word| begins_with(word));
    // "b or c" and "b3 or c2" name two answers; "b, not sure" was read above.
    let undecided: &[&str] = if is_adjacent {
        &["or "]
    } else {
        &["or ", "and ", "maybe ", "no ", "not "]
    };
    let takes_back = undecided
        .iter()
        .any(|word| text.to_lowercase().starts_with(word));
    if text.is_empty() || is_separate && !takes_back {
        Ok(TypedVote {
            answer,
            confidence,
            reason: short(text),
        })
    } else {
        Err(NotAVote::Words)
    }
}

/// Reads `42.5`, `42.5 ms`, `42.5 3` or `1.5k because …`: the longest number at the beginning.
fn number(numeric: &Numeric, text: &str) -> Result<TypedVote, NotAVote> {
    let unit = numeric.unit.as_str();
    let text = text.trim_start_matches(['~', '≈', '=', ' ']);
    let ends = text
        .char_indices()
        .filter(|(_, c)| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ':'));
    let ends: Vec<usize> = ends
        .map(|(at, _)| at)
        .take(12)
        .chain([text.len()])
        .collect();
    let parse = |end: &usize| {
        let head = text[..*end].trim();
        let bare = head.trim_end_matches(['.', ',', ';', ':', ')', '!']);
        [head, bare]
            .into_iter()
            .find(|typed| number::parse(typed, unit).is_ok())
    };
    let (end, typed) = ends
        .iter()
        .rev()
        .find_map(|end| Some((*end, parse(end)?)))
        .ok_or(NotAVote::NoNumber)?;
    let answer = Answer::of_number(typed.to_owned(), unit);
    let tail = &text[end..];
    let rest = tail.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '(' | '/' | ':')
    });
    let digits = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    match rest[..digits].parse::<usize>() {
        // A number may be a part of the answer that is not understood.
        Ok(said) => complete(answer, Some(confidence(said)?), &rest[digits..], false),
        Err(_) => complete(answer, None, tail, false),
    }
}

/// Returns the text in one line of limited length.
fn short(text: &str) -> String {
    let line = Text::new(text).line();
    line.trim().chars().take(LONGEST_REASON).collect()
}
