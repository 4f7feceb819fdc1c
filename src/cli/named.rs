//! The decks that a command names: decks of the library by name, others as files and folders.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use super::Failed;
use crate::core::blueprint::{Blueprint, Competency};
use crate::core::form;
use crate::core::id::{CompetencyId, DeckId};
use crate::deck::diagnostic::{nearest, quoted};
use crate::deck::load::Library;
use crate::shell::Workspace;

/// The maximum number of decks listed when a name is unknown.
const LISTED: usize = 20;

pub struct Named<'a> {
    pub paths: Vec<PathBuf>,
    names: Vec<Cow<'a, str>>,
}

impl<'a> Named<'a> {
    pub fn of(decks: &'a [OsString]) -> Self {
        let (paths, names): (Vec<&OsString>, Vec<&OsString>) =
            decks.iter().partition(|deck| is_path(deck));
        Self {
            paths: paths.into_iter().map(PathBuf::from).collect(),
            names: names
                .into_iter()
                .map(|name| name.to_string_lossy())
                .collect(),
        }
    }

    /// Returns their ids in the library that was opened with the paths, or an empty list for all decks.
    ///
    /// # Errors
    /// A file that cannot be read, or a name that no deck has.
    pub fn decks(&self, library: &Library) -> Result<Vec<DeckId>, Failed> {
        if let Some(problem) = &library.refused {
            let help = problem.help.as_ref();
            let help = help.map_or(String::new(), |help| format!(": {}", help.line()));
            return Err(Failed::Usage(format!(
                "{}  {}{help}",
                problem.place(),
                problem.message.line()
            )));
        }
        let mut decks = Vec::new();
        for name in &self.names {
            let id = DeckId::new(name);
            if library.deck(&id).is_none() {
                let known = || library.decks.iter().map(|loaded| loaded.deck.id.as_str());
                let some = || known().take(LISTED).collect::<Vec<_>>().join(", ");
                let hint = match nearest(name, known()) {
                    Some(near) => format!("did you mean {near}?"),
                    None if library.decks.len() > LISTED => {
                        format!("known decks: {}; `aethos decks` lists all", some())
                    }
                    None => format!("known decks: {}", some()),
                };
                return Err(Failed::Usage(format!("unknown deck {name:?}: {hint}")));
            }
            decks.push(id);
        }
        // Decks given as files come first in the library.
        decks.extend(
            library
                .decks
                .iter()
                .filter(|d| d.is_under(&self.paths))
                .map(|loaded| loaded.deck.id.clone()),
        );
        Ok(decks)
    }
}

fn is_path(deck: &OsStr) -> bool {
    let bytes = deck.as_encoded_bytes();
    let has_separator = bytes
        .iter()
        .any(|byte| *byte == b'/' || char::from(*byte) == MAIN_SEPARATOR);
    has_separator || bytes.ends_with(b".toml") || Path::new(deck).exists()
}

/// Returns the competencies of these decks, or all scored ones if the list is empty, with one bit per competency of the
/// blueprint.
pub fn competencies(decks: &[DeckId], workspace: &Workspace) -> u16 {
    let loaded = decks.iter().filter_map(|id| workspace.library.deck(id));
    let named: Vec<CompetencyId> = loaded
        .map(|loaded| loaded.deck.competency.clone())
        .collect();
    form::cells(&workspace.library.outline.blueprint, &named)
}

/// Returns the competency with this id. The error suggests a similar id, or lists all of them.
pub fn competency<'a>(name: &str, blueprint: &'a Blueprint) -> Result<&'a Competency, Failed> {
    blueprint
        .competency(&CompetencyId::new(name))
        .ok_or_else(|| {
            let known = || {
                blueprint
                    .competencies
                    .iter()
                    .map(|competency| competency.id.as_str())
            };
            let hint = match nearest(name, known()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("use one of {}", known().collect::<Vec<_>>().join(", ")),
            };
            Failed::usage(format!("unknown competency {}: {hint}", quoted(name)))
        })
}
