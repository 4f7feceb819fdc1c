//! Homework with the built program: a form goes out, results come back.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use aethos::core::question::Level;
use aethos::deck::load::Library;
use aethos::session::homework::HomeworkForm;

fn aethos(folder: &Path, home: &str, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aethos"))
        .args(args)
        .current_dir(folder)
        .env("AETHOS_HOME", folder.join(home))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no input may have closed it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Assigns questions of the built-in decks, or of these decks.
fn assign(folder: &Path, decks: &[&str], questions: &str) -> HomeworkForm {
    let options = [
        "--for",
        "Anna,Boris",
        "--questions",
        questions,
        "--seed",
        "1",
        "--due",
        "+5d",
        "-o",
        "week3.aethos",
    ];
    let args = [&["mentor", "assign"], decks, &options].concat();
    let out = aethos(folder, "mentor", &args, "");
    assert!(out.status.success(), "{}", told(&out));
    let text = fs::read_to_string(folder.join("week3.aethos")).unwrap();
    toml::from_str(&text).unwrap()
}

#[test]
fn homework_for_juniors_has_junior_and_mid_questions() {
    let folder = tempfile::tempdir().unwrap();
    let form = assign(folder.path(), &["--level", "junior"], "12");
    assert_eq!(form.questions.len(), 12);
    let library = Library::load(&[], None);
    for sent in &form.questions {
        let entries = &library.deck(&sent.question.deck).unwrap().deck.entries;
        let entry = entries.iter().find(|e| e.id == sent.question.id).unwrap();
        assert!(entry.level <= Level::Mid, "{}: {}", entry.id, entry.level);
    }
    let again = |level: &str, file: &str| {
        let args = [
            "mentor", "assign", "--for", "Anna", "--level", level, "-o", file,
        ];
        aethos(folder.path(), "mentor", &args, "")
    };
    let staff = again("staff..principal", "staff.aethos");
    assert!(staff.status.success(), "{}", told(&staff));
    assert!(
        told(&staff).contains("Questions from staff to principal: "),
        "{}",
        told(&staff)
    );
    for wrong in ["novice", "staff..mid"] {
        let refused = again(wrong, "none.aethos");
        assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
    }
}

#[test]
fn a_missing_reason_is_pointed_out_and_a_wrong_answer_has_its_text() {
    let folder = tempfile::tempdir().unwrap();
    // The options are in an order of chance: eight times the first one is hardly ever right each time.
    assign_letters(folder.path(), "8");
    let args = ["take", "week3.aethos", "--as", "Anna", "--plain"];
    let lines = "a\n3\n\n".repeat(8) + "e\ny\n";
    let out = aethos(folder.path(), "Anna", &args, &lines);
    assert!(told(&out).contains("8 without a reason"), "{}", told(&out));
    aethos(folder.path(), "mentor", &["mentor", "collect", "."], "");
    let page = aethos(
        folder.path(),
        "mentor",
        &["mentor", "homework", "week3"],
        "",
    );
    let page = told(&page);
    for line in page.lines().filter(|line| line.contains("no reason:")) {
        assert!(
            line.contains(", right") || line.contains("; chose: "),
            "{line}"
        );
    }
    assert!(page.contains("not right; chose: "), "{page}");
}

/// Assigns questions that are answered by a letter, from a deck of the mentor's own.
fn assign_letters(folder: &Path, questions: &str) {
    let decks = folder.join("mentor/decks");
    fs::create_dir_all(&decks).unwrap();
    fs::write(decks.join("own.toml"), home::singles("own", 9)).unwrap();
    assign(folder, &["own"], questions);
}

/// Takes the homework as `name`: types an answer of each kind until one fits, and finishes.
fn take(folder: &Path, name: &str, questions: usize) {
    let mut input = String::new();
    for _ in 0..questions {
        // `n` goes on where nothing of this is an answer.
        input.push_str(&format!("a\n3\nthe majority decides, says {name}\n"));
    }
    input.push_str(&"n\n".repeat(questions));
    input.push_str("e\ny\n");
    let out = aethos(
        folder,
        name,
        &["take", "week3.aethos", "--as", name, "--plain"],
        &input,
    );
    assert!(out.status.success(), "{}", told(&out));
}

#[test]
fn the_form_has_no_keys_rationales_or_hashes_of_the_deck() {
    let folder = tempfile::tempdir().unwrap();
    let form = assign(folder.path(), &[], "40");
    let text = fs::read_to_string(folder.path().join("week3.aethos")).unwrap();
    assert!(text.len() < 200_000);
    let library = Library::load(&[], None);
    for sent in &form.questions {
        let deck = library.deck(&sent.question.deck).unwrap();
        let at = deck
            .deck
            .entries
            .iter()
            .position(|e| e.id == sent.question.id)
            .unwrap();
        let question = deck.question(at).unwrap();
        assert!(!text.contains(&question.fingerprint.to_string()));
        let explanation = question.explanation.as_str();
        let start: String = explanation.chars().take(40).collect();
        assert!(!text.contains(&start), "{start}");
        let source = deck.source_of(at).unwrap();
        let parsed: toml::Value = toml::from_str(&source).unwrap();
        let mut private = Vec::new();
        secrets(&parsed, &mut private);
        for secret in private {
            assert!(!text.contains(&secret), "{}: {secret}", question.id);
        }
    }
    for key in [
        "why",
        "key",
        "credit",
        "misconception",
        "explanation",
        "seed",
        "row",
        "scenario",
        "steps",
    ] {
        assert!(!text.contains(&format!("\n{key} =")), "{key}");
    }
}

/// Collects the texts of a deck that are shown only after an answer.
fn secrets(value: &toml::Value, found: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                if ["why", "misconception", "explanation", "discussion"].contains(&key.as_str())
                    && let Some(text) = value.as_str().filter(|text| text.len() > 12)
                {
                    found.push(text.trim().to_owned());
                }
                secrets(value, found);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| secrets(value, found)),
        _ => {}
    }
}

