//! Errors of the operating system are reported in a sentence, and readable data stays readable.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use super::home::{Home, head, single, singles};
use super::{Terminal, beside, finish_one, home_with_history, killed_session, said};

/// A small file system, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts the file system; prints the reason and returns `None` if this user isn't allowed to.
    fn mount(at: PathBuf) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(&at)
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            println!("skipped: no small disk can be mounted");
            return None;
        }
        Some(Self(at))
    }

    fn fill(&self) {
        let mut file = File::create(self.0.join("filler")).unwrap();
        for block in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![0; block]).is_ok() {}
        }
    }

    fn make_read_only(&self) {
        assert!(
            Command::new("mount")
                .args(["-o", "remount,ro"])
                .arg(&self.0)
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Creates a home whose data folder is a small disk with a finished assessment.
fn home_on(folder: &Path) -> Option<(Home, Disk)> {
    let disk = Disk::mount(folder.join("disk"))?;
    let home = Home::with_data(&disk.0);
    home.config("confidence = false\n");
    home.deck("mine", singles("mine", 8));
    finish_one(&home);
    Some((home, disk))
}

/// Runs `aethos ARGS` after a shell command, such as a limit.
fn run_after(home: &Home, first: &str, args: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_aethos");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{first}; exec {program} {args}")]);
    command
        .current_dir(home.work())
        .env("AETHOS_HOME", home.data())
        .output()
        .unwrap()
}

#[test]
fn past_results_are_read_on_a_full_disk_and_changes_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let Some((home, disk)) = home_on(folder.path()) else {
        return;
    };
    home.output(&["mentor", "add", "Mina"]);
    let (history, report) = (home.output(&["history"]), home.output(&["report"]));
    disk.fill();
    assert_eq!(home.output(&["history"]), history);
    assert_eq!(home.output(&["report"]), report);
    for args in [
        &["mentor", "forget", "Mina", "--yes"][..],
        &["mentor", "forget", "Mina", "--erase", "--yes"],
        &["assess", "mine", "--plain", "--questions", "3"],
    ] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains("The disk is full"),
            "{args:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_full_disk_is_named_although_a_journal_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let Some((home, disk)) = home_on(folder.path()) else {
        return;
    };
    home.output(&["mentor", "add", "Mina"]);
    let mut terminal = super::session(&home);
    // The journal has pages that the database has no room for.
    for letter in ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b'] {
        super::answer(&mut terminal, letter);
        terminal.press("n");
    }
    terminal.signal("KILL");
    terminal.end();
    let copy = Home::new();
    for ending in ["", "-wal"] {
        fs::copy(beside(&home, ending), beside(&copy, ending)).unwrap();
    }
    let history = said(&copy.run(&["history"]));
    disk.fill();
    for args in [
        &["mentor", "forget", "Mina", "--yes"][..],
        &["mentor", "forget", "Mina", "--erase", "--yes"],
        &["mentor", "forget", "Mina", "--yes"],
    ] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains("The disk is full"),
            "{args:?}: {}",
            said(&output)
        );
    }
    fs::remove_file(disk.0.join("filler")).unwrap();
    assert_eq!(said(&home.run(&["history"])), history);
    home.output(&["mentor", "forget", "Mina", "--yes"]);
    home.output(&["history", "--verify"]);
}

#[test]
fn past_results_are_read_in_a_read_only_folder_with_their_journal() {
    let folder = tempfile::tempdir().unwrap();
    let Some((home, disk)) = home_on(folder.path()) else {
        return;
    };
    let report = home.output(&["report"]);
    killed_session(&home);
    for _ in 0..2 {
        disk.make_read_only();
        let history = home.json(&["history", "--json"]);
        assert!(
            history
                .as_array()
                .unwrap()
                .iter()
                .any(|past| past["finished"] == true),
            "{history}"
        );
        assert_eq!(home.output(&["report"]), report);
        let output = home.run(&["mentor", "add", "Mina"]);
        assert!(
            said(&output).contains("read-only") && output.status.code() == Some(1),
            "{}",
            said(&output)
        );
        let output = home.run(&["assess", "--plain", "--quick"]);
        assert!(
            said(&output).contains("read-only") && !output.status.success(),
            "{}",
            said(&output)
        );
        // The second run has no journal.
        assert!(
            Command::new("mount")
                .args(["-o", "remount,rw"])
                .arg(&disk.0)
                .status()
                .unwrap()
                .success()
        );
        home.output(&["history"]);
    }
}

#[test]
fn a_new_deck_on_a_full_disk_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let Some((home, disk)) = home_on(folder.path()) else {
        return;
    };
    disk.fill();
    let deck = disk.0.join("team.toml");
    let output = home.run(&["new", deck.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!deck.exists(), "{}", said(&output));
    let report = disk.0.join("report.md");
    assert_eq!(
        home.run(&["report", "-o", report.to_str().unwrap()])
            .status
            .code(),
        Some(1)
    );
    assert!(!report.exists());
}

