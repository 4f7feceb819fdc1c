//! The history survives crashes, kills, and faults of files and disks.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use aethos::core::form::{Form, Item};
use aethos::core::id::{
    ChoiceId, CompetencyId, DeckId, FacetId, Fingerprint, PersonId, QuestionId, SessionId,
};
use aethos::core::question::{Kind, Level, Row};
use aethos::core::response::{Answer, Confidence};
use aethos::core::time::{Day, Limit, Millis, Multiplier};
use aethos::session::{Conclusion, Event, Mode, Stamped};
use aethos::store::{NewSession, Scored, State, Store, StoreError, StoredEvent};
use tempfile::TempDir;

const DECK: &str = "consensus";

fn question(n: usize) -> QuestionId {
    QuestionId::new(format!("consensus-paxos-raft.{n:03}"))
}

fn session(n: usize, questions: usize) -> NewSession {
    let item = |slot: usize| Item {
        deck: DeckId::new(DECK),
        question: question((n * 7 + slot) % 900),
        fingerprint: Fingerprint::of(&format!("question {}", (n * 7 + slot) % 900)),
        competency: CompetencyId::new("consensus"),
        facet: FacetId::new("consensus-paxos-raft"),
        level: Level::Senior,
        kind: Kind::Single,
        seconds: 90,
        row: Row(n as u32),
        order: ChoiceId::first(4).collect(),
        fresh: true,
        variant: false,
        instance: None,
        why: None,
    };
    NewSession {
        id: SessionId::new(format!("{n:08}-test")),
        person: PersonId::YOU,
        mode: Mode::Assess,
        started_at: n as i64 * 1000,
        form: Form {
            code: "7K3-QX9".into(),
            items: (0..questions).map(item).collect(),
            growing: None,
        },
        limit: Limit::Within(Millis::minutes(45)),
        multiplier: Multiplier::new(1.5).unwrap(),
        setup: r#"{"decks":["built-in"]}"#.into(),
    }
}

/// Returns a source for each question of a session.
fn sources(session: &NewSession) -> Vec<(Fingerprint, DeckId, QuestionId, &'static str)> {
    let source = |item: &Item| {
        let (deck, question) = (item.deck.clone(), item.question.clone());
        (item.fingerprint, deck, question, "[[question]]")
    };
    session.form.items.iter().map(source).collect()
}

fn logged(n: u64, event: Event) -> StoredEvent {
    let wall_ms = 1_700_000_000_000 + n as i64;
    StoredEvent {
        wall_ms,
        day: Day(19_675),
        stamped: Stamped {
            at: Millis(n),
            event,
        },
        score: None,
    }
}

fn answered(slot: usize) -> Event {
    Event::Answered {
        slot,
        answer: Answer::Picked(vec![ChoiceId(slot as u8 % 4)]),
    }
}

/// Returns three events for each of `slots` questions.
fn sitting(slots: usize) -> Vec<StoredEvent> {
    let events = (0..slots).flat_map(|slot| {
        [
            Event::Shown { slot },
            answered(slot),
            Event::Confident {
                slot,
                confidence: Some(Confidence::Fairly),
            },
        ]
    });
    (0..)
        .zip(events)
        .map(|(n, event)| logged(n, event))
        .collect()
}

fn every_kind() -> Vec<StoredEvent> {
    let answer = |answer| Event::Answered { slot: 4, answer };
    let events = [
        Event::Rated {
            competency: CompetencyId::new("consensus"),
            level: Level::Staff,
        },
        answer(Answer::Picked(Vec::new())),
        answer(Answer::Ordered(ChoiceId::first(4).collect())),
        answer(Answer::Matched(vec![None, Some(ChoiceId(2))])),
        answer(Answer::Number("4Mi \u{0}\"".into())),
        answer(Answer::Written("l\u{ed}ne\n\u{1f469}".into())),
        Event::Confident {
            slot: 4,
            confidence: None,
        },
        Event::Flagged { slot: 0, on: true },
        Event::Struck {
            slot: 1,
            choice: ChoiceId(3),
            on: false,
        },
        Event::RubricRated {
            slot: 2,
            criterion: 1,
            points: 3,
        },
        Event::Noted {
            slot: 3,
            text: "disputed".into(),
        },
        Event::Gap {
            length: Millis(u64::MAX),
        },
        Event::Drawn {
            item: session(3, 1).form.items[0].clone(),
        },
        Event::Concluded {
            because: Conclusion::Settled,
        },
        Event::Ticked,
        Event::Expired,
        Event::WentOn,
    ];
    (0..)
        .zip(events)
        .map(|(n, event)| logged(n, event))
        .collect()
}

