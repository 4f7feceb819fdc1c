//! Every exit that the program can handle restores the terminal, and none loses an answer.

use super::home::Home;
use super::terminal::Terminal;
use super::{assert_restored, home_with, leave, question, resume};

type End = fn(&mut Terminal);

#[test]
fn every_end_restores_the_terminal_and_keeps_the_answer() {
    let home = home_with(8);
    let mut terminal = question(&home, 8);
    let ends: [(&str, End); 7] = [
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
            terminal.wait_for("Keys: Question");
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
        assert_eq!(
            taken,
            [
                "alternate screen",
                "hidden cursor",
                "mouse",
                "paste",
                "attributes"
            ]
        );
        end(&mut terminal);
        assert_restored(how, terminal);
        terminal = Terminal::start(&home, &[]);
        resume(&mut terminal);
        terminal.wait_for(&format!("{n}/8"));
        terminal.wait_for("● c");
    }
    terminal.press("N");
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
        assert!(
            left.status.success() && left.changed.is_empty(),
            "{key:?}: {:?} {:?}",
            left.status,
            left.changed
        );
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
        terminal.wait("the screen is taken again", |screen| {
            screen.alternate_screen() && screen.hide_cursor()
        });
        let key = if how == "key" { "a" } else { "c" };
        terminal.press(key);
        terminal.wait_for(&format!("● {key}"));
        assert!(
            terminal.changed().contains(&"attributes"),
            "raw mode is back after {how}"
        );
    }
    leave(&mut terminal);
    assert_restored("leaving", terminal);
}

/// The signals that terminate a program and can be caught; real-time signals by number.
const SIGNALS: [&str; 20] = [
    "TERM", "HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "XFSZ", "ABRT",
    "TRAP", "SYS", "POLL", "PWR", "STKFLT", "34", "49", "64",
];

#[test]
fn every_signal_that_ends_the_program_restores_the_terminal() {
    let home = home_with(3);
    for name in SIGNALS {
        let mut terminal = Terminal::start(&home, &[]);
        terminal.wait_for("Settings");
        // The rare signals are caught in the milliseconds after the first frame.
        std::thread::sleep(std::time::Duration::from_millis(100));
        terminal.signal(name);
        assert_restored(name, terminal);
    }
}

#[test]
fn a_fault_signal_of_another_process_restores_the_terminal_and_ends_the_program() {
    let home = home_with(3);
    for name in ["SEGV", "BUS", "FPE", "ILL"] {
        let mut terminal = question(&home, 3);
        terminal.press("b");
        terminal.wait_for("● b");
        terminal.signal(name);
        let left = terminal.end();
        assert_eq!(left.changed, Vec::<&str>::new(), "after {name}");
        let restored = left.raw.windows(8).filter(|w| *w == b"\x1b[?1049l").count();
        assert_eq!(restored, 1, "after {name}");
        assert!(left.status.signal().is_some(), "{name}: {:?}", left.status);
    }
}

/// Terminates the program with a signal, followed by SIGCONT after this many microseconds.
fn end_and_continue(home: &Home, name: &str, after: u64) {
    let mut terminal = Terminal::start(home, &[]);
    terminal.wait_for("Settings");
    let script = format!(
        "kill -{name} {0}; sleep {1}; kill -CONT {0}",
        terminal.pid(),
        after as f64 / 1e6
    );
    // If the program has already ended, there is nothing to continue.
    let _ = std::process::Command::new("bash")
        .args(["-c", &script])
        .stderr(std::process::Stdio::null())
        .status();
    assert_restored(
        &format!("SIG{name} and SIGCONT {after} microseconds later"),
        terminal,
    );
}

#[test]
fn a_signal_that_is_followed_by_sigcont_restores_the_terminal() {
    let home = home_with(3);
    for name in ["TERM", "HUP", "INT"] {
        for after in [0, 500, 1000, 2000] {
            end_and_continue(&home, name, after);
        }
    }
}

#[test]
#[ignore = "takes minutes; .ci/full runs it"]
fn two_hundred_signals_followed_by_sigcont_restore_the_terminal() {
    let home = home_with(3);
    for n in 0..200 {
        end_and_continue(&home, ["TERM", "HUP", "INT"][n % 3], n as u64 * 25);
    }
}
