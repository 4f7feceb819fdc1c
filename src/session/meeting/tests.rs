//! Properties of all mentor sessions.

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

/// Checks that the stage shows nothing private, and no key before the reveal.
fn keeps_secrets(meeting: &Meeting, slot: usize, people: usize, hot_seat: bool) {
    let json = json(meeting);
    let step = meeting.step();
    for private in ["PRIVATE", "\"level", "verdict", "heard"] {
        assert!(!json.contains(private), "{step:?}: {json}");
    }
    if step != Step::Revealed {
        for secret in ["SECRET", "credit", "9999", "1111", "told"] {
            assert!(
                !json.contains(secret),
                "{step:?} of question {slot} tells {secret}: {json}"
            );
        }
    }
    // The stage may name the person at the keyboard, but not with an answer.
    let turn = usize::from(matches!(step, Step::Asking(_)) && hot_seat);
    assert!(json.matches("NAME").count() <= turn, "{step:?}: {json}");
    if people > 1 {
        let hidden = json.matches("\"given\":null").count();
        assert_eq!(hidden, json.matches("given").count(), "{step:?}: {json}");
    }
}

/// Before the reveal, the stage has no key, rationale or explanation. It never has a note, evidence, level or verdict,
/// or a name beside an answer.
#[test]
fn the_stage_holds_nothing_before_its_time_and_nothing_private_ever() {
    for (people, hot_seat) in [(1, false), (4, false), (4, true)] {
        let mut meeting = meeting(people);
        let mut steps = Vec::new();
        let mut look = |meeting: &Meeting, slot: usize| {
            steps.push(meeting.step());
            keeps_secrets(meeting, slot, people, hot_seat);
        };
        look(&meeting, 0);
        if hot_seat {
            happen(&mut meeting, Event::HotSeat { on: true }).unwrap();
        }
        for slot in 0..meeting.len() {
            go_on(&mut meeting);
            for round in [Round::First, Round::Second] {
                look(&meeting, slot);
                for seat in 0..people {
                    let answer = answer(&meeting.questions[slot], seat % 2 == round as usize);
                    vote_surely(&mut meeting, (slot, round, seat), answer);
                    note_all(&mut meeting, slot);
                    look(&meeting, slot);
                }
                go_on(&mut meeting);
                look(&meeting, slot);
                if round == Round::First && happen(&mut meeting, Event::AskedAgain).is_err() {
                    break;
                }
            }
            while meeting.step() != Step::Revealed {
                go_on(&mut meeting);
                look(&meeting, slot);
            }
            note_all(&mut meeting, slot);
            let told = json(&meeting);
            assert!(
                told.contains("SECRET-explanation") && told.contains("SECRET-author"),
                "the reveal shows the explanation: {told}"
            );
            look(&meeting, slot);
            happen(&mut meeting, Event::Paused).unwrap();
            let paused = json(&meeting);
            assert!(
                paused.contains("\"break\"") && !paused.contains("SECRET"),
                "{paused}"
            );
            happen(&mut meeting, Event::Resumed).unwrap();
        }
        go_on(&mut meeting);
        close_with_words(&mut meeting);
        look(&meeting, 0);
        let closing = json(&meeting);
        // With several people, nothing is shown by name.
        assert_eq!(closing.contains("SAID"), people == 1);
        assert_eq!(closing.contains("AGREED"), people == 1);
        let hidden = closing.contains("\"reasoning\":null");
        assert_eq!(hidden, people > 1, "{closing}");
        go_on(&mut meeting);
        assert!(json(&meeting).contains("\"over\""));
        assert!(people == 1 || steps.contains(&Step::Split));
    }
}

#[test]
fn answers_stand_on_the_stage_by_their_places_as_shown() {
    let mut meeting = meeting(1);
    go_on(&mut meeting);
    let voted = Event::Voted {
        slot: 0,
        round: Round::First,
        seat: 0,
        answer: Answer::Picked(vec![ChoiceId(0)]),
    };
    happen(&mut meeting, voted).unwrap();
    let Scene::Asking {
        given: Some(given), ..
    } = Stage::of(&meeting, &[], &Blueprint::default()).scene
    else {
        panic!("the one person sees their own answer")
    };
    // The first option of the deck is shown last.
    assert_eq!(given.answer, Places::Picked(vec![3]));
    let item = &meeting.form.items[1];
    assert_eq!(
        Places::of(&Answer::Picked(vec![ChoiceId(0), ChoiceId(3)]), item),
        Places::Picked(vec![0, 3])
    );
}

