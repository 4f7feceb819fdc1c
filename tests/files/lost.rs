//! The history is replaced, moved, deleted or overwritten while a session runs.

use std::fs;
use std::path::PathBuf;

use super::home::Home;
use super::{Terminal, answer, beside, finish_one, home_with_history, replace, said, session};

type Deed = fn(&Home, &PathBuf);

/// Ways in which other programs change a history. The second argument is a backup.
const DEEDS: [(&str, Deed); 8] = [
    ("replaced", |home, backup| replace(backup, &home.history())),
    ("overwritten", |home, backup| {
        assert!(fs::copy(backup, home.history()).unwrap() > 0);
    }),
    ("deleted", |home, _| {
        fs::remove_file(home.history()).unwrap();
    }),
    ("moved", |home, _| {
        fs::rename(home.history(), home.work().join("moved.db")).unwrap();
    }),
    ("without its journal", |home, _| {
        fs::remove_file(beside(home, "-wal")).unwrap();
    }),
    ("with its journal cut", |home, _| {
        fs::write(beside(home, "-wal"), "").unwrap();
    }),
    ("with its journal overwritten", |home, _| {
        let length = fs::metadata(beside(home, "-wal")).unwrap().len();
        fs::write(beside(home, "-wal"), vec![0x5a; length as usize]).unwrap();
    }),
    ("without the journal's index", |home, _| {
        fs::remove_file(beside(home, "-shm")).unwrap();
    }),
];

fn backup_of(home: &Home) -> PathBuf {
    let backup = home.work().join("backup.db");
    fs::copy(home.history(), &backup).unwrap();
    backup
}

/// Returns the history in a file outside the data folder.
fn history_in(file: &PathBuf) -> serde_json::Value {
    let other = Home::new();
    fs::copy(file, other.history()).unwrap();
    other.json(&["history", "--json"])
}

#[test]
fn a_lost_history_is_noticed_at_once_and_the_session_is_saved_beside_it() {
    for (how, deed) in DEEDS {
        let home = home_with_history();
        let backup = backup_of(&home);
        finish_one(&home);
        let mut terminal = session(&home);
        answer(&mut terminal, 'b');
        deed(&home, &backup);
        // The notice appears without a key press.
        terminal.wait_for("The history is gone");
        let there = fs::read(home.history()).ok();
        let journal = fs::read(beside(&home, "-wal")).ok();
        terminal.decide("1");
        terminal.wait_for("saved to");
        terminal.press("n");
        terminal.wait_for("2/8");
        answer(&mut terminal, 'c');
        terminal.press("q");
        terminal.wait_for("Leave the assessment?");
        terminal.press("3");
        assert!(terminal.end().status.success(), "{how}");
        assert!(
            fs::read(home.history()).ok() == there,
            "{how}: the file that is there was changed"
        );
        assert!(
            fs::read(beside(&home, "-wal")).ok() == journal,
            "{how}: the journal was changed"
        );
        let rescued = history_in(&home.data().join("history-rescued.db"));
        assert_eq!(
            (&rescued[0]["answered"], &rescued[0]["finished"]),
            (&2.into(), &false.into()),
            "{how}: {rescued}"
        );
    }
}

#[test]
fn a_session_that_ends_without_its_history_is_saved_beside_it_and_that_is_said() {
    for (how, deed) in DEEDS {
        let home = home_with_history();
        let backup = backup_of(&home);
        finish_one(&home);
        let mut terminal = session(&home);
        answer(&mut terminal, 'b');
        deed(&home, &backup);
        terminal.wait_for("The history is gone");
        terminal.decide("2");
        terminal.wait_for("1/8");
        terminal.press("n");
        terminal.wait_for("2/8");
        answer(&mut terminal, 'a');
        terminal.wait_for("NOT SAVED");
        terminal.signal("TERM");
        let left = terminal.end();
        assert_eq!(left.status.exit_code(), 1, "{how}: {}", left.screen);
        assert!(left.screen.contains("saved to"), "{how}: {}", left.screen);
        assert_eq!(
            history_in(&home.data().join("history-rescued.db"))[0]["answered"],
            2,
            "{how}"
        );
    }
}

