//! Mentor sessions: killed and resumed at every step, with a second window, and with eight people.

use aethos::core::id::PersonId;
use aethos::session::Mode;
use aethos::session::meeting::Event;
use aethos::store::Store;

use super::home::{Home, head, numeric, single};
use super::terminal::{Terminal, signal};
use super::{ENTER, ESCAPE, assert_restored};

const TAB: &str = "\t";
/// Words of the deck that only the reveal may show.
const SECRETS: [&str; 4] = [
    "Being elected once proves",
    "A majority that still follows it",
    "Ongaro",
    "Two replicas that",
];

fn home() -> Home {
    let home = Home::new();
    home.deck("mine", head("mine") + &single(1) + &single(2));
    home
}

fn meet(home: &Home, names: &[&str]) -> Terminal {
    let mut args = vec!["mentor", "meet"];
    args.extend(names);
    args.extend(["--deck", "mine", "--questions", "2", "--seed", "1"]);
    let mut terminal = Terminal::start(home, &args);
    terminal.wait_for("Ready to begin.");
    terminal
}

/// Resumes the open session from the home screen.
fn resume(home: &Home) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    terminal.wait_for(" discussed");
    terminal.press(ENTER);
    terminal.wait_for("A mentor session is waiting");
    terminal.press(ENTER);
    terminal
}

/// Returns the events of the only stored mentor session.
fn events(home: &Home) -> Vec<Event> {
    let store = Store::open(&home.history()).unwrap();
    let listed = store.list(PersonId::YOU, Mode::Mentor, None, 9).unwrap();
    assert_eq!(listed.len(), 1);
    store
        .events(&listed[0].id)
        .unwrap()
        .into_iter()
        .map(|stamped| stamped.event)
        .collect()
}

#[test]
fn killed_at_every_step_it_goes_on_where_it_was() {
    let home = home();
    let mut terminal = meet(&home, &["Ada"]);
    let steps: [(&str, &str); 11] = [
        (ENTER, "close the answer"),
        ("b", "● b"),
        ("4", "●4"),
        (ENTER, "Answered. Why?"),
        ("\te", "Evidence: what they said"),
        ("she named the term\r", "Evidence: she named the term"),
        ("\t\r", "next question"),
        ("U", "Answered. Why?"),
        (ENTER, "next question"),
        ("\r\r", "No answer noted. Why?"),
        ("\r\r", "Results of this session"),
    ];
    for (keys, shown) in steps {
        terminal.decide(keys);
        terminal.wait_for(shown);
        signal(terminal.pid(), "KILL");
        assert!(!terminal.end().status.success());
        terminal = resume(&home);
        // An open console or text field is closed after a resume; the step and all events remain.
        match keys {
            "\te" | "she named the term\r" => {
                terminal.wait_for("Answered. Why?");
                terminal.press(TAB);
                let is_open = keys == "\te";
                terminal.wait_for(if is_open { "Evidence: -" } else { shown });
                terminal.press(if is_open { "e" } else { "" });
            }
            _ => terminal.wait_for(shown),
        }
    }
    terminal.press("e");
    terminal.wait_for("In their own words");
    terminal.press("Ask for the term first\r\x1b[B");
    terminal.wait_for("Ask for the term first");
    terminal.press("eread chapter 6\r");
    terminal.wait_for("Due: 2026");
    terminal.press("tomorrow\r");
    terminal.wait_for("type a date like 2026-12-15");
    terminal.press("\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f+2w\r");
    terminal.wait_for("read chapter 6, by ");
    terminal.press("\x1b[B\x1b[B\x1b[B");
    terminal.wait_for("▸ End the session");
    terminal.decide(ENTER);
    terminal.wait_for("the session is over");
    terminal.press("q");
    assert_restored("q at home", terminal);
    let events = events(&home);
    assert!(events.contains(&Event::Evidence {
        slot: 0,
        seat: 0,
        text: "she named the term".to_owned()
    }));
    assert!(events.contains(&Event::Undone));
    assert_eq!(events.last(), Some(&Event::Finished));
    let store = Store::open(&home.history()).unwrap();
    assert!(store.open_sessions(PersonId::YOU).unwrap().is_empty());
}

