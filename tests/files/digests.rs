//! Damaged derived data is detected, and computed again from the events.

use std::fs;

use super::{home_with_history, said};

fn change(home: &super::Home, sql: &str) {
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn a_damaged_result_is_computed_again() {
    let home = home_with_history();
    let right = home.json(&["history", "--json"]);
    let report = home.output(&["report"]);
    // Changes one digit of the score.
    let score = right[0]["competencies"]["data-consistency"]["score"]
        .as_f64()
        .unwrap();
    // The first digits, because the last one can differ between the JSON of the command and of the store.
    let wrong = format!("{:.6}", score.trunc() + 1.0 + score.fract());
    let (score, wrong) = (&format!("{score:.9}")[..8], &wrong[..8]);
    change(
        &home,
        &format!(
            "UPDATE result SET body = replace(body, '{score}', '{wrong}') WHERE body LIKE '%{score}%'"
        ),
    );
    assert_eq!(home.json(&["history", "--json"]), right);
    assert_eq!(home.output(&["report"]), report);
    let found = home.run(&["history", "--verify"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(
        said(&found).contains("the result of session"),
        "{}",
        said(&found)
    );
}

#[test]
fn a_damaged_question_is_named() {
    let home = home_with_history();
    assert!(said(&home.run(&["history", "--verify"])).contains("is intact"));
    let report = home.output(&["report"]);
    let damaged = |change_rows: &str| {
        change(&home, change_rows);
        for args in [&["report"][..], &["history", "--verify"]] {
            let output = home.run(args);
            assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
            assert!(
                said(&output).contains("the stored text of question"),
                "{args:?}: {}",
                said(&output)
            );
        }
        home.run(&["report"])
    };
    let found = "(SELECT fingerprint FROM question WHERE source LIKE '%linearizable%' LIMIT 1)";
    let flip = format!(
        "UPDATE question SET source = replace(source, 'linearizable', 'linearisable') WHERE fingerprint = {found}"
    );
    // The deck still has the question as it was asked.
    assert_eq!(String::from_utf8_lossy(&damaged(&flip).stdout), report);
    let delete = "DELETE FROM question WHERE source LIKE '%linearisable%'";
    let output = damaged(delete);
    assert_eq!(String::from_utf8_lossy(&output.stdout), report);
    assert!(said(&output).contains("is missing"), "{}", said(&output));
    fs::remove_dir_all(home.data().join("decks")).unwrap();
    let output = home.run(&["report"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("is missing"), "{}", said(&output));
}

#[test]
fn a_changed_person_seat_or_state_is_named() {
    let changes = [
        (
            "UPDATE person SET name = 'Adb', folded = 'adb' WHERE id = 2",
            "the name of person 2",
        ),
        (
            "UPDATE person SET forgotten = 1 WHERE id = 2",
            "the name of person 2",
        ),
        (
            "UPDATE session SET person = 2 WHERE mode = 'assess'",
            "the person, mode or state of session",
        ),
        (
            "UPDATE session SET mode = 'practise' WHERE mode = 'mentor'",
            "the person, mode or state of session",
        ),
        (
            "UPDATE session SET closed = closed + 1 WHERE mode = 'assess'",
            "the person, mode or state of session",
        ),
        (
            "UPDATE attendance SET person = 1",
            "the participant at seat 1 of session",
        ),
        (
            "UPDATE attendance SET session = (SELECT key FROM session WHERE mode = 'assess')",
            "the participant at seat 1 of session",
        ),
    ];
    for (sql, named) in changes {
        let home = home_with_history();
        let mut terminal = super::meeting(&home, &["Ada"]);
        terminal.press("\r");
        terminal.wait_for("close the answer");
        terminal.signal("TERM");
        terminal.end();
        assert!(said(&home.run(&["history", "--verify"])).contains("is intact"));
        change(&home, sql);
        let found = home.run(&["history", "--verify"]);
        assert_eq!(found.status.code(), Some(1), "{sql}: {}", said(&found));
        assert!(said(&found).contains(named), "{sql}: {}", said(&found));
    }
}

#[test]
fn every_change_of_a_session_and_a_person_is_sealed() {
    let home = home_with_history();
    let intact = |what: &str| {
        let verified = said(&home.run(&["history", "--verify"]));
        assert!(verified.contains("is intact"), "{what}: {verified}");
    };
    let listed = home.json(&["history", "--json"]);
    let id = listed[0]["id"].as_str().unwrap();
    for args in [
        &["mentor", "add", "Ada"][..],
        &["mentor", "rename", "Ada", "Eve"],
        &["history", "delete", id, "--yes"],
        &["history", "restore", id],
        &["mentor", "forget", "Eve", "--yes"],
    ] {
        home.output(args);
        intact(&args.join(" "));
    }
}

#[test]
fn rows_of_older_versions_have_no_digest_and_stay_readable() {
    let home = home_with_history();
    let right = home.json(&["history", "--json"]);
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    connection
        .execute_batch("UPDATE result SET digest = NULL; UPDATE question SET digest = NULL;")
        .unwrap();
    drop(connection);
    assert_eq!(home.json(&["history", "--json"]), right);
    home.output(&["report"]);
    assert!(said(&home.run(&["history", "--verify"])).contains("is intact"));
}

#[test]
fn damage_that_a_list_could_do_without_is_named() {
    let home = super::flips::rich_history();
    change(
        &home,
        "UPDATE question SET source = replace(source, 'five', 'nine')
         WHERE fingerprint = (SELECT fingerprint FROM exposure WHERE mode = 'practise' LIMIT 1)",
    );
    for args in [&["history"][..], &["history", "--json"]] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains("the stored text of question"),
            "{args:?}: {}",
            said(&output)
        );
    }
    let mut terminal = super::Terminal::start(&home, &[]);
    terminal.wait_for("the history is damaged");
    terminal.press("q");
    terminal.end();
}

#[test]
fn a_comparison_with_a_damaged_result_is_made_again() {
    let home = home_with_history();
    super::finish_one(&home);
    let right = home.json(&["history", "--json"]);
    assert!(right[0]["since"].is_object(), "{right}");
    for oldest_first in ["key", "-key"] {
        change(
            &home,
            &format!(
                "UPDATE result SET digest = digest + 1
                 WHERE key = (SELECT key FROM result ORDER BY {oldest_first} LIMIT 1)"
            ),
        );
        assert_eq!(home.json(&["history", "--json"]), right);
    }
}

#[test]
fn the_start_of_a_session_is_read_from_its_id_and_a_wrong_end_is_found() {
    let home = home_with_history();
    let right = home.json(&["history", "--json"]);
    let found = |home: &super::Home| said(&home.run(&["history", "--verify"]));
    change(
        &home,
        "UPDATE session SET started_at = started_at + 86400000",
    );
    assert_eq!(home.json(&["history", "--json"]), right);
    assert!(
        found(&home).contains("the start of session"),
        "{}",
        found(&home)
    );
    change(
        &home,
        "UPDATE session SET started_at = started_at - 86400000",
    );
    assert!(found(&home).contains("is intact"), "{}", found(&home));
    change(&home, "UPDATE session SET finished_at = finished_at + 4096");
    assert!(
        found(&home).contains("the end of session"),
        "{}",
        found(&home)
    );
}

#[test]
fn a_finished_session_without_its_last_events_is_named() {
    let home = home_with_history();
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    connection
        .execute_batch("DROP TRIGGER event_stays")
        .unwrap();
    drop(connection);
    change(
        &home,
        "DELETE FROM event WHERE body LIKE '%\"what\":\"finished\"%'",
    );
    for args in [&["report"][..], &["history", "--verify"]] {
        let found = home.run(args);
        assert_eq!(found.status.code(), Some(1), "{args:?}");
        assert!(
            said(&found).contains("the end of session"),
            "{args:?}: {}",
            said(&found)
        );
    }
}

#[test]
fn a_row_that_an_index_does_not_find_is_noticed() {
    let home = home_with_history();
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    // The rows stay, and the index of the sessions' ids is empty.
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON;
             CREATE TABLE other (id TEXT PRIMARY KEY);
             UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'other' AND type = 'index')
                 WHERE tbl_name = 'session' AND type = 'index' AND name LIKE 'sqlite_autoindex%';
             DELETE FROM sqlite_schema WHERE tbl_name = 'other';",
        )
        .unwrap();
    drop(connection);
    for args in [
        &["history"][..],
        &["mentor", "people"],
        &["practice", "--progress"],
    ] {
        let found = home.run(args);
        assert_eq!(found.status.code(), Some(1), "{args:?}: {}", said(&found));
        assert!(
            said(&found).contains("damaged"),
            "{args:?}: {}",
            said(&found)
        );
    }
}

