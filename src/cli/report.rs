//! `aethos report`: a session's report in the format asked for.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::{Exit, Failed};
use crate::report::{json, markdown, text};
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  aethos report\n  aethos report 20261122 --format json | jq .result.overall\n  \
                        aethos report -o report.md")]
pub struct Args {
    /// The session: its id or the beginning of it; the last finished one without it
    pub session: Option<String>,
    /// text, markdown or json; by the ending of FILE, else text
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write to this file, which must not exist yet
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Whose session
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Markdown,
    Json,
}

impl Args {
    fn format(&self) -> Format {
        let ending = self.output.as_deref().and_then(|path| path.extension()).and_then(|e| e.to_str());
        self.format.unwrap_or(match ending {
            Some("md" | "markdown") => Format::Markdown,
            Some("json") => Format::Json,
            _ => Format::Text,
        })
    }
}

pub fn run(args: &Args, shell: &mut Shell, out: &mut dyn Write) -> Result<Exit, Failed> {
    if let Some(name) = &args.person {
        shell.be_known(name).map_err(Failed::Usage)?;
    }
    let id = shell.find_session(args.session.as_deref()).map_err(Failed::Refused)?;
    let opened = shell.open_result(&id).map_err(|refused| Failed::Refused(refused.to_string()))?;
    let report = shell.report(&opened);
    let written = match args.format() {
        Format::Text => text(&report),
        Format::Markdown => markdown(&report),
        Format::Json => json(&report),
    };
    match &args.output {
        None => out.write_all(written.as_bytes())?,
        Some(path) => {
            let refused = |error: std::io::Error| Failed::Refused(format!("{}: {error}", path.display()));
            let mut file = std::fs::File::create_new(path).map_err(refused)?;
            file.write_all(written.as_bytes()).map_err(refused)?;
        }
    }
    Ok(Exit::Fine)
}
