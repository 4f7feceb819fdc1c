//! Loading and checking deck files: valid, faulty and hostile ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aethos::cli::new::Example;
use aethos::cli::{self, Exit};
use aethos::core::question::{Interaction, Kind, Level};
use aethos::core::text::Text;
use aethos::deck::load::{Library, question_from};
use clap::ValueEnum;
use proptest::prelude::*;

#[path = "decks/mistakes.rs"]
mod mistakes;

fn fixture(name: &str) -> PathBuf {
    Path::new("tests/fixtures/decks").join(name)
}

fn check(paths: &[PathBuf], format: cli::check::Format) -> (Exit, String) {
    let mut out = Vec::new();
    let args = cli::check::Args {
        paths: paths.to_vec(),
        format,
        deny: None,
        explain: None,
        ..cli::check::Args::default()
    };
    let exit = cli::check::run(&args, None, false, &mut out).unwrap();
    (exit, String::from_utf8(out).unwrap())
}

/// Returns the text output of `check` for a file with `bytes`, without the name of its folder.
fn check_bytes(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, bytes).unwrap();
    let (_, out) = check(&[path], cli::check::Format::Text);
    out.replace(&format!("{}/", folder.path().display()), "")
}

const HEAD: &str = "[deck]\nid = \"mine\"\ntitle = \"Mine\"\nversion = \"1\"\nlanguage = \"en\"\ncompetency = \"data-consistency\"\n\n";

/// Returns a correct question with this number.
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
fn mistakes_with_parameters_are_found_at_their_places() {
    let (exit, out) = check(&[fixture("parameters.toml")], cli::check::Format::Text);
    assert_eq!(exit, Exit::Failed);
    let of_parameters = |finding: &&str| {
        ["[L41]", "[L42]", "[L43]", "[L44]"]
            .iter()
            .any(|code| finding.contains(code))
    };
    let found: Vec<&str> = out.split("\n\n").filter(of_parameters).collect();
    insta::assert_snapshot!(found.join("\n\n"));
}

#[test]
fn mistakes_of_simulated_questions_are_found_at_their_places() {
    let (exit, out) = check(&[fixture("simulated.toml")], cli::check::Format::Text);
    assert_eq!(exit, Exit::Failed);
    insta::assert_snapshot!(out);
}

