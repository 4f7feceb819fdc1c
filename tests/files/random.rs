//! Replaces, deletes and restores the history at random moments during a session.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{panic, thread};

use aethos::core::rng::Stream;

use super::home::Home;
use super::{Terminal, beside, bytes, finish_one, home_with_history, replace, said, session};

/// A change to the files of a running session.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    /// Replaces the file by renaming another one, as sync tools do.
    Replace,
    /// Overwrites the content of the file, as `cp` does.
    Overwrite,
    Delete,
    Move,
    /// Replaces the journal by an older one.
    ReplaceJournal,
    DeleteJournal,
    /// Replaces both files by older ones.
    RestoreBoth,
    /// Replaces the journal by that of another history.
    ForeignJournal,
}

impl Deed {
    fn is_of_journal(self) -> bool {
        matches!(
            self,
            Deed::ReplaceJournal | Deed::DeleteJournal | Deed::RestoreBoth | Deed::ForeignJournal
        )
    }
}

const DEEDS: [Deed; 8] = [
    Deed::Replace,
    Deed::Overwrite,
    Deed::Delete,
    Deed::Move,
    Deed::ReplaceJournal,
    Deed::DeleteJournal,
    Deed::RestoreBoth,
    Deed::ForeignJournal,
];

/// Old copies of a history and its journal, and the journal of another history.
struct Copies {
    history: PathBuf,
    journal: PathBuf,
    foreign: PathBuf,
}

fn copies_of(home: &Home, foreign: &Home) -> Copies {
    let keep = |name: &str, path: PathBuf| {
        let copy = home.work().join(name);
        fs::copy(path, &copy).unwrap();
        copy
    };
    super::killed_session(home);
    let (history, journal) = (
        keep("old.db", home.history()),
        keep("old.wal", beside(home, "-wal")),
    );
    finish_one(home);
    Copies {
        history,
        journal,
        foreign: keep("foreign.wal", beside(foreign, "-wal")),
    }
}

fn perform(deed: Deed, home: &Home, copies: &Copies) {
    let (history, journal) = (home.history(), beside(home, "-wal"));
    match deed {
        Deed::Replace => replace(&copies.history, &history),
        Deed::Overwrite => assert!(fs::copy(&copies.history, history).unwrap() > 0),
        Deed::Delete => fs::remove_file(history).unwrap(),
        Deed::Move => fs::rename(history, home.work().join("moved.db")).unwrap(),
        Deed::ReplaceJournal => replace(&copies.journal, &journal),
        Deed::DeleteJournal => fs::remove_file(journal).unwrap(),
        Deed::RestoreBoth => {
            replace(&copies.history, &history);
            replace(&copies.journal, &journal);
        }
        Deed::ForeignJournal => replace(&copies.foreign, &journal),
    }
}

/// Presses random keys for a while: answers, confidence, forward and back.
fn press_keys(terminal: &mut Terminal, chance: &mut Stream, micros: u64) {
    let until = std::time::Instant::now() + Duration::from_micros(micros);
    while std::time::Instant::now() < until {
        terminal.press(["a", "b", "c", "n", "N", "f"][chance.below(6) as usize]);
        thread::sleep(Duration::from_micros(chance.below(8000)));
    }
}

/// Runs one session whose files are changed by `deed` at a random moment.
fn round(deed: Deed, home: &Home, copies: &Copies, chance: &mut Stream) {
    let mut terminal = session(home);
    super::answer(&mut terminal, 'b');
    let before = chance.below(150_000);
    press_keys(&mut terminal, chance, before);
    perform(deed, home, copies);
    let there = bytes(home);
    let after = chance.below(100_000);
    press_keys(&mut terminal, chance, after);
    let is_awaited = chance.below(3) > 0;
    if is_awaited {
        terminal.wait_for("The history is gone");
    }
    let noticed = bytes(home);
    if chance.below(2) == 0 {
        terminal.signal("KILL");
        terminal.end();
    } else {
        terminal.signal("TERM");
        let left = terminal.end();
        assert_eq!(left.status.exit_code(), 1, "{deed:?}: {}", left.screen);
        assert!(
            home.data().join("history-rescued.db").exists(),
            "{deed:?}: {}",
            left.screen
        );
    }
    let ended = bytes(home);
    assert!(
        ended[0] == there[0],
        "{deed:?}: the history was changed by the session"
    );
    // A write in flight may still reach the session's own journal, but no other.
    assert!(
        !deed.is_of_journal() || ended[1] == there[1],
        "{deed:?}: another journal was changed by the session"
    );
    assert!(
        !is_awaited || ended == noticed,
        "{deed:?}: a file was changed after that was noticed"
    );
    // The next start reads files that belong together and refuses others; it never makes things worse.
    let next = home.run(&["history", "--verify"]);
    if next.status.success() {
        assert!(
            said(&next).contains("is intact"),
            "{deed:?}: {}",
            said(&next)
        );
    } else {
        assert!(
            said(&next).contains("history.db"),
            "{deed:?}: {}",
            said(&next)
        );
        assert!(
            bytes(home) == ended,
            "{deed:?}: a file was changed by a start that was refused"
        );
    }
}

/// Plays `rounds` sessions, each with a different loss of its history at a different moment.
fn play(rounds: usize, seed: u64) {
    println!("seed {seed}");
    let foreign = home_with_history();
    super::killed_session(&foreign);
    let mut chance = Stream::new(seed, "files");
    for n in 0..rounds {
        let home = home_with_history();
        let copies = copies_of(&home, &foreign);
        let deed = DEEDS[n % DEEDS.len()];
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            round(deed, &home, &copies, &mut chance);
        }));
        assert!(outcome.is_ok(), "seed {seed}, round {n}, {deed:?}");
    }
    println!(
        "{rounds} replacements, deletions and restores: none went unnoticed, none made a file worse"
    );
}

fn seed() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .subsec_nanos()
        .into()
}

#[test]
fn sixteen_random_losses_are_noticed_and_change_no_file() {
    play(16, seed());
}

#[test]
#[ignore = "takes minutes"]
fn two_hundred_random_losses_are_noticed_and_change_no_file() {
    play(200, seed());
}
