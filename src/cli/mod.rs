//! The command-line program, with a module per command.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::env::CompleteEnv;

use self::output::{FileSizeLimit, Printed};
use crate::core::text::Text;
use crate::report::PageFormat;
use crate::shell::{BadConfig, Folder, OpenStore, Refused, Workspace, create_whole, replace_whole};
use crate::store::{Store, StoreError, check_file_limit};

pub mod assess;
pub mod backup;
pub mod check;
mod complete;
pub mod config;
mod conversion;
pub mod decks;
mod dialogue;
mod disputed;
pub mod drill;
pub mod due;
pub mod export;
pub mod guesses;
mod history;
pub mod homework;
pub mod import;
mod interactive;
mod items;
pub mod join;
mod look;
pub mod man;
pub mod mentor;
mod named;
pub mod new;
mod output;
pub mod people;
pub mod practice;
mod progress;
pub mod report;
pub mod rescore;
pub mod schema;
pub mod show;
pub mod take;
mod watch;

/// Assess yourself as a senior distributed-systems engineer: a score per competency, with its uncertainty.
#[derive(Debug, Parser)]
#[command(
    version = env!("AETHOS_VERSION"),
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
    /// Take the homework in a file that your mentor sent
    Take(take::Args),
    /// Join a mentor session that is open on this machine
    Join(join::Args),
    /// List decks and coverage
    Decks(decks::Args),
    /// Check decks and report errors
    Check(check::Args),
    /// Write a small correct deck to start from
    New(new::Args),
    /// Convert questions in GIFT, Aiken or CSV to a draft deck
    Import(import::Args),
    /// Write the questions of decks in GIFT, Aiken, CSV or as Anki notes
    Export(export::Args),
    /// Print a question; with its answer on request
    Show(show::Args),
    /// Print the JSON Schema of decks, for editors
    Schema,
    /// List past sessions and manage them
    History(history::Args),
    /// Print the report of a session
    Report(report::Args),
    /// Score past sessions again after a key was corrected or a question was withdrawn
    Rescore(rescore::Args),
    /// Print the number of questions due today, for a shell prompt
    Due(due::Args),
    /// Write the history, the settings and your decks to one file, even while aethos runs
    Backup(backup::BackupArgs),
    /// Check a backup and put it in the place of the present data, which is kept aside
    Restore(backup::RestoreArgs),
    /// Print all settings with explanations
    Config,
    /// Print the completion script for a shell
    Completions { shell: clap_complete::Shell },
    /// Print a manual page
    Man(man::Args),
}

/// The outcome of a command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Fine,
    Failed,
    /// A signal with this number asked the program to end, and everything is stored.
    Signalled(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::FAILURE,
            // Shells report a program ended by a signal with this code.
            Exit::Signalled(signal) => ExitCode::from(128 + signal),
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

    /// Returns the reason why what the arguments ask for can't begin: the arguments, unless the history failed.
    fn to_begin(refused: Refused) -> Self {
        match refused {
            Refused::Store(_) | Refused::Settings(_) | Refused::Unreadable(..) => {
                Failed::Shell(refused)
            }
            refused => Failed::usage(refused),
        }
    }
}

