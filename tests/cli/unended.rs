//! Reports of sessions that have not ended, or of which there is no report.

use super::home::{Home, singles};
use super::{refusal, text};

/// Creates a home with the deck `mine` and an assessment that was left after two answers.
fn home_with_open_assessment() -> (Home, String) {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 4));
    let left = home.run_with(
        &["assess", "mine", "--plain", "--untimed", "--questions", "4"],
        "a\nb\nq\n",
    );
    assert!(left.status.success(), "{}", text(&left.stdout));
    let id = id_of_newest(&home);
    (home, id)
}

fn id_of_newest(home: &Home) -> String {
    let listed = home.json(&["history", "--json"]);
    listed[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn no_report_of_an_assessment_shows_anything_before_its_end() {
    let (home, id) = home_with_open_assessment();
    let told = format!(
        "session {id} has not ended yet: 2 of 4 questions are answered; resume it with `aethos history resume {id}`"
    );
    for format in ["text", "markdown", "html", "json", "csv"] {
        let refused = refusal(&home.run(&["report", &id, "--format", format]), 1);
        assert!(refused.contains(&told), "{format}: {refused}");
    }
    let file = home.work().join("report.html");
    let path = file.to_str().unwrap();
    refusal(&home.run(&["report", &id, "-o", path]), 1);
    assert!(!file.exists());
    let refused = refusal(&home.run(&["report"]), 1);
    assert!(
        refused.contains("there is no finished session yet"),
        "{refused}"
    );
    home.output(&["history", "discard", &id]);
    let refused = refusal(&home.run(&["report", &id]), 1);
    assert!(
        refused.contains(&format!("`aethos history restore {id}` restores it")),
        "{refused}"
    );
    home.output(&["history", "restore", &id]);
    let ended = home.run_with(&["history", "resume", &id, "--plain"], "finish\ny\n");
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert!(home.output(&["report", &id]).contains("Ongaro"));
    home.output(&["history", "delete", &id, "--yes"]);
    assert!(home.output(&["report", &id]).contains("Ongaro"));
}

#[test]
fn a_session_without_a_report_is_named_with_what_there_is_instead() {
    let home = Home::new();
    home.deck("mine", singles("mine", 4));
    let practised = home.run_with(&["practice", "mine", "--plain"], "a\n\n\nq\n");
    assert!(practised.status.success(), "{}", text(&practised.stderr));
    let id = id_of_newest(&home);
    let refused = refusal(&home.run(&["report", &id]), 1);
    let instead = format!("`aethos report {id} --format csv` writes its answers");
    assert!(refused.contains(&instead), "{refused}");
    assert!(
        home.output(&["report", &id, "--format", "csv"])
            .contains(&id)
    );
    let refused = refusal(&home.run(&["report", "9999"]), 1);
    assert!(refused.contains("unknown session \"9999\""), "{refused}");
}
