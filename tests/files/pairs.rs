//! A journal that belongs to another history is never applied.

use std::fs;
use std::os::unix::fs::symlink;

use super::home::Home;
use super::{beside, bytes, finish_one, home_with_history, killed_session, said, session};

/// Every command that opens the history.
const COMMANDS: &[&[&str]] = &[
    &["history"],
    &["report"],
    &["mentor", "people"],
    &["practice", "--progress"],
    &["history", "--verify"],
    &["assess", "--plain", "--quick"],
];

/// Asserts that every command refuses the pair, names both files and changes neither.
fn assert_refused(home: &Home, how: &str) {
    let before = bytes(home);
    for args in COMMANDS {
        let output = home.run(args);
        let words = said(&output);
        assert_eq!(output.status.code(), Some(1), "{how}: {args:?}: {words}");
        assert!(
            words.contains("do not belong together") && words.contains("history.db-wal"),
            "{how}: {words}"
        );
        assert!(bytes(home) == before, "{how}: {args:?} changed a file");
    }
    let left = super::Terminal::start(home, &[]).end();
    assert_eq!(left.status.exit_code(), 1, "{how}: {}", left.screen);
    assert!(bytes(home) == before, "{how}: the screen changed a file");
}

#[test]
fn an_older_backup_under_a_newer_journal_is_refused() {
    let home = home_with_history();
    let backup = fs::read(home.history()).unwrap();
    finish_one(&home);
    killed_session(&home);
    let newest = fs::read(home.history()).unwrap();
    fs::write(home.history(), &backup).unwrap();
    assert_refused(&home, "an older backup");
    fs::write(home.history(), newest).unwrap();
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        3,
        "with its own journal all is there"
    );
}

#[test]
fn the_journal_of_another_history_is_refused() {
    let (home, other) = (home_with_history(), home_with_history());
    killed_session(&other);
    fs::copy(beside(&other, "-wal"), beside(&home, "-wal")).unwrap();
    assert_refused(&home, "an unrelated journal");
    fs::remove_file(beside(&home, "-wal")).unwrap();
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_old_journal_under_a_newer_history_is_refused() {
    let home = home_with_history();
    killed_session(&home);
    let journal = fs::read(beside(&home, "-wal")).unwrap();
    finish_one(&home);
    fs::write(beside(&home, "-wal"), journal).unwrap();
    assert_refused(&home, "a journal that was read long ago");
}

#[test]
fn a_rollback_journal_of_another_database_is_not_played_back() {
    let home = home_with_history();
    // A rollback journal as a killed writer leaves it: a header, and the first page of another database.
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection
        .execute_batch("PRAGMA cache_size = 1; CREATE TABLE t (x); INSERT INTO t VALUES (1);")
        .unwrap();
    let fill = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
                INSERT INTO t SELECT randomblob(99) FROM n";
    connection
        .execute_batch(&format!("BEGIN; {fill};"))
        .unwrap();
    let journal = fs::read(folder.path().join("other.db-journal")).unwrap();
    assert!(journal.len() > 512);
    let path = beside(&home, "-journal");
    fs::write(&path, &journal).unwrap();
    let before = fs::read(home.history()).unwrap();
    let output = home.run(&["history"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("history.db-journal"),
        "{}",
        said(&output)
    );
    assert!(fs::read(home.history()).unwrap() == before && fs::read(path).unwrap() == journal);
}

#[test]
fn a_journal_that_is_damaged_in_the_middle_is_not_cut_without_a_word() {
    let home = home_with_history();
    killed_session(&home);
    let whole = fs::read(beside(&home, "-wal")).unwrap();
    let mut damaged = whole.clone();
    damaged[32 + 24 + 100] ^= 1;
    fs::write(beside(&home, "-wal"), &damaged).unwrap();
    let before = bytes(&home);
    let output = home.run(&["history"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("is damaged, and answers"),
        "{}",
        said(&output)
    );
    assert!(bytes(&home) == before);
    fs::write(beside(&home, "-wal"), whole).unwrap();
    assert_eq!(home.json(&["history", "--json"])[0]["answered"], 1);
}

#[test]
fn a_link_to_a_history_is_the_same_history() {
    let (home, other) = (home_with_history(), Home::new());
    symlink(home.history(), other.history()).unwrap();
    let mut first = session(&home);
    super::answer(&mut first, 'b');
    let mut second = super::Terminal::start(&other, &[]);
    second.wait_for("Resume");
    second.press("\r");
    second.wait_for("An assessment is waiting");
    second.press("\r");
    second.wait_for(&format!("process {}", first.pid()));
}

#[test]
fn a_history_with_two_names_is_refused() {
    let home = home_with_history();
    fs::hard_link(home.history(), home.work().join("second.db")).unwrap();
    let before = bytes(&home);
    let output = home.run(&["history"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("second name"), "{}", said(&output));
    assert!(bytes(&home) == before);
}
