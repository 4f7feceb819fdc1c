//! Conclusions from mentor sessions about one person and about several, over small made-up histories.

mod support;

use aethos::core::id::{CompetencyId, PersonId, QuestionId, SessionId};
use aethos::core::response::Confidence;
use aethos::core::text::Text;
use aethos::core::time::{Day, Millis};
use aethos::session::meeting::{
    AnswerRecord, BringBackReason, Closing, Cohort, Direction, Event, Meeting, MeetingRecord,
    MeetingVerdict, MentoringProgress, RecordedQuestion, Round, Seat, SeatRecord, Tally,
};
use aethos::session::{Stamped, meeting};
use support::mentored::{bank, blueprint};
use support::questions::form;

const MINA: PersonId = PersonId(2);
const JO: PersonId = PersonId(3);

/// Returns a question of [`bank`] by its name, as it is asked.
fn asked(id: &str) -> RecordedQuestion {
    let banked = bank()
        .into_iter()
        .find(|banked| banked.question.id == QuestionId::new(id))
        .expect("it is in the bank");
    let form = form(&blueprint(), std::slice::from_ref(&banked.question), |_| {
        true
    });
    RecordedQuestion {
        number: 1,
        item: form.items[0].clone(),
        family: banked.question.family,
        about: Text::new(id),
        note: Text::default(),
    }
}

fn mark(right: bool) -> AnswerRecord {
    let (verdict, reason) = if right {
        (MeetingVerdict::Right, None)
    } else {
        (MeetingVerdict::Wrong, Some(BringBackReason::Missed))
    };
    let score = Some(f64::from(u8::from(right)));
    AnswerRecord {
        votes: [score, None],
        reasoning: Some(1.0),
        verdict: Some(verdict),
        bring_back: reason,
        ..AnswerRecord::default()
    }
}

/// Creates a session on a day with one person, from questions and whether they were answered correctly.
fn record(day: i32, person: PersonId, questions: &[(&str, bool)]) -> MeetingRecord {
    let seat = SeatRecord {
        person,
        marks: questions.iter().map(|(_, right)| mark(*right)).collect(),
        closing: Closing::default(),
    };
    MeetingRecord {
        session: SessionId::new(format!("{day}")),
        day: Day(day),
        spent: Millis::ZERO,
        items: questions.iter().map(|(id, _)| asked(id)).collect(),
        seats: vec![seat],
        next_meeting: None,
    }
}

#[test]
fn only_the_same_question_and_twins_on_another_day_are_compared() {
    let records = [
        record(
            1,
            MINA,
            &[
                ("models.002", false),
                ("models.003", true),
                ("slo.000", false),
                ("retries.000", false),
            ],
        ),
        // Another level and facet: similar to nothing before.
        record(2, MINA, &[("trade-offs.005", true), ("models.004", true)]),
        // The same question; a twin by facet and level (2 and 6 are both senior); a twin by family.
        record(
            9,
            MINA,
            &[
                ("models.002", true),
                ("models.006", true),
                ("slo.001", true),
            ],
        ),
        record(9, JO, &[("retries.000", true)]),
    ];
    let growth = MentoringProgress::of(&records, MINA);
    assert_eq!(
        (growth.same_question.pairs, growth.same_question.gained),
        (1, 1)
    );
    assert_eq!(
        (growth.twins.pairs, growth.twins.gained),
        (2, 2),
        "{:?}",
        growth.twins
    );
    assert_eq!(
        growth.same_question.direction(),
        Direction::TooFew,
        "one pair is no change"
    );

    let same_day = [
        record(1, MINA, &[("models.002", false)]),
        record(1, MINA, &[("models.002", true)]),
    ];
    assert_eq!(
        MentoringProgress::of(&same_day, MINA).same_question.pairs,
        0,
        "what was just explained is no growth"
    );
}

#[test]
fn an_agreed_session_stays_until_its_day_or_another_date() {
    let on = |day, next_meeting: Option<i32>| MeetingRecord {
        next_meeting: next_meeting.map(Day),
        ..record(day, MINA, &[("models.002", true)])
    };
    let next = |records: &[MeetingRecord]| MentoringProgress::of(records, MINA).next;
    assert_eq!(next(&[on(1, Some(9)), on(2, None)]), Some(Day(9)));
    assert_eq!(
        next(&[on(1, Some(9)), on(9, None)]),
        None,
        "its day has come"
    );
    assert_eq!(next(&[on(1, Some(9)), on(2, Some(5))]), Some(Day(5)));
}

