//! `aethos rescore`: computes results again after a key was corrected or a question was withdrawn.

use std::io::{self, Write};
use std::path::PathBuf;

use clap_complete::engine::ArgValueCandidates;

use super::{Exit, Failed, complete};
use crate::core::text::Text;
use crate::shell::{Rescored, Workspace};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos rescore --dry-run          what corrected decks would change\n  aethos rescore\n  \
                  aethos rescore 20261122 --deck mine.toml\n\nAnswers are never changed, and the old score stays visible \
                  beside the new one."
)]
pub struct Args {
    /// The sessions: their ids or the starts of them; default: all finished assessments
    #[arg(value_name = "SESSION", add = ArgValueCandidates::new(complete::sessions))]
    pub sessions: Vec<String>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// A deck outside the data folder with corrections; can be repeated
    #[arg(long = "deck", value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    pub decks: Vec<PathBuf>,
    /// The person whose sessions are meant
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::people))]
    pub person: Option<String>,
}

pub fn run(args: &Args, workspace: &mut Workspace, out: &mut dyn Write) -> Result<Exit, Failed> {
    if let Some(name) = &args.person {
        let known = workspace.switch_to_known_person(name);
        known.map_err(Failed::usage)?;
    }
    let (rescored, problems) = workspace.rescore_corrected(&args.sessions, args.dry_run)?;
    for one in &rescored {
        writeln!(out, "{}", line(one))?;
        for (title, before, after) in &one.competencies {
            writeln!(out, "    {title}: {} -> {}", score(*before), score(*after))?;
        }
        for reason in &one.reasons {
            writeln!(out, "    {}", Text::new(reason).line())?;
        }
    }
    match (rescored.len(), args.dry_run) {
        (0, _) => writeln!(out, "Every result agrees with the decks.")?,
        (1, false) => writeln!(
            out,
            "1 session was scored again; `aethos history` shows both scores."
        )?,
        (n, false) => writeln!(
            out,
            "{n} sessions were scored again; `aethos history` shows both scores."
        )?,
        (n, true) => writeln!(
            out,
            "Nothing was changed; without --dry-run, {n} would be scored again."
        )?,
    }
    for problem in &problems {
        writeln!(io::stderr(), "aethos: {}", Text::new(problem).line())?;
    }
    Ok(Exit::Fine)
}

/// Formats a session: `20261129-112844-10253  29 Nov 2026  overall: 62, plausibly 44 to 78 -> 66, plausibly 48 to 81`
fn line(one: &Rescored) -> String {
    let (before, after) = (score(one.before), score(one.after));
    format!("{}  {}  overall: {before} -> {after}", one.session, one.day)
}

fn score(score: Option<(f64, f64, f64)>) -> String {
    match score {
        Some((score, low, high)) => format!("{score:.0}, plausibly {low:.0} to {high:.0}"),
        None => "no score".to_owned(),
    }
}
