//! The program as people meet it: in a terminal, with keys, signals and accidents.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

#[path = "pty/kill.rs"]
mod kill;

use std::time::Duration;
use std::{fs, thread};

use home::{Home, head, numeric, single, singles};
use terminal::Terminal;

const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const DOWN: &str = "\x1b[B";
const END: &str = "\x1b[F";

/// A home with the deck `mine` of `n` short questions.
fn home_with(n: usize) -> Home {
    let home = Home::new();
    home.deck("mine", singles("mine", n));
    home
}

/// An untimed session of `n` questions of the deck `mine`, its first question on the screen.
fn question(home: &Home, n: usize) -> Terminal {
    let mut terminal = Terminal::start(home, &["assess", "mine", "--untimed", "--questions", &n.to_string()]);
    terminal.wait_for(&format!("1/{n}"));
    terminal.wait_for("a-c choose");
    terminal
}

/// From the home screen into the session that waits there.
fn resume(terminal: &mut Terminal) {
    terminal.wait_for("Resume");
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.press(ENTER);
    terminal.wait_for("? keys");
}

/// Ends the session from a question and waits for the result.
fn finish(terminal: &mut Terminal) {
    terminal.press("g");
    terminal.wait_for("Overview");
    terminal.press("e");
    terminal.wait_for("Finish the assessment?");
    terminal.press("2");
    terminal.wait_for("Your result");
}

/// Leaves a question; Ctrl+C does so in a field as well.
fn leave(terminal: &mut Terminal) {
    terminal.press("\x03");
    terminal.wait_for("Leave the assessment?");
    terminal.press("3");
}

fn assert_restored(how: &str, terminal: Terminal) {
    let left = terminal.end();
    assert_eq!(left.changed, Vec::<&str>::new(), "after {how}: {:?}", left.status);
}

#[test]
fn one_key_on_the_home_screen_starts_an_assessment() {
    let home = Home::new();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Press Enter to begin");
    terminal.press(ENTER);
    terminal.wait_for("1/40");
    leave(&mut terminal);
    let left = terminal.end();
    assert!(left.status.success() && left.changed.is_empty(), "{:?} {:?}", left.status, left.changed);
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
    terminal.press("e");
    terminal.wait_for("5 of 5 questions answered.");
    terminal.press("2");
    terminal.wait_for("Your result");
    terminal.press("e");
    terminal.wait_for("written to aethos-");
    terminal.press("q");
    assert_restored("q in the result", terminal);

    let written: Vec<_> = fs::read_dir(home.work()).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(written.len(), 1, "{written:?}");
    let report = fs::read_to_string(&written[0]).unwrap();
    assert!(report.contains("linearizable") && report.contains("unsupervised"), "{report}");
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
fn every_end_restores_the_terminal_and_keeps_the_answer() {
    let home = home_with(8);
    let mut terminal = question(&home, 8);
    let ends: [(&str, fn(&mut Terminal)); 7] = [
        ("SIGTERM", |terminal| terminal.signal("TERM")),
        ("SIGHUP", |terminal| terminal.signal("HUP")),
        ("SIGINT", |terminal| terminal.signal("INT")),
        ("SIGQUIT", |terminal| terminal.signal("QUIT")),
        ("q, q", |terminal| {
            terminal.press("q");
            terminal.wait_for("Leave the assessment?");
            terminal.press("q");
        }),
        ("Ctrl+C, Ctrl+C", |terminal| {
            terminal.press("\x03");
            terminal.wait_for("Leave the assessment?");
            terminal.press("\x03");
        }),
        ("SIGTERM over help", |terminal| {
            terminal.press("?");
            terminal.wait_for("all keys of this screen");
            terminal.signal("TERM");
        }),
    ];
    for (n, (how, end)) in (2..).zip(ends) {
        terminal.press("b");
        terminal.wait_for("● b");
        terminal.press("n");
        terminal.wait_for(&format!("{n}/8"));
        terminal.press("c");
        terminal.wait_for("● c");
        let taken = terminal.changed();
        assert_eq!(taken, ["alternate screen", "hidden cursor", "mouse", "paste", "attributes"]);
        end(&mut terminal);
        assert_restored(how, terminal);
        terminal = Terminal::start(&home, &[]);
        resume(&mut terminal);
        terminal.wait_for(&format!("{n}/8"));
        terminal.wait_for("● c");
    }
    terminal.press("p");
    terminal.wait_for("7/8");
    terminal.wait_for("● b");
}

#[test]
fn home_is_left_at_once() {
    let home = Home::new();
    for key in ["q", "\x03"] {
        let mut terminal = Terminal::start(&home, &[]);
        terminal.wait_for("Settings");
        terminal.press(key);
        let left = terminal.end();
        assert!(left.status.success() && left.changed.is_empty(), "{key:?}: {:?} {:?}", left.status, left.changed);
    }
}

#[test]
fn a_closed_window_ends_the_program_and_loses_nothing() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.close("3");
    let mut again = Terminal::start(&home, &[]);
    again.wait_for("1 of 3 answered");
}