#[test]
fn own_points_come_after_the_reveal_and_the_mentors_are_shown_once_they_are_all_there() {
    let mut meeting = meeting(1);
    happen(&mut meeting, Event::Asked { slot: OPEN }).unwrap();
    let rated = |by, criterion, points| Event::Rated {
        slot: OPEN,
        seat: 0,
        by,
        criterion,
        points: Some(points),
    };
    assert_eq!(
        happen(&mut meeting, rated(Rater::Own, 0, 1)),
        Err(Rejected::TooEarlyToRate)
    );
    happen(&mut meeting, Event::Committed).unwrap();
    happen(&mut meeting, rated(Rater::Mentor, 0, 2)).unwrap();
    happen(&mut meeting, Event::Revealed).unwrap();
    happen(&mut meeting, rated(Rater::Own, 0, 1)).unwrap();
    assert!(!json(&meeting).contains("\"mentor\":2"));
    happen(&mut meeting, rated(Rater::Own, 1, 0)).unwrap();
    assert!(json(&meeting).contains("\"mentor\":2"));
    assert_eq!(
        happen(&mut meeting, rated(Rater::Own, 1, 3)),
        Err(Rejected::NoSuchCriterion)
    );
}

#[test]
fn the_cue_decides_the_next_step_and_the_other_one_stays_open() {
    for (right, next) in [
        (1, Event::AskedAgain),
        (2, Event::AskedAgain),
        (3, Event::SplitShown),
    ] {
        let mut meeting = meeting(4);
        go_on(&mut meeting);
        for seat in 0..4 {
            let answer = answer(&meeting.questions[SINGLE], seat < right);
            happen(
                &mut meeting,
                Event::Voted {
                    slot: 0,
                    round: Round::First,
                    seat,
                    answer,
                },
            )
            .unwrap();
        }
        go_on(&mut meeting);
        assert_eq!(meeting.next(), Some(next.clone()));
        let other = meeting.alternative().unwrap();
        assert_ne!(other, next);
        happen(&mut meeting, other).unwrap();
    }
}

#[test]
fn a_question_answered_aloud_has_no_split() {
    let mut meeting = meeting(4);
    go_on(&mut meeting);
    go_on(&mut meeting);
    assert_eq!(meeting.next(), Some(Event::Revealed));
    assert_eq!(
        happen(&mut meeting, Event::SplitShown),
        Err(Rejected::NotNext)
    );
    go_on(&mut meeting);
    assert_eq!(
        (meeting.verdict(0, 0), meeting.brings_back(0, 0)),
        (None, false)
    );
}

#[test]
fn the_hot_seat_rotates_and_ends_when_all_have_had_a_turn() {
    let mut meeting = meeting(3);
    happen(&mut meeting, Event::HotSeat { on: true }).unwrap();
    happen(&mut meeting, Event::Asked { slot: 1 }).unwrap();
    let mut turns = Vec::new();
    while let Some(seat) = meeting.seat_at_keyboard() {
        turns.push(seat);
        happen(&mut meeting, Event::HandedOn).unwrap();
    }
    assert_eq!(turns, [1, 2, 0]);
    happen(&mut meeting, Event::Undone).unwrap();
    assert_eq!(
        (meeting.seat_at_keyboard(), meeting.step()),
        (Some(0), Step::Asking(Round::First)),
        "it is handed back"
    );
    happen(&mut meeting, Event::HandedOn).unwrap();
    assert_eq!(
        happen(&mut meeting, Event::HandedOn),
        Err(Rejected::NotNext)
    );
}

