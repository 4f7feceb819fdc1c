//! A year of mentor sessions: the history, the handouts, and erasing a person.

mod support;

use std::fs;
use std::path::Path;
use std::time::Instant;

use aethos::app::effect::{Effect, Home, News};
use aethos::app::people::{LastMeeting, PeopleRequest, PeopleView};
use aethos::app::settings::Settings;
use aethos::core::formula::Formula;
use aethos::core::id::{PersonId, SessionId};
use aethos::core::question::{Code, Interaction, Numeric, Param};
use aethos::core::text::Text;
use aethos::core::time::Day;
use aethos::report::{Handout, PageFormat, People, handout, mentoring, person_page, session_page};
use aethos::session::meeting::{
    Event, Meeting, MeetingRecord, MeetingVerdict, MentoringProgress, Seat,
};
use aethos::session::{Mode, Stamped};
use aethos::store::{Store, StoreError, StoredEvent};
use support::desk::Desk;
use support::mentored::{self, PEOPLE, TODAY, a_year, blueprint, names};
use support::year::Sitting;
use tempfile::TempDir;

const SECRET: &str = "I froze when the pager rang";

fn history() -> (TempDir, std::path::PathBuf, Store) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let mut store = Store::open(&file).unwrap();
    for (id, name) in PEOPLE {
        assert_eq!(store.add_person(name).unwrap().id, id);
    }
    (folder, file, store)
}

fn a_year_in(store: &mut Store) -> Vec<Sitting> {
    let year = a_year();
    year.iter().for_each(|sitting| sitting.keep(store));
    year
}

/// Returns a session as stored in the history.
fn read_back(store: &Store, sitting: &Sitting) -> MeetingRecord {
    let id = &sitting.start.id;
    let stored = store.load(id).unwrap().unwrap();
    let questions: Vec<_> = sitting
        .questions
        .iter()
        .map(|banked| banked.question.clone())
        .collect();
    let seats = store
        .seats(id)
        .unwrap()
        .into_iter()
        .map(|person| Seat { person })
        .collect();
    let meeting =
        Meeting::new(stored.start.form, questions.into(), seats).replay(&store.events(id).unwrap());
    MeetingRecord::of(&meeting, id.clone(), sitting.day)
}

