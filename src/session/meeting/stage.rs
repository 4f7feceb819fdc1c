//! The stage: what everybody may see of a session, and nothing else.
//!
//! A screen that is shown to all draws this value and has no other. So what may
//! be seen at which step is decided here, and nowhere else.

use serde::{Deserialize, Serialize};

use super::event::{Rater, Round};
use super::machine::{Meeting, Step};
use super::sheet;
use super::verdict::split;
use crate::core::blueprint::Blueprint;
use crate::core::form::Item;
use crate::core::id::CompetencyId;
use crate::core::question::{Interaction, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::present::{Asked, Key, Places, Revealed};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The question, from 1, and how many there are.
    pub question: usize,
    pub questions: usize,
    /// Competency and facet of the question.
    pub topic: Option<(Text, Text)>,
    /// How many people are there.
    pub people: usize,
    /// How far the first window has read on, in thousandths of what does not fit on its screen.
    pub read: usize,
    pub scene: Scene,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "scene", rename_all = "kebab-case")]
pub enum Scene {
    /// Nothing was asked yet.
    Waiting,
    /// The session is paused.
    Break,
    /// Answers come in; with one person theirs is shown as it is given.
    Asking {
        asked: Asked,
        round: Round,
        answers: usize,
        /// Whose turn it is at the keyboard.
        turn: Option<Text>,
        /// Everybody shows fingers at once.
        fingers: bool,
        given: Option<Given>,
    },
    /// The answers are in, and nothing is told.
    Committed {
        asked: Asked,
        round: Round,
        answers: usize,
        given: Option<Given>,
    },
    /// How many gave which answer, without what is right.
    Split {
        asked: Asked,
        votes: Vec<Votes>,
    },
    /// What is right, and why.
    Revealed {
        asked: Asked,
        votes: Vec<Votes>,
        given: Option<Given>,
        reveal: Box<Revealed>,
    },
    /// What came of it.
    Closing {
        competencies: Vec<Competency>,
        leaving: Option<Leaving>,
        next: Option<Text>,
    },
    Over,
}

/// An answer by places as shown, and how sure it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    pub answer: Places,
    pub confidence: Option<Confidence>,
}

/// The votes of one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Votes {
    pub round: Round,
    pub votes: usize,
    /// Per option as shown how many chose it; empty where there are no options.
    pub counts: Vec<usize>,
    /// Numbers as they were typed and how often each, the most frequent first; empty for other types.
    pub typed: Vec<(Text, usize)>,
    /// Of matched entries per left one how many chose each right one, as shown; empty for other types.
    pub pairs: Vec<Vec<usize>>,
    /// How many different answers there were.
    pub different: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Competency {
    pub title: Text,
    pub right: usize,
    pub answers: usize,
    /// Mean level of reasoning and of how many questions, with one person only.
    pub reasoning: Option<(f64, usize)>,
}

/// What the one person takes along, written down together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leaving {
    pub said: Text,
    /// Each with the day it is due.
    pub agreements: Vec<(Text, Option<Text>)>,
}

impl Stage {
    /// The stage of a session as it stands; `names` by seat.
    pub fn of(meeting: &Meeting, names: &[Text], blueprint: &Blueprint) -> Self {
        let slot = meeting.slot();
        let asked = matches!(meeting.step(), Step::Asking(_) | Step::Committed(_) | Step::Split | Step::Revealed);
        let item = meeting.form.items.get(slot).filter(|_| asked && !meeting.is_empty());
        let topic = item.and_then(|item| blueprint.facet(&item.facet));
        Self {
            question: if item.is_some() {
                (0..meeting.len()).filter(|slot| meeting.was_asked(*slot)).count()
            } else {
                0
            },
            questions: meeting.len(),
            topic: topic.map(|(competency, facet)| (competency.title.clone(), facet.title.clone())),
            people: meeting.seats.len(),
            read: 0,
            scene: scene(meeting, names, blueprint),
        }
    }
}

fn scene(meeting: &Meeting, names: &[Text], blueprint: &Blueprint) -> Scene {
    let slot = meeting.slot();
    match meeting.step() {
        _ if meeting.is_over() => Scene::Over,
        _ if meeting.is_paused() => Scene::Break,
        Step::Closing => closing(meeting, blueprint),
        Step::Ready => Scene::Waiting,
        _ if slot >= meeting.len() => Scene::Waiting,
        Step::Asking(round) => Scene::Asking {
            asked: asked(meeting, slot),
            round,
            answers: meeting.answers(),
            turn: meeting
                .is_hot_seat()
                .then(|| meeting.at_keyboard())
                .flatten()
                .and_then(|seat| names.get(seat).cloned()),
            fingers: meeting.is_by_fingers(),
            given: given(meeting, slot, Some(round)),
        },
        Step::Committed(round) => Scene::Committed {
            asked: asked(meeting, slot),
            round,
            answers: meeting.answers(),
            given: given(meeting, slot, Some(round)),
        },
        Step::Split => Scene::Split { asked: asked(meeting, slot), votes: votes(meeting, slot) },
        Step::Revealed => Scene::Revealed {
            asked: asked(meeting, slot),
            votes: votes(meeting, slot),
            given: given(meeting, slot, None),
            reveal: Box::new(revealed(meeting, slot)),
        },
    }
}