#[test]
fn one_deck_shows_every_code_that_a_question_can_have() {
    let (_, out) = check(
        &[
            "mistakes.toml",
            "head.toml",
            "syntax.toml",
            "empty.toml",
            "figures.toml",
        ]
        .map(fixture),
        cli::check::Format::Json,
    );
    let found: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    let missing: Vec<&str> = aethos::deck::diagnostic_code::DiagnosticCode::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| {
            name.starts_with('D') && !["D01", "D02", "D03", "D27", "D28", "D29"].contains(name)
        })
        .filter(|name| !found.iter().any(|diagnostic| diagnostic["code"] == *name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_broken_question_does_not_hide_the_others() {
    let deck = format!(
        "{HEAD}{}[[question]]\nid = \"broken\nstem = \"\"\"never closed\n\n{}",
        question(1),
        question(3)
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    fs::write(&path, &deck).unwrap();
    let library = Library::only(&[path]);
    let ids: Vec<_> = library.decks[0]
        .deck
        .entries
        .iter()
        .map(|entry| entry.id.to_string())
        .collect();
    assert_eq!(
        ids,
        ["consensus-paxos-raft.001", "consensus-paxos-raft.003"]
    );
    assert!(library.decks[0].diagnostics().count() > 0);
    let question = library.decks[0].question(1).unwrap();
    assert_eq!(
        (question.kind(), question.level),
        (Kind::Single, Level::Senior)
    );
}

#[test]
fn a_header_in_a_text_is_text() {
    let inner = question(1).replace(
        "stem = \"\"\"\n",
        "stem = \"\"\"\nA deck says:\n[[question]]\nand goes on. \\\n",
    );
    let library = load(&format!("{HEAD}{inner}{}", question(2)));
    assert_eq!(library.decks[0].deck.entries.len(), 2);
    assert!(
        library.decks[0]
            .question(0)
            .unwrap()
            .stem
            .as_str()
            .contains("[[question]]")
    );
}

fn load(deck: &str) -> Library {
    let folder = tempfile::tempdir().unwrap().keep();
    let path = folder.join("mine.toml");
    fs::write(&path, deck).unwrap();
    Library::only(&[path])
}

#[test]
fn a_kept_text_gives_the_same_question_again() {
    let library = load(&format!(
        "{HEAD}{}# a comment before the next\n\n{}",
        question(1),
        question(2)
    ));
    let deck = &library.decks[0];
    let (question, text) = (deck.question(0).unwrap(), deck.source_of(0).unwrap());
    assert!(text.ends_with("year = 2014"), "{text}");
    let again = question_from(&text, &Text::new("history")).unwrap();
    assert_eq!(again.fingerprint, question.fingerprint);
    assert!(
        matches!(again.interaction, Interaction::Single(options) if options.len() == 3 && options[0].is_key())
    );
}

#[test]
fn what_is_written_oddly_but_rightly_is_offered() {
    let odd = question(1)
        .replace("level = \"senior\"", "'level' = 'senior'")
        .replace("seconds = 75", "seconds = 0x4B");
    let library = load(&format!("{HEAD}{odd}{}", question(2)));
    let entries = &library.decks[0].deck.entries;
    assert_eq!(library.decks[0].diagnostics().next(), None);
    assert_eq!(
        entries
            .iter()
            .map(|entry| entry.seconds)
            .collect::<Vec<_>>(),
        [75, 75]
    );
    assert_eq!(entries[0].id.as_str(), "consensus-paxos-raft.001");
}

#[test]
fn a_changed_file_is_told_and_not_misread() {
    let library = load(&format!("{HEAD}{}", question(1)));
    let path = library.decks[0].file.to_string();
    fs::write(path, format!("{HEAD}\n\n{}", question(1))).unwrap();
    let problems = library.decks[0].question(0).unwrap_err();
    let message = problems[0].message.as_str();
    // The decks are read once, when the program starts.
    assert!(
        message.contains("changed") && message.contains("quit aethos"),
        "{problems:?}"
    );
}

#[test]
fn a_users_deck_replaces_the_built_in_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("decks")).unwrap();
    let deck = format!("{HEAD}{}", question(1)).replace("\"mine\"", "\"data-consistency\"");
    fs::write(folder.path().join("decks/data-consistency.toml"), deck).unwrap();
    let library = Library::load(&[], Some(folder.path()));
    assert_eq!(library.decks.len(), 10);
    let own: Vec<_> = library
        .decks
        .iter()
        .filter(|loaded| !loaded.deck.builtin)
        .collect();
    assert_eq!((own.len(), own[0].deck.entries.len()), (1, 1));
}

#[test]
fn the_decks_of_the_program_have_no_errors() {
    let library = aethos::deck::load::Library::load(&[], None);
    for loaded in &library.decks {
        assert_eq!(library.check(loaded).iter().next(), None);
    }
}

#[test]
fn decks_in_json_have_the_documented_fields() {
    let mut out = Vec::new();
    cli::decks::run(
        &cli::decks::Args {
            json: true,
            ..Default::default()
        },
        None,
        &mut out,
    )
    .unwrap();
    let decks: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(&out).unwrap();
    let mut fields: Vec<_> = decks[0].keys().map(String::as_str).collect();
    fields.sort_unstable();
    let expected = [
        "builtin",
        "competency",
        "counts",
        "draft",
        "errors",
        "facets_covered",
        "facets_total",
        "id",
        "levels",
        "questions",
        "replaces_builtin",
        "retired",
        "title",
        "types",
    ];
    assert_eq!(fields, expected);
    let mut table = Vec::new();
    cli::decks::run(&cli::decks::Args::default(), None, &mut table).unwrap();
    assert!(String::from_utf8(table).unwrap().contains("10 decks"));
}

#[test]
fn a_new_deck_is_correct_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let args = cli::new::Args {
        file: folder.path().join("our-questions"),
        types: Vec::new(),
        competency: None,
    };
    let mut out = Vec::new();
    assert_eq!(cli::new::run(&args, &mut out).unwrap(), Exit::Fine);
    let path = folder.path().join("our-questions.toml");
    let (exit, out) = check(std::slice::from_ref(&path), cli::check::Format::Text);
    assert_eq!(
        (exit, out.as_str()),
        (Exit::Fine, "no problems in 1 deck\n")
    );
    fs::write(&path, "mine").unwrap();
    let refused = cli::new::run(&args, &mut Vec::new()).unwrap_err();
    assert!(refused.to_string().contains("already exists"), "{refused}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[test]
fn a_new_deck_has_the_types_and_the_competency_that_were_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::load(&[], None);
    for competency in &library.outline.blueprint.competencies {
        let path = folder.path().join(format!("my-{}.toml", competency.id));
        let args = cli::new::Args {
            file: path.clone(),
            types: Example::value_variants().to_vec(),
            competency: Some(competency.id.to_string()),
        };
        cli::new::run(&args, &mut Vec::new()).unwrap();
        let (exit, out) = check(std::slice::from_ref(&path), cli::check::Format::Text);
        assert_eq!(
            (exit, out.as_str()),
            (Exit::Fine, "no problems in 1 deck\n")
        );
        let own = Library::load(&[path], None);
        let own = own
            .decks
            .iter()
            .find(|d| d.deck.id.as_str().starts_with("my-"))
            .unwrap();
        assert_eq!(own.deck.competency, competency.id);
        let questions: Vec<_> = (0..own.deck.entries.len())
            .map(|i| own.question(i).unwrap())
            .collect();
        for kind in Kind::ALL {
            assert!(
                questions.iter().any(|q| q.kind() == kind),
                "{}",
                kind.word()
            );
        }
        assert!(questions.iter().any(|q| !q.figures.is_empty()));
    }
    let args = cli::new::Args {
        file: folder.path().join("other"),
        types: Vec::new(),
        competency: Some("fault-tolerence".into()),
    };
    let refused = cli::new::run(&args, &mut Vec::new()).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("did you mean fault-tolerance?"),
        "{refused}"
    );
}