#[test]
fn competencies_without_answers_have_no_negative_points() {
    let home = Home::new();
    let args = ["assess", "--quick", "--plain", "--untimed", "--seed", "1"];
    home.run_with(&args, "a\n\nfinish\ny\n");
    let report = home.output(&["report", "--format", "json"]);
    assert!(report.contains("\"points\": 0.0"), "{report}");
    assert!(!report.contains("-0.0"), "{report}");
}

#[test]
fn a_wrong_schema_number_is_damage_and_shows_no_sql() {
    for version in [0, 3] {
        let home = home_with_history();
        let connection = rusqlite::Connection::open(home.history()).unwrap();
        connection
            .pragma_update(None, "user_version", version)
            .unwrap();
        drop(connection);
        let output = home.run(&["history"]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let words = format!(
            "it is marked as schema {version}, but its tables are not those of that schema"
        );
        assert!(said(&output).contains(&words), "{}", said(&output));
        assert!(
            !said(&output).contains("CREATE") && !said(&output).contains("table "),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn without_file_descriptors_nothing_ends_without_a_word() {
    let home = home_with_history();
    let mut refused = 0;
    for limit in 3..20 {
        for args in ["history", "report", "assess --plain --quick"] {
            let output = run_after(&home, &format!("ulimit -n {limit}"), args);
            let words = said(&output);
            assert!(!words.contains("panicked"), "{limit} {args}: {words}");
            // With fewer descriptors, the program itself can't be loaded.
            assert!(
                !words.trim().is_empty(),
                "{limit} {args}: {:?} without a word",
                output.status
            );
            refused += usize::from(words.contains("too many open files"));
            assert!(
                !words.contains("give yourself access") && !words.contains("writable, or name"),
                "{words}"
            );
        }
    }
    assert!(refused > 0);
}

#[test]
fn due_questions_that_cannot_be_counted_are_an_error() {
    let home = home_with_history();
    let fails = |why: &str| {
        for args in [&["due"][..], &["due", "--short"]] {
            let output = home.run(args);
            assert_eq!(output.status.code(), Some(1), "{why}: {}", said(&output));
            assert!(output.stdout.is_empty(), "{why}: {}", said(&output));
            assert!(!output.stderr.is_empty(), "{why}");
        }
    };
    home.config("day_starts_at = 99\n");
    fails("wrong settings");
    home.config("");
    fs::write(home.history(), "no database").unwrap();
    fails("a damaged history");
    let at_file = Home::with_data(home.history());
    let output = at_file.run(&["due"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}

#[test]
fn an_impossible_umask_takes_no_rights_from_the_owner() {
    for umask in ["777", "277"] {
        let home = Home::new();
        let data = home.data().join("deep/er");
        let program = env!("CARGO_BIN_EXE_aethos");
        let command = format!("umask {umask}; exec {program} mentor add Mina");
        let output = Command::new("sh")
            .args(["-c", &command])
            .env("AETHOS_HOME", &data)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for folder in [&data, data.parent().unwrap()] {
            assert_eq!(mode(folder), 0o700, "{umask}: {}", folder.display());
        }
        assert_eq!(mode(&data.join("history.db")), 0o600, "{umask}");
    }
}

#[test]
fn without_threads_a_large_deck_is_read_by_one() {
    let home = Home::new();
    let many: String = (1..3000).map(single).collect();
    home.deck("mine", head("mine") + &many);
    fs::set_permissions(home.data().parent().unwrap(), Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(home.data(), Permissions::from_mode(0o777)).unwrap();
    let program = env!("CARGO_BIN_EXE_aethos");
    let limited = format!("ulimit -u 1; exec {program} decks");
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid",
        "61234",
        "--regid",
        "61234",
        "--clear-groups",
        "--inh-caps=-all",
        "sh",
        "-c",
        &limited,
    ]);
    match command
        .current_dir("/")
        .env("AETHOS_HOME", home.data())
        .output()
    {
        Ok(output) if !said(&output).contains("ermission denied") => {
            assert!(
                output.status.success() && said(&output).contains("2999"),
                "{}",
                said(&output)
            );
        }
        other => println!("skipped: no other user can be had: {other:?}"),
    }
}

/// A library that sets the wall clock of the C library far ahead.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, t);
    if (id == CLOCK_REALTIME) t->tv_sec += 300000000000LL;
    return done;
}
"#;

#[test]
fn a_clock_beyond_the_year_9999_panics_nowhere() {
    let home = home_with_history();
    let (source, shim) = (home.work().join("clock.c"), home.work().join("clock.so"));
    fs::write(&source, CLOCK).unwrap();
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&shim, &source])
        .arg("-ldl")
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return println!("skipped: there is no C compiler");
    }
    for args in [
        &["history"][..],
        &["practice", "--progress"],
        &["assess", "--plain", "--quick"],
        &["mentor", "people"],
    ] {
        let output = home
            .command(args)
            .env("LD_PRELOAD", &shim)
            .output()
            .unwrap();
        assert!(
            !said(&output).contains("panicked") && output.status.success(),
            "{args:?}: {}",
            said(&output)
        );
    }
    let environment = [("LD_PRELOAD", shim.to_str().unwrap())];
    let mut terminal =
        Terminal::start_with(&home, &["assess", "mine", "--questions", "3"], &environment);
    terminal.wait_for("1/3");
    super::answer(&mut terminal, 'a');
    terminal.signal("TERM");
    assert_eq!(terminal.end().status.exit_code(), 143);
}

#[test]
fn files_are_their_owners_alone_whatever_the_umask() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::with_data(folder.path().join("new").join("data"));
    let output = run_after(&home, "umask 000", "mentor add Mina");
    assert!(output.status.success(), "{}", said(&output));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.data()), 0o700);
    assert_eq!(mode(&home.history()), 0o600);
    let program = env!("CARGO_BIN_EXE_aethos");
    let session = format!("umask 000; exec {program} assess --plain --untimed --questions 8");
    let mut child = Command::new("sh")
        .args(["-c", &session])
        .current_dir(home.work())
        .env("AETHOS_HOME", home.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.as_mut().unwrap().write_all(b"a\n").unwrap();
    let is_private = |path: &Path| mode(path) == 0o600;
    let begun = Instant::now();
    let lock = loop {
        let files = fs::read_dir(home.data())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        match files
            .into_iter()
            .find(|path| path.extension().is_some_and(|ending| ending == "lock"))
        {
            Some(lock) => break lock,
            None => assert!(begun.elapsed().as_secs() < 20, "no session begins"),
        }
    };
    assert!(is_private(&lock) && is_private(&beside(&home, "-wal")));
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn a_journal_that_is_no_regular_file_is_refused_at_once() {
    for ending in ["-wal", "-shm", "-journal"] {
        let home = home_with_history();
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(beside(&home, ending));
        }
        let journal = beside(&home, ending);
        assert!(
            Command::new("mkfifo")
                .arg(&journal)
                .status()
                .unwrap()
                .success()
        );
        let refused = home.run(&["history"]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            said(&refused).contains("must be a regular file"),
            "{}",
            said(&refused)
        );
        fs::remove_file(&journal).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &journal).unwrap();
        assert!(said(&home.run(&["history"])).contains("must be a regular file"));
    }
}

