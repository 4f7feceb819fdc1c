//! `aethos new`: writes a small correct deck to start from.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Exit, Failed};
use crate::core::text::Text;
use crate::deck::builtin;
use crate::deck::diagnostic::quoted;
use crate::deck::source::display_path;
use crate::shell::create_whole;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file to write, such as my-team.toml; an existing file is not changed
    pub file: PathBuf,
}

const START: &str = include_str!("new.toml");

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
    match create_whole(&path, &START.replace("my-team", &id)) {
        Ok(()) => {
            let name = display_path(&path);
            writeln!(
                out,
                "{name} was written, with two questions to edit.\nCheck it with `aethos check \
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

/// Returns the id of the deck in a file, or `None` if the name of the file can't be one.
pub(super) fn id_of(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    ((1..=60).contains(&stem.len()) && stem.bytes().all(allowed)).then(|| stem.to_owned())
}
