//! Every rule about questions finds its violation, and nothing in a correct question.

use std::fs;

use aethos::cli::Exit;
use aethos::cli::check::{Args, Deny, Format, explain, run};

const HEAD: &str = "[deck]\nid = \"mine\"\ntitle = \"Mine\"\nversion = \"1.0.0\"\nlanguage = \"en\"\n\
                    competency = \"data-consistency\"\n\n";

const SINGLE: &str = r#"
[[question]]
id = "consensus-paxos-raft.001"
facet = "consensus-paxos-raft"
points = ["consensus-paxos-raft/kp7"]
level = "senior"
demand = "apply"
type = "single"
seconds = 85
stem = "Five nodes run Raft. A fault leaves the leader with one follower, and the other three elect another. A client asks the old leader for a linearizable read."
lead_in = "What does it have to do before it may answer?"
explanation = "A linearizable read reflects every write that finished before it began. Being elected once proves nothing about now: three nodes have gone on, and may have committed newer values. A round of heartbeats to a majority shows that no newer leader existed when the read began. On the small side of the fault that round cannot finish, so the read fails; that is the price."
  [[question.option]]
  text = "Finish a round of messages with two peers"
  correct = true
  why = "A majority that still follows it shows that nothing newer exists."
  [[question.option]]
  text = "Compare its last entry with the one peer"
  misconception = "Two replicas that agree are up to date."
  why = "Two of five are a minority, and the other three may have moved on."
  [[question.option]]
  text = "Wait for one more of its own time limits"
  misconception = "A leader learns of its replacement by waiting."
  why = "Time alone brings no news across the fault for as long as it lasts."
  [[question.reference]]
  author = "Ongaro"
  title = "Consensus: Bridging Theory and Practice"
  where = "section 6.4"
  year = 2014
"#;

const NUMERIC: &str = r#"
[[question]]
id = "consensus-paxos-raft.002"
facet = "consensus-paxos-raft"
points = ["consensus-paxos-raft/kp1"]
level = "mid"
demand = "apply"
type = "numeric"
seconds = 110
stem = "A replicated log runs on {n} nodes and commits an entry once a majority has stored it. Nodes that fail do not come back."
lead_in = "How many nodes may fail while entries can still be committed?"
explanation = "A majority of n nodes is the half rounded down plus one, and so many have to be left. What may fail is the rest: n minus the majority. For seven nodes the majority is four, and three may fail. An even number gives no more than the odd one below it: six nodes need four and survive two failures, exactly as five do. What is gained by one more node is a copy."
  [question.params]
  n = { values = [5, 7, 9, 11, 13, 15] }
  [question.answer]
  formula = "n - (floor(n / 2) + 1)"
  unit = "nodes"
  tolerance_abs = 0.1
  [[question.answer.wrong]]
  formula = "floor(n / 2) + 1"
  why = "That is the majority that has to be left."
  [[question.answer.wrong]]
  formula = "floor(n / 2) + 2"
  why = "Counts one node more than the majority."
  [[question.reference]]
  author = "Ongaro, Ousterhout"
  title = "In Search of an Understandable Consensus Algorithm"
  where = "USENIX ATC, section 5"
  year = 2014
"#;

/// Returns the codes that `aethos check` reports for a deck of these questions.
fn codes(questions: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, format!("{HEAD}{questions}")).unwrap();
    let mut out = Vec::new();
    let args = Args {
        paths: vec![path],
        format: Format::Json,
        deny: None,
        explain: None,
        ..Args::default()
    };
    run(&args, None, false, &mut out).unwrap();
    let found: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
    found
        .iter()
        .map(|d| d["code"].as_str().unwrap().to_owned())
        .collect()
}

fn changed(question: &str, changes: &[(&str, &str)]) -> String {
    changes
        .iter()
        .fold(question.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from:?} is not in the question");
            text.replacen(from, to, 1)
        })
}

#[test]
fn questions_that_keep_the_rules_pass() {
    assert_eq!(codes(&format!("{SINGLE}{NUMERIC}")), Vec::<String>::new());
}

