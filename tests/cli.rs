//! The program in pipes: exit codes, messages, JSON, and sessions in the line dialogue.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

#[path = "cli/broken_decks.rs"]
mod broken_decks;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/reasons.rs"]
mod reasons;
#[path = "cli/unended.rs"]
mod unended;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Output, Stdio};

use home::{Home, head, single, singles};
use serde_json::Value;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the one-sentence error of a command that fails.
fn refusal(output: &Output, code: i32) -> String {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(text(&output.stdout), "");
    let sentence = said.strip_suffix('\n').unwrap_or(&said);
    assert!(
        sentence.starts_with("aethos: ") && !sentence.contains('\n'),
        "{said}"
    );
    sentence.to_owned()
}

/// Plays a session in lines and skips every question; returns the output from the first question on.
fn asked(home: &Home, args: &[&str]) -> Vec<String> {
    let output = home.run_with(
        &[&["assess", "--plain", "--untimed"], args].concat(),
        &"next\n".repeat(90),
    );
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    let questions: Vec<String> = said
        .split("\nQuestion ")
        .skip(1)
        .map(|q| question_of(q).to_owned())
        .collect();
    assert!(!questions.is_empty(), "{said}");
    questions
}

/// Returns a question without the prompt that follows it.
fn question_of(said: &str) -> &str {
    said.split("\nanswer (").next().unwrap()
}

/// Returns the form code in the first line of a session.
fn code(home: &Home, args: &[&str]) -> String {
    let output = home.run_with(&[&["assess", "--plain", "--untimed"], args].concat(), "");
    let said = text(&output.stdout);
    let rest = said
        .strip_prefix("Form code ")
        .unwrap_or_else(|| panic!("{said}{}", text(&output.stderr)));
    rest.split(':').next().unwrap().to_owned()
}

#[test]
fn calls_that_are_off_are_refused_in_a_sentence_with_exit_code_2() {
    let home = Home::new();
    let refused = |args: &[&str], words: &str| {
        let sentence = refusal(&home.run(args), 2);
        assert!(sentence.contains(words), "{args:?}: {sentence}");
    };
    refused(
        &["assess", "data-consistensy", "--quick"],
        "did you mean data-consistency?",
    );
    refused(
        &["assess", "nothing-like-it", "--quick"],
        "known decks: architecture-design, ",
    );
    refused(
        &["assess", "./nowhere.toml", "--quick"],
        "./nowhere.toml  cannot be read",
    );
    refused(&["assess", "--form", "7K3"], "looks like 7K3-QX9");
    refused(&["assess", "--form", "not a code!"], "looks like 7K3-QX9");
    refused(&["assess", "--questions", "0"], "at least 1");
    refused(
        &["assess", "--questions", "100000"],
        "--questions 100000: only ",
    );
    refused(
        &["assess", "tips", "--questions", "200"],
        "--questions 200: only ",
    );
    refused(
        &["history", "--person", "Nobody"],
        "unknown person \"Nobody\"",
    );
    refused(&[], "stdout is not a terminal");
    assert!(
        !home.history().exists() || home.json(&["history", "--json"]) == Value::Array(Vec::new())
    );
}

#[test]
fn what_clap_refuses_names_the_argument_and_what_it_may_be() {
    let home = Home::new();
    for (args, words) in [
        (
            &["assess", "--time", "1.5x"][..],
            "a time is a number with s, m or h, such as 45m",
        ),
        (&["assess", "--time", ""], "a time is a number"),
        (&["assess", "--time", "99h"], "a time is from 1s to 24h"),
        (&["assess", "--questions", "many"], "invalid digit"),
        (&["assess", "--seed", "262144"], "0..262144"),
        (&["assess", "--quick", "--deep"], "cannot be used with"),
        (
            &["assess", "--time", "5m", "--untimed"],
            "cannot be used with",
        ),
        (&["report", "--format", "pdf"], "text, markdown, html, json"),
        (&["asess"], "assess"),
    ] {
        let output = home.run(args);
        let said = text(&output.stderr);
        assert_eq!(
            (output.status.code(), text(&output.stdout).as_str()),
            (Some(2), ""),
            "{args:?}: {said}"
        );
        assert!(
            said.starts_with("error: ") && said.contains(words),
            "{args:?}: {said}"
        );
    }
}