/// Returns true if the history or its journal contains this text.
fn is_in_the_files(file: &Path, text: &str) -> bool {
    let beside = fs::read_dir(file.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut bytes = beside.map(|path| fs::read(path).unwrap());
    bytes.any(|bytes| {
        bytes
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    })
}

#[test]
fn a_year_is_read_back_as_it_was_held_and_at_once() {
    let (_folder, _, mut store) = history();
    let year = a_year_in(&mut store);
    let began = Instant::now();
    let ids = store.meetings(None).unwrap();
    let records: Vec<MeetingRecord> = year
        .iter()
        .map(|sitting| read_back(&store, sitting))
        .collect();
    let took = began.elapsed();
    assert!(took.as_millis() < 2000, "{took:?} to read back a year");
    assert_eq!(
        ids,
        year.iter()
            .map(|sitting| sitting.start.id.clone())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        records,
        year.iter().map(Sitting::record).collect::<Vec<_>>()
    );
    let with_mina = year
        .iter()
        .filter(|sitting| sitting.people.contains(&PEOPLE[0].0))
        .count();
    assert_eq!(store.meetings(Some(PEOPLE[0].0)).unwrap().len(), with_mina);
    assert_eq!(
        MentoringProgress::of(&records, PEOPLE[0].0).meetings,
        with_mina
    );
}

#[test]
fn what_was_on_the_stage_is_no_longer_new_to_those_who_sat_there() {
    let (_folder, _, mut store) = history();
    let year = a_year();
    let several = year
        .iter()
        .find(|sitting| sitting.people.len() == 3)
        .unwrap();
    several.keep(&mut store);
    for (person, _) in PEOPLE {
        assert_eq!(
            store.exposures(person).unwrap().len(),
            several.questions.len()
        );
    }
    assert!(
        store.exposures(PersonId::YOU).unwrap().is_empty(),
        "the mentor was asked nothing"
    );
}

#[test]
fn an_agreement_is_kept_or_not_long_after_the_session() {
    let (_folder, _, mut store) = history();
    let year = a_year_in(&mut store);
    let last = year.last().unwrap();
    let made = |store: &Store| {
        MentoringProgress::of(&[read_back(store, last)], last.people[0])
            .agreements
            .remove(0)
    };
    assert_eq!(made(&store).kept, None);
    let log = store.events::<Event>(&last.start.id).unwrap();
    for (n, kept) in (0..).zip([Some(true), Some(false), None]) {
        let event = Event::Kept {
            seat: 0,
            place: 0,
            kept,
        };
        let logged = StoredEvent {
            wall_ms: 0,
            day: Day(0),
            stamped: Stamped {
                at: log.last().unwrap().at,
                event,
            },
            score: None,
        };
        store
            .append(&last.start.id, log.len() as u32 + n, &[logged])
            .unwrap();
        assert_eq!(made(&store).kept, kept);
    }
}

/// Stores a session in which Mina says and does private things, and João says something of his own.
fn confidential(store: &mut Store) -> Sitting {
    let mut sitting = a_year()
        .into_iter()
        .find(|sitting| sitting.people.len() == 3)
        .unwrap();
    let end = sitting
        .log
        .iter()
        .position(|logged| logged.stamped.event == Event::Finished)
        .unwrap();
    let StoredEvent {
        wall_ms, stamped, ..
    } = sitting.log[end].clone();
    let text = |seat| format!("{SECRET} {seat}");
    let said = [
        Event::Said {
            seat: 0,
            text: text(0),
        },
        Event::PersonNoted {
            seat: 0,
            text: text(0),
        },
        Event::Evidence {
            slot: 0,
            seat: 0,
            text: text(0),
        },
        Event::Agreed {
            seat: 0,
            place: 1,
            text: text(0),
            due: None,
        },
        Event::Said {
            seat: 1,
            text: text(1),
        },
        Event::Named {
            seat: 0,
            name: "Minnie Confidential".to_owned(),
            login: Some("mconfidential".to_owned()),
        },
    ];
    let said = said.map(|event| StoredEvent {
        wall_ms,
        day: Day(0),
        stamped: Stamped {
            at: stamped.at,
            event,
        },
        score: None,
    });
    sitting.log.splice(end..end, said);
    sitting.start.id = SessionId::new("held-in-private");
    sitting.keep(store);
    sitting
}

#[test]
fn a_forgotten_name_is_gone_from_the_file_and_the_sessions_stay() {
    let (_folder, file, mut store) = history();
    let mina = store
        .rename_person(PEOPLE[0].0, "Wilhelmina Confidential")
        .unwrap();
    let sitting = confidential(&mut store);
    let before = read_back(&store, &sitting);
    let trace = store.forget(&mina).unwrap();
    assert_eq!((trace.own, trace.meetings, trace.mentions), (0, 1, 0));
    assert!(
        !is_in_the_files(&file, "Confidential"),
        "with the history open"
    );
    assert_eq!(read_back(&store, &sitting), before);
    assert!(
        store
            .people()
            .unwrap()
            .iter()
            .all(|person| person.id != mina.id)
    );
    assert_eq!(store.person("Wilhelmina Confidential").unwrap(), None);
    drop(store);
    assert!(
        !is_in_the_files(&file, "Confidential"),
        "with the history closed"
    );
    assert!(
        is_in_the_files(&file, SECRET),
        "what was said stays, without a name"
    );
    // A later person with the same name is a different person.
    let mut store = Store::open(&file).unwrap();
    assert!(store.add_person("wilhelmina confidential").unwrap().id != mina.id);
}

#[test]
fn who_is_erased_leaves_no_byte_and_the_others_lose_none() {
    let (_folder, file, mut store) = history();
    let year = a_year_in(&mut store);
    let mina = store.person("Mina").unwrap().unwrap();
    let sitting = confidential(&mut store);
    let before = read_back(&store, &sitting);
    let length = store.events::<Event>(&sitting.start.id).unwrap().len();
    let kept = store.trace(&mina).unwrap();
    assert_eq!(
        store.erase(&mina).unwrap(),
        kept,
        "it says beforehand what it does"
    );
    assert!(kept.events > 500 && kept.meetings > 20, "{kept:?}");

    for (when, open) in [("open", true), ("closed", false)] {
        assert!(
            !is_in_the_files(&file, &format!("{SECRET} 0")),
            "with the history {when}"
        );
        assert!(!is_in_the_files(&file, "Mina"), "with the history {when}");
        assert!(
            is_in_the_files(&file, &format!("{SECRET} 1")),
            "others keep theirs"
        );
        if open {
            assert_eq!(store.verify().unwrap(), Vec::<String>::new());
            // Every event is still there and valid: a missing or changed one would be refused.
            let log = store.events::<Event>(&sitting.start.id).unwrap();
            assert_eq!(log.len(), length);
            let about = |seat: usize| {
                log.iter()
                    .filter(|s| serde_json::to_value(&s.event).unwrap()["seat"] == seat)
                    .count()
            };
            assert_eq!(about(0), 0);
            assert!(about(1) > 10);
            let after = read_back(&store, &sitting);
            assert_eq!(after.seats[1..], before.seats[1..]);
            assert_eq!(
                (after.items, after.seats[0].person),
                (before.items.clone(), mina.id)
            );
            assert!(
                after.seats[0]
                    .marks
                    .iter()
                    .all(|mark| mark.verdict.is_none() && mark.evidence.is_empty())
            );
            assert!(store.exposures(mina.id).unwrap().is_empty());
            let alone = year
                .iter()
                .find(|sitting| sitting.people == [mina.id])
                .unwrap();
            assert!(read_back(&store, alone).seats[0].closing.said.is_empty());
        }
        if open {
            // The id is never reused, because the new person would get the old sessions.
            let next = store.add_person("New person").unwrap();
            assert!(PEOPLE.iter().all(|(id, _)| *id != next.id));
            drop(std::mem::replace(&mut store, Store::in_memory().unwrap()));
        }
    }
}

#[test]
fn notes_about_others_that_name_the_forgotten_one_are_counted() {
    let (_folder, _, mut store) = history();
    let mut sitting = confidential(&mut store);
    sitting.start.id = SessionId::new("another");
    let texts = [
        "Pair with MINA next time.",
        "Mentioned determination.",
        "minarets",
    ];
    for (event, text) in sitting
        .log
        .iter_mut()
        .filter_map(|logged| match &mut logged.stamped.event {
            Event::Said { seat: 1 | 2, text } => Some(text),
            Event::PersonNoted { seat: 1, text } => Some(text),
            _ => None,
        })
        .zip(texts)
    {
        *event = text.to_owned();
    }
    sitting.keep(&mut store);
    let mina = store.person("Mina").unwrap().unwrap();
    assert_eq!(store.trace(&mina).unwrap().mentions, 1);
    assert_eq!(store.erase(&mina).unwrap().mentions, 1);
}

#[test]
fn events_can_be_blanked_only_while_somebody_who_sat_there_is_erased() {
    let (_folder, file, mut store) = history();
    a_year()[3].keep(&mut store);
    drop(store);
    let connection = rusqlite::Connection::open(&file).unwrap();
    let refused = |sql: &str| {
        let error = connection.execute_batch(sql).unwrap_err().to_string();
        assert!(error.contains("an event is"), "{sql}: {error}");
    };
    let blank = "UPDATE event SET body = json_object('at', body ->> '$.at', 'what', 'erased')";
    refused(blank);
    connection
        .execute_batch("UPDATE person SET erasing = 1 WHERE id = 2")
        .unwrap();
    refused("UPDATE event SET body = json_set(body, '$.seat', 1)");
    refused("UPDATE event SET sequence = sequence + 1000");
    refused("DELETE FROM event");
    connection.execute_batch(blank).unwrap();
}

#[test]
fn a_history_from_before_learns_who_sat_where() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let before = rusqlite::Connection::open(&file).unwrap();
    before
        .execute_batch(include_str!("../src/store/schema.sql"))
        .unwrap();
    before
        .execute_batch(
            r#"INSERT INTO person (id, name, folded) VALUES (2, 'Mina', 'mina'), (3, 'Ada', 'ada');
            INSERT INTO session (id, person, mode, started_at, digest, start) VALUES
                ('a', 1, 'mentor', 0, 0, '{"setup":"{\"people\":[3,2]}"}'),
                ('b', 1, 'mentor', 0, 0, '{"setup":"{\"people\":[77]}"}'),
                ('c', 1, 'mentor', 0, 0, '{"setup":""}'),
                ('d', 1, 'assess', 0, 0, '{"setup":"{\"people\":[2]}"}');
            PRAGMA application_id = 0x61657468;
            PRAGMA user_version = 4;"#,
        )
        .unwrap();
    drop(before);
    let store = Store::open(&file).unwrap();
    let seats = |id: &str| store.seats(&SessionId::new(id)).unwrap();
    assert_eq!(seats("a"), [PersonId(3), PersonId(2)]);
    assert!(seats("b").is_empty() && seats("c").is_empty() && seats("d").is_empty());
    assert_eq!(store.people().unwrap().len(), 3);
}