#[test]
fn a_mentor_session_with_somebody_who_came_late_is_saved_beside_its_lost_history() {
    for (how, deed) in DEEDS {
        let home = home_with_history();
        let backup = backup_of(&home);
        finish_one(&home);
        let mut terminal = super::meeting(&home, &["Ada", "Ben"]);
        terminal.press("\r");
        terminal.wait_for("(1 of 2)");
        let refused = home.run(&["mentor", "export", &id_of_open_meeting(&home)]);
        assert!(
            super::said(&refused).contains("has not ended yet: 0 of 2 questions are answered"),
            "{}",
            super::said(&refused)
        );
        terminal.press("\t");
        terminal.wait_for("Console");
        terminal.press("+");
        terminal.wait_for("Who else takes part?");
        terminal.press("Dua\r");
        terminal.wait_for("Dua takes part now");
        deed(&home, &backup);
        terminal.wait_for("The history is gone");
        terminal.decide("1");
        terminal.wait_for("saved to");
        terminal.signal("TERM");
        terminal.end();
        let rescued = home.data().join("history-rescued.db");
        let listed = history_in(&rescued);
        assert_eq!(listed[0]["mode"], "mentor", "{how}: {listed}");
        let other = Home::new();
        fs::copy(&rescued, other.history()).unwrap();
        let people = other.output(&["mentor", "people"]);
        assert!(people.contains("Dua"), "{how}: {people}");
        let verified = super::said(&other.run(&["history", "--verify"]));
        assert!(verified.contains("is intact"), "{how}: {verified}");
    }
}

fn id_of_open_meeting(home: &Home) -> String {
    let listed = home.json(&["history", "--json"]);
    listed[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_mentor_session_in_which_nothing_was_asked_is_saved_at_the_end() {
    for answered in ["2", "1", ""] {
        let home = home_with_history();
        let mut terminal = super::meeting(&home, &["Ada"]);
        fs::remove_file(home.history()).unwrap();
        terminal.wait_for("The history is gone");
        if !answered.is_empty() {
            terminal.decide(answered);
            terminal.wait("the dialog closes", |screen| {
                !screen.contents().contains("The history is gone")
            });
        }
        terminal.signal("TERM");
        let left = terminal.end();
        let listed = history_in(&home.data().join("history-rescued.db"));
        assert_eq!(
            listed[0]["mode"], "mentor",
            "{answered}: {listed} {}",
            left.screen
        );
    }
}

#[test]
fn an_older_state_of_all_files_restored_in_place_is_noticed() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    let files = ["", "-wal", "-shm"].map(|ending| {
        (
            beside(&home, ending),
            home.work().join(format!("old{ending}")),
        )
    });
    for (file, copy) in &files {
        fs::copy(file, copy).unwrap();
    }
    answer(&mut terminal, 'c');
    answer(&mut terminal, 'a');
    for (file, copy) in &files {
        fs::copy(copy, file).unwrap();
    }
    terminal.wait_for("The history is gone");
    terminal.decide("1");
    terminal.wait_for("saved to");
    terminal.signal("TERM");
    assert_eq!(terminal.end().status.exit_code(), 143);
    assert_eq!(
        history_in(&home.data().join("history-rescued.db"))[0]["answered"],
        1
    );
}

#[test]
fn a_journal_without_its_beginning_is_refused_and_left_as_it_is() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    terminal.signal("KILL");
    terminal.end();
    let journal = beside(&home, "-wal");
    let mut bytes = fs::read(&journal).unwrap();
    bytes[..32].fill(0);
    fs::write(&journal, &bytes).unwrap();
    assert_eq!(home.run(&["history"]).status.code(), Some(1));
    assert_eq!(fs::read(&journal).unwrap(), bytes);
}

