//! Practice: after kills, from a result, and in the line dialogue.

use aethos::core::form::Item;
use aethos::core::id::PersonId;
use aethos::core::practice::QueueReason;
use aethos::session::{Event, Mode, Stamped};
use aethos::store::Store;

use super::home::{Home, head, numeric};
use super::terminal::Terminal;
use super::{DOWN, END, ENTER, finish, home_with, leave, question};

/// Returns the newest practice session in the history: its questions in the order asked, and its log.
fn kept(home: &Home) -> (Vec<Item>, Vec<Stamped>) {
    let store = Store::open(&home.history()).unwrap();
    let listed = store.list(PersonId::YOU, Mode::Practise, None, 9).unwrap();
    let form = store.load(&listed[0].id).unwrap().unwrap().start.form;
    let events = store.events(&listed[0].id).unwrap();
    let drawn = events.iter().filter_map(|stamped| match &stamped.event {
        Event::Drawn { item } => Some(item.clone()),
        _ => None,
    });
    (form.items.into_iter().chain(drawn).collect(), events)
}

/// Returns what the program sent to the terminal's clipboard, as base64.
fn copied(raw: &[u8]) -> String {
    let raw = String::from_utf8_lossy(raw);
    let (_, sent) = raw.split_once("\x1b]52;c;").expect("nothing was copied");
    let (encoded, _) = sent.split_once("\x1b\\").expect("the sequence has no end");
    encoded.to_owned()
}

fn count(events: &[Stamped], is_it: impl Fn(&Event) -> bool) -> usize {
    events
        .iter()
        .filter(|stamped| is_it(&stamped.event))
        .count()
}

fn killed(terminal: Terminal) {
    terminal.signal("KILL");
    terminal.end();
}

fn resumed(home: &Home, says: &str) -> Terminal {
    let mut terminal = Terminal::start(home, &[]);
    terminal.wait_for(says);
    terminal.press(ENTER);
    terminal.wait_for("Practice is waiting");
    terminal.press(ENTER);
    terminal
}

#[test]
fn killed_at_every_step_it_has_lost_nothing() {
    let home = home_with(4);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/4");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.wait_for("Grade: again (not known). It comes back in a few questions, as an extra.");
    killed(terminal);

    // Killed during feedback.
    let mut terminal = resumed(&home, "practice of");
    terminal.wait_for("didn't know");
    terminal.press("!");
    terminal.wait_for("You dispute this question");
    terminal.press("both hold\r");
    terminal.wait_for("! dispute");
    terminal.press(END);
    terminal.wait_for("both hold");
    terminal.press("n");
    terminal.wait_for("2/4");
    let (asked, _) = kept(&home);
    killed(terminal);

    // Killed at a drawn question.
    let mut terminal = resumed(&home, "1 of 4 done");
    terminal.wait_for("2/4");
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.press("2");
    terminal.wait_for("●2");
    killed(terminal);

    // Killed with an answer that is not checked yet.
    let mut terminal = resumed(&home, "1 of 4 done");
    for shown in ["2/4", "● b", "●2"] {
        terminal.wait_for(shown);
    }
    assert_eq!(kept(&home).0, asked, "the question that was shown is asked");
    terminal.press("z");
    terminal.wait_for("Paused");
    killed(terminal);

    // Killed during a pause.
    let mut terminal = resumed(&home, "1 of 4 done");
    terminal.wait_for("the clock is stopped");
    assert!(
        !terminal.screen().contains("● b"),
        "a paused question is hidden"
    );
    terminal.press("z");
    terminal.wait_for("● b");
    terminal.decide("u");
    terminal.wait_for("Grade: again");
    for number in 3..=4 {
        terminal.press("n");
        terminal.wait_for(&format!("{number}/{}", number + 2));
        terminal.decide("u");
        terminal.wait_for("didn't know");
        killed(terminal);
        terminal = resumed(&home, &format!("{number} of"));
        terminal.wait_for("didn't know");
    }
    // By now all four were missed. They come back in order, without the disputed one.
    terminal.press("n");
    terminal.wait_for("5/7");
    terminal.press("q");
    terminal.wait_for("Leave practice?");
    terminal.decide("4");
    terminal.wait_for("Practice finished");
    terminal.wait_for("both hold");
    terminal.press("q");
    terminal.end();

    let (asked, events) = kept(&home);
    let ids: Vec<&str> = asked.iter().map(|item| item.question.as_str()).collect();
    assert_eq!((ids.len(), ids[4]), (5, ids[1]), "{ids:?}");
    assert_eq!(asked[4].why, Some(QueueReason::Again));
    assert_eq!(
        count(&events, |event| matches!(event, Event::Revealed { .. })),
        4
    );
    assert_eq!(
        count(&events, |event| matches!(event, Event::Graded { .. })),
        4
    );
    assert_eq!(
        home.json(&["history", "--json"]).as_array().unwrap().len(),
        0,
        "practice is no assessment"
    );
}