#[test]
fn the_order_of_options_says_nothing_about_the_deck() {
    let folder = tempfile::tempdir().unwrap();
    let form = assign(folder.path(), &[], "40");
    let library = Library::load(&[], None);
    let (mut firsts, mut n) = (0, 0);
    for sent in &form.questions {
        let deck = library.deck(&sent.question.deck).unwrap();
        let at = deck
            .deck
            .entries
            .iter()
            .position(|e| e.id == sent.question.id)
            .unwrap();
        let question = deck.question(at).unwrap();
        if let aethos::core::question::Interaction::Single(options) = &question.interaction
            && question.simulation.is_none()
        {
            n += 1;
            firsts += usize::from(sent.question.choices.first() == Some(&options[0].text));
        }
    }
    assert!(n > 8, "{n}");
    assert!(firsts * 10 < n * 8, "{firsts} of {n} begin as in the deck");
}

#[test]
fn results_are_collected_once_whatever_comes_back_and_in_which_order() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assign_letters(at, "4");
    take(at, "anna", 4);
    take(at, "boris", 4);
    let anna = fs::read_to_string(at.join("week3-anna.result")).unwrap();
    fs::create_dir(at.join("in")).unwrap();
    // A torn copy, the same file under another name with its lines reversed, and a foreign file.
    fs::write(at.join("in/1.result"), &anna[..anna.len() * 2 / 3]).unwrap();
    let reversed: Vec<&str> = anna.lines().rev().collect();
    fs::write(at.join("in/2.result"), reversed.join("\r\n")).unwrap();
    fs::write(at.join("in/3.result"), "hello\u{1b}[31m\n").unwrap();
    let out = aethos(at, "mentor", &["mentor", "collect", "in"], "");
    let words = told(&out);
    assert!(
        words.contains("week3: 1 of 2 in, 0 late, 2 refused. Missing: Boris."),
        "{words}"
    );
    assert!(
        words.contains("quarantine") && !words.contains('\u{1b}'),
        "{words}"
    );

    let both = [
        "mentor",
        "collect",
        "week3-anna.result",
        "week3-boris.result",
    ];
    let first = told(&aethos(at, "mentor", &both, ""));
    assert!(
        first.contains("week3: 2 of 2 in, 0 late, 0 refused."),
        "{first}"
    );
    let page = aethos(at, "mentor", &["mentor", "homework", "week3"], "").stdout;
    assert_eq!(told(&aethos(at, "mentor", &both, "")), first);
    assert_eq!(
        aethos(at, "mentor", &["mentor", "homework", "week3"], "").stdout,
        page
    );
    assert!(!String::from_utf8_lossy(&page).contains("Anna"));

    // The reasons are in the mentor's exports, and in no page of anyone else.
    let reason = "the majority decides, says anna";
    for format in ["csv", "json"] {
        let args = ["report", "--person", "Anna", "--format", format];
        let rows = told(&aethos(at, "mentor", &args, ""));
        assert!(
            rows.contains(reason) && !rows.contains("says boris"),
            "{rows}"
        );
    }
    let page_of = |name: &str| told(&aethos(at, "mentor", &["mentor", "export", name], ""));
    assert!(page_of("Anna").contains(&format!("Your reason: “{reason}”")));
    assert!(!page_of("Boris").contains(reason));

    let out = aethos(
        at,
        "mentor",
        &["mentor", "feedback", "week3", "-o", "pages"],
        "",
    );
    assert!(out.status.success(), "{}", told(&out));
    let feedback = fs::read_to_string(at.join("pages/week3-anna.md")).unwrap();
    assert!(feedback.contains("Explanation"), "{feedback}");
    assert!(!feedback.contains("Boris"));
    let html = [
        "mentor", "feedback", "week3", "-o", "pages", "--format", "html",
    ];
    let out = aethos(at, "mentor", &html, "");
    assert!(out.status.success(), "{}", told(&out));
    let feedback = fs::read_to_string(at.join("pages/week3-anna.html")).unwrap();
    assert!(feedback.contains("<h3>Explanation</h3>"), "{feedback}");
    assert!(feedback.contains("default-src 'none'") && !feedback.contains("Boris"));
}