#[test]
fn what_did_not_succeed_exits_with_1() {
    let home = Home::new();
    let sentence = |args: &[&str]| refusal(&home.run(args), 1);
    assert!(sentence(&["report"]).contains("no finished session"));
    assert!(sentence(&["report", "2026"]).contains("`aethos history` lists the sessions"));
    assert!(sentence(&["assess", "--person", "", "--quick"]).contains("1 to 64 characters"));
}

#[test]
fn a_form_code_of_other_decks_is_told_from_a_good_one() {
    let (one, other) = (Home::new(), Home::new());
    let counting = singles("mine", 3).replacen("\n\n", "\ncounts = true\n\n", 1);
    other.deck("mine", counting);
    let theirs = code(&other, &["--quick"]);
    assert!(
        refusal(&one.run(&["assess", "--plain", "--form", &theirs]), 2)
            .contains("doesn't fit these decks")
    );
    assert_eq!(
        code(
            &other,
            &["--form", &theirs.to_lowercase().replace('-', " ")]
        ),
        theirs
    );
}

#[test]
fn a_data_folder_that_cannot_be_written_is_refused_and_the_rest_works() {
    let there = Home::new();
    let file = there.work().join("file");
    fs::write(&file, "mine").unwrap();
    for data in [file.clone(), file.join("inside")] {
        let home = Home::with_data(&data);
        for args in [
            &["history"][..],
            &["report"],
            &["assess", "--plain", "--quick"],
        ] {
            let sentence = refusal(&home.run(args), 1);
            assert!(
                sentence.contains("history.db cannot be"),
                "{args:?}: {sentence}"
            );
        }
        assert!(home.output(&["decks"]).contains("10 decks"));
        assert!(home.output(&["check"]).contains("10 decks"));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn decks_in_json_have_exactly_the_documented_fields() {
    let home = Home::new();
    home.deck("mine", singles("mine", 3));
    let decks = home.json(&["decks", "--json"]);
    let decks = decks.as_array().unwrap();
    assert_eq!(decks.len(), 11);
    let documented = "builtin competency counts draft errors facets_covered facets_total id levels questions replaces_builtin retired title types";
    for deck in decks {
        let fields: BTreeSet<&str> = deck
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(fields, documented.split(' ').collect());
    }
    let mine = decks.iter().find(|deck| deck["id"] == "mine").unwrap();
    assert_eq!(
        (&mine["questions"], &mine["builtin"]),
        (&3.into(), &false.into())
    );
}

#[test]
fn a_finished_session_is_in_history_and_report() {
    let home = Home::new();
    home.deck("mine", singles("mine", 4));
    home.config("confidence = false\n");
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "4"];
    let output = home.run_with(&args, "a\nflag\nb\nnext\nc\nfinish\ny\n");
    let said = text(&output.stdout);
    assert!(
        output.status.success() && said.contains("Finished."),
        "{said}"
    );
    let history = home.json(&["history", "--json"]);
    let session = &history[0];
    assert_eq!(
        (&session["finished"], &session["answered"]),
        (&true.into(), &3.into())
    );
    let report = home.json(&["report", "--format", "json"]);
    assert_eq!(report["session"], session["id"]);
    assert_eq!(report["tally"]["answered"], 3);
    assert_eq!(report["questions"].as_array().unwrap().len(), 4);
    let by_id = home.json(&[
        "report",
        session["id"].as_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(by_id, report);

    assert_eq!(home.output(&["report", "-o", "report.md"]), "");
    let written = fs::read_to_string(home.work().join("report.md")).unwrap();
    assert_eq!(written, home.output(&["report", "--format", "markdown"]));
    assert!(refusal(&home.run(&["report", "-o", "report.md"]), 1).contains("report.md"));
    assert_eq!(
        fs::read_to_string(home.work().join("report.md")).unwrap(),
        written,
        "never over another file"
    );
    fs::write(home.work().join("report.md"), "old").unwrap();
    let refused = refusal(&home.run(&["report", "-o", "report.md"]), 1);
    assert!(
        refused.contains("add --force") && !refused.contains("os error"),
        "{refused}"
    );
    home.output(&["report", "-o", "report.md", "--force"]);
    assert_eq!(
        fs::read_to_string(home.work().join("report.md")).unwrap(),
        written
    );
}

#[test]
fn the_end_of_the_input_leaves_a_session_that_keeps_its_answers() {
    let home = Home::new();
    home.deck("mine", singles("mine", 4));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "4"];
    let output = home.run_with(&args, "b\n4\na\n");
    let said = text(&output.stdout);
    assert!(output.status.success());
    assert_eq!(said.matches("Everything is saved").count(), 1, "{said}");
    assert_eq!(home.json(&["history", "--json"])[0]["finished"], false);
}

#[test]
fn schema_completions_and_manual_are_there() {
    let home = Home::new();
    let schema = home.json(&["schema"]);
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert!(schema["properties"]["question"].is_object());
    for shell in ["bash", "zsh", "fish"] {
        let script = home.output(&["completions", shell]);
        assert!(script.contains("COMPLETE"), "{script}");
    }
    assert!(home.output(&["man"]).contains(".TH aethos 1"));
    assert!(home.output(&["config"]).contains("time_multiplier"));
    for args in [&["--help"][..], &["assess", "--help"], &["--version"]] {
        assert!(home.output(args).contains("aethos"));
    }
}

#[test]
fn all_manual_pages_are_written_at_once() {
    let home = Home::new();
    let folder = home.work().join("man");
    home.output(&["man", "--all", folder.to_str().unwrap()]);
    for name in ["aethos", "aethos-assess", "aethos-mentor-export"] {
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).unwrap();
        assert!(page.contains(&format!(".TH {name} 1")), "{page}");
    }
    let pages = fs::read_dir(&folder).unwrap().flatten();
    for name in pages.map(|page| page.file_name().into_string().unwrap()) {
        assert!(!name.contains("help"), "{name}");
    }
    let file = folder.join("aethos.1");
    let refused = home.run(&["man", "--all", file.to_str().unwrap()]);
    assert!(refusal(&refused, 1).contains("can't be written"));
}

#[test]
fn the_version_has_the_number_and_perhaps_the_commit() {
    let version = Home::new().output(&["--version"]);
    let rest = version.trim_end().strip_prefix("aethos ").unwrap();
    let number = rest.split(' ').next().unwrap();
    assert_eq!(number, env!("CARGO_PKG_VERSION"));
    let commit = rest.strip_prefix(number).unwrap().trim();
    let is_hash = |commit: &str| commit.len() == 9 && commit.chars().all(|c| c.is_ascii_hexdigit());
    let hash = commit
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    assert!(commit.is_empty() || hash.is_some_and(is_hash), "{version}");
}

/// Returns what bash offers for the last word of `line`.
fn completed(home: &Home, line: &[&str]) -> String {
    let output = home
        .command(&[&["--", "aethos"], line].concat())
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", line.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_IFS", "\n")
        .output()
        .unwrap();
    text(&output.stdout)
}