#[test]
fn a_page_about_a_person_is_not_silent_about_a_session_that_cannot_be_read() {
    let home = home_with_history();
    home.output(&["mentor", "add", "Mina"]);
    let mut terminal =
        super::Terminal::start(&home, &["mentor", "meet", "Mina", "--questions", "1"]);
    terminal.wait_for("Ready to begin");
    terminal.press("\r");
    terminal.wait_for("1/1");
    terminal.signal("TERM");
    terminal.end();
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    // Its end is missing, so it can't be read.
    connection
        .execute_batch(
            "UPDATE session SET state = 'finished', finished_at = started_at WHERE mode = 'mentor'",
        )
        .unwrap();
    drop(connection);
    for args in [&["mentor", "export", "Mina"][..], &["mentor", "people"]] {
        let found = home.run(args);
        assert_eq!(found.status.code(), Some(1), "{args:?}: {}", said(&found));
        assert!(
            said(&found).contains("damaged: the end of session"),
            "{}",
            said(&found)
        );
    }
}

/// Creates a history with practice in which a question is disputed, one is flagged and one is suspended.
fn practised() -> super::Home {
    let home = home_with_history();
    let lines = "a\n!\nThe key is wrong.\n\nb\nf\n\na\n-\n\nq\n";
    home.run_with(&["practice", "mine", "--plain", "--minutes", "10"], lines);
    assert!(said(&home.run(&["history", "--verify"])).contains("is intact"));
    home
}

