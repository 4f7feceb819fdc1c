//! Time: what counts towards the limit, what happens at its end, and how rarely the idle program wakes up.

use std::thread;
use std::time::{Duration, Instant};

use super::home::{Home, head, numeric};
use super::terminal::Terminal;
use super::{ENTER, assert_restored, finish, home_with};

#[test]
fn a_stopped_process_costs_five_seconds_at_most() {
    let home = home_with(3);
    let mut terminal = Terminal::start(
        &home,
        &["assess", "mine", "--time", "10m", "--questions", "3"],
    );
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
    let gaps: Vec<u64> = report["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["length_ms"].as_u64().unwrap())
        .collect();
    assert!(gaps.iter().sum::<u64>() >= 2000, "{gaps:?}");
    // The time that a busy machine needs for the surrounding keys is not measured.
    let (spent, gap) = (
        report["spent_ms"].as_u64().unwrap(),
        gaps.iter().sum::<u64>(),
    );
    assert!(
        spent < 12_000 && spent + gap >= 7500,
        "{spent} ms charged, {gap} ms left out"
    );
}

#[test]
fn an_idle_program_sleeps() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    // The last thread may not have gone to sleep yet.
    let quiet = (0..3).any(|_| {
        thread::sleep(Duration::from_millis(300));
        let before = (terminal.switches(), terminal.raw().len());
        thread::sleep(Duration::from_secs(2));
        (terminal.switches(), terminal.raw().len()) == before
    });
    assert!(quiet, "the home screen wakes without a reason");

    let mut timed = Terminal::start(
        &home,
        &["assess", "mine", "--time", "10m", "--questions", "3"],
    );
    timed.wait_for("1/3");
    timed.wait_for("left");
    // A busy machine also interrupts the program, so one quiet measurement out of several is enough.
    let looks: Vec<(u64, usize)> = (0..4)
        .map(|_| {
            thread::sleep(Duration::from_millis(300));
            let before = (timed.switches(), timed.raw().len());
            thread::sleep(Duration::from_secs(3));
            (timed.switches() - before.0, timed.raw().len() - before.1)
        })
        .take_while(|look| !once_a_second(look))
        .collect();
    assert!(
        looks.len() < 4,
        "context switches and bytes in 3 seconds of a timed question: {looks:?}"
    );
}

/// One wake-up per second, with a few context switches for drawing and one line of output.
fn once_a_second((switches, written): &(u64, usize)) -> bool {
    (2..=9).contains(switches) && *written < 1500
}

/// Waits for the dialog that opens by itself, and until it takes keys.
fn time_is_up(terminal: &mut Terminal) {
    terminal.wait_for("Time is up. Finish, or continue untimed?");
    thread::sleep(Duration::from_millis(1100));
}

/// Starts a session with one numeric question and three seconds, with `12` half-typed when the time runs out.
fn expired(home: &Home) -> Terminal {
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(
        home,
        &["assess", "mine", "--time", "3s", "--questions", "1"],
    );
    terminal.wait_for("1/1");
    terminal.press("12");
    terminal.wait_for("[ 12");
    time_is_up(&mut terminal);
    terminal.wait_for("1 question answered");
    terminal
}

#[test]
fn what_is_half_typed_when_the_time_is_up_counts() {
    let home = Home::new();
    let mut terminal = expired(&home);
    // Nothing is marked in a dialog that opens by itself with choices that cannot be undone.
    terminal.decide(ENTER);
    terminal.wait_for("choose with an arrow key or a number first");
    terminal.decide("1");
    terminal.wait_for("Your result");
    terminal.press("q");
    assert_restored("q", terminal);
    let report = home.json(&["report", "--format", "json"]);
    assert!(
        report["expired_at_ms"]
            .as_u64()
            .is_some_and(|at| at >= 3000),
        "{report}"
    );
    assert_eq!(report["tally"]["answered"], 1);
    assert!(
        report["questions"][0].to_string().contains("12"),
        "{}",
        report["questions"][0]
    );
}

#[test]
fn typing_that_goes_on_when_the_time_is_up_decides_nothing_and_costs_nothing() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(
        &home,
        &["assess", "mine", "--time", "3s", "--questions", "1"],
    );
    terminal.wait_for("1/1");
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(4200) {
        terminal.press("1");
        thread::sleep(Duration::from_millis(150));
    }
    time_is_up(&mut terminal);
    thread::sleep(Duration::from_millis(1500));
    terminal.decide("1");
    terminal.wait_for("Your result");
    terminal.press("q");
    assert_restored("q", terminal);
    let report = home.json(&["report", "--format", "json"]);
    let spent = report["spent_ms"].as_u64().unwrap();
    assert!((3000..3300).contains(&spent), "{spent} ms");
}

#[test]
fn what_is_no_number_when_the_time_is_up_is_said_not_to_count() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(
        &home,
        &["assess", "mine", "--time", "3s", "--questions", "1"],
    );
    terminal.wait_for("1/1");
    terminal.press("1x");
    time_is_up(&mut terminal);
    terminal.wait_for("What you typed last is not a number, so it was not counted.");
    terminal.decide("1");
    terminal.wait_for("Your result");
    terminal.press("q");
    assert_restored("q", terminal);
}

#[test]
fn after_the_time_one_may_go_on_and_sees_both_results() {
    let home = Home::new();
    let mut terminal = expired(&home);
    terminal.decide("2");
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