/// The code of a rule, a correct question, and the replacements in it that break this rule.
type Case = (&'static str, &'static str, Vec<(&'static str, String)>);

#[test]
fn every_broken_rule_is_found() {
    const KEY: &str = "Finish a round of messages with two peers";
    const FIRST: &str = "Compare its last entry with the one peer";
    const SECOND: &str = "Wait for one more of its own time limits";
    let long = "x".repeat(55);
    let cases: Vec<Case> = vec![
        ("L01", SINGLE, vec![(KEY, format!("{KEY} {long}"))]),
        ("L01b", SINGLE, vec![(KEY, "Ask two peers".into())]),
        (
            "L02",
            SINGLE,
            vec![(
                FIRST,
                "Compare its last entry with that of the one peer it can still reach".into(),
            )],
        ),
        (
            "L02b",
            SINGLE,
            vec![
                (FIRST, format!("{FIRST} {long} {long}")),
                (SECOND, "Wait for one more limit".into()),
            ],
        ),
        ("L03", SINGLE, vec![(FIRST, "None of the above".into())]),
        (
            "L04",
            SINGLE,
            vec![(FIRST, "Always compare its entry with the peer".into())],
        ),
        (
            "L05",
            SINGLE,
            vec![(KEY, "Often finish a round with two of the peers".into())],
        ),
        (
            "L06",
            SINGLE,
            vec![(
                "What does it have to do",
                "Which of these is not needed".into(),
            )],
        ),
        (
            "L07",
            SINGLE,
            vec![(KEY, "Finish a round with two linearizable peers".into())],
        ),
        (
            "L08",
            SINGLE,
            vec![
                (KEY, "Finish a round with two of its peers".into()),
                (FIRST, "Finish a round with all the others now".into()),
                (SECOND, "Wait for two of its peers to come back".into()),
            ],
        ),
        (
            "L09",
            SINGLE,
            vec![
                (FIRST, "Compare its last entry with one peer".into()),
                (SECOND, "Compare its first entry with one peer".into()),
            ],
        ),
        (
            "L10",
            SINGLE,
            vec![(KEY, "Finishing a round of messages with peers".into())],
        ),
        ("L11", SINGLE, vec![(KEY, format!("{KEY}."))]),
        (
            "L12",
            SINGLE,
            vec![
                (KEY, "30".into()),
                (FIRST, "10".into()),
                (SECOND, "20".into()),
            ],
        ),
        (
            "L12b",
            SINGLE,
            vec![
                (KEY, "1-3".into()),
                (FIRST, "2-5".into()),
                (SECOND, "6-9".into()),
            ],
        ),
        ("L13", SINGLE, vec![(FIRST, SECOND.to_lowercase())]),
        (
            "L14",
            SINGLE,
            vec![(
                "Being elected once proves nothing about now: three nodes have gone on, and may have committed newer values.",
                String::new(),
            )],
        ),
        (
            "L14b",
            NUMERIC,
            vec![(
                NUMERIC
                    .split("explanation = \"")
                    .nth(1)
                    .unwrap()
                    .split("\"\n")
                    .next()
                    .unwrap(),
                "A majority.".into(),
            )],
        ),
        (
            "L15",
            SINGLE,
            vec![(
                "Time alone brings no news across the fault for as long as it lasts.",
                "No news.".into(),
            )],
        ),
        ("L17", SINGLE, vec![("seconds = 85", "seconds = 20".into())]),
        (
            "L18",
            SINGLE,
            vec![(
                "Five nodes run Raft.",
                format!("Five nodes {} run Raft.", "and then ".repeat(20)),
            )],
        ),
        (
            "L19",
            SINGLE,
            vec![(
                "What does it have to do before it may answer?",
                "What does it do? Why?".into(),
            )],
        ),
        (
            "L20",
            SINGLE,
            vec![
                (
                    SINGLE
                        .split("stem = \"")
                        .nth(1)
                        .unwrap()
                        .split("\"\n")
                        .next()
                        .unwrap(),
                    "Raft.".into(),
                ),
                (
                    "What does it have to do before it may answer?",
                    "What now?".into(),
                ),
            ],
        ),
        (
            "L21",
            SINGLE,
            vec![
                (KEY, "It should then ask the two".into()),
                (FIRST, "It should then wait a while".into()),
                (SECOND, "It should then go on".into()),
            ],
        ),
        (
            "L22",
            SINGLE,
            vec![(KEY, "Ask two peers because they may have moved".into())],
        ),
        (
            "L23",
            SINGLE,
            vec![(KEY, "Finish, once more, a round: with two peers".into())],
        ),
        ("L24", SINGLE, vec![(FIRST, "A and B".into())]),
        (
            "L25",
            SINGLE,
            vec![("that is the price.", "option b fails.".into())],
        ),
        ("L30", SINGLE, vec![("raft.001", "raft.one".into())]),
        (
            "L31",
            NUMERIC,
            vec![(
                "  [[question.answer.wrong]]\n  formula = \"floor(n / 2) + 2\"\n  why = \"Counts one node more than the majority.\"\n",
                String::new(),
            )],
        ),
        (
            "L33",
            SINGLE,
            vec![("that is the price.", "in etcd the default is 1 s.".into())],
        ),
        (
            "L34",
            SINGLE,
            vec![("author = \"Ongaro\"", "author = \"Wikipedia\"".into())],
        ),
        (
            "L35",
            SINGLE,
            vec![(FIRST, format!("{FIRST} {long} {long}"))],
        ),
        (
            "L36",
            SINGLE,
            vec![("that is the price.", "that is best practice.".into())],
        ),
        (
            "L37",
            SINGLE,
            vec![("demand = \"apply\"", "demand = \"recall\"".into())],
        ),
        (
            "L40",
            SINGLE,
            vec![("seconds = 85", "seconds = 85\nwaive = [\"L07\"]".into())],
        ),
        (
            "L40",
            SINGLE,
            vec![(
                "seconds = 85",
                "seconds = 85\nwaive = [\"D05: a key of our own\"]".into(),
            )],
        ),
        (
            "L41",
            NUMERIC,
            vec![("runs on {n} nodes", "runs on {n} of { n } nodes".into())],
        ),
        (
            "L41",
            NUMERIC,
            vec![("runs on {n} nodes", "runs on {n} of {k} nodes".into())],
        ),
        (
            "L41",
            NUMERIC,
            vec![(
                "A majority of n nodes",
                "A majority of {=n //} nodes".into(),
            )],
        ),
        (
            "L41",
            NUMERIC,
            vec![(
                "A majority of n nodes",
                "A majority of {n * 2} nodes".into(),
            )],
        ),
        (
            "L41",
            NUMERIC,
            vec![("A majority of n nodes", "A majority of {=n nodes".into())],
        ),
        (
            "L61",
            NUMERIC,
            vec![
                ("n - (floor(n / 2) + 1)", "n / 3".into()),
                ("tolerance_abs = 0.1", "tolerance_abs = 0.0".into()),
            ],
        ),
        (
            "D18",
            NUMERIC,
            vec![("A majority of n nodes", "A majority of {=n/0} nodes".into())],
        ),
        (
            "D18",
            NUMERIC,
            vec![(
                "runs on {n} nodes",
                "runs on {n} nodes of {=1/(n-13)}".into(),
            )],
        ),
        (
            "D18",
            NUMERIC,
            vec![("That is the majority", "{=ln(n-15)} is the majority".into())],
        ),
        (
            "L42",
            NUMERIC,
            vec![("runs on {n} nodes", "runs on some nodes".into())],
        ),
        (
            "L43",
            NUMERIC,
            vec![(
                "runs on {n} nodes",
                "runs on {n} nodes, of which {value} fail".into(),
            )],
        ),
        (
            "L43",
            NUMERIC,
            vec![(
                "runs on {n} nodes",
                "runs on {n} nodes, of which {=ceil(n / 2) - 1} fail".into(),
            )],
        ),
        (
            "L41",
            SINGLE,
            vec![("Five nodes run Raft.", "Five of {n} nodes run Raft.".into())],
        ),
        (
            "L41",
            SINGLE,
            vec![(
                "Five nodes run Raft.",
                "{value} of the nodes run Raft.".into(),
            )],
        ),
        (
            "L44",
            NUMERIC,
            vec![
                (
                    "formula = \"n - (floor(n / 2) + 1)\"",
                    "formula = \"n - (floor(n / 2) + 1)\"\nexample = { n = 7, value = 3 }".into(),
                ),
                (
                    "A majority of n nodes is",
                    "The result is 7 - 4 = 3. A majority of n nodes is".into(),
                ),
            ],
        ),
        (
            "L44",
            NUMERIC,
            vec![
                (
                    "formula = \"n - (floor(n / 2) + 1)\"",
                    "formula = \"n * 1.5\"\nexample = { n = 7, value = 10.5 }".into(),
                ),
                (
                    "A majority of n nodes is",
                    "The result is 10.5. A majority of n nodes is".into(),
                ),
            ],
        ),
        (
            "L45",
            SINGLE,
            vec![("Five nodes run Raft.", "word ".repeat(2000))],
        ),
        (
            "B8",
            NUMERIC,
            vec![("[5, 7, 9, 11, 13, 15]", "[5, 7]".into())],
        ),
    ];
    for (code, question, changes) in cases {
        let changes: Vec<(&str, &str)> = changes
            .iter()
            .map(|(from, to)| (*from, to.as_str()))
            .collect();
        let found = codes(&changed(question, &changes));
        assert!(
            found.iter().any(|c| c == code),
            "{code} is not among {found:?}"
        );
    }
}

#[test]
fn a_waiver_with_a_reason_silences_a_warning_but_no_error() {
    let clang = [(
        "Finish a round of messages with two peers",
        "Finish a round with two linearizable peers",
    )];
    let broken = changed(SINGLE, &clang);
    assert_eq!(codes(&broken), ["L07"]);
    let waived = changed(
        &broken,
        &[(
            "seconds = 85",
            "seconds = 85\nwaive = [\"L07: the term of the field\"]",
        )],
    );
    assert!(!codes(&waived).contains(&"L07".to_owned()));
    let hard = changed(
        SINGLE,
        &[
            (
                "Finish a round of messages with two peers",
                "Finish a round of messages with two peers.",
            ),
            (
                "seconds = 85",
                "seconds = 85\nwaive = [\"L11: house style of ours\"]",
            ),
        ],
    );
    assert!(codes(&hard).contains(&"L11".to_owned()));
}

#[test]
fn a_question_asked_twice_is_found() {
    let twin = changed(SINGLE, &[("raft.001", "raft.003")]);
    let found = codes(&format!("{SINGLE}{twin}"));
    assert!(
        found.contains(&"B7".to_owned()) && found.contains(&"L28".to_owned()),
        "{found:?}"
    );
}

/// The same words beside two figures are twins within a family, and one question asked twice outside of it.
#[test]
fn twins_of_a_family_are_no_duplicates() {
    let shows = |code: &str| {
        let with_code = format!("code = \"{code}\"\ncode_lang = \"log\"\nstem = \"As shown, five");
        changed(SINGLE, &[("stem = \"Five", &with_code)])
    };
    let other = |family: &str| {
        let id = format!("raft.003\"\nfamily = \"{family}");
        changed(&shows("leader: node 2"), &[("raft.001", &id)])
    };
    let first = |family: &str| {
        let id = format!("raft.001\"\nfamily = \"{family}");
        changed(&shows("leader: node 1"), &[("raft.001", &id)])
    };
    let repeats = |text: String| {
        let found = codes(&text);
        let is_repeat = |code: &&String| matches!(code.as_str(), "B7" | "L28");
        found.iter().filter(is_repeat).count()
    };
    assert_eq!(repeats(format!("{}{}", first("one"), other("one"))), 0);
    assert_eq!(repeats(format!("{}{}", first("one"), other("two"))), 2);
    let same_figure = first("one").replace("raft.001", "raft.003");
    assert_eq!(repeats(format!("{}{same_figure}", first("one"))), 2);
}

/// Creates forty questions with meaningless options; `key` gives the index of the key.
fn bank(option: impl Fn(usize, usize) -> String, key: impl Fn(usize) -> usize) -> String {
    let question = |n: usize| {
        let words: String = (0..12)
            .map(|w| format!("word{}x ", n * 37 + w * 11))
            .collect();
        let mut text = format!(
            "[[question]]\nid = \"consensus-paxos-raft.{n:03}\"\nfacet = \"consensus-paxos-raft\"\n\
             points = [\"consensus-paxos-raft/kp7\"]\nlevel = \"senior\"\ndemand = \"apply\"\ntype = \"single\"\nseconds = 60\n\
             stem = \"{words}\"\nlead_in = \"Which one is it?\"\nexplanation = \"{words}\"\n"
        );
        for i in 0..4 {
            let flag = if i == key(n) {
                "correct = true"
            } else {
                "misconception = \"It is another.\""
            };
            text.push_str(&format!(
                "[[question.option]]\ntext = \"{}\"\n{flag}\nwhy = \"because of this\"\n",
                option(n, i)
            ));
        }
        text.push_str(
            "[[question.reference]]\nauthor = \"A\"\ntitle = \"T\"\nwhere = \"W\"\nyear = 2000\n",
        );
        text
    };
    (1..=40).map(question).collect()
}

#[test]
fn a_bank_whose_longest_options_are_keys_is_found_out_by_every_way_of_guessing() {
    let option = |n: usize, i: usize| {
        if i == n % 4 {
            format!("thing {n} {i} that is longer")
        } else {
            format!("thing {n} {i}")
        }
    };
    let found = codes(&bank(option, |n| n % 4));
    for code in ["B1", "B2", "B4"] {
        assert!(
            found.contains(&code.to_owned()),
            "{code} is not among {found:?}"
        );
    }
}

#[test]
fn the_places_of_keys_in_the_file_do_not_matter_because_options_are_shuffled() {
    let found = codes(&bank(
        |n, i| format!("thing {n} {}", (n * 7 + i * 3) % 10),
        |_| 0,
    ));
    assert!(!found.contains(&"B3".to_owned()), "{found:?}");
    assert!(
        aethos::deck::diagnostic_code::DiagnosticCode::ALL
            .iter()
            .all(|code| code.name() != "B3")
    );
}

#[test]
fn warnings_can_be_denied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(
        &path,
        format!(
            "{HEAD}{}",
            changed(SINGLE, &[("seconds = 85", "seconds = 20")])
        ),
    )
    .unwrap();
    let exit = |deny| {
        let args = Args {
            paths: vec![path.clone()],
            format: Format::Text,
            deny,
            explain: None,
            ..Args::default()
        };
        run(&args, None, false, &mut Vec::new()).unwrap()
    };
    assert_eq!(
        (exit(None), exit(Some(Deny::Warnings))),
        (Exit::Fine, Exit::Failed)
    );
}

#[test]
fn every_code_can_be_explained() {
    for code in aethos::deck::diagnostic_code::DiagnosticCode::ALL {
        let mut out = Vec::new();
        let name = code.name().to_lowercase();
        assert_eq!(explain(Some(&name), &mut out).unwrap(), Exit::Fine);
        assert!(String::from_utf8(out).unwrap().contains(code.doc()));
    }
}

/// Parameter mistakes, each with the only code that `aethos check` reports for it.
#[test]
fn one_cause_is_one_error() {
    let correct = "correct = true";
    for (question, from, to, expected) in [
        (SINGLE, "type = \"single\"", "", "D06"),
        (SINGLE, "type = \"single\"", "typ = \"single\"", "D05"),
        (SINGLE, "type = \"single\"", "type = \"singel\"", "D08"),
        (SINGLE, "type = \"single\"", "type = 1", "D07"),
        (SINGLE, "seconds = 85", "second = 85", "D05"),
        (SINGLE, correct, "correct = \"yes\"", "D07"),
        (SINGLE, "[[question]]", "[[questions]]", "D05"),
        (SINGLE, "[[question]]", "[question]", "D05"),
        (
            NUMERIC,
            "tolerance_abs = 0.1",
            "tolerance_abs = -0.1",
            "D08",
        ),
        (
            NUMERIC,
            "[5, 7, 9, 11, 13, 15]",
            "[\"5\", \"7\", \"9\"]",
            "D07",
        ),
        (NUMERIC, "[5, 7, 9, 11, 13, 15]", "\"5, 7, 9\"", "D07"),
        (SINGLE, "Five nodes run", "Five \u{1} nodes run", "D04"),
        (
            SINGLE,
            "seconds = 85",
            "seconds = 85\nwaive = [\"D05: a key of our own\"]",
            "L40",
        ),
    ] {
        let found = codes(&changed(question, &[(from, to)]));
        assert_eq!(found, [expected], "{from} -> {to}");
    }
}

/// Cues in the wording, each with the code that `aethos check` reports for it.
#[test]
fn cues_in_the_wording_are_found() {
    let read = "Finish a round of messages with two peers";
    let lead_in = "What does it have to do before it may answer?";
    for (question, from, to, expected) in [
        (SINGLE, read, "Finish a round, because it may be old", "L53"),
        (SINGLE, lead_in, "Which is true of the old leader?", "L54"),
        (
            SINGLE,
            lead_in,
            "Is the old leader allowed to answer?",
            "L54",
        ),
        (
            SINGLE,
            lead_in,
            "What may it answer, and which peer does it ask?",
            "L54",
        ),
        (SINGLE, read, "Both the first and the last of them", "L24"),
        (
            SINGLE,
            "Consensus: Bridging Theory and Practice",
            "Designing Data-Intensive Applications",
            "L58",
        ),
    ] {
        let found = codes(&changed(question, &[(from, to)]));
        assert!(found.iter().any(|code| code == expected), "{to}: {found:?}");
    }
    let half = [
        ("Five nodes", "An answer must be new. Five nodes"),
        ("correct = true", "correct = true\n  credit = 1.0"),
        (
            "  misconception = \"Two replicas",
            "  correct = false\n  credit = 0.5\n  misconception = \"Two replicas",
        ),
        (
            "  misconception = \"A leader learns",
            "  correct = false\n  credit = 0.0\n  misconception = \"A leader learns",
        ),
    ];
    let found = codes(&changed(SINGLE, &half));
    assert!(found.iter().any(|code| code == "L57"), "{found:?}");
    let edition = [(
        "Consensus: Bridging Theory and Practice",
        "Refactoring Databases",
    )];
    assert_eq!(codes(&changed(SINGLE, &edition)), Vec::<String>::new());
}

/// Returns the problems of a deck of `tests/fixtures/decks`, and the lines and comments of its
/// questions.
fn trial(name: &str) -> (Vec<serde_json::Value>, Vec<(u64, String)>) {
    let path = std::path::Path::new("tests/fixtures/decks").join(name);
    let mut out = Vec::new();
    let args = Args {
        paths: vec![path.clone()],
        format: Format::Json,
        deny: None,
        explain: None,
        ..Args::default()
    };
    run(&args, None, false, &mut out).unwrap();
    let deck = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = deck.lines().collect();
    let starts = (0..lines.len()).filter(|at| lines[*at] == "[[question]]");
    let comment = |at: usize| lines[at + 1].trim_start_matches("# ").to_owned();
    let questions = starts.map(|at| (at as u64, comment(at))).collect();
    (serde_json::from_slice(&out).unwrap(), questions)
}

/// Thirty questions with one flaw each, which the comment below `[[question]]` names by the code.
#[test]
fn every_flaw_of_the_trial_is_found() {
    let (found, questions) = trial("flawed.toml");
    assert_eq!(questions.len(), 30);
    let mut missed = Vec::new();
    for (i, (start, flaw)) in questions.iter().enumerate() {
        let end = questions.get(i + 1).map_or(u64::MAX, |(next, _)| *next);
        let here = |d: &&serde_json::Value| (*start..end).contains(&d["line"].as_u64().unwrap());
        let codes: Vec<&str> = found
            .iter()
            .filter(here)
            .filter_map(|d| d["code"].as_str())
            .collect();
        println!("{flaw}: {}", codes.join(" "));
        let expected = flaw.split(' ').next().unwrap();
        if !codes.contains(&expected) {
            missed.push(flaw);
        }
    }
    assert!(missed.is_empty(), "missed: {missed:?}");
}

/// Fifteen questions without a flaw, with words that look like one.
#[test]
fn words_that_look_like_flaws_raise_no_alarm() {
    let (found, questions) = trial("flawless.toml");
    assert_eq!(questions.len(), 15);
    assert!(found.len() <= 1, "{found:#?}");
}

#[test]
fn a_file_in_another_encoding_is_one_error() {
    let deck = format!("{HEAD}{SINGLE}");
    let utf16 = |bytes: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        mark.into_iter()
            .chain(deck.encode_utf16().flat_map(bytes))
            .collect::<Vec<u8>>()
    };
    for (bytes, words) in [
        (utf16(u16::to_le_bytes, [0xff, 0xfe]), "UTF-16"),
        (utf16(u16::to_be_bytes, [0xfe, 0xff]), "UTF-16"),
        (deck.replace('\n', "\r").into_bytes(), "CR alone"),
        (
            deck.replace("Five", "F\u{fc}nf")
                .chars()
                .map(|c| c as u8)
                .collect(),
            "not UTF-8",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        fs::write(&path, bytes).unwrap();
        let mut out = Vec::new();
        let args = Args {
            paths: vec![path],
            format: Format::Text,
            deny: None,
            explain: None,
            ..Args::default()
        };
        run(&args, None, false, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.contains("error[D03]") && out.contains(words) && out.contains("1 error in"),
            "{out}"
        );
    }
}

#[test]
fn a_day_may_be_written_as_a_date_or_as_a_string() {
    for day in ["2026-11-22", "\"2026-11-22\""] {
        let checked = format!("seconds = 85\nchecked = {{ on = {day}, against = \"Raft\" }}");
        assert_eq!(
            codes(&changed(SINGLE, &[("seconds = 85", &checked)])),
            Vec::<String>::new()
        );
    }
}

#[test]
fn texts_are_filled_in_with_the_row_that_was_drawn() {
    let text = "Of {n} nodes {value} may fail, and {=n - 3} is not {=n /}; { n } and {k} stay.";
    let deck = format!(
        "{HEAD}{}",
        changed(NUMERIC, &[("A majority of n nodes is", text)])
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, deck).unwrap();
    let library = aethos::deck::load::Library::only(&[path]);
    let question = library.decks[0].question(0).unwrap();
    let filled = question
        .fill(&question.explanation, aethos::core::question::Row(1))
        .to_string();
    assert!(
        filled.starts_with("Of 7 nodes 3 may fail, and 4 is not {=n /}; { n } and {k} stay."),
        "{filled}"
    );
}

#[test]
fn steps_and_entries_that_say_the_same_are_found() {
    let types = include_str!("../src/cli/new_types.toml");
    let of_type = |kind: &str| {
        let questions = types.split("[[question]]").skip(1);
        let mut those = questions.filter(|text| text.contains(&format!("type = \"{kind}\"")));
        "[[question]]".to_owned() + those.next().unwrap()
    };
    for (kind, table) in [
        ("ordering", "step"),
        ("matching", "left"),
        ("matching", "right"),
    ] {
        let question = of_type(kind);
        assert!(!codes(&question).contains(&"L13".to_owned()), "{kind}");
        let header = format!("[[question.{table}]]");
        let mut texts = question.split(header.as_str()).skip(1).filter_map(|entry| {
            entry
                .lines()
                .find(|line| line.trim().starts_with("text = "))
        });
        let (first, second) = (texts.next().unwrap(), texts.next().unwrap());
        let twice = question.replace(second, &first.to_uppercase().replace("TEXT =", "text ="));
        let found = codes(&twice);
        assert!(
            found.contains(&"L13".to_owned()),
            "{kind} {table}: {found:?}"
        );
    }
}
