//! Matching the names in a chat to the participants.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::core::text::Text;

/// The participants by seat, and what the mentor has said about other names in this session.
#[derive(Clone, Debug, Default)]
pub struct ChatNames {
    /// The words of each participant's name.
    seats: Vec<Vec<String>>,
    /// Seats of names that were asked for; `None` for a person who takes no part.
    assigned: BTreeMap<String, Option<usize>>,
}

/// The participant to whom a name in a chat belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    Seat(usize),
    /// Someone who takes no part, such as the mentor.
    Outsider,
    /// The name matches several participants.
    Several(Vec<usize>),
    Unknown,
}

impl ChatNames {
    /// Creates the names of the participants, by seat.
    pub fn new(names: &[Text]) -> Self {
        Self {
            seats: names.iter().map(|name| words(name.as_str())).collect(),
            assigned: BTreeMap::new(),
        }
    }

    /// Adds the name of someone who takes the next seat.
    pub fn add(&mut self, name: &Text) {
        self.seats.push(words(name.as_str()));
    }

    /// Remembers whose name this is; `None` means that this person takes no part.
    pub fn assign(&mut self, name: &str, seat: Option<usize>) {
        self.assigned.insert(words(name).join(" "), seat);
    }

    /// Returns the participant with this name.
    ///
    /// A part of the name is enough if no one else has it: `Ben`, `Ben O.` and `ben.ode` are Ben Ode, and so is
    /// `Ben Ode-Smith (External)` if the roster calls him Ben.
    pub fn find(&self, name: &str) -> Sender {
        let given = words(name);
        if let Some(seat) = self.assigned.get(&given.join(" ")) {
            return seat.map_or(Sender::Outsider, Sender::Seat);
        }
        let mut sorted = given.clone();
        sorted.sort();
        let is_same = |seat: &Vec<String>| {
            let mut seat_sorted = seat.clone();
            seat_sorted.sort();
            sorted == seat_sorted || given.concat() == seat.concat()
        };
        let is_part = |seat: &Vec<String>| contains(&given, seat) || contains(seat, &given);
        let same = self.matching(is_same);
        let found = if same.is_empty() {
            self.matching(is_part)
        } else {
            same
        };
        match found.as_slice() {
            _ if given.is_empty() => Sender::Unknown,
            [] => Sender::Unknown,
            [seat] => Sender::Seat(*seat),
            _ => Sender::Several(found),
        }
    }

    /// Returns true if the name belongs to no participant, or could belong to several.
    pub fn is_unclear(&self, name: &str) -> bool {
        matches!(self.find(name), Sender::Unknown | Sender::Several(_))
    }

    /// Returns true if each word of the name is more than one letter, or belongs to the participant whom it means. A
    /// single letter may be the vote that follows a name.
    pub(super) fn is_certain(&self, name: &str) -> bool {
        let Sender::Seat(seat) = self.find(name) else {
            return true;
        };
        let of_seat = |word: &String| self.seats[seat].iter().any(|own| is_like(own, word));
        words(name)
            .iter()
            .all(|word| word.chars().count() > 1 || of_seat(word))
    }

    fn matching(&self, is: impl Fn(&Vec<String>) -> bool) -> Vec<usize> {
        (0..self.seats.len())
            .filter(|seat| is(&self.seats[*seat]))
            .collect()
    }
}

/// Returns true if every word of `part` is a word of `whole` or its initial, and at least one is a word.
fn contains(whole: &[String], part: &[String]) -> bool {
    part.iter()
        .all(|word| whole.iter().any(|of| is_like(of, word)))
        && part.iter().any(|word| {
            word.chars().count() > 1 && whole.contains(word)
                || whole.len() == 1 && whole.contains(word)
        })
}

/// Returns true if the words are equal, or one is the initial of the other.
fn is_like(one: &str, other: &str) -> bool {
    let is_initial =
        |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    one == other || is_initial(one, other) || is_initial(other, one)
}

/// Returns the words of a name in lower case without accents, and without remarks in brackets and emoji codes.
fn words(name: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for c in name.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
        if matches!(c, ')' | ']') {
            plain.push(' ');
        }
    }
    let is_emoji_code =
        |word: &&str| word.len() > 2 && word.starts_with(':') && word.ends_with(':');
    let kept: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| !is_emoji_code(word))
        .collect();
    let folded: String = kept
        .join(" ")
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
