//! Words that claim too much or too little, by which test-wise people sort options.

use super::tokens::words;

const ABSOLUTES: &[&str] = &[
    "always",
    "never",
    "completely",
    "entirely",
    "impossible",
    "exclusively",
    "solely",
    "absolutely",
    "perfectly",
    "totally",
    "guarantee",
    "guarantees",
    "guaranteed",
    "instantly",
    "invariably",
];
const HEDGES: &[&str] = &[
    "may",
    "might",
    "usually",
    "often",
    "typically",
    "generally",
    "sometimes",
    "likely",
];
/// Words that hedge a claim, although they also say what a system is able to do.
const MILD_HEDGES: &[&str] = &["can", "could", "tend", "tends", "probably", "perhaps"];
const HEDGING_PHRASES: &[&str] = &[
    "as a rule",
    "in general",
    "in most cases",
    "for the most part",
];
/// The number of words from which an option is a claim, and no list such as "none of the orders".
const CLAIM: usize = 5;

pub fn has_absolute(option: &str) -> bool {
    words(option)
        .iter()
        .any(|w| ABSOLUTES.contains(&w.as_str()))
}

pub fn has_hedge(option: &str) -> bool {
    words(option).iter().any(|w| HEDGES.contains(&w.as_str()))
}

/// Returns true for an option that is hedged by any word or phrase.
pub fn is_hedged(option: &str) -> bool {
    let text = format!(" {} ", words(option).join(" "));
    // "Nobody can win" says that it is impossible.
    let has = |phrase: &&str| {
        text.contains(&format!(" {phrase} ")) && !text.contains(&format!(" nobody {phrase} "))
    };
    has_hedge(option) || MILD_HEDGES.iter().chain(HEDGING_PHRASES).any(has)
}

/// Returns true for an option with an absolute claim, such as "Every node must vote". Options that only count or name
/// things, such as "all three nodes" or "none of them", are none.
pub fn is_sweeping(option: &str) -> bool {
    // A hyphen joins words of a name, such as must-revalidate.
    let w: Vec<String> = option
        .split_whitespace()
        .map(|w| {
            w.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .collect();
    if has_absolute(option) || w.iter().any(|w| w == "must") {
        return true;
    }
    if w.len() < CLAIM {
        return false;
    }
    // "No: ..." is an answer, and a list of things in small letters is none of these.
    let answer = option
        .split_whitespace()
        .next()
        .is_some_and(|w| w.ends_with([',', ':', ';', '.']));
    let sentence = option.starts_with(char::is_uppercase) && !answer;
    let at = |i: usize| w.get(i).map_or("", String::as_str);
    let sweeps = |i: usize| match at(i) {
        "all" | "every" | "no" | "only" | "none" if i == 0 => sentence && !counts(at(1)),
        "every" | "all" | "any" => {
            matches!(
                at(i + 1),
                "case" | "cases" | "circumstances" | "situation" | "situations"
            )
        }
        "only" => {
            matches!(
                at(i.wrapping_sub(1)),
                "is" | "are" | "can" | "may" | "will" | "works" | "the"
            ) && !counts(at(i + 1))
                && i + 1 < w.len()
        }
        "no" => matches!(at(i + 1), "matter" | "circumstances" | "exception" | "way"),
        _ => false,
    };
    // "Writes block all reads on every node" sweeps twice.
    let twice = |i: &usize| {
        matches!(at(*i), "all" | "every" | "no" | "none")
            && !counts(at(i + 1))
            && at(i.wrapping_sub(1)) != "at"
    };
    (0..w.len()).any(sweeps) || (0..w.len()).filter(twice).count() >= 2
}

/// Returns true for a word before which "all", "every" or "no" counts or compares things, or tells how often.
fn counts(word: &str) -> bool {
    const COUNTS: [&str; 20] = [
        "second", "minute", "hour", "day", "month", "year", "two", "three", "four", "five", "six",
        "seven", "eight", "nine", "ten", "more", "longer", "later", "other", "one",
    ];
    word.starts_with(|c: char| c.is_ascii_digit()) || COUNTS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_about_all_cases_is_sweeping_and_a_count_is_not() {
        for option in [
            "Every follower rejects reads that are stale",
            "Only the leader answers a read",
            "No replica serves old data to a client",
            "A reader must take the lock at first",
            "The write is invariably lost",
            "Writes block all reads on every node",
            "The read is refused in all cases",
        ] {
            assert!(is_sweeping(option), "{option}");
        }
        for option in [
            "All three nodes store the entry",
            "none of the orders",
            "Send must-revalidate with the page",
            "Only P",
            "The ranges of IPv4 only",
            "Look at all panels every year",
            "Repeat no call at all",
            "Read from all replicas at first",
        ] {
            assert!(!is_sweeping(option), "{option}");
        }
    }

    #[test]
    fn hedges_are_words_and_phrases() {
        for option in [
            "Reads can be stale",
            "Retries tend to pile up",
            "As a rule, it waits",
        ] {
            assert!(is_hedged(option), "{option}");
        }
        for option in [
            "Reads cannot be stale",
            "Nobody can win",
            "The rule is dropped",
            "It attends to reads",
        ] {
            assert!(!is_hedged(option), "{option}");
        }
    }
}