#[test]
fn completions_know_decks_facets_sessions_and_people() {
    let home = Home::new();
    home.deck("mine", singles("mine", 2));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "2"];
    home.run_with(&[&args[..], &["--person", "Ada"]].concat(), "a\n1\nq\n");
    home.run_with(&args, "a\n1\nq\n");
    let id = home.json(&["history", "--json"])[0]["id"].clone();
    for (line, offered) in [
        (&["assess", "mi"][..], "mine"),
        (&["practice", "--only", "consensus"], "consensus-paxos-raft"),
        (&["decks", "--facets", "data"], "data-consistency"),
        (&["history", "resume", ""], id.as_str().unwrap()),
        (&["report", "--person", "A"], "Ada"),
    ] {
        let found = completed(&home, line);
        assert!(
            found.lines().any(|word| word == offered),
            "{line:?}: {found}"
        );
    }
}

#[test]
fn a_session_is_resumed_discarded_and_restored_by_its_id() {
    let home = Home::new();
    home.deck("mine", singles("mine", 2));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "2"];
    home.run_with(&args, "a\n1\nq\n");
    let id = home.json(&["history", "--json"])[0]["id"].clone();
    let id = id.as_str().unwrap();
    let state = || home.json(&["history", "--json"])[0]["state"].clone();
    assert!(
        home.output(&["history", "discard", id])
            .contains("was discarded")
    );
    assert_eq!(state(), "discarded");
    assert!(refusal(&home.run(&["history", "resume", id, "--plain"]), 1).contains("no unfinished"));
    assert!(
        home.output(&["history", "restore", id])
            .contains("was restored")
    );
    let resumed = home.run_with(&["history", "resume", id, "--plain"], "b\n4\ne\ny\n");
    let said = text(&resumed.stdout);
    assert!(
        said.contains("Question 2 of 2") && said.contains("Next steps:"),
        "{said}"
    );
    assert_eq!(state(), "finished");
}

