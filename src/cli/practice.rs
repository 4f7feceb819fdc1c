//! `aethos practice`: what is due, weak and new.

use super::interactive::{self, Opening};
use super::{Exit, Failed, drill, progress};
use crate::shell::{Folder, Shell};
use crate::tui::screen::agenda::USUAL;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub what: drill::What,
    /// How long to practise
    #[arg(long, value_name = "N", default_value_t = USUAL, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub minutes: u32,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let mut shell = Shell::open(folder, settings, &[])?;
    if let Some(date) = &args.what.interview {
        drill::keep_interview(date, &mut shell)?;
    }
    if args.what.progress {
        return progress::run(&shell, &mut std::io::stdout().lock());
    }
    let drill = drill::drill(args.what.only.as_deref(), &shell.library.outline.blueprint)?;
    if !interactive::is_possible() {
        return Err(Failed::Usage("this is no terminal to draw on".to_owned()));
    }
    let opening = match args.what.only {
        Some(_) => Opening::Practice(drill, args.minutes),
        None => Opening::Agenda(args.minutes),
    };
    interactive::run(shell, opening)
}
