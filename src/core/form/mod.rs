//! A form: the questions of one session, chosen by the blueprint and then frozen.
//!
//! [`plan`] chooses the questions, and [`freeze`] draws the order of their options and
//! their parameters. Both depend only on their arguments, and [`Code`] holds everything
//! that is not in the decks. A code therefore reproduces its form on any machine with
//! the same decks, whatever the person there has seen.

mod choose;
mod code;

use serde::{Deserialize, Serialize};

use super::blueprint::Blueprint;
use super::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use super::instance::Instance;
use super::practice::QueueReason;
use super::question::{Interaction, Kind, Level, Question, Row};
use super::rng::Stream;

pub use choose::{Candidate, Plan, Seen, Shortage, allocate, plan};
pub use code::{BadCode, BankId, Code, FIRST_EDITION, LARGEST, Request, SEEDS};

/// The frozen list of questions of one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The form code, such as `7K3-QX9`; longer for unusual choices, empty for an adaptive session.
    pub code: String,
    pub items: Vec<Item>,
    /// Set for an adaptive session or practice, where questions are added one at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growing: Option<Growing>,
}

/// The limits and the seed of a form that is extended one question at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growing {
    /// The maximum number of questions; in practice the length of the queue, whose questions may repeat.
    pub budget: usize,
    /// The seed: the same seed and the same answers lead to the same questions.
    pub seed: u64,
    /// True for a deepening: it continues an earlier assessment and asks only where the level is still open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deepens: bool,
}

impl Form {
    /// Returns the name shown to people: `form code 7K3-QX9`, or `adaptive, seed 7` where no code exists.
    pub fn name(&self) -> String {
        match self.growing {
            Some(Growing {
                seed,
                deepens: true,
                ..
            }) => format!("deepening, seed {seed}"),
            Some(Growing { seed, .. }) => format!("adaptive, seed {seed}"),
            None => format!("form code {}", self.code),
        }
    }
}

/// One question of a form, with its drawn order and parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub deck: DeckId,
    pub question: QuestionId,
    pub fingerprint: Fingerprint,
    pub competency: CompetencyId,
    pub facet: FacetId,
    pub level: Level,
    pub kind: Kind,
    /// The expected time to answer, in seconds.
    pub seconds: u32,
    pub row: Row,
    /// The order in which options, steps or right entries are shown.
    pub order: Vec<ChoiceId>,
    /// True if this person had never seen the question, or this instance of a simulated one; only such answers count for
    /// the score.
    pub fresh: bool,
    /// True for a new instance of a simulated question of which the person had seen another instance.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub variant: bool,
    /// The instance of a simulated question, so that the session never depends on the model that drew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<Box<Instance>>,
    /// The reason why practice asks it; `None` in an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<QueueReason>,
}

/// A chosen question with the input that [`freeze`] needs.
pub struct Planned<'a> {
    pub deck: &'a DeckId,
    pub competency: &'a CompetencyId,
    pub question: &'a Question,
    pub fresh: bool,
    /// The parameter rows that this person has already seen.
    pub rows_seen: &'a [Row],
}

/// The number of instances that are tried until one can be drawn.
const TRIED: usize = 100;

/// Draws parameters, instances and an option order for each chosen question and completes the code.
///
/// `questions` are in the order of [`Plan::picks`]. Rows that the person has not seen
/// come first, unless `code` names the row.
pub fn freeze(mut code: Code, questions: &[Planned]) -> Form {
    let items = questions
        .iter()
        .enumerate()
        .map(|(slot, planned)| {
            let (row, instance) = drawn(planned, slot, &mut code);
            planned.item(row, instance, code.seed())
        })
        .collect();
    Form {
        code: code.to_string(),
        items,
        growing: None,
    }
}

