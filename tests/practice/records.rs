//! The stored data about practice: reviews, memories and remarks, per person.

use aethos::core::form::{Form, Item};
use aethos::core::id::{
    CompetencyId, DeckId, FacetId, Fingerprint, PersonId, QuestionId, SessionId,
};
use aethos::core::practice::Grade;
use aethos::core::progress::Recalls;
use aethos::core::question::{Kind, Level, Row};
use aethos::core::response::Confidence;
use aethos::core::time::{Day, Limit, Millis, Multiplier};
use aethos::session::{Event, Mode, Stamped};
use aethos::store::{NewSession, Remark, Reviewed, Scored, Store, StoredEvent};

const TODAY: Day = Day(20_780);

fn deck() -> DeckId {
    DeckId::new("consensus")
}

fn question(slot: usize) -> QuestionId {
    QuestionId::new(format!("raft.{slot:03}"))
}

fn begin(store: &mut Store, person: PersonId, name: &str, mode: Mode) -> SessionId {
    let item = |slot: usize| Item {
        deck: deck(),
        question: question(slot),
        fingerprint: Fingerprint::of(&format!("question {slot}")),
        competency: CompetencyId::new("data-consistency"),
        facet: FacetId::new("raft"),
        level: Level::Senior,
        kind: Kind::Single,
        seconds: 60,
        row: Row(0),
        order: Vec::new(),
        fresh: false,
        variant: false,
        instance: None,
        why: None,
    };
    let id = SessionId::new(name);
    let start = NewSession {
        id: id.clone(),
        person,
        mode,
        started_at: 0,
        form: Form {
            code: String::new(),
            items: (0..3).map(item).collect(),
            growing: None,
        },
        limit: Limit::Untimed,
        multiplier: Multiplier::ONE,
        setup: String::new(),
    };
    store.start(&start, &[]).unwrap();
    id
}

fn say(store: &mut Store, session: &SessionId, day: Day, events: &[Event]) {
    let first = store.events::<Event>(session).unwrap().len() as u32;
    let log = |(n, event): (u32, &Event)| StoredEvent {
        wall_ms: i64::from(day.0) * 86_400_000 + i64::from(n),
        day,
        stamped: Stamped {
            at: Millis(n.into()),
            event: event.clone(),
        },
        score: None,
    };
    let log: Vec<StoredEvent> = (first..).zip(events).map(log).collect();
    store.append(session, first, &log).unwrap();
}

fn count_due(store: &Store, person: PersonId, until: Day) -> usize {
    let mut count = 0;
    store
        .each_due(person, Day(i32::MIN)..=until, |_| {
            count += 1;
            true
        })
        .unwrap();
    count
}

/// Returns the number of wrong questions, and how many of them were sure.
fn count_wrong(store: &Store) -> (usize, usize) {
    let person = PersonId::YOU;
    (
        store.wrong(person, 99).unwrap().len(),
        store.sure_and_wrong(person, 99).unwrap().len(),
    )
}

fn graded(slot: usize, grade: Grade) -> Event {
    Event::Graded { slot, grade }
}

