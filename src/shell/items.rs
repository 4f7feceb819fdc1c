//! Collects answers for item analysis: those in the history, those of mentor sessions, and collected homework.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refused, Workspace};
use crate::app::items::{ItemLine, ItemsPage};
use crate::core::form::Item;
use crate::core::id::{DeckId, PersonId, QuestionId};
use crate::core::items::{AnalysedItem, ItemResponse, analyse};
use crate::core::question::{Choice, Interaction, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Millis;
use crate::session::assessment::{Status, outcomes_of};
use crate::session::homework::Assignment;
use crate::session::meeting::{Meeting, Round};
use crate::session::{Mode, Session};
use crate::store::{Person, State};

/// The maximum number of sessions per person and mode.
const MOST: u32 = 10_000;

/// The answers to a question, with the question as it was asked last.
struct Pool {
    question: Question,
    asked_at: i64,
    answers: Vec<PooledAnswer>,
}

/// An answer, with what is needed to put it beside those of other sessions.
struct PooledAnswer {
    /// The start of the session, in milliseconds since 1970.
    at: i64,
    person: PersonId,
    /// The row of parameters, or the seed of the instance.
    row: u32,
    response: ItemResponse,
    /// The texts of the picked options, because their order in the deck may change.
    picked: Vec<Text>,
    /// True if the user has seen the question when it was answered.
    is_seen: bool,
}

type Pools = BTreeMap<(DeckId, QuestionId), Pool>;

impl Workspace {
    /// Returns a line per answered question, sorted by deck and id, from assessments, practice, mentor sessions and
    /// collected homework. Only the first answer of a person to a question counts. If `people` is empty, everybody's
    /// answers are used.
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
                for row in self.store.list(person.id, mode, None, MOST)? {
                    let is_wanted = mode == Mode::Practise || row.state == State::Finished;
                    let read = || self.session_as_scored(&self.stored(&row.id)?.start);
                    if let (true, Ok(session)) = (is_wanted, read()) {
                        add_session(&mut pools, &session, person.id, row.started_at);
                    }
                }
            }
        }
        let people: Vec<PersonId> = chosen.iter().map(|person| person.id).collect();
        for id in self.store.meetings(None)? {
            let start = self.stored(&id)?.start;
            let at = start.started_at;
            if let Ok((meeting, _)) = self.meeting_back(start) {
                add_meeting(&mut pools, &meeting, &people, at);
            }
        }
        for id in self.store.assignments(None)? {
            let at = self.stored(&id)?.start.started_at;
            if let Ok(assignment) = self.assignment(&id) {
                add_homework(&mut pools, &assignment, &people, at);
            }
        }
        Ok(pools.into_iter().map(line).collect())
    }

    /// Returns the questions of a deck that have answers; `None` if there is no such deck.
    ///
    /// # Errors
    /// Those of [`Workspace::item_lines`].
    pub(super) fn items_page(&self, id: &DeckId) -> Result<Option<ItemsPage>, Refused> {
        let Some(loaded) = self.library.deck(id) else {
            return Ok(None);
        };
        let mut lines = self.item_lines(&[])?;
        lines.retain(|line| line.deck == *id);
        // The sort is stable, so equal ones stay in the order of their ids.
        lines.sort_by_key(|line| {
            let flags = line.statistics.detail.as_ref();
            let flags = flags.map_or(0, |detail| detail.flags.len());
            std::cmp::Reverse((flags, line.statistics.n))
        });
        let title = loaded.deck.title.clone();
        Ok(Some(ItemsPage { title, lines }))
    }
}

/// Returns the statistics of a question.
fn line(((deck, question), pool): ((DeckId, QuestionId), Pool)) -> ItemLine {
    let asked = &pool.question;
    // The options of a simulated question differ between its instances.
    let options = match asked.simulation.is_some() {
        true => &[],
        false => options(asked),
    };
    let item = AnalysedItem {
        chance: scoring::chance(asked),
        fair: Millis::seconds(asked.seconds.into()),
        keys: options.iter().map(Choice::is_key).collect(),
    };
    let lead_in = match asked.instance() {
        Some(example) => example.fill(&asked.lead_in),
        None => asked.lead_in.clone(),
    };
    let is_seen = pool.answers.iter().any(|answer| answer.is_seen);
    let first = first_answers(pool.answers);
    let responses: Vec<ItemResponse> = first
        .into_iter()
        .map(|answer| answer.with_picks_in(options))
        .collect();
    ItemLine {
        deck,
        question,
        lead_in,
        options: options.iter().map(|option| option.text.clone()).collect(),
        statistics: analyse(&item, &responses),
        item,
        is_seen,
    }
}

