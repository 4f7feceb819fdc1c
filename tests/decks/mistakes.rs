//! One mistake of an author gives one error, on the line of the mistake, with a help that fixes it.

use std::sync::LazyLock;

use super::check_bytes;

/// The deck that `aethos new` writes, under the name that [`check_bytes`] gives to its file.
static DECK: LazyLock<String> =
    LazyLock::new(|| include_str!("../../src/cli/new.toml").replace("\"my-team\"", "\"mine\""));
const FIRST_OPTION: &str = "  [[question.option]]\n  text = \"Complete";

/// Returns the only problem that `check` finds.
fn only_problem(name: &str, bytes: &[u8]) -> String {
    let out = check_bytes(bytes);
    let is_head = |line: &&str| line.starts_with("error[") || line.starts_with("warning[");
    assert_eq!(out.lines().filter(is_head).count(), 1, "{name}:\n{out}");
    out
}

/// Returns the number of the first line of the deck that contains `text`.
fn line_of(deck: &str, text: &str) -> usize {
    deck.lines()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("{text}"))
        + 1
}

/// Checks the deck with `from` replaced by `to`: one error, in the first line with `line`, and a help with `help`.
fn one(from: &str, to: &str, line: &str, help: &str) {
    assert!(DECK.contains(from), "{from}");
    let deck = DECK.replacen(from, to, 1);
    let out = only_problem(to, deck.as_bytes());
    let place = format!("mine.toml:{}:", line_of(&deck, line));
    assert!(
        out.contains(&place),
        "{to} is not reported at {place}\n{out}"
    );
    assert!(out.contains(help), "{to}: no help {help:?}\n{out}");
}

#[test]
fn a_syntax_error_is_reported_once_where_it_was_made() {
    one("kp7\"]", "kp7\"", "points = ", "end the value with `]`");
    one(
        "linearizable read.\"\"\"",
        "linearizable read.",
        "stem = ",
        "three quotes",
    );
    one(
        "minority is unavailable.\"\"\"",
        "minority is unavailable.",
        "explanation = ",
        "three quotes",
    );
    one("stem = \"\"\"", "stem = \"", "stem = ", "begins with");
    one("stem = \"\"\"", "stem =", "stem =", "on the same line");
    one(
        "\"What does the",
        "\"What does\nthe",
        "lead_in",
        "begins with",
    );
    one("nodes elect", "nodes\relect", "elect", "LF or CRLF");
    one(
        "level = \"senior\"",
        "level = senior",
        "level = ",
        "write \" before and after",
    );
    one(
        "level = \"senior\"",
        "level = \"senior",
        "level = ",
        "begins with",
    );
    one(
        "level = \"senior\"",
        "level = “senior”",
        "level = ",
        "straight quotes",
    );
    one(
        "level = \"senior\"",
        "level\u{a0}= \"senior\"",
        "senior",
        "replace it by a space",
    );
    one(
        "level = \"senior\"",
        "level: \"senior\"",
        "level:",
        "write =",
    );
    one(
        "level = \"senior\"",
        "level = \"senior\",",
        "level =",
        "delete everything",
    );
    one(
        "level = \"senior\"",
        "level = \"senior\"\nlevel = \"mid\"",
        "level = \"mid\"",
        "delete one",
    );
    one(
        "level = \"senior\"",
        "// easy\nlevel = \"senior\"",
        "// easy",
        "begins with #",
    );
    one(
        "level = \"senior\"",
        "<<<<<<< HEAD\nlevel = \"mid\"\n=======\nlevel = \"senior\"\n>>>>>>> b",
        "<<<<",
        "keep one",
    );
    one("[5, 7, 9", "[5 7, 9", "values = ", "a comma between");
    one(
        "correct = true",
        "correct = True",
        "correct",
        "small letters",
    );
    one(
        "correct = true",
        "correct = yes",
        "correct",
        "write true or false",
    );
    one(
        "tolerance_abs = 0.1",
        "tolerance_abs = 0,1",
        "tolerance_abs",
        "with a point",
    );
    one(
        "tolerance_abs = 0.1",
        "tolerance_rel = 2%",
        "tolerance_rel",
        "without a unit",
    );
    one(
        "that agree are",
        "\\dthat agree are",
        "misconception",
        "\\\\",
    );
    one("Two replicas", "Two \"replicas\"", "misconception", "\\\"");
}

