//! Text analysis for the rules: words, stems, sentences and the reading grade.

use std::collections::BTreeSet;

/// Frequent words without content.
const STOP_WORDS: &[&str] = &[
    "about", "above", "after", "again", "against", "all", "already", "also", "although", "among",
    "another", "any", "anyone", "are", "because", "been", "before", "being", "below", "between",
    "both", "but", "cannot", "could", "does", "doing", "done", "down", "during", "each", "either",
    "every", "first", "from", "given", "gives", "goes", "have", "having", "here", "into", "itself",
    "just", "last", "least", "less", "like", "longer", "made", "make", "makes", "many", "more",
    "most", "much", "must", "neither", "never", "next", "none", "nothing", "once", "only", "other",
    "others", "over", "rather", "same", "second", "seconds", "several", "shall", "should", "since",
    "some", "still", "such", "take", "takes", "than", "that", "their", "them", "then", "there",
    "these", "they", "this", "those", "three", "through", "time", "times", "twice", "under",
    "until", "used", "using", "very", "were", "what", "when", "where", "which", "while", "whole",
    "whose", "will", "with", "within", "without", "would", "your",
];

/// Returns the words and numbers of a text in lower case, in order.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

pub fn set(text: &str) -> BTreeSet<String> {
    words(text).into_iter().collect()
}

/// Removes a common ending from a word, so that "replica" and "replicas" are equal.
pub fn stem(word: &str) -> &str {
    for suffix in [
        "ations", "ation", "ingly", "ions", "ing", "ies", "ion", "ers", "ed", "es", "er", "ly", "s",
    ] {
        if let Some(stem) = word.strip_suffix(suffix)
            && stem.chars().count() >= 4
        {
            return stem;
        }
    }
    word
}

/// Returns true for two forms of one word, such as "lease" and "leases". "Holder" and "holds" are two
/// words, although they have one stem.
pub fn is_same_word(a: &str, b: &str) -> bool {
    let bare = |word: &str| {
        let endings = ["ying", "ing", "ied", "ies", "ed", "es", "s", "y", "e"];
        let bare = endings.iter().find_map(|ending| word.strip_suffix(ending));
        bare.unwrap_or(word).to_owned()
    };
    bare(a) == bare(b)
}

/// Frequent words of up to four letters without content.
const SHORT_STOP_WORDS: &[&str] = &[
    "and", "are", "but", "can", "did", "each", "else", "for", "from", "had", "has", "have", "how",
    "its", "may", "not", "now", "off", "one", "our", "out", "own", "per", "say", "she", "the",
    "too", "two", "was", "who", "why", "yet", "you",
];

/// Returns the stems of all content words of at least three letters, as one option shares them with
/// another.
pub fn content_words(text: &str) -> BTreeSet<String> {
    words(text)
        .iter()
        .filter(|w| w.chars().count() >= 3 && w.chars().all(char::is_alphabetic))
        .filter(|w| !STOP_WORDS.contains(&w.as_str()) && !SHORT_STOP_WORDS.contains(&w.as_str()))
        .map(|w| stem(w).to_owned())
        .collect()
}

/// Returns the stems of the content words: at least five letters, no stop words, no numbers.
pub fn content(text: &str) -> BTreeSet<String> {
    words(text)
        .iter()
        .filter(|w| {
            w.chars().count() >= 5
                && w.chars().all(char::is_alphabetic)
                && !STOP_WORDS.contains(&w.as_str())
        })
        .map(|w| stem(w).to_owned())
        .collect()
}

/// Returns the Jaccard index of two sets: the number of shared words divided by that of all words.
pub fn jaccard(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let shared = a.intersection(b).count();
    let all = a.len() + b.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f64 / all as f64
    }
}

/// Splits a text into sentences at `.`, `?` and `!` before a space or the end.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (i, c) in text.char_indices() {
        let ends =
            matches!(c, '.' | '?' | '!') && bytes.get(i + 1).is_none_or(u8::is_ascii_whitespace);
        if ends {
            sentences.push(text[start..=i].trim());
            start = i + 1;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|s| !s.is_empty());
    sentences
}

/// Estimates the number of syllables by the number of vowel groups, at least one.
fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut in_vowels = false;
    for c in word.chars() {
        let vowel = "aeiouy".contains(c);
        count += usize::from(vowel && !in_vowels);
        in_vowels = vowel;
    }
    let silent = word.ends_with('e') && !word.ends_with("le") && count > 1;
    (count - usize::from(silent)).max(1)
}

/// Returns the Flesch-Kincaid grade (1975): 0.39 * words per sentence + 11.8 * syllables per word - 15.59.
pub fn grade(text: &str) -> f64 {
    let words: Vec<String> = words(text)
        .into_iter()
        .filter(|w| w.chars().any(char::is_alphabetic))
        .collect();
    if words.is_empty() {
        return 0.0;
    }
    let syllables: usize = words.iter().map(|w| syllables(w)).sum();
    let n = words.len() as f64;
    0.39 * n / sentences(text).len().max(1) as f64 + 11.8 * syllables as f64 / n - 15.59
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_do_not_part_a_word_from_itself() {
        assert_eq!(stem("replicas"), stem("replica"));
        assert_eq!(stem("committed"), "committ");
        assert_eq!(stem("lease"), "lease");
    }

    #[test]
    fn a_word_is_related_to_others_and_the_same_as_its_own_forms() {
        for (a, b) in [
            ("lease", "leases"),
            ("retry", "retries"),
            ("copying", "copies"),
        ] {
            assert!(is_same_word(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("holder", "holds"),
            ("worker", "working"),
            ("partition", "partial"),
        ] {
            assert!(!is_same_word(a, b), "{a} {b}");
        }
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            sentences("At 99.9 % it holds. Does it? Yes"),
            ["At 99.9 % it holds.", "Does it?", "Yes"]
        );
    }

    #[test]
    fn short_plain_words_are_of_a_low_grade() {
        assert!(grade("The cat sat on the mat. It was a good cat.") < 2.0);
        assert!(
            grade("Organizational heterogeneity necessitates administrative compartmentalization.")
                > 20.0
        );
    }
}
