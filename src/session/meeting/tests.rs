//! Properties of all mentor sessions.

mod aloud;
mod secrets;
mod steps;
mod votes;

use std::sync::Arc;

use proptest::prelude::*;

use super::stage::Scene;
use super::*;
use crate::core::blueprint::Blueprint;
use crate::core::form::{Form, Item};
use crate::core::formula::Formula;
use crate::core::id::{ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, QuestionId};
use crate::core::question::{
    Choice, Code, Criterion, Demand, Interaction, Left, Level, Numeric, Param, Question, Reference,
    Row, WrongFormula,
};
use crate::core::response::{Answer, Confidence};
use crate::core::text::Text;
use crate::core::time::{Day, Millis};
use crate::session::Stamped;
use crate::session::present::Places;

pub(super) const SINGLE: usize = 0;
pub(super) const MULTIPLE: usize = 1;
pub(super) const ORDERING: usize = 2;
pub(super) const MATCHING: usize = 3;
pub(super) const NUMERIC: usize = 4;
const OPEN: usize = 5;

/// Returns one interaction of each type. Texts that are hidden until the reveal begin with `SECRET`; texts that are
/// never shown begin with `PRIVATE`.
fn interactions() -> Vec<Interaction> {
    let choice = |text: &str, credit| Choice {
        text: text.into(),
        credit,
        why: "SECRET-why".into(),
        misconception: Some("SECRET-belief".into()),
    };
    let options = || {
        vec![
            choice("one", 1.0),
            choice("two", 0.0),
            choice("three", 0.0),
            choice("four", 0.0),
        ]
    };
    let step = |text: &str| crate::core::question::Step {
        text: text.into(),
        why: "SECRET-why".into(),
    };
    let left = |text: &str, key| Left {
        text: text.into(),
        key: ChoiceId(key),
        why: "SECRET-why".into(),
    };
    let criterion = |text: &str| Criterion {
        criterion: text.into(),
        points: 2,
        evidence: "SECRET-evidence".into(),
    };
    let mut multiple = options();
    multiple[2].credit = 1.0;
    vec![
        Interaction::Single(options()),
        Interaction::Multiple {
            select: 2,
            options: multiple,
        },
        Interaction::Ordering {
            steps: ["first", "second", "third", "fourth"].map(step).into(),
            free: vec![],
        },
        Interaction::Matching {
            left: vec![left("x", 0), left("y", 1)],
            right: ["ex", "why", "zed"].map(Text::from).into(),
        },
        Interaction::Numeric(Numeric {
            params: vec![Param {
                name: "n".into(),
                values: vec![7.0, 9.0],
                unit: "".into(),
                label: "nodes".into(),
            }],
            formula: Formula::parse("n*1111", &["n"]).unwrap(),
            unit: "req".into(),
            tolerance_rel: 0.01,
            tolerance_abs: 0.0,
            wrong: vec![WrongFormula {
                formula: Formula::parse("n*2", &["n"]).unwrap(),
                why: "SECRET-belief".into(),
            }],
        }),
        Interaction::Open {
            model_answer: "SECRET-model".into(),
            rubric: vec![
                criterion("SECRET-criterion-a"),
                criterion("SECRET-criterion-b"),
            ],
        },
    ]
}

fn question((n, interaction): (usize, Interaction)) -> Question {
    Question {
        id: QuestionId::new(format!("q{n}")),
        fingerprint: Fingerprint::of(&format!("q{n}")),
        facet: FacetId::new("facet"),
        points: vec![],
        tips: vec![],
        level: Level::Mid,
        demand: Demand::Apply,
        family: None,
        seconds: 60,
        stem: "A cluster of {n} nodes.".into(),
        code: None,
        lead_in: "Which?".into(),
        interaction,
        explanation: "SECRET-explanation".into(),
        discussion: Some("PRIVATE-discussion".into()),
        references: vec![Reference {
            author: "SECRET-author".into(),
            title: "t".into(),
            place: "p".into(),
            year: 2000,
            url: None,
        }],
        checked: None,
        simulation: None,
        retired: None,
        figures: Vec::new(),
    }
}

pub(super) fn meeting(people: usize) -> Meeting {
    let questions: Vec<Question> = interactions()
        .into_iter()
        .enumerate()
        .map(question)
        .collect();
    let item = |question: &Question| Item {
        deck: DeckId::new("deck"),
        question: question.id.clone(),
        fingerprint: question.fingerprint,
        competency: CompetencyId::new("competency"),
        facet: question.facet.clone(),
        level: question.level,
        kind: question.kind(),
        seconds: 60,
        row: Row(1),
        order: ChoiceId::first(question.interaction.movable())
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
        fresh: true,
        variant: false,
        instance: None,
        why: None,
    };
    let form = Form {
        code: String::new(),
        items: questions.iter().map(item).collect(),
        growing: None,
    };
    let seats = (0..people)
        .map(|n| Seat {
            person: PersonId(2 + n as i64),
        })
        .collect();
    Meeting::new(form, questions.into(), seats)
}