#[test]
fn nothing_is_forgotten_while_somebody_else_reads() {
    let (_folder, file, mut store) = history();
    confidential(&mut store);
    let mina = store.person("Mina").unwrap().unwrap();
    let reader = rusqlite::Connection::open(&file).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM event;")
        .unwrap();
    assert!(matches!(store.erase(&mina), Err(StoreError::Busy { .. })));
    assert_eq!(
        store.person("Mina").unwrap(),
        Some(mina.clone()),
        "nothing was begun"
    );
    reader.execute_batch("COMMIT").unwrap();
    store.erase(&mina).unwrap();
}

#[test]
fn names_are_changed_under_the_rules_for_new_ones() {
    let (_folder, _, mut store) = history();
    let mina = PEOPLE[0].0;
    assert_eq!(
        store.rename_person(mina, " MINA ").unwrap().name.as_str(),
        "MINA"
    );
    assert!(matches!(
        store.rename_person(mina, "joão"),
        Err(StoreError::NameTaken { .. })
    ));
    assert!(matches!(
        store.rename_person(mina, "\u{1b}"),
        Err(StoreError::BadName { .. })
    ));
    assert_eq!(store.people().unwrap().len(), 4);
}

#[test]
fn the_person_takes_a_page_along_without_the_private_notes() {
    let (records, names, blueprint) = (mentored::records(), names(), blueprint());
    let people = People {
        names: &names,
        blueprint: &blueprint,
    };
    let (mina, _) = PEOPLE[0];
    let page = person_page(
        &people,
        mina,
        &MentoringProgress::of(records, mina),
        records,
        TODAY,
        PageFormat::Markdown,
    );
    assert!(page.contains("Practice record, not an evaluation"));
    assert!(!page.contains("Tires after"), "a private note is on it");
    let few = &records[..6];
    insta::assert_snapshot!(
        "person_page",
        person_page(
            &people,
            mina,
            &MentoringProgress::of(few, mina),
            few,
            TODAY,
            PageFormat::Markdown
        )
    );
    let mentoring =
        serde_json::to_string_pretty(&mentoring(&MentoringProgress::of(few, mina), few, mina))
            .unwrap();
    insta::assert_snapshot!("practice", mentoring);
}

