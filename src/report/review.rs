//! One question looked back at: what was asked, what was answered, what would have been right, and why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::thousandths;
use crate::core::blueprint::{Blueprint, Point};
use crate::core::id::{ChoiceId, PointId};
use crate::core::number;
use crate::core::question::{Choice, Interaction, Kind, Level, Numeric, Question, Reference, Row};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::assessment::{Assessment, Outcome, Status};
use crate::session::{Session, Sheet};

#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// Its place in the form, from 1.
    pub number: usize,
    pub deck: Text,
    pub id: Text,
    pub competency: Text,
    pub facet: Text,
    /// Where the source document names the facet.
    pub place: Text,
    pub level: Level,
    pub kind: Kind,
    pub verdict: Verdict,
    /// In [0, 1]; `null` without an answer, and for open questions.
    pub score: Option<f64>,
    /// How the score was worked out.
    pub arithmetic: Option<Text>,
    /// Counts for the competency's score.
    pub counts: bool,
    /// Was never shown to this person before.
    pub fresh: bool,
    pub stem: Text,
    pub code: Option<Text>,
    pub code_language: Option<Text>,
    pub lead_in: Text,
    pub rule: String,
    pub body: Body,
    pub explanation: Text,
    pub references: Vec<Text>,
    pub points: Vec<PointLine>,
    pub spent_ms: Millis,
    pub confidence: Option<Confidence>,
    pub flagged: bool,
    /// The person's own.
    pub note: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Right,
    /// Earned something, not everything.
    Partly,
    Wrong,
    /// An open question: rated by people, never by the program.
    Written,
    Omitted,
    TimedOut,
}

/// What depends on the type of question. Letters are those of the screen.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Body {
    /// Single and multiple, in the order in which they were shown.
    Options {
        options: Vec<OptionLine>,
    },
    /// The steps in their right order, and the letters in the order that was given.
    Ordering {
        steps: Vec<StepLine>,
        right: String,
        given: Option<String>,
        either_way: Vec<String>,
    },
    Matching {
        pairs: Vec<Pair>,
    },
    Numeric {
        /// As it was typed.
        given: Option<Text>,
        /// With its unit.
        right: Text,
        /// The row of parameters that was drawn, such as `slo = 99.9 %`.
        values: Vec<Text>,
        slips: Vec<Slip>,
    },
    Open {
        given: Option<Text>,
        model_answer: Text,
        rubric: Vec<RubricLine>,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct OptionLine {
    pub letter: char,
    pub text: Text,
    pub key: bool,
    /// What picking it earns in a single question.
    pub credit: f64,
    pub given: bool,
    pub struck: bool,
    pub why: Text,
    /// The wrong belief behind it, for a distractor that was picked.
    pub misconception: Option<Text>,
}

#[derive(Clone, Debug, Serialize)]
pub struct StepLine {
    pub letter: char,
    pub text: Text,
    pub why: Text,
}

#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    pub left: Text,
    pub key: Text,
    pub given: Option<Text>,
    pub right: bool,
    pub why: Text,
}

/// A wrong result that the author foresaw.
#[derive(Clone, Debug, Serialize)]
pub struct Slip {
    pub value: Text,
    pub why: Text,
    /// It is what the person's answer gives away.
    pub given: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct RubricLine {
    pub criterion: Text,
    pub evidence: Text,
    pub points: u32,
    /// What the person gave themselves.
    pub own: Option<u32>,
}

/// A knowledge point that the question is about.
#[derive(Clone, Debug, Serialize)]
pub struct PointLine {
    pub id: Text,
    pub text: Text,
    pub references: Vec<Text>,
}

impl Review {
    pub(super) fn of(
        session: &Session,
        assessment: &Assessment,
        slot: usize,
        blueprint: &Blueprint,
        points: &BTreeMap<PointId, Point>,
    ) -> Self {
        let (item, sheet, question) = (session.item(slot), session.sheet(slot), session.question(slot));
        let outcome = &assessment.outcomes[slot];
        let fill = |text: &Text| question.fill(text, item.row);
        let facet = blueprint.facet(&item.facet).map(|(_, facet)| facet);
        let competency = blueprint.competency(&item.competency);
        let point = |id: &PointId| {
            let point = points.get(id)?;
            Some(PointLine {
                id: Text::new(id.as_str()),
                text: point.text.clone(),
                references: point.references.clone(),
            })
        };
        Self {
            number: slot + 1,
            deck: Text::new(item.deck.as_str()),
            id: Text::new(item.question.as_str()),
            competency: competency.map_or_else(|| Text::new(item.competency.as_str()), |c| c.title.clone()),
            facet: facet.map_or_else(|| Text::new(item.facet.as_str()), |f| f.title.clone()),
            place: facet.map(|f| f.place.clone()).unwrap_or_default(),
            level: item.level,
            kind: item.kind,
            verdict: verdict(outcome),
            score: outcome.scored.as_ref().map(|s| thousandths(s.value)),
            arithmetic: outcome.scored.as_ref().map(|s| Text::new(&s.arithmetic)),
            counts: outcome.counts,
            fresh: item.fresh,
            stem: fill(&question.stem),
            code: question.code.as_ref().map(|code| fill(&code.text)),
            code_language: question.code.as_ref().map(|code| code.language.clone()),
            lead_in: fill(&question.lead_in),
            rule: scoring::rule(&question.interaction),
            body: Body::of(question, item.row, &item.order, sheet, outcome),
            explanation: fill(&question.explanation),
            references: question.references.iter().map(citation).collect(),
            points: question.points.iter().filter_map(point).collect(),
            spent_ms: sheet.spent,
            confidence: sheet.confidence,
            flagged: sheet.flagged,
            note: Text::new(&sheet.note),
        }
    }