#[test]
fn the_schema_names_every_key_that_the_reader_knows() {
    let schema = cli::schema::schema();
    let question = &schema["properties"]["question"]["items"];
    for key in aethos::deck::format::QUESTION.keys {
        assert_eq!(question["properties"][key.name]["description"], key.doc);
    }
    assert_eq!(question["additionalProperties"], false);
    assert_eq!(
        question["allOf"][1]["then"]["else"]["required"],
        serde_json::json!(["select", "option"])
    );
}

#[test]
fn escapes_in_a_deck_never_reach_the_output() {
    let hostile = question(1)
        .replace(
            "id = \"consensus",
            "\"k\\u001b[2J\" = 1\nid = \"\\u001b]0;pwned\\u0007consensus",
        )
        .replace("Complete", "\\u001b[31mComplete\u{202e}");
    let out = check_bytes(format!("{HEAD}{hostile}# \u{1b}[5m\n").as_bytes());
    assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{out:?}");
    assert!(!out.contains('\u{202e}'));
    assert!(out.contains("D04"), "{out}");
    let out = check_bytes(format!("{HEAD}{hostile}").as_bytes());
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
    assert!(
        std::process::Command::new("mkfifo")
            .arg(at("fifo.toml"))
            .status()
            .unwrap()
            .success()
    );
    let head = |id: &str| HEAD.replace("mine", id);
    fs::write(
        at("nul.toml"),
        format!("{}{}\0\n{}", head("nul"), question(1), question(2)),
    )
    .unwrap();
    let bytes = [
        format!("{}{}", head("bytes"), question(1)).as_bytes(),
        b"\xff\n",
        question(2).as_bytes(),
    ]
    .concat();
    fs::write(at("bytes.toml"), bytes).unwrap();
    let nested = format!(
        "{}{}points = {}\n{}",
        head("deep"),
        question(1),
        "[".repeat(10_000),
        question(2)
    );
    fs::write(at("deep.toml"), nested).unwrap();
    let start = Instant::now();
    let (exit, out) = check(&[folder.path().to_owned()], cli::check::Format::Text);
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(exit, Exit::Failed);
    let out = out.replace(&format!("{}/", folder.path().display()), "");
    insta::assert_snapshot!(out);
}

#[test]
fn a_long_line_among_questions_costs_that_question_only() {
    let long = format!("[[question]]\nstem = \"{}\"\n", "x".repeat(3 << 20));
    let library = load(&format!("{HEAD}{}{long}{}", question(1), question(2)));
    assert_eq!(library.decks[0].deck.entries.len(), 2);
    let problems: Vec<_> = library.decks[0]
        .diagnostics()
        .map(|d| (d.code.name(), d.line))
        .collect();
    assert_eq!(problems, [("D02", 8 + question(1).lines().count())]);
    assert_eq!(
        library.decks[0].question(1).unwrap().id.as_str(),
        "consensus-paxos-raft.002"
    );
}