#[test]
fn the_page_of_a_session_has_private_notes_only_where_nobody_else_sat_there() {
    let (records, names, blueprint) = (mentored::records(), names(), blueprint());
    let people = People {
        names: &names,
        blueprint: &blueprint,
    };
    assert!(session_page(&people, &records[0]).contains("Tires after"));
    let several = session_page(&people, &records[3]);
    assert!(!several.contains("Tires after"));
    insta::assert_snapshot!("session_page", several);
    let forgotten = People {
        names: &names[1..],
        blueprint: &blueprint,
    };
    assert!(session_page(&forgotten, &records[3]).contains("## person 2"));
}

#[test]
fn reasons_are_in_the_exports_of_the_mentor_and_in_nobody_elses_page() {
    const REASON: &str = "a majority has to agree first";
    let (names, blueprint) = (names(), blueprint());
    let people = People {
        names: &names,
        blueprint: &blueprint,
    };
    let mut records = mentored::records()[..4].to_vec();
    let (mina, joao) = (records[3].seats[0].person, records[3].seats[1].person);
    records[3].seats[0].marks[0].reason = Text::new(REASON);
    let page = |person, format| {
        let progress = MentoringProgress::of(&records, person);
        person_page(&people, person, &progress, &records, TODAY, format)
    };
    let session = session_page(&people, &records[3]);
    assert!(
        session.contains(&format!("Reason: “{REASON}”")),
        "{session}"
    );
    for format in [PageFormat::Markdown, PageFormat::Html] {
        assert!(page(mina, format).contains(REASON));
        assert!(!page(joao, format).contains(REASON));
    }
    let data = |person| {
        let progress = MentoringProgress::of(&records, person);
        serde_json::to_value(mentoring(&progress, &records, person)).unwrap()
    };
    assert_eq!(data(mina)["reasons"][0]["text"], REASON);
    assert_eq!(data(joao)["reasons"], serde_json::json!([]));
}