    /// Own points and all points of an open question, where it was rated.
    pub(super) fn rated(&self) -> Option<(u32, u32)> {
        let Body::Open { rubric, .. } = &self.body else { return None };
        let own = rubric.iter().any(|line| line.own.is_some());
        own.then(|| (rubric.iter().filter_map(|line| line.own).sum(), rubric.iter().map(|line| line.points).sum()))
    }
}

fn verdict(outcome: &Outcome) -> Verdict {
    match (outcome.status, &outcome.scored) {
        (Status::Omitted, _) => Verdict::Omitted,
        (Status::TimedOut | Status::NotReached, _) => Verdict::TimedOut,
        (Status::Answered, None) => Verdict::Written,
        (Status::Answered, Some(_)) if outcome.is_right() => Verdict::Right,
        (Status::Answered, Some(scored)) if scored.value > 0.0 => Verdict::Partly,
        (Status::Answered, Some(_)) => Verdict::Wrong,
    }
}

impl Body {
    fn of(question: &Question, row: Row, order: &[ChoiceId], sheet: &Sheet, outcome: &Outcome) -> Self {
        match &question.interaction {
            Interaction::Single(options) | Interaction::Multiple { options, .. } => {
                Body::Options { options: order.iter().filter_map(|id| option(options, *id, order, sheet)).collect() }
            }
            Interaction::Ordering { steps, free } => Body::Ordering {
                steps: ChoiceId::first(steps.len())
                    .zip(steps)
                    .map(|(id, step)| StepLine {
                        letter: letter(id, order),
                        text: step.text.clone(),
                        why: step.why.clone(),
                    })
                    .collect(),
                right: ChoiceId::first(steps.len()).map(|id| letter(id, order)).collect(),
                given: match &sheet.answer {
                    Some(Answer::Ordered(given)) => Some(given.iter().map(|id| letter(*id, order)).collect()),
                    _ => None,
                },
                either_way: free.iter().map(|(a, b)| [a, b].map(|id| letter(*id, order)).iter().collect()).collect(),
            },
            Interaction::Matching { left, right } => {
                let entry = |id: ChoiceId| right.get(id.index()).cloned();
                let given = |place: usize| match &sheet.answer {
                    Some(Answer::Matched(pairs)) => pairs.get(place).copied().flatten(),
                    _ => None,
                };
                let pairs = left.iter().enumerate().map(|(place, left)| Pair {
                    left: left.text.clone(),
                    key: entry(left.key).unwrap_or_default(),
                    given: given(place).and_then(entry),
                    right: given(place) == Some(left.key),
                    why: left.why.clone(),
                });
                Body::Matching { pairs: pairs.collect() }
            }
            Interaction::Numeric(numeric) => Self::numeric(numeric, row, sheet, outcome),
            Interaction::Open { model_answer, rubric } => Body::Open {
                given: match &sheet.answer {
                    Some(Answer::Written(text)) => Some(Text::new(text)),
                    _ => None,
                },
                model_answer: model_answer.clone(),
                rubric: rubric
                    .iter()
                    .enumerate()
                    .map(|(place, criterion)| RubricLine {
                        criterion: criterion.criterion.clone(),
                        evidence: criterion.evidence.clone(),
                        points: criterion.points,
                        own: sheet.rubric.get(&place).copied(),
                    })
                    .collect(),
            },
        }
    }

    fn numeric(numeric: &Numeric, row: Row, sheet: &Sheet, outcome: &Outcome) -> Self {
        let values = numeric.values(row);
        let fell_for = outcome.scored.as_ref().and_then(|scored| scored.misconception.as_ref());
        let slips = numeric.wrong.iter().filter_map(|wrong| {
            let (value, why) = (wrong.formula.evaluate(&values), numeric.fill(&wrong.why, row));
            let given = fell_for == Some(&why);
            value.is_finite().then(|| Slip { value: quantity(value, &numeric.unit), why, given })
        });
        Body::Numeric {
            given: match &sheet.answer {
                Some(Answer::Number(typed)) => Some(Text::new(typed)),
                _ => None,
            },
            right: quantity(numeric.right(row), &numeric.unit),
            slips: slips.collect(),
            values: numeric
                .params
                .iter()
                .zip(&values)
                .map(|(param, value)| Text::new(&format!("{} = {}", param.name, quantity(*value, &param.unit))))
                .collect(),
        }
    }
}

fn option(options: &[Choice], id: ChoiceId, order: &[ChoiceId], sheet: &Sheet) -> Option<OptionLine> {
    let choice = options.get(id.index())?;
    let given = matches!(&sheet.answer, Some(Answer::Picked(picks)) if picks.contains(&id));
    Some(OptionLine {
        letter: letter(id, order),
        text: choice.text.clone(),
        key: choice.is_key(),
        credit: choice.credit,
        given,
        struck: sheet.struck.contains(&id),
        why: choice.why.clone(),
        misconception: choice.misconception.clone().filter(|_| given && !choice.is_key()),
    })
}

/// The letter under which a choice was shown.
fn letter(id: ChoiceId, order: &[ChoiceId]) -> char {
    order.iter().position(|shown| *shown == id).and_then(|place| ('a'..='z').nth(place)).unwrap_or('?')
}

fn quantity(value: f64, unit: &Text) -> Text {
    Text::new(format!("{} {unit}", number::show(value)).trim_end())
}

/// `Ongaro, In Search of an Understandable Consensus Algorithm, section 5.4, 2014`
fn citation(reference: &Reference) -> Text {
    let year = if reference.year == 0 { String::new() } else { reference.year.to_string() };
    let parts = [reference.author.line(), reference.title.line(), reference.place.line(), year];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Text::new(&told.join(", "))
}