#[test]
fn a_person_and_the_cohort_count_the_same_votes() {
    let mut records = [record(1, MINA, &[("models.002", true)])];
    records[0].seats[0].marks[0].votes = [Some(0.0), Some(1.0)];
    let growth = MentoringProgress::of(&records, MINA);
    let cohort = Cohort::of(&records, &[MINA]);
    let cell = growth
        .first_votes
        .values()
        .next()
        .expect("one was answered");
    assert_eq!(
        (cell.right, cell.answered),
        (0, 1),
        "wrong before the discussion"
    );
    assert_eq!(*cell, cohort.columns[0].people[0]);
}

#[test]
fn what_was_missed_waits_until_it_is_asked_again() {
    let first = record(
        1,
        MINA,
        &[
            ("models.002", false),
            ("slo.000", false),
            ("retries.000", true),
        ],
    );
    let again = record(20, MINA, &[("models.002", true)]);
    let growth = MentoringProgress::of(&[first.clone(), again], MINA);
    let waiting: Vec<&str> = growth
        .bring_back
        .iter()
        .map(|back| back.item.question.as_str())
        .collect();
    assert_eq!(waiting, ["slo.000"]);
    assert_eq!(
        (growth.bring_back[0].reason, growth.bring_back[0].day),
        (BringBackReason::Missed, Day(1))
    );
    assert_eq!(growth.returned, (1, 1));

    let missed_again = record(20, MINA, &[("models.002", false)]);
    let growth = MentoringProgress::of(&[first, missed_again], MINA);
    let models = growth
        .bring_back
        .iter()
        .find(|back| back.item.question.as_str() == "models.002")
        .unwrap();
    assert_eq!(
        (models.day, models.times, growth.returned),
        (Day(20), 2, (0, 1))
    );
}