#[test]
fn without_an_id_the_newest_unfinished_session_is_resumed() {
    let home = Home::new();
    home.deck("mine", singles("mine", 2));
    let resume = ["history", "resume", "--plain"];
    assert!(refusal(&home.run(&resume), 1).contains("no session is unfinished"));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions"];
    for questions in ["1", "2"] {
        home.run_with(&[&args[..], &[questions]].concat(), "a\n1\nq\n");
    }
    let said = text(&home.run_with(&resume, "q\n").stdout);
    assert!(said.contains("of 2"), "the one with two questions: {said}");
}

#[test]
fn rules_facets_and_manual_pages_are_listed() {
    let home = Home::new();
    let rules = home.output(&["check", "--explain"]);
    assert!(rules.contains("D01") && rules.contains("L45") && rules.lines().count() > 80);
    assert!(refusal(&home.run(&["check", "--explain", "X1"]), 2).contains("lists all rules"));
    let facets = home.output(&["decks", "--facets", "data-consistency"]);
    assert!(
        facets.contains("  consensus-paxos-raft: ") && facets.contains("consensus-paxos-raft/kp7")
    );
    assert!(!facets.contains("circuit-breakers"));
    assert!(refusal(&home.run(&["decks", "--facets", "x"]), 2).contains("data-consistency"));
    let page = home.output(&["man"]);
    for section in [".SH FILES", ".SH ENVIRONMENT", ".SH \"EXIT STATUS\""] {
        assert!(
            page.replace(".SH EXIT STATUS", ".SH \"EXIT STATUS\"")
                .contains(section),
            "{page}"
        );
    }
    let page = home.output(&["man", "mentor", "export"]);
    assert!(
        page.contains(".TH aethos-mentor-export 1") && page.contains("EXIT STATUS"),
        "{page}"
    );
    assert!(refusal(&home.run(&["man", "nothing"]), 2).contains("unknown command"));
    assert_eq!(home.output(&["due", "--short"]), "");
    assert!(!home.history().exists(), "counting creates no history");
}

#[test]
fn plain_sessions_end_with_a_summary_and_then_what_is_asked_for() {
    let home = Home::new();
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 4));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "4"];
    let brief = text(&home.run_with(&args, "a\na\na\na\ne\ny\n\n").stdout);
    let end = brief.split("Finished.").nth(1).unwrap();
    assert!(
        end.contains(" of 4 right.") && end.lines().count() < 30,
        "{end}"
    );
    assert!(!end.contains("Explanation"), "{end}");
    let one = text(&home.run_with(&args, "a\na\na\na\ne\ny\n2\n9\nq\n").stdout);
    let end = one.split("Finished.").nth(1).unwrap();
    assert!(
        end.contains("2. ") && end.matches("Explanation").count() == 1,
        "{end}"
    );
    assert!(end.contains("no such question"), "{end}");
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let home = Home::new();
    let commands = [
        "schema",
        "decks",
        "man",
        "config",
        "history",
        "completions bash",
        "--help",
    ];
    let sessions = ["assess --plain --quick"];
    for command in commands.into_iter().chain(sessions) {
        let args: Vec<&str> = command.split(' ').collect();
        let mut child = home.command(&args).stdin(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(0), ""),
            "{command}"
        );
    }
}