#[test]
fn votes_move_between_the_rounds_and_pairs_have_different_picks() {
    let mut meeting = meeting(4);
    go_on(&mut meeting);
    let vote = |meeting: &mut Meeting, round, seat, right| {
        let answer = answer(&meeting.questions[SINGLE], right);
        happen(
            meeting,
            Event::Voted {
                slot: 0,
                round,
                seat,
                answer,
            },
        )
        .unwrap();
    };
    [true, false, false, true]
        .into_iter()
        .enumerate()
        .for_each(|(s, r)| vote(&mut meeting, Round::First, s, r));
    go_on(&mut meeting);
    assert_eq!(meeting.cue(), Some(Cue::Pairs));
    let pairs = discussion_pairs(&meeting, 0);
    assert_eq!(pairs.len(), 2);
    for (one, other) in pairs {
        assert_ne!(
            meeting.sheet(0, one).vote(Round::First),
            meeting.sheet(0, other).vote(Round::First)
        );
    }
    go_on(&mut meeting);
    [true, true, true, false]
        .into_iter()
        .enumerate()
        .for_each(|(s, r)| vote(&mut meeting, Round::Second, s, r));
    assert_eq!(vote_changes(&meeting, 0), (2, 1));
    assert_eq!(
        option_counts(&meeting, 0, Round::First),
        Some(vec![0, 0, 2, 2])
    );
    assert_eq!(
        option_counts(&meeting, 0, Round::Second),
        Some(vec![0, 0, 1, 3])
    );
}

#[test]
fn verdicts_see_answer_confidence_and_reason_together() {
    for (right, confidence, level, verdict) in [
        (true, Confidence::Sure, 3, MeetingVerdict::Right),
        (true, Confidence::Sure, 1, MeetingVerdict::WeakReason),
        (true, Confidence::Guess, 2, MeetingVerdict::Lucky),
        (false, Confidence::Sure, 2, MeetingVerdict::SureAndWrong),
        (false, Confidence::Unsure, 2, MeetingVerdict::Wrong),
    ] {
        let mut meeting = meeting(1);
        go_on(&mut meeting);
        let answer = answer(&meeting.questions[0], right);
        happen(
            &mut meeting,
            Event::Voted {
                slot: 0,
                round: Round::First,
                seat: 0,
                answer,
            },
        )
        .unwrap();
        happen(
            &mut meeting,
            Event::Confident {
                slot: 0,
                seat: 0,
                confidence: Some(confidence),
            },
        )
        .unwrap();
        happen(
            &mut meeting,
            Event::Reasoned {
                slot: 0,
                seat: 0,
                criterion: 0,
                level: Some(level),
            },
        )
        .unwrap();
        assert_eq!(meeting.verdict(0, 0), Some(verdict));
        assert_eq!(meeting.brings_back(0, 0), verdict != MeetingVerdict::Right);
    }
}

#[test]
fn a_tally_counts_what_was_revealed() {
    let mut meeting = meeting(1);
    for (slot, right) in [(0, true), (NUMERIC, false)] {
        happen(&mut meeting, Event::Asked { slot }).unwrap();
        let answer = answer(&meeting.questions[slot], right);
        happen(
            &mut meeting,
            Event::Voted {
                slot,
                round: Round::First,
                seat: 0,
                answer,
            },
        )
        .unwrap();
        happen(
            &mut meeting,
            Event::Reasoned {
                slot,
                seat: 0,
                criterion: 0,
                level: Some(slot as u8 / 2),
            },
        )
        .unwrap();
        go_on(&mut meeting);
        assert_eq!(
            meeting
                .tallies(None)
                .first()
                .map_or(0, |(_, tally)| tally.answered),
            usize::from(slot > 0)
        );
        go_on(&mut meeting);
    }
    let (_, tally) = &meeting.tallies(Some(0))[0];
    assert_eq!(
        (
            tally.right,
            tally.answered,
            tally.reasoning(),
            tally.reasoned
        ),
        (1, 2, Some(1.0), 2)
    );
}

