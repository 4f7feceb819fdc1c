//! Draft decks: practised at once, checked with warnings, refused by assessments until they are complete.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use home::Home;

const DRAFT: &str = r#"
[deck]
id = "mine"
title = "Mine"
version = "0.1.0"
language = "en"
competency = "data-consistency"
draft = true

[[question]]
id = "consensus-paxos-raft.001"
facet = "consensus-paxos-raft"
type = "single"
lead_in = "Does a Raft leader need a majority to commit an entry?"
  [[question.option]]
  text = "Yes"
  correct = true
  [[question.option]]
  text = "No"
"#;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn home_with(deck: &str) -> (Home, String) {
    let home = Home::new();
    let path = home.work().join("mine.toml");
    std::fs::write(&path, deck).unwrap();
    (home, path.to_str().unwrap().to_owned())
}

#[test]
fn what_a_draft_lacks_is_a_warning() {
    let (home, path) = home_with(DRAFT);
    let output = home.run(&["check", &path]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains(
            "has no `level`, `demand`, `seconds`, `stem`, `explanation` and `reference` yet"
        ),
        "{said}"
    );
    assert!(said.contains("2 options, but 3 to 6 are allowed"), "{said}");
    assert!(said.contains("option 2 has no `misconception`"), "{said}");
    assert!(!said.contains("error"), "{said}");
    let strict = home.run(&["check", &path, "--deny", "warnings"]);
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn without_the_mark_the_same_deck_has_errors() {
    let (home, path) = home_with(&DRAFT.replace("draft = true", ""));
    let output = home.run(&["check", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("error[D06]"));
    let practice = home.run(&["practice", &path, "--plain"]);
    assert_eq!(practice.status.code(), Some(1));
}

#[test]
fn a_draft_is_practised_and_an_assessment_refuses_it() {
    let (home, path) = home_with(DRAFT);
    let practice = home.run_with(&["practice", &path, "--plain"], "a\ncheck\nnext\n");
    let said = text(&practice.stdout);
    assert!(
        said.contains("Does a Raft leader need a majority"),
        "{said}{}",
        text(&practice.stderr)
    );
    let assess = home.run(&["assess", &path, "--questions", "1", "--plain"]);
    let said = text(&assess.stderr);
    assert_eq!(assess.status.code(), Some(1), "{said}");
    assert!(said.contains("the deck mine is a draft"), "{said}");
    assert!(said.contains("remove `draft = true`"), "{said}");
}
