//! `aethos take`: a person takes a homework that a mentor has sent.

use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use super::interactive::{self, Opening};
use super::{Exit, Failed};
use crate::app::Watch;
use crate::app::effect::{News, Started};
use crate::plain;
use crate::session::Phase;
use crate::session::homework::HomeworkForm;
use crate::shell::homework::{PreparedHomework, read_form};
use crate::shell::{Folder, Shell, Workspace};
use crate::store::Store;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos take week3.aethos               the homework, on a screen\n  \
                  aethos take week3.aethos --as Anna\n  aethos take week3.aethos --plain       in \
                  lines of text\n\nYou can leave at any time: the same command continues. At the \
                  end it names the file to send back. Nothing is added to your own history."
)]
pub struct Args {
    /// The file that your mentor sent
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    form: PathBuf,
    /// Your name, if the homework is for several people
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// Start another attempt after a finished one; your mentor sees both
    #[arg(long)]
    again: bool,
    /// Record in your own history that you have seen these questions
    #[arg(long)]
    keep: bool,
    /// Plain lines of text instead of screens: for screen readers, pipes and tests
    #[arg(long)]
    plain: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    let form = read_form(&args.form).map_err(|bad| Failed::Refused(bad.to_string()))?;
    let mut err = io::stderr();
    for number in form.changed() {
        writeln!(
            err,
            "aethos: question {number} was changed after the file was written; your mentor will see that"
        )?;
    }
    let seat = seat(&form, args.name.as_deref())?;
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let mut workspace = Workspace::open_with(folder.for_homework(), settings, &[], Store::open)?;
    workspace.settings.confidence = true;
    let homework = PreparedHomework::new(form, seat, &args.form, args.keep);
    let sentence = homework.sentence();
    let result = homework.result.clone();
    let mut shell = Shell::new(workspace);
    let Some(started) = shell.take(homework, args.again)? else {
        let mut out = io::stdout().lock();
        writeln!(out, "You have finished this homework. {sentence}")?;
        writeln!(out, "`--again` starts another attempt.")?;
        return Ok(Exit::Fine);
    };
    if args.plain || !interactive::is_possible() {
        return dialogue(shell, started);
    }
    let before = std::fs::read(&result).ok();
    let exit = interactive::run_with(shell, Opening::Homework(Box::new(started)))?;
    if std::fs::read(&result).ok() != before {
        writeln!(io::stdout(), "{sentence}")?;
    }
    Ok(exit)
}

/// Returns the seat of the person; asks for the name if the form is for several people.
fn seat(form: &HomeworkForm, name: Option<&str>) -> Result<usize, Failed> {
    let names: Vec<String> = form.people.iter().map(|name| name.line()).collect();
    let known = names.join(", ");
    if let Some(name) = name {
        return form
            .seat_of(name)
            .ok_or_else(|| Failed::Usage(format!("--as {name}: this homework is for {known}")));
    }
    if names.len() == 1 {
        return Ok(0);
    }
    if !io::stdin().is_terminal() {
        return Err(Failed::Usage(format!(
            "this homework is for {known}: add --as NAME"
        )));
    }
    let mut err = io::stderr();
    loop {
        write!(err, "This homework is for {known}. Your name: ")?;
        err.flush()?;
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Err(Failed::Usage(format!(
                "this homework is for {known}: add --as NAME"
            )));
        }
        if let Some(seat) = form.seat_of(&line) {
            return Ok(seat);
        }
    }
}

/// Runs the homework as questions and answers in lines of text.
fn dialogue(shell: Shell, started: Started) -> Result<Exit, Failed> {
    let shell = RefCell::new(shell);
    let mut session = started.session;
    let mut output = io::stdout().lock();
    if let Some(notice) = &started.notice {
        writeln!(output, "{notice}\n")?;
    }
    let mut input = io::stdin().lock();
    let watch = Watch::new();
    let end = plain::run(
        &mut session,
        &mut || plain::ClockReading {
            at: watch.now(),
            stopped: false,
        },
        &mut |_| None,
        &mut |events| {
            shell.borrow_mut().save_all(events.to_vec());
            Ok(())
        },
        &mut input,
        &mut output,
        true,
    )?;
    let mut shell = shell.into_inner();
    shell.store_rest()?;
    if end == plain::End::Left || session.phase() != Phase::Finished {
        writeln!(output, "The same command continues it.")?;
        return Ok(Exit::Fine);
    }
    for news in shell.score_running(session) {
        if let News::HandedIn(words) | News::Unsaved(words) = news {
            writeln!(output, "{words}")?;
        }
    }
    Ok(Exit::Fine)
}