#[test]
fn the_second_window_shows_the_question_and_the_key_only_after_the_reveal() {
    let home = home();
    let mut window = Terminal::start(&home, &["mentor", "--stage"]);
    window.wait_for("Waiting for a session.");
    let quiet = (0..3).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        let before = window.switches();
        std::thread::sleep(std::time::Duration::from_secs(2));
        window.switches() == before
    });
    assert!(quiet, "a window that waits wakes without a reason");
    let mut first = meet(&home, &["Ada", "Ben"]);
    window.wait_for("Ready to begin.");
    first.press(ENTER);
    window.wait_for("What does the old leader have to do");
    // The second window shows neither the console, nor a private note, nor the votes.
    first.press(TAB);
    first.wait_for("Key:");
    first.press("islow on terms\r");
    first.wait_for("Private note: slow on terms");
    first.press("12");
    window.wait_for("2 of 2 answers in");
    first.press(ENTER);
    window.wait_for("The answers are in. Why?");
    first.press("v");
    first.wait_for("reveal");
    window.wait_for("▰▱ 1");
    let before = String::from_utf8_lossy(&window.raw()).into_owned();
    for secret in SECRETS.iter().chain(&[
        "slow on terms",
        "Key",
        "right",
        "wrong",
        "Ada",
        "Ben",
        "Listen",
    ]) {
        assert!(
            !before.contains(secret),
            "{secret} was in the second window before the reveal"
        );
    }
    first.decide(ENTER);
    window.wait_for("A majority that still follows it");
    // The second window is read-only: its keys don't affect the session.
    window.press("\rUv\t");
    // The first window is killed and restarted; another second window comes and goes.
    signal(first.pid(), "KILL");
    first.end();
    window.wait_for("Waiting for a session.");
    let mut first = resume(&home);
    window.wait_for("A majority that still follows it");
    let mut other = Terminal::start(&home, &["mentor", "--stage"]);
    other.wait_for("A majority that still follows it");
    // A stopped second window delays nobody.
    other.signal("STOP");
    other.wait_stopped();
    first.press("\r1");
    window.wait_for("1 of 2 answers in");
    other.signal("CONT");
    other.wait_for("1 of 2 answers in");
    other.press("q");
    assert_restored("q in the second window", other);
    first.press("q");
    first.wait_for("Leave the session?");
    first.press("3");
    assert_restored("leaving", first);
    window.wait_for("Waiting for a session.");
    assert!(
        !home.data().join("stage.sock").exists(),
        "nothing is left behind"
    );
    window.press("q");
    assert_restored("q while waiting", window);
}

#[test]
fn fingers_of_eight_people_are_eight_digits() {
    let home = home();
    let names = ["Ada", "Ben", "Cem", "Dua", "Eva", "Fay", "Gil", "Hal"];
    let mut terminal = meet(&home, &names);
    terminal.press(ENTER);
    terminal.wait_for("Ada: how many fingers? (1 of 8)");
    terminal.press("12132102\x7f3");
    terminal.wait_for("8 of 8 typed");
    terminal.wait_for("7 of 8 answers in");
    terminal.press("9");
    terminal.wait_for("everyone has voted");
    terminal.press(ENTER);
    terminal.press(TAB);
    terminal.wait_for("of 7 right");
    terminal.wait_for("Hal                c");
    signal(terminal.pid(), "TERM");
    assert_restored("SIGTERM", terminal);
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let setup = store.load(id).unwrap().unwrap().start.setup;
    assert_eq!(
        setup, "{\"people\":[2,3,4,5,6,7,8,9]}",
        "nobody's name stands with the session"
    );
    let votes = events(&home)
        .into_iter()
        .filter(|event| matches!(event, Event::Voted { .. }))
        .count();
    assert_eq!(votes, 9, "seven, one taken back and given again");
}

#[test]
fn a_paste_from_a_chat_is_votes_and_a_name_is_asked_once() {
    let home = home();
    let mut terminal = meet(&home, &["Ada", "Ben"]);
    terminal.press(ENTER);
    terminal.wait_for("Ada: how many fingers?");
    // On the stage, which everyone may see, only the numbers are shown.
    terminal.press(
        "\x1b[200~Ada  [2:02 PM]\rb3 because a majority decides\rkim.l  [2:03 PM]\rc2\x1b[201~",
    );
    terminal.wait_for("1 vote read, 1 name to assign: see the console");
    assert!(!terminal.screen().contains("majority decides"));
    terminal.press(TAB);
    terminal.wait_for("Who is \"kim.l\"?");
    terminal.decide("2");
    terminal.wait_for("2 votes read");
    terminal.wait_for("because a majority decides");
    // The same again with a correction: the name is known now, and a line without a name is listed.
    terminal.press("Pkim.l: a4\rb1");
    terminal.wait_for("In a common chat everyone sees the votes");
    terminal.press(ESCAPE);
    terminal.wait_for("1 vote read, 1 line not read");
    terminal.wait_for("line 2: b1 (no name)");
    signal(terminal.pid(), "KILL");
    terminal.end();
    let mut terminal = resume(&home);
    terminal.wait_for("2 of 2 answers in");
    terminal.press(TAB);
    terminal.wait_for("because a majority decides");
    drop(terminal);
    let events = events(&home);
    assert!(events.contains(&Event::Explained {
        slot: 0,
        seat: 0,
        text: "because a majority decides".to_owned(),
    }));
    let votes = events
        .iter()
        .filter(|event| matches!(event, Event::Voted { .. } | Event::VoteChanged { .. }));
    assert_eq!(votes.count(), 3, "two, and one that was corrected");
}

