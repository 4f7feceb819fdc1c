//! Full disks, broken files and hostile decks, and the messages that they cause.

#[path = "pty/home.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod home;
#[path = "pty/terminal.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod terminal;

#[path = "hostile/disk.rs"]
mod disk;
#[path = "hostile/traps.rs"]
mod traps;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use home::{Home, head, single, singles};
use terminal::Terminal;

/// Asserts that every command and screen refuses such a history with these words.
fn assert_refused(name: &str, history: &[u8], words: &str) {
    let home = Home::new();
    fs::write(home.history(), history).unwrap();
    for args in [
        &["history"][..],
        &["report"],
        &["assess", "--plain", "--quick"],
    ] {
        let output = home.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(
            said.contains(words) && said.trim_end().lines().count() == 1,
            "{name}: {said}"
        );
    }
    let left = Terminal::start(&home, &[]).end();
    assert_eq!(
        (left.status.exit_code(), &left.changed),
        (1, &Vec::new()),
        "{name}: {}",
        left.screen
    );
    assert!(
        terminal::dense(&left.screen).contains(&terminal::dense(words)),
        "{name}: {}",
        left.screen
    );
    assert!(
        fs::read(home.history()).unwrap() == history,
        "{name}: the file was changed"
    );
}

/// Creates a history with a finished session.
fn good_history() -> Vec<u8> {
    let home = Home::new();
    home.config("confidence = false\n");
    let answers = "a\n".repeat(10) + &"next\n".repeat(40) + "finish\ny\n";
    assert!(
        home.run_with(&["assess", "--plain", "--quick"], &answers)
            .status
            .success()
    );
    fs::read(home.history()).unwrap()
}

#[test]
fn a_history_that_is_none_of_ours_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        fs::read(path).unwrap()
    };
    let foreign = database("foreign", "PRAGMA application_id = 5; CREATE TABLE t (x)");
    assert_refused("foreign", &foreign, "is the database of another program");
    assert_refused(
        "text",
        b"my diary\n".repeat(200).as_slice(),
        "is not a database",
    );
    let whole = good_history();
    assert_refused("torn", &whole[..whole.len() / 2], "is damaged");
    let path = folder.path().join("newer");
    fs::write(&path, &whole).unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert_refused(
        "newer",
        &fs::read(&path).unwrap(),
        "was written by a newer aethos",
    );
}

