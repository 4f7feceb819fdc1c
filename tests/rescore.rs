//! Scores after a key was corrected or a question was withdrawn.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "support/questions.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod questions;

use aethos::core::correction::{Incomparable, correction};
use aethos::core::question::{Interaction, Question};
use home::{Home, head, single};
use questions::{matching, multiple, option, options, ordering, question};
use serde_json::Value;

const KEY: &str = "followers.\"\n  correct = true\n";
const OTHER: &str = "beside it.\"\n  misconception = \"Two replicas that agree are up to date.\"\n";

/// Returns a question whose key is the second option.
fn corrected(question: &str) -> String {
    assert!(
        question.contains(KEY) && question.contains(OTHER),
        "{question}"
    );
    let wrong = "followers.\"\n  misconception = \"Any round will do.\"\n";
    let right = "beside it.\"\n  correct = true\n";
    question.replacen(KEY, wrong, 1).replacen(OTHER, right, 1)
}

fn deck(questions: &[String]) -> String {
    head("mine") + &questions.concat()
}

fn home() -> (Home, Vec<String>) {
    let home = Home::new();
    home.config("confidence = false\n");
    let questions: Vec<String> = (1..=8).map(single).collect();
    home.deck("mine", deck(&questions));
    let args = [
        "assess",
        "mine",
        "--plain",
        "--untimed",
        "--questions",
        "8",
        "--seed",
        "3",
    ];
    let output = home.run_with(&args, &("a\n".repeat(8) + "finish\ny\n"));
    assert!(output.status.success());
    (home, questions)
}

fn history(home: &Home) -> Value {
    home.json(&["history", "--json"])[0].clone()
}

fn score(session: &Value) -> f64 {
    session["competencies"]["data-consistency"]["score"]
        .as_f64()
        .unwrap()
}

