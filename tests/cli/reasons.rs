//! Messages that say why there is nothing, and what would change it.

use super::home::{Home, singles};
use super::{refusal, text};

#[test]
fn a_form_code_with_a_wrong_edition_names_both_editions() {
    let home = Home::new();
    for (code, words) in [
        (
            "EZM-X9J.1",
            "from edition 1 of the built-in decks, and these are of edition",
        ),
        (
            "EZM-X9J.9999",
            "from edition 9999 of the built-in decks, and these are of edition",
        ),
        ("EZM-X9J", "has no edition at its end"),
    ] {
        let refused = refusal(&home.run(&["assess", "--form", code, "--plain"]), 2);
        assert!(refused.contains(words), "{code}: {refused}");
    }
}

#[test]
fn a_time_that_is_too_long_names_the_longest() {
    let home = Home::new();
    let output = home.run(&["assess", "--time", "1000h", "--plain"]);
    let said = text(&output.stderr);
    assert!(said.contains("a time is from 1s to 24h"), "{said}");
}

#[test]
fn a_form_of_seen_questions_says_why_no_answer_counts() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 4));
    let first = ["assess", "mine", "--plain", "--untimed", "--questions", "4"];
    let all = "a\na\na\na\nfinish\ny\n";
    assert!(home.run_with(&first, all).status.success());
    let report = home.json(&["report", "--format", "json"]);
    let code = report["form"]["code"].as_str().or(report["form"].as_str());
    let code = code.unwrap_or_else(|| panic!("{report}")).to_owned();
    let again = ["assess", "mine", "--plain", "--untimed", "--form", &code];
    let output = home.run_with(&again, all);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report = home.output(&["report"]);
    let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        report.contains("0 so far, because you had seen all of these questions before"),
        "{report}"
    );
}

#[test]
fn a_history_of_practice_alone_is_not_called_empty() {
    let home = Home::new();
    home.deck("mine", singles("mine", 4));
    assert!(home.output(&["history"]).contains("No sessions yet"));
    let practised = home.run_with(&["practice", "mine", "--plain"], "a\n\n\nfinish\ny\n");
    assert!(practised.status.success(), "{}", text(&practised.stderr));
    let history = home.output(&["history"]);
    assert!(history.contains("No assessments yet"), "{history}");
}
