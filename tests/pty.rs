//! The program in a terminal, with keys, signals and accidents.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

#[path = "pty/adaptive.rs"]
mod adaptive;
#[path = "pty/deepen.rs"]
mod deepen;
#[path = "pty/ends.rs"]
mod ends;
#[path = "pty/homework.rs"]
mod homework;
#[path = "pty/input.rs"]
mod input;
#[path = "pty/join.rs"]
mod join;
#[path = "pty/kill.rs"]
mod kill;
#[path = "pty/looks.rs"]
mod looks;
#[path = "pty/mentor.rs"]
mod mentor;
#[path = "pty/numbers.rs"]
mod numbers;
#[path = "pty/past.rs"]
mod past;
#[path = "pty/people.rs"]
mod people;
#[path = "pty/practice.rs"]
mod practice;
#[path = "pty/ssh.rs"]
mod ssh;
#[path = "pty/time.rs"]
mod time;

use std::fs;

use home::{Home, head, single, singles};
use terminal::Terminal;

const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const DOWN: &str = "\x1b[B";
const END: &str = "\x1b[F";

/// Creates a home with the deck `mine` of `n` short questions.
fn home_with(n: usize) -> Home {
    let home = Home::new();
    home.deck("mine", singles("mine", n));
    home
}

/// Starts an untimed session of `n` questions of the deck `mine`, and waits for the first one.
fn question(home: &Home, n: usize) -> Terminal {
    let mut terminal = Terminal::start(
        home,
        &["assess", "mine", "--untimed", "--questions", &n.to_string()],
    );
    terminal.wait_for(&format!("1/{n}"));
    terminal.wait_for("a-c choose");
    terminal
}

/// Resumes the open session from the home screen.
fn resume(terminal: &mut Terminal) {
    terminal.wait_for("Resume");
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.press(ENTER);
    terminal.wait_for("? keys");
}

/// Ends the session from a question, and waits for the result.
fn finish(terminal: &mut Terminal) {
    terminal.press("g");
    terminal.wait_for("Overview");
    terminal.press("F");
    terminal.wait_for("Finish the assessment?");
    terminal.decide("2");
    terminal.wait_for("Your result");
}

/// Leaves a question with Ctrl+C, which also works in a field.
fn leave(terminal: &mut Terminal) {
    terminal.press("\x03");
    terminal.wait_for("Leave the assessment?");
    terminal.press("3");
}

/// Waits for the end of the program, and asserts that it restored the terminal exactly once.
fn assert_restored(how: &str, terminal: Terminal) {
    let left = terminal.end();
    assert_eq!(
        left.changed,
        Vec::<&str>::new(),
        "after {how}: {:?}",
        left.status
    );
    if how == "SIGTERM" {
        assert_eq!(left.status.exit_code(), 143, "{}", left.screen);
    }
    let count = |sequence: &[u8]| {
        left.raw
            .windows(sequence.len())
            .filter(|w| *w == sequence)
            .count()
    };
    // A stopped process enters the alternate screen again without having left it.
    assert!(
        count(b"\x1b[?1049l") <= count(b"\x1b[?1049h"),
        "after {how}: restored twice"
    );
}

#[test]
fn two_keys_on_the_home_screen_start_an_assessment() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("aethos asks you about");
    terminal.press(ENTER);
    terminal.wait_for("Start the clock");
    terminal.decide(ENTER);
    terminal.wait_for("1/40");
    leave(&mut terminal);
    let left = terminal.end();
    assert!(
        left.status.success() && left.changed.is_empty(),
        "{:?} {:?}",
        left.status,
        left.changed
    );
}

#[test]
fn what_was_left_is_resumed_as_it_was() {
    let home = home_with(4);
    let mut terminal = question(&home, 4);
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.press("3");
    terminal.wait_for("●3");
    terminal.press("f");
    terminal.wait_for("⚑");
    terminal.press(DOWN);
    terminal.wait_for("▸ ○ c");
    terminal.press("x");
    let struck = |screen: &vt100::Screen| {
        let bytes = screen.contents_formatted();
        bytes.contains("\x1b[9m") || bytes.contains(";9m") || bytes.contains("9;")
    };
    terminal.wait("c is struck out", struck);
    leave(&mut terminal);
    assert_restored("leaving", terminal);

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("1 of 4 answered");
    resume(&mut terminal);
    for shown in ["1/4", "● b", "●3", "⚑"] {
        terminal.wait_for(shown);
    }
    terminal.wait("c is struck out", struck);
}

#[test]
fn a_whole_session_ends_in_a_result_and_a_report() {
    let home = home_with(5);
    let mut terminal = question(&home, 5);
    for n in 1..=5 {
        terminal.wait_for(&format!("{n}/5"));
        terminal.press("a");
        terminal.wait_for("● a");
        terminal.press("4");
        terminal.wait_for("●4");
        terminal.press("n");
    }
    terminal.wait_for("Overview");
    terminal.wait_for("5 answered");
    terminal.press("F");
    terminal.wait_for("5 of 5 questions answered.");
    terminal.decide("2");
    terminal.wait_for("Your result");
    terminal.press("E");
    terminal.wait_for("Export the report");
    terminal.press(ENTER);
    terminal.wait_for("written to /");
    terminal.press("q");
    assert_restored("q in the result", terminal);

    let written: Vec<_> = fs::read_dir(home.work())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(written.len(), 1, "{written:?}");
    let report = fs::read_to_string(&written[0]).unwrap();
    assert!(
        report.contains("linearizable") && report.contains("unsupervised"),
        "{report}"
    );
    let json = home.json(&["report", "--format", "json"]);
    assert_eq!(json["tally"]["answered"], 5);
    assert_eq!(home.json(&["history", "--json"])[0]["finished"], true);
}

#[test]
fn a_second_process_is_refused_and_told_of_the_first() {
    let home = home_with(3);
    let mut first = question(&home, 3);
    first.press("a");
    first.wait_for("● a");
    let mut second = Terminal::start(&home, &[]);
    second.wait_for("Resume");
    second.press(ENTER);
    second.wait_for("An assessment is waiting");
    second.press(ENTER);
    second.wait_for(&format!("process {}", first.pid()));
    second.press("q");
    assert_restored("being refused", second);
    first.press("b");
    first.wait_for("● b");
    first.signal("TERM");
    assert_restored("SIGTERM", first);
    let mut third = Terminal::start(&home, &[]);
    resume(&mut third);
    third.wait_for("● b");
}

#[test]
fn a_broken_deck_is_named_and_stops_no_other() {
    let home = home_with(3);
    home.deck(
        "broken",
        head("broken") + "[[question]]\nid = \"never closed\n\n" + &single(2),
    );
    let line = 8 + single(1)
        .lines()
        .position(|line| line.contains("correct = true"))
        .unwrap();
    home.deck(
        "mistaken",
        head("mistaken") + &single(1).replace("correct = true\n", "corect = true\n"),
    );
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("decks/broken.toml");
    terminal.wait_for("13 decks");
    terminal.press(&"\x1b[B".repeat(4));
    terminal.wait_for("▸ Decks");
    terminal.press(ENTER);
    terminal.wait_for("Deck mine");
    terminal.press(END);
    terminal.wait_for("decks/broken.toml:9:6");
    terminal.wait_for(&format!("decks/mistaken.toml:{line}:3"));
    terminal.wait_for("corect");
    terminal.press(ESCAPE);
    terminal.wait_for("Settings");
    drop(terminal);
    question(&home, 3);
}