#[test]
fn a_form_code_repeats_its_form_anywhere() {
    let home = Home::new();
    let first = asked(&home, &["--quick"]);
    assert_eq!(first.len(), 24);
    // Questions that were seen are skipped now, and a numeric question has other numbers.
    let second_code = code(&home, &["--quick", "--seed", "5"]);
    let second = asked(&home, &["--form", &second_code]);
    assert_ne!(first, second);
    for _ in 0..2 {
        asked(&home, &["--questions", "30"]);
    }
    assert_eq!(
        asked(&home, &["--form", &second_code]),
        second,
        "after other sessions"
    );
    assert_eq!(
        asked(&Home::new(), &["--form", &second_code]),
        second,
        "in a fresh home"
    );
    let as_another = asked(&home, &["--form", &second_code, "--person", "Ada"]);
    assert_eq!(as_another, second, "by another person");
    assert_eq!(code(&Home::new(), &["--form", &second_code]), second_code);
}

#[test]
fn a_form_of_unusual_making_is_repeated_too() {
    let home = Home::new();
    home.deck("mine", singles("mine", 5));
    let args = [
        "mine",
        "tips",
        "fault-tolerance",
        "--questions",
        "13",
        "--written",
        "1",
    ];
    asked(&home, &args);
    let code = code(&home, &args);
    let form = asked(&home, &["mine", "tips", "fault-tolerance", "--form", &code]);
    assert_eq!(form.len(), 14);
    let fresh = Home::new();
    fresh.deck("mine", singles("mine", 5));
    assert_eq!(
        asked(
            &fresh,
            &["mine", "tips", "fault-tolerance", "--form", &code]
        ),
        form
    );
}

#[test]
fn a_seed_makes_a_form_reproducible() {
    let with = |seed| asked(&Home::new(), &["--questions", "12", "--seed", seed]);
    assert_eq!(with("77"), with("77"));
    assert_ne!(with("77"), with("78"));
}

#[test]
fn decks_are_asked_by_name() {
    let home = Home::new();
    // The deck on the role has only written questions.
    for (deck, kind) in [("tips", "--questions"), ("role", "--written")] {
        let questions = asked(&home, &[deck, kind, "6"]);
        assert_eq!(questions.len(), 6, "{deck}");
        assert!(
            questions.iter().all(|question| question.contains(deck)),
            "{questions:?}"
        );
    }
    let path = home.work().join("own.toml");
    fs::write(&path, singles("own", 2)).unwrap();
    assert_eq!(asked(&home, &["own.toml", "--questions", "2"]).len(), 2);
}

