//! Reading a chat message as a vote: `b3`, `acd`, `c a b d`, `1c 2a`, `42.5 ms`, each with a confidence and a reason.

use super::LONGEST_REASON;
use super::choices::Choices;
use crate::core::id::ChoiceId;
use crate::core::number::{self, NotANumber};
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
    /// True if the answer was given by numbers, which can mean a confidence, too.
    pub is_by_number: bool,
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
    #[error("the options have numbers: use their letters")]
    Value,
    #[error("an option or the confidence: use a letter")]
    PerhapsConfidence,
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
    let text = without_filler(text);
    let choices = Choices { order, text };
    if may_be_value(question, order, text) {
        return Err(NotAVote::Value);
    }
    let vote = match &question.interaction {
        Interaction::Single(_) => choices.single(),
        Interaction::Multiple { select, .. } => choices.several(*select, false),
        Interaction::Ordering { .. } => choices.several(order.len(), true),
        Interaction::Matching { left, .. } => choices.pairs(left.len()),
        Interaction::Numeric(numeric) => number(numeric, choices.text),
        Interaction::Open { .. } | Interaction::Recall(_) => Err(NotAVote::Open),
    };
    vote.map(|vote| TypedVote {
        is_by_number: text.starts_with(|c: char| c.is_ascii_digit()),
        ..vote
    })
}

/// Returns the digit from 1 to 4 of a message that begins with it, and whether nothing follows.
pub fn leading_confidence(text: &str) -> Option<(Confidence, bool)> {
    let text = text.trim();
    let rest = text.get(1..)?;
    let said = text.get(..1)?.parse().ok()?;
    let is_alone = !rest.starts_with(|c: char| c.is_alphanumeric());
    let is_all = !rest.contains(char::is_alphanumeric);
    is_alone
        .then(|| confidence(said).ok())
        .flatten()
        .map(|confidence| (confidence, is_all))
}

/// The numbers from 1 in words, with which options begin.
const NUMBERS: [&str; 9] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// Returns true if a message begins with a number that may be the value of an option instead of its place: an option
/// begins with a number, contains this number, or begins with its word and has another place.
fn may_be_value(question: &Question, order: &[ChoiceId], text: &str) -> bool {
    let digits = text.find(|c: char| !c.is_ascii_digit());
    let given = &text[..digits.unwrap_or(text.len())];
    if given.is_empty() {
        return false;
    }
    let place = given
        .parse::<usize>()
        .ok()
        .and_then(|given| given.checked_sub(1));
    let named = place.and_then(|place| NUMBERS.get(place));
    let is_here = |id: usize| {
        place
            .and_then(|place| order.get(place))
            .map(|id| id.index())
            == Some(id)
    };
    let may_mean = |(id, option): (usize, &Text)| {
        let lower = option.as_str().to_lowercase();
        let mut words = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let first = words.clone().next().unwrap_or_default();
        first.starts_with(|c: char| c.is_ascii_digit())
            || words.any(|word| word == given)
            || named == Some(&first) && !is_here(id)
    };
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            let texts = options.iter().map(|option| &option.text);
            texts.enumerate().any(may_mean)
        }
        Interaction::Ordering { steps, .. } => {
            let texts = steps.iter().map(|step| &step.text);
            texts.enumerate().any(may_mean)
        }
        _ => false,
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
            is_by_number: false,
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
            .map(|typed| (typed, number::parse(typed, unit)))
            .find(|(_, read)| {
                read.as_ref()
                    .map_or_else(NotANumber::is_ambiguous, |_| true)
            })
    };
    let (end, typed) = ends
        .iter()
        .rev()
        .find_map(|end| Some((*end, parse(end)?)))
        .and_then(|(end, (typed, read))| read.ok().map(|_| (end, typed)))
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