fn names(people: usize) -> Vec<Text> {
    (0..people)
        .map(|n| Text::new(&format!("NAME-{n}")))
        .collect()
}

pub(super) fn happen(meeting: &mut Meeting, event: Event) -> Result<(), Rejected> {
    let at = meeting.at();
    meeting.apply(&Stamped { at, event })
}

fn go_on(meeting: &mut Meeting) {
    let next = meeting.next().expect("a step follows");
    happen(meeting, next).unwrap();
}

/// Returns a right or a wrong answer to a question.
fn answer(question: &Question, right: bool) -> Answer {
    let ids = |ids: &[u8]| ids.iter().copied().map(ChoiceId).collect::<Vec<_>>();
    match (&question.interaction, right) {
        (Interaction::Single(_), true) => Answer::Picked(ids(&[0])),
        (Interaction::Single(_), false) => Answer::Picked(ids(&[1])),
        (Interaction::Multiple { .. }, true) => Answer::Picked(ids(&[0, 2])),
        (Interaction::Multiple { .. }, false) => Answer::Picked(ids(&[1, 3])),
        (Interaction::Ordering { .. }, true) => Answer::Ordered(ids(&[0, 1, 2, 3])),
        (Interaction::Ordering { .. }, false) => Answer::Ordered(ids(&[3, 2, 1, 0])),
        (Interaction::Matching { .. }, true) => {
            Answer::Matched(vec![Some(ChoiceId(0)), Some(ChoiceId(1))])
        }
        (Interaction::Matching { .. }, false) => Answer::Matched(vec![Some(ChoiceId(2)), None]),
        (Interaction::Numeric(_), true) => Answer::Number("9.999k".to_owned()),
        (Interaction::Numeric(_), false) => Answer::Number("18".to_owned()),
        (Interaction::Open { .. } | Interaction::Recall(_), _) => {
            Answer::Written("in my words".to_owned())
        }
    }
}

fn json(meeting: &Meeting) -> String {
    let stage = Stage::of(meeting, &names(meeting.seats.len()), &Blueprint::default());
    let json = serde_json::to_string(&stage).unwrap();
    assert_eq!(
        serde_json::from_str::<Stage>(&json).unwrap(),
        stage,
        "what is read is what was written"
    );
    json
}

/// Records everything that a mentor can note about a question and its participants.
fn note_all(meeting: &mut Meeting, slot: usize) {
    for seat in 0..meeting.seats.len() {
        let criteria = meeting.criteria(slot);
        let private = |words: &str| format!("PRIVATE-{words}");
        for event in [
            Event::Evidence {
                slot,
                seat,
                text: private("evidence"),
            },
            Event::PersonNoted {
                seat,
                text: private("person"),
            },
            Event::QuestionNoted {
                slot,
                text: private("question"),
            },
            Event::Heard {
                slot,
                seat,
                point: 0,
                on: true,
            },
            Event::Reasoned {
                slot,
                seat,
                criterion: criteria - 1,
                level: Some(1),
            },
        ] {
            happen(meeting, event).unwrap();
        }
        let _ = happen(
            meeting,
            Event::Rated {
                slot,
                seat,
                by: Rater::Mentor,
                criterion: 0,
                points: Some(2),
            },
        );
        let _ = happen(
            meeting,
            Event::BringBack {
                slot,
                seat,
                on: true,
            },
        );
    }
}

fn vote_surely(meeting: &mut Meeting, (slot, round, seat): (usize, Round, usize), answer: Answer) {
    let voted = Event::Voted {
        slot,
        round,
        seat,
        answer,
    };
    happen(meeting, voted).unwrap();
    let confidence = Some(Confidence::Sure);
    let confident = Event::Confident {
        slot,
        seat,
        confidence,
    };
    happen(meeting, confident).unwrap();
    let _ = happen(meeting, Event::HandedOn);
}

/// Gives each person a closing sentence and an agreement.
fn close_with_words(meeting: &mut Meeting) {
    for seat in 0..meeting.seats.len() {
        let text = format!("SAID-{seat}");
        happen(meeting, Event::Said { seat, text }).unwrap();
        let agreed = Event::Agreed {
            seat,
            place: 0,
            text: format!("AGREED-{seat}"),
            due: Some(Day(20_000)),
        };
        happen(meeting, agreed).unwrap();
    }
}

fn voted(slot: usize, seat: usize, answer: Answer) -> Event {
    Event::Voted {
        slot,
        round: Round::First,
        seat,
        answer,
    }
}
