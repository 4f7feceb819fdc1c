//! The stage: the part of a session that all participants may see.
//!
//! A shared screen is drawn from this value alone, so only this module decides
//! what is visible at each step.

use serde::{Deserialize, Serialize};

use super::event::{Rater, Round};
use super::machine::{Meeting, Step};
use super::sheet;
use super::verdict::option_counts;
use crate::core::blueprint::Blueprint;
use crate::core::form::Item;
use crate::core::id::CompetencyId;
use crate::core::question::{Interaction, Question};
use crate::core::response::{Answer, Confidence};
use crate::core::scoring;
use crate::core::text::Text;
use crate::core::time::Day;
use crate::session::present::{Asked, Key, Places, Revealed};

/// The visible part of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The number of the current question, from 1; 0 if none is shown.
    pub question: usize,
    pub questions: usize,
    /// The titles of the question's competency and facet.
    pub topic: Option<(Text, Text)>,
    /// The number of participants.
    pub people: usize,
    /// The scroll position of the first window, in thousandths of the part that does not fit on its screen.
    pub read: usize,
    /// The command with which people join from elsewhere, while the session is open for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Text>,
    pub scene: Scene,
}

/// What the stage shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "scene", rename_all = "kebab-case")]
pub enum Scene {
    /// No question was asked yet.
    Waiting,
    /// The session is paused.
    Break,
    /// Answers are recorded. With one person, the current answer is shown.
    Asking {
        asked: Asked,
        round: Round,
        answers: usize,
        /// The name of the person whose turn it is at the keyboard.
        turn: Option<Text>,
        /// All people vote at once by showing fingers.
        fingers: bool,
        given: Option<GivenAnswer>,
    },
    /// The answers are final and the key is hidden.
    Committed {
        asked: Asked,
        round: Round,
        answers: usize,
        given: Option<GivenAnswer>,
    },
    /// The number of votes for each answer, without the key.
    Split {
        asked: Asked,
        votes: Vec<Votes>,
    },
    /// The key and its explanation.
    Revealed {
        asked: Asked,
        votes: Vec<Votes>,
        given: Option<GivenAnswer>,
        reveal: Box<Revealed>,
    },
    /// The summary of the session.
    Closing {
        competencies: Vec<CompetencySummary>,
        leaving: Option<Takeaway>,
        next: Option<Text>,
    },
    Over,
}

impl Scene {
    /// Returns the question that the scene shows.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Scene::Asking { asked, .. }
            | Scene::Committed { asked, .. }
            | Scene::Split { asked, .. }
            | Scene::Revealed { asked, .. } => Some(asked),
            _ => None,
        }
    }
}

/// An answer by displayed positions, with its confidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenAnswer {
    pub answer: Places,
    pub confidence: Option<Confidence>,
}

/// The votes of one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Votes {
    pub round: Round,
    pub votes: usize,
    /// The number of votes per displayed option; empty for other types.
    pub counts: Vec<usize>,
    /// Typed numbers with their counts, most frequent first; empty for other types.
    pub typed: Vec<(Text, usize)>,
    /// For a matching question: per left entry, the number of votes for each displayed right entry. Empty for other types.
    pub pairs: Vec<Vec<usize>>,
    /// The number of different answers.
    pub different: usize,
}

/// The results of one competency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompetencySummary {
    pub title: Text,
    pub right: usize,
    pub answers: usize,
    /// The mean level of reasoning and its number of questions; only with one person.
    pub reasoning: Option<(f64, usize)>,
}

/// What a person takes away from a session with one participant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Takeaway {
    pub said: Text,
    /// Each with an optional due date.
    pub agreements: Vec<(Text, Option<Text>)>,
}

impl Stage {
    /// Creates the current stage of a session; `names` are by seat.
    pub fn of(meeting: &Meeting, names: &[Text], blueprint: &Blueprint) -> Self {
        let slot = meeting.slot();
        let asked = matches!(
            meeting.step(),
            Step::Asking(_) | Step::Committed(_) | Step::Split | Step::Revealed
        );
        let item = meeting
            .form
            .items
            .get(slot)
            .filter(|_| asked && !meeting.is_empty());
        let topic = item.and_then(|item| blueprint.facet(&item.facet));
        Self {
            question: if item.is_some() {
                (0..meeting.len())
                    .filter(|slot| meeting.was_asked(*slot))
                    .count()
            } else {
                0
            },
            questions: meeting.len(),
            topic: topic.map(|(competency, facet)| (competency.title.clone(), facet.title.clone())),
            people: people_here(meeting),
            read: 0,
            join: meeting.room().map(|place| Text::new(&place.command())),
            scene: scene(meeting, names, blueprint),
        }
    }
}

/// Returns the number of participants who are here, but two or more if there are several: with one, answers are shown.
fn people_here(meeting: &Meeting) -> usize {
    let here = (0..meeting.seats.len()).filter(|seat| !meeting.is_away(*seat));
    here.count().max(meeting.seats.len().min(2))
}

/// Returns the scene of the current step.
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
                .then(|| meeting.seat_at_keyboard())
                .flatten()
                .and_then(|seat| names.get(seat).cloned()),
            fingers: meeting.votes_by_fingers(),
            given: given(meeting, slot, Some(round)),
        },
        Step::Committed(round) => Scene::Committed {
            asked: asked(meeting, slot),
            round,
            answers: meeting.answers(),
            given: given(meeting, slot, Some(round)),
        },
        Step::Split => Scene::Split {
            asked: asked(meeting, slot),
            votes: votes(meeting, slot),
        },
        Step::Revealed => Scene::Revealed {
            asked: asked(meeting, slot),
            votes: votes(meeting, slot),
            given: given(meeting, slot, None),
            reveal: Box::new(revealed(meeting, slot)),
        },
    }
}