#[test]
fn a_history_that_is_a_folder_or_a_pipe_is_refused() {
    let home = Home::new();
    fs::create_dir(home.history()).unwrap();
    let said = home.run(&["history"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("is a folder"));
    fs::remove_dir(home.history()).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(home.history())
            .status()
            .unwrap()
            .success()
    );
    let said = home.run(&["history"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("is a pipe"));
}

#[test]
fn mistakes_in_the_settings_are_told_with_their_place() {
    for (config, words) in [
        ("theme = \"dark\"\nconfidense = true\n", "config.toml:2:1  "),
        ("theme = \"dusk\"\n", "config.toml:1:9  "),
        ("\n\ntime_multiplier = 0.5\n", "config.toml:3:19  "),
        ("time_multiplier = \"1.5x\"\n", "config.toml:1:19  "),
        ("theme = [\n", "config.toml:"),
        (
            "[keys]\n\"question.flag\" = [\"x\"]\n",
            "question.strike and question.flag",
        ),
        ("[keys]\n\"question.fly\" = [\"x\"]\n", "\"question.fly\""),
        (
            "[keys]\n\"question.flag\" = [\"hyper+x\"]\n",
            "\"hyper+x\" is not a key",
        ),
    ] {
        let home = Home::new();
        home.config(config);
        for args in [
            &["config"][..],
            &["history"],
            &["assess", "--plain", "--quick"],
        ] {
            let output = home.run(args);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{config}: {said}");
            assert!(
                said.contains(words) && said.trim_end().lines().count() == 1,
                "{config}: {said}"
            );
        }
        let left = Terminal::start(&home, &[]).end();
        assert_eq!(
            (left.status.exit_code(), left.changed),
            (1, Vec::new()),
            "{config}: {}",
            left.screen
        );
        assert_eq!(
            fs::read_to_string(home.data().join("config.toml")).unwrap(),
            config
        );
    }
}

/// A deck whose texts try to control the terminal.
fn malicious() -> String {
    let escapes = r"\u001b]0;pwned\u0007\u001b[41m\u001bP0q\u009b31m\u0008\u000d";
    let bidi = "\\u202e\u{202e}\u{2066}\u{200f}";
    let marks = format!("a{}", "\u{301}".repeat(3000));
    single(1)
        .replace(
            "Number 1.",
            &format!("Number 1. {escapes} {bidi} {marks} end of it."),
        )
        .replace(
            "text = \"Complete",
            &format!("text = \"{escapes}{bidi}Complete"),
        )
        .replace(
            "lead_in = \"What",
            &format!("lead_in = \"{escapes}{bidi}What"),
        )
        .replace(
            "why = \"A majority",
            &format!("why = \"{escapes}{bidi}A majority"),
        )
}

/// Asserts that the screen has no smuggled characters and no pile of combining marks.
fn assert_clean(raw: &[u8]) {
    let text = String::from_utf8_lossy(raw);
    for smuggled in [
        "\x1b]", "\x1bP", "\x1b[41m", "\u{9b}", "\u{202e}", "\u{2066}", "\u{200f}", "\x07",
    ] {
        assert!(
            !text.contains(smuggled),
            "{smuggled:?} reached the terminal"
        );
    }
    assert!(
        !text.contains(&"\u{301}".repeat(5)),
        "more marks than a letter has"
    );
}

#[test]
fn nothing_in_a_deck_reaches_the_terminal_but_text() {
    let home = Home::new();
    let title = head("evil").replace("Deck evil", "\\u001b]0;pwned\\u0007Deck\\u202e evil");
    home.deck("evil", title + &malicious());
    let mut terminal = Terminal::start(&home, &["assess", "evil", "--untimed", "--questions", "1"]);
    terminal.wait_for("end of it.");
    terminal.wait_for("a-c choose");
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.press("g");
    terminal.wait_for("Overview");
    terminal.press("F");
    terminal.wait_for("Finish the assessment?");
    terminal.decide("2");
    terminal.wait_for("Your result");
    terminal.press("\r");
    terminal.wait_for("Data consistency");
    terminal.press("\r");
    terminal.wait_for("Number 1.");
    for _ in 0..5 {
        terminal.press("\x1b[6~");
    }
    terminal.signal("TERM");
    assert_clean(&terminal.end().raw);

    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    terminal.press(&("\x1b[B".repeat(4) + "\r"));
    terminal.wait_for("Deck evil");
    terminal.press("q");
    assert_clean(&terminal.end().raw);
    for args in [
        &["decks"][..],
        &["decks", "--json"],
        &["check"],
        &["report"],
        &["report", "--format", "markdown"],
    ] {
        let output = home.run(args);
        assert_clean(&output.stdout);
        assert!(
            !output.stdout.is_empty() && !output.stdout.contains(&0x1b),
            "{args:?}"
        );
    }
    let plain = home.run_with(
        &["assess", "evil", "--plain", "--questions", "1"],
        "a\n\nfinish\ny\n",
    );
    assert_clean(&plain.stdout);
    assert!(!plain.stdout.contains(&0x1b));
}

#[test]
fn file_names_and_arguments_cannot_reach_the_terminal_either() {
    let home = Home::new();
    home.deck("\u{1b}[41mname\u{202e}", "no deck");
    fs::write(home.work().join("\u{1b}[41mname.toml"), "no deck").unwrap();
    for args in [
        &["decks"][..],
        &["check"],
        &["check", "\u{1b}[41mname.toml"],
        &["assess", "\u{1b}[41mx", "--quick"],
    ] {
        let output = home.run(args);
        assert_clean(&[output.stdout, output.stderr].concat());
    }
}

/// Returns the numbers of the words on a screen: 7 for `w7.`
fn numbers(screen: &str) -> BTreeSet<usize> {
    let number = |word: &str| word.strip_prefix('w')?.strip_suffix('.')?.parse().ok();
    screen.split_whitespace().filter_map(number).collect()
}

#[test]
fn a_question_of_fifteen_hundred_words_can_be_read_to_its_end() {
    let home = Home::new();
    let words: Vec<String> = (1..=1500).map(|n| format!("w{n}.")).collect();
    home.deck(
        "long",
        head("long") + &single(1).replace("Number 1.", &words.join(" ")),
    );
    for (columns, rows) in [(100, 30), (80, 24), (40, 12)] {
        let mut terminal =
            Terminal::start(&home, &["assess", "long", "--untimed", "--questions", "1"]);
        terminal.resize(columns, rows);
        terminal.wait_for("w1.");
        terminal.wait_for("1/1");
        let mut read = BTreeSet::new();
        for _ in 0..2000 {
            let Some(next) = (1..=1500).find(|n| !read.contains(n)) else {
                break;
            };
            let shown = terminal.screen();
            let numbers = numbers(&shown);
            if numbers.contains(&next) {
                read.extend(numbers);
                continue;
            }
            // A half-drawn frame may show older words.
            terminal.press(if numbers.last() > Some(&next) {
                "\x1b[5~"
            } else {
                "\x1b[6~"
            });
            terminal.wait(&format!("w{next}."), |screen| screen.contents() != shown);
        }
        assert_eq!(
            read.len(),
            words.len(),
            "{columns}x{rows}: the last word seen is {:?}",
            read.last()
        );
        terminal.press("\x1b[F");
        terminal.press("a");
        terminal.wait_for("● a");
    }
}

#[test]
fn a_deck_folder_of_traps_is_survived() {
    let home = Home::new();
    home.deck("good", singles("good", 2));
    let decks = home.data().join("decks");
    let at = |name: &str| -> PathBuf { Path::new(&decks).join(name) };
    fs::create_dir(at("folder.toml")).unwrap();
    std::os::unix::fs::symlink(at("loop.toml"), at("loop.toml")).unwrap();
    std::os::unix::fs::symlink(&decks, at("circle")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(at("fifo.toml"))
            .status()
            .unwrap()
            .success()
    );
    File::create(at("huge.toml"))
        .unwrap()
        .set_len(3 << 30)
        .unwrap();
    fs::write(at("nul.toml"), "\0".repeat(5000)).unwrap();
    fs::write(
        at("deep.toml"),
        format!("{}x = {}", head("deep"), "[".repeat(10_000)),
    )
    .unwrap();
    let mut terminal = Terminal::start(&home, &["assess", "good", "--untimed", "--questions", "2"]);
    terminal.wait_for("1/2");
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.signal("TERM");
    terminal.end();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Resume");
    terminal.wait_for("errors in");
}
