//! What the stage must not show before its time, in any session.

use super::*;

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
    insta::with_settings!({snapshot_path => "../../../../tests/snapshots", prepend_module_to_snapshot => false}, {
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
        1 => (90..93i64).prop_map(|person| Event::SeatAdded { person: PersonId(person), slot: None }),
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
        3 => (slot.clone(), seat.clone(), prop::option::of(any::<bool>())).prop_map(|(slot, seat, right)| {
            Event::Judged { slot, round: Round::First, seat, right }
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
