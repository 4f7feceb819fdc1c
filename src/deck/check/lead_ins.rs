//! What a lead-in asks, and what its grammar gives away.

use super::tokens::words;

/// Words that negate a question wherever they stand in it.
const NEGATIONS: &[&str] = &[
    "not",
    "except",
    "excluding",
    "least",
    "false",
    "incorrect",
    "never",
    "cannot",
    "can't",
    "isn't",
    "aren't",
    "wasn't",
    "weren't",
    "doesn't",
    "don't",
    "didn't",
    "won't",
    "wouldn't",
    "shouldn't",
    "couldn't",
    "hasn't",
    "haven't",
];
const YES_NO: &[&str] = &[
    "is", "are", "was", "were", "does", "do", "did", "can", "could", "will", "would", "should",
    "must", "may", "might", "has", "have", "had",
];
const ASKING: &[&str] = &[
    "how", "why", "when", "where", "who", "which", "what", "whose", "whom", "whether",
];

/// Splits a lead-in into words, with straight apostrophes and in its own case.
fn spoken(text: &str) -> Vec<String> {
    text.replace('’', "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns the word that negates a lead-in in small letters.
pub fn negation(lead_in: &str) -> Option<String> {
    // What follows "so that" is an aim, and not what is asked for.
    let w = spoken(lead_in.split("so that").next().unwrap_or(lead_in));
    let at = |i: usize| w.get(i).map_or("", String::as_str);
    let picks = w
        .iter()
        .any(|w| w.eq_ignore_ascii_case("which") || w.eq_ignore_ascii_case("what"));
    let negates = |i: &usize| match at(*i) {
        "except" | "excluding" => true,
        "least" => {
            picks && at(i.wrapping_sub(1)) != "at" && !lead_in.to_lowercase().contains("at least")
        }
        "avoid" => picks && asks_to_avoid(&w, *i),
        word => picks && NEGATIONS.contains(&word),
    };
    (0..w.len()).find(negates).map(|i| w[i].clone())
}

/// Returns true for "Which should you avoid here?", unlike "Which change avoids the stall?" and
/// "What should it do to avoid the stall?".
fn asks_to_avoid(w: &[String], i: usize) -> bool {
    const MODALS: [&str; 6] = ["should", "would", "must", "ought", "do", "does"];
    const ENDS: [&str; 10] = [
        "", "here", "now", "first", "most", "when", "while", "in", "if", "during",
    ];
    let next = w.get(i + 1).map_or("", String::as_str);
    let before = w[i.saturating_sub(4)..i].iter();
    ENDS.contains(&next) && w[i - 1] != "to" && before.rev().any(|w| MODALS.contains(&w.as_str()))
}

/// Returns what is wrong with the kind of a lead-in with options.
pub fn fault(lead_in: &str, options: &[&str], picks_one: bool) -> Option<&'static str> {
    let text = lead_in.replace('’', "'").to_lowercase();
    if asks_for_truth(&text, picks_one) {
        Some("the lead-in asks for a true sentence, so it can be answered without the stem")
    } else if asks_yes_or_no(&text) || (!asks_openly(&text) && answers_yes_or_no(options)) {
        Some("the lead-in asks for yes or no")
    } else if asks_twice(&text) {
        Some("the lead-in asks two questions at once")
    } else {
        None
    }
}

/// Returns true for "Which of these is true?" and the like. A multiple question may ask which
/// sentences hold, because nobody can compare them by how true each sounds.
fn asks_for_truth(text: &str, picks_one: bool) -> bool {
    const PHRASES: [&str; 4] = [
        "which is true",
        "which statement is true",
        "which is correct",
        "which of the following",
    ];
    const TRUE: [&str; 6] = ["true", "correct", "right", "accurate", "valid", "holds"];
    const ABOUT: [&str; 10] = [
        "", "of", "about", "for", "here", "now", "in", "on", "when", "if",
    ];
    const SAID: [&str; 10] = [
        "statement",
        "statements",
        "sentence",
        "claim",
        "assertion",
        "these",
        "following",
        "is",
        "are",
        "description",
    ];
    if PHRASES.iter().any(|phrase| text.contains(phrase)) {
        return true;
    }
    let w = words(text);
    let at = |i: usize| w.get(i).map_or("", String::as_str);
    // "Which statement ... is true ...": the word is the predicate and ends its clause.
    let predicate = |i: usize| {
        TRUE.contains(&at(i))
            && ABOUT.contains(&at(i + 1))
            && (at(i) == "holds"
                || matches!(at(i.wrapping_sub(1)), "is" | "are" | "holds" | "best"))
    };
    picks_one
        && w.iter().take(4).any(|w| w == "which" || w == "what")
        && w.iter().any(|w| SAID.contains(&w.as_str()))
        && (0..w.len()).any(|i| {
            predicate(i) && (at(i) != "holds" || w.iter().any(|w| SAID[..4].contains(&w.as_str())))
        })
}

/// Returns true for "Is the read stale?" and "If B fails, does the read succeed?".
fn asks_yes_or_no(text: &str) -> bool {
    let asks = |clause: &str| {
        let w = words(clause);
        w.first()
            .is_some_and(|first| YES_NO.contains(&first.as_str()) || first == "whether")
    };
    let after_condition = ["if ", "when ", "after ", "once ", "while ", "in ", "with "]
        .iter()
        .any(|start| text.starts_with(start))
        .then(|| text.split_once(", "))
        .flatten();
    asks(text) || after_condition.is_some_and(|(_, clause)| asks(clause))
}

/// Returns true for a question that "yes" does not answer.
fn asks_openly(text: &str) -> bool {
    words(text)
        .iter()
        .any(|w| w == "how" || w == "why" || w == "which")
}

/// Returns true if all options begin with yes or no.
fn answers_yes_or_no(options: &[&str]) -> bool {
    let answers = |option: &&str| {
        let w = words(option);
        w.first().is_some_and(|w| w == "yes" || w == "no")
            && (w.len() == 1 || option.trim()[w[0].len()..].starts_with([',', ';', ':', '.']))
    };
    options.len() > 1 && options.iter().all(answers)
}

/// Returns true for "Which node fails, and what does the client see?".
fn asks_twice(text: &str) -> bool {
    let w = words(text);
    let asks = |i: &usize| ASKING.contains(&w[*i].as_str());
    let Some(first) = (0..w.len()).find(asks) else {
        return false;
    };
    let next = |i: usize| w.get(i + 1).map_or("", String::as_str);
    (first + 1..w.len()).any(|i| {
        (w[i] == "and" || w[i] == "or")
            && (ASKING.contains(&next(i)) && next(i) != "whether"
                || next(i) == "by" && w.get(i + 2).is_some_and(|w| w == "how" || w == "what"))
    })
}

/// Returns true if the lead-in asks for several things, or for one, and only the key fits that.
pub fn number_fits_only_key(lead_in: &str, options: &[&str], key: usize) -> bool {
    let Some(wanted) = number_asked(lead_in) else {
        return false;
    };
    let numbers: Vec<Option<Number>> = options.iter().map(|o| number_of(o)).collect();
    let opposite = |n: &Option<Number>| n.is_some_and(|n| n != wanted);
    numbers[key] == Some(wanted)
        && numbers.len() > 2
        && numbers
            .iter()
            .enumerate()
            .all(|(i, n)| i == key || opposite(n))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    One,
    Several,
}

/// Returns whether a lead-in asks for one thing or for several: "What are ...", "Which nodes ...".
/// "Which of the nodes" asks for neither.
fn number_asked(lead_in: &str) -> Option<Number> {
    const SEVERAL: [&str; 6] = ["are", "were", "have", "do", "these", "those"];
    const ONE: [&str; 4] = ["is", "was", "has", "does"];
    let w = words(lead_in);
    let start = w.iter().position(|w| w == "which" || w == "what")?;
    let rest = &w[start + 1..];
    let verb = rest
        .iter()
        .take(4)
        .position(|w| w == "of" || SEVERAL.contains(&w.as_str()) || ONE.contains(&w.as_str()));
    match verb {
        Some(i) if rest[i] == "of" => None,
        // "Which nodes does it ask?": the noun before the verb counts, not the subject behind it.
        Some(i) if i > 0 && matches!(rest[i].as_str(), "does" | "do") => Some(noun(&rest[i - 1])),
        Some(0) if matches!(rest[0].as_str(), "does" | "do" | "has" | "have") => None,
        Some(i) if SEVERAL.contains(&rest[i].as_str()) => Some(Number::Several),
        Some(_) => Some(Number::One),
        None if rest.first().is_some_and(|w| is_plural(w)) => Some(Number::Several),
        None => None,
    }
}

fn noun(word: &str) -> Number {
    if is_plural(word) {
        Number::Several
    } else {
        Number::One
    }
}

/// Returns whether an option names one thing or several; sentences and commands name neither.
fn number_of(option: &str) -> Option<Number> {
    const STOPS: [&str; 16] = [
        "of", "in", "on", "at", "for", "with", "that", "which", "from", "to", "by", "between",
        "without", "under", "after", "before",
    ];
    const SEVERAL: [&str; 7] = ["two", "three", "four", "both", "several", "many", "these"];
    let w = words(option);
    let first = w.first()?.as_str();
    let end = w
        .iter()
        .position(|w| STOPS.contains(&w.as_str()))
        .unwrap_or(w.len());
    let phrase = &w[..end];
    if SEVERAL.contains(&first) || (first == "the" && phrase.iter().any(|w| w == "and")) {
        return Some(Number::Several);
    }
    let head = phrase.last()?;
    match first {
        "a" | "an" | "one" => Some(Number::One),
        "the" | "its" | "their" => Some(noun(head)),
        // A plural without an article: "Stale replicas", "Lost writes at the leader".
        _ if phrase.len() <= 3 && is_plural(head) => Some(Number::Several),
        _ => None,
    }
}

fn is_plural(word: &str) -> bool {
    word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
}

/// Returns true if a text names an option by its letter, number or place.
pub fn names_an_option(text: &str) -> bool {
    const THINGS: [&str; 7] = [
        "option",
        "options",
        "choice",
        "choices",
        "distractor",
        "alternative",
        "alternatives",
    ];
    const PLACES: [&str; 7] = [
        "first", "second", "third", "fourth", "fifth", "last", "previous",
    ];
    let letter = |x: &str| {
        (x.len() == 1 && ("B"..="H").contains(&x.to_uppercase().as_str()))
            || x.parse::<u8>().is_ok_and(|n| n < 7)
    };
    let names = |pair: &[String]| {
        let (thing, second) = (pair[0].to_lowercase(), pair[1].as_str());
        // "the option a team prefers" names none, and neither does "the answer is 5".
        let capital = second.len() == 1 && ("A"..="H").contains(&second);
        let named = match thing.as_str() {
            "answer" => capital,
            thing => THINGS.contains(&thing) && (letter(second) || capital),
        };
        named || (PLACES.contains(&thing.as_str()) && second.eq_ignore_ascii_case("option"))
    };
    text.split(['.', '?', '!', ';', ':'])
        .any(|sentence| spoken(sentence).windows(2).any(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negation_in_small_letters_is_found() {
        for lead_in in [
            "All of these hold except which one?",
            "Which node cannot answer?",
            "Which of them isn’t needed?",
            "Which setting should the team avoid?",
        ] {
            assert!(negation(lead_in).is_some(), "{lead_in}");
        }
        for lead_in in [
            "Which change avoids the stall?",
            "What should the client do to avoid the stall?",
            "Which node is NOT needed?",
            "How many calls do not return?",
            "Which line moves, so that it can't block?",
        ] {
            assert_eq!(negation(lead_in), None, "{lead_in}");
        }
    }

    #[test]
    fn the_kind_of_a_lead_in_is_recognized() {
        let kind = |lead_in: &str| fault(lead_in, &["Add a node", "Drop a node"], true);
        for lead_in in [
            "Which statement about the lease is correct?",
            "What is true of the old leader?",
            "Which of these statements holds?",
            "Is the old leader allowed to answer?",
            "If node B fails, does the read succeed?",
            "Which node fails and what does the client see?",
            "Why does it stall and how do you repair it?",
        ] {
            assert!(kind(lead_in).is_some(), "{lead_in}");
        }
        for lead_in in [
            "What is the right answer?",
            "Which lock holds the reader up?",
            "Which node and zone fail?",
            "Which change makes the total right again?",
        ] {
            assert_eq!(kind(lead_in), None, "{lead_in}");
        }
        assert!(fault("What now?", &["Yes, at once", "No, never"], true).is_some());
    }

    #[test]
    fn a_plural_that_only_the_key_fits_is_found() {
        let options = ["The two followers", "The leader", "A client"];
        assert!(number_fits_only_key("Which are stale?", &options, 0));
        assert!(!number_fits_only_key(
            "Which of the instances are stale?",
            &options,
            0
        ));
        assert!(!number_fits_only_key(
            "Which are stale?",
            &["The leases", "The locks", "A read"],
            0
        ));
        assert!(number_fits_only_key(
            "Which is stale?",
            &["A read", "The locks", "The leases"],
            0
        ));
    }

    #[test]
    fn an_option_is_named_by_letter_number_or_place() {
        for text in [
            "Compared with option B, it is slow.",
            "Options 1 and 3 are cheap.",
            "The first option is cheap.",
            "Option A costs more.",
        ] {
            assert!(names_an_option(text), "{text}");
        }
        for text in [
            "The option a team prefers",
            "Node B is an option. A lock is another option. A queue is none.",
            "It answers 5 calls.",
        ] {
            assert!(!names_an_option(text), "{text}");
        }
    }
}
