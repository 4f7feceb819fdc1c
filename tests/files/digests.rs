//! Damaged derived data is detected, and computed again from the events.

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
    let wrong = format!("{}", score + 1.0);
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
    change(
        &home,
        "UPDATE question SET source = replace(source, 'linearizable', 'linearisable')
         WHERE fingerprint = (SELECT fingerprint FROM question WHERE source LIKE '%linearizable%' LIMIT 1)",
    );
    for args in [&["report"][..], &["history", "--verify"]] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains("the stored text of question"),
            "{args:?}: {}",
            said(&output)
        );
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