/// The first row of a table.
fn first(table: &str) -> String {
    format!("(person, deck, question) = (SELECT person, deck, question FROM {table} LIMIT 1)")
}

#[test]
fn damaged_grades_and_remarks_are_named() {
    for (table, change_of, args, name) in [
        (
            "review",
            "day = day - 1",
            &["practice", "--progress"][..],
            "the stored grade of question",
        ),
        (
            "remark",
            "text = 'The key is fine.'",
            &["decks", "--disputed"],
            "the dispute of question",
        ),
        (
            "suspension",
            "state = 0",
            &["practice", "--progress"],
            "the suspension of question",
        ),
    ] {
        let home = practised();
        let row = match table {
            "remark" => "kind = 'dispute'".to_owned(),
            "review" => format!(
                "{} AND mode = 'practise'",
                first("review WHERE mode = 'practise'")
            ),
            _ => first(table),
        };
        change(
            &home,
            &format!("UPDATE {table} SET {change_of} WHERE {row}"),
        );
        for args in [args, &["history", "--verify"]] {
            let output = home.run(args);
            assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
            assert!(said(&output).contains(name), "{args:?}: {}", said(&output));
        }
    }
}

#[test]
fn a_backup_with_a_damaged_practice_schedule_is_restored() {
    let home = practised();
    change(
        &home,
        &format!("UPDATE memory SET answered = 9 WHERE {}", first("memory")),
    );
    let file = home.work().join("all.backup");
    let path = file.to_str().unwrap();
    home.run(&["backup", path]);
    home.output(&["restore", path, "--yes"]);
    assert!(
        said(&home.run(&["history", "--verify"])).contains("the practice schedule of question")
    );
}

#[test]
fn a_damaged_practice_schedule_is_computed_again() {
    let home = practised();
    let right = home.run(&["practice", "--progress"]).stdout;
    let row = first("memory");
    for damage in [
        "answered = answered + 3, recalled = recalled + 2",
        "competency = 'x'",
        "question = 'x'",
    ] {
        change(&home, &format!("UPDATE memory SET {damage} WHERE {row}"));
        let repaired = home.run(&["practice", "--progress"]);
        assert_eq!(repaired.status.code(), Some(1), "{damage}: it is told once");
        assert!(
            said(&repaired).contains("computed again"),
            "{}",
            said(&repaired)
        );
        assert_eq!(repaired.stdout, right, "{damage}");
        let again = home.run(&["practice", "--progress"]);
        assert!(again.status.success(), "{}", said(&again));
        assert_eq!(again.stdout, right, "{damage}");
    }
}

#[test]
fn a_damaged_event_of_practice_is_named_by_the_progress() {
    let home = practised();
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    connection
        .execute_batch(
            "DROP TRIGGER event_stays_as_it_is;
             UPDATE event SET body = replace(body, '\"at\":', '\"at\":9') WHERE (session, sequence) =
                 (SELECT session, max(sequence) FROM event JOIN session ON session.key = event.session WHERE mode = 'practise');",
        )
        .unwrap();
    drop(connection);
    let output = home.run(&["practice", "--progress"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("of session"), "{}", said(&output));
}

#[test]
fn an_answer_is_revealed_and_graded_together_or_not_at_all() {
    let home = home_with_history();
    let run = |sql: &str| {
        let connection = rusqlite::Connection::open(home.history()).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    let counts = || -> (u32, u32) {
        let connection = rusqlite::Connection::open(home.history()).unwrap();
        let sql = "SELECT count(*) FILTER (WHERE body LIKE '%\"revealed\"%'),
                       count(*) FILTER (WHERE body LIKE '%\"graded\"%') FROM event";
        let counts = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        counts.unwrap()
    };
    // The grade can't be stored, as if the program had been killed before it.
    run(
        "CREATE TRIGGER stop BEFORE INSERT ON event WHEN NEW.body LIKE '%\"graded\"%'
         BEGIN SELECT RAISE(ABORT, 'stopped'); END",
    );
    let practice = ["practice", "mine", "--minutes", "10"];
    let mut terminal = super::Terminal::start(&home, &practice);
    terminal.wait_for("a-c choose");
    terminal.press("a");
    terminal.wait_for("● a");
    // A key that follows a new question too soon reveals nothing.
    std::thread::sleep(std::time::Duration::from_millis(320));
    terminal.press("\r");
    terminal.wait_for("Grade:");
    terminal.signal("KILL");
    terminal.end();
    assert_eq!(counts(), (0, 0), "on screens");
    let in_lines = [&practice[..], &["--plain"]].concat();
    home.run_with(&in_lines, "a\n\nq\n");
    assert_eq!(counts(), (0, 0), "in lines");
    run("DROP TRIGGER stop");
    home.run_with(&in_lines, "a\n\nb\n\nq\n");
    let (revealed, graded) = counts();
    assert!(revealed > 0 && revealed == graded, "{revealed} {graded}");
}