/// Returns a question as it is asked. People rate an open answer together, so nothing is said of rating it oneself.
fn asked(meeting: &Meeting, slot: usize) -> Asked {
    let question = &meeting.questions[slot];
    let asked = Asked::of(question, &meeting.form.items[slot]);
    match question.interaction.is_open() {
        true => Asked { rule: "Answer in your own words.".into(), ..asked },
        false => asked,
    }
}

/// Returns what is right and why, with the one person's score and all points that may be seen.
fn revealed(meeting: &Meeting, slot: usize) -> Revealed {
    let (question, item) = (&meeting.questions[slot], &meeting.form.items[slot]);
    let answer = meeting.is_with_one().then(|| meeting.sheet(slot, 0).last_vote()).flatten();
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let points = |by, criterion| {
        meeting.is_with_one().then(|| meeting.sheet(slot, 0).points.get(&(by, criterion)).copied()).flatten()
    };
    let mut revealed = Revealed::of(question, item, scored.as_ref(), |i| points(Rater::Own, i));
    revealed.is_right = meeting.is_right(slot, answer);
    // Second windows are not sent these, and all windows show the same.
    revealed.slips.clear();
    revealed.either_way.clear();
    revealed.values.clear();
    if let Key::Words { rubric, .. } = &mut revealed.key
        && rubric.iter().all(|rating| rating.own.is_some())
    {
        rubric.iter_mut().enumerate().for_each(|(i, rating)| rating.mentor = points(Rater::Mentor, i));
    }
    revealed
}

/// The one person's answer, of a round or the one that stands; with several it is nobody's business.
fn given(meeting: &Meeting, slot: usize, round: Option<Round>) -> Option<Given> {
    if !meeting.is_with_one() {
        return None;
    }
    let sheet = meeting.sheet(slot, 0);
    let answer = round.map_or(sheet.last_vote(), |round| sheet.vote(round))?;
    Some(Given { answer: Places::of(answer, &meeting.form.items[slot]), confidence: sheet.confidence })
}

fn votes(meeting: &Meeting, slot: usize) -> Vec<Votes> {
    if meeting.is_with_one() {
        return Vec::new();
    }
    let of = |round| {
        let question = &meeting.questions[slot];
        let counts = |answer: &&Answer| scoring::is_readable(question, answer);
        let votes = meeting.sheets(slot).iter().filter_map(|sheet| sheet.vote(round));
        let answers: Vec<&Answer> = votes.filter(counts).collect();
        let mut different = answers.clone();
        different.sort_by_key(|answer| format!("{answer:?}"));
        different.dedup();
        let typed = |answer: &&Answer| match answer {
            Answer::Number(text) => Some((Text::new(text), answers.iter().filter(|other| *other == answer).count())),
            _ => None,
        };
        let mut typed: Vec<(Text, usize)> = different.iter().filter_map(typed).collect();
        typed.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let counts = split(meeting, slot, round).unwrap_or_default();
        let pairs = pairs(&meeting.form.items[slot], question, &answers);
        Votes { round, votes: answers.len(), counts, typed, pairs, different: different.len() }
    };
    [Round::First, Round::Second].map(of).into_iter().filter(|votes| votes.votes > 0).collect()
}

/// Per left entry how many gave it each of the right ones, by their places as shown.
fn pairs(item: &Item, question: &Question, answers: &[&Answer]) -> Vec<Vec<usize>> {
    let Interaction::Matching { left, right } = &question.interaction else { return Vec::new() };
    let mut counts = vec![vec![0; right.len()]; left.len()];
    for answer in answers {
        let Places::Matched(places) = Places::of(answer, item) else { continue };
        for (counts, place) in counts.iter_mut().zip(places) {
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    counts
}

fn date(day: Day) -> Text {
    Text::new(&day.iso())
}

fn closing(meeting: &Meeting, blueprint: &Blueprint) -> Scene {
    let one = meeting.is_with_one();
    let title =
        |id: &CompetencyId| blueprint.competency(id).map_or_else(|| Text::new(id.as_str()), |c| c.title.clone());
    let competencies = meeting.tallies(None).into_iter().map(|(id, tally)| Competency {
        title: title(&id),
        right: tally.right,
        answers: tally.answered,
        reasoning: tally.reasoning().filter(|_| one).map(|mean| (mean, tally.reasoned)),
    });
    let leaving = |closing: &sheet::Closing| Leaving {
        said: Text::new(&closing.said),
        agreements: closing.agreements.iter().flatten().map(|(text, due)| (Text::new(text), due.map(date))).collect(),
    };
    Scene::Closing {
        competencies: competencies.collect(),
        leaving: one.then(|| leaving(meeting.closing(0))),
        next: meeting.next_meeting().map(date),
    }
}
