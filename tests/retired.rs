//! Retired questions and the editions of the built-in decks.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use aethos::deck::builtin::EDITION;
use aethos::deck::load::Library;
use home::{Home, head, numeric, single};

/// The digest of the questions in the first edition of the built-in decks.
const FIRST_EDITION_DIGEST: &str =
    "b45199453b1c8ca15cbed6fc43cb0ccdc32ca46d8441021b391455f9f3890ec8";

const RETIRED: &str = "retired = \"replaced by a question with a figure\"\nlevel = ";

fn retired(question: &str) -> String {
    question.replacen("level = ", RETIRED, 1)
}

fn deck(questions: &[String]) -> String {
    head("mine") + &questions.concat()
}

/// Plays a session in lines with these answers, and returns its output.
fn play(home: &Home, args: &[&str], answers: &str) -> String {
    let output = home.run_with(&[args, &["--plain"]].concat(), answers);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn a_retired_question_is_shown_in_its_old_session_and_never_asked() {
    let home = Home::new();
    let (first, second, third) = (single(1), single(2), single(3));
    home.config("confidence = false\n");
    home.deck(
        "mine",
        deck(&[first.clone(), second.clone(), third.clone()]),
    );
    let assess = ["assess", "mine", "--untimed"];
    play(&home, &assess, "flag\nnext\nflag\nnext\nflag\nfinish\ny\n");
    let flagged = |home: &Home| play(home, &["practice", "mine", "--only", "flagged"], "");
    assert!(flagged(&home).contains("of 3"), "{}", flagged(&home));

    home.deck("mine", deck(&[first, retired(&second), third]));
    let report = home.output(&["report", "--format", "markdown"]);
    assert!(report.contains("Number 2. A cluster"), "{report}");
    assert!(flagged(&home).contains("of 2"), "{}", flagged(&home));
    let again = play(&home, &assess, &"next\n".repeat(9));
    assert!(
        again.contains("Number 3. ") && !again.contains("Number 2. "),
        "{again}"
    );
    let decks = home.json(&["decks", "--json"]);
    let mine = decks.as_array().unwrap();
    let mine = mine.iter().find(|deck| deck["id"] == "mine").unwrap();
    assert_eq!(
        (&mine["questions"], &mine["retired"]),
        (&2.into(), &1.into())
    );
    assert!(home.output(&["decks"]).contains("retired question"));
}

#[test]
fn a_retired_question_is_found_however_its_key_is_written() {
    for key in [
        "retired = ",
        "\"retired\" = ",
        "'retired' = '''\n",
        "retired = \"\"\"\n",
    ] {
        let end = key.split("= ").nth(1).unwrap().trim();
        let end = if end.is_empty() { "\"" } else { end };
        let start = if key.ends_with('\n') { "" } else { "\"" };
        let line = format!("{key}{start}too old{end}\nlevel = ");
        let text = deck(&[
            single(1),
            single(2).replacen("level = ", &line, 1),
            single(3),
        ]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, text).unwrap();
        let library = Library::only(&[path]);
        let loaded = &library.decks[0];
        let found = (loaded.deck.entries.len(), loaded.retired());
        assert_eq!(found, (2, 1), "{line}");
        assert_eq!(library.check(loaded).errors(), 0, "{line}");
    }
}

#[test]
fn the_rules_for_authors_and_for_the_bank_leave_retired_questions_out() {
    let home = Home::new();
    let check = |questions: &[String]| {
        let path = home.work().join("mine.toml");
        std::fs::write(&path, deck(questions)).unwrap();
        let found = home.run(&["check", "mine.toml"]).stdout;
        String::from_utf8(found).unwrap()
    };
    let other = single(2);
    assert!(check(&[single(1), other.clone()]).contains("[B7]"));
    assert!(!check(&[single(1), retired(&other)]).contains("[B7]"));
    let poor = numeric(3).replace("lead_in = \"", "lead_in = \"best practice: ");
    assert!(check(&[single(1), poor.clone()]).contains("[L36]"));
    assert!(!check(&[single(1), retired(&poor)]).contains("[L36]"));
    // Structural mistakes and ids that occur twice are still found.
    let twice = check(&[single(1), retired(&single(1))]);
    assert!(twice.contains("[D10]"), "{twice}");
    let empty = retired(&other).replace("replaced by a question with a figure", " ");
    assert!(check(&[single(1), empty]).contains("[D09]"));
}

/// A form code names the edition, so that it never silently draws another form.
#[test]
fn the_edition_is_incremented_when_the_built_in_questions_change() {
    let library = Library::load(&[], None);
    let mut digest = blake3::Hasher::new();
    for loaded in &library.decks {
        for entry in &loaded.deck.entries {
            digest.update(format!("{}/{}\n", loaded.deck.id, entry.id).as_bytes());
        }
    }
    let digest = digest.finalize().to_hex();
    assert_eq!(
        EDITION > 1,
        digest.as_str() != FIRST_EDITION_DIGEST,
        "{digest}"
    );
}

#[test]
fn a_code_of_the_first_edition_says_so_and_a_new_one_names_its_edition() {
    let home = Home::new();
    // Version 0.1 printed this code for seed 5.
    let refused = home.run(&["assess", "--plain", "--form", "800-59M"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains(&format!("has no edition at its end, such as .{EDITION}"))
            && said.contains("version 0.1"),
        "{said}"
    );
    let drawn = play(&home, &["assess", "--quick", "--seed", "5"], "");
    let code = drawn.strip_prefix("Form code ").unwrap();
    let code = code.split(':').next().unwrap();
    assert!(code.ends_with(&format!(".{EDITION}")), "{drawn}");
    assert!(
        play(&home, &["assess", "--form", code], "").starts_with(&format!("Form code {code}:"))
    );
}