#[test]
fn a_history_on_a_drive_that_is_missing_is_not_an_empty_one() {
    let home = home_with_history();
    fs::remove_file(home.history()).unwrap();
    std::os::unix::fs::symlink("/missing-drive/history.db", home.history()).unwrap();
    for args in [&["history"][..], &["practice", "--progress"], &["due"]] {
        let refused = home.run(args);
        assert_eq!(refused.status.code(), Some(1), "{args:?}");
        assert!(
            said(&refused).contains("mount the drive"),
            "{}",
            said(&refused)
        );
    }
}

#[test]
fn replacing_a_file_keeps_links_and_refuses_pipes() {
    let home = home_with_history();
    let (target, link, pipe) = ("target", "link", "pipe");
    fs::write(home.work().join(target), "old").unwrap();
    std::os::unix::fs::symlink(target, home.work().join(link)).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(home.work().join(pipe))
            .status()
            .unwrap()
            .success()
    );
    for command in [&["report", "-o"][..], &["backup"]] {
        home.output(&[command, &[link, "--force"]].concat());
        assert!(
            fs::symlink_metadata(home.work().join(link))
                .unwrap()
                .is_symlink()
        );
        assert_ne!(fs::read(home.work().join(target)).unwrap(), b"old");
        let refused = home.run(&[command, &[pipe, "--force"]].concat());
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            said(&refused).contains("not a regular file"),
            "{}",
            said(&refused)
        );
    }
}

#[test]
fn damage_is_told_without_sql() {
    for (sql, words) in [
        (
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE person (id' WHERE name = 'person'",
            "the definition of its table or index person cannot be read",
        ),
        (
            "DELETE FROM sqlite_schema WHERE tbl_name = 'attendance'",
            "its table attendance is missing",
        ),
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'folded', 'felded') WHERE name = 'person'",
            "the column folded of its tables is missing",
        ),
    ] {
        let home = home_with_history();
        let connection = rusqlite::Connection::open(home.history()).unwrap();
        connection
            .execute_batch(&format!("PRAGMA writable_schema = ON; {sql};"))
            .unwrap();
        drop(connection);
        for args in [
            &["history"][..],
            &["report", "--person", "Ada"],
            &["mentor", "people"],
        ] {
            let told = home.run(args);
            let said = said(&told);
            if told.status.success() {
                continue;
            }
            assert!(
                !said.contains("malformed")
                    && !said.contains("near \"")
                    && !said.contains("no such"),
                "{args:?}: {said}"
            );
        }
        let told = said(&home.run(&["mentor", "export", "Ada"]));
        assert!(
            told.contains(words) && told.contains("put a backup in its place"),
            "{sql}: {told}"
        );
    }
}
