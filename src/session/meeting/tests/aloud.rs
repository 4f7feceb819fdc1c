//! Latecomers, and answers given aloud.

use super::*;

#[test]
fn a_latecomer_has_a_seat_from_then_on_and_a_replay_seats_them_again() {
    let late = PersonId(99);
    for people in [1, 3] {
        let planned = meeting(people);
        let mut meeting = planned.clone();
        let mut log = Vec::new();
        let mut happens = |meeting: &mut Meeting, event: Event| {
            let stamped = Stamped {
                at: meeting.at(),
                event,
            };
            meeting.apply(&stamped)?;
            log.push(stamped);
            Ok::<(), Rejected>(())
        };
        let seating = meeting.seating(late);
        assert_eq!(
            seating,
            Event::SeatAdded {
                person: late,
                slot: None
            }
        );
        happens(&mut meeting, Event::Asked { slot: 0 }).unwrap();
        let question = meeting.questions[0].clone();
        let vote = |seat| voted(0, seat, answer(&question, true));
        happens(&mut meeting, vote(0)).unwrap();
        assert_eq!(
            happens(&mut meeting, vote(people)),
            Err(Rejected::NoSuchSeat)
        );
        let seating = meeting.seating(late);
        assert_eq!(
            seating,
            Event::SeatAdded {
                person: late,
                slot: Some(0)
            }
        );
        happens(&mut meeting, seating.clone()).unwrap();
        assert_eq!(happens(&mut meeting, seating), Err(Rejected::AlreadySeated));
        assert!(meeting.votes_by_fingers(), "they are several now");
        happens(&mut meeting, vote(people)).unwrap();
        for event in [Event::Committed, Event::SplitShown, Event::Revealed] {
            happens(&mut meeting, event).unwrap();
        }
        let again = planned.replay(&log);
        assert_eq!(format!("{again:?}"), format!("{meeting:?}"));
        let record = MeetingRecord::of(&again, crate::core::id::SessionId::new("1"), Day(20_000));
        let theirs = &record.seats[people];
        assert_eq!(
            (theirs.person, theirs.marks[0].right_at_first()),
            (late, Some(true))
        );
    }
}

fn judged(round: Round, seat: usize, right: Option<bool>) -> Event {
    Event::Judged {
        slot: MULTIPLE,
        round,
        seat,
        right,
    }
}

#[test]
fn an_answer_given_aloud_has_a_verdict_for_each_person() {
    let mut meeting = meeting(4);
    let slot = MULTIPLE;
    let first = |seat, right| judged(Round::First, seat, Some(right));
    assert_eq!(happen(&mut meeting, first(0, true)), Err(Rejected::Closed));
    happen(&mut meeting, Event::Asked { slot }).unwrap();
    for seat in 0..3 {
        happen(&mut meeting, first(seat, seat == 0)).unwrap();
    }
    assert_eq!(meeting.answers(), 3);
    go_on(&mut meeting);
    assert_eq!(meeting.cue(), Some(Cue::Hint));
    assert_eq!(meeting.next(), Some(Event::AskedAgain));
    assert_eq!(
        meeting.alternative(),
        Some(Event::Revealed),
        "there is no split to show"
    );
    go_on(&mut meeting);
    happen(&mut meeting, judged(Round::Second, 1, Some(true))).unwrap();
    happen(&mut meeting, judged(Round::Second, 3, Some(true))).unwrap();
    happen(&mut meeting, judged(Round::Second, 3, None)).unwrap();
    go_on(&mut meeting);
    assert_eq!(vote_changes(&meeting, slot), (1, 0));
    assert!(
        !json(&meeting).contains("judged"),
        "the stage shows nothing of it"
    );
    go_on(&mut meeting);
    let verdicts: Vec<_> = (0..4).map(|seat| meeting.verdict(slot, seat)).collect();
    let (right, wrong) = (Some(MeetingVerdict::Right), Some(MeetingVerdict::Wrong));
    assert_eq!(verdicts, [right, right, wrong, None]);
    assert!(meeting.brings_back(slot, 2) && !meeting.brings_back(slot, 3));
    let (_, tally) = &meeting.tallies(None)[0];
    assert_eq!((tally.right, tally.answered), (2, 3));
    let record = MeetingRecord::of(&meeting, crate::core::id::SessionId::new("1"), Day(20_000));
    assert_eq!(record.seats[1].marks[0].votes, [Some(0.0), Some(1.0)]);
}

#[test]
fn only_what_was_said_aloud_is_judged() {
    let mut several = meeting(2);
    happen(&mut several, Event::Asked { slot: SINGLE }).unwrap();
    let of = |slot| Event::Judged {
        slot,
        round: Round::First,
        seat: 0,
        right: Some(true),
    };
    assert_eq!(happen(&mut several, of(SINGLE)), Err(Rejected::HasVoted));
    assert_eq!(happen(&mut several, of(MULTIPLE)), Err(Rejected::Closed));
    happen(&mut several, Event::Skipped).unwrap();
    happen(&mut several, Event::Asked { slot: MULTIPLE }).unwrap();
    let question = several.questions[MULTIPLE].clone();
    happen(&mut several, voted(MULTIPLE, 0, answer(&question, false))).unwrap();
    assert_eq!(happen(&mut several, of(MULTIPLE)), Err(Rejected::HasVoted));
    let mut one = meeting(1);
    happen(&mut one, Event::Asked { slot: MULTIPLE }).unwrap();
    assert_eq!(happen(&mut one, of(MULTIPLE)), Err(Rejected::HasVoted));
}
