//! `aethos due`: the number of questions due today, fast enough for a shell prompt.

use std::io::Write;

use super::{Exit, Failed};
use crate::shell::{Folder, UncountedDue, count_due};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos due\n  PS1='$(aethos due --short)\\$ '\n\nDecks are not read, so \
                  questions of decks that you removed count as well."
)]
pub struct Args {
    /// Print only `5 due`, and nothing if no question is due
    #[arg(long)]
    pub short: bool,
}

/// Prints the number of questions due today.
///
/// # Errors
/// A history or settings that can't be read.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    let folder = Folder::find()?;
    let due = count_due(&folder).map_err(|error| match error {
        UncountedDue::Config(error) => Failed::Config(error),
        UncountedDue::Store(error) => Failed::Store(error),
    })?;
    match (due, args.short) {
        (0, true) => {}
        (n, true) => writeln!(out, "{n} due")?,
        (0, false) => writeln!(out, "No question is due.")?,
        (1, false) => writeln!(out, "1 question is due: `aethos practice` asks it.")?,
        (n, false) => writeln!(
            out,
            "{n} questions are due: `aethos practice` asks as many as fit into your minutes a day."
        )?,
    }
    Ok(Exit::Fine)
}
