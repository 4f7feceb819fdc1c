//! Votes, and what is counted of them.

use super::*;

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
