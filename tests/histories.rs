//! Checks that this version reads the histories of earlier versions as those versions did.
//!
//! `tests/fixtures/histories/0.1/README.md` describes their content and origin.

#[path = "histories/compare.rs"]
mod compare;
#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "histories/meetings.rs"]
mod meetings;
#[path = "histories/observe.rs"]
mod observe;
#[path = "histories/resume.rs"]
mod resume;
#[path = "histories/write.rs"]
mod write;
#[path = "support/year.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod year;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use compare::assert_same;
use home::Home;
use serde_json::{Value, json};

/// The history whose sessions can be resumed.
const INTERRUPTED: &str = "interrupted";
const HISTORIES: [&str; 5] = ["assessment", "adaptive", "practice", "mentor", INTERRUPTED];

/// Every kind of event that version 0.1 wrote, of all modes; a session is discarded by its state alone.
const EVENTS: &str = "agreed answered asked asked-again bring-back closing committed concluded confident disputed \
                      drawn erased evidence expired finished flagged gap graded handed-on heard hot-seat kept \
                      next-meeting noted paused person-noted question-noted rated reasoned resumed revealed \
                      rubric-rated said shown split-shown struck ticked undone voted went-on";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/histories/0.1")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.db"))
}

fn frozen(name: &str, what: &str) -> Value {
    serde_json::from_slice(&fs::read(folder().join(format!("{name}.{what}.json"))).unwrap())
        .unwrap()
}

/// Creates a data folder with a copy of a history.
fn copy(file: &Path) -> Home {
    let home = Home::new();
    fs::write(home.history(), fs::read(file).unwrap()).unwrap();
    home
}

/// Returns everything that is frozen beside a history, as this version reads it.
fn expectations(file: &Path) -> Vec<(&'static str, Value)> {
    let home = copy(file);
    let mut all = vec![
        ("facts", observe::facts(&home)),
        ("scores", observe::scores(&home)),
        ("results", observe::kept(&home)),
    ];
    if file.file_stem().is_some_and(|stem| stem == INTERRUPTED) {
        all.push(("resumed", resumed(file)));
    }
    all
}

/// Returns the state of each resumed session, and the facts after all of them are finished.
fn resumed(file: &Path) -> Value {
    let home = copy(file);
    let waiting = resume::resume(&home);
    resume::finish(&home);
    json!({ "waiting": waiting, "finished": observe::facts(&home) })
}

#[test]
fn events_memories_and_records_are_the_same() {
    for name in HISTORIES {
        let home = copy(&file(name));
        let expected = frozen(name, "facts");
        assert_same(name, &expected, &observe::facts(&home));
        assert_same(
            &format!("{name}, opened again"),
            &expected,
            &observe::facts(&home),
        );
    }
}

#[test]
fn reviews_memories_and_remarks_can_be_derived_from_the_events_alone() {
    for name in HISTORIES {
        let home = copy(&file(name));
        // The copy still has the tables of version 0.1.
        let connection = rusqlite::Connection::open(home.history()).unwrap();
        let sql = "DELETE FROM review; DELETE FROM memory; DELETE FROM remark; DELETE FROM derived";
        connection.execute_batch(sql).unwrap();
        drop(connection);
        assert_same(name, &frozen(name, "facts"), &observe::facts(&home));
    }
}

/// Separate from the facts, because scores change with the version of the scoring. A version that raises it freezes its
/// own scores as `NAME.scores-VERSION.json` with `write_the_scores_of_this_version` and compares those.
#[test]
fn scores_are_the_same() {
    for name in HISTORIES {
        assert_same(
            name,
            &without_intervals_of_changes(frozen(name, "scores-2")),
            &observe::scores(&copy(&file(name))),
        );
    }
}

/// Leaves the intervals of changes out. A change is computed from two scores whenever it is shown: a better method for its
/// interval needs no new version of the scores.
fn without_intervals_of_changes(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            if fields.contains_key("is_change") || fields.contains_key("by") {
                for field in ["is_change", "low", "high"] {
                    fields.remove(field);
                }
            }
            for field in fields.values_mut() {
                *field = without_intervals_of_changes(field.take());
            }
        }
        Value::Array(values) => {
            for one in values {
                *one = without_intervals_of_changes(one.take());
            }
        }
        _ => {}
    }
    value
}