#[test]
fn a_suspended_program_gives_the_terminal_back_and_takes_it_again() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    for how in ["key", "signal"] {
        match how {
            "key" => terminal.press("\x1a"),
            _ => terminal.signal("TSTP"),
        }
        terminal.wait_stopped();
        terminal.wait_restored();
        terminal.signal("CONT");
        terminal.wait_for("1/3");
        terminal.wait("the screen is taken again", |screen| screen.alternate_screen() && screen.hide_cursor());
        let key = if how == "key" { "a" } else { "c" };
        terminal.press(key);
        terminal.wait_for(&format!("● {key}"));
        assert!(terminal.changed().contains(&"attributes"), "raw mode is back after {how}");
    }
    leave(&mut terminal);
    assert_restored("leaving", terminal);
}

#[test]
fn a_stopped_process_costs_five_seconds_at_most() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--time", "10m", "--questions", "3"]);
    terminal.wait_for("1/3");
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.signal("STOP");
    terminal.wait_stopped();
    thread::sleep(Duration::from_millis(7500));
    terminal.signal("CONT");
    terminal.press("b");
    terminal.wait_for("● b");
    finish(&mut terminal);
    terminal.press("q");
    assert_restored("q", terminal);
    let report = home.json(&["report", "--format", "json"]);
    let gaps: Vec<u64> = report["gaps"].as_array().unwrap().iter().map(|g| g["length_ms"].as_u64().unwrap()).collect();
    assert!(gaps.iter().sum::<u64>() >= 2000, "{gaps:?}");
    // What a busy machine takes for the keys around it is not what is measured here.
    let (spent, gap) = (report["spent_ms"].as_u64().unwrap(), gaps.iter().sum::<u64>());
    assert!(spent < 12_000 && spent + gap >= 7500, "{spent} ms charged, {gap} ms left out");
}

#[test]
fn the_footer_names_no_key_that_a_field_takes() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("leave the field");
    terminal.press("?");
    terminal.wait_for("[ ?");
    assert!(!terminal.screen().contains("? keys"), "{}", terminal.screen());
    terminal.press("\t");
    terminal.wait_for("? keys");
}

#[test]
fn any_size_of_the_window_will_do() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.resize(40, 12);
    terminal.wait("the small screen", |screen| {
        let text = screen.contents();
        text.lines().count() <= 12 && text.contains("1/3") && text.contains("? keys")
    });
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.resize(1, 1);
    terminal.wait("the smallest screen", |screen| screen.contents().trim() == "t");
    terminal.press("c");
    terminal.resize(100, 30);
    terminal.wait_for("Number");
    terminal.wait_for("● c");
    terminal.press("n");
    terminal.wait_for("2/3");
}

#[test]
fn no_color_means_no_colour() {
    let home = home_with(3);
    let environment = [("NO_COLOR", "1")];
    let mut terminal = Terminal::start_with(&home, &[], &environment);
    terminal.wait_for("Settings");
    terminal.press("q");
    assert_eq!(colours(&terminal.end().raw), Vec::<String>::new());
    let args = ["assess", "mine", "--untimed", "--questions", "3"];
    let mut terminal = Terminal::start_with(&home, &args, &environment);
    terminal.wait_for("1/3");
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.press("?");
    terminal.wait_for("all keys of this screen");
    terminal.press(ESCAPE);
    terminal.signal("TERM");
    let left = terminal.end();
    assert_eq!(colours(&left.raw), Vec::<String>::new());
    assert!(left.raw.windows(4).any(|w| w == b"\x1b[1m" || w == b"\x1b[7m"), "bold and reverse stay");

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    assert!(!colours(&terminal.raw()).is_empty(), "without NO_COLOR there are colours");
}

/// The colours that are set in the output; 39 and 49 take them back.
fn colours(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    let is_colour = |sequence: &String| {
        sequence.split(';').any(|n| matches!(n.parse(), Ok(30..=38 | 40..=48 | 90..=97 | 100..=107u8)))
    };
    sequences.filter(is_colour).collect()
}

