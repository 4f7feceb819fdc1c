//! Deepenings survive kills: they continue the previous assessment and end with the same result.

use std::thread;
use std::time::Duration;

use aethos::core::id::PersonId;
use aethos::session::{Event, Mode};
use aethos::store::{Scored, Store};

use super::home::Home;
use super::terminal::Terminal;
use super::{home_with, leave, question, resume};

const FIRST: usize = 4;
const MORE: usize = 5;

/// Creates a finished assessment of four questions, each answered with its second option: three are correct, which
/// leaves
/// the level open.
fn assessed() -> Home {
    let home = home_with(FIRST + MORE + 3);
    let lines = "b\n3\n".repeat(FIRST) + "e\ny\n";
    let output = home.run_with(
        &[
            "assess",
            "mine",
            "--questions",
            "4",
            "--seed",
            "7",
            "--plain",
            "--untimed",
        ],
        &lines,
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("4 questions: 4 answered"),
        "{output:?}"
    );
    wait_a_second();
    home
}

/// Waits for the next second, because sessions are ordered by the second of their start.
fn wait_a_second() {
    thread::sleep(Duration::from_millis(1100));
}

fn begin(home: &Home) -> Terminal {
    let args = [
        "assess",
        "mine",
        "--deepen",
        "--questions",
        "5",
        "--seed",
        "7",
        "--untimed",
    ];
    let mut terminal = Terminal::start(home, &args);
    terminal.wait_for("1 of at most 5");
    terminal
}

fn answer(terminal: &mut Terminal, number: usize) {
    terminal.wait_for(&format!("{number} of at most {MORE}"));
    terminal.press("b");
    terminal.wait_for("● b");
    terminal.decide("n");
}

/// Returns the ids of the questions of each session, the newest session first.
fn asked(home: &Home) -> Vec<Vec<String>> {
    let store = Store::open(&home.history()).unwrap();
    let asked = |id| {
        let form = store.load(&id).unwrap().unwrap().start.form;
        let drawn = store
            .events(&id)
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
    };
    store
        .list(PersonId::YOU, Mode::Assess, None, 9)
        .unwrap()
        .into_iter()
        .map(|listed| asked(listed.id))
        .collect()
}

/// Returns the newest report, without the fields that differ between any two sessions.
fn result(home: &Home) -> serde_json::Value {
    home.json(&["report", "--format", "json"])["result"]["competencies"][0]["estimate"].clone()
}