/// Returns a question before the reveal. Participants rate open answers together, so the rule omits rating oneself.
fn asked(meeting: &Meeting, slot: usize) -> Asked {
    let question = &meeting.questions[slot];
    let asked = Asked::of(question, &meeting.form.items[slot]);
    match question.interaction.is_open() {
        true => Asked {
            rule: "Answer in your own words.".into(),
            ..asked
        },
        false => asked,
    }
}

/// Returns the key with its explanation. With one participant, adds the score and the points that may be shown.
fn revealed(meeting: &Meeting, slot: usize) -> Revealed {
    let (question, item) = (&meeting.questions[slot], &meeting.form.items[slot]);
    let answer = meeting
        .is_with_one()
        .then(|| meeting.sheet(slot, 0).last_vote())
        .flatten();
    let scored = answer.and_then(|answer| scoring::score(question, item.row, answer));
    let points = |by, criterion| {
        meeting
            .is_with_one()
            .then(|| meeting.sheet(slot, 0).points.get(&(by, criterion)).copied())
            .flatten()
    };
    let mut revealed = Revealed::of(question, item, scored.as_ref(), |i| points(Rater::Own, i));
    revealed.is_right = meeting.is_right(slot, answer);
    // These are not sent to second windows, and all windows show the same.
    revealed.known_mistakes.clear();
    revealed.either_way.clear();
    revealed.values.clear();
    if let Key::Words { rubric, .. } = &mut revealed.key
        && rubric.iter().all(|rating| rating.own.is_some())
    {
        rubric
            .iter_mut()
            .enumerate()
            .for_each(|(i, rating)| rating.mentor = points(Rater::Mentor, i));
    }
    revealed
}

/// Returns the answer of the only participant: that of `round`, or the final one. With several people it is private.
fn given(meeting: &Meeting, slot: usize, round: Option<Round>) -> Option<GivenAnswer> {
    if !meeting.is_with_one() {
        return None;
    }
    let sheet = meeting.sheet(slot, 0);
    let answer = round.map_or(sheet.last_vote(), |round| sheet.vote(round))?;
    Some(GivenAnswer {
        answer: Places::of(answer, &meeting.form.items[slot]),
        confidence: sheet.confidence,
    })
}

/// Returns the votes of each round that has any; empty with one participant.
fn votes(meeting: &Meeting, slot: usize) -> Vec<Votes> {
    if meeting.is_with_one() {
        return Vec::new();
    }
    let of = |round| {
        let question = &meeting.questions[slot];
        let counts = |answer: &&Answer| scoring::is_readable(question, answer);
        let votes = meeting
            .sheets(slot)
            .iter()
            .filter_map(|sheet| sheet.vote(round));
        let answers: Vec<&Answer> = votes.filter(counts).collect();
        let mut different = answers.clone();
        different.sort_by_key(|answer| format!("{answer:?}"));
        different.dedup();
        let typed = |answer: &&Answer| match answer {
            Answer::Number(text) | Answer::Number2(text) | Answer::Number3(text) => Some((
                Text::new(text),
                answers.iter().filter(|other| *other == answer).count(),
            )),
            _ => None,
        };
        let mut typed: Vec<(Text, usize)> = different.iter().filter_map(typed).collect();
        typed.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let counts = option_counts(meeting, slot, round).unwrap_or_default();
        let pairs = pair_counts(&meeting.form.items[slot], question, &answers);
        Votes {
            round,
            votes: answers.len(),
            counts,
            typed,
            pairs,
            different: different.len(),
        }
    };
    [Round::First, Round::Second]
        .map(of)
        .into_iter()
        .filter(|votes| votes.votes > 0)
        .collect()
}

/// Returns, per left entry, the number of votes for each displayed right entry.
fn pair_counts(item: &Item, question: &Question, answers: &[&Answer]) -> Vec<Vec<usize>> {
    let Interaction::Matching { left, right } = &question.interaction else {
        return Vec::new();
    };
    let mut counts = vec![vec![0; right.len()]; left.len()];
    for answer in answers {
        let Places::Matched(places) = Places::of(answer, item) else {
            continue;
        };
        for (counts, place) in counts.iter_mut().zip(places) {
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }
    counts
}

fn date(day: Day) -> Text {
    Text::new(&day.to_string())
}

/// Returns the scene of the closing.
fn closing(meeting: &Meeting, blueprint: &Blueprint) -> Scene {
    let one = meeting.is_with_one();
    let title = |id: &CompetencyId| {
        blueprint
            .competency(id)
            .map_or_else(|| Text::new(id.as_str()), |c| c.title.clone())
    };
    let competencies = meeting
        .tallies(None)
        .into_iter()
        .map(|(id, tally)| CompetencySummary {
            title: title(&id),
            right: tally.right,
            answers: tally.answered,
            reasoning: tally
                .reasoning()
                .filter(|_| one)
                .map(|mean| (mean, tally.reasoned)),
        });
    let leaving = |closing: &sheet::Closing| Takeaway {
        said: Text::new(&closing.said),
        agreements: closing
            .agreements
            .iter()
            .flatten()
            .map(|(text, due)| (Text::new(text), due.map(date)))
            .collect(),
    };
    Scene::Closing {
        competencies: competencies.collect(),
        leaving: one.then(|| leaving(meeting.closing(0))),
        next: meeting.next_meeting().map(date),
    }
}