#[cfg(unix)]
#[test]
fn a_journal_that_was_left_beside_a_link_is_refused() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    terminal.signal("KILL");
    terminal.end();
    let moved = home.data().join("real.db");
    fs::rename(home.history(), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, home.history()).unwrap();
    let refused = home.run(&["history"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        super::said(&refused).contains("do not belong together"),
        "{}",
        super::said(&refused)
    );
}

#[test]
fn answers_that_a_lock_holds_up_to_the_end_are_saved_beside_the_history() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    let other = rusqlite::Connection::open(home.history()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    terminal.press("n");
    terminal.wait_for("2/8");
    answer(&mut terminal, 'a');
    terminal.wait_for("NOT SAVED");
    terminal.signal("TERM");
    let left = terminal.end();
    assert_eq!(left.status.exit_code(), 1, "{}", left.screen);
    assert!(left.screen.contains("saved to"), "{}", left.screen);
    assert_eq!(
        history_in(&home.data().join("history-rescued.db"))[0]["answered"],
        2
    );
}

#[test]
fn a_history_that_is_only_touched_stays() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    let file = fs::File::options()
        .append(true)
        .open(home.history())
        .unwrap();
    file.set_modified(std::time::SystemTime::now()).unwrap();
    drop(file);
    finish_one(&home);
    terminal.press("n");
    terminal.wait_for("2/8");
    answer(&mut terminal, 'c');
    assert!(!terminal.screen().contains("NOT SAVED"));
    terminal.signal("TERM");
    assert_eq!(terminal.end().status.exit_code(), 143);
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        3
    );
}

#[test]
fn a_write_lock_of_another_program_holds_up_no_key() {
    let home = home_with_history();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    let other = rusqlite::Connection::open(home.history()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = std::time::Instant::now();
    for letter in ['a', 'c', 'b', 'a'] {
        answer(&mut terminal, letter);
    }
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    terminal.wait_for("NOT SAVED: waiting for another program to release the history");
    other.execute_batch("ROLLBACK").unwrap();
    // The write is retried without a key press.
    terminal.wait("what waited is saved", |screen| {
        !screen.contents().contains("NOT SAVED")
    });
    terminal.signal("KILL");
    terminal.end();
    assert_eq!(home.json(&["history", "--json"])[0]["answered"], 1);
}

#[test]
fn somebody_whose_session_runs_is_not_erased() {
    let home = home_with_history();
    home.output(&["mentor", "add", "Mina"]);
    let mut terminal = Terminal::start(&home, &["mentor", "meet", "Mina", "--questions", "2"]);
    terminal.wait_for("Ready to begin");
    let refused = home.run(&["mentor", "forget", "Mina", "--erase", "--yes"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        super::said(&refused).contains(&format!("process {}", terminal.pid())),
        "{}",
        super::said(&refused)
    );
    terminal.signal("TERM");
    terminal.end();
    home.output(&["mentor", "forget", "Mina", "--erase", "--yes"]);
}

#[test]
fn forgetting_somebody_does_not_disturb_other_open_sessions() {
    for how in [&["--yes"][..], &["--erase", "--yes"]] {
        let home = home_with_history();
        home.output(&["mentor", "add", "Mina"]);
        let mut terminal = session(&home);
        answer(&mut terminal, 'b');
        home.output(&[&["mentor", "forget", "Mina"], how].concat());
        // Another process writes after that, too.
        home.output(&["mentor", "add", "Ben"]);
        terminal.press("n");
        terminal.wait_for("2/8");
        answer(&mut terminal, 'c');
        terminal.signal("TERM");
        let left = terminal.end();
        assert!(!left.screen.contains("is gone"), "{}", left.screen);
        assert_eq!(home.json(&["history", "--json"])[0]["answered"], 2);
        assert!(said(&home.run(&["history", "--verify"])).contains("is intact"));
        assert!(!home.history().with_file_name("history-rescued.db").exists());
    }
}