#[test]
fn it_is_killed_after_each_question_and_ends_as_it_would_have() {
    let calm = assessed();
    let before = result(&calm);
    let first = calm.json(&["report", "--format", "json"])["session"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut terminal = begin(&calm);
    (1..=MORE).for_each(|number| answer(&mut terminal, number));
    terminal.wait_for("Deepening: it ended with 5 questions, the maximum.");
    terminal.wait_for("4 + 5 questions");
    terminal.press("q");
    terminal.end();

    let home = assessed();
    let mut terminal = begin(&home);
    for number in 1..=MORE {
        answer(&mut terminal, number);
        if number < MORE {
            terminal.wait_for(&format!("{} of at most {MORE}", number + 1));
            terminal.signal("KILL");
            terminal.end();
            terminal = Terminal::start(&home, &[]);
            terminal.wait_for(&format!("{number} of {MORE} answered"));
            resume(&mut terminal);
        }
    }
    terminal.wait_for("4 + 5 questions");
    terminal.press("q");
    terminal.end();

    assert_eq!(
        asked(&home),
        asked(&calm),
        "chosen by the seed and the answers alone"
    );
    assert_eq!(result(&home), result(&calm));
    let [second, earlier] = &asked(&calm)[..] else {
        panic!("two sessions")
    };
    assert!(
        second.iter().all(|id| !earlier.contains(id)),
        "only what is new"
    );

    let report = calm.json(&["report", "--format", "json"]);
    let line = &report["result"]["competencies"][0];
    assert_eq!((&line["scored"], &line["earlier"]), (&9.into(), &4.into()));
    assert_eq!(report["continues"][0]["questions"], 4);
    assert_eq!(
        report["questions"].as_array().unwrap().len(),
        MORE,
        "the review shows the new ones"
    );
    assert!(
        report["since"].is_null(),
        "it shares answers with the only one before it"
    );
    assert!(
        calm.output(&["report"])
            .contains("4 + 5 questions, all of which count for the scores")
    );
    let untouched = calm.json(&["report", &first, "--format", "json"]);
    assert_eq!(untouched["result"]["competencies"][0]["estimate"], before);
}

#[test]
fn a_deepening_can_be_deepened_and_compared_with_what_was_before_all_of_it() {
    let home = home_with(40);
    let assess = |args: &[&str], answers: usize| {
        wait_a_second();
        let args = [
            &["assess", "mine", "--plain", "--untimed", "--seed", "3"],
            args,
        ]
        .concat();
        let output = home.run_with(&args, &("b\n4\n".repeat(answers) + "e\ny\n"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assess(&["--questions", "3"], 3);
    let first = home.json(&["report", "--format", "json"])["session"].clone();
    assess(&["--questions", "6"], 6);
    assert!(assess(&["--deepen", "--questions", "2"], 2).contains("6 + 2 questions"));
    assert!(assess(&["--deepen", "--questions", "2"], 2).contains("6 + 2 + 2 questions"));
    let report = home.json(&["report", "--format", "json"]);
    assert_eq!(report["since"]["session"], first);
    let history = home.json(&["history", "--json"]);
    let since: Vec<_> = (0..4)
        .map(|n| history[n]["since"]["session"].clone())
        .collect();
    assert_eq!(
        since,
        [first.clone(), first.clone(), first, serde_json::Value::Null]
    );
    let continued = (0..4).map(|n| history[n]["continues"].as_array().unwrap().len());
    assert_eq!(continued.collect::<Vec<_>>(), [2, 1, 0, 0]);
    let calibration = home.json(&["history", "--calibration", "--json"]);
    assert_eq!(calibration["n"], 13, "each answer once");
    assert!(
        home.output(&["history", "--calibration"])
            .starts_with("13 answers with stated confidence, 4 assessments")
    );
}

#[test]
fn results_kept_by_an_older_version_are_compared_and_counted_as_well() {
    let home = assessed();
    let lines = "b\n4\n".repeat(4) + "e\ny\n";
    home.run_with(
        &[
            "assess",
            "mine",
            "--questions",
            "4",
            "--seed",
            "6",
            "--plain",
            "--untimed",
        ],
        &lines,
    );
    let said = |home: &Home| {
        let since = home.json(&["history", "--json"])[0]["since"]["session"].clone();
        (since, home.json(&["history", "--calibration", "--json"]))
    };
    let before = said(&home);
    assert!(before.0.is_string() && before.1["n"] == 8, "{before:?}");
    let mut store = Store::open(&home.history()).unwrap();
    for listed in store.list(PersonId::YOU, Mode::Assess, None, 9).unwrap() {
        let result = store.results(&listed.id).unwrap().pop().unwrap();
        let mut body: serde_json::Value = serde_json::from_str(&result.body).unwrap();
        for field in ["said", "continues"] {
            body["summary"].as_object_mut().unwrap().remove(field);
        }
        let older = Scored {
            scored_at: result.scored_at + 1,
            body: body.to_string(),
            ..result
        };
        store.put_result(&listed.id, &older, &[]).unwrap();
    }
    drop(store);
    assert_eq!(said(&home), before);
}

#[test]
fn with_other_decks_only_the_result_itself_is_compared() {
    let home = assessed();
    let easy = super::home::singles("easy", 60)
        .replace("level = \"senior\"", "level = \"junior\"")
        // Only decks that count are part of what a score refers to.
        .replace("competency = ", "counts = true\ncompetency = ");
    home.deck("easy", easy);
    let lines = "b\n4\n".repeat(4) + "e\ny\n";
    home.run_with(
        &[
            "assess",
            "mine",
            "--questions",
            "4",
            "--seed",
            "6",
            "--plain",
            "--untimed",
        ],
        &lines,
    );
    assert!(
        home.json(&["history", "--json"])[0]["since"].is_null(),
        "the two scores speak of other questions"
    );
    let since = &home.json(&["report", "--format", "json"])["since"];
    assert!(
        since["competencies"]["data-consistency"]["by"].is_number(),
        "both scored on the questions of the later one: {since}"
    );
}

#[test]
fn it_says_at_once_where_there_is_nothing_to_ask() {
    // Two questions give no score, so the level stays open with any answers.
    let home = home_with(2);
    let mut terminal = question(&home, 2);
    for number in 1..=2 {
        terminal.wait_for(&format!("{number}/2"));
        terminal.press("a");
        terminal.wait_for("● a");
        terminal.decide("n");
    }
    terminal.wait_for("Overview");
    terminal.press("F");
    terminal.wait_for("Finish the assessment?");
    terminal.decide("2");
    terminal.wait_for("Your result");
    let output = home.run(&["assess", "mine", "--deepen", "--plain"]);
    assert!(!output.status.success());
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(why.contains("you have seen every question on"), "{why}");
    // The built-in deck has more questions of that competency.
    terminal.press("d");
    terminal.wait_for("Start the clock");
    terminal.decide("\r");
    terminal.wait_for("1 of at most 16");
    leave(&mut terminal);
    terminal.end();
}