#[test]
fn a_handout_without_answers_tells_none() {
    let sitting = a_year().into_iter().nth(3).unwrap();
    let questions: Vec<_> = sitting
        .questions
        .iter()
        .map(|banked| banked.question.clone())
        .collect();
    let questions: Vec<_> = sitting
        .start
        .form
        .items
        .iter()
        .cloned()
        .zip(questions)
        .collect();
    let paper = |answers| {
        let people = vec![Text::new("Mina")];
        handout(&Handout {
            people,
            day: TODAY,
            blueprint: &blueprint(),
            questions: &questions,
            answers,
        })
    };
    let (blank, full) = (paper(false), paper(true));
    for (_, question) in &questions {
        let Interaction::Single(options) = &question.interaction else {
            panic!("all are single")
        };
        let tells = options
            .iter()
            .map(|option| &option.why)
            .chain([&question.explanation]);
        for text in tells.chain(&question.discussion) {
            assert!(
                !blank.contains(text.as_str()) && full.contains(text.as_str()),
                "{text}"
            );
        }
        assert!(
            options
                .iter()
                .all(|option| blank.contains(option.text.as_str()))
        );
    }
    insta::assert_snapshot!(
        "handout",
        blank.lines().take(24).collect::<Vec<_>>().join("\n")
    );
    insta::assert_snapshot!(
        "handout_answers",
        full.lines().take(40).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn a_handout_fills_the_parameters_in_everywhere() {
    let sitting = a_year().into_iter().nth(3).unwrap();
    let (mut item, mut question) = (
        sitting.start.form.items[0].clone(),
        sitting.questions[0].question.clone(),
    );
    question.code = Some(Code {
        language: "sh".into(),
        text: "nodes={n}".into(),
        numbers: false,
    });
    question.interaction = Interaction::Numeric(Numeric {
        params: vec![Param {
            name: "n".into(),
            values: vec![7.0],
            unit: "".into(),
            label: "nodes".into(),
        }],
        formula: Formula::parse("n*2", &["n"]).unwrap(),
        unit: "".into(),
        tolerance_rel: 0.0,
        tolerance_abs: 1.0,
        wrong: vec![],
    });
    item.order.clear();
    for answers in [false, true] {
        let questions = [(item.clone(), question.clone())];
        let blueprint = blueprint();
        let paper = handout(&Handout {
            people: vec![],
            day: TODAY,
            blueprint: &blueprint,
            questions: &questions,
            answers,
        });
        assert!(
            paper.contains("nodes=7") && !paper.contains("{n}"),
            "{paper}"
        );
    }
}

#[test]
fn the_made_up_year_has_all_there_is_to_look_back_at() {
    let year = a_year();
    for verdict in [
        MeetingVerdict::Right,
        MeetingVerdict::WeakReason,
        MeetingVerdict::Lucky,
        MeetingVerdict::Wrong,
        MeetingVerdict::SureAndWrong,
    ] {
        assert!(
            year.iter().any(|sitting| sitting.has(verdict)),
            "{verdict:?}"
        );
    }
    let growth = MentoringProgress::of(mentored::records(), PEOPLE[0].0);
    assert!(
        growth.months.len() >= 12
            && growth.returned.1 > 5
            && growth.same_question.pairs > 3
            && growth.twins.pairs > 3
    );
    assert!(
        year.iter()
            .all(|sitting| sitting.start.mode == Mode::Mentor)
    );
}

/// Returns the last request of the screen to the shell.
fn last_wish(desk: &mut Desk) -> PeopleRequest {
    match desk.asked.pop() {
        Some(Effect::People(wish)) => *wish,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_agreement_stays_marked_when_it_moves_to_those_that_are_decided() {
    let home = Home {
        blueprint: blueprint().into(),
        ..Home::default()
    };
    let mut desk = Desk::usual(home, Settings::default());
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(
        mentored::roster(),
    ))));
    desk.press("enter");
    let mut page = mentored::person();
    desk.news(News::People(Box::new(PeopleView::Person(page.clone()))));
    desk.press("space");
    let PeopleRequest::Kept {
        session,
        place,
        kept: Some(true),
        ..
    } = last_wish(&mut desk)
    else {
        panic!("it was kept")
    };
    let newest = page
        .growth
        .agreements
        .iter_mut()
        .find(|a| a.session == session && a.place == place)
        .unwrap();
    newest.kept = Some(true);
    // The newest of the decided agreements, so that it is shown.
    newest.made = TODAY;
    page.growth
        .agreements
        .sort_by_key(|agreement| std::cmp::Reverse(agreement.made));
    desk.news(News::People(Box::new(PeopleView::Person(page))));
    desk.press("space");
    let PeopleRequest::Kept {
        session: again,
        kept,
        ..
    } = last_wish(&mut desk)
    else {
        panic!("it was not kept")
    };
    assert_eq!((again, kept), (session, Some(false)));
}

#[test]
fn those_taken_along_come_and_only_with_questions() {
    let home = Home {
        blueprint: blueprint().into(),
        ..Home::default()
    };
    let mut desk = Desk::usual(home, Settings::default());
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(
        mentored::roster(),
    ))));
    desk.press("down space up space m");
    let PeopleRequest::Prepare(people) = last_wish(&mut desk) else {
        panic!("a session is prepared")
    };
    assert_eq!(
        people,
        [PEOPLE[0].0, PEOPLE[1].0],
        "as they stand in the roster"
    );
    let prepared = mentored::prepared(&[0, 1]);
    let plan = prepared.draft.plan();
    desk.news(News::People(Box::new(PeopleView::Prepared(prepared))));
    desk.press("enter");
    let Some(Effect::Meet(meeting)) = desk.asked.pop() else {
        panic!("the session starts")
    };
    assert_eq!(
        (meeting.people.len(), meeting.questions),
        (2, plan.questions)
    );
    desk.press("A");
    assert!(matches!(
        last_wish(&mut desk),
        PeopleRequest::Handout { answers: true, .. }
    ));
}