fn any_event() -> impl Strategy<Value = Event> {
    let (slot, seat) = (0..7usize, 0..4usize);
    let round = prop_oneof![Just(Round::First), Just(Round::Second)];
    let by = prop_oneof![Just(Rater::Own), Just(Rater::Mentor)];
    prop_oneof![
        3 => slot.clone().prop_map(|slot| Event::Asked { slot }),
        2 => Just(Event::AskedAgain),
        6 => Just(Event::Committed),
        4 => Just(Event::SplitShown),
        6 => Just(Event::Revealed),
        1 => Just(Event::Closing),
        1 => Just(Event::Skipped),
        1 => (seat.clone(), any::<bool>()).prop_map(|(seat, away)| Event::Away { seat, away }),
        1 => (slot.clone(), seat.clone()).prop_map(|(slot, seat)| Event::Dropped { slot, seat }),
        2 => Just(Event::Undone),
        1 => any::<bool>().prop_map(|on| Event::HotSeat { on }),
        2 => Just(Event::HandedOn),
        2 => prop::option::of(seat.clone()).prop_map(|turn| Event::AtKeyboard { turn }),
        8 => (slot.clone(), round, seat.clone(), any::<bool>()).prop_map(|(slot, round, seat, right)| {
            let questions: Vec<Question> = interactions().into_iter().enumerate().map(question).collect();
            let answer = questions.get(slot).map_or(Answer::Picked(vec![]), |question| answer(question, right));
            Event::Voted { slot, round, seat, answer }
        }),
        1 => (slot.clone(), seat.clone()).prop_map(|(slot, seat)| Event::Confident { slot, seat, confidence: None }),
        2 => (slot.clone(), seat.clone(), 0..3usize, prop::option::of(0..5u8))
            .prop_map(|(slot, seat, criterion, level)| Event::Reasoned { slot, seat, criterion, level }),
        2 => (slot.clone(), seat.clone(), by, 0..3usize, prop::option::of(0..4u32))
            .prop_map(|(slot, seat, by, criterion, points)| Event::Rated { slot, seat, by, criterion, points }),
        1 => (slot.clone(), seat.clone(), any::<bool>())
            .prop_map(|(slot, seat, on)| Event::BringBack { slot, seat, on }),
        1 => (seat.clone(), 0..5usize).prop_map(|(seat, place)| {
            Event::Agreed { seat, place, text: "agreed".to_owned(), due: None }
        }),
        1 => (slot, seat).prop_map(|(slot, seat)| Event::Evidence { slot, seat, text: "PRIVATE".to_owned() }),
        1 => Just(Event::Paused),
        2 => Just(Event::Resumed),
    ]
}

/// Returns the whole state of a session as text.
fn seen(meeting: &Meeting) -> String {
    format!("{meeting:?}")
}

proptest! {
    #[test]
    fn whatever_happens_nothing_is_revealed_that_was_not_committed_before(
        people in 1..4usize, events in prop::collection::vec(any_event(), 0..120),
    ) {
        let mut live = meeting(people);
        let mut log = Vec::new();
        // The steps that were not undone, tracked independently of the machine.
        let mut steps = vec![Event::Ticked];
        for (at, event) in (0..).zip(events) {
            let stamped = Stamped { at: Millis(at), event };
            let before = seen(&live);
            let stood = (live.slot(), live.step());
            if live.apply(&stamped).is_err() {
                prop_assert_eq!(seen(&live), before, "a refusal changes nothing");
                continue;
            }
            let event = stamped.event.clone();
            log.push(stamped);
            match &event {
                Event::Revealed | Event::SplitShown => {
                    let last = steps.last();
                    let committed = matches!(last, Some(Event::Committed))
                        || event == Event::Revealed && matches!(last, Some(Event::SplitShown));
                    prop_assert!(committed, "{:?} after {:?}", event, last);
                    steps.push(event);
                }
                Event::Asked { .. } | Event::AskedAgain | Event::Committed | Event::Closing | Event::Skipped => steps.push(event),
                // Otherwise only the keyboard was returned.
                Event::Undone if (live.slot(), live.step()) != stood => drop(steps.pop()),
                _ => {}
            }
            let json = json(&live);
            prop_assert!(!json.contains("PRIVATE"));
            prop_assert_eq!(json.contains("SECRET"), live.step() == Step::Revealed && !live.is_paused());
            // The default next step is always accepted until the end.
            if !live.is_paused() {
                let mut next = live.clone();
                let event = next.next().expect("not over");
                prop_assert_eq!(happen(&mut next, event), Ok(()));
                if let Some(event) = live.alternative() {
                    prop_assert_eq!(happen(&mut live.clone(), event), Ok(()));
                }
            }
        }
        prop_assert_eq!(seen(&meeting(people).replay(&log)), seen(&live), "a replay is the session");
        let lines: Vec<String> = log.iter().map(|stamped| serde_json::to_string(stamped).unwrap()).collect();
        let back: Vec<Stamped<Event>> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(back, log, "the log is read as it was written");
    }

    #[test]
    fn a_step_taken_back_leaves_the_state_before(
        people in 1..4usize, events in prop::collection::vec(any_event(), 0..80),
    ) {
        let mut live = meeting(people);
        for event in events {
            let _ = happen(&mut live, event);
        }
        if live.is_paused() {
            happen(&mut live, Event::Resumed).unwrap();
        }
        let before = (live.slot(), live.step(), live.round(), format!("{:?}", live.sheets(live.slot())));
        let next = live.next().expect("not over");
        if next == Event::Finished {
            return Ok(());
        }
        happen(&mut live, next).unwrap();
        happen(&mut live, Event::Undone).unwrap();
        prop_assert_eq!((live.slot(), live.step(), live.round(), format!("{:?}", live.sheets(live.slot()))), before);
    }
}

