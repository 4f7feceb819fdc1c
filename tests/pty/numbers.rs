//! Text in the field of a number that cannot be read as one.

use aethos::core::id::PersonId;
use aethos::core::response::Answer;
use aethos::session::{Event, Mode, meeting};
use aethos::store::Store;

use super::home::{Home, head, numeric, single};
use super::terminal::{Terminal, signal};
use super::{ENTER, assert_restored, finish, resume};

const TAB: &str = "\t";
const NO_NUMBER: &str = "not a number yet: the question counts as unanswered";

fn home() -> Home {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    home
}

fn is_text(answer: &Answer) -> bool {
    !answer.is_blank()
}

#[test]
fn text_that_is_no_number_is_kept_and_is_no_answer() {
    let home = home();
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "1"]);
    terminal.wait_for("leave the field");
    terminal.press("about 200");
    terminal.wait_for("[ about 200");
    terminal.wait_for("\"about 200\" is not a number");
    terminal.press(TAB);
    terminal.wait_for(NO_NUMBER);
    assert!(
        !terminal.screen().contains("How sure?"),
        "{}",
        terminal.screen()
    );
    terminal.press("g");
    terminal.wait_for("Overview");
    terminal.wait_for("0 answered");
    terminal.wait_for("? 1 unanswered: the text in the field is not a number");
    signal(terminal.pid(), "KILL");
    assert!(!terminal.end().status.success());

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("0 of 1 answered");
    resume(&mut terminal);
    terminal.wait_for("[ about 200");
    terminal.press(TAB);
    terminal.wait_for(NO_NUMBER);
    finish(&mut terminal);
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    assert_eq!(
        home.json(&["report", "--format", "json"])["tally"]["answered"],
        0
    );
    let store = Store::open(&home.history()).unwrap();
    let id = &store.list(PersonId::YOU, Mode::Assess, None, 9).unwrap()[0].id;
    let events = store.events(id).unwrap();
    let is_answer =
        |event: &Event| matches!(event, Event::Answered { answer, .. } if is_text(answer));
    assert!(
        !events.iter().any(|stamped| is_answer(&stamped.event)),
        "{events:?}"
    );
}

#[test]
fn practice_that_holds_such_text_is_not_discarded_and_does_not_check_it() {
    let home = home();
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("leave the field");
    terminal.press("i480");
    terminal.wait_for("[ i480");
    terminal.press(TAB);
    terminal.wait_for(NO_NUMBER);
    terminal.press("n");
    terminal.wait_for("this isn't a number yet: correct it");
    terminal.press("\x03");
    terminal.wait_for("Everything is saved");
}

#[test]
fn a_mentor_cannot_close_a_vote_with_such_text() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1) + &single(2));
    let args = [
        "mentor",
        "meet",
        "Ada",
        "--deck",
        "mine",
        "--questions",
        "2",
        "--seed",
        "1",
    ];
    let mut terminal = Terminal::start(&home, &args);
    terminal.wait_for("Ready to begin.");
    terminal.press(ENTER);
    terminal.wait_for("close the answer");
    if !terminal.screen().contains("a number:") {
        for (keys, shown) in [
            ("a", "● a"),
            (ENTER, "Answered. Why?"),
            (ENTER, "next question"),
            (ENTER, "a number:"),
        ] {
            terminal.decide(keys);
            terminal.wait_for(shown);
        }
    }
    terminal.press("about 200\r");
    terminal.wait_for(NO_NUMBER);
    terminal.press(ENTER);
    terminal.wait_for("not a number yet: correct it, or delete the text");
    terminal.press("\x15134\r");
    terminal.wait_for("read as 134");
    terminal.press(ENTER);
    terminal.wait_for("Answered. Why?");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    let store = Store::open(&home.history()).unwrap();
    let id = &store.list(PersonId::YOU, Mode::Mentor, None, 9).unwrap()[0].id;
    let events: Vec<meeting::Event> = store
        .events(id)
        .unwrap()
        .into_iter()
        .map(|stamped| stamped.event)
        .collect();
    let typed = |event: &meeting::Event| match event {
        meeting::Event::Voted {
            answer: Answer::Number(text),
            ..
        } => Some(text.clone()),
        _ => None,
    };
    assert_eq!(events.iter().filter_map(typed).collect::<Vec<_>>(), ["134"]);
}

#[test]
fn a_vote_being_typed_survives_a_kill() {
    let home = home();
    let args = [
        "mentor",
        "meet",
        "Ada",
        "--deck",
        "mine",
        "--questions",
        "1",
    ];
    let mut terminal = Terminal::start(&home, &args);
    terminal.wait_for("Ready to begin.");
    terminal.press(ENTER);
    for typed in ["1", "12"] {
        terminal.wait_for("[ ");
        terminal.press(&typed[typed.len() - 1..]);
        terminal.wait_for(&format!("[ {typed}"));
        terminal.signal("KILL");
        terminal.end();
        terminal = Terminal::start(&home, &[]);
        terminal.wait_for(" discussed");
        terminal.press(ENTER);
        terminal.wait_for("A mentor session is waiting");
        terminal.press(ENTER);
        terminal.wait_for(&format!("[ {typed}"));
    }
    terminal.press(ENTER);
    terminal.wait_for("close the answer");
    terminal.signal("TERM");
    assert_restored("SIGTERM", terminal);
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let votes: Vec<Answer> = store
        .events::<meeting::Event>(id)
        .unwrap()
        .into_iter()
        .filter_map(|stamped| match stamped.event {
            meeting::Event::Voted { answer, .. } => Some(answer),
            _ => None,
        })
        .collect();
    assert_eq!(votes, [Answer::Number("12".to_owned())]);
    assert!(store.field_drafts(id).unwrap().is_empty());
}
