//! A full disk: the session continues, and is saved when there is space.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use super::home::{Home, singles};
use super::terminal::Terminal;

/// A file system of a few megabytes, unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts the file system; prints the reason and returns `None` if this user isn't allowed to.
    fn mount(at: PathBuf) -> Option<Self> {
        fs::create_dir(&at).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(&at)
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(at)),
            Ok(output) => {
                println!(
                    "skipped: no small disk can be mounted: {}",
                    String::from_utf8_lossy(&output.stderr).trim()
                );
                None
            }
            Err(error) => {
                println!("skipped: there is no mount: {error}");
                None
            }
        }
    }

    /// Fills the disk completely.
    fn fill(&self) {
        let mut file = File::create(self.0.join("filler")).unwrap();
        for block in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![0; block]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Fills the disk, and answers the question on the screen until the program reports the full disk.
fn fill_up(disk: &SmallDisk, terminal: &mut Terminal) {
    disk.fill();
    // Events that fit into the journal are still saved.
    for n in 0.. {
        assert!(
            n < 2000,
            "the disk is full and nothing is said:\n{}",
            terminal.screen()
        );
        let letter = ["b", "c"][n % 2];
        terminal.press(letter);
        terminal.wait_for(&format!("● {letter}"));
        if terminal.screen().contains("NOT SAVED") {
            return;
        }
    }
}

fn resume(terminal: &mut Terminal) {
    terminal.wait_for("Resume");
    terminal.press("\r");
    terminal.wait_for("An assessment is waiting");
    terminal.press("\r");
    terminal.wait_for("? keys");
}

#[test]
fn on_a_full_disk_the_session_goes_on_and_is_saved_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path().join("disk")) else {
        return;
    };
    let home = Home::with_data(&disk.0);
    home.deck("mine", singles("mine", 6));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "6"]);
    terminal.wait_for("1/6");
    terminal.press("a");
    terminal.wait_for("● a");
    fill_up(&disk, &mut terminal);
    terminal.press("c");
    terminal.wait_for("● c");
    terminal.press("nb3nc4");
    terminal.wait_for("3/6");
    terminal.wait_for("●4");
    assert!(
        terminal.screen().contains("NOT SAVED"),
        "{}",
        terminal.screen()
    );
    disk.make_room();
    terminal.press("f");
    terminal.wait("what waited is saved", |screen| {
        !screen.contents().contains("NOT SAVED")
    });
    terminal.signal("KILL");
    terminal.end();

    let mut again = Terminal::start(&home, &[]);
    again.wait_for("3 of 6 answered");
    resume(&mut again);
    for shown in ["3/6", "● c", "●4", "⚑"] {
        again.wait_for(shown);
    }
    again.press("N");
    again.wait_for("2/6");
    again.wait_for("● b");
}

#[test]
fn leaving_while_the_disk_is_full_is_not_called_safe() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path().join("disk")) else {
        return;
    };
    let home = Home::with_data(&disk.0);
    home.deck("mine", singles("mine", 3));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "3"]);
    terminal.wait_for("1/3");
    fill_up(&disk, &mut terminal);
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.press("q");
    terminal.wait_for("Leave the assessment?");
    terminal.wait_for("n't saved yet");
    assert!(
        !terminal.screen().contains("Everything is saved"),
        "{}",
        terminal.screen()
    );
    // Space that is freed before the end is used.
    disk.make_room();
    terminal.press("3");
    assert!(terminal.end().status.success());
    let mut again = Terminal::start(&home, &[]);
    resume(&mut again);
    again.wait_for("● a");
}

#[test]
fn a_session_finished_on_a_full_disk_is_kept_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path().join("disk")) else {
        return;
    };
    let home = Home::with_data(&disk.0);
    home.deck("mine", singles("mine", 3));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "3"]);
    terminal.wait_for("1/3");
    fill_up(&disk, &mut terminal);
    terminal.press("a");
    terminal.wait_for("● a");
    terminal.press("g");
    terminal.wait_for("Overview");
    terminal.press("F");
    terminal.wait_for("Finish the assessment?");
    terminal.decide("2");
    terminal.wait_for("Your result");
    terminal.wait_for("NOT SAVED");
    disk.make_room();
    terminal.press("q");
    assert!(terminal.end().status.success());
    let history = home.json(&["history", "--json"]);
    assert_eq!(
        (&history[0]["finished"], &history[0]["answered"]),
        (&true.into(), &1.into()),
        "{history}"
    );
}

#[test]
fn what_is_lost_on_a_full_disk_is_said_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(folder.path().join("disk")) else {
        return;
    };
    let home = Home::with_data(&disk.0);
    home.deck("mine", singles("mine", 3));
    let mut terminal = Terminal::start(&home, &["assess", "mine", "--untimed", "--questions", "3"]);
    terminal.wait_for("1/3");
    fill_up(&disk, &mut terminal);
    terminal.signal("TERM");
    let left = terminal.end();
    assert_eq!((left.status.exit_code(), left.changed), (1, Vec::new()));
    assert!(
        left.screen.contains("the last answers can't be saved"),
        "{}",
        left.screen
    );
}