#[test]
fn a_grade_that_was_taken_back_is_not_given_again_by_itself() {
    let home = home_with(4);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/4");
    terminal.decide("u");
    terminal.wait_for("Grade: again");
    terminal.press("U");
    terminal.wait_for("The grade was undone: this answer doesn't count.");
    killed(terminal);
    let mut terminal = resumed(&home, "practice of");
    terminal.wait_for("The grade was undone: this answer doesn't count.");
    terminal.press("n");
    terminal.wait_for("2/4");
    terminal.press("N");
    terminal.wait_for("The grade was undone: this answer doesn't count.");
    terminal.press("U");
    terminal.wait_for("Grade: again");
    killed(terminal);
    assert_eq!(
        count(&kept(&home).1, |event| matches!(
            event,
            Event::Graded { .. }
        )),
        2
    );
    // In the dialogue, too.
    let said = home.run_with(&["practice", "mine", "--plain"], "u\nu\nn\nu\np\nq\n");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(said.matches("Grade: none yet.").count(), 1, "{said}");
}

#[test]
fn an_open_practice_can_be_ended_or_discarded_from_home() {
    for (choice, says) in [("2", "Practice finished"), ("3", "Settings")] {
        let home = home_with(3);
        let mut terminal = Terminal::start(&home, &["practice", "mine"]);
        terminal.wait_for("1/3");
        terminal.decide("u");
        terminal.wait_for("didn't know");
        terminal.press("q");
        terminal.wait_for("Leave practice?");
        terminal.press("2");
        terminal.wait_for("1 of 4 done");
        terminal.press(ENTER);
        terminal.wait_for("Practice is waiting");
        terminal.decide(choice);
        terminal.wait_for(says);
        terminal.press("q");
        terminal.end();
        let mut terminal = Terminal::start(&home, &[]);
        terminal.wait_for("Settings");
        assert!(
            !terminal.screen().contains("Resume"),
            "{}",
            terminal.screen()
        );
    }
}

#[test]
fn practice_hides_no_assessment_that_waits() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("a");
    terminal.wait_for("● a");
    leave(&mut terminal);
    terminal.end();
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/2");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("q");
    terminal.wait_for("Leave practice?");
    terminal.press("2");
    terminal.wait_for("1 of 3 done");
    terminal.wait_for("1 of 3 answered");
    terminal.press(DOWN);
    terminal.press(ENTER);
    terminal.wait_for("An assessment is waiting");
    terminal.press(ENTER);
    terminal.wait_for("● a");
}