#[test]
fn a_homework_goes_on_where_it_was_left_and_leaves_no_trace_in_the_own_history() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assign_letters(at, "3");
    let args = ["take", "week3.aethos", "--as", "Anna", "--plain"];
    let out = aethos(at, "anna", &args, "n\n");
    assert!(
        told(&out).contains("The same command continues it."),
        "{}",
        told(&out)
    );
    assert!(!at.join("week3-anna.result").exists());
    let out = aethos(at, "anna", &args, "n\nn\nn\ne\ny\n");
    assert!(told(&out).contains("Send this file back"), "{}", told(&out));
    let out = aethos(at, "anna", &args, "");
    assert!(
        told(&out).contains("You have finished this homework"),
        "{}",
        told(&out)
    );
    assert!(!at.join("anna/history.db").exists());
}

/// Returns the number of answers to each question in the item analysis.
fn answers_by_item(folder: &Path, options: &[&str]) -> Vec<u64> {
    let args = [&["decks", "--items", "--format", "json"], options].concat();
    let out = aethos(folder, "mentor", &args, "");
    assert!(out.status.success(), "{}", told(&out));
    let items: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let items = items.as_array().unwrap().iter();
    items.map(|item| item["n"].as_u64().unwrap()).collect()
}

#[test]
fn collected_answers_are_pooled_for_item_analysis_and_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assign_letters(at, "4");
    take(at, "Anna", 4);
    take(at, "Boris", 4);
    assert_eq!(answers_by_item(at, &[]), [0u64; 0]);
    for _ in 0..2 {
        let files = [
            "mentor",
            "collect",
            "week3-anna.result",
            "week3-boris.result",
        ];
        aethos(at, "mentor", &files, "");
        assert_eq!(answers_by_item(at, &[]), [2; 4]);
    }
    assert_eq!(answers_by_item(at, &["--person", "Anna"]), [1; 4]);
    // A later answer to the same question says nothing new, and other questions are added.
    let args = [
        "assess",
        "own",
        "--questions",
        "9",
        "--untimed",
        "--plain",
        "--person",
        "Anna",
    ];
    let input = "a\n2\n".repeat(9) + "finish\ny\n";
    let out = aethos(at, "mentor", &args, &input);
    assert!(out.status.success(), "{}", told(&out));
    let mut counts = answers_by_item(at, &[]);
    counts.sort_unstable();
    assert_eq!(counts, [1, 1, 1, 1, 1, 2, 2, 2, 2]);
}

