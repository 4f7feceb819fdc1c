//! `aethos practice`: asks due, weak and new questions, on the screen or as a line dialogue.

use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use super::complete;
use super::dialogue::dialogue;
use super::interactive::{self, Opening};
use super::named::Named;
use super::{Exit, Failed, drill, progress};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos practice\n  aethos practice --only sure-wrong\n  aethos \
                  practice data-consistency --minutes 10\n  aethos practice --interview \
                  2026-12-15\n  aethos practice mine.toml --plain\n\nEach answer is explained at \
                  once; questions you miss come back a few questions later, and again some days \
                  later."
)]
pub struct Args {
    /// Decks to use: names such as data-consistency, files or folders; default: all
    #[arg(add = ArgValueCompleter::new(complete::decks))]
    pub decks: Vec<std::ffi::OsString>,
    #[command(flatten)]
    pub what: drill::DrillArgs,
    /// Length in minutes; you can always finish the current question
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub minutes: Option<u32>,
    /// The person who practises; an unknown name is added
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    pub person: Option<String>,
    /// Plain lines of text instead of screens: for screen readers, pipes and tests
    #[arg(long)]
    pub plain: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    let plain = args.plain || !interactive::is_possible();
    let named = Named::of(&args.decks);
    let mut workspace = if args.what.progress {
        super::past_workspace(&named.paths)?
    } else {
        super::workspace(&named.paths)?
    };
    match &args.person {
        Some(name) if args.what.progress => {
            workspace
                .switch_to_known_person(name)
                .map_err(Failed::usage)?;
        }
        Some(name) => workspace.switch_person(name)?,
        None => {}
    }
    if let Some(date) = &args.what.interview {
        drill::keep_interview(date, &mut workspace)?;
    }
    if args.what.progress {
        let run = |workspace: &mut _| progress::run(workspace, &mut std::io::stdout().lock());
        return super::reading(&mut workspace, run);
    }
    let decks = named.decks(&workspace.library)?;
    let drill = drill::drill(
        args.what.only.as_deref(),
        &workspace.library.outline.blueprint,
    )?;
    let minutes = args
        .minutes
        .unwrap_or(workspace.settings.minutes_per_day.get());
    if plain {
        let mut shell = Shell::new(workspace);
        let started = shell.practise(&drill, minutes, &decks)?;
        return dialogue(shell, started);
    }
    // With a drill or a duration on the command line, practice starts at once.
    let is_said = args.what.only.is_some() || args.minutes.is_some() || !decks.is_empty();
    let opening = if is_said {
        Opening::Practice {
            drill,
            minutes,
            decks,
        }
    } else {
        Opening::Agenda(minutes)
    };
    interactive::run(workspace, opening)
}
