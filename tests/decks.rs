//! What a person gets from deck files: the good, the mistaken and the hostile.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aethos::cli::{self, Exit};
use aethos::core::question::{Interaction, Kind, Level};
use aethos::core::text::Text;
use aethos::deck::load::{Library, question_from};
use proptest::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new("tests/fixtures/decks").join(name)
}

fn check(paths: &[PathBuf], format: cli::check::Format) -> (Exit, String) {
    let mut out = Vec::new();
    let args = cli::check::Args { paths: paths.to_vec(), format, deny: None, explain: None };
    let exit = cli::check::run(&args, None, false, &mut out).unwrap();
    (exit, String::from_utf8(out).unwrap())
}

/// The text output of `check` for a file with `bytes`, without the folder's name.
fn check_bytes(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, bytes).unwrap();
    let (_, out) = check(&[path], cli::check::Format::Text);
    out.replace(&format!("{}/", folder.path().display()), "")
}

const HEAD: &str = "[deck]\nid = \"mine\"\ntitle = \"Mine\"\nversion = \"1\"\nlanguage = \"en\"\ncompetency = \"data-consistency\"\n\n";

/// A correct question with this number.
fn question(number: usize) -> String {
    let deck = include_str!("../src/cli/new.toml");
    let start = deck.find("[[question]]").unwrap();
    let end = start + deck[start + 1..].find("# ----").unwrap();
    deck[start..end].replace("raft.001", &format!("raft.{number:03}"))
}

