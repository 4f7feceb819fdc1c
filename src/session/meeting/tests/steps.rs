//! The order of steps and of people.

use super::*;

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
