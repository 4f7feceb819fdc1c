//! A hundred thousand scheduled questions.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use aethos::core::practice::Drill;
use aethos::core::reserve::stable;
use aethos::shell::{Folder, Workspace};

const DECKS: usize = 10;
const OF_A_DECK: usize = 10_000;
const PATIENCE: Duration = Duration::from_millis(50);

/// Creates questions of meaningless words, ten thousand per deck.
fn deck(n: usize) -> String {
    let mut text = format!(
        "[deck]\nid = \"large-{n}\"\ntitle = \"Large\"\nversion = \"1.0.0\"\nlanguage = \"en\"\ncompetency = \"data-consistency\"\n"
    );
    for i in 0..OF_A_DECK {
        let _ = write!(
            text,
            r#"
[[question]]
id = "consensus-paxos-raft.{i:05}"
facet = "consensus-paxos-raft"
points = ["consensus-paxos-raft/kp1"]
level = "senior"
demand = "apply"
type = "single"
seconds = 60
stem = "Case {i}."
lead_in = "What holds?"
explanation = "So it is."
[[question.option]]
text = "A."
correct = true
why = "Yes."
[[question.option]]
text = "B."
misconception = "Two agree."
why = "No."
[[question.option]]
text = "C."
misconception = "Time tells."
why = "No."
[[question.reference]]
author = "Ongaro"
title = "Dissertation"
where = "6.4"
year = 2014
"#
        );
    }
    text
}

#[test]
#[ignore = "a measurement, to be run in release: cargo test --release --test practice -- --ignored --nocapture"]
fn a_hundred_thousand_scheduled_questions_open_in_50_ms() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("decks")).unwrap();
    for n in 0..DECKS {
        std::fs::write(folder.path().join(format!("decks/large-{n}.toml")), deck(n)).unwrap();
    }
    let open = || Workspace::open(Folder::at(folder.path()), Default::default(), &[]).unwrap();
    drop(open());
    let cases = [
        ("all due", -50, 50, 7),
        ("some due", -2, 300, 7),
        ("none due", 1, 300, 7),
        ("none due and none wrong", 1, 300, u64::MAX),
    ];
    for (what, due_from, spread, wrong) in cases {
        fill(
            folder.path(),
            i64::from(open().today().0),
            due_from,
            spread,
            wrong,
        );
        let mut workspace = open();
        workspace.settings.interview = None;
        let took = |job: &dyn Fn()| {
            let mut spans: Vec<Duration> = (0..9)
                .map(|_| {
                    let begun = Instant::now();
                    job();
                    begun.elapsed()
                })
                .collect();
            spans.sort();
            spans[spans.len() / 2]
        };
        let queue = took(&|| assert!(!workspace.queue(&Drill::Daily, 15, &[]).unwrap().is_empty()));
        let agenda = took(&|| drop(workspace.agenda(15).unwrap()));
        let home = took(&|| drop(workspace.home()));
        let before = on_processor();
        (0..9).for_each(|_| drop(workspace.queue(&Drill::Daily, 15, &[])));
        let alone = on_processor().checked_sub(before).unwrap() / 9;
        println!(
            "{what}: queue {queue:?} ({alone:?} of them on a processor), the whole practice screen {agenda:?}, home {home:?}"
        );
        assert!(queue.min(alone) < PATIENCE, "{what}: {queue:?}, {alone:?}");
    }
}

/// Returns the CPU time of this thread, which is more reliable than wall-clock time on a busy machine.
pub fn on_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(
        stat.split_whitespace()
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0),
    )
}

/// Marks every question as seen and remembered, due from day `due_from` on, spread over `spread` days; one in `wrong`
/// was missed.
fn fill(folder: &std::path::Path, today: i64, due_from: i64, spread: i64, wrong: u64) {
    let mut connection = rusqlite::Connection::open(folder.join("history.db")).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute_batch(
            "INSERT OR IGNORE INTO session (key, id, person, mode, state, started_at, digest, start)
                 VALUES (1, 'large', 1, 'practise', 'finished', 0, 0, '{}');
             DELETE FROM memory; DELETE FROM exposure;",
        )
        .unwrap();
    for n in 0..DECKS {
        for i in 0..OF_A_DECK {
            let (deck, question) = (format!("large-{n}"), format!("consensus-paxos-raft.{i:05}"));
            let chance = stable(&deck, &question);
            let due = today + due_from + (chance % spread as u64) as i64;
            let score = if chance.is_multiple_of(wrong) {
                0.0
            } else {
                1.0
            };
            let row = (
                &deck,
                &question,
                due,
                today - 3 - (chance % 90) as i64,
                score,
                (chance % 4) as i64,
            );
            transaction
                .prepare_cached(
                    "INSERT INTO memory (person, deck, question, due, stability, difficulty, last, reviews, lapses,
                         recalled, score, confidence, mode, competency, seconds)
                     VALUES (1, ?1, ?2, ?3, 20.0, 5.0, ?4, 4, 1, 2, ?5, ?6, 'practise', 'data-consistency', 60)",
                )
                .unwrap()
                .execute(row)
                .unwrap();
            transaction
                .prepare_cached(
                    "INSERT INTO exposure (person, deck, question, fingerprint, row, times, wall, mode, session)
                     VALUES (1, ?1, ?2, randomblob(16), 0, 4, 0, 'practise', 1)",
                )
                .unwrap()
                .execute((&deck, &question))
                .unwrap();
        }
    }
    transaction.commit().unwrap();
}
