//! The history and other programs: files that are replaced, moved, deleted, locked, damaged or read-only.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

#[path = "files/digests.rs"]
mod digests;
#[path = "files/flips.rs"]
mod flips;
#[path = "files/lost.rs"]
mod lost;
#[path = "files/messages.rs"]
mod messages;
#[path = "files/pairs.rs"]
mod pairs;
#[path = "files/random.rs"]
mod random;
#[path = "files/reading.rs"]
mod reading;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use home::{Home, singles};
use terminal::Terminal;

/// Creates a home with the deck `mine` of eight short questions and one finished assessment.
fn home_with_history() -> Home {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 8));
    finish_one(&home);
    home
}

/// Takes a short assessment in lines.
fn finish_one(home: &Home) {
    let output = home.run_with(
        &["assess", "mine", "--plain", "--untimed", "--questions", "3"],
        "a\nb\na\nfinish\ny\n",
    );
    assert!(output.status.success(), "{}", said(&output));
}

/// Starts an untimed session of eight questions, and waits for the first one.
fn session(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &["assess", "mine", "--untimed", "--questions", "8"]);
    terminal.wait_for("1/8");
    terminal.wait_for("a-c choose");
    terminal
}

/// Starts a mentor session of two questions with these people, who may be new.
fn meeting(home: &Home, names: &[&str]) -> Terminal {
    let questions = ["--questions", "2", "--deck", "mine"];
    let args = [["mentor", "meet"].as_slice(), names, &questions].concat();
    let mut terminal = Terminal::start(home, &args);
    terminal.wait_for("Ready to begin");
    terminal
}

/// Chooses an option, and waits until the screen shows it.
fn answer(terminal: &mut Terminal, letter: char) {
    terminal.press(&letter.to_string());
    terminal.wait_for(&format!("● {letter}"));
}

/// Answers a question and kills the program, so that the journal remains.
fn killed_session(home: &Home) {
    let mut terminal = session(home);
    answer(&mut terminal, 'b');
    terminal.signal("KILL");
    terminal.end();
    assert!(
        fs::metadata(beside(home, "-wal")).unwrap().len() > 0,
        "a killed session leaves its journal"
    );
}

fn beside(home: &Home, ending: &str) -> PathBuf {
    let mut name = home.history().into_os_string();
    name.push(ending);
    name.into()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Returns the bytes of the history and its journal.
fn bytes(home: &Home) -> [Option<Vec<u8>>; 2] {
    [home.history(), beside(home, "-wal")].map(|path| fs::read(path).ok())
}

/// Replaces a file as sync tools do, by renaming another file.
fn replace(from: &Path, to: &Path) {
    let fresh = to.with_extension("fresh");
    fs::copy(from, &fresh).unwrap();
    fs::rename(fresh, to).unwrap();
}
