//! Options that imply or contradict one another, which narrows the choice without the stem.

use super::tokens::words;

/// Words of which one says the opposite of the other.
const OPPOSITES: &[(&str, &str)] = &[
    ("more", "less"),
    ("more", "fewer"),
    ("higher", "lower"),
    ("raise", "lower"),
    ("rises", "falls"),
    ("rise", "fall"),
    ("grows", "shrinks"),
    ("grow", "shrink"),
    ("increase", "decrease"),
    ("increases", "decreases"),
    ("increase", "reduce"),
    ("increases", "reduces"),
    ("longer", "shorter"),
    ("lengthen", "shorten"),
    ("faster", "slower"),
    ("larger", "smaller"),
    ("enable", "disable"),
    ("add", "remove"),
    ("before", "after"),
    ("with", "without"),
    ("synchronously", "asynchronously"),
    ("synchronous", "asynchronous"),
    ("accepts", "rejects"),
    ("accept", "reject"),
    ("accepted", "rejected"),
    ("succeeds", "fails"),
    ("succeed", "fail"),
    ("can", "cannot"),
    ("is", "isn't"),
    ("does", "doesn't"),
    ("do", "don't"),
    ("commits", "aborts"),
    ("up", "down"),
    ("on", "off"),
    ("earlier", "later"),
    ("allow", "forbid"),
    ("kept", "dropped"),
    ("keep", "drop"),
    ("strong", "weak"),
    ("open", "close"),
    ("start", "stop"),
];
/// Pairs of a stronger and a weaker word: a claim with the first implies the same with the second.
const WEAKER: &[(&str, &str)] = &[
    ("all", "some"),
    ("every", "some"),
    ("all", "most"),
    ("most", "some"),
    ("always", "sometimes"),
    ("must", "may"),
    ("must", "can"),
    ("never", "rarely"),
];
/// The number of words from which an option is a clause, and no set such as "P and Q".
const CLAUSE: usize = 3;

/// Returns an option that implies another one, and that other one.
pub fn implied(options: &[&str]) -> Option<(usize, usize)> {
    let all: Vec<Vec<String>> = options.iter().map(|o| words(o)).collect();
    pairs(all.len()).find(|(i, j)| extends(&all[*i], &all[*j]) || is_stronger(&all[*i], &all[*j]))
}

/// Returns true for a clause that says all that the other says and one thing more.
fn extends(long: &[String], short: &[String]) -> bool {
    const JOINS: [&str; 2] = ["and", "then"];
    short.len() >= CLAUSE
        && long.starts_with(short)
        && long.get(short.len()).is_some_and(|next| JOINS.contains(&next.as_str()))
        // "two or three and four" names a set; a clause has more words than the names in it.
        && short.iter().any(|w| w.len() > 3 && w.chars().all(char::is_alphabetic))
}

/// Returns true for clauses that differ in one word or bound, of which the first is the stronger.
fn is_stronger(clause: &[String], other: &[String]) -> bool {
    let Some((i, x, y)) = only_difference(clause, other) else {
        return false;
    };
    if clause.len() >= CLAUSE && WEAKER.contains(&(x, y)) {
        return true;
    }
    let before = |n: usize| i.checked_sub(n).map_or("", |at| clause[at].as_str());
    let (Ok(x), Ok(y)) = (number(x), number(y)) else {
        return false;
    };
    match (before(2), before(1)) {
        ("at", "least") | ("more", "than") | (_, "over" | "above") => x > y,
        ("at", "most") | ("less" | "fewer", "than") | (_, "under" | "below") => x < y,
        _ => false,
    }
}

fn number(word: &str) -> Result<f64, std::num::ParseFloatError> {
    const NUMBERS: [&str; 7] = ["zero", "one", "two", "three", "four", "five", "six"];
    match NUMBERS.iter().position(|n| *n == word) {
        Some(n) => Ok(n as f64),
        None => word.parse(),
    }
}