/// Returns the output of a command as one line.
fn flat(home: &Home, args: &[&str]) -> String {
    let output = home.output(args);
    output.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns all events of a history as they are stored.
fn events(home: &Home) -> Vec<String> {
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    let mut statement = connection
        .prepare("SELECT body FROM event ORDER BY session, sequence")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn without_an_assessment_there_is_nothing_to_score_again() {
    let output = Home::new().run(&["rescore", "--dry-run"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("there is no finished session yet"),
        "{said}"
    );
}

#[test]
fn a_corrected_key_changes_the_score_and_keeps_the_old_one_visible() {
    let (home, mut questions) = home();
    let (before, log) = (history(&home), events(&home));
    let words = home.output(&["rescore"]);
    assert_eq!(words, "Every result agrees with the decks.\n");

    questions
        .iter_mut()
        .for_each(|question| *question = corrected(question));
    home.deck("mine", deck(&questions));
    let words = home.output(&["rescore", "--dry-run"]);
    assert!(
        words.contains("the key of consensus-paxos-raft.001 was corrected"),
        "{words}"
    );
    assert!(
        words.contains("Nothing was changed; without --dry-run, 1 would be scored again."),
        "{words}"
    );
    assert_eq!(history(&home), before);

    let words = home.output(&["rescore"]);
    assert!(words.contains("1 session was scored again"), "{words}");
    let after = history(&home);
    assert!(
        (score(&before) - score(&after)).abs() > 1.0,
        "{before} {after}"
    );
    let former = &after["former"][0];
    assert_eq!(
        former["competencies"]["data-consistency"][0]
            .as_f64()
            .unwrap(),
        score(&before)
    );
    assert!(
        former["corrected"]["reason"]
            .as_str()
            .unwrap()
            .contains("the key of consensus-paxos-raft.0")
    );
    assert_eq!(events(&home), log, "an event was changed");
    let reason = former["corrected"]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("; 5 more questions were corrected or withdrawn"),
        "{reason}"
    );
    // There are too few answers for an overall score, so both scores are those of the competency.
    let (old, new) = (score(&before), score(&after));
    for words in [flat(&home, &["history"]), flat(&home, &["report"])] {
        let words = words.split_once("Before the correction of ").unwrap().1;
        let shown = format!("no overall score; data consistency {old:.0}, plausibly ");
        assert!(words.contains(&shown), "no {shown:?} in {words}");
    }
    let shown = format!("data consistency {new:.0}, plausibly ");
    assert!(flat(&home, &["history"]).contains(&shown), "no {shown:?}");
    let report = home.json(&["report", "--format", "json"]);
    let right = |question: &Value| question["verdict"] == "right";
    let n = report["questions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|q| right(q))
        .count();
    assert_eq!(
        report["result"]["competencies"][0]["points"]
            .as_f64()
            .unwrap(),
        n as f64
    );
    assert_eq!(
        home.output(&["rescore"]),
        "Every result agrees with the decks.\n"
    );

    // The correction is taken back, and so is the score.
    home.deck("mine", deck(&(1..=8).map(single).collect::<Vec<_>>()));
    let words = home.output(&["rescore"]);
    assert!(
        words.contains("an earlier correction was taken back"),
        "{words}"
    );
    assert!((score(&history(&home)) - score(&before)).abs() < 1e-6);
    assert_eq!(history(&home)["former"].as_array().unwrap().len(), 2);
}

#[test]
fn a_withdrawn_question_no_longer_counts() {
    let (home, mut questions) = home();
    questions[2] = questions[2].replacen(
        "level = ",
        "retired = \"the key was disputed\"\nlevel = ",
        1,
    );
    home.deck("mine", deck(&questions));
    let words = home.output(&["rescore", "20"]);
    assert!(
        words.contains("consensus-paxos-raft.003 was withdrawn: the key was disputed"),
        "{words}"
    );
    let report = home.json(&["report", "--format", "json"]);
    assert_eq!(report["result"]["competencies"][0]["scored"], 7);
    let withdrawn = report["questions"].as_array().unwrap().iter();
    let withdrawn: Vec<&Value> = withdrawn
        .filter(|q| q["id"] == "consensus-paxos-raft.003")
        .collect();
    assert_eq!(withdrawn[0]["withdrawn"], "the key was disputed");
    assert_eq!(withdrawn[0]["counts"], false);
    let text = flat(&home, &["report"]);
    assert!(
        text.contains("withdrawn, so it doesn't count: the key was disputed"),
        "{text}"
    );
}

#[test]
fn a_replaced_or_reworded_question_is_scored_as_it_was_asked() {
    let (home, mut questions) = home();
    let before = history(&home);
    questions[2] = questions[2].replacen(
        "level = ",
        "retired = \"replaced by consensus-paxos-raft.103, which shows the figure\"\nlevel = ",
        1,
    );
    for (was, is) in [
        ("A cluster of five", "A group of five"),
        ("followers.\"\n", "followers by now.\"\n"),
        ("beside it.\"\n", "next to it.\"\n"),
    ] {
        assert!(questions[4].contains(was), "{was}");
        questions[4] = questions[4].replace(was, is);
    }
    home.deck("mine", deck(&questions));
    let words = home.output(&["rescore"]);
    assert_eq!(words, "Every result agrees with the decks.\n");
    assert_eq!(history(&home), before);
    let report = home.output(&["report", "--format", "markdown"]);
    assert!(report.contains("Number 5. A cluster of five"), "{report}");
    // A key of the replaced question that was wrong is corrected all the same.
    questions[2] = corrected(&questions[2]);
    home.deck("mine", deck(&questions));
    let words = home.output(&["rescore"]);
    assert!(
        words.contains("the key of consensus-paxos-raft.003 was corrected"),
        "{words}"
    );
}

#[test]
fn other_options_need_a_new_question() {
    let (home, mut questions) = home();
    let option = "  [[question.option]]\n  text = \"It asks the operator.\"\n  why = \"It has no way to ask one, and no need to.\"\n  misconception = \"People decide.\"\n";
    questions[0] = questions[0].replacen(
        "  [[question.reference]]",
        &format!("{option}  [[question.reference]]"),
        1,
    );
    home.deck("mine", deck(&questions));
    let output = home.run(&["rescore"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("mine/consensus-paxos-raft.001 is scored as before: its options"),
        "{told}"
    );
    assert!(history(&home)["former"].as_array().unwrap().is_empty());
}

fn asked(interaction: Interaction) -> Question {
    question("raft.001", "consensus", interaction)
}

#[test]
fn options_are_recognized_by_their_texts() {
    let before = asked(multiple(options(&[
        ("a", 1.0),
        ("b", 1.0),
        ("c", 0.0),
        ("d", 0.0),
    ])));
    // The same rule in another order, with one text edited.
    let same = asked(multiple(options(&[
        ("d", 0.0),
        ("b", 1.0),
        ("a, edited", 1.0),
        ("c", 0.0),
    ])));
    assert!(correction(&before, &same).unwrap().is_none());
    let other = asked(multiple(options(&[
        ("d", 1.0),
        ("b", 1.0),
        ("a", 0.0),
        ("c", 0.0),
    ])));
    let found = correction(&before, &other).unwrap().unwrap();
    assert_eq!(
        (found.what, found.rule.as_str()),
        ("the key", "[0.0, 1.0, 0.0, 1.0][]")
    );
    // Two reworded texts that changed places belong to those that they resemble.
    let reworded = asked(multiple(options(&[
        ("a, edited", 1.0),
        ("c is the third, edited", 0.0),
        ("b is the second, edited", 1.0),
        ("d", 0.0),
    ])));
    let before_words = asked(multiple(options(&[
        ("a", 1.0),
        ("b is the second", 1.0),
        ("c is the third", 0.0),
        ("d", 0.0),
    ])));
    assert!(correction(&before_words, &reworded).unwrap().is_none());
    let fewer = asked(multiple(options(&[("a", 1.0), ("b", 1.0), ("c", 0.0)])));
    assert_eq!(correction(&before, &fewer).unwrap_err(), Incomparable);
    let single = asked(Interaction::Single(vec![
        option("a", 1.0),
        option("b", 0.0),
    ]));
    assert_eq!(correction(&before, &single).unwrap_err(), Incomparable);
    let credit = asked(Interaction::Single(vec![
        option("a", 1.0),
        option("b", 0.3),
    ]));
    assert_eq!(
        correction(&single, &credit).unwrap().unwrap().what,
        "the credits"
    );
}

#[test]
fn steps_and_pairs_keep_their_answers() {
    let before = asked(ordering(&["a", "b", "c", "d"]));
    let found = correction(&before, &asked(ordering(&["a", "c", "b", "d"])))
        .unwrap()
        .unwrap();
    assert_eq!((found.what, found.places), ("the key", vec![0, 2, 1, 3]));
    let before = asked(matching(
        &[("x", 0), ("y", 1), ("z", 2)],
        &["1", "2", "3", "4"],
    ));
    let same = asked(matching(
        &[("z", 1), ("x", 3), ("y", 0)],
        &["2", "3", "4", "1"],
    ));
    assert!(correction(&before, &same).unwrap().is_none());
    let other = asked(matching(
        &[("x", 0), ("y", 3), ("z", 2)],
        &["1", "2", "3", "4"],
    ));
    assert_eq!(
        correction(&before, &other).unwrap().unwrap().rule,
        "[0, 3, 2][]"
    );
}
