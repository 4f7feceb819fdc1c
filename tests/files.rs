//! The history and other programs: files that are replaced, moved, deleted, locked, damaged or read-only.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

#[path = "files/digests.rs"]
mod digests;
#[path = "files/lost.rs"]
mod lost;
#[path = "files/messages.rs"]
mod messages;
#[path = "files/pairs.rs"]
mod pairs;
#[path = "files/random.rs"]
mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use home::{Home, singles};
use terminal::Terminal;

/// A home with the deck `mine` of eight short questions, and one finished assessment of it.
fn home_with_history() -> Home {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 8));
    finish_one(&home);
    home
}

/// Takes a short assessment in lines.
fn finish_one(home: &Home) {
    let output = home.run_with(&["assess", "mine", "--plain", "--untimed", "--questions", "3"], "a\nb\na\nfinish\ny\n");
    assert!(output.status.success(), "{}", said(&output));
}

/// An untimed session of eight questions, its first question on the screen.
fn session(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &["assess", "mine", "--untimed", "--questions", "8"]);
    terminal.wait_for("1/8");
    terminal.wait_for("a-c choose");
    terminal
}

/// Chooses an option, and waits until that is on the screen.
fn answer(terminal: &mut Terminal, letter: char) {
    terminal.press(&letter.to_string());
    terminal.wait_for(&format!("● {letter}"));
}

/// Answers a question and is killed: the journal stays.
fn killed_session(home: &Home) {
    let mut terminal = session(home);
    answer(&mut terminal, 'b');
    terminal.signal("KILL");
    terminal.end();
    assert!(fs::metadata(beside(home, "-wal")).unwrap().len() > 0, "a killed session leaves its journal");
}

fn beside(home: &Home, ending: &str) -> PathBuf {
    let mut name = home.history().into_os_string();
    name.push(ending);
    name.into()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// The history and its journal, byte for byte.
fn bytes(home: &Home) -> [Option<Vec<u8>>; 2] {
    [home.history(), beside(home, "-wal")].map(|path| fs::read(path).ok())
}

/// Replaces a file as sync tools do: under its name there is another file.
fn replace(from: &Path, to: &Path) {
    let fresh = to.with_extension("fresh");
    fs::copy(from, &fresh).unwrap();
    fs::rename(fresh, to).unwrap();
}