#[test]
fn a_meeting_without_questions_or_with_a_log_of_another_form_is_no_disaster() {
    let form = Form {
        code: String::new(),
        items: vec![],
        growing: None,
    };
    let mut empty = Meeting::new(
        form,
        Arc::from([]),
        vec![Seat {
            person: PersonId(2),
        }],
    );
    assert_eq!(empty.next(), Some(Event::Closing));
    assert!(happen(&mut empty, Event::Asked { slot: 0 }).is_err());
    assert_eq!(empty.cue(), None);
    let _ = json(&empty);
    go_on(&mut empty);
    go_on(&mut empty);
    assert!(empty.is_over() && empty.next().is_none());
}

#[test]
fn a_split_counts_what_can_be_read_and_matched_entries_one_by_one() {
    let mut meeting = meeting(4);
    let voted = |slot, seat, answer| Event::Voted {
        slot,
        round: Round::First,
        seat,
        answer,
    };
    let split = |meeting: &mut Meeting| {
        happen(meeting, Event::Committed).unwrap();
        happen(meeting, Event::SplitShown).unwrap();
        match Stage::of(meeting, &[], &Blueprint::default()).scene {
            Scene::Split { mut votes, .. } => votes.remove(0),
            scene => panic!("no split: {scene:?}"),
        }
    };
    happen(&mut meeting, Event::Asked { slot: MATCHING }).unwrap();
    let first = meeting.form.items[MATCHING].order[0];
    for seat in 0..3 {
        let answer = Answer::Matched(vec![Some(first); 2]);
        happen(&mut meeting, voted(MATCHING, seat, answer)).unwrap();
    }
    let votes = split(&mut meeting);
    assert!(
        !votes.pairs.is_empty() && votes.pairs.iter().all(|counts| counts[0] == 3),
        "{votes:?}"
    );
    happen(&mut meeting, Event::Revealed).unwrap();

    happen(&mut meeting, Event::Asked { slot: NUMERIC }).unwrap();
    for (seat, text) in ["60", "60", "about sixty"].into_iter().enumerate() {
        happen(
            &mut meeting,
            voted(NUMERIC, seat, Answer::Number(text.to_owned())),
        )
        .unwrap();
    }
    let votes = split(&mut meeting);
    assert_eq!(
        (votes.votes, votes.typed.len(), votes.different),
        (2, 1, 1),
        "words are no number"
    );
}

/// Second windows of earlier and later builds read this format.
#[test]
fn the_format_of_the_stage_does_not_change() {
    let mut told = String::new();
    for (people, wrong) in [(1, true), (1, false), (3, true)] {
        let mut meeting = meeting(people);
        for slot in 0..meeting.len() {
            go_on(&mut meeting);
            for seat in 0..people {
                let answer = answer(&meeting.questions[slot], seat % 2 == usize::from(wrong));
                happen(
                    &mut meeting,
                    Event::Voted {
                        slot,
                        round: Round::First,
                        seat,
                        answer,
                    },
                )
                .unwrap();
            }
            told.push_str(&format!("{}\n", json(&meeting)));
            while meeting.step() != Step::Revealed {
                go_on(&mut meeting);
                told.push_str(&format!("{}\n", json(&meeting)));
            }
        }
    }
    insta::with_settings!({snapshot_path => "../../../tests/snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("stage_format", told);
    });
}

