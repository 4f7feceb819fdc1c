//! The key of a question and its explanation.

mod key;

use serde::{Deserialize, Serialize};

use super::asked::{Asked, Body};
use super::part::{Entry, Mark, Part};
use super::places::{Places, letter};
use crate::core::figure::Figure;
use crate::core::form::Item;
use crate::core::question::{Interaction, Question};
use crate::core::scoring::Scored;
use crate::core::text::Text;
use key::{known_mistakes, numeric, values, with_unit};

pub use key::{Key, KnownMistake, Rating, Rationale};

/// The part of a question that is visible after answering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revealed {
    #[serde(rename = "told")]
    pub key: Key,
    pub explanation: Text,
    /// The figures that show the solution of a simulated question.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub solved: Vec<Figure>,
    pub references: Vec<Text>,
    /// The calculation of the score.
    pub arithmetic: Option<Text>,
    /// Whether the answer is right, if it was scored.
    pub is_right: Option<bool>,
    /// The misconception behind the answer, if the author described it.
    pub belief: Option<Text>,
    /// Pairs of steps whose order is free, by their positions in the right order. Not sent to second windows.
    #[serde(skip)]
    pub either_way: Vec<[usize; 2]>,
    /// The wrong results that the author described. Not sent to second windows.
    #[serde(skip)]
    pub known_mistakes: Vec<KnownMistake>,
    /// The parameters that were drawn, such as `slo = 99.9 %`. Not sent to second windows.
    #[serde(skip)]
    pub values: Vec<Text>,
}

/// The answer and other marks that are drawn into the key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    pub answer: Option<&'a Places>,
    /// The displayed positions of the options that were struck out.
    pub struck: &'a [usize],
    /// The number of votes for each option, if several people answered.
    pub votes: &'a [usize],
}

impl Revealed {
    /// Creates the revealed part of a question. `own` returns the person's points for a criterion of an open question.
    pub fn of(
        question: &Question,
        item: &Item,
        scored: Option<&Scored>,
        own: impl Fn(usize) -> Option<u32>,
    ) -> Self {
        Self {
            key: Key::of(question, item, own),
            explanation: question.fill(&question.explanation, item.row),
            solved: question
                .instance()
                .map(|instance| instance.solved.clone())
                .unwrap_or_default(),
            references: question
                .references
                .iter()
                .map(|reference| reference.citation())
                .collect(),
            arithmetic: scored.map(|scored| Text::new(&scored.arithmetic)),
            is_right: scored.map(Scored::is_right),
            belief: scored.and_then(|scored| scored.misconception.clone()),
            either_way: match &question.interaction {
                Interaction::Ordering { free, .. } => {
                    free.iter().map(|(a, b)| [a.index(), b.index()]).collect()
                }
                _ => Vec::new(),
            },
            known_mistakes: numeric(question)
                .map(|numeric| known_mistakes(numeric, item))
                .unwrap_or_default(),
            values: numeric(question)
                .map(|numeric| values(numeric, item))
                .unwrap_or_default(),
        }
    }

    /// Returns the key with the answer, the calculation of the score, the explanation and its sources.
    pub fn parts(&self, asked: &Asked, marks: &Marks) -> Vec<Part> {
        let mut parts = self.answer(asked, marks);
        parts.extend(self.lesson());
        parts
    }

    /// Returns the calculation of the score, the explanation, other results and the sources.
    pub fn lesson(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        parts.extend(
            self.arithmetic
                .clone()
                .map(|arithmetic| Part::Labelled("Score", arithmetic)),
        );
        if !self.explanation.is_empty() {
            parts.extend([
                Part::Heading("Explanation"),
                Part::Prose(self.explanation.clone()),
            ]);
        }
        parts.extend(self.solved.iter().cloned().map(Part::Figure));
        // Nobody typed these, so they don't stand between the answer and its explanation.
        parts.extend(self.mistakes());
        if !self.references.is_empty() {
            parts.push(Part::Heading("Sources"));
        }
        parts.extend(self.references.iter().cloned().map(Part::Source));
        parts
    }

    /// Returns the key with the answer. A key that does not fit the question, which another window may have sent, has no
    /// parts.
    pub fn answer(&self, asked: &Asked, marks: &Marks) -> Vec<Part> {
        match (&self.key, &asked.body) {
            (Key::Options(rationales), Body::Options { options, .. }) => {
                let options = options.iter().zip(rationales).enumerate();
                options
                    .map(|(place, (text, rationale))| option(place, text, rationale, marks))
                    .collect()
            }
            (Key::Steps(key), Body::Steps(steps)) => self.steps(key, steps, marks.answer),
            (Key::Entries(key), Body::Entries { left, right }) => {
                pairs(key, left, right, marks.answer)
            }
            (
                Key::Number {
                    right,
                    within,
                    formula,
                    ..
                },
                Body::Number { unit },
            ) => self.number(right, within, formula, unit, marks.answer),
            (
                Key::Words {
                    model_answer,
                    rubric,
                },
                Body::Words,
            ) => words(model_answer, rubric, marks.answer),
            (Key::Card(answer), Body::Card) => {
                vec![Part::Heading("Answer"), Part::Prose(answer.clone())]
            }
            _ => Vec::new(),
        }
    }