#[test]
fn the_last_time_is_shown_before_the_next_and_agreements_are_ticked_there() {
    let home = Home {
        blueprint: blueprint().into(),
        ..Home::default()
    };
    let mut desk = Desk::usual(home, Settings::default());
    desk.resize(100, 60);
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(
        mentored::roster(),
    ))));
    desk.press("m");
    let mut prepared = mentored::prepared(&[0]);
    prepared.last = vec![(
        0,
        LastMeeting {
            day: TODAY.plus(-14),
            said: "I forgot the term.".into(),
            note: "Ask for the log.".into(),
        },
    )];
    let session = prepared.agreed[1].1.session.clone();
    desk.news(News::People(Box::new(PeopleView::Prepared(prepared))));
    let picture = desk.picture();
    assert!(picture.contains("“I forgot the term.”"), "{picture}");
    assert!(picture.contains("Your note: Ask for the log."), "{picture}");
    assert!(!picture.contains("answered"), "{picture}");
    desk.press("down down space");
    let PeopleRequest::Kept {
        session: ticked,
        kept,
        ..
    } = last_wish(&mut desk)
    else {
        panic!("it is kept")
    };
    assert_eq!((ticked, kept), (session, Some(true)));
    assert!(desk.picture().contains("▸ kept"), "{}", desk.picture());
    // Past the last agreement and the questions, to those to bring back.
    desk.press(&"down ".repeat(2 + 6));
    assert!(
        desk.picture().contains("answered The second wrong one."),
        "{}",
        desk.picture()
    );
}

#[test]
fn the_last_session_with_words_is_remembered() {
    let mut records = mentored::records()[..3].to_vec();
    let person = records[0].seats[0].person;
    records.iter_mut().for_each(|record| {
        record.seats.truncate(1);
        record.seats[0].person = person;
        record.seats[0].closing.note.clear();
        record.seats[0].closing.said.clear();
    });
    let last = |records: &[MeetingRecord]| LastMeeting::of(records, person).unwrap();
    assert_eq!(last(&records).day, records[2].day);
    records[1].seats[0].closing.said = "Terms first.".to_owned();
    assert_eq!(last(&records).day, records[1].day);
    assert_eq!(last(&records).said.as_str(), "Terms first.");
}

