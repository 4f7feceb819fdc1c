//! The command-line program, with a module per command.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::shell::{BadConfig, Folder, Refused, Workspace, create_whole};
use crate::store::StoreError;

pub mod assess;
pub mod check;
pub mod config;
pub mod decks;
mod dialogue;
mod disputed;
pub mod drill;
pub mod history;
mod interactive;
mod look;
pub mod mentor;
mod named;
pub mod new;
pub mod people;
pub mod practice;
mod progress;
pub mod report;
pub mod schema;
pub mod show;
mod watch;

/// Assess yourself as a senior distributed-systems engineer: a score per competency, with its uncertainty.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:\n  aethos                      the home screen; press Enter to \
                  start\n  aethos assess --quick       24 questions, starting at once\n  aethos \
                  report -o report.md  the last result as Markdown\n\nPut your own decks into \
                  decks/ in the data folder (AETHOS_HOME, or the default of the system)."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take an assessment
    Assess(assess::Args),
    /// Practise: each answer is explained at once, and nothing affects your score
    Practice(practice::Args),
    /// Mentor people: sessions, agreements and progress
    Mentor(mentor::Args),
    /// List decks and coverage
    Decks(decks::Args),
    /// Check decks and report errors
    Check(check::Args),
    /// Write a small correct deck to start from
    New(new::Args),
    /// Print a question; with its answer on request
    Show(show::Args),
    /// Print the JSON Schema of decks, for editors
    Schema,
    /// List past sessions and manage them
    History(history::Args),
    /// Print the report of a session
    Report(report::Args),
    /// Print all settings with explanations
    Config,
    /// Print the completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print a manual page
    Man,
}

/// The outcome of a command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::FAILURE,
        }
    }
}

/// The reason why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Invalid arguments: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The request could not be fulfilled: exit code 1.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Shell(#[from] Refused),
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Failed {
    fn usage(why: impl Display) -> Self {
        Failed::Usage(why.to_string())
    }
}

/// Runs the command line and returns the exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match perform(cli) {
        Ok(exit) => exit.into(),
        // The reader of our output has closed the pipe.
        Err(Failed::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failed) => {
            let words = crate::core::text::Text::new(&failed.to_string());
            // If stderr can't be written either, there is no way to report it.
            let _ = writeln!(io::stderr(), "aethos: {words}");
            ExitCode::from(if matches!(failed, Failed::Usage(_)) {
                2
            } else {
                1
            })
        }
    }
}

fn perform(cli: Cli) -> Result<Exit, Failed> {
    let mut out = io::stdout().lock();
    match cli.command {
        None => {
            drop(out);
            interactive::home()
        }
        Some(Command::Assess(args)) => {
            drop(out);
            assess::run(&args)
        }
        Some(Command::Practice(args)) => {
            drop(out);
            practice::run(&args)
        }
        Some(Command::Mentor(args)) => {
            drop(out);
            mentor::run(&args)
        }
        Some(Command::Decks(args)) if args.disputed => disputed::run(&workspace(&[])?, &mut out),
        Some(Command::Decks(args)) => {
            Ok(decks::run(&args, Some(Folder::find()?.path()), &mut out)?)
        }
        Some(Command::Check(args)) => {
            let folder = Folder::find().ok();
            Ok(check::run(
                &args,
                folder.as_ref().map(Folder::path),
                wants_colour(),
                &mut out,
            )?)
        }
        Some(Command::New(args)) => Ok(new::run(&args, &mut out)?),
        Some(Command::Show(args)) => {
            let folder = Folder::find().ok();
            show::run(&args, folder.as_ref().map(Folder::path), &mut out)
        }
        Some(Command::Schema) => Ok(schema::run(&mut out)?),
        Some(Command::History(args)) => history::run(&args, &mut workspace(&[])?, &mut out),
        Some(Command::Report(args)) => report::run(&args, &mut workspace(&[])?, &mut out),
        Some(Command::Config) => config::run(&Folder::find()?, &mut out),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "aethos", &mut script);
            out.write_all(&script)?;
            Ok(Exit::Fine)
        }
        Some(Command::Man) => {
            clap_mangen::Man::new(Cli::command()).render(&mut out)?;
            Ok(Exit::Fine)
        }
    }
}

/// Opens the data folder and the additional decks at `paths`.
fn workspace(paths: &[PathBuf]) -> Result<Workspace, Failed> {
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let workspace = Workspace::open(folder, settings, paths)?;
    for notice in workspace.notices() {
        // This is only a warning: times are still shown, in UTC.
        let _ = writeln!(io::stderr(), "aethos: {notice}");
    }
    Ok(workspace)
}

/// Writes to a new file, which must not exist yet, or to `out` if `path` is `None`.
fn write_to(path: Option<&Path>, text: &str, out: &mut dyn Write) -> Result<(), Failed> {
    let Some(path) = path else {
        return Ok(out.write_all(text.as_bytes())?);
    };
    let refused = |error: io::Error| Failed::Refused(format!("{}: {error}", path.display()));
    create_whole(path, text).map_err(refused)
}

/// Returns true if stdout is a terminal and colours are not disabled.
fn wants_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