/// Runs the command line and returns the exit code.
pub fn run() -> ExitCode {
    // Answers the shell and exits if a completion was requested.
    CompleteEnv::with_factory(Cli::command).complete();
    let limit = FileSizeLimit::watch();
    let done = match Cli::try_parse() {
        Ok(cli) => perform(cli),
        // Help and the version are output, and may fail like any other.
        Err(help) if !help.use_stderr() => print_help(&help),
        Err(wrong) => wrong.exit(),
    };
    match done {
        Ok(exit) => exit.into(),
        // The reader of our output has closed the pipe.
        Err(Failed::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failed) => {
            let words = match &failed {
                Failed::Io(error) => explained(error),
                failed => failed.to_string(),
            };
            let words = limit.explain(without_error_numbers(&words));
            let words = Text::new(&words);
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

/// Prints help or the version.
fn print_help(help: &clap::Error) -> Result<Exit, Failed> {
    help.print()?;
    io::stdout().flush()?;
    Ok(Exit::Fine)
}

/// Runs a command. One that may start the terminal must not hold the lock of stdout.
fn perform(cli: Cli) -> Result<Exit, Failed> {
    let out = || Printed::new(io::stdout().lock());
    let Some(command) = cli.command else {
        return interactive::home();
    };
    match command {
        Command::Assess(args) => assess::run(&args),
        Command::Practice(args) => practice::run(&args),
        Command::Mentor(args) => mentor::run(&args),
        Command::Join(args) => join::run(&args),
        Command::Take(args) => take::run(&args),
        Command::Decks(args) => decks_or_answers(&args, &mut out()),
        Command::Check(args) => check_or_guess(&args, &mut out()),
        Command::New(args) => new::run(&args, &mut out()),
        Command::Import(args) => import::run(&args, &mut out()),
        Command::Export(args) => export::run(&args, data().as_deref(), &mut out()),
        Command::Show(args) => show::run(&args, data().as_deref(), &mut out()),
        Command::Schema => Ok(schema::run(&mut out())?),
        Command::History(args) => match &args.command {
            Some(history::Command::Resume { session, plain }) => {
                history::resume(session.as_deref(), *plain)
            }
            _ => reading(&mut past_workspace(&[])?, |workspace| {
                history::run(&args, workspace, &mut out())
            }),
        },
        Command::Report(args) => reading(&mut past_workspace(&[])?, |workspace| {
            report::run(&args, workspace, &mut out())
        }),
        Command::Backup(args) => backup::back_up(&args, &Folder::find()?, &mut out()),
        Command::Restore(args) => backup::restore(&args, &Folder::find()?, &mut out()),
        Command::Rescore(args) => {
            let mut workspace = match args.dry_run {
                true => past_workspace(&args.decks)?,
                false => workspace(&args.decks)?,
            };
            reading(&mut workspace, |workspace| {
                rescore::run(&args, workspace, &mut out())
            })
        }
        Command::Config => config::run(&Folder::find()?, &mut out()),
        Command::Completions { shell } => complete::script(shell, &mut out()),
        Command::Man(args) => man::run(&args, &mut out()),
        Command::Due(args) => due::run(&args, &mut out()),
    }
}

/// Lists the decks, or what answers and people say about their questions.
fn decks_or_answers(args: &decks::Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    if args.disputed {
        return reading(&mut past_workspace(&[])?, |workspace| {
            disputed::run(workspace, out)
        });
    }
    if args.items {
        let wanted = items::ItemsRequest {
            people: &args.person,
            min: args.min,
            format: args.format,
        };
        return reading(&mut past_workspace(&[])?, |workspace| {
            items::run(&wanted, workspace, out)
        });
    }
    decks::run(args, Some(&Folder::find()?), out)
}

/// Checks decks, explains a rule, or tests whether options alone give keys away.
fn check_or_guess(args: &check::Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    if let Some(code) = &args.explain {
        return check::explain(code.as_deref(), out);
    }
    let data = data();
    if let Some(file) = &args.options_only {
        return guesses::write(args, &args.library(data.as_deref()), file);
    }
    if let Some(file) = &args.guesses {
        return guesses::score(&args.library(data.as_deref()), file, out);
    }
    Ok(check::run(args, data.as_deref(), wants_colour(), out)?)
}

/// Returns the user's data folder, unless it can't be found.
fn data() -> Option<PathBuf> {
    let folder = Folder::find().ok();
    folder.map(|folder| folder.path().to_owned())
}

/// Opens the data folder and the additional decks at `paths`, and creates a history if there is none.
fn workspace(paths: &[PathBuf]) -> Result<Workspace, Failed> {
    opened(paths, Store::open).inspect_err(|_| tell_of_rescue())
}

/// Opens the data folder for a command that only reads, which creates no file.
fn past_workspace(paths: &[PathBuf]) -> Result<Workspace, Failed> {
    tell_of_rescue();
    opened(paths, Store::open_existing)
}

/// Runs a command that shows what is stored. The command fails if any of that is damaged, even if it could do without it.
fn reading(
    workspace: &mut Workspace,
    run: impl FnOnce(&mut Workspace) -> Result<Exit, Failed>,
) -> Result<Exit, Failed> {
    workspace.check_small_history();
    let exit = run(workspace)?;
    let damage = workspace.damage();
    for part in &damage {
        // If stderr can't be written, the exit code still tells.
        let _ = writeln!(
            io::stderr(),
            "aethos: the history is damaged: {}",
            Text::new(part).line()
        );
    }
    Ok(if damage.is_empty() {
        exit
    } else {
        Exit::Failed
    })
}

/// Says on stderr that there is a rescued history.
fn tell_of_rescue() {
    if let Some(notice) = Folder::find()
        .ok()
        .and_then(|folder| folder.rescue_notice())
    {
        let _ = writeln!(io::stderr(), "aethos: {notice}");
    }
}

fn opened(paths: &[PathBuf], open: OpenStore) -> Result<Workspace, Failed> {
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    check_file_limit(&folder.history())?;
    let workspace = Workspace::open_with(folder, settings, paths, open)?;
    for notice in workspace.notices() {
        // This is only a warning: times are still shown, in UTC.
        let _ = writeln!(io::stderr(), "aethos: {notice}");
    }
    Ok(workspace)
}

/// Where a command writes its output.
#[derive(Debug, clap::Args)]
pub struct OutputArgs {
    /// Write to this file; it must not exist unless --force is given
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Replace the output file if it exists
    #[arg(long, requires = "output")]
    pub force: bool,
}

impl OutputArgs {
    /// Returns the format of a page by the ending of the file.
    fn page_format(&self) -> PageFormat {
        let file = self.output.as_deref();
        match file.and_then(|file| file.extension()?.to_str()) {
            Some("html" | "htm") => PageFormat::Html,
            _ => PageFormat::Markdown,
        }
    }

    /// Writes to the file, or to `out` without one.
    fn write(&self, text: &str, out: &mut dyn Write) -> Result<(), Failed> {
        let Some(path) = &self.output else {
            return Ok(out.write_all(text.as_bytes())?);
        };
        let refused = |error: io::Error| {
            let file = path.display();
            Failed::Refused(match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    format!("{file} already exists: add --force to replace it")
                }
                _ => format!("{file} can't be written: {error}"),
            })
        };
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            let file = path.display();
            return Err(Failed::Refused(format!(
                "{file} is not a regular file: leave out -o to print"
            )));
        }
        match self.force {
            true => replace_whole(path, text).map_err(refused),
            false => create_whole(path, text).map_err(refused),
        }
    }
}

/// Returns a path as it may be printed: on one line and without control characters.
fn printable(path: &Path) -> String {
    Text::new(&path.display().to_string()).line()
}

/// Returns what an error of the system means and what helps, or its own words.
fn explained(error: &io::Error) -> String {
    use rustix::io::Errno;
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => {
            "there are too many open files: close other programs, or raise the limit (`ulimit -n`)"
                .to_owned()
        }
        _ => error.to_string(),
    }
}

/// Removes the numbers of system errors, such as ` (os error 17)`, which tell a person nothing.
fn without_error_numbers(words: &str) -> String {
    let mut parts = words.split(" (os error ");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    clean
}

/// Returns true if stdout is a terminal and colours are not disabled.
fn wants_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
