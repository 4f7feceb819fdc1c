//! `aethos practice`: on the screen, or as a line dialogue.

use std::path::PathBuf;

use super::assess::{dialogue, is_path, named_decks};
use super::interactive::{self, Opening};
use super::{Exit, Failed};
use crate::core::practice::Drill;
use crate::shell::{Folder, Shell};
use crate::tui::effect::MINUTES;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  aethos practice\n  aethos practice data-consistency --minutes 10\n  \
                  aethos practice mine.toml --plain\n\nEach answer is explained at once; what was wrong comes back \
                  a few questions later.")]
pub struct Args {
    /// Decks to ask from: names such as data-consistency, or files and folders; all without any
    pub decks: Vec<String>,
    /// About so long; the question on the screen is always finished
    #[arg(long, value_name = "N", default_value_t = MINUTES, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub minutes: u32,
    /// Who practises; a new name is a new person
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// A line dialogue instead of the screen: for screen readers, pipes and tests
    #[arg(long)]
    pub plain: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    let plain = args.plain || !interactive::is_possible();
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let (paths, names): (Vec<&String>, Vec<&String>) = args.decks.iter().partition(|deck| is_path(deck));
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let mut shell = Shell::open(folder, settings, &paths)?;
    if let Some(name) = &args.person {
        shell.be(name)?;
    }
    let decks = named_decks(&shell, &paths, &names)?;
    let (drill, minutes) = (Drill::Daily, args.minutes);
    if plain {
        let started = shell.practise(&drill, minutes, &decks);
        return dialogue(shell, started.map_err(|refused| Failed::Usage(refused.to_string()))?);
    }
    interactive::run(shell, Opening::Practice { drill, minutes, decks })
}