#[test]
fn a_wrong_header_is_reported_once_with_the_right_one() {
    let single = |name: &str| DECK.replace(&format!("[[{name}]]"), &format!("[{name}]"));
    for (name, deck) in [
        ("[[question.option]]", single("question.option")),
        ("[[question.answer.wrong]]", single("question.answer.wrong")),
        ("[[question]]", single("question")),
        (
            "[[question.option]]",
            DECK.replace("question.option", "question.options"),
        ),
        (
            "[[question.option]]",
            DECK.replace("question.option", "option"),
        ),
        (
            "[question.answer]",
            DECK.replacen("[question.answer]", "[question.answers]", 1),
        ),
        (
            "[question.answer]",
            DECK.replacen("[question.answer]", "[[question.answer]]", 1),
        ),
        (
            "[question.params]",
            DECK.replacen("[question.params]", "[[question.params]]", 1),
        ),
        (
            "[[question.option]]",
            DECK.replacen("[[question.option]]", "[[question.option]", 1),
        ),
        ("[deck]", DECK.replacen("[deck]", "[[deck]]", 1)),
    ] {
        let out = only_problem(name, deck.as_bytes());
        assert!(
            out.contains(&format!("write it as {name}")),
            "{name}:\n{out}"
        );
    }
    one(
        "[deck]\n",
        "",
        "id = \"mine\"",
        "write [deck] on a line of its own",
    );
    let questions = &DECK[DECK.find("[[question]]").unwrap()..];
    assert!(only_problem("no deck", questions.as_bytes()).contains("begin the file with [deck]"));
    assert!(only_problem("empty", b"").contains("begin the file with [deck]"));
}

#[test]
fn a_wrong_key_or_value_is_reported_once() {
    one(
        "tolerance_abs",
        "tolerance",
        "tolerance = ",
        "`tolerance_rel` or `tolerance_abs`",
    );
    one("{ values =", "{ vals =", "vals", "`values`");
    one(
        "values = [5, 7, 9, 11, 13, 15]",
        "min = 5, max = 15, step = 2",
        "min = 5",
        "still needs `values`",
    );
    let param = "n = { values = [5, 7, 9, 11, 13, 15], label = \"nodes\" }";
    one(param, "n = [5, 7]", "n = [5", "n = { values = [5, 7] }");
    one(param, "n = 5", "n = 5", "n = { values = [5] }");
    one(
        "  correct = true\n",
        "",
        "[[question.option]]",
        "`correct = true`",
    );
    one(
        "correct = true",
        "is_correct = true",
        "is_correct",
        "`correct`",
    );
    one(
        "correct = true",
        "answer = true",
        "answer = true",
        "correct",
    );
    one(
        "correct = true",
        "correct = \"true\"",
        "correct =",
        "write correct = true",
    );
    one(
        "seconds = 75",
        "seconds = \"75\"",
        "seconds =",
        "write seconds = 75",
    );
    one(
        "seconds = 75",
        "seconds = \"1m15s\"",
        "seconds =",
        "write seconds = 75",
    );
    one(
        "seconds = 75",
        "seconds = \"long\"",
        "seconds =",
        "write seconds = 60",
    );
    one(
        "tolerance_abs = 0.1",
        "tolerance_rel = \"2%\"",
        "tolerance_rel",
        "write tolerance_rel = 0.02",
    );
    one(
        "level = \"senior\"",
        "level = 3",
        "level = 3",
        "write level = \"senior\"",
    );
    one(
        "type = \"single\"",
        "type = 3",
        "type = 3",
        "write type = \"single\"; it is one of single, multiple",
    );
    one(
        "type = \"single\"",
        "type = \"single\"\nretired = true",
        "retired",
        "write retired = \"the reason\"",
    );
    one(
        "unit = \"nodes\"",
        "unit = \"\"",
        "unit =",
        "leave the line out",
    );
    one(
        "[\"consensus-paxos-raft/kp7\"]",
        "\"consensus-paxos-raft/kp7\"",
        "points =",
        "points = [\"consensus",
    );
    one(
        "formula = \"n - (floor(n / 2) + 1)\"",
        "formula = 3",
        "formula = 3",
        "formula = \"3\"",
    );
    one(
        "lead_in = \"What",
        "question = \"What",
        "question = \"What",
        "still needs `lead_in`",
    );
    one("  n = {", "  nodes = {", "formula = \"n -", "");
    one(
        "  [question.params]                # {n} in a text is replaced by one of these\n",
        "",
        "n = {",
        "",
    );
    let moved = DECK.replacen("seconds = 75\n", "", 1).replacen(
        "  year = 2014\n",
        "  year = 2014\nseconds = 75\n",
        1,
    );
    assert!(only_problem("moved", moved.as_bytes()).contains("move it above the first"));
    let no_header = DECK.replacen("  [question.answer]\n", "", 1);
    assert!(only_problem("no header", no_header.as_bytes()).contains("write [question.answer]"));
    for day in [
        "22.11.2026",
        "2026/11/22",
        "2026-11-31",
        "2026-11-22T10:00:00Z",
        "2026",
        "\"22.11.2026\"",
        "\"2026-1-5\"",
    ] {
        let checked =
            format!("  [question.checked]\n  on = {day}\n  against = \"v1\"\n{FIRST_OPTION}");
        let out = only_problem(day, DECK.replacen(FIRST_OPTION, &checked, 1).as_bytes());
        assert!(out.contains("a day"), "{day}:\n{out}");
    }
}