#[test]
fn a_grade_is_a_review_and_the_last_grade_of_a_slot_counts() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Practise);
    let sure = Event::Confident {
        slot: 0,
        confidence: Some(Confidence::Sure),
    };
    say(
        &mut store,
        &session,
        TODAY,
        &[sure, graded(0, Grade::Again), graded(1, Grade::Good)],
    );
    let due = |store: &Store, slot| {
        store
            .memory(PersonId::YOU, &deck(), &question(slot))
            .unwrap()
            .map(|(_, due)| due)
    };
    assert_eq!(due(&store, 0), Some(TODAY.plus(1)));
    assert_eq!(due(&store, 1), Some(TODAY.plus(2)));
    assert_eq!(due(&store, 2), None);
    assert_eq!(count_due(&store, PersonId::YOU, TODAY.plus(1)), 1);
    assert_eq!(count_wrong(&store), (1, 1));
    assert_eq!(
        store.sure_and_wrong(PersonId::YOU, 9).unwrap()[0].question,
        question(0)
    );
    let again = begin(&mut store, PersonId::YOU, "b", Mode::Practise);
    say(&mut store, &again, TODAY, &[graded(0, Grade::Hard)]);
    assert_eq!(
        count_wrong(&store),
        (1, 1),
        "without a confidence, the last one stays"
    );
    let taken_back = Event::GradeTakenBack { slot: 0 };
    say(&mut store, &again, TODAY, &[taken_back]);

    say(&mut store, &session, TODAY, &[graded(0, Grade::Easy)]);
    assert_eq!(due(&store, 0), Some(TODAY.plus(8)));
    let (memory, _) = store
        .memory(PersonId::YOU, &deck(), &question(0))
        .unwrap()
        .unwrap();
    assert_eq!(
        (memory.reviews, memory.lapses),
        (1, 0),
        "the first grade is as if it had not been"
    );
    assert_eq!(count_wrong(&store), (0, 0));
}

#[test]
fn an_assessment_is_remembered_with_its_result_and_only_once() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Assess);
    let review = |slot, grade, score| {
        let (wall_ms, day, confidence) = (0, TODAY, Some(Confidence::Fairly));
        Reviewed {
            slot,
            wall_ms,
            day,
            grade,
            score,
            confidence,
            is_blank: false,
        }
    };
    let result = Scored {
        scored_at: 1,
        version: 1,
        body: "{}".to_owned(),
    };
    for _ in 0..2 {
        store
            .put_result(
                &session,
                &result,
                &[review(0, Grade::Again, 0.0), review(2, Grade::Good, 1.0)],
            )
            .unwrap();
    }
    assert_eq!(
        store.answers_by_day(PersonId::YOU, TODAY).unwrap(),
        [(TODAY, 2)]
    );
    let again = begin(&mut store, PersonId::YOU, "b", Mode::Practise);
    say(&mut store, &again, TODAY.plus(1), &[graded(0, Grade::Good)]);
    let recalls = Recalls {
        tried: 1,
        recalled: 1,
    };
    assert_eq!(
        store.recalls(PersonId::YOU).unwrap(),
        [(CompetencyId::new("data-consistency"), recalls)]
    );
    assert_eq!(
        store.day_before(PersonId::YOU, TODAY.plus(9)).unwrap(),
        Some(TODAY.plus(1))
    );
    assert_eq!(store.day_before(PersonId::YOU, TODAY).unwrap(), None);
}

#[test]
fn a_question_left_blank_is_scheduled_and_is_no_answer() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Assess);
    let review = |slot, day, is_blank| Reviewed {
        slot,
        wall_ms: 0,
        day,
        grade: if is_blank { Grade::Again } else { Grade::Good },
        score: if is_blank { 0.0 } else { 1.0 },
        confidence: None,
        is_blank,
    };
    let result = Scored {
        scored_at: 1,
        version: 1,
        body: "{}".to_owned(),
    };
    let reviews = [
        review(0, TODAY, true),
        review(1, TODAY.plus(-3), false),
        review(2, TODAY, true),
    ];
    store.put_result(&session, &result, &reviews).unwrap();
    let you = PersonId::YOU;
    assert_eq!(count_due(&store, you, TODAY.plus(1)), 3);
    assert_eq!(
        store.answers_by_day(you, TODAY.plus(-9)).unwrap(),
        [(TODAY.plus(-3), 1)]
    );
    assert_eq!(
        store.day_before(you, TODAY.plus(9)).unwrap(),
        Some(TODAY.plus(-3))
    );
    let competency = CompetencyId::new("data-consistency");
    assert_eq!(store.right_and_wrong(you, &competency).unwrap(), (1, 0, 1));
    // The first answer to a question is no recall, although the question was seen before.
    let again = begin(&mut store, you, "b", Mode::Practise);
    let grades = [graded(0, Grade::Good), graded(1, Grade::Again)];
    say(&mut store, &again, TODAY.plus(1), &grades);
    let recalls = Recalls {
        tried: 1,
        recalled: 0,
    };
    assert_eq!(store.recalls(you).unwrap(), [(competency, recalls)]);
}

