//! Backup while aethos runs, and its restoration on another machine.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

use std::fs;
use std::process::Output;

use home::{Home, singles};
use terminal::Terminal;

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

/// Runs a command that must succeed, and returns what it says.
fn run(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

/// Runs a command that must fail, and returns what it says.
fn refused(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    assert!(!output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn home_with_deck() -> Home {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 8));
    home
}

/// Starts a session and answers its first question with `b`.
fn session(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &["assess", "mine", "--untimed", "--questions", "8"]);
    terminal.wait_for("1/8");
    terminal.wait_for("a-c choose");
    terminal.press("b");
    terminal.wait_for("● b");
    terminal
}

fn finish_one(home: &Home) {
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "3"];
    let output = home.run_with(&args, "a\nb\na\nfinish\ny\n");
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_session_in_a_backup_is_resumed_on_an_empty_machine() {
    let home = home_with_deck();
    finish_one(&home);
    let mut terminal = session(&home);
    let file = home.work().join("all.backup");
    let path = file.to_str().unwrap();
    let words = run(&home, &["backup", path]);
    assert!(
        words.contains("2 sessions (1 unfinished), the settings and 1 file of decks"),
        "{words}"
    );
    // The session goes on as if nothing had happened, and is then killed.
    terminal.press("c");
    terminal.wait_for("● c");
    terminal.signal("KILL");
    terminal.end();

    let other = Home::new();
    let words = run(&other, &["restore", path]);
    assert!(words.contains("holds 2 sessions (1 unfinished)"), "{words}");
    assert!(fs::read_dir(other.data()).unwrap().all(|entry| {
        let name = entry.unwrap().file_name();
        !name.to_string_lossy().contains("restor")
    }));
    assert!(
        run(&other, &["history", "--verify"]).contains("fine")
            || run(&other, &["history"]).contains("not finished")
    );
    // It has the answer from before the backup, and not the one after it.
    let mut resumed = Terminal::start(&other, &["history", "resume", "20"]);
    resumed.wait_for("1/8");
    resumed.wait_for("● b");
    resumed.signal("KILL");
    resumed.end();
    let config = fs::read_to_string(other.data().join("config.toml")).unwrap();
    assert_eq!(config, "confidence = false\n");
}

#[test]
fn the_present_data_is_kept_aside_and_never_blended() {
    let home = home_with_deck();
    finish_one(&home);
    let file = home.work().join("one.backup");
    let path = file.to_str().unwrap();
    run(&home, &["backup", path]);
    finish_one(&home);
    home.deck("later", singles("later", 4));
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        2
    );

    let words = refused(&home, &["restore", path]);
    assert!(words.contains("add --yes to confirm"), "{words}");
    let words = run(&home, &["restore", path, "--dry-run"]);
    let (_, date) = words.split_once("The backup of ").unwrap();
    assert!(!date.starts_with("20"), "a date as elsewhere, {words}");
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        2
    );

    let words = run(&home, &["restore", path, "--yes"]);
    assert!(words.contains("The former data is in "), "{words}");
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        1
    );
    assert!(!home.data().join("decks/later.toml").exists());
    let aside = fs::read_dir(home.data())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let aside: Vec<_> = aside
        .filter(|path| path.to_str().unwrap().contains("before-restore-"))
        .collect();
    let former = Home::with_data(&aside[0]);
    assert_eq!(
        former
            .json(&["history", "--json"])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(aside[0].join("decks/later.toml").exists());
}

#[test]
fn a_running_session_is_not_pulled_away() {
    let home = home_with_deck();
    finish_one(&home);
    let file = home.work().join("one.backup");
    let path = file.to_str().unwrap();
    run(&home, &["backup", path]);
    let terminal = session(&home);
    let words = refused(&home, &["restore", path, "--yes"]);
    assert!(words.contains("is open in process"), "{words}");
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        2
    );
    terminal.signal("KILL");
    terminal.end();
    // Another aethos that shows its home screen has the history open, too.
    let mut idle = Terminal::start(&home, &[]);
    idle.wait_for("Assess");
    let words = refused(&home, &["restore", path, "--yes"]);
    assert!(words.contains("is open in another aethos"), "{words}");
    idle.signal("KILL");
    idle.end();
    run(&home, &["restore", path, "--yes"]);
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        1
    );
}

#[test]
fn a_damaged_backup_changes_nothing() {
    let home = home_with_deck();
    finish_one(&home);
    let file = home.work().join("one.backup");
    let path = file.to_str().unwrap();
    run(&home, &["backup", path]);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let words = refused(&home, &["restore", path, "--yes"]);
    assert!(
        words.contains("is damaged") && words.contains("nothing was changed"),
        "{words}"
    );
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        1
    );
    let whole = fs::read(path).unwrap();
    fs::write(path, &whole[..whole.len() / 2]).unwrap();
    let words = refused(&home, &["restore", path, "--yes"]);
    assert!(
        words.contains("is incomplete") && !words.contains("disk"),
        "{words}"
    );
    fs::write(path, whole).unwrap();
    let words = refused(
        &home,
        &["restore", home.history().to_str().unwrap(), "--yes"],
    );
    assert!(words.contains("is not a backup of aethos"), "{words}");
    let words = refused(&home, &["backup", path]);
    assert!(words.contains("already exists: add --force"), "{words}");
    run(&home, &["backup", path, "--force"]);
    run(&home, &["restore", path, "--dry-run"]);
}

#[test]
fn a_damaged_history_can_be_replaced() {
    let home = home_with_deck();
    finish_one(&home);
    let file = home.work().join("one.backup");
    let path = file.to_str().unwrap();
    run(&home, &["backup", path]);
    fs::write(
        home.history(),
        "this is no database, but was the history before the disk failed".repeat(9),
    )
    .unwrap();
    refused(&home, &["history"]);
    run(&home, &["restore", path, "--yes"]);
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        1
    );
    // An empty folder has nothing to back up.
    let words = refused(&Home::new(), &["backup", "x.backup"]);
    assert!(words.contains("nothing to back up"), "{words}");
}