#[test]
fn months_have_no_holes_and_cells_say_of_how_many() {
    // 20 January, and 3 March 1970.
    let records = [
        record(19, MINA, &[("models.002", false), ("consensus.000", true)]),
        record(61, MINA, &[("slo.000", true)]),
    ];
    let growth = MentoringProgress::of(&records, MINA);
    assert_eq!(
        growth
            .months
            .iter()
            .map(|month| month.month)
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    let data = CompetencyId::new("data-consistency");
    let january = growth.cells[&(data.clone(), growth.months[0])];
    assert_eq!(january.words(), "1 of 2, reasoning 1.0 (n 2)");
    assert!(!growth.cells.contains_key(&(data, growth.months[1])));
    assert_eq!(
        MentoringProgress::of(&records, JO),
        MentoringProgress::default()
    );
}

#[test]
fn a_cohort_stands_in_the_order_of_adding_and_what_is_missed_most_comes_first() {
    let records = [
        record(
            1,
            MINA,
            &[
                ("models.002", false),
                ("models.003", true),
                ("consensus.004", true),
                ("slo.000", false),
            ],
        ),
        record(
            2,
            JO,
            &[
                ("retries.000", false),
                ("retries.001", false),
                ("failover.000", true),
            ],
        ),
        // Only the newest vote on a question counts: this one has been learned since.
        record(9, MINA, &[("models.002", true)]),
    ];
    let cohort = Cohort::of(&records, &[MINA, JO]);
    assert_eq!(cohort.people, [MINA, JO]);
    let order: Vec<&str> = cohort
        .columns
        .iter()
        .map(|column| column.competency.as_str())
        .collect();
    assert_eq!(
        order,
        ["fault-tolerance", "data-consistency", "system-monitoring"],
        "the thin one is last"
    );
    let fault = &cohort.columns[0];
    assert_eq!(
        (fault.all.missed(), fault.all.answered, fault.waiting),
        (2, 3, 2)
    );
    assert_eq!((fault.people[0], fault.facets.len()), (Tally::default(), 1));
    assert_eq!(
        (
            cohort.columns[1].all.missed(),
            cohort.columns[1].all.answered
        ),
        (0, 3)
    );
    assert!(cohort.columns[2].has_too_few_answers() && !fault.has_too_few_answers());
}

/// Creates a session with two people and one question, played through `events`.
fn played(events: Vec<Event>) -> MeetingRecord {
    let banked = bank().into_iter().next().unwrap();
    let form = form(&blueprint(), std::slice::from_ref(&banked.question), |_| {
        true
    });
    let seats = vec![Seat { person: MINA }, Seat { person: JO }];
    let log: Vec<Stamped<Event>> = events
        .into_iter()
        .map(|event| Stamped {
            at: Millis(1),
            event,
        })
        .collect();
    MeetingRecord::of(
        &Meeting::new(form, [banked.question].into(), seats).replay(&log),
        SessionId::new("s"),
        Day(1),
    )
}

fn voted(round: Round, seat: usize, choice: u8) -> Event {
    let answer = aethos::core::response::Answer::Picked(vec![aethos::core::id::ChoiceId(choice)]);
    Event::Voted {
        slot: 0,
        round,
        seat,
        answer,
    }
}

#[test]
fn a_record_has_both_votes_the_reason_and_what_is_to_come_back() {
    let confident = |seat, confidence| Event::Confident {
        slot: 0,
        seat,
        confidence: Some(confidence),
    };
    let mut events = vec![
        Event::Asked { slot: 0 },
        voted(Round::First, 0, 1),
        confident(0, Confidence::Sure),
        voted(Round::First, 1, 0),
        Event::Committed,
        Event::AskedAgain,
        voted(Round::Second, 0, 0),
        Event::Committed,
        Event::SplitShown,
        Event::Reasoned {
            slot: 0,
            seat: 1,
            criterion: 0,
            level: Some(1),
        },
    ];
    assert!(
        played(events.clone()).items.is_empty(),
        "before the reveal nothing can be said"
    );
    events.push(Event::Revealed);
    let record = played(events.clone());
    let [mina, jo] = &record.seats[..] else {
        panic!("two sat there")
    };
    assert_eq!(
        (mina.marks[0].votes, mina.marks[0].right_at_first()),
        ([Some(0.0), Some(1.0)], Some(false))
    );
    assert_eq!(mina.marks[0].bring_back, None, "it was right in the end");
    assert_eq!(
        (jo.marks[0].verdict, jo.marks[0].bring_back),
        (
            Some(MeetingVerdict::WeakReason),
            Some(BringBackReason::WeakReason)
        )
    );
    assert_eq!(
        record.tallies(1)[0].1.words(),
        "1 of 1, reasoning 1.0 (n 1)"
    );

    events.push(Event::BringBack {
        slot: 0,
        seat: 0,
        on: true,
    });
    events.push(Event::BringBack {
        slot: 0,
        seat: 1,
        on: false,
    });
    let record = played(events);
    assert_eq!(
        record
            .seats
            .iter()
            .map(|seat| seat.marks[0].bring_back)
            .collect::<Vec<_>>(),
        [Some(BringBackReason::Wanted), None]
    );
}

#[test]
fn what_was_agreed_can_be_called_kept_once_the_session_is_over_and_what_was_not_agreed_cannot() {
    let agreed = |seat| Event::Agreed {
        seat,
        place: 0,
        text: "read".to_owned(),
        due: Some(Day(5)),
    };
    let kept = |seat| Event::Kept {
        seat,
        place: 0,
        kept: Some(true),
    };
    let record = played(vec![
        agreed(0),
        Event::Finished,
        kept(0),
        kept(1),
        Event::Erased,
    ]);
    assert_eq!(record.seats[0].closing.kept[0], Some(true));
    assert_eq!(record.seats[1].closing.kept[0], None);
    let growth = MentoringProgress::of(&[record], MINA);
    assert_eq!((growth.kept(), growth.open_agreements().len()), ((1, 1), 0));
    let growth = MentoringProgress::of(&[played(vec![agreed(0)])], MINA);
    let open = growth.open_agreements();
    assert!(open[0].is_due(Day(5)) && !open[0].is_due(Day(4)));
    let refused = {
        let form = form(&blueprint(), &[], |_| true);
        let mut meeting = Meeting::new(form, [].into(), vec![Seat { person: MINA }]);
        meeting.apply(&Stamped {
            at: Millis(0),
            event: kept(0),
        })
    };
    assert_eq!(refused, Err(meeting::Rejected::NothingAgreed));
}