    /// Returns the parts of [`Revealed::answer`] with the chosen options first, then the correct ones; the other options
    /// come apart. The parts of other question types stay together.
    pub fn own_first(&self, asked: &Asked, marks: &Marks) -> (Vec<Part>, Vec<Part>) {
        let parts = self.answer(asked, marks);
        let Key::Options(rationales) = &self.key else {
            return (parts, Vec::new());
        };
        let is_given = |place| marks.answer.is_some_and(|answer| answer.is_picked(place));
        let rank = |place: usize| match rationales.get(place) {
            _ if is_given(place) => 0,
            Some(rationale) if rationale.is_key() => 1,
            _ => 2,
        };
        let mut ranked: Vec<(usize, Part)> = parts
            .into_iter()
            .enumerate()
            .map(|(place, part)| (rank(place), part))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let others = ranked.split_off(ranked.partition_point(|(rank, _)| *rank < 2));
        let parts = |ranked: Vec<(usize, Part)>| ranked.into_iter().map(|(_, part)| part).collect();
        (parts(ranked), parts(others))
    }

    /// Returns the key in one line; `None` for an open question.
    pub fn one_line(&self, asked: &Asked) -> Option<String> {
        let text = |place: usize| {
            asked
                .lettered()
                .get(place)
                .map(Text::line)
                .unwrap_or_default()
        };
        let texts: Vec<String> = match &self.key {
            Key::Options(rationales) => {
                let keys = rationales
                    .iter()
                    .enumerate()
                    .filter(|(_, rationale)| rationale.is_key());
                keys.map(|(place, _)| format!("{}  {}", letter(place), text(place)))
                    .collect()
            }
            Key::Steps(key) => (1..)
                .zip(key)
                .map(|(n, (place, _))| format!("{n} {}", text(*place)))
                .collect(),
            Key::Entries(key) => {
                let pairs = asked.numbered().iter().zip(key);
                pairs
                    .map(|(left, (place, _))| format!("{}: {}", left.line(), letter(*place)))
                    .collect()
            }
            Key::Number { right, within, .. } => {
                vec![with_tolerance(right, within)]
            }
            Key::Card(answer) => vec![answer.line()],
            Key::Words { .. } => return None,
        };
        Some(texts.join(" · "))
    }

    fn steps(&self, key: &[(usize, Text)], steps: &[Text], answer: Option<&Places>) -> Vec<Part> {
        let mut parts = vec![Part::Aside("The right order".to_owned())];
        for (i, (shown, why)) in key.iter().enumerate() {
            let Some(step) = steps.get(*shown) else {
                continue;
            };
            let yours = match answer {
                Some(Places::Ordered(order)) => order.iter().position(|place| place == shown),
                _ => None,
            };
            // If the answer is right as a whole, steps with a free order are right in either position.
            let is_right = |yours| yours == i || self.is_right == Some(true);
            let word = yours
                .filter(|yours| *yours != i)
                .map(|yours| format!("you put it at {}", yours + 1));
            parts.push(Part::Entry(Entry {
                lead: (i + 1).to_string(),
                text: step.clone(),
                mark: Mark::of(yours.map(is_right)),
                word: word.unwrap_or_default(),
                notes: vec![("", why.clone())],
            }));
        }
        if !self.either_way.is_empty() {
            let pairs: Vec<String> = self
                .either_way
                .iter()
                .map(|[a, b]| format!("{} and {}", a + 1, b + 1))
                .collect();
            parts.push(Part::Aside(format!(
                "In either order: {}",
                pairs.join(", ")
            )));
        }
        parts
    }