#[test]
fn the_stage_shows_no_placeholder_and_no_empty_field_of_a_citation() {
    let mut meeting = meeting(1);
    let mut questions = meeting.questions.to_vec();
    for question in &mut questions {
        question.code = Some(Code {
            language: "sh".into(),
            text: "nodes={n}".into(),
            numbers: false,
        });
        question.references[0].place = Text::default();
        question.references[0].year = 0;
    }
    meeting.questions = questions.into();
    happen(&mut meeting, Event::Asked { slot: NUMERIC }).unwrap();
    assert!(json(&meeting).contains("nodes=9"), "{}", json(&meeting));
    happen(&mut meeting, Event::Committed).unwrap();
    happen(&mut meeting, Event::Revealed).unwrap();
    assert!(
        json(&meeting).contains("[\"SECRET-author, t\"]"),
        "{}",
        json(&meeting)
    );
}

#[test]
fn the_keyboard_goes_to_those_who_have_not_answered_and_comes_back_with_the_question() {
    let mut meeting = meeting(3);
    happen(&mut meeting, Event::Asked { slot: 0 }).unwrap();
    let answer = |pick| Answer::Picked(vec![ChoiceId(pick)]);
    happen(&mut meeting, voted(0, 0, answer(0))).unwrap();
    assert_eq!(meeting.next_turn(), Some(1), "seat 0 has answered");
    happen(&mut meeting, Event::AtKeyboard { turn: Some(1) }).unwrap();
    assert_eq!(meeting.seat_at_keyboard(), Some(1));
    let next = meeting.handing_on();
    happen(&mut meeting, next).unwrap();
    assert_eq!(meeting.seat_at_keyboard(), Some(2), "seat 1 may pass");
    happen(&mut meeting, Event::Undone).unwrap();
    assert_eq!(meeting.seat_at_keyboard(), Some(1), "it is handed back");
    for _ in 0..2 {
        let next = meeting.handing_on();
        happen(&mut meeting, next).unwrap();
    }
    assert_eq!(
        (meeting.seat_at_keyboard(), meeting.is_hot_seat()),
        (None, true)
    );
    for event in [Event::Committed, Event::AskedAgain] {
        happen(&mut meeting, event).unwrap();
    }
    assert_eq!(
        meeting.seat_at_keyboard(),
        Some(0),
        "the second vote is still the same question"
    );
    for event in [
        Event::Committed,
        Event::SplitShown,
        Event::Revealed,
        Event::Asked { slot: 1 },
    ] {
        happen(&mut meeting, event).unwrap();
    }
    assert_eq!(
        (meeting.seat_at_keyboard(), meeting.is_hot_seat()),
        (None, false)
    );
}

#[test]
fn another_vote_has_no_confidence_and_old_logs_keep_theirs() {
    let mut meeting = meeting(1);
    happen(&mut meeting, Event::Asked { slot: 0 }).unwrap();
    let answer = |pick| Answer::Picked(vec![ChoiceId(pick)]);
    let confidence = Some(Confidence::Sure);
    let first = meeting.voting(0, 0, answer(0));
    assert!(matches!(first, Event::Voted { .. }));
    happen(&mut meeting, first).unwrap();
    happen(
        &mut meeting,
        Event::Confident {
            slot: 0,
            seat: 0,
            confidence,
        },
    )
    .unwrap();
    happen(&mut meeting, voted(0, 0, answer(1))).unwrap();
    assert_eq!(
        meeting.sheet(0, 0).confidence,
        confidence,
        "as version 0.1 recorded it"
    );
    let again = meeting.voting(0, 0, answer(1));
    assert!(matches!(again, Event::Voted { .. }), "the same answer");
    let other = meeting.voting(0, 0, answer(2));
    happen(&mut meeting, other).unwrap();
    assert_eq!(meeting.sheet(0, 0).confidence, None);
}

fn voted(slot: usize, seat: usize, answer: Answer) -> Event {
    Event::Voted {
        slot,
        round: Round::First,
        seat,
        answer,
    }
}

