//! `aethos export`: writes the questions of decks in formats of other programs.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;
use serde_json::json;

use super::conversion::Summary;
use super::named::Named;
use super::show::drawn;
use super::{Exit, Failed, OutputArgs, complete};
use crate::deck::load::Library;
use crate::deck::source::display_path;
use crate::exchange::export::Outgoing;
use crate::exchange::{self, ProblemKind};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos export my-team.toml -o my-team.gift\n  aethos export data-consistency --format anki \
                  -o consistency.txt\n  aethos export my-team.toml -o my-team.csv --json"
)]
pub struct Args {
    /// Decks by name, or their files
    #[arg(required = true, value_name = "DECK", add = ArgValueCompleter::new(complete::decks))]
    pub decks: Vec<OsString>,
    /// The file to write, such as my-team.gift; it must not exist unless --force is given
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
    /// The format; default: by the name of the file, .gift or .csv
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Moodle's text format
    Gift,
    /// Questions with one right option
    Aiken,
    /// Notes for Anki's import of text files
    Anki,
    /// A table with a header, for spreadsheets
    Csv,
}

impl Format {
    fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "gift" => Some(Format::Gift),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

impl From<Format> for exchange::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Gift => exchange::Format::Gift,
            Format::Aiken => exchange::Format::Aiken,
            Format::Anki => exchange::Format::Anki,
            Format::Csv => exchange::Format::Csv,
        }
    }
}

/// Writes the file, and fails if a question could not be written. `data` is the user's data folder.
pub fn run(args: &Args, data: Option<&Path>, out: &mut dyn Write) -> Result<Exit, Failed> {
    let format = args.format.or_else(|| Format::of_name(&args.output));
    let Some(format) = format else {
        let file = display_path(&args.output);
        return Err(Failed::Usage(format!(
            "the name {file} tells no format: add --format gift, aiken, anki or csv"
        )));
    };
    let named = Named::of(&args.decks);
    let library = Library::load(&named.paths, data);
    let mut summary = Summary::new("question");
    let questions = questions(&named, &library, &mut summary)?;
    let exported = exchange::Format::from(format).write(&questions);
    summary.converted = exported.written;
    summary.with_loss = exported.with_loss;
    summary.problems.extend(exported.problems);
    let is_written = exported.written > 0;
    if is_written {
        let output = OutputArgs {
            output: Some(args.output.clone()),
            force: args.force,
        };
        output.write(&exported.text, &mut io::sink())?;
    }
    let file = display_path(&args.output).line();
    if args.json {
        let mut json = summary.json();
        json["file"] = json!(is_written.then_some(file));
        writeln!(out, "{json:#}")?;
    } else {
        summary.print(out)?;
        match is_written {
            true => writeln!(out, "{file} was written.")?,
            false => writeln!(
                out,
                "No file was written, because there is no question to put into it."
            )?,
        }
    }
    let is_whole = is_written && summary.count(ProblemKind::Refused) == 0;
    Ok(if is_whole { Exit::Fine } else { Exit::Failed })
}

/// Returns the questions of the named decks in their order; those that can't be read are refused.
fn questions(
    named: &Named,
    library: &Library,
    summary: &mut Summary,
) -> Result<Vec<Outgoing>, Failed> {
    let mut questions = Vec::new();
    for id in named.decks(library)? {
        let Some(loaded) = library.deck(&id) else {
            continue;
        };
        let deck = &loaded.deck;
        for entry in &deck.entries {
            match drawn(loaded, entry.id.as_str(), 0) {
                Ok((item, question)) => questions.push(Outgoing::of(
                    &question,
                    &item,
                    &deck.title.line(),
                    &deck.competency,
                )),
                Err(failed) => {
                    summary.refuse(format!("{}/{}", deck.id, entry.id), failed.to_string());
                }
            }
        }
    }
    Ok(questions)
}