#[test]
fn an_interview_moves_what_would_come_after_it() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Practise);
    say(
        &mut store,
        &session,
        TODAY,
        &[
            graded(0, Grade::Easy),
            graded(1, Grade::Easy),
            graded(2, Grade::Good),
        ],
    );
    let due = |store: &Store| {
        let mut due = Vec::new();
        store
            .each_due(PersonId::YOU, Day(i32::MIN)..=Day(i32::MAX), |found| {
                due.push(found.day.since(TODAY));
                true
            })
            .unwrap();
        due
    };
    let usual = due(&store);
    assert_eq!(usual, [2, 8, 8]);
    store.aim(PersonId::YOU, Some(TODAY.plus(5))).unwrap();
    assert!(
        due(&store).iter().all(|days| (1..=5).contains(days)),
        "{:?}",
        due(&store)
    );
    say(&mut store, &session, TODAY, &[graded(1, Grade::Easy)]);
    assert!(
        due(&store).iter().all(|days| (1..=5).contains(days)),
        "new reviews aim at it, too"
    );
    store.aim(PersonId::YOU, None).unwrap();
    assert_eq!(due(&store), usual);
}

#[test]
fn the_latest_remark_stands_and_an_empty_one_takes_it_away() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Practise);
    let noted = |text: &str| Event::Noted {
        slot: 0,
        text: text.to_owned(),
    };
    let disputed = |reason: &str| Event::Disputed {
        slot: 1,
        reason: reason.to_owned(),
    };
    let flagged = |on| Event::Flagged { slot: 1, on };
    let elsewhere = SessionId::new("z");
    let note = |store: &Store| {
        let note = store
            .earlier_note(PersonId::YOU, &deck(), &question(0), &elsewhere)
            .unwrap();
        note.map(|remark| remark.text.to_string())
    };
    let said = |remarks: Vec<Remark>| -> Vec<(QuestionId, String)> {
        remarks
            .into_iter()
            .map(|remark| (remark.question, remark.text.to_string()))
            .collect()
    };
    say(
        &mut store,
        &session,
        TODAY,
        &[
            noted("one"),
            noted("two"),
            disputed("The key\nis old."),
            flagged(true),
        ],
    );
    assert_eq!(note(&store), Some("two".to_owned()));
    let own = store
        .earlier_note(PersonId::YOU, &deck(), &question(0), &session)
        .unwrap();
    assert_eq!(
        own, None,
        "what was noted in this session is no earlier note"
    );
    assert_eq!(
        said(store.disputes(PersonId::YOU).unwrap()),
        [(question(1), "The key\nis old.".to_owned())]
    );
    assert_eq!(
        said(store.flagged(PersonId::YOU).unwrap()),
        [(question(1), "flagged".to_owned())]
    );
    let later = begin(&mut store, PersonId::YOU, "b", Mode::Assess);
    say(
        &mut store,
        &later,
        TODAY.plus(1),
        &[noted(" "), disputed(""), flagged(false)],
    );
    assert_eq!(note(&store), None);
    assert!(
        store.disputes(PersonId::YOU).unwrap().is_empty()
            && store.flagged(PersonId::YOU).unwrap().is_empty()
    );
}

