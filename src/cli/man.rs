//! `aethos man`: the manual page of aethos, or of one of its commands.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{Cli, Exit, Failed};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command, such as `assess` or `mentor export`; default: aethos itself
    pub command: Vec<String>,
    /// Write the pages of aethos and of all commands to this folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "command", value_hint = clap::ValueHint::DirPath)]
    pub all: Option<PathBuf>,
}

const FILES: &str = r"
.SH FILES
The data folder is \fI$AETHOS_HOME\fR if it is set. Otherwise it is aethos in \fI$XDG_DATA_HOME\fR
or \fI~/.local/share\fR.
.TP
\fIconfig.toml\fR
settings and keys; \fBaethos config\fR explains each of them
.TP
\fIhistory.db\fR, \fIhistory.db-wal\fR
sessions, answers and scores (SQLite), and the journal while aethos runs
.TP
\fIhistory-rescued.db\fR
a session whose history was moved, replaced or overwritten while it ran
.TP
\fIdecks/\fR
your own decks
.TP
\fIstage.sock\fR
the connection to second windows while a mentor session runs
";

const ENVIRONMENT: &str = r"
.SH ENVIRONMENT
.TP
\fBAETHOS_HOME\fR
the data folder
.TP
\fBNO_COLOR\fR
no colours, if it is set and not empty
.TP
\fBCOLORFGBG\fR
tells whether the background is dark, if the terminal can't be asked
.TP
\fBTERM\fR
\fBdumb\fR means plain lines of text instead of screens
.TP
\fBLC_ALL\fR, \fBLC_CTYPE\fR, \fBLANG\fR
ASCII marks are used if the character set is not UTF-8
.TP
\fBTZ\fR
the time zone, such as Asia/Tokyo
";

const STATUS: &str = r"
.SH EXIT STATUS
.TP
\fB0\fR
success
.TP
\fB1\fR
the request failed; for example, a check found errors
.TP
\fB2\fR
invalid arguments
.TP
\fB128 + N\fR
signal N ended a session; it is stored and can be resumed
";

/// Prints the manual page of aethos or of a command, or writes the pages of all.
///
/// # Errors
/// An unknown command, or a folder that can't be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    let mut root = Cli::command();
    root.build();
    if let Some(folder) = &args.all {
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        pages(&root, true, folder)?;
        return Ok(Exit::Fine);
    }
    let mut command = &root;
    for word in &args.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            Failed::usage(format!(
                "unknown command {word:?}: `aethos --help` lists the commands"
            ))
        })?;
    }
    page(command, args.command.is_empty(), out)?;
    Ok(Exit::Fine)
}

/// Writes the page of a command and those of its subcommands.
fn pages(command: &Command, is_root: bool, folder: &Path) -> Result<(), Failed> {
    let mut text = Vec::new();
    page(command, is_root, &mut text)?;
    let file = folder.join(format!("{}.1", name(command)));
    fs::write(&file, text).map_err(|error| unwritable(&file, error))?;
    // clap adds `help` to every command with subcommands.
    let subcommands = command.get_subcommands();
    for subcommand in subcommands.filter(|subcommand| subcommand.get_name() != "help") {
        pages(subcommand, false, folder)?;
    }
    Ok(())
}

fn unwritable(path: &Path, error: std::io::Error) -> Failed {
    Failed::Refused(format!("{} can't be written: {error}", path.display()))
}

fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

fn page(command: &Command, is_root: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let man = Man::new(command.clone()).title(name(command).to_owned());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    if is_root {
        out.write_all(FILES.as_bytes())?;
        out.write_all(ENVIRONMENT.as_bytes())?;
    }
    out.write_all(STATUS.as_bytes())?;
    if command.get_after_help().is_some() {
        man.render_extra_section(out)?;
    }
    // Only aethos itself has a version, and the page of a command without one can't be rendered.
    if command.get_version().is_some() {
        man.render_version_section(out)?;
    }
    Ok(())
}