#[test]
fn every_mistake_is_found_at_its_place() {
    let mut all = String::new();
    for name in ["mistakes.toml", "head.toml", "syntax.toml", "empty.toml"] {
        let (exit, out) = check(&[fixture(name)], cli::check::Format::Text);
        assert_eq!(exit == Exit::Failed, name != "empty.toml");
        all.push_str(&out);
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn one_deck_shows_every_code_that_a_question_can_have() {
    let (_, out) =
        check(&["mistakes.toml", "head.toml", "syntax.toml", "empty.toml"].map(fixture), cli::check::Format::Json);
    let found: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let missing: Vec<&str> = aethos::deck::code::Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| name.starts_with('D') && !["D01", "D02", "D03"].contains(name))
        .filter(|name| !found.iter().any(|diagnostic| diagnostic["code"] == *name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_broken_question_does_not_hide_the_others() {
    let deck =
        format!("{HEAD}{}[[question]]\nid = \"broken\nstem = \"\"\"never closed\n\n{}", question(1), question(3));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, &deck).unwrap();
    let library = Library::only(&[path]);
    let ids: Vec<_> = library.decks[0].deck.entries.iter().map(|entry| entry.id.to_string()).collect();
    assert_eq!(ids, ["consensus-paxos-raft.001", "consensus-paxos-raft.003"]);
    assert!(library.decks[0].diagnostics().count() > 0);
    let question = library.decks[0].question(1).unwrap();
    assert_eq!((question.kind(), question.level), (Kind::Single, Level::Senior));
}

#[test]
fn a_header_in_a_text_is_text() {
    let inner = question(1).replace("stem = \"\"\"\n", "stem = \"\"\"\nA deck says:\n[[question]]\nand goes on. \\\n");
    let library = load(&format!("{HEAD}{inner}{}", question(2)));
    assert_eq!(library.decks[0].deck.entries.len(), 2);
    assert!(library.decks[0].question(0).unwrap().stem.as_str().contains("[[question]]"));
}

fn load(deck: &str) -> Library {
    let folder = tempfile::tempdir().unwrap().keep();
    let path = folder.join("mine.toml");
    fs::write(&path, deck).unwrap();
    Library::only(&[path])
}

#[test]
fn a_kept_text_gives_the_same_question_again() {
    let library = load(&format!("{HEAD}{}# a comment before the next\n\n{}", question(1), question(2)));
    let deck = &library.decks[0];
    let (question, text) = (deck.question(0).unwrap(), deck.source_of(0).unwrap());
    assert!(text.ends_with("year = 2014"), "{text}");
    let again = question_from(&text, &Text::new("history")).unwrap();
    assert_eq!(again.fingerprint, question.fingerprint);
    assert!(matches!(again.interaction, Interaction::Single(options) if options.len() == 3 && options[0].is_key()));
}

#[test]
fn what_is_written_oddly_but_rightly_is_offered() {
    let odd = question(1).replace("level = \"senior\"", "'level' = 'senior'").replace("seconds = 75", "seconds = 0x4B");
    let library = load(&format!("{HEAD}{odd}{}", question(2)));
    let entries = &library.decks[0].deck.entries;
    assert_eq!(library.decks[0].diagnostics().next(), None);
    assert_eq!(entries.iter().map(|entry| entry.seconds).collect::<Vec<_>>(), [75, 75]);
    assert_eq!(entries[0].id.as_str(), "consensus-paxos-raft.001");
}

#[test]
fn a_changed_file_is_told_and_not_misread() {
    let library = load(&format!("{HEAD}{}", question(1)));
    let path = library.decks[0].file.to_string();
    fs::write(path, format!("{HEAD}\n\n{}", question(1))).unwrap();
    let problems = library.decks[0].question(0).unwrap_err();
    assert!(problems[0].message.as_str().contains("changed"), "{problems:?}");
}

#[test]
fn a_users_deck_replaces_the_built_in_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("decks")).unwrap();
    let deck = format!("{HEAD}{}", question(1)).replace("\"mine\"", "\"data-consistency\"");
    fs::write(folder.path().join("decks/data-consistency.toml"), deck).unwrap();
    let library = Library::load(&[], Some(folder.path()));
    assert_eq!(library.decks.len(), 10);
    let own: Vec<_> = library.decks.iter().filter(|loaded| !loaded.deck.builtin).collect();
    assert_eq!((own.len(), own[0].deck.entries.len()), (1, 1));
}

#[test]
fn the_decks_of_the_program_have_no_errors() {
    let library = aethos::deck::load::Library::load(&[], None);
    for loaded in &library.decks {
        assert_eq!(library.check(loaded), []);
    }
}

#[test]
fn decks_in_json_have_the_documented_fields() {
    let mut out = Vec::new();
    cli::decks::run(&cli::decks::Args { json: true, coverage: false, disputed: false }, None, &mut out).unwrap();
    let decks: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(&out).unwrap();
    let mut fields: Vec<_> = decks[0].keys().map(String::as_str).collect();
    fields.sort();
    let expected = [
        "builtin",
        "competency",
        "errors",
        "facets_covered",
        "facets_total",
        "id",
        "levels",
        "questions",
        "title",
        "types",
    ];
    assert_eq!(fields, expected);
    let mut table = Vec::new();
    cli::decks::run(&cli::decks::Args { json: false, coverage: false, disputed: false }, None, &mut table).unwrap();
    assert!(String::from_utf8(table).unwrap().contains("10 decks"));
}

#[test]
fn a_new_deck_is_correct_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let args = cli::new::Args { file: folder.path().join("our-questions") };
    let mut out = Vec::new();
    assert_eq!(cli::new::run(&args, &mut out).unwrap(), Exit::Fine);
    let path = folder.path().join("our-questions.toml");
    let (exit, out) = check(std::slice::from_ref(&path), cli::check::Format::Text);
    assert_eq!((exit, out.as_str()), (Exit::Fine, "no problems in 1 deck\n"));
    fs::write(&path, "mine").unwrap();
    assert_eq!(cli::new::run(&args, &mut Vec::new()).unwrap(), Exit::Failed);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn the_schema_names_every_key_that_the_reader_knows() {
    let schema = cli::schema::schema();
    let question = &schema["properties"]["question"]["items"];
    for key in aethos::deck::format::QUESTION.keys {
        assert_eq!(question["properties"][key.name]["description"], key.doc);
    }
    assert_eq!(question["additionalProperties"], false);
    assert_eq!(question["allOf"][1]["then"]["required"], serde_json::json!(["select", "option"]));
}

#[test]
fn escapes_in_a_deck_never_reach_the_output() {
    let hostile = question(1)
        .replace("id = \"consensus", "\"k\\u001b[2J\" = 1\nid = \"\\u001b]0;pwned\\u0007consensus")
        .replace("Complete", "\\u001b[31mComplete\u{202e}");
    let out = check_bytes(format!("{HEAD}{hostile}# \u{1b}[5m\n").as_bytes());
    assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{out:?}");
    assert!(!out.contains('\u{202e}'));
    assert!(out.contains("D23"), "{out}");
}

#[test]
fn hostile_files_get_a_diagnostic_in_bounded_time() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let sparse = fs::File::create(at("line.toml")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    let sparse = fs::File::create(at("huge.toml")).unwrap();
    sparse.set_len(3 << 30).unwrap();
    fs::create_dir(at("folder.toml")).unwrap();
    std::os::unix::fs::symlink(at("loop.toml"), at("loop.toml")).unwrap();
    std::os::unix::fs::symlink(folder.path(), at("circle")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("fifo.toml")).status().unwrap().success());
    let head = |id: &str| HEAD.replace("mine", id);
    fs::write(at("nul.toml"), format!("{}{}\0\n{}", head("nul"), question(1), question(2))).unwrap();
    let bytes = [format!("{}{}", head("bytes"), question(1)).as_bytes(), b"\xff\n", question(2).as_bytes()].concat();
    fs::write(at("bytes.toml"), bytes).unwrap();
    let nested = format!("{}{}points = {}\n{}", head("deep"), question(1), "[".repeat(10_000), question(2));
    fs::write(at("deep.toml"), nested).unwrap();
    let start = Instant::now();
    let (exit, out) = check(&[folder.path().to_owned()], cli::check::Format::Text);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(exit, Exit::Failed);
    let out = out.replace(&format!("{}/", folder.path().display()), "");
    insta::assert_snapshot!(out);
}

