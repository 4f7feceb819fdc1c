//! `aethos new`: writes a small correct deck to start from.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::engine::ArgValueCandidates;

use super::{Exit, Failed, complete, named};
use crate::core::text::Text;
use crate::deck::builtin;
use crate::deck::diagnostic::quoted;
use crate::deck::outline::Outline;
use crate::deck::source::display_path;
use crate::shell::create_whole;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to write, such as my-team.toml; an existing file is not changed
    pub file: PathBuf,
    /// The types of the example questions, separated by commas; default: single,numeric
    #[arg(long = "type", value_name = "TYPE", value_enum, value_delimiter = ',')]
    pub types: Vec<Example>,
    /// The competency of the deck; default: data-consistency
    #[arg(long, value_name = "COMPETENCY", add = ArgValueCandidates::new(complete::competencies))]
    pub competency: Option<String>,
}

/// An example question that a new deck can start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Example {
    Single,
    Numeric,
    /// One right option, and a figure that decides which.
    Figure,
    Multiple,
    Ordering,
    Matching,
    Open,
    /// A card, and one with a blank.
    Recall,
}

const START: &str = include_str!("new.toml");
/// The examples beside those of the default deck.
const OTHER_EXAMPLES: &str = include_str!("new_types.toml");
/// The line that begins each example.
const RULE: &str = "# ----------------";

/// Writes the deck and names it after its file.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    let path = if args.file.extension().is_none() {
        args.file.with_extension("toml")
    } else {
        args.file.clone()
    };
    let Some(id) = id_of(&path) else {
        let name = quoted(&path.to_string_lossy());
        return Err(Failed::Refused(format!(
            "{name} can't be the name of a deck: use lowercase letters, digits and `-`, such as \
             my-team.toml"
        )));
    };
    let types = match args.types.as_slice() {
        [] => &[Example::Single, Example::Numeric],
        types => types,
    };
    let text = deck(types, args.competency.as_deref())?;
    match create_whole(&path, &text.replace("my-team", &id)) {
        Ok(()) => {
            let name = display_path(&path);
            let questions = match types.len() {
                1 => "one question".to_owned(),
                n => format!("{n} questions"),
            };
            writeln!(
                out,
                "{name} was written, with {questions} to edit.\nCheck it with `aethos check \
                 {name}`."
            )?;
            if builtin::is_name(&id) {
                let words = "A built-in deck has the same name. This deck replaces it while it is \
                             in the decks folder or named on the command line.";
                writeln!(out, "{words}")?;
            }
            Ok(Exit::Fine)
        }
        Err(error) => {
            let name = display_path(&path);
            let reason = match error.kind() {
                io::ErrorKind::AlreadyExists => "already exists: choose another name".to_owned(),
                _ => format!("can't be written: {}", Text::new(&error.to_string())),
            };
            Err(Failed::Refused(format!("{name} {reason}")))
        }
    }
}

/// Returns the text of a deck with these examples, which get the first facet of the competency.
fn deck(types: &[Example], competency: Option<&str>) -> Result<String, Failed> {
    let mut text = START.split(RULE).next().unwrap_or_default().to_owned();
    for (i, &example) in types.iter().enumerate() {
        text.push_str(&renumbered(question(example), i + 1));
    }
    if let Some(name) = competency {
        let outline = Outline::builtin();
        let competency = named::competency(name, &outline.blueprint)?;
        if let Some(facet) = competency.facets.first() {
            text = text
                .replace(
                    "\"data-consistency\"    ",
                    &format!("\"{}\"  ", competency.id),
                )
                .replace("consensus-paxos-raft", facet.id.as_str())
                .replace("/kp7", "/kp1");
        }
    }
    Ok(text)
}

/// Returns an example with the rule above it.
fn question(example: Example) -> String {
    let mut examples = START.split(RULE).skip(1);
    let mut others = OTHER_EXAMPLES.split(RULE).skip(1);
    let found = match example {
        Example::Single => examples.next(),
        Example::Numeric => examples.nth(1),
        Example::Figure => others.next(),
        Example::Multiple => others.nth(1),
        Example::Ordering => others.nth(2),
        Example::Matching => others.nth(3),
        Example::Open => others.nth(4),
        Example::Recall => others.nth(5),
    };
    format!("{RULE}{}\n", found.unwrap_or_default().trim_end())
}

/// Gives the question of an example the number that it has in the deck.
fn renumbered(example: String, number: usize) -> String {
    match example.find("raft.0") {
        Some(at) => format!(
            "{}raft.{number:03}{}\n",
            &example[..at],
            &example[at + "raft.000".len()..]
        ),
        None => example,
    }
}

/// Returns the id of the deck in a file, or `None` if the name of the file can't be one.
pub(super) fn id_of(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    ((1..=60).contains(&stem.len()) && stem.bytes().all(allowed)).then(|| stem.to_owned())
}