#[test]
fn halves_of_a_large_deck_give_what_the_whole_gives() {
    let outline = aethos::deck::outline::Outline::builtin();
    let questions: String = (0..2000).map(question).collect();
    let text_with_headers = format!("stem = \"\"\"\n{}", "[[question]]\nid = 1\n".repeat(4000));
    let long = question(5000).replace("stem = \"\"\"\n", &text_with_headers);
    for deck in [
        format!("{HEAD}{questions}"),
        format!(
            "{HEAD}{questions}{long}{}",
            questions.replace("raft.", "raft.b")
        ),
    ] {
        let whole = aethos::deck::scan::scan_text(&deck, &Text::new("whole"), &outline.facets());
        let halves = &load(&deck).decks[0];
        assert!(whole.problems.is_empty());
        assert_eq!(halves.diagnostics().next(), None);
        let ids = |entries: &[aethos::core::deck::Entry]| {
            entries.iter().map(|e| e.id.to_string()).collect::<Vec<_>>()
        };
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

/// Returns the problems that `check --format json` reports for these paths.
fn findings(paths: &[PathBuf]) -> Vec<serde_json::Value> {
    serde_json::from_str(&check(paths, cli::check::Format::Json).1).unwrap()
}

/// Creates a folder with these files.
fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_file_of_nothing_but_headers_gives_a_short_report() {
    let deck = format!("{HEAD}{}", "[[question]]\n".repeat(50_000));
    let folder = folder_of(&[("mine.toml", &deck)]);
    let (exit, out) = check(&[folder.path().to_owned()], cli::check::Format::Text);
    assert_eq!(exit, Exit::Failed);
    assert!(out.len() < 100_000, "{} bytes", out.len());
    assert!(out.contains("and ") && out.contains(" more\n"), "{out}");
    assert!(out.contains("1,000 questions have errors already"), "{out}");
}

#[test]
fn each_of_many_near_duplicates_is_reported_once() {
    let questions: String = (1..=400).map(question).collect();
    let folder = folder_of(&[("mine.toml", &format!("{HEAD}{questions}"))]);
    let (_, out) = check(&[folder.path().to_owned()], cli::check::Format::Text);
    assert!(out.lines().count() < 1000, "{} lines", out.lines().count());
    let listed = findings(&[folder.path().to_owned()]);
    // 399 questions resemble the first one, and share its explanation.
    for code in ["B7", "L28"] {
        assert_eq!(
            listed.iter().filter(|found| found["code"] == code).count(),
            21
        );
        assert!(
            listed
                .iter()
                .any(|found| found["code"] == code && found["message"] == "and 379 more"),
            "{code}"
        );
    }
}

#[test]
fn a_question_with_countless_parts_costs_little_time() {
    let many = |part: &str, n: usize| {
        (0..n)
            .map(|i| part.replace('#', &i.to_string()))
            .collect::<String>()
    };
    let lefts = many(
        "[[question.left]]\ntext = \"a\"\nwhy = \"b\"\nmatch = \"none-#\"\n",
        4000,
    );
    let rights = many("[[question.right]]\ntext = \"a\"\nid = \"entry-#\"\n", 4000);
    let keys = many("key# = 1\n", 20_000);
    let params = format!(
        "[question.params]\n{}",
        many("p# = { values = [1, 2] }\n", 5000)
    );
    let ids = format!(
        "points = [{}]\n",
        many("\"consensus-paxos-raft/p#\",", 20_000)
    );
    for (text, kind) in [
        (lefts + &rights, "matching"),
        (keys, "single"),
        (params, "numeric"),
        (ids, "single"),
    ] {
        let deck = format!(
            "{HEAD}[[question]]\nid = \"consensus-paxos-raft.001\"\ntype = \"{kind}\"\n{text}"
        );
        let folder = folder_of(&[("mine.toml", &deck)]);
        let start = Instant::now();
        let (exit, _) = check(&[folder.path().to_owned()], cli::check::Format::Text);
        assert_eq!(exit, Exit::Failed);
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{kind}: {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn an_error_is_never_lost_behind_warnings() {
    let spoilt = question(1).replace(
        "seconds = 75",
        &format!(
            "waive = [{}]\nseconds = 75",
            "\"L07: proper noun\",".repeat(5)
        ),
    );
    let references = "[[question.reference]]\nauthor = \"A\u{202e}\"\ntitle = \"T\u{202e}\"\nwhere = \"W\u{202e}\"\nyear = 2000\n";
    let deck = format!(
        "{HEAD}{spoilt}{}[[question.reference]]\nyear = 3000\n",
        references.repeat(40)
    );
    let library = load(&deck);
    assert!(library.decks[0].question(0).is_err());
}

#[test]
fn a_folder_without_decks_is_an_error() {
    let folder = folder_of(&[
        ("notes.txt", "no deck"),
        (".hidden.toml", HEAD),
        (".git/mine.toml", HEAD),
    ]);
    let (exit, out) = check(&[folder.path().to_owned()], cli::check::Format::Text);
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("D29"), "{out}");
    assert!(
        Library::load(&[folder.path().to_owned()], None)
            .refused
            .is_some()
    );
    let empty = tempfile::tempdir().unwrap();
    fs::create_dir(empty.path().join("decks")).unwrap();
    assert!(
        Library::load(&[], Some(empty.path()))
            .diagnostics
            .is_empty()
    );
}

#[test]
fn the_file_that_is_named_after_its_id_wins_over_copies() {
    let titled = |title: &str| format!("{}{}", HEAD.replace("Mine", title), question(1));
    let folder = folder_of(&[
        ("decks/mine (conflicted copy).toml", &titled("Old")),
        ("decks/mine.toml", &titled("Right")),
        ("decks/zz.toml", &titled("Older")),
        ("decks/._mine.toml", "\0\x05"),
        ("decks/.stversions/mine.toml", &titled("Oldest")),
    ]);
    let library = Library::load(&[], Some(folder.path()));
    let own: Vec<_> = library
        .decks
        .iter()
        .filter(|loaded| !loaded.deck.builtin)
        .collect();
    assert_eq!(
        own.iter()
            .map(|loaded| loaded.deck.title.as_str())
            .collect::<Vec<_>>(),
        ["Right"]
    );
    let codes: Vec<_> = library
        .diagnostics
        .iter()
        .map(|problem| problem.code.name())
        .collect();
    assert_eq!(codes, ["D28", "D28"]);
    let exit = |files| check(files, cli::check::Format::Text).0;
    assert_eq!(exit(&[folder.path().join("decks")]), Exit::Fine);
}

#[test]
fn a_deck_of_the_data_folder_can_be_named_by_its_path() {
    let folder = folder_of(&[("decks/mine.toml", &format!("{HEAD}{}", question(1)))]);
    let path = folder.path().join("decks/mine.toml");
    let library = Library::load(std::slice::from_ref(&path), Some(folder.path()));
    assert!(library.diagnostics.is_empty() && library.refused.is_none());
    assert!(library.decks[0].is_under(&[path]));
    // A named file with the same id replaces the one in the folder.
    let elsewhere = folder_of(&[(
        "mine.toml",
        &format!("{}{}", HEAD.replace("Mine", "Newer"), question(1)),
    )]);
    let library = Library::load(&[elsewhere.path().join("mine.toml")], Some(folder.path()));
    assert_eq!(library.decks[0].deck.title.as_str(), "Newer");
    assert!(library.diagnostics.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn decks_whose_paths_are_not_utf_8_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder
        .path()
        .join(std::ffi::OsStr::from_bytes(b"caf\xe9"))
        .join("mine.toml");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("{HEAD}{}", question(1))).unwrap();
    assert_eq!(
        check(std::slice::from_ref(&path), cli::check::Format::Text).0,
        Exit::Fine
    );
    assert_eq!(
        check(
            &[path.parent().unwrap().to_owned()],
            cli::check::Format::Text
        )
        .0,
        Exit::Fine
    );
}

#[test]
fn a_deck_with_more_questions_than_fit_is_read_to_the_limit() {
    let text = format!("{HEAD}{}", "[[question]]\n".repeat(250_002));
    let library = load(&text);
    let problems: Vec<_> = library.decks[0]
        .diagnostics()
        .map(|d| (d.code.name(), d.line))
        .collect();
    assert!(problems.contains(&("D27", 8 + 250_000)), "{problems:?}");
}