#[test]
fn agreements_between_sessions_and_dropped_questions_follow_the_end() {
    let mut meeting = meeting(1);
    go_on(&mut meeting);
    let question = meeting.questions[0].clone();
    happen(&mut meeting, voted(0, 0, answer(&question, false))).unwrap();
    go_on(&mut meeting);
    go_on(&mut meeting);
    assert!(meeting.brings_back(0, 0));
    let later = |text: &str| Event::AgreedLater {
        seat: 0,
        text: text.to_owned(),
        due: None,
        day: Day(20_010),
    };
    let kept = |place| Event::Kept {
        seat: 0,
        place,
        kept: Some(true),
    };
    assert_eq!(
        happen(&mut meeting, kept(MAX_AGREEMENTS)),
        Err(Rejected::NothingAgreed)
    );
    happen(&mut meeting, Event::Finished).unwrap();
    assert_eq!(
        happen(&mut meeting, later(" ")),
        Err(Rejected::NothingAgreed)
    );
    happen(&mut meeting, later("Read the runbook")).unwrap();
    happen(&mut meeting, kept(MAX_AGREEMENTS)).unwrap();
    happen(&mut meeting, Event::Dropped { slot: 0, seat: 0 }).unwrap();
    assert!(!meeting.brings_back(0, 0));
    let [agreed] = meeting.closing(0).later.as_slice() else {
        panic!("one was made")
    };
    assert_eq!(
        (agreed.made, agreed.kept, agreed.text.as_str()),
        (Day(20_010), Some(true), "Read the runbook")
    );
    let record = MeetingRecord::of(&meeting, crate::core::id::SessionId::new("1"), Day(20_000));
    let progress = MentoringProgress::of(&[record], meeting.seats[0].person);
    assert!(progress.bring_back.is_empty());
    let [agreed] = progress.agreements.as_slice() else {
        panic!("one was made")
    };
    assert_eq!(
        (agreed.place, agreed.made, agreed.kept),
        (MAX_AGREEMENTS, Day(20_010), Some(true))
    );
}

#[test]
fn a_skipped_question_is_not_revealed_and_not_asked_again() {
    let mut meeting = meeting(2);
    assert_eq!(happen(&mut meeting, Event::Skipped), Err(Rejected::NotNext));
    go_on(&mut meeting);
    let question = meeting.questions[0].clone();
    happen(&mut meeting, voted(0, 0, answer(&question, true))).unwrap();
    happen(&mut meeting, Event::Skipped).unwrap();
    assert_eq!(meeting.step(), Step::Ready);
    assert!(!json(&meeting).contains("SECRET"));
    assert_eq!(meeting.next(), Some(Event::Asked { slot: 1 }));
    assert!(happen(&mut meeting, Event::Asked { slot: 0 }).is_err());
    happen(&mut meeting, Event::Undone).unwrap();
    assert_eq!((meeting.slot(), meeting.answers()), (0, 1));
    happen(&mut meeting, Event::Skipped).unwrap();
    for slot in 1..meeting.len() {
        happen(&mut meeting, Event::Asked { slot }).unwrap();
        happen(&mut meeting, Event::Skipped).unwrap();
    }
    assert_eq!(meeting.next(), Some(Event::Closing));
    go_on(&mut meeting);
    let record = MeetingRecord::of(&meeting, crate::core::id::SessionId::new("1"), Day(20_000));
    assert!(record.items.is_empty());
}

#[test]
fn nobody_waits_for_those_who_are_away() {
    let away = |seat, away| Event::Away { seat, away };
    assert_eq!(happen(&mut meeting(1), away(0, true)), Err(Rejected::Alone));
    let mut meeting = meeting(4);
    assert!(happen(&mut meeting, away(4, true)).is_err());
    happen(&mut meeting, away(0, true)).unwrap();
    happen(&mut meeting, away(2, true)).unwrap();
    go_on(&mut meeting);
    assert_eq!(meeting.next_turn(), Some(1));
    assert!(
        json(&meeting).contains("\"people\":2"),
        "{}",
        json(&meeting)
    );
    let question = meeting.questions[0].clone();
    happen(&mut meeting, voted(0, 1, answer(&question, true))).unwrap();
    assert_eq!(meeting.next_turn(), Some(3));
    happen(&mut meeting, away(2, false)).unwrap();
    assert_eq!(meeting.next_turn(), Some(2));
}