/// The scores of version 1 stay visible beside the new ones.
#[test]
fn former_scores_are_listed() {
    let mut compared = 0;
    for name in HISTORIES {
        let (before, now) = (frozen(name, "scores"), observe::scores(&copy(&file(name))));
        for (person, sessions) in before["listed"].as_object().unwrap() {
            for (session, now) in sessions
                .as_array()
                .unwrap()
                .iter()
                .zip(now["listed"][person].as_array().unwrap())
            {
                if session["finished"] == false {
                    continue;
                }
                let former = &now["former"][0];
                assert_eq!(former["version"], 1, "{name}: {now}");
                let range = |r: &Value| {
                    if r.is_null() {
                        json!(null)
                    } else {
                        json!([r["score"], r["low"], r["high"]])
                    }
                };
                assert_same(name, &range(&session["overall"]), &former["overall"]);
                for (id, score) in session["competencies"].as_object().unwrap() {
                    assert_same(name, &range(score), &former["competencies"][id]);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
#[ignore = "writes the scores of a new version of the scoring, which is done once"]
fn write_the_scores_of_this_version() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for name in HISTORIES {
        let text = observe::scores(&copy(&file(name))).to_string() + "\n";
        let named = format!("{name}.scores-2.json");
        println!("{}  {named}", blake3::hash(text.as_bytes()));
        fs::write(folder.join(named), text).unwrap();
    }
}

/// A stored result stays unchanged, even after a later version scores the session again.
#[test]
fn kept_results_stay() {
    for name in HISTORIES {
        assert_same(
            name,
            &frozen(name, "results"),
            &observe::kept(&copy(&file(name))),
        );
    }
}

#[test]
fn interrupted_sessions_go_on_where_they_were() {
    assert_same(
        INTERRUPTED,
        &frozen(INTERRUPTED, "resumed"),
        &resumed(&file(INTERRUPTED)),
    );
}

#[test]
fn every_kind_of_event_is_in_some_history() {
    let mut found = BTreeSet::new();
    for name in HISTORIES {
        for event in frozen(name, "facts")["events"].as_array().unwrap() {
            found.insert(event["body"]["what"].as_str().unwrap().to_owned());
        }
    }
    let expected: BTreeSet<String> = EVENTS.split(' ').map(str::to_owned).collect();
    assert_eq!(found, expected);
}

/// `checksums.txt` has the BLAKE3 hash of each file, so that no test or edit changes one unnoticed.
#[test]
fn the_frozen_files_are_as_they_were_written() {
    let checksums = fs::read_to_string(folder().join("checksums.txt")).unwrap();
    let mut listed = BTreeSet::new();
    for line in checksums.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        let bytes = fs::read(folder().join(name)).unwrap();
        assert_eq!(blake3::hash(&bytes).to_string(), hash, "{name} was changed");
        listed.insert(name.to_owned());
    }
    let entries = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let frozen: BTreeSet<String> = entries
        .filter(|name| name.ends_with(".db") || name.ends_with(".json"))
        .collect();
    assert_eq!(listed, frozen);
}

/// Returns the schema version, the schema and every row of a history.
fn contents(file: &Path) -> Vec<Vec<rusqlite::types::Value>> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let rows = |sql: &str| -> Vec<Vec<rusqlite::types::Value>> {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let cells = |row: &rusqlite::Row| (0..columns).map(|column| row.get(column)).collect();
        statement
            .query_map([], cells)
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let mut all = rows("PRAGMA user_version");
    all.extend(rows("PRAGMA application_id"));
    all.extend(rows(
        "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name",
    ));
    for table in rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
        let [rusqlite::types::Value::Text(name)] = &table[..] else {
            panic!("a table has a name: {table:?}")
        };
        let mut found = rows(&format!("SELECT * FROM \"{name}\""));
        found.sort_by_cached_key(|row| format!("{row:?}"));
        all.push(table);
        all.extend(found);
    }
    all
}

#[test]
fn a_copy_is_made_before_the_update_and_removed_at_the_next_start() {
    for name in HISTORIES {
        let home = copy(&file(name));
        let before = copy(&file(name));
        let backup = home.data().join("history.db.before-update");
        home.output(&["history"]);
        assert_eq!(contents(&backup), contents(&before.history()), "{name}");
        assert_ne!(
            contents(&backup)[0],
            contents(&home.history())[0],
            "{name} was not updated"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&backup).unwrap().permissions().mode() & 0o777,
                0o600,
                "{name}"
            );
        }
        home.output(&["history"]);
        assert!(
            !backup.exists(),
            "{name}: the copy is left after the next start"
        );
    }
}

#[test]
fn mentor_sessions_are_listed_with_the_others() {
    let home = copy(&file("mentor"));
    let listed = home.json(&["history", "--json"]);
    let mentored: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["mode"] == "mentor")
        .collect();
    assert!(!mentored.is_empty(), "{listed}");
    let text = home.output(&["history"]);
    for session in mentored {
        let line = text
            .lines()
            .find(|line| line.starts_with(session["id"].as_str().unwrap()))
            .unwrap();
        assert!(line.contains("mentor session, "), "{line}");
    }
}