#[test]
fn a_result_leads_to_practice_of_what_was_wrong_and_to_the_same_form() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.decide("u");
    terminal.wait_for("shows the right answers after its end");
    for number in 1..=3 {
        terminal.wait_for(&format!("{number}/3"));
        terminal.press("a");
        terminal.wait_for("● a");
        terminal.press("n");
    }
    terminal.press("\x1b");
    finish(&mut terminal);
    // A question can also be disputed in its review.
    terminal.press(ENTER);
    terminal.wait_for("questions scored");
    terminal.press(ENTER);
    terminal.wait_for("! dispute");
    terminal.press("!the key is old\r");
    terminal.wait_for("i note");
    terminal.press("y");
    terminal.wait_for("copied the question with its answer");
    // The heading of the question, `### `, as base64.
    assert!(copied(&terminal.raw()).starts_with("IyMj"));
    terminal.press("\x1b");
    terminal.wait_for("questions scored");
    terminal.press("\x1b");
    terminal.wait_for("Your result");
    let wrong = home.json(&["report", "--format", "json"])["questions"].clone();
    let is_wrong =
        |question: &&serde_json::Value| question["score"].as_f64().is_some_and(|score| score < 1.0);
    let wrong = wrong.as_array().unwrap().iter().filter(is_wrong).count();
    terminal.press("p");
    let asked = if wrong == 0 { 3 } else { wrong };
    terminal.wait_for(&format!("1/{asked}"));
    terminal.wait_for(" left");
    terminal.decide("u");
    terminal.wait_for("Grade: again");
    terminal.press("q");
    terminal.wait_for("Leave practice?");
    terminal.decide("4");
    terminal.wait_for("Practice finished");
    terminal.press("\x1b");
    terminal.wait_for("History");
    // Goes to the history, back to the result, and starts its form again.
    terminal.press(&"\x1b[B".repeat(4));
    terminal.wait_for("▸ History");
    terminal.press(ENTER);
    terminal.wait_for("3 of 3");
    terminal.press(ENTER);
    terminal.wait_for("Your result");
    terminal.press(ENTER);
    terminal.wait_for("questions scored");
    terminal.press(ENTER);
    terminal.wait_for("! dispute");
    terminal.press("y");
    terminal.wait_for("copied the question with its answer");
    // The heading of the question, `### `, as base64.
    assert!(copied(&terminal.raw()).starts_with("IyMj"));
    terminal.press(END);
    terminal.wait_for("the key is old");
    terminal.press("\x1b");
    terminal.wait_for("questions scored");
    terminal.press("\x1b");
    terminal.wait_for("Your result");
    terminal.press("r");
    terminal.wait_for("the same form again");
    terminal.decide(ENTER);
    terminal.wait_for("you have seen all of these questions");
    terminal.wait_for("1/3");
    terminal.press("q");
    terminal.wait_for("Leave the assessment?");
}

#[test]
fn in_lines_a_number_comes_back_with_other_parameters() {
    let home = Home::new();
    home.deck("mine", head("mine") + &numeric(1));
    let output = home.run_with(
        &["practice", "mine", "--plain", "--minutes", "5"],
        "u\n\nu\n\n",
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.starts_with("Practice: 1 question, 0 done, 5:00 left."),
        "{said}"
    );
    assert!(
        said.contains("Question 2 of 2") && said.contains(", again."),
        "{said}"
    );
    assert!(said.contains("Practice finished: 2 done"), "{said}");
    let (asked, _) = kept(&home);
    assert_ne!(asked[0].row, asked[1].row, "{said}");
    // Questions without weight in the score can be practised on request.
    let tips = home.run_with(&["practice", "tips", "--plain"], "");
    assert!(
        String::from_utf8_lossy(&tips.stdout).contains(", tips, new."),
        "{tips:?}"
    );
    let nothing = home.run(&["practice", "mine", "--minutes", "0"]);
    assert_eq!(nothing.status.code(), Some(2));
}

#[test]
fn more_of_a_facet_is_one_key_away() {
    let home = home_with(5);
    let mut terminal = Terminal::start(&home, &["practice", "mine", "--minutes", "1"]);
    terminal.wait_for("1/1");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("o");
    terminal.wait_for("More on this facet");
    terminal.press(ENTER);
    terminal.wait_for("2/3");
    terminal.wait_for("more of this");
}

#[test]
fn practice_left_before_the_first_answer_does_not_wait() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.press("q");
    terminal.wait_for("there is nothing to resume");
    terminal.press("3");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("History");
    assert!(
        !terminal.screen().contains("Resume"),
        "{}",
        terminal.screen()
    );
    terminal.press("q");
    terminal.end();
}

#[test]
fn a_disputed_question_is_suspended_again_by_the_key_that_asked_it_again() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("!");
    terminal.wait_for("You dispute this question");
    terminal.press("both hold\r");
    terminal.wait_for("! dispute");
    for says in [
        "practice will ask it again",
        "suspended: practice won't ask it again",
        "practice will ask it again",
    ] {
        terminal.press("-");
        terminal.wait_for(says);
    }
}

