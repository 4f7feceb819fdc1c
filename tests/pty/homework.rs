//! Homework on the screen, killed in the middle of a line.

use super::home::{Home, head, single};
use super::terminal::{Terminal, signal};

#[test]
fn a_reason_that_was_being_written_survives_a_kill() {
    let home = Home::new();
    home.deck("mine", head("mine") + &single(1) + &single(2));
    let args = [
        "mentor",
        "assign",
        "mine",
        "--for",
        "Ada",
        "--questions",
        "2",
    ];
    let written = home.output(&[&args[..], &["-o", "week.aethos"]].concat());
    assert!(written.contains("without answers"), "{written}");
    let take = || Terminal::start(&home, &["take", "week.aethos", "--as", "Ada"]);
    let mut terminal = take();
    terminal.wait_for("The homework week for Ada: 2 questions, no time limit.");
    terminal.press("\r");
    terminal.wait_for("1/2");
    terminal.press("b3");
    terminal.wait_for("●3");
    terminal.press("ia majority dec");
    terminal.wait_for("a majority dec");
    signal(terminal.pid(), "KILL");
    terminal.end();
    let mut terminal = take();
    terminal.wait_for("●3");
    terminal.press("i");
    terminal.wait_for("a majority dec");
    terminal.press("ides\r");
    terminal.wait_for("Why? a majority decides");
    signal(terminal.pid(), "KILL");
    terminal.end();
    let mut terminal = take();
    terminal.wait_for("Why? a majority decides");
}