#[test]
fn check_shows_mistakes_where_they_are() {
    let home = Home::new();
    let fixture =
        |name: &str| format!("{}/tests/fixtures/decks/{name}", env!("CARGO_MANIFEST_DIR"));
    for name in ["mistakes.toml", "head.toml", "syntax.toml"] {
        let output = home.run(&["check", &fixture(name)]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let places = said.lines().filter(|line| {
            let Some((_, place)) = line.split_once(&format!("{name}:")) else {
                return false;
            };
            let mut numbers = place.split(':').map(|n| n.trim().parse::<usize>());
            matches!(
                (numbers.next(), numbers.next()),
                (Some(Ok(1..)), Some(Ok(1..)))
            )
        });
        assert!(places.count() >= 1 && said.contains('^'), "{said}");
    }
    let found = home.run(&["check", "--format", "json", &fixture("mistakes.toml")]);
    assert_eq!(found.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert!(
        found[0]["line"].is_u64() && found[0]["column"].is_u64() && found[0]["message"].is_string()
    );
    assert!(
        home.run(&["check", &fixture("empty.toml")])
            .status
            .success(),
        "a warning is no failure"
    );
    assert_eq!(
        home.run(&["check", "--deny", "warnings", &fixture("empty.toml")])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn a_broken_deck_among_good_ones_stops_nobody() {
    let home = Home::new();
    home.deck("good", singles("good", 3));
    home.deck(
        "broken",
        head("broken") + "[[question]]\nid = \"never closed\n\n" + &single(2),
    );
    home.deck("garbage", b"\xff\xfe\x00[[[");
    assert_eq!(asked(&home, &["good", "--questions", "3"]).len(), 3);
    assert_eq!(
        asked(&home, &["broken", "--questions", "1"]).len(),
        1,
        "its other question is asked"
    );
    let listed = home.output(&["decks"]);
    let errors = |deck: &str| {
        listed
            .lines()
            .any(|line| line.starts_with(deck) && line.contains(" error"))
    };
    assert!(
        errors("broken ") && errors("garbage ") && !errors("good "),
        "{listed}"
    );
    let output = home.run(&["check"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("broken.toml:9:6") && said.contains("garbage.toml:1"),
        "{said}"
    );
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let home = Home::new();
    home.deck(
        "broken",
        head("broken") + "[[question]]\nid = \"never closed\n",
    );
    for args in [
        &["check"][..],
        &["decks"],
        &["--help"],
        &["history"],
        &["assess", "--time", "x"],
    ] {
        let output = home.run(args);
        let all = [output.stdout, output.stderr].concat();
        assert!(!all.is_empty() && !all.contains(&0x1b), "{args:?}");
    }
    let said = home.run_with(&["assess", "good", "--quick"], "").stderr;
    assert!(!said.contains(&0x1b));
}

/// Checks that a text is a date-time such as `2026-11-21T14:05:00+00:00`.
fn assert_iso(value: &Value) {
    let shape: String = value
        .as_str()
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(
        shape.replace('-', "+").replacen('+', "-", 2),
        "0000-00-00T00:00:00+00:00",
        "{value}"
    );
}

#[test]
fn json_has_dates_that_programs_read() {
    let home = Home::new();
    home.deck("mine", singles("mine", 3));
    let args = ["assess", "mine", "--plain", "--untimed", "--questions", "3"];
    assert!(home.run_with(&args, "a\n\ne\ny\n").status.success());
    let listed = &home.json(&["history", "--json"])[0];
    let report = home.json(&["report", "--format", "json"]);
    for found in [listed, &report] {
        assert_iso(&found["started_at"]);
        assert_iso(&found["finished_at"]);
        assert!(
            found["day"].as_str().is_some_and(|day| day.contains(' ')),
            "the old field stays: {found}"
        );
    }
}

#[test]
fn options_are_written_without_their_questions_and_guesses_are_scored() {
    let home = Home::new();
    let deck = home.deck("mine", singles("mine", 3));
    let [options, guesses] = ["options.txt", "guesses.txt"].map(|name| deck.with_file_name(name));
    let [deck, options_name, guesses_name] =
        [&deck, &options, &guesses].map(|path| path.to_str().unwrap());
    home.output(&["check", "--options-only", options_name, deck]);
    let text = fs::read_to_string(&options).unwrap();
    assert!(
        !text.contains("cluster of five") && !text.contains("raft."),
        "{text}"
    );

    // Two keys are found, one of them with certainty; the third guess is wrong.
    let mut lines = String::new();
    for (n, set) in text.split("\n\n").skip(1).enumerate() {
        let (code, set) = set.split_once('\n').unwrap();
        let picked = ["Complete a round", "Complete a round", "Compare its last"][n];
        let letter = set
            .lines()
            .find(|line| line.contains(picked))
            .unwrap()
            .trim();
        lines += &format!("{code} {} {}\n", &letter[..2], [5, 2, 2][n]);
    }
    fs::write(&guesses, &lines).unwrap();
    let said = home.output(&["check", "--guesses", guesses_name, deck]);
    assert!(
        said.contains("3 of 3 sets guessed, 2 right (66.7%); chance is 33.3%")
            && said.contains("5     1 guessed, 1 right (100.0%)")
            && said.contains("Found with confidence 4 or 5: mine/"),
        "{said}"
    );

    fs::write(&guesses, format!("{lines}0a1b2c3d\n")).unwrap();
    let refused = refusal(&home.run(&["check", "--guesses", guesses_name, deck]), 1);
    assert!(refused.contains("line 4 is no guess"), "{refused}");
    let again = home.run(&["check", "--options-only", options_name, deck]);
    assert!(refusal(&again, 1).contains("--force"));
}