fn stamped(events: &[StoredEvent]) -> Vec<Stamped> {
    events.iter().map(|logged| logged.stamped.clone()).collect()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    (folder, file)
}

#[test]
fn a_discarded_session_can_be_restored_for_thirty_days_and_not_after_its_person_was_erased() {
    const DAY: i64 = 86_400_000;
    let (_folder, file) = folder();
    let mut store = Store::open(&file).unwrap();
    let start = session(1, 5);
    store.start(&start, &[]).unwrap();
    let events = [logged(0, Event::Shown { slot: 0 }), logged(1, answered(0))];
    store.append(&start.id, 0, &events).unwrap();
    store.save_draft(&start.id, 2, "half a sentence").unwrap();
    store.discard(&start.id, DAY).unwrap();
    assert_eq!(store.past(PersonId::YOU, 31 * DAY, 9).unwrap().len(), 1);
    store.restore(&start.id, 31 * DAY).unwrap();
    assert_eq!(store.load(&start.id).unwrap().unwrap().state, State::Open);
    assert_eq!(store.events::<Event>(&start.id).unwrap(), stamped(&events));
    assert_eq!(store.drafts(&start.id).unwrap()[&2], "half a sentence");
    assert_eq!(store.waiting_sessions(PersonId::YOU).unwrap().len(), 1);

    store.discard(&start.id, DAY).unwrap();
    assert!(store.past(PersonId::YOU, 32 * DAY, 9).unwrap().is_empty());
    let late = store.restore(&start.id, 32 * DAY).unwrap_err();
    assert!(
        late.to_string().contains("discarded more than 30 days ago"),
        "{late}"
    );
    let you = store.people().unwrap().remove(0);
    store.erase(&you).unwrap();
    assert!(matches!(
        store.restore(&start.id, DAY),
        Err(StoreError::NoSession { .. })
    ));
}

