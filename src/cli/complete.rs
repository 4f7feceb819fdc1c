//! Candidates for shell completions: decks, facets, sessions and people.

use std::ffi::OsStr;
use std::io::Write;

use clap_complete::Shell;
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;

use super::drill::WORDS;
use super::{Exit, Failed};
use crate::core::id::PersonId;
use crate::core::text::Text;
use crate::deck::load::Library;
use crate::shell::Folder;
use crate::store::Store;

/// The maximum number of sessions offered.
const SESSIONS: u32 = 50;

/// Prints the script that lets a shell ask this program for completions.
pub fn script(shell: Shell, out: &mut dyn Write) -> Result<Exit, Failed> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let completer = shells.completer(&shell.to_string());
    let completer = completer.ok_or_else(|| Failed::usage("unknown shell"))?;
    completer.write_registration("COMPLETE", "aethos", "aethos", "aethos", &mut script)?;
    out.write_all(&script)?;
    Ok(Exit::Fine)
}

fn candidate(id: impl AsRef<str>, help: &str) -> CompletionCandidate {
    let help = (!help.is_empty()).then(|| help.to_owned().into());
    CompletionCandidate::new(id.as_ref().to_owned()).help(help)
}

fn library() -> Library {
    Library::load(&[], Folder::find().ok().as_ref().map(Folder::path))
}

/// Opens the history, if there is one; completing a command line never creates it.
fn store() -> Option<Store> {
    let history = Folder::find().ok()?.history();
    history.exists().then(|| Store::open(&history).ok())?
}

/// Returns the decks, and the files and folders that start like `current`.
pub fn decks(current: &OsStr) -> Vec<CompletionCandidate> {
    let library = library();
    let decks = library.decks.iter().map(|loaded| &loaded.deck);
    let named = decks.map(|deck| candidate(deck.id.as_str(), &deck.title.line()));
    let start = current.to_string_lossy();
    let matching = named.filter(|deck| deck.get_value().to_string_lossy().starts_with(&*start));
    matching
        .chain(PathCompleter::any().complete(current))
        .collect()
}

/// Returns the competencies.
pub fn competencies() -> Vec<CompletionCandidate> {
    let blueprint = library().outline.blueprint;
    let competencies = blueprint.competencies.iter();
    competencies
        .map(|competency| candidate(competency.id.as_str(), &competency.title.line()))
        .collect()
}

/// Returns the sets of questions that practice can ask: special words, competencies and facets.
pub fn drills() -> Vec<CompletionCandidate> {
    let blueprint = library().outline.blueprint;
    let facets = blueprint.competencies.iter().flat_map(|c| &c.facets);
    let facets = facets.map(|facet| candidate(facet.id.as_str(), &facet.title.line()));
    let words = WORDS.iter().map(|word| candidate(word, ""));
    words.chain(competencies()).chain(facets).collect()
}

/// Returns the past sessions.
pub fn sessions() -> Vec<CompletionCandidate> {
    let past = store().and_then(|store| store.past(PersonId::YOU, 0, SESSIONS).ok());
    let past = past.unwrap_or_default().into_iter();
    past.map(|row| candidate(row.id.as_str(), row.mode.word()))
        .collect()
}

/// Returns the people in the history.
pub fn people() -> Vec<CompletionCandidate> {
    let people = store().and_then(|store| store.people().ok());
    let names = people.unwrap_or_default().into_iter();
    names
        .map(|person| candidate(Text::line(&person.name), ""))
        .collect()
}
