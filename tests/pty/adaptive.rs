//! Adaptive assessments survive kills: they continue with the same questions and end with the same result.

use std::fs;

use aethos::core::id::PersonId;
use aethos::session::{Event, Mode};
use aethos::store::Store;

use super::home::Home;
use super::terminal::Terminal;
use super::{finish, home_with, resume};

const BUDGET: usize = 6;

fn begin(home: &Home) -> Terminal {
    let args = [
        "assess",
        "mine",
        "--adaptive",
        "--questions",
        "6",
        "--seed",
        "7",
        "--untimed",
    ];
    let mut terminal = Terminal::start(home, &args);
    terminal.wait_for("1 of at most 6");
    terminal
}

/// Returns the ids of the questions so far: the first one, then those that were drawn.
fn asked(home: &Home) -> Vec<String> {
    let store = Store::open(&home.history()).unwrap();
    let listed = store.list(PersonId::YOU, Mode::Assess, None, 9).unwrap();
    let form = store.load(&listed[0].id).unwrap().unwrap().start.form;
    let drawn =
        store
            .events(&listed[0].id)
            .unwrap()
            .into_iter()
            .filter_map(|stamped| match stamped.event {
                Event::Drawn { item } => Some(item),
                _ => None,
            });
    form.items
        .into_iter()
        .chain(drawn)
        .map(|item| item.question.to_string())
        .collect()
}

fn answer(terminal: &mut Terminal, number: usize) {
    terminal.wait_for(&format!("{number} of at most {BUDGET}"));
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.decide("n");
}

#[test]
fn it_is_killed_after_each_question_and_asks_what_it_would_have_asked() {
    let calm = home_with(12);
    let mut terminal = begin(&calm);
    (1..=BUDGET).for_each(|number| answer(&mut terminal, number));
    terminal.wait_for("the maximum");
    terminal.press("q");
    terminal.end();

    let home = home_with(12);
    let mut terminal = begin(&home);
    for number in 1..=BUDGET {
        answer(&mut terminal, number);
        if number < BUDGET {
            terminal.wait_for(&format!("{} of at most {BUDGET}", number + 1));
            terminal.signal("KILL");
            terminal.end();
            assert_eq!(
                asked(&home).len(),
                number + 1,
                "the question that was shown is kept"
            );
            terminal = Terminal::start(&home, &[]);
            terminal.wait_for(&format!("{number} of {BUDGET} answered"));
            resume(&mut terminal);
        }
    }
    terminal.wait_for("the maximum");
    terminal.press("q");
    terminal.end();
    assert_eq!(
        asked(&home),
        asked(&calm),
        "chosen by the seed and the answers alone"
    );
    let report = home.json(&["report", "--format", "json"]);
    assert_eq!(
        (&report["tally"]["answered"], &report["form"]),
        (&BUDGET.into(), &"".into())
    );
    assert!(
        home.output(&["report"])
            .contains("adaptive, seed 7, session")
    );
}

/// A kill between drawing and showing a question once left a session that could not go on.
#[test]
fn a_question_that_was_drawn_but_not_shown_is_shown_after_a_kill() {
    let home = home_with(12);
    let mut terminal = begin(&home);
    answer(&mut terminal, 1);
    terminal.wait_for("2 of at most 6");
    terminal.signal("KILL");
    terminal.end();
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%an event is deleted only%'";
    let trigger = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let (name, protection) = connection.query_row(sql, [], trigger).unwrap();
    connection
        .execute_batch(&format!("DROP TRIGGER {name}"))
        .unwrap();
    let last = "DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event) AND body LIKE '%shown%'";
    assert_eq!(connection.execute(last, []).unwrap(), 1);
    connection.execute_batch(&protection).unwrap();
    drop(connection);
    let mut terminal = Terminal::start(&home, &[]);
    resume(&mut terminal);
    (2..=BUDGET).for_each(|number| answer(&mut terminal, number));
    terminal.wait_for("the maximum");
}

#[test]
fn only_what_is_new_is_asked_and_it_says_when_there_is_no_more() {
    let home = home_with(2);
    let mut terminal = begin(&home);
    terminal.wait_for("only 2 questions are new to you");
    for number in 1..=2 {
        answer(&mut terminal, number);
    }
    terminal.wait_for("no question was left that was new to you");
    terminal.press("q");
    terminal.end();
    let again = home.run(&["assess", "mine", "--adaptive", "--plain"]);
    assert!(!again.status.success());
    assert!(
        String::from_utf8_lossy(&again.stderr)
            .contains("an adaptive assessment asks only new ones"),
        "{again:?}"
    );
}

#[test]
fn it_can_be_ended_early_and_goes_on_when_the_decks_are_gone() {
    let home = home_with(5);
    let mut terminal = begin(&home);
    answer(&mut terminal, 1);
    terminal.wait_for("2 of at most 6");
    terminal.signal("TERM");
    terminal.end();
    fs::remove_dir_all(home.data().join("decks")).unwrap();
    let mut terminal = Terminal::start(&home, &[]);
    resume(&mut terminal);
    terminal.wait_for("2 of at most 6");
    finish(&mut terminal);
    terminal.wait_for("you ended it after 2 of at most 6 questions");
    terminal.press("q");
    terminal.end();
}

#[test]
fn in_lines_it_goes_forward_only_as_well() {
    let home = home_with(5);
    let lines = "b\n3\nback\ng\n1\n\na\n\nnext\n";
    let args = [
        "assess",
        "mine",
        "--adaptive",
        "--questions",
        "3",
        "--seed",
        "7",
        "--plain",
        "--untimed",
    ];
    let output = home.run_with(&args, lines);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.starts_with("Adaptive, seed 7: at most 3 questions, 0 answered, no limit."),
        "{said}"
    );
    assert!(said.contains("Question 3 of at most 3"), "{said}");
    assert_eq!(said.matches("can't go back").count(), 2, "{said}");
    assert!(
        said.contains("Adaptive: it ended with 3 questions, the maximum."),
        "{said}"
    );
    assert!(
        said.contains("3 questions: 2 answered, 1 omitted"),
        "{said}"
    );
}

#[test]
fn it_has_no_form_to_repeat() {
    let output = Home::new().run(&["assess", "--adaptive", "--form", "7K3-QX9"]);
    assert_eq!(output.status.code(), Some(2));
}