#[test]
fn a_question_of_the_draft_is_read_swapped_and_left_out() {
    let home = Home {
        blueprint: blueprint().into(),
        ..Home::default()
    };
    let mut desk = Desk::usual(home, Settings::default());
    desk.resize(100, 60);
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(
        mentored::roster(),
    ))));
    desk.press("m");
    let mut prepared = mentored::prepared(&[0]);
    prepared.agreed.clear();
    let draft = |desk: &Desk| desk.app.model.people.prepared.clone().unwrap().draft;
    desk.news(News::People(Box::new(PeopleView::Prepared(prepared))));
    desk.press("down down enter");
    let PeopleRequest::Question { plan, at } = last_wish(&mut desk) else {
        panic!("it is read")
    };
    assert_eq!(at, 1);
    assert_eq!(plan, draft(&desk).plan());
    desk.news(News::People(Box::new(PeopleView::Question(
        mentored::draft_question(&plan, at),
    ))));
    let picture = desk.picture();
    assert!(picture.contains("question 2 of 6"), "{picture}");
    assert!(picture.contains("What if the node were dead?"), "{picture}");
    desk.press("right");
    assert!(matches!(
        last_wish(&mut desk),
        PeopleRequest::Question { at: 2, .. }
    ));
    assert!(
        !desk.picture().contains("What if"),
        "another one is not shown in its place"
    );
    desk.press("esc");
    let before = draft(&desk).in_order();
    desk.press("right");
    let after = draft(&desk).in_order();
    assert_eq!(after.len(), before.len());
    assert!(!after.contains(&before[1]), "it was swapped");
    desk.press("left");
    assert_eq!(draft(&desk).in_order(), before);
    desk.press("space");
    assert_eq!(draft(&desk).in_order().len(), before.len() - 1);
}

#[test]
fn sessions_are_listed_and_agreements_notes_and_questions_are_changed_between_them() {
    let home = Home {
        blueprint: blueprint().into(),
        ..Home::default()
    };
    let mut desk = Desk::usual(home, Settings::default());
    desk.resize(100, 60);
    desk.press("m");
    desk.news(News::People(Box::new(PeopleView::Roster(
        mentored::roster(),
    ))));
    desk.press("enter");
    let page = mentored::person();
    desk.news(News::People(Box::new(PeopleView::Person(page.clone()))));
    let picture = desk.picture();
    assert!(picture.contains("earlier ones"), "{picture}");

    desk.press("a");
    desk.write("Read the runbook");
    desk.press("enter");
    desk.write("never");
    desk.press("enter");
    assert!(desk.picture().contains("type a date like"));
    desk.press("backspace ".repeat(5).as_str());
    desk.write("+2w");
    desk.press("enter");
    let PeopleRequest::Agree { text, due, .. } = last_wish(&mut desk) else {
        panic!("it is agreed")
    };
    assert_eq!(
        (text.as_str(), due),
        ("Read the runbook", Some(TODAY.plus(14)))
    );

    desk.press("i");
    desk.write(" Ask early.");
    desk.press("enter");
    let PeopleRequest::Note { text, .. } = last_wish(&mut desk) else {
        panic!("it is noted")
    };
    assert_eq!(text, "Tires after forty minutes. Ask early.");

    let agreements = page.agreements().len();
    desk.press(&"down ".repeat(agreements));
    desk.press("X");
    let PeopleRequest::Drop { session, slot, .. } = last_wish(&mut desk) else {
        panic!("it is dropped")
    };
    let first = page.growth.waiting()[0];
    assert_eq!((session, slot), (first.session.clone(), first.slot));

    let waiting = page.growth.waiting().len().min(5);
    desk.press(&"down ".repeat(waiting + 4));
    desk.press("enter");
    let shown = desk.picture();
    assert!(!shown.contains("earlier ones"), "{shown}");
    desk.press("up enter");
    let PeopleRequest::Session { session, .. } = last_wish(&mut desk) else {
        panic!("it is opened")
    };
    assert_eq!(session, page.sessions[3].session);
}

#[test]
fn questions_to_bring_back_are_ranked_and_expire_after_half_a_year_of_sessions() {
    let mut growth = MentoringProgress::of(mentored::records(), PEOPLE[0].0);
    let waiting = growth.waiting();
    let order: Vec<_> = waiting.iter().map(|back| (back.reason, back.day)).collect();
    assert!(order.is_sorted(), "{order:?}");
    let reasons: std::collections::BTreeSet<_> = order.iter().map(|(reason, _)| reason).collect();
    assert!(reasons.len() > 1, "{reasons:?}");
    let newest = order.iter().map(|(_, day)| *day).max().unwrap();
    growth.last = Some(newest.plus(182));
    assert!(!growth.waiting().is_empty());
    growth.last = Some(newest.plus(183));
    assert!(growth.waiting().is_empty());
}
