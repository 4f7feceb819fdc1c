//! `aethos mentor`: people, sessions with them, and looking back.

use std::io;

use super::{Exit, Failed, people};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos mentor                      the people, on the screen\n  aethos mentor add Mina\n  \
                  aethos mentor handout --person Mina --questions 6 > mina.md\n  aethos mentor export Mina -o mina.md\n  \
                  aethos mentor forget Mina --erase"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    #[command(flatten)]
    People(people::Command),
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    match &args.command {
        None => people::roster(),
        Some(Command::People(command)) => people::run(command, &mut super::shell()?, &mut io::stdout().lock()),
    }
}
