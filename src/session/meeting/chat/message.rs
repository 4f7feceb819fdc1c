//! Splitting text copied out of a chat window into messages with their senders.
//!
//! Programs copy a message in one of two ways: in one line with its sender, or as lines below a line with sender and
//! time. Both occur in one paste.

use super::LONGEST_PASTE;
use super::clock::{after_time, before_time, is_time};
use super::names::{ChatNames, Sender};

/// The maximum number of words of an unknown name.
const LONGEST_NAME: usize = 5;
/// What separates a name from a message in the same line.
const SEPARATORS: [&str; 8] = [":", " - ", " – ", " — ", " | ", "\t", "  ", "|"];
/// Lines that chat programs add to copies.
const NOISE: [&str; 10] = [
    "edited",
    "(edited)",
    "new",
    "today",
    "yesterday",
    "reply",
    "seen",
    "delivered",
    "view thread",
    "app",
];

/// A message: its numbered lines and its sender, or `None` if the text doesn't name the sender.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub sender: Option<NamedSender>,
    pub lines: Vec<(usize, String)>,
}

impl Message {
    /// Returns the seat of the sender, if it is certain.
    pub fn seat(&self) -> Option<usize> {
        match self.sender.as_ref()?.found {
            Sender::Seat(seat) => Some(seat),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct NamedSender {
    pub name: String,
    pub found: Sender,
    /// The number of the line with the name, from 1.
    pub line: usize,
}

/// The kind of a line.
enum Kind {
    /// A name, alone or with a time: the following lines are its message.
    Header(String),
    /// A name and its message.
    Inline {
        name: String,
        text: String,
        timed: bool,
    },
    /// A line of the message above.
    Continued(String),
    /// The line begins a message, but it does not say whose.
    Nameless(String),
    Nothing,
}

/// Splits a paste into messages. `is_vote` tells whether a text is a vote on the question that is asked.
pub fn split(pasted: &str, names: &ChatNames, is_vote: &dyn Fn(&str) -> bool) -> Vec<Message> {
    let end = (0..=pasted.len().min(LONGEST_PASTE))
        .rev()
        .find(|end| pasted.is_char_boundary(*end));
    let clean = pasted[..end.unwrap_or(0)]
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let lines: Vec<(usize, &str)> = (1..)
        .zip(clean.split('\n'))
        .map(|(number, line)| (number, line.trim_matches(is_blank)))
        .filter(|(_, line)| !is_noise(line))
        .collect();
    let mut splitter = Splitter {
        names,
        is_vote,
        messages: Vec::new(),
        open: Open::Nobody,
        after_reaction: false,
    };
    for (at, (number, line)) in lines.iter().enumerate() {
        let before_time = lines.get(at + 1).is_some_and(|(_, next)| is_time(next));
        splitter.take(*number, line, before_time);
    }
    splitter.messages
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns true for lines that are part of no message: blank ones, quotes of other messages, and what programs add.
fn is_noise(line: &str) -> bool {
    let lower = line.to_lowercase();
    let is_rule = line
        .chars()
        .all(|c| matches!(c, '-' | '—' | '–' | '_' | '·' | '•' | '='));
    is_rule
        || line.starts_with('>')
        || NOISE.contains(&lower.as_str())
        || lower.starts_with("replying to ")
        || lower
            .strip_suffix(" replies")
            .or(lower.strip_suffix(" reply"))
            .is_some_and(|n| n.parse::<u32>().is_ok())
}

/// Returns true for an emoji reaction, which is followed by its count.
fn is_reaction(line: &str) -> bool {
    let is_code =
        line.len() > 2 && line.starts_with(':') && line.ends_with(':') && !line.contains(' ');
    is_code || !line.chars().any(char::is_alphanumeric)
}

/// Returns the line without codes such as `:palm_tree:`, which Slack writes for emoji beside names and in texts.
fn without_emoji_codes(line: &str) -> String {
    let is_code = |word: &str| word.len() > 2 && word.starts_with(':') && word.ends_with(':');
    let mut plain = line.to_owned();
    for word in line.split_whitespace().filter(|word| is_code(word)) {
        plain = plain.replace(word, "");
    }
    plain.trim().to_owned()
}

/// Whether the next lines continue the last message.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nobody,
    /// The last line named a sender without a time, so that it holds the whole message.
    Line,
    /// The message goes on, but another vote in it would be someone else's.
    Timed,
    /// All lines up to the next name belong to the sender.
    Header,
}

struct Splitter<'a> {
    names: &'a ChatNames,
    is_vote: &'a dyn Fn(&str) -> bool,
    messages: Vec<Message>,
    open: Open,
    after_reaction: bool,
}

impl Splitter<'_> {
    fn take(&mut self, number: usize, line: &str, before_time: bool) {
        let counts_reaction = self.after_reaction && line.parse::<u32>().is_ok();
        self.after_reaction = is_reaction(line);
        if counts_reaction || self.after_reaction {
            return;
        }
        match self.kind(&without_emoji_codes(line), before_time) {
            Kind::Nothing => {}
            Kind::Header(name) => {
                self.begin(&name, number, Vec::new());
                self.open = Open::Header;
            }
            Kind::Inline { name, text, timed } => {
                self.begin(&name, number, vec![(number, text)]);
                self.open = if timed { Open::Timed } else { Open::Line };
            }
            Kind::Continued(text) => self.continue_with(number, text),
            Kind::Nameless(text) => {
                self.open = Open::Nobody;
                self.continue_with(number, text);
            }
        }
    }

    fn begin(&mut self, name: &str, line: usize, lines: Vec<(usize, String)>) {
        let sender = NamedSender {
            name: name.to_owned(),
            found: self.names.find(name),
            line,
        };
        self.messages.push(Message {
            sender: Some(sender),
            lines,
        });
    }

    fn continue_with(&mut self, number: usize, text: String) {
        let belongs = match self.open {
            Open::Header => true,
            Open::Timed => !(self.is_vote)(&text),
            Open::Line | Open::Nobody => false,
        };
        match self.messages.last_mut() {
            Some(message) if belongs => message.lines.push((number, text)),
            _ => {
                self.open = Open::Nobody;
                self.messages.push(Message {
                    sender: None,
                    lines: vec![(number, text)],
                });
            }
        }
    }

    fn kind(&self, line: &str, before_time: bool) -> Kind {
        if is_time(line)
            || ["-!-", "-->", "<--", "***"]
                .iter()
                .any(|sign| line.starts_with(sign))
        {
            return Kind::Nothing;
        }
        if let Some(rest) = after_time(line) {
            return self.kind_after_time(rest);
        }
        let timed = before_time_name(line);
        if let Some(name) = timed.as_ref().filter(|name| self.is_known(name)) {
            return Kind::Header(name.clone());
        }
        if let Some(inline) = self.inline(line, false) {
            return inline;
        }
        if before_time {
            if self.is_header(line) {
                return Kind::Header(sender_of(line));
            }
        } else if let Some(name) = timed {
            if self.is_header(&name) {
                return Kind::Header(name);
            }
        } else if self.is_known(line) && !(self.is_vote)(line) {
            return Kind::Header(sender_of(line));
        }
        Kind::Continued(line.to_owned())
    }

    /// Returns what the rest of a line is that begins with a time.
    fn kind_after_time(&self, rest: &str) -> Kind {
        if let Some(inline) = self.inline(rest, true) {
            return inline;
        }
        let is_name = !(self.is_vote)(rest) && words(&sender_of(rest)) <= LONGEST_NAME;
        match is_name && !rest.contains(':') || self.is_known(rest) {
            true => Kind::Header(sender_of(rest)),
            false => Kind::Nameless(rest.to_owned()),
        }
    }

    /// Returns true if a line with a time beside or below it is the name of a sender. A name that is not known is one
    /// unless it is a vote, which chat programs put above the time of the next message of the same person.
    fn is_header(&self, line: &str) -> bool {
        let mut chars = line.chars();
        let is_capitalized = chars.next().is_some_and(char::is_uppercase)
            && chars.next().is_some_and(char::is_lowercase);
        self.is_known(line)
            || words(&sender_of(line)) <= LONGEST_NAME && (is_capitalized || !(self.is_vote)(line))
    }

    fn is_known(&self, name: &str) -> bool {
        let name = sender_of(name);
        words(&name) <= LONGEST_NAME && self.names.find(&name) != Sender::Unknown
    }

    /// Returns a line as a name and a message, if it is both.
    fn inline(&self, line: &str, timed: bool) -> Option<Kind> {
        let inline = |name: &str, text: &str| {
            let (name, text) = (sender_of(name), text.trim().to_owned());
            match text.is_empty() || is_time(&text) {
                true => Kind::Header(name),
                false => Kind::Inline { name, text, timed },
            }
        };
        // IRC.
        if let Some((name, text)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            return Some(inline(name, text));
        }
        let mut splits: Vec<(usize, &str)> = SEPARATORS
            .iter()
            .filter_map(|separator| Some((line.find(separator)?, *separator)))
            .collect();
        splits.sort_unstable();
        let parts = || {
            splits
                .iter()
                .map(|(at, separator)| (&line[..*at], &line[at + separator.len()..]))
                .filter(|(name, _)| name.chars().any(char::is_alphabetic))
        };
        if let Some((name, text)) = parts().find(|(name, _)| self.is_known(name)) {
            return Some(inline(name, text));
        }
        if let Some((name, text)) = self.without_separator(line) {
            return Some(inline(name, text));
        }
        let is_capitalized = |name: &str| sender_of(name).starts_with(char::is_uppercase);
        let may_be_name = |name: &str| {
            words(&sender_of(name)) <= LONGEST_NAME
                && !(self.is_vote)(name)
                && (timed || self.open != Open::Header || is_capitalized(name))
        };
        parts()
            .find(|(name, text)| may_be_name(name) && (self.is_vote)(text))
            .map(|(name, text)| inline(name, text))
    }

    /// Splits `Ben Ode c 2` where a participant's name ends and a vote begins; `None` if there is no such place, or more
    /// than one.
    fn without_separator<'t>(&self, line: &'t str) -> Option<(&'t str, &'t str)> {
        let ends = line
            .char_indices()
            .filter(|(_, c)| c.is_whitespace())
            .map(|(at, _)| at);
        let mut found = ends
            .take(LONGEST_NAME)
            .map(|end| (&line[..end], line[end..].trim_start()))
            .filter(|(name, text)| {
                self.is_known(name) && self.names.is_certain(name) && (self.is_vote)(text)
            });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

fn before_time_name(line: &str) -> Option<String> {
    let name = before_time(line)?;
    // In "Mina: b at 14:02", the time is a part of the message.
    let is_message = [": ", " - ", " | "]
        .iter()
        .any(|separator| name.contains(separator));
    Some(sender_of(name)).filter(|name| !name.is_empty() && !is_message)
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Returns the name in the part of a line that names a sender: `From Mina Okafor to Everyone` gives `Mina Okafor`.
fn sender_of(part: &str) -> String {
    let part = part.trim();
    let part = part.strip_prefix("From ").unwrap_or(part).trim_start();
    let part = part.find(" to ").map_or(part, |at| &part[..at]);
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, ')' | '.' | ':');
    part.trim_start_matches(|c: char| !c.is_alphanumeric())
        .trim_end_matches(is_mark)
        .to_owned()
}
