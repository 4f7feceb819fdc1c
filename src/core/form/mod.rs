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
use super::practice::Why;
use super::question::{Interaction, Kind, Level, Question, Row};
use super::rng::Stream;

pub use choose::{Candidate, Plan, Seen, Short, allocate, plan};
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
    /// Returns the name shown to people: `form 7K3-QX9`, or `adaptive, seed 7` where no code exists.
    pub fn name(&self) -> String {
        match self.growing {
            Some(Growing {
                seed,
                deepens: true,
                ..
            }) => format!("deepening, seed {seed}"),
            Some(Growing { seed, .. }) => format!("adaptive, seed {seed}"),
            None => format!("form {}", self.code),
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
    /// True if this person had never seen the question; only such answers count for the score.
    pub fresh: bool,
    /// The reason why practice asks it; `None` in an assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
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

/// Draws parameters and an option order for each chosen question and completes the code.
///
/// `questions` are in the order of [`Plan::picks`]. Rows that the person has not seen
/// come first, unless `code` names the row.
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
                        (0..numeric.rows())
                            .find(|turn| !planned.rows_seen.contains(&turns.row(*turn)))
                            .unwrap_or(0)
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
    Form {
        code: code.to_string(),
        items,
        growing: None,
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
