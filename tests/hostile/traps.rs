//! Files that could block or be read without end, and decks that hide others.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::home::{Home, head, single, singles};
use super::terminal::Terminal;

/// Returns the output of a command, which must end within ten seconds.
fn output_in_time(command: &mut Command) -> Output {
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            panic!("still running after ten seconds: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn settings_that_are_no_regular_file_are_refused_at_once() {
    let traps: [fn(&Path); 3] = [
        pipe,
        |path| symlink("/dev/zero", path).unwrap(),
        |path| File::create(path).unwrap().set_len(4 << 30).unwrap(),
    ];
    for trap in traps {
        let home = Home::new();
        trap(&home.data().join("config.toml"));
        for args in [&["config"][..], &["history"]] {
            let output = output_in_time(&mut home.command(args));
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("config.toml: it is "), "{said}");
        }
    }
}

#[test]
fn a_time_zone_that_is_no_regular_file_means_utc() {
    let home = Home::new();
    let zone = home.work().join("zone");
    pipe(&zone);
    let mut named = zone.into_os_string();
    for _ in 0..2 {
        for zone in [named.clone(), "/dev/zero".into()] {
            let output = output_in_time(home.command(&["practice", "--progress"]).env("TZ", &zone));
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        named = [":".as_ref(), named.as_os_str()].into_iter().collect();
    }
}

#[test]
fn a_setting_changed_on_the_screen_keeps_comments_links_and_permissions() {
    let home = Home::new();
    let (real, config) = (
        home.work().join("dotfile.toml"),
        home.data().join("config.toml"),
    );
    let mine = "# mine\ntheme = \"dark\" # keep\n";
    fs::write(&real, mine).unwrap();
    fs::set_permissions(&real, Permissions::from_mode(0o644)).unwrap();
    symlink(&real, &config).unwrap();
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("Settings");
    terminal.press(",");
    terminal.wait_for("Confidence");
    terminal.press("\x1b[C");
    terminal.wait("the change to be stored", |_| {
        fs::read_to_string(&real).unwrap() != mine
    });
    terminal.signal("TERM");
    terminal.end();
    let text = fs::read_to_string(&real).unwrap();
    assert!(
        text.starts_with("# mine\ntheme = \"") && text.contains(" # keep\n"),
        "{text}"
    );
    assert!(config.is_symlink());
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o644
    );
}

#[test]
fn a_folder_without_decks_is_refused_instead_of_asking_other_decks() {
    let home = Home::new();
    fs::create_dir(home.work().join("empty")).unwrap();
    for args in [
        &["assess", "empty", "--plain", "--quick"][..],
        &["practice", "empty", "--plain"],
    ] {
        let output = home.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("empty  there is no deck in this folder"),
            "{said}"
        );
    }
    assert_eq!(home.run(&["check", "empty"]).status.code(), Some(1));
}

#[test]
fn a_deck_of_the_data_folder_can_be_asked_by_its_path() {
    let home = Home::new();
    let path = home.deck("mine", singles("mine", 2));
    for args in [["practice", "--plain"], ["assess", "--plain"]] {
        let output = home.command(&args).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("Question 1 of"),
            "{said}"
        );
    }
}

#[test]
fn decks_can_be_named_by_paths_that_are_not_utf_8() {
    for name in ["mine.toml", ""] {
        for command in ["practice", "assess"] {
            let home = Home::new();
            let folder = home.work().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("mine.toml"), singles("mine", 2)).unwrap();
            let path = folder.join(name);
            let output = home
                .command(&[command, "--plain"])
                .arg(&path)
                .output()
                .unwrap();
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(
                output.status.success() && said.contains("Question 1 of"),
                "{said}"
            );
        }
    }
}

#[test]
fn copies_and_hidden_files_do_not_replace_a_deck() {
    let home = Home::new();
    home.deck(
        "mine",
        head("mine").replace("Deck mine", "Right") + &single(1),
    );
    home.deck(
        "mine (conflicted copy)",
        head("mine").replace("Deck mine", "Old") + &single(1),
    );
    home.deck(".hidden", "\0");
    let decks = home.json(&["decks", "--json"]);
    let mine = decks
        .as_array()
        .unwrap()
        .iter()
        .find(|deck| deck["id"] == "mine")
        .unwrap();
    assert_eq!(mine["title"], "Right");
    let listed = home.output(&["decks"]);
    assert!(
        listed.contains("(conflicted copy).toml  not used: ") && !listed.contains(".hidden"),
        "{listed}"
    );
}

#[test]
fn a_deck_that_replaces_a_built_in_one_is_said_to() {
    let home = Home::new();
    let said = home.output(&["new", "data-consistency.toml"]);
    assert!(
        said.contains("A built-in deck has the same name."),
        "{said}"
    );
    home.deck("data-consistency", singles("data-consistency", 1));
    let listed = home.output(&["decks"]);
    assert!(
        listed.contains("yours, replaces the built-in deck"),
        "{listed}"
    );
    let mut terminal = Terminal::start(&home, &[]);
    terminal.wait_for("used instead of a built-in deck");
}

#[test]
fn a_new_deck_that_cannot_be_written_whole_is_not_left_behind() {
    let home = Home::new();
    let mut command = Command::new("sh");
    let script = "ulimit -f 0; trap '' XFSZ; exec \"$0\" new mine.toml";
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_aethos")])
        .current_dir(home.work());
    let mut out = command
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    out.stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(out.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("can't be written"), "{said}");
    assert!(!home.work().join("mine.toml").exists());
}
