//! Sessions that were left or discarded: what home offers, and what the history brings back.

use super::home::{Home, head, numeric};
use super::terminal::Terminal;
use super::{DOWN, ENTER, ESCAPE, home_with, leave, question};

/// Answers one question of an assessment in lines, and leaves it.
fn left_open(home: &Home) {
    let output = home.run_with(
        &["assess", "mine", "--plain", "--untimed", "--questions", "3"],
        "a\n\nq\n",
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("you can resume"),
        "{output:?}"
    );
}

fn resumes(screen: &str) -> usize {
    screen.matches("Resume ").count()
}

#[test]
fn every_waiting_session_is_offered_and_the_rest_is_in_the_history() {
    let home = home_with(3);
    (0..3).for_each(|_| left_open(&home));
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    assert_eq!(resumes(&terminal.screen()), 3, "{}", terminal.screen());
    terminal.press("q");
    terminal.end();

    (0..4).for_each(|_| left_open(&home));
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("and 2 more in the history");
    assert_eq!(resumes(&terminal.screen()), 5, "{}", terminal.screen());
    terminal.press(&DOWN.repeat(10));
    terminal.wait_for("▸ History");
    terminal.press(ENTER);
    terminal.wait_for("not finished");
    terminal.press(&DOWN.repeat(6));
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.press(ENTER);
    terminal.wait_for("2/3");
}

#[test]
fn an_assessment_left_before_the_first_answer_does_not_wait() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("q");
    terminal.wait_for("there is nothing to resume");
    terminal.press("2");
    terminal.wait_for("Settings");
    assert_eq!(resumes(&terminal.screen()), 0, "{}", terminal.screen());
    terminal.press("q");
    terminal.end();
    // One that was killed was not left, and is as empty.
    let terminal = question(&home, 3);
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    assert_eq!(resumes(&terminal.screen()), 0, "{}", terminal.screen());
    terminal.press("q");
    terminal.end();
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        0
    );
}

/// Discards the session that waits on the home screen, and leaves aethos.
fn discard(home: &Home) {
    let mut terminal = Terminal::start(home, &[]);
    terminal.wait_for("Resume");
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.decide("3");
    terminal.wait("nothing waits any more", |screen| {
        !screen.contents().contains("Resume")
    });
    terminal.press("q");
    terminal.end();
}

#[test]
fn a_discarded_session_comes_back_with_what_was_being_typed() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("1/1");
    terminal.press("12");
    terminal.wait_for("[ 12");
    terminal.signal("KILL");
    terminal.end();
    discard(&home);

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("▸ Assess");
    terminal.press(&DOWN.repeat(5));
    terminal.wait_for("▸ History");
    terminal.press(ENTER);
    terminal.wait_for("discarded");
    terminal.press(ENTER);
    terminal.wait_for("Restore this session?");
    terminal.press(ENTER);
    terminal.wait_for("restored");
    terminal.wait_for("Resume");
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.press(ENTER);
    terminal.wait_for("[ 12");
    terminal.press(ESCAPE);
}

#[test]
fn a_discarded_session_is_restored_by_a_command_or_a_key() {
    let home = home_with(3);
    left_open(&home);
    discard(&home);
    let listed = home.json(&["history", "--json"]);
    assert_eq!(listed[0]["state"], "discarded");
    let id = listed[0]["id"].as_str().unwrap();
    let text = home.output(&["history"]);
    assert!(
        text.contains(&format!(
            "`aethos history restore {id}` brings it back until"
        )),
        "{text}"
    );
    home.output(&["history", "--restore", &id[..id.len() - 1]]);
    assert_eq!(home.json(&["history", "--json"])[0]["state"], "open");
    discard(&home);
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "3"]);
    terminal.wait_for("1/3");
    terminal.press("a");
    terminal.wait_for("● a");
    leave(&mut terminal);
    terminal.end();
    let refused = home.run(&["history", "--restore", "nothing-like-it"]);
    assert!(
        !refused.status.success()
            && String::from_utf8_lossy(&refused.stderr).contains("no session"),
        "{refused:?}"
    );
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Resume");
    terminal.press(&DOWN.repeat(6));
    terminal.wait_for("▸ History");
    terminal.press(ENTER);
    terminal.wait_for("discarded");
    terminal.press(&format!("{DOWN}U"));
    terminal.wait_for("restored");
    assert_eq!(resumes(&terminal.screen()), 2, "{}", terminal.screen());
}