/// Returns true for an option that combines others by their letters, numbers or places, such as
/// "Both the first and the third" or "Options 1 and 3".
pub fn combines(option: &str) -> bool {
    const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "last"];
    const THINGS: [&str; 8] = [
        "option",
        "options",
        "answer",
        "answers",
        "choice",
        "choices",
        "statement",
        "statements",
    ];
    let w = words(option);
    let at = |i: usize| w.get(i).map_or("", String::as_str);
    // "the third request" names a request, and "the third" or "the third of them" an option.
    let alone = |i: usize| {
        ORDINALS.contains(&at(i))
            && (matches!(
                at(i + 1),
                "" | "and" | "or" | "of" | "one" | "ones" | "together" | "above"
            ) || THINGS.contains(&at(i + 1)))
    };
    let places = (0..w.len()).filter(|i| alone(*i)).count();
    let letter = |i: usize| {
        at(i).len() == 1
            && at(i)
                .chars()
                .all(|c| c.is_ascii_digit() || ('a'..='h').contains(&c))
    };
    let named = (1..w.len()).filter(|i| THINGS.contains(&at(i - 1)) && letter(*i));
    let listed = |i: usize| matches!(at(i + 1), "and" | "or") && letter(i + 2);
    (places >= 2 && w.len() <= 10) || named.clone().count() >= 2 || named.clone().any(listed)
}

/// Returns the option that says the opposite of the key, unless other options are opposites as
/// well.
pub fn opposite_of_key(options: &[&str], key: usize) -> Option<usize> {
    let all: Vec<Vec<String>> = options.iter().map(|o| words(o)).collect();
    let mut found = pairs(all.len()).filter(|(i, j)| i < j && are_opposites(&all[*i], &all[*j]));
    let (i, j) = found.next()?;
    if found.next().is_some() || all.len() < 3 {
        return None;
    }
    match key {
        _ if key == i => Some(j),
        _ if key == j => Some(i),
        _ => None,
    }
}

fn are_opposites(a: &[String], b: &[String]) -> bool {
    if let Some((_, x, y)) = only_difference(a, b) {
        return OPPOSITES.contains(&(x, y)) || OPPOSITES.contains(&(y, x));
    }
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    long.len() == short.len() + 1
        && long.len() > CLAUSE
        && long
            .iter()
            .enumerate()
            .any(|(i, w)| w == "not" && long[..i] == short[..i] && long[i + 1..] == short[i..])
}

/// Returns the only place in which two clauses of equal length differ, and its words.
fn only_difference<'a>(a: &'a [String], b: &'a [String]) -> Option<(usize, &'a str, &'a str)> {
    if a.len() != b.len() || a.len() < 2 {
        return None;
    }
    let mut differences = (0..a.len()).filter(|i| a[*i] != b[*i]);
    let i = differences.next()?;
    differences
        .next()
        .is_none()
        .then_some((i, a[i].as_str(), b[i].as_str()))
}

/// Returns all ordered pairs of different indices.
fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |i| (0..n).filter(move |j| i != *j).map(move |j| (i, j)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_says_more_implies_the_shorter_one() {
        let short = "Restart the node";
        assert_eq!(
            implied(&[short, "Restart the node and clear its disk"]),
            Some((1, 0))
        );
        assert_eq!(
            implied(&[
                "At least three copies are kept",
                "At least two copies are kept"
            ]),
            Some((0, 1))
        );
        assert_eq!(
            implied(&["Some of the writes are lost", "All of the writes are lost"]),
            Some((1, 0))
        );
        assert_eq!(implied(&["P and Q", "P, Q and R"]), None);
        assert_eq!(
            implied(&["Restart the node", "Restart the nodes of the rack"]),
            None
        );
    }

    #[test]
    fn an_option_combines_others_by_place_or_number() {
        for option in [
            "Both the first and the third",
            "The first and the third of them",
            "Option 1 and option 3",
            "Options 1 and 3 together",
            "Either the first or the second option",
        ] {
            assert!(combines(option), "{option}");
        }
        for option in [
            "Both the first and the third request",
            "The first of the two",
            "An option and a price",
        ] {
            assert!(!combines(option), "{option}");
        }
    }

    #[test]
    fn the_only_pair_of_opposites_shows_where_the_key_is() {
        let up = "Raise the timeout of the gateway";
        let down = "Lower the timeout of the gateway";
        let other = "Move the gateway to its own host";
        assert_eq!(opposite_of_key(&[up, down, other], 1), Some(0));
        assert_eq!(opposite_of_key(&[up, down, other], 2), None);
        let crossed = ["Raise the limit of the pool", "Lower the limit of the pool"];
        assert_eq!(
            opposite_of_key(&[up, down, crossed[0], crossed[1]], 1),
            None
        );
        assert_eq!(
            opposite_of_key(&["The write is lost", "The write is not lost", other], 0),
            Some(1)
        );
    }
}