#[test]
fn a_misspelt_placeholder_is_reported_once_on_its_line() {
    for wrong in ["{ n }", "{{n}}", "{k}"] {
        one(
            "{n} nodes",
            &format!("{wrong} nodes"),
            &format!("{wrong} nodes"),
            "",
        );
    }
}

#[test]
fn every_text_that_is_too_long_is_reported_once() {
    let long = "word ".repeat(10_000);
    for key in [
        "My team's",
        "What does the old",
        "Complete a round",
        "A majority that",
        "Two replicas",
        "Ongaro",
        "section 6.4",
    ] {
        let deck = DECK.replacen(key, &format!("{long}{key}"), 1);
        assert!(
            only_problem(key, deck.as_bytes()).contains("[L45]"),
            "{key}"
        );
    }
    for (from, key) in [
        ("unit = \"", "unit"),
        ("label = \"", "label"),
        ("why = \"That is", "why"),
        ("version = \"", "version"),
    ] {
        let deck = DECK.replacen(from, &from.replacen('"', &format!("\"{long}"), 1), 1);
        assert!(
            only_problem(key, deck.as_bytes()).contains(&format!("`{key}` of")),
            "{key}"
        );
    }
    let unbroken = DECK.replacen("A majority that", &"w".repeat(50_000), 1);
    assert!(only_problem("one word", unbroken.as_bytes()).contains("characters"));
}

#[test]
fn a_file_in_another_encoding_is_named() {
    let wide = |width: usize, big: bool| -> Vec<u8> {
        let units = DECK.bytes().flat_map(|byte| {
            let mut unit = vec![0; width];
            unit[if big { width - 1 } else { 0 }] = byte;
            unit
        });
        units.collect()
    };
    for big in [false, true] {
        assert!(only_problem("UTF-16", &wide(2, big)).contains("UTF-16"));
        assert!(only_problem("UTF-32", &wide(4, big)).contains("UTF-32"));
    }
}

#[test]
fn a_number_of_the_example_is_found_in_every_text_read_after_answering() {
    let deck = DECK
        .replace("[5, 7, 9, 11, 13, 15]", "[50, 70, 90, 110, 130, 150]")
        .replace("n = 7, value = 3", "n = 70, value = 34");
    for (from, to) in [
        ("That is the majority", "A 36 of 70, that is the majority"),
        (
            "no vote of its own.",
            "no vote of its own, and 34 is right.",
        ),
    ] {
        let out = check_bytes(deck.replacen(from, to, 1).as_bytes());
        let (_, found) = out.split_once("[L44]").unwrap_or_else(|| panic!("{out}"));
        assert!(found.contains(to), "{out}");
        let marked = to.replacen(' ', " for example ", 1);
        assert!(!check_bytes(deck.replacen(from, &marked, 1).as_bytes()).contains("[L44]"));
    }
}

#[test]
fn one_cause_gives_one_error() {
    let option = DECK[DECK.find(FIRST_OPTION).unwrap()..]
        .split("  [[question.option]]")
        .nth(2)
        .unwrap();
    let more = format!("  [[question.option]]{option}").repeat(4);
    let seven = DECK.replacen(FIRST_OPTION, &format!("{more}{FIRST_OPTION}"), 1);
    assert!(only_problem("seven options", seven.as_bytes()).contains("has 7 options"));
    one(
        "  correct = true\n",
        "  credit = 1.0\n",
        "credit = 1.0",
        "write `correct = true`",
    );
    let wrong = DECK.replacen("  misconception", "  credit = 1.0\n  misconception", 1);
    let out = only_problem("a credit of a distractor", wrong.as_bytes());
    assert!(out.contains("delete it"), "{out}");
    let numeric = "type = \"single\"";
    let at = DECK.find("type = \"numeric\"").unwrap();
    let single = format!(
        "{}{numeric}{}",
        &DECK[..at],
        &DECK[at + "type = \"numeric\"".len()..]
    );
    let out = only_problem("a numeric question called single", single.as_bytes());
    assert!(out.contains("write type = \"numeric\""), "{out}");
}
