//! Practice from the command line: its messages, and the saved data.

use std::path::Path;
use std::process::{Command, Output};

use super::life::Life;

fn run(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aethos"));
    command
        .args(arguments)
        .env("AETHOS_HOME", home)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn what_to_practise_and_when_is_refused_in_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (["--only", "wrogn"], "did you mean wrong?"),
        (
            ["--only", "data-consistancy"],
            "did you mean data-consistency?",
        ),
        (
            ["--interview", "15.12.2026"],
            "a date is written as year, month and day, such as 2026-12-15, or none",
        ),
        (["--interview", "2020-01-01"], "is in the past"),
    ] {
        let output = run(home.path(), &[&["practice"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains(words),
            "{arguments:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn an_interview_is_kept_and_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let kept = || run(home.path(), &["config"]);
    let set = |date: &str| {
        assert!(
            run(
                home.path(),
                &["practice", "--interview", date, "--progress"]
            )
            .status
            .success()
        );
    };
    set("2999-12-15");
    assert!(said(&kept()).contains("\ninterview = \"2999-12-15\"\n"));
    set("none");
    assert!(said(&kept()).contains("\n# interview = "));
    std::fs::write(home.path().join("config.toml"), "interview = \"tomorrow\"").unwrap();
    let refused = run(home.path(), &["practice", "--progress"]);
    assert!(
        said(&refused).contains("config.toml:1:13  a date is written as year, month and day"),
        "{}",
        said(&refused)
    );
}

#[test]
fn disputed_questions_are_listed_for_their_authors() {
    let mut life = Life::new(9);
    assert!(
        said(&run(life.folder(), &["decks", "--disputed"])).starts_with("No question is disputed")
    );
    let question = life.assess(8).remove(2).question;
    life.dispute(2, "The key holds\nonly with leases.");
    let listed = said(&run(life.folder(), &["decks", "--disputed"]));
    let (deck, id) = (&question.0, &question.1);
    assert!(
        listed.starts_with(&format!(
            "{id}  quizzes/{deck}.toml\n  The key holds\n  only with leases.\n  "
        )),
        "{listed}"
    );
    life.dispute(2, "");
    assert!(
        said(&run(life.folder(), &["decks", "--disputed"])).starts_with("No question is disputed")
    );
}

#[test]
fn progress_is_text() {
    let mut life = Life::new(9);
    life.practise(&aethos::core::practice::Drill::Daily, 30);
    let text = said(&run(life.folder(), &["practice", "--progress"]));
    assert!(
        text.contains("Still known when asked again") && text.contains("Due in the coming days"),
        "{text}"
    );
}

#[test]
fn before_the_first_answer_progress_says_how_to_begin_and_nothing_waits() {
    let life = Life::new(9);
    let text = said(&run(life.folder(), &["practice", "--progress"]));
    assert!(
        text.starts_with("Nothing practised yet. `aethos practice` starts"),
        "{text}"
    );
    // Without input, practice ends at once.
    let text = said(&run(life.folder(), &["practice", "--plain"]));
    assert!(text.ends_with("there is nothing to resume.\n"), "{text}");
    assert!(life.shell.workspace.home().open.is_empty());
}

#[test]
fn practice_of_more_than_a_year_ago_is_still_practice() {
    let mut life = Life::new(9);
    life.set_clock(aethos::core::time::Day(19_000));
    life.practise(&aethos::core::practice::Drill::Daily, 30);
    let text = said(&run(life.folder(), &["practice", "--progress"]));
    assert!(
        !text.starts_with("0 due") && text.contains(" due today"),
        "{text}"
    );
}