#[test]
fn an_idle_program_sleeps() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    // The last thread may still be on its way to its first sleep.
    let quiet = (0..3).any(|_| {
        thread::sleep(Duration::from_millis(300));
        let before = (terminal.switches(), terminal.raw().len());
        thread::sleep(Duration::from_secs(2));
        (terminal.switches(), terminal.raw().len()) == before
    });
    assert!(quiet, "the home screen wakes without a reason");

    let mut timed = Terminal::start(&home, &["assess", "mine", "--time", "10m", "--questions", "3"]);
    timed.wait_for("1/3");
    timed.wait_for("left");
    thread::sleep(Duration::from_millis(300));
    let (switches, written) = (timed.switches(), timed.raw().len());
    thread::sleep(Duration::from_secs(4));
    let (switches, written) = (timed.switches() - switches, timed.raw().len() - written);
    assert!((3..=10).contains(&switches), "{switches} context switches in 4 seconds of a timed question");
    assert!(written < 2000, "{written} bytes for 4 seconds of a clock");
}

/// A session of one numeric question and two seconds, with `12` half-typed when the time runs out.
fn expired(home: &Home) -> Terminal {
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(home, &["assess", "mine", "--time", "2s", "--questions", "1"]);
    terminal.wait_for("1/1");
    terminal.press("12");
    terminal.wait_for("[ 12");
    terminal.wait_for("Time is up. Finish, or go on untimed?");
    terminal.wait_for("1 question answered");
    terminal
}

#[test]
fn what_is_half_typed_when_the_time_is_up_counts() {
    let home = Home::new();
    let mut terminal = expired(&home);
    terminal.press(ENTER);
    terminal.wait_for("Your result");
    terminal.press("q");
    assert_restored("q", terminal);
    let report = home.json(&["report", "--format", "json"]);
    assert_eq!(report["expired_at_ms"].as_u64().map(|at| at / 500), Some(4), "{report}");
    assert_eq!(report["tally"]["answered"], 1);
    assert!(report["questions"][0].to_string().contains("12"), "{}", report["questions"][0]);
}

#[test]
fn after_the_time_one_may_go_on_and_sees_both_results() {
    let home = Home::new();
    let mut terminal = expired(&home);
    terminal.press("2");
    terminal.wait_for("untimed");
    terminal.wait_for("[ 12");
    terminal.press("3");
    terminal.wait_for("[ 123");
    terminal.press("\t");
    finish(&mut terminal);
    terminal.press("q");
    assert_restored("q", terminal);
    let report = home.json(&["report", "--format", "json"]);
    assert!(report["within_limit"].is_object(), "{report}");
    assert!(report["questions"][0].to_string().contains("123"));
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_gets_lines() {
    let home = home_with(2);
    let args = ["assess", "mine", "--untimed", "--questions", "2"];
    let mut terminal = Terminal::start_with(&home, &args, &[("TERM", "dumb")]);
    terminal.wait_for("Question 1 of 2");
    terminal.wait_for("q leave>");
    terminal.press("a\n");
    terminal.wait_for("how sure?");
    terminal.press("q\n");
    let left = terminal.end();
    assert!(left.status.success() && left.screen.contains("Nothing is lost"), "{}", left.screen);
    assert!(!left.raw.contains(&0x1b), "{}", left.screen);
    let left = Terminal::start_with(&home, &[], &[("TERM", "dumb")]).end();
    assert_eq!(left.status.exit_code(), 2);
    assert!(left.screen.contains("assess --plain"), "{}", left.screen);
}

#[test]
fn mistakes_are_coloured_for_those_who_want_it() {
    let home = Home::new();
    home.deck("broken", head("broken") + "[[question]]\nid = \"never closed\n");
    let coloured = |environment| !colours(&Terminal::start_with(&home, &["check"], environment).end().raw).is_empty();
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn a_broken_deck_is_named_and_stops_no_other() {
    let home = home_with(3);
    home.deck("broken", head("broken") + "[[question]]\nid = \"never closed\n\n" + &single(2));
    let line = 8 + single(1).lines().position(|line| line.contains("correct = true")).unwrap();
    home.deck("mistaken", head("mistaken") + &single(1).replace("correct = true\n", "corect = true\n"));
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("decks/broken.toml");
    terminal.wait_for("13 decks");
    terminal.press("\x1b[B\x1b[B");
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
