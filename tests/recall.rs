//! Cards: practised and graded by the person, and never part of an assessment, a form or a score.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use home::{Home, head, single};

const CARDS: &str = r#"
[[question]]
id = "consensus-paxos-raft.901"
facet = "consensus-paxos-raft"
type = "recall"
front = "What does a follower do with a stale term?"
back = "It rejects the message."

[[question]]
id = "consensus-paxos-raft.902"
facet = "consensus-paxos-raft"
type = "recall"
front = "An entry is committed once {{a majority::how many?}} has {{stored it}}."
"#;

fn cards(says: &str) -> String {
    head("cards").replacen("\n\n", &format!("\n{says}\n"), 1) + CARDS
}

fn out(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_card_needs_a_front_and_a_back_or_a_blank() {
    let home = Home::new();
    let path = home.deck("cards", cards(""));
    let path = path.to_str().unwrap();
    let checked = home.run(&["check", path, "--deny", "warnings"]);
    assert!(checked.status.success(), "{}", out(&checked));
    for (from, to, message) in [
        (
            "back = \"It rejects the message.\"\n",
            "",
            "the card has no `back`, and its `front` has no blank",
        ),
        (
            "front = \"What does",
            "lead_in = \"What does",
            "has no `front`",
        ),
        (
            "back = \"It",
            "lead_in = \"x\"\nback = \"It",
            "a card has no `lead_in`",
        ),
        (
            "type = \"recall\"\nfront = \"What",
            "type = \"open\"\nfront = \"What",
            "`front` and `back` belong to questions of type recall",
        ),
    ] {
        let broken = cards("").replacen(from, to, 1);
        home.deck("cards", broken);
        let said = out(&home.run(&["check", path]));
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn a_card_is_shown_revealed_and_graded() {
    let home = Home::new();
    let path = home.deck("cards", cards(""));
    let path = path.to_str().unwrap();
    let said = out(&home.run_with(
        &["practice", path, "--plain"],
        "\n3\n\nwords\n\n9\nagain\n\n\n2\n\nq\n",
    ));
    assert!(
        said.contains("An entry is committed once [how many?] has […]."),
        "{said}"
    );
    assert!(
        said.contains("An entry is committed once a majority has stored it."),
        "{said}"
    );
    assert!(said.contains("It rejects the message."), "{said}");
    assert!(
        said.contains("Answer in your head: Enter shows the answer."),
        "{said}"
    );
    assert!(said.contains("Type a number from 1 to 4"), "{said}");
    assert!(said.contains("Grade: good (known)."), "{said}");
    assert!(
        said.contains("Grade: again (not known). It comes back in a few questions, as an extra."),
        "{said}"
    );
    assert!(
        said.contains("Grade: hard (partly known or unsure)."),
        "{said}"
    );
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    let sql = "SELECT group_concat(question || ' ' || grade || ' ' || score, '; ') FROM review";
    let reviews: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(reviews.contains(" good 1.0"), "{reviews}");
    assert!(reviews.contains(" again 0.0"), "{reviews}");
}

#[test]
fn no_assessment_and_no_homework_asks_a_card() {
    let home = Home::new();
    let path = home.deck(
        "cards",
        cards("counts = true") + &single(1) + &single(2) + &single(3),
    );
    let path = path.to_str().unwrap();
    home.run_with(
        &["assess", path, "--untimed", "--questions", "3", "--plain"],
        "finish\nyes\nquit\n",
    );
    let report = home.output(&["report", "--format", "csv"]);
    assert!(report.contains("consensus-paxos-raft.001"), "{report}");
    assert!(!report.contains("consensus-paxos-raft.90"), "{report}");
    home.deck("cards", cards("counts = true"));
    let only = home.run(&["assess", path, "--untimed", "--plain"]);
    assert_ne!(only.status.code(), Some(0), "{}", out(&only));
}

#[test]
fn a_card_is_shown_with_its_answer_on_request() {
    let home = Home::new();
    home.deck("cards", cards(""));
    std::fs::create_dir_all(home.data().join("decks")).unwrap();
    std::fs::write(home.data().join("decks/cards.toml"), cards("")).unwrap();
    let name = "cards/consensus-paxos-raft.902";
    let shown = home.output(&["show", name]);
    assert!(
        shown.contains("[how many?]") && !shown.contains("a majority"),
        "{shown}"
    );
    let key = home.output(&["show", name, "--key"]);
    assert!(key.contains("once a majority has stored it"), "{key}");
    let schema = home.json(&["schema"]);
    assert!(schema.to_string().contains("\"recall\""));
}
