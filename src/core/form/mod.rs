//! A form: the questions of one session, chosen by the blueprint and frozen.
//!
//! [`plan`] chooses questions, [`freeze`] fixes what chance decides about each
//! of them. Both depend on nothing but their arguments, and [`Code`] carries
//! all that is not in the decks, so a code repeats its form on any machine that
//! has the same decks, whatever has been seen there.

mod choose;
mod code;

use serde::{Deserialize, Serialize};

use super::blueprint::Blueprint;
use super::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use super::practice::Why;
use super::question::{Interaction, Kind, Level, Question, Row};
use super::rng::Stream;

pub use choose::{Candidate, Plan, Seen, Short, allocate, plan};
pub use code::{BadCode, Code, LARGEST, Request, SEEDS};

/// The frozen list of questions of one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// What repeats this form: `7K3-QX9`, longer where its choices were unusual; empty for one that grows.
    pub code: String,
    pub items: Vec<Item>,
    /// The form of an adaptive session or of practice: questions are added as the answers ask for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growing: Option<Growing>,
}

/// How a form grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growing {
    /// The most questions that it may have; in practice those of the queue, which may be asked again.
    pub budget: usize,
    /// With this and the same answers the same questions are chosen.
    pub seed: u64,
    /// It continues an earlier assessment, and asks only where more than one level is plausible, or there is no score yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deepens: bool,
}

impl Form {
    /// What a person calls it: `form 7K3-QX9`, or `adaptive, seed 7` and `deepening, seed 7` where no code could repeat it.
    pub fn name(&self) -> String {
        match self.growing {
            Some(Growing { seed, deepens: true, .. }) => format!("deepening, seed {seed}"),
            Some(Growing { seed, .. }) => format!("adaptive, seed {seed}"),
            None => format!("form {}", self.code),
        }
    }
}

/// One question of a form, with everything that chance decided about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub deck: DeckId,
    pub question: QuestionId,
    pub fingerprint: Fingerprint,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// Fair time in seconds.
    pub seconds: u32,
    pub row: Row,
    /// The order in which options, steps or right entries are shown.
    pub order: Vec<ChoiceId>,
    /// Never shown to this person before: only such answers count for the score.
    pub fresh: bool,
    /// Why practice asks it; `None` in an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// A question that was planned, with what freezing it needs.
pub struct Planned<'a> {
    pub deck: &'a DeckId,
    pub competency: &'a CompetencyId,
    pub question: &'a Question,
    pub fresh: bool,
    /// Rows of its parameters that this person has had before.
    pub rows_seen: &'a [Row],
}

/// Draws a row and an order for each planned question and completes the code.
///
/// `questions` stand in the order of [`Plan::picks`]. Rows unseen by the person
/// come first, unless `code` says which row it was.
pub fn freeze(mut code: Code, questions: &[Planned]) -> Form {
    let repeated = code.is_complete();
    let items = questions
        .iter()
        .enumerate()
        .map(|(slot, planned)| {
            let question = planned.question;
            let name = format!("{}/{}", planned.deck, question.id);
            let row = match &question.interaction {
                Interaction::Numeric(numeric) => {
                    let turns = Turns::new(numeric.rows(), code.seed(), &name);
                    let turn = if repeated {
                        code.row_turn(slot)
                    } else {
                        (0..numeric.rows()).find(|turn| !planned.rows_seen.contains(&turns.row(*turn))).unwrap_or(0)
                    };
                    code.set_row_turn(slot, turn);
                    turns.row(turn)
                }
                _ => Row::default(),
            };
            Item {
                deck: planned.deck.clone(),
                question: question.id.clone(),
                fingerprint: question.fingerprint,
                competency: planned.competency.clone(),
                facet: question.facet.clone(),
                level: question.level,
                kind: question.kind(),
                seconds: question.seconds,
                row,
                order: shown_order(&question.interaction, code.seed(), &name),
                fresh: planned.fresh,
                why: None,
            }
        })
        .collect();
    Form { code: code.to_string(), items, growing: None }
}

/// The rows of a question in a seeded order without a table of them.
struct Turns {
    rows: u64,
    start: u64,
    step: u64,
}

impl Turns {
    fn new(rows: u32, seed: u64, name: &str) -> Self {
        let rows = u64::from(rows.max(1));
        let mut stream = Stream::new(seed, &format!("row {name}"));
        let start = stream.below(rows);
        let mut step = 1 + stream.below(rows);
        while gcd(step, rows) != 1 {
            step += 1;
        }
        Self { rows, start, step }
    }

    fn row(&self, turn: u32) -> Row {
        Row(((self.start + u64::from(turn) * self.step) % self.rows) as u32)
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Options that are all numbers stand in ascending order; everything else is
/// shuffled, and steps never begin in their right order.
fn shown_order(interaction: &Interaction, seed: u64, name: &str) -> Vec<ChoiceId> {
    let mut order: Vec<ChoiceId> = ChoiceId::first(interaction.movable()).collect();
    if let Interaction::Single(options) | Interaction::Multiple { options, .. } = interaction {
        let numbers: Option<Vec<f64>> =
            options.iter().map(|o| super::number::parse(o.text.as_str(), "").ok()).collect();
        if let Some(numbers) = numbers {
            order.sort_by(|a, b| numbers[a.index()].total_cmp(&numbers[b.index()]));
            return order;
        }
    }
    let key = order.clone();
    let mut stream = Stream::new(seed, &format!("options {name}"));
    stream.shuffle(&mut order);
    if matches!(interaction, Interaction::Ordering { .. }) && order == key {
        order.rotate_left(1);
    }
    order
}

/// The sum of the questions' fair times, in seconds.
pub fn fair_seconds(form: &Form) -> u64 {
    form.items.iter().map(|item| u64::from(item.seconds)).sum()
}

/// The competencies a form is drawn from: all that count for the score, unless some are named.
pub fn cells(blueprint: &Blueprint, named: &[CompetencyId]) -> u16 {
    blueprint
        .competencies
        .iter()
        .enumerate()
        .filter(|(_, c)| if named.is_empty() { c.is_scored() } else { named.contains(&c.id) })
        .fold(0, |mask, (i, _)| mask | 1 << i)
}
