//! What is right, and why: the stage after the reveal.

use serde::{Deserialize, Serialize};

use super::event::Rater;
use super::machine::Meeting;
use super::stage::place;
use crate::core::form::Item;
use crate::core::number;
use crate::core::question::{Choice, Criterion, Interaction, Numeric, Question};
use crate::core::scoring;
use crate::core::text::Text;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reveal {
    pub told: Told,
    pub explanation: Text,
    pub references: Vec<Text>,
    /// How the one person's score was worked out.
    pub arithmetic: Option<Text>,
    /// Whether the one person's answer is right, where that can be said.
    pub is_right: Option<bool>,
    /// The wrong belief that the one person's number gives away.
    pub belief: Option<Text>,
}

/// What is right, by type of question and by places as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    Options(Vec<Rationale>),
    /// The steps in their right order: where each was shown, and why it stands there.
    Steps(Vec<(usize, Text)>),
    /// For each left entry the right one that belongs to it, and why.
    Entries(Vec<(usize, Text)>),
    Number {
        right: Text,
        within: Text,
        formula: Text,
    },
    Words {
        model_answer: Text,
        rubric: Vec<Rating>,
    },
}

/// Why an option is right or wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rationale {
    pub credit: f64,
    pub why: Text,
    pub misconception: Option<Text>,
}

/// A criterion of an open question, with the points that were given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    pub criterion: Text,
    pub evidence: Text,
    pub points: u32,
    /// With one person only: their own points.
    pub own: Option<u32>,
    /// The mentor's, who gave them without seeing the person's; shown when all of the person's own are there.
    pub mentor: Option<u32>,
}

impl Reveal {
    pub(super) fn of(meeting: &Meeting, slot: usize) -> Self {
        let (question, item) = (&meeting.questions[slot], &meeting.form.items[slot]);
        let answer = meeting.is_with_one().then(|| meeting.sheet(slot, 0).last_vote()).flatten();
        let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
        let reference = |r: &crate::core::question::Reference| {
            Text::new(&format!("{}, {}, {}, {}", r.author, r.title, r.place, r.year))
        };
        Self {
            told: told(meeting, slot, question, item),
            explanation: question.fill(&question.explanation, item.row),
            references: question.references.iter().map(reference).collect(),
            arithmetic: scored.as_ref().map(|scored| Text::new(&scored.arithmetic)),
            is_right: meeting.is_right(slot, answer),
            belief: scored.and_then(|scored| scored.misconception),
        }
    }
}

fn told(meeting: &Meeting, slot: usize, question: &Question, item: &Item) -> Told {
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => {
            let rationale =
                |o: &Choice| Rationale { credit: o.credit, why: o.why.clone(), misconception: o.misconception.clone() };
            Told::Options(item.order.iter().filter_map(|id| options.get(id.index()).map(rationale)).collect())
        }
        Interaction::Ordering { steps, .. } => {
            let ids = crate::core::id::ChoiceId::first(steps.len());
            Told::Steps(ids.zip(steps).map(|(id, s)| (place(item, id).unwrap_or(0), s.why.clone())).collect())
        }
        Interaction::Matching { left, .. } => {
            Told::Entries(left.iter().map(|l| (place(item, l.key).unwrap_or(0), l.why.clone())).collect())
        }
        Interaction::Numeric(numeric) => number_told(numeric, item),
        Interaction::Open { model_answer, rubric } => {
            Told::Words { model_answer: model_answer.clone(), rubric: ratings(meeting, slot, rubric) }
        }
    }
}

fn number_told(numeric: &Numeric, item: &Item) -> Told {
    let with: Vec<String> = numeric
        .params
        .iter()
        .zip(numeric.values(item.row))
        .map(|(param, value)| format!("{} = {}", param.name, number::show(value)))
        .collect();
    let unit = numeric.unit.as_str();
    Told::Number {
        right: Text::new(format!("{} {unit}", number::show(numeric.right(item.row))).trim_end()),
        within: Text::new(format!("{} {unit}", number::show(numeric.tolerance(item.row))).trim_end()),
        formula: Text::new(&format!("{} with {}", numeric.formula.source(), with.join(", "))),
    }
}

fn ratings(meeting: &Meeting, slot: usize, rubric: &[Criterion]) -> Vec<Rating> {
    let points = |by, criterion| meeting.sheet(slot, 0).points.get(&(by, criterion)).copied();
    let one = meeting.is_with_one();
    let all_rated = one && (0..rubric.len()).all(|criterion| points(Rater::Own, criterion).is_some());
    let rating = |(i, c): (usize, &Criterion)| Rating {
        criterion: c.criterion.clone(),
        evidence: c.evidence.clone(),
        points: c.points,
        own: points(Rater::Own, i).filter(|_| one),
        mentor: points(Rater::Mentor, i).filter(|_| all_rated),
    };
    rubric.iter().enumerate().map(rating).collect()
}
