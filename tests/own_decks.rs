//! What people's own decks may leave out, and whether they count for the score.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use aethos::app::settings::Settings;
use aethos::shell::{Folder, Workspace};
use home::{Home, head, single};

/// Returns the complete question of `aethos new` without points and with a source that has only an address.
fn relaxed(reference: &str) -> String {
    let question = single(1);
    let at = question.find("  [[question.reference]]").unwrap();
    let lines = question[..at].lines();
    let kept = lines.filter(|line| !line.starts_with("points"));
    kept.map(|line| format!("{line}\n")).collect::<String>()
        + &format!("  [[question.reference]]\n{reference}\n")
}

const URL: &str = "  title = \"Runbook\"\n  url = \"https://example.org/raft?x=1\"";

fn stdout(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn an_own_deck_needs_neither_points_nor_the_author_and_year_of_an_address() {
    let home = Home::new();
    let deck = home.deck("mine", head("mine") + &relaxed(URL));
    let checked = home.run(&["check", deck.to_str().unwrap(), "--deny", "warnings"]);
    assert!(checked.status.success(), "{}", stdout(&checked));
    let shown = home.output(&["show", "mine/consensus-paxos-raft.001", "--key"]);
    assert!(
        shown.contains("Runbook, https://example.org/raft?x=1"),
        "{shown}"
    );
}

#[test]
fn without_an_address_the_author_is_missing_and_an_address_is_one() {
    let home = Home::new();
    for (reference, message) in [
        (
            "  title = \"Runbook\"",
            "reference 1 has no `author` and `where`",
        ),
        (
            "  title = \"Runbook\"\n  url = \"the wiki\"",
            "`url` has to be an address",
        ),
        (
            "  title = \"Runbook\"\n  url = \"javascript:alert(1)\"",
            "`url` has to be an address",
        ),
    ] {
        let deck = home.deck("mine", head("mine") + &relaxed(reference));
        let checked = home.run(&["check", deck.to_str().unwrap()]);
        assert_eq!(checked.status.code(), Some(1));
        assert!(stdout(&checked).contains(message), "{}", stdout(&checked));
    }
}

#[test]
fn a_deck_in_the_place_of_a_built_in_one_has_to_be_complete() {
    let home = Home::new();
    let deck = home.deck("data-consistency", head("data-consistency") + &relaxed(URL));
    let said = stdout(&home.run(&["check", deck.to_str().unwrap()]));
    assert!(said.contains("the question has no `points`"), "{said}");
    assert!(said.contains("no `author`, `where` and `year`"), "{said}");
}

/// Returns how many of the questions of a large assessment come from the deck `mine`.
fn asked_from_mine(home: &Home) -> usize {
    let mut input = String::from("finish\nyes\n");
    input.push_str("quit\n");
    home.run_with(
        &["assess", "--untimed", "--questions", "200", "--plain"],
        &input,
    );
    let report = home.output(&["report", "--format", "csv"]);
    report
        .lines()
        .filter(|line| line.contains(",mine,"))
        .count()
}

fn own_deck(says: &str) -> String {
    head("mine").replace("\n\n", &format!("\n{says}\n\n"))
        + &(1..=30).map(single).collect::<String>()
}

#[test]
fn an_own_deck_counts_only_if_it_says_so() {
    for (says, counts) in [
        ("", false),
        ("counts = false", false),
        ("counts = true", true),
    ] {
        let home = Home::new();
        let folder = home.data().join("decks");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("mine.toml"), own_deck(says)).unwrap();
        assert_eq!(asked_from_mine(&home) > 0, counts, "{says}");
        let decks = home.json(&["decks", "--json"]);
        let mut decks = decks.as_array().unwrap().iter();
        let mine = decks.find(|deck| deck["id"] == "mine").unwrap();
        assert_eq!(mine["counts"], counts);
        let words = match counts {
            true => "yours, counts for the score",
            false => "yours, doesn't count for the score",
        };
        let listed = home.output(&["decks"]);
        assert!(listed.contains(words), "{listed}");
    }
}

