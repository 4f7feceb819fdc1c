//! `aethos join`: joins a mentor session on this machine.

use std::path::PathBuf;

use super::{Exit, Failed, interactive};
use crate::shell::room::Invitation;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos join                 the session that is open on this machine\n  ssh -t \
                  devbox aethos join\n  aethos join --as mina       on an account that several people share"
)]
pub struct Args {
    /// Your name, on an account that several people share
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,
    /// The login of your mentor, if several sessions are open
    #[arg(long, value_name = "LOGIN", conflicts_with = "at")]
    with: Option<String>,
    /// The folder that your mentor chose for the session
    #[arg(long, value_name = "FOLDER")]
    at: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Exit, Failed> {
    interactive::join(Invitation {
        folder: args.at.clone(),
        mentor: args.with.clone(),
        name: args.name.clone(),
    })
}
