//! Single flipped bits of the database: in nearly all cases what is shown stays right, or the damage is named.

use std::fs;
use std::process::Output;
use std::time::{SystemTime, UNIX_EPOCH};

use aethos::core::rng::Stream;

use super::home::Home;
use super::{finish_one, home_with_history, said};

/// Commands that show what is stored.
const SHOWING: [&[&str]; 6] = [
    &["history"],
    &["history", "--json"],
    &["report"],
    &["decks", "--disputed"],
    &["practice", "--progress"],
    &["mentor", "people"],
];

/// Creates a history with assessments, practice, remarks and people.
pub fn rich_history() -> Home {
    let home = home_with_history();
    finish_one(&home);
    let lines = "a\n\nb\n\na\n\nq\n";
    home.run_with(&["practice", "mine", "--plain", "--minutes", "10"], lines);
    home.output(&["mentor", "add", "Mina"]);
    home
}

/// Runs a command on the history, which is first replaced by these bytes.
fn shown(home: &Home, bytes: &[u8], args: &[&str]) -> Output {
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(super::beside(home, ending));
    }
    fs::write(home.history(), bytes).unwrap();
    home.run(args)
}

/// Flips one bit at a random place for each round and returns how often a command showed something else and succeeded.
fn flip(rounds: usize) -> usize {
    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .subsec_nanos()
        .into();
    println!("seed {seed}");
    let mut chance = Stream::new(seed, "flips");
    let home = rich_history();
    let whole = fs::read(home.history()).unwrap();
    let right: Vec<Output> = SHOWING
        .iter()
        .map(|args| shown(&home, &whole, args))
        .collect();
    // Unused space is skipped, because a change there has no effect.
    let used: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] != 0).collect();
    let mut wrong = 0;
    for round in 0..rounds {
        let at = used[chance.below(used.len() as u64) as usize];
        let bit = 1 << chance.below(8);
        let mut bytes = whole.clone();
        bytes[at] ^= bit;
        let mut is_wrong = false;
        for (args, right) in SHOWING.iter().zip(&right) {
            let output = shown(&home, &bytes, args);
            let words = said(&output);
            assert!(
                !words.contains("panicked"),
                "seed {seed}, round {round}: {words}"
            );
            if output.status.success() && output.stdout != right.stdout {
                let around = &whole[at.saturating_sub(30)..(at + 30).min(whole.len())];
                println!(
                    "byte {at} ({}): {args:?} shows something else:\n{}",
                    around.escape_ascii(),
                    different_line(&output.stdout, &right.stdout)
                );
                is_wrong = true;
            }
        }
        wrong += usize::from(is_wrong);
    }
    println!("{rounds} flipped bits, {wrong} of them changed what was shown");
    wrong
}

/// Returns the first line that differs.
fn different_line(shown: &[u8], right: &[u8]) -> String {
    let lines = |text: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(text)
            .lines()
            .map(str::to_owned)
            .collect()
    };
    let (shown, right) = (lines(shown), lines(right));
    let differs = |n: &usize| shown.get(*n) != right.get(*n);
    let n = (0..=shown.len().max(right.len()))
        .find(differs)
        .unwrap_or(0);
    format!("  {:?}\n  {:?}", shown.get(n), right.get(n))
}

#[test]
#[ignore = "takes a minute"]
fn of_two_hundred_flipped_bits_few_change_what_is_shown() {
    // The rows of the practice schedule and of indexes have no digest.
    let wrong = flip(200);
    assert!(wrong <= 10, "{wrong} of 200");
}
