//! `aethos import`: questions as Moodle and spreadsheets write them become decks that can be practised at once.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;

use std::process::Output;

use aethos::exchange::{Body, Format, Imported, ProblemKind, decode};
use home::Home;
use proptest::prelude::*;
use serde_json::Value;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Writes a file into the folder of the home, and imports it to `mine.toml` there.
fn import(home: &Home, name: &str, content: impl AsRef<[u8]>, args: &[&str]) -> Output {
    std::fs::write(home.work().join(name), content).unwrap();
    home.run(&[&["import", name, "-o", "mine.toml"], args].concat())
}

fn summary(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn messages(imported: &Imported, kind: ProblemKind) -> Vec<String> {
    let of_kind = imported
        .problems
        .iter()
        .filter(|problem| problem.kind == kind);
    of_kind
        .map(|problem| format!("{}: {}", problem.line, problem.message))
        .collect()
}

/// As Moodle exports a category: comments, escapes, HTML, weights and feedback.
const MOODLE: &str = r"// question: 0  name: Switch category to $module$/top/Raft
$CATEGORY: $module$/top/consensus-paxos-raft

// question: 12  name: Commit
::Commit::[html]<p>When is an entry <b>committed</b>?</p>{
	=<p>Once a majority has stored it\: not before.</p>#<p>A majority survives.</p>
	~%50%<p>Once the leader has stored it.</p>#<p>Only half of it.</p>
	~<p>At once &amp; always.</p>
	####<p>A majority overlaps with every other majority.</p>
}

::Size::Which sizes tolerate two failures?{~%50%5 nodes ~%50%6 nodes ~%-100%3 nodes ~%-100%4 nodes}

::Leader::A term has at most one leader.{T#Two leaders need two majorities.#Right.}

A cluster of five nodes needs {=three ~two ~four} votes to elect a leader.

::Majority::How many of 7 nodes are a majority?{#4:0}

::Pairs::Match each term with its meaning. {
	=term -> a number that only grows
	=log -> an ordered list of entries
	= -> a random name
}

::Essay::Explain joint consensus.{}

::Short::Who described Raft?{=Ongaro =Diego Ongaro}

This is only a description.

::Broken::What is \{a set\}?{=A ~B
";

#[test]
fn a_moodle_export_becomes_questions_and_nothing_is_dropped_silently() {
    let imported = Format::Gift.read(MOODLE);
    let titles: Vec<&str> = imported
        .drafts
        .iter()
        .map(|draft| draft.title.as_str())
        .collect();
    assert_eq!(
        titles,
        ["Commit", "Size", "Leader", "", "Majority", "Pairs", "Essay"]
    );
    let Body::Single(options) = &imported.drafts[0].body else {
        panic!("{:?}", imported.drafts[0]);
    };
    assert_eq!(imported.drafts[0].lead_in, "When is an entry committed?");
    assert_eq!(
        options[0].text,
        "Once a majority has stored it: not before."
    );
    assert_eq!(options[0].why, "A majority survives.");
    assert_eq!(options[1].credit, 0.5);
    assert_eq!(options[2].text, "At once & always.");
    assert!(matches!(&imported.drafts[1].body, Body::Multiple(options) if options.len() == 4));
    assert_eq!(
        imported.drafts[3].lead_in,
        "A cluster of five nodes needs _____ votes to elect a leader."
    );
    assert!(matches!(&imported.drafts[4].body, Body::Numeric(number) if number.value == 4.0));
    assert!(
        matches!(&imported.drafts[5].body, Body::Matching(pairs, spare) if pairs.len() == 2 && spare.len() == 1)
    );
    assert_eq!(
        messages(&imported, ProblemKind::Loss),
        ["26: an essay becomes an open question, which practice does not ask"]
    );
    assert_eq!(
        messages(&imported, ProblemKind::Skipped),
        ["30: a description without an answer is not a question"]
    );
    assert_eq!(
        messages(&imported, ProblemKind::Refused),
        [
            "28: a short answer has no wrong alternatives to choose from: add some with ~",
            "32: the answers are not closed: there is a `{` without a `}`"
        ]
    );
}

#[test]
fn an_import_is_practised_at_once_and_checked_without_errors() {
    let home = Home::new();
    let output = import(
        &home,
        "raft.gift",
        MOODLE,
        &["--competency", "data-consistency", "--json"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let summary = summary(&output);
    assert_eq!(summary["read"], 10);
    assert_eq!(summary["converted"], 7);
    assert_eq!(summary["with_loss"], 1);
    assert_eq!(summary["skipped"], 1);
    assert_eq!(summary["refused"], 2);
    let deck = std::fs::read_to_string(home.work().join("mine.toml")).unwrap();
    assert!(deck.contains("id = \"consensus-paxos-raft.001\""), "{deck}");
    assert!(deck.contains("# TODO level = "), "{deck}");
    let check = home.run(&["check", "mine.toml"]);
    assert!(check.status.success(), "{}", text(&check.stdout));
    let practice = home.run_with(&["practice", "./mine.toml", "--plain"], "");
    assert!(
        text(&practice.stdout).contains("Question 1"),
        "{}",
        text(&practice.stderr)
    );
    let assess = home.run(&["assess", "./mine.toml", "--quick", "--plain"]);
    assert!(text(&assess.stderr).contains("is a draft"));
}

#[test]
fn three_hundred_questions_become_a_deck_in_one_command_that_overwrites_nothing() {
    let home = Home::new();
    let question =
        |n: usize| format!("::Q{n}:: Is {n} prime\\: yes or no?{{=Yes ~No ~Unknown}}\n\n");
    let gift: String = (0..300).map(question).collect();
    let output = import(&home, "many.gift", &gift, &[]);
    assert!(output.status.success(), "{}", text(&output.stdout));
    assert!(
        text(&output.stdout)
            .contains("read 300, converted 300 (0 with loss), skipped 0, refused 0")
    );
    let again = import(&home, "many.gift", &gift, &[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("add --force"));
    assert!(
        import(&home, "many.gift", &gift, &["--force"])
            .status
            .success()
    );
    let check = home.run(&["check", "mine.toml"]);
    assert!(check.status.success(), "{}", text(&check.stdout));
    let shown = home.run(&["show", "mine.toml/faq-1-role-differentiator.300"]);
    assert!(
        text(&shown.stdout).contains("Is 299 prime: yes or no?"),
        "{}",
        text(&shown.stderr)
    );
}

#[test]
fn tables_are_read_as_spreadsheets_write_them() {
    let table = "Question;Option A;Option B;Option C;Correct;Feedback;Colour\r\n\
                 \"Which quorum, of five,\r\nis a \u{201c}majority\u{201d}?\";2;3;5;B;\"say \"\"three\"\"\";red\r\n\
                 Which two?;a;b;c;A, C;;\r\n\
                 No key?;a;b;c;;;\r\n\
                 ;;;;;;\r\n\
                 Wrong key?;a;b;c;Z;;\r\n";
    let mut wide = vec![0xff, 0xfe];
    wide.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
    let latin = windows_1252(table);
    for bytes in [table.as_bytes().to_vec(), wide, latin] {
        let decoded = decode(&bytes, "x.csv").unwrap();
        assert_eq!(Format::detect(&decoded.text, "x.csv"), Ok(Format::Csv));
        let imported = Format::Csv.read(&decoded.text);
        assert_eq!(imported.drafts.len(), 2);
        assert!(
            imported.drafts[0]
                .lead_in
                .ends_with("\u{201c}majority\u{201d}?")
        );
        assert_eq!(imported.drafts[0].explanation, "say \"three\"");
        assert!(
            matches!(&imported.drafts[0].body, Body::Single(options) if options[1].credit == 1.0)
        );
        assert!(
            matches!(&imported.drafts[1].body, Body::Multiple(options) if options[2].credit == 1.0)
        );
        assert_eq!(
            messages(&imported, ProblemKind::Note),
            ["1: the column `colour` is not used"]
        );
        assert_eq!(
            messages(&imported, ProblemKind::Refused),
            [
                "5: its key is missing: the column of the right answer is empty",
                "7: the right answer `Z` is none of its options"
            ]
        );
    }
}

/// Returns a text in windows-1252, of which only the quotes differ from ASCII.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '\u{201c}' => 0x93,
        '\u{201d}' => 0x94,
        c => u8::try_from(c).unwrap(),
    };
    text.chars().map(byte).collect()
}

#[test]
fn aiken_errors_name_the_question_and_the_line() {
    let aiken = "Which is a quorum of 3?\nA. One\nB) Two\nC. None\nANSWER: B\n\nNo answer?\nA. x\nB. y\n\nUnknown?\nA. x\nB. \
                 y\nANSWER: D\n";
    assert_eq!(Format::detect(aiken, "x.txt"), Ok(Format::Aiken));
    let imported = Format::Aiken.read(aiken);
    assert_eq!(imported.drafts.len(), 1);
    assert_eq!(
        messages(&imported, ProblemKind::Refused),
        [
            "7: no line `ANSWER: A` follows its options by line 11",
            "11: the answer on line 14 is `D`, and no option has this letter"
        ]
    );
}

#[test]
fn other_formats_are_named_with_the_way_to_convert_them() {
    let home = Home::new();
    let refused = |name: &str, content: &[u8], words: &str| {
        let output = import(&home, name, content, &[]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stdout);
        assert!(said.contains("refused: ") && said.contains(words), "{said}");
        assert!(!home.work().join("mine.toml").exists());
    };
    refused(
        "q.xml",
        b"<?xml version=\"1.0\"?>\n<quiz>",
        "export the questions in GIFT format",
    );
    refused("q.xml", b"<questestinterop>", "QTI");
    refused("q.apkg", b"PK\x03\x04", "the format Notes in Plain Text");
    refused("q.xlsx", b"PK\x03\x04", "CSV UTF-8");
    refused("q.gift", b"a\nb\0c", "byte 3 (line 2) is NUL");
    refused("q.txt", b"nothing", "--format gift, aiken, csv or anki");
}

#[test]
fn hostile_files_are_refused_quickly() {
    let start = std::time::Instant::now();
    let long = format!("::x::{}{{=a ~b}}\n", "<b>{".repeat(2_500_000));
    let refused = Format::Gift.read(&long);
    assert_eq!(
        (refused.drafts.len(), refused.count(ProblemKind::Refused)),
        (0, 1)
    );
    Format::Gift.read(&"{\n".repeat(100_000));
    Format::Gift.read(&"a{=b ~c}\n\n".repeat(10_000));
    Format::Aiken.read(&"x\n".repeat(100_000));
    let row = "\"Which of these?\",a,b,c,A\n".repeat(10_000);
    let many = Format::Csv.read(&format!("question,a,b,c,correct\n{row}"));
    assert_eq!(many.drafts.len(), 10_000);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_makes_an_importer_panic(text in "(?s)[ -~\n\u{e9}\u{1f600}={}~#:>%\\\\.;,\"A]{0,200}") {
        for format in Format::ALL {
            let imported = format.read(&text);
            prop_assert!(imported.problems.iter().all(|problem| !problem.message.contains('\n')));
        }
        let _ = Format::detect(&text, "x.txt");
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes, "x.txt");
    }
}

/// Returns the ids of the questions that an import wrote, and how many it refused.
fn imported_back(home: &Home, file: &str) -> (usize, Value) {
    let output = home.run(&["import", file, "-o", "back.toml", "--force", "--json"]);
    let back = summary(&output);
    let deck = std::fs::read_to_string(home.work().join("back.toml")).unwrap();
    (deck.matches("[[question]]").count(), back)
}

#[test]
fn what_is_exported_comes_back() {
    let home = Home::new();
    let decks = ["data-consistency", "fault-tolerance", "mentorship-skills"];
    for (file, format) in [
        ("all.gift", "gift"),
        ("all.csv", "csv"),
        ("aiken.txt", "aiken"),
    ] {
        let args = ["-o", file, "--format", format, "--json"];
        let output = home.run(&[&["export"], &decks[..], &args[..]].concat());
        let exported = summary(&output);
        let written = exported["converted"].as_u64().unwrap();
        assert!(written > 50, "{exported:#}");
        assert_eq!(
            exported["read"].as_u64().unwrap(),
            written + exported["refused"].as_u64().unwrap()
        );
        let (questions, back) = imported_back(&home, file);
        assert_eq!(questions as u64, written, "{format}: {back:#}");
        assert_eq!(back["refused"], 0, "{format}: {back:#}");
    }
}

#[test]
fn an_export_names_what_it_could_not_write_and_replaces_nothing() {
    let home = Home::new();
    let args = ["export", "data-consistency", "-o", "mine.csv"];
    let output = home.run(&args);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(
        said.contains("refused: a table has no matching questions"),
        "{said}"
    );
    assert!(said.contains("mine.csv was written."), "{said}");
    let again = home.run(&args);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("already exists"));
    let unnamed = home.run(&["export", "data-consistency", "-o", "mine.txt"]);
    assert_eq!(unnamed.status.code(), Some(2));
    assert!(text(&unnamed.stderr).contains("add --format gift, aiken, anki or csv"));
}

#[test]
fn tags_of_moodle_are_kept_and_a_picture_is_no_question() {
    let gift = "$CATEGORY: top/DS\n\n// question: 7  name: Q\n// [id:x] [tag:clocks] [tag:week 3]\n::Q::[html]<p>What is \
                it?</p><p><img src\\=\"a.png\"></p>{=x ~y}\n\n::R::Next?{=x ~y}\n";
    let imported = Format::Gift.read(gift);
    assert_eq!(imported.drafts[0].category, "top/DS clocks week 3");
    assert_eq!(imported.drafts[0].lead_in, "What is it?\n\n[a.png]");
    assert_eq!(imported.drafts[1].category, "top/DS");
}

#[test]
fn a_table_names_its_separator_and_what_it_ignores() {
    let csv = "sep=;\nQuestion;a;b;Correct;Answer;Punkte\nWhich?;x;y;a;b;3\n";
    assert_eq!(Format::detect(csv, "x.txt"), Ok(Format::Csv));
    let imported = Format::Csv.read(csv);
    assert_eq!(imported.drafts.len(), 1);
    assert_eq!(
        messages(&imported, ProblemKind::Note),
        [
            "2: the column `Answer` is not used: another one means the same",
            "2: the column `punkte` is not used"
        ]
    );
    let open = "question,a,b,correct\nFirst?,x,y,a\n\"Second?,x,y,a\nThird?,x,y,a\n";
    let imported = Format::Csv.read(open);
    assert_eq!(imported.drafts.len(), 1);
    let refused = messages(&imported, ProblemKind::Refused);
    assert!(
        refused[0].starts_with("3: a quotation mark is not closed: 2 lines"),
        "{refused:?}"
    );
}

const NOTES: &str = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n\
    g1\tBasic\tDS::clocks\tWhat is <b>skew</b> &amp; drift?\t\"One<br>two \"\"x\"\"\"\thard\n\
    g2\tCloze\tDS\t{{c1::Raft}} needs {{c2::a majority::how many?}}\tSee it\t\n\
    g3\tBasic (and reversed card)\tDS\tLamport\tclock\t\n\
    g4\tBasic\tDS\tPicture <img src=\"p.png\">\t[sound:s.mp3] {{x}}\t\n\
    g5\tBasic\tDS\tno back\t\t\n";

#[test]
fn a_table_may_name_the_column_of_the_right_answer_and_every_extra_cell_is_listed() {
    let home = Home::new();
    let table = "Question,Answer 1,Answer 2,Answer 3,Correct Answer\n\
                 What?,a,b,c,Answer 3\n\
                 Which two?,a,b,c,\"Answer 1, Answer 2\",one,,two\n";
    let output = import(&home, "form.csv", table, &["--json"]);
    let summary = summary(&output);
    assert_eq!(
        (&summary["converted"], &summary["refused"]),
        (&2.into(), &0.into())
    );
    let problems = summary["problems"].as_array().unwrap().iter();
    let messages: Vec<&str> = problems
        .map(|problem| problem["message"].as_str().unwrap())
        .collect();
    for cell in ["one", "two"] {
        let words = format!("`{cell}` is in a column without a name");
        assert!(messages.contains(&words.as_str()), "{messages:?}");
    }
}

#[test]
fn notes_become_cards_and_nothing_is_dropped_silently() {
    assert_eq!(Format::detect(NOTES, "notes.txt"), Ok(Format::Anki));
    let imported = Format::Anki.read(NOTES);
    let cards: Vec<(&str, &Body)> = imported
        .drafts
        .iter()
        .map(|draft| (draft.lead_in.as_str(), &draft.body))
        .collect();
    let back = |text: &str| Body::Recall(text.to_owned());
    assert_eq!(
        cards,
        [
            ("What is skew & drift?", &back("One\ntwo \"x\"")),
            ("{{Raft}} needs a majority", &back("See it")),
            ("Raft needs {{a majority::how many?}}", &back("See it")),
            ("Lamport", &back("clock")),
            ("clock", &back("Lamport")),
            ("Picture [p.png]", &back("[sound:s.mp3] {{x}}")),
        ]
    );
    assert_eq!(imported.drafts[0].category, "DS::clocks hard");
    assert_eq!(
        messages(&imported, ProblemKind::Loss),
        [
            "10: the media file `p.png` is not shown",
            "10: a sound is not played"
        ]
    );
    assert_eq!(
        messages(&imported, ProblemKind::Refused),
        ["11: its second field, the back, is empty"]
    );
}

#[test]
fn a_thousand_notes_are_practised_at_once_and_keep_their_ids() {
    let home = Home::new();
    let notes = |skip: usize| -> String {
        let rows = (skip..1000).map(|n| format!("What is fact {n}?\tIt is {n}.\n"));
        "#separator:tab\n#html:false\n".to_owned() + &rows.collect::<String>()
    };
    let output = import(&home, "notes.txt", notes(0), &["--json"]);
    assert!(output.status.success());
    assert_eq!(summary(&output)["converted"], 1000);
    let deck = std::fs::read_to_string(home.work().join("mine.toml")).unwrap();
    let checked = home.run(&["check", "mine.toml", "--deny", "warnings"]);
    assert!(checked.status.success(), "{}", text(&checked.stdout));
    let practised = home.run_with(&["practice", "./mine.toml", "--plain"], "\n3\nq\n");
    assert!(text(&practised.stdout).contains("Grade: good"));
    import(&home, "notes.txt", notes(1), &["--force"]);
    let again = std::fs::read_to_string(home.work().join("mine.toml")).unwrap();
    let ids = |deck: &str| -> Vec<String> {
        let lines = deck.lines().filter(|line| line.starts_with("id = "));
        lines.skip(1).map(str::to_owned).collect()
    };
    assert_eq!(ids(&again), ids(&deck)[1..]);
}