#[test]
fn people_share_nothing_and_an_erased_one_leaves_nothing() {
    let mut store = Store::in_memory().unwrap();
    let person = store.add_person("Ada").unwrap();
    let ada = person.id;
    for (person, name) in [(PersonId::YOU, "a"), (ada, "b")] {
        let session = begin(&mut store, person, name, Mode::Practise);
        let note = Event::Noted {
            slot: 0,
            text: "mine".to_owned(),
        };
        say(
            &mut store,
            &session,
            TODAY,
            &[
                graded(0, Grade::Again),
                note,
                Event::Flagged { slot: 0, on: true },
            ],
        );
        store.aim(person, Some(TODAY.plus(30))).unwrap();
    }
    store.erase(&person).unwrap();
    assert_eq!(count_due(&store, ada, Day(i32::MAX)), 0);
    assert_eq!(store.answers_by_day(ada, Day(0)).unwrap(), []);
    assert!(store.flagged(ada).unwrap().is_empty());
    assert_eq!(
        store
            .earlier_note(ada, &deck(), &question(0), &SessionId::new("z"))
            .unwrap(),
        None
    );
    assert_eq!(store.interview(ada).unwrap(), None);
    assert_eq!(count_due(&store, PersonId::YOU, Day(i32::MAX)), 1);
    assert_eq!(store.flagged(PersonId::YOU).unwrap().len(), 1);
    assert_eq!(
        store.interview(PersonId::YOU).unwrap(),
        Some(TODAY.plus(30))
    );
}

#[test]
fn a_grade_that_is_taken_back_leaves_no_trace() {
    let mut store = Store::in_memory().unwrap();
    let first = begin(&mut store, PersonId::YOU, "a", Mode::Practise);
    say(&mut store, &first, TODAY, &[graded(0, Grade::Good)]);
    let before = store.memory(PersonId::YOU, &deck(), &question(0)).unwrap();
    let second = begin(&mut store, PersonId::YOU, "b", Mode::Practise);
    say(
        &mut store,
        &second,
        TODAY.plus(2),
        &[graded(0, Grade::Again), graded(1, Grade::Again)],
    );
    assert_ne!(
        store.memory(PersonId::YOU, &deck(), &question(0)).unwrap(),
        before
    );
    assert_eq!(store.count_new(PersonId::YOU, TODAY.plus(2)).unwrap(), 1);
    say(
        &mut store,
        &second,
        TODAY.plus(2),
        &[0, 1].map(|slot| Event::GradeTakenBack { slot }),
    );
    assert_eq!(
        store.memory(PersonId::YOU, &deck(), &question(0)).unwrap(),
        before
    );
    assert_eq!(
        store.memory(PersonId::YOU, &deck(), &question(1)).unwrap(),
        None,
        "it is as new as before"
    );
    assert_eq!(
        store.answers_by_day(PersonId::YOU, TODAY).unwrap(),
        [(TODAY, 1)]
    );
}

#[test]
fn what_is_suspended_or_disputed_is_not_asked_until_the_person_says_so() {
    let mut store = Store::in_memory().unwrap();
    let session = begin(&mut store, PersonId::YOU, "a", Mode::Practise);
    let suspended = |store: &Store| -> Vec<QuestionId> {
        store
            .suspended(PersonId::YOU)
            .unwrap()
            .into_iter()
            .map(|(_, question)| question)
            .collect()
    };
    let dispute = |reason: &str| Event::Disputed {
        slot: 0,
        reason: reason.to_owned(),
    };
    let suspend = |slot, on| Event::Suspended { slot, on };
    for (event, expected) in [
        (suspend(1, true), vec![1]),
        (dispute("the key is wrong"), vec![0, 1]),
        (suspend(1, false), vec![0]),
        (suspend(0, false), vec![]),
        (dispute("it is still wrong"), vec![0]),
        (dispute(""), vec![]),
    ] {
        say(&mut store, &session, TODAY, std::slice::from_ref(&event));
        assert_eq!(
            suspended(&store),
            expected.into_iter().map(question).collect::<Vec<_>>(),
            "{event:?}"
        );
    }
}