/// Returns each person's first answer to the question, or to each variant of it, oldest first.
fn first_answers(mut answers: Vec<PooledAnswer>) -> Vec<PooledAnswer> {
    answers.sort_by_key(|answer| answer.at);
    let mut met = BTreeSet::new();
    answers.retain(|answer| met.insert((answer.person, answer.row)));
    answers
}

impl PooledAnswer {
    /// Returns the answer with its picks as indices of these options. An option that was reworded since then keeps its
    /// index.
    fn with_picks_in(self, options: &[Choice]) -> ItemResponse {
        let mut response = self.response;
        for (pick, text) in response.picks.iter_mut().zip(&self.picked) {
            let now = options.iter().position(|option| option.text == *text);
            *pick = now.unwrap_or(*pick);
        }
        response
    }
}

fn options(question: &Question) -> &[Choice] {
    match &question.interaction {
        Interaction::Single(options) | Interaction::Multiple { options, .. } => options,
        _ => &[],
    }
}

fn add_session(pools: &mut Pools, session: &Session, person: PersonId, at: i64) {
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
        let whose = Whose {
            person,
            at,
            is_seen: person == PersonId::YOU,
        };
        add(pools, item, session.question(*slot), whose, response);
    }
}

/// Adds the first votes of the people at these seats, which they gave before any discussion.
fn add_meeting(pools: &mut Pools, meeting: &Meeting, people: &[PersonId], at: i64) {
    for (seat, of) in meeting.seats.iter().enumerate() {
        if !people.contains(&of.person) {
            continue;
        }
        let revealed = (0..meeting.len()).filter(|slot| meeting.is_revealed(*slot));
        let scored = revealed.filter_map(|slot| {
            let vote = meeting.sheet(slot, seat).vote(Round::First);
            Some((slot, meeting.score(slot, vote)?))
        });
        let scored: Vec<(usize, f64)> = scored.collect();
        let scores: Vec<f64> = scored.iter().map(|(_, score)| *score).collect();
        for (n, (slot, score)) in scored.iter().enumerate() {
            let sheet = meeting.sheet(*slot, seat);
            let response = ItemResponse {
                score: *score,
                picks: picks(sheet.vote(Round::First)),
                rest: rest(&scores, n),
                spent: None,
                is_sure: sheet.confidence.map(|said| said == Confidence::Sure),
            };
            let (item, question) = (&meeting.form.items[*slot], &meeting.questions[*slot]);
            add(
                pools,
                item,
                question,
                Whose::mentored(of.person, at),
                response,
            );
        }
    }
}

fn add_homework(pools: &mut Pools, assignment: &Assignment, people: &[PersonId], at: i64) {
    for attempt in assignment.handed_in() {
        let Some(person) = assignment.setup.people.get(attempt.seat) else {
            continue;
        };
        if !people.contains(person) {
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
            let whose = Whose::mentored(*person, attempt.finished.unwrap_or(at));
            add(pools, item, &assignment.questions[*slot], whose, response);
        }
    }
}

/// Who answered, and when.
#[derive(Clone, Copy)]
struct Whose {
    person: PersonId,
    at: i64,
    is_seen: bool,
}

impl Whose {
    /// Returns a person whom the user mentors, who has therefore seen the question, too.
    fn mentored(person: PersonId, at: i64) -> Self {
        Self {
            person,
            at,
            is_seen: true,
        }
    }
}

fn add(pools: &mut Pools, item: &Item, question: &Question, whose: Whose, response: ItemResponse) {
    let key = (item.deck.clone(), item.question.clone());
    let pool = pools.entry(key).or_insert_with(|| Pool {
        question: question.clone(),
        asked_at: whose.at,
        answers: Vec::new(),
    });
    if whose.at > pool.asked_at {
        (pool.question, pool.asked_at) = (question.clone(), whose.at);
    }
    let options = options(question);
    let text = |pick: &usize| options.get(*pick).map(|option| option.text.clone());
    pool.answers.push(PooledAnswer {
        at: whose.at,
        person: whose.person,
        row: item.row.0,
        picked: response.picks.iter().filter_map(text).collect(),
        response,
        is_seen: whose.is_seen,
    });
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
