//! `aethos mentor`: a session with one junior or several.

use std::path::PathBuf;

use super::assess::{is_path, named_decks};
use super::interactive::{self, Opening};
use super::{Exit, Failed};
use crate::core::form::{self, SEEDS};
use crate::core::id::CompetencyId;
use crate::session::meeting::Plan;
use crate::shell::{Folder, Shell, Wanted};
use crate::tui::effect::TimeChoice;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  aethos mentor meet Ada                    six questions with one person\n  \
                  aethos mentor meet Ada Ben Cem Dua --deck fault-tolerance\n  aethos mentor --stage                     \
                  in a second window: what everybody may see"
)]
pub struct Args {
    /// Show only what everybody may see of the session that runs in another window; for a second monitor
    #[arg(long)]
    pub stage: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Begin a session; people who are not known are added
    Meet(Meet),
}

#[derive(Debug, clap::Args)]
pub struct Meet {
    /// Who comes
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,
    /// So many questions, shared out by weight; those that nobody there has seen come first
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=80))]
    pub questions: u8,
    /// So many open questions as well
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    pub written: u8,
    /// Ask only from this deck: a name such as data-consistency, or a file; may be given often
    #[arg(long = "deck", value_name = "DECK")]
    pub decks: Vec<String>,
    /// Draw the questions from this number instead of chance
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..SEEDS))]
    pub seed: Option<u64>,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    match &args.command {
        _ if args.stage => interactive::window(),
        Some(Command::Meet(args)) => meet(args),
        None => {
            Err(Failed::Usage("who comes? `aethos mentor meet NAME...` begins a session with these people".to_owned()))
        }
    }
}

fn meet(args: &Meet) -> Result<Exit, Failed> {
    if !interactive::is_possible() {
        return Err(Failed::Usage("a mentor session is held on a terminal, and this is none".to_owned()));
    }
    let folder = Folder::find()?;
    let settings = folder.settings()?;
    let (paths, names): (Vec<&String>, Vec<&String>) = args.decks.iter().partition(|deck| is_path(deck));
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let mut shell = Shell::open(folder, settings, &paths)?;
    let decks = named_decks(&shell, &paths, &names)?;
    let named: Vec<CompetencyId> =
        decks.iter().filter_map(|id| shell.library.deck(id)).map(|loaded| loaded.deck.competency.clone()).collect();
    let wanted = Wanted {
        competencies: form::cells(&shell.library.outline.blueprint, &named),
        size: usize::from(args.questions),
        written: usize::from(args.written),
        time: TimeChoice::Untimed,
        ratings: Default::default(),
        form: None,
        seed: args.seed,
        decks,
        adaptive: false,
    };
    let people = shell.people_named(&args.names)?;
    let questions = shell.propose(&people, &wanted).map_err(|refused| Failed::Usage(refused.to_string()))?;
    interactive::run(shell, Opening::Meeting(Box::new(Plan { people, questions })))
}