    fn number(
        &self,
        right: &Text,
        within: &Text,
        formula: &Text,
        unit: &Text,
        answer: Option<&Places>,
    ) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(Places::Typed(typed)) = answer {
            let word = match self.is_right {
                Some(true) => "your answer, right",
                Some(false) => "your answer, wrong",
                None => "your answer, not a number",
            };
            parts.push(Part::Entry(Entry {
                text: Text::new(&with_unit(&typed.line(), unit)),
                mark: Mark::of(self.is_right),
                word: word.to_owned(),
                notes: self
                    .belief
                    .iter()
                    .map(|belief| (BELIEF, belief.clone()))
                    .collect(),
                ..Entry::default()
            }));
        }
        parts.push(Part::Entry(Entry {
            text: Text::new(&with_tolerance(right, within)),
            mark: Mark::Right,
            word: "right".to_owned(),
            ..Entry::default()
        }));
        parts.extend((!formula.is_empty()).then(|| Part::Aside(formula.line())));
        parts
    }

    /// Returns the other numbers that a known misconception leads to.
    fn mistakes(&self) -> Vec<Part> {
        let others = self
            .known_mistakes
            .iter()
            .filter(|mistake| self.belief.as_ref() != Some(&mistake.why));
        let entries: Vec<Part> = others
            .map(|mistake| {
                Part::Entry(Entry {
                    text: mistake.value.clone(),
                    word: "incorrect".to_owned(),
                    notes: vec![("Misconception", mistake.why.clone())],
                    ..Entry::default()
                })
            })
            .collect();
        let heading = (!entries.is_empty()).then_some(Part::Heading("Other results"));
        heading.into_iter().chain(entries).collect()
    }
}

/// The label of a wrong belief that an answer gives away.
const BELIEF: &str = "Likely misconception";

/// Formats a number with its tolerance: `515.5 ms, within 5 ms`, or only the number if nothing else is right.
fn with_tolerance(right: &Text, within: &Text) -> String {
    match within.is_empty() {
        true => right.line(),
        false => format!("{}, within {}", right.line(), within.line()),
    }
}

fn option(place: usize, text: &Text, rationale: &Rationale, marks: &Marks) -> Part {
    let given = marks.answer.is_some_and(|answer| answer.is_picked(place));
    let is_voted = marks.votes.get(place).is_some_and(|votes| *votes > 0);
    let partly = rationale.credit > 0.0;
    let (mark, word) = match (given, rationale.is_key()) {
        (true, true) => (Mark::Right, "your answer, right"),
        (true, false) if partly => (Mark::Partly, "your answer, partly right"),
        (true, false) => (Mark::Wrong, "your answer, wrong"),
        (false, true) => (Mark::Right, "right"),
        (false, false) if partly => (Mark::Partly, "partly right"),
        (false, false) => (Mark::None, ""),
    };
    let struck = if marks.struck.contains(&place) {
        "struck out"
    } else {
        ""
    };
    let word = [word, struck]
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let belief = rationale
        .misconception
        .clone()
        .filter(|_| (given || is_voted) && !rationale.is_key());
    let notes = [("", rationale.why.clone())]
        .into_iter()
        .chain(belief.map(|belief| (BELIEF, belief)))
        .collect();
    Part::Entry(Entry {
        lead: letter(place).to_string(),
        text: text.clone(),
        mark,
        word,
        notes,
    })
}

fn pairs(
    key: &[(usize, Text)],
    left: &[Text],
    right: &[Text],
    answer: Option<&Places>,
) -> Vec<Part> {
    let text = |place: usize| right.get(place).cloned().unwrap_or_default();
    let pair = |(i, ((belongs, why), entry)): (usize, (&(usize, Text), &Text))| {
        let yours = match answer {
            Some(Places::Matched(pairs)) => pairs.get(i).copied().flatten(),
            _ => None,
        };
        let is_right = yours.map(|yours| yours == *belongs);
        let word = match is_right {
            Some(true) => "your pair, right",
            Some(false) => "your pair, wrong",
            None => "",
        };
        let mut notes = vec![("Belongs to", text(*belongs))];
        notes.extend(
            yours
                .filter(|yours| yours != belongs)
                .map(|yours| ("You chose", text(yours))),
        );
        notes.push(("", why.clone()));
        let (lead, mark) = ((i + 1).to_string(), Mark::of(is_right));
        Part::Entry(Entry {
            lead,
            text: entry.clone(),
            mark,
            word: word.to_owned(),
            notes,
        })
    };
    key.iter().zip(left).enumerate().map(pair).collect()
}

fn words(model_answer: &Text, rubric: &[Rating], answer: Option<&Places>) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(Places::Typed(text)) = answer {
        parts.extend([Part::Heading("Your answer"), Part::Prose(text.clone())]);
    }
    parts.extend([
        Part::Heading("Model answer"),
        Part::Prose(model_answer.clone()),
    ]);
    let both = rubric.iter().any(|rating| rating.mentor.is_some());
    parts.push(Part::Heading(match (both, answer) {
        (true, _) => "Points: yours and your mentor's",
        (false, Some(_)) => "Your points for your answer",
        (false, None) => "Criteria",
    }));
    parts.extend(
        rubric
            .iter()
            .cloned()
            .enumerate()
            .map(|(i, rating)| Part::Criterion(i, rating)),
    );
    parts
}