#[test]
fn a_session_comes_back_as_it_was_saved() {
    let (_folder, file) = folder();
    let start = session(1, 5);
    let events = [sitting(5), every_kind()].concat();
    {
        let mut store = Store::open(&file).unwrap();
        let drawn = sources(&session(3, 1));
        let sources = [sources(&start), drawn].concat();
        store.start(&start, &sources).unwrap();
        store.append(&start.id, 0, &events).unwrap();
        store.save_draft(&start.id, 2, "half a sent").unwrap();
        store.save_draft(&start.id, 2, "half a sentence").unwrap();
        store.save_draft(&start.id, 3, "gone").unwrap();
        store.save_draft(&start.id, 3, "").unwrap();
    }
    let mut store = Store::open(&file).unwrap();
    let stored = store.load(&start.id).unwrap().unwrap();
    assert_eq!((&stored.start, stored.state), (&start, State::Open));
    assert_eq!(store.events::<Event>(&start.id).unwrap(), stamped(&events));
    assert_eq!(
        store
            .drafts(&start.id)
            .unwrap()
            .into_iter()
            .collect::<Vec<_>>(),
        [(2, "half a sentence".to_owned())]
    );
    assert_eq!(
        store
            .source(start.form.items[0].fingerprint)
            .unwrap()
            .unwrap()
            .text,
        "[[question]]"
    );
    assert_eq!(store.open_sessions(PersonId::YOU).unwrap().len(), 1);

    store
        .append(
            &start.id,
            events.len() as u32,
            &[logged(99, Event::Finished)],
        )
        .unwrap();
    assert_eq!(
        store.load(&start.id).unwrap().unwrap().state,
        State::Finished
    );
    assert!(store.drafts(&start.id).unwrap().is_empty());
    assert!(store.open_sessions(PersonId::YOU).unwrap().is_empty());
    assert!(matches!(
        store.discard(&start.id, 0),
        Err(StoreError::Closed { .. })
    ));
    assert_eq!(store.load(&SessionId::new("nobody")).unwrap(), None);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn saving_again_after_an_error_saves_nothing_twice() {
    let mut store = Store::in_memory().unwrap();
    let start = session(1, 5);
    store.start(&start, &[]).unwrap();
    store.start(&start, &[]).unwrap();
    assert!(matches!(
        store.start(&session(1, 4), &[]),
        Err(StoreError::SessionTaken { .. })
    ));
    let events = sitting(5);
    store.append(&start.id, 0, &events[..6]).unwrap();
    store.append(&start.id, 0, &events[..6]).unwrap();
    store.append(&start.id, 3, &events[3..]).unwrap();
    assert_eq!(store.events::<Event>(&start.id).unwrap(), stamped(&events));
    assert!(
        store
            .exposures(PersonId::YOU)
            .unwrap()
            .values()
            .all(|exposure| exposure.times == 1)
    );

    let other = [logged(7, Event::Ticked)];
    assert!(matches!(
        store.append(&start.id, 2, &other),
        Err(StoreError::Diverged { sequence: 2, .. })
    ));
    assert!(matches!(
        store.append(&start.id, 16, &other),
        Err(StoreError::Hole { expected: 15, .. })
    ));
    let beyond = [
        logged(8, Event::Ticked),
        logged(9, Event::Shown { slot: 5 }),
    ];
    assert!(matches!(
        store.append(&start.id, 15, &beyond),
        Err(StoreError::NoSlot { slot: 5, .. })
    ));
    assert_eq!(
        store.events::<Event>(&start.id).unwrap().len(),
        15,
        "a refused batch leaves nothing behind"
    );
    let unknown = SessionId::new("unknown");
    assert!(matches!(
        store.append(&unknown, 0, &other),
        Err(StoreError::NoSession { .. })
    ));
}

#[test]
fn what_was_shown_is_counted_once_a_session_with_its_rows() {
    let mut store = Store::in_memory().unwrap();
    let mut first = session(1, 2);
    first.form.items[1].row = Row(4);
    let mut second = first.clone();
    second.id = SessionId::new("2");
    second.form.items[1].row = Row(9);
    store.start(&first, &[]).unwrap();
    store.start(&second, &[]).unwrap();
    let shown = |n, slot| logged(n, Event::Shown { slot });
    store
        .append(&first.id, 0, &[shown(1, 1), shown(2, 0), shown(3, 1)])
        .unwrap();
    store.append(&second.id, 0, &[shown(4, 1)]).unwrap();
    let exposures = store.exposures(PersonId::YOU).unwrap();
    let exposure = &exposures[&(DeckId::new(DECK), first.form.items[1].question.clone())];
    assert_eq!((exposure.times, exposure.last), (2, 4));
    assert_eq!(
        exposure.rows.iter().copied().collect::<Vec<_>>(),
        [Row(4), Row(9)]
    );
    assert_eq!(
        exposures[&(DeckId::new(DECK), first.form.items[0].question.clone())].times,
        1
    );
}

#[test]
fn a_later_scoring_stands_beside_the_earlier_one() {
    let mut store = Store::in_memory().unwrap();
    let sessions: Vec<_> = (0..5).map(|n| session(n, 1)).collect();
    sessions
        .iter()
        .for_each(|start| store.start(start, &[]).unwrap());
    let result = |scored_at, version| Scored {
        scored_at,
        version,
        body: format!("{{\"version\":{version}}}"),
    };
    for scored in [result(10, 1), result(20, 2), result(20, 2)] {
        store.put_result(&sessions[3].id, &scored, &[]).unwrap();
    }
    store
        .append(&sessions[3].id, 0, &[logged(12, Event::Finished)])
        .unwrap();
    store.discard(&sessions[0].id, 13).unwrap();
    assert_eq!(
        store.results(&sessions[3].id).unwrap(),
        [result(10, 1), result(20, 2)]
    );

    let page = store.list(PersonId::YOU, Mode::Assess, None, 2).unwrap();
    assert_eq!(
        page.iter().map(|listed| &listed.id).collect::<Vec<_>>(),
        [&sessions[4].id, &sessions[2].id]
    );
    let rest = store
        .list(PersonId::YOU, Mode::Assess, Some(&page[1].id), 10)
        .unwrap();
    assert_eq!(
        rest.iter().map(|listed| &listed.id).collect::<Vec<_>>(),
        [&sessions[1].id, &sessions[0].id, &sessions[3].id],
        "what is open, then what was closed last"
    );
    assert_eq!(rest[2].result.as_deref(), Some("{\"version\":2}"));
    assert_eq!(store.open_sessions(PersonId::YOU).unwrap().len(), 3);
}

#[test]
fn people_have_clean_names_of_their_own_and_can_be_forgotten() {
    let (_folder, file) = folder();
    let mut store = Store::open(&file).unwrap();
    let ada = store.add_person("  \u{c4}da\u{1b}\n Lovelace ").unwrap();
    assert_eq!(ada.name.as_str(), "\u{c4}da Lovelace");
    assert_eq!(
        store.person("\u{e4}DA LOVELACE").unwrap(),
        Some(ada.clone())
    );
    assert!(matches!(
        store.add_person("\u{e4}da lovelace"),
        Err(StoreError::NameTaken { .. })
    ));
    assert!(matches!(
        store.add_person(" \u{200b} "),
        Err(StoreError::BadName { .. })
    ));
    assert!(matches!(
        store.add_person(&"x".repeat(65)),
        Err(StoreError::BadName { .. })
    ));
    assert_eq!(store.people().unwrap()[0].id, PersonId::YOU);

    for person in [ada.id, PersonId::YOU] {
        let mut start = session(if person == ada.id { 1 } else { 2 }, 1);
        start.person = person;
        store.start(&start, &sources(&start)).unwrap();
        let note = Event::Noted {
            slot: 0,
            text: format!("secret of {person:?}"),
        };
        store
            .append(
                &start.id,
                0,
                &[logged(0, Event::Shown { slot: 0 }), logged(1, note)],
            )
            .unwrap();
    }
    store.erase(&ada).unwrap();
    assert_eq!(store.people().unwrap().len(), 1);
    assert!(
        store
            .list(ada.id, Mode::Assess, None, 9)
            .unwrap()
            .is_empty()
            && store.exposures(ada.id).unwrap().is_empty()
    );
    assert_eq!(
        store.events::<Event>(&session(2, 1).id).unwrap().len(),
        2,
        "nobody else is touched"
    );
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    drop(store);
    let bytes = fs::read(&file).unwrap();
    let has = |text: String| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(
        has(format!("secret of {:?}", PersonId::YOU)) && !has(format!("secret of {:?}", ada.id))
    );
}

/// Opens `file` and reads everything; asserts that the data is correct or that an error was returned.
fn read_all(file: &Path, start: &NewSession, right: &[Stamped]) -> Result<(), StoreError> {
    let store = Store::open(file)?;
    store.list(PersonId::YOU, Mode::Assess, None, 100)?;
    store.open_sessions(PersonId::YOU)?;
    store.exposures(PersonId::YOU)?;
    store.people()?;
    if let Some(stored) = store.load(&start.id)? {
        assert_eq!(stored.start.form, start.form);
        store.drafts(&start.id)?;
        let events = store.events::<Event>(&start.id)?;
        assert!(right.starts_with(&events), "an event that was never saved");
    }
    Ok(())
}

#[test]
fn a_torn_file_is_refused_and_left_as_it_is() {
    let (folder, file) = folder();
    let start = session(1, 20);
    let events = sitting(20);
    let mut store = Store::open(&file).unwrap();
    store.start(&start, &[]).unwrap();
    store.append(&start.id, 0, &events).unwrap();
    drop(store);
    let whole = fs::read(&file).unwrap();
    let right = stamped(&events);
    let torn = folder.path().join("torn.db");

    for length in
        (1..whole.len())
            .step_by(1021)
            .chain([1, 15, 16, 99, 100, 4096, 8192, whole.len() - 1])
    {
        fs::write(&torn, &whole[..length]).unwrap();
        let error = read_all(&torn, &start, &right).expect_err("a torn file");
        assert!(
            matches!(
                error,
                StoreError::Damaged { .. } | StoreError::NotDatabase { .. }
            ),
            "{length}: {error}"
        );
        assert!(
            fs::read(&torn).unwrap() == whole[..length],
            "{length}: the file was changed"
        );
    }
    let mut refused = 0;
    for place in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&torn, &bytes).unwrap();
        refused += usize::from(read_all(&torn, &start, &right).is_err());
        for ending in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(format!("{}{ending}", torn.display()));
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_torn_journal_costs_its_end_only() {
    let (folder, file) = folder();
    let start = session(1, 20);
    let events = sitting(20);
    let mut store = Store::open(&file).unwrap();
    store.start(&start, &[]).unwrap();
    for (n, event) in (0..).zip(&events) {
        store
            .append(&start.id, n, std::slice::from_ref(event))
            .unwrap();
    }
    let (database, journal) = (
        fs::read(&file).unwrap(),
        fs::read(folder.path().join("history.db-wal")).unwrap(),
    );
    let right = stamped(&events);
    for length in (0..=journal.len()).step_by(7919) {
        let torn = folder.path().join("torn.db");
        fs::write(&torn, &database).unwrap();
        fs::write(folder.path().join("torn.db-wal"), &journal[..length]).unwrap();
        read_all(&torn, &start, &right).unwrap();
    }
    let lost = folder.path().join("lost.db");
    fs::write(folder.path().join("lost.db-wal"), &journal).unwrap();
    assert!(matches!(
        Store::open(&lost),
        Err(StoreError::Orphaned { .. })
    ));
    assert!(!lost.exists() && fs::read(folder.path().join("lost.db-wal")).unwrap() == journal);
}

#[test]
fn what_is_no_history_is_refused_in_a_sentence_and_never_touched() {
    let (folder, _) = folder();
    let path = |name: &str| folder.path().join(name);
    let foreign = rusqlite::Connection::open(path("foreign.db")).unwrap();
    foreign
        .execute_batch("PRAGMA application_id = 5; CREATE TABLE t (x)")
        .unwrap();
    let newer = path("newer.db");
    drop(Store::open(&newer).unwrap());
    rusqlite::Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    fs::write(
        path("notes.txt"),
        "not a database, but longer than the header of one. ".repeat(9),
    )
    .unwrap();
    fs::write(path("short.txt"), "x").unwrap();
    fs::create_dir(path("folder")).unwrap();

    type Expected = fn(&StoreError) -> bool;
    let cases: [(PathBuf, Expected); 6] = [
        (path("foreign.db"), |error| {
            matches!(error, StoreError::Foreign { .. })
        }),
        (newer, |error| {
            matches!(error, StoreError::Newer { found: 99, .. })
        }),
        (path("notes.txt"), |error| {
            matches!(error, StoreError::NotDatabase { .. })
        }),
        (path("short.txt"), |error| {
            matches!(error, StoreError::NotDatabase { .. })
        }),
        (path("folder"), |error| {
            matches!(error, StoreError::Folder { .. })
        }),
        (path("notes.txt").join("history.db"), |error| {
            matches!(
                error,
                StoreError::Unreadable { .. } | StoreError::Unwritable { .. }
            )
        }),
    ];
    for (file, expected) in cases {
        let before = fs::read(&file).ok();
        let error = Store::open(&file).unwrap_err();
        assert!(expected(&error), "{error:?}");
        let sentence = error.to_string();
        assert!(
            sentence.contains(&*file.to_string_lossy()) && sentence.ends_with('.'),
            "{sentence}"
        );
        assert_eq!(fs::read(&file).ok(), before, "{sentence}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_loops_and_read_only_files_are_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, file) = folder();
    let pipe = folder.path().join("pipe");
    if Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|status| status.success())
    {
        assert!(matches!(
            Store::open(&pipe),
            Err(StoreError::Special { .. })
        ));
    }
    let ring = folder.path().join("loop");
    symlink(&ring, &ring).unwrap();
    assert!(matches!(
        Store::open(&ring),
        Err(StoreError::Unreadable { .. })
    ));

    drop(Store::open(&file).unwrap());
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600,
        "a history is its owner's alone"
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    if fs::OpenOptions::new().write(true).open(&file).is_ok() {
        eprintln!("skipped: this user may write read-only files");
    } else {
        assert!(matches!(
            Store::open(&file),
            Err(StoreError::Unwritable { .. })
        ));
    }
}

#[test]
fn a_full_disk_is_told_and_the_events_are_saved_once_there_is_room() {
    let (folder, _) = folder();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=400k", "none"])
        .arg(&disk)
        .output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return eprintln!("skipped: no small disk can be mounted here");
    }
    let start = session(1, 5);
    let note = |n: u32| {
        logged(
            u64::from(n),
            Event::Noted {
                slot: 0,
                text: "x".repeat(2000),
            },
        )
    };
    let outcome = std::panic::catch_unwind(|| {
        let mut store = Store::open(&disk.join("history.db")).unwrap();
        store.start(&start, &sources(&start)).unwrap();
        let ballast = disk.join("ballast");
        fs::write(&ballast, vec![0; 100_000]).unwrap();
        let failed = (0..1000).find_map(|n| {
            store
                .append(&start.id, n, &[note(n)])
                .err()
                .map(|error| (n, error))
        });
        let (full, error) = failed.expect("the disk is full before a thousand notes");
        assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
        assert_eq!(
            store.events::<Event>(&start.id).unwrap().len(),
            full as usize
        );
        fs::remove_file(ballast).unwrap();
        let kept: Vec<_> = (full - 1..full + 3).map(note).collect();
        store.append(&start.id, full - 1, &kept).unwrap();
        assert_eq!(
            store.events::<Event>(&start.id).unwrap().len(),
            full as usize + 3
        );
        assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    });
    let _ = Command::new("umount").arg(&disk).status();
    outcome.unwrap();
}

#[test]
fn one_claim_to_a_session_and_the_next_is_told_who_has_it() {
    let (folder, file) = folder();
    let (here, there) = (Store::open(&file).unwrap(), Store::open(&file).unwrap());
    let id = SessionId::new("1");
    let claim = here.claim(&id).unwrap();
    let error = there.claim(&id).unwrap_err();
    assert!(
        matches!(error, StoreError::Claimed { pid: Some(pid), .. } if pid == std::process::id()),
        "{error}"
    );
    there.claim(&SessionId::new("2")).unwrap();
    drop(claim);
    drop(there.claim(&id).unwrap());
    assert!(!folder.path().join("history.db-1.lock").exists());
    assert!(matches!(
        here.claim(&SessionId::new("../1")),
        Err(StoreError::BadSession { .. })
    ));
    let memory = Store::in_memory().unwrap();
    let _both = (memory.claim(&id).unwrap(), memory.claim(&id).unwrap());
}

/// The second process of the tests below: claims session 1, then saves events and reports each until it is killed.
#[test]
#[ignore = "started by other tests"]
fn another_process() {
    let Some(file) = env::var_os("AETHOS_TEST_HISTORY") else {
        return;
    };
    let mut store = Store::open(Path::new(&file)).unwrap();
    let start = session(1, 5);
    let _claim = store.claim(&start.id).unwrap();
    store.start(&start, &[]).unwrap();
    let from = store.events::<Event>(&start.id).unwrap().len() as u32;
    for n in from.. {
        store
            .append(
                &start.id,
                n,
                &[logged(u64::from(n), answered(n as usize % 5))],
            )
            .unwrap();
        println!("saved {n}");
    }
}

#[test]
fn a_killed_process_loses_nothing_it_saved_and_bars_nobody() {
    let (_folder, file) = folder();
    let start = session(1, 5);
    for round in 0..20 {
        let mut other = Command::new(env::current_exe().unwrap())
            .args(["--exact", "another_process", "--ignored", "--nocapture"])
            .env("AETHOS_TEST_HISTORY", &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
        let saved = |line: &str| {
            line.split_once("saved ")
                .and_then(|(_, n)| n.parse::<usize>().ok())
        };
        let mut last = lines.by_ref().find_map(|line| saved(&line.unwrap()));
        let error = Store::open(&file).unwrap().claim(&start.id).unwrap_err();
        assert!(
            matches!(error, StoreError::Claimed { pid: Some(pid), .. } if pid == other.id()),
            "{error}"
        );
        std::thread::sleep(Duration::from_micros(round * 977));
        other.kill().unwrap();
        other.wait().unwrap();
        last = lines.filter_map(|line| saved(&line.ok()?)).last().or(last);

        let store = Store::open(&file).unwrap();
        let events = store.events::<Event>(&start.id).unwrap();
        assert!(
            events.len() > last.expect("it saved something"),
            "{} of {last:?}",
            events.len()
        );
        assert!((0..).zip(&events).all(|(n, event)| event.at == Millis(n)));
        store.claim(&start.id).unwrap();
    }
}

#[test]
fn two_processes_can_begin_the_same_history_at_once() {
    for _ in 0..10 {
        let (_folder, file) = folder();
        std::thread::scope(|scope| {
            for name in ["Ada", "Edsger", "Leslie", "Barbara"] {
                let file = &file;
                scope.spawn(move || Store::open(file).unwrap().add_person(name).unwrap());
            }
        });
        assert_eq!(Store::open(&file).unwrap().people().unwrap().len(), 5);
    }
}

fn timed<T>(job: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = job();
    (start.elapsed(), done)
}

fn quantiles(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
    println!(
        "{name}: median {:?}, p99 {:?}, most {:?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// `cargo test --release --test store -- --ignored --nocapture a_million`
#[test]
#[ignore = "a measurement, to be run in release"]
fn a_million_answers_open_in_50_ms() {
    let (_folder, file) = folder();
    let (create, store) = timed(|| Store::open(&file).unwrap());
    drop(store);
    println!("create {create:?}");
    quantiles(
        "open, new",
        (0..200)
            .map(|_| timed(|| Store::open(&file).unwrap()).0)
            .collect(),
    );

    let mut store = Store::open(&file).unwrap();
    let start = session(0, 40);
    store.start(&start, &sources(&start)).unwrap();
    let events: Vec<_> = (0..40)
        .cycle()
        .take(1000)
        .map(|slot| logged(slot as u64, answered(slot)))
        .collect();
    let append = |n: u32| {
        timed(|| {
            store
                .append(&start.id, n, std::slice::from_ref(&events[n as usize]))
                .unwrap();
        })
        .0
    };
    quantiles("append", (0..1000).map(append).collect());
    let draft = |n: usize| timed(|| store.save_draft(&start.id, 0, &"x".repeat(n)).unwrap()).0;
    quantiles("draft", (1..300).map(draft).collect());

    for n in 1..=25_000 {
        let start = session(n, 40);
        store.start(&start, &sources(&start)).unwrap();
        let shown = (0..40).map(|slot| logged(slot as u64, Event::Shown { slot }));
        let answers = (0..40).map(|slot| logged(40 + slot as u64, answered(slot)));
        store
            .append(
                &start.id,
                0,
                &shown
                    .chain(answers)
                    .chain([logged(90, Event::Finished)])
                    .collect::<Vec<_>>(),
            )
            .unwrap();
        store
            .put_result(
                &start.id,
                &Scored {
                    scored_at: 1,
                    version: 1,
                    body: "x".repeat(2000),
                },
                &[],
            )
            .unwrap();
    }
    drop(store);
    println!("size {} MB", fs::metadata(&file).unwrap().len() / 1_000_000);
    quantiles(
        "open, large",
        (0..200)
            .map(|_| timed(|| Store::open(&file).unwrap()).0)
            .collect(),
    );
    let home = |_| {
        let (time, store) = timed(|| {
            let store = Store::open(&file).unwrap();
            assert_eq!(
                store
                    .list(PersonId::YOU, Mode::Assess, None, 50)
                    .unwrap()
                    .len(),
                50
            );
            assert_eq!(store.open_sessions(PersonId::YOU).unwrap().len(), 1);
            store
        });
        drop(store);
        time
    };
    let times: Vec<_> = (0..50).map(home).collect();
    let worst = times.iter().max().copied().unwrap();
    quantiles("home screen", times);
    let store = Store::open(&file).unwrap();
    let (time, exposures) = timed(|| store.exposures(PersonId::YOU).unwrap());
    println!("exposures of {} questions: {time:?}", exposures.len());
    println!(
        "verify: {:?}",
        timed(|| assert!(store.verify().unwrap().is_empty())).0
    );
    assert!(worst < Duration::from_millis(50), "{worst:?}");
}