/// Draws the row of a question, and its instance if it is simulated.
fn drawn(planned: &Planned, slot: usize, code: &mut Code) -> (Row, Option<Box<Instance>>) {
    let question = planned.question;
    let simulation = question.simulation.as_ref();
    if simulation.is_none() && !matches!(question.interaction, Interaction::Numeric(_)) {
        return (Row::default(), None);
    }
    let turns = Turns::new(question.rows(), code.seed(), &planned.name());
    let instance = |turn: u32| {
        let seed = turns.row(turn).0;
        simulation?.instance_of(seed.into()).map(Box::new)
    };
    let (turn, instance) = if code.is_complete() {
        let turn = code.row_turn(slot);
        (turn, instance(turn))
    } else {
        (0..question.rows())
            .filter(|turn| !planned.rows_seen.contains(&turns.row(*turn)))
            .take(TRIED)
            .map(|turn| (turn, instance(turn)))
            .find(|(_, instance)| simulation.is_none() || instance.is_some())
            .unwrap_or_else(|| (0, instance(0)))
    };
    code.set_row_turn(slot, turn);
    // The example that came with the question is better than no question.
    let example = || simulation?.instance.clone();
    (turns.row(turn), instance.or_else(example))
}

impl Planned<'_> {
    fn name(&self) -> String {
        format!("{}/{}", self.deck, self.question.id)
    }

    /// Returns the question as an item of a form. The order of its options is drawn from `seed`.
    pub fn item(&self, row: Row, instance: Option<Box<Instance>>, seed: u64) -> Item {
        let question = self.question;
        let order = match &instance {
            Some(instance) => {
                let interaction = instance.outcome.interaction(question.kind());
                if instance.outcome.is_number() {
                    ChoiceId::first(interaction.movable()).collect()
                } else {
                    shown_order(&interaction, seed, &self.name())
                }
            }
            None => shown_order(&question.interaction, seed, &self.name()),
        };
        let is_new = instance.is_some() && !self.rows_seen.contains(&row);
        Item {
            deck: self.deck.clone(),
            question: question.id.clone(),
            fingerprint: question.fingerprint,
            competency: self.competency.clone(),
            facet: question.facet.clone(),
            level: question.level,
            kind: question.kind(),
            seconds: question.seconds,
            row,
            order,
            fresh: self.fresh || is_new,
            variant: !self.fresh && is_new,
            instance,
            why: None,
        }
    }
}

impl Item {
    /// Returns the question as this item asks it: with its instance, if it is simulated.
    pub fn concrete(&self, question: Question) -> Question {
        match &self.instance {
            Some(instance) => question.instantiated(instance),
            None => question,
        }
    }
}

impl Form {
    /// Returns the questions of the form's items as they are asked.
    pub fn concrete(&self, questions: Vec<Question>) -> Vec<Question> {
        self.items
            .iter()
            .zip(questions)
            .map(|(item, question)| item.concrete(question))
            .collect()
    }
}

/// The rows of a question in a seeded order, computed without a table.
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

/// Returns the display order: numeric options ascending, everything else shuffled; the
/// steps of an ordering never start in their correct order.
fn shown_order(interaction: &Interaction, seed: u64, name: &str) -> Vec<ChoiceId> {
    let mut order: Vec<ChoiceId> = ChoiceId::first(interaction.movable()).collect();
    if let Interaction::Single(options) | Interaction::Multiple { options, .. } = interaction {
        let numbers: Option<Vec<f64>> = options
            .iter()
            .map(|o| super::number::parse(o.text.as_str(), "").ok())
            .collect();
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

/// Returns the sum of the questions' expected times, in seconds.
pub fn fair_seconds(form: &Form) -> u64 {
    form.items.iter().map(|item| u64::from(item.seconds)).sum()
}

/// Returns the competencies to draw from, as a bit mask: the named ones, or else all that are scored.
pub fn cells(blueprint: &Blueprint, named: &[CompetencyId]) -> u16 {
    blueprint
        .competencies
        .iter()
        .enumerate()
        .filter(|(_, c)| {
            if named.is_empty() {
                c.is_scored()
            } else {
                named.contains(&c.id)
            }
        })
        .fold(0, |mask, (i, _)| mask | 1 << i)
}
