//! Collects answers for item analysis: those in the history, and collected homework.

use std::collections::BTreeMap;

use super::{Refused, Workspace};
use crate::core::id::{DeckId, PersonId, QuestionId};
use crate::core::items::{AnalysedItem, ItemResponse, ItemStatistics, analyse};
use crate::core::question::{Interaction, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::assessment::{Status, outcomes_of};
use crate::session::homework::Assignment;
use crate::session::{Mode, Session};
use crate::store::{Person, State};

/// The maximum number of sessions per person and mode.
const MOST: u32 = 10_000;

/// A question with what the answers say about it.
#[derive(Clone, Debug)]
pub struct ItemLine {
    pub deck: DeckId,
    pub question: QuestionId,
    pub item: AnalysedItem,
    /// The options in the order of the deck.
    pub options: Vec<Text>,
    pub statistics: ItemStatistics,
}

/// The answers to a question, with the question as it was asked last.
struct Pool {
    question: Question,
    responses: Vec<ItemResponse>,
}

type Pools = BTreeMap<(DeckId, QuestionId), Pool>;

impl Workspace {
    /// Returns every question with answers, by deck and id. Only the first answer of a person to a question counts. Without
    /// `people`, the answers of all people are pooled.
    ///
    /// # Errors
    /// A failure of the store. Sessions that can't be read are left out.
    pub fn item_lines(&self, people: &[Person]) -> Result<Vec<ItemLine>, Refused> {
        let mut pools = Pools::new();
        let chosen = match people {
            [] => self.store.people()?,
            people => people.to_vec(),
        };
        for person in &chosen {
            for mode in [Mode::Assess, Mode::Practise] {
                for row in self.store.list(person.id, mode, None, MOST)?.iter().rev() {
                    let is_wanted = mode == Mode::Practise || row.state == State::Finished;
                    let read = || self.session_as_scored(&self.stored(&row.id)?.start);
                    if let (true, Ok(session)) = (is_wanted, read()) {
                        add_session(&mut pools, &session);
                    }
                }
            }
        }
        let ids: Vec<PersonId> = chosen.iter().map(|person| person.id).collect();
        for id in self.store.assignments(None)? {
            if let Ok(assignment) = self.assignment(&id) {
                add_homework(&mut pools, &assignment, &ids);
            }
        }
        Ok(pools.into_iter().map(line).collect())
    }
}

fn line(((deck, question), pool): ((DeckId, QuestionId), Pool)) -> ItemLine {
    let options = match &pool.question.interaction {
        // The options of a simulated question differ between its instances.
        _ if pool.question.simulation.is_some() => &[][..],
        Interaction::Single(options) | Interaction::Multiple { options, .. } => options,
        _ => &[],
    };
    let item = AnalysedItem {
        chance: scoring::chance(&pool.question),
        fair: Millis::seconds(pool.question.seconds.into()),
        keys: options.iter().map(|option| option.is_key()).collect(),
    };
    ItemLine {
        deck,
        question,
        options: options.iter().map(|option| option.text.clone()).collect(),
        statistics: analyse(&item, &pool.responses),
        item,
    }
}

fn add_session(pools: &mut Pools, session: &Session) {
    let outcomes = outcomes_of(session);
    let is_answer = |slot: usize| {
        let sheet = session.sheet(slot);
        let is_final = session.mode.counts() || sheet.revealed;
        let is_given = matches!(outcomes[slot].status, Status::Answered | Status::Omitted);
        let is_scored = outcomes[slot].scored.is_some() || outcomes[slot].status == Status::Omitted;
        let is_open = session.question(slot).interaction.is_open();
        is_final && is_given && is_scored && !is_open && session.withdrawal(slot).is_none()
    };
    let slots: Vec<usize> = (0..session.len()).filter(|slot| is_answer(*slot)).collect();
    let scores: Vec<f64> = slots.iter().map(|slot| outcomes[*slot].value()).collect();
    for (n, slot) in slots.iter().enumerate() {
        let (item, sheet) = (session.item(*slot), session.sheet(*slot));
        if !item.fresh {
            continue;
        }
        let response = ItemResponse {
            score: scores[n],
            picks: picks(sheet.answer.as_ref()),
            rest: rest(&scores, n),
            spent: Some(sheet.spent),
            is_sure: sheet.confidence.map(|said| said == Confidence::Sure),
        };
        let key = (item.deck.clone(), item.question.clone());
        add(pools, key, session.question(*slot), response);
    }
}

fn add_homework(pools: &mut Pools, assignment: &Assignment, people: &[PersonId]) {
    for attempt in assignment.handed_in() {
        let person = assignment.setup.people.get(attempt.seat);
        if !person.is_some_and(|person| people.contains(person)) {
            continue;
        }
        let scored = attempt
            .answers
            .iter()
            .enumerate()
            .filter_map(|(slot, given)| {
                let (question, item) = (&assignment.questions[slot], &assignment.form.items[slot]);
                let answer = given.answer.as_ref().filter(|_| !given.is_changed)?;
                let value = scoring::score(question, item.row, answer)?.value;
                Some((slot, value))
            });
        let scored: Vec<(usize, f64)> = scored.collect();
        let scores: Vec<f64> = scored.iter().map(|(_, value)| *value).collect();
        for (n, (slot, score)) in scored.iter().enumerate() {
            let (given, item) = (&attempt.answers[*slot], &assignment.form.items[*slot]);
            let response = ItemResponse {
                score: *score,
                picks: picks(given.answer.as_ref()),
                rest: rest(&scores, n),
                spent: None,
                is_sure: given.confidence.map(|said| said == Confidence::Sure),
            };
            let key = (item.deck.clone(), item.question.clone());
            add(pools, key, &assignment.questions[*slot], response);
        }
    }
}

fn add(pools: &mut Pools, key: (DeckId, QuestionId), question: &Question, response: ItemResponse) {
    let pool = pools.entry(key).or_insert_with(|| Pool {
        question: question.clone(),
        responses: Vec::new(),
    });
    pool.question = question.clone();
    pool.responses.push(response);
}

fn picks(answer: Option<&Answer>) -> Vec<usize> {
    match answer {
        Some(Answer::Picked(picks)) => picks.iter().map(|pick| pick.index()).collect(),
        _ => Vec::new(),
    }
}

/// Returns the mean of all scores but one; `None` without others.
fn rest(scores: &[f64], one: usize) -> Option<f64> {
    let others = scores.len().checked_sub(1).filter(|n| *n > 0)?;
    Some((scores.iter().sum::<f64>() - scores[one]) / others as f64)
}
