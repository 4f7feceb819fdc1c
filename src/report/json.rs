//! The report as JSON.

use serde::{Serialize, Serializer};

use super::model::Report;
use crate::core::figure::Figure;
use crate::core::text::Text;
use crate::session::present::{Key, Places, Presented, letter};

/// Returns the fields of [`Report`] as JSON, indented, with a line feed at the end. Stable: see [`Report::format`].
pub fn json(report: &Report) -> String {
    // Serialising strings, numbers and lists does not fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}

/// Writes the fields of a presented question.
pub(super) fn presented<S: Serializer>(
    presented: &Presented,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Presented {
        asked, revealed, ..
    } = presented;
    Question {
        stem: &asked.stem,
        code: asked.code.as_ref().map(|code| &code.text),
        code_language: asked.code.as_ref().map(|code| &code.language),
        figures: &asked.figures,
        lead_in: &asked.lead_in,
        rule: &asked.rule,
        body: Body::of(presented),
        explanation: &revealed.explanation,
        references: &revealed.references,
    }
    .serialize(serializer)
}

#[derive(Serialize)]
struct Question<'a> {
    stem: &'a Text,
    code: Option<&'a Text>,
    code_language: Option<&'a Text>,
    /// The figures with their data.
    #[serde(skip_serializing_if = "<[Figure]>::is_empty")]
    figures: &'a [Figure],
    lead_in: &'a Text,
    rule: &'a Text,
    body: Body<'a>,
    explanation: &'a Text,
    references: &'a [Text],
}

/// The fields that depend on the question type. Letters are those of the screen.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Body<'a> {
    /// Single and multiple choice, in displayed order.
    Options {
        options: Vec<OptionLine<'a>>,
    },
    /// The steps in their right order, with the letters of the right and the given order.
    Ordering {
        steps: Vec<StepLine<'a>>,
        right: String,
        given: Option<String>,
        either_way: Vec<String>,
    },
    Matching {
        pairs: Vec<Pair<'a>>,
    },
    Numeric {
        /// As it was typed.
        given: Option<&'a Text>,
        /// With its unit.
        right: &'a Text,
        /// The row of parameters that was drawn, such as `slo = 99.9 %`.
        values: &'a [Text],
        slips: Vec<MistakeLine<'a>>,
    },
    Recall {
        answer: &'a Text,
    },
    Open {
        given: Option<&'a Text>,
        model_answer: &'a Text,
        rubric: Vec<Criterion<'a>>,
    },
}

#[derive(Serialize)]
struct OptionLine<'a> {
    letter: char,
    text: &'a Text,
    key: bool,
    /// The score for picking it in a single-choice question.
    credit: f64,
    given: bool,
    struck: bool,
    why: &'a Text,
    /// The misconception behind it, if it is a distractor that was picked.
    misconception: Option<&'a Text>,
}

#[derive(Serialize)]
struct StepLine<'a> {
    letter: char,
    text: Option<&'a Text>,
    why: &'a Text,
}

#[derive(Serialize)]
struct Pair<'a> {
    left: &'a Text,
    key: Option<&'a Text>,
    given: Option<&'a Text>,
    right: bool,
    why: &'a Text,
}

/// A wrong result that the author described.
#[derive(Serialize)]
struct MistakeLine<'a> {
    value: &'a Text,
    why: &'a Text,
    /// True if the person's answer has this cause.
    given: bool,
}

#[derive(Serialize)]
struct Criterion<'a> {
    criterion: &'a Text,
    evidence: &'a Text,
    points: u32,
    /// The person's own points.
    own: Option<u32>,
}

impl<'a> Body<'a> {
    fn of(presented: &'a Presented) -> Self {
        let typed = match &presented.given {
            Some(Places::Typed(text)) => Some(text),
            _ => None,
        };
        match &presented.revealed.key {
            Key::Options(_) => Body::Options {
                options: options(presented),
            },
            Key::Steps(key) => ordering(presented, key),
            Key::Entries(key) => Body::Matching {
                pairs: pairs(presented, key),
            },
            Key::Number { exact, .. } => {
                let revealed = &presented.revealed;
                let mistake = |mistake: &'a crate::session::present::KnownMistake| {
                    let given = revealed.belief.as_ref() == Some(&mistake.why);
                    MistakeLine {
                        value: &mistake.exact,
                        why: &mistake.why,
                        given,
                    }
                };
                Body::Numeric {
                    given: typed,
                    right: exact,
                    values: &revealed.values,
                    slips: revealed.known_mistakes.iter().map(mistake).collect(),
                }
            }
            Key::Card(answer) => Body::Recall { answer },
            Key::Words {
                model_answer,
                rubric,
            } => {
                let rubric = rubric.iter().map(|rating| Criterion {
                    criterion: &rating.criterion,
                    evidence: &rating.evidence,
                    points: rating.points,
                    own: rating.own,
                });
                Body::Open {
                    given: typed,
                    model_answer,
                    rubric: rubric.collect(),
                }
            }
        }
    }
}

fn options(presented: &Presented) -> Vec<OptionLine<'_>> {
    let Key::Options(rationales) = &presented.revealed.key else {
        return Vec::new();
    };
    let options = presented
        .asked
        .lettered()
        .iter()
        .zip(rationales)
        .enumerate();
    let line = options.map(|(place, (text, rationale))| {
        let given =
            matches!(&presented.given, Some(Places::Picked(picked)) if picked.contains(&place));
        OptionLine {
            letter: letter(place),
            text,
            key: rationale.is_key(),
            credit: rationale.credit,
            given,
            struck: presented.struck.contains(&place),
            why: &rationale.why,
            misconception: rationale
                .misconception
                .as_ref()
                .filter(|_| given && !rationale.is_key()),
        }
    });
    line.collect()
}

fn ordering<'a>(presented: &'a Presented, key: &'a [(usize, Text)]) -> Body<'a> {
    let shown = |step: usize| key.get(step).map_or('?', |(place, _)| letter(*place));
    let steps = key.iter().map(|(place, why)| StepLine {
        letter: letter(*place),
        text: presented.asked.lettered().get(*place),
        why,
    });
    Body::Ordering {
        steps: steps.collect(),
        right: (0..key.len()).map(shown).collect(),
        given: presented.given.as_ref().map(Places::spelled),
        either_way: presented
            .revealed
            .either_way
            .iter()
            .map(|pair| pair.iter().map(|step| shown(*step)).collect())
            .collect(),
    }
}

fn pairs<'a>(presented: &'a Presented, key: &'a [(usize, Text)]) -> Vec<Pair<'a>> {
    let entries = presented.asked.lettered();
    let pair = |(i, (left, (belongs, why))): (usize, (&'a Text, &'a (usize, Text)))| {
        let given = match &presented.given {
            Some(Places::Matched(pairs)) => pairs.get(i).copied().flatten(),
            _ => None,
        };
        let right = given == Some(*belongs);
        Pair {
            left,
            key: entries.get(*belongs),
            given: given.and_then(|given| entries.get(given)),
            right,
            why,
        }
    };
    presented
        .asked
        .numbered()
        .iter()
        .zip(key)
        .enumerate()
        .map(pair)
        .collect()
}
