//! Commands that only read create no file, and errors go to stderr.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::home::Home;
use super::{answer, beside, home_with_history, killed_session, replace, said, session};

/// Commands that only show what is stored.
const READING: [&[&str]; 9] = [
    &["history"],
    &["history", "--json"],
    &["history", "--calibration"],
    &["history", "--verify"],
    &["report"],
    &["decks"],
    &["decks", "--disputed"],
    &["practice", "--progress"],
    &["mentor", "people"],
];

fn files_in(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.data()).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn commands_that_only_read_create_no_file() {
    let home = Home::new();
    for args in READING {
        let output = home.run(args);
        assert!(!said(&output).is_empty(), "{args:?}");
        assert_eq!(files_in(&home), Vec::<PathBuf>::new(), "{args:?}");
    }
    let output = home.run(&["history", "--verify"]);
    assert!(
        said(&output).contains("There is no history yet") && !said(&output).contains("whole"),
        "{}",
        said(&output)
    );
    // Nor a folder.
    let absent = Home::with_data(home.data().join("absent"));
    for args in READING {
        absent.run(args);
        assert!(!absent.data().exists(), "{args:?}");
    }
}

#[test]
fn a_folder_that_cannot_be_read_is_not_an_absent_history() {
    let home = Home::new();
    let file = home.work().join("file");
    fs::write(&file, "mine").unwrap();
    let home = Home::with_data(&file);
    for args in [&["history"][..], &["history", "--verify"], &["report"]] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(
            said(&output).contains("history.db cannot be read"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn the_progress_of_an_unknown_name_adds_nobody() {
    let home = home_with_history();
    let output = home.run(&["practice", "--progress", "--person", "Mima"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(!home.output(&["mentor", "people"]).contains("Mima"));
}

#[test]
fn errors_go_to_stderr() {
    let home = Home::new();
    home.output(&["new", "mine.toml"]);
    for args in [
        &["new", "mine.toml"][..],
        &["new", "My Deck.toml"],
        &["new", "absent/mine.toml"],
        &["check", "--explain", "X99"],
        &["check", "absent.toml"],
        &["report"],
        &["report", "--person", "Mina"],
        &["history", "--restore", "x"],
        &["mentor", "rename", "Mina", "Ben"],
        &["assess", "absent", "--plain"],
        &["practice", "absent", "--plain"],
        &["practice", "--only", "absent"],
    ] {
        let output = home.run(args);
        assert!(!output.status.success(), "{args:?}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        // `check` shows what it found on stdout.
        assert!(
            stdout.is_empty() || args == ["check", "absent.toml"],
            "{args:?}: {stdout}"
        );
        assert!(!output.stderr.is_empty() || args[0] == "check", "{args:?}");
    }
}

#[test]
fn a_lock_that_a_killed_process_left_is_removed_at_the_next_start_and_a_held_one_is_not() {
    let home = home_with_history();
    killed_session(&home);
    let locks = |home: &Home| {
        let is_lock = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "lock");
        files_in(home).into_iter().filter(is_lock).count()
    };
    assert_eq!(locks(&home), 1, "{:?}", files_in(&home));
    home.output(&["history"]);
    assert_eq!(locks(&home), 0);
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    assert_eq!(locks(&home), 1);
    home.output(&["history"]);
    assert_eq!(locks(&home), 1, "the session still runs");
    terminal.signal("TERM");
    terminal.end();
}

#[test]
fn a_rescued_history_is_mentioned_and_the_instructions_bring_it_back() {
    let home = home_with_history();
    assert!(!said(&home.run(&["history"])).contains("rescued"));
    let backup = home.work().join("backup.db");
    fs::copy(home.history(), &backup).unwrap();
    let mut terminal = session(&home);
    answer(&mut terminal, 'b');
    replace(&backup, &home.history());
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(beside(&home, ending));
    }
    terminal.wait_for("The history is gone");
    terminal.decide("1");
    terminal.wait_for("saved to");
    terminal.signal("TERM");
    terminal.end();
    let output = home.run(&["history", "--json"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("history-rescued.db")
            && told.contains("rename history-rescued.db to history.db"),
        "{told}"
    );
    let mut terminal = super::Terminal::start(&home, &[]);
    terminal.wait_for("history-rescued.db");
    terminal.press("q");
    terminal.end();
    fs::rename(home.history(), home.work().join("away.db")).unwrap();
    let _ = fs::remove_file(beside(&home, "-wal"));
    fs::rename(home.data().join("history-rescued.db"), home.history()).unwrap();
    let history = home.json(&["history", "--json"]);
    assert_eq!(history[0]["answered"], 1, "{history}");
    assert!(!said(&home.run(&["history"])).contains("rescued"));
}

/// Truncates or overwrites a file that stays open, so that closing it tells nobody.
fn spoil(home: &Home, how: &str) -> fs::File {
    use std::os::unix::fs::FileExt;
    let file = fs::File::options()
        .write(true)
        .open(home.history())
        .unwrap();
    match how {
        "truncated" => file.set_len(0).unwrap(),
        "shortened" => file.set_len(8192).unwrap(),
        _ => file.write_all_at(&[0x5a; 100_000], 0).unwrap(),
    }
    file
}

#[test]
fn a_history_that_is_changed_in_place_is_noticed_within_a_second_although_nobody_types() {
    for how in ["truncated", "shortened", "overwritten"] {
        let home = home_with_history();
        let mut terminal = session(&home);
        answer(&mut terminal, 'b');
        std::thread::sleep(Duration::from_millis(300));
        let changed = Instant::now();
        let file = spoil(&home, how);
        terminal.wait_for("The history is gone");
        println!("{how}: noticed after {:?}", changed.elapsed());
        assert!(changed.elapsed() < Duration::from_secs(3), "{how}");
        drop(file);
        terminal.signal("TERM");
        terminal.end();
    }
}
