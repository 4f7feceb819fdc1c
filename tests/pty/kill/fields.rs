//! Texts being typed survive a kill.

use aethos::core::id::PersonId;
use aethos::session::Event;
use aethos::store::Store;

use super::super::home::{Home, head, ordering};
use super::super::terminal::Terminal;
use super::super::{ENTER, home_with};

fn practise_again(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    for text in ["Resume", "Practice is waiting"] {
        terminal.wait_for(text);
        terminal.press(ENTER);
    }
    terminal
}

#[test]
fn a_note_and_a_dispute_being_typed_survive_a_kill() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    for (key, title, text) in [
        ("i", "Your note", "majorities"),
        ("!", "You dispute", "both hold"),
    ] {
        terminal.wait_for("didn't know");
        terminal.press(key);
        terminal.wait_for(title);
        terminal.press(text);
        terminal.wait_for(text);
        terminal.signal("KILL");
        terminal.end();
        terminal = practise_again(&home);
        terminal.wait_for(title);
        terminal.wait_for(text);
        terminal.press("\t");
        terminal.wait_for("saved: ");
    }
    terminal.signal("KILL");
    terminal.end();
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let events: Vec<Event> = store
        .events(id)
        .unwrap()
        .into_iter()
        .map(|stamped| stamped.event)
        .collect();
    assert!(
        events.contains(&Event::Noted {
            slot: 0,
            text: "majorities".to_owned()
        }),
        "{events:?}"
    );
    assert!(
        events.contains(&Event::Disputed {
            slot: 0,
            reason: "both hold".to_owned()
        }),
        "{events:?}"
    );
    assert!(store.field_drafts(id).unwrap().is_empty());
}

#[test]
fn steps_typed_for_an_order_survive_leaving_the_question_and_a_kill() {
    let home = Home::new();
    home.deck("mine", head("mine") + &ordering(1) + &ordering(2));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "2"]);
    terminal.wait_for("1/2");
    terminal.wait_for("a-d order");
    terminal.press("bac");
    terminal.wait_for("3 of 4 typed");
    terminal.press("n");
    terminal.wait_for("2/2");
    terminal.wait_for("not answered yet");
    terminal.press("N");
    terminal.wait_for("1/2");
    terminal.wait_for("3 of 4 typed");
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(&home, &["history", "resume"]);
    terminal.wait_for("1/2");
    terminal.wait_for("3 of 4 typed");
    terminal.wait_for("b→1");
    terminal.press("d");
    terminal.wait_for("this order is your answer");
    terminal.signal("KILL");
    terminal.end();
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    assert!(store.drafts(id).unwrap().is_empty());
}

#[test]
fn steps_typed_in_a_mentor_session_survive_a_kill() {
    let home = Home::new();
    home.deck("mine", head("mine") + &ordering(1));
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
    terminal.wait_for("close the answer");
    terminal.press("bac");
    terminal.wait_for("3 of 4 typed");
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(&home, &["history", "resume"]);
    terminal.wait_for("3 of 4 typed");
    terminal.press("d");
    terminal.wait_for("this order is your answer");
    terminal.signal("KILL");
    terminal.end();
}

#[test]
fn a_sentence_of_the_mentor_being_typed_survives_a_kill() {
    let home = home_with(2);
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
    terminal.wait_for("close the answer");
    terminal.press("\te");
    terminal.wait_for("Evidence: what they said");
    terminal.press("named the term");
    terminal.wait_for("named the term");
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for(" discussed");
    terminal.press(ENTER);
    terminal.wait_for("A mentor session is waiting");
    terminal.press(ENTER);
    terminal.wait_for("an unfinished line was kept");
    assert!(
        !terminal.screen().contains("named the term"),
        "what is private is not shown by itself"
    );
    terminal.press("\te");
    terminal.wait_for("named the term");
    terminal.press(ENTER);
    terminal.wait_for("Evidence: named the term");
    terminal.signal("KILL");
    terminal.end();
}