#[test]
fn erasing_a_person_covers_collected_homework() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assign_letters(at, "4");
    take(at, "anna", 4);
    aethos(
        at,
        "mentor",
        &["mentor", "collect", "week3-anna.result"],
        "",
    );
    // A torn line that holds what she wrote is kept apart until she is erased, and not afterwards.
    let result = fs::read_to_string(at.join("week3-anna.result")).unwrap();
    let end = result.find("the majority decides").unwrap() + 20;
    fs::write(at.join("torn.result"), &result[..end]).unwrap();
    let refused = || fs::read_dir(at.join("mentor/quarantine")).unwrap().count();
    aethos(at, "mentor", &["mentor", "collect", "torn.result"], "");
    assert_eq!(refused(), 1);
    let page = aethos(
        at,
        "mentor",
        &["mentor", "homework", "week3", "--names"],
        "",
    );
    let page = told(&page);
    assert!(
        page.contains("Anna") && page.contains("the majority decides"),
        "{page}"
    );
    let out = aethos(
        at,
        "mentor",
        &["mentor", "forget", "Anna", "--erase", "--yes"],
        "",
    );
    assert!(out.status.success(), "{}", told(&out));
    let out = aethos(
        at,
        "mentor",
        &["mentor", "collect", "week3-anna.result", "torn.result"],
        "",
    );
    assert!(
        told(&out).contains("the person was forgotten"),
        "{}",
        told(&out)
    );
    let history = fs::read(at.join("mentor/history.db")).unwrap();
    let holds = |text: &[u8]| history.windows(text.len()).any(|part| part == text);
    assert!(!holds(b"the majority decides") && !holds(b"Anna"));
    assert_eq!(refused(), 0);
}

/// The line above the transcript in the guide.
const MARK: &str = "<!-- transcript -->\n```text\n";

/// `GALLERY=write cargo test --test homework guide` writes the transcript anew.
#[test]
fn the_transcript_in_the_guide_is_current() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let decks = at.join("mentor/decks");
    fs::create_dir_all(&decks).unwrap();
    let question = home::numeric(2).replace("[5, 7, 9, 11, 13, 15]", "[7]");
    fs::write(decks.join("own.toml"), home::head("own") + &question).unwrap();
    let mut transcript = String::new();
    let mut run = |line: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        let out = aethos(at, "mentor", &args, "");
        transcript += &format!("$ aethos {line}\n{}", String::from_utf8_lossy(&out.stdout));
    };
    run("mentor assign own --for Anna,Boris,Cem --questions 1 -o week3.aethos");
    for (name, answer) in [
        ("Anna", "3\n4\nfour of seven must be left to agree"),
        ("Boris", "4\n2\nfour are a majority"),
    ] {
        let input = format!("{answer}\nn\ne\ny\n");
        let args = ["take", "week3.aethos", "--as", name, "--plain"];
        let out = aethos(at, name, &args, &input);
        assert!(told(&out).contains("Send this file back"), "{}", told(&out));
    }
    run("mentor collect .");
    run("mentor homework week3");
    run("mentor homework week3 --question 1 --person Boris --reason 1 --again");
    run("mentor feedback week3 -o pages");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/homework.md");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(MARK).expect("the page has a transcript");
    let (_, after) = rest.split_once("```\n").unwrap();
    let current = format!("{before}{MARK}{transcript}```\n{after}");
    if std::env::var_os("GALLERY").is_some() {
        fs::write(path, current).unwrap();
    } else {
        let hint = "GALLERY=write cargo test --test homework guide";
        assert!(page == current, "docs/homework.md is out of date: {hint}");
    }
}
