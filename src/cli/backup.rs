//! `aethos backup` and `aethos restore`: the whole data folder as one file.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use super::{Exit, Failed, printable};
use crate::core::text::Text;
use crate::shell::{BackupContents, BackupError, Folder};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos backup aethos-2026-11-29.backup\n  aethos backup ~/sync/aethos.backup --force"
)]
pub struct BackupArgs {
    /// The file to write; it must not exist unless --force is given
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos restore aethos.backup --dry-run   what the backup holds\n  aethos restore aethos.backup\n\n\
                  The present data is moved to a folder before-restore-DATE in the data folder; nothing is merged."
)]
pub struct RestoreArgs {
    /// The file that `aethos backup` wrote
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
    /// Check the backup and print what it holds, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Don't ask for confirmation
    #[arg(long)]
    pub yes: bool,
}

impl From<BackupError> for Failed {
    fn from(error: BackupError) -> Self {
        Failed::Refused(error.to_string())
    }
}

pub fn back_up(args: &BackupArgs, folder: &Folder, out: &mut dyn Write) -> Result<Exit, Failed> {
    let contents = folder.back_up(&args.file, args.force)?;
    writeln!(
        out,
        "Written to {}: {}.",
        printable(&args.file),
        held(&contents)
    )?;
    for part in &contents.damage {
        writeln!(
            io::stderr(),
            "aethos: the history is damaged: {}",
            Text::new(part).line()
        )?;
    }
    Ok(match contents.damage.is_empty() {
        true => Exit::Fine,
        false => Exit::Failed,
    })
}

pub fn restore(args: &RestoreArgs, folder: &Folder, out: &mut dyn Write) -> Result<Exit, Failed> {
    let unpacked = folder.unpack(&args.file)?;
    let contents = &unpacked.contents;
    writeln!(
        out,
        "The backup of {} holds {}.",
        contents.made_at,
        held(contents)
    )?;
    if args.dry_run {
        return Ok(Exit::Fine);
    }
    out.flush()?;
    if folder.has_data() && !args.yes && !is_confirmed(folder)? {
        writeln!(out, "Nothing was changed.")?;
        return Ok(Exit::Fine);
    }
    match unpacked.restore()? {
        Some(aside) => writeln!(
            out,
            "Restored. The former data is in {}.",
            printable(&aside)
        )?,
        None => writeln!(out, "Restored to {}.", printable(folder.path()))?,
    }
    Ok(Exit::Fine)
}

/// Asks for confirmation at the terminal. Without a terminal, `--yes` is required.
fn is_confirmed(folder: &Folder) -> Result<bool, Failed> {
    let path = printable(folder.path());
    if !io::stdin().is_terminal() {
        return Err(Failed::Usage(format!(
            "there is data in {path}, which would be moved aside: add --yes to confirm"
        )));
    }
    let mut err = io::stderr();
    write!(
        err,
        "The data in {path} is moved aside. Type yes to continue: "
    )?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().eq_ignore_ascii_case("yes"))
}

/// Formats what a backup holds: `31 sessions (1 unfinished), 3 people, the settings and 2 decks`
fn held(contents: &BackupContents) -> String {
    let count =
        |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut words = vec![count(contents.sessions, "session", "sessions")];
    if contents.open > 0 {
        words[0] += &format!(" ({} unfinished)", contents.open);
    }
    if contents.people > 0 {
        words.push(count(contents.people, "person", "people"));
    }
    if contents.has_homework {
        words.push("homework".to_owned());
    }
    if contents.has_settings {
        words.push("the settings".to_owned());
    }
    if contents.decks > 0 {
        words.push(count(contents.decks, "file of decks", "files of decks"));
    }
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.join(""),
    }
}
