//! `aethos import`: converts questions in other formats to a draft deck.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::conversion::Summary;
use super::new::id_of;
use super::{Exit, Failed, OutputArgs, named};
use crate::core::blueprint::{Blueprint, Competency};
use crate::core::id::FacetId;
use crate::core::text::Text;
use crate::deck::diagnostic::{nearest, quoted};
use crate::deck::outline::Outline;
use crate::deck::source::{display_path, open_regular};
use crate::exchange::{self, Draft, ProblemKind, deck};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// The competency of a deck if none is named. It has no weight in the score.
const UNSORTED: &str = "role";

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  aethos import raft.gift -o raft.toml\n  aethos import questions.csv -o mine.toml \
                  --competency data-consistency --facet consensus-paxos-raft\n  aethos import *.txt -o quiz.toml --json\n\n\
                  The deck is a draft: practise it at once, and complete what `aethos check` lists before an assessment \
                  asks from it."
)]
pub struct Args {
    /// Files with questions in GIFT, Aiken or CSV, or with Anki notes as text
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// The deck to write, such as mine.toml; it must not exist unless --force is given
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub output: PathBuf,
    /// Replace the deck if it exists
    #[arg(long)]
    pub force: bool,
    /// The format of the files; default: recognized by name and content
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The competency of the deck; default: role, which has no part in the score
    #[arg(long, value_name = "COMPETENCY")]
    pub competency: Option<String>,
    /// The facet of questions that name none; default: the first of the competency
    #[arg(long, value_name = "FACET")]
    pub facet: Option<String>,
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Gift,
    Aiken,
    /// A table with a header
    Csv,
    /// Notes in plain text, which become cards
    Anki,
}

impl From<Format> for exchange::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Gift => exchange::Format::Gift,
            Format::Aiken => exchange::Format::Aiken,
            Format::Csv => exchange::Format::Csv,
            Format::Anki => exchange::Format::Anki,
        }
    }
}

/// Converts the files and writes the deck. Fails if a question or a file was refused.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failed> {
    let path = match args.output.extension() {
        None => args.output.with_extension("toml"),
        Some(_) => args.output.clone(),
    };
    let id = id_of(&path).ok_or_else(|| {
        let name = quoted(&path.to_string_lossy());
        Failed::usage(format!(
            "{name} can't be the name of a deck: use lowercase letters, digits and `-`, such as my-team.toml"
        ))
    })?;
    let head = head(args, id)?;
    let (mut drafts, mut summary) = (Vec::new(), Summary::new("file"));
    for file in &args.files {
        read(file, args.format, &mut drafts, &mut summary);
    }
    let is_written = !drafts.is_empty();
    if is_written {
        let output = OutputArgs {
            output: Some(path.clone()),
            force: args.force,
        };
        output.write(&deck::write(&head, &drafts), &mut io::sink())?;
    }
    let deck = is_written.then(|| display_path(&path).line());
    if args.json {
        let mut json = summary.json();
        json["deck"] = json!(deck);
        writeln!(out, "{json:#}")?;
    } else {
        summary.print(out)?;
        match deck {
            Some(deck) if !deck::is_draft(&drafts) => writeln!(
                out,
                "{deck} was written. Practise its cards with `aethos practice {deck}`."
            )?,
            Some(deck) => writeln!(
                out,
                "{deck} was written. It is a draft: practise it with `aethos practice {deck}`; `aethos check {deck}` lists \
                 what is missing."
            )?,
            None => writeln!(
                out,
                "No deck was written, because there is no question to put into it."
            )?,
        }
    }
    Ok(
        match is_written && summary.count(ProblemKind::Refused) == 0 {
            true => Exit::Fine,
            false => Exit::Failed,
        },
    )
}

/// Reads the questions of a file into `drafts`.
fn read(path: &Path, format: Option<Format>, drafts: &mut Vec<Draft>, summary: &mut Summary) {
    let file = display_path(path).line();
    let imported = text_of(path).and_then(|decoded| {
        let format = match format {
            Some(format) => format.into(),
            None => exchange::Format::detect(&decoded.text, &path.to_string_lossy())
                .map_err(|unknown| unknown.to_string())?,
        };
        let mut imported = format.read(&decoded.text);
        if let Some(note) = decoded.note {
            imported.note(0, note);
        }
        Ok(imported)
    });
    match imported {
        Ok(imported) => {
            summary.converted += imported.drafts.len();
            summary.with_loss += imported.with_loss;
            drafts.extend(imported.drafts);
            for problem in imported.problems {
                summary.problems.push((file.clone(), problem));
            }
        }
        Err(why) => summary.refuse(file, why),
    }
}

/// Reads and decodes a file.
fn text_of(path: &Path) -> Result<exchange::Decoded, String> {
    let unreadable =
        |error: io::Error| format!("it can't be read: {}", Text::new(&error.to_string()).line());
    let (file, metadata) = open_regular(path).map_err(unreadable)?;
    if metadata.len() > MAX_FILE_BYTES {
        return Err("it is over 64 MB: split it".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    exchange::decode(&bytes, &path.to_string_lossy()).map_err(|error| error.to_string())
}

/// Returns the head of the deck, with the competency and the facet that were named.
fn head(args: &Args, id: String) -> Result<deck::Head, Failed> {
    let outline = Outline::builtin();
    let blueprint = &outline.blueprint;
    let competency = competency(args, blueprint)?;
    let allowed: BTreeSet<String> = blueprint
        .competencies
        .iter()
        .filter(|other| !competency.is_scored() || other.id == competency.id)
        .flat_map(|other| other.facets.iter().map(|facet| facet.id.to_string()))
        .collect();
    let facet = match &args.facet {
        Some(facet) if allowed.contains(facet) => facet.clone(),
        Some(facet) => {
            let hint = nearest(facet, allowed.iter().map(String::as_str));
            let hint = hint.map_or_else(
                || "`aethos decks --facets` lists them".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            let name = quoted(facet);
            return Err(Failed::usage(format!(
                "{} has no facet {name}: {hint}",
                competency.id
            )));
        }
        None => competency
            .facets
            .first()
            .map(|facet| facet.id.to_string())
            .unwrap_or_default(),
    };
    Ok(deck::Head {
        title: id.replace('-', " "),
        id,
        competency: competency.id.to_string(),
        facet,
        facets: allowed,
    })
}

/// Returns the competency that was named, or else that of the facet.
fn competency<'a>(args: &Args, blueprint: &'a Blueprint) -> Result<&'a Competency, Failed> {
    let of_facet = args
        .facet
        .as_ref()
        .and_then(|facet| blueprint.facet(&FacetId::new(facet)));
    let name = match (&args.competency, of_facet) {
        (Some(name), _) => name.as_str(),
        (None, Some((competency, _))) => return Ok(competency),
        (None, None) => UNSORTED,
    };
    named::competency(name, blueprint)
}