/// Takes the history back to the schema before own decks had to state that they count.
fn forget_the_update(home: &Home) {
    let connection = rusqlite::Connection::open(home.history()).unwrap();
    let sql = "DROP TABLE counted_deck; DROP INDEX exposure_in_order; DROP TABLE session_name; \
               DROP TABLE deleted_session; DROP TABLE emptied_journal; \
               ALTER TABLE review DROP COLUMN digest; ALTER TABLE memory DROP COLUMN digest; \
               ALTER TABLE remark DROP COLUMN digest; ALTER TABLE suspension DROP COLUMN digest; \
               ALTER TABLE person DROP COLUMN digest; ALTER TABLE attendance DROP COLUMN digest; \
               ALTER TABLE session DROP COLUMN row_digest; PRAGMA user_version = 13;";
    connection.execute_batch(sql).unwrap();
}

fn workspace(home: &Home) -> Workspace {
    let folder = Folder::at(home.data());
    Workspace::open(folder, Settings::default(), &[]).unwrap()
}

#[test]
fn a_deck_that_was_used_before_keeps_counting_and_this_is_told_once() {
    let home = Home::new();
    let folder = home.data().join("decks");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mine.toml");
    std::fs::write(&path, own_deck("")).unwrap();
    home.run_with(&["practice", "mine", "--plain"], "a\ncheck\nquit\n");
    forget_the_update(&home);

    let mut used = workspace(&home);
    let notices = used.home().notices.join("\n");
    assert!(notices.contains("because it was used before"), "{notices}");
    used.record_told().unwrap();
    drop(used);
    let told = workspace(&home);
    assert!(!told.home().notices.join("\n").contains("used before"));
    assert!(
        told.deck_lines()
            .iter()
            .any(|line| !line.builtin && line.counts)
    );
    drop(told);
    let listed = home.output(&["decks"]);
    assert!(listed.contains("yours, counts for the score"), "{listed}");

    std::fs::write(&path, own_deck("counts = false")).unwrap();
    let without = workspace(&home);
    assert!(
        without
            .deck_lines()
            .iter()
            .all(|line| line.builtin || !line.counts)
    );
}

/// Takes an assessment of eight questions of a deck.
fn assess(home: &Home, deck: &str) {
    let args = ["assess", deck, "--untimed", "--questions", "8", "--plain"];
    let output = home.run_with(&args, &("a\n3\nn\n".repeat(8) + "finish\nyes\nquit\n"));
    assert!(output.status.success(), "{}", stdout(&output));
}

#[test]
fn a_named_deck_that_does_not_count_has_a_score_apart_from_that_of_the_role() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", own_deck(""));
    let history = |home: &Home| home.json(&["history", "--json"]);
    let apart = "The deck mine doesn't count for the score of the role";
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");

    assess(&home, "mine");
    let first = history(&home)[0].clone();
    assert_eq!(first["own_decks"], serde_json::json!(["mine"]));
    let score = &first["competencies"]["data-consistency"]["score"];
    assert!(score.is_number(), "it has a score of its own: {first}");
    for format in ["text", "markdown", "html"] {
        let report = flat(home.output(&["report", "--format", format]));
        let report = report.replace("&#39;", "'");
        assert!(report.contains(apart), "{format}: {report}");
    }
    let json = home.json(&["report", "--format", "json"]);
    assert_eq!(json["own_decks"], serde_json::json!(["mine"]));
    assert!(home.output(&["history"]).contains("own decks"));
    assert!(
        workspace(&home).home().last.is_none(),
        "home shows the role"
    );

    assess(&home, "data-consistency");
    let listed = history(&home);
    assert_eq!(listed[0]["own_decks"], serde_json::json!([]));
    assert!(listed[0]["since"].is_null(), "{}", listed[0]);
    assert!(!flat(home.output(&["report"])).contains(apart));
    let last = workspace(&home).home().last;
    assert!(last.is_some());

    assess(&home, "mine");
    let listed = history(&home);
    let since = &listed[0]["since"]["session"];
    assert!(since.is_null() || *since == first["id"], "{}", listed[0]);
    let page = home.output(&["report", "--format", "html"]);
    assert_eq!(
        page.matches("class=\"day\"").count(),
        2,
        "only those of the deck"
    );

    // Now it counts; what was scored before stays apart.
    home.deck("mine", own_deck("counts = true"));
    assess(&home, "mine");
    let own: Vec<usize> = history(&home)
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["own_decks"].as_array().unwrap().len())
        .collect();
    assert_eq!(own, [0, 1, 0, 1]);
}