#[test]
fn a_long_line_among_questions_costs_that_question_only() {
    let long = format!("[[question]]\nstem = \"{}\"\n", "x".repeat(3 << 20));
    let library = load(&format!("{HEAD}{}{long}{}", question(1), question(2)));
    assert_eq!(library.decks[0].deck.entries.len(), 2);
    let problems: Vec<_> = library.decks[0].diagnostics().map(|d| (d.code.name(), d.line)).collect();
    assert_eq!(problems, [("D02", 8 + question(1).lines().count())]);
    assert_eq!(library.decks[0].question(1).unwrap().id.as_str(), "consensus-paxos-raft.002");
}

#[test]
fn halves_of_a_large_deck_give_what_the_whole_gives() {
    let outline = aethos::deck::outline::Outline::builtin();
    let questions: String = (0..2000).map(question).collect();
    let text_with_headers = format!("stem = \"\"\"\n{}", "[[question]]\nid = 1\n".repeat(4000));
    let long = question(5000).replace("stem = \"\"\"\n", &text_with_headers);
    for deck in
        [format!("{HEAD}{questions}"), format!("{HEAD}{questions}{long}{}", questions.replace("raft.", "raft.b"))]
    {
        let whole = aethos::deck::scan::scan_text(&deck, &Text::new("whole"), &outline.facets());
        let halves = &load(&deck).decks[0];
        assert_eq!(whole.problems, []);
        assert_eq!(halves.diagnostics().next(), None);
        let ids = |entries: &[aethos::core::deck::Entry]| entries.iter().map(|e| e.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(&halves.deck.entries), ids(&whole.entries));
        let last = halves.question(whole.entries.len() - 1).unwrap();
        assert_eq!(last.id, whole.entries.last().unwrap().id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check_bytes(&bytes);
    }

    #[test]
    fn a_deck_that_is_cut_and_spliced_anywhere_never_panics(
        cut in 0usize..1900, length in 0usize..300, splice in "[\\[\\]\"'=#\\\\\n\u{1b}\u{e9}a-c]{0,12}"
    ) {
        let mut deck = format!("{HEAD}{}", include_str!("../src/cli/new.toml").split_once("# ----").unwrap().1.replacen('-', "# -", 1));
        prop_assert!(deck.is_ascii());
        deck.replace_range(cut..cut + length, &splice);
        let out = check_bytes(deck.as_bytes());
        prop_assert!(out.chars().all(|c| c == '\n' || !c.is_control()));
    }
}