#[test]
fn a_latecomer_is_added_by_name_and_is_still_there_after_a_crash() {
    let home = home();
    let mut terminal = meet(&home, &["Ada", "Ben"]);
    terminal.press(ENTER);
    terminal.wait_for("(1 of 2)");
    terminal.press("23");
    terminal.wait_for("2 of 2 typed");
    terminal.press("+");
    terminal.wait_for("Who else takes part?");
    terminal.press("Dua\r");
    terminal.wait_for("Dua takes part now, and is new among your people");
    terminal.press("1");
    terminal.press("+dua\r");
    terminal.wait_for("this person already takes part");
    terminal.press(TAB);
    terminal.wait_for("3 of 3 answers in");
    signal(terminal.pid(), "KILL");
    terminal.end();
    let mut terminal = resume(&home);
    terminal.wait_for("3 of 3 answers in");
    terminal.press(TAB);
    terminal.wait_for("Dua                a");
    drop(terminal);
    let store = Store::open(&home.history()).unwrap();
    let id = &store.open_sessions(PersonId::YOU).unwrap()[0].id;
    let dua = store.person("Dua").unwrap().unwrap().id;
    assert_eq!(store.seats(id).unwrap().last(), Some(&dua));
    let seen = |name: &str| {
        let person = store.person(name).unwrap().unwrap().id;
        let exposures = store.exposures(person).unwrap();
        exposures
            .values()
            .map(|exposure| exposure.times)
            .collect::<Vec<_>>()
    };
    assert_eq!((seen("Dua"), seen("Ada")), (vec![1], vec![1]));
}

#[test]
fn on_the_hot_seat_nobody_sees_the_pick_before() {
    let home = Home::new();
    home.deck("mine", head("mine") + &single(1) + &numeric(2));
    let mut terminal = meet(&home, &["Ada", "Ben"]);
    terminal.press("H\r");
    terminal.wait_for("At the keyboard: Ada");
    // Either of the two questions can come first.
    let numeric_first =
        terminal.screen().contains("read as") || terminal.screen().contains("a number:");
    if numeric_first {
        terminal.press("7\r");
        terminal.wait_for("read as 7");
        terminal.press(ENTER);
        terminal.wait_for("At the keyboard: Ben");
        assert!(!terminal.screen().contains("read as 7"));
    } else {
        terminal.press("b");
        terminal.wait_for("● b");
        terminal.press(ENTER);
        terminal.wait_for("At the keyboard: Ben");
        assert!(!terminal.screen().contains("● b"));
    }
    terminal.press(ESCAPE);
    drop(terminal);
}

#[test]
fn a_session_that_waits_can_be_closed_or_discarded() {
    for (key, told) in [("2", "the session is closed"), ("3", "1 session")] {
        let home = home();
        let mut terminal = meet(&home, &["Ada"]);
        terminal.press("\r\rq");
        terminal.wait_for("Leave the session?");
        terminal.press("2");
        terminal.wait_for(" discussed");
        terminal.press(ENTER);
        terminal.wait_for("A mentor session is waiting");
        terminal.decide(key);
        if key == "3" {
            terminal.wait_for("Discard the mentor session?");
            terminal.decide("2");
        }
        terminal.wait_for(told);
        terminal.wait("nothing waits any more", |screen| {
            !screen.contents().contains("Resume")
        });
        terminal.press("q");
        assert_restored("q at home", terminal);
        assert!(
            Store::open(&home.history())
                .unwrap()
                .open_sessions(PersonId::YOU)
                .unwrap()
                .is_empty()
        );
    }
}

#[test]
fn what_somebody_there_has_seen_comes_last() {
    for seed in ["1", "2", "3"] {
        let home = home();
        let args = [
            "assess",
            "mine",
            "--questions",
            "1",
            "--untimed",
            "--plain",
            "--person",
            "Ada",
            "--seed",
            "1",
        ];
        let asked = String::from_utf8(home.run_with(&args, "a\nq\n").stdout).unwrap();
        let (seen, new) = if asked.contains("Number 1.") {
            ("Number 1.", "Number 2.")
        } else {
            ("Number 2.", "Number 1.")
        };
        assert!(asked.contains(seen), "{asked}");
        let args = [
            "mentor",
            "meet",
            "Ben",
            "ada",
            "--deck",
            "mine",
            "--questions",
            "1",
            "--seed",
            seed,
        ];
        let mut terminal = Terminal::start(&home, &args);
        terminal.wait_for("Ready to begin.");
        terminal.press(ENTER);
        terminal.wait_for(new);
    }
}

#[test]
fn where_no_window_can_be_opened_a_sentence_says_so_and_the_session_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    // A path longer than the limit for a socket address.
    let data = folder.path().join("d".repeat(120));
    std::fs::create_dir(&data).unwrap();
    let home = Home::with_data(data);
    home.deck("mine", head("mine") + &single(1) + &single(2));
    let mut terminal = meet(&home, &["Ada"]);
    terminal.wait_for("a second window isn't possible here");
    terminal.press(ENTER);
    terminal.wait_for("What does the old leader have to do");
}

#[test]
fn where_there_is_no_terminal_and_where_nobody_comes_a_sentence_says_so() {
    let home = home();
    for (args, words) in [
        (&["mentor", "meet", "Ada"][..], "a mentor session needs one"),
        (&["mentor", "--stage"], "the stage needs one"),
        (&["mentor"], "stdout is not a terminal"),
    ] {
        let output = home.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.code() == Some(2) && said.contains(words),
            "{args:?}: {said}"
        );
    }
}