#[test]
fn a_suspended_question_that_is_drilled_is_asked_again_by_one_key() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("-");
    terminal.wait_for("suspended: practice won't ask it again");
    terminal.press("q");
    terminal.wait_for("Leave practice?");
    terminal.decide("4");
    terminal.wait_for("Practice finished");
    terminal.press("q");
    terminal.end();
    let mut terminal = Terminal::start(&home, &["practice", "--only", "suspended"]);
    terminal.wait_for("1/1  suspended");
    terminal.decide("u");
    terminal.wait_for("didn't know");
    terminal.press("-");
    terminal.wait_for("practice will ask it again");
}

#[test]
fn a_suspended_question_is_shown_as_such_and_the_first_key_resumes_it() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &["practice", "mine"]);
    terminal.wait_for("1/3");
    terminal.press("-");
    terminal.wait_for("1/3  suspended");
    terminal.signal("TERM");
    terminal.end();
    let mut terminal = Terminal::start(&home, &["practice", "--only", "suspended"]);
    terminal.wait_for("1/1  suspended");
    terminal.press("-");
    terminal.wait_for("practice will ask it again");
    terminal.wait("no longer suspended", |screen| {
        !screen.contents().contains("1/1  suspended")
    });
    terminal.press("-");
    terminal.wait_for("1/1  suspended");
    terminal.press("-");
    terminal.wait_for("practice will ask it again");
    terminal.signal("TERM");
    terminal.end();
    let none = home.run(&["practice", "--only", "suspended", "--plain"]);
    assert!(!none.status.success());
}

#[test]
fn a_review_can_suspend_a_question() {
    let home = home_with(3);
    let mut terminal = question(&home, 3);
    terminal.press("a");
    terminal.wait_for("● a");
    finish(&mut terminal);
    terminal.press(ENTER);
    terminal.wait_for("questions scored");
    terminal.press(ENTER);
    terminal.wait_for("! dispute");
    for (says, kept) in [
        ("suspended: practice won't ask it again", 1),
        ("practice will ask it again", 0),
    ] {
        terminal.press("-");
        terminal.wait_for(says);
        assert_eq!(
            Store::open(&home.history())
                .unwrap()
                .suspended(PersonId::YOU)
                .unwrap()
                .len(),
            kept
        );
    }
}

#[test]
fn practice_in_lines_suspends_and_takes_grades_back() {
    let home = home_with(3);
    let typed = "unknown\nu\nu\n-\n-\n-\nq\n";
    let said = home.run_with(&["practice", "mine", "--plain"], typed);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let expected = [
        "Grade: again",
        "The grade was undone: it doesn't count.",
        "Grade: again",
        "Suspended: practice won't ask it again.",
        "Practice will ask it again.",
        "Suspended: practice won't ask it again.",
    ];
    let mut rest = said.as_str();
    for words in expected {
        let at = rest
            .find(words)
            .unwrap_or_else(|| panic!("{words} is missing from {said}"));
        rest = &rest[at + words.len()..];
    }
    assert_eq!(
        Store::open(&home.history())
            .unwrap()
            .suspended(PersonId::YOU)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn minutes_new_questions_and_the_start_of_a_day_are_settings() {
    let home = home_with(3);
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    terminal.press(",");
    terminal.wait_for("15 min a day");
    for (keys, says) in [
        (format!("{}l", DOWN.repeat(4)), "20 min a day"),
        (format!("{DOWN}h"), "15 questions a day"),
        (format!("{DOWN}h"), "at 3:00"),
    ] {
        terminal.press(&keys);
        terminal.wait_for(says);
    }
    terminal.press("\x1b");
    terminal.wait_for("History");
    terminal.press("p");
    terminal.wait_for("20 min");
    terminal.press("q");
    terminal.end();
    let config = home.output(&["config"]);
    for line in [
        "minutes_per_day = 20",
        "new_per_day = 15",
        "day_starts_at = 3",
    ] {
        assert!(
            config.lines().any(|found| found == line),
            "{line} is missing from {config}"
        );
    }
    home.config("minutes_per_day = 601\n");
    let refused = home.run(&["config"]);
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("between 1 and 600"),
        "{refused:?}"
    );
}
